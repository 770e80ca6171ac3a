package intake

import (
	"context"
	"os"
	"testing"

	"fundtrace/pipeline/table"
)

// A folder of foreign workbooks, none of them about funds, is accounted for row
// by row, and next to nothing of it is taken for a table.
func TestManualForeignWorkbooks(t *testing.T) {
	const corpus = "../../../shared/corpus/poi"
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("the corpus is not here")
	}
	res, err := Read(context.Background(), []string{corpus}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkAccount(t, res)
	read := 0
	for _, in := range res.Inputs {
		if in.Status == "read" || in.Status == "partly" {
			read++
		}
	}
	if read < 100 {
		t.Errorf("only %d of %d files read", read, len(res.Inputs))
	}
	for _, s := range table.Canonical {
		if n := res.Tables.Get(s).Len(); n > 0 {
			t.Errorf("%d rows taken for %s", n, s.Name)
		}
	}
}
