package intake

import (
	"maps"
	"slices"

	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
)

// periods fills the period of a payment from the columns that speak of it.
func (m *filler) periods() {
	out := make([]int64, len(m.rows))
	years := make([]int64, len(m.rows))
	if cells := m.cellsFor(partYear); cells != nil {
		m.each("period", cells, years, func(c sheet.Cell) (int64, error) { p, err := m.period(c, 0); return int64(p), err })
	} else {
		for i := range years {
			years[i] = table.Null
		}
	}
	copy(out, years)
	if cells := m.cellsFor("period"); cells != nil {
		m.withYear("period", cells, years, out)
	}
	from, to := m.cellsFor(partFrom), m.cellsFor(partTo)
	if from != nil {
		first, last := make([]int64, len(out)), make([]int64, len(out))
		m.withYear("period", from, years, first)
		copy(last, first)
		if to != nil {
			m.withYear("period", to, years, last)
		}
		for i := range out {
			if first[i] == table.Null || last[i] == table.Null {
				continue
			}
			f, t := table.Period(first[i]), table.Period(last[i])
			if f.From() <= t.To() {
				out[i] = int64(table.MonthsOf(f.From(), t.To()))
			} else {
				m.doubtCell(i, "period", to[i], errPeriod)
			}
		}
	}
	w := m.b.Words("period")
	w.Codes = make([]uint32, len(out))
	seen := map[int64]uint32{}
	for i, p := range out {
		if p == table.Null || p == 0 {
			w.Codes[i] = table.NullCode
			continue
		}
		code, ok := seen[p]
		if !ok {
			code = w.Code(table.Period(p).String())
			seen[p] = code
		}
		w.Codes[i] = code
	}
}

// titled puts the program that the titles name, and the policy knows, in the place
// of a column's values of which it knows no other, and most not at all: 养鸡 and
// 种桑 under 产业扶贫奖补 are what it is paid for. They go to the note where the
// sheet has no other.
func (m *filler) titled() {
	if m.l.schema != table.Payment || m.l.cols["program"] == nil {
		return
	}
	set := m.settingOf(m.l.from, m.l.head)
	name := set.program()
	w := m.b.Words("program")
	titled := m.policy.Program(name)
	if titled == nil || len(w.Dict) == 0 {
		return
	}
	lines := make([]int, len(w.Dict))
	for _, c := range w.Codes {
		if c != table.NullCode {
			lines[c]++
		}
	}
	named := 0
	for c, s := range w.Dict {
		switch p := m.policy.Program(s); {
		case p == titled:
			named += lines[c]
		case p != nil || programEnd.MatchString(s):
			return
		}
	}
	if 2*named >= len(w.Codes) {
		return
	}
	said := table.Words{Codes: slices.Clone(w.Codes), Dict: slices.Clone(w.Dict)}
	if m.l.cols["note"] == nil {
		*m.b.Words("note") = said
	}
	w.Codes, w.Dict = make([]uint32, len(m.rows)), []string{name}
	m.know("program", 0, len(m.rows), table.Inherited)
}

// yearAround marks a value whose year stands around the table.
const yearAround = 1 << 62

// withYear reads periods that may lack their year: that of the line's own year
// column counts, or else the sheet's. A cell that names none leaves out as it is.
func (m *filler) withYear(field string, cells []sheet.Cell, years, out []int64) {
	byYear := map[int][]int{}
	for i := range cells {
		y := m.year
		if years[i] != table.Null {
			y = table.Period(years[i]).Year()
		}
		byYear[y] = append(byYear[y], i)
	}
	for _, y := range slices.Sorted(maps.Keys(byYear)) {
		at := byYear[y]
		part, vals := make([]sheet.Cell, len(at)), make([]int64, len(at))
		for j, i := range at {
			part[j] = cells[i]
		}
		all := m.rows
		m.rows = make([]int32, len(at))
		for j, i := range at {
			m.rows[j] = all[i]
		}
		m.each(field, part, vals, func(c sheet.Cell) (int64, error) {
			p, err := m.period(c, y)
			if err == nil && y != 0 {
				if _, none := m.period(c, 0); none != nil {
					return int64(p) | yearAround, nil
				}
			}
			return int64(p), err
		})
		m.rows = all
		for j, i := range at {
			if vals[j] == table.Null {
				continue
			}
			out[i] = vals[j] &^ yearAround
			if vals[j] != out[i] && years[i] == table.Null {
				m.know("period", i, i+1, table.Inherited)
			}
		}
	}
}

// spreadPeriods fills the period of each line from the header of its column.
func (m *filler) spreadPeriods() {
	w := m.b.Words("period")
	w.Codes = make([]uint32, len(m.rows))
	codes := make([]uint32, m.l.groups)
	for g, p := range m.l.spread.periods {
		codes[g] = w.Code(p.String())
	}
	for i := range w.Codes {
		g := m.groupOf(i)
		w.Codes[i] = codes[g]
		if m.l.spread.around[g] {
			m.know("period", i, i+1, table.Inherited)
		}
	}
}

// spreadPrograms fills the program of each line from the header of its column.
func (m *filler) spreadPrograms() {
	w := m.b.Words("program")
	w.Codes = make([]uint32, len(m.rows))
	for i := range w.Codes {
		w.Codes[i] = w.Code(m.l.spread.programs[m.groupOf(i)])
	}
}

// spreadTotals holds the column of a spread's sums against its shares.
func (m *filler) spreadTotals() {
	sp := m.l.spread
	if sp == nil || sp.total < 0 {
		return
	}
	last := int32(-1)
	for _, r := range m.rows {
		if r == last {
			continue
		}
		last = r
		cell := m.g.At(int(r), sp.total)
		whole, _, err := m.money(cell, 0)
		if sum := m.added(int(r), sp.cols); err == nil && whole != sum {
			m.doubt(int(r), "amount", m.g.Format(cell), m.lang.say("“%s”列与各列之和%s不符,按各列读取", "column %q is not the sum of the others, %s; they are read", m.l.heads[sp.total].Text, table.Fen(sum)))
		}
	}
}
