package key

import "testing"

func TestTownOf(t *testing.T) {
	for unit, want := range map[string]string{
		"甲县大河镇人民政府": "大河镇", "大河镇财政所": "大河镇", "大河镇": "大河镇", "丙自治县平山乡石山村村民委员会": "平山乡", "甲市城关街道办事处": "城关街道", "甲县镇江乡财政所": "镇江乡", "甲县古城乡财政所": "古城乡",
		"甲县财政局": "", "甲县乡村振兴局": "", "乡村振兴局": "", "甲县住房和城乡建设局": "", "石山村村民委员会": "", "自治区财政厅": "", "": "",
	} {
		if got := TownOf(unit); got != want {
			t.Errorf("TownOf(%q) is %q, want %q", unit, got, want)
		}
	}
}
