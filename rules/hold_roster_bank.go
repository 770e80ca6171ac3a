package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var (
	bankDays = &detect.Param[int]{
		Name: "window_days", Default: 7,
		Doc: text("到账日与名册发放日相差的最多天数（含）", "days between the roster's day and the bank's, at most, inclusive"),
	}
	bankCover = &detect.Param[float64]{
		Name: "min_covered_percent", Default: 50,
		Doc: text("单位的账户在回盘中出现的比例达到此数（%，含），回盘才视为覆盖该单位", "percent of a unit's accounts that the bank must show for its files to cover the unit, inclusive"),
	}
	bankOthers = &detect.Param[int]{
		Name: "min_others", Default: 10,
		Doc: text("无文号的银行记录中，同一名册、项目和月份的其他发放至少有此笔数（含）到账，才判断未见到账的一笔", "where the bank's entries cite no fund: other payments of the roster, program and month that must have come for one that did not to be judged, inclusive"),
	}
	bankOthersShare = &detect.Param[float64]{
		Name: "min_others_percent", Default: 90,
		Doc: text("且占其他发放的比例达到此数（%，含）", "and their percentage of all others, inclusive"),
	}
)

// HoldRosterBank flags payments that the roster says were made and the bank
// does not show.
var HoldRosterBank = &detect.Rule{
	ID:     "hold-roster-bank",
	Family: detect.Hold,
	Title:  text("发放数与到账数不符", "paid by the roster, not by the bank"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找名册已发放，而银行回盘没有到账、到账不足或退票后未再发放的情形。", "Finds payments that the roster says were made and the bank shows short, not at all, or returned and never paid again."),
		Steps: text(`1. 按资金归集名册和银行记录（两表重复报送的算一次，退回冲减，未发放的不计）；同一账户发放日相距不超过两倍 window_days 的合为一组。
2. 到账数为该账户收入且处理结果非失败、退票的记录，记账日在首个发放日前 window_days 天到末个发放日后 window_days 天（均含）之内。
3. 名册数大于到账数即提示；同名另一账户在期内收到同额的，或该账户在该资金上各次到账合计已补足的，在摘要中说明，为 E2；银行退票、其后已补足或已改发同名账户的不提示。
4. 只判断回盘覆盖的单位：该单位的账户至少 min_covered_percent%（含）出现在该资金的银行记录中。
5. 银行记录没有文号的，按村逐户对照同额记录，为 E2：银行处理失败、其后没有同额到账的；或所在回盘至少 min_covered_percent%（含）的成功记录与名册同额，该户期内仅有较小的一笔未对上的；或该账户期内除已对上的外没有任何记录，而同一名册、项目和月份的其他发放（各村合计）至少 min_others 笔、min_others_percent%（均含）有同额到账，其中同一银行（账号前六位）的也达到该比例的；只有至少 min_covered_percent%（含）到账、不足 min_others 笔，或该银行在名册中只此一笔的，不作线索，列为待查问题。同村另一人的账户比名册多到账同额一笔的，直接提示。
6. 名册没有发放日期的，只按第 5 条判断，所属期首日以后的同额到账即为该笔。`,
			`1. Roster and bank are taken by fund (repeated reports once, returns off, unpaid rows out); an account's days of payment at most twice window_days apart go together.
2. The bank's figure is what came into the account, not failed or returned, from window_days before the first day of payment to window_days after the last (inclusive).
3. A roster over the bank makes a lead; it is E2, and the summary says so, where another account of that name got the same amount then, or where at some time all the fund's money for the account came; a return that was made good in either way makes none.
4. Judged where the bank's files cover the unit: at least min_covered_percent of its accounts (inclusive) are in the fund's bank entries.
5. Where the bank's entries cite no fund, they are paired by village, account and equal sum; an E2 lead is a failed entry without such a sum later, or a lesser sum in time that pairs with nothing, in a file at least min_covered_percent of whose successes (inclusive) pair with rosters; or no entry of the account in time but such as pair, where at least min_others and min_others_percent of the other payments of that roster, program and month, all villages together, pair (inclusive), and that percentage of those through the same bank (the account's first six digits); where only min_covered_percent (inclusive) or fewer than min_others pair, or none other goes through that bank, it is a question. The account of another payee of the village with as much above its own makes a lead at once.
6. A roster without days of payment is judged by step 5 alone: an equal sum from the first day of its period on is the payment.`),
		Formula: "Σ名册（账户） > Σ到账（账户，发放日 ± window_days）",
		Example: `韦小山的一笔被银行退票，此后没有再发。
-- payment.csv --
beneficiary_name,beneficiary_id,program,period,amount,pay_date,account,fund_no,payer,want
韦大山,459901197001010016,农村低保,2017-03,200,2017-03-15,62170001,甲民发〔2017〕1号,大河镇财政所,
韦小山,45990119710101003X,农村低保,2017-03,200,2017-03-15,62170002,甲民发〔2017〕1号,大河镇财政所,E1 45990119710101003X 200.00 韦小山.*200.00元.*0.00元.*失败
-- bank_entry.csv --
account,holder_name,amount,booked_on,direction,outcome,fund_no
62170001,韦大山,200,2017-03-16,in,success,甲民发〔2017〕1号
62170002,韦小山,200,2017-03-16,in,returned,甲民发〔2017〕1号
`,
		Why:         text("名册写着已发，钱却没到账，差额可能被截留或转到他人账户。", "A roster that says paid where nothing came may hide money kept or sent to somebody else's account."),
		Exclusions:  text("没有账号或银行记录的不作判断；更正发放的账户不作判断。", "Not judged without account or bank entries; nor accounts with a corrected payment."),
		FalseAlarms: text("补发在期限之后；回盘材料不全；改为现金或新卡发放；名册账号录错。", "Paid again later; returns missing; paid in cash or to a new card; a wrong account on the roster."),
		Verify:      text("查该户银行流水和退票处理记录；问本人是否收到；查退回资金现在何处。", "See the account's statement and what was done about the return; ask the person; find where the money is."),
		Control:     text("代发单位应逐批核对回盘，失败的限期重发。", "Whoever pays should check every return file and pay failures again in time."),
	},
	Basis:     []detect.Basis{basisWithhold, basisOneCard},
	By:        []table.Key{table.Fund, table.Village},
	Needs:     []string{"payment", "bank_entry"},
	Reads:     rosterBankReads,
	Params:    []detect.Parameter{bankDays, bankCover, bankOthers, bankOthersShare},
	Baselines: []detect.Measure{answered, overVillages},
	Check:     checkHoldRosterBank,
}

