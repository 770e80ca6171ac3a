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

// An office of the county is named by its level alone, whatever stands in its
// own name that also ends the names of towns and villages.
func TestOfficesOfTheLevelOfTheirPlace(t *testing.T) {
	for _, office := range []string{
		"财政局", "住房和城乡建设局", "城乡规划局", "城乡居民社会养老保险局", "城镇住房保障中心", "农村信用合作联社", "乡村振兴局", "农业局", "民政局", "教育局",
		"交通运输局", "水利局", "林业局", "医疗保障局", "残疾人联合会", "人力资源和社会保障局", "扶贫开发办公室", "社区矫正局", "开发区管理委员会", "移民管理局",
	} {
		if got, want := qualified("县"+office, place{"甲县"}), "甲县"+office; got != want {
			t.Errorf("县%s of 甲县 is %s, want %s", office, got, want)
		}
	}
}
