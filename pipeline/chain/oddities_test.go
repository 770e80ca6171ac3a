package chain

import (
	"testing"

	"fundtrace/pipeline/table"
)

const oneFund = `
[fund]
fund_no | amount | issued_on  | issuer   | holder
F1      | 1000   | 2017-01-01 | 市财政局 | 甲县财政局
`

// Each case is a few sheets with something odd in them, and what must come of
// it: the money identity (allocated = households + suppliers + held + in
// transit + unexplained), the doubts, and where it matters hops or payments.
func TestOddities(t *testing.T) {
	for _, c := range []struct {
		name, sheets                              string
		identity, doubts, hops, payments, parcels string
	}{
		{
			name: "only senders' ledgers: the money is taken to have come",
			sheets: oneFund + `
[flow]
fund_no | from_unit  | to_unit | sent_amount | sent_on
F1      | 甲县财政局 | 乙镇人民政府 | 600        | 2017-02-01
[payment]
beneficiary_name | amount | pay_date | fund_no | payer
张三 | 500 | 2017-03-01 | F1 | 乙镇人民政府`,
			identity: `F1 | 1000.00 = 500.00 + 0.00 + 500.00 + 0.00 + 0.00`,
			hops:     `F1 | 甲县财政局 | 乙镇人民政府 | 600.00 | | sent_only | 1`,
			payments: `F1 | cited | 市财政局→甲县财政局→乙镇人民政府 | 59 | traced`,
		},
		{
			name: "what a book pays to households is the roster's sum; without the roster it is spent",
			sheets: oneFund + `F2 | 300 | 2017-01-01 | 市财政局 | 乙镇财政所
[flow]
fund_no | from_unit  | to_unit            | sent_amount | sent_on
F1      | 甲县财政局 | 乙镇财政所         | 600         | 2017-02-01
F1      | 乙镇财政所 | 农户(一卡通代发) | 500         | 2017-03-01
F2      | 乙镇财政所 | 各村贫困户       | 300         | 2017-03-01
[payment]
beneficiary_name | amount | pay_date | fund_no | payer
张三 | 500 | 2017-03-01 | F1 | 乙镇财政所`,
			identity: `F1 | 1000.00 = 500.00 + 0.00 + 500.00 + 0.00 + 0.00
			           F2 | 300.00 = 0.00 + 300.00 + 0.00 + 0.00 + 0.00`,
			doubts: `flow 1:2 | 1 | flow_rostered | F1`,
		},
		{
			name: "a contractor that gives money back was still paid the rest, of that fund and of others",
			sheets: oneFund + `
F2      | 500    | 2017-01-01 | 市财政局 | 甲县财政局
[flow]
fund_no | from_unit  | to_unit    | sent_amount | sent_on
F1      | 甲县财政局 | 乙镇人民政府     | 800       | 2017-02-01
F1      | 乙镇人民政府   | 宏业建筑公司 | 700       | 2017-02-01
F2      | 甲县财政局 | 宏业建筑公司 | 500       | 2017-02-01
[flow]
fund_no | from_unit    | to_unit    | received_amount | received_on
F1      | 宏业建筑公司 | 甲县财政局 | 100             | 2017-02-20`,
			identity: `F1 | 1000.00 = 0.00 + 600.00 + 400.00 + 0.00 + 0.00
			           F2 | 500.00 = 0.00 + 500.00 + 0.00 + 0.00 + 0.00`,
			parcels: `甲县财政局 | 800.00 | 2017-01-01 | 2017-02-01 | 31  | hop
			          甲县财政局 | 200.00 | 2017-01-01 |            | 729 | held
			          甲县财政局 | 100.00 | 2017-02-20 |            | 679 | held
			          乙镇人民政府   | 700.00 | 2017-02-01 | 2017-02-01 | 0   | supplier
			          乙镇人民政府   | 100.00 | 2017-02-01 |            | 698 | held
			          甲县财政局 | 500.00 | 2017-01-01 | 2017-02-01 | 31  | supplier`,
		},
		{
			name: "of a unit that gives no account nobody can say what is still there",
			sheets: oneFund + `
[flow]
fund_no | from_unit  | to_unit | sent_amount | sent_on
F1      | 甲县财政局 | 乙镇人民政府 | 600        | 2017-02-01
F1      | 甲县财政局 | 丙镇人民政府 | 400        | 2017-02-01
[balance]
unit | as_of | amount
丙镇人民政府 | 2016-12-31 | 5`,
			identity: `F1 | 1000.00 = 0.00 + 0.00 + 1000.00 + 0.00 + 0.00`,
			parcels: `甲县财政局 | 600.00 | 2017-01-01 | 2017-02-01 | 31  | hop
			          甲县财政局 | 400.00 | 2017-01-01 | 2017-02-01 | 31  | hop
			          丙镇人民政府   | 400.00 | 2017-02-01 |            | 698 | held
			          乙镇人民政府   | 600.00 | 2017-02-01 |            | 698 | unseen`,
		},
		{
			name: "the receiver keeps a ledger and lacks one transfer: unexplained; on its way for 15 days",
			sheets: oneFund + `
[flow]
fund_no | from_unit  | to_unit | sent_amount | sent_on
F1      | 甲县财政局 | 乙镇人民政府 | 100        | 2018-02-01
F1      | 甲县财政局 | 乙镇人民政府 | 200        | 2018-03-01
F1      | 甲县财政局 | 乙镇人民政府 | 300        | 2018-12-20
[flow]
fund_no | from_unit  | to_unit | received_amount | received_on
F1      | 甲县财政局 | 乙镇人民政府 | 100            | 2018-02-03`,
			identity: `F1 | 1000.00 = 0.00 + 0.00 + 500.00 + 300.00 + 200.00`,
			hops: `F1 | 甲县财政局 | 乙镇人民政府 | 100.00 | 100.00 | exact     | 1
			       F1 | 甲县财政局 | 乙镇人民政府 | 200.00 |        | sent_only | 1
			       F1 | 甲县财政局 | 乙镇人民政府 | 300.00 |        | sent_only | 1`,
		},
		{
			name: "a receipt that was not booked but spent did come",
			sheets: oneFund + `
[flow]
fund_no | from_unit  | to_unit | sent_amount | sent_on
F1      | 甲县财政局 | 乙镇人民政府 | 100        | 2018-02-01
F1      | 甲县财政局 | 乙镇人民政府 | 200        | 2018-03-01
[flow]
fund_no | from_unit  | to_unit | received_amount | received_on
F1      | 甲县财政局 | 乙镇人民政府 | 100            | 2018-02-03
[payment]
beneficiary_name | amount | pay_date | fund_no | payer
张三 | 300 | 2018-04-01 | F1 | 乙镇人民政府`,
			identity: `F1 | 1000.00 = 300.00 + 0.00 + 700.00 + 0.00 + 0.00`,
			doubts:   `flow 1:2 | 1 | flow_unbooked | 乙镇人民政府`,
		},
		{
			name: "the sender's ledger lacks what the receiver booked: in and not out",
			sheets: oneFund + `
[flow]
fund_no | from_unit  | to_unit | sent_amount | sent_on
F1      | 甲县财政局 | 丙镇人民政府 | 100        | 2017-02-01
[flow]
fund_no | from_unit  | to_unit | received_amount | received_on
F1      | 甲县财政局 | 乙镇人民政府 | 50             | 2017-02-03`,
			identity: `F1 | 1000.00 = 0.00 + 0.00 + 1050.00 + 0.00 + -50.00`,
			hops: `F1 | 甲县财政局 | 丙镇人民政府 | 100.00 |      | sent_only     | 1
			       F1 | 甲县财政局 | 乙镇人民政府 |        | 50.00 | received_only | 1`,
		},
		{
			name: "one sending received in two parts, and two sendings in one",
			sheets: oneFund + `
[flow]
fund_no | from_unit  | to_unit | sent_amount | sent_on
F1      | 甲县财政局 | 乙镇人民政府 | 100        | 2017-02-01
F1      | 甲县财政局 | 丙镇人民政府 | 60         | 2017-02-01
F1      | 甲县财政局 | 丙镇人民政府 | 70         | 2017-02-02
[flow]
fund_no | from_unit  | to_unit | received_amount | received_on
F1      | 甲县财政局 | 乙镇人民政府 | 85             | 2017-02-02
F1      | 甲县财政局 | 乙镇人民政府 | 15             | 2017-02-05
F1      | 甲县财政局 | 丙镇人民政府 | 130            | 2017-02-05`,
			identity: `F1 | 1000.00 = 0.00 + 0.00 + 1000.00 + 0.00 + 0.00`,
			hops: `F1 | 甲县财政局 | 丙镇人民政府 | 130.00 | 130.00 | sum | 2
			       F1 | 甲县财政局 | 乙镇人民政府 | 100.00 | 100.00 | sum | 2`,
		},
		{
			name: "the same transfer in two files is one, and never its own other side",
			sheets: oneFund + `
[flow]
fund_no | from_unit  | to_unit | sent_amount | sent_on    | voucher_no
F1      | 甲县财政局 | 乙镇人民政府 | 100        | 2017-02-01 | 7
F1      | 甲县财政局 | 乙镇人民政府 | 100        | 2017-02-01 | 8
[flow] a copy
fund_no | from_unit  | to_unit | sent_amount | sent_on    | voucher_no
F1      | 甲县财政局 | 乙镇人民政府 | 100        | 2017-02-01 | 7
[flow] both sides in one line
fund_no | from_unit  | to_unit | sent_amount | sent_on    | received_amount | received_on
F1      | 甲县财政局 | 乙镇人民政府 | 100        | 2017-02-01 | 100             | 2017-02-02
[flow] the receiver's ledger
fund_no | from_unit  | to_unit | received_amount | received_on
F1      | 甲县财政局 | 乙镇人民政府 | 100            | 2017-02-02`,
			identity: `F1 | 1000.00 = 0.00 + 0.00 + 900.00 + 0.00 + 100.00`,
			hops: `F1 | 甲县财政局 | 乙镇人民政府 | 100.00 |        | sent_only | 1
			       F1 | 甲县财政局 | 乙镇人民政府 | 100.00 | 100.00 | row       | 1`,
			doubts: `flow 1:1 | 1 | flow_repeated |
			         flow 2:1 | 1 | flow_repeated |
			         flow 4:1 | 1 | flow_repeated |`,
		},
		{
			name: "the same transfer twice in one sheet counts twice and is named",
			sheets: oneFund + `
[flow]
fund_no | from_unit  | to_unit | sent_amount | sent_on
F1      | 甲县财政局 | 乙镇人民政府 | 100        | 2017-02-01
F1      | 甲县财政局 | 乙镇人民政府 | 100        | 2017-02-01`,
			identity: `F1 | 1000.00 = 0.00 + 0.00 + 1000.00 + 0.00 + 0.00`,
			doubts:   `flow 1:2 | 1 | flow_twice |`,
		},
		{
			name: "returned by a negative entry and by a transfer upstream",
			sheets: oneFund + `
[flow]
fund_no | from_unit  | to_unit | sent_amount | sent_on    | received_amount | received_on
F1      | 甲县财政局 | 乙镇人民政府 | 600        | 2017-02-01 | 600 | 2017-02-01
F1      | 甲县财政局 | 乙镇人民政府 | -50        | 2017-03-01 | -50 | 2017-03-01
F1      | 乙镇人民政府 | 甲县财政局 | 150        | 2017-04-01 | 150 | 2017-04-01`,
			identity: `F1 | 1000.00 = 0.00 + 0.00 + 1000.00 + 0.00 + 0.00`,
			doubts:   `flow 1:3 | 1 | fund_loop | F1: 甲县财政局→乙镇人民政府→甲县财政局`,
			parcels: `甲县财政局 | 600.00 | 2017-01-01 | 2017-02-01 | 31  | hop
			          甲县财政局 | 400.00 | 2017-01-01 |            | 729 | held
			          甲县财政局 | 50.00  | 2017-03-01 |            | 670 | held
			          甲县财政局 | 150.00 | 2017-04-01 |            | 639 | held
			          乙镇人民政府 | 50.00    | 2017-02-01 | 2017-03-01 | 28  | hop
			          乙镇人民政府 | 150.00   | 2017-02-01 | 2017-04-01 | 59  | hop
			          乙镇人民政府 | 400.00   | 2017-02-01 |            | 698 | held`,
		},
		{
			name: "a loop is named, and cut out of the way of a payment behind it",
			sheets: oneFund + `
[flow]
fund_no | from_unit  | to_unit | sent_amount | sent_on    | received_amount | received_on
F1      | 甲县财政局 | 乙镇人民政府 | 1000       | 2017-02-01 | 1000 | 2017-02-01
F1      | 乙镇人民政府 | 丙镇人民政府   | 1000       | 2017-03-01 | 1000 | 2017-03-01
F1      | 丙镇人民政府 | 乙镇人民政府   | 1000       | 2017-04-01 | 1000 | 2017-04-01
[payment]
beneficiary_name | amount | pay_date | fund_no | payer
张三 | 1000 | 2017-05-01 | F1 | 乙镇人民政府`,
			identity: `F1 | 1000.00 = 1000.00 + 0.00 + 0.00 + 0.00 + 0.00`,
			doubts:   `flow 1:3 | 1 | fund_loop | F1: 乙镇人民政府→丙镇人民政府→乙镇人民政府`,
			payments: `F1 | cited | 市财政局→甲县财政局→乙镇人民政府 | 120 | traced`,
		},
		{
			name: "overspent, paid before it came, and never reached",
			sheets: oneFund + `
[flow]
fund_no | from_unit  | to_unit | sent_amount | sent_on    | received_amount | received_on
F1      | 甲县财政局 | 乙镇人民政府 | 100        | 2017-05-01 | 100 | 2017-05-01
[payment]
beneficiary_name | amount | pay_date   | fund_no | payer
张三 | 80  | 2017-04-01 | F1 | 乙镇人民政府
李四 | 50  | 2017-06-01 | F1 | 乙镇人民政府
王五 | 70  | 2017-07-01 | F1 | 乙镇人民政府
赵六 | 10  | 2017-07-01 | F1 | 丙镇人民政府
钱七 | 20  | 2017-07-01 | F9 | 丙镇人民政府`,
			identity: `F1 | 1000.00 = 210.00 + 0.00 + 790.00 + 0.00 + 0.00
			           F9 | 0.00 = 20.00 + 0.00 + -20.00 + 0.00 + 0.00`,
			payments: `F1 | cited | 市财政局→甲县财政局→乙镇人民政府 | 90  | traced
			           F1 | cited | 市财政局→甲县财政局→乙镇人民政府 | 151 | traced
			           F1 | cited | 市财政局→甲县财政局→乙镇人民政府 | 181 | overspent
			           F1 | cited | 丙镇人民政府 | | not_reached
			           F9 | cited | 丙镇人民政府 | | not_issued`,
			parcels: `甲县财政局 | 100.00 | 2017-01-01 | 2017-05-01 | 120 | hop
			          甲县财政局 | 900.00 | 2017-01-01 |            | 729 | held
			          乙镇人民政府 | 80.00    | 2017-05-01 | 2017-04-01 | 0   | household
			          乙镇人民政府 | 20.00    | 2017-05-01 | 2017-06-01 | 31  | household`,
		},
		{
			name: "what a roster takes back lies at the payer from the day it came back",
			sheets: oneFund + `
[payment]
beneficiary_name | _person | program | amount | pay_date   | fund_no | payer      | state
张三             | P1      | 低保    | 1000   | 2017-03-01 | F1      | 甲县财政局 |
张三             | P1      | 低保    | -400   | 2018-06-01 | F1      | 甲县财政局 | 退款`,
			identity: `F1 | 1000.00 = 600.00 + 0.00 + 400.00 + 0.00 + 0.00`,
			parcels: `甲县财政局 | 1000.00 | 2017-01-01 | 2017-03-01 | 59  | household
			          甲县财政局 | 400.00  | 2018-06-01 |            | 213 | held`,
		},
		{
			name: "what the bank refused is on its way, or back where its payer spent it again",
			sheets: oneFund + `F2 | 1000 | 2017-01-01 | 市财政局 | 乙县财政局
[payment]
beneficiary_name | _person | _account | program | amount | pay_date   | fund_no | payer
张三             | P1      | 6217001  | 低保    | 1000   | 2017-03-01 | F1      | 甲县财政局
李四             | P2      | 6217002  | 低保    | 1000   | 2017-03-01 | F2      | 乙县财政局
李四             | P2      | 6217003  | 低保    | 1000   | 2017-04-01 | F2      | 乙县财政局
[bank_entry]
account | _account | amount | booked_on  | outcome
6217001 | 6217001  | 1000   | 2017-03-03 | returned
6217002 | 6217002  | 1000   | 2017-03-03 | returned`,
			identity: `F1 | 1000.00 = 0.00 + 0.00 + 0.00 + 1000.00 + 0.00
			           F2 | 1000.00 = 1000.00 + 0.00 + 0.00 + 0.00 + 0.00`,
			payments: `F1 | cited | 市财政局→甲县财政局 | 59 | traced
			           F2 | cited | 市财政局→乙县财政局 | 59 | traced
			           F2 | cited | 市财政局→乙县财政局 | 90 | traced`,
		},
		{
			name: "returned, stopped, corrected and negative payments",
			sheets: oneFund + `
[payment]
beneficiary_name | _person | program | amount | pay_date   | fund_no | payer      | state
张三 | P1 | 低保 | 100  | 2017-04-01 | F1 | 甲县财政局 | 已发
张三 | P1 | 低保 | -100 | 2017-04-04 | F1 | 甲县财政局 | 退款
张三 | P1 | 低保 | 100  | 2017-04-07 | F1 | 甲县财政局 | 更正发放
李四 | P2 | 低保 | 200  | 2017-04-01 | F1 | 甲县财政局 | 已发
李四 | P2 | 低保 | 200  | 2017-04-09 | F1 | 甲县财政局 | 退款
王五 | P3 | 低保 | 300  | 2017-04-01 | F1 | 甲县财政局 | 退款
赵六 | P4 | 低保 | 400  | 2017-04-01 | F1 | 甲县财政局 | 停发
钱七 | P5 | 低保 | 0    | 2017-04-01 | F1 | 甲县财政局 | 已发`,
			identity: `F1 | 1000.00 = 100.00 + 0.00 + 900.00 + 0.00 + 0.00`,
			doubts:   `payment 1:8 | 1 | payment_zero |`,
		},
		{
			name: "the same roster in two files pays once; twice in one file pays twice",
			sheets: oneFund + `
[payment]
beneficiary_name | _person | program | amount | pay_date | fund_no | payer
张三 | P1 | 低保 | 100 | 2017-04-01 | F1 | 甲县财政局
张三 | P1 | 低保 | 100 | 2017-04-01 | F1 | 甲县财政局
[payment]
beneficiary_name | _person | program | amount | pay_date | fund_no | payer
张三 | P1 | 低保 | 100 | 2017-04-01 | F1 | 甲县财政局
李四 | P2 | 低保 | 100 | 2017-04-01 | F1 | 甲县财政局`,
			identity: `F1 | 1000.00 = 300.00 + 0.00 + 700.00 + 0.00 + 0.00`,
			doubts:   `payment 2:1 | 1 | payment_repeated |`,
			payments: `F1 | cited | 市财政局→甲县财政局 | 90 | traced
			           F1 | cited | 市财政局→甲县财政局 | 90 | traced
			           F1 | cited |                     |    | repeated
			           F1 | cited | 市财政局→甲县财政局 | 90 | traced`,
		},
		{
			name: "payments without a fund: the one that fits by unit, program, amount and day",
			sheets: `
[fund]
fund_no | title        | amount | issued_on  | holder
F1      | 危房改造资金 | 1000   | 2017-01-01 | 甲县财政局
F2      | 产业扶贫资金 | 1000   | 2017-01-01 | 甲县财政局
F3      | 产业扶贫资金 | 5000   | 2017-06-01 | 甲县财政局
[payment]
beneficiary_name | program | amount | pay_date | fund_no | payer | project_id
张三 | 危房改造 | 100  | 2017-04-01 |    | 甲县财政局 |
李四 | 产业扶贫 | 100  | 2017-04-01 |    | 甲县财政局 |
王五 | 产业扶贫 | 100  | 2017-07-01 |    | 甲县财政局 |
赵六 | 产业扶贫 | 4000 | 2017-07-02 |    | 甲县财政局 |
钱七 | 产业扶贫 | 100  | 2017-07-03 |    | 甲县财政局 | X1
孙八 | 雨露计划 | 100  | 2017-07-03 |    | 甲县财政局 |
[project]
project_id | name | fund_no
X1 | 养殖 | F2`,
			identity: `F1 | 1000.00 = 100.00 + 0.00 + 900.00 + 0.00 + 0.00
			           F2 | 1000.00 = 200.00 + 0.00 + 800.00 + 0.00 + 0.00
			           F3 | 5000.00 = 4000.00 + 0.00 + 1000.00 + 0.00 + 0.00`,
			payments: `F1 | inferred | 甲县财政局 | 90  | traced
			           F2 | inferred | 甲县财政局 | 90  | traced
			              | none     |            |     | no_fund
			           F3 | inferred | 甲县财政局 | 31  | traced
			           F2 | project  | 甲县财政局 | 183 | traced
			              | none     |            |     | no_fund`,
		},
		{
			name: "suppliers: a contractor and a firm; a cooperative that pays households is none",
			sheets: oneFund + `
[flow]
fund_no | from_unit  | to_unit | sent_amount | sent_on
F1 | 甲县财政局 | 张建国工程部 | 100 | 2017-02-01
F1 | 甲县财政局 | 丁建筑有限公司 | 200 | 2017-02-01
F1 | 甲县财政局 | 戊养鸡专业合作社 | 300 | 2017-02-01
[project]
project_id | name | contractor
X1 | 道路 | 张建国工程部
[payment]
beneficiary_name | amount | pay_date | fund_no | payer
张三 | 50 | 2017-04-01 | F1 | 戊养鸡专业合作社`,
			identity: `F1 | 1000.00 = 50.00 + 300.00 + 650.00 + 0.00 + 0.00`,
		},
		{
			name: "several allocations under one number add up; the same notice in another file does not; a cut is negative",
			sheets: oneFund + `
[fund]
fund_no | amount | issued_on  | issuer   | holder
F1      | 1000   | 2017-01-01 | 市财政局 | 甲县财政局
F1      | 500    | 2017-03-01 | 市财政局 | 甲县财政局
F1      | -200   | 2017-06-01 | 市财政局 | 甲县财政局
F1      | 0      | 2017-07-01 | 市财政局 | 甲县财政局
        | 77     | 2017-07-01 | 市财政局 | 甲县财政局`,
			identity: `F1 | 1300.00 = 0.00 + 0.00 + 1300.00 + 0.00 + 0.00`,
			doubts: `fund 1:1 | 1 | fund_repeated | F1
			         fund 1:2 | 1 | fund_sums | F1
			         fund 1:3 | 1 | fund_sums | F1
			         fund 1:4 | 1 | fund_zero | F1
			         fund 1:5 | 1 | fund_no_number |`,
			parcels: `甲县财政局 | 200.00 | 2017-01-01 | 2017-06-01 | 151 | hop
			          甲县财政局 | 800.00 | 2017-01-01 |            | 729 | unseen
			          甲县财政局 | 500.00 | 2017-03-01 |            | 670 | unseen`,
		},
		{
			name: "a notice and its attachment count once, and so does a notice that is read twice",
			sheets: `
[fund]
fund_no | amount | issued_on  | issuer   | holder
F1      | 1000   | 2017-01-01 | 市财政局 | 甲县财政局
F2      | 500    | 2017-01-01 | 市财政局 |
F3      | 300    | 2017-01-01 | 市财政局 | 甲县财政局
F4      | 80     | 2017-01-01 | 市财政局 | 甲县财政局
[fund] attachments: F1's office passes it on itself, of F2 nobody else says who got it
fund_no | amount | issued_on  | issuer   | holder
F1      | 600    | 2017-01-01 | 市财政局 | 乙镇政府
F1      | 400    | 2017-01-01 | 市财政局 | 丙镇政府
F2      | 300    |            |          | 乙镇政府
F2      | 200    |            |          | 丙镇政府
F4      | 80     | 2017-06-01 | 市财政局 | 甲县财政局
[fund] another reading of F3, and another county's share of F4
fund_no | amount | issued_on  | issuer   | holder
F3      | 300    |            | 市财政局 |
F4      | 80     | 2017-01-01 | 市财政局 | 戊县财政局
[flow]
fund_no | from_unit  | to_unit  | sent_amount | sent_on
F1      | 甲县财政局 | 乙镇政府 | 600         | 2017-02-01`,
			identity: `F1 | 1000.00 = 0.00 + 0.00 + 1000.00 + 0.00 + 0.00
			           F2 | 500.00 = 0.00 + 0.00 + 500.00 + 0.00 + 0.00
			           F3 | 300.00 = 0.00 + 0.00 + 300.00 + 0.00 + 0.00
			           F4 | 240.00 = 0.00 + 0.00 + 240.00 + 0.00 + 0.00`,
			doubts: `fund 0:2 | 1 | fund_repeated | F2
			         fund 1:1 | 1 | fund_repeated | F1
			         fund 1:2 | 1 | fund_repeated | F1
			         fund 1:3 | 1 | fund_no_date | F2
			         fund 1:4 | 1 | fund_no_date | F2
			         fund 1:4 | 1 | fund_sums | F2
			         fund 1:5 | 1 | fund_sums | F4
			         fund 2:1 | 1 | fund_repeated | F3
			         fund 2:2 | 1 | fund_sums | F4`,
		},
		{
			name: "a folder's office without its county is not another county's: a payment of 丁县 is of no fund of 戊县",
			sheets: `
[fund]
fund_no | amount | issued_on  | issuer   | holder
F1      | 1000   | 2017-01-01 | 市财政局 | 戊县扶贫办
[payment]
beneficiary_name | amount | pay_date   | county | town | payer  | _payer_how
张三             | 60     | 2017-03-01 | 丁县   | 丙镇 | 扶贫办 | inherited
李四             | 60     | 2017-03-01 | 戊县   | 丙镇 | 扶贫办 | inherited`,
			identity: `F1 | 1000.00 = 60.00 + 0.00 + 940.00 + 0.00 + 0.00`,
			payments: `   | none     |                     |    | no_fund
			           F1 | inferred | 市财政局→戊县扶贫开发办公室 | 59 | traced`,
		},
		{
			name: "lines that move nothing, or lack what they need",
			sheets: oneFund + `
[flow]
fund_no | from_unit  | to_unit | sent_amount | sent_on | received_amount | received_on
F1 | 甲县财政局 | 甲县财政局 | 100 | 2017-02-01 | |
F1 | 甲县财政局 | 乙镇人民政府   | 0   | 2017-02-01 | |
F1 | 甲县财政局 | 乙镇人民政府   |     | 2017-02-01 | |
   | 甲县财政局 | 乙镇人民政府   | 100 | 2017-02-01 | |
F1 | 甲县财政局 | 乙镇人民政府   | 100 |            | |
F1 | 甲县财政局 | 丙镇人民政府   | 100 | 2017-03-01 | 100 | 2017-02-01
F1 |            | 丁镇人民政府   |     |            | 10 | 2017-02-01`,
			identity: `F1 | 1000.00 = 0.00 + 0.00 + 1010.00 + 0.00 + -10.00`,
			doubts: `flow 1:1 | 1 | flow_to_itself | 甲县财政局
			         flow 1:2 | 1 | flow_zero |
			         flow 1:3 | 1 | flow_no_amount |
			         flow 1:4 | 1 | flow_no_fund |
			         flow 1:5 | 1 | flow_no_date | F1
			         flow 1:6 | 1 | flow_backwards | F1
			         flow 1:7 | 1 | flow_from_guessed | 甲县财政局`,
		},
		{
			name: "a line without a number is of the fund that the other ledger names",
			sheets: oneFund + `
[flow]
fund_no | from_unit  | to_unit | sent_amount | sent_on
        | 甲县财政局 | 乙镇人民政府 | 100        | 2017-02-01
[flow]
fund_no | from_unit  | to_unit | received_amount | received_on
F1      | 甲县财政局 | 乙镇人民政府 | 100            | 2017-02-02`,
			identity: `F1 | 1000.00 = 0.00 + 0.00 + 1000.00 + 0.00 + 0.00`,
			hops:     `F1 | 甲县财政局 | 乙镇人民政府 | 100.00 | 100.00 | exact | 1`,
			doubts:   `flow 1:1 | 1 | flow_fund_guessed | F1`,
		},
		{
			name: "funds merged in one cell are used up in the order written, on both sides",
			sheets: `
[fund]
fund_no         | amount | issued_on  | holder
甲财〔2017〕1号 | 100    | 2017-01-01 | 甲县财政局
甲财〔2017〕2号 | 100    | 2017-01-01 | 甲县财政局
[flow]
fund_no               | from_unit  | to_unit | sent_amount | sent_on
甲财〔2017〕1号、2号  | 甲县财政局 | 乙镇人民政府 | 150        | 2017-02-01
[flow]
fund_no               | from_unit  | to_unit | received_amount | received_on
甲财[2017]1号,甲财[2017]2号 | 甲县财政局 | 乙镇人民政府 | 150       | 2017-02-02
[payment]
beneficiary_name | amount | pay_date | fund_no | payer
张三 | 90 | 2017-03-01 | 甲财〔2017〕1号、2号 | 乙镇人民政府
李四 | 40 | 2017-04-01 | 甲财〔2017〕1号、2号 | 乙镇人民政府`,
			identity: `甲财〔2017〕1号 | 100.00 = 90.00 + 0.00 + 10.00 + 0.00 + 0.00
			           甲财〔2017〕2号 | 100.00 = 40.00 + 0.00 + 60.00 + 0.00 + 0.00`,
			hops: `甲财〔2017〕1号 | 甲县财政局 | 乙镇人民政府 | 100.00 | 100.00 | exact | 1
			       甲财〔2017〕2号 | 甲县财政局 | 乙镇人民政府 | 50.00 | 50.00 | exact | 1`,
			doubts: `payment 3:1 | 1 | many_funds | 甲财〔2017〕1号、甲财〔2017〕2号
			         payment 3:2 | 1 | many_funds | 甲财〔2017〕1号、甲财〔2017〕2号
			         flow 1:1 | 1 | many_funds | 甲财〔2017〕1号、甲财〔2017〕2号
			         flow 2:1 | 1 | many_funds | 甲财〔2017〕1号、甲财〔2017〕2号`,
		},
		{
			name: "money carried over to the next year goes on ageing",
			sheets: oneFund + `
[payment]
beneficiary_name | amount | pay_date   | fund_no | payer
张三             | 300    | 2017-12-30 | F1      | 甲县财政局
李四             | 700    | 2018-06-30 | F1      | 甲县财政局`,
			identity: `F1 | 1000.00 = 1000.00 + 0.00 + 0.00 + 0.00 + 0.00`,
			parcels: `甲县财政局 | 300.00 | 2017-01-01 | 2017-12-30 | 363 | household
			          甲县财政局 | 700.00 | 2017-01-01 | 2018-06-30 | 545 | household`,
		},
		{
			name: "a payer that no sheet names: the town's unit as far as it has the money, else who has some, never another town",
			sheets: oneFund + `
[flow]
fund_no | from_unit  | to_unit | sent_amount | sent_on
F1      | 甲县财政局 | 乙镇人民政府 | 100        | 2017-02-01
F1      | 甲县财政局 | 丙镇人民政府 | 100        | 2017-02-01
[payment]
beneficiary_name | amount | pay_date   | fund_no | town
张三             | 60     | 2017-03-01 | F1      | 丙镇
李四             | 30     | 2017-03-01 | F1      | 丁镇
王五             | 50     | 2017-03-02 | F1      | 丙镇
[payment]
beneficiary_name | amount | pay_date   | fund_no | town | payer    | _payer_how
赵六             | 70     | 2017-03-01 | F1      | 乙镇 | 甲县农业局 | inherited
钱七             | 900    | 2017-03-01 | F1      | 乙镇 | 甲县农业局 | inherited`,
			identity: `F1 | 1000.00 = 1110.00 + 0.00 + -110.00 + 0.00 + 0.00`,
			doubts: `payment 2:1 | 1 | payment_payer_guessed | 丙镇人民政府
			         payment 2:2 | 1 | payment_payer_guessed | 甲县财政局
			         payment 2:3 | 1 | payment_payer_guessed | 丙镇人民政府
			         payment 3:1 | 2 | payment_payer_guessed | 甲县财政局`,
			payments: `F1 | cited | 市财政局→甲县财政局→丙镇人民政府 | 59 | traced
			           F1 | cited | 市财政局→甲县财政局 | 59 | traced
			           F1 | cited | 市财政局→甲县财政局→丙镇人民政府 | 60 | traced
			           F1 | cited | 市财政局→甲县财政局 | 59 | traced
			           F1 | cited | 市财政局→甲县财政局 | 59 | traced`,
		},
		{
			name: "the issuer's own ledger shows the sending: the money begins there",
			sheets: oneFund + `
[flow]
fund_no | from_unit | to_unit    | sent_amount | sent_on
F1      | 市财政局  | 甲县财政局 | 600         | 2017-02-01
[payment]
beneficiary_name | amount | pay_date   | fund_no | payer
张三             | 60     | 2017-03-01 | F1      | 甲县财政局`,
			identity: `F1 | 1000.00 = 60.00 + 0.00 + 940.00 + 0.00 + 0.00`,
			payments: `F1 | cited | 市财政局→甲县财政局 | 59 | traced`,
			parcels: `市财政局   | 600.00 | 2017-01-01 | 2017-02-01 | 31  | hop
			          市财政局   | 400.00 | 2017-01-01 |            | 729 | held
			          甲县财政局 | 60.00  | 2017-02-01 | 2017-03-01 | 28  | household
			          甲县财政局 | 540.00 | 2017-02-01 |            | 698 | held`,
		},
		{
			name: "money by two ways: the payment follows the larger part, of equals the earlier",
			sheets: oneFund + `
[flow]
fund_no | from_unit  | to_unit | sent_amount | sent_on
F1      | 甲县财政局 | 丙镇人民政府   | 100      | 2017-02-01
F1      | 甲县财政局 | 丁村村民委员会   | 50       | 2017-02-01
F1      | 丙镇人民政府   | 丁村村民委员会   | 50       | 2017-02-10
F1      | 丙镇人民政府   | 丁村村民委员会   | 50       | 2017-02-20
[payment]
beneficiary_name | amount | pay_date   | fund_no | payer
张三             | 100    | 2017-03-01 | F1      | 丁村村民委员会
李四             | 50     | 2017-03-02 | F1      | 丁村村民委员会`,
			identity: `F1 | 1000.00 = 150.00 + 0.00 + 850.00 + 0.00 + 0.00`,
			payments: `F1 | cited | 市财政局→甲县财政局→丁村村民委员会 | 59 | traced
			           F1 | cited | 市财政局→甲县财政局→丙镇人民政府→丁村村民委员会 | 60 | traced`,
		},
		{
			name: "balances: the latest counts, one without a number is of the unit's only fund",
			sheets: oneFund + `
[balance]
unit       | fund_no | as_of      | amount
甲县财政局 | F1      | 2017-06-30 | 1000
甲县财政局 |         | 2017-12-31 | 900
甲县财政局 | F1      | 2019-12-31 | 1`,
			identity: `F1 | 1000.00 = 0.00 + 0.00 + 900.00 + 0.00 + 100.00`,
			doubts:   `balance 1:3 | 1 | after_as_of | 甲县财政局`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := follow(t, c.sheets)
			equal(t, "identity", showFunds(r.Funds), c.identity)
			if c.doubts != "" {
				equal(t, "doubts", showDoubts(r.Doubts), c.doubts)
			}
			if c.hops != "" {
				equal(t, "hops", show(r.Tables.Get(table.Hop), "fund_no", "from_unit", "to_unit", "sent_amount", "received_amount", "pairing", "parts"), c.hops)
			}
			if c.payments != "" {
				equal(t, "payments", show(r.Tables.Get(table.Payment), "_fund", "_fund_by", "_path", "_days_total", "_traced"), c.payments)
			}
			if c.parcels != "" {
				equal(t, "parcels", show(r.Tables.Get(table.Stay), "unit", "amount", "in_on", "out_on", "days", "left_as"), c.parcels)
			}
		})
	}
}
