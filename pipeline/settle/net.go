package settle

import (
	"cmp"
	"slices"

	"fundtrace/pipeline/table"
	"fundtrace/pipeline/words"
)

// limits are the numbers that settling rests on.
var limits = struct {
	// SeriesMonths is how many different months of payment make a year's payments a
	// monthly benefit: two may be one payment made twice, three hardly are.
	SeriesMonths int
	// YearMonths is how long the period is that such payments state.
	YearMonths int
	// MostRows is how many rows of one person and program are taken together:
	// nobody has so many, so that more are a mistaken key's, which must not cost
	// the square of its rows.
	MostRows int
}{SeriesMonths: 3, YearMonths: 12, MostRows: 256}

// A grant is what a person gets of a program for a period.
type grant struct {
	period                table.Period
	stated                bool
	project, tier, county uint32
	amount                int64
	parts                 uint64 // instalments in it, a bit each
}

// meets reports whether an entry may be a part of a grant: of one kind, and
// overlapping.
func (g *grant) meets(e *entry) bool {
	return g.stated == e.stated && alike(g.project, e.project) && alike(g.tier, e.tier) && alike(g.county, e.county) &&
		g.period.Overlap(e.period) != 0
}

// net settles what each payment comes to.
func (h *hand) net(people func(func([]int32) bool)) {
	for rows := range people {
		es := h.read(rows)
		es = slices.DeleteFunc(es, func(e entry) bool { return h.told[e.row] >= 0 })
		for i := range es {
			h.refuse(&es[i])
		}
		slices.SortFunc(es, h.byPeriod)
		for lo := 0; lo < len(es); {
			hi := lo + 1
			for hi < len(es) && hi-lo < limits.MostRows && es[hi].program == es[lo].program {
				hi++
			}
			h.settle(es[lo:hi])
			lo = hi
		}
	}
}

// refuse takes away a payment that the bank refused.
func (h *hand) refuse(e *entry) {
	if h.refused[e.row] {
		h.kind[e.row], e.kind, e.amount = words.Returned, words.Paid, 0
	}
}

// byPeriod puts entries of one program and period side by side, stated periods
// first.
func (h *hand) byPeriod(a, b entry) int {
	return cmp.Or(cmp.Compare(a.program, b.program), yesFirst(a.stated, b.stated), cmp.Compare(a.period, b.period), h.byPlace(a.row, b.row))
}

// yesFirst orders what is so before what is not.
func yesFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// settle makes grants of the entries of one person and program, which are in
// order of byPeriod.
func (h *hand) settle(es []entry) {
	h.takeBack(es)
	if monthly(es) {
		slices.SortFunc(es, h.byPeriod)
	}
	h.open = h.open[:0]
	if es[0].program != none {
		h.join(es, words.Paid, h.instalments)
		h.join(es, words.Supplement, func(e *entry) int {
			if k := h.find(func(g *grant) bool { return g.meets(e) && g.period == e.period }); k >= 0 {
				return k
			}
			return h.find(func(g *grant) bool { return g.meets(e) })
		})
	}
	h.correct(es)
	for i := range es {
		e := &es[i]
		h.left[e.row] = e.amount
		if e.kind == words.Returned {
			h.left[e.row] = 0
			if e.minus {
				h.left[e.row] = -e.amount
			}
		}
		if e.part > 0 && h.kind[e.row] == words.Paid {
			h.kind[e.row] = words.Instalment
		}
		h.span[e.row] = e.period
		if e.grant >= 0 {
			h.grant[e.row] = h.grants + e.grant
		}
	}
	for i := range es {
		if e := &es[i]; e.took >= 0 {
			h.grant[e.row] = h.grant[e.took]
		}
	}
	h.grants += int32(len(h.open))
}

// join puts the entries of a kind into the grants that to finds for them, or into
// new ones.
func (h *hand) join(es []entry, kind words.Kind, to func(*entry) int) {
	for i := range es {
		e := &es[i]
		if e.kind != kind || e.amount == 0 || e.period == 0 {
			continue
		}
		k := to(e)
		if k < 0 {
			k = len(h.open)
			h.open = append(h.open, grant{period: e.period, stated: e.stated, project: e.project, tier: e.tier, county: e.county})
		}
		g := &h.open[k]
		g.amount += e.amount
		g.parts |= 1 << e.part &^ 1
		e.grant = int32(k)
	}
}

