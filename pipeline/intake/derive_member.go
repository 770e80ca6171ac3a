package intake

import (
	"fundtrace/pipeline/table"
)

// groupYears fills the year from the headers of years side by side.
func (m *filler) groupYears(f table.Field) {
	out := make([]int64, len(m.rows))
	for i := range out {
		out[i] = int64(m.l.years[m.groupOf(i)])
	}
	*m.b.Ints(f.Name) = out
}

// relations names the head of a household where the sheet's columns do and no
// column tells the relation.
func (m *filler) relations() {
	l := m.l
	people := m.group != nil && l.years == nil // people side by side, the head first
	if l.schema != table.Member || l.cols["relation"] != nil && !people || l.cols[partHeadName] == nil {
		return
	}
	head := l.cols[partHeadName][0]
	if !people && l.col("member_name", 0) != head {
		return
	}
	w := m.b.Words("relation")
	if w.Codes == nil {
		w.Codes = make([]uint32, len(m.rows))
		for i := range w.Codes {
			w.Codes[i] = table.NullCode
		}
	}
	code := w.Code("户主")
	for i := range w.Codes {
		if (!people || m.group[i] == 0) && w.Codes[i] == table.NullCode {
			w.Codes[i] = code
		}
	}
}
