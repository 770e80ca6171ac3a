package chain

import (
	"cmp"
	"slices"

	"fundtrace/pipeline/key"
	"fundtrace/pipeline/pairing"
	"fundtrace/pipeline/table"
)

// put fills a text column with codes of words, keeping of the words only those
// used.
func put(w *table.Words, codes []uint32, words []string) {
	to := filled(len(words), none)
	for i, c := range codes {
		if c == none {
			continue
		}
		if to[c] == none {
			to[c] = uint32(len(w.Dict))
			w.Dict = append(w.Dict, words[c])
		}
		codes[i] = to[c]
	}
	w.Codes = codes
}

// A writer fills the columns of a table from rows.
type writer[T any] struct {
	to   *table.Builder
	rows []T
}

func (w writer[T]) number(name string, of func(*T) int64) {
	col := make([]int64, len(w.rows))
	for i := range w.rows {
		col[i] = of(&w.rows[i])
	}
	*w.to.Ints(name) = col
}

func (w writer[T]) text(name string, words []string, of func(*T) uint32) {
	codes := make([]uint32, len(w.rows))
	for i := range w.rows {
		codes[i] = of(&w.rows[i])
	}
	put(w.to.Words(name), codes, words)
}

// paymentColumns tells every payment what its group came to.
func (b *build) paymentColumns(p *payments, groupOf []int32, ways []way, paths []string) *table.Builder {
	to := table.NewBuilder(table.Payment)
	text := func(name string, words []string, of func(g int32) uint32) {
		perGroup := make([]uint32, len(b.groups))
		for g := range perGroup {
			perGroup[g] = of(int32(g))
		}
		w := to.Words(name)
		put(w, perGroup, words)
		codes := make([]uint32, len(groupOf))
		for i, g := range groupOf {
			codes[i] = perGroup[g]
		}
		w.Codes = codes
	}
	number := func(name string, of func(w *way) int64) {
		col := make([]int64, len(groupOf))
		for i, g := range groupOf {
			col[i] = of(&ways[g])
		}
		*to.Ints(name) = col
	}
	text("_unit", b.units.Dict, func(g int32) uint32 { return b.groups[g].unit })
	text("_fund", b.funds.Dict, func(g int32) uint32 { return b.groups[g].fund })
	how := func(field string, of func(g *group) table.How) {
		column := table.HowColumn(field)
		read, dict := b.set.Get(table.Payment).Words(column)
		w := to.Words(column)
		for i, g := range groupOf {
			switch h := of(&b.groups[g]); {
			case h != table.Stated:
				w.Append(h.String())
			case read == nil || read[i] == none:
				w.Append("")
			default:
				w.Append(dict[read[i]])
			}
		}
	}
	how("payer", func(g *group) table.How { return g.payerHow })
	how("fund_no", func(g *group) table.How { return g.by.how() })
	text("_fund_by", fundByNames[:], func(g int32) uint32 { return uint32(b.groups[g].by) })
	text("_path", paths, func(g int32) uint32 { return ways[g].path })
	text("_slowest_unit", b.units.Dict, func(g int32) uint32 { return ways[g].slowest })
	text("_traced", tracedCodes, func(g int32) uint32 { return uint32(slices.Index(tracedCodes, string(ways[g].traced))) })
	number("_hops", func(w *way) int64 { return w.hops })
	number("_days_total", func(w *way) int64 { return w.days })
	number("_slowest_days", func(w *way) int64 { return w.slowestDays })
	return to
}

// fundColumn tells of each row of a table its fund.
func (b *build) fundColumn(s *table.Schema, codes []uint32) *table.Builder {
	to := table.NewBuilder(s)
	put(to.Words("_fund"), codes, b.funds.Dict)
	return to
}

var tracedCodes = []string{
	string(Traced), string(NoFund), string(NotIssued), string(NoPayer), string(NotReached),
	string(Overspent), string(Loop), string(NotPaid), string(Repeated),
}

// hopTable returns the hops, in order of fund, units and date.
func (b *build) hopTable() *table.Builder {
	hops := slices.Clone(b.hops)
	for i, s := range b.standing() {
		hops[i].standing = s
	}
	slices.SortFunc(hops, func(x, y hop) int {
		return cmp.Or(
			cmp.Compare(x.Fund, y.Fund), cmp.Compare(x.From, y.From), cmp.Compare(x.To, y.To),
			cmp.Compare(x.Out(), y.Out()),
			cmp.Compare(cmp.Or(x.SentRef, x.ReceivedRef), cmp.Or(y.SentRef, y.ReceivedRef)),
			cmp.Compare(x.Sent, y.Sent), cmp.Compare(x.Received, y.Received))
	})
	w := writer[hop]{table.NewBuilder(table.Hop), hops}
	w.number(table.RefColumn, func(h *hop) int64 { return int64(cmp.Or(h.SentRef, h.ReceivedRef)) })
	w.text("fund_no", b.funds.Dict, func(h *hop) uint32 { return h.Fund })
	w.text("from_unit", b.units.Dict, func(h *hop) uint32 { return h.From })
	w.text("to_unit", b.units.Dict, func(h *hop) uint32 { return h.To })
	w.number("sent_amount", func(h *hop) int64 { return h.Sent })
	w.number("sent_on", func(h *hop) int64 { return h.SentOn })
	w.number("received_amount", func(h *hop) int64 { return h.Received })
	w.number("received_on", func(h *hop) int64 { return h.ReceivedOn })
	w.text("pairing", pairing.Matches, func(h *hop) uint32 { return uint32(h.Match) })
	w.text("project_id", b.projects.Dict, func(h *hop) uint32 { return h.Project })
	w.text("purpose", b.texts.Dict, func(h *hop) uint32 { return h.Purpose })
	w.text("to_kind", kindNames, func(h *hop) uint32 { return uint32(slices.Index(kindNames, b.kinds[h.To])) })
	w.text("to_holder", b.texts.Dict, func(h *hop) uint32 { return h.Holder })
	w.number("sent_ref", func(h *hop) int64 { return orNull(h.SentRef) })
	w.number("received_ref", func(h *hop) int64 { return orNull(h.ReceivedRef) })
	w.text("standing", standings, func(h *hop) uint32 { return h.standing })
	w.number("sender_kept", func(h *hop) int64 { return yesNo(h.senderKept) })
	w.number("receiver_kept", func(h *hop) int64 { return yesNo(h.receiverKept) })
	w.number("parts", func(h *hop) int64 { return int64(max(1, len(h.SentParts), len(h.ReceivedParts))) })
	return w.to
}

