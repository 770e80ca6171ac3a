package settle

import (
	"cmp"
	"slices"

	"fundtrace/pipeline/key"
	"fundtrace/pipeline/table"
	"fundtrace/pipeline/words"
)

// A notice is an allocation of a fund, in texts, "" for what it does not tell.
type notice struct {
	said
	ref      table.Ref
	row      int
	repeated bool // counted in rows of another sheet
}

// said is what a notice says.
type said struct {
	fund, issuer, holder, title, purpose string
	amount, on                           int64
}

// noticesOnce marks the allocations that another sheet's rows are counted for: the
// same notice in another sheet, the notice in another reading, and either the
// notice or the attachment that takes it apart. What one sheet states n times is n
// allocations, and another sheet's n are the same ones.
func noticesOnce(set *table.Set) (*table.Table, error) {
	t := set.Get(table.Allocation)
	if t.Len() == 0 {
		return t, nil
	}
	byFund := map[string][]*notice{}
	all := readNotices(t)
	restated(all)
	for _, n := range all {
		if !n.repeated {
			byFund[n.fund] = append(byFund[n.fund], n)
		}
	}
	sends := senders(set)
	for fund, list := range byFund {
		takenApart(list, func(unit string) bool { return sends[sender{fund, unit}] })
	}
	b := table.NewBuilder(table.Allocation)
	col := make([]int64, t.Len())
	for _, n := range all {
		if n.repeated {
			col[n.row] = 1
		}
	}
	*b.Ints("_repeated") = col
	return t.With(b)
}

// readNotices reads the allocations that name a fund and an amount, in order of
// their places.
func readNotices(t *table.Table) []*notice {
	amount, on, refs := t.Ints("amount"), t.Ints("issued_on"), t.Refs()
	var all []*notice
	for row := range t.Len() {
		n := &notice{said: said{
			t.Text("_fund", row), t.Text("_issuer", row), t.Text("_holder", row),
			words.Fold(t.Text("title", row)), words.Fold(t.Text("purpose", row)), at(amount, row), at(on, row),
		}, row: row}
		if refs != nil {
			n.ref = refs[row]
		}
		if n.fund != "" && n.amount != table.Null && n.amount != 0 {
			all = append(all, n)
		}
	}
	slices.SortStableFunc(all, func(a, b *notice) int { return cmp.Compare(a.ref, b.ref) })
	return all
}

// restated marks what a second sheet says in the same words.
func restated(all []*notice) {
	type sheet struct {
		said
		source int
	}
	first, times := map[said]int{}, map[sheet]int{} // the first sheet, how often each says it
	for _, n := range all {
		source := n.ref.Source()
		if _, ok := first[n.said]; !ok {
			first[n.said] = source
		}
		times[sheet{n.said, source}]++
		n.repeated = source != first[n.said] && times[sheet{n.said, source}] <= times[sheet{n.said, first[n.said]}]
	}
}

// A sender is a unit that sends a fund on.
type sender struct{ fund, unit string }

// senders returns who sends what by the ledgers; the fund of a transfer that names
// none is its project's.
func senders(set *table.Set) map[sender]bool {
	flow, funds := set.Get(table.Flow), key.ProjectFunds(set.Get(table.Works))
	out := map[sender]bool{}
	for row := range flow.Len() {
		fund := cmp.Or(key.Pool(flow.Text("_fund", row))[0], funds[flow.Text("_project", row)])
		out[sender{fund, flow.Text("_from", row)}] = true
	}
	return out
}

// takenApart marks of one fund's notices what another reading or an attachment
// says again. Of two readings the one that says more stays; of a notice and
// its parts the parts where they say more of who got the money than the ledgers
// do: where the notice names no holder, or one that never sent the fund on.
func takenApart(list []*notice, sends func(unit string) bool) {
	for _, n := range list {
		for _, o := range list {
			if !n.repeated && !o.repeated && o.sameAs(n) {
				o.repeated = true
			}
		}
	}
	for _, n := range list {
		for _, parts := range n.attachments(list) {
			other := func(p *notice) bool { return p.holder != "" && p.holder != n.holder }
			if slices.ContainsFunc(parts, other) && (n.holder == "" || !sends(n.holder)) {
				n.repeated = true
				break
			}
			for _, p := range parts {
				p.repeated = true
			}
		}
	}
}

// attachments returns, sheet by sheet, the notices that add up to one of another
// sheet.
func (n *notice) attachments(list []*notice) (out [][]*notice) {
	if n.repeated || n.amount <= 0 {
		return nil
	}
	for k := 0; k < len(list); { // in order of places, so sheet by sheet
		source, sum := list[k].ref.Source(), int64(0)
		var parts []*notice
		for ; k < len(list) && list[k].ref.Source() == source; k++ {
			if p := list[k]; !p.repeated && agree(p.on, n.on, table.Null) {
				parts, sum = append(parts, p), sum+p.amount
			}
		}
		if source != n.ref.Source() && len(parts) > 1 && sum == n.amount {
			out = append(out, parts)
		}
	}
	return out
}

// sameAs reports whether n says nothing that o, of another sheet, does not: one
// notice read twice.
func (n *notice) sameAs(o *notice) bool {
	return n.ref.Source() != o.ref.Source() && n.amount == o.amount &&
		agree(n.on, o.on, table.Null) && agree(n.holder, o.holder, "") && agree(n.issuer, o.issuer, "") &&
		cmp.Or(cmp.Compare(o.says(), n.says()), cmp.Compare(n.ref, o.ref)) > 0
}

// says counts what a notice tells.
func (n *notice) says() (count int) {
	for _, told := range []bool{n.on != table.Null, n.holder != "", n.issuer != ""} {
		if told {
			count++
		}
	}
	return count
}

// agree reports whether two values are equal, or one of them absent.
func agree[T comparable](a, b, absent T) bool { return a == b || a == absent || b == absent }
