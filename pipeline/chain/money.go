package chain

import (
	"cmp"
	"math"
	"slices"

	"fundtrace/pipeline/pairing"
	"fundtrace/pipeline/table"
)

// A node is one fund at one unit.
type node struct {
	fund, unit uint32
	entries    []entry // in order of date, ins before outs
	depth      int32   // transfers from the issuer; -1 where none leads here
}

// A kind says what an entry of a node is.
type kind uint8

const (
	inAllocation kind = iota
	inHop
	inReturn // a payment given back to the payer
	outHop
	outHousehold
	outSupplier
	outRecall // an allocation cut back
)

var leftAs = [...]string{outHop: "hop", outHousehold: "household", outSupplier: "supplier", outRecall: "hop"}

func (k kind) in() bool { return k < outHop }

// An entry is money that came to a node or left it; amount is positive. index
// is the hop, the allocation or the payment group it is of.
type entry struct {
	on, amount int64
	ref        table.Ref
	node       int32
	index      int32
	kind       kind
}

// signed returns the amount, below zero where it left.
func (e *entry) signed() int64 {
	if e.kind.in() {
		return e.amount
	}
	return -e.amount
}

// ledger is every movement of every fund.
type ledger struct {
	nodes   []node
	index   map[uint64]int32 // fund and unit → node
	entries []entry
	ids     []Identity // by fund
}

func newLedger(funds []string) *ledger {
	g := &ledger{index: map[uint64]int32{}, ids: make([]Identity, len(funds))}
	for i, f := range funds {
		g.ids[i].FundNo = f
	}
	return g
}

// find returns the node of a fund and a unit, -1 where there is none.
func (g *ledger) find(fund, unit uint32) int32 {
	if n, ok := g.index[at(fund, unit)]; ok {
		return n
	}
	return -1
}

func (g *ledger) node(fund, unit uint32) int32 {
	key := at(fund, unit)
	n, ok := g.index[key]
	if !ok {
		n = int32(len(g.nodes))
		g.index[key] = n
		g.nodes = append(g.nodes, node{fund: fund, unit: unit, depth: -1})
	}
	return n
}

// move enters money at a unit. A negative amount goes the other way: back is
// the kind it then is.
func (g *ledger) move(k, back kind, fund, unit uint32, amount, on int64, ref table.Ref, index int) {
	if amount < 0 {
		k, amount = back, -amount
	}
	if amount != 0 {
		g.entries = append(g.entries, entry{on: on, amount: amount, ref: ref, node: g.node(fund, unit), index: int32(index), kind: k})
	}
}

// sort gives each node its entries, in order.
func (g *ledger) sort() {
	start := make([]int, len(g.nodes)+1)
	for _, e := range g.entries {
		start[e.node+1]++
	}
	for i := range g.nodes {
		start[i+1] += start[i]
	}
	sorted := make([]entry, len(g.entries))
	next := slices.Clone(start)
	for _, e := range g.entries {
		sorted[next[e.node]] = e
		next[e.node]++
	}
	g.entries = sorted
	for i := range g.nodes {
		g.nodes[i].entries = sorted[start[i]:start[i+1]]
		inOrder(g.nodes[i].entries)
	}
}

// inOrder sorts the entries of one node: by date, those without one first where
// money comes in and last where it goes out, so that a missing date ages
// nothing and leaves nothing unpaid.
func inOrder(entries []entry) {
	day := func(e entry) int64 {
		if e.on == table.Null && !e.kind.in() {
			return math.MaxInt64
		}
		return e.on
	}
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(
			cmp.Compare(day(a), day(b)), cmp.Compare(a.kind, b.kind), cmp.Compare(a.ref, b.ref),
			cmp.Compare(a.amount, b.amount), cmp.Compare(a.index, b.index))
	})
}

// enter puts allocations, hops and payments into a ledger.
func (b *build) enter() {
	g := newLedger(b.funds.Dict)
	g.entries = make([]entry, 0, len(b.allocations)+2*len(b.hops)+len(b.groups))
	b.ledger = g
	for i, a := range b.allocations {
		id := &g.ids[a.fund]
		id.Allocated += table.Fen(a.amount)
		if unit := b.start(a); unit != none {
			g.move(inAllocation, outRecall, a.fund, unit, a.amount, a.on, a.ref, i)
		} else {
			id.Unexplained += table.Fen(a.amount)
			b.doubt(table.Allocation, a.ref, fundNoHolder, b.funds.Dict[a.fund])
		}
	}
	for i := range b.hops {
		if h := &b.hops[i]; h.Fund != none && h.From != h.To {
			b.enterHop(h, i)
		}
	}
}

// enterPayments puts the payment groups into the ledger. A payment of which no
// unit is known is unexplained on the other side.
func (b *build) enterPayments() {
	g := b.ledger
	for i := range b.groups {
		p := &b.groups[i]
		if p.fund == none {
			continue
		}
		id := &g.ids[p.fund]
		id.Households += table.Fen(p.paid - p.back - p.refused)
		for _, s := range b.portionsOf(p) {
			if s.unit == none {
				id.Unexplained -= table.Fen(s.paid - s.back)
				continue
			}
			g.move(outHousehold, inReturn, p.fund, s.unit, s.paid, p.on, p.ref, i)
			for _, r := range p.returnsTo(s) {
				g.move(inReturn, outHousehold, p.fund, s.unit, r.amount, r.on, r.ref, i)
			}
		}
	}
}

// enterHop moves a hop's money: out of the sender by the sender's ledger, into
// the receiver by the receiver's. Where the input has only one of the two
// ledgers, that one is taken for both (see book). Where it has both and one
// lacks the transfer, the lacking one counts as it stands and the difference
// is unexplained; a sending that was not booked is left to settle. What a
// supplier got is by the payer's ledger if its own is not there.
func (b *build) enterHop(h *hop, i int) {
	id := &b.ledger.ids[h.Fund]
	supplier := b.supplier(h.To)
	out, in := h.Sent, h.Received
	switch h.Match {
	case pairing.SentOnly:
		if in = out; !h.booked && !supplier && h.From != none && h.To != none {
			in = 0
			b.unbooked = append(b.unbooked, i)
		}
	case pairing.ReceivedOnly:
		if out = in; !h.booked {
			out = 0
		}
	}
	if h.From == none {
		out = 0
	}
	if h.To == none {
		in = 0
	}
	if h.Match != pairing.SentOnly || h.From == none || h.To == none {
		id.Unexplained += table.Fen(out - in)
	}
	sends, receipts := h.SentParts, h.ReceivedParts
	if sends == nil {
		sends = []pairing.Part{{Amount: out, On: h.Out(), Ref: cmp.Or(h.SentRef, h.ReceivedRef)}}
	}
	if receipts == nil {
		receipts = []pairing.Part{{Amount: in, On: h.In(), Ref: cmp.Or(h.ReceivedRef, h.SentRef)}}
	}
	if supplier {
		id.Suppliers += table.Fen(in)
	}
	if b.supplier(h.From) { // which gives money back
		id.Suppliers -= table.Fen(out)
		sends = nil
	}
	for _, p := range sends {
		if out == 0 {
			break
		}
		k := outHop
		if supplier {
			k = outSupplier
		}
		b.ledger.move(k, inHop, h.Fund, h.From, p.Amount, p.On, p.Ref, i)
	}
	for _, p := range receipts {
		if in != 0 && !supplier {
			b.ledger.move(inHop, outHop, h.Fund, h.To, p.Amount, p.On, p.Ref, i)
		}
	}
}
