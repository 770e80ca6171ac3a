package sheet

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/flate"
	"github.com/xuri/excelize/v2"
)

const benchRows, benchCols = 300_000, 14

// payeeBook is a roster as Excel writes it: shared strings, spans,
// x14ac:dyDescent, numbers to 17 digits.
func payeeBook(tb testing.TB, rows int, inline bool) []byte {
	tb.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	var sheet, texts bytes.Buffer
	index := map[string]int{}
	var order []string
	text := func(col, row int, s string) {
		if inline {
			fmt.Fprintf(&sheet, `<c r="%c%d" s="1" t="inlineStr"><is><t>%s</t></is></c>`, 'A'+col, row, s)
			return
		}
		i, ok := index[s]
		if !ok {
			i = len(order)
			index[s] = i
			order = append(order, s)
		}
		fmt.Fprintf(&sheet, `<c r="%c%d" s="1" t="s"><v>%d</v></c>`, 'A'+col, row, i)
	}
	number := func(col, row, style int, f float64) {
		fmt.Fprintf(&sheet, `<c r="%c%d" s="%d"><v>%.17g</v></c>`, 'A'+col, row, style, f)
	}
	family := []string{"黄", "韦", "覃", "莫", "陆", "蒙", "梁", "李", "罗", "农"}
	given := []string{"秀英", "桂芳", "建国", "志强", "美莲", "大明", "小红", "永福", "春花", "海燕", "德生", "金莲"}
	sheet.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\r\n" + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac" xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac">`)
	fmt.Fprintf(&sheet, `<dimension ref="A1:N%d"/><sheetViews><sheetView tabSelected="1" workbookViewId="0"/></sheetViews><sheetFormatPr defaultRowHeight="13.5" x14ac:dyDescent="0.15"/><sheetData>`, rows+1)
	for r := 1; r <= rows+1; r++ {
		fmt.Fprintf(&sheet, `<row r="%d" spans="1:%d" x14ac:dyDescent="0.15">`, r, benchCols)
		if r == 1 {
			for c, s := range []string{"序号", "乡镇", "行政村", "自然屯", "户主姓名", "身份证号", "银行账号", "开户银行", "补贴项目", "面积", "补贴标准", "金额", "发放日期", "备注"} {
				text(c, r, s)
			}
			sheet.WriteString(`</row>`)
			continue
		}
		number(0, r, 1, float64(r-1))
		town := random.IntN(12)
		text(1, r, fmt.Sprintf("第%d镇", town))
		text(2, r, fmt.Sprintf("第%d村", town*20+random.IntN(20)))
		text(3, r, fmt.Sprintf("屯%d", random.IntN(40)))
		text(4, r, family[random.IntN(len(family))]+given[random.IntN(len(given))])
		text(5, r, fmt.Sprintf("459901%04d%02d%02d%04d", 1940+random.IntN(60), 1+random.IntN(12), 1+random.IntN(28), random.IntN(10_000)))
		text(6, r, fmt.Sprintf("6217%015d", random.Int64N(1e15)))
		text(7, r, "甲县农村信用合作联社")
		text(8, r, []string{"农资综合补贴", "良种补贴", "退耕还林", "农村低保"}[random.IntN(4)])
		number(9, r, 2, float64(random.IntN(2000))/100)
		number(10, r, 2, float64(random.IntN(30000))/100)
		number(11, r, 2, float64(random.IntN(1_000_000))/100)
		number(12, r, 3, float64(42_736+random.IntN(365)))
		if random.IntN(10) == 0 {
			text(13, r, "代领")
		} else {
			fmt.Fprintf(&sheet, `<c r="N%d" s="1"/>`, r)
		}
		sheet.WriteString(`</row>`)
	}
	sheet.WriteString(`</sheetData><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/></worksheet>`)
	fmt.Fprintf(&texts, `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`+"\r\n"+`<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="%d" uniqueCount="%d">`, rows*8, len(order))
	for _, s := range order {
		fmt.Fprintf(&texts, `<si><t>%s</t><phoneticPr fontId="1" type="noConversion"/></si>`, s)
	}
	texts.WriteString(`</sst>`)
	return zipOf(tb, workbookParts(sheet.String(), texts.String()))
}

// workbookParts are the parts of a workbook with one sheet.
func workbookParts(sheet, texts string) map[string]string {
	const head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\r\n"
	const rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	parts := map[string]string{
		"[Content_Types].xml":        head + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
		"_rels/.rels":                head + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + rel + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            head + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="` + rel + `"><sheets><sheet name="发放表" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": head + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + rel + `/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="` + rel + `/styles" Target="styles.xml"/><Relationship Id="rId3" Type="` + rel + `/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/styles.xml":              head + `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="176" formatCode="0.00_ "/></numFmts><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="49" applyNumberFormat="1"/><xf numFmtId="176" applyNumberFormat="1"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`,
		"xl/worksheets/sheet1.xml":   sheet,
	}
	if texts != "" {
		parts["xl/sharedStrings.xml"] = texts
	}
	return parts
}

