package key

import (
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
	"fundtrace/pipeline/words"
)

// projectOf brings a project number into the one form it is compared in.
func projectOf(cell string, _ *policy.Policy) string { return words.Fold(cell) }

// ProjectFunds returns the fund that each project cites, "" where it cites
// several.
func ProjectFunds(works *table.Table) map[string]string {
	funds := map[string]string{}
	for row := range works.Len() {
		project, fund := works.Text("_project", row), works.Text("_fund", row)
		if project == "" || fund == "" {
			continue
		}
		if old, ok := funds[project]; ok && old != fund {
			fund = ""
		}
		funds[project] = fund
	}
	return funds
}
