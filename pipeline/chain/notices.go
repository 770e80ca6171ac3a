package chain

import (
	"cmp"
	"slices"

	"fundtrace/pipeline/table"
)

// countNoticesOnce drops of one fund's allocations what another sheet says again:
// the notice in another reading, and either the notice or the attachment that
// takes it apart. Of two readings the one that says more stays; of a notice and
// its parts the parts where they say more of who got the money than the ledgers
// do: where the notice names no holder, or one that never sent the fund on.
func (b *build) countNoticesOnce() {
	sends := map[uint64]bool{}
	for i := range b.lines {
		sends[at(b.single(b.lines[i].Fund), b.lines[i].From)] = true
	}
	byFund := map[uint32][]int{}
	for i, a := range b.allocations {
		byFund[a.fund] = append(byFund[a.fund], i)
	}
	dropped := map[int]bool{}
	for _, rows := range byFund {
		for _, i := range rows {
			for _, j := range rows {
				if !dropped[i] && !dropped[j] && b.allocations[j].sameNotice(&b.allocations[i]) {
					dropped[j] = true
				}
			}
		}
		for _, i := range rows {
			a := &b.allocations[i]
			for _, parts := range b.attachments(rows, i, dropped) {
				other := func(j int) bool { return b.allocations[j].holder != none && b.allocations[j].holder != a.holder }
				if slices.ContainsFunc(parts, other) && (a.holder == none || !sends[at(a.fund, a.holder)]) {
					dropped[i] = true
					break
				}
				for _, j := range parts {
					dropped[j] = true
				}
			}
		}
	}
	var kept []allocation
	for i, a := range b.allocations {
		no := b.funds.Dict[a.fund]
		if dropped[i] {
			b.doubt(table.Allocation, a.ref, fundRepeated, no)
			continue
		}
		if a.on == table.Null {
			b.doubt(table.Allocation, a.ref, fundNoDate, no)
		}
		if b.issued[a.fund] {
			b.doubt(table.Allocation, a.ref, fundSums, no)
		}
		b.issued[a.fund] = true
		kept = append(kept, a)
	}
	b.allocations = kept
}

// attachments returns, sheet by sheet, the rows that add up to row i of another
// sheet.
func (b *build) attachments(rows []int, i int, dropped map[int]bool) (out [][]int) {
	a := &b.allocations[i]
	if dropped[i] || a.amount <= 0 {
		return nil
	}
	for k := 0; k < len(rows); { // in order of places, so sheet by sheet
		source, sum := b.allocations[rows[k]].ref.Source(), int64(0)
		var parts []int
		for ; k < len(rows) && b.allocations[rows[k]].ref.Source() == source; k++ {
			if p := &b.allocations[rows[k]]; !dropped[rows[k]] && agree(p.on, a.on, table.Null) {
				parts, sum = append(parts, rows[k]), sum+p.amount
			}
		}
		if source != a.ref.Source() && len(parts) > 1 && sum == a.amount {
			out = append(out, parts)
		}
	}
	return out
}

// sameNotice reports whether a says nothing that o, of another sheet, does not:
// one notice read twice.
func (a *allocation) sameNotice(o *allocation) bool {
	return a.ref.Source() != o.ref.Source() && a.amount == o.amount &&
		agree(a.on, o.on, table.Null) && agree(a.holder, o.holder, none) && agree(a.issuer, o.issuer, none) &&
		cmp.Or(cmp.Compare(o.says(), a.says()), cmp.Compare(a.ref, o.ref)) > 0
}

// says counts what a notice tells.
func (a *allocation) says() (n int) {
	for _, told := range []bool{a.on != table.Null, a.holder != none, a.issuer != none} {
		if told {
			n++
		}
	}
	return n
}

// agree reports whether two values are equal, or one of them absent.
func agree[T comparable](a, b, absent T) bool { return a == b || a == absent || b == absent }
