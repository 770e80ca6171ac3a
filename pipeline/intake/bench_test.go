package intake

import (
	"fmt"
	"sync/atomic"
	"syscall"
	"testing"

	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/sheet"
)

// payroll makes a roster of n payments in 12 columns as a workbook holds it:
// every text once in the strings, amounts as numbers, dates as dates.
func payroll(file, n int) *sheet.Grid {
	g := &sheet.Grid{Name: "Sheet1", Rows: n + 2, Strings: sheet.NewStrings(), Cols: make([][]sheet.Cell, 12)}
	for c := range g.Cols {
		g.Cols[c] = make([]sheet.Cell, n+2)
	}
	text := func(s string) sheet.Cell { return sheet.TextCell(g.Strings.AddString(s)) }
	number := func(k sheet.Kind, s string) sheet.Cell {
		d, _ := sheet.ParseDecimal([]byte(s))
		return sheet.DecimalCell(k, d)
	}
	for c, h := range []string{"序号", "村", "户主", "户主身份证号", "享受人", "享受人身份证号", "银行账号", "补贴项目", "所属期", "补助金额", "发放日期", "发放状态"} {
		g.Cols[c][0] = text(h)
	}
	var villages, periods [10]sheet.Cell
	for i := range villages {
		villages[i], periods[i] = text(fmt.Sprintf("第%d村", i)), text(fmt.Sprintf("2017年%d月", i+1))
	}
	program, state := text("农村低保"), text("已发放")
	family, given := []rune("王李张刘陈杨黄赵吴周"), []rune("一二三四五六七八九十百千万亿兆")
	for r := 1; r <= n; r++ {
		p := file*n + r
		name := text(string([]rune{family[r%10], given[p%15], given[p/15%15]}))
		id := text(fmt.Sprintf("4599011970%08d", p))
		for c, cell := range []sheet.Cell{
			number(sheet.KindNumber, fmt.Sprint(r)), villages[r%10], name, id, name, id, text(fmt.Sprintf("6217%015d", p)),
			program, periods[r%10], number(sheet.KindNumber, fmt.Sprintf("%d.5", 100+p%900)), number(sheet.KindDate, fmt.Sprint(42800+r%30)), state,
		} {
			g.Cols[c][r] = cell
		}
	}
	g.Cols[0][n+1] = text("合计")
	g.Cols[9][n+1] = number(sheet.KindNumber, "1")
	return g
}

// cpuTime returns the processor time that the process has used, in nanoseconds.
func cpuTime() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

// BenchmarkTables measures grids to canonical tables: 20 rosters of 50,000 rows.
// The figure to watch is cpu-ns/row, of which the joining of files is the second.
func BenchmarkTables(b *testing.B) {
	const files, rows = 20, 50_000
	grids := make([]*sheet.Grid, files)
	for i := range grids {
		grids[i] = payroll(i, rows)
	}
	opt := Options{Policy: policy.Builtin()}
	b.Run("sheets", func(b *testing.B) {
		start := cpuTime()
		for b.Loop() {
			readGrids(b, grids, opt)
		}
		b.ReportMetric(float64(cpuTime()-start)/float64(b.N*files*rows), "cpu-ns/row")
	})
	outs := readGrids(b, grids, opt)
	b.Run("join", func(b *testing.B) {
		start := cpuTime()
		for b.Loop() {
			res, err := join(outs, policy.Builtin(), "zh")
			if err != nil || res.Sheets[0].Lines != rows {
				b.Fatal(err, res.Sheets[0])
			}
		}
		b.ReportMetric(float64(cpuTime()-start)/float64(b.N*files*rows), "cpu-ns/row")
	})
}

func readGrids(b *testing.B, grids []*sheet.Grid, opt Options) []fileOut {
	outs := make([]fileOut, len(grids))
	for i, g := range grids {
		outs[i].input = Input{File: fmt.Sprintf("甲县/%d.xlsx", i)}
		if err := outs[i].sheets(&sheet.Book{Sheets: []*sheet.Grid{g}}, opt, new(atomic.Int64)); err != nil {
			b.Fatal(err)
		}
	}
	return outs
}
