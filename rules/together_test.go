package rules_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/ruletest"
	"fundtrace/pipeline/table"
	"fundtrace/rules"
)

// resolved returns a fixture, named below the fixtures' folder, and its tables.
func resolved(t *testing.T, name string) (*ruletest.Fixture, *table.Set) {
	t.Helper()
	shared, err := os.ReadFile(filepath.Join(fixtures, "policy.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(fixtures, name))
	if err != nil {
		t.Fatal(err)
	}
	f, err := ruletest.Parse(name, data, shared)
	if err != nil {
		t.Fatal(err)
	}
	set, err := f.Resolve()
	if err != nil {
		t.Fatal(err)
	}
	return f, set
}

// TestTogether runs the whole catalogue on every fixture: a rule must find what
// it finds alone. One that leaves out a column of its Reads sees it only when
// another rule reads it too.
func TestTogether(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(fixtures, "*", "*.txtar"))
	if len(files) == 0 {
		t.Fatal("no fixture ran")
	}
	for _, file := range files {
		own := filepath.Base(filepath.Dir(file))
		f, set := resolved(t, filepath.Join(own, filepath.Base(file)))
		settings := detect.Settings{AsOf: f.AsOf, Policy: f.Policy}
		lines := func(rs []*detect.Rule) map[string][]string {
			leads, status, err := ruletest.Embedded(t.Context(), rs, set, settings)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range status {
				for _, failed := range s.Failed {
					t.Errorf("%s: rule %s failed: %v", file, s.Rule.ID, failed.Error)
				}
			}
			out := map[string][]string{}
			for _, l := range leads {
				out[l.Rule] = append(out[l.Rule], ruletest.Line(l))
			}
			return out
		}
		all := lines(rules.All)
		i := slices.IndexFunc(rules.All, func(r *detect.Rule) bool { return r.ID == own })
		if i < 0 {
			t.Fatalf("%s: there is no rule %s", file, own)
		}
		settings.Policy.Rules = map[string]map[string]any{own: settings.Policy.Rules[own]}
		if alone := lines(rules.All[i : i+1])[own]; !slices.Equal(alone, all[own]) {
			t.Errorf("%s: alone %q\nwith the others %q", file, alone, all[own])
		}
	}
}

// TestLeftTo runs a case that one rule leaves to another, with the other on and
// switched off: somebody always reports it.
func TestLeftTo(t *testing.T) {
	f, set := resolved(t, rules.DupPeriod.ID+"/two-numbers.txtar")
	for on, want := range map[bool]*detect.Rule{true: rules.DupIdentity, false: rules.DupPeriod} {
		f.Policy.Rules = map[string]map[string]any{rules.DupIdentity.ID: {"enabled": on}}
		leads, _, err := ruletest.Embedded(t.Context(), []*detect.Rule{rules.DupPeriod, rules.DupIdentity}, set, detect.Settings{AsOf: f.AsOf, Policy: f.Policy})
		if err != nil {
			t.Fatal(err)
		}
		if len(leads) != 1 || leads[0].Rule != want.ID {
			t.Errorf("dup-identity on: %v: %d leads, want one of %s", on, len(leads), want.ID)
		}
	}
}
