package identity

import (
	"slices"
	"strings"

	"fundtrace/pipeline/table"
)

// leastDigits is the length below which digits are a serial number or a
// placeholder and name no account and no person.
const leastDigits = 6

// onlyDigits reports whether every byte of s is a digit. It runs once a cell, so
// it is a loop and no search for a set.
func onlyDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// accountDigits returns an account's digits in half width, or "" where the cell
// holds no account: words, a placeholder such as 0 or 000000, a masked number.
func accountDigits(s string) string {
	if !onlyDigits(s) {
		if strings.ContainsAny(s, "*＊") {
			return ""
		}
		s = strings.Map(func(r rune) rune {
			if r >= '０' && r <= '９' {
				r -= '０' - '0'
			}
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, s)
	}
	if len(s) < leastDigits || strings.Count(s, s[:1]) == len(s) {
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
		lost[i] = slices.Contains(strings.Split(s, ","), "account")
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
