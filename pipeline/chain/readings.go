package chain

import (
	"slices"

	"fundtrace/pipeline/table"
)

// A reading is one way to take what the files leave open.
type reading uint8

// The readings of what one unit paid of one fund. The chain takes one of all; where
// payments are open there are two more at each unit that may have made some.
// Whoever made them, no unit spent more than spentMost says, so that what it had
// left under that reading it had left under every one.
const (
	taken      reading = iota
	spentMost          // it made every payment that it may have made
	asCompiled         // whoever compiled a roster paid it, as files and folders suggest
)

var readingNames = [...]string{"", "spent_most", "as_compiled"}

// An opening is what is open of one fund at one unit.
type opening struct {
	groups   []int32 // payments that it may have made, no sheet says so
	mayPay   int64   // their money
	compiled int64   // of payments on rosters that it compiled, whose payer no sheet states
	paid     int64   // of what the reading taken has it pay, so much of such payments
	inKnown  bool    // what it received is told: by its own book, or by all who had the fund
	unseen   bool    // nothing in the input tells what it did with the fund
	closes   int64   // the last day that its books, rosters and balances tell of
	ask      uint32  // whose roster most of it is, none where nobody knows
}

// openings finds for every node what the files leave open.
func (b *build) openings(s *purses) []opening {
	out := make([]opening, len(b.ledger.nodes))
	b.tellAll()
	hidden := map[uint32]bool{} // funds that somebody had who does not tell where it went
	for n := range out {
		nd := &b.ledger.nodes[n]
		had := slices.ContainsFunc(nd.entries, func(e entry) bool { return e.kind == inAllocation || e.kind == inHop })
		out[n].unseen, out[n].closes = !b.books.Spends(nd.fund, nd.unit), b.books.Until(nd.unit, int64(b.opt.AsOf))
		out[n].inKnown = had || b.books.Receives(nd.fund, nd.unit)
		hidden[nd.fund] = hidden[nd.fund] || had && out[n].unseen
	}
	for n := range out {
		f := b.ledger.nodes[n].fund
		out[n].inKnown = out[n].inKnown || b.issued[f] && !hidden[f]
	}
	asked := make([]map[uint32]int64, len(out))
	for i := range b.groups {
		g := &b.groups[i]
		amount := g.paid - g.back
		if g.state != paid || !g.openUnit && !g.openFund || g.paid == 0 && g.back == 0 {
			continue
		}
		list, given := s.mayPay(g), false
		for _, c := range list {
			n := c.node
			out[n].groups = append(out[n].groups, int32(i))
			out[n].mayPay += amount
			given = given || b.ledger.nodes[n].unit == g.unit && b.ledger.nodes[n].fund == g.fund
			if asked[n] == nil {
				asked[n] = map[uint32]int64{}
			}
			asked[n][g.compiler] += amount
		}
		if n := b.ledger.find(g.fund, g.compiler); n >= 0 && g.compiler != none {
			out[n].compiled += amount
		}
		for _, p := range b.portionsOf(g) {
			if n := b.ledger.find(g.fund, p.unit); n >= 0 {
				out[n].paid += p.paid - p.back
				if !given && p.unit == g.unit {
					out[n].groups = append(out[n].groups, int32(i))
					out[n].mayPay += amount
				}
			}
		}
	}
	for n := range out {
		out[n].ask = none
		most := int64(-1)
		for unit, amount := range asked[n] {
			if unit != none && (amount > most || amount == most && unit < out[n].ask) {
				out[n].ask, most = unit, amount
			}
		}
	}
	return out
}

// mayPay returns the purses that a group's payments may have come from: by its
// fund where a sheet states it, else by what fits.
func (s *purses) mayPay(g *group) []candidate {
	b := s.b
	k := *g
	if g.openUnit {
		k.unit = none
	}
	switch {
	case !g.openFund:
		return s.candidates(g.fund, &k)
	case g.pool != none:
		var out []candidate
		for _, f := range b.pools[g.pool-poolCode] {
			out = append(out, s.candidates(f, &k)...)
		}
		return out
	}
	k.fund = none
	return slices.DeleteFunc(slices.Clone(s.fits(&k)), func(c candidate) bool { return g.on != table.Null && !c.before(g) })
}

// portionsOf returns who paid a group by the reading taken.
func (b *build) portionsOf(g *group) []portion {
	if g.portions != nil {
		return g.portions
	}
	return []portion{{unit: g.unit, paid: g.paid, back: g.back}}
}

// otherReadings appends the parcels of the nodes whose readings differ.
func (b *build) otherReadings(stays []stay, open []opening) []stay {
	for n := range open {
		if len(open[n].groups) > 0 {
			stays = b.read(stays, int32(n), &open[n], spentMost)
			stays = b.read(stays, int32(n), &open[n], asCompiled)
		}
	}
	return stays
}

// read lets a node's money leave by another reading than the one taken, and
// appends the parcels.
func (b *build) read(stays []stay, n int32, o *opening, r reading) []stay {
	entries := b.entriesUnder(n, o, r)
	inOrder(entries)
	fifo(entries, func(in, out int, amount int64) {
		s := stayOf(n, entries, in, out, amount)
		s.reading = r
		if r == spentMost && o.unseen && s.left == outHousehold && !s.held {
			return // it may have passed this on to whoever paid, on any day
		}
		stays = append(stays, s)
	})
	return stays
}

// open reports whether no sheet states whose payments the group is, or of what
// fund.
func (g *groupKey) open() bool { return g.openUnit || g.openFund }

// entriesUnder returns what came to a node and left it under a reading.
func (b *build) entriesUnder(n int32, o *opening, r reading) []entry {
	unit := b.ledger.nodes[n].unit
	var out []entry
	for _, e := range b.ledger.nodes[n].entries {
		if e.kind != outHousehold && e.kind != inReturn || !b.groups[e.index].open() || r == asCompiled && b.groups[e.index].compiler == none {
			out = append(out, e)
		}
	}
	for _, i := range o.groups {
		g := &b.groups[i]
		if r == asCompiled && (g.compiler == none || g.compiler != unit) {
			continue
		}
		if r == spentMost || g.fund == b.ledger.nodes[n].fund {
			out = append(out, entry{g.on, g.paid, g.ref, n, i, outHousehold})
			for _, r := range g.returns {
				out = append(out, entry{r.on, r.amount, r.ref, n, i, inReturn})
			}
		}
	}
	return slices.DeleteFunc(out, func(e entry) bool { return e.amount == 0 })
}

// gap returns what a stated balance lacks on its day of what came and left.
func (s *balance) gap(entries []entry) int64 {
	have := int64(0)
	for i := range entries {
		if e := &entries[i]; e.on == table.Null || e.on <= s.on {
			have += e.signed()
		}
	}
	return have - s.amount
}

// tellAll adds to the books what rosters that name their payer and balances tell
// of a unit.
func (b *build) tellAll() {
	for i := range b.groups {
		if g := &b.groups[i]; !g.openUnit {
			f := g.fund
			if g.openFund {
				f = none
			}
			b.books.Tell(f, g.unit, g.on, g.ref)
		}
	}
	for i := range b.balances {
		s := &b.balances[i]
		b.books.Tell(s.fund, s.unit, s.on, s.ref)
	}
}
