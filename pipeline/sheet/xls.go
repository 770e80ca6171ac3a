package sheet

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// readXLS reads a workbook of Excel 2 to 2003 (BIFF2 to BIFF8), in a compound
// file or as a bare stream, which homemade exports still write. Sheets come in
// the workbook's order; those that hold charts or modules are named and have no
// cells. All sheets share one table of texts. A cell under a merge that holds a
// value keeps it. A sheet that is damaged, or over a limit, has Err and no cells;
// what is wrong with the workbook as a whole is the error.
func readXLS(data []byte, opt Options) (*Book, error) {
	stream := data
	if sniff(data) == kindCFB {
		var err error
		if stream, err = cfbStream(data, "Workbook", "Book"); err != nil {
			return nil, err
		}
		if stream == nil {
			return nil, fmt.Errorf("%w: the compound file holds no workbook; is it a document of another program?", ErrFormat)
		}
	}
	b := xlsBook{limits: opt.Limits.orDefault(), texts: NewStrings(), page: 936, budget: 2*len(stream) + 1024}
	if err := b.globals(stream, opt.Passwords); err != nil {
		return nil, err
	}
	if len(b.sheets) == 0 {
		return nil, fmt.Errorf("%w: the workbook has no sheets", ErrEmpty)
	}
	book := &Book{Format: "xls"}
	for _, s := range b.sheets {
		g := &Grid{Name: s.name, State: s.state, Strings: b.texts}
		if s.cells {
			if err := b.sheet(g, s.start); err != nil {
				*g = Grid{Name: s.name, State: s.state, Strings: b.texts, Err: err}
			}
		}
		book.Sheets = append(book.Sheets, g)
	}
	return book, nil
}

// An xlsBook is what the sheets of a workbook share.
type xlsBook struct {
	limits  Limits
	stream  []byte // in plain
	version int    // of BIFF: 2 to 5, and 8
	texts   *Strings
	shared  []uint32 // place in texts of each text of the SST
	sheets  []xlsSheet
	page    int           // code page of byte texts
	dates   []numberStyle // by XF (BIFF2: by number format)
	formats map[int]string
	errors  map[byte]uint32 // error values met, by code
	shift   float64         // days from the workbook's day 0 to 1899-12-30
	budget  int             // bytes of records that sheets may still take, against sheets inside each other
	cells   int64           // of all sheets so far
}

type xlsSheet struct {
	name  string
	state string
	start int  // of its BOF record
	cells bool // it is no chart and no module
}

// globals reads what stands before the sheets. A stream that starts with a
// worksheet is a workbook of that one sheet, which holds its own globals.
func (b *xlsBook) globals(stream []byte, passwords []string) error {
	s := biffStream{data: stream}
	id, body, ok := s.next()
	if !ok || !isBOF(id) || len(body) < 4 {
		return fmt.Errorf("%w: the workbook does not start with a BOF record", ErrDamaged)
	}
	switch version, kind := le.Uint16(body), le.Uint16(body[2:]); {
	case id == biffBOF && version == 0x0600:
		b.version = 8
	case id == biffBOF: // homemade exports leave the version out
		b.version = 5
	case kind == bofWorkspace:
		return fmt.Errorf("%w: a workspace of Excel 4; save its sheets as .xlsx", ErrFormat)
	default:
		b.version = 2 + int(id>>9)
	}
	bare := le.Uint16(body[2:]) != bofGlobals
	if bare {
		b.sheets = []xlsSheet{{cells: true}}
	}
	b.stream, b.formats, b.errors = stream, map[int]string{}, map[byte]uint32{}

	var xfs []int // number formats
	for {
		id, body, ok := s.next()
		if !ok && !bare {
			return fmt.Errorf("%w: the workbook ends before its sheets", ErrDamaged)
		}
		if !ok || id == biffEOF {
			if b.version == 2 { // cells name their number format themselves
				for f := range b.formats {
					xfs = append(xfs, f)
				}
				slices.Sort(xfs)
			}
			for _, f := range xfs {
				code, spelled := b.formats[f]
				style := builtinStyle(f)
				if spelled {
					style = styleOf(code)
				}
				b.dates = append(b.dates, style)
			}
			return nil
		}
		switch id {
		case biffFilePass:
			plain, err := decryptBIFF(b.stream, s.pos, body, b.version == 8, passwords)
			if err != nil {
				return err
			}
			b.stream, s.data = plain, plain
		case biffCodePage:
			if len(body) >= 2 {
				b.page = int(le.Uint16(body))
			}
		case biffDateMode:
			if len(body) >= 2 && le.Uint16(body) == 1 {
				b.shift = 1_462
			}
		case biffFormat, biffFormat2:
			b.format(id, body)
		case biffXF, biffXF3, biffXF4:
			xfs = append(xfs, xfFormat(id, body))
		case biffBoundSheet:
			if err := b.boundSheet(body); err != nil {
				return err
			}
		case biffSST:
			if err := b.sharedTexts(s.continued(body)); err != nil {
				return err
			}
		}
	}
}

