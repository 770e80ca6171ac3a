package intake

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"fundtrace/pipeline/intake/column"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// A Mapping corrects how sheets are read, where the words of their headers do
// not tell. It is a YAML file; MappingSkeleton writes one to fill in.
type Mapping struct {
	Sheets []Override `yaml:"sheets"`
}

// An Override is for the sheets that its patterns match; the first that matches
// a sheet counts. What it leaves out is found as for any other sheet.
type Override struct {
	File       string            `yaml:"file"`                  // pattern (* and ?) of the file's whole name or its last part
	Sheet      string            `yaml:"sheet,omitempty"`       // pattern of the sheet's name; "" is every sheet
	Table      string            `yaml:"table,omitempty"`       // canonical table
	HeaderRow  int               `yaml:"header_row,omitempty"`  // first header row, from 1
	HeaderRows int               `yaml:"header_rows,omitempty"` // how many; 1 where header_row is given
	Unit       string            `yaml:"unit,omitempty"`        // 元, 千元, 万元 or 亿元: of money columns whose header names none
	Inherit    map[string]string `yaml:"inherit,omitempty"`     // field → value, as the canonical table writes it, for the whole sheet
	Columns    map[string]string `yaml:"columns,omitempty"`     // header as written → field; "" leaves the column unused

	heads map[string]string
}

// ParseMapping reads a mapping file. Unknown keys, tables and fields are errors
// that tell where they stand.
func ParseMapping(data []byte) (*Mapping, error) {
	m := &Mapping{}
	if len(strings.TrimSpace(string(data))) == 0 {
		return m, nil
	}
	if err := policy.Sound(data); err != nil {
		return nil, err
	}
	if err := yaml.UnmarshalWithOptions(data, m, yaml.Strict()); err != nil {
		return nil, errors.New(yaml.FormatError(err, false, true))
	}
	for i := range m.Sheets {
		if err := m.Sheets[i].check(); err != nil {
			return nil, fmt.Errorf("%w%s", err, position(data, i))
		}
	}
	return m, nil
}

// position tells the line and column of entry i, for errors that YAML's types do
// not find.
func position(data []byte, i int) string {
	at, err := yaml.PathString(fmt.Sprintf("$.sheets[%d]", i))
	if err != nil {
		return ""
	}
	node, err := at.ReadNode(bytes.NewReader(data))
	if err != nil {
		return ""
	}
	pos := node.GetToken().Position
	switch n := node.(type) {
	case *ast.MappingNode:
		pos = n.Values[0].Key.GetToken().Position
	case *ast.MappingValueNode:
		pos = n.Key.GetToken().Position
	}
	return fmt.Sprintf(" (the entry at line %d, column %d)", pos.Line, pos.Column)
}

// check finds what YAML's types do not, and readies the look-up of headers.
func (o *Override) check() error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("mapping of file %q: %s", o.File, fmt.Sprintf(format, args...))
	}
	if o.File == "" {
		return fail("file: give a pattern of file names")
	}
	for _, p := range []string{o.File, o.Sheet} {
		if _, err := path.Match(p, ""); err != nil {
			return fail("pattern %q: %v", p, err)
		}
	}
	var tables []*table.Schema
	for _, s := range table.Canonical {
		if o.Table == "" || o.Table == s.Name {
			tables = append(tables, s)
		}
	}
	if len(tables) == 0 {
		return fail("table %q: no such table", o.Table)
	}
	has := func(field string) bool {
		return slices.ContainsFunc(tables, func(s *table.Schema) bool {
			i := s.Field(field)
			return i >= 0 && s.Fields[i].Stage == table.FromSheet
		})
	}
	if o.HeaderRow < 0 || o.HeaderRows < 0 || o.HeaderRows > headerDepth {
		return fail("header_row and header_rows: want a row from 1 and at most %d rows", headerDepth)
	}
	if _, ok := labelWords.units.Money[o.Unit]; o.Unit != "" && !ok {
		return fail("unit %q: want 元, 千元, 万元 or 亿元", o.Unit)
	}
	o.heads = map[string]string{}
	for _, h := range slices.Sorted(maps.Keys(o.Columns)) {
		f := o.Columns[h]
		if f != "" && !has(f) {
			return fail("columns: %q: no field %q", h, f)
		}
		o.heads[column.Word(h)] = f
	}
	for _, f := range slices.Sorted(maps.Keys(o.Inherit)) {
		if !has(f) {
			return fail("inherit: no field %q", f)
		}
		for _, s := range tables {
			if i := s.Field(f); i >= 0 {
				if err := checkValue(s.Fields[i], o.Inherit[f]); err != nil {
					return fail("inherit: %s: %v", f, err)
				}
			}
		}
	}
	return nil
}

