package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand"
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// charsets write a text in every encoding that is read.
var charsets = []struct {
	name   string
	encode func(string) []byte
}{
	{"UTF-8", func(s string) []byte { return []byte(s) }},
	{"UTF-8 with mark", func(s string) []byte { return []byte("\uFEFF" + s) }},
	{"GB18030", func(s string) []byte {
		b, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s))
		if err != nil {
			panic(err)
		}
		return b
	}},
	{"UTF-16 LE with mark", func(s string) []byte { return units("\uFEFF"+s, 0) }},
	{"UTF-16 BE with mark", func(s string) []byte { return units("\uFEFF"+s, 1) }},
	{"UTF-16 LE", func(s string) []byte { return units(s, 0) }},
	{"UTF-16 BE", func(s string) []byte { return units(s, 1) }},
}

// units returns UTF-16 with its high bytes at even places (1) or odd ones (0).
func units(s string, high int) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		if high == 1 {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return b
}

// readTable reads a file that is to be one grid and returns its texts.
func readTable(t *testing.T, name string, data []byte) (format string, rows [][]string) {
	t.Helper()
	book, err := readCSV(name, data, Options{})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	checkGrid(t, book.Sheets[0])
	return book.Format, texts(book.Sheets[0])
}

func TestCSVMess(t *testing.T) {
	type table = [][]string
	long := strings.Repeat("很长的备注,\n", 20_000)
	for _, c := range []struct {
		name string
		text string
		want table
	}{
		{"commas", "姓名,金额\n张三,1.50\n", table{{"姓名", "金额"}, {"张三", "1.50"}}},
		{"tabs with commas in texts", "姓名\t金额\n张三\t1,500.00\n李四\t2,500.00\n", table{{"姓名", "金额"}, {"张三", "1,500.00"}, {"李四", "2,500.00"}}},
		{"semicolons", "姓名;金额;日期\n张三;1,5;x\n", table{{"姓名", "金额", "日期"}, {"张三", "1,5", "x"}}},
		{"bars", "姓名|金额|日期\n张三|15|x\n", table{{"姓名", "金额", "日期"}, {"张三", "15", "x"}}},
		{"the separator named", "sep=;\na;b,c,d\n", table{{"sep=", ""}, {"a", "b,c,d"}}},
		{"a title over the table", "2017年发放表\n姓名,金额\n张三,1\n", table{{"2017年发放表", ""}, {"姓名", "金额"}, {"张三", "1"}}},
		{"one column", "姓名\n张三\n", table{{"姓名"}, {"张三"}}},
		{"line ends of Windows, old Macs and mixed", "a,b\r\nc,d\re,f\ng,h", table{{"a", "b"}, {"c", "d"}, {"e", "f"}, {"g", "h"}}},
		{"blank lines count", "a,b\n\n\nc,d\n\n", table{{"a", "b"}, {"", ""}, {"", ""}, {"c", "d"}}},
		{"ragged rows", "a,b,c\nd\ne,f,g,h\n", table{{"a", "b", "c", ""}, {"d", "", "", ""}, {"e", "f", "g", "h"}}},
		{"empty fields", ",a,\n,,\n\"\",b,\n", table{{"", "a"}, {"", ""}, {"", "b"}}},
		{"quotes", "\"a,b\",\"c\"\"d\",\"e\nf\"\ng,h,i\n", table{{"a,b", "c\"d", "e\nf"}, {"g", "h", "i"}}},
		{"text that Excel is told to keep", "=\"450102199001011234\",\"=\"\"0123\"\"\",=\"a,b\",=1+1\n", table{{"450102199001011234", "0123", "a,b", "=1+1"}}},
		{"an apostrophe is left to the reader of cells", "'4501,a\n", table{{"'4501", "a"}}},
		{"blanks behind a quote", "\"a\" ,b\n", table{{"a", "b"}}},
		{"a quote inside a word", "a\"b,5\"\nc,d\n", table{{"a\"b", "5\""}, {"c", "d"}}},
		{"a quote that nothing closes", "x,y\n\"a,b\nc,d\ne,f\n", table{{"x", "y"}, {"\"a", "b"}, {"c", "d"}, {"e", "f"}}},
		{"a quote closed in the middle of a word", "x,y\n\"a,b\nc\"d,e\nf,g\n", table{{"x", "y"}, {"\"a", "b"}, {"c\"d", "e"}, {"f", "g"}}},
		{"a good quote behind a bad one", "\"a\"b,\"c,d\"\n\"e,f,\"g,h\"\n", table{{"\"a\"b", "c,d", ""}, {"\"e", "f", "g,h"}}},
		{"a broken character", "金额,\xE9\x87\n备注,危房改造\n", table{{"金额", "\uFFFD\uFFFD"}, {"备注", "危房改造"}}},
		{"a quote that would swallow rows", "1,2,3,4,5\n\"a,b,c,d,e\nf,g,h,i,j\nk,l,m,n,o\np,q,r,s,t\"\nu,v,w,x,y\n", table{
			{"1", "2", "3", "4", "5"}, {"\"a", "b", "c", "d", "e"}, {"f", "g", "h", "i", "j"}, {"k", "l", "m", "n", "o"}, {"p", "q", "r", "s", "t\""}, {"u", "v", "w", "x", "y"}}},
		{"a quote that would swallow more than a cell holds", "x,y\n\"" + "a,b\n" + strings.Repeat("很长的备注,c\n", 12_000) + "d\",e\n", nil},
		{"a long text", "x,y\n\"" + long[:100_000/19*19] + "\",b\n", table{{"x", "y"}, {long[:100_000/19*19], "b"}}},
		{"NUL bytes are padding", "a\x00\x00,\x00,b\nc,d,e\n", table{{"a", "", "b"}, {"c", "d", "e"}}},
		{"the end mark of DOS", "a,b\nc,d\n\x1a", table{{"a", "b"}, {"c", "d"}}},
	} {
		_, got := readTable(t, c.name, []byte(c.text))
		if c.want == nil {
			if len(got) != 12_003 {
				t.Errorf("%s: %d rows", c.name, len(got))
			}
			continue
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %.300q, want %.300q", c.name, got, c.want)
		}
	}
}

