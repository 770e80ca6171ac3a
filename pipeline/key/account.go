package key

import (
	"slices"
	"strings"

	"fundtrace/pipeline/table"
	"fundtrace/pipeline/words"
)

// accountDigits returns an account's digits in half width, or "" where the cell
// holds no account: words, a placeholder such as 0 or 000000, a masked number.
func accountDigits(s string) string {
	if strings.ContainsAny(s, "*＊") {
		return ""
	}
	s = words.Digits(s)
	if len(s) < limits.AccountDigits || strings.Count(s, s[:1]) == len(s) {
		return ""
	}
	return s
}

// withoutRounded takes the account off rows where a spreadsheet rounded it:
// what is left of the number is many accounts'.
func withoutRounded(t *table.Table, c column) column {
	codes, dict := t.Words(table.RoundedColumn)
	lost := make([]bool, len(dict))
	for i, s := range dict {
		lost[i] = table.Marked(s, "account")
	}
	if c.codes == nil || !slices.Contains(lost, true) {
		return c
	}
	c.codes = slices.Clone(c.codes)
	for row, k := range codes {
		if k != none && lost[k] {
			c.codes[row] = none
		}
	}
	return c
}
