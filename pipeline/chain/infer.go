package chain

import (
	"slices"
	"strings"

	"fundtrace/pipeline/table"
	"fundtrace/pipeline/words"
)

// infer finds the fund of payments that name none: the one fund whose money
// somebody who may have paid them has had in hand since before the day, enough
// of it after all that is booked, and whose title or purpose goes with the
// program. Where none or several fit the payments stay without. Groups take from
// what is left in order of day. Payments that cite several funds take the first
// of them that has enough, or the first.
func (s *purses) infer() {
	b := s.b
	var order []int
	for i, g := range b.groups {
		if g.openFund && g.state == paid && (g.pool != none || g.on != table.Null && (g.unit != none || g.openUnit)) {
			order = append(order, i)
		}
	}
	b.inDays(order)
	for _, i := range order {
		g := &b.groups[i]
		need := g.paid - g.back
		if g.pool != none {
			s.fromPool(g, need)
			continue
		}
		var found *purse
		for _, c := range s.fits(g) {
			if c.available < need || !c.before(g) {
				continue
			}
			if found != nil && b.ledger.nodes[found.node].fund != b.ledger.nodes[c.node].fund {
				found = nil
				break
			}
			if found == nil {
				found = c.purse
			}
		}
		if found != nil {
			found.available -= need
			nd := &b.ledger.nodes[found.node]
			g.fund, g.by = nd.fund, byInferred
			if g.openUnit {
				b.name(g, nd.unit, table.Guessed)
			}
		}
	}
	for i := range b.groups {
		if g := &b.groups[i]; g.openUnit && g.unit == none {
			g.unit = g.compiler
		}
	}
}

// fromPool takes a group out of the first fund of its pool that has enough.
func (s *purses) fromPool(g *group, need int64) {
	b := s.b
	list := b.pools[g.pool-poolCode]
	g.fund = list[0]
	b.doubts = append(b.doubts, Doubt{table.Payment, g.ref, g.rows, manyFunds, b.listed(g.pool)})
	for _, f := range list {
		for _, c := range s.candidates(f, g) {
			if c.available >= need {
				c.available -= need
				g.fund = f
				if g.openUnit {
					b.name(g, b.ledger.nodes[c.node].unit, table.Guessed)
				}
				return
			}
		}
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
	name := b.texts.Dict[program]
	list := []string{name}
	if p := b.opt.Policy.Program(name); p != nil {
		list = append(append(append(list, p.Name), p.Aliases...), p.Purpose...)
	}
	return slices.ContainsFunc(list, func(w string) bool { return strings.Contains(about, words.Fold(w)) })
}
