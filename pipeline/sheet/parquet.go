package sheet

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"math/big"
	"strconv"
	"time"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/apache/arrow/go/v15/parquet/file"
	"github.com/apache/arrow/go/v15/parquet/pqarrow"
)

// readParquet reads a Parquet file as a grid: the column names are row 1, each
// record is a row. Numbers of over 15 digits are KindRaw, lists and records are
// texts as JSON.
func readParquet(ctx context.Context, data []byte, opt Options) (book *Book, err error) {
	// The library panics on some damaged files.
	defer func() {
		if r := recover(); r != nil {
			book, err = nil, fmt.Errorf("%w: %v", ErrDamaged, r)
		}
	}()
	f, err := file.NewParquetReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: opening Parquet: %v; copy the file again from where it came", ErrDamaged, err)
	}
	defer f.Close()
	if err := parquetLimits(f, int64(len(data)), opt.Limits); err != nil {
		return nil, err
	}
	reader, err := pqarrow.NewFileReader(f, pqarrow.ArrowReadProperties{BatchSize: 1 << 16}, memory.DefaultAllocator)
	if err != nil {
		return nil, fmt.Errorf("%w: reading the Parquet schema: %v", ErrDamaged, err)
	}
	records, err := reader.GetRecordReader(ctx, nil, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: reading Parquet: %v", ErrDamaged, err)
	}
	defer records.Release()

	rows := int(f.NumRows()) + 1
	g := &Grid{Strings: NewStrings()}
	p := parquetGrid{grid: g, limits: opt.Limits}
	for _, field := range records.Schema().Fields() {
		p.seen = append(p.seen, map[string]uint32{})
		g.Cols = append(g.Cols, append(make([]Cell, 0, rows), p.text(len(g.Cols), field.Name)))
	}
	for records.Next() {
		rec := records.Record()
		for c := range g.Cols {
			if err := p.column(c, rec.Column(c)); err != nil {
				return nil, fmt.Errorf("column %s: %w", rec.ColumnName(c), err)
			}
		}
	}
	if err := records.Err(); err != nil && err != io.EOF {
		return nil, fmt.Errorf("%w: reading Parquet: %v; copy the file again from where it came", ErrDamaged, err)
	}
	for c := range g.Cols {
		if len(g.Cols[c]) != rows {
			return nil, damagedCell(0, c+1, "column %d has %d of %d records", c+1, len(g.Cols[c])-1, rows-1)
		}
	}
	if len(g.Cols) > 0 {
		g.Rows = rows
	}
	return &Book{Format: "parquet", Sheets: []*Grid{g}}, nil
}

// parquetLimits holds what the file says of itself to the limits, before
// anything is unpacked.
func parquetLimits(f *file.Reader, size int64, limits Limits) error {
	cols, rows := f.MetaData().Schema.NumColumns(), f.NumRows()
	switch {
	case rows < 0:
		return fmt.Errorf("%w: %d records", ErrDamaged, rows)
	case cols > limits.Cols:
		return over(LimitCols, int64(limits.Cols), "%d columns (limit: %d)", cols, limits.Cols)
	case rows >= int64(limits.Rows):
		return over(LimitRows, int64(limits.Rows), "%d records (limit: %d rows)", rows, limits.Rows)
	case (rows+1)*int64(cols) > limits.Cells:
		return over(LimitCells, limits.Cells, "%d cells (limit: %d)", (rows+1)*int64(cols), limits.Cells)
	}
	total := int64(0)
	for i := range f.NumRowGroups() {
		n := f.MetaData().RowGroup(i).TotalByteSize()
		if n < 0 || n > math.MaxInt64-total {
			return fmt.Errorf("%w: row group %d of %d bytes", ErrDamaged, i, n)
		}
		total += n
	}
	if most := min(limits.Inflated, ratioFloor+size*limits.Ratio); total > most {
		return over(LimitInflated, most, "%d bytes unpacked from %d (limits: %d bytes, %d to 1)", total, size, limits.Inflated, limits.Ratio)
	}
	return nil
}

type parquetGrid struct {
	grid   *Grid
	limits Limits
	seen   []map[string]uint32 // by column: texts in the table, up to maxSeen
}

// maxSeen is how many texts of a column are kept once each.
const maxSeen = 1 << 16

func (p *parquetGrid) text(col int, s string) Cell {
	if s == "" {
		return Blank
	}
	i, ok := p.seen[col][s]
	if !ok {
		i = p.grid.Strings.AddString(s)
		if len(p.seen[col]) < maxSeen {
			p.seen[col][s] = i
		}
	}
	return TextCell(i)
}

