package pairing

import "fundtrace/pipeline/table"

// Books are whose ledgers the input has, of which funds and how far in time.
type Books struct{ receivers, senders ledgers }

// BooksOf reads the books out of their lines; single tells of a code that stands
// for several funds the first.
func BooksOf(lines []Line, single func(fund uint32) uint32) *Books {
	x := &Books{newLedgers(), newLedgers()}
	ends := EndsOf(lines)
	for i := range lines {
		l := &lines[i]
		if l.Received != table.Null {
			x.receivers.tell(l, l.To, l.In(), single(l.Fund), ends)
		}
		if l.Sent != table.Null {
			x.senders.tell(l, l.From, l.SentOn, single(l.Fund), ends)
		}
	}
	return x
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
	Account[ledgerYear]
	end map[unitYear]int64 // the last day that a unit's own ledger tells of
}

func newLedgers() ledgers { return ledgers{NewAccount[ledgerYear](), map[unitYear]int64{}} }

// tell takes down a line of a unit's side.
func (g *ledgers) tell(l *Line, unit uint32, on int64, fund uint32, ends Ends) {
	y, source := yearOf(unit, on), 0
	if l.OfBoth {
		source = l.Ref.Source() + 1
	} else if on != table.Null {
		g.end[y] = max(g.end[y], ends.Of(l.Ref, on))
	}
	g.Add(fund, ledgerYear{y, source})
}

// cover reports whether the books would have the other side of a line: a unit's
// own ledger that is of the line's fund and goes so far, or a sheet of both sides
// that tells the unit's side elsewhere.
func (g *ledgers) cover(fund uint32, y unitYear, on int64, ref table.Ref) bool {
	if g.Of(fund, ledgerYear{y, 0}) && on <= g.end[y] {
		return true
	}
	return g.any[ledgerYear{y, ref.Source() + 1}]
}

// An Account is of which funds books tell, those of each K. A book of one fund is
// known for that one only; who tells of several tells of all.
type Account[K comparable] struct {
	funds   map[fundOf[K]]bool
	one     map[K]uint32
	general map[K]bool
	any     map[K]bool // tells of something
}

type fundOf[K comparable] struct {
	fund uint32
	of   K
}

// NewAccount returns an account of no book.
func NewAccount[K comparable]() Account[K] {
	return Account[K]{map[fundOf[K]]bool{}, map[K]uint32{}, map[K]bool{}, map[K]bool{}}
}

// Add takes down that the book of K tells of a fund, of which none is known where it
// is table.NullCode.
func (a *Account[K]) Add(fund uint32, of K) {
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

// Of reports whether the book of K would tell of a fund.
func (a *Account[K]) Of(fund uint32, of K) bool { return a.funds[fundOf[K]{fund, of}] || a.general[of] }

// manyLines is how many dated lines a ledger has of which it can be said that it
// ends with its last: one with fewer may have had nothing more to write.
const manyLines = 12

// lastQuarter is the month from which a ledger's last line may be the year's.
const lastQuarter = 10

// Ends are the last days of ledgers of many lines that end in the middle of a
// year, by sheet.
type Ends map[int]int64

// EndsOf finds the ledgers that end in the middle of a year.
func EndsOf(lines []Line) Ends {
	count, last := map[int]int{}, map[int]int64{}
	for i := range lines {
		l := &lines[i]
		if on := max(l.SentOn, l.ReceivedOn); on != table.Null {
			count[l.Ref.Source()]++
			last[l.Ref.Source()] = max(last[l.Ref.Source()], on)
		}
	}
	out := Ends{}
	for s, n := range count {
		if _, m, _ := table.Day(last[s]).Date(); n >= manyLines && int(m) < lastQuarter {
			out[s] = last[s]
		}
	}
	return out
}

// Of returns the day to which a sheet is known that has a row of a day.
func (e Ends) Of(ref table.Ref, on int64) int64 {
	yearEnd := int64(table.DayOf(table.Day(on).Year(), 12, 31))
	if end, ok := e[ref.Source()]; ok {
		return min(end, yearEnd)
	}
	return yearEnd
}
