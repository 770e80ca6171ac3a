package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/exec"
	"fundtrace/pipeline/identity"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
	"fundtrace/rules"
)

// statistical are the rules that promise a rate of false alarms.
var statistical = []*detect.Rule{rules.ExitBunching, rules.DataLastDigit, rules.DataBenford}

// The simulated county: incomes about the line of 2016, and transfers whose
// amounts follow Benford's law.
const (
	simTowns, simVillages, simHomes = 3, 4, 150
	simUnits, simAmounts            = 12, 400
	simLine                         = 2952
)

// simulate prints, over counties in which nothing is wrong, how many get any
// lead of a statistical rule, and how many do when a tenth of the villages and
// units are tampered with.
func simulate(counties int) error {
	p := policy.Builtin()
	for _, tampered := range []bool{false, true} {
		type tally struct{ counties, flagged, judged int }
		by := make([]tally, len(statistical))
		for n := range counties {
			set, err := invented(rand.New(rand.NewPCG(uint64(n), 99)), tampered)
			if err != nil {
				return err
			}
			set, _, err = identity.Resolve(set, p)
			if err != nil {
				return err
			}
			_, status, err := exec.Run(context.Background(), statistical, set, detect.Settings{Policy: p, AsOf: table.DayOf(2017, 12, 31)}, exec.Options{})
			if err != nil {
				return err
			}
			for i, s := range status {
				if s.Flagged > 0 {
					by[i].counties++
				}
				by[i].flagged += s.Flagged
				by[i].judged += s.Judged()
			}
		}
		what := "clean"
		if tampered {
			what = "one village and one unit tampered with"
		}
		fmt.Printf("%d counties, %s: share of counties with a lead, share of places or units flagged\n", counties, what)
		for i, r := range statistical {
			fmt.Printf("%-22s %6.2f%% %6.2f%% of %d\n", r.ID, percent(by[i].counties, counties, 0), percent(by[i].flagged, by[i].judged, 0), by[i].judged)
		}
	}
	return nil
}

// invented invents a county's incomes and transfers. Tampering lifts, in the first
// village, four in ten incomes just under the line over it and ends six in ten
// others in 0 or 5; and makes the first unit's amounts even between 900 and
// 1,000,000 yuan.
func invented(r *rand.Rand, tampered bool) (*table.Set, error) {
	m := table.NewBuilder(table.Member)
	row := 0
	for t := range simTowns {
		for v := range simVillages {
			for h := range simHomes {
				row++
				income := int64(math.Round(simLine + 700*r.NormFloat64()))
				if tampered && t == 0 && v == 0 {
					if income < simLine && income > simLine-400 && r.Float64() < 0.4 {
						income = simLine + r.Int64N(80)
					}
					if r.Float64() < 0.6 {
						income -= income % 5
					}
				}
				add := func(name string, x int64) { col := m.Ints(name); *col = append(*col, x) }
				add("_ref", int64(table.NewRef(0, row)))
				add("year", 2016)
				add("income_per_capita", max(income, 1)*100)
				m.Words("household_id").Append(fmt.Sprintf("%02d%02d%04d", t, v, h))
				m.Words("member_name").Append("某")
				m.Words("county").Append("甲县")
				m.Words("town").Append(fmt.Sprintf("%d镇", t))
				m.Words("village").Append(fmt.Sprintf("%d村", v))
			}
		}
	}
	f := table.NewBuilder(table.Flow)
	row = 0
	for u := range simUnits {
		for range simAmounts {
			row++
			yuan := math.Pow(10, 2+4*r.Float64()) // four whole decades, evenly in the logarithm
			if tampered && u == 0 {
				yuan = 900 + 999_100*r.Float64()
			}
			add := func(name string, x int64) { col := f.Ints(name); *col = append(*col, x) }
			add("_ref", int64(table.NewRef(1, row)))
			add("sent_amount", int64(yuan*100))
			add("sent_on", int64(table.DayOf(2017, 3, 1)))
			unit := fmt.Sprintf("甲县%d局", u)
			f.Words("from_unit").Append(unit)
			f.Words("_from").Append(unit)
			f.Words("to_unit").Append("乙")
			f.Words("_to").Append("乙")
		}
	}
	members, err := m.Build()
	if err != nil {
		return nil, err
	}
	flows, err := f.Build()
	if err != nil {
		return nil, err
	}
	return table.NewSet(members, flows), nil
}
