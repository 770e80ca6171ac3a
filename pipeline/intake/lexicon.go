package intake

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"fundtrace/pipeline/table"
)

//go:embed aliases.yaml
var aliasesYAML []byte

// A lexicon is aliases.yaml made ready for looking up.
type lexicon struct {
	tables [9]dictionary // by table.Schema.Index
	unused map[string]bool
	any    map[string]bool // every whole header word of every table
	kinds  []kindWords
	sides  map[string][]string
	common map[string]int // header word → number of tables that know it
}

// dictionary is one table's part of the lexicon.
type dictionary struct {
	title  []string // words of a title that speak for the table
	answer []string // words of a title that only this table has
	whole  map[string]alias
	frames []framed
	parts  []part // longest first
}

// A framed word is the core of a heading, which is known by it when nothing but
// filling words stands about it: 住房 in 是否有稳固住房, 竣工 in 工期/竣工日期. What
// else may stand in a header (计划, 拟) makes it another column.
type framed struct {
	form *regexp.Regexp
	alias
}

// alias is a field and how early in its list the word stands. A word marked with
// ! asks for the opposite of the field, as 危房户 does of housing_safe.
type alias struct {
	field    string
	rank     int
	opposite bool
}

// part is a word that is looked for inside a heading, or only at its end: the
// head of a Chinese compound stands last, so that 护林员劳务费 is a sum whatever
// stands before.
type part struct {
	word string
	last bool
	alias
}

type kindWords struct {
	kind  string
	words []string
}

// words is the lexicon of the program.
var words = loadLexicon()

func loadLexicon() *lexicon {
	var file struct {
		Families map[string][]string
		Tables   map[string]struct {
			Title   []string
			Answer  []string
			Filling []string
			Fields  yaml.MapSlice
		}
		Unused        []string
		RegisterKinds yaml.MapSlice       `yaml:"register_kinds"`
		FlowSide      map[string][]string `yaml:"flow_side"`
	}
	must := func(err error) {
		if err != nil {
			panic("aliases.yaml: " + err.Error())
		}
	}
	must(yaml.UnmarshalWithOptions(aliasesYAML, &file, yaml.Strict()))
	x := &lexicon{
		unused: map[string]bool{}, any: map[string]bool{}, sides: file.FlowSide,
		common: map[string]int{},
	}
	for _, s := range table.Canonical {
		t := file.Tables[s.Name]
		d := dictionary{title: t.Title, answer: t.Answer, whole: map[string]alias{}}
		for _, item := range t.Fields {
			field := item.Key.(string)
			if !strings.HasPrefix(field, ".") && s.Field(field) < 0 {
				panic("aliases.yaml: table " + s.Name + " has no field " + field)
			}
			for rank, w := range item.Value.([]any) {
				if core, opposite := strings.CutPrefix(w.(string), "!="); opposite || strings.HasPrefix(core, "=") {
					d.frames = append(d.frames, framed{about(strings.TrimPrefix(core, "="), t.Filling), alias{field, rank, opposite}})
					continue
				}
				for _, word := range members(w.(string), file.Families) {
					if sub, last := strings.CutPrefix(word, "$"); last {
						d.parts = append(d.parts, part{headerForm(sub), true, alias{field: field, rank: rank}})
						continue
					}
					if sub, ok := strings.CutPrefix(word, "~"); ok {
						d.parts = append(d.parts, part{headerForm(sub), false, alias{field: field, rank: rank}})
						continue
					}
					word, opposite := strings.CutPrefix(word, "!")
					for _, word := range spellings(s, headerForm(word)) {
						if _, taken := d.whole[word]; !taken {
							d.whole[word] = alias{field, rank, opposite}
							x.common[word]++
						}
						x.any[word] = true
					}
				}
			}
		}
		slices.SortStableFunc(d.parts, func(a, b part) int { return len(b.word) - len(a.word) })
		x.tables[s.Index()] = d
	}
	for _, w := range file.Unused {
		x.unused[headerForm(w)] = true
	}
	for _, item := range file.RegisterKinds {
		k := kindWords{kind: item.Key.(string)}
		for _, w := range item.Value.([]any) {
			k.words = append(k.words, w.(string))
		}
		x.kinds = append(x.kinds, k)
	}
	return x
}

// about is the form of headings that hold core, or core again and again, with
// nothing but filling words about it.
func about(core string, filling []string) *regexp.Regexp {
	fill := "(?:" + strings.Join(filling, "|") + ")*"
	return regexp.MustCompile("^" + fill + "(?:(?:" + core + ")" + fill + ")+$")
}

