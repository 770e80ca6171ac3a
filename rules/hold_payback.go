package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/names"
	"fundtrace/pipeline/table"
	"fundtrace/pipeline/words"
)

var (
	paybackHouseholds = &detect.Param[int]{
		Name: "min_households", Default: 3,
		Doc: text("向同一账户转出的户达到此数（含）即提示", "households that send to one account, inclusive, that make a lead"),
	}
	paybackDays = &detect.Param[int]{
		Name: "window_days", Default: 15,
		Doc: text("发放后此数天内（含）的转出才算", "days after the payment in which money must leave, inclusive"),
	}
	paybackPercent = &detect.Param[float64]{
		Name: "min_percent", Default: 80,
		Doc: text("转出额占发放额的比例达到此数（%，含）即视为转出几乎全部", "percent of the payment that counts as nearly all of it, inclusive"),
	}
	paybackSpread = &detect.Param[float64]{
		Name: "max_spread_percent", Default: 5,
		Doc: text("不足上述比例的，各户转出额相差不超过此数（%，含，以最小的为准）即视为几乎同额", "percent of the smallest by which lesser sums may differ to be nearly the same, inclusive"),
	}
	paybackCollectors = &detect.Param[string]{
		Name: "collectors", Default: "财政 专户 国库 税务 社保 医保 保险 供电 电力 电网 自来水 水务",
		Doc: text("对方户名含其中任一词的是公共收费账户，不计，以空格分隔", "words in the holder's name of accounts that collect public dues, which do not count, separated by blanks"),
	}
)

