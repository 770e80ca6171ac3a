package rules

import (
	"fmt"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var overpaidAmount = &detect.Param[table.Fen]{
	Name: "tolerance", Default: 0,
	Doc: text("超出合同或预算大于此数（元，不含）才提示", "yuan by which payments must exceed contract or budget"),
}

// ProjOverpaid flags projects paid beyond their contract or budget.
var ProjOverpaid = &detect.Rule{
	ID:     "proj-overpaid",
	Family: detect.Proj,
	Title:  text("超付", "paid over contract or budget"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找支付给施工单位的款项超过合同金额（无合同的为预算）的项目。", "Finds projects whose contractor was paid more than the contract, or the budget where there is none."),
		Steps: text(`1. 按项目编号归集收款单位为该项目施工单位的拨付，金额取拨出方所记，没有的取收款方所记。
2. 合计大于合同金额（没有的取预算）加 tolerance（不含）即提示。无施工单位、无金额的不作判断。`,
			`1. Transfers of the project to its contractor are added up, as the sender booked them, else as received.
2. A sum of more than the contract (else the budget) plus tolerance makes a lead. Not judged without a contractor or an amount.`),
		Formula: "Σ支付（施工单位） − 合同金额 > tolerance",
		Example: `合同 10 万元，先后支付 11 万元。
-- project.csv --
project_id,name,unit,budget,contract_amount,contractor,want
P2017-21,石山村道路硬化,大河镇人民政府,120000,100000,甲县一建公司,E1 P2017-21 10000.00 .*110000.00元.*100000.00元
-- flow.csv --
fund_no,from_unit,to_unit,sent_amount,sent_on,project_id
甲财农〔2017〕9号,大河镇人民政府,甲县一建公司,60000,2017-05-01,P2017-21
甲财农〔2017〕9号,大河镇人民政府,甲县一建公司,50000,2017-09-01,P2017-21
`,
		Why:        text("超付的工程款难以追回，可能是虚增工程量或重复支付。", "What was paid over a contract is hard to get back; it may be for work not done, or paid twice."),
		Exclusions: text("上级单位之间的转拨不计；负数冲减；付款未注明项目编号的不计入。", "Transfers between offices are not counted; negative ones are taken off; payments without the project's number are not seen."),
		FalseAlarms: text("有补充协议或变更签证；项目库合同金额未更新；付款备注的项目编号有误；含质保金以外的奖励。",
			"A supplement to the contract; a contract amount not brought up to date; the wrong number on a payment; bonuses."),
		Verify:  text("查合同、变更、结算审计和付款凭证；现场核对工程量。", "See contract, changes, audited account and vouchers; measure on the spot."),
		Control: text("付款申请应按合同余额控制。", "Payment requests should be held to what is left of the contract."),
	},
	Basis:  []detect.Basis{basisFraud},
	By:     []table.Key{table.Project},
	Needs:  []string{"project", "flow"},
	Reads:  []table.Column{projectName, projectBudget, projectContract, projectContractor, projectFundNo, hopTo, hopSent, hopReceived, hopSentRef, hopReceivedRef},
	Params: []detect.Parameter{overpaidAmount},
	Check:  checkProjOverpaid,
}

func checkProjOverpaid(p *detect.Pass) error {
	v := p.View(table.Works)
	if v.Len() == 0 {
		p.NotApplicable(text("项目库无此项目", "the project pool does not have the project"))
		return nil
	}
	contractor := firstOf(projectContractor.In(v)...)
	var limit table.Fen
	which, whichEn := "合同金额", "the contract"
	for _, column := range [...]table.IntColumn[table.Fen]{projectContract, projectBudget} {
		for i := range v.Len() {
			limit = max(limit, column.In(v).Or(i, 0))
		}
		if limit > 0 {
			break
		}
		which, whichEn = "预算", "the budget"
	}
	if contractor == "" || limit == 0 {
		p.NotApplicable(text("项目无施工单位或金额", "the project has no contractor or amount"))
		return nil
	}
	h := p.View(table.Hop)
	to, sent, received := hopTo.In(h), hopSent.In(h), hopReceived.In(h)
	var total table.Fen
	n := 0
	evidence := []detect.Evidence{detect.Row(v, 0, text("项目", "project"))}
	for i := range h.Len() {
		if to[i] != contractor {
			continue
		}
		total += sent.Or(i, received.Or(i, 0))
		n++
		evidence = hopRows(evidence, hopSentRef.In(h), hopReceivedRef.In(h), i)
	}
	if n == 0 {
		p.NotApplicable(text("未见支付给施工单位的记录", "no payment to the contractor on record"))
		return nil
	}
	over := total - limit
	if over <= overpaidAmount.Of(p) {
		return nil
	}
	name := firstOf(projectName.In(v)...)
	p.Report(detect.Lead{
		FundNo: firstOf(projectFundNo.In(v)...), Amount: over,
		Summary: text(
			fmt.Sprintf("项目%s（%s）已向%s支付%d笔共%s元，超过%s%s元，多付%s元，建议核实。", p.Group.ID, name, contractor, n, total, which, limit, over),
			fmt.Sprintf("Project %s (%s) has paid %s %d times, %s yuan in all, %s over %s of %s; to be checked.", p.Group.ID, name, contractor, n, total, over, whichEn, limit)),
		Facts: []detect.Fact{
			fact("施工单位", "contractor", contractor), fact(which, whichEn, limit.String()), fact("已付", "paid", total.String()), fact("超付", "over", over.String()),
		},
		Evidence: evidence,
	})
	return nil
}
