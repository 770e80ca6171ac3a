package table

import (
	"fmt"
	"io"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/apache/arrow/go/v15/parquet"
	"github.com/apache/arrow/go/v15/parquet/compress"
	"github.com/apache/arrow/go/v15/parquet/file"
	pq "github.com/apache/arrow/go/v15/parquet/schema"
)

// Row groups and pages are small because the writer re-allocates its buffers
// in the size of a whole group: groups of a million rows take three to five
// times the time.
const (
	groupRows = 131_072
	pageBytes = 128 << 10
)

// A ParquetColumn is one column of a Parquet file and the way to write its
// rows; the functions below make one.
type ParquetColumn struct {
	node   pq.Node
	leaves []leaf
	plain  bool // most texts differ: a dictionary would only cost
}

// A leaf writes the values of rows lo..hi-1 of one column chunk.
type leaf func(w file.ColumnChunkWriter, lo, hi int) error

// WriteParquet writes rows rows of the columns, Snappy-compressed (the library
// makes a new Zstandard encoder for every page, which costs more than all the
// rest), straight through parquet/file: the library's bridge from Arrow brings
// compute kernels and a network stack with it. One column of one row group is
// in memory at a time. meta are pairs of key and value in the file's footer.
func WriteParquet(w io.Writer, rows int, cols []ParquetColumn, meta ...[2]string) error {
	opts := []parquet.WriterProperty{
		parquet.WithCompression(compress.Codecs.Snappy), parquet.WithDataPageSize(pageBytes),
		parquet.WithMaxRowGroupLength(groupRows), parquet.WithVersion(parquet.V2_LATEST),
	}
	var fields pq.FieldList
	for _, c := range cols {
		fields = append(fields, c.node)
		if c.plain {
			opts = append(opts, parquet.WithDictionaryFor(c.node.Name(), false))
		}
	}
	root, err := pq.NewGroupNode("schema", parquet.Repetitions.Required, fields, -1)
	if err != nil {
		return fmt.Errorf("describing the columns: %w", err)
	}
	fw := file.NewParquetWriter(w, root, file.WithWriterProps(parquet.NewWriterProperties(opts...)))
	for _, kv := range meta {
		if err := fw.AppendKeyValueMetadata(kv[0], kv[1]); err != nil {
			return err
		}
	}
	for lo := 0; lo < rows; lo += groupRows {
		group := fw.AppendRowGroup()
		for _, c := range cols {
			for _, write := range c.leaves {
				chunk, err := group.NextColumn()
				if err == nil {
					err = write(chunk, lo, min(lo+groupRows, rows))
				}
				if err == nil {
					err = chunk.Close()
				}
				if err != nil {
					return fmt.Errorf("column %s: %w", c.node.Name(), err)
				}
			}
		}
		if err := group.Close(); err != nil {
			return err
		}
	}
	return fw.Close()
}

// primitive returns the node of one column of values; what is written here in
// code is right or panics at the first use.
func primitive(name string, rep parquet.Repetition, t Type) pq.Node {
	var logical pq.LogicalType
	physical := parquet.Types.Int64
	switch t {
	case Text, Span:
		logical, physical = pq.StringLogicalType{}, parquet.Types.ByteArray
	case Money:
		logical = pq.NewDecimalLogicalType(18, 2)
	case Amount:
		logical = pq.NewDecimalLogicalType(18, 4)
	case Date:
		logical, physical = pq.DateLogicalType{}, parquet.Types.Int32
	case Number:
		logical, physical = pq.NewIntLogicalType(32, true), parquet.Types.Int32
	case Bool:
		physical = parquet.Types.Boolean
	}
	return pq.Must(pq.NewPrimitiveNodeLogical(name, rep, logical, physical, 0, -1))
}

// TextsToParquet is a column of texts, null where at says false.
func TextsToParquet(name string, at func(i int) (string, bool)) ParquetColumn {
	return ParquetColumn{node: primitive(name, parquet.Repetitions.Optional, Text), leaves: []leaf{func(w file.ColumnChunkWriter, lo, hi int) error {
		var vals []parquet.ByteArray
		def := make([]int16, hi-lo)
		for i := lo; i < hi; i++ {
			if s, ok := at(i); ok {
				def[i-lo] = 1
				vals = append(vals, parquet.ByteArray(s))
			}
		}
		return writeTexts(w, vals, def, nil)
	}}}
}

func writeTexts(w file.ColumnChunkWriter, vals []parquet.ByteArray, def, rep []int16) error {
	_, err := w.(*file.ByteArrayColumnChunkWriter).WriteBatch(vals, def, rep)
	return err
}

// fewTexts is the share of different texts in a column up to which a dictionary
// saves room.
const fewTexts = 2

