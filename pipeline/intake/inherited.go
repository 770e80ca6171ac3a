package intake

import (
	"maps"
	"slices"

	"fundtrace/pipeline/table"
)

// inherits reports whether what stands around the table tells a field.
func (m *filler) inherits(field string) bool {
	return m.l.inherited[field].value != "" || slices.ContainsFunc(m.headings, func(b block) bool { return b.says[field].value != "" })
}

// inherit fills a column from what stands around the table.
func (m *filler) inherit(f table.Field) {
	if !m.inherits(f.Name) || f.Name == "direction" && m.l.schema == table.BankEntry && m.l.cols["amount"] == nil {
		return
	}
	if f.Type != table.Text && f.Type != table.Span {
		base := m.l.inherited[f.Name]
		v, err := valueOf(f, base.value)
		if err != nil {
			v = table.Null
		}
		*m.b.Ints(f.Name) = slices.Repeat([]int64{v}, len(m.rows))
		m.know(f.Name, 0, len(m.rows), base.how)
		return
	}
	w := m.b.Words(f.Name)
	w.Codes = make([]uint32, len(m.rows))
	m.segments(func(from, to int, at *surroundings) {
		v := at.of(f.Name)
		code := w.Code(v.value)
		for i := from; i < to; i++ {
			w.Codes[i] = code
		}
		m.know(f.Name, from, to, v.how)
	})
}

// surroundings are what is inherited at one place of the table.
type surroundings struct {
	base, block map[string]told
}

func (c *surroundings) of(field string) told {
	if v := c.block[field]; v.value != "" {
		return v
	}
	return c.base[field]
}

// segments calls f for each run of lines under one heading. A heading takes back
// what earlier ones said of narrower places.
func (m *filler) segments(f func(from, to int, at *surroundings)) {
	at := &surroundings{base: m.l.inherited, block: map[string]told{}}
	from := 0
	for i, h := range m.headings {
		if to := m.blocks[i]; to > from {
			f(from, to, at)
			from = to
		}
		for n, place := range places4 {
			if h.says[place].value != "" {
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
