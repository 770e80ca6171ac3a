package intake

import (
	"slices"
	"strings"

	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
	vocabulary "fundtrace/pipeline/words"
)

// idField reports whether a text field holds numbers that are told apart by
// every digit.
func idField(name string) bool {
	return strings.HasSuffix(name, "_id") || strings.HasSuffix(name, "account") || name == "contractor_code"
}

// personID reports whether a field holds what a spreadsheet's fifteen digits are
// too few for.
func personID(name string) bool {
	return idField(name) && name != "household_id" && name != "project_id"
}

// texts fills a Text column.
func (m *filler) texts(f table.Field) {
	cells := m.cellsFor(f.Name)
	w := m.b.Words(f.Name)
	m.in.reset()
	w.Codes = make([]uint32, len(cells))
	m.in.codes(cells, w.Codes)
	w.Dict = m.in.Dict
	if personID(f.Name) {
		m.severalIDs(f, cells, w)
		m.longNumbers(f, cells, w)
	}
	for i, c := range cells {
		if c.Kind() == sheet.KindError {
			m.doubtCell(i, f.Name, c, m.broken(c))
		}
	}
	var change func(string) string
	switch f.Name {
	case "direction", "outcome", "status", "register_kind", "level":
		change = func(s string) string {
			if f.Name == "status" && m.l.schema != table.Member {
				return s
			}
			if v := vocabulary.Canonical(f.Name, s); v != "" {
				return v
			}
			return s
		}
	case selfBirth:
		change = birthText
	case selfSex:
		change = sexText
	case selfAge:
		change = ageText
	default:
		if idField(f.Name) || f.Name == "phone" || f.Name == "fund_no" || f.Name == "batch" || f.Name == "bank" {
			change = func(s string) string {
				if len(s) <= 9 && absent(plain(s)) {
					return ""
				}
				return s
			}
		}
	}
	if change != nil {
		m.rewrite(w, change)
	}
}

// rewrite puts change(text) in place of every distinct text.
func (m *filler) rewrite(w *table.Words, change func(string) string) {
	same := true
	out := make([]string, len(w.Dict))
	for i, s := range w.Dict {
		out[i] = change(s)
		same = same && out[i] == s
	}
	if same {
		return
	}
	m.in.reset()
	to := make([]uint32, len(out))
	for i, s := range out {
		to[i] = m.in.code(s)
	}
	w.Dict = m.in.Dict
	for i, c := range w.Codes {
		if c != table.NullCode {
			w.Codes[i] = to[c]
		}
	}
}

// ints fills a column of any type but text and period.
func (m *filler) ints(f table.Field) {
	cells := m.cellsFor(f.Name)
	out := make([]int64, len(cells))
	switch f.Type {
	case table.Money:
		m.amounts(f, cells, m.l.cols[f.Name], out)
	case table.Amount:
		for i, c := range cells {
			v, exact, err := m.quantity(c)
			if err == nil && !exact {
				err = errRounded4
				m.doubtCell(i, f.Name, c, err)
			} else if err != nil {
				v = table.Null
				if err != errBlank {
					m.doubtCell(i, f.Name, c, err)
				}
			}
			out[i] = v
		}
	case table.Date:
		m.each(f.Name, cells, out, func(c sheet.Cell) (int64, error) {
			d, err := m.date(c)
			if err == errDate && f.Name == "exited_on" {
				if _, err := m.count(c, true); err == nil {
					return table.Null, errBlank // a year alone, which stands in exit_year
				}
			}
			if err == errYearless {
				if d, err := m.inYear(c); err == nil {
					return int64(d) | yearAround, nil
				}
			}
			return int64(d), err
		})
		for i, v := range out {
			if v != table.Null && v >= yearAround {
				out[i] = v &^ yearAround
				m.know(f.Name, i, i+1, table.Inherited)
			}
		}
	case table.Number:
		year := strings.HasSuffix(f.Name, "year")
		m.each(f.Name, cells, out, func(c sheet.Cell) (int64, error) { return m.count(c, year) })
	case table.Bool:
		opposite := slices.ContainsFunc(m.l.cols[f.Name], func(c int) bool { return c >= 0 && m.l.uses[c].Opposite })
		m.each(f.Name, cells, out, func(c sheet.Cell) (int64, error) { return m.flag(c, opposite) })
	}
	*m.b.Ints(f.Name) = out
}

// inYear reads a day without its year, as 3月25日, in the year that stands around
// the table. What lies before the months that the titles name may be the next
// year's: it is no day.
func (m *filler) inYear(c sheet.Cell) (table.Day, error) {
	d, err := dateIn(unwrap(m.in.of(c)), m.year)
	if err == nil && m.span != 0 && d.Month() < m.span.From() {
		err = errYearless
	}
	return d, err
}

// amounts reads a money column.
func (m *filler) amounts(f table.Field, cells []sheet.Cell, cols []int, out []int64) {
	power := make([]int, len(cols))
	for g, c := range cols {
		if c >= 0 {
			power[g] = m.l.power(c)
		}
	}
	p := power[0]
	for i, c := range cells {
		g := 0
		if len(power) > 1 && m.group != nil {
			g = int(m.group[i])
			p = power[g]
		}
		if m.l.unitColumn >= 0 && cols[g] >= 0 {
			p = m.powerAt(m.l, cols[g], int(m.rows[i]))
		}
		v, exact, err := m.money(c, p)
		switch {
		case err != nil:
			v = table.Null
			if err != errBlank {
				m.doubtCell(i, f.Name, c, err)
			}
		case !exact:
			m.doubtCell(i, f.Name, c, errRounded)
		}
		out[i] = v
	}
}

// each reads a column whose texts repeat: each distinct text is read once. An
// errMonthOnly value is kept and doubted.
func (m *filler) each(field string, cells []sheet.Cell, out []int64, read func(sheet.Cell) (int64, error)) {
	type result struct {
		v    int64
		err  error
		done bool
	}
	m.in.reset()
	var seen []result
	var code [1]uint32
	for i := range cells {
		c := cells[i]
		var res result
		if c.Kind() == sheet.KindText {
			m.in.codes(cells[i:i+1], code[:])
			if code[0] == table.NullCode {
				out[i] = table.Null
				continue
			}
			for int(code[0]) >= len(seen) {
				seen = append(seen, result{})
			}
			if res = seen[code[0]]; !res.done {
				res.v, res.err = read(c)
				res.done = true
				seen[code[0]] = res
			}
		} else {
			res.v, res.err = read(c)
		}
		out[i] = res.v
		if res.err != nil {
			if res.err != errMonthOnly {
				out[i] = table.Null
			}
			if res.err != errBlank {
				m.doubtCell(i, field, c, res.err)
			}
		}
	}
}
