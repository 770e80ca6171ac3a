package pairing

import "fundtrace/pipeline/table"

// Books are what units tell of themselves in the input: in their ledgers, in
// rosters that name them as payers and in balances; of which funds, and how far in
// time.
type Books struct {
	receivers, senders ledgers
	out, in            account[uint32]  // of units: what they did with a fund, what they received of it
	last               map[uint32]int64 // unit → the last day it tells of
	ends               ends
}

// BooksOf reads the books out of their lines; single tells of a code that stands
// for several funds the first.
func BooksOf(lines []Line, single func(fund uint32) uint32) *Books {
	x := &Books{newLedgers(), newLedgers(), newAccount[uint32](), newAccount[uint32](), map[uint32]int64{}, endsOf(lines)}
	for i := range lines {
		l, fund := &lines[i], single(lines[i].Fund)
		if l.Sent != table.Null {
			x.senders.tell(l, l.From, l.SentOn, fund, x.ends)
			x.Tell(fund, l.From, l.Out(), l.Ref)
		}
		if l.Received != table.Null {
			x.receivers.tell(l, l.To, l.In(), fund, x.ends)
			x.Tell(fund, l.To, l.In(), l.Ref)
			x.in.add(fund, l.To)
		}
	}
	return x
}

// Tell takes down that a unit tells of a fund in a row of a day. A sheet is known
// to the end of the year of its last line, or to that line where it has many
// and ends long before the year does.
func (x *Books) Tell(fund, unit uint32, on int64, ref table.Ref) {
	if unit == none {
		return
	}
	x.out.add(fund, unit)
	if on != table.Null {
		x.last[unit] = max(x.last[unit], x.ends.of(ref, on))
	}
}

// Spends reports whether a unit would tell what it did with a fund.
func (x *Books) Spends(fund, unit uint32) bool { return x.out.of(fund, unit) }

// Receives reports whether a unit would tell what it received of a fund.
func (x *Books) Receives(fund, unit uint32) bool { return x.in.of(fund, unit) }

// Until returns the last day that a unit tells of, asOf at the latest.
func (x *Books) Until(unit uint32, asOf int64) int64 {
	if last, ok := x.last[unit]; ok {
		return min(last, asOf)
	}
	return asOf
}

// Keep reports whether the sender's and the receiver's books tell of a hop, or
// would.
func (x *Books) Keep(h *Hop) (sender, receiver bool) {
	return h.Match != ReceivedOnly || x.senders.cover(h.Fund, yearOf(h.From, h.ReceivedOn), h.ReceivedOn, h.ReceivedRef),
		h.Match != SentOnly || x.receivers.cover(h.Fund, yearOf(h.To, h.SentOn), h.SentOn, h.SentRef)
}

// A unitYear is a unit's ledger of one year.
type unitYear struct {
	unit uint32
	year int
}

func yearOf(unit uint32, on int64) unitYear {
	if on == table.Null {
		return unitYear{unit, 0}
	}
	return unitYear{unit, table.Day(on).Year()}
}

// A ledgerYear is a unit's side of one year: in its own ledger, of source 0, or
// in a sheet that states both sides, which speaks of its own lines only.
type ledgerYear struct {
	unitYear
	source int
}

// ledgers are the books of one side, the senders' or the receivers'.
type ledgers struct {
	account[ledgerYear]
	end map[unitYear]int64 // the last day that a unit's own ledger tells of
}

func newLedgers() ledgers { return ledgers{newAccount[ledgerYear](), map[unitYear]int64{}} }

// tell takes down a line of a unit's side.
func (g *ledgers) tell(l *Line, unit uint32, on int64, fund uint32, known ends) {
	y, source := yearOf(unit, on), 0
	if l.OfBoth {
		source = l.Ref.Source() + 1
	} else if on != table.Null {
		g.end[y] = max(g.end[y], known.of(l.Ref, on))
	}
	g.add(fund, ledgerYear{y, source})
}

// cover reports whether the books would have the other side of a line: a unit's
// own ledger that is of the line's fund and goes so far, or a sheet of both sides
// that tells the unit's side elsewhere.
func (g *ledgers) cover(fund uint32, y unitYear, on int64, ref table.Ref) bool {
	if g.of(fund, ledgerYear{y, 0}) && on <= g.end[y] {
		return true
	}
	return g.any[ledgerYear{y, ref.Source() + 1}]
}

// An account is of which funds books tell, those of each K. A book of one fund is
// known for that one only; who tells of several tells of all.
type account[K comparable] struct {
	funds   map[fundOf[K]]bool
	one     map[K]uint32
	general map[K]bool
	any     map[K]bool // tells of something
}

type fundOf[K comparable] struct {
	fund uint32
	of   K
}

func newAccount[K comparable]() account[K] {
	return account[K]{map[fundOf[K]]bool{}, map[K]uint32{}, map[K]bool{}, map[K]bool{}}
}

func (a *account[K]) add(fund uint32, of K) {
	a.any[of] = true
	if fund == none {
		return
	}
	a.funds[fundOf[K]{fund, of}] = true
	if f, ok := a.one[of]; ok && f != fund {
		a.general[of] = true
	}
	a.one[of] = fund
}

func (a *account[K]) of(fund uint32, of K) bool { return a.funds[fundOf[K]{fund, of}] || a.general[of] }

// manyLines is how many dated lines a ledger has of which it can be said that it
// ends with its last: one with fewer may have had nothing more to write.
const manyLines = 12

// lastQuarter is the month from which a ledger's last line may be the year's.
const lastQuarter = 10

// ends are the last days of ledgers of many lines that end in the middle of a
// year, by sheet.
type ends map[int]int64

// endsOf finds the ledgers that end in the middle of a year.
func endsOf(lines []Line) ends {
	count, last := map[int]int{}, map[int]int64{}
	for i := range lines {
		l := &lines[i]
		if on := max(l.SentOn, l.ReceivedOn); on != table.Null {
			count[l.Ref.Source()]++
			last[l.Ref.Source()] = max(last[l.Ref.Source()], on)
		}
	}
	out := ends{}
	for s, n := range count {
		if _, m, _ := table.Day(last[s]).Date(); n >= manyLines && int(m) < lastQuarter {
			out[s] = last[s]
		}
	}
	return out
}

// of returns the day to which a sheet is known that has a row of a day.
func (e ends) of(ref table.Ref, on int64) int64 {
	yearEnd := int64(table.DayOf(table.Day(on).Year(), 12, 31))
	if end, ok := e[ref.Source()]; ok {
		return min(end, yearEnd)
	}
	return yearEnd
}
