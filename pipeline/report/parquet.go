package report

import (
	"bufio"
	"fmt"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/decimal128"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/apache/arrow/go/v15/parquet"
	"github.com/apache/arrow/go/v15/parquet/compress"
	"github.com/apache/arrow/go/v15/parquet/pqarrow"

	"fundtrace/pipeline/rank"
	"fundtrace/pipeline/table"
)

// Row groups and pages are small because the writer re-allocates its buffers
// in the size of a whole group: groups of a million rows take three to five
// times the time.
const (
	groupRows = 131_072
	pageBytes = 128 << 10
)

// A column is one column of a Parquet file; rows lo..hi-1 are appended by fill
// or, where Arrow holds them already, sliced from whole.
type column struct {
	name  string
	typ   arrow.DataType
	fill  func(b array.Builder, lo, hi int)
	whole arrow.Array
}

// writeParquet writes rows rows of the columns. Only one column of one row
// group is in memory at a time beside the encoder's own pages.
func writeParquet(path string, rows int, cols []column) error {
	fields := make([]arrow.Field, len(cols))
	for i, c := range cols {
		fields[i] = arrow.Field{Name: c.name, Type: c.typ, Nullable: true}
	}
	return writeFile(path, func(w *bufio.Writer) error {
		// Snappy: the library makes a new Zstandard encoder for every page,
		// which costs more than all the rest.
		props := parquet.NewWriterProperties(
			parquet.WithCompression(compress.Codecs.Snappy),
			parquet.WithDataPageSize(pageBytes),
			parquet.WithMaxRowGroupLength(groupRows),
			parquet.WithVersion(parquet.V2_LATEST),
		)
		fw, err := pqarrow.NewFileWriter(arrow.NewSchema(fields, nil), w, props, pqarrow.DefaultWriterProps())
		if err != nil {
			return err
		}
		for lo := 0; lo < rows; lo += groupRows {
			fw.NewRowGroup()
			for _, c := range cols {
				if err := writeColumn(fw, c, lo, min(lo+groupRows, rows)); err != nil {
					return fmt.Errorf("column %s: %w", c.name, err)
				}
			}
		}
		return fw.Close()
	})
}

func writeColumn(fw *pqarrow.FileWriter, c column, lo, hi int) error {
	if c.whole != nil {
		a := array.NewSlice(c.whole, int64(lo), int64(hi))
		defer a.Release()
		return fw.WriteColumnData(a)
	}
	b := array.NewBuilder(memory.DefaultAllocator, c.typ)
	defer b.Release()
	b.Reserve(hi - lo)
	c.fill(b, lo, hi)
	a := b.NewArray()
	defer a.Release()
	return fw.WriteColumnData(a)
}

// moneyType is how every amount is held in Parquet, in yuan.
var moneyType = &arrow.Decimal128Type{Precision: 18, Scale: 2}

// texts is a column of texts, null where "".
func texts(name string, at func(i int) string) column {
	return column{name: name, typ: arrow.BinaryTypes.String, fill: func(b array.Builder, lo, hi int) {
		for i := lo; i < hi; i++ {
			appendText(b, at(i))
		}
	}}
}

func appendText(b array.Builder, s string) {
	if s == "" {
		b.AppendNull()
		return
	}
	b.(*array.StringBuilder).Append(s)
}

// ints is a column of numbers of an int32, date32 or decimal type, null where
// table.Null.
func ints(name string, typ arrow.DataType, at func(i int) int64) column {
	return column{name: name, typ: typ, fill: func(b array.Builder, lo, hi int) {
		for i := lo; i < hi; i++ {
			v := at(i)
			if v == table.Null {
				b.AppendNull()
				continue
			}
			switch b := b.(type) {
			case *array.Int32Builder:
				b.Append(int32(v))
			case *array.Date32Builder:
				b.Append(arrow.Date32(v))
			case *array.Decimal128Builder:
				b.Append(decimal128.FromI64(v))
			}
		}
	}}
}

// lists is a column of lists; each appends the elements of row i.
func lists(name string, elem arrow.DataType, each func(b array.Builder, i int)) column {
	return column{name: name, typ: arrow.ListOf(elem), fill: func(b array.Builder, lo, hi int) {
		lb := b.(*array.ListBuilder)
		for i := lo; i < hi; i++ {
			lb.Append(true)
			each(lb.ValueBuilder(), i)
		}
	}}
}

// textLists is a column of lists of texts.
func textLists(name string, at func(i int) []string) column {
	return lists(name, arrow.BinaryTypes.String, func(b array.Builder, i int) {
		for _, s := range at(i) {
			b.(*array.StringBuilder).Append(s)
		}
	})
}

