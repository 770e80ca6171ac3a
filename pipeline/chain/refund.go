package chain

// nameRefunds gives what a contractor sent back without a project's number the
// project for which the fund paid it, where that is one: a refund is not less
// one because the receiver's book does not repeat the number.
func (b *build) nameRefunds() {
	project := map[uint64]uint32{} // by fund and contractor
	for i := range b.hops {
		h := &b.hops[i]
		if h.To != none && b.contractor[h.To] && h.Project != none {
			only(project, at(h.Fund, h.To), h.Project)
		}
	}
	for i := range b.hops {
		h := &b.hops[i]
		if h.Project != none || h.From == none || !b.contractor[h.From] {
			continue
		}
		if p, ok := project[at(h.Fund, h.From)]; ok {
			h.Project = p
		}
	}
}
