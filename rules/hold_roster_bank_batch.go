package rules

import (
	"cmp"
	"fmt"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

// checkWithoutFund compares a village's rosters with bank entries that cite no
// fund, as most return files do. Whether such a file answers a roster is known
// by the sums that pair; where it does not, nothing is judged.
func checkWithoutFund(p *detect.Pass) error {
	v, b := p.View(table.Payment), p.View(table.BankEntry)
	fund, outcome := bankFund.In(b), bankOutcome.In(b)
	if v.Len() == 0 || !slices.Contains(fund, "") {
		p.NotApplicable(text("该村无名册或无文号的银行记录", "the village has no roster or no bank entries without a fund"))
		return nil
	}
	account, window := payAccount.In(v), table.Day(bankDays.Of(p))
	f := files{got: credits(b), listed: map[string]bool{}, window: window}
	for _, cs := range f.got { // the earliest sum is the earliest payment's
		slices.SortStableFunc(cs, func(x, y credit) int { return cmp.Compare(x.on, y.on) })
	}
	var open []listing         // of the rosters, without their sum at the bank
	paired := map[int32]bool{} // rows of the bank's
	batches := map[batch]*tally{}
	pair := func(e listing, inTime func(credit) bool) bool {
		cs := f.got[account[e.row]]
		i := slices.IndexFunc(cs, func(c credit) bool {
			return c.paid && c.amount == e.amount && inTime(c) && !paired[int32(c.row)]
		})
		if i >= 0 {
			paired[int32(cs[i].row)] = true
		}
		return i >= 0
	}
	var late []listing // without their sum at the bank in their own days
	for _, e := range byAccount(v) {
		a := account[e.row]
		f.listed[a] = true
		t := batches[batchOf(v, a, e)]
		if t == nil {
			t = &tally{}
			batches[batchOf(v, a, e)] = t
		}
		t.listed++
		if pair(e, func(c credit) bool { return c.on >= e.day-window && c.on <= e.day+window }) {
			t.came++
		} else {
			late = append(late, e)
		}
	}
	for _, e := range late { // a later sum is nobody else's
		if pair(e, func(c credit) bool { return c.on > e.day }) {
			batches[batchOf(v, account[e.row], e)].came++
		} else {
			open = append(open, e)
		}
	}
	all, hits := map[int]int{}, map[int]int{} // successes of a bank's file: all, paired
	for i := range b.Len() {
		if outcome[i] == "success" {
			all[b.Ref(i).Source()]++
			if paired[int32(i)] {
				hits[b.Ref(i).Source()]++
			}
		}
	}
	answers := func(row int) bool {
		s := b.Ref(row).Source()
		return outcome[row] == "success" && float64(100*hits[s]) >= bankCover.Of(p)*float64(all[s])
	}
	for _, e := range open {
		inTime := func(c credit) bool { return c.on >= e.day-window && c.on <= e.day+window }
		evidence := []detect.Evidence{detect.Row(v, e.row, rolePayment)}
		var came table.Fen
		failed, silent := false, true
		for _, c := range f.got[account[e.row]] {
			silent = silent && !inTime(c)
			switch {
			case fund[c.row] != "" || paired[int32(c.row)] || !inTime(c):
				continue
			case !c.paid && c.amount == e.amount:
				failed = true
			case c.paid && answers(c.row):
				came += c.amount
			default:
				continue
			}
			paired[int32(c.row)] = true
			evidence = append(evidence, detect.Row(b, c.row, text("银行记录", "bank entry")))
		}
		p.On("person", e.person)
		later := func(c credit) bool { return c.on >= e.day-window && c.on <= p.AsOf }
		_, moved := f.elsewhere(b, payName.In(v)[e.row], e.amount-came, later)
		t := batches[batchOf(v, account[e.row], e)]
		switch {
		case came >= e.amount || moved:
		case silent && t.came >= bankOthers.Of(p) && float64(100*t.came) >= bankOthersShare.Of(p)*float64(t.listed-1):
			leadRosterBank(p, e, detect.E2, e.amount, 0, text(
				fmt.Sprintf("未见到账，而同一名册、项目和月份的其他%d笔有%d笔到账", t.listed-1, t.came),
				fmt.Sprintf("nothing came, though %d of the %d other payments of the roster, program and month did", t.came, t.listed-1)), evidence)
		case !failed && came == 0:
			p.NotApplicable(text("银行记录中没有该笔的回盘", "the bank's files have no answer to it"))
		case failed:
			leadRosterBank(p, e, detect.E2, e.amount, came, text("银行处理失败后未见同额到账", "the bank could not pay it and no such sum came later"), evidence)
		default:
			leadRosterBank(p, e, detect.E2, e.amount, came, text("到账不足", "less came"), evidence)
		}
	}
	return nil
}

// A batch is the payments that one bank is asked to make at a time: of one
// roster, program and month, by the account's first six digits, which tell the
// bank.
type batch struct {
	roster        int // the sheet
	program, bank string
	month         int
}

func batchOf(v table.View, account string, e listing) batch {
	return batch{v.Ref(e.row).Source(), e.program, account[:min(6, len(account))], e.day.Month()}
}

// A tally is how many payments of a batch the roster lists and how many came.
type tally struct{ listed, came int }
