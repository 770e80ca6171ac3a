// Package xlsxwrite streams plain workbooks: rows go out as they come, so that
// a sheet of a million rows costs a buffer. It knows the handful of looks that
// an office's sheet has, and nothing else of the format.
package xlsxwrite

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zip"
)

// A Style is one of the looks a cell may have.
type Style uint8

// The styles, in the order of the workbook's cell formats.
const (
	General   Style = iota
	Title           // large, centred
	Note            // small, no border
	Head            // bold, centred, wrapped, bordered
	Text            // bordered text
	Number          // bordered number
	Money           // bordered, two decimals
	Date            // bordered, the cell holds a day number
	Centre          // bordered, centred text
	TotalText       // bold text
	TotalSum        // bold, two decimals
)

// A Cell is one cell: Value is text, or a number in decimal notation if Numeric.
// A cell with an empty Value is written with its style only.
type Cell struct {
	Value   string
	Numeric bool
	Style   Style
}

// Setup is what a sheet says before its rows.
type Setup struct {
	Widths []float64 // of columns, in characters
	Hidden []int     // indexes of hidden columns, ascending
}

// maxShared bounds the table of shared strings; later new texts stand inline.
const maxShared = 1 << 16

// flushAt is the size at which buffered rows are handed to the compressor.
const flushAt = 1 << 16

// A Writer writes one workbook, sheet after sheet.
type Writer struct {
	zip    *zip.Writer
	part   io.Writer // the open sheet
	buf    []byte
	names  []string
	merges []string
	row    int
	shared map[string]int
	texts  []string
	uses   int
	err    error
}

// New returns a Writer of a workbook to w.
func New(w io.Writer) *Writer {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, 5)
	})
	return &Writer{zip: z, shared: map[string]int{}}
}

// Sheet ends the sheet before and begins another. Rows then go to it.
func (w *Writer) Sheet(name string, s Setup) {
	w.endSheet()
	w.names = append(w.names, name)
	w.create(fmt.Sprintf("xl/worksheets/sheet%d.xml", len(w.names)))
	w.text(xmlHead + `<worksheet xmlns="` + mainNS + `"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetFormatPr defaultRowHeight="18"/>`)
	if len(s.Widths) > 0 {
		w.text("<cols>")
		hidden := s.Hidden
		for i, width := range s.Widths {
			hide := ""
			if len(hidden) > 0 && hidden[0] == i {
				hide, hidden = ` hidden="1"`, hidden[1:]
			}
			w.text(fmt.Sprintf(`<col min="%d" max="%d" width="%g" customWidth="1"%s/>`, i+1, i+1, width, hide))
		}
		w.text("</cols>")
	}
	w.text("<sheetData>")
	w.row = 0
}

// Row writes the next row; height 0 is the default. Trailing blanks may be
// left out.
func (w *Writer) Row(cells []Cell, height float64) {
	w.row++
	b := append(w.buf, `<row r="`...)
	b = strconv.AppendInt(b, int64(w.row), 10)
	if height > 0 {
		b = append(b, `" ht="`...)
		b = strconv.AppendFloat(b, height, 'g', -1, 64)
		b = append(b, `" customHeight="1`...)
	}
	b = append(b, `">`...)
	for i, c := range cells {
		if c.Value == "" && c.Style == General {
			continue
		}
		b = append(b, `<c r="`...)
		b = appendColumn(b, i)
		b = strconv.AppendInt(b, int64(w.row), 10)
		b = append(b, '"')
		if c.Style != General {
			b = append(b, ` s="`...)
			b = strconv.AppendInt(b, int64(c.Style), 10)
			b = append(b, '"')
		}
		switch {
		case c.Value == "":
			b = append(b, "/>"...)
		case c.Numeric:
			b = append(b, "><v>"...)
			b = append(b, c.Value...)
			b = append(b, "</v></c>"...)
		default:
			b = w.appendText(b, c.Value)
		}
	}
	w.buf = append(b, "</row>"...)
	if len(w.buf) > flushAt {
		w.flush()
	}
}

