package report

import (
	"os"
	"regexp"
	"testing"

	"fundtrace/pipeline/chain"
)

// Every reason of the chain is told in both languages, and no other.
func TestEveryReasonHasWords(t *testing.T) {
	text, err := os.ReadFile("../chain/reason.go")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`Reason = "(\w+)"`).FindAllSubmatch(text, -1)
	if len(found) != len(reasons) {
		t.Errorf("%d reasons, words for %d", len(found), len(reasons))
	}
	for _, m := range found {
		if w := reasons[chain.Reason(m[1])]; w.Zh == "" || w.En == "" {
			t.Errorf("%s lacks words", m[1])
		}
	}
}
