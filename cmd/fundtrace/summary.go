package main

import (
	"cmp"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/intake"
	"fundtrace/pipeline/report"
	"fundtrace/pipeline/table"
)

// rejections returns the inputs that could not be read, wholly or in part.
func rejections(d *report.Data) []intake.Input {
	var out []intake.Input
	for _, in := range d.Intake.Inputs {
		if in.Status == "rejected" || in.Status == "partly" {
			out = append(out, in)
		}
	}
	return out
}

func printRejections(w io.Writer, d *report.Data) {
	for _, in := range rejections(d) {
		fmt.Fprintf(w, "  %s: %s\n", in.File, in.Reason)
	}
}

// printSummary says in a few lines what was read, set aside and found, and where
// the results lie.
func printSummary(w io.Writer, d *report.Data, out string) {
	say := func(zh, en string, args ...any) {
		fmt.Fprintf(w, detect.Text{Zh: zh, En: en}.In(d.Lang)+"\n", args...)
	}
	status := map[string]int{}
	for _, in := range d.Intake.Inputs {
		status[in.Status]++
	}
	bins := map[intake.Bin]int{}
	rows, aside := 0, 0
	for _, s := range d.Intake.Sheets {
		rows += s.Rows
		if s.Table == "" && s.Rows > 0 {
			aside++
		}
		for _, b := range intake.Bins {
			bins[b] += s.Bins[b]
		}
	}
	say("读取 %d 个文件、%d 行:载入 %d,标题表头 %d,空行 %d,合计 %d,说明 %d,重复 %d,拒收 %d",
		"Read %d files, %d rows: loaded %d, headers %d, blank %d, totals %d, notes %d, duplicate %d, rejected %d",
		len(d.Intake.Inputs), rows, bins[intake.Loaded], bins[intake.Header], bins[intake.BlankRow], bins[intake.Total],
		bins[intake.Note], bins[intake.Duplicate], bins[intake.Rejected])
	say("未用文件:重复 %d,跳过 %d,拒收 %d,部分读取 %d;不是业务表的工作表 %d 张",
		"Files not used: duplicate %d, skipped %d, rejected %d, read in part %d; sheets that are no table: %d",
		status["duplicate"], status["skipped"], status["rejected"], status["partly"], aside)
	for _, in := range d.Intake.Inputs {
		if in.Status != "read" {
			fmt.Fprintf(w, "  %s: %s\n", in.File, in.Reason)
		}
	}
	pay := d.Tables.Get(table.Payment)
	var paid table.Fen
	for _, a := range pay.Ints("amount") {
		if a != table.Null {
			paid += table.Fen(a)
		}
	}
	say("发放 %d 笔、%s 元;资金 %d 笔,收支恒等式逐笔平衡", "%d payments, %s yuan; %d funds, every one balances to the fen",
		pay.Len(), paid, len(d.Funds))
	say("线索 %d 条:", "%d leads:", len(d.Leads))
	type line struct {
		id, title string
		n         int
		amount    table.Fen
	}
	by := map[string]*line{}
	var lines []*line
	for _, l := range d.Leads {
		e := by[l.Rule.ID]
		if e == nil {
			e = &line{id: l.Rule.ID, title: l.Rule.Title.In(d.Lang)}
			by[l.Rule.ID] = e
			lines = append(lines, e)
		}
		e.n++
		e.amount += l.Amount
	}
	slices.SortFunc(lines, func(a, b *line) int { return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.id, b.id)) })
	for _, l := range lines {
		fmt.Fprintf(w, "  %5d  %-22s %14s  %s\n", l.n, l.id, l.amount, l.title)
	}
	var not []string
	for _, r := range d.Rules {
		if r.Lacking != "" {
			not = append(not, r.Rule.ID+" ("+r.Lacking+")")
		}
	}
	if len(not) > 0 {
		say("缺少数据、未能判断的规则:%s", "Rules not judged for want of data: %s", strings.Join(not, ", "))
	}
	say("结果:%s  检查人员看 %s", "Results: %s  inspectors open %s", out, filepath.Join(out, "leads.xlsx"))
}