// number returns the cell of a number written in plain decimal notation.
func (p *parquetGrid) number(s string) Cell {
	if d, ok := ParseDecimal([]byte(s)); ok && exactly(s) {
		return DecimalCell(KindNumber, d)
	}
	return IndexCell(KindRaw, p.grid.Strings.AddString(s))
}

// exactly tells whether a decimal number has no more digits than a Cell keeps.
func exactly(s string) bool {
	digits := 0
	for i := range len(s) {
		if s[i] >= '1' && s[i] <= '9' || digits > 0 && s[i] == '0' {
			digits++
		}
	}
	return digits <= 15
}

// date returns the cell of a moment; one that no serial has is a text.
func (p *parquetGrid) date(col int, t time.Time) Cell {
	_, offset := t.Zone()
	if d, ok := serialOf(t.Unix()+int64(offset), int64(t.Nanosecond())); ok {
		return DecimalCell(KindDate, d)
	}
	return p.text(col, t.Format(time.DateTime))
}

// column appends one batch of a column.
func (p *parquetGrid) column(c int, a arrow.Array) error {
	cells := p.grid.Cols[c]
	each := func(cell func(i int) Cell) {
		for i := range a.Len() {
			if a.IsNull(i) {
				cells = append(cells, Blank)
			} else {
				cells = append(cells, cell(i))
			}
		}
	}
	switch a := a.(type) {
	case *array.String:
		each(func(i int) Cell { return p.text(c, a.Value(i)) })
	case *array.LargeString:
		each(func(i int) Cell { return p.text(c, a.Value(i)) })
	case *array.Binary:
		each(func(i int) Cell { return p.text(c, string(bytes.ToValidUTF8(a.Value(i), []byte("\uFFFD")))) })
	case *array.Dictionary:
		return p.dictionary(c, a)
	case *array.Boolean:
		each(func(i int) Cell { return BoolCell(a.Value(i)) })
	case *array.Decimal128:
		scale := a.DataType().(*arrow.Decimal128Type).Scale
		each(func(i int) Cell { return p.number(plainDecimal(a.Value(i).BigInt(), scale)) })
	case *array.Decimal256:
		scale := a.DataType().(*arrow.Decimal256Type).Scale
		each(func(i int) Cell { return p.number(plainDecimal(a.Value(i).BigInt(), scale)) })
	case *array.Float32:
		each(func(i int) Cell { return p.float(float64(a.Value(i)), 32) })
	case *array.Float64:
		each(func(i int) Cell { return p.float(a.Value(i), 64) })
	case *array.Date32:
		each(func(i int) Cell { return p.date(c, a.Value(i).ToTime()) })
	case *array.Date64:
		each(func(i int) Cell { return p.date(c, a.Value(i).ToTime()) })
	case *array.Timestamp:
		when, err := a.DataType().(*arrow.TimestampType).GetToTimeFunc()
		if err != nil {
			return fmt.Errorf("%w: %v", ErrFormat, err)
		}
		each(func(i int) Cell { return p.date(c, when(a.Value(i))) })
	case *array.Int8, *array.Int16, *array.Int32, *array.Int64, *array.Uint8, *array.Uint16, *array.Uint32, *array.Uint64:
		each(func(i int) Cell { return p.number(a.ValueStr(i)) })
	default:
		each(func(i int) Cell { return p.text(c, a.ValueStr(i)) })
	}
	p.grid.Cols[c] = cells
	if int64(len(p.grid.Strings.Bytes)) > p.limits.Strings {
		return over(LimitStrings, p.limits.Strings, "texts of over %d bytes", p.limits.Strings)
	}
	return nil
}

// dictionary appends a column of indexes into values: each value becomes a cell
// once.
func (p *parquetGrid) dictionary(c int, a *array.Dictionary) error {
	cells := p.grid.Cols[c]
	p.grid.Cols[c] = nil
	if err := p.column(c, a.Dictionary()); err != nil {
		return err
	}
	values := p.grid.Cols[c]
	for i := range a.Len() {
		if a.IsNull(i) {
			cells = append(cells, Blank)
		} else {
			cells = append(cells, values[a.GetValueIndex(i)])
		}
	}
	p.grid.Cols[c] = cells
	return nil
}

func (p *parquetGrid) float(f float64, bits int) Cell {
	if bits == 64 {
		if d, ok := FloatDecimal(f); ok {
			return DecimalCell(KindNumber, d)
		}
	}
	return p.number(strconv.FormatFloat(f, 'f', -1, bits))
}

// plainDecimal writes n × 10^-scale.
func plainDecimal(n *big.Int, scale int32) string {
	s := new(big.Int).Abs(n).String()
	if scale > 0 {
		for len(s) <= int(scale) {
			s = "0" + s
		}
		s = s[:len(s)-int(scale)] + "." + s[len(s)-int(scale):]
	}
	if n.Sign() < 0 {
		s = "-" + s
	}
	return s
}
