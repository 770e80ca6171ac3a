package sheet

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// A sheetScanner reads the XML of one sheet, piece by piece, into columns.
//
// It knows the grammar of a sheet: rows hold cells, cells hold v, f and is. What
// a cell looks like when Excel and the common libraries write it is matched
// word by word (plainCells); whatever differs, a prefix, a single quote, a
// comment, a formula, goes token by token (anyCell). Both
// fill the same columns, so there is one meaning and two speeds.
type sheetScanner struct {
	book  *workbook
	grid  *Grid
	size  int64 // bytes of the whole part
	seen  int64 // bytes of pieces before this one
	cols  []column
	used  int64 // cells allocated
	mark  int   // where this sheet's texts begin in the arena
	texts int   // and their first index
	state scanState
	depth int
	whole bool // the root element ended

	row      int    // index of the row being read, or of the next
	numbered bool   // the row's tag says its number
	next     int    // index of the next cell without a reference
	ref      uint64 // the row number and a quote: what a cell's reference ends with
	refMask  uint64 // its bytes; 0 if they do not fit, then no cell is plain
	refBytes int
	hidden   bool // this row is

	text []byte // scratch
}

type scanState uint8

const (
	beforeRows scanState = iota
	inRows
	afterRows
)

// A column grows by whole blocks: cells beyond n are Blank.
type column struct {
	cells []Cell
	n     int // up to the last cell that is not Blank
}

// maxDepth bounds the nesting of elements: a sheet needs ten levels.
const maxDepth = 200

var errTooDeep = over(LimitNesting, maxDepth, "XML elements nested over %d deep", maxDepth)

// The strings that plain cells consist of, as little-endian words.
var (
	siStart   = word("<si>")
	siEnd     = word("</si>")
	tStart    = word("<t>")
	tEnd      = word("</t>")
	phonetic  = word("<phone")
	rowStart  = word("<row")
	rowEnd    = word("</row>")
	cellRef   = word(`<c r="`)
	attrStyle = word(` s="`)
	attrText  = word(` t="s"`)
	openV     = word("><v>")
	endVC     = word("</v></c>")
	attrIS    = word(` t="inli`)
	attrIS2   = word(`neStr"><`)
	openIS    = word("is><t>")
	endIS     = word("</t></is")
	endISC    = word("></c>")
)

func word(s string) uint64 {
	var b [8]byte
	copy(b[:], s)
	return binary.LittleEndian.Uint64(b[:])
}

const (
	mask3 = 1<<24 - 1
	mask4 = 1<<32 - 1
	mask5 = 1<<40 - 1
	mask6 = 1<<48 - 1
)

func load(b []byte, p int) uint64 { return binary.LittleEndian.Uint64(b[p:]) }

// scan reads b, which is padded with zeros past n, and returns how far it came:
// to the start of the row or element that b does not hold whole.
func (s *sheetScanner) scan(b []byte, n int) (int, error) {
	if s.seen == 0 {
		s.mark, s.texts = len(s.book.strs.Bytes), s.book.strs.Len()
	}
	s.book.strs.reserve(s.mark, s.texts, s.seen, s.size)
	p := 0
	defer func() { s.seen += int64(p) }()
	for p < n {
		if s.state == inRows && load(b, p)&mask4 == rowStart {
			q, err := s.readRow(b, p, n)
			if err != nil {
				return p, ignoreMore(err)
			}
			p = q
			if int64(len(s.book.strs.Bytes)) > s.book.limits.Strings {
				return p, over(LimitStrings, s.book.limits.Strings, "texts of over %d bytes", s.book.limits.Strings)
			}
			continue
		}
		t, q, err := nextToken(b[:n], p)
		if err != nil {
			return p, ignoreMore(err)
		}
		if s.state == inRows && t.is(tokStart, "row") {
			if q, err = s.readRow(b, p, n); err != nil {
				return p, ignoreMore(err)
			}
			p = q
			continue
		}
		if err := s.outside(&t); err != nil {
			return p, err
		}
		p = q
	}
	return p, nil
}

