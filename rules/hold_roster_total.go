package rules

import (
	"fmt"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var rosterTotalTolerance = &detect.Param[table.Fen]{
	Name: "tolerance", Default: 0,
	Doc: text("名册合计与下达金额相差超过此数（元，不含）才提示", "yuan by which roster and money sent down must differ, exclusive"),
}

// HoldRosterTotal flags funds whose rosters do not add up to what was sent down
// to the units that pay them.
var HoldRosterTotal = &detect.Rule{
	ID:     "hold-roster-total",
	Family: detect.Hold,
	Title:  text("名册与下达不符", "roster differs from money sent down"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找发放名册合计与下达给发放单位的金额不一致的资金。", "Finds funds whose rosters differ from the money sent down to the units that pay them."),
		Steps: text(`1. 只看按名册发放过该资金的单位：下达数为直接下达给它的指标加转入、减转出（按拨出方所记，没有的取收款方所记）；名册数为该单位按该资金发放的合计（两表重复报送的算一次，退回冲减）。
2. 名册数小于下达数、差额又不超过该单位申报的结余的，视为尚未发完，差额不计。
3. 各单位差额的绝对值合计大于 tolerance（元，不含）即提示。最后一笔转入距计算基准日不超过 pass_down_days 天（含）的单位不作判断。`,
			`1. Units that paid the fund by roster are looked at: sent down is what was allotted to them and transferred in, less out (as the sender booked it, else the receiver); the roster is what they paid of it, returns taken off and repeated reports counted once.
2. Where the roster is smaller and the unit states a balance of at least the difference, the money is still to be paid and is not counted.
3. Differences, without sign, of more than tolerance (yuan, exclusive) in all make a lead. A unit whose last money came within pass_down_days (inclusive) of the as-of day is not judged.`),
		Formula: "Σ单位 |下达 + 转入 − 转出 − 名册合计| > tolerance",
		Example: `下达某镇 5 万元，名册只有 4.5 万元，又没有结余。
-- fund.csv --
fund_no,title,level,amount,issued_on,issuer,holder
甲财农〔2017〕6号,扶贫产业资金,县,50000,2017-03-01,甲县财政局,甲县财政局
-- flow.csv --
fund_no,from_unit,to_unit,sent_amount,sent_on,received_amount,received_on,want
甲财农〔2017〕6号,甲县财政局,大河镇人民政府,50000,2017-03-08,50000,2017-03-08,E1 甲财农.*号 5000.00 .*下达50000.00元.*名册合计45000.00元
-- payment.csv --
beneficiary_name,beneficiary_id,program,amount,pay_date,fund_no,payer
韦大山,459901197001010016,产业扶贫奖补,45000,2017-03-20,甲财农〔2017〕6号,大河镇人民政府
`,
		Why:        text("名册少于下达，差额可能被截留；名册多于下达，可能虚列人数。", "A roster below the money sent leaves a rest that somebody has; one above it may name people who got nothing."),
		Exclusions: text("付给施工单位的项目资金不比；未按名册发放该资金的单位不比。", "Project money paid to contractors is not compared, nor units without a roster of the fund."),
		FalseAlarms: text("名册材料不全；一个文号的资金分几次发放，余下的未报送；部分人员并入其他文号发放；发放失败后尚未重发。",
			"Rosters that were not handed in; people paid under another number; payments that failed and are to be made again."),
		Verify:  text("调取该文号全部发放名册和银行回盘，按人数、标准重新计算；核对差额去向。", "Get all rosters and bank returns of the number, add them up by heads and standard, and find the rest."),
		Control: text("名册汇总数应与支付申请、指标逐笔核对。", "Roster, payment request and allocation should be checked against each other."),
	},
	Basis: []detect.Basis{basisWithhold, basisFraud},
	By:    []table.Key{table.Fund},
	Needs: []string{"payment", "flow", "fund"},
	Reads: []table.Column{
		positionUnit, positionPaid, positionStated, fundHolder, fundAmount, fundLevel,
		hopFrom, hopTo, hopSent, hopReceived, hopSentOn, hopReceivedOn, hopSentRef, hopReceivedRef, payUnit, payAmount, payMatch,
	},
	Params: []detect.Parameter{rosterTotalTolerance},
	Check:  checkHoldRosterTotal,
}

func checkHoldRosterTotal(p *detect.Pass) error {
	v := p.View(table.Position)
	unit, paidOut, stated := positionUnit.In(v), positionPaid.In(v), positionStated.In(v)
	var sent, roster, apart table.Fen
	var facts []detect.Fact
	var evidence []detect.Evidence
	judged, fresh := false, false
	payers := map[string]bool{}
	for _, u := range payUnit.In(p.View(table.Payment)) {
		payers[u] = true
	}
	for i := range v.Len() {
		paid := paidOut.Or(i, 0)
		if !payers[unit[i]] || unit[i] == "" || paid <= 0 {
			continue
		}
		in, last, ok := sentDown(p, unit[i])
		if !ok {
			continue
		}
		if last != 0 && int(p.AsOf-last) <= p.Policy.Deadlines.PassDown {
			fresh = true
			continue
		}
		judged = true
		d := in - paid
		if d > 0 && stated.Or(i, 0) >= d {
			d = 0
		}
		sent, roster, apart = sent+in, roster+paid, apart+max(d, -d)
		if d != 0 {
			facts = append(facts, fact("单位、下达、名册", "unit, sent down, roster", fmt.Sprintf("%s  %s  %s", unit[i], in, paid)))
			for _, e := range moneyOf(p, unit[i]) {
				if len(evidence) < mostEvidence {
					evidence = addRow(evidence, e)
				}
			}
		}
	}
	switch {
	case !judged && fresh:
		p.NotApplicable(text("资金刚下达，尚在规定天数内", "the money came within the days allowed"))
		return nil
	case !judged:
		p.NotApplicable(text("该资金没有可对照的名册和下达记录", "the fund has no roster with money sent down for it"))
		return nil
	case apart <= rosterTotalTolerance.Of(p):
		return nil
	}
	p.Report(detect.Lead{
		Amount: apart,
		Summary: text(
			fmt.Sprintf("资金（%s）向发放单位下达%s元，发放名册合计%s元，有%d个单位不符，相差共%s元，建议核实。", p.Group.ID, sent, roster, len(facts), apart),
			fmt.Sprintf("Of fund %s, %s yuan were sent down and the rosters come to %s; %d units differ by %s in all; to be checked.", p.Group.ID, sent, roster, len(facts), apart)),
		Facts:    facts,
		Evidence: evidence,
	})
	return nil
}

// sentDown returns what was allotted and sent to a unit of a fund less what it
// sent on, and the day the last of it came; ok is false where nothing came.
func sentDown(p *detect.Pass, unit string) (sum table.Fen, last table.Day, ok bool) {
	a := p.View(table.Allocation)
	amount := fundAmount.In(a)
	for i, holder := range fundHolder.In(a) {
		if holder == unit {
			sum, ok = sum+amount.Or(i, 0), true
		}
	}
	h := p.View(table.Hop)
	from, to, sent, received := hopFrom.In(h), hopTo.In(h), hopSent.In(h), hopReceived.In(h)
	sentOn, receivedOn := hopSentOn.In(h), hopReceivedOn.In(h)
	for i := range h.Len() {
		x := sent.Or(i, received.Or(i, 0))
		switch {
		case from[i] == to[i]:
		case to[i] == unit:
			sum, ok = sum+x, true
			last = max(last, receivedOn.Or(i, sentOn.Or(i, 0)))
		case from[i] == unit:
			sum -= x
		}
	}
	return sum, last, ok
}