// HoldPayback flags accounts to which several households send, within days,
// nearly what they were paid.
var HoldPayback = &detect.Rule{
	ID:     "hold-payback",
	Family: detect.Hold,
	Title:  text("发后回收", "collected again after payment"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找同村多户在领到补贴后几天内，把几乎同样的钱转到同一账户的情形。", "Finds accounts to which several households of a village sent nearly what they had just been paid."),
		Steps: text(`1. 按村归集发放记录和这些账户的银行流水；银行记录所属村取账户领取补贴的村。
2. 账户领到一笔补贴（银行记录有同额到账的以到账日为准，否则以名册发放日为准；名册无发放日的只看到账日）后 window_days 天内（含当天）转到另一账户、不超过该笔的，不论见于转出方还是收款方流水，为一次回转；两方流水都有的算一次。
3. 取转出几乎全部（min_percent% 以上，含）的，以及至少 min_households 户转出几乎同额（相差不超过 max_spread_percent%，含）的；同一对方账户收到 min_households 户（含）以上的，即提示。全部为转出几乎全部的为 E1，有几乎同额的为 E2；无户编号的按享受人计。
4. 对方户名含 collectors 中任一词的（医保、电费等公共收费）不计。
5. 各村均不足户数的，全县合计达到的也提示一次，为 E2；对方须为个人或户名不详。`,
			`1. Payments and the bank entries of their accounts are taken by village; an entry's village is where its account is paid.
2. Money that goes to another account within window_days (inclusive) of a payment (of the day the bank shows that sum, else of the roster's, if it has one), and is not more than it, is a payback, whether the sender's or the receiver's statement has it; if both do, it counts once.
3. Those of nearly the whole payment count (min_percent or more, inclusive), and those of which at least min_households are of nearly the same sum (at most max_spread_percent apart, inclusive). At least min_households (inclusive) paying back into one account make a lead: E1 where all are of nearly the whole, else E2; without a household, persons count.
4. Accounts whose holder's name has one of collectors (insurance, electricity and other public dues) do not count.
5. Villages that each have too few households are taken together by county, for one E2 lead; the holder must be a person, or unknown.`),
		Formula: "|{户 : 0 ≤ 转出日 − 发放日 ≤ window_days ∧ 转出额 ≤ 发放额 ∧ (转出额 ≥ min_percent% × 发放额 ∨ 转出额几乎同额)}| ≥ min_households",
		Example: `三户领到危改补助三天后，都转了 1.8 万元到同一账户。
-- payment.csv --
beneficiary_name,beneficiary_id,household_id,program,amount,pay_date,account,county,town,village
韦大山,459901197001010016,H1,农村危房改造,18500,2017-06-01,62170001,甲县,大河镇,石山村
韦小山,45990119710101003X,H2,农村危房改造,18500,2017-06-01,62170002,甲县,大河镇,石山村
黄小河,459901196503050021,H3,农村危房改造,18500,2017-06-01,62170003,甲县,大河镇,石山村
-- bank_entry.csv --
account,holder_name,amount,booked_on,direction,counter_account,counter_name,want
62170001,韦大山,18000,2017-06-04,out,62179999,石小坪,E1 62179999 54000.00 .*石山村.*3户.*石小坪
62170002,韦小山,18000,2017-06-04,out,62179999,石小坪,
62170003,黄小河,18000,2017-06-05,out,62179999,石小坪,
`,
		Why:         text("补贴发到卡上又被集中收回，是套取资金的常见手法。", "Paying onto the card and collecting again is a common way to take the money."),
		Exclusions:  text("没有流水、对方账号，或发放、到账日期的不作判断；转出超过发放额的不计。", "Not judged without a statement, the other account or a day of payment or arrival; more than the payment is not counted."),
		FalseAlarms: text("统一向同一施工队支付建房款；集体购买种苗、缴纳医保；归还同一互助社借款。", "All pay one builder, buy seedlings or insurance together, or pay back one lender."),
		Verify:      text("查对方账户开户人与村干部、经办人的关系；逐户询问为何转账、有无收据。", "Find who holds the other account and what he is to cadres; ask each household why they sent it and for a receipt."),
		Control:     text("一卡通应由本人保管，代管、代取应登记备查。", "Cards should stay with their owners; keeping or drawing for others should be on record."),
	},
	Basis:     []detect.Basis{basisFraud, basisOneCard},
	By:        []table.Key{table.Village},
	Needs:     []string{"bank_entry", "payment"},
	Reads:     paybackReads,
	Params:    []detect.Parameter{paybackHouseholds, paybackDays, paybackPercent, paybackSpread, paybackCollectors},
	Baselines: []detect.Measure{repaidTo},
	Check:     checkHoldPayback,
}

var paybackReads = []table.Column{
	payPerson, payHousehold, payAccount, payNet, payDate, payPeriod,
	bankAccount, bankHolder, bankAmount, bankOn, bankDirection, bankOutcome, bankTo, bankToName,
}

// A transfer is money from one account to another, as either bank statement
// has it.
type transfer struct {
	from, to, name string
	on             table.Day
	amount         table.Fen
	row            int // of the view
}