// find returns the first open grant that satisfies f, or -1.
func (h *hand) find(f func(*grant) bool) int {
	for k := range h.open {
		if f(&h.open[k]) {
			return k
		}
	}
	return -1
}

// instalments finds the grant that lacks an instalment. The first may be
// unmarked.
func (h *hand) instalments(e *entry) int {
	if e.part == 0 {
		return -1
	}
	return h.find(func(g *grant) bool {
		free := g.parts>>e.part&1 == 0 && (g.parts != 0 || e.part != words.FirstPart)
		return g.meets(e) && (free || e.part == words.SomePart)
	})
}

// correct puts corrections in the place of the last grant of their amount, else
// of the last of their period: they say what it should have been.
func (h *hand) correct(es []entry) {
	h.join(es, words.Correction, func(e *entry) int {
		k := -1
		for i := range h.open {
			if g := &h.open[i]; g.meets(e) && (g.amount == e.amount || k < 0 || h.open[k].amount != e.amount) {
				k = i
			}
		}
		if k < 0 {
			return k
		}
		for i := range es {
			if o := &es[i]; o.grant == int32(k) && o.kind != words.Returned {
				o.amount = 0
				delete(h.backOn, o.row)
			}
		}
		h.open[k].amount = 0
		return k
	})
}

// monthly gives the payments of a year that is a series of months the month they
// were paid in, and reports whether there were any.
func monthly(es []entry) bool {
	found := false
	for lo := 0; lo < len(es); {
		hi := lo + 1
		for hi < len(es) && es[hi].stated == es[lo].stated && es[hi].period == es[lo].period {
			hi++
		}
		if e := &es[lo]; hi-lo >= limits.SeriesMonths && e.stated && e.period.Months() == limits.YearMonths {
			months := map[int]bool{}
			for _, x := range es[lo:hi] {
				if x.dated && x.kind == words.Paid && x.amount > 0 {
					months[table.Day(x.day).Month()] = true
				}
			}
			if len(months) >= limits.SeriesMonths {
				for i := lo; i < hi; i++ {
					if x := &es[i]; x.dated {
						m := table.Day(x.day).Month()
						x.period, x.stated, found = table.MonthsOf(m, m), false, true
					}
				}
			}
		}
		lo = hi
	}
	return found
}

// takeBack lowers the payments of one person and program by the returns among
// them. A return stands with the grant of the last payment it lowers.
func (h *hand) takeBack(es []entry) {
	for i := range es {
		e := &es[i]
		if e.kind != words.Returned {
			continue
		}
		h.from = h.from[:0]
		for k := range es {
			if e.fits(&es[k]) >= 0 {
				h.from = append(h.from, k)
			}
		}
		slices.SortFunc(h.from, func(a, b int) int {
			x, y := &es[a], &es[b]
			return cmp.Or(cmp.Compare(e.fits(y), e.fits(x)), cmp.Compare(y.day, x.day),
				yesFirst(x.amount >= e.amount, y.amount >= e.amount), cmp.Compare(x.amount, y.amount), cmp.Compare(b, a))
		})
		for _, k := range h.from {
			if e.amount == 0 {
				break
			}
			o := &es[k]
			less := min(e.amount, o.amount)
			o.amount, e.amount = o.amount-less, e.amount-less
			e.took = o.row
			if e.dated {
				h.backOn[o.row] = max(h.backOn[o.row], e.day)
			}
		}
	}
}

// fits says how well an entry can be what a return takes back; below zero it
// cannot.
func (e *entry) fits(o *entry) int {
	same, before := o.period == e.period, !o.dated || !e.dated || o.day <= e.day
	if o.amount == 0 || o.kind != words.Paid && o.kind != words.Supplement || !alike(o.county, e.county) ||
		!e.minus && !(same && before && alike(o.account, e.account)) {
		return -1
	}
	n := 0
	for _, holds := range [...]bool{o.amount == e.amount && alike(o.project, e.project), same, alike(o.account, e.account), before} {
		n <<= 1
		if holds {
			n++
		}
	}
	return n
}
