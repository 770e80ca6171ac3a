package chain

import (
	"testing"

	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/steptest"
	"fundtrace/pipeline/table"
	"fundtrace/pipeline/tabletest"
)

// Transfers at the bounds of pairing and one step beyond, a fund each.
const atTheBounds = `
[fund]
fund_no | amount | issued_on  | issuer   | holder
F1      | 1000   | 2017-01-01 | 市财政局 | 甲县财政局
F2      | 1000   | 2017-01-01 | 市财政局 | 甲县财政局
F3      | 1000   | 2017-01-01 | 市财政局 | 甲县财政局
F4      | 1000   | 2017-01-01 | 市财政局 | 甲县财政局
F5      | 1000   | 2017-01-01 | 市财政局 | 甲县财政局
F6      | 1000   | 2017-01-01 | 市财政局 | 甲县财政局
F7      | 1000   | 2017-01-01 | 市财政局 | 甲县财政局
[flow]
fund_no | from_unit  | to_unit  | sent_amount | sent_on
F1      | 甲县财政局 | 乙镇人民政府 | 600         | 2017-02-01
F1      | 甲县财政局 | 丙镇人民政府 | 100         | 2017-02-01
F1      | 甲县财政局 | 丁镇人民政府 | 200         | 2017-02-01
F1      | 甲县财政局 | 戊镇人民政府 | 80          | 2017-02-01
F2      | 甲县财政局 | 乙镇人民政府 | 600         | 2017-02-01
F2      | 甲县财政局 | 丙镇人民政府 | 100         | 2017-02-01
F3      | 甲县财政局 | 乙镇人民政府 | 600         | 2017-02-10
F3      | 甲县财政局 | 丙镇人民政府 | 100         | 2017-02-10
F4      | 甲县财政局 | 乙镇人民政府 | 600         | 2017-02-01
F4      | 甲县财政局 | 丙镇人民政府 | 300         | 2017-02-01
F5      | 甲县财政局 | 乙镇人民政府 | 100         | 2017-02-01
F5      | 甲县财政局 | 丙镇人民政府 | 100         | 2017-02-01
F6      | 甲县财政局 | 乙镇人民政府 | 100         | 2017-02-01
F6      | 甲县财政局 | 丙镇人民政府 | 100         | 2017-02-01
F7      | 甲县财政局 | 乙镇人民政府 | 300         | 2018-12-16
F7      | 甲县财政局 | 丙镇人民政府 | 40          | 2018-12-15
[flow]
fund_no | from_unit  | to_unit  | received_amount | received_on
F1      | 甲县财政局 | 乙镇人民政府 | 600             | 2017-02-16
F1      | 甲县财政局 | 丙镇人民政府 | 100             | 2017-02-17
F1      | 甲县财政局 | 丁镇人民政府 | 190             | 2017-02-16
F1      | 甲县财政局 | 戊镇人民政府 | 70              | 2017-02-17
F2      | 甲县财政局 | 乙镇人民政府 | 600             | 2017-05-02
F2      | 甲县财政局 | 丙镇人民政府 | 100             | 2017-05-03
F3      | 甲县财政局 | 乙镇人民政府 | 600             | 2017-02-07
F3      | 甲县财政局 | 丙镇人民政府 | 100             | 2017-02-06
F4      | 甲县财政局 | 乙镇人民政府 | 350             | 2017-02-10
F4      | 甲县财政局 | 乙镇人民政府 | 250             | 2017-03-03
F4      | 甲县财政局 | 丙镇人民政府 | 160             | 2017-02-10
F4      | 甲县财政局 | 丙镇人民政府 | 140             | 2017-03-04
F5      | 甲县财政局 | 乙镇人民政府 | 120             | 2017-02-02
F5      | 甲县财政局 | 丙镇人民政府 | 120.01          | 2017-02-02
F6      | 甲县财政局 | 乙镇人民政府 | 50              | 2017-02-02
F6      | 甲县财政局 | 丙镇人民政府 | 49.99           | 2017-02-02
F7      | 甲县财政局 | 乙镇人民政府 | 10              | 2018-12-31
F7      | 甲县财政局 | 丙镇人民政府 | 10              | 2018-12-31
`

// pairings shows how the transfers at the bounds come out under a policy.
func pairings(t *testing.T, p *policy.Policy) string {
	r, err := Build(keyed(t, tabletest.Sheets(t, atTheBounds)), Options{Policy: p, AsOf: asOf(t, "2018-12-31")})
	if err != nil {
		t.Fatal(err)
	}
	return show(r.Tables.Get(table.Hop), "fund_no", "to_unit", "sent_amount", "received_amount", "pairing") + "\n" + showFunds(r.Funds)
}

