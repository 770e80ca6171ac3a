package chain

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"fundtrace/pipeline/table"
)

// A group is payments that share their fund, payer and day: one movement of
// money out of one unit, whatever the number of households.
type group struct {
	groupKey
	paid, back int64 // in fen, both positive: given out, and returned as negative lines
	rows       int
	ref        table.Ref // the first of its rows
	way        int32
	portions   []portion // of the units that paid it, nil where a sheet states the payer
	payerHow   table.How // of the payer that was found; Stated where it is as the sheets have it
}

// groupKey is what payments are grouped by. What has to do with where they were
// paid tells groups apart only while fund or payer is open and has to be found.
type groupKey struct {
	fund, unit                     uint32
	pool                           uint32 // several funds in the cell, none once one is chosen
	compiler                       uint32 // whose roster it is, where that is all that is known of the payer
	project, program, town, county uint32
	on                             int64
	by                             fundBy
	state                          payState
	openUnit, openFund             bool // no sheet states the payer, the fund
}

// fundBy says how a payment came to its fund.
type fundBy uint8

const (
	byNone fundBy = iota
	byCited
	byProject  // its project cites the fund
	byInferred // exactly one fund fits
)

// how says how the fund of a group is known, Stated where it is as the sheet has
// it.
func (by fundBy) how() table.How {
	switch by {
	case byProject:
		return table.Joined
	case byInferred:
		return table.Computed
	}
	return table.Stated
}

var fundByNames = [...]string{"none", "cited", "project", "inferred"}

// payState says whether and how a payment's amount counts.
type payState uint8

const (
	paid     payState = iota
	again             // paid as a correction (更正) or supplement (补发)
	unpaid            // never went out
	returned          // came back: see takeBacks
	repeated          // another sheet states it too
)

// stateOf reads a payment's state from the words of its state or its note.
func stateOf(s string) payState {
	s = squeeze(s)
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
	}
	switch {
	case has("待编制", "已申请", "已送审", "停发", "未发", "未支付", "失败", "作废", "暂缓", "取消"):
		return unpaid
	case has("补发", "补差", "更正"):
		return again
	case has("退款", "退回", "退汇", "冲销", "冲回", "追回", "撤销"):
		return returned
	}
	return paid
}

// chunkRows is how many payment rows one goroutine takes at a time; fixed, so
// that the result does not depend on the number of workers.
const chunkRows = 1 << 19

// inChunks calls f with each chunk of n rows, on as many goroutines as the
// options allow, and returns the results in order.
func inChunks[T any](n, workers int, f func(lo, hi int) T) []T {
	out := make([]T, (n+chunkRows-1)/chunkRows)
	var wg sync.WaitGroup
	gate := make(chan struct{}, max(workers, 1))
	for c := range out {
		gate <- struct{}{}
		wg.Go(func() {
			out[c] = f(c*chunkRows, min(n, (c+1)*chunkRows))
			<-gate
		})
	}
	wg.Wait()
	return out
}

// payments are the columns of the table payment that the chain reads.
type payments struct {
	fund, unit, project, program, town, county textColumn
	payerHow                                   textColumn // table.Hows
	state, note                                textColumn // in payStates
	amount, on                                 intColumn
	refs                                       []table.Ref
	repeats                                    bitmap // rows that another sheet states too
	takeBacks                                  bitmap // positive rows that take back another
}

// A bitmap is a set of rows; nil is empty.
type bitmap []uint64

func newBitmap(n int) bitmap { return make(bitmap, (n+63)/64) }

func (m bitmap) has(i int) bool { return m != nil && m[i>>6]>>(i&63)&1 == 1 }

func (m bitmap) set(i int) { m[i>>6] |= 1 << (i & 63) }

func (b *build) readPayments() *payments {
	t := b.set.Get(table.Payment)
	texts := func(d []string) []uint32 { return b.words.codes(d, squeeze) }
	p := &payments{
		fund: column(t, "_fund", b.fundCodes), unit: column(t, "_unit", b.unitCodes),
		project: column(t, "_project", b.projectCodes), program: column(t, "_program", texts),
		town: column(t, "town", texts), county: column(t, "county", texts),
		payerHow: column(t, table.HowColumn("payer"), func(d []string) []uint32 {
			return mapped(d, func(s string) uint32 { return uint32(table.ParseHow(s)) })
		}),
		amount: t.Ints("amount"), on: t.Ints("pay_date"), refs: t.Refs(),
	}
	states := func(d []string) []uint32 {
		return mapped(d, func(s string) uint32 { return uint32(stateOf(s)) })
	}
	p.state, p.note = column(t, "state", states), column(t, "note", states)
	p.repeats = repeatedPayments(t, p)
	p.findTakeBacks(t)
	return p
}

// stateAt returns what row i's state says, or its note where the state says
// nothing out of the ordinary. A note never makes a payment unpaid.
func (p *payments) stateAt(i int) payState {
	s := p.state.at(i)
	if s == none || payState(s) == paid {
		if s = p.note.at(i); s == none || payState(s) == unpaid {
			return paid
		}
	}
	return payState(s)
}

