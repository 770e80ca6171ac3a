package sheet

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// corpusXLSX returns the workbooks of the corpus, or skips the test.
func corpusXLSX(t *testing.T) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, pattern := range []string{"*.xlsx", "*.xlsm"} {
		names, _ := filepath.Glob(filepath.Join("../../../shared/corpus/poi", pattern))
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files[filepath.Base(name)] = data
		}
	}
	if len(files) == 0 {
		t.Skip("no corpus here")
	}
	return files
}

// differences tells how two grids of one sheet differ, in words.
func differences(a, b *Grid) []string {
	var out []string
	say := func(format string, args ...any) {
		if len(out) < 5 {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	if a.State != b.State {
		say("state %q and %q", a.State, b.State)
	}
	if a.Rows != b.Rows || len(a.Cols) != len(b.Cols) {
		say("%d × %d and %d × %d", a.Rows, len(a.Cols), b.Rows, len(b.Cols))
	}
	for r := range max(a.Rows, b.Rows) {
		for c := range max(len(a.Cols), len(b.Cols)) {
			x, y := a.At(r, c), b.At(r, c)
			if x.Kind() == KindError && a.Format(x) == Uncalculated && y == Blank {
				continue // excelize has no value for a formula that was never calculated; here it is named
			}
			if x.Kind() != y.Kind() || x.Formula() != y.Formula() || a.Format(x) != b.Format(y) {
				say("row %d, column %d: %d %q %v and %d %q %v", r+1, c+1, x.Kind(), a.Format(x), x.Formula(), y.Kind(), b.Format(y), y.Formula())
			}
		}
	}
	if !slices.Equal(a.Merges, b.Merges) {
		say("merges %v and %v", a.Merges, b.Merges)
	}
	if !slices.Equal(a.HiddenRows, b.HiddenRows) {
		say("hidden rows %v and %v", a.HiddenRows, b.HiddenRows)
	}
	if !slices.Equal(a.HiddenCols, b.HiddenCols) {
		say("hidden columns %v and %v", a.HiddenCols, b.HiddenCols)
	}
	return out
}

// unlike are the files and sheets of the corpus on which excelize is not the
// measure, and why.
var unlike = map[string]string{
	"xlmmacro.xlsm/Macro1":       "excelize reads no macro sheets; their cells are cells",
	"WithChartSheet.xlsx/Chart2": "excelize refuses chart sheets; here they are sheets without cells",
}

func TestManualCorpusAgreesWithExcelize(t *testing.T) {
	used := map[string]bool{}
	for name, data := range corpusXLSX(t) {
		opt := Options{Limits: DefaultLimits}
		ours, err := Read(context.Background(), Member{Name: name, Data: data}, opt)
		theirs, err2 := readByExcelize(data, opt)
		if err != nil || err2 != nil {
			if used[name] = (err == nil) != (err2 == nil); used[name] && unlike[name] == "" {
				t.Errorf("%s: %v; excelize: %v", name, err, err2)
			}
			continue
		}
		if len(ours.Sheets) != len(theirs.Sheets) {
			t.Errorf("%s: %d sheets, excelize: %d", name, len(ours.Sheets), len(theirs.Sheets))
			continue
		}
		for i, g := range ours.Sheets {
			other := theirs.Sheets[i]
			if g.Err != nil || other.Err != nil {
				if at := name + "/" + g.Name; (g.Err == nil) != (other.Err == nil) && unlike[at] != "" {
					used[at] = true
				} else if (g.Err == nil) != (other.Err == nil) {
					t.Errorf("%s, sheet %s: %v; excelize: %v", name, g.Name, g.Err, other.Err)
				}
				continue
			}
			for _, d := range differences(g, other) {
				t.Errorf("%s, sheet %s: %s", name, g.Name, d)
			}
		}
	}
	for name, why := range unlike {
		if !used[name] {
			t.Errorf("%s agrees: take it out of the list (%s)", name, why)
		}
	}
}
