package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

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
	r, err := table.OpenParquet(path)
	if err != nil {
		return fail(err)
	}
	defer r.Close()
	b := table.NewBuilder(s)
	for _, f := range s.Fields {
		name := called(f)
		if name == "" {
			continue
		}
		var err error
		switch f.Type {
		case table.Handle:
			*b.Ints(f.Name), err = readPlaces(r, strings.TrimSuffix(name, "ref"), s.Name, source)
		case table.Text, table.Span:
			err = r.Words(name, b.Words(f.Name))
		default:
			*b.Ints(f.Name), err = r.Ints(name)
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

// readPlaces makes Refs of the file, sheet and row columns of a prefix.
func readPlaces(r *table.ParquetFile, prefix, name string, source func(table.Source) int) ([]int64, error) {
	var files, sheets table.Words
	if err := cmp.Or(r.Words(prefix+"file", &files), r.Words(prefix+"sheet", &sheets)); err != nil {
		return nil, err
	}
	out, err := r.Ints(prefix + "row")
	for i, row := range out {
		if row != table.Null {
			s := table.Source{File: files.At(i), Sheet: sheets.At(i), Table: name}
			out[i] = int64(table.NewRef(source(s), int(row)))
		}
	}
	return out, err
}
