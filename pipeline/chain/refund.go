package chain

// nameRefunds gives what a contractor sent back without a project's number the
// project for which the fund paid it, where that is one: a refund is not less
// one because the receiver's book does not repeat the number.
func (b *build) nameRefunds() {
	type paid struct{ fund, firm uint32 }
	project := map[paid]uint32{}
	for i := range b.hops {
		h := &b.hops[i]
		if h.To == none || !b.contractor[h.To] || h.Project == none {
			continue
		}
		k := paid{h.Fund, h.To}
		if p, ok := project[k]; ok && p != h.Project {
			project[k] = none
		} else {
			project[k] = h.Project
		}
	}
	for i := range b.hops {
		h := &b.hops[i]
		if h.Project != none || h.From == none || !b.contractor[h.From] {
			continue
		}
		if p, ok := project[paid{h.Fund, h.From}]; ok {
			h.Project = p
		}
	}
}
