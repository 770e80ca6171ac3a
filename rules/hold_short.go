package rules

import (
	"fmt"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var shortAmount = &detect.Param[table.Fen]{
	Name: "tolerance", Default: 0,
	Doc: text("差额大于此数（元，不含）才提示", "yuan that the gap must exceed"),
}

// HoldShort flags units whose stated balance is less than what came in and did
// not go out.
var HoldShort = &detect.Rule{
	ID:     "hold-short",
	Family: detect.Hold,
	Title:  text("截留", "money neither passed on nor there"),
	Grade:  detect.E0,
	Doc: detect.Doc{
		Purpose: text("查找收到的资金既没有拨出、也不在账面结余中的单位。", "Finds units where money came in that is neither passed on nor in the stated balance."),
		Steps: text(`1. 对每个资金、每个单位，取不晚于计算基准日的最近一次账面结余及其截止日期。
2. 差额 = 截止日前收到 − 截止日前拨出和发放 − 账面结余；未写明由谁支付的名册，凡可能由该单位支付的都算作已支付。
3. 差额大于 tolerance（不含）即提示；不把这些名册算作已支付才超出的，不作线索，列为待查问题。`,
			`1. For each fund and unit the latest stated balance not after the as-of day is taken, with its day.
2. Gap = received − passed on and paid − stated balance, all to that day; rosters of which no sheet says who paid count as paid by the unit wherever it may have paid them.
3. A gap of more than tolerance makes a lead; one that is so only without those rosters is a question.`),
		Formula: "收到 − 拨出 − 发放 − 账面结余 > tolerance （截至结余日）",
		Example: `某镇收到 10 万元，发放 6 万元，账面只剩 1 万元。
-- fund.csv --
fund_no,title,level,amount,issued_on,issuer,holder
甲财农〔2017〕2号,扶贫产业资金,县,100000,2017-03-01,甲县财政局,甲县财政局
-- flow.csv --
fund_no,from_unit,to_unit,sent_amount,sent_on,received_amount,received_on
甲财农〔2017〕2号,甲县财政局,大河镇人民政府,100000,2017-03-08,100000,2017-03-08
-- payment.csv --
beneficiary_name,beneficiary_id,program,amount,pay_date,fund_no,payer
韦大山,459901197001010016,产业扶贫奖补,60000,2017-04-10,甲财农〔2017〕2号,大河镇人民政府
-- balance.csv --
unit,fund_no,as_of,amount,want
大河镇人民政府,甲财农〔2017〕2号,2017-12-31,10000,E0 大河镇人民政府 30000.00 .*30000.00元
`,
		Why: text("既未下拨又不在账上的资金去向不明，可能被截留或挪用。",
			"Money that is neither passed on nor on the books has gone somewhere unknown: kept or used otherwise."),
		Exclusions: text("未提供结余的单位不作判断；账面结余多于应有数的不在此列。",
			"Not judged without a stated balance; a balance larger than it should be is not this rule's."),
		FalseAlarms: text("支出台账或发放名册不全；结余表只列部分资金；结余日与记账日不一致；在途资金。",
			"Ledgers or rosters not complete; a balance sheet that lists some funds only; days of booking and balance differ; money in transit."),
		Verify: text("调取该单位银行对账单和明细账，逐笔核对结余日前的收支；盘点库存现金；查差额对应的支付凭证。",
			"Take bank statements and ledgers, go through receipts and payments to that day; count cash; find the vouchers of the gap."),
		Control: text("结余应按月与指标、拨付、支付三方对账。", "Balances should be reconciled monthly with allocations, transfers and payments."),
	},
	Basis: []detect.Basis{basisWithhold},
	By:    []table.Key{table.Fund},
	Needs: []string{"fund", "flow", "payment", "balance"},
	Reads: []table.Column{
		positionUnit, positionReceived, positionSent, positionPaid, positionStated, positionStatedOn, positionLeastGap, positionMostGap, positionAsk,
		balanceUnit, balanceAsOf, balanceAmount, hopFrom, hopTo, hopSentRef, hopReceivedRef, fundLevel, fundHolder,
	},
	Params: []detect.Parameter{shortAmount},
	Check:  checkHoldShort,
}

func checkHoldShort(p *detect.Pass) error {
	v := p.View(table.Position)
	unit, stated, statedOn, gap := positionUnit.In(v), positionStated.In(v), positionStatedOn.In(v), positionLeastGap.In(v)
	mostGap := positionMostGap.In(v)
	received, sent, paidOut := positionReceived.In(v), positionSent.In(v), positionPaid.In(v)
	if v.Len() == 0 {
		p.NotApplicable(text("该资金无到账记录", "no money of the fund on record"))
		return nil
	}
	for i := range v.Len() {
		p.On("unit", unit[i])
		on, ok := statedOn.At(i)
		missing, known := gap.At(i)
		if !ok || !known {
			p.NotApplicable(text("未提供结余", "no stated balance"))
			continue
		}
		if missing <= shortAmount.Of(p) {
			if most := mostGap.Or(i, 0); most > shortAmount.Of(p) {
				p.Ask(askPayer.of(p, unit[i], most))
			}
			continue
		}
		have := stated.Or(i, 0)
		p.Report(detect.Lead{
			FundNo: p.Group.ID, Amount: missing,
			Summary: text(
				fmt.Sprintf("%s的资金（%s）截至%s，按收支记录应结余%s元，账面结余%s元，有%s元既未拨付也不在账面，建议核实去向。", unit[i], p.Group.ID, date(on).Zh, have+missing, have, missing),
				fmt.Sprintf("By its receipts and payments %s should hold %s yuan of fund %s on %s and states %s: %s yuan are neither passed on nor there; find out where they are.", unit[i], have+missing, p.Group.ID, on, have, missing)),
			Facts: []detect.Fact{
				fact("结余日期", "balance on", on.String()),
				fact("累计收到", "received", received.Or(i, 0).String()),
				fact("累计拨出", "passed on", sent.Or(i, 0).String()),
				fact("累计发放支付", "paid out", paidOut.Or(i, 0).String()),
				fact("账面结余", "stated balance", have.String()),
				fact("差额", "gap", missing.String()),
			},
			Evidence: shortEvidence(p, unit[i], on, have),
		})
	}
	return nil
}

// shortEvidence returns the balance, then what came in and what went on.
func shortEvidence(p *detect.Pass, unit string, on table.Day, have table.Fen) []detect.Evidence {
	var out []detect.Evidence
	b := p.View(table.Balance)
	units, days, amounts := balanceUnit.In(b), balanceAsOf.In(b), balanceAmount.In(b)
	for i := range b.Len() {
		if units[i] == unit && days.Or(i, on) == on && amounts.Or(i, 0) == have {
			out = addRow(out, detect.Row(b, i, roleBalance))
		}
	}
	return transfersOf(p, out, unit)
}
