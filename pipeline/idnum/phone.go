package idnum

import (
	"strings"

	"fundtrace/pipeline/words"
)

const (
	mobileDigits     = 11 // 1 and ten more
	leastPhoneDigits = 7  // of a telephone without its area code; as many equal ones at the end are a placeholder
	countUp          = "012345678901234567890"
)

// Phone returns a telephone's digits without the country's code, "" where the
// cell holds none: too few, a placeholder, masked.
func Phone(s string) string {
	if strings.ContainsAny(s, "*＊") {
		return ""
	}
	s = words.Digits(s)
	if t := strings.TrimPrefix(strings.TrimPrefix(s, "00"), "86"); len(t) == mobileDigits {
		s = t
	}
	if len(s) < leastPhoneDigits || strings.Contains(countUp, s) || len(s)-len(strings.TrimRight(s, s[len(s)-1:])) >= leastPhoneDigits {
		return ""
	}
	return s
}
