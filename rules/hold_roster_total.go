package rules

import (
	"fmt"
	"maps"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var rosterTotalTolerance = &detect.Param[table.Fen]{
	Name: "tolerance", Default: 0,
	Doc: text("名册合计与下达金额相差超过此数（元，不含）才提示", "yuan by which roster and money sent down must differ, exclusive"),
}

var rosterTotalOff = &detect.Param[float64]{
	Name: "min_off_percent", Default: 10,
	Doc: text("名册中金额不等于标准×数量的行达到此比例（%，含，且不过半）才比较人数×标准", "percent of a roster's rows that must not keep to the standard, inclusive and at most half, for heads × standard to be compared"),
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
		Steps: text(`1. 只看按名册发放过该资金的单位：下达数为直接下达给它的指标加转入、减转出（按拨出方所记，没有的取收款方所记）；名册数为该单位按该资金发放的合计（两表重复报送的算一次，退回冲减）。拨付和名册都注明同一项目编号的，按项目分别比较。
2. 名册数小于下达数的，差额先扣除该单位申报的结余（视为尚未发完）。
3. 上述相符、而名册各行为同一补助标准且至少半数行的金额等于标准×数量、至少 min_off_percent%（含）的行不等的，再比较人数×标准与下达数。
4. 各单位差额的绝对值合计大于 tolerance（元，不含）即提示。最后一笔转入距计算基准日不超过 pass_down_days 天（含）的单位不作判断。`,
			`1. Units that paid the fund by roster are looked at: sent down is what was allotted to them and transferred in, less out (as the sender booked it, else the receiver); the roster is what they paid of it, returns taken off and repeated reports counted once. Where transfers and roster name the same project number, each project is compared by itself.
2. Where the roster is smaller, the balance that the unit states comes off the difference: it is still to be paid.
3. Where these agree, and all rows of the roster state one standard that at least half of them keep to (times quantity) and at least min_off_percent (inclusive) do not, heads × standard is compared with what was sent down.
4. Differences, without sign, of more than tolerance (yuan, exclusive) in all make a lead. A unit whose last money came within pass_down_days (inclusive) of the as-of day is not judged.`),
		Formula: "Σ单位、项目 |下达 + 转入 − 转出 − 名册合计（或人数 × 标准）| > tolerance",
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
		positionUnit, positionStated, fundHolder, fundRepeated, fundAmount, fundLevel,
		hopFrom, hopTo, hopSent, hopReceived, hopSentOn, hopReceivedOn, hopProject, hopSentRef, hopReceivedRef,
		positionOpenPaid, positionMayPay, positionAsk, payHow, payUnit, payProject, payNet, payRefused, payKind, payStandard, payQuantity,
	},
	Params: []detect.Parameter{rosterTotalTolerance, rosterTotalOff},
	Check:  checkHoldRosterTotal,
}

func checkHoldRosterTotal(p *detect.Pass) error {
	v := p.View(table.Position)
	unit, stated := positionUnit.In(v), positionStated.In(v)
	openPaid, mayPay := positionOpenPaid.In(v), positionMayPay.In(v)
	var sent, listed, apart table.Fen
	var facts []detect.Fact
	var evidence []detect.Evidence
	judged, fresh, units := false, false, 0
	byHeads, byHeadsEn := "", "" // of the last unit that differs by heads × standard
	rosters := rostersOf(p)
	for i := range v.Len() {
		r := rosters[unit[i]]
		if r == nil || unit[i] == "" || r.paid.sum() <= 0 {
			continue
		}
		down, left := sentDown(p, unit[i]), stated.Or(i, 0)
		if !down.any {
			continue
		}
		if down.last != 0 && int(p.AsOf-down.last) <= p.Policy.Deadlines.PassDown {
			fresh = true
			continue
		}
		judged = true
		sent, listed = sent+down.of.sum(), listed+r.paid.sum()
		if may := mayPay.Or(i, 0); may != 0 {
			stated := r.paid.sum() - openPaid.Or(i, 0)
			if in := down.of.sum(); in >= stated && in-left <= stated+may { // some reading agrees
				if in != r.paid.sum() && in-left != r.paid.sum() {
					q := askPayer.of(p, unit[i], distance(in, r.paid.sum()))
					q.About[0].Units = []string{unit[i]}
					p.Ask(q)
				}
				continue
			}
		}
		off := false
		differ := func(what string, in, paid table.Fen) {
			d := in - paid
			if still := min(d, left); still > 0 { // to be paid yet
				d, left = d-still, left-still
			}
			if d == 0 {
				return
			}
			off, apart = true, apart+max(d, -d)
			facts = append(facts, fact("单位、下达、名册", "unit, sent down, roster", fmt.Sprintf("%s  %s  %s", what, in, paid)))
		}
		in, paid := down.of.sum(), r.paid.sum()
		for _, project := range slices.Sorted(maps.Keys(r.paid)) {
			if x := down.of[project]; down.sentFor[project] && project != "" && r.paid[project] != 0 {
				differ(unit[i]+" "+project, x, r.paid[project])
				in, paid = in-x, paid-r.paid[project]
			}
		}
		differ(unit[i], in, paid) // of no project, or of one that only one side names
		total := r.paid.sum()
		if heads := r.byHeads(rosterTotalOff.Of(p)); heads != 0 && heads != total && total == down.of.sum() && !off {
			differ(fmt.Sprintf("%s %d×%s", unit[i], r.rows, r.standard), total, heads)
			byHeads, byHeadsEn = fmt.Sprintf("（%s按%d人×标准%s元应为%s元）", unit[i], r.rows, r.standard, heads), fmt.Sprintf(" (%s: %d heads × %s would be %s)", unit[i], r.rows, r.standard, heads)
		}
		if off {
			units++
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
			fmt.Sprintf("资金（%s）向发放单位下达%s元，发放名册合计%s元%s，有%d个单位不符，相差共%s元，建议核实。", p.Group.ID, sent, listed, byHeads, units, apart),
			fmt.Sprintf("Of fund %s, %s yuan were sent down and the rosters come to %s%s; %d units differ by %s in all; to be checked.", p.Group.ID, sent, listed, byHeadsEn, units, apart)),
		Facts:    facts,
		Evidence: evidence,
	})
	return nil
}

