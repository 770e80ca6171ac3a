package intake

import (
	_ "embed"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"fundtrace/pipeline/intake/column"
	"fundtrace/pipeline/table"
)

//go:embed labels.yaml
var labelsYAML []byte

// labelWords is labels.yaml made ready for looking up.
var labelWords = loadLabels()

type labelLexicon struct {
	fields         map[string]map[string][]string // table, "any" too → label → the fields it tells
	own            map[string]bool
	money          map[string]bool
	any            map[string]bool // every label
	runes          int             // of the longest
	sent, received []string        // words of a title that say whose side a ledger of transfers shows
	units          unitWords
}

// unitWords are the words of lists of units.
type unitWords struct {
	Money          map[string]int // word → power of ten
	Other, Foreign []string
	names          map[int]string
}

func loadLabels() *labelLexicon {
	var file struct {
		Any, Payment, Flow, Fund, Balance map[string][]string
		BankEntry                         map[string][]string `yaml:"bank_entry"`
		Own, Money                        []string
		Side                              struct{ Sent, Received []string }
		Units                             struct {
			Money []struct {
				Power int
				Words []string
			}
			Other, Foreign []string
		}
	}
	if err := yaml.UnmarshalWithOptions(labelsYAML, &file, yaml.Strict()); err != nil {
		panic("labels.yaml: " + err.Error())
	}
	x := &labelLexicon{fields: map[string]map[string][]string{}, own: map[string]bool{}, money: map[string]bool{}, any: map[string]bool{}, sent: file.Side.Sent, received: file.Side.Received}
	x.units = unitWords{Money: map[string]int{}, Other: file.Units.Other, Foreign: file.Units.Foreign, names: map[int]string{}}
	for _, u := range file.Units.Money {
		for _, w := range u.Words {
			x.units.Money[w] = u.Power
		}
		x.units.names[u.Power] = u.Words[0]
	}
	note := func(w string) {
		x.any[w] = true
		x.runes = max(x.runes, utf8.RuneCountInString(w))
	}
	for name, of := range map[string]map[string][]string{
		"any": file.Any, "payment": file.Payment, "flow": file.Flow, "fund": file.Fund, "balance": file.Balance, "bank_entry": file.BankEntry,
	} {
		x.fields[name] = map[string][]string{}
		for field, list := range of {
			for _, w := range list {
				x.fields[name][w] = append(x.fields[name][w], field)
				note(w)
			}
		}
	}
	for _, list := range []struct {
		words []string
		into  map[string]bool
	}{{file.Own, x.own}, {file.Money, x.money}} {
		for _, w := range list.words {
			list.into[w] = true
			note(w)
		}
	}
	return x
}

// A label is what one line around a table says of it: 发放单位：甲县民政局.
type label struct{ word, value string }

// labelsIn returns the labels of a row of cells. A label's value stands behind its
// colon, up to the next label or the end of its cell, or in the next cell that
// is filled.
func labelsIn(cells []string) []label {
	var out []label
	for c, t := range cells {
		list := labelsOf(t)
		if n := len(list); n > 0 && list[n-1].value == "" {
			next := slices.IndexFunc(cells[c+1:], func(s string) bool { return s != "" && s != t })
			if next >= 0 && !strings.ContainsAny(cells[c+1+next], ":：") {
				list[n-1].value = cells[c+1+next]
			}
		}
		out = append(out, list...)
	}
	return slices.DeleteFunc(out, func(l label) bool { return l.value == "" })
}

// labelsOf returns the labels of one text.
func labelsOf(t string) []label {
	type place struct{ start, colon, end int }
	var at []place
	var out []label
	from := 0
	for i, r := range t {
		if r != ':' && r != '：' {
			continue
		}
		if w, start := labelBefore(t[from:i]); w != "" {
			at = append(at, place{from + start, i, i + utf8.RuneLen(r)})
			out = append(out, label{word: w})
		}
		from = i + utf8.RuneLen(r)
	}
	for k := range out {
		end := len(t)
		if k+1 < len(at) {
			end = at[k+1].start
		}
		out[k].value = strings.TrimRight(trim(t[at[k].end:end]), ";；,，。|丨")
	}
	return out
}

// isLabel reports whether a cell is a label, with its value or before it, and so
// no header.
func isLabel(t string) bool {
	list := labelsOf(t)
	return len(list) > 0 && strings.HasPrefix(column.Word(t), column.Word(list[0].word))
}

// labelBefore returns the label that t ends with and where it begins, "" where it
// ends with none. What stands before a label of two or three characters is not
// run together with it: 联系单位 is not 单位.
func labelBefore(t string) (word string, start int) {
	var back []rune // the label, its last rune first
	for end := len(t); end > 0 && len(back) < labelWords.runes; {
		r, n := utf8.DecodeLastRuneInString(t[:end])
		end -= n
		if blank(r) {
			continue
		}
		if r == '帐' {
			r = '账'
		}
		back = append(back, r)
		w := make([]rune, len(back))
		for i, r := range back {
			w[len(back)-1-i] = r
		}
		before, _ := utf8.DecodeLastRuneInString(t[:end])
		if labelWords.any[string(w)] && (end == 0 || !han(before) || len(w) > 3) {
			word, start = string(w), end
		}
	}
	return word, start
}

// fieldsOf returns the fields of a table that a label tells.
func (x *labelLexicon) fieldsOf(schema *table.Schema, word string) []string {
	if f := x.fields[schema.Name][word]; f != nil {
		return f
	}
	return x.fields["any"][word]
}

// valueFor returns what a label says of a field, as the canonical table writes
// it, "" for nothing; year is the sheet's own, for 3月25日.
func (l label) valueFor(f table.Field, year int) string {
	switch f.Type {
	case table.Date:
		for _, t := range []string{l.value, firstWord(l.value)} {
			if d, err := dateIn(t, year); err == nil {
				return d.String()
			}
		}
		return ""
	case table.Span:
		if p := findPeriod(l.value, year); p != 0 {
			return p.String()
		}
		return ""
	case table.Number:
		if p := findPeriod(l.value, year); p != 0 {
			return p.String()[:4]
		}
		return ""
	case table.Money:
		amount, _, _ := strings.Cut(l.value, "/")
		n, err := parseNumber(amount)
		if err != nil {
			return ""
		}
		if fen, exact, err := fenOf(n.value, max(n.unit, 0)); err == nil && exact {
			return table.Fen(fen).String()
		}
		return ""
	case table.Text:
		if f.Name == "fund_no" {
			if at := fundNoForm.FindAllStringIndex(l.value, -1); at != nil {
				return l.value[at[0][0]:at[len(at)-1][1]]
			}
			return ""
		}
		v := firstWord(l.value)
		if isUnits(v) || digits(v) && !idField(f.Name) {
			return ""
		}
		return v
	}
	return ""
}

// firstWord cuts a label's value at the first blank or bracket.
func firstWord(v string) string {
	if end := strings.IndexFunc(v, func(r rune) bool { return blank(r) || strings.ContainsRune("(（;；,，", r) }); end > 0 {
		return v[:end]
	}
	return v
}
