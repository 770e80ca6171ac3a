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
	size      int       // stated members; 0 where no row tells
	income    table.Fen // a head, the highest any row states; none if !known
	known     bool
	sources   [4]table.Fen // wages, business, property, transfers: as written
	parts     int          // sources above zero
	exit      int          // year of exit as the year's rows state it, 0 for none
	exitedOn  table.Day    // 0 where not stated
}

// homeReads are the columns that homes looks at; a rule that asks for homes
// reads them too.
var homeReads = []table.Column{
	memberHousehold, memberVillage, memberCounty, memberYear, memberSize, memberIncome, memberWage, memberBusiness,
	memberProperty, memberTransfer, memberExitYear, memberExitedOn, memberMatch,
}

// homes are the households of a group (a household, a village, a county) year
// by year, in order of household and year. Rows without a year or household
// are left out.
var homes = detect.Derive(func(p *detect.Pass) []home {
	v := p.View(table.Member)
	household, village, county := memberHousehold.In(v), memberVillage.In(v), memberCounty.In(v)
	year, size, income := memberYear.In(v), memberSize.In(v), memberIncome.In(v)
	exitYear, exitedOn := memberExitYear.In(v), memberExitedOn.In(v)
	var order []int
	for i := range v.Len() {
		if household[i] != "" && year.Or(i, 0) > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(strings.Compare(household[a], household[b]), cmp.Compare(year.Or(a, 0), year.Or(b, 0)))
	})
	var out []home
	for _, i := range order {
		if n := len(out); n == 0 || out[n-1].household != household[i] || out[n-1].year != int(year.Or(i, 0)) {
			out = append(out, home{household: household[i], year: int(year.Or(i, 0)), row: i})
		}
		h := &out[len(out)-1]
		h.village, h.county = firstOf(h.village, village[i]), firstOf(h.county, county[i])
		h.size = max(h.size, int(size.Or(i, 0)))
		h.exit = max(h.exit, int(exitYear.Or(i, 0)))
		if d, ok := exitedOn.At(i); ok {
			h.exitedOn = max(h.exitedOn, d)
			h.exit = max(h.exit, d.Year())
		}
		if x, ok := income.At(i); ok && (!h.known || x > h.income) {
			h.income, h.known, h.row = x, true, i
		}
	}
	columns := [...]table.Values[table.Fen]{memberWage.In(v), memberBusiness.In(v), memberProperty.In(v), memberTransfer.In(v)}
	for k := range out {
		h := &out[k]
		for j, c := range columns {
			if h.sources[j] = c.Or(h.row, 0); h.sources[j] > 0 {
				h.parts++
			}
		}
	}
	return out
})

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
