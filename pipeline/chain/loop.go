package chain

import (
	"cmp"
	"slices"
	"strings"

	"fundtrace/pipeline/table"
)

// An edge says that money of a fund went from one node to another; ref is the
// first transfer.
type edge struct {
	to  int32
	ref table.Ref
}

// edges returns the edges out of each node, in order of receiver.
func (b *build) edges() [][]edge {
	out := make([][]edge, len(b.ledger.nodes))
	for i := range b.hops {
		h := &b.hops[i]
		if h.Fund == none || h.From == none || h.To == none || h.From == h.To || b.supplier(h.To) {
			continue
		}
		from, to := b.ledger.find(h.Fund, h.From), b.ledger.find(h.Fund, h.To)
		if from >= 0 && to >= 0 && max(h.Sent, h.Received) > 0 {
			out[from] = append(out[from], edge{to, cmp.Or(h.SentRef, h.ReceivedRef)})
		}
	}
	for i := range out {
		slices.SortFunc(out[i], func(x, y edge) int { return cmp.Or(cmp.Compare(x.to, y.to), cmp.Compare(x.ref, y.ref)) })
		out[i] = slices.CompactFunc(out[i], func(x, y edge) bool { return x.to == y.to })
	}
	return out
}

// findDepths gives each node its depth, level by level: 0 for the issuer, 1 for
// a holder that is not the issuer.
func (b *build) findDepths(edges [][]edge) {
	nodes := b.ledger.nodes
	var level, next []int32
	for i := range nodes {
		for _, e := range nodes[i].entries {
			if e.kind != inAllocation {
				continue
			}
			if a := &b.allocations[e.index]; a.issuer == none || a.issuer == nodes[i].unit {
				nodes[i].depth = 0
				level = append(level, int32(i))
			} else {
				next = append(next, int32(i))
			}
			break
		}
	}
	for depth := int32(1); len(level)+len(next) > 0; depth++ {
		reached := next
		next = nil
		for _, n := range level {
			for _, e := range edges[n] {
				reached = append(reached, e.to)
			}
		}
		level = level[:0]
		for _, n := range reached {
			if nodes[n].depth < 0 {
				nodes[n].depth = depth
				level = append(level, n)
			}
		}
	}
}

// nameLoops doubts every transfer that closes a loop, with the loop's units:
// depth-first over each node once, an edge to a node still open closes one.
func (b *build) nameLoops(edges [][]edge) {
	nodes := b.ledger.nodes
	const unseen, isOpen, closed = 0, 1, 2
	state := make([]uint8, len(nodes))
	next := make([]int, len(nodes)) // edge to follow
	var stack []int32
	for _, root := range b.nodeOrder() {
		if state[root] != unseen {
			continue
		}
		stack = append(stack[:0], root)
		state[root] = isOpen
		for len(stack) > 0 {
			n := stack[len(stack)-1]
			if next[n] == len(edges[n]) {
				state[n] = closed
				stack = stack[:len(stack)-1]
				continue
			}
			e := edges[n][next[n]]
			next[n]++
			switch state[e.to] {
			case unseen:
				state[e.to] = isOpen
				stack = append(stack, e.to)
			case isOpen:
				var units []string
				for _, m := range stack[slices.Index(stack, e.to):] {
					units = append(units, b.units.Dict[nodes[m].unit])
				}
				units = append(units, b.units.Dict[nodes[e.to].unit])
				b.doubt(table.Flow, e.ref, fundLoop, b.funds.Dict[nodes[n].fund]+": "+strings.Join(units, Arrow))
			}
		}
	}
}
