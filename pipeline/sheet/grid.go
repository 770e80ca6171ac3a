// Package sheet turns files into grids of cells, a format a file. It knows
// rows, columns and cell types, and nothing of funds.
package sheet

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A Book is what one file holds.
type Book struct {
	Format string // xlsx, xls, csv, tsv, parquet
	Sheets []*Grid
}

// A Grid is the cells of one sheet, a slice a column. It is as large as the
// sheet's used range: row r of the sheet, counted from 1 as a person does, is
// index r-1. Every column has Rows cells; columns without any value may be one
// slice, so a grid is for reading only.
type Grid struct {
	Name       string // sheet name; "" for a format without sheets
	Rows       int    // rows up to the last one that holds a cell
	Cols       [][]Cell
	Strings    *Strings // the texts that cells of this grid point to
	Merges     []Merge  // the first cell holds what is shown, the others are Blank or what the file hides there
	HiddenRows []int    // row indexes, ascending
	HiddenCols []int    // column indexes, ascending
	State      string   // "", hidden or veryHidden, of the sheet itself
	Err        error    // why this sheet could not be read; then it has no cells
}

// A Merge is a merged range of cell indexes, ends inclusive.
type Merge struct{ Row0, Col0, Row1, Col1 int }

// settle drops and sorts what lies beyond the cells. It fails where merged
// ranges, which do not overlap, cover the grid many times over.
func (g *Grid) settle() error {
	budget := 4*int64(g.Rows)*int64(len(g.Cols)) + 1<<20
	for _, m := range g.Merges {
		rows, cols := min(m.Row1+1, g.Rows)-m.Row0, min(m.Col1+1, len(g.Cols))-m.Col0
		if rows <= 0 || cols <= 0 {
			continue
		}
		if budget -= int64(rows) * int64(cols); budget < 0 {
			return fmt.Errorf("%w: merged ranges that overlap many times over", ErrDamaged)
		}
	}
	within := func(indexes []int, end int) []int {
		slices.Sort(indexes)
		indexes = slices.Compact(indexes)
		n, _ := slices.BinarySearch(indexes, end)
		return indexes[:n]
	}
	g.HiddenRows = within(g.HiddenRows, g.Rows)
	g.HiddenCols = within(g.HiddenCols, len(g.Cols))
	return nil
}

// At returns the cell at row and column indexes, Blank beyond the grid.
func (g *Grid) At(row, col int) Cell {
	if col < 0 || col >= len(g.Cols) || row < 0 || row >= len(g.Cols[col]) {
		return Blank
	}
	return g.Cols[col][row]
}

// Text returns the cell as a person would type it, "" for Blank: texts as they
// are, numbers in plain decimal notation, dates as 2006-01-02 or 2006-01-02
// 15:04:05, booleans as TRUE and FALSE, errors as #N/A and the like.
func (g *Grid) Text(row, col int) string { return g.Format(g.At(row, col)) }

// Format returns c, a cell of this grid, as Text does.
func (g *Grid) Format(c Cell) string {
	switch c.Kind() {
	case KindText, KindError, KindRaw:
		return g.Strings.At(c.Index())
	case KindNumber:
		return c.Decimal().String()
	case KindDate:
		return formatSerial(c.Decimal())
	case KindBool:
		if c&1 == 1 {
			return "TRUE"
		}
		return "FALSE"
	}
	return ""
}

// A Cell is one cell in 64 bits: three for its Kind, one for Formula, the rest
// an index into the grid's Strings or a decimal number.
type Cell uint64

// A Kind is the type of a cell.
type Kind uint8

// The kinds of cells.
const (
	KindBlank  Kind = iota
	KindText        // Index into Strings
	KindNumber      // Decimal
	KindDate        // Decimal: a number under a date format, days since 1899-12-30 (1904 workbooks are shifted when read)
	KindBool        // bit 0
	KindError       // Index into Strings: #DIV/0!, #N/A ..., and Uncalculated
	KindRaw         // Index into Strings: a number that no Decimal holds, as written
)

// Blank is the empty cell.
const Blank Cell = 0

