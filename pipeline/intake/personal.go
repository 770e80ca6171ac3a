package intake

import (
	"regexp"
	"strconv"
	"strings"
)

// Columns beyond the contract in which a sheet says of a person what the
// identity number says too. They tell no table, and each is one person's: it is
// neither inherited nor carried from one person of a row or block to the next.
const (
	selfBirth = "_birth"
	selfSex   = "_sex"
	selfAge   = "_age"
)

// isSelf reports whether a field is one of them.
func isSelf(field string) bool { return strings.HasPrefix(field, "_") }

var (
	yearAlone = regexp.MustCompile(`^(\d{4})年?$`)
	// A number 1964.10 is 1964.1 in a spreadsheet.
	lostZero = regexp.MustCompile(`^(\d{4})\.1$`)
	agePlain = regexp.MustCompile(`^(\d{1,3})(\.0+)?(周?岁)?$`)
)

// birthText writes a date of birth as 1964-03-12, as 1964-03 where the day is not
// told, as 1964 where the month is not. A date on the first of a month may be a
// month alone, and on the first of January a year alone: spreadsheets write them
// so. A year of two digits is not read.
func birthText(s string) string {
	p := figures(plain(s))
	for _, form := range [...]*regexp.Regexp{yearAlone, lostZero} {
		if m := form.FindStringSubmatch(p); m != nil {
			return m[1]
		}
	}
	day, err := textDate(s)
	if err != nil && err != errMonthOnly {
		return s
	}
	y, m, d := day.Date()
	if !strings.Contains(p, strconv.Itoa(y)) && len(p) != 5 {
		return s
	}
	switch {
	case d != 1:
		return day.String()
	case m != 1 || err == errMonthOnly:
		return day.String()[:len("1964-03")]
	}
	return day.String()[:len("1964")]
}

// sexText writes a sex as 男 or 女: words, or the codes of GB/T 2261.
func sexText(s string) string {
	switch plain(s) {
	case "男", "男性", "1", "M":
		return "男"
	case "女", "女性", "2", "F":
		return "女"
	}
	return s
}

// ageText writes an age in whole years.
func ageText(s string) string {
	if m := agePlain.FindStringSubmatch(plain(s)); m != nil {
		return m[1]
	}
	return s
}