// outside takes a token that belongs to no row.
func (s *sheetScanner) outside(t *token) error {
	switch t.kind {
	case tokStart, tokEmpty:
		switch string(t.name) {
		case "sheetData":
			s.state = inRows
			if t.kind == tokEmpty {
				s.state = afterRows
			}
		case "col":
			if err := s.hideColumns(t); err != nil {
				return err
			}
		case "mergeCell":
			if err := s.merge(t); err != nil {
				return err
			}
		case "AlternateContent":
			if s.state == inRows {
				return errUnknown
			}
		}
		if t.kind == tokStart {
			if s.depth++; s.depth > maxDepth {
				return errTooDeep
			}
		} else if s.depth == 0 {
			s.whole = true
		}
	case tokEnd:
		if string(t.name) == "sheetData" {
			s.state = afterRows
		}
		s.depth--
		s.whole = s.depth == 0
	}
	return nil
}

func (s *sheetScanner) hideColumns(t *token) error {
	if !t.getBool("hidden") {
		return nil
	}
	from, to := t.getInt("min", 1), t.getInt("max", 0)
	for c := max(from, 1); c <= min(to, s.book.limits.Cols); c++ {
		s.grid.HiddenCols = append(s.grid.HiddenCols, c-1)
	}
	if len(s.grid.HiddenCols) > 2*s.book.limits.Cols {
		return fmt.Errorf("%w: column widths that overlap", ErrDamaged)
	}
	return nil
}

func (s *sheetScanner) merge(t *token) error {
	ref := t.get("ref")
	m, ok := parseRange(ref)
	if !ok {
		return fmt.Errorf("%w: merged range %q", ErrDamaged, ref)
	}
	if m.Row0 == m.Row1 && m.Col0 == m.Col1 {
		return nil
	}
	s.grid.Merges = append(s.grid.Merges, m)
	return nil
}

// parseRange reads A1:B2, or A1 alone.
func parseRange(ref []byte) (Merge, bool) {
	a, b, two := bytes.Cut(ref, []byte(":"))
	c0, r0, ok := parseRef(a)
	if !ok || !two {
		return Merge{r0, c0, r0, c0}, ok
	}
	c1, r1, ok := parseRef(b)
	return Merge{min(r0, r1), min(c0, c1), max(r0, r1), max(c0, c1)}, ok
}

// parseRef reads A1 as the column and row indexes 0, 0; $A$1 means the same.
func parseRef(ref []byte) (col, row int, ok bool) {
	i := 0
	for ; i < len(ref) && (ref[i] == '$' || ref[i]|0x20 >= 'a' && ref[i]|0x20 <= 'z'); i++ {
		if ref[i] == '$' {
			continue
		}
		if col = col*26 + int(ref[i]|0x20-'a') + 1; col > 1<<24 {
			return 0, 0, false
		}
	}
	row, err := strconv.Atoi(string(bytes.TrimPrefix(ref[i:], []byte("$"))))
	return col - 1, row - 1, err == nil && col > 0 && row > 0
}

// readRow reads the row at b[p], whole or not at all: a row that b cuts off is
// read again, from its start, with the next piece.
func (s *sheetScanner) readRow(b []byte, p, n int) (int, error) {
	p, empty, err := s.openRow(b, p, n)
	if err != nil {
		return p, err
	}
	if !empty {
		for {
			q := s.plainCells(b, p)
			if load(b, q)&mask6 == rowEnd {
				p = q + 6
				break
			}
			var end bool
			if p, end, err = s.anyCell(b[:n], q); err != nil {
				return p, err
			}
			if end {
				break
			}
		}
		if p > n {
			return p, errMore
		}
	}
	if s.hidden {
		s.grid.HiddenRows = append(s.grid.HiddenRows, s.row)
	}
	s.row++
	return p, nil
}

// openRow reads a row's start tag.
func (s *sheetScanner) openRow(b []byte, p, n int) (q int, empty bool, err error) {
	t, q, err := nextToken(b[:n], p)
	if err != nil {
		return p, false, err
	}
	r := t.get("r")
	if s.numbered = r != nil; s.numbered {
		row, err := strconv.Atoi(string(r))
		if err != nil || row < 1 {
			return p, false, damagedCell(s.row+1, 0, "row number %q", r)
		}
		s.row = row - 1
	}
	if s.row >= s.book.limits.Rows {
		return p, false, over(LimitRows, int64(s.book.limits.Rows), "row %d (limit: %d)", s.row+1, s.book.limits.Rows)
	}
	s.hidden = bytes.Contains(t.attr, []byte("hidden")) && t.getBool("hidden")
	s.next = 0
	s.setRef()
	return q, t.kind == tokEmpty, nil
}