// zipOf packs parts, by name, at the level that Excel uses.
func zipOf(tb testing.TB, parts map[string]string) []byte {
	tb.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	names := make([]string, 0, len(parts))
	for name := range parts {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, parts[name])
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// A cost is what one reading took.
type cost struct{ wall, cpu float64 }

// timed runs f with the heap clean before it.
func timed(b *testing.B, f func() error) cost {
	b.Helper()
	runtime.GC()
	cpu := func() float64 {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
	}
	start, before := time.Now(), cpu()
	if err := f(); err != nil {
		b.Fatal(err)
	}
	return cost{time.Since(start).Seconds(), cpu() - before}
}

// median is by wall and by CPU apart.
func median(costs []cost) cost {
	var wall, cpu []float64
	for _, c := range costs {
		wall, cpu = append(wall, c.wall), append(cpu, c.cpu)
	}
	slices.Sort(wall)
	slices.Sort(cpu)
	return cost{wall[len(wall)/2], cpu[len(cpu)/2]}
}

func inflateOnly(data []byte) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err
	}
	for _, f := range z.File {
		off, err := f.DataOffset()
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, flate.NewReader(bytes.NewReader(data[off:off+int64(f.CompressedSize64)]))); err != nil {
			return err
		}
	}
	return nil
}

func rowsOfExcelize(data []byte) error {
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true})
	if err != nil {
		return err
	}
	defer f.Close()
	rows, err := f.Rows(f.GetSheetList()[0])
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if _, err := rows.Columns(); err != nil {
			return err
		}
	}
	return rows.Error()
}

// BenchmarkXLSX reads one roster of 300,000 rows by three ways in turn and
// reports ratios: excelize over ours by wall and CPU, ours over inflating alone
// by CPU. BENCH_ROUNDS sets how often (default 3; excelize runs every time).
func BenchmarkXLSX(b *testing.B) {
	for _, inline := range []bool{false, true} {
		name := "shared"
		if inline {
			name = "inline"
		}
		b.Run(name, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "roster.xlsx")
			if err := os.WriteFile(path, payeeBook(b, benchRows, inline), 0o600); err != nil {
				b.Fatal(err)
			}
			data, err := os.ReadFile(path)
			if err != nil {
				b.Fatal(err)
			}
			rounds, err := strconv.Atoi(os.Getenv("BENCH_ROUNDS"))
			if err != nil {
				rounds = 3
			}
			var theirs, inflating, ours []cost
			for b.Loop() {
				for range rounds {
					inflating = append(inflating, timed(b, func() error { return inflateOnly(data) }))
					ours = append(ours, timed(b, func() error {
						book, err := Read(context.Background(), Member{Name: path, Data: data}, Options{})
						if err == nil && book.Sheets[0].Rows != benchRows+1 {
							err = fmt.Errorf("%d rows: %w", book.Sheets[0].Rows, book.Sheets[0].Err)
						}
						return err
					}))
					if os.Getenv("BENCH_OURS") == "" {
						theirs = append(theirs, timed(b, func() error { return rowsOfExcelize(data) }))
					}
				}
			}
			us, flat := median(ours), median(inflating)
			b.ReportMetric(us.wall, "wall-s")
			b.ReportMetric(us.cpu, "cpu-s")
			b.ReportMetric(flat.cpu, "inflate-cpu-s")
			b.ReportMetric(us.cpu/flat.cpu, "×inflate-cpu")
			if len(theirs) > 0 {
				them := median(theirs)
				b.ReportMetric(them.wall/us.wall, "×faster-wall")
				b.ReportMetric(them.cpu/us.cpu, "×faster-cpu")
			}
		})
	}
}

// BenchmarkMemory reports what a roster of a million rows takes on the heap, at
// most while it is read and once it is.
func BenchmarkMemory(b *testing.B) {
	data := payeeBook(b, 1_000_000, false)
	heap := func() float64 {
		s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		metrics.Read(s)
		return float64(s[0].Value.Uint64()) / 1e6
	}
	for b.Loop() {
		runtime.GC()
		before, peak := heap(), 0.0
		done, stopped := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(stopped)
			for {
				select {
				case <-done:
					return
				case <-time.After(time.Millisecond):
					peak = max(peak, heap()-before)
				}
			}
		}()
		book, err := Read(context.Background(), Member{Name: "roster.xlsx", Data: data}, Options{})
		close(done)
		<-stopped
		if err != nil || book.Sheets[0].Rows != 1_000_001 {
			b.Fatal(err)
		}
		runtime.GC()
		b.ReportMetric(peak, "peak-MB")
		b.ReportMetric(heap()-before, "held-MB")
		runtime.KeepAlive(book)
	}
}
