package column

import (
	"regexp"
	"slices"
	"strings"

	"fundtrace/pipeline/words"
)

// A Heading is what stands over one column, from the top cell to the bottom one.
type Heading struct {
	Text   string // as written, levels joined by /
	Unit   int    // power of ten of a money unit in the header; else NoUnit
	Each   string // what is counted, where the header says it in brackets: 米, 盏; or ""
	Year   int    // a year in the header, or 0
	Base   string // the fullest reading without numbering: columns of a repeated group share it
	Total  bool   // its last level says 合计 or 小计
	Pin    string // the field that a mapping gives the column
	Pinned bool   // a mapping speaks of the column; with Pin "" it leaves it unused
	forms  []form // readings, the fullest first
	mute   bool   // it says nothing: blank, or 列7
}

// NoUnit marks a header that names no money unit.
const NoUnit = -1

// form is one reading of a heading and how full it is.
type form struct {
	word  string
	level float64
}

// groupAlone is the level of the reading of a heading by its group alone.
const groupAlone = 0.8

var (
	brackets   = regexp.MustCompile(`\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>`)
	measure    = regexp.MustCompile(`^(单位:?)?(人民币)?(万元|元|千元|亩|人|户|个|月|米|公里|千米|KM|头|只|羽|株|盏|处|座|套|公斤|吨|平方米|M2|㎡|元/亩|元/人|元/月|元/户|元/人.月|元/人/月|元/年|元/季|元/季度|元/半年|元/学期|元/生|元/次|元/天|元/月.人|必填|选填|%|Q|YYYYMMDD|大写|小写)$`)
	ordinal    = regexp.MustCompile(`\d+|成员[一二三四五六七八九]`)
	groupEnd   = regexp.MustCompile(`(基本)?(信息|情况)$`)
	nameEnd    = regexp.MustCompile(`(名称|全称|信息)$`)
	counted    = regexp.MustCompile(`^(亩|米|公里|千米|KM|头|只|羽|株|盏|处|座|套|公斤|吨|平方米|M2|㎡)$`)
	numbered   = regexp.MustCompile(`^[(]?[一二三四五六七八九十\d]{1,2}[).,]+`)
	totalLeaf  = regexp.MustCompile(`^(合计|小计|总计|共计|计)$`)
	anyName    = regexp.MustCompile(`^(单位|名称|全称|单位名称|单位全称|户名)$`)
	yearInHead = regexp.MustCompile(`(?:19|20)\d\d年?度?`)
	unnamed    = regexp.MustCompile(`^(?:列|字段|栏|COLUMN|COL|FIELD|F|UNNAMED:?|未命名)\d+$`)
	muteHead   = regexp.MustCompile(`^(?:列|字段|栏|COLUMN|COL|FIELD|F|UNNAMED:?|未命名)?[A-Z]?\d*$`)
)

// IsMeasure reports whether folded text is a unit of measure, or an instruction
// such as 必填, that stands below or beside a header word.
func IsMeasure(text string) bool { return measure.MatchString(text) }

// Mute reports whether a text is no header word but stands for the want of one:
// 列7.
func Mute(text string) bool {
	return len(text) > 1 && unnamed.MatchString(words.Fold(text))
}

// WithoutBrackets returns a folded text without what stands in brackets.
func WithoutBrackets(text string) string {
	return brackets.ReplaceAllString(words.Fold(text), "")
}

// IsSum reports whether a header calls its column a sum of others: 合计.
func IsSum(header string) bool { return sumWord.MatchString(WithoutBrackets(header)) }

// Numbered reports whether the heading carries a number, as 成员1姓名 does.
func (h *Heading) Numbered() bool { return ordinal.MatchString(words.Fold(h.Text)) }

