package sheet

import (
	"cmp"
	"context"
	"errors"
)

// Errors that a caller tells apart with errors.Is; each comes wrapped with the
// file, what was being done and what to do.
var (
	ErrDamaged   = errors.New("damaged file")
	ErrEncrypted = errors.New("password needed")
	ErrLimit     = errors.New("over a limit")
	ErrFormat    = errors.New("not a spreadsheet format that is read")
	ErrEmpty     = errors.New("empty file")
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

// orDefault returns l with DefaultLimits in its zero fields.
func (l Limits) orDefault() Limits {
	d := DefaultLimits
	return Limits{
		Inflated: cmp.Or(l.Inflated, d.Inflated), Ratio: cmp.Or(l.Ratio, d.Ratio), Cells: cmp.Or(l.Cells, d.Cells),
		Strings: cmp.Or(l.Strings, d.Strings), Cols: cmp.Or(l.Cols, d.Cols), Rows: cmp.Or(l.Rows, d.Rows), Depth: cmp.Or(l.Depth, d.Depth),
	}
}

// A Member is one file to read: on disk, or inside a zip.
type Member struct {
	Name string // as the user named it with / between folders; a.zip/b.xlsx inside a zip
	Data []byte
}

// Read reads one file's bytes. The format is told by content first and by the
// name's ending where content does not tell (csv and tsv). An error means that
// nothing of the file can be used; trouble of one sheet is that Grid's Err.
func Read(ctx context.Context, m Member, opt Options) (*Book, error) {
	return nil, ErrFormat
}
