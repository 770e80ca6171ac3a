package detect

import (
	"cmp"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	"fundtrace/pipeline/table"
)

// A Plan is rules made ready for one run's settings and tables. It is for
// executors and does not change.
type Plan struct {
	Rules    []*Rule
	settings Settings
	holds    Holds
	params   map[Parameter]any
	takes    map[string]*Rule // baseline → the rule that it is taken for
	rests    map[restKey][]int
	money    map[string]bool // rules whose leads rest on money
}

// Holds is what a plan asks of a run's tables. It survives JSON.
type Holds struct {
	Tables  map[string]bool // with rows, and "register:KIND" for each kind of register
	Doubted map[int]bool    // sources whose money may be in another unit than it was read in
	Funds   map[string]bool // of which such sources tell: what others tell of them does not fit theirs
}

// restKey is a rule on rows of a table that are grouped by a key.
type restKey struct {
	rule   string
	schema *table.Schema
	key    table.Key
}

// rest lists the columns that tell how the values are known on which a rule's
// leads rest: those that it reads, and those by which its rows are grouped.
func (p *Plan) rest(r *Rule) {
	p.money[r.ID] = slices.ContainsFunc(r.Reads, func(c table.Column) bool {
		_, beside := c.(aside)
		s, f := c.Of()
		return !beside && s.Fields[f].Type == table.Money
	})
	for _, s := range table.Schemas {
		for _, key := range r.By {
			out := hows(s, r.Reads)
			for f := range s.Fields {
				if out != nil && s.Fields[f].Key == key {
					out = append(out, s.Hows(f)...)
				}
			}
			slices.Sort(out)
			p.rests[restKey{r.ID, s, key}] = slices.Compact(out)
		}
	}
}

// NewPlan returns a plan for the rules that the policy leaves on, or what is
// wrong with their parameters in it; what it says of other rules is no matter.
func NewPlan(rules []*Rule, s Settings, holds Holds) (*Plan, error) {
	p := &Plan{settings: s, holds: holds, params: map[Parameter]any{}, takes: map[string]*Rule{}, rests: map[restKey][]int{}, money: map[string]bool{}}
	for _, r := range rules {
		if !s.Enabled(r) {
			continue
		}
		p.Rules = append(p.Rules, r)
		p.rest(r)
		for _, m := range r.Baselines {
			if p.takes[m.name()] == nil && p.Lacking(r) == "" {
				p.takes[m.name()] = r
			}
		}
		for _, q := range r.Params {
			v, err := q.parse(s.Policy.Rules[r.ID][q.Describe().Name])
			if err != nil {
				return nil, fmt.Errorf("rule %s: parameter %s: %w", r.ID, q.Describe().Name, err)
			}
			p.params[q] = v
		}
	}
	return p, nil
}

// HoldsOf looks at what a set of tables holds.
func HoldsOf(set *table.Set) Holds {
	out := Holds{map[string]bool{}, map[int]bool{}, map[string]bool{}}
	for _, s := range table.Schemas {
		t := set.Get(s)
		if t.Len() == 0 {
			continue
		}
		out.Tables[s.Name] = true
		for f := range s.Fields {
			if s.Fields[f].Type != table.Money || !t.Has(table.HowColumn(s.Fields[f].Name)) {
				continue
			}
			refs := t.Refs()
			codes, dict := t.Words(table.HowColumn(s.Fields[f].Name))
			for row, c := range codes {
				if c != table.NullCode && refs != nil && refs[row] != 0 && table.ParseHow(dict[c]) == table.Guessed {
					out.Doubted[refs[row].Source()] = true
				}
			}
		}
	}
	for _, s := range table.Schemas {
		t := set.Get(s)
		if len(out.Doubted) == 0 || t.Refs() == nil || !t.Has("_fund") {
			continue
		}
		codes, dict := t.Words("_fund")
		for row, c := range codes {
			if c != table.NullCode && out.Doubted[t.Refs()[row].Source()] {
				out.Funds[dict[c]] = true
			}
		}
	}
	codes, kinds := set.Get(table.Register).Words("register_kind")
	for _, c := range codes {
		if c != table.NullCode {
			out.Tables["register:"+kinds[c]] = true
		}
	}
	return out
}

// moneyInDoubt reports whether a lead rests on money that may be in another unit
// than it was read in: its rows', or its fund's.
func (p *Pass) moneyInDoubt(l *Lead) bool {
	h := &p.plan.holds
	return p.plan.money[p.Rule.ID] && (h.Funds[l.FundNo] || p.Group.Key == table.Fund && h.Funds[p.Group.ID] ||
		slices.ContainsFunc(l.Evidence, func(e Evidence) bool { return h.Doubted[e.Ref.Source()] }))
}

// Values returns a rule's parameters in force, as a policy file writes them.
func (p *Plan) Values(r *Rule) []Description {
	var out []Description
	for _, q := range r.Params {
		d := q.Describe()
		d.Default = fmt.Sprint(p.params[q])
		out = append(out, d)
	}
	return out
}

// Lacking returns what the run lacks of a rule's needs, "" if nothing.
func (p *Plan) Lacking(r *Rule) string {
	var lack []string
	for _, n := range r.Needs {
		if !slices.ContainsFunc(strings.Split(n, "|"), func(one string) bool { return p.holds.Tables[one] }) {
			lack = append(lack, n)
		}
	}
	return strings.Join(lack, ", ")
}

