package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fundtrace/pipeline/rank"
	"fundtrace/pipeline/table"
)

// A fund is one fund's chain and what its leads come to.
type fund struct {
	*flow
	leads  int
	amount table.Fen // in question, over its leads
}

// newFunds gathers every fund: first those with leads, the most money in
// question first, then the others by number.
func newFunds(d *Data, leads []*rank.Lead) []*fund {
	var out []*fund
	of := map[string]*fund{}
	for _, f := range flows(d.Tables, d.Funds) {
		of[f.FundNo] = &fund{flow: f}
		out = append(out, of[f.FundNo])
	}
	for _, l := range leads {
		if f := of[l.FundNo]; f != nil && l.Status != "gone" {
			f.leads++
			f.amount += l.Amount
		}
	}
	for _, f := range out {
		slices.SortStableFunc(f.positions, func(a, b position) int {
			return cmp.Or(cmp.Compare(a.depth, b.depth), cmp.Compare(b.received, a.received), cmp.Compare(a.unit, b.unit))
		})
		at := map[string]int{}
		for i, p := range f.positions {
			at[p.unit] = i
		}
		slices.SortStableFunc(f.hops, func(a, b hop) int {
			return cmp.Or(cmp.Compare(at[a.to], at[b.to]), cmp.Compare(a.sentOn, b.sentOn), cmp.Compare(a.from, b.from))
		})
	}
	slices.SortStableFunc(out, func(a, b *fund) int {
		return cmp.Or(cmp.Compare(min(b.leads, 1), min(a.leads, 1)), cmp.Compare(b.amount, a.amount), cmp.Compare(a.FundNo, b.FundNo))
	})
	return out
}

// identity puts a fund's money into one line.
func (f *flow) identity(lang string) string {
	say := "下达 %s = 到户 %s + 付工程和供应商 %s + 单位结存 %s + 在途 %s + 未说明 %s"
	if lang == "en" {
		say = "allocated %s = households %s + suppliers %s + held %s + in transit %s + unexplained %s"
	}
	return fmt.Sprintf(say, thousands(f.Allocated), thousands(f.Households), thousands(f.Suppliers), thousands(f.Held), thousands(f.InTransit), thousands(f.Unexplained))
}

