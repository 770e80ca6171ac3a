package settle

import (
	"cmp"
	"slices"

	"fundtrace/pipeline/table"
	"fundtrace/pipeline/words"
)

// A refusal is a bank entry that tells of a payment that came back.
type refusal struct {
	account string
	holder  string // the person's key
	amount  int64
	day     int64
	ref     table.Ref
}

// refusals finds for each payment that the bank could not book the row that tells
// of it: of the entry's account and amount and not later, the holder's own before
// another's, then the latest. A return that the rosters tell themselves is not
// taken twice, and what the bank then paid after all is no refusal.
func (s *settling) refusals(bank *table.Table) {
	all := readEntries(bank, "returned")
	if len(all) == 0 {
		return
	}
	rows := s.rowsByAccount(all)
	came := creditsTo(rows, bank)
	claimed := map[int32]bool{}
	for i, r := range all {
		best := int32(-1)
		for _, row := range rows[r.account] {
			if s.refused[row] || claimed[row] || s.amount[row] != r.amount || s.kind[row] == words.Returned || at(s.day, int(row)) > r.day {
				continue
			}
			if best < 0 || s.likelier(row, best, r.holder) {
				best = row
			}
		}
		if best < 0 {
			continue
		}
		if back := s.returnOf(best, claimed); back >= 0 {
			claimed[back], claimed[best] = true, true
			continue
		}
		if s.paidAgain(all, i, best, rows[r.account], came) {
			claimed[best] = true
			continue
		}
		s.refused[best] = true
	}
}

// A sum is an amount on an account.
type sum struct {
	account string
	amount  int64
}

// credits are the days on which sums came to accounts, in order.
type credits map[sum][]int64

// paidAgain reports whether the bank paid after all what it refused on the day
// of all[i], the payment of a row: more came of the sum since than rows later
// than that one call for, less those refused too. The first credit is then used
// up.
func (s *settling) paidAgain(all []refusal, i int, row int32, rows []int32, came credits) bool {
	k := sum{all[i].account, all[i].amount}
	days := came[k]
	first := slices.IndexFunc(days, func(day int64) bool { return day >= all[i].day })
	if first < 0 {
		return false
	}
	calls := 0
	for _, r := range rows {
		if r != row && s.amount[r] == k.amount && s.day[r] >= s.day[row] && s.kind[r] != words.Returned && !s.refused[r] {
			calls++
		}
	}
	for _, r := range all[i+1:] {
		if r.account == k.account && r.amount == k.amount {
			calls--
		}
	}
	if len(days)-first <= max(calls, 0) {
		return false
	}
	came[k] = slices.Delete(days, first, first+1)
	return true
}

// creditsTo returns the bank's successes on the accounts of refusals.
func creditsTo(rows map[string][]int32, bank *table.Table) credits {
	came := credits{}
	for _, e := range readEntries(bank, "success") {
		if _, ok := rows[e.account]; ok {
			k := sum{e.account, e.amount}
			came[k] = append(came[k], e.day)
		}
	}
	return came
}

// readEntries returns the bank's entries into accounts with an outcome, in order
// of day and place.
func readEntries(bank *table.Table, wanted string) []refusal {
	outcome, outcomes := bank.Words("outcome")
	direction, directions := bank.Words("direction")
	account, accounts := bank.Words("_account")
	holder, holders := bank.Words("_person")
	amount, day, refs := bank.Ints("amount"), bank.Ints("booked_on"), bank.Refs()
	text := func(codes []uint32, dict []string, row int) string {
		if c := code(codes, row); c != none {
			return dict[c]
		}
		return ""
	}
	var all []refusal
	for i := range bank.Len() {
		if text(outcome, outcomes, i) != wanted || text(direction, directions, i) == "out" || code(account, i) == none || at(day, i) == table.Null {
			continue
		}
		r := refusal{account: accounts[account[i]], holder: text(holder, holders, i), amount: at(amount, i), day: day[i]}
		if refs != nil {
			r.ref = refs[i]
		}
		all = append(all, r)
	}
	slices.SortStableFunc(all, func(a, b refusal) int { return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.ref, b.ref)) })
	return all
}

// rowsByAccount returns the dated payments on the accounts of refusals that no
// other sheet tells of.
func (s *settling) rowsByAccount(all []refusal) map[string][]int32 {
	out := map[string][]int32{}
	for _, r := range all {
		out[r.account] = nil
	}
	wanted := make([]bool, len(s.accounts))
	for c, a := range s.accounts {
		_, wanted[c] = out[a]
	}
	for i := range s.n {
		if c := code(s.account, i); c != none && wanted[c] && s.told[i] < 0 && s.kind[i] != words.Unpaid && s.kind[i] != words.Correction && at(s.day, i) != table.Null {
			out[s.accounts[c]] = append(out[s.accounts[c]], int32(i))
		}
	}
	return out
}

// likelier reports whether row a rather than b is the payment that a bank refused
// a holder.
func (s *settling) likelier(a, b int32, holder string) bool {
	own := func(row int32) int {
		if c := code(s.person, int(row)); holder != "" && c != none && s.people[c] == holder {
			return 1
		}
		return 0
	}
	return cmp.Or(own(a)-own(b), cmp.Compare(s.day[a], s.day[b]), s.byPlace(b, a)) > 0
}

// returnOf returns a return of a payment's amount among the rows of its person
// that no refusal has claimed, or -1.
func (s *settling) returnOf(row int32, claimed map[int32]bool) int32 {
	p := s.who[row]
	for _, r := range s.order[s.start[p]:s.start[p+1]] {
		if s.kind[r] == words.Returned && s.told[r] < 0 && !claimed[r] && max(s.amount[r], -s.amount[r]) == s.amount[row] &&
			alike(code(s.account, int(r)), code(s.account, int(row))) && at(s.day, int(r)) != table.Null {
			return r
		}
	}
	return -1
}
