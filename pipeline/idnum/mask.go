package idnum

import (
	"strings"
	"unicode"
)

// A Mask is what a number shows of which an office hid a part before it put it up
// in public: 459901********0016, 4599…0016.
type Mask struct {
	Head, Tail string // the digits before the first hidden one and behind the last
	Left       int    // digits that are left, those between hidden ones too
}

// hiding are the characters that stand for hidden ones. X, the dash and the dot
// have uses of their own, and hide in a run only.
const hiding = "*＊×✕✖□■●○◯#＃?？_＿～~…⋯"

// runs are characters that hide where three stand together, an X where two do.
const runs = "-—–.·。xXＸｘ"

// Masked returns what a masked number shows; ok is false for a number that is
// whole, for none, and for one that shows no digit.
func Masked(s string) (m Mask, ok bool) {
	if plain(s) && !strings.Contains(s, "XX") {
		return m, false
	}
	var shown []rune // digits as they are, hidden ones as *
	hidden := false
	rs := []rune(s)
	for i := 0; i < len(rs); i++ {
		r := rs[i]
		if r >= '０' && r <= '９' {
			r -= '０' - '0'
		}
		switch {
		case r >= '0' && r <= '9':
			shown = append(shown, r)
		case strings.ContainsRune(hiding, r):
			shown, hidden = append(shown, '*'), true
		case strings.ContainsRune(runs, r):
			n := 1
			for i+n < len(rs) && rs[i+n] == r {
				n++
			}
			least := 3
			if strings.ContainsRune("xXＸｘ", r) {
				least = 2
			}
			if n >= least {
				shown, hidden = append(shown, '*'), true
			} else if least == 2 {
				shown = append(shown, 'X')
			}
			i += n - 1
		case unicode.IsSpace(r) || strings.ContainsRune("'\"`‘’“”", r):
		default: // words about it
			if len(shown) > 0 && unicode.IsLetter(r) {
				return m, false
			}
		}
	}
	t := strings.TrimRight(string(shown), " ")
	if !hidden || !strings.ContainsAny(t, "0123456789") {
		return m, false
	}
	m.Head = t[:strings.IndexByte(t, '*')]
	m.Tail = t[strings.LastIndexByte(t, '*')+1:]
	for _, c := range []byte(t) {
		if c != '*' {
			m.Left++
		}
	}
	return m, m.Left < 18
}
