package intake

import (
	"slices"
	"testing"

	"fundtrace/pipeline/table"
)

// A label is the longest that is known and stands by itself; its value ends where
// the next begins, or is the next cell.
func TestLabelLines(t *testing.T) {
	for _, c := range []struct {
		cells []string
		want  []label
	}{
		{[]string{"发放单位：甲县民政局"}, []label{{"发放单位", "甲县民政局"}}},
		{[]string{"发放单位:甲县民政局 指标文号：甲财社〔2017〕6号;单  位：元"}, []label{{"发放单位", "甲县民政局"}, {"指标文号", "甲财社〔2017〕6号"}, {"单位", "元"}}},
		{[]string{"单位：", "", "万元"}, []label{{"单位", "万元"}}},
		{[]string{"单位：", "金额：", "12"}, []label{{"金额", "12"}}},
		{[]string{"联系单位：甲县扶贫办"}, nil},
		{[]string{"备注：无", "甲县民政局"}, nil},
		{[]string{"帐号：62170001"}, []label{{"账号", "62170001"}}},
	} {
		if got := labelsIn(c.cells); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.cells, got, c.want)
		}
	}
}

// What a label says is read by the field that it tells; what is none of its kind
// says nothing.
func TestLabelValues(t *testing.T) {
	field := func(s *table.Schema, name string) table.Field { return s.Fields[s.Field(name)] }
	for _, c := range []struct {
		field table.Field
		value string
		want  string
	}{
		{field(table.Payment, "pay_date"), "2017年5月20日", "2017-05-20"},
		{field(table.Payment, "pay_date"), "5月20日", "2018-05-20"},
		{field(table.Payment, "pay_date"), "见附表", ""},
		{field(table.Payment, "period"), "2017年一季度", "2017Q1"},
		{field(table.Payment, "standard"), "95.5元/亩", "95.50"},
		{field(table.Payment, "fund_no"), "甲财农〔2017〕6号、甲财农〔2017〕7号（扶贫）", "甲财农〔2017〕6号、甲财农〔2017〕7号"},
		{field(table.Payment, "fund_no"), "12345.60", ""},
		{field(table.Payment, "payer"), "甲县民政局（盖章）", "甲县民政局"},
		{field(table.Flow, "to_unit"), "万元", ""},
	} {
		if got := (label{value: c.value}).valueFor(c.field, 2018); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.field.Name, c.value, got, c.want)
		}
	}
}
