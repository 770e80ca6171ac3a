// Package exec runs rules over tables in this process: rows are grouped by
// dense keys, every rule of a key runs on a group while its rows are in cache,
// and groups are shared out over the cores.
package exec

import (
	"context"
	"runtime"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

// Options says how to run.
type Options struct {
	Workers int  // 0 for every core
	All     bool // the leads of rules that went wild too
}

// Run checks a set of tables with rules and returns the leads in their one
// order, whatever the number of workers, and a Status a rule. A rule that fails
// on a group is in its Status, not in the error.
func Run(ctx context.Context, rules []*detect.Rule, set *table.Set, s detect.Settings, opt Options) ([]detect.Lead, []Status, error) {
	plan, err := detect.NewPlan(rules, s, detect.HoldsOf(set))
	if err != nil {
		return nil, nil, err
	}
	workers := opt.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	formed := map[table.Key]*Groups{} // kept from measuring to checking
	baselines := detect.NewBaselines()
	for _, key := range table.Keys {
		if !plan.Measures(key) {
			continue
		}
		formed[key] = GroupsOf(plan, set, key)
		b, err := Measure(ctx, plan, formed[key], workers)
		if err != nil {
			return nil, nil, err
		}
		plan.Merge(baselines, b)
	}
	out := Outcomes{}
	for _, key := range table.Keys {
		gs := formed[key]
		if gs == nil {
			gs = GroupsOf(plan, set, key)
		}
		delete(formed, key)
		o, err := Check(ctx, plan, gs, baselines, workers)
		if err != nil {
			return nil, nil, err
		}
		out.Merge(o)
	}
	leads, statuses := Conclude(rules, plan, baselines, out, s.Policy.Wild, opt.All)
	return leads, statuses, nil
}

// Outcomes are what rules came to, by rule ID. They survive JSON.
type Outcomes map[string]*detect.Outcome

// Merge adds what the rules came to on other groups. The order of merging does
// not show once the outcomes are concluded.
func (o Outcomes) Merge(p Outcomes) {
	for id, x := range p {
		o.of(id).Merge(x)
	}
}

func (o Outcomes) of(id string) *detect.Outcome {
	if o[id] == nil {
		o[id] = &detect.Outcome{}
	}
	return o[id]
}

// Measure takes the samples and baselines of groups.
func Measure(ctx context.Context, plan *detect.Plan, gs *Groups, workers int) (*detect.Baselines, error) {
	blocks := gs.blocks()
	parts := make([]*detect.Baselines, min(workers, len(blocks)))
	err := parallel(ctx, len(blocks), workers, func(n int) func(int) {
		w := gs.worker(toTake)
		parts[n] = detect.NewBaselines()
		return func(b int) {
			w.each(blocks[b], func(g *detect.Group) { plan.Measure(g, parts[n]) })
		}
	})
	if err != nil {
		return nil, err
	}
	out := detect.NewBaselines()
	for _, part := range parts {
		plan.Merge(out, part)
	}
	return out, nil
}

// Check applies the plan's rules of the groups' key to groups and returns what
// they came to. baselines are those of all groups there are, of every shard and
// key. It is what every executor calls.
func Check(ctx context.Context, plan *detect.Plan, gs *Groups, baselines *detect.Baselines, workers int) (Outcomes, error) {
	baselines.Ready()
	rules := plan.Of(gs.key)
	blocks := gs.blocks()
	if len(rules) == 0 {
		return nil, nil
	}
	parts := make([][]detect.Outcome, len(blocks))
	err := parallel(ctx, len(blocks), workers, func(int) func(int) {
		w := gs.worker(toCheck)
		return func(b int) {
			part := make([]detect.Outcome, len(rules))
			w.each(blocks[b], func(g *detect.Group) {
				for i, r := range rules {
					plan.Check(r, g, baselines, &part[i])
				}
			})
			parts[b] = part
		}
	})
	if err != nil {
		return nil, err
	}
	out := Outcomes{}
	for i, r := range rules {
		o := out.of(r.ID)
		for _, part := range parts {
			o.Merge(&part[i])
		}
	}
	return out, nil
}
