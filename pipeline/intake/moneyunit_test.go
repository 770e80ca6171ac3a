package intake

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"fundtrace/pipeline/table"
)

// TestMoneyUnits reads one transfer of 125,000 yuan under every wording of its unit.
func TestMoneyUnits(t *testing.T) {
	const head, row = "序号,指标文号,拨出单位,收款单位,拨付金额,拨付日期", "#1,丙财农〔2018〕1号,甲县财政局,甲县红岭镇财政所,SUM,2018-01-15"
	const yuan, wan = "元", "万元"
	sums := map[string]string{"亿元": "#0.00125", wan: "#12.5", "千元": "#125", "百元": "#1250", yuan: "#125000", "角": "#1250000", "分": "#12500000"}
	for _, c := range []struct {
		above, head, row, below, sheet, file string
		want                                 string
		how                                  table.How
	}{
		{above: "单位：万元", want: wan, how: table.Labelled},
		{above: "单位：户、人、万元", want: wan, how: table.Labelled},
		{above: "填报单位：甲县财政局        单位：人、万元        2018年12月", want: wan, how: table.Labelled},
		{above: ",,,,单位：,万元", want: wan, how: table.Labelled},
		{above: ",,,单位,万元", want: wan, how: table.Labelled},
		{above: ",,,金额单位:,,万 元", want: wan, how: table.Labelled},
		{above: "金额单位:人民币万元", want: wan, how: table.Labelled},
		{above: "货币单位：人民币（万元）", want: wan, how: table.Labelled},
		{above: "单位名称：甲县财政局  单位：万元", want: wan, how: table.Labelled},
		{above: "单位名称：甲县财政局  单位：元", want: yuan},
		{above: "计量单位：万元/人", want: wan, how: table.Labelled},
		{above: "计量单位:万元", want: wan, how: table.Labelled},
		{above: "资金单位为万元", want: wan, how: table.Labelled},
		{above: "单 位 ： 万 元", want: wan, how: table.Labelled},
		{above: "单位；万元", want: wan, how: table.Labelled},
		{above: "单位 万元", want: wan, how: table.Labelled},
		{above: "单位﹕万元", want: wan, how: table.Labelled},
		{above: "單位:萬元", want: wan, how: table.Labelled},
		{above: "币种：人民币　单位：万元", want: wan, how: table.Labelled},
		{above: "人民币：万元", want: wan, how: table.Labelled},
		{above: "万元", want: wan, how: table.Labelled},
		{above: "（万元）", want: wan, how: table.Labelled},
		{above: "【单位：万元】", want: wan, how: table.Labelled},
		{above: "本表以万元为单位", want: wan, how: table.Labelled},
		{above: "以下金额均按万元计算", want: wan, how: table.Labelled},
		{above: "甲县2018年扶贫资金拨付表（万元）", want: wan, how: table.Labelled},
		{above: "单位：个、万元、%", want: wan, how: table.Labelled},
		{above: "单位:万元（保留两位小数）", want: wan, how: table.Labelled},
		{above: "单位：万元填报日期：2018年12月", want: wan, how: table.Labelled},
		{above: "数量单位：户；金额单位：万元", want: wan, how: table.Labelled},
		{above: "单位：万", want: wan, how: table.Labelled},
		{above: "单位：RMB万元", want: wan, how: table.Labelled},
		{above: "单位：亿元", want: "亿元", how: table.Labelled},
		{above: "单位：千元", want: "千元", how: table.Labelled},
		{above: "单位：百元", want: "百元", how: table.Labelled},
		{above: "单位：角", want: "角", how: table.Labelled},
		{above: "单位：元", want: yuan},
		{above: "单位：元/人", want: yuan},
		{above: "单位：元整", want: yuan},
		{above: "联系单位：元宝乡人民政府", want: yuan},
		{above: "单位：户县民政局", want: yuan},
		{above: "甲县100万元以上扶贫资金拨付表", want: yuan},
		{above: "补助标准：3.5万元/户", want: yuan},
		{head: "序号,指标文号,拨出单位,收款单位,拨付金额（万元）,拨付日期", want: wan},
		{head: "序号,指标文号,拨出单位,收款单位,拨付金额[单位:万元],拨付日期", want: wan},
		{head: "序号,指标文号,拨出单位,收款单位,拨付金额万元,拨付日期", want: wan},
		{head: "序号,指标文号,拨出单位,收款单位,拨付金额(亿元),拨付日期", want: "亿元"},
		{head: "序号,指标文号,拨出单位,收款单位,拨付金额(人民币：万元),拨付日期", want: wan},
		{head: "序号,指标文号,拨出单位,收款单位,拨付金额(分),拨付日期", want: "分"},
		{above: "单位：万元", head: "序号,指标文号,拨出单位,收款单位,拨付金额（元）,拨付日期", want: yuan},
		{row: "#1,丙财农〔2018〕1号,甲县财政局,甲县红岭镇财政所,12.5万,2018-01-15", want: yuan},
		{head: head + ",单位", row: row + ",万元", want: wan},
		{head: head + ",金额单位", row: row + ",元", want: yuan},
		{below: "注：本表金额单位为万元。", want: wan, how: table.Labelled},
		{below: "制表人：张三    单位：万元", want: wan, how: table.Labelled},
		{below: "说明：金额以万元为单位", want: wan, how: table.Labelled},
		{sheet: "拨付(万元)", want: wan, how: table.Inherited},
		{sheet: "拨付_万元", want: wan, how: table.Inherited},
		{file: "甲县扶贫办/2018年资金拨付台账（单位：万元）", want: wan, how: table.Inherited},
		{file: "甲县扶贫办/2018年资金拨付台账万元", want: wan, how: table.Inherited},
		{above: "单位：元、万元", want: yuan, how: table.Guessed},
		{above: "金额单位：美元", want: yuan, how: table.Guessed},
		{above: "金额单位：贯", want: yuan, how: table.Guessed},
	} {
		name := strings.Join([]string{c.above, c.head, c.row, c.below, c.sheet, c.file}, "|")
		if c.head == "" {
			c.head = head
		}
		if c.row == "" {
			c.row = row
		}
		if c.file == "" {
			c.file = "甲县2018年扶贫资金拨付"
		}
		c.row = strings.ReplaceAll(c.row, "SUM", sums[c.want])
		lines := []string{"甲县2018年扶贫资金拨付明细表"}
		for _, l := range []string{c.above, c.head, c.row, "合计,,,," + strings.Split(c.row, ",")[4], c.below} {
			if l != "" {
				lines = append(lines, l)
			}
		}
		res, err := readFixture(&txtar.Archive{Files: []txtar.File{{Name: c.file + ".xlsx!" + c.sheet, Data: []byte(strings.Join(lines, "\n") + "\n")}}}, "zh")
		if err != nil {
			t.Fatal(err)
		}
		flows := res.Tables.Get(table.Flow)
		if flows.Len() != 1 {
			t.Errorf("%s: %d transfers, want 1; %v", name, flows.Len(), res.Rejects)
			continue
		}
		if got := flows.Ints("sent_amount")[0]; got != 125_000_00 || res.Sheets[0].Unit != c.want {
			t.Errorf("%s: %d fen in %s, want %s", name, got, res.Sheets[0].Unit, c.want)
		}
		if got := table.ParseHow(flows.Text(table.HowColumn("sent_amount"), 0)); got != c.how {
			t.Errorf("%s: known by %s, want %s", name, got, c.how)
		}
		if len(res.Sheets[0].Totals) != 1 || !res.Sheets[0].Totals[0].Agrees {
			t.Errorf("%s: the total does not agree: %v", name, res.Sheets[0].Totals)
		}
	}
}
