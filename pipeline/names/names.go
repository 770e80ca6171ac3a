// Package names tells whether two written names are one name: what clerks,
// old registers and input methods change about a name does not make it another.
package names

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/mozillazg/go-pinyin"
)

//go:embed variants.txt
var variantsText string

// variants maps a character to the form names are compared in.
var variants = sync.OnceValue(func() map[rune]rune {
	to := map[rune]rune{}
	for line := range strings.Lines(variantsText) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, group := range strings.Fields(line) {
			g := []rune(group)
			for _, v := range g[1:] {
				to[v] = g[0]
			}
		}
	}
	return to
})

// Fold returns the form two spellings of one name share: without blanks,
// middle dots and bracketed notes such as (户主), in half width, Latin letters
// as capitals, variant characters as one. "" is no name.
func Fold(s string) string {
	to := variants()
	if plain(s, to) {
		return s
	}
	var b strings.Builder
	depth := 0
	for _, r := range s {
		if r >= '！' && r <= '～' {
			r -= '！' - '!'
		}
		switch r {
		case '(', '[', '【', '〔', '〈', '<':
			depth++
			continue
		case ')', ']', '】', '〕', '〉', '>':
			depth = max(depth-1, 0)
			continue
		}
		if depth > 0 || skipped(r) {
			continue
		}
		r = unicode.ToUpper(r)
		if v, ok := to[r]; ok {
			r = v
		}
		b.WriteRune(r)
	}
	return b.String()
}

// plain reports whether Fold leaves s as it is; most names are so.
func plain(s string, to map[rune]rune) bool {
	for _, r := range s {
		if r < 0x3400 || r > 0x9fff {
			return false
		}
		if _, ok := to[r]; ok {
			return false
		}
	}
	return true
}

// skipped reports whether r is no part of a name: blanks, quotes, punctuation
// and the dots that part a foreign or minority name.
func skipped(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.Is(unicode.Cf, r) || unicode.IsSymbol(r) || unicode.IsControl(r)
}

// Same reports whether two written names may be one: equal when folded, or
// equal in sound, character by character in any reading and whatever the tone.
// An empty name is the same as none. Same is symmetric but, since a character
// may have two readings, not transitive.
func Same(a, b string) bool {
	a, b = Fold(a), Fold(b)
	if a == "" || b == "" {
		return false
	}
	if a == b {
		return true
	}
	ra, rb := []rune(a), []rune(b)
	if len(ra) != len(rb) {
		return false
	}
	for i := range ra {
		if ra[i] != rb[i] && !sound(ra[i], rb[i]) {
			return false
		}
	}
	return true
}

var heteronyms = pinyin.Args{Style: pinyin.Normal, Heteronym: true}

// sound reports whether two characters share a reading.
func sound(a, b rune) bool {
	ra := pinyin.SinglePinyin(a, heteronyms)
	for _, s := range pinyin.SinglePinyin(b, heteronyms) {
		if slices.Contains(ra, s) {
			return true
		}
	}
	return false
}

// Agree reports whether two sheets may give one person's name: they have the same,
// or one of them has none, which contradicts nothing.
func Agree(a, b string) bool { return a == "" || b == "" || Same(a, b) }
