package key

import (
	"fmt"
	"strings"
	"testing"

	"fundtrace/pipeline/steptest"
	"fundtrace/pipeline/table"
)

// TestLimits steps each number of the stage up and down: some case must come to
// something else.
func TestLimits(t *testing.T) {
	steptest.Numbers(t, &limits, nil, func() string {
		var out strings.Builder
		for _, account := range []string{"12345", "123456"} {
			fmt.Fprintln(&out, accountDigits(account))
		}
		for _, cell := range []string{"丁戊己庚辛 甲财农〔2017〕1号", "丁戊己庚辛壬 甲财农〔2017〕1号"} {
			fmt.Fprintln(&out, FundNo(cell))
		}
		for _, firm := range []string{"广厦建公司", "广厦建筑公司"} {
			fmt.Fprintln(&out, shortens(firm, "甲县"+firm))
		}
		set, _ := resolve(t,
			lines(t, table.Member, 0, "household_id|member_name|member_id|county|town|village",
				"1234567|韦大山|459901197001010016|甲县|大河镇|石山村",
				"1234567|黄小河|459901196503050021|甲县|大河镇|平山村",
				"12345678|莫四|45990119700101034X|甲县|大河镇|石山村",
				"12345678|蓝五|459901197001010358|甲县|大河镇|平山村"),
			lines(t, table.Payment, 1, "beneficiary_name|beneficiary_id|county|town|village",
				"罗一|459901197001010001|甲县|大河镇|石山村",
				"梁二|459901197001010001|甲县|大河镇|石山村",
				"谭三|459901197001010002|甲县|大河镇|石山村",
				"覃四|459901197001010002|甲县|大河镇|石山村",
				"石五|459901197001010002|甲县|大河镇|石山村"))
		for row := range 4 {
			fmt.Fprintln(&out, set.Get(table.Member).Text("_household", row))
		}
		for row := range 5 {
			fmt.Fprintln(&out, set.Get(table.Payment).Text("_person", row))
		}
		return out.String()
	})
}