// Of returns the rules by a key that the run has the tables for.
func (p *Plan) Of(key table.Key) []*Rule {
	var out []*Rule
	for _, r := range p.Rules {
		if slices.Contains(r.By, key) && p.Lacking(r) == "" {
			out = append(out, r)
		}
	}
	return out
}

// Reads returns the columns that the rules by a key read.
func (p *Plan) Reads(key table.Key) []table.Column {
	var out []table.Column
	for _, r := range p.Of(key) {
		out = append(out, r.Reads...)
	}
	return out
}

// MeasureReads returns the columns that samples and baselines by a key read: few
// of those that checks read.
func (p *Plan) MeasureReads(key table.Key) []table.Column {
	var out []table.Column
	for _, r := range p.Of(key) {
		if r.Sample != nil {
			out = append(out, r.Reads...)
		}
	}
	for _, r := range p.Rules {
		for _, m := range r.Baselines {
			if m.by() == key && p.takes[m.name()] == r {
				out = append(out, m.reads()...)
			}
		}
	}
	return out
}

func (p *Plan) param(q Parameter) any {
	v, ok := p.params[q]
	if !ok {
		panic("parameter " + q.Describe().Name + " is read by a rule that does not list it")
	}
	return v
}

// pass returns a rule's pass over a group.
func (p *Plan) pass(r *Rule, g *Group) *Pass {
	return &Pass{Rule: r, Group: g, Policy: p.settings.Policy, AsOf: p.settings.AsOf, plan: p}
}

// Check applies a rule to a group, held against baselines that are Ready, and
// adds what came of it to out. A group that is among the baselines' failures is
// left out.
func (p *Plan) Check(r *Rule, g *Group, b *Baselines, out *Outcome) {
	if b.lack(r, g) {
		return
	}
	pass := p.pass(r, g)
	pass.baselines, pass.out = b, out
	pass.subject, pass.whole, pass.state = Subject{string(g.Key), g.ID}, true, open
	leads := len(out.Leads)
	out.part = Counts{NA: out.part.NA[:0], Questions: out.part.Questions[:0]}
	if err := pass.run(); err != nil {
		out.Leads = out.Leads[:leads]
		out.Failed = append(out.Failed, failure(r, g, err))
		return
	}
	pass.close()
	out.add(&out.part)
}

func (p *Pass) run() (err error) {
	defer recovered(p.Rule, p.Group, &err)
	return p.Rule.Check(p)
}

// recovered turns a panic of a rule into its error, so that it fails alone.
func recovered(r *Rule, g *Group, err *error) {
	if x := recover(); x != nil {
		*err = fmt.Errorf("rule %s on a group of key %s: panic: %v\n%s", r.ID, g.Key, x, debug.Stack())
	}
}

// An Outcome is what one rule, or one part of its groups, came to.
type Outcome struct {
	Counts
	Leads  []Lead
	Failed []Failure

	part Counts // of the group under way: a group that fails counts nowhere
}

// Counts are subjects, and the questions asked in place of leads on some of them.
type Counts struct {
	Flagged, Clear int
	NA             []NA // not applicable, by reason
	Questions      []Question
}

// NA is how many subjects could not be judged for one reason.
type NA struct {
	Reason Text
	N      int
}

// A Failure is a group on which a rule could not be run.
type Failure struct {
	Rule  string
	Group Subject
	Error string
}

func failure(r *Rule, g *Group, err error) Failure {
	return Failure{r.ID, Subject{string(g.Key), g.ID}, err.Error()}
}

func (f Failure) compare(o Failure) int {
	return cmp.Or(strings.Compare(f.Rule, o.Rule), strings.Compare(f.Group.Kind, o.Group.Kind), strings.Compare(f.Group.Key, o.Group.Key))
}

func (c *Counts) add(d *Counts) {
	c.Flagged += d.Flagged
	c.Clear += d.Clear
	for _, na := range d.NA {
		c.notApplicable(na.Reason, na.N)
	}
	c.Questions = append(c.Questions, d.Questions...)
}

func (c *Counts) notApplicable(reason Text, n int) {
	for i := range c.NA {
		if c.NA[i].Reason == reason {
			c.NA[i].N += n
			return
		}
	}
	c.NA = append(c.NA, NA{reason, n})
}

// Skip counts n subjects as not applicable without running the rule.
func (o *Outcome) Skip(reason Text, n int) { o.notApplicable(reason, n) }

// Merge adds another part's outcome.
func (o *Outcome) Merge(q *Outcome) {
	o.add(&q.Counts)
	o.Leads = append(o.Leads, q.Leads...)
	o.Failed = append(o.Failed, q.Failed...)
}

// Finish brings the outcome into the one order every executor returns, whatever
// parts it was merged from.
func (o *Outcome) Finish() {
	slices.SortFunc(o.Leads, compare)
	o.Questions = oneEach(o.Questions, sameFund, add)
	slices.SortFunc(o.NA, func(a, b NA) int { return strings.Compare(a.Reason.En, b.Reason.En) })
	slices.SortFunc(o.Failed, Failure.compare)
}
