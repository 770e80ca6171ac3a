package intake

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

func TestMappingErrors(t *testing.T) {
	for _, c := range []struct{ yaml, want string }{
		{"sheets:\n  - file: a\n    tabel: payment\n", "[3:5]"},
		{"sheets:\n  - file: a\n    table: payments\n", "line 2, column 5"},
		{"sheets:\n  - file: a\n  - file: b\n    table: payment\n    columns: {甲: income}\n", "line 3, column 5"},
		{"sheets:\n  - table: payment\n", "give a pattern"},
		{"sheets:\n  - file: a\n    unit: 美元\n", "万元"},
		{"sheets:\n  - file: '[a'\n", "pattern"},
		{"sheets: &a\n  - file: *a\n", "[1:9] anchors and aliases"},
		{"sheets: []\n# \xb5\xcd\n", "[2:1] the file is not in UTF-8"},
		{"sheets:\n  - file: a\n    inherit: {period: 17年}\n", "period"},
	} {
		_, err := ParseMapping([]byte(c.yaml))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want an error with %q", c.yaml, err, c.want)
		}
	}
	if m, err := ParseMapping(nil); err != nil || len(m.Sheets) != 0 {
		t.Errorf("empty file: %v, %v", m, err)
	}
}

// The skeleton names the columns in doubt, parses, and with a column corrected
// changes how the sheet is read.
func TestMappingSkeleton(t *testing.T) {
	const roster = `-- 甲县/[1]名册.xlsx!Sheet1 --
姓名,身份证号,本次实际补助金额数,领取情况
韦大山,459901195001100100,#100,已发
`
	res, err := readFixture(txtar.Parse([]byte(roster)), "zh")
	if err != nil {
		t.Fatal(err)
	}
	text := string(res.MappingSkeleton("zh"))
	if !strings.Contains(text, `"本次实际补助金额数": "amount"`) || !strings.Contains(text, `"领取情况": ""`) || strings.Contains(text, "身份证号") {
		t.Fatalf("skeleton:\n%s", text)
	}
	text = strings.Replace(text, `"领取情况": ""`, `"领取情况": "state"`, 1)
	m, err := ParseMapping([]byte(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if m.overrideFor("甲县/[1]名册.xlsx", "Sheet1") == nil {
		t.Error("the skeleton does not match its own sheet")
	}
	res, err = readFixture(txtar.Parse([]byte("-- mapping.yaml --\n"+text+roster)), "zh")
	if err != nil {
		t.Fatal(err)
	}
	if got := dump(res); !strings.Contains(got, "state\n") && !strings.Contains(got, ",state") {
		t.Errorf("the corrected column is not read:\n%s", got)
	}
	if text := string(res.MappingSkeleton("zh")); !strings.Contains(text, "sheets: []") {
		t.Errorf("after the correction:\n%s", text)
	}
}