// Heading makes a heading of its cells, top down; blanks and repetitions are
// left out.
func (x *Lexicon) Heading(cells []string) Heading {
	h := Heading{Unit: NoUnit}
	var parts []string
	for _, c := range cells {
		c = strings.TrimFunc(c, blank)
		if c == "" || len(parts) > 0 && parts[len(parts)-1] == c {
			continue
		}
		parts = append(parts, c)
	}
	if len(parts) == 0 {
		h.mute = true
		return h
	}
	h.Text = strings.Join(strings.Fields(strings.Join(parts, "/")), "")
	h.mute = muteHead.MatchString(words.Fold(h.Text))
	var bare []string // parts without units in brackets
	for i, p := range parts {
		p = numbered.ReplaceAllString(words.Fold(p), "")
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
			if t, ok := strings.CutSuffix(p, u); ok && x.any[Word(t)] {
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
		bare = []string{words.Fold(parts[len(parts)-1])}
	}
	if y := yearInHead.FindString(strings.Join(bare, "")); y != "" {
		h.Year = int(y[0]-'0')*1000 + int(y[1]-'0')*100 + int(y[2]-'0')*10 + int(y[3]-'0')
	}
	h.read(bare)
	last := bare[len(bare)-1]
	h.Base = ordinal.ReplaceAllStringFunc(Word(last), leaveMember)
	h.Total = sumWord.MatchString(h.Base)
	return h
}

// read lists the readings of a heading's levels, the fullest first.
func (h *Heading) read(bare []string) {
	all, last := strings.Join(bare, ""), bare[len(bare)-1]
	h.add(all, 1)
	if len(bare) > 2 {
		h.add(bare[len(bare)-2]+last, 0.99)
	}
	h.add(brackets.ReplaceAllString(all, ""), 0.97)
	if len(bare) > 1 && anyName.MatchString(Word(last)) { // 付款单位 over 单位名称
		h.add(bare[len(bare)-2], 0.96)
	}
	h.add(last, 0.95)
	h.add(brackets.ReplaceAllString(last, ""), 0.94)
	for _, s := range []string{all, last} {
		s = yearInHead.ReplaceAllString(brackets.ReplaceAllString(s, ""), "")
		h.add(s, 0.93)
		s = ordinal.ReplaceAllStringFunc(s, leaveMember)
		h.add(s, 0.92)
		if t := nameEnd.ReplaceAllString(s, ""); len(t) >= len("乡镇") { // 乡镇名称 is 乡镇
			h.add(t, 0.91)
		}
	}
	if len(bare) > 1 {
		h.add(bare[0], groupAlone)
	}
}

// leaveMember takes the number out of a match of ordinal: 成员1 is 成员.
func leaveMember(m string) string {
	if strings.HasPrefix(m, "成员") {
		return "成员"
	}
	return ""
}

func (h *Heading) noteUnit(s string) {
	switch {
	case strings.Contains(s, "万元"):
		h.Unit = 4
	case strings.Contains(s, "千元"):
		h.Unit = 3
	case strings.Contains(s, "元"):
		h.Unit = 0
	case counted.MatchString(s):
		h.Each = s
	}
}

func (h *Heading) add(s string, level float64) {
	s = Word(s)
	if s == "" || slices.ContainsFunc(h.forms, func(f form) bool { return f.word == s }) {
		return
	}
	h.forms = append(h.forms, form{s, level})
}

// Words returns the readings of the heading, the fullest first.
func (h *Heading) Words() []string {
	out := make([]string, len(h.forms))
	for i, f := range h.forms {
		out[i] = f.word
	}
	return out
}

// Known reports whether some table, or the list of unused headers, has the
// heading as a whole; the words over its group are not enough.
func (x *Lexicon) Known(h *Heading) bool {
	return slices.ContainsFunc(h.forms, func(f form) bool {
		return f.level != groupAlone && (x.any[f.word] || x.unused[f.word])
	})
}

// Guessed reports whether some table looks for part of the heading, other than
// its last word, which cells of data may end in too.
func (x *Lexicon) Guessed(h *Heading) bool {
	for i := range x.tables {
		t := &x.tables[i]
		said := x.read(t, h)
		if said.whole != nil || said.core != nil || !said.unused && t.contains(h) {
			return true
		}
	}
	return false
}

// endsWith reports whether a reading of the heading's lowest level ends with word.
func (h *Heading) endsWith(word string) bool {
	return slices.ContainsFunc(h.forms, func(f form) bool { return f.level > 0.9 && strings.HasSuffix(f.word, word) })
}

var sumWord = regexp.MustCompile(`(合计|小计|总计|共计|总额|总金额|总数)$`)