// Uncalculated is the text of the KindError cell that stands for a formula whose
// value the file does not hold: a program wrote it, and no spreadsheet has opened
// it since.
const Uncalculated = "#UNCALCULATED"

const (
	kindShift    = 61
	formulaBit   = 1 << 60
	signBit      = 1 << 59
	exponentBits = 6
	mantissaBits = 50
	// MaxMantissa bounds a Decimal: the 15 significant digits that a
	// spreadsheet keeps of a number.
	MaxMantissa = 1_000_000_000_000_000
)

// TextCell returns the cell of text i of the grid's Strings.
func TextCell(i uint32) Cell { return Cell(KindText)<<kindShift | Cell(i) }

// IndexCell returns a KindText, KindError or KindRaw cell.
func IndexCell(k Kind, i uint32) Cell { return Cell(k)<<kindShift | Cell(i) }

// BoolCell returns a boolean cell.
func BoolCell(b bool) Cell {
	if b {
		return Cell(KindBool)<<kindShift | 1
	}
	return Cell(KindBool) << kindShift
}

// DecimalCell returns a KindNumber or KindDate cell. d must be in range (see
// Decimal.Fits).
func DecimalCell(k Kind, d Decimal) Cell {
	c := Cell(k)<<kindShift | Cell(uint64(d.Exp+32)&(1<<exponentBits-1))<<mantissaBits | Cell(d.Mant)
	if d.Neg {
		c |= signBit
	}
	return c
}

// WithFormula returns the cell marked as the cached value of a formula.
func (c Cell) WithFormula() Cell {
	if c == Blank {
		return c
	}
	return c | formulaBit
}

// Kind returns the cell's kind.
func (c Cell) Kind() Kind { return Kind(c >> kindShift) }

// Formula reports whether the value is the cached result of a formula.
func (c Cell) Formula() bool { return c&formulaBit != 0 }

// Index returns a text cell's place in Strings.
func (c Cell) Index() uint32 { return uint32(c) }

// Decimal returns the number of a KindNumber or KindDate cell.
func (c Cell) Decimal() Decimal {
	return Decimal{
		Neg:  c&signBit != 0,
		Mant: uint64(c) & (1<<mantissaBits - 1),
		Exp:  int(c>>mantissaBits&(1<<exponentBits-1)) - 32,
	}
}

// A Decimal is Mant × 10^Exp, negative if Neg, without trailing zeros in Mant.
// It holds exactly what a spreadsheet can show of a number: no float stands
// between the file and the fen.
type Decimal struct {
	Neg  bool
	Mant uint64
	Exp  int
}

// Fits reports whether a Cell can hold d.
func (d Decimal) Fits() bool { return d.Mant < MaxMantissa && d.Exp >= -32 && d.Exp < 32 }

// ParseDecimal reads a number as a file stores it (123, -4.5, 4.5E+17,
// 95.599999999999994) and rounds it half up to 15 significant digits as
// spreadsheets do. ok is false for anything else and for what does not Fit.
func ParseDecimal(b []byte) (d Decimal, ok bool) {
	i := 0
	if i < len(b) && (b[i] == '-' || b[i] == '+') {
		d.Neg = b[i] == '-'
		i++
	}
	var digits, dropped int // significant digits taken, and left out before the point
	var round, seen, point bool
	for ; i < len(b); i++ {
		c := b[i]
		switch {
		case c >= '0' && c <= '9':
			seen = true
			switch {
			case digits < 15:
				d.Mant = d.Mant*10 + uint64(c-'0')
				if d.Mant != 0 {
					digits++
				}
				if point {
					d.Exp--
				}
			default:
				if digits == 15 {
					round = c >= '5'
				}
				digits++
				if !point {
					dropped++
				}
			}
		case c == '.' && !point:
			point = true
		case (c == 'e' || c == 'E') && seen:
			e, err := strconv.Atoi(string(b[i+1:]))
			if err != nil || e > 400 || e < -400 {
				return Decimal{}, false
			}
			d.Exp += e
			i = len(b)
		default:
			return Decimal{}, false
		}
	}
	if !seen {
		return Decimal{}, false
	}
	d.Exp += dropped
	if round {
		d.Mant++
	}
	d = d.trimmed()
	return d, d.Fits()
}