var rosterBankReads = []table.Column{
	payPerson, payProgram, payNet, payRefused, payKind, payDate, payPeriod, payName, payPayeeName, payAccount, payUnit, payPayer, payFund,
	bankAccount, bankHolder, bankAmount, bankOn, bankDirection, bankOutcome, bankFund,
}

// A credit is one entry of the bank's.
type credit struct {
	row    int
	on     table.Day
	amount table.Fen
	paid   bool
}

// files are a fund's bank entries.
type files struct {
	got    map[string][]credit // by account
	listed map[string]bool     // accounts that the fund's rosters list
	paired map[int32]bool      // entries that are some payment's; nil where that is not told
	window table.Day           // days allowed between roster and bank
}

// credits returns the fund's money into accounts, by account.
func credits(v table.View) map[string][]credit {
	account, amount, on := bankAccount.In(v), bankAmount.In(v), bankOn.In(v)
	direction, outcome := bankDirection.In(v), bankOutcome.In(v)
	out := map[string][]credit{}
	for i := range v.Len() {
		day, ok := on.At(i)
		if account[i] == "" || !ok || direction[i] == "out" {
			continue
		}
		out[account[i]] = append(out[account[i]], credit{i, day, amount.Or(i, 0), outcome[i] != "returned"})
	}
	return out
}

