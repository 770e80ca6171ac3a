package publish

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// result writes a result as a run does: its files, then the mark that lists
// them.
func result(text string) func(string) error {
	return func(tmp string) error {
		if err := os.Mkdir(filepath.Join(tmp, "tables"), 0o755); err != nil {
			return err
		}
		for _, name := range []string{"leads.xlsx", "tables/payment.parquet"} {
			if err := os.WriteFile(filepath.Join(tmp, name), []byte(text), 0o644); err != nil {
				return err
			}
		}
		list, err := Files(tmp)
		if err != nil {
			return err
		}
		mark, err := json.Marshal(map[string]any{"outputs": list})
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(tmp, Mark), mark, 0o644)
	}
}

func publish(t *testing.T, dir string, write func(string) error, inputs ...string) (stays []string) {
	t.Helper()
	f, err := Claim(dir, inputs)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Release()
	stays, err = f.Publish(write)
	if err != nil {
		t.Fatal(err)
	}
	return stays
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func holds(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s holds %q, want %q", filepath.Base(path), got, want)
	}
}

func names(t *testing.T, dir string) (list []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

func TestResultIsReplacedWhole(t *testing.T) {
	for _, can := range []bool{true, false} { // whether the file system exchanges folders
		if !can {
			real := exchange
			exchange = func(string, string) error { return errors.ErrUnsupported }
			defer func() { exchange = real }()
		}
		out := filepath.Join(t.TempDir(), "nested", "out")
		for _, text := range []string{"first", "second", "third"} {
			if stays := publish(t, out, result(text)); len(stays) > 0 {
				t.Errorf("left %v", stays)
			}
			holds(t, filepath.Join(out, "leads.xlsx"), text)
		}
		if left := names(t, filepath.Dir(out)); !slices.Equal(left, []string{"out"}) {
			t.Errorf("beside the output stand %v", left)
		}
	}
}

func TestFailureLeavesThePreviousResult(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	publish(t, out, result("first"))
	f, err := Claim(out, nil)
	if err != nil {
		t.Fatal(err)
	}
	boom := errors.New("boom")
	if _, err := f.Publish(func(tmp string) error { return errors.Join(result("half")(tmp), boom) }); !errors.Is(err, boom) {
		t.Fatalf("error %v", err)
	}
	f.Release()
	holds(t, filepath.Join(out, "leads.xlsx"), "first")
	if left := names(t, filepath.Dir(out)); !slices.Equal(left, []string{"out"}) {
		t.Errorf("beside the output stand %v", left)
	}
}

// What a killed run leaves: a half result, or the result before it on its way
// out of the place.
func TestNextRunClearsWhatAKilledOneLeft(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	put(t, filepath.Join(dir, ".out.partial-1", "leads.xlsx"), "names and numbers")
	publish(t, out, result("first"))
	if err := os.Rename(out, filepath.Join(dir, ".out.before")); err != nil {
		t.Fatal(err)
	}
	f, err := Claim(out, nil)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, filepath.Join(out, "leads.xlsx"), "first")
	f.Release()

	if err := os.CopyFS(filepath.Join(dir, ".out.before"), os.DirFS(out)); err != nil {
		t.Fatal(err)
	}
	publish(t, out, result("second"))
	if left := names(t, dir); !slices.Equal(left, []string{"out"}) {
		t.Errorf("beside the output stand %v", left)
	}
}