// TestPairingBounds tells each bound of pairing from one day or percent more and
// less.
func TestPairingBounds(t *testing.T) {
	p := policy.Builtin()
	equal(t, "pairings", pairings(t, p), `
F1 | 丁镇人民政府 | 200.00 | 190.00 | window
F1 | 丙镇人民政府 | 100.00 | 100.00 | window
F1 | 乙镇人民政府 | 600.00 | 600.00 | exact
F1 | 戊镇人民政府 | 80.00 |  | sent_only
F1 | 戊镇人民政府 |  | 70.00 | received_only
F2 | 丙镇人民政府 | 100.00 |  | sent_only
F2 | 丙镇人民政府 |  | 100.00 | received_only
F2 | 乙镇人民政府 | 600.00 | 600.00 | window
F3 | 丙镇人民政府 |  | 100.00 | received_only
F3 | 丙镇人民政府 | 100.00 |  | sent_only
F3 | 乙镇人民政府 | 600.00 | 600.00 | exact
F4 | 丙镇人民政府 | 300.00 | 160.00 | window
F4 | 丙镇人民政府 |  | 140.00 | received_only
F4 | 乙镇人民政府 | 600.00 | 600.00 | sum
F5 | 丙镇人民政府 | 100.00 |  | sent_only
F5 | 丙镇人民政府 |  | 120.01 | received_only
F5 | 乙镇人民政府 | 100.00 | 120.00 | window
F6 | 丙镇人民政府 | 100.00 |  | sent_only
F6 | 丙镇人民政府 |  | 49.99 | received_only
F6 | 乙镇人民政府 | 100.00 | 50.00 | window
F7 | 丙镇人民政府 | 40.00 |  | sent_only
F7 | 丙镇人民政府 |  | 10.00 | received_only
F7 | 乙镇人民政府 | 300.00 |  | sent_only
F7 | 乙镇人民政府 |  | 10.00 | received_only

F1 | 1000.00 = 0.00 + 0.00 + 980.00 + 0.00 + 20.00
F2 | 1000.00 = 0.00 + 0.00 + 1000.00 + 0.00 + 0.00
F3 | 1000.00 = 0.00 + 0.00 + 1000.00 + 0.00 + 0.00
F4 | 1000.00 = 0.00 + 0.00 + 1000.00 + 0.00 + 0.00
F5 | 1000.00 = 0.00 + 0.00 + 1040.01 + 0.00 + -40.01
F6 | 1000.00 = 0.00 + 0.00 + 899.99 + 0.00 + 100.01
F7 | 1000.00 = 0.00 + 0.00 + 680.00 + 300.00 + 20.00`)
	steptest.Numbers(t, &p.Pairing, nil, func() string { return pairings(t, p) })
}

// TestBetweenEquals holds what is taken where two readings stand equal.
func TestBetweenEquals(t *testing.T) {
	for _, c := range []struct{ name, sheets, identity, positions, payments, doubts string }{
		{
			name: "a payment on the day the money came may be of it, one on the day before is not",
			sheets: `
[fund]
fund_no | title        | amount | issued_on  | issuer   | holder
F1      | 农村低保资金 | 1000   | 2017-01-01 | 市财政局 | 甲县财政局
[flow]
fund_no | from_unit  | to_unit    | sent_amount | sent_on
F1      | 甲县财政局 | 乙镇财政所 | 600         | 2017-02-01
[payment]
beneficiary_name | program  | amount | pay_date   | payer
张三             | 农村低保 | 50     | 2017-02-01 | 乙镇财政所
李四             | 农村低保 | 40     | 2017-01-31 | 乙镇财政所`,
			identity: `F1 | 1000.00 = 50.00 + 0.00 + 950.00 + 0.00 + 0.00`,
			payments: `F1 | inferred
			          | none`,
		},
		{
			name: "of two balances of one day the one that stands first counts, and both are named",
			sheets: oneFund + `
[balance]
unit       | fund_no | as_of      | amount
甲县财政局 | F1      | 2017-12-31 | 900
甲县财政局 | F1      | 2017-12-31 | 700`,
			identity:  `F1 | 1000.00 = 0.00 + 0.00 + 900.00 + 0.00 + 100.00`,
			positions: `甲县财政局 | 900.00 | 100.00`,
			doubts:    `balance 1:2 | 1 | balance_twice | 甲县财政局`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := follow(t, c.sheets)
			equal(t, "identity", showFunds(r.Funds), c.identity)
			if c.positions != "" {
				equal(t, "positions", show(r.Tables.Get(table.Position), "unit", "stated_balance", "unexplained"), c.positions)
			}
			if c.payments != "" {
				equal(t, "payments", show(r.Tables.Get(table.Payment), "_fund", "_fund_by"), c.payments)
			}
			if c.doubts != "" {
				equal(t, "doubts", showDoubts(r.Doubts), c.doubts)
			}
		})
	}
}
