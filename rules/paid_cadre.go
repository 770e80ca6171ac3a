package rules

import (
	"fmt"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

var cadreUndated = &detect.Param[bool]{
	Name: "undated", Default: false,
	Doc: text("名册没有任职起始日期时，是否视为此前一直在任（线索降为 E2）", "whether a register line without a date of beginning counts as in office ever before (its leads are E2)"),
}

// PaidCadre flags a means-tested benefit paid to a serving village cadre.
var PaidCadre = &detect.Rule{
	ID:     "paid-cadre",
	Family: detect.Elig,
	Title:  text("村干部本人领取", "paid to a serving village cadre"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找村干部在任期间本人领取按收入财产核定的补贴的情形。", "Finds means-tested benefits paid to village cadres while in office."),
		Steps: text(`1. 发放记录按人和项目轧差（见 dup-period 步骤1），只看政策文件标为 means_tested 的项目。
2. 任职期间只取整月；无截止日期的视为至今；无起始日期的不作判断，undated 为 true 时视为一直如此。
3. 所属期与任职期间至少有一个月重叠（含）即提示。所属期标明且起于任职期间内、姓名一致的为 E1，其余为 E2。`,
			`1. Payments are netted per person and program (dup-period, step 1); only programs that the policy marks means_tested.
2. Office counts in whole months; no end date means still in office. A line without a beginning is not judged, or with undated taken to have held always.
3. At least one month in common (inclusive) makes a lead: E1 where the period is stated, begins in office and the names agree, else E2.`),
		Formula: "means_tested（项目） ∧ |所属期 ∩ 任职整月| ≥ 1",
		Example: `石某任村委会主任期间领取农村低保。
-- payment.csv --
beneficiary_name,beneficiary_id,program,period,amount,pay_date,want
石小坪,459901197005050752,农村低保,2017-03,200,2017-03-15,E1 .* 200.00 石小坪.*石山村
-- register.csv --
register_kind,person_name,person_id,since,until,unit
village_cadre,石小坪,459901197005050752,2014-08-01,,石山村村民委员会
`,
		Why: text("村干部经手评议和上报，本人享受须特别审核备案，容易出现优亲厚友。",
			"Cadres take part in appraisal and reporting; their own benefits need separate approval on file."),
		Exclusions: text("不按收入财产核定的普惠补贴不计；任职前后的不计；名册无起始日期的默认不作判断。",
			"Universal benefits and those before or after office are not counted; a line without a date of beginning is not judged by default."),
		FalseAlarms: text("村干部家庭确实困难并已备案公示；任职时间录错；同名同号的登记错误。",
			"A cadre truly in need, with approval on file; wrong dates of office; a number entered for another person."),
		Verify:  text("查备案登记和公示；核对家庭收入、财产；走访群众了解评议过程。", "See the record and posting; check income and property; ask villagers how it was appraised."),
		Control: text("村干部及其近亲属享受救助应单独登记、由乡镇复核。", "Benefits of cadres and their relatives should be registered apart and reviewed by the town."),
	},
	Basis:     []detect.Basis{basisMeansTest},
	By:        []table.Key{table.Person},
	Needs:     []string{"payment", "register:village_cadre"},
	Reads:     duringReads,
	Params:    []detect.Parameter{cadreUndated},
	Baselines: []detect.Measure{registerKinds},
	Check:     cadreRule.check,
}

var cadreRule = &duringRule{
	kind:    "village_cadre",
	role:    text("村干部名册", "register of village cadres"),
	undated: cadreUndated,
	program: func(g *policy.Program) bool { return g.MeansTested },
	summary: func(c duringCase) detect.Text {
		unit, unitEn := firstOf(c.unit, "村干部名册"), firstOf(c.unit, "the register of village cadres")
		return text(
			fmt.Sprintf("%s列为%s的村干部，在%s本人领取%s%d笔共%s元，建议核实是否符合条件并备案。", c.payee, unit, c.when.Zh, c.program, c.n, c.total),
			fmt.Sprintf("%s, listed as a village cadre (%s), received %s %d times (%s), %s yuan in all; see whether it was due and is on file.", c.payee, unitEn, c.program, c.n, c.when.En, c.total))
	},
}
