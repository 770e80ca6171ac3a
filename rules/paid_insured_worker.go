package rules

import (
	"fmt"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

var insuredUndated = &detect.Param[bool]{
	Name: "undated", Default: false,
	Doc: text("参保记录没有起始日期时，是否视为此前一直在保（线索降为 E2）", "whether a register line without a date of beginning counts as insured ever before (its leads are E2)"),
}

var insuredExcused = &detect.Param[string]{
	Name: "excused_words", Default: "灵活就业 自由职业 个人参保 个人缴费 个人身份 城乡居民 居民养老 居民医保 公益性岗位",
	Doc: text("参保单位、险种等处含有其一即不是由用人单位参保的用词，以空格分隔", "words in the unit or note of a line, separated by blanks, any of which says that no employer insures the person"),
}

// PaidInsuredWorker flags benefits for people without wage work paid while an
// employer insured the payee.
var PaidInsuredWorker = &detect.Rule{
	ID:     "paid-insured-worker",
	Family: detect.Elig,
	Title:  text("有工资收入", "paid while insured by an employer"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找在用人单位参加社会保险期间领取仅限无工作人员补贴的情形。", "Finds benefits meant for people without wage work, paid while an employer insured the person."),
		Steps: text(`1. 发放记录按人和项目轧差（见 dup-period 步骤1），只看政策文件标为 unemployed_only 的项目。
2. 参保单位、险种等处含 excused_words 之一的（灵活就业等）不计；参保期间只取整月；无截止日期的视为至今；无起始日期的不作判断，undated 为 true 时视为一直如此。
3. 所属期与参保期间至少有一个月重叠（含）即提示。所属期标明且起于参保期间内、姓名一致的为 E1，其余为 E2。`,
			`1. Payments are netted per person and program (dup-period, step 1); only programs that the policy marks unemployed_only.
2. A line whose unit or note has one of excused_words (self-insured and the like) does not count; insurance counts in whole months; no end date means still insured. A line without a beginning is not judged, or with undated taken to have held always.
3. At least one month in common (inclusive) makes a lead: E1 where the period is stated, begins while insured and the names agree, else E2.`),
		Formula: "unemployed_only（项目） ∧ |所属期 ∩ 参保整月| ≥ 1",
		Example: `梁某在外地公司参保期间领取护林员补助。
-- payment.csv --
beneficiary_name,beneficiary_id,program,period,amount,pay_date,want
梁小桥,459901198809090770,生态护林员,2017-03,800,2017-03-15,E1 .* 800.00 梁小桥.*乙县某电子公司
-- register.csv --
register_kind,person_name,person_id,since,until,unit
social_insurance,梁小桥,459901198809090770,2016-01-01,,乙县某电子公司
`,
		Why: text("在外务工的人难以履行护林等岗位职责，岗位补贴可能由他人顶名领取。",
			"Somebody at work elsewhere cannot do the post's duties; another may do them, or nobody."),
		Exclusions: text("参保起止当月不计；灵活就业、居民参保和公益性岗位参保不计；无起始日期的默认不作判断。",
			"Months of entry and leaving, self-insured persons, residents' schemes and public-welfare posts are not counted; not judged by default without a date of beginning."),
		FalseAlarms: text("灵活就业、公益性岗位参保而名册未注明；挂靠参保；离职后断缴登记滞后。",
			"A self-insured person or a public-welfare post not marked as such; insurance through a friend's firm; a late entry of leaving."),
		Verify:  text("查劳动合同、工资流水和岗位考勤；询问村民由谁实际上岗。", "See contract, wages and attendance; ask villagers who does the work."),
		Control: text("上岗和续聘前应与社保参保信息比对。", "Posts should be compared with insurance records before they begin or go on."),
	},
	Basis:     []detect.Basis{basisFraud},
	By:        []table.Key{table.Person},
	Needs:     []string{"payment", "register:social_insurance"},
	Reads:     duringReads,
	Params:    []detect.Parameter{insuredUndated, insuredExcused},
	Baselines: []detect.Measure{registerKinds},
	Check:     insuredRule.check,
}

var insuredRule = &duringRule{
	kind:    "social_insurance",
	role:    text("社会保险参保记录", "social insurance"),
	undated: insuredUndated,
	excused: insuredExcused,
	program: func(g *policy.Program) bool { return g.UnemployedOnly },
	summary: func(c duringCase) detect.Text {
		unit, unitEn := firstOf(c.unit, "用人单位"), firstOf(c.unit, "an employer")
		return text(
			fmt.Sprintf("%s由%s参保期间，在%s领取%s%d笔共%s元，建议核实是否在岗。", c.payee, unit, c.when.Zh, c.program, c.n, c.total),
			fmt.Sprintf("While insured by %s, %s received %s %d times (%s), %s yuan in all; see whether the work was done.", unitEn, c.payee, c.program, c.n, c.when.En, c.total))
	},
}
