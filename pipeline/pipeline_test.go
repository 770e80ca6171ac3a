package pipeline_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"fundtrace/pipeline"
	"fundtrace/pipeline/generate"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// A county read back is the county that was written, to the line and the fen,
// however badly its cells are written.
func TestGeneratedCountyReadsBack(t *testing.T) {
	for _, opt := range []generate.Options{
		{Households: 150, Seed: 3},
		{Households: 150, Seed: 11, Dirt: 0.3},
	} {
		t.Run(fmt.Sprintf("seed %d", opt.Seed), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			truth, err := generate.County(dir, opt)
			if err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(filepath.Join(dir, generate.PolicyFile))
			if err != nil {
				t.Fatal(err)
			}
			p, err := policy.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			asOf, err := table.ParseDay(truth.AsOf)
			if err != nil {
				t.Fatal(err)
			}
			in, _, money, err := pipeline.Follow(context.Background(), pipeline.Options{
				Inputs: []string{filepath.Join(dir, generate.InputDir)}, Policy: p, AsOf: asOf, Lang: "zh",
			})
			if err != nil {
				t.Fatal(err)
			}

			for _, s := range in.Sheets {
				sum := 0
				for _, n := range s.Bins {
					sum += n
				}
				if sum != s.Rows {
					t.Errorf("%s, sheet %q: %d rows, %d in bins", s.File, s.Sheet, s.Rows, sum)
				}
			}
			for _, r := range in.Rejects {
				t.Errorf("rejected: %s, sheet %q, row %d: %s", r.File, r.Sheet, r.Row, r.Reason)
			}

			for _, s := range table.Canonical {
				got := written(in.Tables.Get(s), func(int) string { return s.Name })[s.Name]
				if want := truth.Tables[s.Name]; want == nil || got != *want {
					t.Errorf("%s: read %+v, written %+v", s.Name, got, want)
				}
			}
			payments := in.Tables.Get(table.Payment)
			programs := written(payments, func(row int) string { return payments.Text("program", row) })
			for name, want := range truth.Programs {
				if programs[name] != *want {
					t.Errorf("program %s: read %+v, written %+v", name, programs[name], *want)
				}
				delete(programs, name)
			}
			for name, got := range programs {
				t.Errorf("program %q: read %+v, none written", name, got)
			}

			if len(money.Funds) == 0 {
				t.Error("no fund was followed")
			}
			for _, f := range money.Funds {
				if !f.Balances() {
					t.Errorf("the money identity of %s does not hold: %+v", f.FundNo, f)
				}
			}
		})
	}
}

// written counts a table's lines and adds up its main money column, by what of
// says of a row.
func written(t *table.Table, of func(row int) string) map[string]generate.Written {
	out := map[string]generate.Written{}
	for i := range t.Len() {
		w := out[of(i)]
		w.Lines++
		if column := t.Schema().Money; column != "" {
			v, _ := t.Int(column, i)
			w.Amount += table.Fen(v)
		}
		out[of(i)] = w
	}
	return out
}