// setRef prepares what the references of this row's cells end with: its number
// and a quote.
func (s *sheetScanner) setRef() {
	var digits [24]byte
	d := append(strconv.AppendInt(digits[:0], int64(s.row)+1, 10), '"')
	s.refBytes = len(d)
	if len(d) > 8 {
		s.ref, s.refMask = 1, 0
		return
	}
	s.ref = binary.LittleEndian.Uint64(digits[:])
	s.refMask = 1<<(8*len(d)) - 1
	s.ref &= s.refMask
}

// plainCells reads cells from b[p] on for as long as they are plain, and returns
// where the first that is not begins.
func (s *sheetScanner) plainCells(b []byte, p int) int {
	next := s.next
	ref, refMask, refBytes := s.ref, s.refMask, s.refBytes
	strs := s.book.strs
	texts := uint64(strs.Len())
	blanks := s.book.blankText
	dates := s.book.dates
	row := s.row
	for {
		if load(b, p)&mask6 != cellRef {
			break
		}
		q := p + 6
		// The column's letters, then the row's number, which is known.
		col := int(b[q] - 'A')
		if col > 25 {
			break
		}
		q++
		if c := b[q] - 'A'; c <= 25 {
			col = (col+1)*26 + int(c)
			q++
			if c := b[q] - 'A'; c <= 25 {
				col = (col+1)*26 + int(c)
				q++
			}
		}
		if load(b, q)&refMask != ref {
			break
		}
		q += refBytes

		style := uint(0)
		w := load(b, q)
		if w&mask4 == attrStyle {
			q += 4
			for d := uint(b[q] - '0'); d <= 9; d = uint(b[q] - '0') {
				style = style*10 + d
				q++
			}
			if b[q] != '"' {
				break
			}
			q++
			w = load(b, q)
		}
		var cell Cell
		switch {
		case w&mask6 == attrText:
			q += 6
			if load(b, q)&mask4 != openV {
				goto out
			}
			q += 4
			i := uint64(0)
			from := q
			for d := uint64(b[q] - '0'); d <= 9; d = uint64(b[q] - '0') {
				i = i*10 + d
				q++
			}
			if i >= texts || q-from > 10 || q == from || load(b, q) != endVC {
				goto out
			}
			q += 8
			if cell = Cell(KindText)<<kindShift | Cell(i); blanks && strs.Offsets[i] == strs.Offsets[i+1] {
				next = col + 1
				p = q
				continue
			}
		case w&mask4 == openV:
			q += 4
			kind := KindNumber
			if style != 0 && style < uint(len(dates)) && dates[style] != plainStyle {
				kind = KindDate
			}
			var ok bool
			if cell, q, ok = plainNumber(b, q, kind); !ok || kind == KindDate && s.book.date1904 || load(b, q) != endVC {
				goto out
			}
			q += 8
		case w == attrIS:
			if load(b, q+8) != attrIS2 || load(b, q+16)&mask6 != openIS {
				goto out
			}
			q += 22
			from := q
			for plain[b[q]] {
				q++
			}
			if load(b, q) != endIS || load(b, q+8)&mask5 != endISC || q == from {
				goto out
			}
			cell = TextCell(strs.Add(b[from:q]))
			q += 13
		case w&0xffff == '/'|'>'<<8:
			next = col + 1
			p = q + 2
			continue
		default:
			goto out
		}
		if col < len(s.cols) {
			if c := &s.cols[col]; row < len(c.cells) {
				c.cells[row] = cell
				c.n = max(c.n, row+1)
				next = col + 1
				p = q
				continue
			}
		}
		if s.grow(col) != nil {
			break // anyCell meets the same limit and says so
		}
		s.set(col, cell)
		next = col + 1
		p = q
	}
out:
	s.next = next
	return p
}

