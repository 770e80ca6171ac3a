package intake

import (
	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
)

// terms fills the first or the last day from the column that holds both.
func (m *filler) terms(f table.Field) {
	cells := m.cellsFor(partTerm)
	out := make([]int64, len(cells))
	m.each(f.Name, cells, out, func(c sheet.Cell) (int64, error) {
		from, to := splitTerm(m.g.Format(c))
		if f.Name == "until" {
			from = to
		}
		if absent(plain(from)) {
			return 0, errBlank
		}
		d, err := parseDate(from)
		return int64(d), err
	})
	*m.b.Ints(f.Name) = out
}

// notes joins the further note columns of a register to the first: of what kind
// a vehicle, post or insurance is may stand in any of them.
func (m *filler) notes() {
	if len(m.l.notes) == 0 || len(m.rows) == 0 {
		return
	}
	w := m.b.Words("note")
	for _, c := range m.l.notes {
		cells := m.cellsAt(c)
		more := table.Words{Codes: make([]uint32, len(cells))}
		m.in.reset()
		m.in.codes(cells, more.Codes)
		more.Dict = m.in.Dict
		joined := map[[2]uint32]uint32{}
		for i, b := range more.Codes {
			a := w.Codes[i]
			code, ok := joined[[2]uint32{a, b}]
			switch {
			case ok:
			case b == table.NullCode:
				code = a
			case a == table.NullCode:
				code = w.Code(more.Dict[b])
			default:
				code = w.Code(w.Dict[a] + " " + more.Dict[b])
			}
			joined[[2]uint32{a, b}] = code
			w.Codes[i] = code
		}
	}
}
