package chain

import (
	"testing"

	"fundtrace/pipeline/table"
)

func TestStraightChain(t *testing.T) {
	r := follow(t, `
[fund]
fund_no              | amount | issued_on  | issuer   | holder
桂财农〔2017〕8号      | 1000   | 2017-01-10 | 市财政局 | 甲县财政局
[flow] the county's ledger, sent side
fund_no              | from_unit  | to_unit  | sent_amount | sent_on
桂财农[2017]8号        | 甲县财政局 | 乙镇政府 | 600         | 2017-02-10
桂财农 [2017] 8 号     | 甲县财政局 | 丙镇人民政府 | 300     | 2017-03-10
[flow] the towns' ledgers, received side
fund_no              | from_unit  | to_unit      | received_amount | received_on
桂财农【2017】8号      | 县财政局   | 乙镇人民政府 | 600             | 2017-02-12
桂财农(2017)8号      | 县财政局   | 丙镇政府     | 250             | 2017-03-12
[payment]
beneficiary_name | amount | pay_date   | fund_no          | payer        | household_id
张三             | 400    | 2017-05-01 | 桂财农〔2017〕8号 | 乙镇政府     | H1
李四             | 100    | 2017-06-01 | 桂财农〔2017〕8号 | 乙镇政府     | H2
王五             | 250    | 2017-06-01 | 桂财农〔2017〕8号 | 丙镇人民政府 | H3
[balance]
unit       | fund_no          | as_of      | amount
甲县财政局 | 桂财农〔2017〕8号 | 2017-12-31 | 80
`)
	equal(t, "identity", showFunds(r.Funds), `
桂财农〔2017〕8号 | 1000.00 = 750.00 + 0.00 + 180.00 + 0.00 + 70.00`)
	equal(t, "hops", show(r.Tables.Get(table.Hop), "from_unit", "to_unit", "sent_amount", "sent_on", "received_amount", "received_on", "pairing"), `
甲县财政局 | 丙镇人民政府 | 300.00 | 2017-03-10 | 250.00 | 2017-03-12 | window
甲县财政局 | 乙镇人民政府 | 600.00 | 2017-02-10 | 600.00 | 2017-02-12 | exact`)
	equal(t, "stays", show(r.Tables.Get(table.Stay), "unit", "amount", "in_on", "out_on", "days", "left_as", "in_ref", "out_ref"), `
甲县财政局   | 600.00 | 2017-01-10 | 2017-02-10 | 31  | hop       | 0:1 | 1:1
甲县财政局   | 300.00 | 2017-01-10 | 2017-03-10 | 59  | hop       | 0:1 | 1:2
甲县财政局   | 100.00 | 2017-01-10 |            | 720 | held      | 0:1 |
丙镇人民政府 | 250.00 | 2017-03-12 | 2017-06-01 | 81  | household | 2:2 | 3:3
乙镇人民政府 | 400.00 | 2017-02-12 | 2017-05-01 | 78  | household | 2:1 | 3:1
乙镇人民政府 | 100.00 | 2017-02-12 | 2017-06-01 | 109 | household | 2:1 | 3:2
乙镇人民政府 | 100.00 | 2017-02-12 |            | 687 | held      | 2:1 |`)
	equal(t, "positions", show(r.Tables.Get(table.Position), "unit", "depth", "received", "sent_on", "paid_out", "stated_balance", "stated_on", "held", "unexplained", "first_in", "last_out", "longest_idle_days"), `
甲县财政局   | 1 | 1000.00 | 900.00 | 0.00   | 80.00 | 2017-12-31 | 100.00 | 20.00 | 2017-01-10 | 2017-03-10 | 720
丙镇人民政府 | 2 | 250.00  | 0.00   | 250.00 |       |            | 0.00   |       | 2017-03-12 | 2017-06-01 | 81
乙镇人民政府 | 2 | 600.00  | 0.00   | 500.00 |       |            | 100.00 |       | 2017-02-12 | 2017-06-01 | 687`)
	equal(t, "payments", show(r.Tables.Get(table.Payment), "_unit", "_fund", "_fund_by", "_path", "_hops", "_days_total", "_slowest_unit", "_slowest_days", "_traced"), `
乙镇人民政府 | 桂财农〔2017〕8号 | cited | 市财政局→甲县财政局→乙镇人民政府 | 2 | 111 | 乙镇人民政府 | 78  | traced
乙镇人民政府 | 桂财农〔2017〕8号 | cited | 市财政局→甲县财政局→乙镇人民政府 | 2 | 142 | 乙镇人民政府 | 109 | traced
丙镇人民政府 | 桂财农〔2017〕8号 | cited | 市财政局→甲县财政局→丙镇人民政府 | 2 | 142 | 丙镇人民政府 | 81  | traced`)
	equal(t, "doubts", showDoubts(r.Doubts), "")
}
