package column

import (
	_ "embed"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"fundtrace/pipeline/table"
	"fundtrace/pipeline/words"
)

//go:embed lexicon.yaml
var lexiconYAML []byte

// A Lexicon is lexicon.yaml made ready for looking up. It does not change once
// made.
type Lexicon struct {
	tables      [9]vocabulary // by table.Schema.Index
	unused      map[string]bool
	any         map[string]bool // every whole header word of every table
	shared      map[string]int  // header word → number of tables that know it
	outside     []string        // words of sheets that are none of these tables
	kinds       kinds
	register    []kindWords
	like        *resemblance
	weights     *Weights
	weighs      [evCount]float64
	tableWeighs [tbCount]float64
	memo        sync.Map // a heading's readings → *likeness
}

// A vocabulary is one table's part of the lexicon.
type vocabulary struct {
	schema *table.Schema
	title  []string // words of a title that speak for the table
	answer []string // words of a title that only this table has
	fields []field
	at     map[string]int // field name → index
	whole  map[string]hit
	roles  []role
	needs  [][]string   // required fields, the alternatives of one requirement together
	least  int          // how many columns must be known
	names  map[int]bool // fields of names that have a field of numbers
}

// A field is what the lexicon says of one field of a table. Its name begins with
// a dot where it is a part of fields, and with _ where it is beyond the contract.
type field struct {
	name    string
	holds   kind
	typ     table.Type // of the schema's field, or what a part holds
	often   bool
	named   bool   // only words tell it, never what the cells hold
	abreast string // it repeats with people or years side by side: people, years
	of      string // the name field whose number it is
	core    []core
	ends    []string
	has     []string
	not     []string
	signs   []string
	roots   []string
	bare    map[string]bool
}

// A hit is the field that a heading names, and how early its word stands in the
// field's list: 0 for the first, 1 for the last.
type hit struct {
	field    int
	rank     float64
	opposite bool
	word     string
	level    float64
}

// A core is what a heading is known by when nothing but the table's filling
// words stands about it: 住房 in 是否有稳固住房, 竣工 in 工期/竣工日期. What else may
// stand in a header (计划, 拟) makes it another column.
type core struct {
	form     *regexp.Regexp
	opposite bool
}

type kindWords struct {
	kind  string
	words []string
}

// Weights are the log-odds that a unit of each evidence is worth.
type Weights struct {
	Column map[string]float64 // evidence for a field at a column
	Cells  map[string]float64 // a column full of cells of the kind that the field holds
	Table  map[string]float64 // evidence for a table
	Prior  map[string]float64 // for a table before anything is known of a sheet
	Sure   map[string]float64 // the margin by which a guess must win: guess, and strict where it would feed money, days or numbers of people
}

var builtin = sync.OnceValue(func() *Lexicon { return Without(nil) })

// Builtin returns the lexicon of the program.
func Builtin() *Lexicon { return builtin() }

// Without returns the lexicon of the program as it would be if nobody had listed
// some words, given in the form of Word: for measuring how it does without them.
func Without(drop map[string]bool) *Lexicon {
	x, err := load(lexiconYAML, drop)
	if err != nil {
		panic("lexicon.yaml: " + err.Error())
	}
	return x
}

// A saying is what a heading says in one table by its words.
type saying struct {
	whole  *hit
	core   *hit
	unused bool // it is of the list of unused headers
}

// read looks a heading up, a reading after the other: whole words, else a core
// among filling words.
func (x *Lexicon) read(v *vocabulary, h *Heading) saying {
	var said saying
	for _, f := range h.forms {
		if a, ok := v.whole[f.word]; ok && (said.core == nil || said.core.field == a.field) {
			a.level = f.level
			return saying{whole: &a}
		}
		switch {
		case said.core != nil:
			continue
		case x.unused[f.word]:
			said.unused = true
			return said
		case f.level <= groupAlone: // a group is not what its columns are
			continue
		}
		said.core = v.framed(f)
	}
	return said
}

// framed returns the field whose core a reading is.
func (v *vocabulary) framed(f form) *hit {
	for i := range v.fields {
		for _, c := range v.fields[i].core {
			if c.form.MatchString(f.word) {
				return &hit{field: i, opposite: c.opposite, word: f.word, level: f.level}
			}
		}
	}
	return nil
}

// contains reports whether a heading holds a word that the table looks for
// inside longer headings.
func (v *vocabulary) contains(h *Heading) bool {
	if len(h.forms) == 0 {
		return false
	}
	for i := range v.fields {
		for _, w := range v.fields[i].has {
			if strings.Contains(h.forms[0].word, w) {
				return true
			}
		}
	}
	return false
}

// share is the part of the heading's runes that a word makes up.
func (h *Heading) share(word string) float64 {
	return min(1, float64(utf8.RuneCountInString(word))/float64(max(1, utf8.RuneCountInString(h.forms[0].word))))
}

// Words lists every whole header word, in order.
func (x *Lexicon) Words() []string { return slices.Sorted(maps.Keys(x.any)) }

// Has reports whether some table has a whole header word, in the form of Word.
func (x *Lexicon) Has(word string) bool { return x.any[word] }

// RegisterKind returns the kind of register that text speaks of, or "".
func (x *Lexicon) RegisterKind(text string) string {
	text = quotes.Replace(words.Fold(text))
	for _, k := range x.register {
		if containsAny(text, k.words) {
			return k.kind
		}
	}
	return ""
}

// quotes are left out where words of a title are looked for: 村“两委”干部.
var quotes = strings.NewReplacer("“", "", "”", "", "\"", "", "《", "", "》", "", "「", "", "」", "")

func containsAny(t string, list []string) bool {
	return slices.ContainsFunc(list, func(w string) bool { return strings.Contains(t, w) })
}
