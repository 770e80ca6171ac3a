package chain

import (
	"fundtrace/pipeline/stat"
	"fundtrace/pipeline/table"
)

// A stay is one parcel of money at one node.
type stay struct {
	node          int32
	amount        int64
	inOn, outOn   int64
	inRef, outRef table.Ref
	left          kind
	held          bool // still there
	reading       reading
}

// days returns how long the parcel stayed, to asOf where it is still there.
// Money paid before it came stayed 0 days; a missing date gives table.Null.
func (s *stay) days(asOf int64) int64 {
	out := s.outOn
	if s.held {
		out = asOf
	}
	if out == table.Null || s.inOn == table.Null {
		return table.Null
	}
	return max(0, out-s.inOn)
}

// stayOf returns the parcel that came to a node with one entry and left with
// another, -1 where it is still there.
func stayOf(node int32, entries []entry, in, out int, amount int64) stay {
	s := stay{node: node, amount: amount, inOn: entries[in].on, outOn: table.Null, inRef: entries[in].ref, held: out < 0}
	if out >= 0 {
		s.outOn, s.outRef, s.left = entries[out].on, entries[out].ref, entries[out].kind
	}
	return s
}

// fifo lets the money of entries, which are in order of day, leave in the order it
// came. What nothing covers is overspent.
func fifo(entries []entry, part func(in, out int, amount int64)) {
	stat.FirstInFirstOut(mapped(entries, func(e entry) int64 { return e.signed() }), part)
}

// age returns the parcels of every node. source tells for each entry that goes
// out the entry the most of it came in with, -1 for none: the first of equals.
func (g *ledger) age() (stays []stay, source []int32) {
	stays = make([]stay, 0, len(g.entries))
	source = filled(len(g.entries), int32(-1))
	most := make([]int64, len(g.entries))
	base := int32(0)
	for n := range g.nodes {
		entries := g.nodes[n].entries
		fifo(entries, func(in, out int, amount int64) {
			stays = append(stays, stayOf(int32(n), entries, in, out, amount))
			if out >= 0 {
				if o := base + int32(out); amount > most[o] {
					most[o], source[o] = amount, base+int32(in)
				}
			}
		})
		base += int32(len(entries))
	}
	return stays, source
}
