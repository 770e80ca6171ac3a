package key

import "testing"

func TestChannel(t *testing.T) {
	own := func(c string) bool { return c == "甲县" || c == "丙市" }
	for unit, want := range map[string]bool{
		"甲县财政局": true, "甲县人社局": true, "人社局": true, "甲县扶贫办": true, "甲县白马镇": true, "白马镇": true, "白马镇人民政府": true, "石山村": true, "石山村村民委员会": true,
		"丙市民政局": true, "国库集中支付中心": true, "大河镇财政所": true,
		"乙县人社局": false, "乙县财政局": false, "甲县望江大酒店": false, "甲县政府招待所有限公司": false, "甲县百利商贸有限公司": false, "韦小坡": false, "甲县中心小学": false,
	} {
		if got := Channel(unit, own); got != want {
			t.Errorf("Channel(%q) is %v", unit, got)
		}
	}
}
