package sheet

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

const (
	sheetHead = `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:mc="m">`
	textsHead = `<?xml version="1.0" encoding="UTF-8"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`
)

// sheetOf is a sheet part with the rows given.
func sheetOf(rows string) string {
	return sheetHead + `<sheetData>` + rows + `</sheetData></worksheet>`
}

func readBytes(tb testing.TB, data []byte, opt Options) (*Book, error) {
	tb.Helper()
	return Read(context.Background(), Member{Name: "a.xlsx", Data: data}, opt)
}

// onlySheet reads a workbook of one sheet that must be read well.
func onlySheet(tb testing.TB, parts map[string]string) *Grid {
	tb.Helper()
	book, err := readBytes(tb, zipOf(tb, parts), Options{})
	if err != nil {
		tb.Fatal(err)
	}
	if g := book.Sheets[0]; g.Err != nil {
		tb.Fatal(g.Err)
	}
	return book.Sheets[0]
}

// show writes a grid as lines of cells, each with the first letter of its kind
// and = for a formula.
func show(g *Grid) string {
	var out strings.Builder
	for r := range g.Rows {
		for c := range g.Cols {
			if c > 0 {
				out.WriteByte('|')
			}
			cell := g.At(r, c)
			if cell == Blank {
				continue
			}
			out.WriteByte(" tndbe#"[cell.Kind()])
			if cell.Formula() {
				out.WriteByte('=')
			}
			out.WriteString(g.Format(cell))
		}
		out.WriteByte('\n')
	}
	return strings.TrimSuffix(out.String(), "\n")
}