// chains is each fund hop by hop: a line for the fund, then a line for every
// transfer, with where the money stands at the receiving unit beside the first
// transfer that reaches it.
func (b *book) chains(leads []*rank.Lead) sheet {
	var all [][]any
	m := func(v int64) any {
		if v == table.Null {
			return nil
		}
		return table.Fen(v)
	}
	on := func(v int64) any {
		if v == table.Null {
			return nil
		}
		return day(v)
	}
	num := func(v int64) any {
		if v == table.Null {
			return nil
		}
		return int(v)
	}
	unexplained := func(v int64) any {
		if v == table.Null || v == 0 {
			return m(v)
		}
		return styled{table.Fen(v), strongMoney}
	}
	stand := func(p position) []any {
		return []any{m(p.sentOn), m(p.paidOut), m(p.stated), m(p.held), unexplained(p.unexplained), num(p.idle)}
	}
	for _, f := range newFunds(b.d, leads) {
		head := make([]any, 16)
		for i := range head {
			head[i] = styled{"", strong}
		}
		head[0], head[1] = styled{f.FundNo, strong}, styled{b.t("资金", "fund"), strong}
		text := f.title()
		if on := f.issuedOn(); on != table.Null {
			text += b.t("，下达日期 ", ", issued ") + table.Day(on).String()
		}
		if f.leads > 0 {
			text += fmt.Sprintf(b.t("，线索 %d 条", ", %d leads"), f.leads)
		}
		head[2] = spanned{styled{strings.TrimPrefix(strings.TrimPrefix(text, "，"), ", "), strong}, 6}
		head[8] = spanned{styled{f.identity(b.d.Lang), strong}, 8}
		all = append(all, head)

		to := map[string][]hop{}
		for _, h := range f.hops {
			to[h.to] = append(to[h.to], h)
		}
		line := func(depth any, h hop) []any {
			var days any
			if h.days >= 0 {
				days = h.days
			}
			return []any{f.FundNo, depth, h.from, h.to, m(h.sent), on(h.sentOn), m(h.got), on(h.gotOn), days}
		}
		for _, p := range f.positions {
			hops := to[p.unit]
			delete(to, p.unit)
			if len(hops) == 0 {
				all = append(all, append(append([]any{f.FundNo, num(p.depth), "", p.unit, nil, nil, m(p.received), nil, nil}, stand(p)...), ""))
				continue
			}
			for i, h := range hops {
				beside := make([]any, 6)
				if i == 0 {
					beside = stand(p)
				}
				all = append(all, append(append(line(num(p.depth), h), beside...), b.hopNote(h)))
			}
		}
		for _, h := range f.hops {
			if to[h.to] != nil { // a unit without a position
				all = append(all, append(append(line(nil, h), make([]any, 6)...), b.hopNote(h)))
			}
		}
	}
	return sheet{
		name:  b.t("资金链", "Chains"),
		title: b.t("资金链（逐环节）", "Funds hop by hop"),
		note: b.t("单位：元。有线索的资金在前，涉及金额大的在前。每笔资金一行总账，其后每个环节一行；右侧“收款单位”各列为该单位收到这笔资金以后的去向和结存，只在到达该单位的第一行列出。",
			"Yuan. Funds with leads first, the largest first. A line of account for each fund, then a line for each transfer; the columns on the right say what the receiving unit did with the money, on the first line that reaches it."),
		cols: []col{
			{head: b.t("指标文号", "Fund"), width: 13, look: plain},
			{head: b.t("层级", "Level"), width: 5, look: centered},
			{head: b.t("拨出单位", "From"), width: 12, look: plain},
			{head: b.t("收款单位", "To"), width: 14, look: plain},
			{head: b.t("拨出金额", "Sent"), width: 14.5, look: money},
			{head: b.t("拨出日期", "Sent on"), width: 10.5, look: date},
			{head: b.t("收到金额", "Received"), width: 14.5, look: money},
			{head: b.t("收到日期", "Received on"), width: 10.5, look: date},
			{head: b.t("在途天数", "Days"), width: 5.5, look: whole},
			{head: b.t("收款单位：转拨", "Receiver: sent on"), width: 14.5, look: money},
			{head: b.t("收款单位：发放支付", "Receiver: paid out"), width: 14.5, look: money},
			{head: b.t("收款单位：账面结余", "Receiver: stated balance"), width: 14.5, look: money},
			{head: b.t("收款单位：应有结存", "Receiver: held"), width: 14.5, look: money},
			{head: b.t("收款单位：未说明", "Receiver: unexplained"), width: 13.5, look: money},
			{head: b.t("最长停留天数", "Longest stay, days"), width: 7, look: whole},
			{head: b.t("说明与出处", "Remarks and source"), width: 30, look: plain},
		},
		rows: len(all),
		row:  func(i int) []any { return all[i] },
	}
}

// hopNote says how the two sides of a transfer fit and where they stand.
func (b *book) hopNote(h hop) string {
	var parts []string
	if h.sentLess != 0 {
		parts = append(parts, fmt.Sprintf(b.t("拨出比收到多 %s 元", "sent exceeds received by %s"), thousands(h.sentLess)))
	}
	if h.pairing != "" && h.pairing != "row" && h.pairing != "exact" {
		parts = append(parts, say(h.pairing, b.d.Lang))
	}
	where := func(r table.Ref) string {
		p := b.d.Intake.Sources.Place(r)
		if p.Row == 0 {
			return ""
		}
		return fmt.Sprintf(b.t("%s [%s] 第%d行", "%s [%s] row %d"), p.File, p.Sheet, p.Row)
	}
	one, two := where(h.sentRef), where(h.gotRef)
	switch {
	case one == two || two == "":
		parts = append(parts, one)
	case one == "":
		parts = append(parts, two)
	default:
		parts = append(parts, b.t("拨出：", "sent: ")+one, b.t("收到：", "received: ")+two)
	}
	return strings.Trim(strings.Join(parts, "\n"), "\n")
}