// A listing is a payment that a roster lists and the bank should show.
type listing struct {
	row     int
	person  string
	program string
	day     table.Day // of payment; where the roster states none, the first of its period
	dated   bool      // it states one
	amount  table.Fen
}

// inTime reports whether a credit can be the payment: within window days of its
// day, or any time from its period on where no day is stated.
func (e listing) inTime(c credit, window table.Day) bool {
	return c.on >= e.day-window && (!e.dated || c.on <= e.day+window)
}

func checkHoldRosterBank(p *detect.Pass) error {
	v, b := p.View(table.Payment), p.View(table.BankEntry)
	if p.Group.Key == table.Village {
		return checkWithoutFund(p)
	}
	if v.Len() == 0 || b.Len() == 0 {
		p.NotApplicable(text("该资金无名册或银行记录", "the fund has no roster or no bank entries"))
		return nil
	}
	account, unit := payAccount.In(v), payUnit.In(v)
	es := slices.DeleteFunc(byAccount(v), func(e listing) bool { return !e.dated })
	f := files{got: credits(b), listed: map[string]bool{}, window: table.Day(bankDays.Of(p))}
	seen, all := map[string]int{}, map[string]int{} // accounts of a unit: in the bank's files, on its rosters
	for i, e := range es {
		if i > 0 && account[es[i-1].row] == account[e.row] {
			continue
		}
		f.listed[account[e.row]] = true
		all[unit[e.row]]++
		if f.got[account[e.row]] != nil {
			seen[unit[e.row]]++
		}
	}
	end := 0       // of the account's entries
	whole := false // all of it came
	for lo := 0; lo < len(es); {
		if lo == end {
			for end < len(es) && account[es[end].row] == account[es[lo].row] {
				end++
			}
			whole = settled(es[lo:end], f.got[account[es[lo].row]])
		}
		hi := lo + 1
		for hi < end && es[hi].day-es[hi-1].day <= 2*f.window {
			hi++
		}
		u := unit[es[lo].row]
		p.On("person", es[lo].person)
		if float64(100*seen[u]) < bankCover.Of(p)*float64(all[u]) {
			p.NotApplicable(text("银行记录未覆盖该发放单位", "the bank's files do not cover the unit that pays"))
		} else {
			reportRosterBank(p, f, es[lo:hi], whole)
		}
		lo = hi
	}
	return nil
}

// byAccount returns the rosters' payments, each once, by account and day: what is
// left of them and what the bank refused, which a roster lists still.
func byAccount(v table.View) []listing {
	account, day, period, net, refused := payAccount.In(v), payDate.In(v), payPeriod.In(v), payNet.In(v), payRefused.In(v)
	person, program := payPerson.In(v), payProgram.In(v)
	var out []listing
	for i := range v.Len() {
		on, dated := day.At(i)
		if of, ok := period.At(i); ok && !dated {
			on = table.DayOf(of.From()/12, time.Month(of.From()%12+1), 1)
		}
		fen := net.Or(i, 0) + refused.Or(i, 0)
		if account[i] != "" && fen > 0 {
			out = append(out, listing{i, person[i], program[i], on, dated, fen})
		}
	}
	slices.SortFunc(out, func(x, y listing) int {
		return cmp.Or(strings.Compare(account[x.row], account[y.row]), cmp.Compare(x.day, y.day), cmp.Compare(x.row, y.row))
	})
	return out
}

// settled reports whether all that an account was to get of the fund came,
// whenever: es are the account's payments.
func settled(es []listing, credits []credit) bool {
	var rest table.Fen
	for _, e := range es {
		rest += e.amount
	}
	for _, c := range credits {
		if c.paid {
			rest -= c.amount
		}
	}
	return rest <= 0
}

