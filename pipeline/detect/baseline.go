package detect

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"fundtrace/pipeline/table"
)

// A Baseline is what the groups of a key say together of something that a check
// asks by name: how many households of a county a year's register lists. Its
// parts merge in any order, so that shards can be merged as they come. A rule
// lists under Baselines those that its check asks.
type Baseline[T any] struct {
	Name string         // no other baseline has it
	By   table.Key      // the key of the groups it is taken of
	Read []table.Column // the columns that Key and Of read

	// Key returns what the group counts for, a county for one; ok is false for a
	// group that counts for nothing.
	Key func(*Pass) (key string, ok bool)
	// Of returns what the group says. T must survive JSON.
	Of func(*Pass) T
	// Merge brings two values together, in whichever order; it may change and
	// return a.
	Merge func(a, b T) T
}

// At returns what all groups that count for key say together, the zero T where
// there is none. It panics where the rule does not list the baseline: it may not
// have been taken.
func (b *Baseline[T]) At(p *Pass, key string) T {
	if !slices.ContainsFunc(p.Rule.Baselines, func(m Measure) bool { return m == Measure(b) }) {
		panic("baseline " + b.Name + " is asked by a rule that does not list it")
	}
	if x, ok := p.baselines.Values[b.Name][key].(*T); ok {
		return *x
	}
	var none T
	return none
}

// A Measure is a Baseline of any type.
type Measure interface {
	name() string
	by() table.Key
	reads() []table.Column
	take(*Pass, map[string]any)
	merge(to, from map[string]any)
	decode(map[string]json.RawMessage) (map[string]any, error)
}

func (b *Baseline[T]) name() string          { return b.Name }
func (b *Baseline[T]) by() table.Key         { return b.By }
func (b *Baseline[T]) reads() []table.Column { return b.Read }

// take adds what the pass's group says.
func (b *Baseline[T]) take(p *Pass, to map[string]any) {
	if key, ok := b.Key(p); ok {
		b.add(to, key, b.Of(p))
	}
}

func (b *Baseline[T]) merge(to, from map[string]any) {
	for key, x := range from {
		b.add(to, key, *x.(*T))
	}
}

func (b *Baseline[T]) add(to map[string]any, key string, x T) {
	if old, ok := to[key].(*T); ok {
		*old = b.Merge(*old, x)
		return
	}
	first := new(T)
	*first = x
	to[key] = first
}

func (b *Baseline[T]) decode(raw map[string]json.RawMessage) (map[string]any, error) {
	out := make(map[string]any, len(raw))
	for key, text := range raw {
		x := new(T)
		if err := json.Unmarshal(text, x); err != nil {
			return nil, fmt.Errorf("baseline %s: %w", b.Name, err)
		}
		out[key] = x
	}
	return out, nil
}

// Baselines are the samples and baselines of groups, of one shard's or, merged,
// of all. They travel as JSON; Plan.ReadBaselines reads them back.
type Baselines struct {
	Samples map[string][]float64      `json:"samples"` // by rule and key
	Values  map[string]map[string]any `json:"values"`  // by baseline and what groups count for; pointers to its T
	Failed  []Failure                 `json:"failed"`  // groups of which a rule could not take them: it does not check them
	ready   bool
	failed  map[Failure]bool // without the error
}

// NewBaselines returns baselines of no group.
func NewBaselines() *Baselines {
	return &Baselines{Samples: map[string][]float64{}, Values: map[string]map[string]any{}}
}

// sampleKey names a rule's samples of the groups of a key.
func sampleKey(r *Rule, key table.Key) string { return r.ID + "/" + string(key) }

// of returns a baseline's values.
func (b *Baselines) of(m Measure) map[string]any {
	v := b.Values[m.name()]
	if v == nil {
		v = map[string]any{}
		b.Values[m.name()] = v
	}
	return v
}

// Measures reports whether anything is taken of the groups of a key.
func (p *Plan) Measures(key table.Key) bool {
	return slices.ContainsFunc(p.Rules, func(r *Rule) bool { return p.Lacking(r) == "" && measured(r, key) })
}

func measured(r *Rule, key table.Key) bool {
	return r.Sample != nil && slices.Contains(r.By, key) ||
		slices.ContainsFunc(r.Baselines, func(m Measure) bool { return m.by() == key })
}

// Measure adds to b what the plan's rules take of a group.
func (p *Plan) Measure(g *Group, b *Baselines) {
	for _, r := range p.Rules {
		if p.Lacking(r) == "" && measured(r, g.Key) {
			if err := p.measure(r, g, b); err != nil {
				b.Failed = append(b.Failed, failure(r, g, err))
			}
		}
	}
}

func (p *Plan) measure(r *Rule, g *Group, b *Baselines) (err error) {
	defer recovered(r, g, &err)
	pass := p.pass(r, g)
	if r.Sample != nil && slices.Contains(r.By, g.Key) {
		if x, ok := r.Sample(pass); ok {
			k := sampleKey(r, g.Key)
			b.Samples[k] = append(b.Samples[k], x)
		}
	}
	for _, m := range r.Baselines {
		if m.by() == g.Key && p.takes[m.name()] == r {
			m.take(pass, b.of(m))
		}
	}
	return nil
}

// Merge adds the baselines of other groups to b, in whichever order.
func (p *Plan) Merge(b, o *Baselines) {
	for k, xs := range o.Samples {
		b.Samples[k] = append(b.Samples[k], xs...)
	}
	b.ready = false
	for _, r := range p.Rules {
		for _, m := range r.Baselines {
			if from := o.Values[m.name()]; from != nil && p.takes[m.name()] == r {
				m.merge(b.of(m), from)
			}
		}
	}
	b.Failed = append(b.Failed, o.Failed...)
}

// Ready makes b what checks may ask, from many goroutines.
func (b *Baselines) Ready() {
	if b.ready {
		return
	}
	for _, xs := range b.Samples {
		slices.Sort(xs)
	}
	b.failed = map[Failure]bool{}
	for _, f := range b.Failed {
		b.failed[Failure{f.Rule, f.Group, ""}] = true
	}
	b.ready = true
}

// lack reports whether a rule could not take what it wants of a group.
func (b *Baselines) lack(r *Rule, g *Group) bool {
	return len(b.failed) > 0 && b.failed[Failure{r.ID, Subject{string(g.Key), g.ID}, ""}]
}

// ReadBaselines reads baselines that were written as JSON.
func (p *Plan) ReadBaselines(text []byte) (*Baselines, error) {
	var raw struct {
		Samples map[string][]float64
		Values  map[string]map[string]json.RawMessage
		Failed  []Failure
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, fmt.Errorf("reading baselines: %w", err)
	}
	b := NewBaselines()
	maps.Copy(b.Samples, raw.Samples)
	b.Failed = raw.Failed
	for _, r := range p.Rules {
		for _, m := range r.Baselines {
			if text := raw.Values[m.name()]; text != nil {
				v, err := m.decode(text)
				if err != nil {
					return nil, fmt.Errorf("reading baselines: %w", err)
				}
				b.Values[m.name()] = v
			}
		}
	}
	return b, nil
}
