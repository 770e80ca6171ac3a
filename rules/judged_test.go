package rules_test

import (
	"fmt"
	"path/filepath"
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

func ruleNamed(t testing.TB, id string) *detect.Rule {
	i := slices.IndexFunc(rules.All, func(r *detect.Rule) bool { return r.ID == id })
	if i < 0 {
		t.Fatalf("there is no rule %s", id)
	}
	return rules.All[i]
}

// TestNotApplicable holds rules to say what they could not judge, and why: an
// absent date or standard is neither a lead nor clear.
func TestNotApplicable(t *testing.T) {
	for file, want := range map[string][]string{
		"paid-deceased/look-alike":       {"the register of deaths has no date"},
		"paid-public-payroll/look-alike": {"the register line has no date of beginning"},
		"over-standard/look-alike":       {"no standard in policy or roster", "the quantity, size or period that the standard needs is absent"},
		"over-standard/over":             {"the policy has no ceiling per household"},
		"exit-under-line/look-alike": {
			"no income in the year of exit", "the household has not exited", "the policy has no poverty line for the year", "the register has no row of the year of exit",
		},
		"exit-guarantee/look-alike": {
			"the guarantees are blank in the year of exit", "the household has not exited", "the register has no row of the year of exit",
		},
		"exit-transfer-gap/look-alike": {
			"no payment in the year, and no rosters of it", "no transfer income in the year of exit", "size of household unknown", "the policy has no poverty line for the year",
		},
		"exit-jump/look-alike":          {"no income in the year of exit or the one before", "the policy has no poverty line for the year"},
		"exit-size/look-alike":          {"no row or size of the year before the exit", "no income in the year of exit"},
		"exit-bunching/look-alike":      {"too few incomes on one side of the line, or no line"},
		"exit-en-masse/look-alike":      {"exits without a day", "too few households not yet out of poverty"},
		"exit-reversal/look-alike":      {"records of one year only"},
		"exit-conflict/look-alike":      {"the household has not exited", "the policy has no means line for the year"},
		"exit-shell/look-alike":         {"not all members are listed"},
		"data-round/few-units":          {"too few units to compare with"},
		"data-outlier/look-alike":       {"too few payments of a kind", "more than half are one amount"},
		"id-invalid/look-alike":         {"no identity number", "the number was rounded by a spreadsheet"},
		"hold-idle/look-alike":          {"the days of arrival or leaving are absent"},
		"hold-short/look-alike":         {"no stated balance"},
		"hold-received-less/look-alike": {"no ledger of the other side"},
		"hold-unfunded/look-alike":      {"payments cite no fund, or the days of payment or issue are absent"},
		"data-total/look-alike":         {"the sheet states no total"},
		"paid-wrong-age/look-alike":     {"age unknown: no valid identity number", "no day of payment and no period"},
		"name-conflict/look-alike":      {"no identity number"},
		"phone-shared/look-alike":       {"rosters have no telephone"},
		"paid-asset-owner/look-alike":   {"value or date of the asset unknown"},
		"paid-asset-owner/no-limit":     {"the policy has no limit for such assets"},
		"paid-outside-status/look-alike": {
			"not on the household register", "the programs ask for no status, or the register lacks category or years",
		},
		"flat-payment/look-alike": {"too few payees", "no program graded by need"},
		"entitled-unpaid/look-alike": {
			"no year to judge: not on the roster all year, or the year's rosters are not there",
		},
		"entitled-unpaid/undated":      {"the register line has no date of beginning"},
		"entitled-unpaid/unknown":      {"no year to judge: not on the roster all year, or the year's rosters are not there"},
		"paid-unregistered/look-alike": {"the household register does not cover the year"},
		"proj-overpaid/look-alike":     {"no payment to the contractor or to households on record", "the project has no contract or budget"},
	} {
		f, set := resolved(t, file+".txtar")
		r := ruleNamed(t, filepath.Dir(file))
		_, status, err := ruletest.Embedded(t.Context(), []*detect.Rule{r}, set, detect.Settings{AsOf: f.AsOf, Policy: f.Policy})
		if err != nil {
			t.Fatal(err)
		}
		for _, na := range status[0].NA {
			if na.Reason.Zh == "" || na.Reason.En == "" {
				t.Errorf("%s: %d not applicable without a reason", file, na.N)
			}
		}
		for _, w := range want {
			if !slices.ContainsFunc(status[0].NA, func(na detect.NA) bool { return na.Reason.En == w }) {
				t.Errorf("%s: nothing was not applicable for the reason %q; reasons %v", file, w, status[0].NA)
			}
		}
	}
}

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
		if !slices.Contains(r.Needs, table.Payment.Name) || slices.ContainsFunc(r.Needs, func(n string) bool { return !detect.Present(set)[n] }) {
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
