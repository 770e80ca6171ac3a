package rules

import (
	"fmt"
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

// HoldUnfunded flags payments that cite a fund never issued, or made before it
// was.
var HoldUnfunded = &detect.Rule{
	ID:     "hold-unfunded",
	Family: detect.Hold,
	Title:  text("无源支出", "spending without a fund"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找发放、付款记录所列指标文号查无下达记录，或发放、付款日期早于下达日期的情形。",
			"Finds payments and transfers that cite an allocation number never issued, or that were made before it was."),
		Steps: text(`1. 按资金归集写明指标文号的发放记录，再按发放单位分开；发放单位只由标题、文件名推断的（可能只是编制单位），线索以该资金为对象。
2. 指标表中没有该文号、但有同一机关同一年度其他文号的，该文号名下的发放全部提示；有转拨记录而无指标的降为 E2。同一机关同一年度的文件一份也没有的，不作线索，列为待查问题。
3. 有指标的，发放日期早于最早的下达日期（同日不计）的提示。
4. 拨付台账同样判断，只看资金在收款方终了（收款方既不再拨出也不按名册发放）的拨付，按拨出单位分开；查无文号的为 E2。`,
			`1. Payments that cite a fund are taken by fund and then by payer; where only a title or file name gives the payer, who may have compiled the roster and no more, the lead is about the fund.
2. Where no allocation has the number but others of that office and year are there, all of them make a lead; E2 where transfers of the fund are on record. Where none of that office and year is there, it is a question.
3. Else those dated before the earliest day of issue (the same day is not) make a lead.
4. So do transfers, by sender, where the money ends: the receiver neither sends it on nor pays it by roster; E2 where the number is unknown.`),
		Formula: "文号 ∉ 指标表 ∨ 发放或付款日期 < min（下达日期）",
		Example: `名册所列文号在指标表中查不到。
-- fund.csv --
fund_no,title,level,amount,issued_on,issuer,holder
甲财农〔2017〕4号,扶贫产业资金,县,100000,2017-03-01,甲县财政局,甲县财政局
-- flow.csv --
fund_no,from_unit,to_unit,sent_amount,sent_on,received_amount,received_on
甲财农〔2017〕4号,甲县财政局,大河镇人民政府,100000,2017-03-08,100000,2017-03-08
-- payment.csv --
beneficiary_name,beneficiary_id,program,amount,pay_date,fund_no,payer,want
韦大山,459901197001010016,产业扶贫奖补,3000,2017-04-10,甲财农〔2017〕99号,大河镇人民政府,E1 大河镇人民政府 3000.00 .*99号
`,
		Why: text("查无来源的支出，可能是虚列名册套取，也可能挪用了其他资金。",
			"Spending without a source may be a made-up roster, or other money used."),
		Exclusions: text("未写明指标文号的发放不作判断；停发、未发、退回的不计；指标无下达日期的不判断先后。",
			"Payments that cite no fund are not judged; rows not paid or returned are not counted; the order is not judged where the day of issue is absent."),
		FalseAlarms: text("文号写法不一或录错；指标表不全（上级直达、以前年度结转）；先垫付后归垫。",
			"A number written another way; allocations not supplied (direct funds, carried over); advances made good later."),
		Verify: text("向财政部门查证该文号；看资金实际从哪个账户、哪个指标支出；查垫付审批。",
			"Ask the finance office for the number; see from which account and allocation the money went; look for approval of an advance."),
		Control: text("支付系统应校验指标文号存在且有余额后方可支付。", "The system should check that the allocation exists and has money before it pays."),
	},
	Basis: []detect.Basis{basisFraud, basisWithhold},
	By:    []table.Key{table.Fund},
	Needs: []string{"payment", "flow", "fund"},
	Reads: []table.Column{
		payFundBy, payUnit, payPayer, payHow, payNet, payDate, fundIssuedOn,
		hopFrom, hopTo, hopSent, hopReceived, hopSentOn, hopReceivedOn, hopSentRef, hopReceivedRef,
	},
	Baselines: []detect.Measure{noticed},
	Check:     checkHoldUnfunded,
}

// noticed counts the funds of each office and year that the input has notices of.
var noticed = &detect.Baseline[int]{
	Name: "noticed",
	By:   table.Fund,
	Read: []table.Column{fundHolder},
	Key: func(p *detect.Pass) (string, bool) {
		series := seriesOf(p.Group.ID)
		return series, series != "" && p.View(table.Allocation).Len() > 0
	},
	Of:    func(*detect.Pass) int { return 1 },
	Merge: func(a, b int) int { return a + b },
}

// seriesOf returns office and year of a document's number, 甲财农〔2017〕 of
// 甲财农〔2017〕8号; "" of a number in another form.
func seriesOf(fund string) string {
	office, _, ok := strings.Cut(fund, "〕")
	if !ok {
		return ""
	}
	return office + "〕"
}

// A spending is what one payer paid of a fund without it, by roster or by
// transfer.
type spending struct {
	payer    string
	byLedger bool
	amount   table.Fen
	n        int
	earliest table.Day
	evidence []detect.Evidence
}

// spendings adds up by payer what was spent without the fund.
type spendings struct {
	all         []spending
	issued      bool // the fund was issued: only what was spent before counts
	on          table.Day
	dated       bool // the day of issue is known
	judged, any bool
}