func TestCSVFormat(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a.csv", "a,b\n", "csv"}, {"a.csv", "a\tb\n", "tsv"}, {"a.tsv", "a\tb\n", "tsv"}, {"a.txt", "a,b\n", "csv"},
	} {
		if got, _ := readTable(t, c.name, []byte(c.text)); got != c.want {
			t.Errorf("%s %q: %s, want %s", c.name, c.text, got, c.want)
		}
	}
}

// TestCSVCharsets reads one roster in every encoding. It holds a surname of a
// four-byte code, one beyond the first plane, and characters whose second byte
// looks like a separator.
func TestCSVCharsets(t *testing.T) {
	rows := [][]string{
		{"姓名", "身份证号码", "金额", "备注"},
		{"㛃亅瞸羭", "459901199001011234", "1,500.00", "亅瞸銃 | ~"},
		{"𠮷田", "45990119900101123x", "95.60", "x\ny"},
		{"尛€·", "459901199001011233", "0.00", "危房改造"},
	}
	for _, sep := range []rune{',', '\t', ';', '|'} {
		var text bytes.Buffer
		w := csv.NewWriter(&text)
		w.Comma = sep
		if err := w.WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		for _, charset := range charsets {
			if _, got := readTable(t, charset.name, charset.encode(text.String())); !reflect.DeepEqual(got, rows) {
				t.Errorf("%s separated by %q: %q", charset.name, sep, got)
			}
		}
	}
}

// TestCSVRoundTrip: what encoding/csv writes of any table reads back the same,
// in every encoding that can be told from the others by what the table holds.
func TestCSVRoundTrip(t *testing.T) {
	alphabets := []string{"ab1 ", "金额张三危房", "a,\"\n\r;|\t=", "㛃𠮷€é", "x'\"\"\","}
	for seed := range int64(400) {
		random := rand.New(rand.NewSource(seed))
		rows := make([][]string, 1+random.Intn(30))
		cols := 2 + random.Intn(6)
		rows[0] = []string{"序号", "户主姓名", "补助金额", "发放日期", "行政村", "备注", "账号"}[:cols]
		for r := 1; r < len(rows); r++ {
			rows[r] = make([]string, cols)
			rows[r][0] = fmt.Sprint(r)
			for c := 1; c < cols; c++ {
				alphabet := []rune(alphabets[random.Intn(len(alphabets))])
				text := make([]rune, random.Intn(9))
				for i := range text {
					text[i] = alphabet[random.Intn(len(alphabet))]
				}
				if rows[r][c] = string(text); strings.HasPrefix(rows[r][c], `="`) {
					rows[r][c] = "" // has a meaning of its own
				}
			}
		}
		var text bytes.Buffer
		if err := csv.NewWriter(&text).WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		for _, charset := range charsets {
			if _, got := readTable(t, "a.csv", charset.encode(text.String())); !reflect.DeepEqual(got, trimmed(rows)) {
				t.Fatalf("seed %d in %s:\n%q\nread as\n%q", seed, charset.name, rows, got)
			}
		}
	}
}