// plainNumber reads digits with at most one point, up to the next tag, as
// ParseDecimal does.
func plainNumber(b []byte, p int, kind Kind) (Cell, int, bool) {
	cell := Cell(kind) << kindShift
	if b[p] == '-' {
		cell |= signBit
		p++
	}
	from := p
	m := uint64(0)
	for d := uint64(b[p] - '0'); d <= 9; d = uint64(b[p] - '0') {
		m = m*10 + d
		p++
	}
	digits, exp := p-from, 0
	if b[p] == '.' {
		p++
		from = p
		for d := uint64(b[p] - '0'); d <= 9; d = uint64(b[p] - '0') {
			m = m*10 + d
			p++
		}
		exp = from - p
		digits -= exp
	}
	if digits > 19 || digits == 0 {
		return 0, p, false
	}
	if m >= MaxMantissa {
		switch {
		case m >= 1000*MaxMantissa:
			m, exp = (m+5000)/10_000, exp+4
		case m >= 100*MaxMantissa:
			m, exp = (m+500)/1000, exp+3
		case m >= 10*MaxMantissa:
			m, exp = (m+50)/100, exp+2
		default:
			m, exp = (m+5)/10, exp+1
		}
	}
	if m == 0 {
		return Cell(kind)<<kindShift | 32<<mantissaBits, p, true
	}
	for m%100_000_000 == 0 {
		m, exp = m/100_000_000, exp+8
	}
	if m%10_000 == 0 {
		m, exp = m/10_000, exp+4
	}
	if m%100 == 0 {
		m, exp = m/100, exp+2
	}
	if m%10 == 0 {
		m, exp = m/10, exp+1
	}
	return cell | Cell(exp+32)<<mantissaBits | Cell(m), p, true
}

// set stores a cell of the current row in a column that was grown for it.
func (s *sheetScanner) set(col int, cell Cell) {
	c := &s.cols[col]
	c.cells[s.row] = cell
	c.n = max(c.n, s.row+1)
}

// grow makes room for the current row in a column.
func (s *sheetScanner) grow(col int) error {
	if col >= s.book.limits.Cols {
		return over(LimitCols, int64(s.book.limits.Cols), "column %d (limit: %d)", col+1, s.book.limits.Cols)
	}
	for len(s.cols) <= col {
		s.cols = append(s.cols, column{})
	}
	c := &s.cols[col]
	if s.row < len(c.cells) {
		return nil
	}
	// As many rows more as there were to a byte so far; a wrong guess costs no
	// more than doubling would.
	size := max(s.row+1, 256)
	if have := len(c.cells); have >= 256 {
		size = max(size, have*2)
		if s.seen > 0 {
			guess := int(float64(s.row+1) * float64(s.size) / float64(s.seen) * 1.02)
			size = max(s.row+1, have+have/8, min(size, guess))
		}
	}
	s.used += int64(size - len(c.cells))
	if s.used > s.book.limits.Cells {
		return over(LimitCells, s.book.limits.Cells, "a range of over %d cells; a stray cell far from the table makes it so large", s.book.limits.Cells)
	}
	grown := make([]Cell, size)
	copy(grown, c.cells[:c.n])
	c.cells = grown
	return nil
}

