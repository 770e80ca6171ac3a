package regress

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fundtrace/rules"
)

// TestGolden holds the whole pipeline to the leads that fixtures/golden expects.
// `make golden` rewrites them; look at the difference before you land it.
func TestGolden(t *testing.T) {
	n, diffs, err := Run(context.Background(), "../../fixtures/golden", rules.All, false)
	if err != nil {
		t.Fatal(err)
	}
	if n == 0 {
		t.Error("no fixture ran")
	}
	for _, d := range diffs {
		t.Errorf("%s:\n- %s\n+ %s", d.Dir, strings.Join(d.Missing, "\n- "), strings.Join(d.Unasked, "\n+ "))
	}
}

// county writes a fixture: a roster that pays one person twice.
func county(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"case/case.yaml":            "title: twice\ninput: [input]\nas_of: 2018-12-31\n",
		"case/input/甲县/2017年低保.csv": "户主姓名,身份证号,金额(元),所属期,发放日期\n甲某,459901197001010016,100,2017,2017-06-30\n甲某,459901197001010016,100,2017,2017-07-30\n",
	} {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestUpdateThenCompare(t *testing.T) {
	dir := county(t)
	ctx := context.Background()
	if _, _, err := Run(ctx, dir, rules.All, false); err == nil {
		t.Error("a fixture that expects nothing yet passed")
	}
	if _, _, err := Run(ctx, dir, rules.All, true); err != nil {
		t.Fatal(err)
	}
	n, diffs, err := Run(ctx, dir, rules.All, false)
	if n != 1 || diffs != nil || err != nil {
		t.Errorf("after an update: %d fixtures, %v, %v", n, diffs, err)
	}

	file := filepath.Join(dir, "case", LeadsFile)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "dup-period") {
		t.Fatalf("the expectation is %s", text)
	}
	if err := os.WriteFile(file, []byte("dup-period of somebody else\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, diffs, err = Run(ctx, dir, rules.All, false)
	if err != nil || len(diffs) != 1 || !slices.Equal(diffs[0].Missing, []string{"dup-period of somebody else"}) || len(diffs[0].Unasked) == 0 {
		t.Errorf("differences %+v, %v", diffs, err)
	}
}

func TestNoFixtureIsAnError(t *testing.T) {
	if _, _, err := Run(context.Background(), t.TempDir(), rules.All, false); err == nil {
		t.Error("an empty folder passed")
	}
}

func TestCaseMistakesAreNamed(t *testing.T) {
	dir := county(t)
	for _, text := range []string{"inputs: [input]\n", "input: [input]\nas_of: 2018\n", "input: [input]\nas_of: 2018-12-31\npolicy: none.yaml\n"} {
		if err := os.WriteFile(filepath.Join(dir, "case", CaseFile), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, _, err := Run(context.Background(), dir, rules.All, true); err == nil || !strings.Contains(err.Error(), "case") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
