package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// pack zips members in the order given: name, content, name, content ...
func pack(tb testing.TB, members ...string) string {
	tb.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i := 0; i < len(members); i += 2 {
		h := &zip.FileHeader{Name: members[i], Method: zip.Deflate}
		h.NonUTF8 = strings.ToValidUTF8(h.Name, "") != h.Name
		w, err := z.CreateHeader(h)
		if err == nil {
			_, err = w.Write([]byte(members[i+1]))
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.String()
}

func gbk(tb testing.TB, s string) string {
	tb.Helper()
	s, err := simplifiedchinese.GBK.NewEncoder().String(s)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// folder writes files into a new folder and goes there.
func folder(tb testing.TB, files map[string]string) {
	tb.Helper()
	dir := tb.TempDir()
	for name, content := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(content), 0o644); err != nil {
			tb.Fatal(err)
		}
	}
	tb.Chdir(dir)
}

// told writes a list as lines: name, then why it is not read, or its bytes.
func told(tb testing.TB, files []File) string {
	tb.Helper()
	var out strings.Builder
	for _, f := range files {
		out.WriteString(f.Name)
		switch m, err := f.Load(); {
		case f.Skip != "":
			fmt.Fprintf(&out, ": %s", f.Skip)
		case err != nil:
			for _, e := range []error{ErrDamaged, ErrEncrypted, ErrLimit, ErrFormat} {
				if errors.Is(err, e) {
					fmt.Fprintf(&out, ": %v", e)
				}
			}
		case m.Name != f.Name || int64(len(m.Data)) != f.Size:
			tb.Errorf("%s: loaded %s, %d bytes of %d", f.Name, m.Name, len(m.Data), f.Size)
		}
		out.WriteByte('\n')
	}
	return out.String()
}

func TestList(t *testing.T) {
	book := string(zipOf(t, workbookParts(sheetOf(""), "")))
	locked := []byte(pack(t, "a.csv", "姓名\n"))
	for _, sign := range []string{"PK\x03\x04", "PK\x01\x02"} {
		i := bytes.Index(locked, []byte(sign))
		locked[i+map[string]int{"PK\x03\x04": 6, "PK\x01\x02": 8}[sign]] |= 1
	}
	folder(t, map[string]string{
		"in/甲县/b.xlsx":             book,
		"in/甲县/a.csv":              "姓名\n",
		"in/甲县/~$b.xlsx":           "x",
		"in/甲县/.~lock.b.xlsx#":     "x",
		"in/甲县/.DS_Store":          "x",
		"in/.git/config.csv":       "x",
		"in/book.et":               book,
		"in/没有后缀":                  book,
		"in/readme.md":             "text",
		"in/letter.docx":           pack(t, "[Content_Types].xml", "x", "word/document.xml", "x"),
		"in/table.ods":             pack(t, "mimetype", "x", "content.xml", "x"),
		"in/empty.xlsx":            "",
		"in/half.zip":              pack(t, "a.csv", "x")[:30],
		"in/locked.zip":            string(locked),
		"in/pack.rar":              "Rar!\x1a\x07\x01\x00",
		"in/pack.zip":              pack(t, "乙县/", "", "乙县/b.xlsx", book, "__MACOSX/._b.xlsx", "x", "note.md", "x", "a.csv", "姓名\n", "inner.zip", pack(t, gbk(t, "丙县/名单.csv"), "姓名\n", `丁县\表.xlsx`, book)),
		"in/deep.zip":              pack(t, "1.zip", pack(t, "2.zip", pack(t, "3.zip", pack(t, "a.csv", "x")), "b.csv", "x")),
		"in/evil.zip":              pack(t, "../../../etc/a.csv", "x"),
		"in/only-notes.zip":        pack(t, "note.md", "x"),
		"in/nothing.zip":           pack(t),
		"in/data.bin":              "PAR1....PAR1",
		"one.xlsx":                 book,
		".named-though-hidden.csv": "x",
	})
	files, err := List([]string{"one.xlsx", "in", ".named-though-hidden.csv"}, Limits{Depth: 2})
	if err != nil {
		t.Fatal(err)
	}
	want := `one.xlsx
in/.git/: hidden
in/book.et
in/data.bin
in/deep.zip/1.zip/2.zip: over a limit
in/deep.zip/1.zip/b.csv
in/empty.xlsx
in/evil.zip/etc/a.csv
in/half.zip: damaged file
in/letter.docx: not a spreadsheet
in/locked.zip/a.csv: password needed
in/nothing.zip: not a spreadsheet
in/only-notes.zip/note.md: not a spreadsheet
in/pack.rar
in/pack.zip/__MACOSX/._b.xlsx: hidden
in/pack.zip/a.csv
in/pack.zip/inner.zip/丁县/表.xlsx
in/pack.zip/inner.zip/丙县/名单.csv
in/pack.zip/note.md: not a spreadsheet
in/pack.zip/乙县/b.xlsx
in/readme.md: not a spreadsheet
in/table.ods
in/没有后缀
in/甲县/.DS_Store: hidden
in/甲县/.~lock.b.xlsx#: lock file of an open workbook
in/甲县/a.csv
in/甲县/b.xlsx
in/甲县/~$b.xlsx: lock file of an open workbook
.named-though-hidden.csv
`
	if got := told(t, files); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestListMissingInput(t *testing.T) {
	folder(t, map[string]string{"a.csv": "x"})
	if _, err := List([]string{"a.csv", "b.csv"}, Limits{}); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

func TestListLinks(t *testing.T) {
	folder(t, map[string]string{"in/a.csv": "x", "other/b.csv": "y"})
	if os.Symlink("../other/b.csv", "in/file.csv") != nil || os.Symlink("../other", "in/link") != nil || os.Symlink("gone", "in/dangling.csv") != nil {
		t.Skip("no links here")
	}
	files, err := List([]string{"in"}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, f := range files {
		names = append(names, fmt.Sprint(f.Name, " ", f.Skip, " ", f.Err != nil))
	}
	want := []string{"in/a.csv  false", "in/dangling.csv  true", "in/file.csv  false", "in/link " + string(SkipLink) + " false"}
	if fmt.Sprint(names) != fmt.Sprint(want) {
		t.Errorf("got %q, want %q", names, want)
	}
}

// TestLoadInParallel: members of one archive, and of one inside it, are loaded
// by many at once, and again.
func TestLoadInParallel(t *testing.T) {
	var members, inner []string
	for i := range 40 {
		inner = append(inner, fmt.Sprintf("i%02d.csv", i), strings.Repeat(fmt.Sprint(i), 1000))
		members = append(members, fmt.Sprintf("o%02d.csv", i), strings.Repeat(fmt.Sprint(i), 1000))
	}
	folder(t, map[string]string{"a.zip": pack(t, append(members, "inner.zip", pack(t, inner...))...)})
	files, err := List([]string{"a.zip"}, Limits{})
	if err != nil || len(files) != 80 {
		t.Fatal(len(files), err)
	}
	for range 2 {
		var wait sync.WaitGroup
		for i, f := range files {
			wait.Go(func() {
				m, err := f.Load()
				if err != nil || string(m.Data) != strings.Repeat(fmt.Sprint(i%40), 1000) {
					t.Errorf("%s: %v", f.Name, err)
				}
			})
		}
		wait.Wait()
	}
}

func TestBombInZip(t *testing.T) {
	folder(t, map[string]string{"a.zip": pack(t, "b.csv", strings.Repeat("0", 20<<20))})
	files, err := List([]string{"a.zip"}, Limits{Inflated: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := files[0].Load(); !errors.Is(err, ErrLimit) {
		t.Error(err)
	}
}

func FuzzZip(f *testing.F) {
	f.Add([]byte(pack(f, "a.csv", "x", "b.zip", pack(f, gbk(f, "名单.csv"), "y"))))
	f.Fuzz(func(t *testing.T, data []byte) {
		p := filepath.Join(t.TempDir(), "a.zip")
		if err := os.WriteFile(p, data, 0o600); err != nil {
			t.Fatal(err)
		}
		files, err := List([]string{p}, Limits{Inflated: 1 << 20})
		if err != nil {
			t.Fatal(err)
		}
		if len(files) == 0 {
			t.Error("a file that is in no list")
		}
		for _, f := range files {
			f.Load()
		}
	})
}
