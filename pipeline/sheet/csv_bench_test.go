package sheet

import (
	"bytes"
	"fmt"
	"io"
	"math/rand"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"
)

// benchCSV is a payment roster of 3 M rows × 14 columns in GB18030, as a
// county's 一卡通 export writes it.
var benchCSV = sync.OnceValue(func() []byte {
	const rows, chunk = 3_000_000, 100_000
	random := rand.New(rand.NewSource(1))
	surnames, given := []rune("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"), []rune("一丁三上下不与世业东丝中丰临丹为主丽久义之乐")
	name := func() string {
		return string([]rune{surnames[random.Intn(len(surnames))], given[random.Intn(len(given))], given[random.Intn(len(given))]})
	}
	var out []byte
	var text bytes.Buffer
	for i := range rows {
		if i == 0 {
			text.WriteString("序号,县,乡镇,行政村,屯,户主姓名,户主身份证号,享受人,银行账号,补贴项目,所属期,标准,金额,备注\r\n")
		}
		person := name()
		fmt.Fprintf(&text, "%d,甲县,第%d镇,第%d村民委员会,%d屯,%s,4599011970%08d,%s,6217%012d,农村最低生活保障金,2017年%d月,%d.50,%d.00,\r\n",
			i+1, i/100_000, i/5_000, i/500, person, random.Intn(100_000_000), person, random.Int63n(1_000_000_000_000), i%12+1, 100+i%7, 100+random.Intn(900))
		if (i+1)%chunk == 0 {
			encoded, err := simplifiedchinese.GB18030.NewEncoder().Bytes(text.Bytes())
			if err != nil {
				panic(err)
			}
			out = append(out, encoded...)
			text.Reset()
		}
	}
	return out
})

// cpu returns the processor time that the process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkCSV reports the CPU time of reading a GB18030 roster as a multiple of
// decoding it alone with x/text (×decode; the bar is 1.5).
func BenchmarkCSV(b *testing.B) {
	data := benchCSV()
	b.SetBytes(int64(len(data)))
	var read, decode time.Duration
	for b.Loop() {
		start := cpu()
		book, err := readCSV("roster.csv", data, Options{})
		if err != nil || book.Sheets[0].Rows != 3_000_001 {
			b.Fatal(err)
		}
		read += cpu() - start
		book = nil
		start = cpu()
		if _, err := io.Copy(io.Discard, transform.NewReader(bytes.NewReader(data), simplifiedchinese.GB18030.NewDecoder())); err != nil {
			b.Fatal(err)
		}
		decode += cpu() - start
	}
	b.ReportMetric(read.Seconds()/float64(b.N), "cpu-s/op")
	b.ReportMetric(read.Seconds()/decode.Seconds(), "×decode")
}
