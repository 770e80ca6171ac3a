package rules_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/ruletest"
	"fundtrace/rules"
)

const fixtures = "../fixtures/rules"

// TestRules runs every rule on its fixtures and on the example of its manual.
func TestRules(t *testing.T) {
	if len(rules.All) == 0 {
		t.Fatal("no rule, so no fixture ran")
	}
	for _, r := range rules.All {
		t.Run(r.ID, func(t *testing.T) {
			ruletest.Run(t, r, filepath.Join(fixtures, r.ID), filepath.Join(fixtures, "policy.yaml"), ruletest.Embedded)
		})
	}
}

// TestCatalogue holds the code to the layout: every rule that a file declares is
// in All and whole, stands in a file of its own name, and has its fixtures.
func TestCatalogue(t *testing.T) {
	if err := detect.Validate(rules.All); err != nil {
		t.Error(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	declared := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, id := range ruleIDs(t, file) {
			declared++
			if want := strings.ReplaceAll(id, "-", "_") + ".go"; file != want {
				t.Errorf("rule %s is declared in %s, want %s", id, file, want)
			}
			if !slices.ContainsFunc(rules.All, func(r *detect.Rule) bool { return r.ID == id }) {
				t.Errorf("%s: rule %s is not in All", file, id)
			}
		}
	}
	if declared != len(rules.All) {
		t.Errorf("the files declare %d rules, All has %d", declared, len(rules.All))
	}
}

// TestSteps holds each manual's steps to name every parameter, and to be the same
// steps in both languages.
func TestSteps(t *testing.T) {
	numbered := regexp.MustCompile(`(?m)^\d+\. `)
	for _, r := range rules.All {
		steps := r.Doc.Steps
		if zh, en := len(numbered.FindAllString(steps.Zh, -1)), len(numbered.FindAllString(steps.En, -1)); zh != en {
			t.Errorf("rule %s: %d steps in Chinese, %d in English", r.ID, zh, en)
		}
		for _, q := range r.Params {
			if name := q.Describe().Name; !strings.Contains(steps.Zh+r.Doc.Formula, name) || !strings.Contains(steps.En+r.Doc.Formula, name) {
				t.Errorf("rule %s: the steps do not name the parameter %s in both languages", r.ID, name)
			}
		}
	}
}

// ruleIDs returns the IDs of the detect.Rule literals in a file.
func ruleIDs(t *testing.T, file string) []string {
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	ast.Inspect(f, func(n ast.Node) bool {
		lit, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		if sel, ok := lit.Type.(*ast.SelectorExpr); !ok || sel.Sel.Name != "Rule" {
			return true
		}
		id := "(without ID)"
		for _, e := range lit.Elts {
			kv, ok := e.(*ast.KeyValueExpr)
			if !ok {
				continue
			}
			if k, ok := kv.Key.(*ast.Ident); ok && k.Name == "ID" {
				if v, ok := kv.Value.(*ast.BasicLit); ok {
					id = strings.Trim(v.Value, `"`)
				}
			}
		}
		ids = append(ids, id)
		return false
	})
	return ids
}

// TestFixtureFolders finds fixtures that no rule runs.
func TestFixtureFolders(t *testing.T) {
	dirs, err := os.ReadDir(fixtures)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dirs {
		if d.IsDir() && !slices.ContainsFunc(rules.All, func(r *detect.Rule) bool { return r.ID == d.Name() }) {
			t.Errorf("fixtures/rules/%s: there is no such rule", d.Name())
		}
	}
}
