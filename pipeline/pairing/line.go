// Package pairing makes hops of the ledgers of transfers: the lines that two
// units' books have of one transfer become one hop with two sides. It knows codes,
// amounts, days and places; what a fund or a unit is, it need not know.
package pairing

import (
	"cmp"
	"slices"

	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

const none = table.NullCode // no unit, fund, project or other code

// A Line is one row of a ledger of transfers, in codes, table.NullCode for what
// it does not tell. An absent amount or date is table.Null.
type Line struct {
	Fund, From, To, Project uint32
	Purpose, Voucher        uint32
	Holder                  uint32 // of the receiver's account
	Sent, Received          int64  // fen
	SentOn, ReceivedOn      int64  // days
	Ref                     table.Ref
	Row                     int32 // in the table
	OfBoth                  bool  // its sheet states both sides, so it is nobody's own book
}

// Both reports whether the line carries both sides of its transfer.
func (l *Line) Both() bool { return l.Sent != table.Null && l.Received != table.Null }

// Out returns the day of sending, or of receipt where that is not known.
func (l *Line) Out() int64 { return first(l.SentOn, l.ReceivedOn) }

// In returns the day of receipt, or of sending where that is not known.
func (l *Line) In() int64 { return first(l.ReceivedOn, l.SentOn) }

// first returns a unless it is absent, then b.
func first(a, b int64) int64 {
	if a != table.Null {
		return a
	}
	return b
}

// A Remark is what a Matcher says of a line.
type Remark uint8

// The remarks of a Matcher.
const (
	Divided     Remark = iota // it cites several funds and is given to them in turn
	FundTold                  // it names no fund; the other ledger does, and Line.Fund is that one
	FundUnknown               // it names no fund, nor does the other ledger
	Again                     // another sheet states it too: dropped
	Twice                     // its own sheet states it twice: kept
)

// A Matcher makes hops of ledger lines within a policy's bounds.
type Matcher struct {
	policy.Pairing
	Say func(*Line, Remark)
}

// sorted brings lines into the order pairing wants, which does not depend on
// the order of rows.
func sorted(lines []Line) []Line {
	slices.SortFunc(lines, func(a, c Line) int {
		return cmp.Or(
			cmp.Compare(a.Fund, c.Fund), cmp.Compare(a.To, c.To), cmp.Compare(a.From, c.From),
			cmp.Compare(a.Out(), c.Out()), cmp.Compare(a.Ref, c.Ref), cmp.Compare(a.Row, c.Row))
	})
	return lines
}
