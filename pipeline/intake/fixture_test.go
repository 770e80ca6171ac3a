package intake

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/tools/txtar"

	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
)

var update = flag.Bool("update", false, "write what the fixtures give into them")

const fixtures = "../../fixtures/sheets"

// TestFixtures reads the sheets of each fixture and compares all that becomes of
// them, tables, bins, totals, rejects and doubts, with its section "want".
//
// A section is a sheet, named FILE or FILE!SHEET, in CSV: #12.5 is a number
// cell, @42809 a date cell, ! a blank line of the grid, < a cell merged with the
// one before it, ^ with the one above, #UNCALCULATED a formula without a value. Sections mapping.yaml and policy.yaml are
// the mapping and the policy.
func TestFixtures(t *testing.T) {
	files, err := filepath.Glob(fixtures + "/*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures found: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			res, err := readFixture(ar, "zh")
			if err != nil {
				t.Fatal(err)
			}
			got := dump(res)
			want := ""
			for _, f := range ar.Files {
				if f.Name == "want" {
					want = string(f.Data)
				}
			}
			if got == want {
				return
			}
			if *update {
				ar.Files = slices.DeleteFunc(ar.Files, func(f txtar.File) bool { return f.Name == "want" })
				ar.Files = append(ar.Files, txtar.File{Name: "want", Data: []byte(got)})
				if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			t.Errorf("got:\n%s\nwant:\n%s", got, want)
		})
	}
}

// readFixture reads a fixture's sheets in their order.
func readFixture(ar *txtar.Archive, lang string) (*Result, error) {
	opt := Options{Policy: policy.Builtin(), Lang: lang}
	var outs []fileOut
	books := map[string]*sheet.Book{}
	var names []string
	for _, f := range ar.Files {
		switch f.Name {
		case "want":
			continue
		case "mapping.yaml":
			m, err := ParseMapping(f.Data)
			if err != nil {
				return nil, err
			}
			opt.Mapping = m
			continue
		case "policy.yaml":
			p, err := policy.Parse(f.Data)
			if err != nil {
				return nil, err
			}
			opt.Policy = p
			continue
		}
		file, name, _ := strings.Cut(f.Name, "!")
		g, err := gridOf(name, string(f.Data))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		if books[file] == nil {
			books[file] = &sheet.Book{}
			names = append(names, file)
		}
		books[file].Sheets = append(books[file].Sheets, g)
	}
	for _, name := range names {
		out := fileOut{path: name, input: Input{File: name, Status: "read"}}
		if err := out.sheets(books[name], opt, new(atomic.Int64)); err != nil {
			return nil, err
		}
		outs = append(outs, out)
	}
	return join(outs, opt.Policy, language(opt.Lang))
}

// gridOf makes a grid of a fixture's CSV.
func gridOf(name, text string) (*sheet.Grid, error) {
	hidden := ""
	if name, hidden, _ = strings.Cut(name, "?"); hidden != "" {
		hidden = strings.TrimPrefix(hidden, "state=")
	}
	g := &sheet.Grid{Name: name, State: hidden, Strings: sheet.NewStrings()}
	index := map[string]uint32{}
	var rows [][]string
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == "!" {
			rows = append(rows, nil)
			continue
		}
		r := csv.NewReader(strings.NewReader(line))
		r.LazyQuotes = true
		rec, err := r.Read()
		if err != nil {
			return nil, err
		}
		rows = append(rows, rec)
	}
	g.Rows = len(rows)
	for r, rec := range rows {
		for c, v := range rec {
			for c >= len(g.Cols) {
				g.Cols = append(g.Cols, make([]sheet.Cell, len(rows)))
			}
			switch {
			case v == "":
			case v == "<":
				for i := range g.Merges {
					if m := &g.Merges[i]; m.Row0 <= r && r <= m.Row1 && m.Col1 == c-1 {
						m.Col1 = c
						goto next
					}
				}
				g.Merges = append(g.Merges, sheet.Merge{Row0: r, Col0: c - 1, Row1: r, Col1: c})
			case v == "^":
				for i := range g.Merges {
					if m := &g.Merges[i]; m.Col0 <= c && c <= m.Col1 && m.Row1 >= r-1 && m.Row0 < r {
						m.Row1 = r
						goto next
					}
				}
				g.Merges = append(g.Merges, sheet.Merge{Row0: r - 1, Col0: c, Row1: r, Col1: c})
			case v == sheet.Uncalculated:
				g.Cols[c][r] = sheet.IndexCell(sheet.KindError, g.Strings.AddString(v))
			case v[0] == '#' || v[0] == '@':
				kind := sheet.KindNumber
				if v[0] == '@' {
					kind = sheet.KindDate
				}
				d, ok := sheet.ParseDecimal([]byte(v[1:]))
				if !ok {
					return nil, fmt.Errorf("%q is no number", v)
				}
				g.Cols[c][r] = sheet.DecimalCell(kind, d)
			default:
				at, ok := index[v]
				if !ok {
					at = g.Strings.AddString(v)
					index[v] = at
				}
				g.Cols[c][r] = sheet.TextCell(at)
			}
		next:
		}
	}
	return g, nil
}