// anyCell reads what stands at b[p] in a row, whatever its XML looks like: a
// cell, something between cells, or the row's end.
func (s *sheetScanner) anyCell(b []byte, p int) (q int, end bool, err error) {
	t, q, err := nextToken(b, p)
	if err != nil {
		return p, false, err
	}
	switch {
	case t.is(tokEnd, "row"):
		return q, true, nil
	case t.is(tokStart, "c"):
	case t.kind == tokStart && string(t.name) == "AlternateContent":
		return p, false, errUnknown
	case t.kind == tokStart:
		q, err = skipElement(b, q)
		return q, false, err
	default:
		return q, false, nil
	}
	col := s.next
	if r := t.get("r"); r != nil {
		c, row, ok := parseRef(r)
		if !ok {
			return p, false, damagedCell(s.row+1, 0, "cell %q in row %d", r, s.row+1)
		}
		if row != s.row {
			if s.numbered {
				return p, false, errUnknown
			}
			s.row = row
			if s.row >= s.book.limits.Rows {
				return p, false, over(LimitRows, int64(s.book.limits.Rows), "row %d (limit: %d)", s.row+1, s.book.limits.Rows)
			}
			s.setRef()
		}
		col = c
	}
	raw := rawCell{style: t.getInt("s", 0), kind: string(t.get("t"))}
	s.text = s.text[:0]
	if t.kind == tokStart {
		if q, err = s.children(b, q, &raw); err != nil {
			return p, false, err
		}
	}
	raw.text = s.text
	s.next = col + 1
	if raw.kind == "s" {
		i, err := strconv.Atoi(string(bytes.TrimSpace(raw.text)))
		if err != nil && len(raw.text) == 0 {
			return q, false, nil
		}
		if err != nil || i < 0 || i >= s.book.strs.Len() {
			return p, false, damagedCell(s.row+1, col+1, "row %d, column %d: no shared string %q", s.row+1, col+1, raw.text)
		}
		if s.book.strs.Offsets[i] == s.book.strs.Offsets[i+1] {
			return q, false, nil
		}
		return q, false, s.put(col, TextCell(uint32(i)), raw.formula)
	}
	cell, err := s.book.cell(raw)
	if err != nil {
		return p, false, fmt.Errorf("row %d, column %d: %w", s.row+1, col+1, err)
	}
	return q, false, s.put(col, cell, raw.formula)
}

func (s *sheetScanner) put(col int, cell Cell, formula bool) error {
	if cell == Blank {
		return nil
	}
	if formula {
		cell = cell.WithFormula()
	}
	if err := s.grow(col); err != nil {
		return err
	}
	s.set(col, cell)
	return nil
}

// children reads a cell's elements up to its end tag: the value into s.text.
func (s *sheetScanner) children(b []byte, p int, raw *rawCell) (int, error) {
	for {
		t, q, err := nextToken(b, p)
		if err != nil {
			return p, err
		}
		p = q
		switch {
		case t.is(tokEnd, "c"):
			return p, nil
		case t.is(tokEmpty, "f"):
			raw.formula = true
		case t.kind != tokStart:
		case string(t.name) == "v":
			if s.text, p, err = appendElement(s.text[:0], b, p); err != nil {
				return p, err
			}
		case string(t.name) == "is":
			if s.text, p, err = appendRuns(s.text[:0], b, p, "is"); err != nil {
				return p, err
			}
			raw.runs = true
		default:
			raw.formula = raw.formula || string(t.name) == "f"
			if p, err = skipElement(b, p); err != nil {
				return p, err
			}
		}
	}
}

// fail leaves the sheet without cells.
func (s *sheetScanner) fail(err error) bool {
	*s.grid = Grid{Name: s.grid.Name, State: s.grid.State, Strings: s.grid.Strings, Err: fmt.Errorf("sheet %s: %w", s.grid.Name, err)}
	return false
}

// finish turns columns into the grid.
func (s *sheetScanner) finish() error {
	if !s.whole {
		return damagedCell(s.row+1, 0, "the sheet is cut off after row %d", s.row)
	}
	if !utf8.Valid(s.book.strs.Bytes[s.mark:]) {
		return fmt.Errorf("%w: texts are no UTF-8", ErrDamaged)
	}
	return s.fill()
}

// fill makes the grid of the columns: all as long as the longest, those without
// a cell being one and the same.
func (s *sheetScanner) fill() error {
	g := s.grid
	last := 0
	for c := range s.cols {
		if s.cols[c].n > 0 {
			g.Rows, last = max(g.Rows, s.cols[c].n), c+1
		}
	}
	var blank []Cell
	g.Cols = make([][]Cell, last)
	for c := range g.Cols {
		if s.cols[c].n == 0 {
			if blank == nil {
				blank = make([]Cell, g.Rows)
			}
			g.Cols[c] = blank
			continue
		}
		s.row = g.Rows - 1
		if err := s.grow(c); err != nil {
			return err
		}
		g.Cols[c] = s.cols[c].cells[:g.Rows:g.Rows]
	}
	return g.settle()
}
