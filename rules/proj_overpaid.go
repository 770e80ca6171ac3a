package rules

import (
	"fmt"
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var (
	overpaidAmount = &detect.Param[table.Fen]{
		Name: "tolerance", Default: 0,
		Doc: text("超出合同或预算大于此数（元，不含）才提示", "yuan by which payments must exceed contract or budget"),
	}
	overpaidBack = &detect.Param[string]{
		Name: "refund_words", Default: "多拨退回 多付退回 超付退回 超拨退回",
		Doc: text("拨付用途写有这些词（空格分隔）的为施工单位退回的多付款，不论记在收支哪一方", "words, separated by blanks, of a transfer's purpose that make it the contractor's refund, whichever way it is booked"),
	}
)

// ProjOverpaid flags projects paid beyond their contract or budget.
var ProjOverpaid = &detect.Rule{
	ID:     "proj-overpaid",
	Family: detect.Proj,
	Title:  text("超付", "paid over contract or budget"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找支付给施工单位的款项超过合同金额（无合同的为预算），或连同发放到户的资金超过预算的项目。", "Finds projects whose contractor was paid more than the contract, or the budget where there is none, or that with what households were paid are over the budget."),
		Steps: text(`1. 按项目编号归集收款单位为该项目施工单位的拨付，金额取拨出方所记，没有的取收款方所记；施工单位退回的（含用途写有 refund_words 的；未注明项目的，该资金只为其一个项目付过款的算该项目）减去。
2. 合计大于合同金额（没有的取预算）加 tolerance（不含）即提示。
3. 有发放记录注明该项目编号的，轧差（见 dup-period 步骤1）后与付给施工单位的相加，大于预算加 tolerance（不含）的也提示。无付款、无金额的不作判断。`,
			`1. Transfers of the project to its contractor are added up, as the sender booked them, else as received, less what he sent back (a purpose with one of refund_words counts as such; without a project's number it is of the one project for which the fund paid him).
2. A sum of more than the contract (else the budget) plus tolerance makes a lead.
3. Payments to households that cite the project, netted (dup-period, step 1), are added to it; more than the budget plus tolerance makes a lead too. Not judged without payments or an amount.`),
		Formula: "Σ支付（施工单位） − 合同金额 > tolerance ∨ Σ支付（施工单位、农户） − 预算 > tolerance",
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
	Needs:  []string{"project", "flow|payment"},
	Reads:  slices.Concat(jobReads, grantReads),
	Params: []detect.Parameter{overpaidAmount, overpaidBack},
	Check:  checkProjOverpaid,
}

func checkProjOverpaid(p *detect.Pass) error {
	j, ok := readJob(p)
	if !ok {
		return nil
	}
	limit, which := j.price()
	paid := table.Fen(0)
	back := strings.Fields(overpaidBack.Of(p))
	for _, x := range j.payments {
		if x.amount > 0 && has(x.purpose, back...) {
			x.amount = -x.amount
		}
		paid += x.amount
	}
	n, to, toEn := len(j.payments), j.contractor, j.contractor
	v, l := p.View(table.Payment), grants.Of(p)
	if len(l.grants) > 0 && (n == 0 || paid-limit <= overpaidAmount.Of(p)) {
		limit, which, to, toEn = j.budget, text("预算", "the budget"), "农户", "households"
		if n > 0 {
			to, toEn = j.contractor+"和农户", j.contractor+" and households"
		}
		n += len(l.grants)
		var ks []int
		for k, g := range l.grants {
			paid, ks = paid+g.amount, append(ks, k)
		}
		j.evidence = append(j.evidence, l.evidence(v, ks[:min(len(ks), mostEvidence)]...)...)
	}
	switch {
	case n == 0:
		p.NotApplicable(text("未见付给施工单位或农户的记录", "no payment to the contractor or to households on record"))
		return nil
	case limit == 0:
		p.NotApplicable(text("项目无合同金额或预算", "the project has no contract or budget"))
		return nil
	}
	over := paid - limit
	if over <= overpaidAmount.Of(p) {
		return nil
	}
	p.Report(detect.Lead{
		FundNo: j.fund, Amount: over,
		Summary: text(
			fmt.Sprintf("项目%s（%s）已向%s支付%d笔共%s元，超过%s%s元，多付%s元，建议核实。", p.Group.ID, j.name, to, n, paid, which.Zh, limit, over),
			fmt.Sprintf("Project %s (%s) has paid %s %d times, %s yuan in all, %s over %s of %s; to be checked.", p.Group.ID, j.name, toEn, n, paid, over, which.En, limit)),
		Facts: []detect.Fact{
			fact("付给", "paid to", firstOf(j.contractor, to)), fact(which.Zh, which.En, limit.String()), fact("已付", "paid", paid.String()), fact("超付", "over", over.String()),
		},
		Evidence: j.evidence,
	})
	return nil
}
