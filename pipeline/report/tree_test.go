package report

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"fundtrace/pipeline/chain"
	"fundtrace/pipeline/key"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/settle"
	"fundtrace/pipeline/table"
	"fundtrace/pipeline/tabletest"
)

// followed takes sheets through the stages to the chain, as of the end of 2018.
func followed(t *testing.T, text string) *chain.Result {
	t.Helper()
	p := policy.Builtin()
	set, _, err := key.Resolve(tabletest.Sheets(t, text), treeSources, p)
	if err == nil {
		set, err = settle.Settle(set, settle.Options{Policy: p})
	}
	if err != nil {
		t.Fatal(err)
	}
	r, err := chain.Build(set, chain.Options{Policy: p, AsOf: table.DayOf(2018, 12, 31)})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

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
beneficiary_name | beneficiary_id | amount | pay_date | fund_no | payer | project_id
张三 | 459901197001010016 | 4000 | 2017-06-01 | 甲财〔2017〕1号 | 甲县乙镇人民政府 | X1
李四 | 459901197001010032 | 1500 | 2017-06-01 | 甲财〔2017〕1号 | 甲县乙镇人民政府 | X1
王五 | 459901197001010059 | 300  | 2017-07-01 | 甲财〔2017〕1号 | 甲县戊镇人民政府 |
[household]
household_id | member_name | member_id
45990100001 | 张三 | 459901197001010016
45990100001 | 王五 | 459901197001010059
[project]
project_id | name
X1 | 乙镇危房改造
`

const wantTree = `甲财〔2017〕1号
危房改造补助 2017-01-10 下达 10,000.00 元 市财政局→甲县财政局

单位                                 收到          转拨      发放支付     户数          结存  最长天
甲县财政局                      10,200.00      9,000.00          0.00               1,200.00     720
├─甲县丙镇人民政府               3,000.00          0.00      1,000.00               2,000.00     659
│ └─丁建筑有限公司               1,000.00                                             供应商
└─甲县乙镇人民政府               5,500.00        200.00      5,500.00        2       -200.00     109
  │ · 2017-02-10 拨出 6,000.00 元，2017-02-12 收到 5,500.00 元，相差 500.00 元（见 台账.xlsx!拨
  │   付:1）
  │ · 经项目 X1 乙镇危房改造 到 2 户
  │ · 支出超过收到 200.00 元
  └─转给上列 甲县财政局            200.00
以下单位未见该笔资金拨入：
甲县戊镇人民政府                     0.00          0.00        300.00        1       -300.00
  · 支出超过收到 300.00 元

下达 10,000.00 = 到户 5,800.00 + 付工程和供应商 1,000.00 + 单位结存 2,700.00 + 在途 0.00 + 未说明
500.00
`

const wantPerson = `2017-06-01 张三                                                         4,000.00
  甲财〔2017〕1号 市财政局→甲县财政局→甲县乙镇人民政府 共 142 天，甲县乙镇人民政
  府停留最长 109 天（见 名册.xlsx!乙镇:1）
2017-07-01 王五                                                           300.00
  甲财〔2017〕1号 甲县戊镇人民政府；该笔资金未见拨付到路径起点单位（见 名册
  .xlsx!乙镇:3）
合计 2 笔                                                               4,300.00
`

func TestTree(t *testing.T) {
	r := followed(t, treeSheets)
	tell := Telling{Tables: r.Tables, Funds: r.Funds, Sources: treeSources, Lang: "zh", Width: 100}
	told := func(fund string) string {
		var b bytes.Buffer
		if err := WriteTree(&b, tell, fund); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if got := told("甲财[2017]1号"); got != wantTree {
		t.Errorf("got\n%s", got)
	}
	for _, tell.Width = range []int{60, 80, 132} {
		for _, tell.Lang = range []string{"zh", "en"} {
			for line := range strings.SplitSeq(told("甲财[2017]1号"), "\n") {
				if cellsOf(line) > tell.Width {
					t.Errorf("width %d: %q takes %d cells", tell.Width, line, cellsOf(line))
				}
			}
		}
	}
	err := WriteTree(io.Discard, tell, "2017〕1")
	if err == nil || !strings.Contains(err.Error(), "甲财〔2017〕1号") {
		t.Errorf("an unknown fund gives %v, which names no other", err)
	}
}

// A person's ID brings what reached the household, to all its members.
func TestPerson(t *testing.T) {
	r := followed(t, treeSheets)
	tell := Telling{Tables: r.Tables, Funds: r.Funds, Sources: treeSources, Lang: "zh", Width: 80}
	for _, key := range []string{"459901197001010016", "45990100001"} {
		var b bytes.Buffer
		if err := WritePerson(&b, tell, key); err != nil {
			t.Fatal(err)
		}
		if b.String() != wantPerson {
			t.Errorf("%s: got\n%s", key, b.String())
		}
	}
	if err := WritePerson(io.Discard, tell, "459901199001010011"); err == nil || strings.Contains(err.Error(), "4599") {
		t.Errorf("an unknown person gives %v", err)
	}
}

var treeSources = table.Sources{
	{File: "指标.xlsx", Sheet: "1"}, {File: "台账.xlsx", Sheet: "拨付"}, {File: "名册.xlsx", Sheet: "乙镇"}, {File: "户表.xlsx"}, {File: "项目库.xlsx"},
}

// A loop does not keep the tree from ending.
func TestTreeOfLoops(t *testing.T) {
	r := followed(t, `
[flow]
fund_no | from_unit | to_unit | sent_amount | sent_on
F1 | 甲县财政局 | 乙镇人民政府 | 10 | 2017-01-01
F1 | 乙镇人民政府 | 甲县财政局 | 10 | 2017-01-01
F1 | 丙镇人民政府 | 丙镇人民政府 | 10 | 2017-01-01`)
	var b bytes.Buffer
	if err := WriteTree(&b, Telling{Tables: r.Tables, Funds: r.Funds}, "F1"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"甲县财政局", "乙镇人民政府", "转给上列"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in\n%s", want, b.String())
		}
	}
}
