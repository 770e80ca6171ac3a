package generate

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"fundtrace/pipeline/generate/xlsxwrite"
	"fundtrace/pipeline/sheet/xlswrite"
	"fundtrace/pipeline/table"
)

// A format is how a book is stored; it is the file's extension, and for text
// files the encoding.
type format struct{ ext, encoding string }

var (
	xlsx  = format{".xlsx", ""}
	xls   = format{".xls", ""}
	utf8  = format{".csv", "utf-8"}
	bom   = format{".csv", "utf-8-bom"}
	gb    = format{".csv", "gb18030"}
	utf16 = format{".csv", "utf-16"}
)

// isText reports whether the format knows no cell types.
func (f format) isText() bool { return f.ext == ".csv" }

// A cell is a value with a look, for any format. The zero cell is blank.
type cell struct {
	kind  cellKind
	text  string // of text and number cells, the latter in decimal notation
	day   table.Day
	style xlsxwrite.Style
}

type cellKind uint8

const (
	blankCell cellKind = iota
	textCell
	numberCell
	dayCell
)

func str(s string) cell { return cell{kind: textCell, text: s, style: xlsxwrite.Text} }

func num[T int | table.Count](n T) cell {
	return cell{kind: numberCell, text: strconv.FormatInt(int64(n), 10), style: xlsxwrite.Number}
}

func decimal(s string) cell { return cell{kind: numberCell, text: s, style: xlsxwrite.Number} }

func yuan(f table.Fen) cell {
	return cell{kind: numberCell, text: trimZeros(f.String()), style: xlsxwrite.Money}
}

// wan writes an amount in units of ten thousand yuan, exactly.
func wan(f table.Fen) cell {
	return cell{kind: numberCell, text: trimZeros(fmt.Sprintf("%d.%06d", f/1_000_000, f%1_000_000)), style: xlsxwrite.Number}
}

func date(d table.Day) cell {
	if d == 0 {
		return str("")
	}
	return cell{kind: dayCell, day: d, style: xlsxwrite.Date}
}

func trimZeros(s string) string { return strings.TrimSuffix(strings.TrimRight(s, "0"), ".") }

// A book is one file that sheets are written to, one after the other.
type book interface {
	sheet(name string, heads []head)
	row(cells []cell)
	merge(row0, col0, row1, col1 int) // of the open sheet, indexes, ends inclusive
	close() error
}

// open returns a book of a format that writes to w. A text file has one sheet.
func (f format) open(w io.Writer) book {
	switch f {
	case xlsx:
		return &xlsxBook{w: xlsxwrite.New(w)}
	case xls:
		return &xlsBook{w: xlswrite.New(w)}
	}
	return newTextBook(w, f.encoding)
}

type xlsxBook struct {
	w     *xlsxwrite.Writer
	cells []xlsxwrite.Cell
}

func (b *xlsxBook) sheet(name string, heads []head) {
	var s xlsxwrite.Setup
	for i, h := range heads {
		s.Widths = append(s.Widths, h.width)
		if h.hidden {
			s.Hidden = append(s.Hidden, i)
		}
	}
	b.w.Sheet(name, s)
}

func (b *xlsxBook) row(cells []cell) {
	b.cells = b.cells[:0]
	height := 0.0
	for _, c := range cells {
		x := xlsxwrite.Cell{Value: c.text, Style: c.style, Numeric: c.kind == numberCell}
		if c.kind == dayCell {
			x.Value, x.Numeric = strconv.Itoa(int(c.day)+excelEpoch), true
		}
		switch c.style {
		case xlsxwrite.Title, xlsxwrite.Head:
			height = 30
		}
		b.cells = append(b.cells, x)
	}
	b.w.Row(b.cells, height)
}

func (b *xlsxBook) merge(row0, col0, row1, col1 int) { b.w.Merge(row0, col0, row1, col1) }
func (b *xlsxBook) close() error                     { return b.w.Close() }

// excelEpoch is 1970-01-01 as a spreadsheet counts days.
const excelEpoch = 25_569

