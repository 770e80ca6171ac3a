package chain

import (
	"slices"
	"sync"

	"fundtrace/pipeline/table"
	"fundtrace/pipeline/words"
)

// A group is payments that share their fund, payer and day: one movement of
// money out of one unit, whatever the number of households.
type group struct {
	groupKey
	paid, back int64      // in fen, both positive: given out, and what of it came back
	refused    int64      // of paid, what the bank could not book
	returns    []giveBack // what back is made of
	rows       int
	ref        table.Ref // the first of its rows
	portions   []portion // of the units that paid it, nil where a sheet states the payer
	payerHow   table.How // of the payer that was found; Stated where it is as the sheets have it
}

// A giveBack is money of a payment that came back to its payer, on its own day.
type giveBack struct {
	amount, on int64
	ref        table.Ref
}

// groupKey is what payments are grouped by. What has to do with where they were
// paid tells groups apart only while fund or payer is open and has to be found.
type groupKey struct {
	fund, unit                     uint32
	pool                           uint32 // several funds in the cell, none once one is chosen
	compiler                       uint32 // whose roster it is, where that is all that is known of the payer
	project, program, town, county uint32
	on                             int64
	by                             fundBy
	state                          payState
	openUnit, openFund             bool // no sheet states the payer, the fund
}

// fundBy says how a payment came to its fund.
type fundBy uint8

const (
	byNone fundBy = iota
	byCited
	byProject  // its project cites the fund
	byInferred // exactly one fund fits
)

// how says how the fund of a group is known, Stated where it is as the sheet has
// it.
func (by fundBy) how() table.How {
	switch by {
	case byProject:
		return table.Joined
	case byInferred:
		return table.Computed
	}
	return table.Stated
}

// Inferred is what a payment's _fund_by says where exactly one fund fits it.
const Inferred = "inferred"

var fundByNames = [...]string{"none", "cited", "project", Inferred}

// payState says whether a payment counts.
type payState uint8

const (
	paid     payState = iota
	unpaid            // never went out, or is itself what came back
	repeated          // another sheet states it too
)

// chunkRows is how many payment rows one goroutine takes at a time; fixed, so
// that the result does not depend on the number of workers.
const chunkRows = 1 << 19

// inChunks calls f with each chunk of n rows, on as many goroutines as the
// options allow, and returns the results in order.
func inChunks[T any](n, workers int, f func(lo, hi int) T) []T {
	out := make([]T, (n+chunkRows-1)/chunkRows)
	var wg sync.WaitGroup
	gate := make(chan struct{}, max(workers, 1))
	for c := range out {
		gate <- struct{}{}
		wg.Go(func() {
			out[c] = f(c*chunkRows, min(n, (c+1)*chunkRows))
			<-gate
		})
	}
	wg.Wait()
	return out
}

// payments are the columns of the table payment that the chain reads.
type payments struct {
	fund, unit, project, program, town, county textColumn
	payerHow                                   textColumn // table.Hows
	kind                                       textColumn // in words.Kinds
	amount, net, refused, on, backOn, toldIn   intColumn
	refs                                       []table.Ref
}

func (b *build) readPayments() *payments {
	t := b.set.Get(table.Payment)
	texts := func(d []string) []uint32 { return b.texts.codes(d, words.Fold) }
	p := &payments{
		fund: column(t, "_fund", b.fundCodes), unit: column(t, "_unit", b.unitCodes),
		project: column(t, "_project", b.projectCodes), program: column(t, "_program", func(d []string) []uint32 { return b.texts.codes(d, keep) }),
		town: column(t, "town", texts), county: column(t, "county", texts),
		payerHow: column(t, table.HowColumn("payer"), func(d []string) []uint32 {
			return mapped(d, func(s string) uint32 { return uint32(table.ParseHow(s)) })
		}),
		amount: t.Ints("amount"), net: t.Ints("_net"), refused: t.Ints("_refused"),
		on: t.Ints("pay_date"), backOn: t.Ints("_back_on"), toldIn: t.Ints("_told_in"), refs: t.Refs(),
	}
	p.kind = column(t, "_kind", func(d []string) []uint32 {
		return mapped(d, func(s string) uint32 { return uint32(slices.Index(words.Kinds[:], s)) })
	})
	return p
}

// state returns whether row i counts.
func (p *payments) state(i int) payState {
	switch kind := words.Kind(p.kind.at(i)); {
	case p.toldIn.at(i) != table.Null:
		return repeated
	case kind == words.Unpaid, kind == words.Returned && p.net.at(i) >= 0 && p.refused.at(i) == table.Null:
		return unpaid
	}
	return paid
}

