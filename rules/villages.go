package rules

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

// A home is what the register says of one household for one year.
type home struct {
	household string
	year      int
	row       int // of the member view: the first that states the income, else the first
	village   string
	county    string
	size      int       // members; 0 where the sheets do not tell
	income    table.Fen // a head, the highest any row states; none if !known
	known     bool
	sources   [4]table.Fen // wages, business, property, transfers: as written, of the row with the income, else the first that states any
	parts     int          // sources above zero
	exit      int          // year of exit as the year's rows state it, 0 for none
	exitedOn  table.Day    // 0 where not stated
}

// homeReads are the columns that homes looks at; a rule that asks for homes
// reads them too.
var homeReads = []table.Column{
	memberHousehold, memberVillage, memberCounty, memberYear, memberSize, memberIncome, memberWage, memberBusiness,
	memberProperty, memberTransfer, memberExitYear, memberExitedOn, memberStatus, memberPerson,
}

// homes are the households of a group (a household, a village, a county) year
// by year, in order of household and year. Rows without a year or household
// are left out.
var homes = detect.DeriveInto(func(p *detect.Pass, old []home) []home {
	v := p.View(table.Member)
	return homesBy(v, old, homeReader(v))
})

// incomeReads are the columns that incomeHomes looks at.
var incomeReads = []table.Column{memberHousehold, memberVillage, memberCounty, memberYear, memberIncome}

// incomeHomes are homes without anything but household, year, place and income:
// for a rule that looks at nothing else in large groups.
var incomeHomes = detect.DeriveInto(func(p *detect.Pass, old []home) []home {
	v := p.View(table.Member)
	return homesBy(v, old, incomeReader(v))
})

// homesBy reads the rows of each household and year, in order of these; the
// homes lie in the memory of old.
func homesBy(v table.View, old []home, read func(rows []int) home) []home {
	household, year := memberHousehold.In(v), memberYear.In(v)
	yearOf := func(i int) int { return int(year.Or(i, 0)) }
	type run struct{ lo, hi int32 } // neighbouring rows of one household and year
	var runs []run
	for i := range v.Len() {
		if household[i] == "" || yearOf(i) <= 0 {
			continue
		}
		if k := len(runs) - 1; k >= 0 && int(runs[k].hi) == i && household[i-1] == household[i] && yearOf(i-1) == yearOf(i) {
			runs[k].hi++
			continue
		}
		runs = append(runs, run{int32(i), int32(i + 1)})
	}
	runs = sortStretches(runs, func(a, b run) int {
		return cmp.Or(strings.Compare(household[a.lo], household[b.lo]), yearOf(int(a.lo))-yearOf(int(b.lo)))
	})
	out := slices.Grow(old[:0], len(runs))
	var rows []int
	for lo := 0; lo < len(runs); {
		first := int(runs[lo].lo)
		rows = rows[:0]
		for ; lo < len(runs) && household[runs[lo].lo] == household[first] && yearOf(int(runs[lo].lo)) == yearOf(first); lo++ {
			for i := runs[lo].lo; i < runs[lo].hi; i++ {
				rows = append(rows, int(i))
			}
		}
		h := read(rows)
		h.household, h.year = household[first], yearOf(first)
		out = append(out, h)
	}
	return out
}

// incomeReader returns a function that reads where a household is and its income
// a head from its rows of one year.
func incomeReader(v table.View) func(rows []int) home {
	village, county, income := memberVillage.In(v), memberCounty.In(v), memberIncome.In(v)
	return func(rows []int) home {
		h := home{row: rows[0]}
		for _, i := range rows {
			h.village, h.county = firstOf(h.village, village[i]), firstOf(h.county, county[i])
			if x, ok := income.At(i); ok && (!h.known || x > h.income) {
				h.income, h.known, h.row = x, true, i
			}
		}
		return h
	}
}

