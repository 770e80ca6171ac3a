package rules

import (
	"fmt"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

var custodyExcused = &detect.Param[string]{
	Name: "excused_words", Default: "社区矫正 缓刑 假释 保外就医 监外执行",
	Doc: text("监管单位、备注等处含有其一即不在监所的用词，以空格分隔", "words in the unit or note of a line, separated by blanks, any of which says that the person is not inside"),
}

// PaidInCustody flags benefits for periods in which the person was in custody.
var PaidInCustody = &detect.Rule{
	ID:     "paid-in-custody",
	Family: detect.Elig,
	Title:  text("服刑人员领取", "paid while in custody"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找服刑、羁押期间仍领取补贴的情形。", "Finds benefits paid for periods in custody."),
		Steps: text(`1. 发放记录按人和项目轧差（见 dup-period 步骤1）；只看按人发放的，或按收入财产核定的项目。
2. 监管单位、备注等处含 excused_words 之一的（社区矫正等）不计；服刑期间只取整月；无截止日期的视为至今。
3. 所属期与服刑期间至少有一个月重叠（含）即提示。所属期标明且起于服刑期间内、姓名一致的为 E1，其余为 E2。`,
			`1. Payments are netted per person and program (dup-period, step 1); only per-person and means-tested programs.
2. A line whose unit or note has one of excused_words (community correction and the like) does not count; custody counts in whole months; no end date means still in custody.
3. At least one month in common (inclusive) makes a lead: E1 where the period is stated, begins in custody and the names agree, else E2.`),
		Formula: "|所属期 ∩ 服刑整月| ≥ 1",
		Example: `农某 2016 年 5 月至 2018 年 5 月服刑，2017 年仍有护林员补助。
-- payment.csv --
beneficiary_name,beneficiary_id,program,period,amount,pay_date,want
农小谷,459901197210100763,生态护林员,2017-03,800,2017-03-15,E1 .* 800.00 农小谷.*2017年3月
-- register.csv --
register_kind,person_name,person_id,since,until
in_custody,农小谷,459901197210100763,2016-05-10,2018-05-09
`,
		Why: text("服刑期间不可能提供劳务或在家生活，款项可能由他人领取。", "Nobody in custody does the work or lives at home; somebody else draws the money."),
		Exclusions: text("按户发放的普惠补贴（如耕地补贴）不计；服刑起止当月、缓刑和社区矫正人员不计；无起始日期的不作判断。",
			"Universal per-household grants (farm land), the months of entry and release, suspended sentences and community correction are not counted; not judged without a date of beginning."),
		FalseAlarms: text("缓刑、社区矫正人员列入名单而未注明；家属依规继续享受；补发以前月份未注明。",
			"Suspended sentences or community correction on the list and not marked; family entitlements; arrears not marked."),
		Verify:  text("向司法部门核对起止时间；查由谁领取；护林员等劳务类看巡护记录由谁填写。", "Check the dates with the justice office; find who drew the money, and who signed the work records."),
		Control: text("发放前应与司法行政部门服刑人员信息比对。", "Rosters should be compared with the prison register before payment."),
	},
	Basis:     []detect.Basis{basisMeansTest},
	By:        []table.Key{table.Person},
	Needs:     []string{"payment", "register:in_custody"},
	Reads:     duringReads,
	Params:    []detect.Parameter{custodyExcused},
	Baselines: []detect.Measure{registerKinds},
	Check:     custodyRule.check,
}

var custodyRule = &duringRule{
	kind:    "in_custody",
	role:    text("服刑人员名册", "register of persons in custody"),
	excused: custodyExcused,
	program: func(g *policy.Program) bool { return g.MeansTested || g.Unit == "person" },
	summary: func(c duringCase) detect.Text {
		return text(
			fmt.Sprintf("%s登记为服刑期间的%s，仍有%s发放记录%d笔共%s元，建议核实由谁领取。", c.payee, c.when.Zh, c.program, c.n, c.total),
			fmt.Sprintf("%s, registered as in custody, was still paid %s %d times (%s), %s yuan in all; find out who received it.", c.payee, c.program, c.n, c.when.En, c.total))
	},
}
