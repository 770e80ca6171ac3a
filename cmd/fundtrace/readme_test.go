package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fundtrace/rules"
)

var update = flag.Bool("update", false, "rewrite the output that the READMEs show")

// TestReadmesShowWhatTheDemoPrints runs the demo and compares what it prints
// with the block in each README.
func TestReadmesShowWhatTheDemoPrints(t *testing.T) {
	t.Chdir("../..")
	out := filepath.Join(t.TempDir(), "demo")
	var stdout, stderr bytes.Buffer
	if code := run([]string{"run", "fixtures/demo/input", "--policy", "fixtures/demo/policy.yaml", "--as-of", "2017-12-31", "--out", out, "--quiet"}, &stdout, &stderr); code != 0 {
		t.Fatalf("the demo ends with %d: %s", code, &stderr)
	}
	want := strings.ReplaceAll(stdout.String(), out, "out/demo")
	for _, name := range []string{"README.md", "README.zh-CN.md"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		const mark, fence = "<!-- demo: the tail of what make demo prints; a test keeps it true -->\n```text\n", "```\n"
		before, rest, ok := strings.Cut(string(text), mark)
		got, after, ok2 := strings.Cut(rest, fence)
		if !ok || !ok2 {
			t.Errorf("%s shows no output of the demo", name)
			continue
		}
		if got == want {
			continue
		}
		if *update {
			if err := os.WriteFile(name, []byte(before+mark+want+fence+after), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		t.Errorf("%s shows\n%s\nthe demo prints\n%s\n(go test ./cmd/fundtrace -run Readmes -update rewrites it)", name, got, want)
	}
}

// TestReadmesCountTheRules holds the number of rules that the READMEs name to
// the catalogue's.
func TestReadmesCountTheRules(t *testing.T) {
	for name, words := range map[string]string{"README.md": "all %d rules", "README.zh-CN.md": "全部 %d 条规则"} {
		text, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf(words, len(rules.All)); !strings.Contains(string(text), want) {
			t.Errorf("%s does not say %q", name, want)
		}
	}
}

// TestMakeDemoIsTheReadmesDemo holds the Makefile to the command the test runs.
func TestMakeDemoIsTheReadmesDemo(t *testing.T) {
	text, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	const want = "bin/fundtrace run fixtures/demo/input --policy fixtures/demo/policy.yaml --as-of 2017-12-31 --out $(OUT)"
	if !strings.Contains(string(text), want) {
		t.Errorf("make demo no longer runs %q", want)
	}
}