// homeReader returns a function that makes a home of a household's rows of one
// year, all but whose and which year it is.
func homeReader(v table.View) func(rows []int) home {
	readIncome, person := incomeReader(v), memberPerson.In(v)
	size, exitedOn, left := memberSize.In(v), memberExitedOn.In(v), leavingOf(v)
	sources := [...]table.Values[table.Fen]{memberWage.In(v), memberBusiness.In(v), memberProperty.In(v), memberTransfer.In(v)}
	states := func(row int) bool {
		return slices.ContainsFunc(sources[:], func(c table.Values[table.Fen]) bool { _, ok := c.At(row); return ok })
	}
	var members []string
	return func(rows []int) home {
		h := readIncome(rows)
		members = members[:0]
		for _, i := range rows {
			h.size = max(h.size, int(size.Or(i, 0)))
			h.exit = max(h.exit, left.year(i))
			if d, ok := exitedOn.At(i); ok {
				h.exitedOn = max(h.exitedOn, d)
			}
			if !slices.Contains(members, person[i]) {
				members = append(members, person[i])
			}
		}
		if h.size == 0 && len(members) > 1 {
			h.size = len(members)
		}
		row := h.row
		if k := slices.IndexFunc(rows, states); k >= 0 && !states(row) {
			row = rows[k]
		}
		for j, c := range sources {
			if h.sources[j] = c.Or(row, 0); h.sources[j] > 0 {
				h.parts++
			}
		}
		return h
	}
}

// sortStretches returns xs in order of compare, equal ones in the order they
// come in, by merging ascending stretches: registers are in order sheet by sheet,
// so that there are few. It uses up xs.
func sortStretches[T any](xs []T, compare func(a, b T) int) []T {
	var ends []int
	for i := 1; i <= len(xs); i++ {
		if i == len(xs) || compare(xs[i-1], xs[i]) > 0 {
			ends = append(ends, i)
		}
	}
	var spare []T
	for len(ends) > 1 {
		out, rest, lo := slices.Grow(spare[:0], len(xs)), ends[:0], 0
		for k := 0; k < len(ends); k += 2 {
			mid, hi := ends[k], ends[min(k+1, len(ends)-1)]
			a, b := xs[lo:mid], xs[mid:hi]
			for len(a) > 0 && len(b) > 0 {
				if compare(a[0], b[0]) <= 0 {
					out, a = append(out, a[0]), a[1:]
				} else {
					out, b = append(out, b[0]), b[1:]
				}
			}
			out = append(append(out, a...), b...)
			rest, lo = append(rest, hi), hi
		}
		xs, spare, ends = out, xs, rest
	}
	return xs
}

// A pair is one household in two years that follow each other.
type pair struct{ before, after *home }

// pairs returns the pairs of hs, which is in the order of homes.
func pairs(hs []home) []pair {
	var out []pair
	for i := 1; i < len(hs); i++ {
		if hs[i].household == hs[i-1].household && hs[i].year == hs[i-1].year+1 {
			out = append(out, pair{&hs[i-1], &hs[i]})
		}
	}
	return out
}

// yearsOf returns the years of hs, ascending.
func yearsOf(hs []home) []int {
	var out []int
	for _, h := range hs {
		if !slices.Contains(out, h.year) {
			out = append(out, h.year)
		}
	}
	slices.Sort(out)
	return out
}

// homeEvidence returns the rows of a household's years.
func homeEvidence(v table.View, hs ...*home) []detect.Evidence {
	var out []detect.Evidence
	for _, h := range hs {
		out = append(out, detect.Row(v, h.row, roleHousehold))
	}
	return out
}

// placeEvidence returns the rows of a place's homes, the first few of many. How
// surely they were joined to persons does not matter to a statistic.
func placeEvidence(v table.View, hs []*home) []detect.Evidence {
	var out []detect.Evidence
	for _, h := range hs[:min(len(hs), mostEvidence)] {
		out = append(out, detect.RowAt(table.Member, v.Ref(h.row), roleHousehold))
	}
	return out
}

// mostEvidence is how many rows a lead on a village or unit carries: enough to
// begin with, not all that a statistic is made of.
const mostEvidence = 50

// growth returns the natural logarithm of how many times a household's income
// a head grew; ok is false where one of the two is absent or not above zero.
func (x pair) growth() (g float64, ok bool) {
	if !x.before.known || !x.after.known || x.before.income <= 0 || x.after.income <= 0 {
		return 0, false
	}
	return math.Log(float64(x.after.income) / float64(x.before.income)), true
}

var noHomes = text("建档立卡记录无年度", "the register's rows state no year")