// transfers returns the money that moved between accounts, in order of receiver
// and sender. What both accounts' statements have counts once: the receiver may
// book it a day later.
func transfers(b table.View, collectors []string) []transfer {
	account, holder, amount, on := bankAccount.In(b), bankHolder.In(b), bankAmount.In(b), bankOn.In(b)
	direction, outcome, counter, counterName := bankDirection.In(b), bankOutcome.In(b), bankTo.In(b), bankToName.In(b)
	var all []transfer
	for i := range b.Len() {
		t := transfer{account[i], words.Digits(counter[i]), counterName[i], on.Or(i, 0), amount.Or(i, 0), i}
		if direction[i] == "in" {
			t.from, t.to, t.name = t.to, t.from, holder[i]
		} else if direction[i] != "out" {
			continue
		}
		t.amount = max(t.amount, -t.amount)
		if _, ok := on.At(i); !ok || t.from == "" || t.to == "" || t.from == t.to || outcome[i] == "returned" || has(t.name, collectors...) {
			continue
		}
		all = append(all, t)
	}
	slices.SortStableFunc(all, func(x, y transfer) int {
		return cmp.Or(strings.Compare(x.to, y.to), strings.Compare(x.from, y.from), cmp.Compare(x.amount, y.amount),
			strings.Compare(direction[y.row], direction[x.row]), cmp.Compare(x.on, y.on))
	})
	same := func(x, y transfer) bool { return x.to == y.to && x.from == y.from && x.amount == y.amount }
	kept := all[:0]
	for lo, hi := 0, 0; lo < len(all); lo = hi { // what is alike: sendings, then receipts, by day
		for hi < len(all) && same(all[hi], all[lo]) {
			hi++
		}
		run := slices.Clone(all[lo:hi])
		sent := slices.IndexFunc(run, func(t transfer) bool { return direction[t.row] == "in" })
		if sent < 0 {
			sent = len(run)
		}
		kept = append(kept, run[:sent]...)
		next := 0 // sending without a receipt yet
		for _, in := range run[sent:] {
			for next < sent && run[next].on < in.on-1 {
				next++
			}
			if next < sent && run[next].on <= in.on {
				next++
				continue
			}
			kept = append(kept, in)
		}
	}
	return kept
}

// A payback is one transfer and the payment before it.
type payback struct {
	transfer
	payment   int // row of the view
	household string
	whole     bool // nearly all of the payment
}

func checkHoldPayback(p *detect.Pass) error {
	all := paybacks(p)
	if len(all) == 0 {
		p.NotApplicable(text("该村账户无转出流水", "no money out of the village's accounts on record"))
		return nil
	}
	least := paybackHouseholds.Of(p)
	for _, to := range all {
		p.On("account", to.account)
		found := sameSums(to.found, least, paybackSpread.Of(p))
		if n := houses(found); n >= least {
			reportPayback(p, found, n)
			continue
		}
		reportOverVillages(p, to.account)
	}
	return nil
}

// A receiver is an account that got money from the village's accounts, and what
// of it are paybacks.
type receiver struct {
	account string
	found   []payback
}

// paybacks returns the receivers of a village's transfers in order.
func paybacks(p *detect.Pass) (out []receiver) {
	v := p.View(table.Payment)
	all := transfers(p.View(table.BankEntry), strings.Fields(paybackCollectors.Of(p)))
	if len(all) == 0 {
		return nil
	}
	paidTo := payAccount.In(v)
	household, person, given, day, period := payHousehold.In(v), payPerson.In(v), payNet.In(v), payDate.In(v), payPeriod.In(v)
	byAccount := map[string][]int{}
	for i := range v.Len() {
		if paidTo[i] != "" && given.Or(i, 0) > 0 {
			byAccount[paidTo[i]] = append(byAccount[paidTo[i]], i)
		}
	}
	window, percent := table.Day(paybackDays.Of(p)), paybackPercent.Of(p)
	came := arrivals(p.View(table.BankEntry))
	for lo, hi := 0, 0; lo < len(all); lo = hi {
		to := receiver{account: all[lo].to}
		used := map[int]bool{}
		for ; hi < len(all) && all[hi].to == all[lo].to; hi++ {
			t := all[hi]
			f := payback{transfer: t, payment: -1}
			for _, k := range byAccount[t.from] {
				fen := given.Or(k, 0)
				if used[k] || t.amount > fen {
					continue
				}
				paidOn, known := day.At(k)
				if known {
					paidOn = came.day(t.from, fen, paidOn, window)
				} else {
					paidOn, known = came.before(t, fen, period.Or(k, 0))
				}
				if after := t.on - paidOn; !known || after < 0 || after > window {
					continue
				}
				whole := float64(100*t.amount) >= percent*float64(fen)
				if f.payment < 0 || whole && !f.whole {
					f.payment, f.whole = k, whole
				}
			}
			if f.payment >= 0 {
				used[f.payment] = true
				f.household = firstOf(household[f.payment], person[f.payment])
				to.found = append(to.found, f)
			}
		}
		out = append(out, to)
	}
	return out
}

