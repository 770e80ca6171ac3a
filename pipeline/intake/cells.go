package intake

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unsafe"

	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
)

// texts are the texts of the grids of one workbook, and the codes of those of
// the column at hand. A text is hashed once for the whole workbook, however many
// cells and columns point to it; nothing is copied out of the grids' own memory.
type texts struct {
	g       *sheet.Grid
	arena   string         // the workbook's texts
	same    []uint32       // text index → code+1 in all: texts that are written twice, or differ by blanks, share one
	all     table.Interner // the texts, unwrapped
	memo    []uint32       // code in all → code+1 in Dict, of the column at hand
	touched []uint32       // the codes set in memo
	Dict    []string       // the texts of the column at hand
}

// newTexts returns the texts of g; before, of the same workbook or nil, is used
// again where it can be.
func newTexts(g *sheet.Grid, before *texts) *texts {
	if before != nil && before.g.Strings == g.Strings && g.Strings != nil {
		before.g = g
		return before
	}
	x := &texts{g: g}
	if g.Strings != nil {
		if b := g.Strings.Bytes; len(b) > 0 {
			x.arena = unsafe.String(unsafe.SliceData(b), len(b))
		}
		x.same = make([]uint32, g.Strings.Len())
		x.all.Grow(g.Strings.Len() / 2)
	}
	return x
}

// text returns text i of the grid without copying it.
func (x *texts) text(i uint32) string {
	o := x.g.Strings.Offsets
	return x.arena[o[i]:o[i+1]]
}

// of returns the cell as Grid.Text does, without copying texts.
func (x *texts) of(c sheet.Cell) string {
	switch c.Kind() {
	case sheet.KindText, sheet.KindError, sheet.KindRaw:
		return x.text(c.Index())
	case sheet.KindBlank:
		return ""
	}
	return x.g.Format(c)
}

// reset makes ready for the next column.
func (x *texts) reset() {
	for _, i := range x.touched {
		x.memo[i] = 0
	}
	x.touched, x.Dict = x.touched[:0], nil
}

// code returns the column's code of a text; "" has NullCode.
func (x *texts) code(s string) uint32 {
	if s == "" {
		return table.NullCode
	}
	return x.column(x.all.Code(s))
}

// column returns the column's code of a text by its code among all.
func (x *texts) column(of uint32) uint32 {
	if int(of) >= len(x.memo) {
		x.memo = append(x.memo, make([]uint32, max(len(x.all.Dict), 2*len(x.memo), 256)-len(x.memo))...)
	}
	k := x.memo[of]
	if k == 0 {
		x.Dict = append(x.Dict, x.all.Dict[of])
		k = uint32(len(x.Dict))
		x.memo[of] = k
		x.touched = append(x.touched, of)
	}
	return k - 1
}

// codes gives a column of cells their codes, each text cut of blanks and of the
// marks that keep a spreadsheet from touching it.
func (x *texts) codes(cells []sheet.Cell, out []uint32) {
	for i, c := range cells {
		switch c.Kind() {
		case sheet.KindBlank, sheet.KindError:
			out[i] = table.NullCode
		case sheet.KindText:
			at := c.Index()
			k := x.same[at]
			if k == 0 {
				s := unwrap(x.text(at))
				if s == "" {
					out[i] = table.NullCode
					continue
				}
				k = x.all.Code(s) + 1
				x.same[at] = k
			}
			out[i] = x.column(k - 1)
		default:
			out[i] = x.code(trim(x.of(c)))
		}
	}
}

// broken tells what is wrong with a cell that holds an error value, or otherwise
// is no number.
func (s *sheetReader) broken(c sheet.Cell) error {
	switch {
	case s.pending(c):
		return errFormula
	case c.Kind() == sheet.KindError:
		return errCell
	}
	return errNumber
}

// pending reports whether a cell is a formula that was never calculated.
func (s *sheetReader) pending(c sheet.Cell) bool {
	return c.Kind() == sheet.KindError && s.in.text(c.Index()) == sheet.Uncalculated
}

// money reads a cell as fen; power is the unit of its column. exact is false
// when less than a fen was rounded off.
func (s *sheetReader) money(c sheet.Cell, power int) (fen int64, exact bool, err error) {
	switch c.Kind() {
	case sheet.KindNumber, sheet.KindDate:
		return fenOf(c.Decimal(), power)
	case sheet.KindText, sheet.KindRaw:
		t := unwrap(s.in.text(c.Index()))
		if absent(plain(t)) {
			return table.Null, true, errBlank
		}
		n, err := parseNumber(t)
		if err != nil {
			return table.Null, false, err
		}
		if n.named {
			power = n.unit
		}
		return fenOf(n.value, power)
	case sheet.KindBlank:
		return table.Null, true, errBlank
	}
	return table.Null, false, s.broken(c)
}

