package report

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/apache/arrow/go/v15/parquet/file"
	"github.com/apache/arrow/go/v15/parquet/pqarrow"

	"fundtrace/pipeline/chain"
	"fundtrace/pipeline/table"
)

// An Earlier is what a run left behind, read back.
type Earlier struct {
	Tables  *table.Set // canonical, resolved and derived
	Sources table.Sources
	Funds   []chain.Identity
}

// Read reads the tables of a folder that Write filled. What was masked stays
// masked.
func Read(dir string) (*Earlier, error) {
	e := &Earlier{Tables: table.NewSet()}
	text, err := os.ReadFile(filepath.Join(dir, "run.json"))
	if err != nil {
		return nil, fmt.Errorf("reading an earlier run: %w", err)
	}
	run := struct {
		Funds *[]chain.Identity `json:"funds"`
	}{&e.Funds}
	if err := json.Unmarshal(text, &run); err != nil {
		return nil, fmt.Errorf("reading run.json of an earlier run: %w", err)
	}
	at := map[table.Source]int{}
	source := func(s table.Source) int {
		i, ok := at[s]
		if !ok {
			i = len(e.Sources)
			at[s] = i
			e.Sources = append(e.Sources, s)
		}
		return i
	}
	for _, s := range published {
		t, err := readTable(filepath.Join(dir, "tables", s.Name+".parquet"), s, func(f table.Field) string { return f.Name }, source)
		if err != nil {
			return nil, err
		}
		e.Tables = e.Tables.With(t)
	}
	names := map[string]string{}
	for _, n := range chainColumns {
		names[n.field] = n.name
	}
	t, err := readTable(filepath.Join(dir, "chains.parquet"), table.Position, func(f table.Field) string { return names[f.Name] }, source)
	if err != nil {
		return nil, err
	}
	e.Tables = e.Tables.With(t)
	return e, nil
}

// readTable reads one table; called gives a field's name in the file, "" where
// the file leaves it out.
func readTable(path string, s *table.Schema, called func(table.Field) string, source func(table.Source) int) (*table.Table, error) {
	fail := func(err error) (*table.Table, error) { return nil, fmt.Errorf("reading %s: %w", path, err) }
	r, err := file.OpenParquetFile(path, false)
	if err != nil {
		return fail(err)
	}
	defer r.Close()
	fr, err := pqarrow.NewFileReader(r, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		return fail(err)
	}
	t, err := fr.ReadTable(context.Background())
	if err != nil {
		return fail(err)
	}
	defer t.Release()
	b := table.NewBuilder(s)
	for _, f := range s.Fields {
		name := called(f)
		if name == "" {
			continue
		}
		var err error
		switch f.Type {
		case table.Handle:
			err = readPlaces(b.Ints(f.Name), t, strings.TrimSuffix(name, "ref"), s.Name, source)
		case table.Text, table.Span:
			words := b.Words(f.Name)
			err = eachCell(t, name, func(a arrow.Array, i int) { words.Append(a.(*array.String).Value(i)) }, func() { words.Append("") })
		default:
			out := b.Ints(f.Name)
			err = eachCell(t, name, func(a arrow.Array, i int) { *out = append(*out, number(a, i)) }, func() { *out = append(*out, table.Null) })
		}
		if err != nil {
			return fail(err)
		}
	}
	built, err := b.Build()
	if err != nil {
		return fail(err)
	}
	return built, nil
}

// eachCell calls value for each cell of a column, null for one that is null.
func eachCell(t arrow.Table, name string, value func(arrow.Array, int), null func()) error {
	at := t.Schema().FieldIndices(name)
	if at == nil {
		return fmt.Errorf("there is no column %s: was it written by this program?", name)
	}
	for _, a := range t.Column(at[0]).Data().Chunks() {
		for i := range a.Len() {
			if a.IsNull(i) {
				null()
			} else {
				value(a, i)
			}
		}
	}
	return nil
}

// number returns a cell as table.Builder takes it.
func number(a arrow.Array, i int) int64 {
	switch a := a.(type) {
	case *array.Decimal128:
		return int64(a.Value(i).LowBits())
	case *array.Date32:
		return int64(a.Value(i))
	case *array.Boolean:
		if a.Value(i) {
			return int64(table.Yes)
		}
		return int64(table.No)
	case *array.Int32:
		return int64(a.Value(i))
	}
	return table.Null
}

// readPlaces makes Refs of the file, sheet and row columns of a prefix.
func readPlaces(out *[]int64, t arrow.Table, prefix, name string, source func(table.Source) int) error {
	var files, sheets []string
	text := func(to *[]string) (func(arrow.Array, int), func()) {
		return func(a arrow.Array, i int) { *to = append(*to, a.(*array.String).Value(i)) }, func() { *to = append(*to, "") }
	}
	value, null := text(&files)
	if err := eachCell(t, prefix+"file", value, null); err != nil {
		return err
	}
	value, null = text(&sheets)
	if err := eachCell(t, prefix+"sheet", value, null); err != nil {
		return err
	}
	return eachCell(t, prefix+"row", func(a arrow.Array, i int) {
		s := table.Source{File: files[len(*out)], Sheet: sheets[len(*out)], Table: name}
		*out = append(*out, int64(table.NewRef(source(s), int(a.(*array.Int32).Value(i)))))
	}, func() { *out = append(*out, table.Null) })
}
