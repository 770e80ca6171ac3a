package chain

import (
	"cmp"
	"slices"

	"fundtrace/pipeline/table"
)

// A line is one row of a ledger of transfers, in codes. An absent amount or
// date is table.Null.
type line struct {
	fund, from, to, project uint32
	purpose, voucher        uint32
	sent, received          int64
	sentOn, receivedOn      int64
	ref                     table.Ref
	row                     int32
}

// An allocation is one line of the table fund.
type allocation struct {
	fund, issuer, holder uint32
	amount               int64
	on                   int64
	ref                  table.Ref
	row                  int32
}

// names gives dense codes to texts in order of first appearance.
type names struct {
	words []string
	code  map[string]uint32
}

// of returns the code of s, none for "".
func (n *names) of(s string) uint32 {
	if s == "" {
		return none
	}
	c, ok := n.code[s]
	if !ok {
		if n.code == nil {
			n.code = map[string]uint32{}
		}
		c = uint32(len(n.words))
		n.words = append(n.words, s)
		n.code[s] = c
	}
	return c
}

// codes returns the codes of a dictionary's texts, brought into one form.
func (n *names) codes(dict []string, form func(string) string) []uint32 {
	out := make([]uint32, len(dict))
	for i, s := range dict {
		out[i] = n.of(form(s))
	}
	return out
}

// A textColumn is a column's row codes with what its dictionary stands for.
type textColumn struct{ rows, to []uint32 }

// column reads a text column; to translates its dictionary.
func column(t *table.Table, name string, to func([]string) []uint32) textColumn {
	rows, dict := t.Words(name)
	return textColumn{rows, to(dict)}
}

// at returns row i's code, none where absent.
func (c textColumn) at(i int) uint32 {
	if c.rows == nil || c.rows[i] == none {
		return none
	}
	return c.to[c.rows[i]]
}

// An intColumn is a column of numbers, absent in every row if nil.
type intColumn []int64

func (c intColumn) at(i int) int64 {
	if c == nil {
		return table.Null
	}
	return c[i]
}

// refAt returns row i's place, none for a table without places.
func refAt(refs []table.Ref, i int) table.Ref {
	if refs == nil {
		return 0
	}
	return refs[i]
}

// readAllocations reads the table fund. The same notice in another sheet is
// one notice; several under one number add up.
func (b *build) readAllocations() {
	t := b.set.Get(table.Allocation)
	fund := column(t, "fund_no", b.fundCodes)
	issuer, holder := column(t, "issuer", b.units.codes), column(t, "holder", b.units.codes)
	var texts names
	title := column(t, "title", func(d []string) []uint32 { return texts.codes(d, squeeze) })
	purpose := column(t, "purpose", func(d []string) []uint32 { return texts.codes(d, squeeze) })
	amount, on := intColumn(t.Ints("amount")), intColumn(t.Ints("issued_on"))
	refs := t.Refs()
	type notice struct {
		fund, issuer, holder, title, purpose uint32
		amount, on                           int64
	}
	type seen struct{ source, n int }
	first := map[notice]*seen{}
	again := map[notice]map[int]int{}
	for i := range t.Len() {
		ref := refAt(refs, i)
		a := allocation{fund: b.single(fund.at(i)), amount: amount.at(i), on: on.at(i), ref: ref, row: int32(i)}
		a.issuer, a.holder = b.unitFor(issuer.at(i), a.fund), b.unitFor(holder.at(i), a.fund)
		if a.holder == none {
			a.holder = a.issuer
		}
		b.allocationRows = append(b.allocationRows, a)
		switch {
		case a.fund == none:
			b.doubt(table.Allocation, ref, fundNoNumber, "")
			continue
		case a.amount == table.Null || a.amount == 0:
			b.doubt(table.Allocation, ref, fundZero, b.funds.words[a.fund])
			continue
		}
		key := notice{a.fund, a.issuer, a.holder, title.at(i), purpose.at(i), a.amount, a.on}
		if s := first[key]; s == nil {
			first[key] = &seen{ref.Source(), 1}
		} else if s.source == ref.Source() {
			s.n++
		} else {
			if again[key] == nil {
				again[key] = map[int]int{}
			}
			if again[key][ref.Source()]++; again[key][ref.Source()] <= s.n {
				b.doubt(table.Allocation, ref, fundRepeated, b.funds.words[a.fund])
				continue
			}
		}
		if a.on == table.Null {
			b.doubt(table.Allocation, ref, fundNoDate, b.funds.words[a.fund])
		}
		if b.issued[a.fund] {
			b.doubt(table.Allocation, ref, fundSums, b.funds.words[a.fund])
		}
		b.issued[a.fund] = true
		b.allocations = append(b.allocations, a)
	}
}

