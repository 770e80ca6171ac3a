package main

import (
	"fmt"
	"io"
	"path/filepath"
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

// printFalls says of what much less was read than in the run before.
func printFalls(w io.Writer, d *report.Data, falls []report.Fall) {
	if len(falls) == 0 {
		return
	}
	fmt.Fprintln(w, detect.Text{Zh: "比上一次运行少得多,请核对报送是否齐全:", En: "Much less than in the run before; see whether everything was delivered:"}.In(d.Lang))
	for _, f := range falls {
		fmt.Fprintf(w, "  %s %s → %s\n", f.What.In(d.Lang), f.Before, f.Now)
	}
}

// printSummary says in a few lines what was read, set aside and found, and where
// the results lie.
func printSummary(w io.Writer, d *report.Data, out string) {
	say := func(zh, en string, args ...any) {
		fmt.Fprintf(w, detect.Text{Zh: zh, En: en}.In(d.Lang)+"\n", args...)
	}
	printUnread(w, d)
	status := map[string]int{}
	for _, in := range d.Intake.Inputs {
		status[in.Status]++
	}
	bins := map[intake.Bin]int{}
	rows, aside := 0, 0
	for _, s := range d.Intake.Sheets {
		rows += s.Rows - s.Bins[intake.Duplicate]
		if s.Table == "" && s.Rows > 0 {
			aside++
		}
		for _, b := range intake.Bins {
			bins[b] += s.Bins[b]
		}
	}
	say("读取 %d 个文件、%d 行:载入 %d,标题表头 %d,空行 %d,合计 %d,说明 %d,拒收 %d;另有重复 %d 行未计",
		"Read %d files, %d rows: loaded %d, headers %d, blank %d, totals %d, notes %d, rejected %d; %d more say again what others said",
		len(d.Intake.Inputs), rows, bins[intake.Loaded], bins[intake.Header], bins[intake.BlankRow], bins[intake.Total],
		bins[intake.Note], bins[intake.Rejected], bins[intake.Duplicate])
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
	for _, a := range pay.Ints("_net") {
		if a != table.Null {
			paid += table.Fen(a)
		}
	}
	say("发放 %d 笔、净额 %s 元;资金 %d 笔,收支恒等式逐笔平衡", "%d payments, %s yuan net; %d funds, every one balances to the fen",
		pay.Len(), paid, len(d.Funds))
	printTraced(say, d)
	say("线索 %d 条:", "%d leads:", len(d.Leads))
	for _, f := range detect.Families {
		var n int
		var amount table.Fen
		var each []string
		for _, r := range d.Rules {
			if r.Rule.Family != f.Family {
				continue
			}
			of := 0
			for _, l := range d.Leads {
				if l.Rule == r.Rule {
					of++
					amount += l.Amount
				}
			}
			if of > 0 {
				n += of
				each = append(each, fmt.Sprintf("%s %d", r.Rule.ID, of))
			}
		}
		if n > 0 {
			say("  %s %s %d 条,%s 元:%s", "  %s %s: %d, %s yuan: %s", f.Family, f.Name.In(d.Lang), n, amount, strings.Join(each, ", "))
		}
	}
	var not, failed []string
	for _, r := range d.Rules {
		if r.Lacking != "" {
			not = append(not, r.Rule.ID+" ("+r.Lacking+")")
		}
		if n := len(r.Failed); n > 0 {
			failed = append(failed, fmt.Sprintf("%s (%d)", r.Rule.ID, n))
		}
	}
	if len(failed) > 0 {
		say("出错的规则(未能判断的对象数),详见 run.json:%s", "Rules that failed (subjects not judged), see run.json: %s", strings.Join(failed, ", "))
	}
	if len(not) > 0 {
		say("缺少数据、未能判断的规则:%s", "Rules not judged for want of data: %s", strings.Join(not, ", "))
	}
	for _, w := range d.Withheld {
		say("需复核的规则:%s 标出的比例过高,%d 条线索未列出(见数据质量表;--all 可列出)", "Rule to be looked at: %s flags so much that its %d leads are withheld (see data quality; --all lists them)", w.Rule.ID, w.Leads)
	}
	for _, q := range d.Questions {
		if q.Office == "" { // for whoever set up the run
			say("请补充:%s(%d 条)", "To be set up: %s (%d)", q.What.In(d.Lang), q.Leads)
		}
	}
	say("结果:%s  检查人员看 %s", "Results: %s  inspectors open %s", out, filepath.Join(out, "leads.xlsx"))
}

// mostStops bounds the lines of a summary on where ways stop; run.json has them
// all.
const mostStops = 4

// printTraced says how much could be followed from notice to household, and
// where most of the rest stops.
func printTraced(say func(zh, en string, args ...any), d *report.Data) {
	t := d.Traced()
	share := func(part, whole float64) float64 { return 100 * part / max(whole, 1) }
	say("从指标追踪到户:%d 笔(%.1f%%)、%s 元(%.1f%%)", "Traced from notice to household: %d payments (%.1f%%), %s yuan (%.1f%%)",
		t.Payments, share(float64(t.Payments), float64(t.Of)), t.Amount, share(float64(t.Amount), float64(t.OfThem)))
	for i, s := range t.Stops {
		if i == mostStops {
			say("  另有 %d 处,见 run.json", "  and %d more, see run.json", len(t.Stops)-i)
			break
		}
		office := s.Office
		if office == "" {
			office = detect.Text{Zh: "未注明单位", En: "no office named"}.In(d.Lang)
		}
		say("  其余止于 %s:%s,%d 笔、%s 元", "  the rest stops at %s: %s, %d payments, %s yuan", office, report.Because(s.Reason, d.Lang), s.Payments, s.Amount)
	}
	if n := len(d.Questions); n > 0 {
		say("待查问题 %d 个(见数据质量表和 run.json)", "%d questions for offices (see the data quality sheet and run.json)", n)
	}
}

// mostUnread bounds the sheets that a summary names; the workbook names them all.
const mostUnread = 10

// printUnread names what looks like a table and was not read, first of all that a
// summary says: the money in it is in no figure below.
func printUnread(w io.Writer, d *report.Data) {
	say := func(zh, en string, args ...any) {
		fmt.Fprintf(w, detect.Text{Zh: zh, En: en}.In(d.Lang)+"\n", args...)
	}
	n := 0
	for _, s := range d.Intake.Sheets {
		if s.Unread[1] > 0 {
			n++
		}
	}
	if n > 0 {
		say("有 %d 张像表的工作表未能读入,其中的人和钱不在下列数字中:", "%d sheets that look like tables were not read; who and what stands in them is in no figure below:", n)
	}
	shown := 0
	for _, s := range d.Intake.Sheets {
		if s.Unread[1] == 0 && !s.Near {
			continue
		}
		if shown++; shown > mostUnread {
			continue
		}
		likely := ""
		if t := table.SchemaNamed(s.Nearest); t != nil && s.Unread[1] > 0 {
			likely = detect.Text{Zh: "(最像" + t.Zh + "表)", En: " (nearest to " + t.Name + ")"}.In(d.Lang)
		}
		if s.Unread[1] > 0 {
			say("  %s [%s] 第%d至%d行%s:%s", "  %s [%s] rows %d to %d%s: %s", s.File, s.Sheet, s.Unread[0], s.Unread[1], likely, s.Reason)
		} else {
			say("  %s [%s]:%s", "  %s [%s]: %s", s.File, s.Sheet, s.Reason)
		}
	}
	if shown > mostUnread {
		fmt.Fprintf(w, "  … +%d\n", shown-mostUnread)
	}
}
