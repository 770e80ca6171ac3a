package rules

import (
	"fmt"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

var payrollUndated = &detect.Param[bool]{
	Name: "undated", Default: false,
	Doc: text("比对库记录没有起始日期时，是否视为此前一直在编（线索降为 E2）", "whether a register line without a date of beginning counts as in force ever before (its leads are E2)"),
}

// PaidPublicPayroll flags a means-tested benefit paid while the payee, or a
// member of the household, was on the public payroll.
var PaidPublicPayroll = &detect.Rule{
	ID:     "paid-public-payroll",
	Family: detect.Elig,
	Title:  text("财政供养人员领取", "paid while on the public payroll"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找财政供养人员本人或其家庭成员在供养期间领取按收入财产核定的补贴的情形。",
			"Finds means-tested benefits paid to persons on the public payroll, or to their households, while they were on it."),
		Steps: text(`1. 发放记录按人和项目轧差（见 dup-period 步骤1），只看政策文件标为 means_tested 的项目。
2. 财政供养期间只取整月：起始当月不是1日的、截止当月不是月末的，该月不计。无截止日期的视为至今；无起始日期的不作判断，undated 为 true 时视为一直如此。
3. 所属期与供养期间至少有一个月重叠（含）即提示；按人比对本人领取的，按户比对其他成员领取的按户发放项目；建档立卡名册列有该户当年全部人口而无此人的，不算同户。
4. 所属期标明且起于供养期间内、姓名一致的为 E1；其余及按户比对的为 E2。`,
			`1. Payments are netted per person and program (dup-period, step 1); only programs that the policy marks means_tested are looked at.
2. A spell on the payroll counts in whole months: a month not begun on its first day or not ended on its last does not count. No end date means still in force. A line without a beginning is not judged, or with undated taken to have held always.
3. At least one month in common (inclusive) gives a lead: by person for the person's own benefits, by household for per-household programs paid to another member, unless the register lists all of the household that year and not him.
4. E1 where the period is stated, begins inside the spell and the names agree; E2 otherwise, and for households.`),
		Formula: "means_tested（项目） ∧ |所属期 ∩ 供养整月| ≥ 1",
		Example: `覃某自 2015 年起在乡卫生院工作，2017 年领取农村低保。
-- payment.csv --
beneficiary_name,beneficiary_id,program,period,amount,pay_date,want
覃志远,459901198506150211,农村低保,2017-03,200,2017-03-15,E1 .* 400.00 覃志远.*乡卫生院
覃志远,459901198506150211,农村低保,2017-04,200,2017-04-15,
-- register.csv --
register_kind,person_name,person_id,since,until,unit
public_payroll,覃志远,459901198506150211,2015-07-01,,甲县某乡卫生院
`,
		Why: text("有稳定工资收入的家庭一般不符合低保等救助条件，可能存在隐瞒收入或审核把关不严。",
			"A household with a steady public wage rarely meets a means test: income may have been concealed or not checked."),
		Exclusions: text("不按收入财产核定的普惠补贴不计；供养起止当月不足整月的不计；比对库无起始日期的默认不作判断。",
			"Universal benefits are not counted, nor months only partly on the payroll; a register line without a date of beginning is not judged by default."),
		FalseAlarms: text("公益性岗位、村医、代课教师等被列入供养名册；成年子女已分户；低保渐退期；名册更新滞后。",
			"Public-welfare posts, village doctors or substitute teachers listed with the payroll; grown children living apart; a benefit being phased out; an outdated list."),
		Verify: text("向编制、财政部门核对在编时间和工资；查低保申请的收入申报和家庭成员核对表；了解是否共同生活。",
			"Check dates and wage with the personnel and finance offices; see the income declared in the application and who was counted as family; find out whether they live together."),
		Control: text("民政部门审批和年度复核时应与财政供养人员库比对。", "Civil affairs should compare applicants with the payroll register at approval and at every review."),
	},
	Basis:     []detect.Basis{basisMeansTest},
	By:        []table.Key{table.Person, table.Household},
	Needs:     []string{"payment", "register:public_payroll"},
	Reads:     slices.Concat(duringReads, kinReads),
	Params:    []detect.Parameter{payrollUndated},
	Baselines: []detect.Measure{registerKinds},
	Check:     payrollRule.check,
}

var payrollRule = &duringRule{
	kind:    "public_payroll",
	role:    text("财政供养名册", "public payroll"),
	undated: payrollUndated,
	program: func(g *policy.Program) bool { return g.MeansTested },
	summary: func(c duringCase) detect.Text {
		where, whereEn := "", ""
		if c.unit != "" {
			where, whereEn = "（"+c.unit+"）", " ("+c.unit+")"
		}
		who, whoEn := c.holder+where+"列入财政供养名册期间", fmt.Sprintf("%s%s", c.holder, whereEn)
		if c.undated {
			who = c.holder + where + "列入财政供养名册（名册无起始日期）"
		}
		if c.holder != c.payee {
			who += "，登记为同户或同证号的" + c.payee
		}
		return text(
			fmt.Sprintf("%s在%s领取%s%d笔共%s元，建议核实是否符合条件。", who, c.when.Zh, c.program, c.n, c.total),
			fmt.Sprintf("While %s stood on the public payroll, %s received %s %d times (%s), %s yuan in all; entitlement to be checked.", whoEn, c.payee, c.program, c.n, c.when.En, c.total))
	},
}
