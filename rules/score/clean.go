package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"fundtrace/pipeline/chain"
	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/exec"
	"fundtrace/pipeline/identity"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
	"fundtrace/rules"
)

// statistical are the rules that promise a rate of false alarms.
var statistical = []*detect.Rule{
	rules.ExitBunching, rules.DataLastDigit, rules.DataBenford, rules.DataRound, rules.ProjRotating, rules.AccountSerial,
}

// The simulated county: incomes about the line of 2016, transfers whose amounts
// follow Benford's law, contracts that fall to firms at random with a tenth of
// the sums round, and accounts at random among some hundreds.
const (
	simTowns, simVillages, simHomes = 3, 4, 150
	simUnits, simAmounts            = 12, 400
	simContracts, simFirms          = 40, 4
	simAccounts, simRange           = 60, 600
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
			asOf := table.DayOf(2017, 12, 31)
			money, err := chain.Build(set, chain.Options{Policy: p, AsOf: asOf})
			if err != nil {
				return err
			}
			_, status, err := exec.Run(context.Background(), statistical, money.Tables, detect.Settings{Policy: p, AsOf: asOf}, exec.Options{})
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

// invented invents a county. Tampering lifts, in the first village, four in ten
// incomes just under the line over it and ends six in ten others in 0 or 5; lets
// the first unit's transfers begin with every two digits alike and half its
// contracts round, lets its firms take turns, and opens twelve of its accounts
// in a row.
func invented(r *rand.Rand, tampered bool) (*table.Set, error) {
	members, err := inventedMembers(r, tampered).Build()
	if err != nil {
		return nil, err
	}
	flows, err := inventedFlows(r, tampered).Build()
	if err != nil {
		return nil, err
	}
	works, err := inventedWorks(r, tampered).Build()
	if err != nil {
		return nil, err
	}
	payments, err := inventedPayments(r, tampered).Build()
	if err != nil {
		return nil, err
	}
	return table.NewSet(members, flows, works, payments), nil
}

// unitName names a unit of the simulated county.
func unitName(u int) string { return fmt.Sprintf("甲县%d局", u) }

// line begins a row of a table: _ref and whole numbers by column, then words.
func line(b *table.Builder, source, row int, numbers map[string]int64, words map[string]string) {
	*b.Ints("_ref") = append(*b.Ints("_ref"), int64(table.NewRef(source, row)))
	for name, x := range numbers {
		*b.Ints(name) = append(*b.Ints(name), x)
	}
	for name, s := range words {
		b.Words(name).Append(s)
	}
}

func inventedMembers(r *rand.Rand, tampered bool) *table.Builder {
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
				line(m, 0, row, map[string]int64{"year": 2016, "income_per_capita": max(income, 1) * 100}, map[string]string{
					"household_id": fmt.Sprintf("%02d%02d%04d", t, v, h), "member_name": "某",
					"county": "甲县", "town": fmt.Sprintf("%d镇", t), "village": fmt.Sprintf("%d村", v),
				})
			}
		}
	}
	return m
}

func inventedFlows(r *rand.Rand, tampered bool) *table.Builder {
	f := table.NewBuilder(table.Flow)
	row := 0
	for u := range simUnits {
		for range simAmounts {
			row++
			yuan := math.Pow(10, 2+4*r.Float64()) // four whole decades, evenly in the logarithm
			if tampered && u == 0 {
				yuan = (10 + 90*r.Float64()) * math.Pow(10, float64(1+r.IntN(4)))
			}
			line(f, 1, row, map[string]int64{"sent_amount": int64(yuan * 100), "sent_on": int64(table.DayOf(2017, 3, 1))},
				map[string]string{"from_unit": unitName(u), "to_unit": "乙单位"})
		}
	}
	return f
}

func inventedWorks(r *rand.Rand, tampered bool) *table.Builder {
	w := table.NewBuilder(table.Works)
	row := 0
	for u := range simUnits {
		for i := range simContracts {
			row++
			firm := r.IntN(simFirms)
			fen := int64(math.Pow(10, 6+r.Float64()*2))
			round := 0.1
			if tampered && u == 0 {
				firm, round = i%simFirms, 0.5
			}
			if r.Float64() < round {
				fen -= fen % 1000_00
			}
			line(w, 2, row, map[string]int64{"contract_amount": fen, "approved_on": int64(table.DayOf(2017, 1, 1)) + int64(i)}, map[string]string{
				"project_id": fmt.Sprintf("P%d", row), "name": "屯级道路", "unit": unitName(u), "contractor": fmt.Sprintf("%d建筑公司", firm),
			})
		}
	}
	return w
}

func inventedPayments(r *rand.Rand, tampered bool) *table.Builder {
	b := table.NewBuilder(table.Payment)
	row := 0
	for u := range simUnits {
		for i, serial := range r.Perm(simRange)[:simAccounts] {
			row++
			if tampered && u == 0 && i < 12 {
				serial = simRange + i
			}
			line(b, 3, row, map[string]int64{"amount": 200_00, "pay_date": int64(table.DayOf(2017, 3, 15))}, map[string]string{
				"beneficiary_name": fmt.Sprintf("某%d", row), "program": "农村低保", "period": "2017-03",
				"account": fmt.Sprintf("62170001%02d%07d", u, serial), "payer": fmt.Sprintf("甲县%d所", u),
			})
		}
	}
	return b
}
