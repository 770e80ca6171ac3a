package rules

import (
	"fmt"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var (
	transferShare = &detect.Param[float64]{
		Name: "tolerance_percent", Default: 10,
		Doc: text("转移性收入高出发放合计的容许比例（%，含）", "percent of the transfer income by which it may exceed the payments, inclusive"),
	}
	transferAmount = &detect.Param[table.Fen]{
		Name: "tolerance", Default: 50_000,
		Doc: text("转移性收入高出发放合计的容许金额（元，含）", "yuan by which it may exceed the payments, inclusive"),
	}
	transferCovered = &detect.Param[int]{
		Name: "min_covered", Default: 5,
		Doc: text("同县至少有此数（含）的同年脱贫户当年有发放记录，才判断当年完全没有发放记录的户",
			"households with the same county and year of exit that must have payments in it, inclusive, before one without any is judged"),
	}
)

// ExitTransferGap flags exits whose transfer income the payments of the year do
// not bear out, and that would be under the line without the excess.
var ExitTransferGap = &detect.Rule{
	ID:     "exit-transfer-gap",
	Family: detect.Exit,
	Title:  text("转移性收入虚增", "transfer income without payments"),
	Grade:  detect.E2,
	Doc: detect.Doc{
		Purpose: text("查找登记的转移性收入明显高于当年实际发放、扣除高出部分后收入不达线的脱贫户。",
			"Finds exited households whose recorded transfer income is well over that year's payments, and who are under the line without the excess."),
		Steps: text(`1. 取脱贫当年记录的转移性收入；各项收入按户填还是按人填，看合计更接近人均纯收入还是其人口倍数。
2. 全户成员当年发放净额合计（见 dup-period 步骤1），发放日期或所属期在当年的都计入（如次年一月补发的当年补贴）。
3. 高出额 = 转移性收入 − 发放合计，须同时大于 tolerance 和转移性收入的 tolerance_percent（均不含等于）。
4. （人均纯收入 × 人口 − 高出额） ÷ 人口 低于当年贫困线（不含等于）的为线索。
5. 当年一笔发放都没有的户，只有同县同年脱贫户中至少 min_covered 户（含）有当年发放记录时才判断，以免把缺少名册当作问题；有未注明补贴项目的发放记录的户不作判断。`,
			`1. The transfer income of the year of exit is taken; whether sources are for the household or a head is told by which comes nearer to the income a head.
2. Net payments of all members in that year (dup-period, step 1), paid in it or for it (the year's last payments are often made in the next January).
3. Excess = transfer income − payments; it must be more than tolerance and more than tolerance_percent of the transfer income (equal is not).
4. A lead where (income a head × size − excess) ÷ size is below the year's line (equal is not).
5. A household without any payment in the year is judged only if at least min_covered households (inclusive) of that county and exit year have payments in it, so that rosters not supplied are not taken for a problem; nor is one with payments that name no program.`),
		Formula: "差 = 转移性收入 − Σ发放 ∧ 差 > tolerance ∧ 差 > tolerance_percent% × 转移性收入 ∧ （人均纯收入×人口 − 差）/人口 < 贫困线",
		Example: `丙户 2 人 2016 年脱贫，登记转移性收入 4000 元，当年名册只发放 1200 元。
-- household.csv --
household_id,member_name,member_id,relation,household_size,year,exit_year,income_per_capita,wage_income,transfer_income,want
H1,谭小湾,459901196101010633,户主,2,2016,2016,3200,2400,4000,E2 H1 2800.00 谭小湾户.*4000.00元.*1200.00元
-- payment.csv --
beneficiary_name,beneficiary_id,household_id,program,period,amount,pay_date
谭小湾,459901196101010633,H1,农村低保,2016,1200,2016-12-01
`,
		Why: text("转移性收入最容易虚增凑线，而它正好可以用发放名册核对。",
			"Transfer income is the easiest to inflate to reach the line, and the one that rosters can check."),
		Exclusions: text("扣除高出部分后仍达线的不计；未填转移性收入、人口不明、无贫困线的不作判断。",
			"Not counted where the household stays over the line without the excess; not judged without transfer income, size or line."),
		FalseAlarms: text("养老金、赡养费、亲友赠予等不经财政名册发放；部分名册未提供；收入年度与发放年度错位。",
			"Pensions, support from children and gifts are in no roster; rosters not supplied; incomes of another year than the payments."),
		Verify: text("查收入核算表中转移性收入的构成和依据；核对存折当年流水；询问户主实际领到的补贴。",
			"See what the transfer income is made of and on what papers; compare with the passbook of the year; ask what was received."),
		Control: text("收入核算应从发放系统取数，不由人工填报。", "The income sheet should take transfers from the payment system, not from hand."),
	},
	Basis:     []detect.Basis{basisExit},
	By:        []table.Key{table.Household},
	Needs:     []string{"household", "payment"},
	Reads:     slices.Concat(exitReads, grantReads, countyReads, []table.Column{memberWage, memberBusiness, memberProperty, memberTransfer}),
	Params:    []detect.Parameter{transferShare, transferAmount, transferCovered},
	Baselines: []detect.Measure{paidExits},
	Check:     checkExitTransferGap,
}

// paidExits counts by county the households with payments in or for a year of
// exit, by that year.
var paidExits = &detect.Baseline[yearly]{
	Name: "exits with payments in the year", By: table.Household,
	Read: slices.Concat(exitReads, grantReads, countyReads),
	Key:  func(p *detect.Pass) (string, bool) { return countyOf(p), len(exits.Of(p)) > 0 },
	Of: func(p *detect.Pass) (out yearly) {
		for _, e := range exits.Of(p) {
			if ks, _ := grantsIn(grants.Of(p), e.year); ks != nil {
				out.note(p, e.year)
				break
			}
		}
		return out
	},
	Merge: sumYears,
}

// grantsIn returns the grants of a household in or for a year, and their sum.
func grantsIn(l *ledger, year int) (ks []int, sum table.Fen) {
	for k, g := range l.grants {
		if g.within(year, year) {
			ks, sum = append(ks, k), sum+g.amount
		}
	}
	return ks, sum
}

func checkExitTransferGap(p *detect.Pass) error {
	v := p.View(table.Member)
	return eachExit(p, func(e exit) detect.Text { return checkTransfer(p, v, e) })
}

// checkTransfer judges one exit and returns why it cannot, zero where it can.
func checkTransfer(p *detect.Pass, v table.View, e exit) detect.Text {
	line, why := e.line(p)
	if why != (detect.Text{}) {
		return why
	}
	in := incomesOf(v, e)
	if !in.ok {
		return text("脱贫当年未填转移性收入", "no transfer income in the year of exit")
	}
	if e.size == 0 {
		return text("家庭人口不明", "size of household unknown")
	}
	l := grants.Of(p)
	if l.unnamed > 0 {
		return l.lacks()
	}
	ks, paidOut := grantsIn(l, e.year)
	if seen := inCounty(p, paidExits, countyOf(p)); ks == nil && seen.of(p, e.year) < transferCovered.Of(p) {
		return text("当年无发放记录，且未见同年脱贫户的发放名册", "no payment in the year, and no rosters of it")
	}
	excess, n := in.transfer-paidOut, table.Fen(e.size)
	rest := e.income*n - excess
	if excess <= transferAmount.Of(p) || float64(excess*100) <= float64(in.transfer)*transferShare.Of(p) || rest >= line*n {
		return detect.Text{}
	}
	name := headName(v)
	p.Report(detect.Lead{
		Period: table.YearOf(e.year).String(), Amount: excess,
		Summary: text(
			fmt.Sprintf("%s户（%d人）标注%d年脱贫，登记转移性收入%s元，当年发放名册合计%s元，高出%s元；扣除后人均%s元，低于贫困线%s元，建议复核。", name, e.size, e.year, in.transfer, paidOut, excess, rest/n, line),
			fmt.Sprintf("The household of %s (%d persons), out of poverty in %d, has %s yuan of transfer income on record and %s on that year's rosters, %s less; without it, %s a head against a line of %s; to be checked.", name, e.size, e.year, in.transfer, paidOut, excess, rest/n, line)),
		Facts: []detect.Fact{
			fact("登记的转移性收入", "transfer income on record", in.transfer.String()),
			fact("当年发放合计", "paid in the year", paidOut.String()),
			fact("高出", "excess", excess.String()),
			fact("登记的人均纯收入", "income a head on record", e.income.String()),
			fact("扣除后人均", "a head without the excess", (rest / n).String()),
			fact("当年贫困线", "poverty line", line.String()),
		},
		Evidence: append(exitEvidence(v, e), l.evidence(p.View(table.Payment), ks...)...),
	})
	return detect.Text{}
}
