package intake

import (
	"maps"
	"slices"
	"strings"

	"fundtrace/pipeline/table"
)

// inherit fills a column from what stands around the table.
func (m *filler) inherit(f table.Field) {
	base := m.l.inherited[f.Name]
	says := slices.ContainsFunc(m.headings, func(b block) bool { return b.says[f.Name] != "" })
	if base == "" && !says || f.Name == "direction" && m.l.schema == table.BankEntry && m.l.cols["amount"] == nil {
		return
	}
	m.inherited[f.Name] = true
	if f.Type != table.Text && f.Type != table.Span {
		v, err := valueOf(f, base)
		if err != nil {
			v = table.Null
		}
		out := make([]int64, len(m.rows))
		for i := range out {
			out[i] = v
		}
		*m.b.Ints(f.Name) = out
		return
	}
	w := m.b.Words(f.Name)
	w.Codes = make([]uint32, len(m.rows))
	m.segments(func(from, to int, at *surroundings) {
		code := w.Code(at.value(f.Name))
		for i := from; i < to; i++ {
			w.Codes[i] = code
		}
	})
}

// surroundings are what is inherited at one place of the table.
type surroundings struct {
	base, block map[string]string
}

func (c *surroundings) value(field string) string {
	if v := c.block[field]; v != "" {
		return v
	}
	return c.base[field]
}

// segments calls f for each run of lines under one heading. A heading takes back
// what earlier ones said of narrower places.
func (m *filler) segments(f func(from, to int, at *surroundings)) {
	at := &surroundings{base: m.l.inherited, block: map[string]string{}}
	from := 0
	for i, h := range m.headings {
		if to := m.blocks[i]; to > from {
			f(from, to, at)
			from = to
		}
		for n, place := range places4 {
			if h.says[place] != "" {
				for _, narrower := range places4[n+1:] {
					delete(at.block, narrower)
				}
			}
		}
		maps.Copy(at.block, h.says)
	}
	if from < len(m.rows) {
		f(from, len(m.rows), at)
	}
}

// marks fills the columns that tell what was inherited and what was rounded.
func (m *filler) marks() {
	fields := slices.Sorted(maps.Keys(m.inherited))
	if len(fields) > 0 {
		w := m.b.Words(table.InheritedColumn)
		w.Codes = make([]uint32, len(m.rows))
		m.segments(func(from, to int, at *surroundings) {
			var have []string
			for _, f := range fields {
				if at.value(f) != "" {
					have = append(have, f)
				}
			}
			code := w.Code(strings.Join(have, ","))
			for i := from; i < to; i++ {
				w.Codes[i] = code
			}
		})
	}
	if m.rounded != nil {
		w := m.b.Words(table.RoundedColumn)
		for _, s := range m.rounded {
			w.Append(s)
		}
	}
}
