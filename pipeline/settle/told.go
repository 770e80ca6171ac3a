package settle

import (
	"cmp"
	"math"
	"slices"

	"fundtrace/pipeline/table"
	"fundtrace/pipeline/words"
)

// An entry is one row of a person's that is a payment or takes one back.
type entry struct {
	row                                  int32
	kind                                 words.Kind
	part                                 uint8 // number of the instalment, 0 if none
	minus                                bool  // the sheet has the amount below zero
	stated, dated                        bool
	source                               int
	program                              uint32
	fund, project, account, county, tier uint32
	amount                               int64 // above zero
	day                                  int64 // where dated
	period                               table.Period
	grant                                int32 // in hand.open; -1 where none
	told                                 int32 // first of the entries counted in this one, next of those; -1 at the end
	took                                 int32 // the row that a return took back last; -1 where none
}

// read fills entries with those of rows that are not unpaid.
func (h *hand) read(rows []int32) []entry {
	out := h.entries[:0]
	for _, r := range rows {
		if h.kind[r] == words.Unpaid {
			continue
		}
		i := int(r)
		e := entry{
			row: r, kind: h.kind[r], part: h.part[r], source: h.ref(r).Source(), grant: -1, told: -1, took: -1,
			program: h.program[r], fund: code(h.fund, i), project: code(h.project, i), account: code(h.account, i), county: code(h.county, i), tier: h.tier[r],
			amount: h.amount[r], day: at(h.day, i), period: h.period[r], stated: h.period[r] != 0,
		}
		e.dated = e.day != table.Null
		if e.amount < 0 {
			e.amount, e.minus = -e.amount, true
		}
		if !e.stated && e.dated {
			m := table.Day(e.day).Month()
			e.period = table.MonthsOf(m, m)
		}
		out = append(out, e)
	}
	h.entries = out
	return out
}

// tellOnce finds the rows that tell again what a row of another sheet tells. Two
// equal rows of one sheet stay two.
func (h *hand) tellOnce(people func(func([]int32) bool)) {
	for rows := range people {
		first := h.ref(rows[0]).Source()
		if !slices.ContainsFunc(rows, func(r int32) bool { return h.ref(r).Source() != first }) {
			continue
		}
		es := h.read(rows)
		slices.SortFunc(es, func(a, b entry) int { // a row that says less comes after those it can repeat
			return cmp.Or(cmp.Compare(a.program, b.program), cmp.Compare(a.amount, b.amount), cmp.Compare(a.daysLast(), b.daysLast()),
				b.says()-a.says(), h.byPlace(a.row, b.row))
		})
		for lo := 0; lo < len(es); {
			hi := lo + 1
			for hi < len(es) && hi-lo < limits.MostRows && es[hi].program == es[lo].program && es[hi].amount == es[lo].amount {
				hi++
			}
			h.tellRun(es[lo:hi])
			lo = hi
		}
	}
}

// daysLast is the day of an entry, after all others where it has none.
func (e *entry) daysLast() int64 {
	if e.dated {
		return e.day
	}
	return math.MaxInt64
}

// says tells how much an entry says of its payment, the period first.
func (e *entry) says() int {
	n := 0
	if e.stated {
		n = 8
	}
	for _, c := range [...]uint32{e.account, e.fund, e.project, e.county} {
		if c != none {
			n++
		}
	}
	return n
}

// tellRun marks the repeats among entries of one person, program and amount, in
// order of day. Each is counted in the first that it can repeat and of which its
// own sheet has not yet told.
func (h *hand) tellRun(es []entry) {
	day := 0 // the first entry of the day
	for i := range es {
		e := &es[i]
		if e.dated && e.day != es[day].day {
			day = i
		}
		from := day
		if !e.dated {
			from = 0
		}
		for j := from; j < i; j++ {
			o := &es[j]
			if h.told[o.row] >= 0 || !o.tells(e) || o.toldBy(es, e.source) {
				continue
			}
			h.told[e.row] = o.row
			e.told, o.told = o.told, int32(i)
			break
		}
	}
}

// toldBy reports whether a sheet has told of a payment that it does not keep.
func (e *entry) toldBy(es []entry, source int) bool {
	for i := e.told; i >= 0; i = es[i].told {
		if es[i].source == source {
			return true
		}
	}
	return false
}

// tells reports whether e, equal in person, program and amount, is the same
// payment as o, which another sheet has: of one day, or of one stated period
// where one of them tells no day.
func (o *entry) tells(e *entry) bool {
	if o.dated && e.dated {
		if o.day != e.day {
			return false
		}
	} else if !o.stated || !e.stated {
		return false
	}
	return o.source != e.source && (o.kind == words.Returned) == (e.kind == words.Returned) &&
		(o.period == e.period || !o.stated || !e.stated) && (o.part == e.part || o.part == 0 || e.part == 0) &&
		alike(o.account, e.account) && alike(o.fund, e.fund) && alike(o.project, e.project) && alike(o.county, e.county)
}

// alike reports whether two texts are equal or one is absent.
func alike(a, b uint32) bool { return a == b || a == none || b == none }