// date reads a cell as a day.
func (s *sheetReader) date(c sheet.Cell) (table.Day, error) {
	switch c.Kind() {
	case sheet.KindDate:
		d, _, ok := c.Decimal().Days()
		y := table.Day(d).Year()
		if !ok || y < firstYear || y > lastYear {
			return 0, errDate
		}
		return table.Day(d), nil
	case sheet.KindNumber:
		return numberDate(c.Decimal())
	case sheet.KindText, sheet.KindRaw:
		t := unwrap(s.in.text(c.Index()))
		if absent(plain(t)) {
			return 0, errBlank
		}
		return textDate(t)
	case sheet.KindBlank:
		return 0, errBlank
	}
	if s.pending(c) {
		return 0, errFormula
	}
	return 0, errDate
}

// textDate reads a text as a day: a date as parseDate knows it, or a serial kept
// as text.
func textDate(t string) (table.Day, error) {
	if d := plain(t); len(d) >= 5 && digits(d[:5]) && (len(d) == 5 || d[5] == '.') {
		if v, ok := sheet.ParseDecimal([]byte(d)); ok {
			return numberDate(v)
		}
	}
	return dateIn(t, 0)
}

// period reads a cell as a period; year is the sheet's own, for 8月.
func (s *sheetReader) period(c sheet.Cell, year int) (table.Period, error) {
	switch c.Kind() {
	case sheet.KindDate:
		d, err := s.date(c)
		return table.MonthsOf(d.Month(), d.Month()), err
	case sheet.KindNumber:
		return numberPeriod(c.Decimal(), year)
	case sheet.KindText, sheet.KindRaw:
		t := unwrap(s.in.text(c.Index()))
		if absent(plain(t)) {
			return 0, errBlank
		}
		return parsePeriod(t, year)
	case sheet.KindBlank:
		return 0, errBlank
	}
	if s.pending(c) {
		return 0, errFormula
	}
	return 0, errPeriod
}

// quantity reads a cell as a quantity.
func (s *sheetReader) quantity(c sheet.Cell) (int64, bool, error) {
	switch c.Kind() {
	case sheet.KindNumber:
		return scaled(c.Decimal(), 4)
	case sheet.KindText, sheet.KindRaw:
		t := unwrap(s.in.text(c.Index()))
		if absent(plain(t)) {
			return table.Null, true, errBlank
		}
		n, err := parseNumber(strings.TrimRightFunc(plain(t), func(r rune) bool {
			return strings.ContainsRune("亩人个月户头只羽株米公里吨平方斤套座处条台年", r)
		}))
		if err != nil {
			return table.Null, false, err
		}
		return scaled(n.value, 4+n.unit)
	case sheet.KindBlank:
		return table.Null, true, errBlank
	}
	return table.Null, false, s.broken(c)
}

// yearOfDoing is a year with what happened in it: 2016年脱贫.
var yearOfDoing = regexp.MustCompile(`^((?:19|20)\d\d)年度?已?(?:脱贫|退出|出列|摘帽|纳入|新?识别|建档)户?$`)

// count reads a cell as a whole number: 4, 4人, 2016年, 2016年脱贫, a date as its
// year where the field is a year.
func (s *sheetReader) count(c sheet.Cell, year bool) (int64, error) {
	if year {
		if c.Kind() == sheet.KindText {
			if m := yearOfDoing.FindStringSubmatch(plain(unwrap(s.in.text(c.Index())))); m != nil {
				y, err := strconv.ParseInt(m[1], 10, 32)
				return y, err
			}
		}
		p, err := s.period(c, 0)
		if err != nil {
			return table.Null, err
		}
		return int64(p.Year()), nil
	}
	q, exact, err := s.quantity(c)
	if err != nil {
		return table.Null, err
	}
	n := q / int64(table.QuantityUnit)
	if !exact || q%int64(table.QuantityUnit) != 0 || n != int64(int32(n)) {
		return table.Null, errNumber
	}
	return n, nil
}

// flag reads a cell as yes or no, under a header of the opposite sense too.
func (s *sheetReader) flag(c sheet.Cell, opposite bool) (int64, error) {
	if c == sheet.Blank {
		return table.Null, errBlank
	}
	if c.Kind() == sheet.KindError {
		return table.Null, errFlag
	}
	t := unwrap(s.in.of(c))
	if t == "" {
		return table.Null, errBlank
	}
	return parseFlag(t, opposite)
}

// checkValue checks an inherited value against its field's type.
func checkValue(f table.Field, v string) error {
	_, err := valueOf(f, v)
	return err
}

// valueOf reads an inherited value, as the canonical table writes it; the value
// of a text is no number.
func valueOf(f table.Field, v string) (int64, error) {
	switch f.Type {
	case table.Text:
		return table.Null, nil
	case table.Span:
		_, err := table.ParsePeriod(v)
		return table.Null, err
	case table.Money:
		n, err := table.ParseFen(v)
		return int64(n), err
	case table.Amount:
		n, err := table.ParseQuantity(v)
		return int64(n), err
	case table.Date:
		n, err := table.ParseDay(v)
		return int64(n), err
	case table.Bool:
		return parseFlag(v, false)
	}
	n, err := strconv.ParseInt(v, 10, 32)
	if err != nil {
		return table.Null, fmt.Errorf("%q is not a whole number", v)
	}
	return n, nil
}
