package key

import (
	"slices"
	"strings"
	"testing"
)

// One document in any spelling is one fund.
func TestFundNo(t *testing.T) {
	for _, c := range []struct{ want, cells string }{
		{"桂财农〔2017〕8号", `桂财农〔2017〕8号|桂财农[2017]8号|桂财农【2017】8号|桂财农（2017）8号|桂财农(2017)8号|桂财农﹝2017﹞8号|桂财农〖2017〗8号|桂财农《2017》8号
			 桂财农 [2017] 8 号|桂财农〔 2017 〕 8号|桂财农[2017]第08号|桂财农[2017]8|桂财农［２０１７］８号|桂财农2017年8号|桂财农 2017 8号|桂财农〔2017年〕8号|桂财农〔2017)8号
			桂财农〔2017〕8号文|桂财农〔2017〕8号文件|文号：桂财农〔2017〕8号|指标文号:桂财农〔2017〕8号。|《桂财农〔2017〕8号》|（桂财农〔2017〕8号）|桂财农〔2017〕8号（第一批）|桂财农〔2017〕8号附件2
			自治区财政厅关于下达2017年财政专项扶贫资金的通知（桂财农〔2017〕8号）|关于下达2017年扶贫资金的通知桂财农〔2017〕8号|根据桂财农〔2017〕8号|农村居民最低生活保障 桂财农〔2017〕8号`},
		{"桂财农〔2017〕8-1号", "桂财农（2017）8-1号|桂财农〔2017〕8—1号"},
		{"甲财预（扶）〔2017〕12号", "甲财预（扶）〔2017〕12号|甲财预(扶)[2017]12号"},
		{"〔2017〕8号", "[2017]8号|〔2017〕8号"},
		{"桂财农2017年", "桂财农2017年"}, // no number
		{"桂财农20178号", "桂财农20178号"},
		{"桂财农〔2017〕18号", "桂财农〔2017〕18号"},
		{"桂财社〔2017〕8号", "桂财社〔2017〕8号"},
		{"桂财农〔2018〕8号", "桂财农〔2018〕8号"},
		{"FP-2017-001", "fp-2017-001|ＦＰ-2017-001 。|文号：fp-2017-001"},
		{"", "| |、"},
	} {
		for line := range strings.SplitSeq(c.cells, "\n") {
			for cell := range strings.SplitSeq(strings.TrimLeft(line, "\t"), "|") {
				if got := FundNos(cell); !slices.Equal(got, strings.FieldsFunc(c.want, func(r rune) bool { return r == ' ' })) {
					t.Errorf("FundNos(%q) = %q, want %q", cell, got, c.want)
				}
			}
		}
	}
	for _, cell := range []string{"桂财农〔2017〕\n8号", "桂财\n农〔2017〕8号", "桂财农\n〔2017〕8号\n"} {
		if got := FundNo(cell); got != "桂财农〔2017〕8号" {
			t.Errorf("FundNo(%q) = %q", cell, got)
		}
	}
}

func TestFundNosOfOneCell(t *testing.T) {
	for cell, want := range map[string]string{
		"桂财农〔2017〕8号、桂财社〔2017〕3号":    "桂财农〔2017〕8号 桂财社〔2017〕3号",
		"桂财农〔2017〕8号桂财社〔2017〕3号":     "桂财农〔2017〕8号 桂财社〔2017〕3号",
		"桂财农〔2017〕8号\n桂财农〔2017〕9号":   "桂财农〔2017〕8号 桂财农〔2017〕9号",
		"桂财农〔2017〕8号、9号，12号":         "桂财农〔2017〕8号 桂财农〔2017〕9号 桂财农〔2017〕12号",
		"桂财农〔2017〕8号、〔2018〕9号、10号":   "桂财农〔2017〕8号 桂财农〔2018〕9号 桂财农〔2018〕10号",
		"桂财农[2017]8号和桂财农[2017]8号":    "桂财农〔2017〕8号",
		"桂财农〔2017〕8号；FP-001":         "桂财农〔2017〕8号 FP-001",
		"2017年中央、自治区资金(桂财农〔2017〕8号)": "桂财农〔2017〕8号",
		"F1、F2": "F1 F2",
	} {
		if got := strings.Join(FundNos(cell), " "); got != want {
			t.Errorf("FundNos(%q) = %q, want %q", cell, got, want)
		}
	}
}

func FuzzFundNo(f *testing.F) {
	for _, s := range []string{"桂财农〔2017〕8号", "桂财农[2017]8号、9号", "8号", "〔2017〕8号", "a[2017]5", "关于的通知（桂财农（扶）〔2017〕8号）"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, no := range FundNos(s) {
			if no == "" {
				t.Errorf("FundNos(%q) has an empty number", s)
			}
			if again := FundNos(no); len(again) != 1 || again[0] != no {
				t.Errorf("FundNos(%q) has %q, and of that %q", s, no, again)
			}
		}
	})
}
