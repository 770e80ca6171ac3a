package column

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"fundtrace/pipeline/table"
)

// What lexicon.yaml holds.
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
			for _, c := range list.from.Core {
				form, err := about(c, t.Filling)
				if err != nil {
					return fmt.Errorf("field %s: core %q: %w", name, c, err)
				}
				fd.core = append(fd.core, core{form, list.opposite})
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