var sheetForms = []struct{ name, sheet, want string }{
	{"as Excel writes it", sheetOf(`<row r="1" spans="1:3"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1" s="2"><v>95.599999999999994</v></c><c r="C1" s="3"><v>43101</v></c></row>`), "t户主|n95.6|d2018-01-01"},
	{"prefixed elements", `<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c><x:c r="B1"><x:v>-7</x:v></x:c></x:row></x:sheetData></x:worksheet>`, "t户主|n-7"},
	{"single quotes and blanks around =", sheetOf(`<row r = '2' ><c r='B2' t='s' ><v>0</v></c ></row>`), "|\n|t户主"},
	{"comments and instructions", sheetOf(`<!-- </row> --><row r="1"><!-- <c> --><c r="A1"><!--x--><v>1<!-- 9 -->2</v></c><?pi </row> ?></row>`), "n12"},
	{"CDATA", sheetOf(`<row r="1"><c r="A1" t="inlineStr"><is><t><![CDATA[a<b>&amp;]]>c</t></is></c></row>`), "ta<b>&amp;c"},
	{"entities and line ends", sheetOf("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>&lt;&#x6237;&#20027;&amp;\r\nx</t></is></c></row>"), "t<户主&\nx"},
	{"escapes", sheetOf(`<row r="1"><c r="A1" t="inlineStr"><is><t>a_x0041_b_x005F_x0041_c_xD83D__xDE00_</t></is></c></row>`), "taAb_x0041_c\U0001F600"},
	{"rich text without phonetic guides", sheetOf(`<row r="1"><c r="A1" t="s"><v>1</v></c></row>`), "t村a屯"},
	{"inline rich text", sheetOf(`<row r="1"><c r="A1" t="inlineStr"><is><r><t xml:space="preserve">张 </t></r><rPh sb="0" eb="1"><t>zhang</t></rPh><r><rPr/><t>三</t></r></is></c></row>`), "t张 三"},
	{"self-closed cells and rows", sheetOf(`<row r="1"/><row r="2"><c r="A2"/><c r="B2" s="1"/><c r="C2"><v/></c><c r="D2"><v>4</v></c></row>`), "|||\n|||n4"},
	{"no references", sheetOf(`<row><c><v>1</v></c><c t="s"><v>0</v></c></row><row/><row><c><v>3</v></c></row>`), "n1|t户主\n|\nn3|"},
	{"references on cells only", sheetOf(`<row><c r="A3"><v>1</v></c></row>`), "\n\nn1"},
	{"rows and cells out of order", sheetOf(`<row r="3"><c r="B3"><v>3</v></c><c r="A3"><v>2</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>`), "n1|\n|\nn2|n3"},
	{"the last row first", sheetOf(`<row r="2"><c r="A2"><v>2</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>`), "n1\nn2"},
	{"formulas with their values", sheetOf(`<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>A1&amp;""</f><v>农户</v></c><c r="D1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="E1" t="b"><f>TRUE()</f><v>1</v></c></row>`), "n=2|t=农户||e=#DIV/0!|b=TRUE"},
	{"formulas never calculated", sheetOf(`<row r="1"><c r="A1"><f>NOW()</f></c><c r="B1"><f>1+1</f><v></v></c><c r="C1" t="str"><f>IF(A1="","",1)</f><v></v></c><c r="D1"><v>1</v></c></row>`), "e=#UNCALCULATED|e=#UNCALCULATED||n1"},
	{"booleans and errors", sheetOf(`<row r="1"><c r="A1" t="b"><v>0</v></c><c r="B1" t="b"><v>1</v></c><c r="C1" t="e"><v>#N/A</v></c></row>`), "bFALSE|bTRUE|e#N/A"},
	{"ISO dates", sheetOf(`<row r="1"><c r="A1" t="d"><v>2017-03-15</v></c><c r="B1" t="d"><v>2017-03-15T08:30:00</v></c><c r="C1" t="d"><v>三月</v></c></row>`), "d2017-03-15|d2017-03-15 08:30:00|t三月"},
	{"numbers of many shapes", sheetOf(`<row r="1"><c r="A1"><v>4.5E+17</v></c><c r="B1"><v>-0.05</v></c><c r="C1"><v>1e-7</v></c><c r="D1"><v>450000199001011234</v></c><c r="E1"><v>1.7976931348623157E+308</v></c><c r="F1" t="n"><v> 7 </v></c><c r="G1"><v>0</v></c></row>`), "n450000000000000000|n-0.05|n0.0000001|n450000199001011000|#1.7976931348623157E+308|n7|n0"},
	{"unknown elements", sheetOf(`<row r="1"><ext><c r="Z9"><v>9</v></c></ext><c r="A1"><extLst><v>8</v></extLst><v>1</v></c></row>`), "n1"},
	{"styles without a value beyond the table", sheetOf(`<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>`), "n1"},
	{"a stray cell far to the right", sheetOf(`<row r="1"><c r="D1"><v>1</v></c></row>`), "|||n1"},
	{"empty texts are blank", sheetOf(`<row r="1"><c r="A1" t="s"><v>2</v></c><c r="B1" t="inlineStr"><is><t></t></is></c><c r="C1" t="str"><v></v></c><c r="D1"><v>1</v></c></row>`), "|||n1"},
	{"pretty-printed", sheetOf("\n <row r=\"1\">\n  <c r=\"A1\">\n   <v>1</v>\n  </c>\n </row>\n"), "n1"},
	{"a document type", `<!DOCTYPE worksheet>` + sheetOf(`<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="s"><v>0</v></c></row>`)[len(`<?xml version="1.0" encoding="UTF-8"?>`):], "n1|t户主"},
	{"an empty sheet", sheetOf(``), ""},
}

var formTexts = textsHead + `<si><t>户主</t><phoneticPr fontId="1"/></si><si><r><t>村</t></r><r><t>a</t></r><rPh sb="0" eb="1"><t>cun</t></rPh><r><t>屯</t></r></si><si><t/></si></sst>`

