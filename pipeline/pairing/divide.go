package pairing

import (
	"cmp"
	"maps"
	"slices"

	"fundtrace/pipeline/table"
)

// A Purse is one fund at one unit.
type Purse struct{ Fund, Unit uint32 }

// Divide gives each transfer that cites several funds, as several tells of its
// code, to them one after the other, in the order written, as far as the sender
// has money of each; the last takes the rest. What a sender has is what it begins
// with and counted over transfers in order of date, in senders' and in receivers'
// ledgers apart, so that both sides of a transfer divide alike. The pieces keep
// the line's place.
func (m Matcher) Divide(lines []Line, several func(fund uint32) []uint32, begin map[Purse]int64) []Line {
	if !slices.ContainsFunc(lines, func(l Line) bool { return several(l.Fund) != nil }) {
		return lines
	}
	order := make([]int, len(lines))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int {
		return cmp.Or(cmp.Compare(lines[x].Out(), lines[y].Out()), cmp.Compare(lines[x].Ref, lines[y].Ref))
	})
	has := [2]map[Purse]int64{begin, maps.Clone(begin)} // by ledger
	var out []Line
	for _, i := range order {
		l := lines[i]
		side, total := 0, l.Sent
		if total == table.Null {
			side, total = 1, l.Received
		}
		move := func(fund uint32, amount int64) {
			has[side][Purse{fund, l.From}] -= amount
			has[side][Purse{fund, l.To}] += amount
		}
		list := several(l.Fund)
		if list == nil {
			if l.Fund != none {
				move(l.Fund, total)
			}
			out = append(out, l)
			continue
		}
		m.Say(&l, Divided)
		left, leftReceived := total, l.Received
		for n, f := range list {
			take := left
			if n < len(list)-1 {
				take = min(left, max(0, has[side][Purse{f, l.From}]))
			}
			if take == 0 {
				continue
			}
			left -= take
			piece := l
			piece.Fund = f
			if l.Sent != table.Null {
				piece.Sent = take
			}
			if l.Received != table.Null {
				piece.Received = min(take, leftReceived)
				if left == 0 {
					piece.Received = leftReceived
				}
				leftReceived -= piece.Received
			}
			move(f, take)
			out = append(out, piece)
		}
	}
	return out
}
