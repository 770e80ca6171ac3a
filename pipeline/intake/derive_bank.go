package intake

import (
	"slices"

	"fundtrace/pipeline/table"
	vocabulary "fundtrace/pipeline/words"
)

// refusals fills the outcome of entries that give none but a reason that banks
// give only for what they did not pay: many answers have a column of reasons and
// no other.
func (m *filler) refusals() {
	if m.l.schema != table.BankEntry || m.l.cols["note"] == nil {
		return
	}
	notes, outcome := m.b.Words("note"), m.b.Words("outcome")
	refused := make([]bool, len(notes.Dict))
	for c, s := range notes.Dict {
		refused[c] = vocabulary.Refused(s)
	}
	if outcome.Codes == nil {
		outcome.Codes = slices.Repeat([]uint32{table.NullCode}, len(notes.Codes))
	}
	for i, c := range notes.Codes {
		if c != table.NullCode && refused[c] && outcome.Codes[i] == table.NullCode {
			outcome.Codes[i] = outcome.Code("returned")
		}
	}
}

// bothWays fills amount and direction from a column of money in and one of money
// out.
func (m *filler) bothWays() {
	n := len(m.rows)
	amount := make([]int64, n)
	for i := range amount {
		amount[i] = table.Null
	}
	dir := m.b.Words("direction")
	dir.Codes = make([]uint32, n)
	for i := range dir.Codes {
		dir.Codes[i] = table.NullCode
	}
	f := m.l.schema.Fields[m.l.schema.Field("amount")]
	for _, way := range []struct{ part, word string }{{partIn, "in"}, {partOut, "out"}} {
		cells := m.cellsFor(way.part)
		if cells == nil {
			continue
		}
		vals := make([]int64, n)
		m.amounts(f, cells, m.l.cols[way.part], vals)
		code := dir.Code(way.word)
		for i, v := range vals {
			if v != table.Null && (v != 0 || amount[i] == table.Null) {
				amount[i] = v
				dir.Codes[i] = code
			}
		}
	}
	*m.b.Ints("amount") = amount
}
