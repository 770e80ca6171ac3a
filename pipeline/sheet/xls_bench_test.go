package sheet

import (
	"bytes"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"fundtrace/fixtures/generate/xlswrite"
)

// benchXLS is a payment roster of 60,000 rows × 14 columns.
var benchXLS = sync.OnceValue(func() []byte {
	var out bytes.Buffer
	w := xlswrite.New(&out)
	s := w.AddSheet("发放表")
	for r := range 60_000 {
		s.SetNumber(r, 0, float64(r+1))
		s.SetText(r, 1, "甲县")
		s.SetText(r, 2, fmt.Sprintf("第%d镇", r/4_000))
		s.SetText(r, 3, fmt.Sprintf("第%d村民委员会", r/300))
		s.SetText(r, 4, fmt.Sprintf("户主%d", r/2))
		s.SetText(r, 5, fmt.Sprintf("45990119700101%04d%05d", r%9_999, r))
		s.SetText(r, 6, fmt.Sprintf("享受人%d", r))
		s.SetText(r, 7, fmt.Sprintf("6217%015d", r))
		s.SetText(r, 8, "农村最低生活保障金")
		s.SetDate(r, 9, time.Date(2017, 1, 1+r%360, 0, 0, 0, 0, time.UTC))
		s.SetNumber(r, 10, 100.5+float64(r%7))
		s.SetNumber(r, 11, float64(r)*1.37)
		s.SetNumber(r, 12, float64(r)/3)
		s.SetText(r, 13, "已发")
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
})

// BenchmarkXLS reads a roster (the bar: 2 CPU seconds, 300 MB).
func BenchmarkXLS(b *testing.B) {
	data := benchXLS()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	runtime.GC()
	var used time.Duration
	for b.Loop() {
		start := cpu()
		book, err := readXLS(data, Options{})
		if err != nil || book.Sheets[0].Rows != 60_000 || len(book.Sheets[0].Cols) != 14 {
			b.Fatal(err)
		}
		used += cpu() - start
	}
	b.ReportMetric(used.Seconds()/float64(b.N), "cpu-s/op")
}
