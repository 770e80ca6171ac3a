package rules

import (
	"fmt"
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var reversalYears = &detect.Param[int]{
	Name: "within_years", Default: 3,
	Doc: text("两次脱贫相隔不超过此年数（含）", "years between the two exits, inclusive"),
}

// ExitReversal flags households that left poverty, came back and left again,
// or whose exports give different years of exit.
var ExitReversal = &detect.Rule{
	ID:     "exit-reversal",
	Family: detect.Exit,
	Title:  text("脱贫反复", "exit, return, exit"),
	Grade:  detect.E2,
	Doc: detect.Doc{
		Purpose: text("查找短期内脱贫、返贫又脱贫，或各年度导出表脱贫年度不一致的户。",
			"Finds households that exit, return and exit within a few years, or whose year of exit differs between the years' exports."),
		Steps: text(`1. 按年度排列户的记录，取各年记录填写的脱贫年度；状态为返贫、或在脱贫之后的年度又标为未脱贫的，记为返贫。
2. 两个不同脱贫年度之间有返贫记录且相隔不超过 within_years（含）的，为脱贫反复。
3. 两年的导出表填写的脱贫年度不同、其间没有返贫记录的，为前后不一（E0）。`,
			`1. The household's years in order with the year of exit that each export states; a status of return, or "not exited" in a year after an exit, is a return.
2. Two different years of exit with a return between, at most within_years apart (inclusive), are a reversal.
3. Different years of exit in two exports without a return between contradict each other (E0).`),
		Formula: "脱贫年度a ≠ 脱贫年度b ∧ （（其间返贫 ∧ b − a ≤ within_years） ∨ 其间无返贫）",
		Example: `2016 年脱贫，2017 年返贫，2018 年又脱贫。
-- household.csv --
household_id,member_name,member_id,relation,year,exit_year,status,want
H1,谭小湾,459901196101010633,户主,2016,2016,已脱贫,
H1,谭小湾,459901196101010633,户主,2017,,返贫,
H1,谭小湾,459901196101010633,户主,2018,2018,已脱贫,E2 H1 0.00 谭小湾户.*2016年.*返贫.*2018年
`,
		Why:         text("反复进出说明脱贫质量不高，或按年度任务调整名单；年度不一说明数据被改动。", "Going in and out shows weak exits or lists made to fit targets; different years show that data were changed."),
		Exclusions:  text("只有一年记录的不作判断；返贫后未再脱贫的不计。", "Households with one year of records are not judged; a return without a second exit is not counted."),
		FalseAlarms: text("因灾因病返贫后确又脱贫；系统清洗时统一更正脱贫年度。", "A true return by illness or disaster and a true second exit; the year corrected when the system was cleaned."),
		Verify:      text("查各年退出审批表、返贫认定材料和系统修改记录；询问返贫原因。", "See the exit forms of each year, the papers on the return and the system's log; ask why they fell back."),
		Control:     text("脱贫年度修改应有审批，系统留痕。", "A change of the year of exit should need approval and leave a trace."),
	},
	Basis:  []detect.Basis{basisExit},
	By:     []table.Key{table.Household},
	Needs:  []string{"household"},
	Reads:  slices.Concat(homeReads, []table.Column{memberName, memberRelation, memberStatus}),
	Params: []detect.Parameter{reversalYears},
	Check:  checkExitReversal,
}

func checkExitReversal(p *detect.Pass) error {
	v, hs := p.View(table.Member), homes.Of(p)
	if len(yearsOf(hs)) < 2 {
		p.NotApplicable(text("只有一年的记录", "records of one year only"))
		return nil
	}
	back := returns(v)
	var last *home // the latest year that states an exit
	for i := range hs {
		h := &hs[i]
		if h.exit == 0 {
			continue
		}
		if last == nil || last.exit == h.exit {
			last = h
			continue
		}
		returned := slices.ContainsFunc(back, func(year int) bool { return last.exit < year && year <= h.year && year <= h.exit })
		name, grade := headName(v), p.Rule.Grade
		lo, hi := min(last.exit, h.exit), max(last.exit, h.exit)
		summary := text(
			fmt.Sprintf("%s户标注%d年脱贫，其后返贫，%d年又标注脱贫，建议核实退出质量。", name, lo, hi),
			fmt.Sprintf("The household of %s is recorded as out of poverty in %d, back after, and out again in %d; the exits to be checked.", name, lo, hi))
		if !returned {
			grade = detect.E0
			summary = text(
				fmt.Sprintf("%s户的脱贫年度在%d年度表中为%d年，在%d年度表中为%d年，其间无返贫记录，建议核实以何者为准。", name, last.year, last.exit, h.year, h.exit),
				fmt.Sprintf("The year of exit of the household of %s is %d in the export of %d and %d in that of %d, without a return between; see which is right.", name, last.exit, last.year, h.exit, h.year))
		} else if hi-lo > reversalYears.Of(p) {
			last = h
			continue
		}
		p.Report(detect.Lead{
			Grade: grade, Period: table.YearOf(h.exit).String(), Item: fmt.Sprint(last.exit), Summary: summary,
			Facts: []detect.Fact{
				fact("前次脱贫年度", "first year of exit", fmt.Sprint(last.exit)),
				fact("其后脱贫年度", "later year of exit", fmt.Sprint(h.exit)),
				fact("返贫年度", "years of return", strings.Trim(fmt.Sprint(back), "[]")),
			},
			Evidence: homeEvidence(v, h, last),
		})
		last = h
	}
	return nil
}

// returns lists the years in which a household is recorded as poor again.
func returns(v table.View) []int {
	year, exit, status := memberYear.In(v), memberExitYear.In(v), memberStatus.In(v)
	first := 0 // year of the first exit
	for i := range v.Len() {
		if y := int(exit.Or(i, 0)); y > 0 && (first == 0 || y < first) {
			first = y
		}
	}
	var out []int
	for i := range v.Len() {
		y := int(year.Or(i, 0))
		again := strings.Contains(status[i], "返贫") || y > first && first > 0 && strings.Contains(status[i], "未脱贫")
		if again && y > 0 && !slices.Contains(out, y) {
			out = append(out, y)
		}
	}
	slices.Sort(out)
	return out
}