// members returns the words of an entry, one for each way to choose where it has
// choices in brackets: (拨出|拨付)(金额|数) is four words, and a name in angle
// brackets stands for the words of that family.
func members(entry string, families map[string][]string) []string {
	i := strings.IndexAny(entry, "<(")
	if i < 0 {
		return []string{entry}
	}
	end := ")"
	if entry[i] == '<' {
		end = ">"
	}
	inside, after, _ := strings.Cut(entry[i+1:], end)
	choices := strings.Split(inside, "|")
	if end == ">" {
		if choices = families[inside]; choices == nil {
			panic("aliases.yaml: no family " + inside)
		}
	}
	var out []string
	for _, w := range choices {
		out = append(out, members(entry[:i]+w+after, families)...)
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

// registerKind returns the kind of register that text speaks of, or "".
func registerKind(text string) string {
	text = quotes.Replace(plain(text))
	for _, k := range words.kinds {
		for _, w := range k.words {
			if strings.Contains(text, w) {
				return k.kind
			}
		}
	}
	return ""
}

// quotes are left out where words of a title are looked for: 村“两委”干部.
var quotes = strings.NewReplacer("“", "", "”", "", "\"", "", "《", "", "》", "", "「", "", "」", "")

// punctuation is left out of header words.
const punctuation = "()[]{}<>《》“”\"'*:;,./\\|_-+#&!?？…、·%"

// headerForm is the form in which header words are compared.
func headerForm(s string) string {
	s = plain(s)
	s = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(punctuation, r):
			return -1
		case r == '帐':
			return '账'
		}
		return r
	}, s)
	return s
}

// A heading is what stands over one column, from the top cell to the bottom one.
type heading struct {
	text  string // as written, levels joined by /
	forms []form // readings, the fullest first
	unit  int    // power of ten of a money unit in the header; unset is noUnit
	each  string // what is counted, where the header says it in brackets: 米, 盏; or ""
	year  int    // a year in the header, or 0
	base  string // the fullest reading without numbering: columns of a repeated group share it
}

// groupAlone is how sure the reading of a heading by its group alone is.
const groupAlone = 0.8

// noUnit marks a header that names no money unit.
const noUnit = -1

// form is one reading of a heading and how sure it is.
type form struct {
	word string
	conf float64
}

var (
	brackets   = regexp.MustCompile(`\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>`)
	measure    = regexp.MustCompile(`^(单位:?)?(人民币)?(万元|元|千元|亩|人|户|个|月|米|公里|千米|KM|头|只|羽|株|盏|处|座|套|公斤|吨|平方米|M2|㎡|元/亩|元/人|元/月|元/户|元/人.月|元/人/月|元/年|元/季|元/季度|元/半年|元/学期|元/生|元/次|元/天|元/月.人|必填|选填|%|Q|YYYYMMDD|大写|小写)$`)
	ordinal    = regexp.MustCompile(`\d+|成员[一二三四五六七八九]`)
	groupEnd   = regexp.MustCompile(`(基本)?(信息|情况)$`)
	counted    = regexp.MustCompile(`^(亩|米|公里|千米|KM|头|只|羽|株|盏|处|座|套|公斤|吨|平方米|M2|㎡)$`)
	numbered   = regexp.MustCompile(`^[(]?[一二三四五六七八九十\d]{1,2}[).,]+`)
	totalLeaf  = regexp.MustCompile(`^(合计|小计|总计|共计|计)$`)
	anyName    = regexp.MustCompile(`^(单位|名称|全称|单位名称|单位全称|户名)$`)
	yearInHead = regexp.MustCompile(`(?:19|20)\d\d年?度?`)
)

