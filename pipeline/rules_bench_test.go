package pipeline_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"fundtrace/fixtures/generate"
	"fundtrace/pipeline"
	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/exec"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
	"fundtrace/rules"
)

// BenchmarkRules measures what one more rule costs on keys that are grouped
// anyway, in CPU seconds per 10 M payments of a generated county: the rule alone
// less a rule that reads the same columns and does nothing. It prints every
// rule's figure and reports the median.
func BenchmarkRules(b *testing.B) {
	dir := b.TempDir()
	truth, err := generate.County(dir, generate.Options{Households: 40_000, Seed: 77, Cases: 3})
	if err != nil {
		b.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, generate.PolicyFile))
	if err != nil {
		b.Fatal(err)
	}
	p, err := policy.Parse(text)
	if err != nil {
		b.Fatal(err)
	}
	asOf, err := table.ParseDay(truth.AsOf)
	if err != nil {
		b.Fatal(err)
	}
	_, _, money, err := pipeline.Follow(context.Background(), pipeline.Options{Inputs: []string{filepath.Join(dir, generate.InputDir)}, Policy: p, AsOf: asOf, Lang: "zh"})
	if err != nil {
		b.Fatal(err)
	}
	payments := float64(money.Tables.Get(table.Payment).Len())
	cost := func(r *detect.Rule) float64 {
		const rounds = 3
		var took []float64
		for range rounds {
			start := cpuSeconds()
			if _, _, err := exec.Run(context.Background(), []*detect.Rule{r}, money.Tables, detect.Settings{AsOf: asOf, Policy: p}, exec.Options{Workers: 1}); err != nil {
				b.Fatal(err)
			}
			took = append(took, (cpuSeconds()-start)*1e7/payments)
		}
		return slices.Min(took)
	}
	for b.Loop() {
		var all []float64
		for _, r := range rules.All {
			idle := *r
			idle.Sample, idle.Baselines, idle.Check = nil, nil, func(*detect.Pass) error { return nil }
			c := cost(r) - cost(&idle)
			all = append(all, c)
			fmt.Printf("%-22s %6.2f CPU s per 10 M payments\n", r.ID, c) // b.Log cuts long output
		}
		slices.Sort(all)
		b.ReportMetric(all[len(all)/2], "median-cpu-s/10M")
		b.ReportMetric(all[len(all)-1], "most-cpu-s/10M")
	}
}
