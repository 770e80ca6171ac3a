package report

import (
	"strings"

	"golang.org/x/text/width"

	"fundtrace/pipeline/chain"
)

// cellsOf returns how many terminal cells a text takes: two for a Chinese
// character or a full-width form, one for any other, arrows and lines too.
func cellsOf(s string) int {
	n := 0
	for _, r := range s {
		n += runeCells(r)
	}
	return n
}

func runeCells(r rune) int {
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// fit cuts a text to n cells, with … where something is missing, and fills it
// up with blanks.
func fit(s string, n int) string {
	if cellsOf(s) > n {
		var b strings.Builder
		left := max(n-1, 0)
		for _, r := range s {
			if left -= runeCells(r); left < 0 {
				break
			}
			b.WriteRune(r)
		}
		s = b.String() + "…"
	}
	return s + strings.Repeat(" ", max(0, n-cellsOf(s)))
}

// right puts a text at the right end of n cells.
func right(s string, n int) string { return strings.Repeat(" ", max(0, n-cellsOf(s))) + s }

// wrap breaks a text into lines of at most n cells: at any Chinese character,
// but not before a closing mark, and otherwise at blanks and arrows as long as
// a word is not wider than a line.
func wrap(s string, n int) []string {
	var lines []string
	line, used := "", 0
	for _, word := range pieces(s) {
		c := cellsOf(word)
		if used+cellsOf(strings.TrimRight(word, " ")) > n && used > 0 {
			lines = append(lines, strings.TrimRight(line, " "))
			line, used = "", 0
		}
		for c > n { // a word wider than a line
			head := strings.TrimRight(fit(word, n+1), "… ")
			lines = append(lines, head)
			word = word[len(head):]
			c = cellsOf(word)
		}
		line += word
		used += c
	}
	return append(lines, strings.TrimRight(line, " "))
}

// closing marks do not begin a line.
const closing = ",。;:)、\uff0c\uff1b\uff1a\uff09〕"

// pieces cuts a text where a line may break.
func pieces(s string) []string {
	var out []string
	start, wide := 0, false
	for i, r := range s {
		w := runeCells(r) == 2
		after := i > 0 && (s[i-1] == ' ' || strings.HasSuffix(s[:i], chain.Arrow))
		if i > start && (w || wide || after) && r != ' ' && !strings.ContainsRune(closing, r) {
			out = append(out, s[start:i])
			start = i
		}
		wide = w
	}
	return append(out, s[start:])
}
