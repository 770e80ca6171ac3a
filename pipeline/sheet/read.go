package sheet

import (
	"bytes"
	"context"
	"fmt"
)

// Options says how files are read.
type Options struct {
	Passwords []string // tried in turn on encrypted workbooks
	Limits    Limits   // zero fields take DefaultLimits
}

// Limits bounds what one file may cost.
type Limits struct {
	Inflated int64 // bytes of one part after decompression
	Ratio    int64 // inflated over compressed, counted past the first 16 MiB
	Cells    int64 // cells of one sheet, blanks inside its used range included
	Strings  int64 // bytes of one file's texts
	Cols     int   // columns of one sheet
	Rows     int   // rows of one sheet
	Depth    int   // zip inside zip
}

// DefaultLimits are the limits of an ordinary run: far over any office's sheet,
// far under the machine.
var DefaultLimits = Limits{
	Inflated: 8 << 30, Ratio: 200, Cells: 600 << 20, Strings: 3 << 30,
	Cols: 16_384, Rows: 20_000_000, Depth: 3,
}

// orDefault fills zero fields.
func (l Limits) orDefault() Limits {
	set := func(p *int64, d int64) {
		if *p == 0 {
			*p = d
		}
	}
	set(&l.Inflated, DefaultLimits.Inflated)
	set(&l.Ratio, DefaultLimits.Ratio)
	set(&l.Cells, DefaultLimits.Cells)
	set(&l.Strings, DefaultLimits.Strings)
	l.Strings = min(l.Strings, DefaultLimits.Strings) // offsets are 32 bits
	if l.Cols == 0 {
		l.Cols = DefaultLimits.Cols
	}
	if l.Rows == 0 {
		l.Rows = DefaultLimits.Rows
	}
	if l.Depth == 0 {
		l.Depth = DefaultLimits.Depth
	}
	return l
}

// A Member is one file to read: on disk, or inside a zip.
type Member struct {
	Name string // the File's
	Data []byte
}

// Read reads one file's bytes. The format is told by content first and by the
// name's ending where content does not tell (csv and tsv). An error means that
// nothing of the file can be used; trouble of one sheet is that Grid's Err.
func Read(ctx context.Context, m Member, opt Options) (*Book, error) {
	opt.Limits = opt.Limits.orDefault()
	book, err := read(ctx, m, opt)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", m.Name, err)
	}
	return book, nil
}

func read(ctx context.Context, m Member, opt Options) (*Book, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	k := sniff(m.Data)
	switch k {
	case kindEmpty:
		return nil, ErrEmpty
	case kindZip:
		return readXLSX(ctx, m.Data, opt)
	case kindCFB:
		data, err := decrypt(m.Data, opt.Passwords)
		if err != nil {
			return nil, err
		}
		if data != nil {
			return readXLSX(ctx, data, opt)
		}
		return readXLS(m.Data, opt)
	case kindBIFF:
		return readXLS(m.Data, opt)
	case kindParquet:
		return readParquet(ctx, m.Data, opt)
	case kindText: // tables of text also go by the name of .xls
		return readCSV(m.Name, m.Data, opt)
	case kindBytes:
		return nil, fmt.Errorf("%w: its first bytes are of no format; copy the file again from where it came", ErrDamaged)
	case kindRAR, kind7z, kindGzip:
		return nil, fmt.Errorf("%w: by content it is %s; %w", ErrFormat, k, ErrPacked)
	}
	return nil, fmt.Errorf("%w: by content it is %s; open it and save it as .xlsx", ErrFormat, k)
}

// A kind is what the first bytes of a file tell of it.
type kind string

const (
	kindEmpty   kind = "empty"
	kindZip     kind = "a zip"
	kindCFB     kind = "a compound file"
	kindBIFF    kind = "a bare worksheet stream"
	kindParquet kind = "parquet"
	kindMarkup  kind = "markup (HTML or XML)"
	kindPDF     kind = "a PDF"
	kindRAR     kind = "a RAR archive"
	kind7z      kind = "a 7z archive"
	kindGzip    kind = "a gzip archive"
	kindText    kind = "text"
	kindBytes   kind = "of no known format"
)

var magics = []struct {
	start string
	kind  kind
}{
	{"PK\x03\x04", kindZip},
	{"PK\x05\x06", kindZip}, // a zip of nothing
	{"PK\x07\x08", kindZip}, // the first of several parts
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", kindCFB},
	{"\x09\x08\x10\x00", kindBIFF},
	{"\x09\x08\x08\x00", kindBIFF},
	{"\x09\x04\x06\x00", kindBIFF},
	{"\x09\x02\x06\x00", kindBIFF},
	{"\x09\x00\x04\x00", kindBIFF},
	{"PAR1", kindParquet},
	{"%PDF-", kindPDF},
	{"Rar!\x1a\x07", kindRAR},
	{"7z\xbc\xaf\x27\x1c", kind7z},
	{"\x1f\x8b\x08", kindGzip},
}

// sniff tells what data is by its first bytes.
func sniff(data []byte) kind {
	if len(data) == 0 {
		return kindEmpty
	}
	for _, m := range magics {
		if bytes.HasPrefix(data, []byte(m.start)) {
			return m.kind
		}
	}
	head := bytes.TrimLeft(bytes.TrimPrefix(data[:min(len(data), 512)], []byte("\xef\xbb\xbf")), " \t\r\n")
	lower := bytes.ToLower(head)
	for _, tag := range []string{"<?xml", "<html", "<!doctype", "<table", "<workbook"} {
		if bytes.HasPrefix(lower, []byte(tag)) {
			return kindMarkup
		}
	}
	if isText(data[:min(len(data), 4096)]) {
		return kindText
	}
	return kindBytes
}

// isText tells whether a file may be text in one of the encodings that readCSV
// knows: no control characters, or a UTF-16 mark, or every second byte zero.
func isText(head []byte) bool {
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return true
	}
	var zeros [2]int
	for i, c := range head {
		switch {
		case c == 0:
			zeros[i%2]++
		case c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1a:
			return false
		}
	}
	return zeros == [2]int{} || zeros[0] == 0 && zeros[1] > len(head)/8 || zeros[1] == 0 && zeros[0] > len(head)/8
}
