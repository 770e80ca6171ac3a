package column

import (
	"slices"

	"fundtrace/pipeline/table"
)

// lanes say which people, or years, stand abreast in one row, and whose a column
// is.
type lanes struct {
	count  int
	of     []int  // column → lane, -1 for none
	fields []bool // fields that repeat
	years  []int  // the year of each lane, where they are years
	own    int    // which of years is the sheet's own
	head   int    // column of the head of household, who is the first of the people; -1 for none
}

func (l *lanes) repeats(f int) bool { return l.count > 1 && l.fields[f] }

// abreast finds what stands abreast in the sheet.
func (r *reading) abreast() lanes {
	if l := r.people(); l.count > 1 {
		return l
	}
	return r.yearsAbreast()
}

// anchor is the field that begins a group of columns which repeats across a
// sheet, -1 where none does.
func (v *vocabulary) anchor() int {
	for _, name := range []string{"member_name", "beneficiary_name", "person_name"} {
		if f, ok := v.at[name]; ok {
			return f
		}
	}
	return -1
}

// people finds people side by side, a group of columns each that begins with
// their name. Payments and registers repeat whole: a money column a person.
func (r *reading) people() lanes {
	anchor := r.v.anchor()
	if anchor < 0 {
		return lanes{}
	}
	var starts []int
	base, head := "", -1
	for c := range r.heads {
		w := r.says[c].whole
		if w == nil || w.level == groupAlone {
			continue
		}
		if w.field == anchor && (base == "" || r.heads[c].Base == base) {
			base = r.heads[c].Base
			starts = append(starts, c)
		}
		if f, ok := r.v.at[".head_name"]; ok && w.field == f && head < 0 {
			head = c
		}
	}
	household := r.v.schema == table.Member
	wide := household && len(starts) == 1 && head >= 0 && r.heads[starts[0]].Numbered()
	if len(starts) < 2 && !wide {
		return lanes{}
	}
	l := lanes{count: len(starts), head: -1, of: make([]int, len(r.heads)), fields: make([]bool, len(r.v.fields))}
	if household && head >= 0 {
		l.head = head
	}
	for c := range l.of {
		if c < starts[0] && household {
			l.of[c] = -1
			continue
		}
		for l.of[c]+1 < len(starts) && c >= starts[l.of[c]+1] {
			l.of[c]++
		}
	}
	for f := range r.v.fields {
		fd := &r.v.fields[f]
		if household {
			l.fields[f] = fd.abreast == "people"
			continue
		}
		n := 0
		for c := range r.heads {
			if r.best(c) == f {
				n++
			}
		}
		l.fields[f] = n >= len(starts) && fd.name[0] != '.'
	}
	if l.head >= 0 || wide { // the head is the first person of the row
		l.count++
		for c := range l.of {
			if l.of[c] >= 0 {
				l.of[c]++
			}
		}
	}
	return l
}

// complete reports whether people abreast each have what the table needs of them.
func (r *reading) complete() bool {
	if r.lanes.years != nil || r.v.schema == table.Member {
		return true
	}
	full := func(name string) bool {
		n := 0
		for c := range r.to {
			if k := r.candidate(c); k != nil && r.v.fields[k.field].name == name && r.lanes.fields[k.field] {
				n++
			}
		}
		return n == r.lanes.count || n == 0 && name != "amount"
	}
	return full(r.v.fields[r.v.anchor()].name) && (r.v.schema != table.Payment || full("amount")) && full("person_id")
}

// headFirst puts the head of household first among the people of the row, and
// gives him the columns of a person that stand before the others'.
func (r *reading) headFirst() {
	l := &r.lanes
	if l.count < 2 || l.years != nil {
		return
	}
	for f := range r.v.fields {
		name := r.v.fields[f].name
		if cols := r.cols[name]; cols != nil && l.repeats(f) {
			n := 0
			for _, c := range cols {
				if c >= 0 {
					n++
				}
			}
			if n == 1 && l.head < 0 && name[0] != '_' {
				delete(r.cols, name)
			}
		}
	}
	if l.head < 0 {
		return
	}
	put := func(name string, c int) {
		if r.uses[c].Field != "" && r.uses[c].Field[0] == '.' {
			r.uses[c].Field = name
		}
		if r.cols[name] == nil {
			r.cols[name] = slices.Repeat([]int{-1}, l.count)
		}
		r.cols[name][0] = c
	}
	put("member_name", l.head)
	if id := r.cols[".head_id"]; id != nil {
		put("member_id", id[0])
	}
	first := slices.Index(l.of, 1)
	for c := range r.heads[:first] {
		if f := r.best(c); f >= 0 && r.v.fields[f].name[0] == '_' {
			name := r.v.fields[f].name
			put(name, c)
			r.uses[c] = Use{Field: name, How: ByHeader, Score: 1, Margin: 1}
		}
	}
}

// yearsAbreast finds the years that stand side by side in a household sheet, as
// 2015年人均纯收入 beside 2016年人均纯收入 do. The sheet's own is that of its setting,
// else the last; what no header gives a year is of that one.
func (r *reading) yearsAbreast() lanes {
	if r.v.schema != table.Member {
		return lanes{}
	}
	yearly := func(c int) bool {
		f := r.best(c)
		return f >= 0 && r.v.fields[f].abreast == "years"
	}
	var years []int
	for c := range r.heads {
		if f := r.best(c); f >= 0 && r.v.fields[f].name == "year" {
			return lanes{}
		}
		if y := r.heads[c].Year; y != 0 && yearly(c) && !slices.Contains(years, y) {
			years = append(years, y)
		}
	}
	if years == nil || len(years) == 1 && years[0] == r.set.Year {
		return lanes{}
	}
	if r.set.Year != 0 && !slices.Contains(years, r.set.Year) {
		years = append(years, r.set.Year)
	}
	slices.Sort(years)
	l := lanes{count: len(years), years: years, own: len(years) - 1, head: -1, of: make([]int, len(r.heads)), fields: make([]bool, len(r.v.fields))}
	if r.set.Year != 0 {
		l.own = slices.Index(years, r.set.Year)
	}
	for c := range l.of {
		l.of[c] = l.own
		if y := r.heads[c].Year; y != 0 {
			l.of[c] = slices.Index(years, y)
		}
	}
	for f := range r.v.fields {
		l.fields[f] = r.v.fields[f].abreast == "years"
	}
	return l
}