// format takes a number format's code. Up to BIFF4 its number is its place.
func (b *xlsBook) format(id uint16, body []byte) {
	number, prefix := len(b.formats), 1
	switch {
	case id == biffFormat2:
	case len(body) < 2:
		return
	default:
		if b.version >= 5 {
			number = int(le.Uint16(body))
		}
		if b.version == 8 {
			prefix = 2
		}
		body = body[2:]
	}
	b.formats[number] = string(b.appendText(nil, &biffParts{now: body}, prefix))
}

// xfFormat returns the number format of an XF record.
func xfFormat(id uint16, body []byte) int {
	switch {
	case id == biffXF && len(body) >= 4:
		return int(le.Uint16(body[2:]))
	case (id == biffXF3 || id == biffXF4) && len(body) >= 2:
		return int(body[1])
	}
	return 0
}

func (b *xlsBook) boundSheet(body []byte) error {
	if len(body) < 7 { // of a name without letters the flags may be missing
		return fmt.Errorf("%w: the list of sheets", ErrDamaged)
	}
	s := xlsSheet{start: int(le.Uint32(body)), cells: body[5]&0x0F < 2}
	switch body[4] & 3 {
	case 1:
		s.state = "hidden"
	case 2:
		s.state = "veryHidden"
	}
	s.name = string(b.appendText(nil, &biffParts{now: body[6:]}, 1))
	b.sheets = append(b.sheets, s)
	return nil
}

// sharedTexts reads the table of texts that cells point into.
func (b *xlsBook) sharedTexts(p biffParts) error {
	p.number(4) // uses in the workbook
	count := p.number(4)
	for range count {
		// A table that breaks off is reported by the cells that point beyond.
		arena := p.appendText(b.texts.Bytes, 2)
		if p.bad {
			break
		}
		i, err := b.addText(arena)
		if err != nil {
			return err
		}
		b.shared = append(b.shared, i)
	}
	return nil
}

// addText takes the texts' arena with a text appended and returns the index of
// that text.
func (b *xlsBook) addText(arena []byte) (uint32, error) {
	if int64(len(arena)) > b.limits.Strings || len(arena) > math.MaxUint32 {
		most := min(b.limits.Strings, math.MaxUint32)
		return 0, over(LimitStrings, most, "more than %d bytes of text (Limits.Strings); split the file", most)
	}
	b.texts.Bytes = arena
	b.texts.Offsets = append(b.texts.Offsets, uint32(len(arena)))
	return uint32(len(b.texts.Offsets) - 2), nil
}

// appendText appends a string whose length field has prefix bytes as UTF-8.
func (b *xlsBook) appendText(dst []byte, p *biffParts, prefix int) []byte {
	if b.version == 8 {
		return p.appendText(dst, prefix)
	}
	n := p.number(prefix)
	raw := make([]byte, 0, n)
	for n > 0 && p.turn() {
		k := min(n, len(p.now))
		raw = append(raw, p.now[:k]...)
		p.now = p.now[k:]
		n -= k
	}
	p.bad = p.bad || n > 0
	return appendBytes(dst, raw, b.page)
}

