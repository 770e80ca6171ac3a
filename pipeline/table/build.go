package table

import (
	"fmt"
	"math"
	"unsafe"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/bitutil"
	"github.com/apache/arrow/go/v15/arrow/decimal128"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// NullCode stands for an absent text in a Words' codes.
const NullCode = math.MaxUint32

// Words is a text column under construction: each distinct text once, and a
// code a row. Filling Codes directly from a sheet's own string table is the
// fast way; Append interns for everybody else. "" is absent.
type Words struct {
	Codes []uint32
	Dict  []string
	index *Interner
}

// Append adds one row.
func (w *Words) Append(s string) { w.Codes = append(w.Codes, w.Code(s)) }

// At returns the text of a row added, "" where absent.
func (w *Words) At(row int) string {
	if c := w.Codes[row]; c != NullCode {
		return w.Dict[c]
	}
	return ""
}

// Code returns the code of s, new or old, without adding a row.
func (w *Words) Code(s string) uint32 {
	if s == "" {
		return NullCode
	}
	if w.index == nil {
		w.index = new(Interner)
		for _, d := range w.Dict {
			w.index.Code(d)
		}
	}
	c := w.index.Code(s)
	w.Dict = w.index.Dict
	return c
}

// A Builder makes a Table column by column. Every column that is set must end
// with the same number of rows; a column never asked for is absent.
type Builder struct {
	schema *Schema
	words  []*Words
	ints   []*[]int64
}

// NewBuilder returns a Builder for a table of schema s.
func NewBuilder(s *Schema) *Builder {
	return &Builder{s, make([]*Words, len(s.Fields)), make([]*[]int64, len(s.Fields))}
}

// Schema returns the schema the Builder was made for.
func (b *Builder) Schema() *Schema { return b.schema }

// Words returns the named Text or Span column to fill. It panics on a name
// that the schema does not have with such a type.
func (b *Builder) Words(name string) *Words {
	i := b.schema.must(name, Text, Span)
	if b.words[i] == nil {
		b.words[i] = new(Words)
	}
	return b.words[i]
}

// Ints returns the named column of any other type to fill: Fen, Quantity, Day,
// Count, Flag or Ref as int64, Null where absent. It panics on a name that the
// schema does not have with such a type.
func (b *Builder) Ints(name string) *[]int64 {
	i := b.schema.must(name, Money, Amount, Date, Number, Bool, Handle)
	if b.ints[i] == nil {
		b.ints[i] = new([]int64)
	}
	return b.ints[i]
}

// Build returns the table. It fails when columns differ in length or a value
// is out of its type's range.
func (b *Builder) Build() (*Table, error) {
	n := -1
	var cols []arrow.Array
	var fields []int
	for i, f := range b.schema.Fields {
		var col arrow.Array
		switch {
		case b.words[i] != nil:
			col = b.words[i].array()
		case b.ints[i] != nil:
			var err error
			if col, err = intArray(f, *b.ints[i]); err != nil {
				return nil, fmt.Errorf("building table %s: %w", b.schema.Name, err)
			}
		default:
			continue
		}
		if n >= 0 && col.Len() != n {
			return nil, fmt.Errorf("building table %s: column %s has %d rows, others %d", b.schema.Name, f.Name, col.Len(), n)
		}
		n = col.Len()
		cols, fields = append(cols, col), append(fields, i)
	}
	return newTable(b.schema, fields, cols, max(n, 0)), nil
}

// arrowType returns how a column of type t is held.
func arrowType(t Type) arrow.DataType {
	switch t {
	case Text, Span:
		return &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Uint32, ValueType: arrow.BinaryTypes.String}
	case Money:
		return &arrow.Decimal128Type{Precision: 18, Scale: 2}
	case Amount:
		return &arrow.Decimal128Type{Precision: 18, Scale: 4}
	case Date:
		return arrow.FixedWidthTypes.Date32
	case Number:
		return arrow.PrimitiveTypes.Int32
	case Bool:
		return arrow.FixedWidthTypes.Boolean
	}
	return arrow.PrimitiveTypes.Int64
}

// array turns the words into a dictionary array that shares the codes' memory.
func (w *Words) array() arrow.Array {
	offsets := make([]int32, len(w.Dict)+1)
	size := 0
	for i, s := range w.Dict {
		size += len(s)
		offsets[i+1] = int32(size)
	}
	arena := make([]byte, 0, size)
	for _, s := range w.Dict {
		arena = append(arena, s...)
	}
	dict := array.NewData(arrow.BinaryTypes.String, len(w.Dict),
		[]*memory.Buffer{nil, memory.NewBufferBytes(bytesOf(offsets)), memory.NewBufferBytes(arena)}, nil, 0, 0)
	valid, nulls := validity(len(w.Codes), func(i int) bool { return w.Codes[i] != NullCode })
	if nulls > 0 { // a code that no dictionary has must not stand in a file, even under a null
		codes := make([]uint32, len(w.Codes))
		for i, c := range w.Codes {
			if c != NullCode {
				codes[i] = c
			}
		}
		w.Codes = codes
	}
	data := array.NewDataWithDictionary(arrowType(Text), len(w.Codes),
		[]*memory.Buffer{valid, memory.NewBufferBytes(bytesOf(w.Codes))}, nulls, 0, dict)
	return array.NewDictionaryData(data)
}

// intArray turns int64 values with Null into an array of the field's type.
func intArray(f Field, vals []int64) (arrow.Array, error) {
	valid, nulls := validity(len(vals), func(i int) bool { return vals[i] != Null })
	var buf []byte
	switch f.Type {
	case Money, Amount:
		out := make([]decimal128.Num, len(vals))
		const limit = 1_000_000_000_000_000_000 // 18 digits
		for i, v := range vals {
			if v == Null {
				continue
			}
			if v <= -limit || v >= limit {
				return nil, fmt.Errorf("column %s row %d: more than 18 digits", f.Name, i)
			}
			out[i] = decimal128.FromI64(v)
		}
		buf = bytesOf(out)
	case Date, Number:
		out := make([]int32, len(vals))
		for i, v := range vals {
			if v == Null {
				continue
			}
			if v != int64(int32(v)) {
				return nil, fmt.Errorf("column %s row %d: %d does not fit", f.Name, i, v)
			}
			out[i] = int32(v)
		}
		buf = bytesOf(out)
	case Bool:
		bits := make([]byte, bitutil.BytesForBits(int64(len(vals))))
		for i, v := range vals {
			if v == int64(Yes) {
				bitutil.SetBit(bits, i)
			}
		}
		buf = bits
	default:
		out := make([]int64, len(vals))
		for i, v := range vals {
			if v != Null {
				out[i] = v
			}
		}
		buf = bytesOf(out)
	}
	data := array.NewData(arrowType(f.Type), len(vals), []*memory.Buffer{valid, memory.NewBufferBytes(buf)}, nil, nulls, 0)
	return array.MakeFromData(data), nil
}

// validity returns the bitmap of n values, nil when none is absent.
func validity(n int, ok func(int) bool) (*memory.Buffer, int) {
	nulls := 0
	for i := range n {
		if !ok(i) {
			nulls++
		}
	}
	if nulls == 0 {
		return nil, 0
	}
	bits := make([]byte, bitutil.BytesForBits(int64(n)))
	for i := range n {
		if ok(i) {
			bitutil.SetBit(bits, i)
		}
	}
	return memory.NewBufferBytes(bits), nulls
}

// bytesOf returns the memory of a slice of fixed-size values.
func bytesOf[T any](s []T) []byte {
	if len(s) == 0 {
		return []byte{}
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*int(unsafe.Sizeof(s[0])))
}
