package rules_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/ruletest"
	"fundtrace/pipeline/table"
	"fundtrace/rules"
)

// TestBounds holds the fixtures to both sides of every bound: for each number
// that a policy may set there is a fixture whose leads change when it is one
// step higher, and one whose leads change when it is one step lower. A step is
// 1 of a count or of days, one fen, and a fiftieth of a share or a z.
func TestBounds(t *testing.T) {
	onCases(t, func(t *testing.T, r *detect.Rule, cases []*bounded) {
		for _, q := range r.Params {
			for _, up := range []bool{false, true} {
				if steps(q, "1", up) != nil && !slices.ContainsFunc(cases, func(c *bounded) bool { return c.turns(t, r, q, up) }) {
					t.Errorf("%s: no fixture's leads change when it is one step %s: add the case that just flags, and the one that just does not",
						q.Describe().Name, map[bool]string{false: "lower", true: "higher"}[up])
				}
			}
		}
	})
}

// TestWords does the same for lists of words: without each of them, some
// fixture's leads change.
func TestWords(t *testing.T) {
	onCases(t, func(t *testing.T, r *detect.Rule, cases []*bounded) {
		for _, q := range r.Params {
			list, ok := q.(*detect.Param[string])
			if !ok {
				continue
			}
			words := strings.Fields(list.Default)
			for i, w := range words {
				if w == "|" { // parts lists of one parameter
					continue
				}
				left := strings.Join(slices.Delete(slices.Clone(words), i, i+1), " ")
				if !slices.ContainsFunc(cases, func(c *bounded) bool { return c.changes(t, r, list.Name, left) }) {
					t.Errorf("%s: no fixture's leads change without %q", list.Name, w)
				}
			}
		}
	})
}