// trimmed drops the rows and columns at the end that hold no text, as a grid
// does.
func trimmed(rows [][]string) [][]string {
	for len(rows) > 0 && strings.Join(rows[len(rows)-1], "") == "" {
		rows = rows[:len(rows)-1]
	}
	return rows
}

// TestCSVSharesTexts: a text that comes again and again in a column stands in the
// table of texts once, so that it is understood once.
func TestCSVSharesTexts(t *testing.T) {
	var text strings.Builder
	for i := range 40_000 {
		fmt.Fprintf(&text, "甲县,\"第%d村\",%d\n", i%50, i)
	}
	book, err := readCSV("a.csv", []byte(text.String()), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if n := book.Sheets[0].Strings.Len(); n > 40_000+2*51 {
		t.Errorf("%d texts for 40,051 different ones", n)
	}
}

func TestCSVErrors(t *testing.T) {
	for name, c := range map[string]struct {
		text   string
		limits Limits
		want   error
	}{
		"nothing":        {"", Limits{}, ErrEmpty},
		"a mark alone":   {"\uFEFF", Limits{}, ErrEmpty},
		"separators":     {",,\n,,\n", Limits{}, ErrEmpty},
		"Limits.Rows":    {"a\nb\nc\n", Limits{Rows: 2}, ErrLimit},
		"Limits.Cols":    {"a,b,c\n", Limits{Cols: 2}, ErrLimit},
		"Limits.Cells":   {"a,b\nc,d\n", Limits{Cells: 3}, ErrLimit},
		"Limits.Strings": {"abc,def\n", Limits{Strings: 5}, ErrLimit},
	} {
		_, err := readCSV("a.csv", []byte(c.text), Options{Limits: c.limits})
		if !errors.Is(err, c.want) || c.want == ErrLimit && !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCSVQuotesStayLinear reads files of nothing but trouble with quotes; a
// reader that looked for each one's partner anew would take hours.
func TestCSVQuotesStayLinear(t *testing.T) {
	for _, line := range []string{"\"x\n", "\"\"x\n", "\"\"\"x\n", ",\"x,\"x\n", "=\"x\n", "\"x\"\"\n", "\"a,b,c,d,e\n"} {
		readTable(t, line, []byte("1,2,3,4,5\n"+strings.Repeat(line, 100_000)))
	}
	row := strings.Repeat(",\"x,\"x", 300_000) // a line of more columns than a table has
	if _, err := readCSV("a.csv", []byte(row), Options{}); !errors.Is(err, ErrLimit) {
		t.Error(err)
	}
}

// FuzzCSV: whatever a file holds, it is read without panic, into a sound grid
// that lost no line.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"a,b\n1,\"x\ny\"\n", "\"a,b\nc\"d", "=\"450\",\"=\"\"1\"\"\"\r\n", "\xD0\xD5\xC3\xFB|\xB2|\n", "\xFF\xFEa\x00,\x00", "\xFE\xFF\x00a", "a\x00b\x00", "\x81\x30\x81\x30", "\"", "=\""} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		book, err := readCSV("a.csv", data, Options{Limits: Limits{Cells: 1 << 22}})
		if err != nil {
			if !errors.Is(err, ErrEmpty) && !errors.Is(err, ErrLimit) {
				t.Fatal(err)
			}
			return
		}
		g := book.Sheets[0]
		checkGrid(t, g)
		if !utf8.Valid(g.Strings.Bytes) {
			t.Fatal("texts are not UTF-8")
		}
	})
}

// FuzzGB18030 compares the decoder with x/text on any bytes.
func FuzzGB18030(f *testing.F) {
	for _, seed := range []string{"\xD0\xD5\xC3\xFB", "\x81\x30\x81\x30", "\x80\xFF\x81", "\x84\x31\xA4\x37\xD0", "\x95\x32\x82\x36", "\xFE\xFE\xA1", "\x81\x30\x20"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		want, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
		if err != nil {
			t.Skip(err)
		}
		if got := appendGB18030(nil, data); !bytes.Equal(got, bytes.ReplaceAll(want, []byte{0}, nil)) {
			t.Fatalf("%x: %q, want %q", data, got, want)
		}
	})
}