// writeLeads writes leads.parquet, the columns of leads.jsonl.
func writeLeads(path string, leads []record) error {
	text := func(name string, of func(*record) string) column {
		return texts(name, func(i int) string { return of(&leads[i]) })
	}
	date := func(name string, of func(*record) day) column {
		return ints(name, arrow.FixedWidthTypes.Date32, func(i int) int64 {
			if d := of(&leads[i]); d != 0 {
				return int64(d)
			}
			return table.Null
		})
	}
	str := arrow.BinaryTypes.String
	fact := arrow.StructOf(arrow.Field{Name: "name", Type: str, Nullable: true}, arrow.Field{Name: "value", Type: str, Nullable: true})
	evidence := arrow.StructOf(
		arrow.Field{Name: "table", Type: str, Nullable: true}, arrow.Field{Name: "file", Type: str, Nullable: true},
		arrow.Field{Name: "sheet", Type: str, Nullable: true}, arrow.Field{Name: "row", Type: arrow.PrimitiveTypes.Int32, Nullable: true},
		arrow.Field{Name: "role", Type: str, Nullable: true},
	)
	return writeParquet(path, len(leads), []column{
		text("lead_id", func(r *record) string { return r.LeadID }),
		text("rule", func(r *record) string { return r.Rule }),
		text("family", func(r *record) string { return r.Family }),
		text("title", func(r *record) string { return r.Title }),
		text("severity", func(r *record) string { return r.Severity }),
		ints("score", arrow.PrimitiveTypes.Int32, func(i int) int64 { return int64(leads[i].Score) }),
		text("subject_kind", func(r *record) string { return r.SubjectKind }),
		text("subject_key", func(r *record) string { return r.SubjectKey }),
		text("subject_name", func(r *record) string { return r.SubjectName }),
		text("county", func(r *record) string { return r.County }),
		text("town", func(r *record) string { return r.Town }),
		text("village", func(r *record) string { return r.Village }),
		text("fund_no", func(r *record) string { return r.FundNo }),
		text("project_id", func(r *record) string { return r.ProjectID }),
		text("program", func(r *record) string { return r.Program }),
		text("period", func(r *record) string { return r.Period }),
		ints("amount", moneyType, func(i int) int64 { return int64(leads[i].Amount) }),
		text("summary", func(r *record) string { return r.Summary }),
		lists("facts", fact, func(b array.Builder, i int) {
			sb := b.(*array.StructBuilder)
			for _, f := range leads[i].Facts {
				sb.Append(true)
				appendText(sb.FieldBuilder(0), f.Name)
				appendText(sb.FieldBuilder(1), f.Value)
			}
		}),
		lists("evidence", evidence, func(b array.Builder, i int) {
			sb := b.(*array.StructBuilder)
			for _, e := range leads[i].Evidence {
				appendEvidence(sb, e)
			}
		}),
		text("basis", func(r *record) string { return r.Basis }),
		text("verify", func(r *record) string { return r.Verify }),
		textLists("corroborated_by", func(i int) []string { return leads[i].Corroborated }),
		text("case_id", func(r *record) string { return r.CaseID }),
		textLists("responsible", func(i int) []string { return leads[i].Responsible }),
		text("control", func(r *record) string { return r.Control }),
		text("match", func(r *record) string { return r.Match }),
		text("grade", func(r *record) string { return r.Grade }),
		date("first_seen", func(r *record) day { return r.FirstSeen }),
		date("last_seen", func(r *record) day { return r.LastSeen }),
		text("status", func(r *record) string { return r.Status }),
		ints("cleared", moneyType, func(i int) int64 { return int64(leads[i].Cleared) }),
	})
}

func appendEvidence(b *array.StructBuilder, e rank.Evidence) {
	b.Append(true)
	appendText(b.FieldBuilder(0), e.Table)
	appendText(b.FieldBuilder(1), e.File)
	appendText(b.FieldBuilder(2), e.Sheet)
	b.FieldBuilder(3).(*array.Int32Builder).Append(int32(e.Row))
	appendText(b.FieldBuilder(4), e.Role)
}

// writeRejects writes rejects.parquet.
func writeRejects(path string, d *Data, m masker) error {
	rs := d.Intake.Rejects
	return writeParquet(path, len(rs), []column{
		texts("file", func(i int) string { return m.text(rs[i].File) }),
		texts("sheet", func(i int) string { return m.text(rs[i].Sheet) }),
		ints("row", arrow.PrimitiveTypes.Int32, func(i int) int64 { return int64(rs[i].Row) }),
		texts("reason", func(i int) string { return m.text(rs[i].Reason) }),
		lists("cells", arrow.BinaryTypes.String, func(b array.Builder, i int) {
			for _, c := range rs[i].Cells {
				b.(*array.StringBuilder).Append(m.raw(c))
			}
		}),
	})
}
