package rules

import (
	"fmt"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var overspentAmount = &detect.Param[table.Fen]{
	Name: "tolerance", Default: 0,
	Doc: text("支出大于收入超过此数（元，不含）才提示", "yuan by which money out must exceed money in"),
}

// HoldOverspent flags units that paid out more of a fund than they received.
var HoldOverspent = &detect.Rule{
	ID:     "hold-overspent",
	Family: detect.Hold,
	Title:  text("超拨超支", "paid out more than came in"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找某项资金支出大于收入的单位。", "Finds units that paid out more of a fund than came in."),
		Steps: text(`1. 对每个资金、每个单位，加总收到（指标下达和转入）、拨出和发放支付（退回冲减）；发放支付只计表中写明由该单位支付的。
2. 拨出加发放减收到，大于 tolerance（不含）即提示 E1；该单位有收款台账而其中没有该资金的为 E2。
3. 加上未写明由谁支付、而由该单位汇总或推定由其支付的名册才超出的，或资料中没有该单位收款记录的，不作线索，列为待查问题。`,
			`1. For each fund and unit what came in (allocated and transferred), went on and was paid out is added up, returns taken off; of payments only those that a sheet says the unit made.
2. Money out less money in of more than tolerance makes a lead: E1, or E2 where the unit's book of receipts has nothing of the fund.
3. What exceeds it only with rosters that the unit compiled, or is taken to have paid, and of which no sheet says who paid, or at a unit of whose receipts the files tell nothing, is a question and no lead.`),
		Formula: "拨出 + 发放 − 收到 > tolerance",
		Example: `某镇收到 5 万元，发放 6 万元。
-- fund.csv --
fund_no,title,level,amount,issued_on,issuer,holder
甲财农〔2017〕6号,扶贫产业资金,县,50000,2017-03-01,甲县财政局,甲县财政局
-- flow.csv --
fund_no,from_unit,to_unit,sent_amount,sent_on,received_amount,received_on,want
甲财农〔2017〕6号,甲县财政局,大河镇人民政府,50000,2017-03-08,50000,2017-03-08,E1 大河镇人民政府 10000.00 .*50000.00元
-- payment.csv --
beneficiary_name,beneficiary_id,program,amount,pay_date,fund_no,payer
韦大山,459901197001010016,产业扶贫奖补,60000,2017-03-20,甲财农〔2017〕6号,大河镇人民政府
`,
		Why:        text("超出收入的支出只能来自其他资金，可能挪用或虚列。", "What was paid beyond the fund came from other money, or was not paid at all."),
		Exclusions: text("退回和冲减已扣除；单位之间的在途资金不计入收到。", "Returns are taken off; money on its way is not yet received."),
		FalseAlarms: text("收款台账不全；文号张冠李戴；上年结转未列入指标；配套资金合并发放。",
			"A ledger of receipts that is incomplete; the wrong number cited; money carried over; local funds paid out together with it."),
		Verify:  text("核对该单位该项资金的全部收款凭证；查超出部分从哪个账户、科目支出。", "Go through all receipts of the fund; find the account the excess came from."),
		Control: text("支付系统应按指标余额控制支付。", "Payments should be held to the balance of the allocation."),
	},
	Basis: []detect.Basis{basisWithhold},
	By:    []table.Key{table.Fund},
	Needs: []string{"fund", "flow", "payment"},
	Reads: []table.Column{
		positionUnit, positionReceived, positionSent, positionPaid, positionOpenPaid, positionCompiled, positionInKnown, positionAsk, payHow, fundHolder, fundLevel, hopFrom, hopTo, hopSentRef, hopReceivedRef,
		payUnit, payNet,
	},
	Params: []detect.Parameter{overspentAmount},
	Check:  checkHoldOverspent,
}

func checkHoldOverspent(p *detect.Pass) error {
	v := p.View(table.Position)
	if v.Len() == 0 {
		p.NotApplicable(text("该资金无收支记录", "no money of the fund on record"))
		return nil
	}
	unit, received, sent, paidOut := positionUnit.In(v), positionReceived.In(v), positionSent.In(v), positionPaid.In(v)
	openPaid, compiled, known := positionOpenPaid.In(v), positionCompiled.In(v), positionInKnown.In(v)
	for i := range v.Len() {
		p.On("unit", unit[i])
		in, out, given := received.Or(i, 0), sent.Or(i, 0), paidOut.Or(i, 0)
		open := openPaid.Or(i, 0)
		given -= open
		over, limit := out+given-in, overspentAmount.Of(p)
		if over <= limit {
			if most := over + max(open, compiled.Or(i, 0)); most > limit {
				p.Ask(askPayer.of(p, unit[i], most))
			}
			continue
		}
		if known.Or(i, table.No) != table.Yes {
			p.Ask(askReceipts.of(p, unit[i], over))
			continue
		}
		grade := p.Rule.Grade
		if in == 0 {
			grade = detect.E2
		}
		p.Report(detect.Lead{
			Grade: grade, FundNo: p.Group.ID, Amount: over,
			Summary: text(
				fmt.Sprintf("%s收到资金（%s）%s元，拨出和发放共%s元，多支出%s元，建议核实超出部分的来源。", unit[i], p.Group.ID, in, out+given, over),
				fmt.Sprintf("%s received %s yuan of fund %s and paid out %s, %s more; find out where the rest came from.", unit[i], in, p.Group.ID, out+given, over)),
			Facts: []detect.Fact{
				fact("收到", "received", in.String()), fact("拨出", "passed on", out.String()),
				fact("发放支付", "paid out", given.String()), fact("超支", "over", over.String()),
			},
			Evidence: moneyOf(p, unit[i]),
		})
	}
	return nil
}

// moneyOf returns what came to a unit and went on from it; of payments, which
// may be thousands, the first that a sheet says it made, else the first.
func moneyOf(p *detect.Pass, unit string) []detect.Evidence {
	out := transfersOf(p, nil, unit)
	v := p.View(table.Payment)
	payers, how := payUnit.In(v), payHow.In(v)
	first := -1
	for i := range v.Len() {
		if payers[i] != unit {
			continue
		}
		stated := table.ParseHow(how[i]) < table.Inherited
		if first < 0 || stated {
			first = i
		}
		if stated {
			break
		}
	}
	if first < 0 {
		return out
	}
	return addRow(out, detect.Row(v, first, text("发放记录（首笔）", "payments, the first")))
}
