package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/rank"
	"fundtrace/pipeline/table"
)

// lists are the five by which findings are tracked: what is wrong, what is to
// do, who is answerable, what is pressed for, what came of it. overview names
// the sheets on which findings are filled in.
func (b *book) lists(leads []*rank.Lead, overview []string) []sheet {
	var open []*rank.Lead
	for _, l := range leads {
		if l.Status != "gone" && l.Status != "refuted" {
			open = append(open, l)
		}
	}
	return []sheet{b.problems(open), b.tasks(open), b.duties(open), b.pressed(open), b.effects(leads, overview)}
}

// numbered returns a sheet of a line for each of all, which begins with its
// number, from 1; s has the rest.
func numbered[T any](b *book, s sheet, all []T, line func(i int, x T) []any) sheet {
	s.cols = append([]col{{head: b.t("序号", "No."), width: 6, look: whole}}, s.cols...)
	s.rows = len(all)
	s.row = func(i int) []any { return append([]any{i + 1}, line(i, all[i])...) }
	return s
}

// leadIDs is the column of the leads that a line is about.
func (b *book) leadIDs() col { return col{head: b.leadIDHead(), width: 18, look: centered} }

// A bundle is leads that stand on one line of a list.
type bundle struct {
	key    []string
	leads  []*rank.Lead
	amount table.Fen
	high   int
}

// bundles puts leads together by what key gives, in order of first appearance.
// A lead goes to every key it has.
func bundles(leads []*rank.Lead, keys func(*rank.Lead) [][]string) []*bundle {
	var out []*bundle
	of := map[string]*bundle{}
	for _, l := range leads {
		for _, k := range keys(l) {
			id := strings.Join(k, "\x00")
			g := of[id]
			if g == nil {
				g = &bundle{key: k}
				of[id] = g
				out = append(out, g)
			}
			g.leads = append(g.leads, l)
			g.amount += l.Amount
			if l.Severity == "high" {
				g.high++
			}
		}
	}
	return out
}

// ids returns the leads' numbers, some of them where they are many.
func (g *bundle) ids(lang string) string {
	const most = 10
	var ids []string
	for _, l := range g.leads[:min(len(g.leads), most)] {
		ids = append(ids, l.ID)
	}
	return strings.Join(ids, "\n") + more(len(g.leads)-most, lang)
}

// titles returns the titles of the leads' rules with their numbers.
func (g *bundle) titles(lang string) string {
	n := map[string]int{}
	var order []string
	for _, l := range g.leads {
		t := l.Rule.Title.In(lang)
		if n[t] == 0 {
			order = append(order, t)
		}
		n[t]++
	}
	for i, t := range order {
		order[i] = fmt.Sprintf("%s %d", t, n[t])
	}
	return strings.Join(order, detect.Text{Zh: "；", En: "; "}.In(lang))
}

