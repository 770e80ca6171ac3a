// Package words is the one vocabulary of what sheets say about payments, bank
// entries and households: words.yaml, read once. Texts are compared folded (see
// Fold).
package words

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml"
)

//go:embed words.yaml
var text []byte

// vocabulary is words.yaml.
type vocabulary struct {
	Payment    struct{ Unpaid, Supplement, Resent, Correction, Returned []string }
	Instalment struct{ First, Second, Last, Some, Counted []string }
	Outcome    struct{ Returned, Reason, Success []string }
	Value      map[string]map[string][]string

	canonical map[string]map[string]string // kind of value → folded text → canonical word
}

var known = load(text)

func load(text []byte) *vocabulary {
	v := &vocabulary{canonical: map[string]map[string]string{}}
	if err := yaml.UnmarshalWithOptions(text, v, yaml.Strict()); err != nil {
		panic("words.yaml: " + err.Error())
	}
	for kind, list := range v.Value {
		v.canonical[kind] = map[string]string{}
		for word, texts := range list {
			for _, t := range texts {
				t = Fold(t)
				if old, taken := v.canonical[kind][t]; taken && old != word {
					panic("words.yaml: " + kind + " " + t + " stands for two values")
				}
				v.canonical[kind][t] = word
			}
		}
	}
	return v
}

// Canonical returns the word of a kind of value (direction, outcome, status,
// register_kind, level, flag) that text stands for, "" where it is not known.
func Canonical(kind, text string) string { return known.value(kind, text) }

func (v *vocabulary) value(kind, text string) string {
	text = Fold(text)
	if w := v.canonical[kind][text]; w != "" || kind != "outcome" {
		return w
	}
	switch o := &v.Outcome; {
	case Has(text, o.Returned...), Has(text, o.Reason...):
		return "returned"
	case Has(text, o.Success...):
		return "success"
	}
	return ""
}

// Refused reports whether the note of a bank entry gives a reason that banks
// give only for what they did not pay.
func Refused(note string) bool { return Has(Fold(note), known.Outcome.Reason...) }

// A Kind is what a line of a roster is.
type Kind uint8

// The kinds of payment lines. Instalment is never read from a state: it is a
// payment whose batch or note says which part it is (see Part).
const (
	Unpaid Kind = iota
	Paid
	Supplement
	Instalment
	Correction
	Returned
)

// Kinds are the names of the kinds in the tables, by Kind.
var Kinds = [...]string{"unpaid", "paid", "supplement", "instalment", "correction", "returned"}

// Payment reads what a line is from its state and its note.
func Payment(state, note string) Kind { return known.kind(state, note) }

func (v *vocabulary) kind(state, note string) Kind {
	state = Fold(state)
	if Has(state, v.Payment.Unpaid...) {
		return Unpaid
	}
	for _, s := range [...]string{state, Fold(note)} {
		switch p := &v.Payment; {
		case s == "":
		case Has(s, p.Supplement...):
			return Supplement
		case Has(s, p.Resent...):
			return Paid
		case Has(s, p.Correction...):
			return Correction
		case Has(s, p.Returned...):
			return Returned
		}
	}
	return Paid
}

// Numbers of instalments that have none of their own.
const (
	FirstPart = 1
	LastPart  = 62 // 尾款
	SomePart  = 63 // 分期: one of several, no matter which
)

// Part returns the number of the instalment, 1..63, that a batch, else a note,
// names; 0 if neither names one.
func Part(batch, note string) uint8 {
	if n := known.part(batch); n != 0 {
		return n
	}
	return known.part(note)
}

func (v *vocabulary) part(s string) uint8 {
	if s == "" {
		return 0
	}
	s = Fold(s)
	if n, rest := number(s); n > 0 && rest == "" {
		return n
	}
	switch p := &v.Instalment; {
	case Has(s, p.First...):
		return FirstPart
	case Has(s, p.Second...):
		return FirstPart + 1
	case Has(s, p.Last...):
		return LastPart
	}
	for rest := s; ; {
		_, after, found := strings.Cut(rest, "第")
		if !found {
			break
		}
		n, unit := number(after)
		if n > 0 && slices.ContainsFunc(v.Instalment.Counted, func(w string) bool { return strings.HasPrefix(unit, w) }) {
			return n
		}
		rest = after
	}
	if Has(s, v.Instalment.Some...) {
		return SomePart
	}
	return 0
}

// number reads a leading number of 1 to 61 in digits or Chinese numerals; 0
// where there is none.
func number(s string) (n uint8, rest string) {
	total, digits, ten, end := 0, 0, false, len(s)
	for i, r := range s {
		d := strings.IndexRune("〇一二三四五六七八九", r)
		if d < 0 && r != '十' && (r < '0' || r > '9') {
			end = i
			break
		}
		digits++
		switch {
		case r == '十':
			total, ten = max(total, 1)*10, true
		case d >= 0 && ten:
			total += d / len("一")
		case d >= 0:
			total = total*10 + d/len("一")
		default:
			total = total*10 + int(r-'0')
		}
	}
	if digits == 0 || digits > 3 || total >= LastPart {
		return 0, s
	}
	return uint8(total), s[end:]
}

// Has reports whether s contains one of the words.
func Has(s string, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}

// Fold returns the form in which words are compared: without blanks, full width
// as half width, upper case, and one form each of brackets, dashes, commas and
// stops.
func Fold(s string) string {
	simple := true
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c >= 0x7f || c >= 'a' && c <= 'z' {
			simple = false
			break
		}
	}
	if simple {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if unicode.IsSpace(r) || r == 0xfeff || r >= 0x200b && r <= 0x200d {
			continue
		}
		switch r {
		case '【', '〔', '﹝', '〖':
			r = '['
		case '】', '〕', '﹞', '〗':
			r = ']'
		case '。':
			r = '.'
		case '—', '–', '−', '―', '‐', '~', '～':
			r = '-'
		case '、':
			r = ','
		}
		if r >= 0xff01 && r <= 0xff5e {
			r -= 0xfee0
		}
		if r >= 'a' && r <= 'z' {
			r -= 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Digits returns the digits of s in half width and nothing else of it, as
// accounts and telephones are compared.
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
// it does not range over runes.
func onlyDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
