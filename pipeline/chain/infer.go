package chain

import (
	"cmp"
	"slices"
	"strings"

	"fundtrace/pipeline/table"
)

// infer finds the fund of payments that name none: the one fund whose money
// the payer has had in hand since before the day, enough of it after all that
// is booked, and whose title or purpose goes with the program. Where none or
// several fit the payments stay without. Groups take from what is left in
// order of day. Payments that cite several funds take the first of them that
// has enough, or the first.
func (b *build) infer() {
	type purse struct {
		node      int32
		firstIn   int64
		available int64
	}
	byUnit := map[uint32][]*purse{}
	purses := make([]purse, len(b.ledger.nodes))
	for n, nd := range b.ledger.nodes {
		purses[n] = purse{int32(n), table.Null, 0}
		byUnit[nd.unit] = append(byUnit[nd.unit], &purses[n])
	}
	for _, e := range b.ledger.entries {
		p := &purses[e.node]
		if !e.kind.in() {
			p.available -= e.amount
			continue
		}
		p.available += e.amount
		if e.on != table.Null && (p.firstIn == table.Null || e.on < p.firstIn) {
			p.firstIn = e.on
		}
	}
	var order []int
	for i, g := range b.groups {
		if g.fund == none && (g.pool != none || g.unit != none && g.state == paid && g.on != table.Null) {
			order = append(order, i)
		} else if g.fund != none && g.unit != none {
			if n := b.ledger.find(g.fund, g.unit); n >= 0 {
				purses[n].available -= g.paid - g.back
			}
		}
	}
	slices.SortFunc(order, func(x, y int) int {
		a, c := &b.groups[x], &b.groups[y]
		return cmp.Or(cmp.Compare(a.on, c.on), cmp.Compare(a.ref, c.ref), cmp.Compare(a.program, c.program))
	})
	type pairKey struct{ unit, program uint32 }
	fitting := map[pairKey][]*purse{}
	for _, i := range order {
		g := &b.groups[i]
		if g.pool != none {
			list := b.pools[g.pool-poolCode]
			g.fund = list[0]
			for _, f := range list {
				if n := b.ledger.find(f, g.unit); n >= 0 && purses[n].available >= g.paid-g.back {
					g.fund = f
					purses[n].available -= g.paid - g.back
					break
				}
			}
			b.doubts = append(b.doubts, Doubt{table.Payment, g.ref, g.rows, manyFunds, b.listed(g.pool)})
			continue
		}
		key := pairKey{g.unit, g.program}
		list, ok := fitting[key]
		if !ok {
			for _, p := range byUnit[g.unit] {
				if b.fits(b.ledger.nodes[p.node].fund, g.program) {
					list = append(list, p)
				}
			}
			fitting[key] = list
		}
		var found *purse
		several := false
		for _, p := range list {
			if p.available >= g.paid-g.back && p.firstIn != table.Null && p.firstIn <= g.on {
				several = found != nil
				found = p
				if several {
					break
				}
			}
		}
		if found == nil || several {
			continue
		}
		found.available -= g.paid - g.back
		g.fund, g.by = b.ledger.nodes[found.node].fund, byInferred
	}
}

// fits reports whether a fund's title and purpose go with a program: they
// carry its name, an alias or a purpose word that the policy gives it. A fund
// without either, or a payment without a program, fits all.
func (b *build) fits(fund, program uint32) bool {
	about := b.about[fund]
	if about == "" || program == none {
		return true
	}
	name := b.words.words[program]
	words := []string{name}
	if p := b.opt.Policy.Program(name); p != nil {
		words = append(append(append(words, p.Name), p.Aliases...), p.Purpose...)
	}
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(about, squeeze(w)) })
}

// namePayers finds the payer of payments that cite a fund and name none: the
// unit of their project, else the unit of the fund's chain whose name carries
// their town (the last of the chain if there are several), else the only unit
// at which the fund's chain ends.
func (b *build) namePayers() {
	ends := map[uint32][]uint32{} // fund → units that receive and do not send on
	units := map[uint32][]uint32{}
	sends := map[uint64]bool{}
	for i := range b.hops {
		if h := &b.hops[i]; h.fund != none && h.from != h.to {
			sends[at(h.fund, h.from)] = true
		}
	}
	for i := range b.hops {
		if h := &b.hops[i]; h.fund != none && h.from != h.to && h.to != none && !b.supplier(h.to) {
			units[h.fund] = append(units[h.fund], h.to)
			if !sends[at(h.fund, h.to)] {
				ends[h.fund] = append(ends[h.fund], h.to)
			}
		}
	}
	for i := range b.allocations {
		if a := &b.allocations[i]; a.holder != none && !sends[at(a.fund, a.holder)] {
			ends[a.fund] = append(ends[a.fund], a.holder)
		}
	}
	only := func(list []uint32, town string) uint32 {
		found := none
		for _, u := range list {
			if u != found && strings.Contains(b.units.words[u], town) {
				if found != none {
					return none
				}
				found = u
			}
		}
		return found
	}
	byPlace := map[uint64]uint32{} // fund and town → payer
	inPlace := func(fund, town uint32) uint32 {
		u, ok := byPlace[at(fund, town)]
		if ok {
			return u
		}
		u = none
		if town != none {
			name := b.words.words[town]
			if u = only(units[fund], name); u == none {
				u = only(ends[fund], name)
			}
		}
		if u == none {
			u = only(ends[fund], "")
		}
		byPlace[at(fund, town)] = u
		return u
	}
	for i := range b.groups {
		g := &b.groups[i]
		if g.fund == none || g.unit != none || g.state != paid {
			continue
		}
		if u, ok := b.projectUnit[g.project]; ok {
			g.unit = u
		}
		if g.unit == none {
			g.unit = inPlace(g.fund, g.town)
		}
		reason := paymentPayerMade
		detail := ""
		if g.unit == none {
			reason = paymentNoPayer
		} else {
			detail = b.units.words[g.unit]
		}
		b.doubts = append(b.doubts, Doubt{table.Payment, g.ref, g.rows, reason, detail})
	}
}