// dump writes all that a reading gave, for a person to compare.
func dump(res *Result) string {
	var b bytes.Buffer
	for _, s := range res.Sheets {
		fmt.Fprintf(&b, "%s: ", sheetKey(s))
		if s.Table == "" {
			fmt.Fprintf(&b, "no table: %s;", s.Reason)
		} else {
			fmt.Fprintf(&b, "%s, header %d+%d, %d lines", s.Table, s.HeaderRow, s.HeaderRows, s.Lines)
			if s.Unit != "" {
				fmt.Fprintf(&b, ", %s", s.Unit)
			}
			if s.Reason != "" {
				fmt.Fprintf(&b, ", %s", s.Reason)
			}
			b.WriteString(";")
		}
		fmt.Fprintf(&b, " %d rows:", s.Rows)
		for _, bin := range Bins {
			if n := s.Bins[bin]; n > 0 {
				fmt.Fprintf(&b, " %s %d", bin, n)
			}
		}
		b.WriteString("\n")
		for _, c := range s.Columns {
			if c.How != "" && !c.Sure() {
				fmt.Fprintf(&b, "  column %s %q: %s by %s\n", c.Column, c.Header, cmp.Or(c.Field, "not "+c.Candidate), c.How)
			}
		}
		for _, f := range slices.Sorted(maps.Keys(s.Inherited)) {
			fmt.Fprintf(&b, "  inherited %s: %s\n", f, s.Inherited[f])
		}
		for _, t := range s.Totals {
			fmt.Fprintf(&b, "  total in row %d, %s: %s stated, %s computed, %t\n", t.Row, t.Column, table.Fen(t.StatedFen), table.Fen(t.ComputedFen), t.Agrees)
		}
	}
	for _, r := range res.Rejects {
		fmt.Fprintf(&b, "reject %s!%s:%d: %s %q\n", r.File, r.Sheet, r.Row, r.Reason, r.Cells)
	}
	for _, d := range res.Doubts {
		fmt.Fprintf(&b, "doubt %s!%s:%d x%d %s %q: %s\n", d.File, d.Sheet, d.Row, d.Rows, d.Field, d.Text, d.Reason)
	}
	for _, s := range table.Schemas {
		if t := res.Tables.Get(s); t.Len() > 0 {
			fmt.Fprintf(&b, "%s\n", s.Name)
			dumpTable(&b, t, res.Sources)
		}
	}
	return b.String()
}

func dumpTable(b *bytes.Buffer, t *table.Table, sources table.Sources) {
	w := csv.NewWriter(b)
	head := []string{"place"}
	var fields []table.Field
	var hows []string
	for _, f := range t.Schema().Fields[1:] {
		switch {
		case !t.Has(f.Name):
		case table.HowField(f.Name) != "":
			hows = append(hows, f.Name)
		default:
			fields = append(fields, f)
			head = append(head, f.Name)
		}
	}
	how := func(i int) string { // _inherited tells the commonest already
		var list []string
		for _, f := range hows {
			if h := t.Text(f, i); h != "" && h != table.Inherited.String() {
				list = append(list, table.HowField(f)+" "+h)
			}
		}
		return strings.Join(list, ", ")
	}
	told := false
	for i := range t.Len() {
		told = told || how(i) != ""
	}
	if told {
		head = append(head, "how")
	}
	w.Write(head)
	for i, ref := range t.Refs() {
		rec := []string{sources.Place(ref).String()}
		for _, f := range fields {
			rec = append(rec, cellText(t, f, i))
		}
		if told {
			rec = append(rec, how(i))
		}
		w.Write(rec)
	}
	w.Flush()
}

func cellText(t *table.Table, f table.Field, row int) string {
	if f.Type == table.Text || f.Type == table.Span {
		return t.Text(f.Name, row)
	}
	v, ok := t.Int(f.Name, row)
	switch {
	case !ok:
		return ""
	case f.Type == table.Money:
		return table.Fen(v).String()
	case f.Type == table.Amount:
		return table.Quantity(v).String()
	case f.Type == table.Date:
		return table.Day(v).String()
	case f.Type == table.Bool:
		return map[int64]string{0: "no", 1: "yes"}[v]
	}
	return fmt.Sprint(v)
}