// problems is a line a case: person, matter, cause, institution.
func (b *book) problems(leads []*rank.Lead) sheet {
	cases := bundles(leads, func(l *rank.Lead) [][]string { return [][]string{{l.CaseID}} })
	return numbered(b, sheet{
		name:  b.t("问题清单", "Problems"),
		title: b.t("问题清单", "List of problems"),
		note: b.t("同一户、同一账户、同一单位或项目的线索并为一个问题，见人、见事、见因、见制。金额单位：元；同一问题内各线索金额可能重叠，取最大一条。",
			"Leads on one household, account, unit or project are one problem: person, matter, cause, institution. Yuan; leads of one problem may overlap, so the largest amount is given."),
		cols: []col{
			{head: b.t("等级", "Level"), width: b.w(6, 7.5), look: centered},
			{head: b.t("人（对象）", "Who"), width: 20.5, look: plain},
			{head: b.t("地点", "Place"), width: 12, look: plain},
			{head: b.t("事（疑点）", "What"), width: 52, look: plain},
			{head: b.t("涉及金额（元）", "Amount (yuan)"), width: 14.5, look: money},
			{head: b.t("因（经手单位和人员）", "Handled by"), width: 18, look: plain},
			{head: b.t("制（应起作用的制度）", "Control that should have caught it"), width: 30, look: plain},
			b.leadIDs(),
			{head: b.t("认定情况", "Found"), width: 14, look: fillText},
		},
	}, cases, func(_ int, g *bundle) []any {
		var what, who, control []string
		var most table.Fen
		for _, l := range g.leads {
			if len(what) < 6 {
				what = append(what, l.Rule.Title.In(b.d.Lang)+b.t("：", ": ")+l.Summary)
			}
			for _, r := range l.Responsible {
				if !slices.Contains(who, r) && len(who) < 8 {
					who = append(who, r)
				}
			}
			if c := l.Rule.Doc.Control.In(b.d.Lang); !slices.Contains(control, c) {
				control = append(control, c)
			}
			most = max(most, l.Amount)
		}
		return []any{
			b.severity(g.leads[0]), subject(g.leads[0]), place(g.leads[0]), strings.Join(what, "\n") + more(len(g.leads)-6, b.d.Lang), most,
			strings.Join(who, "\n"), strings.Join(control, "\n"), g.ids(b.d.Lang),
		}
	})
}

// tasks is a line for each rule in each town: what is to be checked, and how.
func (b *book) tasks(leads []*rank.Lead) sheet {
	all := bundles(leads, func(l *rank.Lead) [][]string { return [][]string{{l.County, l.Town, l.Rule.ID}} })
	slices.SortStableFunc(all, func(x, y *bundle) int {
		return cmp.Or(cmp.Compare(x.key[0], y.key[0]), cmp.Compare(x.key[1], y.key[1]), cmp.Compare(y.high, x.high), cmp.Compare(y.amount, x.amount), cmp.Compare(x.key[2], y.key[2]))
	})
	return numbered(b, sheet{
		name:  b.t("任务清单", "Tasks"),
		title: b.t("任务清单", "List of tasks"),
		note:  b.t("按县、乡镇和疑点类型分派核查任务。金额单位：元。承办单位、承办人和完成时限由分派人填写。", "Checks to assign, by county, town and rule. Yuan. Whoever assigns them fills in by whom and until when."),
		cols: []col{
			{head: b.t("县", "County"), width: 10, look: plain},
			{head: b.t("乡镇", "Town"), width: 12, look: plain},
			{head: b.t("核查事项", "To check"), width: 18, look: plain},
			{head: b.t("线索数", "Leads"), width: 8, look: whole},
			{head: b.t("其中：高", "High"), width: 8, look: whole},
			{head: b.t("涉及金额（元）", "Amount (yuan)"), width: 15, look: money},
			{head: b.t("核查方法", "How"), width: 44, look: plain},
			b.leadIDs(),
			{head: b.t("承办单位", "Office"), width: 13, look: fillText},
			{head: b.t("承办人", "By"), width: 9, look: fillText},
			{head: b.t("完成时限", "Until"), width: 11, look: fillDate},
			{head: b.t("完成情况", "Done"), width: 11, look: fillText},
		},
	}, all, func(_ int, g *bundle) []any {
		r := g.leads[0].Rule
		return []any{
			cmp.Or(g.key[0], b.t("（未注明）", "(not stated)")), g.key[1], r.Title.In(b.d.Lang), len(g.leads), g.high, g.amount, r.Doc.Verify.In(b.d.Lang), g.ids(b.d.Lang),
		}
	})
}

