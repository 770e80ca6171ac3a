// Package xlswrite writes workbooks in the old binary Excel format (BIFF8 in a
// compound file), for generated counties and for tests of the reader. It knows
// cells, merges, widths and hidden rows and columns, and no looks beyond the
// date formats.
package xlswrite

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf16"
)

// The bounds of the format.
const (
	MaxRows = 65_536
	MaxCols = 256
	MaxText = 32_767 // UTF-16 units of one cell
)

// A Writer collects a workbook and writes it whole on Close: the format keeps
// every sheet's offset and all texts in front of the cells. A cell costs 16
// bytes until then, each distinct text once.
type Writer struct {
	out    io.Writer
	sheets []*Sheet
	texts  []string
	index  map[string]uint32
	uses   uint32
	err    error // the first misuse
}

// New returns an empty workbook that Close writes to w.
func New(w io.Writer) *Writer {
	return &Writer{out: w, index: map[string]uint32{}}
}

// A Sheet is one worksheet. Rows and columns are counted from 0. Cells may be
// set in any order; of two settings of one cell the last holds. What the format
// cannot hold is reported by Close.
type Sheet struct {
	book       *Writer
	name       string
	cells      []cell
	merges     [][4]int
	widths     map[int]float64
	hiddenRows map[int]bool
	hiddenCols map[int]bool
}

type cell struct {
	bits     uint64 // a float's bits, or an index into the texts
	row, col uint16
	style    uint16
	text     bool
}

// AddSheet adds a worksheet. A name has 1 to 31 characters, none of []:*?/\,
// and differs from the other sheets' names in more than case.
func (w *Writer) AddSheet(name string) *Sheet {
	n := len(utf16.Encode([]rune(name)))
	if n < 1 || n > 31 || strings.ContainsAny(name, `[]:*?/\`) {
		w.fail("adding sheet %q: want 1 to 31 characters, none of []:*?/\\", name)
	}
	for _, s := range w.sheets {
		if strings.EqualFold(s.name, name) {
			w.fail("adding sheet %q: the workbook has a sheet of that name", name)
		}
	}
	s := &Sheet{book: w, name: name, widths: map[int]float64{}, hiddenRows: map[int]bool{}, hiddenCols: map[int]bool{}}
	w.sheets = append(w.sheets, s)
	return s
}

// SetText sets a text cell; the empty text is a text too.
func (s *Sheet) SetText(row, col int, v string) {
	w := s.book
	i, ok := w.index[v]
	if !ok {
		if len(v) > MaxText && len(utf16.Encode([]rune(v))) > MaxText {
			w.fail("sheet %q, row %d, column %d: text of more than %d characters", s.name, row+1, col+1, MaxText)
			return
		}
		i = uint32(len(w.texts))
		w.texts = append(w.texts, v)
		w.index[v] = i
	}
	w.uses++
	s.set(row, col, cell{bits: uint64(i), style: styleGeneral, text: true})
}

// SetNumber sets a number cell. v is finite.
func (s *Sheet) SetNumber(row, col int, v float64) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		s.book.fail("sheet %q, row %d, column %d: %v is no number of a spreadsheet", s.name, row+1, col+1, v)
		return
	}
	s.set(row, col, cell{bits: math.Float64bits(v), style: styleGeneral})
}

// SetDate sets a date cell, shown as 2006-01-02, or as 2006-01-02 15:04:05
// where v has a time of day; its zone is disregarded. v lies in 1900-03-01 to
// 9999-12-31: before it the format counts a leap day that never was.
func (s *Sheet) SetDate(row, col int, v time.Time) {
	y, m, d := v.Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix()/86_400 + 25_569
	if day < 61 || y > 9999 {
		s.book.fail("sheet %q, row %d, column %d: %s is outside 1900-03-01 to 9999-12-31", s.name, row+1, col+1, v.Format(time.DateOnly))
		return
	}
	style := uint16(styleDate)
	seconds := v.Hour()*3600 + v.Minute()*60 + v.Second()
	if seconds != 0 {
		style = styleDateTime
	}
	s.set(row, col, cell{bits: math.Float64bits(float64(day) + float64(seconds)/86_400), style: style})
}

// Merge merges the cells of a range, ends inclusive. Its first cell shows.
func (s *Sheet) Merge(row0, col0, row1, col1 int) {
	if row0 > row1 || col0 > col1 || !s.inside(row0, col0) || !s.inside(row1, col1) {
		s.book.fail("sheet %q: merging rows %d-%d, columns %d-%d: no such range", s.name, row0+1, row1+1, col0+1, col1+1)
		return
	}
	s.merges = append(s.merges, [4]int{row0, row1, col0, col1})
}

// SetWidth sets a column's width in characters, up to 255.
func (s *Sheet) SetWidth(col int, chars float64) {
	if s.inside(0, col) {
		s.widths[col] = min(max(chars, 0), 255)
	}
}

// HideRow hides a row.
func (s *Sheet) HideRow(row int) {
	if s.inside(row, 0) {
		s.hiddenRows[row] = true
	}
}

// HideCol hides a column.
func (s *Sheet) HideCol(col int) {
	if s.inside(0, col) {
		s.hiddenCols[col] = true
	}
}

// Close writes the workbook. It returns the first misuse of the methods above,
// or what writing failed with. The Writer is of no use afterwards.
func (w *Writer) Close() error {
	if len(w.sheets) == 0 {
		w.fail("a workbook has at least one sheet")
	}
	if w.err != nil {
		return fmt.Errorf("writing xls: %w", w.err)
	}
	if err := writeContainer(w.out, w.stream()); err != nil {
		return fmt.Errorf("writing xls: %w", err)
	}
	return nil
}

func (w *Writer) fail(format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf(format, args...)
	}
}

func (s *Sheet) set(row, col int, c cell) {
	if s.inside(row, col) {
		c.row, c.col = uint16(row), uint16(col)
		s.cells = append(s.cells, c)
	}
}

func (s *Sheet) inside(row, col int) bool {
	if row >= 0 && row < MaxRows && col >= 0 && col < MaxCols {
		return true
	}
	s.book.fail("sheet %q, row %d, column %d: outside %d rows × %d columns", s.name, row+1, col+1, MaxRows, MaxCols)
	return false
}

// ordered returns the cells by row and column, of a cell set twice the last.
func (s *Sheet) ordered() []cell {
	place := func(a, b cell) int {
		return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.col, b.col))
	}
	if !slices.IsSortedFunc(s.cells, place) {
		slices.SortStableFunc(s.cells, place)
	}
	kept := s.cells[:0]
	for i, c := range s.cells {
		if i+1 == len(s.cells) || place(c, s.cells[i+1]) != 0 {
			kept = append(kept, c)
		}
	}
	return kept
}