// FloatDecimal returns f at 15 significant digits; ok is false when it does
// not Fit.
func FloatDecimal(f float64) (d Decimal, ok bool) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Decimal{}, false
	}
	if n := int64(f); float64(n) == f && n > -MaxMantissa && n < MaxMantissa {
		d.Neg = n < 0
		d.Mant = uint64(max(n, -n))
		d = d.trimmed()
		return d, d.Fits()
	}
	var buf [32]byte
	return ParseDecimal(strconv.AppendFloat(buf[:0], f, 'e', 14, 64))
}

func (d Decimal) trimmed() Decimal {
	if d.Mant == 0 {
		return Decimal{}
	}
	for d.Mant%10 == 0 {
		d.Mant /= 10
		d.Exp++
	}
	return d
}

// String returns plain decimal notation: 4.5e17 as 450000000000000000.
func (d Decimal) String() string {
	s := strconv.FormatUint(d.Mant, 10)
	switch {
	case d.Mant == 0:
	case d.Exp > 0:
		s += strings.Repeat("0", d.Exp)
	case -d.Exp >= len(s):
		s = "0." + strings.Repeat("0", -d.Exp-len(s)) + s
	case d.Exp < 0:
		s = s[:len(s)+d.Exp] + "." + s[len(s)+d.Exp:]
	}
	if d.Neg {
		s = "-" + s
	}
	return s
}

// Scaled returns d × 10^scale as an integer, rounded half away from zero;
// exact tells whether nothing was rounded off, ok whether it fits an int64.
// Scaled(2) of an amount in yuan is fen.
func (d Decimal) Scaled(scale int) (n int64, exact, ok bool) {
	m, e := d.Mant, d.Exp+scale
	exact = true
	for ; e < 0 && m != 0; e++ {
		last := m % 10
		m /= 10
		exact = exact && last == 0
		if e == -1 && last >= 5 {
			m++
		}
	}
	for ; e > 0 && m != 0; e-- {
		if m > math.MaxInt64/10 {
			return 0, false, false
		}
		m *= 10
	}
	n = int64(m)
	if d.Neg {
		n = -n
	}
	return n, exact, true
}

// Days returns a KindDate cell's number as days since 1970-01-01 and seconds
// of the day; ok is false for a serial that no calendar day has (negative, or
// past the year 9999). Serial 60 is Excel's 29 February 1900, which never was;
// it and what lies before count as Excel shows them, one day later.
func (d Decimal) Days() (day int64, seconds int, ok bool) {
	micro, _, ok := d.Scaled(6)
	if !ok || d.Neg || micro >= 2_958_466*1_000_000 {
		return 0, 0, false
	}
	day = micro / 1_000_000
	seconds = int((micro%1_000_000*86_400 + 500_000) / 1_000_000)
	if seconds == 86_400 {
		day, seconds = day+1, 0
	}
	if day < 60 {
		day++
	}
	return day - 25_569, seconds, true
}

// Strings is a table of texts: one arena, and a cell points into it. A text may
// stand in it twice.
type Strings struct {
	Bytes   []byte
	Offsets []uint32 // text i is Bytes[Offsets[i]:Offsets[i+1]]
}

// NewStrings returns an empty table.
func NewStrings() *Strings { return &Strings{Offsets: []uint32{0}} }

// Add appends a text and returns its index.
func (s *Strings) Add(b []byte) uint32 {
	s.Bytes = append(s.Bytes, b...)
	s.Offsets = append(s.Offsets, uint32(len(s.Bytes)))
	return uint32(len(s.Offsets) - 2)
}

// AddString is Add of a string.
func (s *Strings) AddString(t string) uint32 {
	s.Bytes = append(s.Bytes, t...)
	s.Offsets = append(s.Offsets, uint32(len(s.Bytes)))
	return uint32(len(s.Offsets) - 2)
}

// Len returns the number of texts.
func (s *Strings) Len() int { return len(s.Offsets) - 1 }

// At returns text i.
func (s *Strings) At(i uint32) string { return string(s.Bytes[s.Offsets[i]:s.Offsets[i+1]]) }