// reportRosterBank compares what an account was to get with what came; settled
// says that in the end all did.
func reportRosterBank(p *detect.Pass, f files, es []listing, settled bool) {
	v, b := p.View(table.Payment), p.View(table.BankEntry)
	account := payAccount.In(v)[es[0].row]
	var due, came table.Fen
	var evidence []detect.Evidence
	for _, e := range es {
		if payKind.In(v)[e.row] == "correction" {
			p.NotApplicable(text("有更正发放", "a payment was corrected"))
			return
		}
		due += e.amount
		evidence = append(evidence, detect.Row(v, e.row, rolePayment))
	}
	from, to := es[0].day-f.window, es[len(es)-1].day+f.window
	inTime := func(c credit) bool { return c.on >= from && c.on <= to }
	failed, name := false, payName.In(v)[es[0].row]
	for _, c := range f.got[account] {
		if !inTime(c) {
			continue
		}
		if c.paid {
			came += c.amount
		}
		failed = failed || !c.paid
		evidence = append(evidence, detect.Row(b, c.row, text("银行记录", "bank entry")))
	}
	short := due - came
	if short <= 0 {
		return
	}
	if failed { // what a bank returned may be paid again any time after
		to = p.AsOf
	}
	other, moved := f.elsewhere(b, name, short, inTime)
	if failed && (settled || moved) { // a return that was paid again
		return
	}
	grade := detect.E1
	how, howEn := "未见到账", "nothing more came"
	switch {
	case failed:
		how, howEn = "银行处理失败后期内未再发放", "the bank could not pay it and it was not paid again in time"
	case came > 0:
		how, howEn = "到账不足", "less came"
	}
	if settled {
		grade, how, howEn = detect.E2, how+"，期外到账补足", howEn+", though the rest came at another time"
	} else if moved {
		grade, how, howEn = detect.E2, how+"，同名另一账户有同额到账", howEn+", though another account of that name got as much"
		evidence = append(evidence, detect.Row(b, other, text("另一账户", "another account")))
	}
	leadRosterBank(p, es[0], grade, due, came, text(how, howEn), evidence)
}

// leadRosterBank reports what an account was to get from e on and what came.
func leadRosterBank(p *detect.Pass, e listing, grade detect.Grade, due, came table.Fen, how detect.Text, evidence []detect.Evidence) {
	name, fund := payName.In(p.View(table.Payment))[e.row], ""
	if p.Group.Key == table.Fund {
		fund = p.Group.ID
	}
	on, onZh, onEn := e.day.String(), date(e.day).Zh, " on "+e.day.String()
	if !e.dated {
		on, onZh, onEn = "", "", ""
		if of, ok := payPeriod.In(p.View(table.Payment)).At(e.row); ok {
			on, onZh, onEn = of.String(), span(of).Zh, " for "+span(of).En
		}
	}
	p.Report(detect.Lead{
		Grade: grade, Program: e.program, FundNo: fund, Item: on, Amount: due - came,
		Summary: text(
			fmt.Sprintf("%s名册显示%s发放%s%s元，银行记录到账%s元，%s，建议核实。", name, onZh, e.program, due, came, how.Zh),
			fmt.Sprintf("The roster has %s paid %s yuan of %s%s; the bank shows %s: %s; to be checked.", name, due, e.program, onEn, came, how.En)),
		Facts: []detect.Fact{
			fact("发放日期", "roster's day", firstOf(on, "-")), fact("名册金额", "roster", due.String()), fact("到账金额", "bank", came.String()), fact("差额", "short", (due - came).String()),
		},
		Evidence: evidence,
	})
}

// elsewhere returns the row of a credit of an amount in another account of the
// holder's name, which no roster of the fund lists, or which has it above what they
// list.
func (f files) elsewhere(v table.View, name string, amount table.Fen, inTime func(credit) bool) (row int, ok bool) {
	holder, accounts := bankHolder.In(v), bankAccount.In(v)
	for i := range v.Len() {
		if holder[i] != name || name == "" || f.listed[accounts[i]] && (f.paired == nil || f.paired[int32(i)]) {
			continue
		}
		if slices.ContainsFunc(f.got[accounts[i]], func(c credit) bool { return c.row == i && c.paid && c.amount == amount && inTime(c) }) {
			return i, true
		}
	}
	return 0, false
}
