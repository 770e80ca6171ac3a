package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/exec"
	"fundtrace/pipeline/idnum"
	"fundtrace/pipeline/ruletest"
	"fundtrace/pipeline/table"
	"fundtrace/rules"
)

// BenchmarkPayments runs the rules on payments over 100,000 rows of 25,000
// persons, monthly, none of them at fault: what a run mostly meets.
func BenchmarkPayments(b *testing.B) {
	var text strings.Builder
	text.WriteString("-- payment.csv --\nbeneficiary_name,beneficiary_id,household_id,program,period,amount,pay_date,account\n")
	for person := range 25_000 {
		for month := range 4 {
			id := fmt.Sprintf("4599011970%02d%02d%03d", person/28%12+1, person%28+1, person/336%1000)
			fmt.Fprintf(&text, "韦某,%s%c,H%d,农村低保,2017-%02d,200,2017-%02d-15,6217%08d\n", id, idnum.CheckOf(id), person/3, month+1, month+1, person/3)
		}
	}
	text.WriteString("-- household.csv --\nhousehold_id,member_name\nH1,韦某\n")
	f, err := ruletest.Parse("bench", []byte(text.String()), []byte(`regions: {"459901": 甲县}`))
	if err != nil {
		b.Fatal(err)
	}
	set, err := f.Resolve()
	if err != nil {
		b.Fatal(err)
	}
	for _, r := range rules.All {
		if !slices.Contains(r.Needs, table.Payment.Name) || slices.ContainsFunc(r.Needs, func(n string) bool { return !detect.HoldsOf(set).Tables[n] }) {
			continue
		}
		b.Run(r.ID, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := exec.Run(b.Context(), []*detect.Rule{r}, set, detect.Settings{AsOf: f.AsOf, Policy: f.Policy}, exec.Options{Workers: 1}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
