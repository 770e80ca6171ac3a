package chain

import (
	"bytes"
	"strings"
	"testing"

	"fundtrace/pipeline/table"
)

const treeSheets = `
[fund]
fund_no  | title | amount | issued_on  | issuer   | holder
甲财〔2017〕1号 | 危房改造补助 | 10000 | 2017-01-10 | 市财政局 | 甲县财政局
[flow]
fund_no        | from_unit  | to_unit | sent_amount | sent_on | received_amount | received_on
甲财〔2017〕1号 | 甲县财政局 | 甲县乙镇人民政府 | 6000 | 2017-02-10 | 5500 | 2017-02-12
甲财〔2017〕1号 | 甲县财政局 | 甲县丙镇人民政府 | 3000 | 2017-03-10 | 3000 | 2017-03-12
甲财〔2017〕1号 | 甲县丙镇人民政府 | 丁建筑有限公司 | 1000 | 2017-04-10 | |
甲财〔2017〕1号 | 甲县乙镇人民政府 | 甲县财政局 | 200 | 2017-05-10 | 200 | 2017-05-10
[payment]
beneficiary_name | _person | _household | amount | pay_date | fund_no | payer | project_id
张三 | P1 | H1 | 4000 | 2017-06-01 | 甲财〔2017〕1号 | 甲县乙镇人民政府 | X1
李四 | P2 | H2 | 1500 | 2017-06-01 | 甲财〔2017〕1号 | 甲县乙镇人民政府 | X1
王五 | P3 | H1 | 300  | 2017-07-01 | 甲财〔2017〕1号 | 甲县戊镇人民政府 |
[project]
project_id | name
X1 | 乙镇危房改造
`

func TestTree(t *testing.T) {
	r := follow(t, treeSheets)
	tell := Telling{Tables: r.Tables, Funds: r.Funds, Lang: "zh", Width: 110}
	var b bytes.Buffer
	if err := WriteTree(&b, tell, "甲财[2017]1号"); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + b.String())
	for _, w := range []int{60, 80, 110} {
		for _, lang := range []string{"zh", "en"} {
			tell.Width, tell.Lang = w, lang
			b.Reset()
			if err := WriteTree(&b, tell, "甲财[2017]1号"); err != nil {
				t.Fatal(err)
			}
			for line := range strings.SplitSeq(b.String(), "\n") {
				if cellsOf(line) > w {
					t.Errorf("width %d: %q takes %d cells", w, line, cellsOf(line))
				}
			}
			if w == 60 {
				t.Log("\n" + b.String())
			}
		}
	}
	b.Reset()
	if err := WritePerson(&b, Telling{Tables: r.Tables, Lang: "zh", Width: 80, Sources: table.Sources{{}, {}, {File: "名册.xlsx", Sheet: "1"}}}, "p1"); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + b.String())
}
