// Package idnum reads citizen identity numbers (GB 11643: 18 characters, and
// the older form of 15 digits). It knows numbers only, no persons.
package idnum

import (
	"iter"
	"strings"
	"unicode"

	"fundtrace/pipeline/table"
)

// A Form is how far a text was from the canonical 18 characters.
type Form uint8

// The forms, nearest first.
const (
	Written  Form = iota // canonical as it stands
	Repaired             // after blanks, quotes, full width, lower-case x or a certificate's suffix
	Upgraded             // rebuilt from 15 digits
)

// An ID is a number whose own parts agree.
type ID struct {
	Number string    // 18 characters, the last of them 0-9 or X
	Region string    // division code of six digits
	Birth  table.Day //
	Male   bool      //
	Form   Form      //
}

// A Part names what is wrong with a number.
type Part uint8

// The parts, in the order they are looked at.
const (
	Length     Part = iota + 1 // neither 18 nor 15 characters, nor a certificate's 20 or 22
	Characters                 // something else than digits and a last X
	Birth                      // a date the calendar does not have, or before 1880
	CheckDigit                 // the last character does not follow from the others
	Region                     // a division code never assigned
	Unborn                     // a birth date after the day asked for
)

var partNames = [...]string{"", "length", "characters", "birth date", "check digit", "region code", "birth date in the future"}

// String returns the part's name.
func (p Part) String() string { return partNames[p] }

// An Error says which part of a number is wrong. It never holds the number.
type Error struct{ Part Part }

// Error names the part.
func (e *Error) Error() string { return "identity number: wrong " + e.Part.String() }

// oldest is the first birth date taken for one.
var oldest = table.DayOf(1880, 1, 1)

// Parse reads a number as sheets write it: with blanks, quotes and dashes, in
// full width, with a lower-case x, in 15 digits, or as the number of a
// disability certificate (20 or 22 characters, the first 18 the holder's own).
// The error is an *Error.
func Parse(s string) (ID, error) {
	n := Clean(s)
	id := ID{Number: n}
	switch len(n) {
	case 18:
	case 15:
		if !digits(n) {
			return ID{}, &Error{Characters}
		}
		n = n[:6] + "19" + n[6:]
		id.Number, id.Form = n+string(CheckOf(n)), Upgraded
	case 20, 22:
		if !digits(strings.Replace(n[18:], "B", "", 1)) { // B1: reissued for the first time
			return ID{}, &Error{Characters}
		}
		id.Number = n[:18]
	default:
		return ID{}, &Error{Length}
	}
	n = id.Number
	if id.Form == Written && n != s {
		id.Form = Repaired
	}
	if !digits(n[:17]) || n[17] != 'X' && !digits(n[17:]) {
		return ID{}, &Error{Characters}
	}
	id.Region, id.Male = n[:6], (n[16]-'0')%2 == 1
	var ok bool
	if id.Birth, ok = birth(n[6:14]); !ok {
		return ID{}, &Error{Birth}
	}
	if n[17] != CheckOf(n) {
		return ID{}, &Error{CheckDigit}
	}
	return id, nil
}

// Verify looks at what a number alone cannot tell: that nobody was born after
// asOf, and that its division code was ever assigned, by GB/T 2260 or by added
// (code → name). Whether a newer code than the list's was, of somebody born in
// ListYear or later, nobody here can tell: it is no fault. The error is an *Error.
func (id ID) Verify(asOf table.Day, added map[string]string) error {
	if id.Birth > asOf {
		return &Error{Unborn}
	}
	if !Assigned(id.Region) && added[id.Region] == "" && id.Birth.Year() < ListYear {
		return &Error{Region}
	}
	return nil
}

// weights of GB 11643 (ISO 7064, MOD 11-2): position i weighs 2^(17-i) mod 11,
// and the sum of weight × value is 1 modulo 11, X being 10.
var weights = [18]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1}

// CheckOf returns the check digit, 0-9 or X, that follows from the first 17
// digits of s.
func CheckOf(s string) byte {
	sum := 0
	for i, w := range weights[:17] {
		sum += w * int(s[i]-'0')
	}
	return "10X98765432"[sum%11]
}

