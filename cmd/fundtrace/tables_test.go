package main

import (
	"os"
	"strings"
	"testing"

	"fundtrace/pipeline/table"
)

// The pages that the schemas write are the schemas' of today, and every field a
// sheet can fill has an example.
func TestTablePagesAreCurrent(t *testing.T) {
	for name, args := range map[string][]string{
		"tables.md":   {"tables", "--markdown"},
		"glossary.md": {"tables", "--glossary"},
	} {
		page, err := os.ReadFile("../../docs/" + name)
		if err != nil {
			t.Fatal(err)
		}
		var out, errs strings.Builder
		if run(args, &out, &errs) != exitDone || out.String() != string(page) {
			t.Errorf("docs/%s is not what the schemas say: make docs", name)
		}
	}
	for _, s := range table.Canonical {
		fromSheets(s, func(f table.Field) {
			if f.Example() == "" {
				t.Errorf("%s.%s has no example", s.Name, f.Name)
			}
		})
	}
}