// WordsToParquet is a column of dict[codes[i]], null at NullCode. Each text of
// a row group is looked at once.
func WordsToParquet(name string, codes []uint32, dict []string) ParquetColumn {
	if len(dict)*fewTexts > len(codes) {
		c := TextsToParquet(name, func(i int) (string, bool) {
			if codes[i] == NullCode {
				return "", false
			}
			return dict[codes[i]], true
		})
		c.plain = true
		return c
	}
	local := make([]int32, len(dict)) // code → 1 + its place in the group's dictionary
	return ParquetColumn{node: primitive(name, parquet.Repetitions.Optional, Text), leaves: []leaf{func(w file.ColumnChunkWriter, lo, hi int) error {
		texts := array.NewStringBuilder(memory.DefaultAllocator)
		defer texts.Release()
		at := make([]int32, hi-lo)
		def := make([]int16, hi-lo)
		var used []uint32
		for i := lo; i < hi; i++ {
			c := codes[i]
			if c == NullCode {
				continue
			}
			if local[c] == 0 {
				texts.Append(dict[c])
				used = append(used, c)
				local[c] = int32(len(used))
			}
			def[i-lo] = 1
			at[i-lo] = local[c] - 1
		}
		for _, c := range used {
			local[c] = 0
		}
		words := texts.NewArray()
		defer words.Release()
		if err := w.(*file.ByteArrayColumnChunkWriter).CurrentEncoder().(interface{ PutDictionary(arrow.Array) error }).PutDictionary(words); err != nil {
			return err
		}
		valid, nulls := validity(len(at), func(i int) bool { return def[i] == 1 })
		data := array.NewData(arrow.PrimitiveTypes.Int32, len(at), []*memory.Buffer{valid, memory.NewBufferBytes(bytesOf(at))}, nil, nulls, 0)
		return w.(*file.ByteArrayColumnChunkWriter).WriteDictIndices(array.NewInt32Data(data), def, nil)
	}}}
}

// IntsToParquet is a column of a type other than Text and Span, null where Null:
// decimals in their smallest unit, days since 1970, 0 and 1 for Bool.
func IntsToParquet(name string, t Type, at func(i int) int64) ParquetColumn {
	return ParquetColumn{node: primitive(name, parquet.Repetitions.Optional, t), leaves: []leaf{func(w file.ColumnChunkWriter, lo, hi int) error {
		def := make([]int16, hi-lo)
		vals := make([]int64, 0, hi-lo)
		for i := lo; i < hi; i++ {
			if v := at(i); v != Null {
				def[i-lo] = 1
				vals = append(vals, v)
			}
		}
		return writeInts(w, vals, def, nil)
	}}}
}

func writeInts(w file.ColumnChunkWriter, vals []int64, def, rep []int16) (err error) {
	switch w := w.(type) {
	case *file.Int64ColumnChunkWriter:
		_, err = w.WriteBatch(vals, def, rep)
	case *file.Int32ColumnChunkWriter:
		out := make([]int32, len(vals))
		for i, v := range vals {
			if out[i] = int32(v); int64(out[i]) != v {
				return fmt.Errorf("%d does not fit", v)
			}
		}
		_, err = w.WriteBatch(out, def, rep)
	case *file.BooleanColumnChunkWriter:
		out := make([]bool, len(vals))
		for i, v := range vals {
			out[i] = v == int64(Yes)
		}
		_, err = w.WriteBatch(out, def, rep)
	}
	return err
}

// ListsToParquet is a column of lists of texts.
func ListsToParquet(name string, at func(i int) []string) ParquetColumn {
	elem := primitive("element", parquet.Repetitions.Required, Text)
	return ParquetColumn{node: listOf(name, elem), leaves: []leaf{func(w file.ColumnChunkWriter, lo, hi int) error {
		var vals []parquet.ByteArray
		def, rep := levels(lo, hi, func(i int) int { return len(at(i)) }, func(i, j int) int16 {
			vals = append(vals, parquet.ByteArray(at(i)[j]))
			return 1
		})
		return writeTexts(w, vals, def, rep)
	}}}
}

// A RecordField is a field of the records of RecordsToParquet: Text, or Int of a
// Number, gives the field of element j of row i.
type RecordField struct {
	Name string
	Text func(i, j int) string
	Int  func(i, j int) int64
}

// RecordsToParquet is a column of lists of records; count gives how many row i
// has.
func RecordsToParquet(name string, count func(i int) int, fields ...RecordField) ParquetColumn {
	var nodes pq.FieldList
	c := ParquetColumn{}
	for _, f := range fields {
		t := Text
		if f.Int != nil {
			t = Number
		}
		nodes = append(nodes, primitive(f.Name, parquet.Repetitions.Required, t))
		c.leaves = append(c.leaves, func(w file.ColumnChunkWriter, lo, hi int) error {
			var texts []parquet.ByteArray
			var ints []int64
			def, rep := levels(lo, hi, count, func(i, j int) int16 {
				if f.Int != nil {
					ints = append(ints, f.Int(i, j))
				} else {
					texts = append(texts, parquet.ByteArray(f.Text(i, j)))
				}
				return 1
			})
			if f.Int != nil {
				return writeInts(w, ints, def, rep)
			}
			return writeTexts(w, texts, def, rep)
		})
	}
	c.node = listOf(name, pq.MustGroup(pq.NewGroupNode("element", parquet.Repetitions.Required, nodes, -1)))
	return c
}

// listOf returns the three nodes of a list, as the format's specification lays
// them.
func listOf(name string, elem pq.Node) pq.Node {
	list := pq.MustGroup(pq.NewGroupNode("list", parquet.Repetitions.Repeated, pq.FieldList{elem}, -1))
	return pq.MustGroup(pq.NewGroupNodeLogical(name, parquet.Repetitions.Required, pq.FieldList{list}, pq.NewListLogicalType(), -1))
}

// levels returns the definition and repetition levels of lists of rows lo..hi-1.
func levels(lo, hi int, count func(i int) int, value func(i, j int) int16) (def, rep []int16) {
	for i := lo; i < hi; i++ {
		n := count(i)
		if n == 0 {
			def, rep = append(def, 0), append(rep, 0)
		}
		for j := range n {
			def, rep = append(def, value(i, j)), append(rep, int16(min(j, 1)))
		}
	}
	return def, rep
}
