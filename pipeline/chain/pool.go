package chain

import (
	"cmp"
	"slices"

	"fundtrace/pipeline/table"
)

// poolCode marks the code of a cell that lists several funds (整合资金).
const poolCode uint32 = 1 << 31

func pooled(code uint32) bool { return code != none && code >= poolCode }

// single returns the fund of a code, of a cell with several the first.
func (b *build) single(code uint32) uint32 {
	if pooled(code) {
		return b.pools[code-poolCode][0]
	}
	return code
}

// split gives each transfer that cites several funds to them one after the
// other, in the order written, as far as the sender has money of each; the
// last takes the rest. What a sender has is counted over allocations and
// transfers in order of date, in senders' and in receivers' ledgers apart, so
// that both sides of a transfer split alike. The pieces keep the line's place.
func (b *build) split(lines []line) []line {
	if !slices.ContainsFunc(lines, func(l line) bool { return pooled(l.fund) }) {
		return lines
	}
	order := make([]int, len(lines))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int {
		return cmp.Or(cmp.Compare(lines[x].day(), lines[y].day()), cmp.Compare(lines[x].ref, lines[y].ref))
	})
	var has [2]map[uint64]int64 // by ledger: fund and unit → what is there
	for side := range has {
		has[side] = map[uint64]int64{}
		for _, a := range b.allocations {
			unit := a.holder
			if unit == none {
				unit = a.issuer
			}
			has[side][at(a.fund, unit)] += a.amount
		}
	}
	var out []line
	for _, i := range order {
		l := lines[i]
		side, total := 0, l.sent
		if total == table.Null {
			side, total = 1, l.received
		}
		move := func(fund uint32, amount int64) {
			has[side][at(fund, l.from)] -= amount
			has[side][at(fund, l.to)] += amount
		}
		if !pooled(l.fund) {
			if l.fund != none {
				move(l.fund, total)
			}
			out = append(out, l)
			continue
		}
		b.doubt(table.Flow, l.ref, manyFunds, b.listed(l.fund))
		list := b.pools[l.fund-poolCode]
		left, leftReceived := total, l.received
		for n, f := range list {
			take := left
			if n < len(list)-1 {
				take = min(left, max(0, has[side][at(f, l.from)]))
			}
			if take == 0 {
				continue
			}
			left -= take
			piece := l
			piece.fund = f
			if l.sent != table.Null {
				piece.sent = take
			}
			if l.received != table.Null {
				piece.received = min(take, leftReceived)
				if left == 0 {
					piece.received = leftReceived
				}
				leftReceived -= piece.received
			}
			move(f, take)
			out = append(out, piece)
		}
	}
	return out
}

func at(fund, unit uint32) uint64 { return uint64(fund)<<32 | uint64(unit) }
