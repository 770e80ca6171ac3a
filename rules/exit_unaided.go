package rules

import (
	"fmt"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var unaidedCovered = &detect.Param[int]{
	Name: "min_covered", Default: 5,
	Doc: text("同县同年脱贫户中至少有此数（含）有发放记录，才判断该县该年", "households of the same county and year of exit that must have payments, inclusive, before that year is judged"),
}

// ExitUnaided flags households that left the register without any payment on
// record from registration to exit.
var ExitUnaided = &detect.Rule{
	ID:     "exit-unaided",
	Family: detect.Exit,
	Title:  text("无帮扶脱贫", "exited without any help"),
	Grade:  detect.E2,
	Doc: detect.Doc{
		Purpose: text("查找从建档到脱贫没有任何发放记录的户。", "Finds households without any payment on record from registration to exit."),
		Steps: text(`1. 取户的建档年度和首个脱贫年度；表中无建档年度的，脱贫年度以前各年都算。
2. 全户成员发放日期或所属期在建档年度至脱贫年度（含）的发放记录，轧差后没有一笔的提示。
3. 同县同年脱贫户中至少 min_covered 户（含）在此期间有发放记录才判断，以免把缺少名册当作问题；有未注明补贴项目的发放记录的户不作判断。`,
			`1. The years of registration and first exit are taken; without the former, every year up to the exit counts.
2. No payment, net, to any member made in or for the years from registration to exit (inclusive) makes a lead.
3. Judged only where at least min_covered households (inclusive) of that county and year of exit have payments, so that rosters not supplied are not taken for a problem; nor a household with payments that name no program.`),
		Formula: "Σ发放（建档年度..脱贫年度） = 0",
		Example: `戊户 2014 年建档、2016 年脱贫，期间没有一笔帮扶发放。
-- policy.yaml --
rules:
  exit-unaided: {min_covered: 1}
-- household.csv --
household_id,member_name,member_id,relation,year,registered_year,exit_year,want
H1,谭小湾,45990119610101081X,户主,2016,2014,2016,E2 H1 0.00 谭小湾户.*2014年.*2016年
H2,韦大山,459901197001010016,户主,2016,2014,2016,
-- payment.csv --
beneficiary_name,beneficiary_id,household_id,program,period,amount,pay_date
韦大山,459901197001010016,H2,产业扶贫奖补,2015,3000,2015-06-01
`,
		Why:         text("没有帮扶就脱贫，可能是识别时就不是贫困户，也可能是数字脱贫。", "An exit without help may mean that the household was never poor, or left on paper only."),
		Exclusions:  text("建档以前和脱贫以后的发放不算；发放名册未覆盖的年度不作判断。", "Payments before registration and after exit do not count; years without rosters are not judged."),
		FalseAlarms: text("帮扶以村级项目、就业、结对等方式进行；补贴发在户外亲属名下；名册不全。", "Help by village projects, jobs or pairing; benefits under a relative's name; rosters incomplete."),
		Verify:      text("查帮扶手册和帮扶措施台账；询问户主得到过什么帮扶。", "See the help booklet and record; ask what help came."),
		Control:     text("退出前应核查帮扶措施落实记录。", "The record of measures should be checked before exit."),
	},
	Basis:     []detect.Basis{basisExit},
	By:        []table.Key{table.Household},
	Needs:     []string{"household", "payment"},
	Reads:     slices.Concat(exitReads, grantReads, countyReads, []table.Column{memberRegistered}),
	Params:    []detect.Parameter{unaidedCovered},
	Baselines: []detect.Measure{aidedExits},
	Check:     checkExitUnaided,
}

// aidedExits counts by county the households with payments before an exit, by its
// year.
var aidedExits = &detect.Baseline[yearly]{
	Name: "exits with payments before them", By: table.Household,
	Read: slices.Concat(exitReads, grantReads, countyReads, []table.Column{memberRegistered}),
	Key:  func(p *detect.Pass) (string, bool) { return countyOf(p), len(exits.Of(p)) > 0 },
	Of: func(p *detect.Pass) (out yearly) {
		for _, e := range exits.Of(p) {
			if aided(grants.Of(p), registeredIn(p.View(table.Member)), e.year) {
				out.note(p, e.year)
				break
			}
		}
		return out
	},
	Merge: sumYears,
}

// registeredIn returns the first year of registration on a household's rows, 0
// where none states one: all that was paid before the exit then counts as help.
func registeredIn(v table.View) int {
	first := 0
	col := memberRegistered.In(v)
	for i := range v.Len() {
		if y := int(col.Or(i, 0)); y > 0 && (first == 0 || y < first) {
			first = y
		}
	}
	return first
}

// aided reports whether a payment reached the household in or for from..to.
func aided(l *ledger, from, to int) bool {
	return slices.ContainsFunc(l.grants, func(g grant) bool { return g.within(from, to) })
}

func checkExitUnaided(p *detect.Pass) error {
	v := p.View(table.Member)
	es := exits.Of(p)
	if len(es) == 0 {
		p.NotApplicable(notExited)
		return nil
	}
	from := registeredIn(v)
	e := es[0] // help before the first exit is what brought it about
	if aided(grants.Of(p), from, e.year) {
		return nil
	}
	if grants.Of(p).unnamed > 0 {
		p.NotApplicable(grants.Of(p).lacks())
		return nil
	}
	if seen := inCounty(p, aidedExits, countyOf(p)); seen.of(p, e.year) < unaidedCovered.Of(p) {
		p.NotApplicable(text("未见同年脱贫户的发放名册", "no rosters of households of that year of exit"))
		return nil
	}
	if e.rows == nil {
		e.rows = []int{0}
	}
	name, facts := headName(v), []detect.Fact{fact("脱贫年度", "year of exit", fmt.Sprint(e.year))}
	zh, en := fmt.Sprintf("%d年脱贫，当年及此前", e.year), ""
	if from > 0 {
		zh, en = fmt.Sprintf("%d年建档、%d年脱贫，期间", from, e.year), fmt.Sprintf(", registered in %d,", from)
		facts = append(facts, fact("建档年度", "registered in", fmt.Sprint(from)))
	}
	p.Report(detect.Lead{
		Period: table.YearOf(e.year).String(),
		Summary: text(
			fmt.Sprintf("%s户%s没有任何补贴发放记录，建议核实帮扶措施。", name, zh),
			fmt.Sprintf("The household of %s%s is out of poverty since %d without any payment on record up to then; find out what help it had.", name, en, e.year)),
		Facts:    facts,
		Evidence: exitEvidence(v, e),
	})
	return nil
}
