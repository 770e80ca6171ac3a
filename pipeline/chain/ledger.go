package chain

import (
	"cmp"
	"slices"

	"fundtrace/pipeline/key"
	"fundtrace/pipeline/pairing"
	"fundtrace/pipeline/table"
	"fundtrace/pipeline/words"
)

const none uint32 = table.NullCode // no unit, fund, project or other code

// An allocation is one line of the table fund.
type allocation struct {
	fund, issuer, holder uint32
	amount               int64
	on                   int64
	ref                  table.Ref
}

// A work is one line of the table project.
type work struct{ project, fund, unit, contractor uint32 }

// names gives dense codes to texts in order of first appearance.
type names struct{ table.Interner }

// of returns the code of s, none for "".
func (n *names) of(s string) uint32 {
	if s == "" {
		return none
	}
	return n.Code(s)
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

// readAllocations reads the table fund. What another sheet tells again (package
// settle) counts once; several under one number add up.
func (b *build) readAllocations() {
	t := b.set.Get(table.Allocation)
	fund := column(t, "_fund", b.fundCodes)
	issuer, holder := column(t, "_issuer", b.unitCodes), column(t, "_holder", b.unitCodes)
	amount, on, repeated := intColumn(t.Ints("amount")), intColumn(t.Ints("issued_on")), intColumn(t.Ints("_repeated"))
	refs := t.Refs()
	for i := range t.Len() {
		a := allocation{fund: fund.at(i), issuer: issuer.at(i), holder: holder.at(i), amount: amount.at(i), on: on.at(i), ref: refAt(refs, i)}
		b.allocationRows = append(b.allocationRows, a)
		no := b.fundName(a.fund)
		switch {
		case a.fund == none:
			b.doubt(table.Allocation, a.ref, fundNoNumber, "")
			continue
		case a.amount == table.Null || a.amount == 0:
			b.doubt(table.Allocation, a.ref, fundZero, no)
			continue
		case repeated.at(i) == int64(table.Yes):
			b.doubt(table.Allocation, a.ref, fundRepeated, no)
			continue
		}
		b.allocations = append(b.allocations, a)
	}
	slices.SortStableFunc(b.allocations, func(x, y allocation) int { return cmp.Compare(x.ref, y.ref) })
	for _, a := range b.allocations {
		if a.on == table.Null {
			b.doubt(table.Allocation, a.ref, fundNoDate, b.fundName(a.fund))
		}
		if b.issued[a.fund] {
			b.doubt(table.Allocation, a.ref, fundSums, b.fundName(a.fund))
		}
		b.issued[a.fund] = true
	}
}

// readProjects reads which fund, unit and contractor each project has; a
// project that cites two different ones has none.
func (b *build) readProjects() {
	t := b.set.Get(table.Works)
	project := column(t, "_project", b.projectCodes)
	fund := column(t, "_fund", b.fundCodes)
	unit, contractor := column(t, "_unit", b.unitCodes), column(t, "_contractor", b.unitCodes)
	for no, cited := range key.ProjectFunds(t) {
		b.projectFund[b.projects.of(no)] = b.funds.of(cited)
	}
	b.works = make([]work, t.Len())
	for i := range b.works {
		w := work{project.at(i), fund.at(i), unit.at(i), contractor.at(i)}
		b.works[i] = w
		if w.project != none && w.unit != none {
			only(b.projectUnit, w.project, w.unit)
		}
		if w.contractor != none {
			b.contractor[w.contractor] = true
		}
	}
}

// readFlows reads the ledgers of transfers into lines and settles what the
// rows leave open: the fund of a line that names none is its project's.
func (b *build) readFlows() {
	t := b.set.Get(table.Flow)
	fund := column(t, "_fund", b.fundCodes)
	from, to := column(t, "_from", b.unitCodes), column(t, "_to", b.unitCodes)
	kinds, parties := t.Words("_to_kind")
	project := column(t, "_project", b.projectCodes)
	purpose := column(t, "purpose", func(d []string) []uint32 { return b.texts.codes(d, keep) })
	voucher := column(t, "voucher_no", func(d []string) []uint32 { return b.texts.codes(d, words.Fold) })
	holder := column(t, "_to_holder", func(d []string) []uint32 { return b.texts.codes(d, keep) })
	sent, received := intColumn(t.Ints("sent_amount")), intColumn(t.Ints("received_amount"))
	sentOn, receivedOn := intColumn(t.Ints("sent_on")), intColumn(t.Ints("received_on"))
	refs := t.Refs()
	kept, keepers := t.Words("_kept_by")
	both := slices.Index(keepers, "both")
	b.lines = make([]pairing.Line, t.Len())
	for i := range b.lines {
		l := pairing.Line{
			Fund: fund.at(i), From: from.at(i), To: to.at(i), Project: project.at(i), Purpose: purpose.at(i), Voucher: voucher.at(i), Holder: holder.at(i),
			Sent: sent.at(i), Received: received.at(i), SentOn: sentOn.at(i), ReceivedOn: receivedOn.at(i),
			Ref: refAt(refs, i), Row: int32(i), OfBoth: kept != nil && int(kept[i]) == both,
		}
		if l.Fund == none && l.Project != none {
			if f, ok := b.projectFund[l.Project]; ok && f != none {
				l.Fund = f
				b.doubt(table.Flow, l.Ref, flowFundGuessed, b.fundName(f))
			}
		}
		if l.To != none {
			b.kinds[l.To] = parties[kinds[i]]
		}
		b.lines[i] = l
	}
}

func keep(s string) string { return s }

// only takes down that a key has a value; with two different ones it has none.
func only[K comparable](of map[K]uint32, key K, val uint32) {
	if old, ok := of[key]; ok && old != val {
		val = none
	}
	of[key] = val
}

// usable returns the lines that move money between units. What a unit's own book
// says it gave out to households is the sum of a roster: where the input has the
// roster, the money is counted there.
func (b *build) usable() []pairing.Line {
	rosters := map[uint64]bool{} // fund and payer, none where the roster does not say
	for i := range b.groups {
		rosters[at(b.groups[i].fund, b.groups[i].unit)] = true
	}
	var out []pairing.Line
	for _, l := range b.lines {
		switch {
		case l.To != none && b.kinds[l.To] == key.ToHouseholds && (rosters[at(l.Fund, l.From)] || rosters[at(l.Fund, none)] || rosters[at(none, l.From)]):
			b.doubt(table.Flow, l.Ref, flowRostered, b.fundName(b.single(l.Fund)))
			b.rosterLines = append(b.rosterLines, l)
			continue
		case l.Sent == table.Null && l.Received == table.Null:
			b.doubt(table.Flow, l.Ref, flowNoAmount, "")
			continue
		case (l.Sent == table.Null || l.Sent == 0) && (l.Received == table.Null || l.Received == 0):
			b.doubt(table.Flow, l.Ref, flowZero, "")
			continue
		case l.From == l.To && l.From != none:
			b.doubt(table.Flow, l.Ref, flowToItself, b.units.Dict[l.To])
		}
		if l.SentOn == table.Null && l.ReceivedOn == table.Null {
			b.doubt(table.Flow, l.Ref, flowNoDate, b.fundName(b.single(l.Fund)))
		}
		if l.Both() && l.SentOn != table.Null && l.ReceivedOn != table.Null && l.ReceivedOn < l.SentOn {
			b.doubt(table.Flow, l.Ref, flowBackwards, b.fundName(b.single(l.Fund)))
		}
		if max(l.SentOn, l.ReceivedOn) > int64(b.opt.AsOf) {
			b.doubt(table.Flow, l.Ref, afterAsOf, b.fundName(b.single(l.Fund)))
		}
		out = append(out, l)
	}
	return out
}
