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
	memberProperty, memberTransfer, memberExitYear, memberExitedOn, memberStatus, memberPerson, memberMatch,
}

// homes are the households of a group (a household, a village, a county) year
// by year, in order of household and year. Rows without a year or household
// are left out.
var homes = detect.Derive(func(p *detect.Pass) []home {
	v := p.View(table.Member)
	household, year := memberHousehold.In(v), memberYear.In(v)
	var order []int
	for i := range v.Len() {
		if household[i] != "" && year.Or(i, 0) > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(strings.Compare(household[a], household[b]), cmp.Compare(year.Or(a, 0), year.Or(b, 0)))
	})
	read := homeReader(v)
	var out []home
	for lo, hi := 0, 0; lo < len(order); lo = hi {
		first := order[lo]
		for hi < len(order) && household[order[hi]] == household[first] && year.Or(order[hi], 0) == year.Or(first, 0) {
			hi++
		}
		h := read(order[lo:hi])
		h.household, h.year = household[first], int(year.Or(first, 0))
		out = append(out, h)
	}
	return out
})

// homeReader returns a function that makes a home of a household's rows of one
// year, all but whose and which year it is.
func homeReader(v table.View) func(rows []int) home {
	village, county, person := memberVillage.In(v), memberCounty.In(v), memberPerson.In(v)
	size, income, exitedOn, left := memberSize.In(v), memberIncome.In(v), memberExitedOn.In(v), leavingOf(v)
	sources := [...]table.Values[table.Fen]{memberWage.In(v), memberBusiness.In(v), memberProperty.In(v), memberTransfer.In(v)}
	states := func(row int) bool {
		return slices.ContainsFunc(sources[:], func(c table.Values[table.Fen]) bool { _, ok := c.At(row); return ok })
	}
	var members []string
	return func(rows []int) home {
		h := home{row: rows[0]}
		members = members[:0]
		for _, i := range rows {
			h.village, h.county = firstOf(h.village, village[i]), firstOf(h.county, county[i])
			h.size = max(h.size, int(size.Or(i, 0)))
			h.exit = max(h.exit, left.year(i))
			if d, ok := exitedOn.At(i); ok {
				h.exitedOn = max(h.exitedOn, d)
			}
			if x, ok := income.At(i); ok && (!h.known || x > h.income) {
				h.income, h.known, h.row = x, true, i
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