func TestOtherPeoplesFilesAreRefused(t *testing.T) {
	cases := map[string]struct {
		make   func(t *testing.T, dir, out string)
		inputs []string
		says   string
	}{
		"a folder of somebody's": {
			make: func(t *testing.T, dir, out string) { put(t, filepath.Join(out, "thesis.docx"), "") },
			says: `"thesis.docx"`,
		},
		"a run.json of another program": {
			make: func(t *testing.T, dir, out string) { put(t, filepath.Join(out, Mark), "{}") },
			says: `"run.json"`,
		},
		"a result and a file put in": {
			make: func(t *testing.T, dir, out string) { put(t, filepath.Join(out, "notes", "visit.txt"), "") },
			says: `"notes/visit.txt"`,
		},
		"a workbook filled in": {
			make: func(t *testing.T, dir, out string) { put(t, filepath.Join(out, "leads.xlsx"), "confirmed") },
			says: `"leads.xlsx"`,
		},
		"an input":             {inputs: []string{"out"}, says: "lie in one another"},
		"a folder in an input": {inputs: []string{"."}, says: "lie in one another"},
		"a folder of an input": {inputs: []string{"out/in"}, says: "lie in one another"},
		"a link to an input": {
			make: func(t *testing.T, dir, out string) {
				if err := errors.Join(os.Rename(out, filepath.Join(dir, "in")), os.Symlink("in", out)); err != nil {
					t.Skip(err)
				}
			},
			inputs: []string{"in"}, says: "lie in one another",
		},
		"a link to nothing": {
			make: func(t *testing.T, dir, out string) {
				if err := errors.Join(os.Rename(out, filepath.Join(dir, "in")), os.Symlink("nowhere", out)); err != nil {
					t.Skip(err)
				}
			},
			says: "output folder",
		},
		"a file": {
			make: func(t *testing.T, dir, out string) {
				if err := os.Rename(filepath.Join(out, "leads.xlsx"), filepath.Join(dir, "file")); err != nil {
					t.Fatal(err)
				}
				if err := errors.Join(os.RemoveAll(out), os.Rename(filepath.Join(dir, "file"), out)); err != nil {
					t.Fatal(err)
				}
			},
			says: "is a file",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			out := filepath.Join(dir, "out")
			if name == "a folder of somebody's" || name == "a run.json of another program" {
				c.make(t, dir, out)
			} else {
				publish(t, out, result("first"))
				if c.make != nil {
					c.make(t, dir, out)
				}
			}
			var inputs []string
			for _, in := range c.inputs {
				inputs = append(inputs, filepath.Join(dir, in))
			}
			before := tree(t, dir)
			_, err := Claim(out, inputs)
			if !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v, want one that says %q", err, c.says)
			}
			if after := tree(t, dir); !slices.Equal(before, after) {
				t.Errorf("the refusal left %v of %v", after, before)
			}
		})
	}
}

func tree(t *testing.T, dir string) (list []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		list = append(list, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestFilePutInWhileTheRunGoesOnIsKept(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	publish(t, out, result("first"))
	stays := publish(t, out, func(tmp string) error {
		put(t, filepath.Join(out, "visit.txt"), "seen")
		return result("second")(tmp)
	})
	holds(t, filepath.Join(out, "leads.xlsx"), "second")
	if len(stays) != 1 {
		t.Fatalf("left %v, want the folder with the file", stays)
	}
	publish(t, out, result("third"))
	holds(t, filepath.Join(stays[0], "visit.txt"), "seen")
}

func TestLinkIsFollowed(t *testing.T) {
	dir := t.TempDir()
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "real"), 0o755), os.Symlink("real", filepath.Join(dir, "out"))); err != nil {
		t.Skip(err)
	}
	publish(t, filepath.Join(dir, "out"), result("first"))
	holds(t, filepath.Join(dir, "real", "leads.xlsx"), "first")
	publish(t, filepath.Join(dir, "out", "deep"), result("second"))
}

// Results hold names and numbers: nobody but their owner reads them, and a
// folder keeps the mode that its owner gave it.
func TestOnlyTheOwnerReads(t *testing.T) {
	if os.PathSeparator == '\\' {
		t.Skip("modes are not kept here")
	}
	out := filepath.Join(t.TempDir(), "out")
	mode := func(path string, want fs.FileMode) {
		t.Helper()
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", filepath.Base(path), got, want)
		}
	}
	publish(t, out, result("first"))
	mode(out, 0o700)
	mode(filepath.Join(out, "tables"), 0o700)
	mode(filepath.Join(out, "leads.xlsx"), 0o600)
	if err := os.Chmod(out, 0o750); err != nil {
		t.Fatal(err)
	}
	publish(t, out, result("second"))
	mode(out, 0o750)
	mode(filepath.Join(out, "leads.xlsx"), 0o600)
}

func TestOneRunAtATime(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	f, err := Claim(out, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Claim(out, nil); err == nil || errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "another run") {
		t.Errorf("a second run: %v", err)
	}
	f.Release()
	publish(t, out, result("first"))
}