// sheet reads the sheet whose BOF record stands at start into g.
func (b *xlsBook) sheet(g *Grid, start int) error {
	s := biffStream{data: b.stream, pos: start}
	id, body, ok := uint16(0), []byte(nil), false
	if start < len(b.stream) {
		id, body, ok = s.next()
	}
	if !ok || !isBOF(id) || len(body) < 4 || le.Uint16(body[2:]) == bofGlobals {
		return fmt.Errorf("%w: no sheet where the workbook says that one starts", ErrDamaged)
	}
	r := xlsRows{book: b}
	hiddenRows, hiddenCols := map[int]bool{}, map[int]bool{}
	depth := 1 // charts inside the sheet have a BOF and an EOF of their own
	for depth > 0 {
		id, body, ok := s.next()
		if !ok {
			return fmt.Errorf("%w: the sheet breaks off before its end; open it in Excel or WPS and save it as .xlsx", ErrDamaged)
		}
		if b.budget -= 4 + len(body); b.budget < 0 {
			return fmt.Errorf("%w: its sheets lie inside each other", ErrDamaged)
		}
		switch {
		case isBOF(id):
			depth++
		case id == biffEOF:
			depth--
		}
		if depth != 1 {
			continue
		}
		switch id {
		case biffRow:
			if len(body) >= 16 && body[12]&0x20 != 0 {
				hiddenRows[int(le.Uint16(body))] = true
			}
		case biffColInfo:
			if len(body) >= 10 && body[8]&1 != 0 {
				for c := int(le.Uint16(body)); c <= min(int(le.Uint16(body[2:])), 255); c++ {
					hiddenCols[c] = true
				}
			}
		case biffMergeCells:
			for m := body[min(2, len(body)):]; len(m) >= 8; m = m[8:] {
				merge := Merge{int(le.Uint16(m)), int(le.Uint16(m[4:])), int(le.Uint16(m[2:])), int(le.Uint16(m[6:]))}
				if merge.Row0 <= merge.Row1 && merge.Col0 <= merge.Col1 {
					g.Merges = append(g.Merges, merge)
				}
			}
		default:
			if err := r.record(&s, id, body); err != nil {
				return fmt.Errorf("record %#04x at byte %d: %w", id, s.pos-len(body), err)
			}
		}
	}
	r.finish(g)
	for row := range hiddenRows {
		if row < g.Rows {
			g.HiddenRows = append(g.HiddenRows, row)
		}
	}
	for col := range hiddenCols {
		if col < len(g.Cols) {
			g.HiddenCols = append(g.HiddenCols, col)
		}
	}
	slices.Sort(g.HiddenRows)
	slices.Sort(g.HiddenCols)
	return nil
}

// xlsRows collects the cells of one sheet.
type xlsRows struct {
	book    *xlsBook
	cols    [][]Cell
	rows    int // up to the last one with a cell
	row     int // of the formula whose text follows in a record of its own,
	col     int // and its column
	pending bool
}

// record reads a record that holds cells; others are passed over.
func (r *xlsRows) record(s *biffStream, id uint16, body []byte) error {
	switch id {
	case biffString, biffString2:
		if !r.pending {
			return nil
		}
		r.pending = false
		return r.text(r.row, r.col, s.continued(body), true)
	case biffLabelSST, biffLabel, biffRString, biffNumber, biffRK, biffMulRK, biffBoolErr,
		biffFormula, biffFormula3, biffFormula4, biffInteger2, biffNumber2, biffLabel2, biffBoolErr2:
	default:
		return nil
	}
	if len(body) < 8 {
		return fmt.Errorf("%w: a cell of %d bytes", ErrDamaged, len(body))
	}
	row, col, xf := int(le.Uint16(body)), int(le.Uint16(body[2:])), int(le.Uint16(body[4:]))
	value := body[6:]
	if r.book.version == 2 {
		xf, value = int(body[5]&0x3F), body[7:]
	}
	short := func(n int) error {
		if len(value) < n {
			return fmt.Errorf("%w: a cell of %d bytes", ErrDamaged, len(body))
		}
		return nil
	}
	switch id {
	case biffLabelSST:
		if err := short(4); err != nil {
			return err
		}
		i := le.Uint32(value)
		if int64(i) >= int64(len(r.book.shared)) {
			return damagedCell(row+1, col+1, "row %d, column %d points to text %d of %d", row+1, col+1, uint64(i)+1, len(r.book.shared))
		}
		t := r.book.shared[i]
		if offsets := r.book.texts.Offsets; offsets[t] == offsets[t+1] {
			return nil
		}
		return r.set(row, col, TextCell(t))
	case biffLabel, biffRString, biffLabel2:
		return r.text(row, col, s.continued(value), false)
	case biffNumber, biffNumber2:
		if err := short(8); err != nil {
			return err
		}
		return r.number(row, col, xf, math.Float64frombits(le.Uint64(value)), false)
	case biffInteger2:
		if err := short(2); err != nil {
			return err
		}
		return r.number(row, col, xf, float64(le.Uint16(value)), false)
	case biffRK:
		if err := short(4); err != nil {
			return err
		}
		return r.number(row, col, xf, rkNumber(le.Uint32(value)), false)
	case biffMulRK:
		for list := body[4:]; len(list) >= 8; list = list[6:] { // the last column stands behind
			if err := r.number(row, col, int(le.Uint16(list)), rkNumber(le.Uint32(list[2:])), false); err != nil {
				return err
			}
			col++
		}
		return nil
	case biffBoolErr, biffBoolErr2:
		if err := short(2); err != nil {
			return err
		}
		return r.boolOrError(row, col, value[0], value[1] != 0, false)
	}
	if err := short(8); err != nil {
		return err
	}
	if le.Uint16(value[6:]) != 0xFFFF {
		return r.number(row, col, xf, math.Float64frombits(le.Uint64(value)), true)
	}
	switch value[0] {
	case 0:
		r.row, r.col, r.pending = row, col, true
	case 1, 2:
		return r.boolOrError(row, col, value[2], value[0] == 2, true)
	}
	return nil
}

