package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
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
		Doc: text("转出额占发放额的比例达到此数（%，含）且不超过发放额", "percent of the payment that must leave, inclusive, and not more than the payment"),
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
2. 账户领到一笔补贴后 window_days 天内（含当天）有支出转到另一账户，金额在该笔的 min_percent% 到 100%（均含）的，为一次回转；一次转出只算一次。
3. 同一对方账户（对方户名、账号）收到 min_households 户（含）以上的回转，即提示；无户编号的按享受人计。`,
			`1. Payments and the bank entries of their accounts are taken by village; an entry's village is where its account is paid.
2. Money that leaves for another account within window_days (inclusive) of a payment, from min_percent to 100 percent of it (inclusive), is a payback; each counts once.
3. At least min_households (inclusive) paying back into one account make a lead; without a household, persons count.`),
		Formula: "|{户 : 0 ≤ 转出日 − 发放日 ≤ window_days ∧ min_percent% × 发放额 ≤ 转出额 ≤ 发放额}| ≥ min_households",
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
		Exclusions:  text("没有流水、对方账号或发放日期的不作判断；转出超过发放额的不计。", "Not judged without a statement, the other account or a day of payment; more than the payment is not counted."),
		FalseAlarms: text("统一向同一施工队支付建房款；集体购买种苗、缴纳医保；归还同一互助社借款。", "All pay one builder, buy seedlings or insurance together, or pay back one lender."),
		Verify:      text("查对方账户开户人与村干部、经办人的关系；逐户询问为何转账、有无收据。", "Find who holds the other account and what he is to cadres; ask each household why they sent it and for a receipt."),
		Control:     text("一卡通应由本人保管，代管、代取应登记备查。", "Cards should stay with their owners; keeping or drawing for others should be on record."),
	},
	Basis:  []detect.Basis{basisFraud, basisOneCard},
	By:     []table.Key{table.Village},
	Needs:  []string{"bank_entry", "payment"},
	Reads:  []table.Column{payPerson, payHousehold, payAccount, payAmount, payDate, payState, payNote, payMatch, bankAccount, bankAmount, bankOn, bankDirection, bankOutcome, bankTo, bankToName},
	Params: []detect.Parameter{paybackHouseholds, paybackDays, paybackPercent},
	Check:  checkHoldPayback,
}

// A payback is one entry out of an account and the payment before it.
type payback struct {
	entry, payment int // rows of the views
	household      string
	amount         table.Fen
}

func checkHoldPayback(p *detect.Pass) error {
	v, b := p.View(table.Payment), p.View(table.BankEntry)
	account, amount, on := bankAccount.In(b), bankAmount.In(b), bankOn.In(b)
	direction, outcome, to, toName := bankDirection.In(b), bankOutcome.In(b), bankTo.In(b), bankToName.In(b)
	var out []int
	for i := range b.Len() {
		if _, ok := on.At(i); ok && to[i] != "" && direction[i] == "out" && outcome[i] != "returned" {
			out = append(out, i)
		}
	}
	if len(out) == 0 {
		p.NotApplicable(text("该村账户无转出流水", "no money out of the village's accounts on record"))
		return nil
	}
	paidTo := payAccount.In(v)
	household, person, given, day := payHousehold.In(v), payPerson.In(v), payAmount.In(v), payDate.In(v)
	state, note := payState.In(v), payNote.In(v)
	byAccount := map[string][]int{}
	for i := range v.Len() {
		if _, ok := day.At(i); ok && paidTo[i] != "" && kindOf(given.Or(i, 0), state[i], note[i]) == paid {
			byAccount[paidTo[i]] = append(byAccount[paidTo[i]], i)
		}
	}
	slices.SortStableFunc(out, func(x, y int) int {
		return cmp.Or(strings.Compare(to[x], to[y]), strings.Compare(account[x], account[y]), cmp.Compare(on.Or(x, 0), on.Or(y, 0)), cmp.Compare(amount.Or(x, 0), amount.Or(y, 0)))
	})
	window, percent := table.Day(paybackDays.Of(p)), paybackPercent.Of(p)
	for lo := 0; lo < len(out); {
		hi := lo
		var found []payback
		var households []string
		used := map[int]bool{}
		for ; hi < len(out) && to[out[hi]] == to[out[lo]]; hi++ {
			i := out[hi]
			x := max(amount.Or(i, 0), -amount.Or(i, 0))
			k := slices.IndexFunc(byAccount[account[i]], func(k int) bool {
				after, fen := on.Or(i, 0)-day.Or(k, 0), given.Or(k, 0)
				return !used[k] && after >= 0 && after <= window && x <= fen && float64(100*x) >= percent*float64(fen)
			})
			if k < 0 {
				continue
			}
			k = byAccount[account[i]][k]
			used[k] = true
			h := firstOf(household[k], person[k])
			found = append(found, payback{i, k, h, x})
			if !slices.Contains(households, h) {
				households = append(households, h)
			}
		}
		p.On("account", to[out[lo]])
		if len(households) >= paybackHouseholds.Of(p) {
			reportPayback(p, found, len(households), toName[out[lo]])
		}
		lo = hi
	}
	return nil
}

// reportPayback reports the account that found leads to.
func reportPayback(p *detect.Pass, found []payback, households int, holder string) {
	v, b := p.View(table.Payment), p.View(table.BankEntry)
	on := bankOn.In(b)
	var sum table.Fen
	first, last := on.Or(found[0].entry, 0), table.Day(0)
	var evidence []detect.Evidence
	for _, f := range found {
		sum += f.amount
		first, last = min(first, on.Or(f.entry, 0)), max(last, on.Or(f.entry, 0))
		if len(evidence) < mostEvidence {
			evidence = append(evidence, detect.Row(b, f.entry, text("转出", "money out")), detect.Row(v, f.payment, rolePayment))
		}
	}
	place, who := placeName(p.Group.ID), firstOf(holder, "户名不详")
	p.Report(detect.Lead{
		Item: p.Group.ID, Amount: sum,
		Summary: text(
			fmt.Sprintf("%s有%d户领到补贴后%d天内，在%s至%s把%d笔共%s元转入同一账户（%s），建议逐户核实。", place, households, paybackDays.Of(p), date(first).Zh, date(last).Zh, len(found), sum, who),
			fmt.Sprintf("%d households of %s sent %s yuan in %d transfers, from %s to %s, to one account (%s) within %d days of being paid; ask each of them.", households, place, sum, len(found), first, last, firstOf(holder, "holder unknown"), paybackDays.Of(p))),
		Facts: []detect.Fact{
			fact("户数", "households", fmt.Sprint(households)), fact("笔数", "transfers", fmt.Sprint(len(found))), fact("合计", "sum", sum.String()), fact("对方户名", "holder of the account", who),
		},
		Evidence: evidence,
	})
}
