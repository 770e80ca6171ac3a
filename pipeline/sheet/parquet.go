package sheet

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/ipc"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/apache/arrow/go/v15/parquet"
	"github.com/apache/arrow/go/v15/parquet/file"
	"github.com/apache/arrow/go/v15/parquet/schema"
)

// readParquet reads a Parquet file as a grid: the column names are row 1, each
// record is a row. Numbers of over 15 digits are KindRaw. A field of records is
// a column of its own, named by its path; a column of lists holds each list as
// JSON.
func readParquet(ctx context.Context, data []byte, opt Options) (book *Book, err error) {
	// The library panics on some damaged files, and takes memory without end on
	// others.
	room := &boundedMemory{Allocator: memory.DefaultAllocator, left: 2*opt.Limits.Inflated + ratioFloor}
	defer func() {
		switch r := recover(); r {
		case nil:
		case errNoRoom:
			book, err = nil, over(LimitInflated, opt.Limits.Inflated, "pages that unpack to over %d bytes", opt.Limits.Inflated)
		default:
			book, err = nil, fmt.Errorf("%w: %v", ErrDamaged, r)
		}
	}()
	f, err := file.NewParquetReader(bytes.NewReader(data), file.WithReadProps(parquet.NewReaderProperties(room)))
	if err != nil {
		return nil, fmt.Errorf("%w: opening Parquet: %v; copy the file again from where it came", ErrDamaged, err)
	}
	defer f.Close()
	if err := parquetLimits(f, int64(len(data)), opt.Limits); err != nil {
		return nil, err
	}
	if err := checkPages(f, data, opt.Limits); errors.Is(err, ErrLimit) {
		return nil, err
	} else if err != nil {
		return nil, fmt.Errorf("%w: %v; copy the file again from where it came", ErrDamaged, err)
	}
	rows := int(f.NumRows()) + 1
	g := &Grid{Strings: NewStrings(), Rows: rows}
	p := parquetGrid{grid: g, limits: opt.Limits, zones: zonesOf(f)}
	for c := range f.MetaData().Schema.NumColumns() {
		d := f.MetaData().Schema.Column(c)
		p.seen = append(p.seen, map[string]uint32{})
		g.Cols = append(g.Cols, append(make([]Cell, 0, rows), p.text(c, leafName(d))))
		for i := range f.NumRowGroups() {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			chunk, err := f.RowGroup(i).Column(c)
			if err == nil {
				err = p.column(c, d, chunk)
			}
			if err == nil {
				err = chunk.Err()
			}
			if err != nil && !errors.Is(err, ErrLimit) {
				return nil, fmt.Errorf("%w: reading column %s of Parquet: %v; copy the file again from where it came", ErrDamaged, d.Path(), err)
			} else if err != nil {
				return nil, fmt.Errorf("column %s: %w", d.Path(), err)
			}
		}
		if len(g.Cols[c]) != rows {
			return nil, damagedCell(0, c+1, "column %d has %d of %d records", c+1, len(g.Cols[c])-1, rows-1)
		}
	}
	if len(g.Cols) == 0 {
		g.Rows = 0
	}
	return &Book{Format: "parquet", Sheets: []*Grid{g}}, nil
}

// boundedMemory lends so many bytes in all and then panics with errNoRoom: a
// damaged file can ask for pages without end.
type boundedMemory struct {
	memory.Allocator
	left int64
}

var errNoRoom = errors.New("no room")

func (m *boundedMemory) take(n int) {
	if m.left -= int64(n); m.left < 0 {
		panic(errNoRoom)
	}
}

// Allocate lends n bytes.
func (m *boundedMemory) Allocate(n int) []byte {
	m.take(n)
	return m.Allocator.Allocate(n)
}

// Reallocate lends n bytes in place of b.
func (m *boundedMemory) Reallocate(n int, b []byte) []byte {
	m.take(max(n-len(b), 0))
	return m.Allocator.Reallocate(n, b)
}

// leafName returns the path of a column without the steps that only lists need.
func leafName(d *schema.Column) string {
	var name []string
	for i, part := range d.ColumnPath() {
		if i == 0 || !slices.Contains([]string{"list", "element", "item", "bag", "array", "array_element", "key_value"}, part) {
			name = append(name, part)
		}
	}
	return strings.Join(name, ".")
}

