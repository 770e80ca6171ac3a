package publish

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func read(t *testing.T, dir string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "run.json"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func writes(s string) func(string) error {
	return func(tmp string) error { return os.WriteFile(filepath.Join(tmp, "run.json"), []byte(s), 0o644) }
}

func TestDirReplacesWhole(t *testing.T) {
	out := filepath.Join(t.TempDir(), "nested", "out")
	for _, s := range []string{"first", "second"} {
		if err := Dir(out, writes(s)); err != nil {
			t.Fatal(err)
		}
		if got := read(t, out); got != s {
			t.Fatalf("published %q, want %q", got, s)
		}
	}
	left, err := os.ReadDir(filepath.Dir(out))
	if err != nil {
		t.Fatal(err)
	}
	if len(left) != 1 {
		t.Errorf("beside the output stand %v", left)
	}
}

func TestFailureLeavesThePreviousResult(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	if err := Dir(out, writes("first")); err != nil {
		t.Fatal(err)
	}
	boom := errors.New("boom")
	err := Dir(out, func(tmp string) error {
		if err := writes("half")(tmp); err != nil {
			return err
		}
		return boom
	})
	if !errors.Is(err, boom) {
		t.Fatalf("error %v", err)
	}
	if got := read(t, out); got != "first" {
		t.Errorf("after a failure the result is %q", got)
	}
}

func TestKilledRunIsCleared(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	left := filepath.Join(filepath.Dir(out), ".out.partial")
	if err := os.Mkdir(left, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(left, "half"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Dir(out, writes("next")); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(out, "half")); err == nil {
		t.Error("a dead run's file was published")
	}
}

func TestCheckKeepsOtherPeoplesFolders(t *testing.T) {
	dir := t.TempDir()
	if err := Check(dir, "run.json"); err != nil {
		t.Errorf("an empty folder: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "thesis.docx"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Check(dir, "run.json"); !errors.Is(err, ErrForeign) {
		t.Errorf("a folder of somebody's: %v", err)
	}
	if err := Check(filepath.Join(dir, "none"), "run.json"); err != nil {
		t.Errorf("no folder: %v", err)
	}
}