// Skip leaves n rows out.
func (w *Writer) Skip(n int) { w.row += n }

// Merge merges cells of the open sheet; rows and columns are indexes, ends
// inclusive. Call it any time before the sheet ends.
func (w *Writer) Merge(row0, col0, row1, col1 int) {
	w.merges = append(w.merges, fmt.Sprintf("%s%d:%s%d", appendColumn(nil, col0), row0+1, appendColumn(nil, col1), row1+1))
}

// Close ends the workbook and returns the first error met. It does not close
// the underlying writer.
func (w *Writer) Close() error {
	w.endSheet()
	w.parts()
	if err := w.zip.Close(); w.err == nil {
		w.err = err
	}
	if w.err != nil {
		return fmt.Errorf("writing xlsx: %w", w.err)
	}
	return nil
}

// appendText writes a text cell's type and value: shared while the table has
// room, else inline.
func (w *Writer) appendText(b []byte, s string) []byte {
	i, ok := w.shared[s]
	if !ok && len(w.texts) < maxShared {
		i, ok = len(w.texts), true
		w.shared[s] = i
		w.texts = append(w.texts, s)
	}
	if ok {
		w.uses++
		b = append(b, ` t="s"><v>`...)
		b = strconv.AppendInt(b, int64(i), 10)
		return append(b, "</v></c>"...)
	}
	b = append(b, ` t="inlineStr"><is>`...)
	b = appendT(b, s)
	return append(b, "</is></c>"...)
}

func (w *Writer) endSheet() {
	if w.part == nil {
		return
	}
	w.text("</sheetData>")
	if len(w.merges) > 0 {
		w.text(fmt.Sprintf(`<mergeCells count="%d">`, len(w.merges)))
		for _, m := range w.merges {
			w.text(`<mergeCell ref="` + m + `"/>`)
		}
		w.text("</mergeCells>")
	}
	w.text(`<printOptions horizontalCentered="1"/><pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>` +
		`<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>`)
	w.flush()
	w.part, w.merges = nil, nil
}

func (w *Writer) create(name string) {
	part, err := w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
	if err != nil && w.err == nil {
		w.err = err
	}
	w.part = part
}

func (w *Writer) text(s string) { w.buf = append(w.buf, s...) }

func (w *Writer) flush() {
	if w.err == nil {
		_, w.err = w.part.Write(w.buf)
	}
	w.buf = w.buf[:0]
}

const (
	xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainNS  = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relNS   = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	pkgNS   = "http://schemas.openxmlformats.org/package/2006/"
	mime    = "application/vnd.openxmlformats-officedocument.spreadsheetml."
)

// parts writes everything of the package but the sheets.
func (w *Writer) parts() {
	var types, sheets, rels strings.Builder
	for i, name := range w.names {
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%sworksheet+xml"/>`, i+1, mime)
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, appendEscaped(nil, name), i+1, i+1)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, relNS, i+1)
	}
	n := len(w.names)
	fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/>`, n+1, relNS)
	fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/sharedStrings" Target="sharedStrings.xml"/>`, n+2, relNS)
	w.file("xl/workbook.xml", `<workbook xmlns="`+mainNS+`" xmlns:r="`+relNS+`"><sheets>`+sheets.String()+`</sheets></workbook>`)
	w.file("xl/_rels/workbook.xml.rels", `<Relationships xmlns="`+pkgNS+`relationships">`+rels.String()+`</Relationships>`)
	w.file("xl/styles.xml", styles)
	w.create("xl/sharedStrings.xml")
	w.text(fmt.Sprintf(`%s<sst xmlns="%s" count="%d" uniqueCount="%d">`, xmlHead, mainNS, w.uses, len(w.texts)))
	for _, s := range w.texts {
		w.text("<si>")
		w.buf = appendT(w.buf, s)
		w.text("</si>")
		if len(w.buf) > flushAt {
			w.flush()
		}
	}
	w.text("</sst>")
	w.flush()
	w.file("_rels/.rels", `<Relationships xmlns="`+pkgNS+`relationships"><Relationship Id="rId1" Type="`+relNS+`/officeDocument" Target="xl/workbook.xml"/></Relationships>`)
	w.file("[Content_Types].xml", `<Types xmlns="`+pkgNS+`content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`+
		`<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="`+mime+`sheet.main+xml"/>`+
		`<Override PartName="/xl/styles.xml" ContentType="`+mime+`styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="`+mime+`sharedStrings+xml"/>`+types.String()+`</Types>`)
}

