package settle

import "fundtrace/pipeline/table"

// keptBy says of each transfer whose books its line stands in: the sender's or
// the receiver's own, or, where its sheet states both sides of some line, both
// sides' as far as that line goes.
func keptBy(t *table.Table) (*table.Table, error) {
	if t.Len() == 0 {
		return t, nil
	}
	sent, received, refs := t.Ints("sent_amount"), t.Ints("received_amount"), t.Refs()
	source := func(i int) int {
		if refs == nil {
			return 0
		}
		return refs[i].Source()
	}
	both := map[int]bool{} // sheets that state both sides
	for i := range t.Len() {
		if at(sent, i) != table.Null && at(received, i) != table.Null {
			both[source(i)] = true
		}
	}
	b := table.NewBuilder(table.Flow)
	w := b.Words("_kept_by")
	for i := range t.Len() {
		switch {
		case both[source(i)]:
			w.Append("both")
		case at(sent, i) != table.Null:
			w.Append("sender")
		case at(received, i) != table.Null:
			w.Append("receiver")
		default:
			w.Append("")
		}
	}
	return t.With(b)
}
