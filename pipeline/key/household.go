package key

import (
	"cmp"
	"slices"
	"strings"

	"fundtrace/pipeline/idnum"
	"fundtrace/pipeline/table"
)

// HouseholdNumber returns the number of a household, as its offices write it,
// from its key, which may have the place before it.
func HouseholdNumber(key string) string { return key[strings.LastIndexByte(key, '/')+1:] }

// houses fills in the household of every row: the number the row gives, of a
// payment one that the household table knows too; else the household that its
// first person, or the head, belongs to in the household table, or by the numbers
// that payments give; else the head is taken for a
// household of his own, under his own key. A register's person belongs where
// the household table, else most payments, have him; whom neither knows has no
// household.
func (r *resolver) houses() {
	h := &houses{people: r.people, places: r.places, home: make([]uint32, len(r.people.keys))}
	for i := range h.home {
		h.home[i] = none
	}
	h.houseKeys = slices.Clip(r.people.keys)
	var members, payments, registers *roster
	for _, o := range r.rosters {
		if len(o.roles) == 0 {
			continue
		}
		switch o.t.Schema() {
		case table.Member:
			members = o
		case table.Payment:
			payments = o
		case table.Register:
			registers = o
		}
	}
	h.number(r.numbers.Dict, members, payments)
	if members != nil {
		h.settle(members)
		if payments != nil {
			h.rehouse(payments, members)
		}
	}
	if payments != nil {
		if slices.Contains(payments.household, none) {
			h.vote(payments, nil)
		}
		h.fill(payments)
	}
	if registers != nil {
		if payments != nil {
			wanted := make([]bool, len(r.people.keys))
			for _, p := range registers.roles[0].who {
				if p != none {
					wanted[p] = true
				}
			}
			h.vote(payments, wanted)
		}
		registers.household = make([]uint32, registers.t.Len())
		for row, p := range registers.roles[0].who {
			registers.household[row] = h.of(p, latest)
		}
	}
	r.houseKeys = h.houseKeys
}

// houses are the households of persons.
type houses struct {
	*people
	places    *places
	home      []uint32          // person → household key, or none
	moved     map[uint32][]stay // persons of several households, by year
	houseKeys []string          // code → key; the first are the persons' own
}

// A stay is a person's household in one year's household table; year 0 is a
// table without years.
type stay struct{ year, key uint32 }

// latest asks for a person's last household.
const latest = 1 << 31

// number fills in the household of the rows that give a number. Its key is the
// number in its place, whatever other places are in the run: a short one in the
// village, a long one in the county. A row that does not tell the place is of the
// one household with that number, within the county if it tells that.
func (h *houses) number(numbers []string, rosters ...*roster) {
	type sited struct{ number, place uint32 } // place: a village, a county with caseBit, or none
	keys := map[sited]uint32{}
	inCounty := map[sited][]uint32{} // number and county, or none → keys of its households
	of := func(n, at uint32) (in sited, whole bool) {
		village, county := h.places.keyOf[at], h.places.county[at]
		switch short := len(numbers[n]) < limits.HouseholdNumber; {
		case short && village != none:
			return sited{n, village}, true
		case county != none:
			return sited{n, county | caseBit}, !short
		case village != none:
			return sited{n, village}, true
		}
		return sited{n, none}, false
	}
	each := func(f func(row *uint32, n, at uint32)) {
		for _, o := range rosters {
			if o == nil {
				continue
			}
			for row, at := range o.place {
				if n := o.number.at(row); n != none {
					f(&o.household[row], n, at)
				}
			}
		}
	}
	for _, o := range rosters {
		if o != nil {
			o.household = slices.Repeat([]uint32{none}, o.t.Len())
		}
	}
	each(func(row *uint32, n, at uint32) {
		in, whole := of(n, at)
		if !whole {
			return
		}
		key, ok := keys[in]
		if !ok {
			key = h.code(h.sited(in.place), numbers[n])
			keys[in] = key
			inCounty[sited{n, none}] = append(inCounty[sited{n, none}], key)
			inCounty[sited{n, h.places.county[at]}] = append(inCounty[sited{n, h.places.county[at]}], key)
		}
		*row = key
	})
	each(func(row *uint32, n, at uint32) {
		in, whole := of(n, at)
		if whole {
			return
		}
		key, ok := keys[in]
		if !ok {
			if known := inCounty[sited{n, h.places.county[at]}]; len(known) == 1 {
				key = known[0]
			} else {
				key = h.code(h.sited(in.place), numbers[n])
			}
			keys[in] = key
		}
		*row = key
	})
}

// sited returns what stands before a household number of a place.
func (h *houses) sited(place uint32) string {
	switch {
	case place == none:
		return ""
	case place >= caseBit:
		return h.places.parts.Dict[place&^caseBit] + "/"
	}
	return h.places.keys.Dict[place] + "/"
}

// settle takes each person's households from the household table, and notes on
// its rows who is listed by another household in that year or later.
func (h *houses) settle(o *roster) {
	h.moved = map[uint32][]stay{}
	who := o.roles[0].who
	for row, p := range who {
		switch key := o.household[row]; {
		case p == none || key == none:
		case h.home[p] == none:
			h.home[p] = key
		case h.home[p] != key:
			h.moved[p] = nil
		}
	}
	if len(h.moved) == 0 {
		return
	}
	for row, p := range who {
		if p == none || o.household[row] == none {
			continue
		}
		if list, ok := h.moved[p]; ok {
			year, _ := o.t.Int("year", row)
			h.moved[p] = append(list, stay{uint32(year), o.household[row]})
		}
	}
	for p, list := range h.moved {
		slices.SortFunc(list, func(a, b stay) int {
			return cmp.Or(cmp.Compare(a.year, b.year), cmp.Compare(h.houseKeys[a.key], h.houseKeys[b.key]))
		})
		h.moved[p] = slices.Compact(list)
	}
	o.elsewhere = make([]int64, len(who))
	for row, p := range who {
		o.elsewhere[row] = h.elsewhere(o, row, p)
	}
}

