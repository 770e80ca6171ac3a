package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fundtrace/fixtures/generate"
	"fundtrace/pipeline"
	"fundtrace/pipeline/detect"
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

// A rule that fails on a group ends the run, or with KeepGoing stands in its
// status with the group, and the other rules and groups go on.
func TestAFailedRule(t *testing.T) {
	dir := t.TempDir()
	sheet := "姓名,身份证号,补贴项目,金额,发放日期\n韦大山,459901197001010016,农村低保,200,2017-03-01\n黄小河,459901196503050021,农村低保,200,2017-03-01\n"
	if err := os.WriteFile(filepath.Join(dir, "发放花名册.csv"), []byte(sheet), 0o644); err != nil {
		t.Fatal(err)
	}
	amount := table.MoneyOf(table.Payment, "amount")
	fragile := &detect.Rule{
		ID: "test-fragile", Family: detect.Dup, Grade: detect.E2, By: []table.Key{table.Person}, Needs: []string{"payment"}, Reads: []table.Column{amount},
		Check: func(p *detect.Pass) error {
			if strings.HasSuffix(p.Group.ID, "0016") {
				panic("broken")
			}
			v := p.View(table.Payment)
			p.Report(detect.Lead{Amount: amount.In(v).Or(0, 0), Evidence: []detect.Evidence{detect.Row(v, 0, detect.Text{})}})
			return nil
		},
	}
	opt := pipeline.Options{Inputs: []string{dir}, Policy: policy.Builtin(), AsOf: table.DayOf(2017, 12, 31), Rules: []*detect.Rule{fragile}, Lang: "zh"}
	_, err := pipeline.Run(t.Context(), opt)
	if !errors.Is(err, pipeline.ErrRuleFailed) || !strings.Contains(err.Error(), "test-fragile") || strings.Contains(err.Error(), "0016") {
		t.Errorf("error %v: want the rule named and nobody's number", err)
	}
	opt.KeepGoing = true
	d, err := pipeline.Run(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	if s := d.Rules[0]; len(d.Leads) != 1 || s.Flagged != 1 || len(s.Failed) != 1 || s.Failed[0].Group.Key != "459901197001010016" {
		t.Errorf("%d leads, status %+v", len(d.Leads), s)
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
