package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

// A compared is what the rosters of a village and the bank's entries that cite no
// fund say of one another: sums that pair, and what the rosters list besides.
type compared struct {
	files
	open []listing // of the rosters, without their sum at the bank
	came answers
}

// compare pairs each payment of the rosters with a sum at the bank: in its days and
// under the payee's name before any other, as several may be paid to one account.
func compare(p *detect.Pass) compared {
	v, b, window := p.View(table.Payment), p.View(table.BankEntry), table.Day(bankDays.Of(p))
	account, holder := payAccount.In(v), bankHolder.In(b)
	name, payee := payName.In(v), payPayeeName.In(v)
	c := compared{files{got: credits(b), listed: map[string]bool{}, paired: map[int32]bool{}, window: window}, nil, answers{}}
	for _, cs := range c.got { // the earliest sum is the earliest payment's
		slices.SortStableFunc(cs, func(x, y credit) int { return cmp.Compare(x.on, y.on) })
	}
	pair := func(e listing, inTime func(credit) bool) bool {
		cs := c.got[account[e.row]]
		i := slices.IndexFunc(cs, func(x credit) bool {
			return x.paid && x.amount == e.amount && inTime(x) && !c.paired[int32(x.row)]
		})
		if i >= 0 {
			c.paired[int32(cs[i].row)] = true
		}
		return i >= 0
	}
	inDays := func(e listing) func(credit) bool {
		return func(x credit) bool { return e.dated && e.inTime(x, window) }
	}
	var others, late []listing // not under its name; without a day, or their sum at the bank within days of it
	count := func(e listing, listed, came int) {
		batch := batchOf(v, e)
		c.came.add(batch, listed, came)
		c.came.add(batch.of(account[e.row]), listed, came)
		c.came.add(everyBatch, listed, came)
	}
	for _, e := range byAccount(v) {
		c.listed[account[e.row]] = true
		count(e, 1, 0)
		who := firstOf(payee[e.row], name[e.row])
		if pair(e, func(x credit) bool { return inDays(e)(x) && who != "" && holder[x.row] == who }) {
			count(e, 0, 1)
		} else {
			others = append(others, e)
		}
	}
	for _, e := range others {
		if pair(e, inDays(e)) {
			count(e, 0, 1)
		} else {
			late = append(late, e)
		}
	}
	for _, e := range late { // a later sum is nobody else's
		if pair(e, func(x credit) bool { return x.on > e.day || e.inTime(x, window) }) {
			count(e, 0, 1)
		} else {
			c.open = append(c.open, e)
		}
	}
	return c
}

// answered counts by county how many payments of each roster the bank's files
// show: a roster goes over many villages.
var answered = &detect.Baseline[answers]{
	Name: "payments the bank shows", By: table.Village, Read: rosterBankReads,
	Key:   func(p *detect.Pass) (string, bool) { return countyOfVillage(p), p.View(table.Payment).Len() > 0 },
	Of:    func(p *detect.Pass) answers { return compare(p).came },
	Merge: answers.merge,
}

// overVillages tells of the accounts into which people of several villages are
// paid: what came to one need not stand in the village of all of them.
var overVillages = &detect.Baseline[bool]{
	Name: "accounts paid in several villages", By: table.Account, Read: []table.Column{payVillageKey},
	Key: func(p *detect.Pass) (string, bool) {
		villages := payVillageKey.In(p.View(table.Payment))
		return p.Group.ID, slices.ContainsFunc(villages, func(v string) bool { return v != villages[0] })
	},
	Of:    func(*detect.Pass) bool { return true },
	Merge: func(a, b bool) bool { return a || b },
}

// countyOfVillage returns the county that a village's key begins with.
func countyOfVillage(p *detect.Pass) string {
	county, _, _ := strings.Cut(p.Group.ID, "/")
	return county
}

// checkWithoutFund compares a village's rosters with bank entries that cite no
// fund, as most return files do. Whether such a file answers a roster is known
// by the sums that pair; where it does not, nothing is judged.
func checkWithoutFund(p *detect.Pass) error {
	v, b := p.View(table.Payment), p.View(table.BankEntry)
	fund, outcome, account := bankFund.In(b), bankOutcome.In(b), payAccount.In(v)
	if v.Len() == 0 || !slices.Contains(fund, "") && answered.At(p, countyOfVillage(p))[everyBatch][1] == 0 {
		p.NotApplicable(text("该村无名册或无文号的银行记录", "the village has no roster or no bank entries without a fund"))
		return nil
	}
	f := compare(p)
	all, hits := map[int]int{}, map[int]int{} // successes of a bank's file: all, paired
	for i := range b.Len() {
		if outcome[i] == "success" {
			all[b.Ref(i).Source()]++
			if f.paired[int32(i)] {
				hits[b.Ref(i).Source()]++
			}
		}
	}
	answers := func(row int) bool {
		s := b.Ref(row).Source()
		return outcome[row] == "success" && float64(100*hits[s]) >= bankCover.Of(p)*float64(all[s])
	}
	for _, e := range f.open {
		inTime := func(c credit) bool { return e.inTime(c, f.window) }
		evidence := []detect.Evidence{detect.Row(v, e.row, rolePayment)}
		var came table.Fen
		failed, silent := false, true
		for _, c := range f.got[account[e.row]] {
			silent = silent && (!inTime(c) || f.paired[int32(c.row)])
			switch {
			case e.dated && fund[c.row] != "" || f.paired[int32(c.row)] || !inTime(c):
				continue
			case !c.paid && c.amount == e.amount:
				failed = true
			case c.paid && answers(c.row):
				came += c.amount
			default:
				continue
			}
			f.paired[int32(c.row)] = true
			evidence = append(evidence, detect.Row(b, c.row, text("银行记录", "bank entry")))
		}
		p.On("person", e.person)
		later := func(c credit) bool { return c.on >= e.day-f.window && c.on <= p.AsOf }
		_, moved := f.elsewhere(b, payName.In(v)[e.row], e.amount-came, later)
		switch {
		case came >= e.amount || moved:
		case failed:
			leadRosterBank(p, e, detect.E2, e.amount, came, text("银行处理失败后未见同额到账", "the bank could not pay it and no such sum came later"), evidence)
		case came > 0:
			leadRosterBank(p, e, detect.E2, e.amount, came, text("到账不足", "less came"), evidence)
		default:
			f.checkSilence(p, e, silent, evidence)
		}
	}
	return nil
}

