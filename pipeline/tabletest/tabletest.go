// Package tabletest makes canonical tables from text, for the tests of the stages
// that take them.
package tabletest

import (
	"strconv"
	"strings"
	"testing"

	"fundtrace/pipeline/table"
)

// Sheets reads tables from text that an auditor can read: a line [table] begins a
// sheet (what follows on it is a note), its first line names the columns, | parts
// the cells. Every sheet is a source of its own, rows count from 1.
func Sheets(t testing.TB, text string) *table.Set {
	t.Helper()
	parts := map[*table.Schema][]*table.Table{}
	source := -1
	for sheet := range strings.SplitSeq("\n"+text, "\n[") {
		title, body, _ := strings.Cut(sheet, "\n")
		name, _, ok := strings.Cut(title, "]")
		if !ok {
			continue
		}
		source++
		s := table.SchemaNamed(name)
		lines := strings.Split(strings.TrimSpace(body), "\n")
		b := table.NewBuilder(s)
		header := Cells(lines[0])
		for row, line := range lines[1:] {
			*b.Ints(table.RefColumn) = append(*b.Ints(table.RefColumn), int64(table.NewRef(source, row+1)))
			vals := Cells(line)
			for i, h := range header {
				v := ""
				if i < len(vals) {
					v = vals[i]
				}
				f := s.Field(h)
				if f < 0 {
					t.Fatalf("[%s]: no column %q", name, h)
				}
				switch s.Fields[f].Type {
				case table.Text, table.Span:
					b.Words(h).Append(v)
				default:
					*b.Ints(h) = append(*b.Ints(h), number(t, s.Fields[f].Type, v))
				}
			}
		}
		tab, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		parts[s] = append(parts[s], tab)
	}
	var tables []*table.Table
	for s, p := range parts {
		tab, err := table.Concat(s, p)
		if err != nil {
			t.Fatal(err)
		}
		tables = append(tables, tab)
	}
	return table.NewSet(tables...)
}

// Cells cuts a line into its cells.
func Cells(line string) []string {
	out := strings.Split(strings.TrimSpace(line), "|")
	for i := range out {
		out[i] = strings.TrimSpace(out[i])
	}
	return out
}

func number(t testing.TB, typ table.Type, v string) int64 {
	if v == "" {
		return table.Null
	}
	var n int64
	var err error
	switch typ {
	case table.Money:
		var f table.Fen
		f, err = table.ParseFen(v)
		n = int64(f)
	case table.Date:
		var d table.Day
		d, err = table.ParseDay(v)
		n = int64(d)
	default:
		n, err = strconv.ParseInt(v, 10, 64)
	}
	if err != nil {
		t.Fatal(err)
	}
	return n
}