// zonesOf returns the time zones that the writer kept for its columns: Parquet
// itself knows moments only, and a day depends on the zone.
func zonesOf(f *file.Reader) map[string]*time.Location {
	zones := map[string]*time.Location{}
	text := f.MetaData().KeyValueMetadata().FindValue("ARROW:schema")
	if text == nil {
		return zones
	}
	raw, err := base64.StdEncoding.DecodeString(*text)
	if err != nil {
		return zones
	}
	r, err := ipc.NewReader(bytes.NewReader(raw))
	if err != nil {
		return zones
	}
	defer r.Release()
	for _, field := range r.Schema().Fields() {
		if t, ok := field.Type.(*arrow.TimestampType); ok {
			if zone, err := t.GetZone(); err == nil && zone != nil {
				zones[field.Name] = zone
			}
		}
	}
	return zones
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
	zones  map[string]*time.Location
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

// column appends one chunk of a column.
func (p *parquetGrid) column(c int, d *schema.Column, chunk file.ColumnChunkReader) error {
	switch r := chunk.(type) {
	case *file.BooleanColumnChunkReader:
		return eachValue(p, c, d, r, BoolCell)
	case *file.Int32ColumnChunkReader:
		return eachValue(p, c, d, r, func(v int32) Cell { return p.whole(c, d, int64(v)) })
	case *file.Int64ColumnChunkReader:
		return eachValue(p, c, d, r, func(v int64) Cell { return p.whole(c, d, v) })
	case *file.Int96ColumnChunkReader:
		return eachValue(p, c, d, r, func(v parquet.Int96) Cell { return p.date(c, v.ToTime()) })
	case *file.Float32ColumnChunkReader:
		return eachValue(p, c, d, r, func(v float32) Cell { return p.float(float64(v), 32) })
	case *file.Float64ColumnChunkReader:
		return eachValue(p, c, d, r, func(v float64) Cell { return p.float(v, 64) })
	case *file.ByteArrayColumnChunkReader:
		return eachValue(p, c, d, r, func(v parquet.ByteArray) Cell { return p.bytes(c, d, v) })
	case *file.FixedLenByteArrayColumnChunkReader:
		return eachValue(p, c, d, r, func(v parquet.FixedLenByteArray) Cell { return p.bytes(c, d, v) })
	}
	return fmt.Errorf("columns of type %s are not read", d.PhysicalType())
}

// whole returns the cell of an integer, which may stand for a decimal, a day or
// a moment.
func (p *parquetGrid) whole(c int, d *schema.Column, v int64) Cell {
	switch t := d.LogicalType().(type) {
	case *schema.DecimalLogicalType:
		return p.number(plainDecimal(big.NewInt(v), t.Scale()))
	case schema.DateLogicalType:
		return p.date(c, arrow.Date32(v).ToTime())
	case *schema.TimestampLogicalType:
		zone := time.UTC
		if z := p.zones[d.Name()]; z != nil && t.IsAdjustedToUTC() {
			zone = z
		}
		switch t.TimeUnit() {
		case schema.TimeUnitMillis:
			return p.date(c, time.UnixMilli(v).In(zone))
		case schema.TimeUnitMicros:
			return p.date(c, time.UnixMicro(v).In(zone))
		}
		return p.date(c, time.Unix(0, v).In(zone))
	case *schema.IntLogicalType:
		if !t.IsSigned() {
			if t.BitWidth() < 64 {
				v &= 1<<t.BitWidth() - 1
			}
			return p.number(strconv.FormatUint(uint64(v), 10))
		}
	}
	return p.number(strconv.FormatInt(v, 10))
}

// bytes returns the cell of a text or of a decimal held as big-endian bytes.
func (p *parquetGrid) bytes(c int, d *schema.Column, v []byte) Cell {
	if t, ok := d.LogicalType().(*schema.DecimalLogicalType); ok {
		n := new(big.Int).SetBytes(v)
		if len(v) > 0 && v[0] >= 0x80 {
			n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(v))))
		}
		return p.number(plainDecimal(n, t.Scale()))
	}
	return p.text(c, string(bytes.ToValidUTF8(v, []byte("\uFFFD"))))
}

// A chunkReader reads values of one type with their levels.
type chunkReader[T any] interface {
	HasNext() bool
	ReadBatch(n int64, values []T, def, rep []int16) (total int64, read int, err error)
}

// eachValue appends the cell of every record of a chunk: that of its value,
// Blank without one, or the list of its values as JSON.
func eachValue[T any](p *parquetGrid, c int, d *schema.Column, r chunkReader[T], cell func(T) Cell) error {
	const batch = 1 << 12
	values, def, rep := make([]T, batch), make([]int16, batch), make([]int16, batch)
	present, lists := d.MaxDefinitionLevel(), d.MaxRepetitionLevel() > 0
	cells := p.grid.Cols[c]
	var list []string // the elements of the list under way
	open := false
	end := func() {
		if !open {
			return
		}
		if list == nil {
			cells = append(cells, Blank)
		} else {
			text, _ := json.Marshal(list)
			cells = append(cells, p.text(c, string(text)))
		}
		list = nil
	}
	for r.HasNext() {
		n, read, err := r.ReadBatch(batch, values, def, rep)
		if err != nil {
			return err
		}
		if n <= 0 || n > batch || read > int(n) || len(cells)+int(n) > cap(cells) && !lists {
			return errors.New("pages hold other than the records announced")
		}
		at := 0
		for i := range int(n) {
			has := present == 0 || def[i] == present
			if has && at >= read {
				return errors.New("a page has fewer values than it announces")
			}
			if lists && rep[i] == 0 {
				end()
				open = true
			}
			switch {
			case has && lists:
				list = append(list, p.grid.Format(cell(values[at])))
			case has:
				cells = append(cells, cell(values[at]))
			case !lists:
				cells = append(cells, Blank)
			}
			if has {
				at++
			}
		}
		if int64(len(p.grid.Strings.Bytes)) > p.limits.Strings {
			return over(LimitStrings, p.limits.Strings, "texts of over %d bytes", p.limits.Strings)
		}
	}
	end()
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