// A repaid is what one household of a village paid back, as its county's other
// villages see it.
type repaid struct {
	Village, Household, From, Name string
	On                             table.Day
	Amount                         table.Fen
	Whole                          bool
	Transfer, Payment              table.Ref
}

// repaidTo are a county's paybacks to people, by receiver, of villages in which
// too few households paid back for a lead.
var repaidTo = &detect.Baseline[map[string][]repaid]{
	Name: "paid back", By: table.Village, Read: paybackReads,
	Key: func(p *detect.Pass) (string, bool) { return countyOfVillage(p), p.View(table.BankEntry).Len() > 0 },
	Of: func(p *detect.Pass) map[string][]repaid {
		v, b := p.View(table.Payment), p.View(table.BankEntry)
		out := map[string][]repaid{}
		for _, to := range paybacks(p) {
			if houses(sameSums(to.found, paybackHouseholds.Of(p), paybackSpread.Of(p))) >= paybackHouseholds.Of(p) {
				continue
			}
			for _, f := range to.found {
				if f.name == "" || names.Personal(f.name) {
					out[to.account] = append(out[to.account], repaid{
						p.Group.ID, f.household, f.from, f.name, f.on, f.amount, f.whole, b.Ref(f.row), v.Ref(f.payment),
					})
				}
			}
		}
		return out
	},
	Merge: func(a, b map[string][]repaid) map[string][]repaid {
		for account, found := range b {
			a[account] = append(a[account], found...)
		}
		return a
	},
}

// reportOverVillages reports an account to which households of several villages
// paid back, in the first of them.
func reportOverVillages(p *detect.Pass, account string) {
	var found []payback
	all := slices.SortedFunc(slices.Values(repaidTo.At(p, countyOfVillage(p))[account]), func(x, y repaid) int {
		return cmp.Compare(x.Transfer, y.Transfer)
	})
	for i, r := range all {
		found = append(found, payback{transfer{r.From, account, r.Name, r.On, r.Amount, 0}, i, r.Household, r.Whole})
	}
	found = sameSums(found, paybackHouseholds.Of(p), paybackSpread.Of(p))
	n := houses(found)
	if n < paybackHouseholds.Of(p) {
		return
	}
	var villages []string
	var evidence []detect.Evidence
	for _, f := range found {
		r := all[f.payment]
		villages = append(villages, r.Village)
		if len(evidence) < mostEvidence {
			evidence = append(evidence, detect.RowAt(table.BankEntry, r.Transfer, roleTransfer), detect.RowAt(table.Payment, r.Payment, rolePayment))
		}
	}
	slices.Sort(villages)
	villages = slices.Compact(villages)
	if villages[0] != p.Group.ID {
		return // the account's lead is that village's
	}
	county := countyOfVillage(p)
	l := paybackLead(p, found, n, text(fmt.Sprintf("%s%d个村", county, len(villages)), fmt.Sprintf("%d villages of %s", len(villages), county)))
	l.Grade, l.Item, l.Evidence = detect.E2, county, evidence
	for _, v := range villages {
		l.Facts = append(l.Facts, fact("村", "village", v))
	}
	p.Report(l)
}

// An arrival is a sum that came into an account; arrivals tells on which days.
type arrival struct {
	account string
	amount  table.Fen
}

type arrived map[arrival][]table.Day

func arrivals(b table.View) arrived {
	account, amount, on := bankAccount.In(b), bankAmount.In(b), bankOn.In(b)
	direction, outcome := bankDirection.In(b), bankOutcome.In(b)
	out := arrived{}
	for i := range b.Len() {
		if d, ok := on.At(i); ok && direction[i] != "out" && outcome[i] != "returned" {
			a := arrival{account[i], amount.Or(i, 0)}
			out[a] = append(out[a], d)
		}
	}
	return out
}