// overrideFor returns the override of a sheet, or nil.
func (m *Mapping) overrideFor(file, sheet string) *Override {
	if m == nil {
		return nil
	}
	for i := range m.Sheets {
		o := &m.Sheets[i]
		whole, _ := path.Match(o.File, file)
		base, _ := path.Match(o.File, path.Base(file))
		name, _ := path.Match(o.Sheet, sheet)
		if (whole || base) && (o.Sheet == "" || name) {
			return o
		}
	}
	return nil
}

// field returns what an override says of a heading.
func (o *Override) field(h *column.Heading) (field string, ok bool) {
	if o == nil || len(o.heads) == 0 {
		return "", false
	}
	if f, ok := o.heads[column.Word(h.Text)]; ok {
		return f, true
	}
	for _, word := range h.Words() {
		if f, ok := o.heads[word]; ok {
			return f, true
		}
	}
	return "", false
}

// MappingSkeleton returns a mapping file with an entry for every sheet that has
// columns nobody knew, or that were told by part of a word or by what they hold.
// Each is given as it was read; change the field on the right, and pass the file
// with --mapping. Its comments are in lang, zh or en.
func (r *Result) MappingSkeleton(lang string) []byte {
	say := language(lang).say
	var b strings.Builder
	b.WriteString(say("# 列名对照。左边是表头原文,右边是规范字段;\"\" 表示不使用该列。改正后用 --mapping 传入。\n",
		"# Columns. On the left a header as written, on the right its field; \"\" leaves the column unused. Correct it and pass it with --mapping.\n"))
	b.WriteString("sheets:\n")
	n := 0
	for _, s := range r.Sheets {
		var doubtful []ColumnUse
		for _, c := range s.Columns {
			if c.Header != "" && !c.Sure() && (c.Field != "" || c.Candidate != "" || !c.Known) {
				doubtful = append(doubtful, c)
			}
		}
		name := cmp.Or(s.Table, s.Nearest)
		if name == "" || len(doubtful) == 0 {
			continue
		}
		n++
		fmt.Fprintf(&b, "  - file: %s\n", quoted(escapePattern(s.File)))
		if s.Sheet != "" {
			fmt.Fprintf(&b, "    sheet: %s\n", quoted(escapePattern(s.Sheet)))
		}
		fmt.Fprintf(&b, "    table: %s\n    header_row: %d\n    header_rows: %d\n    columns:\n", name, s.HeaderRow, max(s.HeaderRows, 1))
		for _, c := range doubtful {
			field := cmp.Or(c.Field, c.Candidate)
			if strings.HasPrefix(field, ".") {
				field = ""
			}
			why := say("未识别", "not known")
			switch {
			case c.Candidate != "" && c.RunnerUp != "":
				why = say("可能是%s或%s,未采用", "may be %s or %s, not used", c.Candidate, c.RunnerUp)
			case c.Candidate != "":
				why = say("可能是%s,未采用", "may be %s, not used", c.Candidate)
			case c.Field != "" && c.RunnerUp != "":
				why = say("按%s推断,其次为%s,领先%.1f", "by %s, next %s, ahead by %.1f", say(howZh[c.How], c.How), c.RunnerUp, c.Margin)
			case c.Field != "":
				why = say("按%s推断,领先%.1f", "by %s, ahead by %.1f", say(howZh[c.How], c.How), c.Margin)
			}
			fmt.Fprintf(&b, "      %s: %s  # %s\n", quoted(c.Header), quoted(field), say("%s 列,%s", "column %s, %s", c.Column, why))
		}
	}
	if n == 0 {
		return []byte(say("# 所有列均已识别,无需对照。\n", "# Every column is known.\n") + "sheets: []\n")
	}
	return []byte(b.String())
}

// howZh says in Chinese by what a column is known.
var howZh = map[string]string{"header": "表头", "words": "表头用词", "guess": "表头字形和内容", "mapping": "对照文件"}

// quoted writes s as a YAML double-quoted scalar.
func quoted(s string) string { return fmt.Sprintf("%q", s) }

// escapePattern makes a name a pattern that matches itself.
func escapePattern(s string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(s)
}