// rkNumber unpacks a number of 30 bits: whole, or the upper half of a float, and
// perhaps in hundredths.
func rkNumber(v uint32) float64 {
	var f float64
	if v&2 != 0 {
		f = float64(int32(v) >> 2)
	} else {
		f = math.Float64frombits(uint64(v&^3) << 32)
	}
	if v&1 != 0 {
		f /= 100
	}
	return f
}

func (r *xlsRows) number(row, col, xf int, f float64, formula bool) error {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return r.boolOrError(row, col, 0x24, true, formula)
	}
	kind := KindNumber
	if xf < len(r.book.dates) && r.book.dates[xf] != plainStyle {
		kind = KindDate
		if r.book.dates[xf] == dateStyle && !(f > 0 && f < 1) {
			f += r.book.shift
		}
	}
	var c Cell
	if d, ok := FloatDecimal(f); ok {
		c = DecimalCell(kind, d)
	} else {
		i, err := r.book.addText(strconv.AppendFloat(r.book.texts.Bytes, f, 'G', 15, 64))
		if err != nil {
			return err
		}
		c = IndexCell(KindRaw, i)
	}
	if formula {
		c = c.WithFormula()
	}
	return r.set(row, col, c)
}

func (r *xlsRows) text(row, col int, p biffParts, formula bool) error {
	b := r.book
	before := len(b.texts.Bytes)
	prefix := 2
	if b.version == 2 {
		prefix = 1
	}
	arena := b.appendText(b.texts.Bytes, &p, prefix)
	if p.bad {
		return damagedCell(row+1, col+1, "the text of row %d, column %d breaks off", row+1, col+1)
	}
	if len(arena) == before {
		return nil
	}
	i, err := b.addText(arena)
	if err != nil {
		return err
	}
	c := TextCell(i)
	if formula {
		c = c.WithFormula()
	}
	return r.set(row, col, c)
}

// xlsErrors are the error values by their code.
var xlsErrors = map[byte]string{
	0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}

func (r *xlsRows) boolOrError(row, col int, value byte, isError, formula bool) error {
	c := BoolCell(value != 0)
	if isError {
		i, ok := r.book.errors[value]
		if !ok {
			name, known := xlsErrors[value]
			if !known {
				name = "#ERROR!"
			}
			var err error
			if i, err = r.book.addText(append(r.book.texts.Bytes, name...)); err != nil {
				return err
			}
			r.book.errors[value] = i
		}
		c = IndexCell(KindError, i)
	}
	if formula {
		c = c.WithFormula()
	}
	return r.set(row, col, c)
}

func (r *xlsRows) set(row, col int, c Cell) error {
	r.rows = max(r.rows, row+1)
	cols := max(len(r.cols), col+1)
	l := r.book.limits
	switch cells := int64(r.rows) * int64(cols); {
	case r.rows > l.Rows:
		return over(LimitRows, int64(l.Rows), "more than %d rows (Limits.Rows); split the sheet", l.Rows)
	case cols > l.Cols:
		return over(LimitCols, int64(l.Cols), "more than %d columns (Limits.Cols); is it a table?", l.Cols)
	case cells+r.book.cells > l.Cells:
		return over(LimitCells, l.Cells, "more than %d cells (Limits.Cells); split the file", l.Cells)
	}
	for len(r.cols) < cols {
		r.cols = append(r.cols, nil)
	}
	if have := len(r.cols[col]); row >= have {
		grown := make([]Cell, min(max(row+1, 2*have, 64), 1<<16))
		copy(grown, r.cols[col])
		r.cols[col] = grown
	}
	r.cols[col][row] = c
	return nil
}

// finish gives the columns the sheet's height and hands them to g.
func (r *xlsRows) finish(g *Grid) {
	for i, col := range r.cols {
		if len(col) < r.rows {
			full := make([]Cell, r.rows)
			copy(full, col)
			col = full
		}
		r.cols[i] = col[:r.rows:r.rows]
	}
	g.Rows, g.Cols = r.rows, r.cols
	r.book.cells += int64(r.rows) * int64(len(r.cols))
}
