package report

import (
	"fmt"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/rank"
	"fundtrace/pipeline/table"
)

// writeWorkbook writes leads.xlsx, the workbook that inspectors print and take
// along. Numbers are never masked in it: they are what is looked up on the spot.
func writeWorkbook(path string, d *Data) (err error) {
	b, err := newBook(path, d)
	if err != nil {
		return err
	}
	defer func() {
		if e := b.f.Close(); err == nil {
			err = e
		}
	}()
	leads := ranked(d.Leads)
	plan := newVisitPlan(d, leads)
	if err := b.addIntro(leads, plan); err != nil {
		return err
	}
	overview, err := b.add(b.overview(leads))
	if err != nil {
		return err
	}
	sheets := b.families(leads)
	sheets = append(sheets, b.chains(leads), b.visits(plan))
	sheets = append(sheets, b.lists(leads, overview)...)
	sheets = append(sheets, b.quality())
	for _, s := range sheets {
		if _, err := b.add(s); err != nil {
			return err
		}
	}
	return b.save(path)
}

// leadIDHead and the heads of the columns to fill are what the findings are
// read back by.
func (b *book) leadIDHead() string { return b.t("线索编号", "Lead") }

// fills returns the columns for the inspector, the same on every sheet that
// has them.
func (b *book) fills() []col {
	var found, done []string
	for _, c := range findingCodes {
		found = append(found, say(c, b.d.Lang))
	}
	for _, m := range measures {
		done = append(done, m.In(b.d.Lang))
	}
	return []col{
		{head: b.t("核查结果", "Finding"), width: 8.5, look: fillText, choices: found},
		{head: b.t("处理方式", "Measure"), width: 8.5, look: fillText, choices: done},
		{head: b.t("追回金额", "Recovered"), width: 9.5, look: fillMoney},
		{head: b.t("核查人", "Inspector"), width: b.w(7, 9), look: fillText},
		{head: b.t("核查日期", "Date"), width: 10.5, look: fillDate},
		{head: b.t("备注", "Remarks"), width: 7.5, look: fillText},
	}
}

// filled returns what is known of a lead for those columns.
func (b *book) filled(l *rank.Lead) []any {
	var found, back any
	for _, c := range findingCodes {
		if l.Status == c {
			found = say(c, b.d.Lang)
		}
	}
	if l.Cleared != 0 {
		back = l.Cleared
	}
	return []any{found, nil, back, nil, nil, nil}
}

// severity returns a lead's severity, in red where it is high.
func (b *book) severity(l *rank.Lead) any {
	if l.Severity == "high" {
		return styled{say(l.Severity, b.d.Lang), urgent}
	}
	return say(l.Severity, b.d.Lang)
}

// overview is every lead, ranked, one line each.
func (b *book) overview(leads []*rank.Lead) sheet {
	return sheet{
		name:  b.t("线索总表", "All leads"),
		title: b.t("问题线索总表", "All leads"),
		note: b.t("单位：元。按得分从高到低排列。线索只是核查的起点，不是结论。浅黄色各列由核查人填写；同一条线索在本表或分类表中填写一次即可。",
			"Yuan. Highest score first. A lead is where to look, not a finding. Fill in the yellow columns, once for each lead, here or on the sheet of its family."),
		cols: append([]col{
			{head: b.t("序号", "No."), width: 5, look: whole},
			{head: b.leadIDHead(), width: 9, look: centered},
			{head: b.t("等级", "Level"), width: b.w(5, 7.5), look: centered},
			{head: b.t("得分", "Score"), width: 5, look: whole},
			{head: b.t("状态", "State"), width: b.w(5.5, 8.5), look: centered},
			{head: b.t("疑点类型", "Rule"), width: b.w(9, 14), look: plain},
			{head: b.t("对象", "Subject"), width: 18, look: plain},
			{head: b.t("地点", "Place"), width: 8, look: plain},
			{head: b.t("涉及金额（元）", "Amount (yuan)"), width: 13.5, look: money},
			{head: b.t("疑点说明", "What stands out"), width: 35, look: plain},
			{head: b.t("原始数据位置", "Where in the files"), width: 25, look: plain},
		}, b.fills()...),
		rows: len(leads),
		row: func(i int) []any {
			l := leads[i]
			return append([]any{
				i + 1, l.ID, b.severity(l), l.Score, say(l.Status, b.d.Lang), l.Rule.Title.In(b.d.Lang), subject(l), place(l),
				l.Amount, l.Summary, sources(l, b.d.Lang, 1, detect.Text{Zh: "见分类表", En: "see the family's sheet"}),
			}, b.filled(l)...)
		},
	}
}