// day returns the first day on which a payment is in the account, within window
// days of the roster's day; the roster's where the bank shows none.
func (a arrived) day(account string, amount table.Fen, roster, window table.Day) table.Day {
	first, ok := roster, false
	for _, d := range a[arrival{account, amount}] {
		if d >= roster && d <= roster+window && (!ok || d < first) {
			first, ok = d, true
		}
	}
	return first
}

// before returns the last day up to a transfer on which the bank shows a payment
// without a day, of its period or later.
func (a arrived) before(t transfer, amount table.Fen, of table.Period) (last table.Day, ok bool) {
	for _, d := range a[arrival{t.from, amount}] {
		if d <= t.on && (of == 0 || d.Month() >= of.From()) && (!ok || d > last) {
			last, ok = d, true
		}
	}
	return last, ok
}

// houses counts the households that paid back.
func houses(found []payback) int {
	seen := map[string]bool{}
	for _, f := range found {
		seen[f.household] = true
	}
	return len(seen)
}

// sameSums drops, of what is not nearly all of a payment, the sums that fewer than
// least households have in common within spread percent.
func sameSums(found []payback, least int, spread float64) []payback {
	slices.SortStableFunc(found, func(x, y payback) int { return cmp.Compare(x.amount, y.amount) })
	keep := make([]bool, len(found))
	for lo := range found {
		hi := lo
		for hi < len(found) && float64(100*(found[hi].amount-found[lo].amount)) <= spread*float64(found[lo].amount) {
			hi++
		}
		common := houses(found[lo:hi]) >= least
		for i := lo; i < hi; i++ {
			keep[i] = keep[i] || common || found[i].whole
		}
	}
	var out []payback
	for i, f := range found {
		if keep[i] {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(x, y payback) int { return cmp.Or(strings.Compare(x.from, y.from), cmp.Compare(x.on, y.on)) })
	return out
}

// reportPayback reports the account to which households of one village paid back.
func reportPayback(p *detect.Pass, found []payback, households int) {
	v, b := p.View(table.Payment), p.View(table.BankEntry)
	place := placeName(p.Group.ID)
	l := paybackLead(p, found, households, text(place, place))
	l.Item = p.Group.ID
	for _, f := range found {
		if len(l.Evidence) < mostEvidence {
			l.Evidence = append(l.Evidence, detect.Row(b, f.row, roleTransfer), detect.Row(v, f.payment, rolePayment))
		}
	}
	p.Report(l)
}

var roleTransfer = text("转出", "money out")

// paybackLead returns the lead on what households of a place paid back.
func paybackLead(p *detect.Pass, found []payback, households int, place detect.Text) detect.Lead {
	var sum table.Fen
	first, last, grade := found[0].on, found[0].on, p.Rule.Grade
	holder := ""
	for _, f := range found {
		sum += f.amount
		first, last, holder = min(first, f.on), max(last, f.on), firstOf(holder, f.name)
		if !f.whole {
			grade = detect.E2
		}
	}
	who := firstOf(holder, "户名不详")
	return detect.Lead{
		Grade: grade, Amount: sum,
		Summary: text(
			fmt.Sprintf("%s有%d户领到补贴后%d天内，在%s至%s把%d笔共%s元转入同一账户（%s），建议逐户核实。", place.Zh, households, paybackDays.Of(p), date(first).Zh, date(last).Zh, len(found), sum, who),
			fmt.Sprintf("%d households of %s sent %s yuan in %d transfers, from %s to %s, to one account (%s) within %d days of being paid; ask each of them.", households, place.En, sum, len(found), first, last, firstOf(holder, "holder unknown"), paybackDays.Of(p))),
		Facts: []detect.Fact{
			fact("户数", "households", fmt.Sprint(households)), fact("笔数", "transfers", fmt.Sprint(len(found))), fact("合计", "sum", sum.String()), fact("对方户名", "holder of the account", who),
		},
	}
}