// onCases runs a test on every rule and what its fixtures give.
func onCases(t *testing.T, test func(*testing.T, *detect.Rule, []*bounded)) {
	shared, err := os.ReadFile(filepath.Join(fixtures, "policy.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules.All {
		t.Run(r.ID, func(t *testing.T) {
			t.Parallel()
			test(t, r, casesOf(t, r, shared))
		})
	}
}

// TestPolicyBounds does the same for what the law and the city set: where a line,
// a standard, an age or a deadline matters to a rule at all, its fixtures tell
// it from one fen, year or day more and less.
func TestPolicyBounds(t *testing.T) {
	onCases(t, func(t *testing.T, r *detect.Rule, cases []*bounded) {
		for _, name := range slices.Sorted(maps.Keys(policyNumbers)) {
			turned := func(change func(int64) int64) bool {
				return slices.ContainsFunc(cases, func(c *bounded) bool {
					p := copied(c.policy)
					policyNumbers[name](p, change)
					return !slices.Equal(c.lines, c.leadsUnder(t, r, p))
				})
			}
			if !turned(func(x int64) int64 { return x / 2 }) && !turned(func(x int64) int64 { return 2 * x }) {
				continue
			}
			for word, step := range map[string]int64{"lower": -1, "higher": 1} {
				if !turned(func(x int64) int64 { return x + step }) {
					t.Errorf("policy: %s: no fixture's leads change when it is one step %s", name, word)
				}
			}
		}
	})
}

// copied returns a policy whose numbers may be changed.
func copied(p *policy.Policy) *policy.Policy {
	q := *p
	q.PovertyLine, q.AssetLimits, q.Programs = slices.Clone(p.PovertyLine), slices.Clone(p.AssetLimits), maps.Clone(p.Programs)
	for k, g := range q.Programs {
		g := *g
		g.Age, g.Standard, g.Ceiling, g.MeansLine = slices.Clone(g.Age), slices.Clone(g.Standard), slices.Clone(g.Ceiling), slices.Clone(g.MeansLine)
		q.Programs[k] = &g
	}
	return &q
}

// policyNumbers are the numbers of a policy outside the rules' parameters, with
// what changes all of a kind.
var policyNumbers = map[string]func(*policy.Policy, func(int64) int64){
	"poverty_line": func(p *policy.Policy, f func(int64) int64) {
		for i := range p.PovertyLine {
			p.PovertyLine[i].Yuan = policy.Yuan(f(int64(p.PovertyLine[i].Yuan)))
		}
	},
	"asset_limits": func(p *policy.Policy, f func(int64) int64) {
		for i := range p.AssetLimits {
			p.AssetLimits[i].Yuan = policy.Yuan(f(int64(p.AssetLimits[i].Yuan)))
		}
	},
	"standard":   standards(func(g *policy.Program) []policy.Standard { return g.Standard }),
	"ceiling":    standards(func(g *policy.Program) []policy.Standard { return g.Ceiling }),
	"means_line": standards(func(g *policy.Program) []policy.Standard { return g.MeansLine }),
	"age from":   ages(0),
	"age to":     ages(1),
	"pass_down_days": func(p *policy.Policy, f func(int64) int64) {
		p.Deadlines.PassDown = int(f(int64(p.Deadlines.PassDown)))
	},
	"own_budget_days": func(p *policy.Policy, f func(int64) int64) {
		p.Deadlines.OwnBudget = int(f(int64(p.Deadlines.OwnBudget)))
	},
	"central_days": func(p *policy.Policy, f func(int64) int64) { p.Deadlines.Central = int(f(int64(p.Deadlines.Central))) },
	"to_household_days": func(p *policy.Policy, f func(int64) int64) {
		p.Deadlines.ToHousehold = int(f(int64(p.Deadlines.ToHousehold)))
	},
}

func standards(of func(*policy.Program) []policy.Standard) func(*policy.Policy, func(int64) int64) {
	return func(p *policy.Policy, f func(int64) int64) {
		for _, g := range p.Programs {
			for i, s := range of(g) {
				of(g)[i].Yuan = policy.Yuan(f(int64(s.Yuan)))
			}
		}
	}
}

func ages(i int) func(*policy.Policy, func(int64) int64) {
	return func(p *policy.Policy, f func(int64) int64) {
		for _, g := range p.Programs {
			if len(g.Age) == 2 {
				g.Age[i] = int(f(int64(g.Age[i])))
			}
		}
	}
}

// A bounded is what a fixture gives under one of its policies.
type bounded struct {
	policy *policy.Policy
	asOf   table.Day
	set    *table.Set
	lines  []string
}

func casesOf(t *testing.T, r *detect.Rule, shared []byte) []*bounded {
	files, err := filepath.Glob(filepath.Join(fixtures, r.ID, "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string][]byte{"example": []byte(r.Doc.Example)}
	for _, file := range files {
		if texts[file], err = os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
	}
	var out []*bounded
	for name, text := range texts {
		f, err := ruletest.Parse(name, text, shared)
		if err != nil {
			t.Fatal(err)
		}
		set, err := f.Resolve()
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range append(f.Quiet, f.Policy) {
			c := &bounded{policy: p, asOf: f.AsOf, set: set}
			c.lines = c.leads(t, r, p.Rules)
			out = append(out, c)
		}
	}
	return out
}

// turns reports whether the leads change when a parameter is a step off.
func (c *bounded) turns(t *testing.T, r *detect.Rule, q detect.Parameter, up bool) bool {
	name, value := q.Describe().Name, q.Describe().Default
	if v, ok := c.policy.Rules[r.ID][name]; ok {
		value = fmt.Sprint(v)
	}
	return c.changes(t, r, name, steps(q, value, up))
}

// changes reports whether the leads change when a parameter has another value.
func (c *bounded) changes(t *testing.T, r *detect.Rule, name string, value any) bool {
	all := maps.Clone(c.policy.Rules)
	if all == nil {
		all = map[string]map[string]any{}
	}
	own := map[string]any{}
	maps.Copy(own, all[r.ID])
	own[name], all[r.ID] = value, own
	return !slices.Equal(c.lines, c.leads(t, r, all))
}

// leads returns the fixture's leads under other parameters.
func (c *bounded) leads(t *testing.T, r *detect.Rule, params map[string]map[string]any) []string {
	p := *c.policy
	p.Rules = params
	return c.leadsUnder(t, r, &p)
}

// leadsUnder returns the fixture's leads under another policy.
func (c *bounded) leadsUnder(t *testing.T, r *detect.Rule, p *policy.Policy) []string {
	leads, _, err := ruletest.Embedded(t.Context(), []*detect.Rule{r}, c.set, detect.Settings{AsOf: c.asOf, Policy: p})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, l := range leads {
		out = append(out, fmt.Sprint(l.Subject, l.Program, l.Period, l.FundNo, l.ProjectID, l.Item))
	}
	return out
}

// steps returns a parameter's value one step up or down, nil where it has none.
func steps(q detect.Parameter, value string, up bool) any {
	sign := map[bool]float64{false: -1, true: 1}[up]
	x, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return nil
	}
	switch q.(type) {
	case *detect.Param[int]:
		return int(x + sign)
	case *detect.Param[float64]:
		if x == 0 {
			return sign / 50
		}
		return x * (1 + sign/50)
	case *detect.Param[table.Fen]:
		return fmt.Sprintf("%.2f", x+sign/100)
	}
	return nil
}
