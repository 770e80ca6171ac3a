package sheet

import (
	"bytes"
	"context"
	"errors"
	"math"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/decimal128"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/apache/arrow/go/v15/parquet"
	"github.com/apache/arrow/go/v15/parquet/pqarrow"
)

// parquetOf writes one record batch n times.
func parquetOf(tb testing.TB, rec arrow.Record, n int) []byte {
	tb.Helper()
	var out bytes.Buffer
	w, err := pqarrow.NewFileWriter(rec.Schema(), &out, parquet.NewWriterProperties(), pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
	for range n {
		if err == nil {
			err = w.Write(rec)
		}
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

func rosterRecord(tb testing.TB) arrow.Record {
	tb.Helper()
	dict := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "beneficiary_name", Type: arrow.BinaryTypes.String, Nullable: true},
		{Name: "amount", Type: &arrow.Decimal128Type{Precision: 18, Scale: 2}, Nullable: true},
		{Name: "pay_date", Type: arrow.FixedWidthTypes.Date32, Nullable: true},
		{Name: "household_size", Type: arrow.PrimitiveTypes.Int64, Nullable: true},
		{Name: "town", Type: dict, Nullable: true},
		{Name: "quantity", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
		{Name: "safe", Type: arrow.FixedWidthTypes.Boolean, Nullable: true},
		{Name: "at", Type: arrow.FixedWidthTypes.Timestamp_us, Nullable: true},
		{Name: "_row", Type: arrow.PrimitiveTypes.Int32, Nullable: true},
		{Name: "_inherited", Type: arrow.ListOf(arrow.BinaryTypes.String), Nullable: true},
	}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	b.Field(0).(*array.StringBuilder).AppendValues([]string{"张三", "", ""}, []bool{true, true, false})
	b.Field(1).(*array.Decimal128Builder).AppendValues([]decimal128.Num{decimal128.FromI64(-123450), decimal128.FromI64(999_999_999_999_999_999), decimal128.FromI64(5)}, []bool{true, true, true})
	b.Field(2).(*array.Date32Builder).AppendValues([]arrow.Date32{17532, -40000, 0}, []bool{true, true, false})
	b.Field(3).(*array.Int64Builder).AppendValues([]int64{4, 459901199001011234, -1}, nil)
	for _, s := range []string{"第一镇", "第二镇"} {
		if err := b.Field(4).(*array.BinaryDictionaryBuilder).AppendString(s); err != nil {
			tb.Fatal(err)
		}
	}
	b.Field(4).AppendNull()
	b.Field(5).(*array.Float64Builder).AppendValues([]float64{0.1 + 0.2, math.NaN(), 1e300}, nil)
	b.Field(6).(*array.BooleanBuilder).AppendValues([]bool{true, false, false}, []bool{true, true, false})
	b.Field(7).(*array.TimestampBuilder).AppendValues([]arrow.Timestamp{1_514_764_800_000_000, 1_514_794_210_000_000, 0}, []bool{true, true, false})
	b.Field(8).(*array.Int32Builder).AppendValues([]int32{7, 8, 9}, nil)
	list := b.Field(9).(*array.ListBuilder)
	list.Append(true)
	list.ValueBuilder().(*array.StringBuilder).AppendValues([]string{"town", "period"}, nil)
	list.AppendNull()
	list.Append(true)
	return b.NewRecord()
}

const rosterRows = `t张三|n-1234.5|d2018-01-01|n4|t第一镇|n0.3|bTRUE|d2018-01-01|n7|t["town","period"]
|#9999999999999999.99|t1860-06-26 00:00:00|#459901199001011234|t第二镇|#NaN|bFALSE|d2018-01-01 08:10:10|n8|
|n0.05||n-1||#1000000`

func TestParquet(t *testing.T) {
	book, err := Read(context.Background(), Member{Name: "roster.dat", Data: parquetOf(t, rosterRecord(t), 1)}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, want := show(book.Sheets[0]), "tbeneficiary_name|tamount|tpay_date|thousehold_size|ttown|tquantity|tsafe|tat|t_row|t_inherited\n"+rosterRows
	if len(got) < len(want) || got[:len(want)] != want || book.Format != "parquet" {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestParquetManyBatches(t *testing.T) {
	const n = 50_000 // more rows than one batch holds
	book, err := Read(context.Background(), Member{Name: "a.parquet", Data: parquetOf(t, rosterRecord(t), 1)}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	one := book.Sheets[0]
	if book, err = Read(context.Background(), Member{Name: "a.parquet", Data: parquetOf(t, repeated(t, rosterRecord(t), n), 1)}, Options{}); err != nil {
		t.Fatal(err)
	}
	g := book.Sheets[0]
	if g.Rows != 3*n+1 {
		t.Fatal(g.Rows)
	}
	for r := 1; r < g.Rows; r += 997 {
		for c := range g.Cols {
			if got, want := g.Text(r, c), one.Text(1+(r-1)%3, c); got != want {
				t.Fatalf("row %d, column %d: %q, want %q", r+1, c+1, got, want)
			}
		}
	}
}

func repeated(tb testing.TB, rec arrow.Record, n int) arrow.Record {
	tb.Helper()
	cols := make([]arrow.Array, rec.NumCols())
	for c := range cols {
		parts := make([]arrow.Array, n)
		for i := range parts {
			parts[i] = rec.Column(c)
		}
		var err error
		if cols[c], err = array.Concatenate(parts, memory.DefaultAllocator); err != nil {
			tb.Fatal(err)
		}
	}
	return array.NewRecord(rec.Schema(), cols, rec.NumRows()*int64(n))
}

func TestParquetRefused(t *testing.T) {
	data := parquetOf(t, rosterRecord(t), 1)
	read := func(data []byte, limits Limits) error {
		_, err := Read(context.Background(), Member{Name: "a.parquet", Data: data}, Options{Limits: limits})
		return err
	}
	for n := 4; n < len(data); n += 11 {
		if err := read(data[:n], Limits{}); !errors.Is(err, ErrDamaged) {
			t.Fatalf("cut off after %d of %d bytes: %v", n, len(data), err)
		}
	}
	for _, limits := range []Limits{{Rows: 3}, {Cols: 5}, {Cells: 30}, {Inflated: 50}, {Strings: 20}} {
		if err := read(data, limits); !errors.Is(err, ErrLimit) {
			t.Errorf("%+v: %v", limits, err)
		}
	}
}

// A page header of an unknown kind, or that announces more than its column
// chunk has, is refused before the library reads it: it would read on without
// end. The first header stands behind the file's mark.
func TestParquetPageHeaders(t *testing.T) {
	const header, fields = 4, 8
	data := parquetOf(t, rosterRecord(t), 2)
	refused := 0
	for i := header; i < header+fields; i++ {
		for _, b := range []byte{0, 1, 2, 0x15, 0x7f, 0x80, 0xff} {
			changed := bytes.Clone(data)
			changed[i] = b
			_, err := Read(context.Background(), Member{Name: "a.parquet", Data: changed}, Options{})
			switch {
			case errors.Is(err, ErrDamaged), errors.Is(err, ErrLimit):
				refused++
			case err != nil:
				t.Errorf("byte %d as %#x: %v", i, b, err)
			}
		}
	}
	if refused < 20 {
		t.Errorf("only %d damaged headers were refused", refused)
	}
}

func FuzzParquet(f *testing.F) {
	f.Add(parquetOf(f, rosterRecord(f), 1))
	f.Fuzz(func(t *testing.T, data []byte) {
		opt := Options{Limits: Limits{Inflated: 1 << 20, Cells: 1 << 16, Rows: 5000, Cols: 300}.orDefault()}
		if book, err := readParquet(context.Background(), data, opt); err == nil && book == nil {
			t.Error("neither book nor error")
		}
	})
}
