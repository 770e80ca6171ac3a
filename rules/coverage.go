package rules

import (
	"maps"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

// Offices of different counties hand in different years and registers. Whether
// something "is there" is therefore asked of the county, town or year in
// question, never of all that was handed in: the baselines here and of single
// rules count by county or town, and by year.

// A yearly counts households by year, back from that of the as-of date, which is
// [0]; what is older, or after it, counts for nothing.
type yearly [21]int

// note counts one household for a year.
func (y *yearly) note(p *detect.Pass, year int) {
	if back := p.AsOf.Year() - year; back >= 0 && back < len(y) {
		y[back] = 1
	}
}

// of returns the households of a year, 0 where the year does not count.
func (y *yearly) of(p *detect.Pass, year int) int {
	if back := p.AsOf.Year() - year; back >= 0 && back < len(y) {
		return y[back]
	}
	return 0
}

// sumYears adds two counts up.
func sumYears(a, b yearly) yearly {
	for i, n := range b {
		a[i] += n
	}
	return a
}

// countyReads are the columns that countyOf looks at.
var countyReads = []table.Column{detect.Aside(memberCounty), detect.Aside(payCounty)}

// countyOf returns the county of a household as the register has it, else as its
// payments have it; "" where no sheet says.
func countyOf(p *detect.Pass) string {
	return firstOf(firstOf(memberCounty.In(p.View(table.Member))...), firstOf(payCounty.In(p.View(table.Payment))...))
}

// inCounty returns what a county's households say together with those whose
// county no sheet tells.
func inCounty(p *detect.Pass, b *detect.Baseline[yearly], county string) yearly {
	if county == "" {
		return b.At(p, "")
	}
	return sumYears(b.At(p, county), b.At(p, ""))
}

// registered counts by county the households that the register lists, by year; a
// line without a year is for all of them.
var registered = &detect.Baseline[yearly]{
	Name: "registered", By: table.Household, Read: append(slices.Clone(countyReads), memberYear),
	Key: func(p *detect.Pass) (string, bool) { return countyOf(p), p.View(table.Member).Len() > 0 },
	Of: func(p *detect.Pass) (out yearly) {
		v := p.View(table.Member)
		year := memberYear.In(v)
		for i := range v.Len() {
			y, stated := year.At(i)
			if !stated {
				for back := range out {
					out[back] = 1
				}
				break
			}
			out.note(p, int(y))
		}
		return out
	},
	Merge: sumYears,
}

// registerKinds are the kinds of registers by the county whose people they list,
// "" where they name none: those are of every county.
var registerKinds = &detect.Baseline[map[string]bool]{
	Name: "kinds of registers", By: table.Person, Read: []table.Column{registerKind, registerCounty},
	Key: func(p *detect.Pass) (string, bool) {
		v := p.View(table.Register)
		return firstOf(registerCounty.In(v)...), v.Len() > 0
	},
	Of: func(p *detect.Pass) map[string]bool {
		out := map[string]bool{}
		for _, kind := range registerKind.In(p.View(table.Register)) {
			out[kind] = true
		}
		return out
	},
	Merge: func(a, b map[string]bool) map[string]bool {
		maps.Copy(a, b)
		return a
	},
}

// withoutRegister counts people who are in no register of a kind as not judged
// where their county has none.
func withoutRegister(p *detect.Pass, kind string) {
	if !hasRegister(p, firstOf(payCounty.In(p.View(table.Payment))...), kind) {
		p.NotApplicable(text("该县无此类比对库", "the county has no register of the kind"))
	}
}

// hasRegister reports whether one of some kinds of registers is there for a
// county; for people whose county no sheet tells any county's will do.
func hasRegister(p *detect.Pass, county string, kinds ...string) bool {
	return slices.ContainsFunc(kinds, func(kind string) bool {
		return registerKinds.At(p, county)[kind] || registerKinds.At(p, "")[kind] || county == "" && p.Has("register:"+kind)
	})
}