// byProject is money by project, "" where none is named.
type byProject map[string]table.Fen

func (m byProject) sum() (s table.Fen) {
	for _, x := range m {
		s += x
	}
	return s
}

// A roster is what one unit paid of the fund by roster.
type roster struct {
	paid      byProject // returns taken off
	standard  table.Fen // of every row; 0 where they differ or lack one
	rows, fit int       // rows, and those that are standard × quantity
	due       table.Fen // Σ standard × quantity
}

// byHeads returns heads × standard, if the roster states one standard for all
// and at least half of its rows keep to it and least percent do not; else 0. Few
// rows that do not are over-standard's matter.
func (r *roster) byHeads(least float64) table.Fen {
	off := r.rows - r.fit
	if r.standard == 0 || off > r.fit || float64(100*off) < least*float64(r.rows) {
		return 0
	}
	return r.due
}

// rostersOf adds up the fund's rosters by unit.
func rostersOf(p *detect.Pass) map[string]*roster {
	v := p.View(table.Payment)
	unit, project, net := payUnit.In(v), payProject.In(v), payNet.In(v)
	refused, kind, standard, quantity := payRefused.In(v), payKind.In(v), payStandard.In(v), payQuantity.In(v)
	out := map[string]*roster{}
	for i := range v.Len() {
		r := out[unit[i]]
		if r == nil {
			r = &roster{paid: byProject{}}
			out[unit[i]] = r
		}
		fen := net.Or(i, 0)
		r.paid[project[i]] += fen + refused.Or(i, 0) // which stands on the roster still
		if fen <= 0 || kind[i] != "paid" && kind[i] != "instalment" {
			continue
		}
		s := standard.Or(i, 0)
		due := times(s, quantity.Or(i, table.QuantityUnit))
		if r.rows++; r.rows == 1 {
			r.standard = s
		} else if s != r.standard {
			r.standard = 0
		}
		r.due += due
		if due == fen {
			r.fit++
		}
	}
	return out
}

// down is what was allotted and sent to a unit of a fund less what it sent on.
type down struct {
	of      byProject
	sentFor map[string]bool // projects that what came names
	last    table.Day       // the day the last of it came
	any     bool            // something came
}

func sentDown(p *detect.Pass, unit string) down {
	d := down{of: byProject{}, sentFor: map[string]bool{}}
	a := p.View(table.Allocation)
	amount, repeated := fundAmount.In(a), fundRepeated.In(a)
	for i, holder := range fundHolder.In(a) {
		if holder == unit && repeated.Or(i, 0) == 0 {
			d.of[""] += amount.Or(i, 0)
			d.any = true
		}
	}
	h := p.View(table.Hop)
	from, to, sent, received := hopFrom.In(h), hopTo.In(h), hopSent.In(h), hopReceived.In(h)
	sentOn, receivedOn, project := hopSentOn.In(h), hopReceivedOn.In(h), hopProject.In(h)
	for i := range h.Len() {
		x := sent.Or(i, received.Or(i, 0))
		switch {
		case from[i] == to[i]:
		case to[i] == unit:
			d.of[project[i]] += x
			d.any, d.sentFor[project[i]] = true, true
			d.last = max(d.last, receivedOn.Or(i, sentOn.Or(i, 0)))
		case from[i] == unit:
			d.of[project[i]] -= x
		}
	}
	return d
}
