package intake

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"fundtrace/pipeline/sheet"
)

var quotedText = regexp.MustCompile(`"[^"]*"`)

// In English every reason of every fixture is English but for what it quotes and
// the names of files and sheets, and nothing else of the reading is different.
func TestReasonsInEnglish(t *testing.T) {
	files, err := filepath.Glob(fixtures + "/*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures found: %v", err)
	}
	seen := 0
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		zh, err := readFixture(ar, "zh")
		if err != nil {
			t.Fatal(err)
		}
		en, err := readFixture(ar, "en")
		if err != nil {
			t.Fatal(err)
		}
		a, b := reasons(zh), reasons(en)
		if len(a) != len(b) {
			t.Fatalf("%s: %d reasons, %d in English", file, len(a), len(b))
		}
		for i, r := range b {
			seen++
			text := quotedText.ReplaceAllString(*r, "")
			for _, s := range en.Sheets {
				text = strings.ReplaceAll(text, sheetKey(s), "")
			}
			if hasHan(text) || strings.Contains(text, "%!") || strings.Contains(*a[i], "%!") {
				t.Errorf("%s: %q for %q", file, *r, *a[i])
			}
			*r = *a[i]
		}
		if got, want := dump(en), dump(zh); got != want {
			t.Errorf("%s is read otherwise in English:\n%s\nwant:\n%s", file, got, want)
		}
	}
	if seen < 20 {
		t.Errorf("only %d reasons compared", seen)
	}
}

// reasons lists every reason of a reading.
func reasons(res *Result) []*string {
	var out []*string
	for i := range res.Inputs {
		out = append(out, &res.Inputs[i].Reason)
	}
	for i := range res.Sheets {
		out = append(out, &res.Sheets[i].Reason)
	}
	for i := range res.Rejects {
		out = append(out, &res.Rejects[i].Reason)
	}
	for i := range res.Doubts {
		out = append(out, &res.Doubts[i].Reason)
	}
	return out
}

// What cannot be read is told in one language, with the limit or the place.
func TestUnread(t *testing.T) {
	in := func(err error) error { return fmt.Errorf("reading a.xlsx: %w", err) }
	_, limit := sheet.Read(t.Context(), sheet.Member{Name: "a.csv", Data: []byte("a\nb\nc\n")}, sheet.Options{Limits: sheet.Limits{Rows: 2}})
	_, damage := sheet.Read(t.Context(), sheet.Member{Name: "a.xlsx", Data: []byte("PK\x03\x04 and then nothing")}, sheet.Options{})
	_, archive := sheet.Read(t.Context(), sheet.Member{Name: "a.rar", Data: []byte("Rar!\x1a\x07\x00")}, sheet.Options{})
	_, page := sheet.Read(t.Context(), sheet.Member{Name: "a.xls", Data: []byte("<html><table>")}, sheet.Options{})
	_, empty := sheet.Read(t.Context(), sheet.Member{Name: "a.csv"}, sheet.Options{})
	for _, c := range []struct {
		err    error
		zh, en string
	}{
		{limit, "行数超过2,", "more than 2 rows"},
		{in(&sheet.DamageError{Part: "xl/sharedStrings.xml"}), "文件已损坏(xl/sharedStrings.xml),", "damaged"},
		{in(&sheet.DamageError{Row: 3, Col: 2}), "文件已损坏(第3行第2列),", "damaged"},
		{damage, "文件已损坏,", "damaged file: it begins as a zip"},
		{archive, "请先解压", "unpack it first"},
		{page, "另存为.xlsx", "save it as .xlsx"},
		{empty, "空文件", "empty file"},
		{in(sheet.ErrEncrypted), "需要密码", "password needed"},
		{in(fmt.Errorf("%w: %w", sheet.ErrEncrypted, sheet.ErrPacked)), "压缩包已加密", "unpack it first"},
		{in(fs.ErrPermission), "没有读取权限", "permission denied"},
		{in(errors.New("device lost")), "无法读取(", "device lost"},
	} {
		if c.err == nil {
			t.Errorf("no error where %s is wanted", c.zh)
			continue
		}
		zh, en := language("zh").unread("a.xlsx", c.err), language("en").unread("a.xlsx", c.err)
		if !strings.Contains(zh, c.zh) || !strings.Contains(en, c.en) || hasHan(en) || strings.Contains(en, "reading a.xlsx: ") {
			t.Errorf("%v: %q and %q, want %q and %q in them", c.err, zh, en, c.zh, c.en)
		}
	}
	for _, name := range []sheet.Limit{
		sheet.LimitRows, sheet.LimitCols, sheet.LimitCells, sheet.LimitStrings, sheet.LimitInflated, sheet.LimitDepth,
		sheet.LimitUnit, sheet.LimitPart, sheet.LimitXML, sheet.LimitNesting, sheet.LimitSpins,
	} {
		if limitNames[name] == "" {
			t.Errorf("limit %q has no name in Chinese", name)
		}
	}
}