// add takes down one payment or transfer and returns the spending that it is
// part of, nil where the fund was there.
func (s *spendings) add(payer string, byLedger bool, amount table.Fen, day table.Day, dated bool) *spending {
	s.any = true
	if s.issued {
		if !s.dated || !dated {
			return nil
		}
		s.judged = true
		if day >= s.on {
			return nil
		}
	}
	s.judged = true
	k := slices.IndexFunc(s.all, func(o spending) bool { return o.payer == payer && o.byLedger == byLedger })
	if k < 0 {
		k = len(s.all)
		s.all = append(s.all, spending{payer: payer, byLedger: byLedger, earliest: day})
	}
	o := &s.all[k]
	o.amount, o.n = o.amount+amount, o.n+1
	if dated {
		o.earliest = min(o.earliest, day)
	}
	return o
}

func checkHoldUnfunded(p *detect.Pass) error {
	v, h, funds := p.View(table.Payment), p.View(table.Hop), p.View(table.Allocation)
	by, unit, payer, how := payFundBy.In(v), payUnit.In(v), payPayer.In(v), payHow.In(v)
	net, day := payNet.In(v), payDate.In(v)
	s := spendings{issued: funds.Len() > 0}
	s.on, s.dated = firstIssue(funds)
	passes := map[string]bool{}
	for i := range v.Len() {
		passes[unit[i]] = true
		fen := net.Or(i, 0)
		if by[i] != "cited" || fen == 0 {
			continue
		}
		on, dated := day.At(i)
		who := firstOf(unit[i], payer[i])
		if table.ParseHow(how[i]) >= table.Inherited {
			who = "" // whoever compiled the roster need not have paid it
		}
		if o := s.add(who, false, fen, on, dated); o != nil {
			o.evidence = append(o.evidence, detect.Row(v, i, rolePayment))
		}
	}
	from, to, sent, received := hopFrom.In(h), hopTo.In(h), hopSent.In(h), hopReceived.In(h)
	sentOn, receivedOn, sentRef, receivedRef := hopSentOn.In(h), hopReceivedOn.In(h), hopSentRef.In(h), hopReceivedRef.In(h)
	for _, u := range from {
		passes[u] = true
	}
	for i := range h.Len() {
		if passes[to[i]] {
			continue
		}
		on, dated := sentOn.At(i)
		if !dated {
			on, dated = receivedOn.At(i)
		}
		if o := s.add(from[i], true, sent.Or(i, received.Or(i, 0)), on, dated); o != nil {
			o.evidence = hopRows(o.evidence, sentRef, receivedRef, i)
		}
	}
	switch {
	case s.judged:
	case !s.any && v.Len() == 0:
		p.NotApplicable(noPayment)
	default:
		p.NotApplicable(text("发放未写明指标文号，或缺发放日期、下达日期", "payments cite no fund, or the days of payment or issue are absent"))
	}
	known := s.issued || noticed.At(p, seriesOf(p.Group.ID)) > 0
	for _, o := range s.all {
		switch {
		case o.amount <= 0:
		case known:
			reportUnfunded(p, o, s)
		default:
			p.Ask(detect.Question{What: openNotice, Office: o.payer, Document: docNotice, About: []detect.About{{FundNo: p.Group.ID, Units: []string{firstOf(o.payer, "-")}}}, Amount: o.amount})
		}
	}
	return nil
}

// firstIssue returns the earliest day of issue.
func firstIssue(funds table.View) (first table.Day, ok bool) {
	on := fundIssuedOn.In(funds)
	for i := range funds.Len() {
		if d, dated := on.At(i); dated && (!ok || d < first) {
			first, ok = d, true
		}
	}
	return first, ok
}

func reportUnfunded(p *detect.Pass, o spending, s spendings) {
	fund := p.Group.ID
	l := detect.Lead{Subject: detect.Subject{Kind: "unit", Key: o.payer}, FundNo: fund, Amount: o.amount, Evidence: o.evidence}
	if o.payer == "" {
		l.Subject, l.FundNo = detect.Subject{}, ""
	}
	who, whoEn := firstOf(o.payer, "未写明发放单位的名册"), firstOf(o.payer, "a roster that states no payer")
	what, whatEn := "发放", "payments"
	if o.byLedger {
		what, whatEn, l.Item = "付款", "transfers", "transfers"
	}
	if s.issued {
		l.Item += "early"
		l.Summary = text(
			fmt.Sprintf("%s列支资金（%s）的%d笔%s共%s元，最早%s%s，早于该资金%s下达，建议核实资金来源。", who, fund, o.n, what, o.amount, date(o.earliest).Zh, what, date(s.on).Zh),
			fmt.Sprintf("%s charged %d %s of %s yuan to fund %s from %s on, before it was issued on %s; find out what they were paid from.", whoEn, o.n, whatEn, o.amount, fund, o.earliest, s.on))
		l.Facts = []detect.Fact{fact("下达日期", "issued on", s.on.String()), fact("最早"+what+"日期", "first paid on", o.earliest.String())}
	} else {
		if p.View(table.Hop).Len() > 0 {
			l.Grade = detect.E2
		}
		l.Summary = text(
			fmt.Sprintf("%s有%d笔%s共%s元列支指标文号%s，指标表中查无该文号，建议核实资金来源。", who, o.n, what, o.amount, fund),
			fmt.Sprintf("%s charged %d %s of %s yuan to allocation %s, which no allocation table has; find out what they were paid from.", whoEn, o.n, whatEn, o.amount, fund))
	}
	l.Facts = append(l.Facts, fact("指标文号", "fund", fund), fact("笔数", whatEn, fmt.Sprint(o.n)), fact("金额", "sum", o.amount.String()))
	p.Report(l)
}
