package chain

import (
	"cmp"
	"math"
	"slices"

	"fundtrace/pipeline/pairing"
	"fundtrace/pipeline/table"
)

// roots says where a fund's money begins by the ledgers alone.
type roots struct {
	only       uint32          // the one unit that sends and never receives; none if there are several
	sendsFirst map[uint32]bool // units whose first sending is not after their first receipt
}

// findRoots looks at the hops, and where a fund has none at its payers.
func (b *build) findRoots() {
	type span struct{ firstOut, firstIn int64 }
	seen := make([]map[uint32]*span, len(b.funds.Dict))
	at := func(fund, unit uint32) *span {
		if seen[fund] == nil {
			seen[fund] = map[uint32]*span{}
		}
		s := seen[fund][unit]
		if s == nil {
			s = &span{math.MaxInt64, math.MaxInt64}
			seen[fund][unit] = s
		}
		return s
	}
	for i := range b.hops {
		h := &b.hops[i]
		if h.Fund == none || h.From == h.To || max(h.Sent, h.Received) < 0 {
			continue
		}
		if h.From != none {
			s := at(h.Fund, h.From)
			s.firstOut = min(s.firstOut, h.Out())
		}
		if h.To != none {
			s := at(h.Fund, h.To)
			s.firstIn = min(s.firstIn, h.In())
		}
	}
	hasHops := mapped(seen, func(units map[uint32]*span) bool { return units != nil })
	for i := range b.groups {
		if g := &b.groups[i]; g.fund != none && g.unit != none && !hasHops[g.fund] {
			s := at(g.fund, g.unit)
			s.firstOut = min(s.firstOut, g.on)
		}
	}
	b.roots = make([]roots, len(seen))
	for f, units := range seen {
		r := roots{only: none, sendsFirst: map[uint32]bool{}}
		n := 0
		for u, s := range units {
			r.sendsFirst[u] = s.firstOut != math.MaxInt64 && s.firstOut <= s.firstIn
			if s.firstIn == math.MaxInt64 && s.firstOut != math.MaxInt64 {
				r.only = u
				n++
			}
		}
		if n != 1 {
			r.only = none
		}
		b.roots[f] = r
	}
}

// nameSenders gives receipts that name no sender the one they can only be
// from: at the unit where the fund's money begins its issuer, elsewhere that
// unit, if there is one.
func (b *build) nameSenders() {
	begin := map[uint32]uint32{} // fund → its one beginning, none if several
	issuer := map[uint32]uint32{}
	for _, a := range b.allocations {
		only(begin, a.fund, b.start(a))
		only(issuer, a.fund, a.issuer)
	}
	for i := range b.hops {
		h := &b.hops[i]
		if h.Fund == none || h.From != none {
			continue
		}
		from, ok := begin[h.Fund]
		if ok && from == h.To {
			from = issuer[h.Fund]
		}
		if !ok || from == none || from == h.To {
			b.doubt(table.Flow, cmp.Or(h.ReceivedRef, h.SentRef), flowFromUnknown, b.funds.Dict[h.Fund])
			continue
		}
		h.From = from
		b.doubt(table.Flow, cmp.Or(h.ReceivedRef, h.SentRef), flowFromGuessed, b.units.Dict[from])
	}
}

// book decides for transfers that one ledger shows whether the other ledger is
// in the input at all. Where it is not, of that fund and that time, its unit is
// taken to have booked the same amount the same day; where it is, the transfer is
// not booked.
func (b *build) book() {
	b.books = pairing.BooksOf(b.lines, b.single)
	for i := range b.hops {
		h := &b.hops[i]
		h.senderKept, h.receiverKept = b.books.Keep(&h.Hop)
		h.booked = h.Match != pairing.SentOnly && h.Match != pairing.ReceivedOnly || !h.receiverKept || !h.senderKept
	}
}

// settle decides on the sendings that a receiver with a ledger has not booked.
// A unit that spent more than it booked did receive: its unbooked sendings
// count as received, the earliest first, until its spending is covered. The
// others are in transit for transit_days and then unexplained.
func (b *build) settle() {
	total := make([]int64, len(b.ledger.nodes))
	for _, e := range b.ledger.entries {
		total[e.node] += e.signed()
	}
	b.giveBack(total)
	slices.SortFunc(b.unbooked, func(x, y int) int {
		h, k := &b.hops[x], &b.hops[y]
		return cmp.Or(cmp.Compare(h.SentOn, k.SentOn), cmp.Compare(h.SentRef, k.SentRef), cmp.Compare(x, y))
	})
	for _, i := range b.unbooked {
		h := &b.hops[i]
		id := &b.ledger.ids[h.Fund]
		n := b.ledger.find(h.Fund, h.To)
		switch {
		case n >= 0 && int(n) < len(total) && total[n] < 0 && h.Sent > 0:
			total[n] += h.Sent
			h.booked = true
			b.ledger.move(inHop, outHop, h.Fund, h.To, h.Sent, h.SentOn, h.SentRef, i)
			b.doubt(table.Flow, h.SentRef, flowUnbooked, b.units.Dict[h.To])
		case h.SentOn != table.Null && int64(b.opt.AsOf)-h.SentOn <= b.opt.Policy.Pairing.TransitDays:
			id.InTransit += table.Fen(h.Sent)
		default:
			id.Unexplained += table.Fen(h.Sent)
		}
	}
}

// giveBack decides on the payments that the bank could not book, of which no
// roster tells. What their payers spent again came back to them; the rest is on
// its way. total is what each node has.
func (b *build) giveBack(total []int64) {
	var refused []int
	for i := range b.groups {
		if g := &b.groups[i]; g.refused > 0 && g.fund != none {
			refused = append(refused, i)
		}
	}
	b.inDays(refused)
	for _, i := range refused {
		g, back := &b.groups[i], int64(0)
		unit := b.portionsOf(g)[0].unit
		if n := b.ledger.find(g.fund, unit); n >= 0 {
			back = min(g.refused, max(0, -total[n]))
			total[n] += back
			b.ledger.move(inReturn, outHousehold, g.fund, unit, back, g.on, g.ref, i)
		}
		b.ledger.ids[g.fund].InTransit += table.Fen(g.refused - back)
	}
}