// groups are payment groups by what they share.
type groups struct {
	at   map[groupKey]int32
	list []group
}

// of returns the group of a key, a new one of a row's place.
func (s *groups) of(k groupKey, ref table.Ref) int32 {
	at, ok := s.at[k]
	if !ok {
		at = int32(len(s.list))
		s.at[k] = at
		s.list = append(s.list, group{groupKey: k, ref: ref})
	}
	return at
}

// group puts every payment into its group and returns the group of each row.
func (b *build) group(p *payments, n int) []int32 {
	groupOf := make([]int32, n)
	type local struct {
		groups groups
		doubts rowDoubts
	}
	chunks := inChunks(n, b.opt.Workers, func(lo, hi int) local {
		l := local{groups{at: map[groupKey]int32{}}, rowDoubts{}}
		var last groupKey
		at := int32(-1)
		for i := lo; i < hi; i++ {
			k := p.key(b, i)
			amount, net, ref := p.amount.at(i), p.net.at(i), refAt(p.refs, i)
			if k != last || at < 0 {
				at, last = l.groups.of(k, ref), k
			}
			g := &l.groups.list[at]
			g.rows++
			g.ref = min(g.ref, ref)
			switch {
			case amount == table.Null || amount == 0:
				l.doubts.add(paymentZero, ref, 1)
			case k.state != paid:
			case p.refused.at(i) != table.Null:
				g.paid += p.refused.at(i)
				g.refused += p.refused.at(i)
			case net < 0:
				g.giveBack(-net, k.on, ref)
			case p.backOn.at(i) != table.Null:
				g.paid += amount
				g.giveBack(amount-net, p.backOn.at(i), ref)
			default:
				g.paid += net
			}
			switch {
			case k.state == repeated:
				l.doubts.add(paymentRepeated, ref, 1)
			case k.on == table.Null:
				l.doubts.add(paymentNoDate, ref, 1)
			case k.on > int64(b.opt.AsOf):
				l.doubts.add(afterAsOf, ref, 1)
			}
			groupOf[i] = at
		}
		return l
	})
	together, all := groups{at: map[groupKey]int32{}}, rowDoubts{}
	for c, l := range chunks {
		to := make([]int32, len(l.groups.list))
		for i, g := range l.groups.list {
			to[i] = together.of(g.groupKey, g.ref)
			into := &together.list[to[i]]
			into.paid, into.back, into.refused = into.paid+g.paid, into.back+g.back, into.refused+g.refused
			into.rows, into.ref = into.rows+g.rows, min(into.ref, g.ref)
			into.returns = append(into.returns, g.returns...)
		}
		lo := c * chunkRows
		for i := lo; i < min(n, lo+chunkRows); i++ {
			groupOf[i] = to[groupOf[i]]
		}
		for of, d := range l.doubts {
			all.add(of.reason, d.Ref, d.Rows)
		}
	}
	b.groups = together.list
	for _, d := range all {
		b.doubts = append(b.doubts, d)
	}
	return groupOf
}

func (g *group) giveBack(amount, on int64, ref table.Ref) {
	g.back += amount
	g.returns = append(g.returns, giveBack{amount, on, ref})
}

// rowDoubts counts doubts about payments, which may be millions, by sheet.
type rowDoubts map[sheetReason]Doubt

type sheetReason struct {
	source int
	reason Reason
}

func (ds rowDoubts) add(why Reason, ref table.Ref, rows int) {
	of := sheetReason{ref.Source(), why}
	if d, ok := ds[of]; ok {
		ref, rows = min(ref, d.Ref), rows+d.Rows
	}
	ds[of] = Doubt{table.Payment, ref, rows, why, ""}
}

// key returns the group of a payment row.
func (p *payments) key(b *build, i int) groupKey {
	k := groupKey{
		fund: p.fund.at(i), pool: none, compiler: none, project: none, program: none, town: none, county: none,
		on: p.on.at(i), by: byCited, state: p.state(i),
	}
	project := p.project.at(i)
	if pooled(k.fund) {
		k.fund, k.pool = none, k.fund
	} else if k.fund == none {
		k.by = byNone
		if f, ok := b.projectFund[project]; ok && f != none {
			k.fund, k.by = f, byProject
		}
	}
	k.unit = p.unit.at(i)
	if h := p.payerHow.at(i); k.unit != none && h != none && table.How(h) >= table.Inherited {
		k.unit, k.compiler = none, k.unit
	}
	if k.openFund = k.fund == none; k.openFund && k.pool == none {
		k.program, k.project = p.program.at(i), project
	}
	if k.openUnit = k.unit == none; k.openUnit {
		k.town, k.county, k.project = p.town.at(i), p.county.at(i), project
	}
	return k
}
