package chain

import (
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

// age lets the money of each node leave in the order it came and returns the
// parcels. What goes out before enough has come in waits for what comes next;
// what nothing covers is overspent and makes no parcel. source tells for each
// entry that goes out the entry the most of it came in with, -1 for none: the
// first of equals.
func (g *ledger) age() (stays []stay, source []int32) {
	stays = make([]stay, 0, len(g.entries))
	source = make([]int32, len(g.entries))
	most := make([]int64, len(g.entries))
	base := int32(0)
	type open struct {
		entry int32
		left  int64
	}
	var purse, owed []open // FIFO queues, reused
	for n := range g.nodes {
		entries := g.nodes[n].entries
		purse, owed = purse[:0], owed[:0]
		at, due := 0, 0
		take := func(in, out *open) {
			x := min(in.left, out.left)
			in.left -= x
			out.left -= x
			i, o := &g.entries[in.entry], &g.entries[out.entry]
			stays = append(stays, stay{
				node: int32(n), amount: x, inOn: i.on, outOn: o.on, inRef: i.ref, outRef: o.ref, left: o.kind,
			})
			if x > most[out.entry] {
				most[out.entry], source[out.entry] = x, in.entry
			}
		}
		for i := range entries {
			x := open{base + int32(i), entries[i].amount}
			source[x.entry] = -1
			if entries[i].kind.in() {
				for ; due < len(owed) && x.left > 0; due++ {
					if take(&x, &owed[due]); owed[due].left > 0 {
						break
					}
				}
				if x.left > 0 {
					purse = append(purse, x)
				}
				continue
			}
			for ; at < len(purse) && x.left > 0; at++ {
				if take(&purse[at], &x); purse[at].left > 0 {
					break
				}
			}
			if x.left > 0 {
				owed = append(owed, x)
			}
		}
		for _, p := range purse[at:] {
			i := &g.entries[p.entry]
			stays = append(stays, stay{node: int32(n), amount: p.left, inOn: i.on, outOn: table.Null, inRef: i.ref, held: true})
		}
		base += int32(len(entries))
	}
	return stays, source
}
