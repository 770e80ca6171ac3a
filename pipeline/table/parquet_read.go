package table

import (
	"fmt"

	"github.com/apache/arrow/go/v15/parquet"
	"github.com/apache/arrow/go/v15/parquet/file"
)

// A ParquetFile is a file that WriteParquet wrote, open for reading column by
// column. Files of others are package sheet's: this one trusts what it reads.
type ParquetFile struct {
	r    *file.Reader
	rows int
}

// OpenParquet opens a file; close it after use.
func OpenParquet(path string) (*ParquetFile, error) {
	r, err := file.OpenParquetFile(path, false)
	if err != nil {
		return nil, err
	}
	return &ParquetFile{r, int(r.NumRows())}, nil
}

// Close closes the file.
func (f *ParquetFile) Close() error { return f.r.Close() }

// Rows returns the number of records.
func (f *ParquetFile) Rows() int { return f.rows }

// Meta returns the value of a key in the file's footer, "" if there is none.
func (f *ParquetFile) Meta(key string) string {
	if v := f.r.MetaData().KeyValueMetadata().FindValue(key); v != nil {
		return *v
	}
	return ""
}

// Words appends a column of texts to w.
func (f *ParquetFile) Words(name string, w *Words) error {
	return f.each(name, func(c file.ColumnChunkReader) error {
		r, ok := c.(*file.ByteArrayColumnChunkReader)
		if !ok {
			return fmt.Errorf("column %s holds no texts: was it written by this program?", name)
		}
		return cells(r, func(v parquet.ByteArray) { w.Append(string(v)) }, func() { w.Append("") })
	})
}

// Ints returns a column of another type as IntsToParquet takes it.
func (f *ParquetFile) Ints(name string) ([]int64, error) {
	out := make([]int64, 0, f.rows)
	null := func() { out = append(out, Null) }
	err := f.each(name, func(c file.ColumnChunkReader) error {
		switch r := c.(type) {
		case *file.Int64ColumnChunkReader:
			return cells(r, func(v int64) { out = append(out, v) }, null)
		case *file.Int32ColumnChunkReader:
			return cells(r, func(v int32) { out = append(out, int64(v)) }, null)
		case *file.BooleanColumnChunkReader:
			return cells(r, func(v bool) {
				flag := No
				if v {
					flag = Yes
				}
				out = append(out, int64(flag))
			}, null)
		}
		return fmt.Errorf("column %s holds no numbers: was it written by this program?", name)
	})
	return out, err
}

// each calls read with the column's chunk of every row group.
func (f *ParquetFile) each(name string, read func(file.ColumnChunkReader) error) error {
	at := f.r.MetaData().Schema.ColumnIndexByName(name)
	if at < 0 {
		return fmt.Errorf("there is no column %s: was it written by this program?", name)
	}
	for g := range f.r.NumRowGroups() {
		c, err := f.r.RowGroup(g).Column(at)
		if err == nil {
			err = read(c)
		}
		if err == nil {
			err = c.Err()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// A chunk reads values of one type and their definition levels.
type chunk[T any] interface {
	HasNext() bool
	ReadBatch(n int64, values []T, def, rep []int16) (total int64, read int, err error)
}

// cells calls value or null for every record of a chunk.
func cells[T any](r chunk[T], value func(T), null func()) error {
	const batch = 4096
	values, def := make([]T, batch), make([]int16, batch)
	for r.HasNext() {
		n, _, err := r.ReadBatch(batch, values, def, nil)
		if err != nil {
			return err
		}
		at := 0
		for _, d := range def[:n] {
			if d == 0 {
				null()
				continue
			}
			value(values[at])
			at++
		}
	}
	return nil
}
