package stat

import "math"

// An Offer is that a supply may serve a demand. Rank says how far the supply is
// from the demand, 0 for the nearest.
type Offer struct{ Supply, Demand, Rank int }

// Ship serves demands from supplies along offers: as much as can be served at
// all, and of all ways to serve so much one of the least Σ rank × amount. It
// returns what goes along each offer. Amounts are fen and not negative.
//
// This is the transportation problem, solved by successive shortest paths
// (Ahuja, Magnanti, Orlin, Network Flows, 1993, section 9.7). What is served at
// most leaves least unserved and least in the supplies at once, so that one
// problem answers for money overspent and money idle. Equal solutions are told
// apart by the order of offers. The time grows with offers × (supplies +
// demands) a path; a fund has a few hundred of the one and tens of the other.
func Ship(supplies, demands []int64, offers []Offer) []int64 {
	n := newNetwork(len(supplies) + len(demands) + 2)
	source, sink := len(n.out)-2, len(n.out)-1
	for _, o := range offers { // first, so that offer i is arc 2i
		n.arc(o.Supply, len(supplies)+o.Demand, min(supplies[o.Supply], demands[o.Demand]), o.Rank)
	}
	for i, s := range supplies {
		n.arc(source, i, s, 0)
	}
	for i, d := range demands {
		n.arc(len(supplies)+i, sink, d, 0)
	}
	for n.push(source, sink) {
	}
	shipped := make([]int64, len(offers))
	for i := range offers {
		shipped[i] = n.arcs[2*i+1].room
	}
	return shipped
}

// An arc has room for so much more. Arc i+1 is arc i turned round, for even i.
type arc struct {
	to, cost int
	room     int64
}

// A network is arcs by the node that they leave.
type network struct {
	arcs []arc
	out  [][]int
	dist []int
	via  []int // the arc that the shortest path comes by
	todo []int
	in   []bool // todo
}

func newNetwork(nodes int) *network {
	return &network{out: make([][]int, nodes), dist: make([]int, nodes), via: make([]int, nodes), in: make([]bool, nodes)}
}

func (n *network) arc(from, to int, room int64, cost int) {
	n.out[from] = append(n.out[from], len(n.arcs))
	n.out[to] = append(n.out[to], len(n.arcs)+1)
	n.arcs = append(n.arcs, arc{to, cost, room}, arc{from, -cost, 0})
}

// push sends as much as the cheapest path has room for, and reports whether
// there was one (Bellman and Ford with a queue: turned arcs cost less than 0).
func (n *network) push(source, sink int) bool {
	for i := range n.dist {
		n.dist[i] = math.MaxInt
	}
	n.dist[source] = 0
	n.todo = append(n.todo[:0], source)
	for at := 0; at < len(n.todo); at++ {
		u := n.todo[at]
		n.in[u] = false
		for _, a := range n.out[u] {
			v := n.arcs[a].to
			if d := n.dist[u] + n.arcs[a].cost; n.arcs[a].room > 0 && d < n.dist[v] {
				n.dist[v], n.via[v] = d, a
				if !n.in[v] {
					n.in[v] = true
					n.todo = append(n.todo, v)
				}
			}
		}
	}
	if n.dist[sink] == math.MaxInt {
		return false
	}
	amount := int64(math.MaxInt64)
	for v := sink; v != source; v = n.arcs[n.via[v]^1].to {
		amount = min(amount, n.arcs[n.via[v]].room)
	}
	for v := sink; v != source; v = n.arcs[n.via[v]^1].to {
		n.arcs[n.via[v]].room -= amount
		n.arcs[n.via[v]^1].room += amount
	}
	return true
}
