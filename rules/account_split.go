package rules

import (
	"cmp"
	"fmt"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var splitAccounts = &detect.Param[int]{
	Name: "min_accounts", Default: 2,
	Doc: text("同一项目一年内所用账户达到此数（含）即提示", "accounts in one year for one program that make a lead, inclusive"),
}

// AccountSplit flags a person paid one program through several accounts in a
// year.
var AccountSplit = &detect.Rule{
	ID:     "account-split",
	Family: detect.Dup,
	Title:  text("一人多卡", "one person, several accounts"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找同一人同一项目一年内发到几个账户的情形。", "Finds a person whose payments of one program go to several accounts within a year."),
		Steps: text(`1. 发放记录按人和项目轧差（见 dup-period 步骤1），分批、补发的逐笔看账户；按发放日期归年，无日期的按所属期。
2. 一年内不同账户数达到 min_accounts（含）即提示，每人、每项目、每年一条；金额为款项最多的账户以外的合计。
3. 只换过一次账户（先甲后乙，不再回到甲）的多为换卡，为 E2；交替使用的为 E1。`,
			`1. Payments are netted per person and program (dup-period, step 1), each instalment and supplement with its own account, and taken by year of payment, else of period.
2. min_accounts different accounts in a year (inclusive) make a lead, one a person, program and year; its money is what did not go to the account with the most.
3. One change for good (a new card) is E2; accounts used in turn are E1.`),
		Formula: "|{账户 : 人， 项目， 年}| ≥ min_accounts",
		Example: `蓝某的低保在两个账户之间来回发放。
-- payment.csv --
beneficiary_name,beneficiary_id,program,period,amount,pay_date,account,want
蓝小岭,459901197701010746,农村低保,2017-03,200,2017-03-15,6217000000000000741,E1 .* 200.00 蓝小岭2017年的农村低保.*2个账户
蓝小岭,459901197701010746,农村低保,2017-04,200,2017-04-15,6217000000000000742,
蓝小岭,459901197701010746,农村低保,2017-05,200,2017-05-15,6217000000000000741,
`,
		Why:         text("同一补贴分散到几个账户，可能有账户由他人掌握。", "One of several accounts may be in somebody else's hands."),
		Exclusions:  text("无账号的记录不计；不同项目各用一个账户的不计；退回的不计。", "Rows without an account, another account for another program, and returned payments are not counted."),
		FalseAlarms: text("换卡、挂失补办；代发银行变更；账号录错后更正。", "A card replaced; a change of bank; a number mistyped and corrected."),
		Verify:      text("查各账户户名、开户时间和取款人；询问本人知道几个账户。", "See holder, opening day and withdrawals of each; ask how many the person knows of."),
		Control:     text("推行一人一卡，变更账号须本人确认。", "One card a person; the holder should confirm a change."),
	},
	Basis:  []detect.Basis{basisOneCard},
	By:     []table.Key{table.Person},
	Needs:  []string{"payment"},
	Reads:  append(slices.Clone(grantReads), payName),
	Params: []detect.Parameter{splitAccounts},
	Check:  checkAccountSplit,
}

func checkAccountSplit(p *detect.Pass) error {
	v := p.View(table.Payment)
	account := payAccount.In(v)
	switch {
	case v.Len() == 0:
		p.NotApplicable(noPayment)
		return nil
	case !slices.ContainsFunc(account, func(a string) bool { return a != "" }):
		p.NotApplicable(text("发放记录无账号", "payments have no account"))
		return nil
	case !slices.ContainsFunc(account, func(a string) bool { return a != account[0] }):
		return nil
	}
	l, net := grants.Of(p), payNet.In(v)
	type yearly struct {
		program string
		year    int
		rows    []int
	}
	var all []yearly
	for row, k := range l.of {
		if k < 0 || net.Or(row, 0) <= 0 || account[row] == "" {
			continue
		}
		m := l.monthOf(v, row)
		program, y := l.grants[k].program, table.MonthsOf(m, m).Year()
		i := slices.IndexFunc(all, func(o yearly) bool { return o.program == program && o.year == y })
		if i < 0 {
			i = len(all)
			all = append(all, yearly{program: program, year: y})
		}
		all[i].rows = append(all[i].rows, row)
	}
	for _, y := range all {
		reportAccountSplit(p, v, l, y.program, y.year, y.rows)
	}
	return nil
}

// monthOf returns the month in which a row's payment reached the person: of its
// day, else the first of its grant's period.
func (l *ledger) monthOf(v table.View, row int) int {
	if day, ok := payDate.In(v).At(row); ok {
		return day.Month()
	}
	return l.grants[l.of[row]].period.From()
}

func reportAccountSplit(p *detect.Pass, v table.View, l *ledger, program string, year int, rows []int) {
	account, day, net := payAccount.In(v), payDate.In(v), payNet.In(v)
	slices.SortFunc(rows, func(a, b int) int {
		return cmp.Or(cmp.Compare(l.monthOf(v, a), l.monthOf(v, b)), cmp.Compare(day.Or(a, 0), day.Or(b, 0)), cmp.Compare(a, b))
	})
	var accounts []string
	var sums []table.Fen
	changes, before := 0, ""
	var total, most table.Fen
	var evidence []detect.Evidence
	for _, row := range rows {
		a := account[row]
		i := slices.Index(accounts, a)
		if i < 0 {
			i = len(accounts)
			accounts, sums = append(accounts, a), append(sums, 0)
		}
		fen := net.Or(row, 0)
		sums[i] += fen
		total, most = total+fen, max(most, sums[i])
		if before != "" && a != before {
			changes++
		}
		before = a
		evidence = append(evidence, detect.Row(v, row, rolePayment))
	}
	if len(accounts) < max(splitAccounts.Of(p), 2) {
		return
	}
	grade := p.Rule.Grade
	if changes == len(accounts)-1 && len(accounts) == 2 {
		grade = detect.E2
	}
	name := payName.In(v)[rows[0]]
	lead := detect.Lead{
		Grade: grade, Program: program, Period: table.YearOf(year).String(), Amount: total - most,
		Summary: text(
			fmt.Sprintf("%s%d年的%s共%d笔%s元发到%d个账户，建议核实账户是否都由本人使用。", name, year, program, len(rows), total, len(accounts)),
			fmt.Sprintf("%s's %s of %d, %d payments of %s yuan, went to %d accounts; find out whether all are the person's own.", name, program, year, len(rows), total, len(accounts))),
		Evidence: evidence,
	}
	for i, a := range accounts {
		if len(a) > 4 {
			a = a[len(a)-4:]
		}
		lead.Facts = append(lead.Facts, fact("账户尾号及金额", "account ending, sum", a+"  "+sums[i].String()))
	}
	p.Report(lead)
}