// Slips yields the numbers with a right check digit that s, which has a wrong
// one, is one slip of the pen away from: one character off, or two that changed
// places. The check digit leaves at most one a position and about one swap in
// eleven. Most are nobody's, and their dates need not exist. It yields nothing
// for what is not 17 digits and a digit or X.
func Slips(s string) iter.Seq[[18]byte] {
	return func(yield func([18]byte) bool) {
		s = Clean(s)
		if len(s) != 18 || !digits(s[:17]) || s[17] != 'X' && !digits(s[17:]) {
			return
		}
		n := [18]byte([]byte(s))
		lack := 1 // of the sum, modulo 11
		for i := range n {
			lack += 11*11 - weights[i]*value(n[i])
		}
		if lack %= 11; lack == 0 {
			return
		}
		for i, was := range n {
			for _, c := range []byte("0123456789X")[:10+i/17] {
				if (weights[i]*(11+value(c)-value(was))-lack)%11 == 0 {
					if n[i] = c; !yield(n) {
						return
					}
				}
			}
			n[i] = was
		}
		for i := range 17 {
			for j := i + 1; j < 18 && n[j] != 'X'; j++ {
				if ((11+weights[i]-weights[j])*(11+value(n[j])-value(n[i]))-lack)%11 == 0 {
					n[i], n[j] = n[j], n[i]
					if !yield(n) {
						return
					}
					n[i], n[j] = n[j], n[i]
				}
			}
		}
	}
}

// value returns what a character counts in the check sum.
func value(c byte) int {
	if c == 'X' {
		return 10
	}
	return int(c - '0')
}

// Clean returns s in half width without blanks, quotes, dashes, a label before it
// and a stop or a note in brackets behind it, a final x as X. What is not a number
// stays what it is.
func Clean(s string) string {
	if plain(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\u3000' || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r):
			return -1
		case r >= '！' && r <= '～':
			r -= '！' - '!'
		}
		switch r {
		case '\'', '"', '`', '‘', '’', '“', '”', '-', '–', '—':
			return -1
		case 'x', '×', 'Ⅹ', 'ⅹ', 'Х', 'х', 'Χ', 'χ': // the letter, its look-alikes in Roman numerals, Cyrillic and Greek
			return 'X'
		}
		return r
	}, s)
	if i := strings.IndexByte(s, '('); i > 0 && plain(s[:i]) && strings.HasSuffix(s, ")") {
		return s[:i]
	}
	// What stands about a whole number, a label before it and a stop behind, is no
	// part of it.
	first, last := strings.IndexAny(s, figures), strings.LastIndexAny(s, figures)
	if first >= 0 && last < len(s)-1 && s[last+1] == 'X' {
		last++
	}
	if n := last + 1 - first; first >= 0 && (n == 15 || n == 18) && plain(s[first:last+1]) {
		return s[first : last+1]
	}
	return s
}

const figures = "0123456789"

// plain reports whether s is digits and capital X only.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && c != 'X' {
			return false
		}
	}
	return true
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// birth reads YYYYMMDD.
func birth(s string) (table.Day, bool) {
	n := func(s string) (n int) {
		for i := range len(s) {
			n = n*10 + int(s[i]-'0')
		}
		return n
	}
	y, m, d := n(s[:4]), n(s[4:6]), n(s[6:])
	if m < 1 || m > 12 || d < 1 || d > days(y, m) {
		return 0, false
	}
	day := dayOf(y, m, d)
	return day, day >= oldest
}

// days returns the length of a month.
func days(y, m int) int {
	switch m {
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// dayOf counts days since 1970-01-01 in the Gregorian calendar, as
// table.DayOf does, without going through a time: a province has a hundred
// million numbers.
func dayOf(y, m, d int) table.Day {
	if m < 3 {
		y, m = y-1, m+12
	}
	return table.Day(365*y + y/4 - y/100 + y/400 + (153*(m-3)+2)/5 + d - 1 - 719468)
}
