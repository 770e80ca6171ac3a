package ruletest

import (
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/txtar"

	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// A Fixture is canonical tables that say, row by row, which leads they want. It
// is a txtar archive: a comment that says what the case shows, a CSV section a
// table (payment.csv) with canonical field names as its header, and optionally
// policy.yaml, laid over the policy the fixtures share, and as_of, a date. Lines
// that begin with # are comments. A second section of one name is another sheet
// of that table. A section questions wants, a regular expression a line, the
// questions that the rule asks in place of leads, put together as a run does:
//
//	OFFICE AMOUNT WHAT
//
// Each section quiet.yaml, laid over policy.yaml, is the other
// side of a bound: under it the same rows must give no lead. A section
// not_applicable names, a line each and in English, reasons for which something
// in the fixture cannot be judged; over a rule's fixtures they are all that there
// are.
//
// The column "want", which rules do not see, stands on the row where a lead's
// first evidence belongs. It is a regular expression for the line
//
//	GRADE SUBJECT AMOUNT SUMMARY
//
// of that lead, in Chinese; two leads that start on one row are joined with &&.
type Fixture struct {
	Name    string
	Comment string
	Tables  *table.Set
	Sources table.Sources
	Policy  *policy.Policy
	Quiet   []*policy.Policy // of the quiet.yaml sections
	AsOf    table.Day
	lacks   []string // of not_applicable
	asks    []*regexp.Regexp
	want    map[table.Ref][]*regexp.Regexp
}

// DefaultAsOf is the day a fixture is judged on unless it says another.
var DefaultAsOf = table.DayOf(2018, 12, 31)

// Parse reads a fixture. shared is the policy text that all fixtures share; the
// fixture's own is laid over it.
func Parse(name string, data, shared []byte) (*Fixture, error) {
	ar := txtar.Parse(data)
	f := &Fixture{Name: name, Comment: string(ar.Comment), AsOf: DefaultAsOf, want: map[table.Ref][]*regexp.Regexp{}}
	var own []byte
	var quiet [][]byte
	var tables []*table.Table
	for _, file := range ar.Files {
		fail := func(err error) (*Fixture, error) { return nil, fmt.Errorf("fixture %s: %s: %w", name, file.Name, err) }
		switch file.Name {
		case "policy.yaml":
			own = file.Data
			continue
		case "not_applicable":
			f.lacks = strings.Split(strings.TrimSpace(string(file.Data)), "\n")
			continue
		case "questions":
			for line := range strings.Lines(string(file.Data)) {
				rx, err := regexp.Compile(strings.TrimSpace(line))
				if err != nil {
					return fail(err)
				}
				f.asks = append(f.asks, rx)
			}
			continue
		case "quiet.yaml":
			quiet = append(quiet, file.Data)
			continue
		case "as_of":
			day, err := table.ParseDay(strings.TrimSpace(string(file.Data)))
			if err != nil {
				return fail(err)
			}
			f.AsOf = day
			continue
		}
		s := table.SchemaNamed(strings.TrimSuffix(file.Name, ".csv"))
		if s == nil {
			return fail(fmt.Errorf("no such table: the sections are policy.yaml, quiet.yaml, not_applicable, questions, as_of and %s", strings.Join(sections(), ", ")))
		}
		f.Sources = append(f.Sources, table.Source{File: name, Sheet: file.Name, Table: s.Name})
		t, err := f.load(s, file.Data)
		if err != nil {
			return fail(err)
		}
		tables = append(tables, t)
	}
	var joined []*table.Table
	for _, s := range table.Schemas {
		parts := slices.DeleteFunc(slices.Clone(tables), func(t *table.Table) bool { return t.Schema() != s })
		t, err := table.Concat(s, parts)
		if err != nil {
			return nil, fmt.Errorf("fixture %s: %w", name, err)
		}
		joined = append(joined, t)
	}
	f.Tables = table.NewSet(joined...)
	var err error
	if f.Policy, err = policy.Parse(shared, own); err != nil {
		return nil, fmt.Errorf("fixture %s: policy: %w", name, err)
	}
	for _, q := range quiet {
		p, err := policy.Parse(shared, own, q)
		if err != nil {
			return nil, fmt.Errorf("fixture %s: quiet policy: %w", name, err)
		}
		f.Quiet = append(f.Quiet, p)
	}
	return f, nil
}

// load reads one CSV section as a table of the fixture's newest source.
func (f *Fixture) load(s *table.Schema, data []byte) (*table.Table, error) {
	r := csv.NewReader(strings.NewReader(string(data)))
	r.Comment = '#'
	head, err := r.Read()
	if err != nil {
		return nil, err
	}
	b := table.NewBuilder(s)
	refs := b.Ints(table.RefColumn)
	for _, name := range head {
		switch {
		case name == "want":
		case s.Field(name) < 0:
			return nil, fmt.Errorf("table %s has no field %q", s.Name, name)
		case strings.HasPrefix(name, "_") && s.Fields[s.Field(name)].Stage == table.FromStage && name != table.InheritedColumn && name != table.RoundedColumn && name != table.MaskedColumn && table.HowField(name) == "":
			return nil, fmt.Errorf("%s is filled in by the stages before the rules: write what a sheet has", name)
		}
	}
	for {
		rec, err := r.Read()
		if err == io.EOF {
			return b.Build()
		}
		if err != nil {
			return nil, err
		}
		line, _ := r.FieldPos(0)
		ref := table.NewRef(len(f.Sources)-1, line)
		*refs = append(*refs, int64(ref))
		for i, name := range head {
			if name == "want" {
				if err := f.wants(ref, rec[i]); err != nil {
					return nil, fmt.Errorf("line %d: %w", line, err)
				}
				continue
			}
			if err := set(b, s.Fields[s.Field(name)], rec[i]); err != nil {
				return nil, fmt.Errorf("line %d: %s: %w", line, name, err)
			}
		}
	}
}

func (f *Fixture) wants(ref table.Ref, cell string) error {
	if cell == "" {
		return nil
	}
	for _, w := range strings.Split(cell, " && ") {
		if !gradeFirst.MatchString(w) {
			return fmt.Errorf("want %q: begin with the grade: GRADE SUBJECT AMOUNT SUMMARY", w)
		}
		rx, err := regexp.Compile(w)
		if err != nil {
			return err
		}
		f.want[ref] = append(f.want[ref], rx)
	}
	return nil
}

var gradeFirst = regexp.MustCompile(`^E[0-3] `)

// sections names the tables as sections of a fixture.
func sections() []string {
	var out []string
	for _, s := range append(slices.Clone(table.Canonical), table.Statement) {
		out = append(out, s.Name+".csv")
	}
	return out
}

// set appends one cell to its column.
func set(b *table.Builder, f table.Field, s string) error {
	if f.Type == table.Text || f.Type == table.Span {
		if f.Type == table.Span && s != "" {
			if _, err := table.ParsePeriod(s); err != nil {
				return err
			}
		}
		b.Words(f.Name).Append(s)
		return nil
	}
	v, err := int64(table.Null), error(nil)
	if s != "" {
		v, err = parse(f.Type, s)
	}
	col := b.Ints(f.Name)
	*col = append(*col, v)
	return err
}

func parse(t table.Type, s string) (int64, error) {
	switch t {
	case table.Money:
		v, err := table.ParseFen(s)
		return int64(v), err
	case table.Amount:
		v, err := table.ParseQuantity(s)
		return int64(v), err
	case table.Date:
		v, err := table.ParseDay(s)
		return int64(v), err
	case table.Bool:
		switch s {
		case "yes":
			return int64(table.Yes), nil
		case "no":
			return int64(table.No), nil
		}
		return 0, fmt.Errorf("%q: want yes or no", s)
	}
	return strconv.ParseInt(s, 10, 64)
}
