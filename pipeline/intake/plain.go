package intake

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"fundtrace/pipeline/words"
)

// blank reports whether r is white space as sheets carry it, the ideographic
// space, no-break spaces and byte order marks among it.
func blank(r rune) bool {
	return unicode.IsSpace(r) || r == 0xfeff || r >= 0x200b && r <= 0x200d || r == 0x3000
}

// trim cuts white space off both ends. The usual text has none, and is told by
// its first and last byte.
func trim(s string) string {
	if s == "" {
		return s
	}
	a, b := s[0], s[len(s)-1]
	if a > ' ' && a < 0x7f && b > ' ' && b < 0x7f {
		return s
	}
	r, _ := utf8.DecodeRuneInString(s)
	l, _ := utf8.DecodeLastRuneInString(s)
	if !blank(r) && !blank(l) {
		return s
	}
	return strings.TrimFunc(s, blank)
}

// unwrap is trim of a text that a spreadsheet was told to leave alone: ="4599"
// and '4599.
func unwrap(s string) string {
	s = trim(s)
	if len(s) > 0 && (s[0] == '=' || s[0] == '\'') {
		if t, ok := strings.CutPrefix(s, `="`); ok {
			s = trim(strings.TrimSuffix(t, `"`))
		}
		s = trim(strings.TrimPrefix(s, "'"))
	}
	return s
}

// plain writes s without white space, full width as ASCII, in upper case: the
// form in which words are compared and numbers read.
func plain(s string) string { return words.Fold(s) }

// han reports whether r is a Chinese character.
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

// absent reports whether a cell of plain text s says that there is nothing.
func absent(s string) bool {
	switch s {
	case "", "-", "--", "---", "/", "\\", "*", "无", "空", "长期", "至今", "不详", "未知", "N/A", "NULL", "NONE", ".", "…":
		return true
	}
	return false
}