// newHeading makes a heading of its cells, top down; blanks and repetitions are
// left out.
func newHeading(cells []string) heading {
	h := heading{unit: noUnit}
	var parts []string
	for _, c := range cells {
		c = trim(c)
		if c == "" || len(parts) > 0 && parts[len(parts)-1] == c {
			continue
		}
		parts = append(parts, c)
	}
	if len(parts) == 0 {
		return h
	}
	h.text = strings.Join(strings.Fields(strings.Join(parts, "/")), "")
	var bare []string // parts without units in brackets
	for i, p := range parts {
		p = numbered.ReplaceAllString(plain(p), "")
		if i < len(parts)-1 { // 户主信息 over 姓名 is 户主姓名
			p = groupEnd.ReplaceAllString(p, "")
		}
		p = brackets.ReplaceAllStringFunc(p, func(b string) string {
			in := strings.Trim(b, "()[]<>")
			if !measure.MatchString(in) {
				return b
			}
			h.noteUnit(in)
			return ""
		})
		for _, u := range []string{"万元", "元"} {
			if t, ok := strings.CutSuffix(p, u); ok && words.any[headerForm(t)] {
				h.noteUnit(u)
				p = t
				break
			}
		}
		if measure.MatchString(p) && len(bare) > 0 { // 金额 over 万元
			h.noteUnit(p)
			continue
		}
		if totalLeaf.MatchString(p) && len(bare) > 0 { // 转移性收入 over 小计
			continue
		}
		if p != "" {
			bare = append(bare, p)
		}
	}
	if len(bare) == 0 {
		bare = []string{plain(parts[len(parts)-1])}
	}
	if y := yearInHead.FindString(strings.Join(bare, "")); y != "" {
		h.year = int(y[0]-'0')*1000 + int(y[1]-'0')*100 + int(y[2]-'0')*10 + int(y[3]-'0')
	}
	all, last := strings.Join(bare, ""), bare[len(bare)-1]
	h.add(all, 1)
	if len(bare) > 2 {
		h.add(bare[len(bare)-2]+last, 0.99)
	}
	h.add(brackets.ReplaceAllString(all, ""), 0.97)
	if len(bare) > 1 && anyName.MatchString(headerForm(last)) { // 付款单位 over 单位名称
		h.add(bare[len(bare)-2], 0.96)
	}
	h.add(last, 0.95)
	h.add(brackets.ReplaceAllString(last, ""), 0.94)
	for _, s := range []string{all, last} {
		s = yearInHead.ReplaceAllString(brackets.ReplaceAllString(s, ""), "")
		h.add(s, 0.93)
		h.add(ordinal.ReplaceAllStringFunc(s, func(m string) string {
			if strings.HasPrefix(m, "成员") {
				return "成员"
			}
			return ""
		}), 0.92)
	}
	if len(bare) > 1 {
		h.add(bare[0], groupAlone)
	}
	h.base = ordinal.ReplaceAllStringFunc(headerForm(last), func(m string) string {
		if strings.HasPrefix(m, "成员") {
			return "成员"
		}
		return ""
	})
	return h
}

func (h *heading) noteUnit(s string) {
	switch {
	case strings.Contains(s, "万元"):
		h.unit = 4
	case strings.Contains(s, "千元"):
		h.unit = 3
	case strings.Contains(s, "元"):
		h.unit = 0
	case counted.MatchString(s):
		h.each = s
	}
}

func (h *heading) add(s string, conf float64) {
	s = headerForm(s)
	if s == "" || slices.ContainsFunc(h.forms, func(f form) bool { return f.word == s }) {
		return
	}
	h.forms = append(h.forms, form{s, conf})
}

// guessed reports whether some table knows part of the heading.
func (h *heading) guessed() bool {
	for i := range words.tables {
		if m, ok := words.tables[i].find(h); ok && !m.last {
			return true
		}
	}
	return false
}

// known reports whether some table, or the list of unused headers, has the
// heading as a whole; the words over its group are not enough.
func (h *heading) known() bool {
	for _, f := range h.forms {
		if f.conf == groupAlone {
			continue
		}
		if words.any[f.word] || words.unused[f.word] {
			return true
		}
	}
	return false
}

// A match is what one heading was taken for in one table.
type match struct {
	alias
	conf   float64
	how    string // alias, words, content, mapping
	word   string // the reading that matched
	shared int    // number of tables that know the word
	framed bool   // by filling words about a core: what the column holds must bear it out
	last   bool   // by the last word only, which cells of data may have too
}

// find looks a heading up in the dictionary, a reading after the other: whole
// words, else a core among filling words; then parts of words by the share of the heading they
// make up.
func (d *dictionary) find(h *heading) (match, bool) {
	var frame match
	for _, f := range h.forms {
		if a, ok := d.whole[f.word]; ok && (frame.how == "" || frame.field == a.field) {
			return match{alias: a, conf: f.conf, how: "alias", word: f.word, shared: words.common[f.word]}, true
		}
		switch {
		case frame.how != "":
			continue
		case words.unused[f.word]:
			return match{}, false
		case f.conf <= groupAlone: // a group is not what its columns are
			continue
		}
		if i := slices.IndexFunc(d.frames, func(fr framed) bool { return fr.form.MatchString(f.word) }); i >= 0 {
			frame = match{alias: d.frames[i].alias, conf: f.conf - 0.02, how: "words", word: f.word, shared: 3, framed: true}
		}
	}
	if frame.how != "" || len(h.forms) == 0 {
		return frame, frame.how != ""
	}
	full := h.forms[0].word
	for _, p := range d.parts {
		if p.last && !h.endsWith(p.word) || !p.last && !strings.Contains(full, p.word) {
			continue
		}
		share := min(1, float64(utf8.RuneCountInString(p.word))/float64(utf8.RuneCountInString(full)))
		return match{alias: p.alias, conf: 0.5 + 0.4*share, how: "words", word: p.word, shared: 3, last: p.last}, true
	}
	return match{}, false
}

// endsWith reports whether a reading of the heading's lowest level ends with word.
func (h *heading) endsWith(word string) bool {
	return slices.ContainsFunc(h.forms, func(f form) bool { return f.conf > 0.9 && strings.HasSuffix(f.word, word) })
}
