package intake

import (
	"strconv"
	"strings"

	"fundtrace/pipeline/table"
)

// called names what a chunk's table is about: 甲县乙镇/农村低保/2017Q1/资金发放表.
// Where it lies, in which file and under which sheet name, is no part of it, so
// that what is said of a sheet keeps its name when files are moved or split.
func (c *chunk) called() string {
	t := c.table
	place := only(t, "county") + only(t, "town") + only(t, "village")
	for _, f := range []string{"payer", "unit", "from_unit", "to_unit", "issuer"} {
		if place == "" {
			place = only(t, f)
		}
	}
	what := ""
	for _, f := range []string{"program", "register_kind", "fund_no"} {
		if what == "" {
			what = only(t, f)
		}
	}
	var out []string
	for _, part := range []string{place, what, when(t), t.Schema().Zh + "表"} {
		if part != "" {
			out = append(out, part)
		}
	}
	return strings.Join(out, "/")
}

// only returns the one text that stands in a column, "" where there is none or
// more than one.
func only(t *table.Table, field string) string {
	if t.Schema().Field(field) < 0 {
		return ""
	}
	codes, dict := t.Words(field)
	found := uint32(table.NullCode)
	for _, c := range codes {
		switch {
		case c == table.NullCode || c == found:
		case found != table.NullCode:
			return ""
		default:
			found = c
		}
	}
	if found == table.NullCode {
		return ""
	}
	return dict[found]
}

// when returns the period of all lines, else the year that they share, "" where
// they share none.
func when(t *table.Table) string {
	if p := only(t, "period"); p != "" {
		return p
	}
	year := 0
	same := func(y int) bool {
		if year == 0 {
			year = y
		}
		return year == y
	}
	s := t.Schema()
	switch {
	case s.Field("period") >= 0:
		_, dict := t.Words("period")
		for _, d := range dict {
			if p, err := table.ParsePeriod(d); err != nil || !same(p.Year()) {
				return ""
			}
		}
	case s.Field("year") >= 0:
		for _, y := range t.Ints("year") {
			if y != table.Null && !same(int(y)) {
				return ""
			}
		}
	case s.Field("as_of") >= 0:
		for _, d := range t.Ints("as_of") {
			if d != table.Null && !same(table.Day(d).Year()) {
				return ""
			}
		}
	}
	if year == 0 {
		return ""
	}
	return strconv.Itoa(year)
}