// families is a sheet for each family that has leads, with all that a lead
// rests on.
func (b *book) families(leads []*rank.Lead) []sheet {
	var out []sheet
	for _, f := range detect.Families {
		var mine []*rank.Lead
		var sum table.Fen
		for _, l := range leads {
			if l.Rule.Family == f.Family {
				mine = append(mine, l)
				sum += l.Amount
			}
		}
		if len(mine) == 0 {
			continue
		}
		out = append(out, sheet{
			name:  detect.Text{Zh: f.Name.Zh, En: string(f.Family) + " leads"}.In(b.d.Lang),
			title: b.t("问题线索——"+f.Name.Zh, "Leads: "+f.Name.En),
			note: fmt.Sprintf(b.t("共 %d 条，涉及金额 %s 元（同一笔资金可能出现在多条线索中）。每条列明事实、原始数据所在的文件、工作表和行号，以及怎样核查。",
				"%d leads, %s yuan (one payment may stand in several). Each with its facts, where the rows are, and how to check it."), len(mine), thousands(sum)),
			cols: append([]col{
				{head: b.t("序号", "No."), width: 5, look: whole},
				{head: b.leadIDHead(), width: 9, look: centered},
				{head: b.t("等级", "Level"), width: b.w(5, 7.5), look: centered},
				{head: b.t("疑点类型", "Rule"), width: b.w(9, 14), look: plain},
				{head: b.t("对象", "Subject"), width: 18, look: plain},
				{head: b.t("地点", "Place"), width: 8, look: plain},
				{head: b.t("涉及金额（元）", "Amount (yuan)"), width: 13.5, look: money},
				{head: b.t("疑点与事实", "What stands out, and the facts"), width: 38, look: plain},
				{head: b.t("原始数据位置", "Where in the files"), width: 25, look: plain},
				{head: b.t("核查方法与依据", "How to check; provision"), width: 25, look: plain},
			}, b.fills()...),
			rows: len(mine),
			row: func(i int) []any {
				l := mine[i]
				return append([]any{
					i + 1, l.ID, b.severity(l), l.Rule.Title.In(b.d.Lang) + "\n" + l.Rule.ID, subject(l), place(l), l.Amount,
					b.matter(l), sources(l, b.d.Lang, 30, detect.Text{Zh: "其余见 leads.jsonl", En: "the others in leads.jsonl"}), b.method(l),
				}, b.filled(l)...)
			},
		})
	}
	return out
}

// matter puts into words what a lead says and how sure it is.
func (b *book) matter(l *rank.Lead) string {
	parts := []string{l.Summary}
	if g := grant(l, b.t("，", ", ")); g != "" {
		parts = append(parts, b.t("资金项目：", "Grant: ")+g)
	}
	if f := facts(l, b.d.Lang); f != "" {
		parts = append(parts, b.t("事实：", "Facts: ")+f)
	}
	if len(l.Responsible) > 0 {
		parts = append(parts, b.t("经手：", "Handled by: ")+strings.Join(l.Responsible, b.t("、", ", ")))
	}
	sure := b.t("证据等级 ", "Grade ") + l.Grade.String()
	if l.Match != detect.Exact {
		sure += b.t("，身份匹配：", ", match: ") + say(l.Match.String(), b.d.Lang)
	}
	sure += fmt.Sprintf(b.t("；得分 %d（%s）", "; score %d (%s)"), l.Score, terms(l, b.d.Lang))
	parts = append(parts, sure)
	if n := len(l.Corroborated); n > 0 {
		parts = append(parts, b.t("印证：", "Corroborated by: ")+strings.Join(l.Corroborated[:min(n, 5)], b.t("、", ", "))+more(n-5, b.d.Lang))
	}
	return strings.Join(parts, "\n")
}

// method says how to check a lead and what it may breach.
func (b *book) method(l *rank.Lead) string {
	s := l.Rule.Doc.Verify.In(b.d.Lang)
	if x := basis(l); x != "" {
		s += "\n" + b.t("可能涉及：", "May breach: ") + x
	}
	return s
}

// more says that n are left out, "" for none.
func more(n int, lang string) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf(detect.Text{Zh: "等，另有 %d 个", En: " and %d more"}.In(lang), n)
}
