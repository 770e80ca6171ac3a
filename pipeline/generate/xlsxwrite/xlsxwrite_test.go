package xlsxwrite

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// What is written is what another library reads.
func TestReadByAnother(t *testing.T) {
	var buf bytes.Buffer
	w := New(&buf)
	w.Sheet("名册 & 表", Setup{Widths: []float64{6, 20, 12}, Hidden: []int{2}})
	w.Merge(0, 0, 0, 2)
	w.Row([]Cell{{Value: "甲县<发放>\"名册\"", Style: Title}}, 32)
	w.Skip(1)
	w.Row([]Cell{{Value: "韦 大山 ", Style: Text}, {Value: "4.59901198001011E+17", Numeric: true, Style: Number}, {}, {Value: "1234.5", Numeric: true, Style: Money}}, 0)
	w.Row([]Cell{{Value: "42809", Numeric: true, Style: Date}}, 0)
	w.Sheet("Sheet2", Setup{})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&buf)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if have := strings.Join(f.GetSheetList(), "|"); have != "名册 & 表|Sheet2" {
		t.Errorf("sheets %s", have)
	}
	rows, err := f.GetRows("名册 & 表", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	want := `[[甲县<发放>"名册"] [] [韦 大山  4.59901198001011E+17  1234.5] [42809]]`
	if have := fmt.Sprint(rows); have != want {
		t.Errorf("rows %s, want %s", have, want)
	}
	shown, err := f.GetCellValue("名册 & 表", "A4")
	if err != nil || shown != "2017-03-15" {
		t.Errorf("a date shows as %q (%v)", shown, err)
	}
	merges, err := f.GetMergeCells("名册 & 表")
	if err != nil || len(merges) != 1 || merges[0].GetStartAxis() != "A1" || merges[0].GetEndAxis() != "C1" {
		t.Errorf("merges %v (%v)", merges, err)
	}
	if visible, err := f.GetColVisible("名册 & 表", "C"); err != nil || visible {
		t.Errorf("column C is visible (%v)", err)
	}
}

// Past the room for shared strings texts stand inline, and none is lost.
func TestManyTexts(t *testing.T) {
	var buf bytes.Buffer
	w := New(&buf)
	w.Sheet("s", Setup{})
	const n = maxShared + 10
	for i := range n {
		w.Row([]Cell{{Value: fmt.Sprint("t", i)}, {Value: "same"}}, 0)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&buf)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.Rows("s")
	if err != nil {
		t.Fatal(err)
	}
	i := 0
	for ; rows.Next(); i++ {
		if row, err := rows.Columns(); err != nil || fmt.Sprint(row) != fmt.Sprintf("[t%d same]", i) {
			t.Fatalf("row %d: %v (%v)", i, row, err)
		}
	}
	if i != n {
		t.Errorf("%d rows, want %d", i, n)
	}
}

func TestColumnLetters(t *testing.T) {
	for col, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 701: "ZZ", 702: "AAA"} {
		if have := string(appendColumn(nil, col)); have != want {
			t.Errorf("column %d is %s, want %s", col, have, want)
		}
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestErrorsAreReturned(t *testing.T) {
	w := New(broken{})
	w.Sheet("s", Setup{})
	for range 50_000 {
		w.Row([]Cell{{Value: "some text"}}, 0)
	}
	if err := w.Close(); err == nil {
		t.Error("writing to nowhere succeeded")
	}
}

// BenchmarkRows writes rosters of 18 columns, 3 of them texts that are new on
// every row.
func BenchmarkRows(b *testing.B) {
	w := New(io.Discard)
	w.Sheet("s", Setup{})
	cells := make([]Cell, 18)
	for i := range cells {
		cells[i] = Cell{Value: "河口村", Style: Text}
	}
	for i := range b.N {
		cells[0] = Cell{Value: fmt.Sprint(i), Numeric: true, Style: Centre}
		for c := 1; c < 4; c++ {
			cells[c].Value = fmt.Sprintf("4599011970%08d", i*4+c)
		}
		cells[9] = Cell{Value: "1234.56", Numeric: true, Style: Money}
		w.Row(cells, 0)
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
}
