// Package regress runs whole fixtures and compares the leads with those the
// fixture expects.
package regress

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"fundtrace/pipeline"
	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/rank"
	"fundtrace/pipeline/table"
)

// CaseFile marks a folder as a fixture; LeadsFile beside it holds what is
// expected, a lead a line.
const (
	CaseFile  = "case.yaml"
	LeadsFile = "leads.txt"
)

// A Case is a fixture: inputs, policy and as-of date. Paths are relative to the
// folder of the case.
type Case struct {
	Title  string   `yaml:"title"`
	Input  []string `yaml:"input"`
	Policy string   `yaml:"policy"` // "" for the built-in policy
	AsOf   string   `yaml:"as_of"`  // YYYY-MM-DD
}

// A Difference is how one fixture came out otherwise than expected.
type Difference struct {
	Dir              string
	Missing, Unasked []string // expected lines that did not come, lines that were not expected
}

// Run runs every fixture under dir and returns how many there are and those
// that differ. With update, the expectation is rewritten instead. Finding no
// fixture is an error.
func Run(ctx context.Context, dir string, rules []*detect.Rule, update bool) (n int, diffs []Difference, err error) {
	var dirs []string
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == CaseFile {
			dirs = append(dirs, filepath.Dir(path))
		}
		return err
	})
	if err != nil {
		return 0, nil, fmt.Errorf("looking for fixtures: %w", err)
	}
	if len(dirs) == 0 {
		return 0, nil, fmt.Errorf("no fixture under %s: a fixture is a folder with a %s", dir, CaseFile)
	}
	for _, d := range dirs {
		got, err := leads(ctx, d, rules)
		if err != nil {
			return len(dirs), diffs, fmt.Errorf("fixture %s: %w", d, err)
		}
		file := filepath.Join(d, LeadsFile)
		if update {
			if err := os.WriteFile(file, []byte(strings.Join(got, "\n")+"\n"), 0o644); err != nil {
				return len(dirs), diffs, fmt.Errorf("fixture %s: %w", d, err)
			}
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return len(dirs), diffs, fmt.Errorf("fixture %s: reading what is expected: %w (--update writes it)", d, err)
		}
		want := strings.Split(strings.TrimRight(string(data), "\n"), "\n")
		if diff := compare(d, want, got); diff != nil {
			diffs = append(diffs, *diff)
		}
	}
	return len(dirs), diffs, nil
}

// leads runs one fixture and returns its leads as lines, sorted.
func leads(ctx context.Context, dir string, rules []*detect.Rule) ([]string, error) {
	data, err := os.ReadFile(filepath.Join(dir, CaseFile))
	if err != nil {
		return nil, err
	}
	var c Case
	if err := yaml.UnmarshalWithOptions(data, &c, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s: %s", CaseFile, yaml.FormatError(err, false, true))
	}
	opt := pipeline.Options{Policy: policy.Builtin(), Rules: rules, Lang: "zh"}
	if opt.AsOf, err = table.ParseDay(c.AsOf); err != nil {
		return nil, fmt.Errorf("%s: as_of: %w", CaseFile, err)
	}
	for _, in := range c.Input {
		opt.Inputs = append(opt.Inputs, filepath.Join(dir, in))
	}
	if c.Policy != "" {
		text, err := os.ReadFile(filepath.Join(dir, c.Policy))
		if err != nil {
			return nil, err
		}
		if opt.Policy, err = policy.Parse(text); err != nil {
			return nil, fmt.Errorf("%s: %w", c.Policy, err)
		}
	}
	d, err := pipeline.Run(ctx, opt)
	if err != nil {
		return nil, err
	}
	lines := make([]string, len(d.Leads))
	for i, l := range d.Leads {
		lines[i] = line(l)
	}
	slices.Sort(lines)
	return lines, nil
}

// line writes a lead: rule, grade, match, subject, what tells it from others,
// amount, rows of evidence, where to start, and its ID.
func line(l rank.Lead) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s %s:%s", l.Rule.ID, l.Grade, l.Match, l.SubjectKind, l.SubjectKey)
	for _, s := range []string{l.Program, l.Period, l.FundNo, l.ProjectID} {
		if s != "" && s != l.SubjectKey {
			fmt.Fprintf(&b, " %s", s)
		}
	}
	fmt.Fprintf(&b, " | %s | %d rows", l.Amount, len(l.Evidence))
	if len(l.Evidence) > 0 {
		e := l.Evidence[0]
		fmt.Fprintf(&b, " from %s!%s:%d", path.Base(e.File), e.Sheet, e.Row)
	}
	fmt.Fprintf(&b, " | %s", l.ID)
	return b.String()
}

// compare returns the lines on one side only, or nil.
func compare(dir string, want, got []string) *Difference {
	count := map[string]int{}
	for _, w := range want {
		count[w]++
	}
	d := Difference{Dir: dir}
	for _, g := range got {
		if count[g] > 0 {
			count[g]--
			continue
		}
		d.Unasked = append(d.Unasked, g)
	}
	for _, w := range want {
		if count[w] > 0 {
			count[w]--
			d.Missing = append(d.Missing, w)
		}
	}
	if d.Missing == nil && d.Unasked == nil {
		return nil
	}
	return &d
}