func (w *Writer) file(name, body string) {
	w.create(name)
	w.text(xmlHead + body)
	w.flush()
}

// styles declares the cell formats in the order of the Style constants.
const styles = `<styleSheet xmlns="` + mainNS + `"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/></numFmts>` +
	`<fonts count="4"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="16"/><name val="黑体"/></font>` +
	`<font><sz val="10"/><name val="宋体"/></font><font><b/><sz val="11"/><name val="宋体"/></font></fonts>` +
	`<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>` +
	`<fill><patternFill patternType="solid"><fgColor rgb="FFEDEDED"/><bgColor indexed="64"/></patternFill></fill></fills>` +
	`<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>` +
	`<border><left style="thin"/><right style="thin"/><top style="thin"/><bottom style="thin"/><diagonal/></border></borders>` +
	`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="11">` +
	`<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
	`<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1"><alignment horizontal="center" vertical="center"/></xf>` +
	`<xf numFmtId="0" fontId="2" fillId="0" borderId="0" xfId="0" applyFont="1"/>` +
	`<xf numFmtId="0" fontId="3" fillId="2" borderId="1" xfId="0" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment horizontal="center" vertical="center" wrapText="1"/></xf>` +
	`<xf numFmtId="49" fontId="2" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyBorder="1" applyAlignment="1"><alignment vertical="center"/></xf>` +
	`<xf numFmtId="0" fontId="2" fillId="0" borderId="1" xfId="0" applyFont="1" applyBorder="1" applyAlignment="1"><alignment vertical="center"/></xf>` +
	`<xf numFmtId="4" fontId="2" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyBorder="1" applyAlignment="1"><alignment vertical="center"/></xf>` +
	`<xf numFmtId="164" fontId="2" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyBorder="1" applyAlignment="1"><alignment horizontal="center" vertical="center"/></xf>` +
	`<xf numFmtId="0" fontId="2" fillId="0" borderId="1" xfId="0" applyFont="1" applyBorder="1" applyAlignment="1"><alignment horizontal="center" vertical="center"/></xf>` +
	`<xf numFmtId="0" fontId="3" fillId="0" borderId="1" xfId="0" applyFont="1" applyBorder="1"/>` +
	`<xf numFmtId="4" fontId="3" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyBorder="1"/>` +
	`</cellXfs></styleSheet>`

// appendColumn appends a column's letters: 0 is A.
func appendColumn(b []byte, col int) []byte {
	if col >= 26 {
		b = appendColumn(b, col/26-1)
	}
	return append(b, byte('A'+col%26))
}

func appendT(b []byte, s string) []byte {
	if strings.TrimSpace(s) != s {
		b = append(b, `<t xml:space="preserve">`...)
	} else {
		b = append(b, "<t>"...)
	}
	b = appendEscaped(b, s)
	return append(b, "</t>"...)
}

func appendEscaped(b []byte, s string) []byte {
	for i := range len(s) {
		switch c := s[i]; c {
		case '&':
			b = append(b, "&amp;"...)
		case '<':
			b = append(b, "&lt;"...)
		case '>':
			b = append(b, "&gt;"...)
		case '"':
			b = append(b, "&quot;"...)
		default:
			b = append(b, c)
		}
	}
	return b
}
