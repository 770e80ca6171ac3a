package report

import (
	"slices"
	"strings"

	"fundtrace/pipeline/chain"
	"fundtrace/pipeline/table"
)

// A flow is one fund's chain, gathered from the derived tables once for the
// sheet, the drawing and the tree in the terminal.
type flow struct {
	chain.Identity
	notices   []notice
	positions []position // nearest to the issuer first
	hops      []hop      // in order of their units
}

// A notice is one line of an allocation.
type notice struct {
	title, issuer, holder string
	on, amount            int64 // may be table.Null
}

// A position is where the fund stands at one unit; amounts may be table.Null.
type position struct {
	unit                                                              string
	depth, received, sentOn, paidOut, stated, held, unexplained, idle int64
	statedOn                                                          int64
}

// A hop is one transfer between two units.
type hop struct {
	from, to, pairing        string
	sent, sentOn, got, gotOn int64
	sentRef, gotRef          table.Ref
	fromKept, toKept         bool      // the input has that side's books of the fund and the time
	sentLess                 table.Fen // sent less received, where both sides are known
	days                     int       // from sent to received, -1 if not known
}

// flows gathers the funds' chains from the tables of a run, in order of number.
func flows(set *table.Set, funds []chain.Identity) []*flow {
	var out []*flow
	of := map[string]*flow{}
	get := func(no string) *flow {
		f := of[no]
		if f == nil {
			f = &flow{Identity: chain.Identity{FundNo: no}}
			of[no] = f
			out = append(out, f)
		}
		return f
	}
	for _, id := range funds {
		get(id.FundNo).Identity = id
	}

	a := set.Get(table.Allocation)
	no, title, issuer, holder := textOf(a, "_fund"), textOf(a, "title"), textOf(a, "_issuer"), textOf(a, "_holder")
	on, amount := numberOf(a, "issued_on"), numberOf(a, "amount")
	for i := range a.Len() {
		if f := of[no(i)]; f != nil {
			f.notices = append(f.notices, notice{title(i), issuer(i), holder(i), on(i), amount(i)})
		}
	}

	p := set.Get(table.Position)
	no = textOf(p, "fund_no")
	unit, depth, received, sentOn := textOf(p, "unit"), numberOf(p, "depth"), numberOf(p, "received"), numberOf(p, "sent_on")
	paid, stated, held := numberOf(p, "paid_out"), numberOf(p, "stated_balance"), numberOf(p, "held")
	unexplained, idle, statedOn := numberOf(p, "unexplained"), numberOf(p, "longest_idle_days"), numberOf(p, "stated_on")
	for i := range p.Len() {
		f := get(no(i))
		f.positions = append(f.positions, position{unit(i), depth(i), received(i), sentOn(i), paid(i), stated(i), held(i), unexplained(i), idle(i), statedOn(i)})
	}

	h := set.Get(table.Hop)
	no = textOf(h, "fund_no")
	from, to, pairing := textOf(h, "from_unit"), textOf(h, "to_unit"), textOf(h, "pairing")
	sent, day1, got, day2 := numberOf(h, "sent_amount"), numberOf(h, "sent_on"), numberOf(h, "received_amount"), numberOf(h, "received_on")
	ref1, ref2, kept1, kept2 := numberOf(h, "sent_ref"), numberOf(h, "received_ref"), numberOf(h, "sender_kept"), numberOf(h, "receiver_kept")
	for i := range h.Len() {
		x := hop{
			from: from(i), to: to(i), pairing: pairing(i), sent: sent(i), sentOn: day1(i), got: got(i), gotOn: day2(i),
			sentRef: table.Ref(max(ref1(i), 0)), gotRef: table.Ref(max(ref2(i), 0)), fromKept: kept1(i) == 1, toKept: kept2(i) == 1, days: -1,
		}
		if x.sent != table.Null && x.got != table.Null {
			x.sentLess = table.Fen(x.sent - x.got)
		}
		if x.sentOn != table.Null && x.gotOn != table.Null && x.gotOn >= x.sentOn {
			x.days = int(x.gotOn - x.sentOn)
		}
		f := get(no(i))
		f.hops = append(f.hops, x)
	}
	slices.SortFunc(out, func(a, b *flow) int { return strings.Compare(a.FundNo, b.FundNo) })
	return out
}

// title is what the notices call the fund.
func (f *flow) title() string {
	for _, n := range f.notices {
		if n.title != "" {
			return n.title
		}
	}
	return ""
}

// issuedOn is the day of the first notice, table.Null if none is known.
func (f *flow) issuedOn() int64 {
	first := int64(table.Null)
	for _, n := range f.notices {
		if n.on != table.Null && (first == table.Null || n.on < first) {
			first = n.on
		}
	}
	return first
}

// textOf gives the cells of a text column, "" where absent.
func textOf(t *table.Table, name string) func(int) string {
	codes, dict := t.Words(name)
	return func(i int) string {
		if codes == nil || codes[i] == table.NullCode {
			return ""
		}
		return dict[codes[i]]
	}
}

// numberOf gives the cells of a column of numbers, table.Null where absent.
func numberOf(t *table.Table, name string) func(int) int64 {
	vals := t.Ints(name)
	return func(i int) int64 {
		if vals == nil {
			return table.Null
		}
		return vals[i]
	}
}