var kindNames = []string{key.ToUnit, key.ToFirm, key.ToHouseholds, key.ToPerson}

func orNull(r table.Ref) int64 {
	if r == 0 {
		return table.Null
	}
	return int64(r)
}

// nodeOrder returns the nodes in order of fund, depth and unit; a unit that no
// transfer leads to comes last.
func (b *build) nodeOrder() []int32 {
	order := make([]int32, len(b.ledger.nodes))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(x, y int32) int {
		a, c := &b.ledger.nodes[x], &b.ledger.nodes[y]
		return cmp.Or(cmp.Compare(a.fund, c.fund), cmp.Compare(uint32(a.depth), uint32(c.depth)), cmp.Compare(a.unit, c.unit))
	})
	return order
}

// stayTable returns the parcels, node by node in order of nodes, in the order
// they left.
func (b *build) stayTable(stays []stay, order []int32, open []opening) *table.Builder {
	place := make([]int32, len(order))
	for i, n := range order {
		place[n] = int32(i)
	}
	slices.SortStableFunc(stays, func(x, y stay) int {
		return cmp.Or(cmp.Compare(place[x.node], place[y.node]), cmp.Compare(x.reading, y.reading))
	})
	w := writer[stay]{table.NewBuilder(table.Stay), stays}
	w.number(table.RefColumn, func(s *stay) int64 { return int64(s.inRef) })
	w.text("fund_no", b.funds.Dict, func(s *stay) uint32 { return b.ledger.nodes[s.node].fund })
	w.text("unit", b.units.Dict, func(s *stay) uint32 { return b.ledger.nodes[s.node].unit })
	w.number("amount", func(s *stay) int64 { return s.amount })
	w.number("in_on", func(s *stay) int64 { return s.inOn })
	w.number("out_on", func(s *stay) int64 { return s.outOn })
	w.number("days", func(s *stay) int64 { return s.days(int64(b.opt.AsOf)) })
	w.number("in_ref", func(s *stay) int64 { return orNull(s.inRef) })
	w.number("out_ref", func(s *stay) int64 { return orNull(s.outRef) })
	w.text("reading", readingNames[:], func(s *stay) uint32 {
		if s.reading == taken {
			return none
		}
		return uint32(s.reading)
	})
	w.number("told_until", func(s *stay) int64 {
		if o := &open[s.node]; s.held && !o.unseen {
			return o.closes
		}
		return table.Null
	})
	left := []string{"hop", "household", "supplier", "held", "unseen"}
	w.text("left_as", left, func(s *stay) uint32 {
		switch {
		case s.held && open[s.node].unseen:
			return 4
		case s.held:
			return 3
		}
		return uint32(slices.Index(left, leftAs[s.left]))
	})
	return w.to
}

// positionTable returns where each fund stands at each unit.
func (b *build) positionTable(positions []position, order []int32, open []opening) *table.Builder {
	type row struct {
		*node
		*position
		*opening
	}
	w := writer[row]{table.NewBuilder(table.Position), mapped(order, func(n int32) row {
		return row{&b.ledger.nodes[n], &positions[n], &open[n]}
	})}
	w.text("fund_no", b.funds.Dict, func(r *row) uint32 { return r.fund })
	w.text("unit", b.units.Dict, func(r *row) uint32 { return r.unit })
	w.number("depth", func(r *row) int64 {
		if r.depth < 0 {
			return table.Null
		}
		return int64(r.depth)
	})
	w.number("received", func(r *row) int64 { return r.received })
	w.number("sent_on", func(r *row) int64 { return r.sentOn })
	w.number("paid_out", func(r *row) int64 { return r.paidOut })
	w.number("stated_balance", func(r *row) int64 { return r.stated })
	w.number("stated_on", func(r *row) int64 { return r.statedOn })
	w.number("held", func(r *row) int64 { return r.held() })
	w.number("unexplained", func(r *row) int64 { return r.unexplained })
	w.number("least_gap", func(r *row) int64 { return r.leastGap })
	w.number("most_gap", func(r *row) int64 { return r.mostGap })
	w.number("open_paid", func(r *row) int64 { return r.paid })
	w.number("may_pay", func(r *row) int64 { return r.mayPay })
	w.number("compiled", func(r *row) int64 { return r.compiled })
	w.number("in_known", func(r *row) int64 { return yesNo(r.inKnown) })
	w.text("ask", b.units.Dict, func(r *row) uint32 { return r.ask })
	w.number("first_in", func(r *row) int64 { return r.firstIn })
	w.number("last_out", func(r *row) int64 { return r.lastOut })
	w.number("longest_idle_days", func(r *row) int64 { return r.longest })
	return w.to
}

func yesNo(yes bool) int64 {
	if yes {
		return int64(table.Yes)
	}
	return int64(table.No)
}
