package rules

import (
	"fmt"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// ExitConflict flags households whose income in the year of exit is over the
// means line of a benefit they were paid in that year.
var ExitConflict = &detect.Rule{
	ID:     "exit-conflict",
	Family: detect.Exit,
	Title:  text("两套数据矛盾", "two records that contradict"),
	Grade:  detect.E2,
	Doc: detect.Doc{
		Purpose: text("查找脱贫当年登记收入已超过某项救助的收入上限、同年却领取该项救助的户。",
			"Finds households whose recorded income in the year of exit is over the means line of a benefit that they were paid in that year."),
		Steps: text(`1. 取脱贫当年记录中的人均纯收入，达到当年贫困线（含）的才判断。
2. 取全户所属期在当年的发放净额（见 dup-period 步骤1），只看政策文件给出收入上限（means_line）的项目。
3. 人均纯收入高于该项目当年当地上限（不含等于）的，每个项目一条线索。`,
			`1. The income a head of the year of exit; judged where it reaches the year's line.
2. Net payments of the household for periods of that year (dup-period, step 1), of programs for which the policy gives a means_line.
3. An income over the program's line of the year and place (equal is not) makes a lead a program.`),
		Formula: "收入[Y] ≥ 贫困线[Y] ∧ ∃发放（项目， Y）： 收入[Y] > means_line（项目， Y， 县）",
		Example: `2016 年脱贫收入 4200 元，同年领取收入上限 3500 元的低保。
-- policy.yaml --
programs:
  农村低保: {unit: household, means_tested: true, means_line: [{from: 2016, yuan: 3500}]}
-- household.csv --
household_id,member_name,member_id,relation,household_size,year,exit_year,income_per_capita,want
H1,谭小湾,459901196101010633,户主,2,2016,2016,4200,E2 H1 1200.00 谭小湾户.*4200.00元.*农村低保1200.00元.*3500.00元
-- payment.csv --
beneficiary_name,beneficiary_id,household_id,program,period,amount,pay_date
谭小湾,459901196101010633,H1,农村低保,2016,1200,2016-12-01
`,
		Why:         text("两套数据必有一套不实：要么收入虚高、脱贫不实，要么违规领取救助。", "One of the two records is wrong: the income is too high and the exit untrue, or the benefit is not due."),
		Exclusions:  text("政策文件没有收入上限的项目不作判断；跨年补发按所属期计。", "Programs without a means line in the policy are not judged; arrears count in the period they are for."),
		FalseAlarms: text("渐退期内继续发放；按户内个人单独纳入保障；收入核算期与保障审核期不同。", "A benefit that runs out by degrees; one member supported on his own; incomes counted over other months."),
		Verify:      text("比对扶贫系统和民政系统的收入核算表；入户核实实际收入。", "Compare the income sheets of the poverty and civil affairs offices; see the household's real income."),
		Control:     text("脱贫认定前应与民政在保名单和收入核算结果比对。", "Before an exit, compare with the civil affairs list and its income findings."),
	},
	Basis: []detect.Basis{basisExit, basisMeansTest},
	By:    []table.Key{table.Household},
	Needs: []string{"household", "payment"},
	Reads: slices.Concat(exitReads, grantReads),
	Check: checkExitConflict,
}

func checkExitConflict(p *detect.Pass) error {
	v := p.View(table.Member)
	return eachExit(p, func(e exit) detect.Text {
		line, why := e.line(p)
		if why != (detect.Text{}) {
			return why
		}
		if !hasMeansLine(p.Policy, e) {
			return text("政策文件未列当年任何项目的收入上限", "the policy has no means line for the year")
		}
		l := grants.Of(p)
		for _, program := range programsOf(l) {
			var ks []int
			var sum table.Fen
			for k, g := range l.grants {
				if g.program == program && g.period.Year() == e.year {
					ks, sum = append(ks, k), sum+g.amount
				}
			}
			prog := p.Policy.Programs[program]
			if ks == nil || prog == nil {
				continue
			}
			limit, ok := prog.MeansLineOf(e.year, e.county)
			if !ok || e.income < line || e.income <= limit {
				continue
			}
			name := headName(v)
			p.Report(detect.Lead{
				Program: program, Period: table.YearOf(e.year).String(), Amount: sum,
				Summary: text(
					fmt.Sprintf("%s户标注%d年脱贫，登记人均纯收入%s元，同年领取%s%s元，该项目收入上限为%s元，两者不能同时成立，建议核实。", name, e.year, e.income, program, sum, limit),
					fmt.Sprintf("The household of %s, out of poverty in %d with %s yuan a head, was paid %s yuan of %s in that year, whose means line is %s; both cannot hold; to be checked.", name, e.year, e.income, sum, program, limit)),
				Facts: []detect.Fact{
					fact("登记人均纯收入", "income a head on record", e.income.String()),
					fact("项目收入上限", "means line", limit.String()),
					fact("当年领取", "paid in the year", sum.String()),
					fact("当年贫困线", "poverty line", line.String()),
				},
				Evidence: append(exitEvidence(v, e), l.evidence(p.View(table.Payment), ks...)...),
			})
		}
		return detect.Text{}
	})
}

// hasMeansLine reports whether a policy has any means line for an exit.
func hasMeansLine(pol *policy.Policy, e exit) bool {
	for _, g := range pol.Programs {
		if _, ok := g.MeansLineOf(e.year, e.county); ok {
			return true
		}
	}
	return false
}

// programsOf returns the programs of a group's grants, in order.
func programsOf(l *ledger) []string {
	var out []string
	for _, g := range l.grants {
		out = append(out, g.program)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
