package table

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// Every type comes back as it was written, absent values too, from behind the
// first row group, whether texts repeat or all differ.
func TestParquetKeepsEveryValue(t *testing.T) {
	const rows = groupRows + 777
	codes := make([]uint32, rows)
	for i := range codes {
		if codes[i] = uint32(i % 3); codes[i] == 2 {
			codes[i] = NullCode
		}
	}
	unique := make([]uint32, rows)
	var texts []string
	for i := range unique {
		unique[i] = uint32(i)
		texts = append(texts, fmt.Sprint("账户", i))
	}
	number := func(i int) int64 {
		if i%5 == 0 {
			return Null
		}
		return int64(i) - 1000
	}
	types := []Type{Money, Amount, Date, Number, Handle}
	cols := []ParquetColumn{
		WordsToParquet("few", codes, []string{"甲", "乙", "unused"}),
		WordsToParquet("many", unique, texts),
		TextsToParquet("sheet", func(i int) (string, bool) { return "", i%2 == 0 }),
		IntsToParquet("flag", Bool, func(i int) int64 { return int64(Yes) - int64(i%2)*(int64(Yes)-int64(No)) }),
		ListsToParquet("list", func(i int) []string { return []string{"a", "b"}[:i%3/2*2] }),
		RecordsToParquet("records", func(i int) int { return i % 2 }, RecordField{Name: "n", Int: func(i, j int) int64 { return int64(i) }}),
	}
	for _, typ := range types {
		cols = append(cols, IntsToParquet(fmt.Sprint("int", typ), typ, number))
	}
	var out bytes.Buffer
	if err := WriteParquet(&out, rows, cols, [2]string{"as_of", "2017-12-31"}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a.parquet")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := OpenParquet(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if f.Rows() != rows || f.Meta("as_of") != "2017-12-31" || f.Meta("none") != "" {
		t.Fatal(f.Rows(), f.Meta("as_of"))
	}
	var few, many Words
	for name, w := range map[string]*Words{"few": &few, "many": &many} {
		if err := f.Words(name, w); err != nil || len(w.Codes) != rows {
			t.Fatal(name, len(w.Codes), err)
		}
	}
	for i := range rows {
		if want := []string{"甲", "乙", ""}[i%3]; few.At(i) != want || many.At(i) != texts[i] {
			t.Fatalf("row %d: %q, %q", i, few.At(i), many.At(i))
		}
	}
	for _, typ := range types {
		got, err := f.Ints(fmt.Sprint("int", typ))
		if err != nil || len(got) != rows {
			t.Fatal(typ, len(got), err)
		}
		for i, v := range got {
			if v != number(i) {
				t.Fatalf("type %d, row %d: %d", typ, i, v)
			}
		}
	}
	flags, err := f.Ints("flag")
	if err != nil || flags[0] != int64(Yes) || flags[rows-1] != int64(No) && rows%2 == 0 {
		t.Error(flags[0], flags[rows-1], err)
	}
	if err := f.Words("nobody", &few); err == nil {
		t.Error("a column that is not there was read")
	}
	if _, err := f.Ints("few"); err == nil {
		t.Error("texts were read as numbers")
	}
}

// A value that its type cannot hold is an error, not another value.
func TestParquetRefusesWhatDoesNotFit(t *testing.T) {
	err := WriteParquet(&bytes.Buffer{}, 1, []ParquetColumn{IntsToParquet("n", Number, func(int) int64 { return 1 << 40 })})
	if err == nil {
		t.Error("2^40 was written as a number of 32 bits")
	}
}
