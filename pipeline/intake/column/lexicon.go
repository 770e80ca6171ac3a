package column

import (
	_ "embed"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

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
	rank     float64
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

type fileWords struct {
	Is   []any
	Core []string
}

type fileField struct {
	Holds    string
	Often    bool
	Named    bool
	Abreast  string
	Of       string
	Is       []any
	Core     []string
	Ends     []string
	Has      []string
	Not      []string
	Signs    []string
	Roots    []string
	Bare     []string
	Opposite fileWords
}

type fileTable struct {
	Title   []string
	Answer  []string
	Filling []string
	Needs   [][]string
	Least   int
	Fields  yaml.MapSlice
	Roles   []role
}

type file struct {
	Weights       Weights
	Families      map[string][]string
	Tables        map[string]fileTable
	Unused        []string
	Outside       []string
	RegisterKinds yaml.MapSlice `yaml:"register_kinds"`
	Cells         yaml.MapSlice
}

// load reads a lexicon. Words that drop holds are left out, for tests of how it
// does without them.
func load(data []byte, drop map[string]bool) (*Lexicon, error) {
	var f file
	if err := yaml.UnmarshalWithOptions(data, &f, yaml.Strict()); err != nil {
		return nil, err
	}
	x := &Lexicon{unused: map[string]bool{}, any: map[string]bool{}, shared: map[string]int{}, outside: f.Outside, weights: &f.Weights}
	var err error
	if x.kinds, err = loadKinds(f.Cells); err != nil {
		return nil, err
	}
	if err := x.setWeights(); err != nil {
		return nil, err
	}
	for _, s := range table.Canonical {
		v := &x.tables[s.Index()]
		if err := v.load(s, f.Tables[s.Name], &x.kinds, drop); err != nil {
			return nil, fmt.Errorf("table %s: %w", s.Name, err)
		}
		for w := range v.whole {
			x.shared[w]++
			x.any[w] = true
		}
	}
	for _, w := range f.Unused {
		if w = Word(w); !drop[w] {
			x.unused[w] = true
		}
	}
	for _, item := range f.RegisterKinds {
		k := kindWords{kind: item.Key.(string)}
		for _, w := range item.Value.([]any) {
			k.words = append(k.words, w.(string))
		}
		x.register = append(x.register, k)
	}
	x.like = newResemblance(x)
	return x, nil
}

// load fills a table's vocabulary. A word that two fields list is the first's.
func (v *vocabulary) load(s *table.Schema, t fileTable, kinds *kinds, drop map[string]bool) error {
	v.schema, v.title, v.answer, v.roles, v.needs, v.least = s, t.Title, t.Answer, t.Roles, t.Needs, t.Least
	v.at, v.whole, v.names = map[string]int{}, map[string]hit{}, map[int]bool{}
	for _, item := range t.Fields {
		name := item.Key.(string)
		var ff fileField
		text, err := yaml.Marshal(item.Value)
		if err != nil {
			return err
		}
		if err := yaml.UnmarshalWithOptions(text, &ff, yaml.Strict()); err != nil {
			return fmt.Errorf("field %s: %w", name, err)
		}
		at := len(v.fields)
		fd := field{name: name, often: ff.Often, named: ff.Named, abreast: ff.Abreast, of: ff.Of, not: ff.Not, signs: ff.Signs, roots: ff.Roots, bare: map[string]bool{}}
		if i := s.Field(name); i >= 0 {
			fd.typ = s.Fields[i].Type
		} else if !strings.HasPrefix(name, ".") {
			return fmt.Errorf("no field %s", name)
		}
		var ok bool
		if fd.holds, ok = kinds.named[ff.Holds]; !ok {
			return fmt.Errorf("field %s: holds %q: no such kind of cells", name, ff.Holds)
		}
		if strings.HasPrefix(name, ".") {
			fd.typ = kinds.list[fd.holds].may.typ()
		}
		for _, list := range []struct {
			from     fileWords
			opposite bool
		}{{fileWords{ff.Is, ff.Core}, false}, {ff.Opposite, true}} {
			for i, entry := range list.from.Is {
				rank := float64(i) / float64(max(len(list.from.Is)-1, 1))
				for _, w := range compounds(entry) {
					w = Word(w)
					for _, w := range spellings(s, w) {
						if _, taken := v.whole[w]; !taken && !drop[w] {
							v.whole[w] = hit{field: at, rank: rank, opposite: list.opposite, word: w}
						}
					}
				}
			}
			for i, c := range list.from.Core {
				form, err := about(c, t.Filling)
				if err != nil {
					return fmt.Errorf("field %s: core %q: %w", name, c, err)
				}
				fd.core = append(fd.core, core{form, list.opposite, float64(i)})
			}
		}
		for _, w := range ff.Ends {
			fd.ends = append(fd.ends, Word(w))
		}
		for _, w := range ff.Has {
			fd.has = append(fd.has, Word(w))
		}
		for _, w := range ff.Bare {
			if w = Word(w); !drop[w] {
				fd.bare[w] = true
			}
		}
		long := func(a, b string) int { return len(b) - len(a) }
		slices.SortStableFunc(fd.ends, long)
		slices.SortStableFunc(fd.has, long)
		v.at[name] = at
		v.fields = append(v.fields, fd)
	}
	for _, f := range v.fields {
		if at, ok := v.at[f.of]; ok {
			v.names[at] = true
		} else if f.of != "" {
			return fmt.Errorf("field %s: of %q: no such field", f.name, f.of)
		}
	}
	return nil
}

// setWeights looks the weights up once. Each kind of evidence has one.
func (x *Lexicon) setWeights() error {
	for i, name := range evidenceNames {
		w, ok := x.weights.Column[name]
		if !ok {
			return fmt.Errorf("weights: no weight of %s", name)
		}
		x.weighs[i] = w
	}
	for i, name := range tableNames {
		w, ok := x.weights.Table[name]
		if !ok {
			return fmt.Errorf("weights: table: no weight of %s", name)
		}
		x.tableWeighs[i] = w
	}
	for i := range x.kinds.list {
		w, ok := x.weights.Cells[x.kinds.list[i].name]
		if !ok {
			return fmt.Errorf("weights: cells: no weight of %s", x.kinds.list[i].name)
		}
		x.kinds.list[i].worth = w
	}
	return nil
}

// about is the form of headings that hold core, or core again and again, with
// nothing but filling words about it.
func about(core string, filling []string) (*regexp.Regexp, error) {
	fill := "(?:" + strings.Join(filling, "|") + ")*"
	return regexp.Compile("^" + fill + "(?:(?:" + core + ")" + fill + ")+$")
}

// compounds returns the words of an entry: itself, or where it is a list one for
// each way to choose a part from every list in it.
func compounds(entry any) []string {
	list, ok := entry.([]any)
	if !ok {
		return []string{fmt.Sprint(entry)}
	}
	out := []string{""}
	for _, part := range list {
		choices, ok := part.([]any)
		if !ok {
			choices = []any{part}
		}
		var next []string
		for _, head := range out {
			for _, c := range choices {
				next = append(next, head+fmt.Sprint(c))
			}
		}
		out = next
	}
	return out
}

// spellings returns a header word and, for a day in a register, what offices
// write for it: an unread 离职年月 would leave somebody in office for ever.
func spellings(s *table.Schema, word string) []string {
	stem, day := strings.CutSuffix(word, "日期")
	if s != table.Register || !day || stem == "" {
		return []string{word}
	}
	return []string{word, stem + "时间", stem + "年月", stem + "年月日"}
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

// Titled reports whether one of the texts that surround a sheet speaks of table s.
func (x *Lexicon) Titled(s *table.Schema, texts []string) bool {
	return slices.ContainsFunc(texts, func(t string) bool { return containsAny(t, x.tables[s.Index()].title) })
}

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
