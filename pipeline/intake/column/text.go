package column

import (
	"strings"
	"unicode"

	"fundtrace/pipeline/words"
)

// blank reports whether r is white space as sheets carry it, the ideographic
// space, no-break spaces and byte order marks among it.
func blank(r rune) bool {
	return unicode.IsSpace(r) || r == 0xfeff || r >= 0x200b && r <= 0x200d || r == 0x3000
}

// punctuation is left out of header words.
const punctuation = "()[]{}<>《》“”\"'*:;,./\\|_-+#&!?？…、·%"

// Word is the form in which header words are compared: folded, without
// punctuation, 帐 as 账.
func Word(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(punctuation, r):
			return -1
		case r == '帐':
			return '账'
		}
		return r
	}, words.Fold(s))
}

func han(r rune) bool { return unicode.Is(unicode.Han, r) }

// digits reports whether s is one or more ASCII digits.
func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