// elsewhere returns the first year, from a row's own on, in which the household
// table lists its person in another household; Null where none does.
func (h *houses) elsewhere(o *roster, row int, p uint32) int64 {
	if year, ok := o.t.Int("year", row); ok && p != none && o.household[row] != none {
		for _, s := range h.moved[p] {
			if int64(s.year) >= year && s.key != o.household[row] {
				return int64(s.year)
			}
		}
	}
	return table.Null
}

// rehouse takes the household number of payments that is none of the household
// table's for the paying office's own: a beneficiary or head whom the table lists
// stays in his household there, and the others under the number go with him.
func (h *houses) rehouse(payments, members *roster) {
	known := make([]bool, len(h.houseKeys))
	for _, key := range members.household {
		if key != none {
			known[key] = true
		}
	}
	listed := func(row int) uint32 {
		for i := range payments.roles {
			if o := &payments.roles[i]; o.key != "_payee" && o.who[row] != none && h.home[o.who[row]] != none {
				return h.home[o.who[row]]
			}
		}
		return none
	}
	const several = none - 1
	stands := make([]uint32, len(h.houseKeys)) // office's number → household of those listed under it
	for i := range stands {
		stands[i] = none
	}
	for row, key := range payments.household {
		if key == none || known[key] {
			continue
		}
		switch home := listed(row); {
		case home == none || stands[key] == home:
		case stands[key] == none:
			stands[key] = home
		default:
			stands[key] = several
		}
	}
	for row, key := range payments.household {
		if key == none || known[key] || stands[key] == none {
			continue
		}
		if listed(row) != none {
			payments.household[row] = none // for fill, which minds the year
		} else if stands[key] != several {
			payments.household[row] = stands[key]
		}
	}
}

// of returns a person's household in a year: that year's, else the last before,
// else the first after; none for nobody and for a person without one. Of two in
// one year it is the one whose key sorts first.
func (h *houses) of(p, year uint32) uint32 {
	if p == none {
		return none
	}
	list := h.moved[p]
	if list == nil {
		return h.home[p]
	}
	best := list[0]
	for _, s := range list {
		if s.year <= year && s.year > best.year {
			best = s
		}
	}
	return best.key
}

// vote gives persons without a household the one that most payments to them or
// to their household give; wanted nil means everybody. Of two named as often it
// is the one whose key sorts first.
func (h *houses) vote(o *roster, wanted []bool) {
	var votes []uint64
	for row, key := range o.household {
		if key == none {
			continue
		}
		for i := range o.roles {
			if o.roles[i].key == "_payee" {
				continue
			}
			p := o.roles[i].who[row]
			if p == none || h.home[p] != none || wanted != nil && !wanted[p] {
				continue
			}
			votes = append(votes, uint64(p)<<32|uint64(key))
		}
	}
	slices.Sort(votes)
	most := 0
	for lo := 0; lo < len(votes); {
		hi := lo + 1
		for hi < len(votes) && votes[hi] == votes[lo] {
			hi++
		}
		p, key := uint32(votes[lo]>>32), uint32(votes[lo])
		if lo == 0 || uint32(votes[lo-1]>>32) != p {
			most = 0
		}
		if n := hi - lo; n > most || n == most && h.houseKeys[key] < h.houseKeys[h.home[p]] {
			most, h.home[p] = n, key
		}
		lo = hi
	}
}

// fill gives the payments that have no household number the household of the
// beneficiary, else of the head, in the payment's year.
func (h *houses) fill(o *roster) {
	var beneficiary, head []uint32
	for i := range o.roles {
		switch o.roles[i].key {
		case "_person":
			beneficiary = o.roles[i].who
		case "_head":
			head = o.roles[i].who
		}
	}
	for row, key := range o.household {
		if key != none {
			continue
		}
		for _, who := range [][]uint32{beneficiary, head} {
			if who == nil || who[row] == none || key != none {
				continue
			}
			year := uint32(latest)
			if h.moved[who[row]] != nil {
				year = yearOf(o.t, row)
			}
			key = h.of(who[row], year)
		}
		for _, who := range [][]uint32{head, beneficiary} {
			if key == none && who != nil && who[row] != none {
				key = who[row]
			}
		}
		o.household[row] = key
	}
}

// code returns the code of a household number's key in a place; a number that is
// a person's, as some offices number households, is that person's own.
func (h *houses) code(place, number string) uint32 {
	if id, err := idnum.Parse(number); err == nil && id.Form == idnum.Written {
		if p, ok := h.byNumber.get(pack(number)); ok {
			return p
		}
	}
	if p, ok := h.byKey[number]; ok {
		return p
	}
	h.houseKeys = append(h.houseKeys, place+number)
	return uint32(len(h.houseKeys) - 1)
}

// yearOf returns the year a payment is for, else the year it was made in, else
// latest.
func yearOf(t *table.Table, row int) uint32 {
	if p, err := table.ParsePeriod(t.Text("period", row)); err == nil {
		return uint32(p.Year())
	}
	if d, ok := t.Int("pay_date", row); ok {
		return uint32(table.Day(d).Year())
	}
	return latest
}
