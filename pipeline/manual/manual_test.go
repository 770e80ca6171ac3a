package manual_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/manual"
	"fundtrace/pipeline/policy"
	"fundtrace/rules"
)

// TestPageIsCurrent holds docs/rules.md to the rules.
func TestPageIsCurrent(t *testing.T) {
	var b bytes.Buffer
	if err := manual.Markdown(&b, rules.All, "zh"); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(page, b.Bytes()) {
		t.Error("docs/rules.md is not what the rules say: make docs")
	}
}

func TestManualTellsTheParametersInForce(t *testing.T) {
	p, err := policy.Parse([]byte("rules: {account-shared: {min_households: 7}}"))
	if err != nil {
		t.Fatal(err)
	}
	r := rules.Named("account-shared")
	plan, err := detect.NewPlan([]*detect.Rule{r}, detect.Settings{Policy: p}, detect.Holds{})
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string][]string{
		"zh": {"一卡多户", "min_households = 7", "默认 3", "核查方法", "示例"},
		"en": {"min_households = 7", "default 3", "How to verify", "Known false alarms"},
	} {
		var b strings.Builder
		if err := manual.Rule(&b, r, plan.Values(r), lang); err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(b.String(), w) {
				t.Errorf("the manual in %s does not say %q:\n%s", lang, w, &b)
			}
		}
	}
}

func TestListNamesEveryRuleOnce(t *testing.T) {
	var b strings.Builder
	if err := manual.List(&b, rules.All, "en"); err != nil {
		t.Fatal(err)
	}
	for _, r := range rules.All {
		if strings.Count(b.String(), "  "+r.ID+" ") != 1 {
			t.Errorf("%s is not in the list once", r.ID)
		}
	}
}