type xlsBook struct {
	w   *xlswrite.Writer
	s   *xlswrite.Sheet
	at  int
	err error
}

func (b *xlsBook) sheet(name string, heads []head) {
	b.s, b.at = b.w.AddSheet(name), 0
	for i, h := range heads {
		b.s.SetWidth(i, h.width)
		if h.hidden {
			b.s.HideCol(i)
		}
	}
}

func (b *xlsBook) row(cells []cell) {
	for i, c := range cells {
		switch {
		case c.kind == numberCell:
			// The binary format holds numbers as floats and nothing else.
			v, err := strconv.ParseFloat(c.text, 64)
			if err != nil && b.err == nil {
				b.err = fmt.Errorf("writing xls: number %q: %w", c.text, err)
			}
			b.s.SetNumber(b.at, i, v)
		case c.kind == dayCell:
			b.s.SetDate(b.at, i, time.Unix(int64(c.day)*86400, 0).UTC())
		case c.text != "":
			b.s.SetText(b.at, i, c.text)
		}
	}
	b.at++
}

func (b *xlsBook) merge(row0, col0, row1, col1 int) { b.s.Merge(row0, col0, row1, col1) }

func (b *xlsBook) close() error {
	if b.err != nil {
		return b.err
	}
	return b.w.Close()
}

// A textBook writes comma-separated text. Merges and widths are lost, as they
// are when an office saves a sheet so.
type textBook struct {
	out *bufio.Writer
	enc io.Closer
	err error
}

func newTextBook(w io.Writer, encoding string) *textBook {
	b := &textBook{}
	switch encoding {
	case "gb18030":
		t := transform.NewWriter(w, simplifiedchinese.GB18030.NewEncoder())
		b.enc, w = t, t
	case "utf-16":
		t := transform.NewWriter(w, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder())
		b.enc, w = t, t
	}
	b.out = bufio.NewWriterSize(w, 1<<16)
	if encoding == "utf-8-bom" {
		b.put("\ufeff")
	}
	return b
}

func (b *textBook) sheet(string, []head) {}

func (b *textBook) row(cells []cell) {
	for i, c := range cells {
		if i > 0 {
			b.put(",")
		}
		s := c.text
		if c.kind == dayCell {
			s = c.day.String()
		}
		if strings.ContainsAny(s, ",\"\r\n") {
			s = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
		}
		b.put(s)
	}
	b.put("\r\n")
}

func (b *textBook) put(s string) {
	if b.err == nil {
		_, b.err = b.out.WriteString(s)
	}
}

func (b *textBook) merge(int, int, int, int) {}

func (b *textBook) close() error {
	if err := b.out.Flush(); b.err == nil {
		b.err = err
	}
	if b.enc != nil {
		if err := b.enc.Close(); b.err == nil {
			b.err = err
		}
	}
	if b.err != nil {
		return fmt.Errorf("writing csv: %w", b.err)
	}
	return nil
}

// A folder is where files go: a directory, or a zip that stands for one.
type folder struct {
	dir string
	zip *zip.Writer
}

// create opens a file for writing, with the folders above it. In a zip one file
// is open at a time.
func (f *folder) create(name string) (io.WriteCloser, error) {
	if f.zip != nil {
		w, err := f.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			return nil, fmt.Errorf("adding %s to a zip: %w", name, err)
		}
		return nopCloser{w}, nil
	}
	path := filepath.Join(f.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("making the folder of %s: %w", path, err)
	}
	w, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("creating a generated file: %w", err)
	}
	return w, nil
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// A file is an open book and the file under it.
type file struct {
	book
	name string
	w    io.WriteCloser
}

// open creates a book under f; the format's extension is added to name.
func (f *folder) open(name string, as format) (*file, error) {
	name += as.ext
	w, err := f.create(name)
	if err != nil {
		return nil, err
	}
	return &file{as.open(w), name, w}, nil
}

func (f *file) close() error {
	err := f.book.close()
	if cerr := f.w.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("file %s: %w", f.name, err)
	}
	return nil
}
