package key

import (
	"strings"
	"testing"

	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// Each case is the units of one sheet, whose folder may be a county's, and the
// names they come under.
func TestUnitsUnderOneKey(t *testing.T) {
	pol := policy.Builtin()
	pol.Units = map[string][]string{"甲县扶贫开发中心": {"扶贫开发局", "甲县扶贫局"}}
	for _, c := range []struct{ name, county, flows, want string }{
		{"blanks, width, brackets, notes and usual abbreviations", "", `
from_unit | to_unit | received_amount
甲县 财政局 | 甲县乙镇政府（本级） | 1
甲县财政局(盖章) | 甲县乙镇人民政府 | 1
甲县扶贫开发办公室 | 甲县乙镇石山村委会 | 1
甲县扶贫办 | 甲县乙镇石山村村民委员会 | 1`, `
甲县财政局 | 甲县乙镇人民政府
甲县财政局 | 甲县乙镇人民政府
甲县扶贫开发办公室 | 甲县乙镇石山村村民委员会
甲县扶贫开发办公室 | 甲县乙镇石山村村民委员会`},
		{"a name without its place stays as it is, whatever fuller names stand elsewhere", "", `
from_unit | to_unit | received_amount
县财政局 | 甲县乙镇财政所 | 1
甲县财政局 | 乙镇财政所 | 1
财政局 | 丙镇财政所 | 1
甲县财政局 | 丁镇财政所 | 1
戊县丁镇财政所 | 己县丁镇财政所 | 1`, `
县财政局 | 甲县乙镇财政所
甲县财政局 | 乙镇财政所
财政局 | 丙镇财政所
甲县财政局 | 丁镇财政所
戊县丁镇财政所 | 己县丁镇财政所`},
		{"and of the county of its folder", "甲县", `
from_unit | to_unit | received_amount
住建局 | 城市管理局 | 1
县住建局 | 县城乡居保局 | 1
县财政局 | 我县市场监督管理局 | 1
市财政局 | 自治区财政厅 | 1
南宁市财政局 | 区财政厅 | 1
财政局 | 乙镇 | 1
财政局 | 城关街道办 | 1
财政局 | 石山村村委会 | 1
财政局 | 丁县财政局 | 1
崇左市甲县财政局 | 青山建筑有限责任公司 | 1`, `
甲县住房和城乡建设局 | 甲县城市管理局
甲县住房和城乡建设局 | 甲县城乡居保局
甲县财政局 | 甲县市场监督管理局
市财政局 | 自治区财政厅
南宁市财政局 | 区财政厅
甲县财政局 | 甲县乙镇人民政府
甲县财政局 | 甲县城关街道办事处
甲县财政局 | 石山村村民委员会
甲县财政局 | 丁县财政局
甲县财政局 | 青山建筑有限公司`},
		{"else the one beside the fund that it shortens, if there is one", "", `
fund_no | from_unit | to_unit | received_amount
F1 | 县财政局 | 甲县乙镇政府 | 1
F1 | 县财政局 | 广厦建筑公司 | 1
F1 | 甲县财政局 | 甲县广厦建筑公司 | 1
F2 | 戊县财政局 | 戊县己镇政府 | 1
F3 | 县财政局 | 庚镇政府 | 1
F4 | 甲县财政局 | 甲县乙镇政府 | 1
F4 | 戊县财政局 | 戊县己镇政府 | 1
F4 | 县财政局 | 庚镇政府 | 1`, `
甲县财政局 | 甲县乙镇人民政府
甲县财政局 | 甲县广厦建筑公司
甲县财政局 | 甲县广厦建筑公司
戊县财政局 | 戊县己镇人民政府
县财政局 | 庚镇人民政府
甲县财政局 | 甲县乙镇人民政府
戊县财政局 | 戊县己镇人民政府
县财政局 | 庚镇人民政府`},
		{"before that the one beside the project", "", `
fund_no | project_id | from_unit | to_unit | received_amount
F1 | P1 | 甲县财政局 | 甲县广厦建筑公司 | 1
F2 | P1 | 甲县财政局 | 广厦建筑公司 | 1
F2 | P2 | 戊县财政局 | 戊县广厦建筑公司 | 1
F2 |  | 戊县财政局 | 广厦建筑公司 | 1
F3 | P3 | 甲县财政局 | 广厦建筑公司 | 1
甲财农〔2017〕1号、甲财农〔2017〕2号 | P4 | 甲县财政局 | 甲县金山建筑公司 | 1
甲财农〔2017〕2号 |  | 甲县财政局 | 金山建筑公司 | 1`, `
甲县财政局 | 甲县广厦建筑公司
甲县财政局 | 甲县广厦建筑公司
戊县财政局 | 戊县广厦建筑公司
戊县财政局 | 戊县广厦建筑公司
甲县财政局 | 广厦建筑公司
甲县财政局 | 甲县金山建筑公司
甲县财政局 | 甲县金山建筑公司`},
		{"a town's finance office with its government's name", "", `
from_unit | to_unit | received_amount
甲县财政局 | 乙镇财政所 | 1
甲县财政局 | 乙镇人民政府财政所 | 1
甲县财政局 | 乙镇人民政府 | 1`, `
甲县财政局 | 乙镇财政所
甲县财政局 | 乙镇财政所
甲县财政局 | 乙镇人民政府`},
		{"the policy's aliases", "甲县", `
from_unit | to_unit | received_amount
扶贫开发局 | 扶贫局 | 1
甲县扶贫办 | 甲县扶贫开发中心 | 1`, `
甲县扶贫开发中心 | 甲县扶贫开发中心
甲县扶贫开发办公室 | 甲县扶贫开发中心`},
		{"different places and numbered schools stay apart", "", `
from_unit | to_unit | received_amount
甲县乙镇财政所 | 甲县第一小学 | 1
甲县丙镇财政所 | 甲县第二小学 | 1`, `
甲县乙镇财政所 | 甲县第一小学
甲县丙镇财政所 | 甲县第二小学`},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows := strings.Split(strings.TrimSpace(c.flows), "\n")
			set := table.NewSet(lines(t, table.Flow, 0, trimmed(rows[0]), mapped(rows[1:], trimmed)...))
			set, _, err := Resolve(set, table.Sources{{County: c.county}}, pol)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := shown(set.Get(table.Flow), "_from", "_to"), strings.TrimSpace(c.want); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// trimmed returns a line of cells without the blanks about |.
func trimmed(line string) string { return strings.ReplaceAll(line, " | ", "|") }

func mapped(in []string, f func(string) string) []string {
	var out []string
	for _, s := range in {
		out = append(out, f(s))
	}
	return out
}

// shown writes columns of a table, a line a row.
func shown(t *table.Table, columns ...string) string {
	var rows []string
	for i := range t.Len() {
		var cells []string
		for _, c := range columns {
			cells = append(cells, t.Text(c, i))
		}
		rows = append(rows, strings.Join(cells, " | "))
	}
	return strings.Join(rows, "\n")
}

// A roster's payer is read by the place of its line.
func TestPayerByPlace(t *testing.T) {
	set, _ := resolve(t, lines(t, table.Payment, 0, "beneficiary_name|amount|county|town|village|payer",
		"张三|1|甲县|||县财政局", "李四|1|乙县|||县财政局", "王五|1||||县财政局",
		"张三|1|甲县|乙镇|石山村|财政所", "李四|1|甲县|乙镇|石山村|镇政府", "王五|1|甲县|乙镇|石山村|村委会", "王五|1|甲县|乙镇|石山村|石山村委会"))
	if got, want := shown(set.Get(table.Payment), "_unit"), `甲县财政局
乙县财政局
县财政局
甲县乙镇财政所
甲县乙镇人民政府
甲县乙镇石山村村民委员会
甲县乙镇石山村村民委员会`; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestSuggest(t *testing.T) {
	set, _ := resolve(t, lines(t, table.Flow, 0, "from_unit|to_unit|received_amount",
		"甲县财政局|甲县乙镇财政所|1", "戊县财政局|甲县丙镇财政所|1", "县财政局|甲县乙镇财政|1", "县财政局|丁镇财政所|1", "甲县水利局|甲县第一小学|1", "甲县水力局|甲县第二小学|1"))
	got := ""
	for _, s := range Suggest(set) {
		got += s.Unit + " | " + s.Other + " | " + s.Why("en") + "\n"
	}
	if want := `戊县财政局 | 县财政局 | a short name that fits several units
甲县乙镇财政所 | 甲县乙镇财政 | nearly the same name
甲县水利局 | 甲县水力局 | nearly the same name
甲县财政局 | 县财政局 | a short name that fits several units
`; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
