package key

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"fundtrace/pipeline/table"
)

// A Suggestion is two names that may be one unit. To accept it, add Other to
// the names of Unit under `units` in the policy.
type Suggestion struct {
	Unit, Other string
	Near        bool // nearly the same name; else a short name that fits several units
}

// Why says in a language, zh or en, what makes the names one unit's.
func (s Suggestion) Why(lang string) string {
	switch {
	case lang == "en" && s.Near:
		return "nearly the same name"
	case lang == "en":
		return "a short name that fits several units"
	case s.Near:
		return "名称相近"
	}
	return "简称，可对应多个单位"
}

// Suggest returns pairs of the units in resolved tables that may be one, in
// order of name: a name without place that fits other units, and two offices of
// one place whose names differ by one character or by leaving some out. It is
// linear in the number of names but for offices of one place, compared pair by
// pair.
func Suggest(set *table.Set) []Suggestion {
	seen := map[string]bool{}
	for _, c := range parties {
		_, dict := set.Get(c.schema).Words(c.key)
		for _, name := range dict {
			seen[name] = true
		}
	}
	byOffice, byPlace := map[string][]string{}, map[string][][2]string{}
	units := slices.Sorted(maps.Keys(seen))
	for _, name := range units {
		at, office := parted(name)
		byOffice[office] = append(byOffice[office], name)
		if place := at[0] + at[1] + at[2]; place != "" && !isFirm(name) {
			byPlace[place] = append(byPlace[place], [2]string{office, name})
		}
	}
	var out []Suggestion
	for _, name := range units {
		_, office := parted(name)
		if ownLevel.MatchString(office) {
			_, office = cutLevel(office)
		}
		if full := byOffice[office]; len(full) <= maxOffices {
			for _, f := range full {
				if shortens(name, f) {
					out = append(out, Suggestion{f, name, false})
				}
			}
		}
	}
	for _, offices := range byPlace {
		if len(offices) > maxOffices {
			continue
		}
		for i, a := range offices {
			for _, b := range offices[:i] {
				if alike(a[0], b[0]) {
					long, short := a[1], b[1]
					if len(short) > len(long) || len(short) == len(long) && short < long {
						long, short = short, long
					}
					out = append(out, Suggestion{long, short, true})
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b Suggestion) int {
		return cmp.Or(strings.Compare(a.Unit, b.Unit), strings.Compare(a.Other, b.Other))
	})
	return out
}

// maxOffices bounds the offices of one place that are compared pair by pair; a
// place with more is a wrongly cut name.
const maxOffices = 200

// alike reports whether two office names may be one: the shorter is the longer
// with characters left out (财政 for 财政局), or one character differs and is
// not a numeral.
func alike(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) < len(y) {
		x, y = y, x
	}
	if len(y) < 2 || x[0] != y[0] {
		return false
	}
	if len(x) == len(y) {
		diff := 0
		for i := range x {
			if x[i] != y[i] {
				if strings.ContainsRune(numerals, x[i]) || strings.ContainsRune(numerals, y[i]) {
					return false
				}
				diff++
			}
		}
		return diff == 1 && len(x) > 2
	}
	i := 0
	for _, r := range x {
		if i < len(y) && y[i] == r {
			i++
		} else if strings.ContainsRune(numerals, r) {
			return false
		}
	}
	return i == len(y)
}

const numerals = "0123456789一二三四五六七八九十甲乙丙丁东西南北中上下"
