// Package ruletest runs a rule on fixtures that say which leads they want. The
// tables of a fixture go through the real stages before the rule sees them.
package ruletest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"fundtrace/pipeline/chain"
	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/exec"
	"fundtrace/pipeline/key"
	"fundtrace/pipeline/settle"
	"fundtrace/pipeline/table"
)

// An Executor is anything that turns tables into leads.
type Executor func(context.Context, []*detect.Rule, *table.Set, detect.Settings) ([]detect.Lead, []exec.Status, error)

// Embedded is the executor of an ordinary run.
func Embedded(ctx context.Context, rules []*detect.Rule, set *table.Set, s detect.Settings) ([]detect.Lead, []exec.Status, error) {
	return exec.Run(ctx, rules, set, s, exec.Options{})
}

// Run checks rule r on every fixture of dir and on the example of its manual.
// policyFile is the policy that the fixtures share.
func Run(t *testing.T, r *detect.Rule, dir, policyFile string, run Executor) {
	t.Helper()
	shared, err := os.ReadFile(policyFile)
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.txtar"))
	wants, quiet, cleared := 0, 0, 0
	var listed []string
	given := map[string]string{} // reason → fixture
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			c := check(t, r, filepath.Base(file), data, shared, run)
			wants += c.wants
			if c.wants == 0 {
				quiet++
				cleared += c.clear
			}
			listed = append(listed, c.listed...)
			for _, reason := range c.lacks {
				given[reason] = filepath.Base(file)
			}
		})
	}
	t.Run("example", func(t *testing.T) {
		if check(t, r, "example", []byte(r.Doc.Example), shared, run).wants == 0 {
			t.Error("the manual's example wants no lead")
		}
	})
	if wants == 0 || quiet == 0 {
		t.Errorf("rule %s: want at least one fixture in %s that wants a lead and one that is quiet; %d leads wanted, %d quiet", r.ID, dir, wants, quiet)
	}
	if quiet > 0 && cleared == 0 {
		t.Errorf("rule %s: no quiet fixture has a subject that is judged and cleared: a look-alike must be more than not applicable", r.ID)
	}
	for reason, file := range given {
		if !slices.Contains(listed, reason) {
			t.Errorf("%s: not applicable: %q, which no fixture of the rule lists under not_applicable", file, reason)
		}
	}
}

// A checked is what one fixture came to.
type checked struct {
	wants         int      // leads
	clear         int      // subjects
	listed, lacks []string // reasons for which nothing can be judged: those of the fixture's section, those there are
}

// check runs one fixture.
func check(t *testing.T, r *detect.Rule, name string, data, shared []byte, run Executor) (c checked) {
	t.Helper()
	f, err := Parse(name, data, shared)
	if err != nil {
		t.Fatal(err)
	}
	set, err := f.Resolve()
	if err != nil {
		t.Fatal(err)
	}
	leads, status, err := run(t.Context(), []*detect.Rule{r}, set, detect.Settings{AsOf: f.AsOf, Policy: f.Policy})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range status {
		if s.Lacking != "" {
			t.Errorf("the fixture has no rows of %s, which the rule Needs: it judged nothing", s.Lacking)
		}
		c.clear += s.Clear
		for _, na := range s.NA {
			if na.Reason.Zh == "" || na.Reason.En == "" {
				t.Errorf("%d not applicable without a reason in one language", na.N)
			}
			c.lacks = append(c.lacks, na.Reason.En)
		}
		for _, failed := range s.Failed {
			t.Errorf("rule failed on %s: %v", failed.Group.Key, failed.Error)
		}
	}
	f.answer(t, status)
	c.listed = f.lacks
	for _, reason := range c.listed {
		if !slices.Contains(c.lacks, reason) {
			t.Errorf("nothing is not applicable for the reason %q; reasons %q", reason, c.lacks)
		}
	}
	for _, rxs := range f.want {
		c.wants += len(rxs)
	}
	ids := map[string]bool{}
	for _, l := range leads {
		line := Line(l)
		id := fmt.Sprint(l.Subject, l.Program, l.Period, l.FundNo, l.ProjectID, l.Item)
		if ids[id] {
			t.Errorf("two leads on the same thing, set Item apart: %s", line)
		}
		ids[id] = true
		if l.Summary.Zh == "" || l.Summary.En == "" {
			t.Errorf("lead lacks a summary in one language: %s", line)
		}
		if len(l.Evidence) == 0 {
			t.Errorf("lead without evidence: %s", line)
			continue
		}
		for _, e := range l.Evidence {
			if f.Sources.Place(e.Ref).File == "" {
				t.Errorf("evidence that points nowhere: %s", line)
			}
		}
		ref := l.Evidence[0].Ref
		if !f.take(ref, line) {
			t.Errorf("%s: unexpected lead: %s", f.Sources.Place(ref), line)
		}
	}
	for ref, rxs := range f.want {
		for _, rx := range rxs {
			t.Errorf("%s: no lead like %q", f.Sources.Place(ref), rx)
		}
	}
	for i, p := range f.Quiet {
		leads, _, err := run(t.Context(), []*detect.Rule{r}, set, detect.Settings{AsOf: f.AsOf, Policy: p})
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range leads {
			t.Errorf("lead under quiet.yaml, the %d. one: %s", i+1, Line(l))
		}
	}
	return c
}

// answer compares what the rules ask with what the fixture wants asked.
func (f *Fixture) answer(t *testing.T, status []exec.Status) {
	t.Helper()
	var lists [][]detect.Question
	for _, s := range status {
		lists = append(lists, s.Questions)
	}
	wanted := slices.Clone(f.asks)
	for _, q := range detect.Questions(lists...) {
		line := fmt.Sprintf("%s %s %s", q.Office, q.Amount, q.Sentence().Zh)
		i := slices.IndexFunc(wanted, func(rx *regexp.Regexp) bool { return rx.MatchString(line) })
		if i < 0 {
			t.Errorf("a question that the section questions does not want: %s", line)
			continue
		}
		wanted = slices.Delete(wanted, i, i+1)
	}
	for _, rx := range wanted {
		t.Errorf("no question like %q", rx)
	}
}

// Line writes a lead as a fixture's want matches it.
func Line(l detect.Lead) string {
	subject := l.Subject.Key
	if table.Key(l.Subject.Kind) == table.Household { // a fixture's rows say the number only
		subject = key.HouseholdNumber(subject)
	}
	return fmt.Sprintf("%s %s %s %s", l.Grade, subject, l.Amount, l.Summary.Zh)
}

// take removes the first want of ref that line matches.
func (f *Fixture) take(ref table.Ref, line string) bool {
	rxs := f.want[ref]
	for i, rx := range rxs {
		if rx.MatchString(line) {
			f.want[ref] = append(rxs[:i:i], rxs[i+1:]...)
			return true
		}
	}
	return false
}

// Resolve takes the fixture's tables through key, settle and chain.
func (f *Fixture) Resolve() (*table.Set, error) {
	set, _, err := key.Resolve(f.Tables, f.Sources, f.Policy)
	if err != nil {
		return nil, fmt.Errorf("fixture %s: %w", f.Name, err)
	}
	set, err = settle.Settle(set, settle.Options{Policy: f.Policy})
	if err != nil {
		return nil, fmt.Errorf("fixture %s: %w", f.Name, err)
	}
	res, err := chain.Build(set, chain.Options{Policy: f.Policy, AsOf: f.AsOf})
	if err != nil {
		return nil, fmt.Errorf("fixture %s: %w", f.Name, err)
	}
	return res.Tables, nil
}
