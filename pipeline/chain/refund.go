package chain

// nameRefunds gives what a contractor sent back without a project's number the
// project for which the fund paid it, where that is one: a refund is not less
// one because the receiver's book does not repeat the number.
func (b *build) nameRefunds() {
	type paid struct{ fund, firm uint32 }
	project := map[paid]uint32{}
	for i := range b.hops {
		h := &b.hops[i]
		if h.to == none || !b.contractor[h.to] || h.project == none {
			continue
		}
		k := paid{h.fund, h.to}
		if p, ok := project[k]; ok && p != h.project {
			project[k] = none
		} else {
			project[k] = h.project
		}
	}
	for i := range b.hops {
		h := &b.hops[i]
		if h.project != none || h.from == none || !b.contractor[h.from] {
			continue
		}
		if p, ok := project[paid{h.fund, h.from}]; ok {
			h.project = p
		}
	}
}