// findTakeBacks tells what a positive row marked returned (退款) is. Where the
// same person has an ordinary payment of that program, fund and amount, not
// later, the row takes that one back, as a negative amount would; each payment
// is taken back once. Else the row is itself the payment that came back, as
// rosters that keep a state a line write it, and counts nothing.
func (p *payments) findTakeBacks(t *table.Table) {
	person, _ := t.Words("_person")
	if person == nil {
		return
	}
	type grant struct {
		person, program, fund uint32
		amount                int64
	}
	of := func(i int) grant { return grant{person[i], p.program.at(i), p.fund.at(i), p.amount.at(i)} }
	backs := map[grant][]int{}
	for i := range t.Len() {
		if p.amount.at(i) > 0 && person[i] != none && !p.repeats.has(i) && p.stateAt(i) == returned {
			backs[of(i)] = append(backs[of(i)], i)
		}
	}
	if len(backs) == 0 {
		return
	}
	open := map[grant][]int64{} // days of the payments that can be taken back
	for i := range t.Len() {
		if g := of(i); backs[g] != nil && !p.repeats.has(i) && p.stateAt(i) == paid {
			open[g] = append(open[g], p.on.at(i))
		}
	}
	p.takeBacks = newBitmap(t.Len())
	for g, rows := range backs {
		slices.SortFunc(rows, func(x, y int) int {
			return cmp.Or(cmp.Compare(p.on.at(x), p.on.at(y)), cmp.Compare(refAt(p.refs, x), refAt(p.refs, y)))
		})
		days := open[g]
		slices.Sort(days)
		for _, i := range rows {
			if on := p.on.at(i); len(days) > 0 && (on == table.Null || days[0] <= on) {
				p.takeBacks.set(i)
				days = days[1:]
			}
		}
	}
}

// group puts every payment into its group and returns the group of each row.
func (b *build) group(p *payments, n int) []int32 {
	groupOf := make([]int32, n)
	type local struct {
		at     map[groupKey]int32
		groups []group
		doubts rowDoubts
	}
	chunks := inChunks(n, b.opt.Workers, func(lo, hi int) local {
		l := local{at: map[groupKey]int32{}, doubts: rowDoubts{}}
		var last groupKey
		at := int32(-1)
		for i := lo; i < hi; i++ {
			k, amount := p.key(b, i)
			ref := refAt(p.refs, i)
			if k != last || at < 0 {
				var ok bool
				if at, ok = l.at[k]; !ok {
					at = int32(len(l.groups))
					l.at[k] = at
					l.groups = append(l.groups, group{groupKey: k, ref: ref, way: -1})
				}
				last = k
			}
			g := &l.groups[at]
			g.rows++
			g.ref = min(g.ref, ref)
			switch {
			case amount == table.Null || amount == 0:
				l.doubts.add(paymentZero, ref, 1)
			case k.state != paid:
			case amount > 0:
				g.paid += amount
			default:
				g.back -= amount
			}
			switch {
			case k.state == repeated:
				l.doubts.add(paymentRepeated, ref, 1)
			case k.on == table.Null:
				l.doubts.add(paymentNoDate, ref, 1)
			case k.on > int64(b.opt.AsOf):
				l.doubts.add(afterAsOf, ref, 1)
			}
			groupOf[i] = at
		}
		return l
	})
	at, all := map[groupKey]int32{}, rowDoubts{}
	for c, l := range chunks {
		to := make([]int32, len(l.groups))
		for i, g := range l.groups {
			j, ok := at[g.groupKey]
			if !ok {
				j = int32(len(b.groups))
				at[g.groupKey] = j
				b.groups = append(b.groups, g)
			} else {
				into := &b.groups[j]
				into.paid, into.back, into.rows = into.paid+g.paid, into.back+g.back, into.rows+g.rows
				into.ref = min(into.ref, g.ref)
			}
			to[i] = j
		}
		lo := c * chunkRows
		for i := lo; i < min(n, lo+chunkRows); i++ {
			groupOf[i] = to[groupOf[i]]
		}
		for of, d := range l.doubts {
			all.add(of.reason, d.Ref, d.Rows)
		}
	}
	for _, d := range all {
		b.doubts = append(b.doubts, d)
	}
	return groupOf
}

// rowDoubts counts doubts about payments, which may be millions, by sheet.
type rowDoubts map[sheetReason]Doubt

type sheetReason struct {
	source int
	reason Reason
}

func (ds rowDoubts) add(why Reason, ref table.Ref, rows int) {
	of := sheetReason{ref.Source(), why}
	if d, ok := ds[of]; ok {
		ref, rows = min(ref, d.Ref), rows+d.Rows
	}
	ds[of] = Doubt{table.Payment, ref, rows, why, ""}
}

// key returns the group of a payment row and its amount.
func (p *payments) key(b *build, i int) (groupKey, int64) {
	k := groupKey{
		fund: p.fund.at(i), pool: none, compiler: none, project: none, program: none, town: none, county: none,
		on: p.on.at(i), by: byCited,
	}
	amount := p.amount.at(i)
	project := p.project.at(i)
	if pooled(k.fund) {
		k.fund, k.pool = none, k.fund
	} else if k.fund == none {
		k.by = byNone
		if f, ok := b.projectFund[project]; ok && f != none {
			k.fund, k.by = f, byProject
		}
	}
	k.unit = p.unit.at(i)
	if h := p.payerHow.at(i); k.unit != none && h != none && table.How(h) >= table.Inherited {
		k.unit, k.compiler = none, k.unit
	}
	if k.openFund = k.fund == none; k.openFund && k.pool == none {
		k.program, k.project = p.program.at(i), project
	}
	if k.openUnit = k.unit == none; k.openUnit {
		k.town, k.county, k.project = p.town.at(i), p.county.at(i), project
	}
	switch k.state = p.stateAt(i); {
	case p.repeats.has(i):
		k.state = repeated
	case p.takeBacks.has(i):
		k.state, amount = paid, -amount
	case k.state == again, k.state == returned && amount < 0:
		k.state = paid
	}
	return k, amount
}
