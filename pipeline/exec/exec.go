// Package exec runs rules over tables in this process: rows are grouped by
// dense keys, every rule of a key runs on a group while its rows are in cache,
// and groups are shared out over the cores.
package exec

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

// A Status says how one rule fared, so that no lead is not read as clean.
type Status struct {
	Rule    *detect.Rule
	Enabled bool
	Lacking string // what the run lacks of the rule's needs; then nothing was judged
	Params  []detect.Description
	detect.Counts
	Failed []detect.Failure
}

// Judged returns how many subjects the rule came to a conclusion on.
func (s *Status) Judged() int { return s.Flagged + s.Clear }

// Review reports whether the rule flagged more than 5 % of what it judged, a
// sign that its parameters do not fit the data.
func (s *Status) Review() bool { return s.Flagged*20 > s.Judged() }

// Options says how to run.
type Options struct {
	Workers int // 0 for every core
}

// blockRows is how many rows of groups a worker takes at a time: its gathered
// columns stay in the second-level cache, and a block is long enough that
// taking it costs nothing.
const blockRows = 4096

// Run checks a set of tables with rules and returns the leads in their one
// order, whatever the number of workers, and a Status a rule. A rule that fails
// on a group is in its Status, not in the error.
func Run(ctx context.Context, rules []*detect.Rule, set *table.Set, s detect.Settings, opt Options) ([]detect.Lead, []Status, error) {
	plan, err := detect.NewPlan(rules, s, detect.Present(set))
	if err != nil {
		return nil, nil, err
	}
	workers := opt.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	out := make([]detect.Outcome, len(plan.Rules))
	for _, key := range table.Keys {
		var here []int
		for i, r := range plan.Rules {
			if slices.Contains(r.By, key) {
				here = append(here, i)
			}
		}
		if len(here) == 0 {
			continue
		}
		if err := runKey(ctx, plan, here, key, set, workers, out); err != nil {
			return nil, nil, err
		}
	}
	var leads []detect.Lead
	statuses := make([]Status, 0, len(rules))
	for _, r := range rules {
		st := Status{Rule: r}
		if i := slices.Index(plan.Rules, r); i >= 0 {
			out[i].Finish()
			st.Enabled, st.Lacking, st.Params = true, plan.Lacking(r), plan.Values(r)
			st.Counts, st.Failed = out[i].Counts, out[i].Failed
			leads = append(leads, out[i].Leads...)
		}
		statuses = append(statuses, st)
	}
	return leads, statuses, nil
}

// runKey runs the rules plan.Rules[here...] on the groups of one key.
func runKey(ctx context.Context, plan *detect.Plan, here []int, key table.Key, set *table.Set, workers int, out []detect.Outcome) error {
	var rules []*detect.Rule
	for _, i := range here {
		r := plan.Rules[i]
		if lack := plan.Lacking(r); lack != "" {
			continue // counted in the Status: its groups are not even formed
		}
		rules = append(rules, r)
	}
	if len(rules) == 0 {
		return nil
	}
	gs := group(key, set, rules)
	blocks := gs.blocks()
	samples, failed, err := takeSamples(ctx, plan, rules, gs, blocks, workers)
	if err != nil {
		return err
	}
	for i, r := range rules {
		if r.Sample == nil {
			continue
		}
		var xs []float64
		for _, block := range samples {
			for _, s := range block {
				if int(s.rule) == i {
					xs = append(xs, s.x)
				}
			}
		}
		plan.SetSamples(r, key, xs)
	}
	parts := make([][]detect.Outcome, len(blocks))
	err = parallel(ctx, len(blocks), workers, func() func(int) {
		w := gs.worker()
		return func(b int) {
			part, rest, n := make([]detect.Outcome, len(rules)), samples[b], 0
			w.each(blocks[b], func(g *detect.Group) {
				for ; len(rest) > 0 && int(rest[0].group) == n; rest = rest[1:] {
					g.SetSample(rules[rest[0].rule], rest[0].x)
				}
				n++
				for i, r := range rules {
					if !slices.ContainsFunc(failed[b], func(f detect.Failure) bool { return f.Rule == r.ID && f.Group.Key == g.ID }) {
						plan.Check(r, g, &part[i])
					}
				}
			})
			parts[b] = part
		}
	})
	if err != nil {
		return err
	}
	for i, r := range rules {
		o := &out[slices.Index(plan.Rules, r)]
		for b, part := range parts {
			for _, f := range failed[b] {
				if f.Rule == r.ID {
					o.Failed = append(o.Failed, f)
				}
			}
			o.Merge(&part[i])
		}
	}
	return nil
}

// A sample is what one rule took of one group.
type sample struct {
	group, rule int32 // the group counted in its block
	x           float64
}

// takeSamples lets the rules that want samples take them of every group, and
// returns by block what they took and where they failed: such a group is not
// checked.
func takeSamples(ctx context.Context, plan *detect.Plan, rules []*detect.Rule, gs *groups, blocks []block, workers int) ([][]sample, [][]detect.Failure, error) {
	samples := make([][]sample, len(blocks))
	failed := make([][]detect.Failure, len(blocks))
	if !slices.ContainsFunc(rules, func(r *detect.Rule) bool { return r.Sample != nil }) {
		return samples, failed, nil
	}
	err := parallel(ctx, len(blocks), workers, func() func(int) {
		w := gs.worker()
		return func(b int) {
			n := 0
			w.each(blocks[b], func(g *detect.Group) {
				for i, r := range rules {
					if r.Sample == nil {
						continue
					}
					x, ok, err := plan.Sample(r, g)
					switch {
					case err != nil:
						failed[b] = append(failed[b], detect.Failure{Rule: r.ID, Group: detect.Subject{Kind: string(g.Key), Key: g.ID}, Err: err})
					case ok:
						samples[b] = append(samples[b], sample{int32(n), int32(i), x})
					}
				}
				n++
			})
		}
	})
	return samples, failed, err
}

// parallel calls work(0..n-1), each once, on workers goroutines; every
// goroutine has its own work from start.
func parallel(ctx context.Context, n, workers int, start func() func(int)) error {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(workers, n) {
		wg.Go(func() {
			work := start()
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				work(i)
			}
		})
	}
	wg.Wait()
	return ctx.Err()
}