// duties is a line for each unit or person that handled what leads are about.
func (b *book) duties(leads []*rank.Lead) sheet {
	all := bundles(leads, func(l *rank.Lead) (keys [][]string) {
		for _, r := range l.Responsible {
			keys = append(keys, []string{r})
		}
		return keys
	})
	slices.SortStableFunc(all, func(x, y *bundle) int {
		return cmp.Or(cmp.Compare(y.high, x.high), cmp.Compare(len(y.leads), len(x.leads)), cmp.Compare(y.amount, x.amount), cmp.Compare(x.key[0], y.key[0]))
	})
	return numbered(b, sheet{
		name:  b.t("责任清单", "Duties"),
		title: b.t("责任清单", "List of duties"),
		note:  b.t("按经手单位和人员汇总。列入本表只表示经手过有关资金，不表示有责任；责任由核查认定。金额单位：元。", "By the units and people who handled the money. To stand here means to have handled it, not to be at fault. Yuan."),
		cols: []col{
			{head: b.t("经手单位或人员", "Unit or person"), width: 24, look: plain},
			{head: b.t("线索数", "Leads"), width: 8, look: whole},
			{head: b.t("其中：高", "High"), width: 8, look: whole},
			{head: b.t("涉及金额（元）", "Amount (yuan)"), width: 16, look: money},
			{head: b.t("疑点类型及条数", "Rules"), width: 44, look: plain},
			b.leadIDs(),
			{head: b.t("责任认定", "Found responsible"), width: 20, look: fillText},
			{head: b.t("处理意见", "What to do"), width: 20, look: fillText},
			{head: b.t("认定人", "By"), width: 10, look: fillText},
			{head: b.t("认定日期", "Date"), width: 11, look: fillDate},
		},
	}, all, func(_ int, g *bundle) []any {
		return []any{g.key[0], len(g.leads), g.high, g.amount, g.titles(b.d.Lang), g.ids(b.d.Lang)}
	})
}

// pressed are the leads that must not be left lying: the high ones, and those
// found on an earlier night and not settled.
func (b *book) pressed(leads []*rank.Lead) sheet {
	var all []*rank.Lead
	for _, l := range leads {
		if l.Severity == "high" && l.Status != "confirmed" && l.Status != "partly" || l.Status == "standing" || l.Status == "unverifiable" {
			all = append(all, l)
		}
	}
	return numbered(b, sheet{
		name:  b.t("督办清单", "Pressed"),
		title: b.t("督办清单", "List of what is pressed for"),
		note:  b.t("等级为高的线索，以及以前发现、至今没有结果的线索。金额单位：元。", "High leads, and leads found before that have no result yet. Yuan."),
		cols: []col{
			b.leadIDs(),
			{head: b.t("等级", "Level"), width: b.w(6, 7.5), look: centered},
			{head: b.t("状态", "State"), width: b.w(9, 8.5), look: centered},
			{head: b.t("首次发现", "First seen"), width: 11, look: date},
			{head: b.t("已过天数", "Days since"), width: 8, look: whole},
			{head: b.t("疑点类型", "Rule"), width: b.w(16, 14), look: plain},
			{head: b.t("对象", "Subject"), width: 20.5, look: plain},
			{head: b.t("地点", "Place"), width: 14, look: plain},
			{head: b.t("涉及金额（元）", "Amount (yuan)"), width: 14.5, look: money},
			{head: b.t("督办要求", "Pressed for"), width: 22, look: fillText},
			{head: b.t("督办人", "By"), width: 9, look: fillText},
			{head: b.t("督办日期", "On"), width: 11, look: fillDate},
			{head: b.t("反馈情况", "Answer"), width: 22, look: fillText},
		},
	}, all, func(_ int, l *rank.Lead) []any {
		var since any
		if l.FirstSeen != 0 {
			since = int(b.d.AsOf - l.FirstSeen)
		}
		return []any{l.ID, b.severity(l), say(l.Status, b.d.Lang), day(l.FirstSeen), since, l.Rule.Title.In(b.d.Lang), subject(l), place(l), l.Amount}
	})
}

