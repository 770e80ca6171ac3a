package rules

import (
	"fmt"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var (
	masseHouseholds = &detect.Param[int]{
		Name: "min_households", Default: 10,
		Doc: text("年初未脱贫户达到此数（含）的村才判断", "households of a village not yet out of poverty that make it judged, inclusive"),
	}
	masseVillages = &detect.Param[float64]{
		Name: "max_percent", Default: 20,
		Doc: text("全县其他可判断的村中当年同样整村同日脱贫的不超过此比例（%，含）才提示", "percent of the county's other villages that may do alike in the year, inclusive, for a lead to be made"),
	}
)

// ExitEnMasse flags villages all of whose poor households left the register on
// one day.
var ExitEnMasse = &detect.Rule{
	ID:     "exit-en-masse",
	Family: detect.Exit,
	Title:  text("批量脱贫", "whole village exits on one day"),
	Grade:  detect.E3,
	Doc: detect.Doc{
		Purpose: text("查找全村未脱贫户在同一天全部脱贫、而全县多数村并非如此的村。",
			"Finds villages all of whose households exit on one day, in a county where most villages do otherwise."),
		Steps: text(`1. 逐村逐年取年初未脱贫、当年在册的户，至少 min_households 户（含）才判断；脱贫户未填脱贫日期的不作判断，日期为某月1日的视为只填了月份，同样不作判断。
2. 这些户当年全部脱贫且脱贫日期为同一天的，为整村同日脱贫。
3. 同县至少另有一个可判断的村，且其他可判断的村中整村同日脱贫的不超过 max_percent%（含）时提示；超过的视为该县统一定日。`,
			`1. For each village and year: households on the register and not out of poverty before it; at least min_households (inclusive) are needed, and days of exit; the first of a month is taken for a month of which no day is known.
2. All of them out in that year and on one day: the whole village exits at once.
3. A lead where other villages of the county can be judged and at most max_percent of those (inclusive) do alike; else the county fixes one day for all.`),
		Formula: "∀户: 脱贫日期 = d ∧ 户数 ≥ min_households ∧ 同样的其他村 ÷ 可判断的其他村 ≤ max_percent%",
		Example: `石山村两户同日全部脱贫，大桥村只有一户。
-- policy.yaml --
rules:
  exit-en-masse: {min_households: 2}
-- household.csv --
household_id,member_name,county,town,village,year,exit_year,exited_on,want
H1,谭小湾,甲县,大河镇,石山村,2016,2016,2016-12-20,E3 甲县/大河镇/石山村 0.00 石山村.*2户.*2016年12月20日
H2,梁小桥,甲县,大河镇,石山村,2016,2016,2016-12-20,
H3,石小坪,甲县,大河镇,大桥村,2016,2016,2016-12-20,
H4,莫大田,甲县,大河镇,大桥村,2016,,,
`,
		Why:         text("逐户评议、公示、签字很难恰好同日全部通过，整村同日脱贫可能没有走程序。", "Appraisal, posting and signature house by house hardly end on one day without a refusal."),
		Exclusions:  text("全县统一填同一天的不计；户数少的、日期只到月的村不作判断。", "Not counted where the county writes one day for all; small villages and those that give months only are not judged."),
		FalseAlarms: text("脱贫日期按批复日期统一填写；剩余户很少的整村出列。", "The day of the county's approval was written for all; the last few households of a village."),
		Verify:      text("查民主评议会议记录、公示照片和农户签字日期；抽问几户是否知道、是否同意退出。", "See the minutes, posted lists and signatures with their days; ask some households whether they knew and agreed."),
		Control:     text("退出应逐户入户核查、逐户签字确认，乡镇抽查。", "Each household should be visited and sign; the town should check samples."),
	},
	Basis:  []detect.Basis{basisExit},
	By:     []table.Key{table.County},
	Needs:  []string{"household"},
	Reads:  homeReads,
	Params: []detect.Parameter{masseHouseholds, masseVillages},
	Check:  checkExitEnMasse,
}

// A cohort is a village's households on the register and not out of poverty at
// the beginning of a year.
type cohort struct {
	village string
	year    int
	homes   []*home
	undated bool // an exit without a day
	stayed  bool // a household that did not exit
	days    []table.Day
}

// whole tells whether all of a cohort left on one day.
func (c *cohort) whole() bool { return !c.stayed && len(c.days) == 1 }

func checkExitEnMasse(p *detect.Pass) error {
	hs := homes.Of(p)
	if len(hs) == 0 {
		p.NotApplicable(noHomes)
		return nil
	}
	type place struct {
		village string
		year    int
	}
	of := map[place]*cohort{}
	var all []*cohort
	for i := range hs {
		h := &hs[i]
		if h.village == "" || h.exit != 0 && h.exit < h.year {
			continue
		}
		k := place{h.village, h.year}
		c := of[k]
		if c == nil {
			c = &cohort{village: h.village, year: h.year}
			of[k], all = c, append(all, c)
		}
		c.homes = append(c.homes, h)
		switch {
		case h.exit != h.year:
			c.stayed = true
		case !dayKnown(h.exitedOn):
			c.undated = true
		case !slices.Contains(c.days, h.exitedOn):
			c.days = append(c.days, h.exitedOn)
		}
	}
	judged, alike := map[int]int{}, map[int]int{}
	for _, c := range all {
		if len(c.homes) >= masseHouseholds.Of(p) && !c.undated {
			judged[c.year]++
			if c.whole() {
				alike[c.year]++
			}
		}
	}
	v := p.View(table.Member)
	for _, village := range villagesOf(all) {
		p.On("village", village)
		reason := text("未脱贫户太少", "too few households not yet out of poverty")
		for _, c := range all {
			switch {
			case c.village != village || len(c.homes) < masseHouseholds.Of(p):
				continue
			case c.undated:
				reason = text("脱贫户未填脱贫日期", "exits without a day")
				continue
			case judged[c.year] == 1:
				reason = text("同县无可比较的村", "no other village of the county to compare with")
				continue
			}
			reason = detect.Text{}
			others, same := judged[c.year]-1, alike[c.year]-1
			if !c.whole() || float64(100*same) > masseVillages.Of(p)*float64(others) {
				continue
			}
			day, name := date(c.days[0]), placeName(c.village)
			p.Report(detect.Lead{
				Period: table.YearOf(c.year).String(),
				Summary: text(
					fmt.Sprintf("%s当年未脱贫的%d户全部在%s脱贫，无一户缓退；全县可比的其他%d个村中有%d个如此，建议核实评议和公示过程。", name, len(c.homes), day.Zh, others, same),
					fmt.Sprintf("All %d households of %s still on the register left it on %s; %d of %d other comparable villages of the county did so; the appraisal to be checked.", len(c.homes), name, day.En, same, others)),
				Facts: []detect.Fact{
					fact("户数", "households", fmt.Sprint(len(c.homes))),
					fact("脱贫日期", "day of exit", c.days[0].String()),
					fact("全县其他可比村数", "other comparable villages", fmt.Sprint(others)),
					fact("其中整村同日脱贫", "of them whole on one day", fmt.Sprint(same)),
				},
				Evidence: placeEvidence(v, c.homes),
			})
		}
		if reason != (detect.Text{}) {
			p.NotApplicable(reason)
		}
	}
	return nil
}

// dayKnown reports whether a day of exit is one: not absent, and not the first of
// a month, as which sheets and spreadsheets write a month alone.
func dayKnown(d table.Day) bool {
	_, _, day := d.Date()
	return d != 0 && day != 1
}

// villagesOf returns the villages of cohorts, in order.
func villagesOf(all []*cohort) []string {
	var out []string
	for _, c := range all {
		out = append(out, c.village)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