// readProjects reads which fund, unit and contractor each project has; a
// project that cites two different ones has none.
func (b *build) readProjects() {
	t := b.set.Get(table.Works)
	project := column(t, "project_id", b.projectCodes)
	fund := column(t, "fund_no", b.fundCodes)
	unit, contractor := column(t, "unit", b.units.codes), column(t, "contractor", b.units.codes)
	set := func(m map[uint32]uint32, key, val uint32) {
		if key == none || val == none {
			return
		}
		if old, ok := m[key]; ok && old != val {
			val = none
		}
		m[key] = val
	}
	for i := range t.Len() {
		p := project.at(i)
		f := b.single(fund.at(i))
		set(b.projectFund, p, f)
		set(b.projectUnit, p, b.unitFor(unit.at(i), f))
		if c := contractor.at(i); c != none {
			b.contractor[c] = true
		}
	}
}

// readFlows reads the ledgers of transfers into lines and settles what the
// rows leave open: the fund of a line that names none is its project's.
func (b *build) readFlows() {
	t := b.set.Get(table.Flow)
	fund := column(t, "fund_no", b.fundCodes)
	from, to := column(t, "from_unit", b.units.codes), column(t, "to_unit", b.units.codes)
	project := column(t, "project_id", b.projectCodes)
	purpose := column(t, "purpose", func(d []string) []uint32 { return b.words.codes(d, keep) })
	voucher := column(t, "voucher_no", func(d []string) []uint32 { return b.words.codes(d, squeeze) })
	sent, received := intColumn(t.Ints("sent_amount")), intColumn(t.Ints("received_amount"))
	sentOn, receivedOn := intColumn(t.Ints("sent_on")), intColumn(t.Ints("received_on"))
	refs := t.Refs()
	b.lines = make([]line, t.Len())
	for i := range b.lines {
		l := line{
			fund: fund.at(i), project: project.at(i), purpose: purpose.at(i), voucher: voucher.at(i),
			sent: sent.at(i), received: received.at(i), sentOn: sentOn.at(i), receivedOn: receivedOn.at(i),
			ref: refAt(refs, i), row: int32(i),
		}
		if l.fund == none && l.project != none {
			if f, ok := b.projectFund[l.project]; ok && f != none {
				l.fund = f
				b.doubt(table.Flow, l.ref, flowFundGuessed, b.fundName(f))
			}
		}
		l.from, l.to = b.unitFor(from.at(i), l.fund), b.unitFor(to.at(i), l.fund)
		b.lines[i] = l
	}
}

func keep(s string) string { return s }

// usable sorts out the lines that move no money and returns the rest, in an
// order that does not depend on the order of rows.
func (b *build) usable() []line {
	var out []line
	for _, l := range b.lines {
		switch {
		case l.sent == table.Null && l.received == table.Null:
			b.doubt(table.Flow, l.ref, flowNoAmount, "")
			continue
		case (l.sent == table.Null || l.sent == 0) && (l.received == table.Null || l.received == 0):
			b.doubt(table.Flow, l.ref, flowZero, "")
			continue
		case l.from == l.to && l.from != none:
			b.doubt(table.Flow, l.ref, flowToItself, b.units.names[l.to])
		}
		out = append(out, l)
	}
	slices.SortFunc(out, func(a, c line) int {
		return cmp.Or(
			cmp.Compare(a.fund, c.fund), cmp.Compare(a.to, c.to), cmp.Compare(a.from, c.from),
			cmp.Compare(min(a.sentOn, a.receivedOn), min(c.sentOn, c.receivedOn)),
			cmp.Compare(a.ref, c.ref), cmp.Compare(a.row, c.row))
	})
	return out
}
