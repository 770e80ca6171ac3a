//go:build lint

package pipeline

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
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
var forTests = []string{"pipeline/ruletest/", "pipeline/steptest/", "pipeline/tabletest/"}

// tool runs a tool of .ci/tools.mod or .ci/sbom.mod, modules of their own so that
// the program's go.mod lists what the program needs, and returns the lines it
// prints.
func tool(t *testing.T, mod string, args ...string) (lines []string) {
	cmd := exec.Command("go", append([]string{"tool", "-modfile=.ci/" + mod}, args...)...)
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
	for _, line := range tool(t, "tools.mod", "staticcheck", "./...") {
		t.Error(line)
	}
}

// TestDeadcode names functions that no program reaches.
func TestDeadcode(t *testing.T) {
	met := map[string]bool{}
	for _, line := range tool(t, "tools.mod", "deadcode", "./...") {
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

// licences are those that a binary may be passed on under with no more than
// their notices.
var licences = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSD-Source-Code", "MIT", "Unlicense"}

// TestLicences names every module in the binary whose licence is another, or
// that states none.
func TestLicences(t *testing.T) {
	dir := t.TempDir()
	binary, bill := filepath.Join(dir, "fundtrace"), filepath.Join(dir, "bill.json")
	build(t, "..", binary)
	tool(t, "sbom.mod", "cyclonedx-gomod", "bin", "-json", "-licenses", "-version", "0", "-output", bill, binary)
	text, err := os.ReadFile(bill)
	if err != nil {
		t.Fatal(err)
	}
	type licensed struct {
		Licenses []struct{ License struct{ ID string } }
	}
	var materials struct {
		Components []struct {
			Name     string
			Evidence licensed
			licensed
		}
	}
	if err := json.Unmarshal(text, &materials); err != nil {
		t.Fatal(err)
	}
	if len(materials.Components) < 10 {
		t.Fatalf("the bill of materials lists %d modules", len(materials.Components))
	}
	for _, c := range materials.Components {
		stated := append(c.Licenses, c.Evidence.Licenses...)
		if len(stated) == 0 {
			t.Errorf("%s states no licence that is known", c.Name)
		}
		for _, l := range stated {
			if !slices.Contains(licences, l.License.ID) {
				t.Errorf("%s has the licence %q", c.Name, l.License.ID)
			}
		}
	}
}

// build makes the binary by make build, from the module in dir.
func build(t *testing.T, dir, binary string) {
	t.Helper()
	cmd := exec.Command("make", "-s", "build", "COMMIT=", "BIN="+binary)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// TestReproducible builds the same source in two places.
func TestReproducible(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"cmd", "pipeline", "rules", "fixtures/generate"} {
		if err := os.CopyFS(filepath.Join(dir, "elsewhere", name), os.DirFS(filepath.Join("..", name))); err != nil {
			t.Fatal(err)
		}
	}
	var binaries [2][]byte
	for _, name := range []string{"Makefile", "go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join("..", name))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, "elsewhere", name), text, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, from := range []string{"..", filepath.Join(dir, "elsewhere")} {
		binary := filepath.Join(dir, "fundtrace")
		build(t, from, binary)
		var err error
		if binaries[i], err = os.ReadFile(binary); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(binaries[0], binaries[1]) {
		t.Error("the folder of the source shows in the binary")
	}
}
