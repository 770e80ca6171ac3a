package intake

import (
	"slices"

	"fundtrace/pipeline/table"
)

// citations takes the fund number of a transfer from the words about it where
// the sheet has no column for it.
func (m *filler) citations() {
	if m.l.schema != table.Flow || m.l.cols["fund_no"] != nil || m.l.cols["purpose"] == nil {
		return
	}
	about, no := m.b.Words("purpose"), m.b.Words("fund_no")
	cited := make([]uint32, len(about.Dict))
	for i, s := range about.Dict {
		cited[i] = table.NullCode
		if n := citedIn(s); n != "" {
			cited[i] = no.Code(n)
		}
	}
	if no.Codes == nil {
		no.Codes = slices.Repeat([]uint32{table.NullCode}, len(about.Codes))
	}
	for i, c := range about.Codes {
		if c != table.NullCode && cited[c] != table.NullCode {
			no.Codes[i] = cited[c]
			m.know("fund_no", i, i+1, table.Stated)
		}
	}
}

// sides turns the lines of a unit's own book that are receipts: the counterparty
// is the sender, the unit the receiver, and the day that of the receipt.
func (m *filler) sides() {
	if !m.l.book {
		return
	}
	sent, received := *m.b.Ints("sent_amount"), *m.b.Ints("received_amount")
	sentOn, receivedOn := *m.b.Ints("sent_on"), slices.Repeat([]int64{table.Null}, len(m.rows))
	from, to := m.b.Words("from_unit"), m.b.Words("to_unit")
	text := func(w *table.Words, i int) string {
		if w.Codes[i] == table.NullCode {
			return ""
		}
		return w.Dict[w.Codes[i]]
	}
	empty := func(v int64) bool { return v == table.Null || v == 0 }
	for i := range m.rows {
		if empty(received[i]) {
			received[i] = table.Null
			continue
		}
		if !empty(sent[i]) {
			m.doubt(int(m.rows[i]), "sent_amount", "", m.lang.say("同一行既有收入又有支出,按收入读取", "money in and out in one row, read as money in"))
		}
		own, other := text(from, i), text(to, i)
		from.Codes[i], to.Codes[i] = from.Code(other), to.Code(own)
		receivedOn[i], sentOn[i], sent[i] = sentOn[i], table.Null, table.Null
		f, t := m.howOf("from_unit", i), m.howOf("to_unit", i)
		m.know("from_unit", i, i+1, t)
		m.know("to_unit", i, i+1, f)
	}
	*m.b.Ints("received_on") = receivedOn
}
