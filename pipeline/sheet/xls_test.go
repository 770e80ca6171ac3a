package sheet

import (
	"bytes"
	"crypto/md5"
	"crypto/rc4"
	"errors"
	"fmt"
	"math"
	"math/rand"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"fundtrace/fixtures/generate/xlswrite"
)

func TestXLSRoundTrip(t *testing.T) {
	var out bytes.Buffer
	w := xlswrite.New(&out)
	s := w.AddSheet("发放表")
	s.SetText(0, 0, "2017年危房改造补助资金发放表")
	s.Merge(0, 0, 0, 3)
	s.SetText(1, 0, "𠮷田\r\nnaïve")
	s.SetText(1, 1, "")
	s.SetNumber(1, 2, -0.5)
	s.SetNumber(2, 0, 450102199001011000)
	s.SetNumber(2, 1, 95.6)
	s.SetNumber(2, 2, 1e300)
	s.SetDate(3, 0, time.Date(2017, 8, 31, 0, 0, 0, 0, time.UTC))
	s.SetDate(3, 1, time.Date(2017, 8, 31, 13, 30, 5, 0, time.UTC))
	s.HideRow(2)
	s.HideCol(1)
	s.HideCol(200)
	far := w.AddSheet("Sheet2")
	far.SetText(xlswrite.MaxRows-1, xlswrite.MaxCols-1, "角")
	w.AddSheet("Sheet3")
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}

	book, err := readXLS(out.Bytes(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, g := range book.Sheets {
		names = append(names, g.Name)
		if g.Err != nil {
			t.Errorf("%s: %v", g.Name, g.Err)
		}
	}
	if want := []string{"发放表", "Sheet2", "Sheet3"}; !slices.Equal(names, want) || book.Format != "xls" {
		t.Fatalf("%s with sheets %q, want xls with %q", book.Format, names, want)
	}
	g := book.Sheets[0]
	want := [][]string{
		{"2017年危房改造补助资金发放表", "", ""},
		{"𠮷田\r\nnaïve", "", "-0.5"},
		{"450102199001011000", "95.6", "1E+300"},
		{"2017-08-31", "2017-08-31 13:30:05", ""},
	}
	if got := texts(g); !reflect.DeepEqual(got, want) {
		t.Errorf("cells %q, want %q", got, want)
	}
	kinds := []Kind{g.At(1, 0).Kind(), g.At(1, 1).Kind(), g.At(2, 1).Kind(), g.At(2, 2).Kind(), g.At(3, 0).Kind()}
	if want := []Kind{KindText, KindBlank, KindNumber, KindRaw, KindDate}; !slices.Equal(kinds, want) {
		t.Errorf("kinds %v, want %v", kinds, want)
	}
	if !slices.Equal(g.Merges, []Merge{{0, 0, 0, 3}}) || !slices.Equal(g.HiddenRows, []int{2}) || !slices.Equal(g.HiddenCols, []int{1}) {
		t.Errorf("merges %v, hidden rows %v, hidden columns %v", g.Merges, g.HiddenRows, g.HiddenCols)
	}
	if g := book.Sheets[1]; g.Rows != xlswrite.MaxRows || len(g.Cols) != xlswrite.MaxCols || g.Text(g.Rows-1, 255) != "角" {
		t.Errorf("far sheet: %d rows × %d columns", g.Rows, len(g.Cols))
	}
	if g := book.Sheets[2]; g.Rows != 0 || len(g.Cols) != 0 {
		t.Errorf("empty sheet: %d rows × %d columns", g.Rows, len(g.Cols))
	}
}

// texts returns all cells of a grid as text.
func texts(g *Grid) [][]string {
	out := make([][]string, g.Rows)
	for r := range out {
		out[r] = make([]string, len(g.Cols))
		for c := range g.Cols {
			out[r][c] = g.Text(r, c)
		}
	}
	return out
}

// TestXLSRandomBooks writes and reads back sheets whose texts are cut by the
// format's record size in every way.
func TestXLSRandomBooks(t *testing.T) {
	for seed := range int64(20) {
		random := rand.New(rand.NewSource(seed))
		var out bytes.Buffer
		w := xlswrite.New(&out)
		want := map[[3]int]string{}
		for i := range 1 + random.Intn(3) {
			s := w.AddSheet(fmt.Sprintf("Sheet%d", i))
			for range random.Intn(400) {
				r, c := random.Intn(300), random.Intn(30)
				if random.Intn(3) == 0 {
					n := float64(random.Intn(1e9)) / 100
					s.SetNumber(r, c, n)
					d, _ := FloatDecimal(n)
					want[[3]int{i, r, c}] = d.String()
					continue
				}
				alphabet := []rune("abcé")
				if random.Intn(2) == 0 {
					alphabet = []rune("金额a𠮷é\n")
				}
				text := make([]rune, 1+random.Intn(1<<random.Intn(14)))
				for j := range text {
					text[j] = alphabet[random.Intn(len(alphabet))]
				}
				s.SetText(r, c, string(text))
				want[[3]int{i, r, c}] = string(text)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		book, err := readXLS(out.Bytes(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		cells := 0
		for i, g := range book.Sheets {
			if g.Err != nil {
				t.Fatal(g.Err)
			}
			for c, col := range g.Cols {
				for r, cell := range col {
					if cell == Blank {
						continue
					}
					cells++
					if got := g.Format(cell); got != want[[3]int{i, r, c}] {
						t.Fatalf("seed %d, sheet %d, R%dC%d: %.40q, want %.40q", seed, i, r+1, c+1, got, want[[3]int{i, r, c}])
					}
				}
			}
		}
		if cells != len(want) {
			t.Fatalf("seed %d: %d cells, want %d", seed, cells, len(want))
		}
	}
}

// biff joins records into a stream. A record is its number and its body: bytes,
// numbers of their own size, texts.
func biff(records ...[]byte) []byte { return slices.Concat(records...) }

func rec(id uint16, parts ...any) []byte {
	var body []byte
	for _, p := range parts {
		switch v := p.(type) {
		case byte:
			body = append(body, v)
		case int: // most fields have two bytes
			body = le.AppendUint16(body, uint16(v))
		case uint32:
			body = le.AppendUint32(body, v)
		case float64:
			body = le.AppendUint64(body, math.Float64bits(v))
		case string:
			body = append(body, v...)
		}
	}
	head := le.AppendUint16(le.AppendUint16(nil, id), uint16(len(body)))
	return append(head, body...)
}

// bookOf makes a workbook stream of globals and sheets; a sheet's place is
// filled into the BOUNDSHEET record that follows its order.
func bookOf(version int, globals []byte, names []string, sheets ...[]byte) []byte {
	head := biff(rec(biffBOF, version, 5, 0, 0), globals)
	var bounds [][]byte
	for _, name := range names {
		if version == 0x0600 {
			bounds = append(bounds, rec(biffBoundSheet, uint32(0), 0, byte(len(name)), byte(0), name))
		} else {
			bounds = append(bounds, rec(biffBoundSheet, uint32(0), 0, byte(len(name)), name))
		}
	}
	at := len(head) + len(biff(bounds...)) + 4
	var body []byte
	for i, s := range sheets {
		le.PutUint32(bounds[i][4:], uint32(at+len(body)))
		body = append(body, biff(rec(biffBOF, version, 0x10, 0, 0), s, rec(biffEOF))...)
	}
	return biff(head, biff(bounds...), rec(biffEOF), body)
}

func TestXLSRecords(t *testing.T) {
	xf := func(format int) []byte { return rec(biffXF, 0, format, 0, 0, 0, 0, 0, 0, 0, 0) }
	dates := biff(xf(0), xf(14), rec(biffFormat, 164, 10, byte(0), `yyyy"年"m`+"\xD4"), xf(164))
	for _, c := range []struct {
		name   string
		stream []byte
		want   [][]string
	}{
		{"BIFF5 texts in code page 936",
			bookOf(0x0500, rec(biffCodePage, 936), []string{"\xB1\xED"}, rec(biffLabel, 0, 0, 0, 4, "\xBD\xF0\xB6\xEE")),
			[][]string{{"金额"}}},
		{"BIFF5 texts in code page 1252 and rich text",
			bookOf(0x0500, rec(biffCodePage, 1252), []string{"a"}, biff(rec(biffLabel, 0, 0, 0, 4, "na\xEFf"), rec(biffRString, 0, 1, 0, 2, "xy", byte(1), byte(0), byte(0)))),
			[][]string{{"naïf", "xy"}}},
		{"numbers packed in every way",
			bookOf(0x0600, nil, []string{"a"}, biff(
				rec(biffRK, 0, 0, 0, uint32(0x3FF00000)), rec(biffRK, 0, 1, 0, uint32(0xFFFFFFFE)), rec(biffRK, 0, 2, 0, uint32(123456<<2|3)),
				rec(biffMulRK, 0, 3, 0, uint32(5<<2|2), 0, uint32(0x3FF00001), 4), rec(biffNumber, 0, 5, 0, 95.599999999999994))),
			[][]string{{"1", "-1", "1234.56", "5", "0.01", "95.6"}}},
		{"formulas keep what they last showed",
			bookOf(0x0600, nil, []string{"a"}, biff(
				rec(biffFormula, 0, 0, 0, 2.5, 0, uint32(0)),
				rec(biffFormula, 0, 1, 0, byte(0), byte(0), 0, 0, 0xFFFF, 0, uint32(0)), rec(0x04BC), rec(biffString, 2, byte(0), "ok"),
				rec(biffFormula, 0, 2, 0, byte(1), byte(0), 1, 0, 0xFFFF, 0, uint32(0)),
				rec(biffFormula, 0, 3, 0, byte(2), byte(0), 0x2A, 0, 0xFFFF, 0, uint32(0)),
				rec(biffFormula, 0, 4, 0, byte(3), byte(0), 0, 0, 0xFFFF, 0, uint32(0)),
				rec(biffBoolErr, 0, 5, 0, byte(0), byte(0)), rec(biffBoolErr, 0, 6, 0, byte(7), byte(1)))),
			[][]string{{"2.5", "ok", "TRUE", "#N/A", "", "FALSE", "#DIV/0!"}}},
		{"dates by their format",
			bookOf(0x0600, dates, []string{"a"}, biff(rec(biffNumber, 0, 0, 0, 42978.0), rec(biffNumber, 0, 1, 1, 42978.0), rec(biffNumber, 0, 2, 2, 42978.75))),
			[][]string{{"42978", "2017-08-31", "2017-08-31 18:00:00"}}},
		{"dates of 1904",
			bookOf(0x0600, biff(rec(biffDateMode, 1), dates), []string{"a"}, biff(rec(biffNumber, 0, 0, 0, 41516.0), rec(biffNumber, 0, 1, 1, 41516.0))),
			[][]string{{"41516", "2017-08-31"}}},
		{"a text cut into narrow and wide parts, with fonts and phonetics",
			bookOf(0x0600, biff(
				rec(biffSST, uint32(2), uint32(2), 5, byte(0x0D), 1, uint32(3), "a\x00b\x00"),
				rec(biffContinue, byte(0), "cd"), rec(biffContinue, byte(1), "\xD1\x91", "\x00\x00\x00"),
				rec(biffContinue, byte(0), "pho", 2, byte(0), "zz")), []string{"a"},
				biff(rec(biffLabelSST, 0, 0, 0, uint32(0)), rec(biffLabelSST, 0, 1, 0, uint32(1)))),
			[][]string{{"abcd金", "zz"}}},
		{"dates by a format in wide characters",
			bookOf(0x0600, biff(xf(164), rec(biffFormat, 164, 5, byte(1), "y\x00\"\x00\x74\x5E\"\x00m\x00")), []string{"a"}, rec(biffNumber, 0, 0, 0, 42978.0)),
			[][]string{{"2017-08-31"}}},
		{"a homemade export without version and code page",
			biff(rec(biffBOF, 0, 0x10, 0, 0), rec(biffLabel, 0, 0, 0, 4, "\xBD\xF0\xB6\xEE"), rec(biffNumber, 1, 0, 0, 1.5), rec(biffEOF)),
			[][]string{{"金额"}, {"1.5"}}},
		{"Excel 2",
			biff(rec(0x0009, 2, 0x10), rec(biffCodePage, 936), rec(biffFormat2, byte(7), "General"), rec(biffFormat2, byte(10), "yyyy-mm-dd"),
				rec(biffLabel2, 0, 0, byte(0), 0, byte(4), "\xBD\xF0\xB6\xEE"), rec(biffNumber2, 0, 1, byte(0), byte(1), byte(0), 42978.0), rec(biffInteger2, 1, 0, byte(0), 0, 7),
				rec(biffBoolErr2, 1, 1, byte(0), 0, byte(1), byte(0)),
				rec(biffFormula, 2, 0, byte(0), 0, 2.5, byte(0), byte(0)), rec(biffFormula, 2, 1, byte(0), 0, byte(0), byte(0), 0, 0, 0xFFFF, byte(0), byte(0)), rec(biffString2, byte(2), "ok"), rec(biffEOF)),
			[][]string{{"金额", "2017-08-31"}, {"7", "TRUE"}, {"2.5", "ok"}}},
		{"Excel 4",
			biff(rec(0x0409, 0, 0x10, 0), rec(biffFormat, 0, byte(7), "General"), rec(biffFormat, 0, byte(4), "m/d/"), rec(biffXF4, 0, 0, 0, 0, 0, 0), rec(biffXF4, byte(0), byte(1), 0, 0, 0, 0, 0),
				rec(biffNumber, 0, 0, 1, 42978.0), rec(biffFormula4, 0, 1, 0, 2.5, 0), rec(biffEOF)),
			[][]string{{"2017-08-31", "2.5"}}},
		{"a number that is none",
			bookOf(0x0600, nil, []string{"a"}, rec(biffNumber, 0, 0, 0, math.NaN())),
			[][]string{{"#NUM!"}}},
		{"a chart inside the sheet",
			bookOf(0x0600, nil, []string{"a"}, biff(rec(biffBOF, 0x0600, 0x20), rec(biffNumber, 9, 9, 0, 1.0), rec(biffEOF), rec(biffNumber, 0, 0, 0, 7.0))),
			[][]string{{"7"}}},
	} {
		book, err := readXLS(c.stream, Options{})
		if err != nil || len(book.Sheets) != 1 || book.Sheets[0].Err != nil {
			t.Errorf("%s: %v, %+v", c.name, err, book)
			continue
		}
		if got := texts(book.Sheets[0]); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestXLSFormulaMark(t *testing.T) {
	book, err := readXLS(bookOf(0x0600, nil, []string{"a"}, biff(
		rec(biffFormula, 0, 0, 0, 2.5, 0, uint32(0)), rec(biffNumber, 0, 1, 0, 2.5))), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if g := book.Sheets[0]; !g.At(0, 0).Formula() || g.At(0, 1).Formula() {
		t.Error("the formula's value, and it alone, is to be marked")
	}
}

func TestXLSSheetStates(t *testing.T) {
	stream := biff(rec(biffBOF, 0x0600, 5),
		rec(biffBoundSheet, uint32(0), byte(1), byte(0), byte(1), byte(0), "h"), rec(biffBoundSheet, uint32(0), byte(2), byte(0), byte(1), byte(0), "v"),
		rec(biffBoundSheet, uint32(0), byte(0), byte(2), byte(1), byte(0), "c"), rec(biffEOF))
	book, err := readXLS(stream, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, g := range book.Sheets {
		got = append(got, fmt.Sprint(g.Name, g.State, errors.Is(g.Err, ErrDamaged)))
	}
	// The first two claim a place where no sheet starts; a chart has no cells.
	if want := []string{"hhiddentrue", "vveryHiddentrue", "cfalse"}; !slices.Equal(got, want) {
		t.Errorf("sheets %q, want %q", got, want)
	}
}

func TestXLSDamage(t *testing.T) {
	sheet := rec(biffNumber, 0, 0, 0, 1.0)
	for name, c := range map[string]struct {
		stream []byte
		book   error
		sheet  error
	}{
		"nothing":                    {nil, ErrDamaged, nil},
		"another file":               {[]byte("a letter"), ErrDamaged, nil},
		"an Excel 4 workspace":       {rec(0x0409, 0, 0x100, 0), ErrFormat, nil},
		"no end of the globals":      {rec(biffBOF, 0x0600, 5), ErrDamaged, nil},
		"no sheets":                  {biff(rec(biffBOF, 0x0600, 5), rec(biffEOF)), ErrEmpty, nil},
		"an unknown cipher":          {biff(rec(biffBOF, 0x0600, 5), rec(biffFilePass, 7)), ErrEncrypted, nil},
		"a text that is not there":   {bookOf(0x0600, nil, []string{"a"}, rec(biffLabelSST, 0, 0, 0, uint32(0))), nil, ErrDamaged},
		"a cell cut short":           {bookOf(0x0600, nil, []string{"a"}, rec(biffNumber, 0, 0, 0, 1)), nil, ErrDamaged},
		"no end of the sheet":        {bookOf(0x0600, nil, []string{"a"}, sheet)[:len(bookOf(0x0600, nil, []string{"a"}, sheet))-4], nil, ErrDamaged},
		"a container and nothing in": {slices.Concat([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), make([]byte, 600)), ErrDamaged, nil},
	} {
		book, err := readXLS(c.stream, Options{})
		if !errors.Is(err, c.book) {
			t.Errorf("%s: %v, want %v", name, err, c.book)
		}
		if err == nil && (!errors.Is(book.Sheets[0].Err, c.sheet) || book.Sheets[0].Rows != 0) {
			t.Errorf("%s: sheet's error %v, want %v", name, book.Sheets[0].Err, c.sheet)
		}
	}
}

// TestXLSManySheetsInOne has a thousand sheets that all claim the same cells.
func TestXLSManySheetsInOne(t *testing.T) {
	var cells, bounds []byte
	for r := range 2_000 {
		cells = append(cells, rec(biffNumber, r, 0, 0, 1.0)...)
	}
	const sheets, bound = 1_000, 13
	at := uint32(8 + sheets*bound + 4)
	for range sheets {
		bounds = append(bounds, rec(biffBoundSheet, at, 0, byte(1), byte(0), "s")...)
	}
	book, err := readXLS(biff(rec(biffBOF, 0x0600, 5), bounds, rec(biffEOF), rec(biffBOF, 0x0600, 16), cells, rec(biffEOF)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if book.Sheets[0].Rows != 2_000 || !errors.Is(book.Sheets[999].Err, ErrDamaged) {
		t.Errorf("the first sheet has %d rows, the last error %v", book.Sheets[0].Rows, book.Sheets[999].Err)
	}
}

func TestXLSLimits(t *testing.T) {
	var out bytes.Buffer
	w := xlswrite.New(&out)
	s := w.AddSheet("a")
	s.SetText(9, 4, strings.Repeat("x", 100))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for name, limits := range map[string]Limits{
		"Limits.Rows": {Rows: 9}, "Limits.Cols": {Cols: 4}, "Limits.Cells": {Cells: 49}, "Limits.Strings": {Strings: 99},
	} {
		book, err := readXLS(out.Bytes(), Options{Limits: limits})
		if err == nil {
			err = book.Sheets[0].Err
		}
		if !errors.Is(err, ErrLimit) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	book, err := readXLS(out.Bytes(), Options{Limits: Limits{Rows: 10, Cols: 5, Cells: 50, Strings: 100}})
	if err != nil || book.Sheets[0].Err != nil {
		t.Errorf("at its limits: %v", err)
	}
}

// TestManualXLSPasswords opens encrypted workbooks of the corpus with their passwords,
// and refuses them without.
func TestManualXLSPasswords(t *testing.T) {
	for name, c := range map[string]struct {
		password string
		row      int
		want     string
	}{"xor-encryption-abc.xls": {"abc", 2, "3"}, "35897-type4.xls": {"freedom", 0, "hello there!"}} {
		data, err := os.ReadFile(filepath.Join(corpus, name))
		if err != nil {
			t.Skip("no corpus on this machine")
		}
		if _, err := readXLS(data, Options{Passwords: []string{"wrong"}}); !errors.Is(err, ErrEncrypted) {
			t.Errorf("%s with a wrong password: %v", name, err)
		}
		book, err := readXLS(data, Options{Passwords: []string{"wrong", c.password}})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := book.Sheets[0].Text(c.row, 0); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestXLSProtected opens a workbook that Excel encrypted with the password that
// it asks nobody for, in the way of Excel 97.
func TestXLSProtected(t *testing.T) {
	salt := "0123456789abcdef"
	cipher, _ := newRC4Cipher(defaultPassword, slices.Concat([]byte(salt), make([]byte, 32)))
	plain := []byte("a verifier of 16")
	sum := md5.Sum(plain)
	verifier := slices.Concat(plain, sum[:])
	cipher.decrypt(verifier, 0, len(verifier)) // RC4 enciphers as it deciphers

	pass := rec(biffFilePass, 1, 1, 1, salt, string(verifier))
	var cells []byte
	for r := range 200 {
		cells = append(cells, rec(biffNumber, r, 0, 0, float64(r))...)
	}
	stream := bookOf(0x0600, pass, []string{"a"}, cells)
	key := make([]byte, (len(stream)/rc4Block+1)*rc4Block) // the key bytes of the whole stream
	for block := range len(key) / rc4Block {
		one, err := rc4.NewCipher(cipher.(*rc4Cipher).blockKey(uint32(block)))
		if err != nil {
			t.Fatal(err)
		}
		part := key[block*rc4Block:][:rc4Block]
		one.XORKeyStream(part, part)
	}
	for at := 12 + len(pass); at < len(stream); {
		id, size := le.Uint16(stream[at:]), int(le.Uint16(stream[at+2:]))
		for i := at + 4; i < at+4+size; i++ {
			if id != biffBOF && (id != biffBoundSheet || i >= at+8) {
				stream[i] ^= key[i]
			}
		}
		at += 4 + size
	}

	book, err := readXLS(stream, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if g := book.Sheets[0]; g.Err != nil || g.Name != "a" || g.Rows != 200 || g.Text(199, 0) != "199" {
		t.Errorf("sheet %q, %d rows: %v", g.Name, g.Rows, g.Err)
	}
	wrong := bytes.Replace(stream, []byte(salt), []byte("fedcba9876543210"), 1)
	if _, err := readXLS(wrong, Options{}); !errors.Is(err, ErrEncrypted) {
		t.Errorf("with another salt: %v", err)
	}
}

// TestRC4Keys checks keys against a known one, and the zeros that fill up keys of
// 40 bits ([MS-OFFCRYPTO] 2.3.5.2).
func TestRC4Keys(t *testing.T) {
	salt := "\x17\xF6\xD1\x6B\x09\xB1\x5F\x7B\x4C\x9D\x03\xB4\x81\xB5\xB4\x4A"
	c, _ := newRC4Cipher("MoneyForNothing", append([]byte(salt), make([]byte, 32)...))
	if got, want := c.(*rc4Cipher).blockKey(0), md5.Sum([]byte("\xC2\xD9\x56\xB2\x6B\x00\x00\x00\x00")); !bytes.Equal(got, want[:]) {
		t.Errorf("key %x, want %x", got, want)
	}
	info := rec(0, uint32(0), uint32(32), uint32(0), uint32(0), uint32(0), uint32(0), uint32(40), uint32(0), uint32(0), uint32(0), uint32(16), salt, strings.Repeat("\x00", 40))
	c, _ = newCryptoAPICipher("MoneyForNothing", info[4:])
	if key := c.(*rc4Cipher).blockKey(0); len(key) != 16 || !bytes.Equal(key[5:], make([]byte, 11)) {
		t.Errorf("key of 40 bits: %x", key)
	}
}

// TestManualXLSCorpus reads every .xls of the corpus: cells, or one clear error.
func TestManualXLSCorpus(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(corpus, "*.xls"))
	if len(files) == 0 {
		t.Skip("no corpus on this machine")
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		book, err := readXLS(data, Options{})
		if err != nil {
			if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrEncrypted) {
				t.Errorf("%s: %v", file, err)
			}
			continue
		}
		for _, g := range book.Sheets {
			checkGrid(t, g)
			if g.Err != nil {
				t.Errorf("%s, sheet %q: %v", file, g.Name, g.Err)
			}
		}
	}
}

// checkGrid asserts what every grid promises to its readers.
func checkGrid(t *testing.T, g *Grid) {
	t.Helper()
	last := 0
	for c, col := range g.Cols {
		if len(col) != g.Rows {
			t.Fatalf("sheet %q, column %d: %d cells in %d rows", g.Name, c+1, len(col), g.Rows)
		}
		for r, cell := range col {
			if cell != Blank {
				last = max(last, r+1)
				if text := g.Format(cell); cell.Kind() == KindText && text == "" {
					t.Fatalf("sheet %q, R%dC%d: a text of nothing", g.Name, r+1, c+1)
				}
			}
		}
	}
	if last != g.Rows {
		t.Fatalf("sheet %q: %d rows, the last cell is in row %d", g.Name, g.Rows, last)
	}
	if g.Err != nil && len(g.Cols) > 0 {
		t.Fatalf("sheet %q has cells and an error", g.Name)
	}
}

func FuzzXLS(f *testing.F) {
	f.Add(bookOf(0x0600, rec(biffSST, uint32(1), uint32(1), 2, byte(0), "ab"), []string{"a"}, biff(
		rec(biffLabelSST, 0, 0, 0, uint32(0)), rec(biffRK, 0, 1, 0, uint32(6)), rec(biffMulRK, 1, 0, 0, uint32(2), 0, uint32(2), 1),
		rec(biffFormula, 2, 0, 0, byte(0), byte(0), 0, 0, 0xFFFF, 0, uint32(0)), rec(biffString, 1, byte(0), "x"), rec(biffMergeCells, 1, 0, 1, 0, 1))))
	f.Add(bookOf(0x0500, rec(biffCodePage, 936), []string{"a"}, rec(biffLabel, 0, 0, 0, 2, "\xBD\xF0")))
	f.Add(biff(rec(biffBOF, 0x0600, 5), rec(biffFilePass, 1, 2, 2, uint32(0), uint32(20), strings.Repeat("\x00", 100)), rec(biffEOF)))
	var out bytes.Buffer
	w := xlswrite.New(&out)
	w.AddSheet("a").SetText(0, 0, "文")
	if err := w.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(out.Bytes())
	f.Add(biff(rec(0x0009, 2, 0x10), rec(biffLabel2, 0, 0, byte(0), 0, byte(1), "a"), rec(biffEOF)))
	for _, name := range []string{"xor-encryption-abc.xls", "MissingBits.xls", "3dFormulas.xls", "59074.xls"} {
		if data, err := os.ReadFile(filepath.Join(corpus, name)); err == nil {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		book, err := readXLS(data, Options{Passwords: []string{"abc"}, Limits: Limits{Cells: 1 << 22, Strings: 1 << 24}})
		if err != nil {
			return
		}
		for _, g := range book.Sheets {
			checkGrid(t, g)
		}
	})
}

func FuzzDateFormat(f *testing.F) {
	for _, code := range []string{"yyyy-mm-dd", `yyyy"年"m"月"`, "[h]:mm", "0.00E+00", `#,##0.00_);[Red]\(#,##0.00\)`, "General", `"d`, `[`, `\`} {
		f.Add(code)
	}
	f.Fuzz(func(t *testing.T, code string) { dateFormat(code) })
}

func TestDateFormat(t *testing.T) {
	for code, want := range map[string]bool{
		"yyyy-mm-dd": true, `yyyy"年"m"月"d"日";@`: true, "[$-804]aaaa": true, "[h]:mm": true, "h:mm AM/PM": true, "mmm\\-yy": true,
		"General": false, "0.00": false, "0.00E+00": false, `#,##0.00_);[Red]\(#,##0.00\)`: false, `0"day"`: false, "@": false, `0\d`: false,
		`0.00;yyyy`: false, `"￥"#,##0`: false,
	} {
		if got := dateFormat(code); got != want {
			t.Errorf("%q: %t, want %t", code, got, want)
		}
	}
}
