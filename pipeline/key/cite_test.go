package key

import (
	"strings"
	"testing"

	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// Each case is the units of one input and the names they come under.
func TestUnitsUnderOneKey(t *testing.T) {
	pol := policy.Builtin()
	pol.Units = map[string][]string{"甲县扶贫开发办公室": {"县扶贫开发局", "扶贫局"}}
	for _, c := range []struct{ name, flows, want string }{
		{"blanks, width, brackets, notes and usual abbreviations", `
from_unit | to_unit | received_amount
甲县 财政局 | 甲县乙镇政府（本级） | 1
甲县财政局(盖章) | 甲县乙镇人民政府 | 1`, `
甲县财政局 | 甲县乙镇人民政府
甲县财政局 | 甲县乙镇人民政府`},
		{"a name without its place, of the one unit that ends so", `
from_unit | to_unit | received_amount
县财政局 | 乙镇财政所 | 1
甲县财政局 | 甲县乙镇财政所 | 1
财政局 | 乙镇财政所 | 1`, `
甲县财政局 | 甲县乙镇财政所
甲县财政局 | 甲县乙镇财政所
甲县财政局 | 甲县乙镇财政所`},
		{"an office of the county is not the only one that a town has", `
from_unit | to_unit | received_amount
扶贫办 | 甲县乙镇扶贫办 | 1`, `
扶贫办 | 甲县乙镇扶贫办`},
		{"two counties: by the fund it stands with, else as written", `
fund_no | from_unit | to_unit | received_amount
F1 | 县财政局 | 甲县乙镇政府 | 1
F1 | 甲县财政局 | 甲县丙镇政府 | 1
F2 | 戊县财政局 | 戊县己镇政府 | 1
F3 | 县财政局 | 庚镇政府 | 1`, `
甲县财政局 | 甲县乙镇政府
甲县财政局 | 甲县丙镇政府
戊县财政局 | 戊县己镇政府
县财政局 | 庚镇政府`},
		{"a town's finance office with its government's name", `
from_unit | to_unit | received_amount
甲县财政局 | 乙镇财政所 | 1
甲县财政局 | 乙镇人民政府财政所 | 1
甲县财政局 | 乙镇人民政府 | 1`, `
甲县财政局 | 乙镇人民政府财政所
甲县财政局 | 乙镇人民政府财政所
甲县财政局 | 乙镇人民政府`},
		{"the two names of a limited company", `
from_unit | to_unit | received_amount
甲县财政局 | 青山建筑有限公司 | 1
甲县财政局 | 青山建筑有限责任公司 | 1`, `
甲县财政局 | 青山建筑有限责任公司
甲县财政局 | 青山建筑有限责任公司`},
		{"a firm without its place, if it has a name of its own", `
from_unit | to_unit | received_amount
甲县广厦建筑公司 | 甲县百货公司 | 1
广厦建筑公司 | 百货公司 | 1`, `
甲县广厦建筑公司 | 甲县百货公司
甲县广厦建筑公司 | 百货公司`},
		{"the policy's aliases", `
from_unit | to_unit | received_amount
县扶贫开发局 | 扶贫局 | 1
甲县扶贫办 | 甲县扶贫开发办公室 | 1`, `
甲县扶贫开发办公室 | 甲县扶贫开发办公室
甲县扶贫开发办公室 | 甲县扶贫开发办公室`},
		{"different places and numbered schools stay apart", `
from_unit | to_unit | received_amount
甲县乙镇财政所 | 甲县第一小学 | 1
甲县丙镇财政所 | 甲县第二小学 | 1`, `
甲县乙镇财政所 | 甲县第一小学
甲县丙镇财政所 | 甲县第二小学`},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows := strings.Split(strings.TrimSpace(c.flows), "\n")
			set, _, err := Resolve(table.NewSet(lines(t, table.Flow, 0, trimmed(rows[0]), mapped(rows[1:], trimmed)...)), pol)
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

// Payers without their place: 县财政局 may be of a county whose full name no
// sheet gives.
func TestPayerByCounty(t *testing.T) {
	for _, c := range []struct{ name, funds, want string }{
		{"the one of the roster's county", "F1|10|甲县财政局,F2|10|乙县财政局", "甲县财政局,乙县财政局,县财政局"},
		{"of another county", "F1|10|甲县财政局", "甲县财政局,县财政局,县财政局"},
	} {
		set, _ := resolve(t,
			lines(t, table.Allocation, 0, "fund_no|amount|holder", strings.Split(c.funds, ",")...),
			lines(t, table.Payment, 1, "beneficiary_name|amount|county|payer", "张三|1|甲县|县财政局", "李四|1|乙县|县财政局", "王五|1|丙县|县财政局"))
		if got := shown(set.Get(table.Payment), "_unit"); got != strings.ReplaceAll(c.want, ",", "\n") {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestSuggest(t *testing.T) {
	set := table.NewSet(lines(t, table.Flow, 0, "from_unit|to_unit|received_amount",
		"甲县财政局|甲县乙镇财政所|1", "戊县财政局|甲县丙镇财政所|1", "县财政局|甲县乙镇财政|1", "甲县住建局|甲县第一小学|1", "甲县住健局|甲县第二小学|1"))
	got := ""
	for _, s := range Suggest(set, policy.Builtin()) {
		got += s.Unit + " | " + s.Other + " | " + s.Why("en") + "\n"
	}
	if want := `戊县财政局 | 县财政局 | a short name that fits several units
甲县乙镇财政所 | 甲县乙镇财政 | nearly the same name
甲县住健局 | 甲县住建局 | nearly the same name
甲县财政局 | 县财政局 | a short name that fits several units
`; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
