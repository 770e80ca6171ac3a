package pipeline_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"testing"

	"fundtrace/pipeline/intake"
	"fundtrace/pipeline/key"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// rosterBook writes a roster of n payments in 12 columns as Excel saves it:
// shared strings, spans and x14ac:dyDescent. People of one book differ from
// those of another, each paid twice.
func rosterBook(tb testing.TB, path string, book, n int) {
	tb.Helper()
	var sheet, texts bytes.Buffer
	index := map[string]int{}
	text := func(col, row int, s string) {
		i, ok := index[s]
		if !ok {
			i = len(index)
			index[s] = i
			fmt.Fprintf(&texts, "<si><t>%s</t></si>", s)
		}
		fmt.Fprintf(&sheet, `<c r="%c%d" s="1" t="s"><v>%d</v></c>`, 'A'+col, row, i)
	}
	number := func(col, row int, f float64) { fmt.Fprintf(&sheet, `<c r="%c%d"><v>%.17g</v></c>`, 'A'+col, row, f) }
	sheet.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"><sheetData>`)
	weights := []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	for r := 1; r <= n+1; r++ {
		fmt.Fprintf(&sheet, `<row r="%d" spans="1:12" x14ac:dyDescent="0.15">`, r)
		if r == 1 {
			for c, h := range []string{"序号", "村", "户主姓名", "户主身份证号", "享受人", "享受人身份证号", "银行账号", "补贴项目", "所属期", "金额", "发放日期", "发放状态"} {
				text(c, r, h)
			}
			sheet.WriteString(`</row>`)
			continue
		}
		p := book*n + r/2
		digits := fmt.Sprintf("459901%04d%02d%02d%03d", 1930+p%80, 1+p/80%12, 1+p/960%28, p/26880%1000)
		sum := 0
		for i, w := range weights {
			sum += w * int(digits[i]-'0')
		}
		id, name := digits+string("10X98765432"[sum%11]), string([]rune("王李张刘陈杨黄赵吴周")[p%10])+string([]rune("一二三四五六七八九十百千万亿兆")[p/10%15])
		number(0, r, float64(r-1))
		text(1, r, fmt.Sprintf("第%d村", p%40))
		text(2, r, name)
		text(3, r, id)
		text(4, r, name)
		text(5, r, id)
		text(6, r, fmt.Sprintf("6217%015d", p))
		text(7, r, "农村低保")
		text(8, r, fmt.Sprintf("2017年%d月", 1+r%2))
		number(9, r, float64(100+p%900)+0.35)
		text(10, r, fmt.Sprintf("2017-%02d-15", 2+r%2))
		text(11, r, "已发放")
		sheet.WriteString(`</row>`)
	}
	sheet.WriteString(`</sheetData></worksheet>`)
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>`},
		{"_rels/.rels", `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>`},
		{"xl/sharedStrings.xml", `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` + texts.String() + `</sst>`},
		{"xl/worksheets/sheet1.xml", sheet.String()},
	} {
		w, err := z.Create(part[0])
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := w.Write([]byte(part[1])); err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		tb.Fatal(err)
	}
}

// BenchmarkFolder measures a folder of 20 workbooks of 50,000 payments each to
// canonical tables, accounting and identity included. The figure to watch is
// rows/cpu-s.
func BenchmarkFolder(b *testing.B) {
	const books, rows = 20, 50_000
	dir := b.TempDir()
	for i := range books {
		rosterBook(b, filepath.Join(dir, fmt.Sprintf("甲县%d镇2017年低保.xlsx", i)), i, rows)
	}
	p := policy.Builtin()
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the command does
	var cpu [2]float64                                // read, resolve
	for b.Loop() {
		start := cpuSeconds()
		in, err := intake.Read(context.Background(), []string{dir}, intake.Options{Policy: p})
		if err != nil {
			b.Fatal(err)
		}
		read := cpuSeconds()
		set, _, err := key.Resolve(in.Tables, in.Sources, p)
		if err != nil {
			b.Fatal(err)
		}
		if n := set.Get(table.Payment).Len(); n != books*rows {
			b.Fatalf("%d payments read of %d", n, books*rows)
		}
		cpu[0] += read - start
		cpu[1] += cpuSeconds() - read
	}
	n := float64(b.N * books * rows)
	b.ReportMetric(n/(cpu[0]+cpu[1]), "rows/cpu-s")
	b.ReportMetric(1e6*cpu[0]/n, "read-cpu-µs/row")
	b.ReportMetric(1e6*cpu[1]/n, "identity-cpu-µs/row")
}

// cpuSeconds returns the processor time this process has used.
func cpuSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
