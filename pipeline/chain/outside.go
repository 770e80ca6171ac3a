package chain

import "fundtrace/pipeline/key"

// Where the receiver of a transfer stands to the fund.
const (
	inside    = iota
	outside   // neither the fund's chain nor its projects know it
	unlisted  // paid for a project that the pool does not list under the fund
	uncharted // the fund has no notice: nobody can say what its chain is
)

var standings = []string{"inside", "outside", "unlisted", "uncharted"}

// standing tells of every hop where its receiver stands. The chain of a fund is
// who issued or holds it, sends it on, paid or compiled a roster of it, states a
// balance of it or builds one of its projects, and the public bodies of the
// counties and cities that these are of.
func (b *build) standing() []uint32 {
	known, counties := map[uint64]bool{}, map[uint32]map[string]bool{}
	know := func(fund, unit uint32) {
		if fund == none || unit == none {
			return
		}
		known[at(fund, unit)] = true
		if counties[fund] == nil {
			counties[fund] = map[string]bool{}
		}
		counties[fund][key.CountyOf(b.units.Dict[unit])] = true
	}
	for _, a := range b.allocationRows {
		know(a.fund, a.issuer)
		know(a.fund, a.holder)
	}
	for i := range b.hops {
		know(b.hops[i].Fund, b.hops[i].From)
	}
	for i := range b.groups {
		know(b.groups[i].fund, b.groups[i].unit)
		know(b.groups[i].fund, b.groups[i].compiler)
	}
	for i := range b.balances {
		know(b.balances[i].fund, b.balances[i].unit)
	}
	listed := map[uint64]bool{}
	for _, w := range b.works {
		know(w.fund, w.unit)
		know(w.fund, w.contractor)
		listed[at(w.fund, w.project)] = true
	}
	out := make([]uint32, len(b.hops))
	for i := range b.hops {
		h := &b.hops[i]
		switch {
		case h.Fund == none || !b.issued[h.Fund]:
			out[i] = uncharted
		case h.To == none || known[at(h.Fund, h.To)] || key.Channel(b.units.Dict[h.To], func(c string) bool { return counties[h.Fund][c] }):
		case h.Project != none && !listed[at(h.Fund, h.Project)]:
			out[i] = unlisted
		default:
			out[i] = outside
		}
	}
	return out
}
