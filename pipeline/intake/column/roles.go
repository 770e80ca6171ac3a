package column

import (
	"slices"

	"fundtrace/pipeline/table"
)

// A role decides what only the whole header decides, once the columns are known:
// whose name a lone name is, which side of a transfer a bare amount is on. A
// table's roles are taken in their order; a part (.amount) is given once.
type role struct {
	Give  []string // fields that have no column yet
	From  string   // the field whose column they get
	Has   []string // only where there are columns of all of these
	Lacks []string // and of none of these
	Side  string   // only for a ledger of the sender (sent), of the receiver (received), or a unit's own book (book)
}

// giveRoles applies the table's roles.
func (r *reading) giveRoles() {
	side := r.side()
	has := func(f string) bool { return r.cols[f] != nil }
	spent := map[string]bool{}
	for _, o := range r.v.roles {
		if o.Side != "" && o.Side != side || o.Side == "" && side == "book" || !has(o.From) || spent[o.From] ||
			slices.ContainsFunc(o.Has, func(f string) bool { return !has(f) }) || slices.ContainsFunc(o.Lacks, has) {
			continue
		}
		for _, to := range o.Give {
			if has(to) {
				continue
			}
			r.cols[to] = r.cols[o.From]
			spent[o.From] = o.From[0] == '.'
			for _, c := range r.cols[o.From] { // a part shows as the field it was settled on
				if c >= 0 && r.uses[c].Field == o.From && o.From[0] == '.' {
					r.uses[c].Field = to
				}
			}
		}
	}
}

// side says whose ledger of transfers it is: book, sent or received; "" for
// another table.
func (r *reading) side() string {
	if r.v.schema != table.Flow {
		return ""
	}
	if r.book {
		return "book"
	}
	received := r.set.Received
	if sent := r.cols["sent_amount"] != nil; sent != (r.cols["received_amount"] != nil) {
		received = !sent
	}
	if received {
		return "received"
	}
	return "sent"
}

// isBook reports whether the columns are those of a unit's own book of receipts
// and payments (收支日记账): one day, one counterparty, an amount a direction.
// Whose book it is stands around the table.
func (r *reading) isBook() bool {
	has := func(fields ...string) bool {
		return slices.ContainsFunc(fields, func(f string) bool { return r.cols[f] != nil })
	}
	return has(".on") && has(".unit") && has(".in", "received_amount") && has(".out", "sent_amount") &&
		!has("from_unit", "to_unit", "sent_on", "received_on")
}