func TestSheetForms(t *testing.T) {
	for _, c := range sheetForms {
		t.Run(c.name, func(t *testing.T) {
			if got := show(onlySheet(t, workbookParts(c.sheet, formTexts))); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// excelizeDiffers are the forms on which excelize is not the measure, and why.
var excelizeDiffers = map[string]string{
	"escapes":                     "excelize drops characters beyond the first plane",
	"rows and cells out of order": "excelize's rows only go down",
	"the last row first":          "excelize's rows only go down",
	"references on cells only":    "excelize counts rows that have no number",
	"formulas never calculated":   "excelize calls them blank",
	"unknown elements":            "excelize takes any c in a row for a cell",
}

func TestFormsAgreeWithExcelize(t *testing.T) {
	for _, c := range sheetForms {
		if excelizeDiffers[c.name] != "" {
			continue
		}
		data := zipOf(t, workbookParts(c.sheet, formTexts))
		book, err := readByExcelize(data, Options{Limits: DefaultLimits})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := show(book.Sheets[0]); got != c.want {
			t.Errorf("%s: excelize: got\n%s\nwant\n%s (%v)", c.name, got, c.want, book.Sheets[0].Err)
		}
	}
}

// rewritten are ways to write one sheet differently that do not change it.
var rewritten = map[string]func(string) string{
	"prefixed": func(s string) string {
		for _, name := range []string{"worksheet", "sheetData", "row", "c", "v", "is", "t"} {
			s = strings.ReplaceAll(s, "<"+name+" ", "<x:"+name+" ")
			s = strings.ReplaceAll(s, "<"+name+">", "<x:"+name+">")
			s = strings.ReplaceAll(s, "</"+name+">", "</x:"+name+">")
		}
		return strings.ReplaceAll(s, "xmlns=", "xmlns:x=")
	},
	"single-quoted":          func(s string) string { return strings.ReplaceAll(s, `"`, `'`) },
	"commented":              func(s string) string { return strings.ReplaceAll(s, "<c ", "<!-- </row></c> --><c ") },
	"spaced":                 func(s string) string { return strings.ReplaceAll(s, "><c ", ">\r\n\t<c ") },
	"UTF-16 LE":              func(s string) string { return utf16Of(s, binary.LittleEndian, true) },
	"UTF-16 BE":              func(s string) string { return utf16Of(s, binary.BigEndian, true) },
	"UTF-16 without a mark":  func(s string) string { return utf16Of(s, binary.LittleEndian, false) },
	"with a byte order mark": func(s string) string { return "\ufeff" + s },
	"in GBK": func(s string) string {
		s = strings.Replace(s, `encoding="UTF-8"`, `encoding="GBK"`, 1)
		s, _ = simplifiedchinese.GBK.NewEncoder().String(s)
		return s
	},
}

func utf16Of(s string, order binary.AppendByteOrder, mark bool) string {
	s = strings.Replace(s, `encoding="UTF-8"`, `encoding="UTF-16"`, 1)
	var out []byte
	if mark {
		out = order.AppendUint16(out, 0xfeff)
	}
	for _, u := range utf16.Encode([]rune(s)) {
		out = order.AppendUint16(out, u)
	}
	return string(out)
}

// randomSheet writes a sheet of plain cells of every kind as Excel does.
func randomSheet(random *rand.Rand, rows, cols int) string {
	var b strings.Builder
	for r := 1; r <= rows; r++ {
		fmt.Fprintf(&b, `<row r="%d" spans="1:%d">`, r, cols)
		for c := range cols {
			name, _ := excelize.CoordinatesToCellName(c+1, r)
			switch random.IntN(8) {
			case 0:
				fmt.Fprintf(&b, `<c r="%s" s="1" t="s"><v>%d</v></c>`, name, random.IntN(3))
			case 1:
				fmt.Fprintf(&b, `<c r="%s" s="2"><v>%.17g</v></c>`, name, float64(random.IntN(1e7))/100)
			case 2:
				fmt.Fprintf(&b, `<c r="%s"><v>%d</v></c>`, name, random.IntN(1e9)*1000-3e11)
			case 3:
				fmt.Fprintf(&b, `<c r="%s" s="3"><v>%d.5</v></c>`, name, 40000+random.IntN(5000))
			case 4:
				fmt.Fprintf(&b, `<c r="%s" t="inlineStr"><is><t>屯%d</t></is></c>`, name, random.IntN(50))
			case 5:
				fmt.Fprintf(&b, `<c r="%s" s="1"/>`, name)
			case 6:
				fmt.Fprintf(&b, `<c r="%s" t="b"><v>1</v></c>`, name)
			}
		}
		b.WriteString(`</row>`)
	}
	return sheetOf(b.String())
}

func TestSameSheetHoweverWritten(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	for range 5 {
		sheet := randomSheet(random, 30, 40)
		want := show(onlySheet(t, workbookParts(sheet, formTexts)))
		for _, how := range slices.Sorted(maps.Keys(rewritten)) {
			if got := show(onlySheet(t, workbookParts(rewritten[how](sheet), formTexts))); got != want {
				t.Errorf("%s: got\n%s\nwant\n%s", how, got, want)
			}
		}
	}
}

// inPieces scans a part that comes in pieces of the sizes that next tells.
func inPieces(s partScanner, part string, next func() int) error {
	out, free := make(chan piece, len(part)+1), make(chan []byte, len(part)+1)
	for len(part) > 0 {
		n := min(next(), len(part))
		buf := append([]byte(part[:n]), make([]byte, padding)...)
		part = part[n:]
		out <- piece{buf: buf, n: n, last: part == ""}
	}
	close(out)
	return scanPart(s, out, free)
}

func TestCutAnywhere(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	sheets := []string{randomSheet(random, 12, 30)}
	for _, c := range sheetForms {
		if c.name != "a document type" {
			sheets = append(sheets, c.sheet)
		}
	}
	for _, sheet := range sheets {
		scan := func(next func() int) string {
			w := &workbook{limits: DefaultLimits, strs: NewStrings(), dates: []numberStyle{plainStyle, plainStyle, plainStyle, dateStyle}}
			if err := inPieces(&stringsScanner{book: w}, formTexts, next); err != nil {
				t.Fatal(err)
			}
			g := &Grid{Strings: w.strs}
			if err := inPieces(&sheetScanner{book: w, grid: g}, sheet, next); err != nil {
				t.Fatal(err)
			}
			return show(g)
		}
		want := scan(func() int { return 1 << 20 })
		for round := range 40 {
			if got := scan(func() int { return 1 + random.IntN(1+round*5) }); got != want {
				t.Fatalf("cut in pieces:\n%s\nwhole:\n%s", got, want)
			}
		}
	}
}

func TestCutOffIsDamaged(t *testing.T) {
	sheet := randomSheet(rand.New(rand.NewPCG(1, 1)), 5, 5)
	for n := range len(sheet) - 1 {
		book, err := readBytes(t, zipOf(t, workbookParts(sheet[:n], formTexts)), Options{})
		if err == nil && book.Sheets[0].Err == nil {
			t.Fatalf("a sheet cut off after %d of %d bytes is read: %q", n, len(sheet), sheet[max(0, n-20):n])
		}
		if err == nil && (book.Sheets[0].Rows > 0 || !errors.Is(book.Sheets[0].Err, ErrDamaged)) {
			t.Fatalf("cut off after %d: %d rows, %v", n, book.Sheets[0].Rows, book.Sheets[0].Err)
		}
	}
	whole := zipOf(t, workbookParts(sheet, formTexts))
	for n := 4; n < len(whole); n += 7 {
		if _, err := readBytes(t, whole[:n], Options{}); err == nil {
			t.Fatalf("a zip cut off after %d of %d bytes is read", n, len(whole))
		} else if !errors.Is(err, ErrDamaged) {
			t.Fatalf("cut off after %d: %v", n, err)
		}
	}
}

// TestFlippedBit: one wrong bit in what was packed never gives another table.
func TestFlippedBit(t *testing.T) {
	parts := workbookParts(randomSheet(rand.New(rand.NewPCG(1, 1)), 6, 5), formTexts)
	data := zipOf(t, parts)
	want := show(onlySheet(t, parts))
	for i := 0; i < len(data); i += 3 {
		bad := slices.Clone(data)
		bad[i] ^= 0x10
		book, err := readBytes(t, bad, Options{})
		if err != nil || book.Sheets[0].Err != nil {
			continue
		}
		if got := show(book.Sheets[0]); got != want {
			t.Fatalf("bit of byte %d flipped (%q): got\n%s\nwant\n%s", i, data[max(0, i-30):min(len(data), i+30)], got, want)
		}
	}
}

func TestSheetProperties(t *testing.T) {
	sheet := sheetHead + `<sheetPr/><dimension ref="A1"/><cols><col min="2" max="3" hidden="1"/><col min="5" max="16384" hidden="true"/></cols>` +
		`<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>5</v></c><c r="E1"><v>1</v></c></row><row r="2" hidden="1"><c r="A2"><v>2</v></c></row><row r="9" hidden="1"/></sheetData>` +
		`<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="$D$2:$C$1"/><mergeCell ref="A7"/></mergeCells></worksheet>`
	parts := workbookParts(sheet, formTexts)
	parts["xl/workbook.xml"] = strings.Replace(parts["xl/workbook.xml"], `sheetId="1"`, `sheetId="1" state="hidden"`, 1)
	g := onlySheet(t, parts)
	if got, want := show(g), "t户主|n5|||n1\nn2||||"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got, want := fmt.Sprint(g.State, g.HiddenRows, g.HiddenCols, g.Merges), "hidden[1] [1 2 4] [{0 0 0 1} {0 2 1 3}]"; strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(want, " ", "") {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestWorkbookForms(t *testing.T) {
	sheet := sheetOf(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="3"><v>100.25</v></c></row>`)
	const rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	cases := []struct {
		name, want string
		change     func(map[string]string)
	}{
		{"dates from 1904", "t户主|d1904-04-10 06:00:00", func(p map[string]string) {
			p["xl/workbook.xml"] = strings.Replace(p["xl/workbook.xml"], "<sheets>", `<workbookPr date1904="1"/><sheets>`, 1)
		}},
		{"dates from 1904, and what Excel 2013 adds", "t户主|d1904-04-10 06:00:00", func(p map[string]string) {
			p["xl/workbook.xml"] = strings.Replace(p["xl/workbook.xml"], "<sheets>", `<workbookPr date1904="1"/><sheets>`, 1)
			p["xl/workbook.xml"] = strings.Replace(p["xl/workbook.xml"], "</workbook>", `<extLst><ext uri="{1}"><x15:workbookPr chartTrackingRefBase="1"/></ext></extLst></workbook>`, 1)
		}},
		{"backslashes in targets", "t户主|d1900-04-09 06:00:00", func(p map[string]string) {
			p["xl/_rels/workbook.xml.rels"] = strings.Replace(p["xl/_rels/workbook.xml.rels"], "worksheets/sheet1.xml", `worksheets\sheet1.xml`, 1)
		}},
		{"strict OOXML", "t户主|d1900-04-09 06:00:00", func(p map[string]string) {
			for name := range p {
				p[name] = strings.ReplaceAll(p[name], "http://schemas.openxmlformats.org/officeDocument/2006/", "http://purl.oclc.org/ooxml/officeDocument/")
				p[name] = strings.ReplaceAll(p[name], "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
			}
		}},
		{"absolute targets and other names", "t户主|d1900-04-09 06:00:00", func(p map[string]string) {
			p["xl/data/first.xml"] = p["xl/worksheets/sheet1.xml"]
			delete(p, "xl/worksheets/sheet1.xml")
			p["xl/_rels/workbook.xml.rels"] = strings.Replace(p["xl/_rels/workbook.xml.rels"], "worksheets/sheet1.xml", "/xl/data/first.xml", 1)
		}},
		{"names in another case, backslashes", "t户主|d1900-04-09 06:00:00", func(p map[string]string) {
			p[`xl\Worksheets\Sheet1.xml`] = p["xl/worksheets/sheet1.xml"]
			delete(p, "xl/worksheets/sheet1.xml")
			p["xl/SharedStrings.xml"] = p["xl/sharedStrings.xml"]
			delete(p, "xl/sharedStrings.xml")
		}},
		{"no styles", "t户主|n100.25", func(p map[string]string) {
			delete(p, "xl/styles.xml")
			p["xl/_rels/workbook.xml.rels"] = strings.Replace(p["xl/_rels/workbook.xml.rels"], "/styles\"", "/none\"", 1)
		}},
		{"a workbook elsewhere", "t户主|d1900-04-09 06:00:00", func(p map[string]string) {
			for _, name := range slices.Sorted(maps.Keys(p)) {
				if rest, ok := strings.CutPrefix(name, "xl/"); ok {
					p["xl/book/"+rest] = p[name]
					delete(p, name)
				}
			}
			p["_rels/.rels"] = strings.Replace(p["_rels/.rels"], "xl/workbook.xml", "xl/book/workbook.xml", 1)
		}},
		{"another prefix for the relation", "t户主|d1900-04-09 06:00:00", func(p map[string]string) {
			p["xl/workbook.xml"] = strings.ReplaceAll(strings.ReplaceAll(p["xl/workbook.xml"], "r:id", "d:id"), `xmlns:r="`+rel, `xmlns:d="`+rel)
		}},
		{"shared strings in UTF-16", "t户主|d1900-04-09 06:00:00", func(p map[string]string) {
			p["xl/sharedStrings.xml"] = utf16Of(p["xl/sharedStrings.xml"], binary.LittleEndian, true)
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			parts := workbookParts(sheet, formTexts)
			c.change(parts)
			if got := show(onlySheet(t, parts)); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestSheetsOfOnePart(t *testing.T) {
	parts := workbookParts(sheetOf(`<row r="1"><c r="A1"><v>1</v></c></row>`), "")
	list := parts["xl/workbook.xml"]
	at := strings.Index(list, "<sheet ")
	first := list[at : at+strings.Index(list[at:], "/>")+2]
	parts["xl/workbook.xml"] = strings.Replace(list, first, first+strings.Replace(first, `name="`, `name="again `, 1), 1)
	book, err := readBytes(t, zipOf(t, parts), Options{})
	if err != nil || len(book.Sheets) != 2 || book.Sheets[0].Err != nil || !errors.Is(book.Sheets[1].Err, ErrDamaged) {
		t.Fatal(err, book)
	}
}

func TestLengthsAndTimesStay(t *testing.T) {
	w := &workbook{dates: []numberStyle{plainStyle, dateStyle, lengthStyle}, date1904: true}
	for _, c := range []struct {
		text  string
		style int
		want  string
	}{{"41638", 1, "2017-12-31"}, {"0.5", 1, "12:00:00"}, {"1.25", 2, "1900-01-01 06:00:00"}} {
		d, _ := ParseDecimal([]byte(c.text))
		if got := (&Grid{}).Format(w.numberCell(d, c.style)); got != c.want {
			t.Errorf("%s in style %d: %s, want %s", c.text, c.style, got, c.want)
		}
	}
	for code, want := range map[string]numberStyle{"[h]:mm:ss": lengthStyle, "[Red]yyyy-mm-dd": dateStyle, "h:mm": dateStyle, "0.00": plainStyle} {
		if got := styleOf(code); got != want {
			t.Errorf("%s: %d, want %d", code, got, want)
		}
	}
}

func TestMissingSheetPart(t *testing.T) {
	parts := workbookParts(sheetOf(``), "")
	delete(parts, "xl/worksheets/sheet1.xml")
	book, err := readBytes(t, zipOf(t, parts), Options{})
	if err != nil || !errors.Is(book.Sheets[0].Err, ErrDamaged) {
		t.Fatal(err, book)
	}
}

// TestBombs: what would eat the machine is refused by the name of its limit.
func TestBombs(t *testing.T) {
	repeat := strings.Repeat
	small := Limits{Inflated: 40 << 20, Ratio: 50, Cells: 1 << 20, Strings: 1 << 20, Cols: 100, Rows: 1000}
	var sparse strings.Builder
	for c := range 90 {
		name, _ := excelize.ColumnNumberToName(c + 1)
		fmt.Fprintf(&sparse, `<c r="%s999"><v>1</v></c>`, name)
	}
	for name, c := range map[string]struct {
		sheet, texts string
		limits       Limits
		words        string
	}{
		"ratio":                   {sheetOf(repeat(" ", 30<<20)), "", small, "50 to 1"},
		"inflated":                {sheetOf(repeat(" ", 50<<20)), "", small, "bytes"},
		"many sheets of one part": {sheetOf(repeat(" ", 30<<20)), "", Limits{Inflated: 100 << 20, Ratio: 2000}, "inflate"},
		"shared strings":          {sheetOf(""), textsHead + repeat(`<si><t>`+repeat("村", 1000)+`</t></si>`, 500) + `</sst>`, small, "shared strings"},
		"rich shared strings":     {sheetOf(""), textsHead + repeat(`<si><r><t>`+repeat("村", 1000)+`</t></r></si>`, 500) + `</sst>`, small, "shared strings"},
		"inline strings":          {sheetOf(`<row r="1">` + repeat(`<c t="inlineStr"><is><t>`+repeat("村", 9000)+`</t></is></c>`, 90) + `</row>`), "", small, "texts"},
		"plain inline strings":    {sheetOf(repeat(`<row>`+`<c r="A1" t="inlineStr"><is><t>`+repeat("村", 9000)+`</t></is></c></row>`, 90)), "", small, "texts"},
		"columns":                 {sheetOf(`<row r="1"><c r="ZZZ1"><v>1</v></c></row>`), "", small, "column"},
		"a million columns":       {sheetOf(`<row>` + repeat(`<c><v>1</v></c>`, 200_000) + `</row>`), "", Limits{}, "column"},
		"rows":                    {sheetOf(`<row r="1001"><c r="A1001"><v>1</v></c></row>`), "", small, "row"},
		"rows without end":        {sheetOf(repeat(`<row/>`, 1001)), "", small, "row"},
		"cells":                   {sheetOf(`<row r="999">` + sparse.String() + `</row>`), "", Limits{Cells: 80_000}, "cells"},
		"nesting":                 {sheetHead + repeat("<a>", 10_000), "", small, "deep"},
		"one endless row":         {sheetOf(`<row r="1">` + repeat(`<c r="A1" t="inlineStr"><is><t>`+repeat("a", 4096), 17_000)), "", Limits{Ratio: 2000}, "row or text"},
	} {
		parts := workbookParts(c.sheet, c.texts)
		if strings.HasPrefix(name, "many sheets") {
			const one = `<sheet name="发放表" sheetId="1" r:id="rId1"/>`
			parts["xl/workbook.xml"] = strings.Replace(parts["xl/workbook.xml"], one, repeat(one, 4), 1)
		}
		book, err := readBytes(t, zipOf(t, parts), Options{Limits: c.limits})
		if err == nil {
			err = book.Sheets[0].Err
		}
		if !errors.Is(err, ErrLimit) || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s: %v", name, err)
		}
	}
	overlap := sheetHead + `<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="900"><c r="CV900"><v>1</v></c></row></sheetData><mergeCells>` + repeat(`<mergeCell ref="A1:CV900"/>`, 100_000) + `</mergeCells></worksheet>`
	book, err := readBytes(t, zipOf(t, workbookParts(overlap, "")), Options{})
	if err != nil || !errors.Is(book.Sheets[0].Err, ErrDamaged) {
		t.Errorf("merged ranges over one another: %v", err)
	}
}

func TestEncrypted(t *testing.T) {
	parts := workbookParts(sheetOf(`<row r="1"><c r="A1"><v>1</v></c></row>`), "")
	parts["docProps/thumbnail"] = randomSheet(rand.New(rand.NewPCG(1, 1)), 90, 20) // Encrypt fails on small files
	plain := zipOf(t, parts)
	secret, err := excelize.Encrypt(plain, &excelize.Options{Password: "核查2018"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := readBytes(t, secret, Options{Passwords: []string{"other"}}); !errors.Is(err, ErrEncrypted) {
		t.Errorf("without the password: %v", err)
	}
	book, err := readBytes(t, secret, Options{Passwords: []string{"other", "核查2018"}})
	if err != nil || show(book.Sheets[0]) != "n1" {
		t.Errorf("with the password: %v", err)
	}
}

// TestReread: what excelize writes is read back, cell by cell.
func TestReread(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	f := excelize.NewFile()
	defer f.Close()
	want := map[[2]int]string{}
	for r := range 200 {
		for c := range 30 {
			at, _ := excelize.CoordinatesToCellName(c+1, r+1)
			var v any
			var text string
			switch random.IntN(6) {
			case 0:
				continue
			case 1:
				n := random.IntN(1e9)
				v, text = n, fmt.Sprint(n)
			case 2:
				d := Decimal{Mant: uint64(random.IntN(1e9)), Exp: -2}.trimmed()
				v, text = float64(d.Mant)*pow10(d.Exp), d.String()
			case 3:
				text = []string{"张三 ", " a&b<c>", "_y0041_", "多行\n文字", "\U00020000", `"引号"`}[random.IntN(6)]
				v = text
			case 4:
				day := time.Date(2000+random.IntN(20), time.Month(1+random.IntN(12)), 1+random.IntN(28), 0, 0, 0, 0, time.UTC)
				v, text = day, day.Format(time.DateOnly)
			case 5:
				v, text = true, "TRUE"
			}
			if err := f.SetCellValue("Sheet1", at, v); err != nil {
				t.Fatal(err)
			}
			want[[2]int{r, c}] = text
		}
	}
	buf, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	book, err := readBytes(t, buf.Bytes(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	g := book.Sheets[0]
	for r := range 200 {
		for c := range 30 {
			if got := g.Text(r, c); got != want[[2]int{r, c}] {
				t.Errorf("row %d, column %d: %q, want %q", r+1, c+1, got, want[[2]int{r, c}])
			}
		}
	}
}

func pow10(e int) float64 {
	f := 1.0
	for ; e < 0; e++ {
		f /= 10
	}
	for ; e > 0; e-- {
		f *= 10
	}
	return f
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Read(ctx, Member{Name: "a.xlsx", Data: zipOf(t, workbookParts(sheetOf(""), ""))}, Options{})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"0", "-0", "95.599999999999994", "1e5", "0.1", ".5", "5.", "123456789012345678", "1234567890123456789", "999999999999999500", "-", "00012", "9999999999999995"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b := append([]byte(s), make([]byte, padding)...)
		cell, end, ok := plainNumber(b, 0, KindNumber)
		if !ok || end != len(s) {
			return
		}
		d, fits := ParseDecimal([]byte(s))
		if !fits || DecimalCell(KindNumber, d) != cell {
			t.Errorf("%q: %v, want %v (%v)", s, cell.Decimal(), d, fits)
		}
	})
}

// FuzzSheet: no sheet makes the scanner panic, and cut into pieces it reads the
// same.
func FuzzSheet(f *testing.F) {
	for _, c := range sheetForms {
		f.Add(c.sheet, uint8(7))
	}
	f.Add(randomSheet(rand.New(rand.NewPCG(1, 1)), 5, 5), uint8(100))
	f.Fuzz(func(t *testing.T, sheet string, cut uint8) {
		if len(sheet) == 0 || len(sheet) > 1<<16 {
			return
		}
		limits := Limits{Cells: 1 << 16, Rows: 5000, Cols: 300}.orDefault()
		scan := func(n int) (string, error) {
			w := &workbook{limits: limits, strs: NewStrings(), dates: []numberStyle{plainStyle, dateStyle}}
			w.strs.AddString("x")
			g := &Grid{Strings: w.strs}
			err := inPieces(&sheetScanner{book: w, grid: g}, sheet, func() int { return n })
			return show(g), err
		}
		a, err1 := scan(len(sheet))
		b, err2 := scan(int(cut) + 1)
		if (err1 == nil) != (err2 == nil) || err1 == nil && a != b {
			t.Errorf("whole: %q, %v; in pieces: %q, %v", a, err1, b, err2)
		}
	})
}

// FuzzRead: no file makes the reader panic or run away.
func FuzzRead(f *testing.F) {
	f.Add("a.xlsx", zipOf(f, workbookParts(sheetOf(`<row r="1"><c r="A1"><v>1</v></c></row>`), formTexts)))
	f.Add("a.csv", []byte("姓名,金额\n张三,1\n"))
	f.Add("a.parquet", []byte("PAR1xxxxPAR1"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		limits := Limits{Inflated: 1 << 20, Cells: 1 << 16, Strings: 1 << 20, Rows: 5000, Cols: 300}
		if book, err := Read(context.Background(), Member{Name: name, Data: data}, Options{Limits: limits}); err == nil && book == nil {
			t.Error("neither book nor error")
		}
	})
}
