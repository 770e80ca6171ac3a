package intake

import (
	"maps"
	"slices"
	"strings"

	"fundtrace/pipeline/table"
)

// know notes how a field of lines from..to-1 is known. What is not noted is
// stated.
func (m *filler) know(field string, from, to int, how table.How) {
	col := m.how[field]
	if col == nil {
		if how == table.Stated {
			return
		}
		col = make([]table.How, len(m.rows))
		m.how[field] = col
	}
	for i := from; i < to; i++ {
		col[i] = how
	}
}

// howOf returns how a field of line i is known.
func (m *filler) howOf(field string, i int) table.How {
	if col := m.how[field]; col != nil {
		return col[i]
	}
	return table.Stated
}

// guesses notes the columns that were told by what they hold, and the sums whose
// unit of money stands around the table.
func (m *filler) guesses() {
	for _, f := range m.l.schema.Fields {
		for _, c := range m.l.cols[f.Name] {
			if c < 0 || isSelf(f.Name) {
				continue
			}
			if f.Type == table.Money {
				if u := m.l.unitOf(c); u.power != 0 || u.how == table.Guessed {
					m.know(f.Name, 0, len(m.rows), u.how)
				}
			}
			if u := m.l.uses[c]; u.How == "guess" {
				m.know(f.Name, 0, len(m.rows), table.Guessed)
			}
		}
	}
}

// writeHow fills the columns that say how a field is known, for the fields that
// not every line states, and the one that lists what was inherited.
func (m *filler) writeHow() {
	fields := slices.Sorted(maps.Keys(m.how))
	if len(fields) == 0 {
		return
	}
	taken := make([]uint64, len(m.rows)) // a bit a field
	some := false
	for k, f := range fields {
		whole := m.l.lacks(f) || m.l.schema.Fields[m.l.schema.Field(f)].Type == table.Text // not only the unit or the year of what a cell says
		w := m.b.Words(table.HowColumn(f))
		var codes [table.Guessed + 1]uint32
		for _, h := range m.how[f] {
			if h != table.Stated && codes[h] == 0 {
				codes[h] = w.Code(h.String()) + 1
			}
		}
		w.Codes = make([]uint32, len(m.rows))
		for i, h := range m.how[f] {
			w.Codes[i] = codes[h] - 1 // of what is stated NullCode
			if whole && (h == table.Labelled || h == table.Inherited) {
				taken[i] |= 1 << k
				some = true
			}
		}
	}
	if !some {
		return
	}
	w := m.b.Words(table.InheritedColumn)
	w.Codes = make([]uint32, len(m.rows))
	known := map[uint64]uint32{}
	var last uint64
	var code uint32 = table.NullCode
	for i, bits := range taken {
		if bits == last {
			w.Codes[i] = code
			continue
		}
		last = bits
		var ok bool
		if code, ok = known[bits]; !ok {
			var have []string
			for k, f := range fields {
				if bits&(1<<k) != 0 {
					have = append(have, f)
				}
			}
			code = w.Code(strings.Join(have, ","))
			known[bits] = code
		}
		w.Codes[i] = code
	}
}
