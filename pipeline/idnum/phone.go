package idnum

import "strings"

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
	s = Digits(s)
	if t := strings.TrimPrefix(strings.TrimPrefix(s, "00"), "86"); len(t) == mobileDigits {
		s = t
	}
	if len(s) < leastPhoneDigits || strings.Contains(countUp, s) || len(s)-len(strings.TrimRight(s, s[len(s)-1:])) >= leastPhoneDigits {
		return ""
	}
	return s
}

// Digits returns the digits of a cell in half width and nothing else of it.
func Digits(s string) string {
	if onlyDigits(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			r -= '０' - '0'
		}
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

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