// effects counts, for each rule, what the inspectors have found so far. The
// counts are formulas over the overview: they grow as it is filled in.
func (b *book) effects(leads []*rank.Lead, overview []string) sheet {
	all := bundles(leads, func(l *rank.Lead) [][]string { return [][]string{{l.Rule.ID}} })
	slices.SortStableFunc(all, func(x, y *bundle) int {
		return cmp.Or(cmp.Compare(len(y.leads), len(x.leads)), cmp.Compare(x.key[0], y.key[0]))
	})
	o := b.overview(nil)
	column := func(head string) string {
		i := slices.IndexFunc(o.cols, func(c col) bool { return c.head == head })
		name := strings.TrimRight(cellName(i+1, 1), "1")
		return fmt.Sprintf("$%s:$%s", name, name)
	}
	title, found, back := column(b.t("疑点类型", "Rule")), column(b.fills()[0].head), column(b.fills()[2].head)
	over := func(f string, args ...string) string {
		var parts []string
		for _, name := range overview {
			var in []string
			for _, a := range args {
				if strings.HasPrefix(a, "$") && strings.Contains(a, ":") {
					a = "'" + name + "'!" + a
				}
				in = append(in, a)
			}
			parts = append(parts, f+"("+strings.Join(in, ",")+")")
		}
		return strings.Join(parts, "+")
	}
	quoted := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
	count := func(row int, g *bundle, code string) formula {
		n := 0
		for _, l := range g.leads {
			if l.Status == code {
				n++
			}
		}
		return formula{over("COUNTIFS", title, fmt.Sprintf("$B%d", row), found, quoted(say(code, b.d.Lang))), n}
	}
	return numbered(b, sheet{
		name:  b.t("效果清单", "Effect"),
		title: b.t("效果清单", "List of what came of it"),
		note: b.t("各列由“线索总表”的核查结果和追回金额自动汇总，填写后随之更新。属实率只按已核查的线索计算。金额单位：元。",
			"Counted from the findings on All leads by formula; fill those in and this follows. The share confirmed is of the leads checked. Yuan."),
		cols: []col{
			{head: b.t("疑点类型", "Rule"), width: 26, look: plain},
			{head: b.t("线索数", "Leads"), width: 9, look: whole},
			{head: b.t("涉及金额（元）", "Amount (yuan)"), width: 17, look: money},
			{head: say("confirmed", b.d.Lang), width: 10, look: whole},
			{head: say("partly", b.d.Lang), width: 10, look: whole},
			{head: say("refuted", b.d.Lang), width: 10, look: whole},
			{head: say("unverifiable", b.d.Lang), width: 10, look: whole},
			{head: b.t("未核查", "Not checked"), width: 10, look: whole},
			{head: b.t("属实率（%）", "Confirmed (%)"), width: 10, look: whole},
			{head: b.t("追回金额（元）", "Recovered (yuan)"), width: 17, look: money},
			{head: b.t("整改情况", "Rectified"), width: 30, look: fillText},
		},
	}, all, func(i int, g *bundle) []any {
		r := headRows + 1 + i
		done, right := 0, 0
		var cleared table.Fen
		for _, l := range g.leads {
			cleared += l.Cleared
			if slices.Contains(findingCodes, l.Status) {
				done++
			}
			if l.Status == "confirmed" || l.Status == "partly" {
				right++
			}
		}
		share := 0
		if done > 0 {
			share = (200*right + done) / (2 * done)
		}
		return []any{
			g.leads[0].Rule.Title.In(b.d.Lang), len(g.leads), g.amount,
			count(r, g, "confirmed"), count(r, g, "partly"), count(r, g, "refuted"), count(r, g, "unverifiable"),
			formula{fmt.Sprintf("C%d-SUM(E%d:H%d)", r, r, r), len(g.leads) - done},
			formula{fmt.Sprintf("IF(SUM(E%d:H%d)=0,0,ROUND(100*SUM(E%d:F%d)/SUM(E%d:H%d),0))", r, r, r, r, r, r), share},
			formula{over("SUMIFS", back, title, fmt.Sprintf("$B%d", r)), cleared},
		}
	})
}
