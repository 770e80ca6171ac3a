//go:build lint

package pipeline

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// onlyTests are functions that no program reaches and that stay: why, by what
// deadcode calls them.
var onlyTests = map[string]string{
	"LoadTruth": "reads a county's truth file back, for the tests of counties that others laid out",
	"Validate":  "holds rules that are not in our catalogue to its form",

	"Lexicon.Words":    "every header word, for tests that go through them",
	"ParquetFile.Rows": "reads back what was written",
	"ParquetFile.Meta": "reads back what was written",
}

// forTests are packages that only tests use.
var forTests = []string{"pipeline/ruletest/", "pipeline/steptest/"}

// tool runs a tool of .ci/tools.mod, a module of its own so that the program's
// go.mod lists what the program needs, and returns the lines it prints.
func tool(t *testing.T, args ...string) (lines []string) {
	cmd := exec.Command("go", append([]string{"tool", "-modfile=.ci/tools.mod"}, args...)...)
	cmd.Dir = ".."
	out, err := cmd.CombinedOutput()
	for line := range strings.Lines(string(out)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "go: downloading") {
			lines = append(lines, line)
		}
	}
	if err != nil && lines == nil {
		t.Fatal(err)
	}
	return lines
}

func TestStaticcheck(t *testing.T) {
	for _, line := range tool(t, "staticcheck", "./...") {
		t.Error(line)
	}
}

// TestDeadcode names functions that no program reaches.
func TestDeadcode(t *testing.T) {
	met := map[string]bool{}
	for _, line := range tool(t, "deadcode", "./...") {
		_, name, _ := strings.Cut(line, "unreachable func: ")
		met[name] = true
		if onlyTests[name] == "" && !slices.ContainsFunc(forTests, func(p string) bool { return strings.HasPrefix(line, p) }) {
			t.Error(line)
		}
	}
	for name := range onlyTests {
		if !met[name] {
			t.Errorf("%s is reached now, or gone: take it off the list", name)
		}
	}
}