// toOther returns the row of a sum that came to the account of another payee of
// the rosters above what they list for it, the first in order of the bank's.
func (c *compared) toOther(b table.View, own string, amount table.Fen, inTime func(credit) bool) (row int, ok bool) {
	row = b.Len()
	for account, cs := range c.got {
		if account == own || !c.listed[account] {
			continue
		}
		for _, x := range cs {
			if x.paid && x.amount == amount && inTime(x) && !c.paired[int32(x.row)] {
				row = min(row, x.row)
			}
		}
	}
	return row, row < b.Len()
}

// checkSilence judges a payment of which the bank's files say nothing by the
// others of its batch: where nearly all came it is missing, if some of them were
// paid by its own bank, or another payee got as much above his own; where fewer
// came, or none by its bank, the files may not be whole.
func (c *compared) checkSilence(p *detect.Pass, e listing, silent bool, evidence []detect.Evidence) {
	v, b := p.View(table.Payment), p.View(table.BankEntry)
	came := answered.At(p, countyOfVillage(p))
	all, same := came[batchOf(v, e)], came[batchOf(v, e).of(payAccount.In(v)[e.row])]
	share := func(t tally, percent float64) bool { return float64(100*t[1]) >= percent*float64(t[0]-1) }
	nearlyAll := bankOthersShare.Of(p)
	switch {
	case overVillages.At(p, payAccount.In(v)[e.row]):
		p.NotApplicable(text("该账户收取几个村的补贴，银行记录不能归到一村", "people of several villages are paid into the account, so that the bank's entries are no one village's"))
		return
	case !silent || all[1] == 0 || !share(all, bankCover.Of(p)):
		p.NotApplicable(text("银行记录中没有该笔的回盘", "the bank's files have no answer to it"))
		return
	case share(all, nearlyAll):
		inTime := func(x credit) bool { return e.inTime(x, c.window) }
		if row, ok := c.toOther(b, payAccount.In(v)[e.row], e.amount, inTime); ok {
			c.paired[int32(row)] = true
			leadRosterBank(p, e, detect.E2, e.amount, 0, text("未见到账，而同村另一人的账户多到账同额一笔", "nothing came, though the account of another payee of the village got as much above its own"),
				append(evidence, detect.Row(b, row, text("另一账户", "another account"))))
			return
		}
	}
	switch {
	case all[1] < bankOthers.Of(p) || !share(all, nearlyAll) || same[0] == 1 || !share(same, nearlyAll):
		office := firstOf(payUnit.In(v)[e.row], payPayer.In(v)[e.row])
		p.Ask(detect.Question{
			What: openCredit, Office: office, Document: docCredit, Leads: 1, Amount: e.amount,
			About: []detect.About{{FundNo: payFund.In(v)[e.row], Units: []string{firstOf(office, placeName(p.Group.ID))}}},
		})
	default:
		leadRosterBank(p, e, detect.E2, e.amount, 0, text(
			fmt.Sprintf("未见到账，而同一名册、项目和月份的其他%d笔有%d笔到账", all[0]-1, all[1]),
			fmt.Sprintf("nothing came, though %d of the %d other payments of the roster, program and month did", all[1], all[0]-1)), evidence)
	}
}

// A batch names the payments of one roster, program and month.
type batch string

// everyBatch stands for all of them together.
const everyBatch batch = ""

func batchOf(v table.View, e listing) batch {
	return batch(fmt.Sprintf("%d|%s|%d", v.Ref(e.row).Source(), e.program, e.day.Month()))
}

// of names those of the batch that go through the bank of an account, by its
// first six digits.
func (b batch) of(account string) batch { return b + "|" + batch(account[:min(6, len(account))]) }

// A tally is how many payments of a batch the roster lists and how many came.
type tally [2]int

// answers are tallies by batch.
type answers map[batch]tally

func (a answers) add(b batch, listed, came int) {
	t := a[b]
	a[b] = tally{t[0] + listed, t[1] + came}
}

func (a answers) merge(o answers) answers {
	if a == nil {
		a = answers{}
	}
	for b, t := range o {
		a.add(b, t[0], t[1])
	}
	return a
}
