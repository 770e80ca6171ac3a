package report

import (
	"bufio"
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/rank"
	"fundtrace/pipeline/table"
)

// What the page shows at most; it says so where there is more.
const (
	pageLeads  = 2000
	pageFunds  = 12
	pagePlaces = 60
	pageMonths = 36
)

//go:embed page.html
var pageText string

// page is what the template reads. Every text is masked already.
type page struct {
	Lang, AsOf, Version          string
	Cards                        []card
	Places, Rules, Spans, Months []bar
	MorePlaces                   int
	Drawings                     []drawing
	FundsWithLeads               int
	Families, Counties           []string
	Leads                        []pageLead
	AllLeads                     int
	Statuses                     []pageRule
	Set                          []setAside
}

// A card is one number at the head of the page.
type card struct{ Label, Value, Note string }

// A bar is a line of a bar chart; High, Medium and Low are in per mille of the
// longest.
type bar struct {
	Label             string
	N                 int
	Amount            string
	High, Medium, Low int
}

type pageLead struct {
	record
	Level, State, Subject, Place, FamilyName, Money, Sources string
}

type pageRule struct {
	Rule, Title, State, Why    string
	Judged, Flagged, NotJudged int
}

type setAside struct{ File, Sheet, Reason string }

// writePage writes report.html, the page for leaders and inspectors: one file
// that asks for nothing from any network.
func writePage(path string, d *Data, leads []record, m masker) error {
	funcs := template.FuncMap{
		"t":   func(zh, en string) string { return detect.Text{Zh: zh, En: en}.In(d.Lang) },
		"pct": func(permille int) string { return fmt.Sprintf("%d.%d%%", permille/10, permille%10) },
	}
	tmpl, err := template.New("page").Funcs(funcs).Parse(pageText)
	if err != nil {
		return err
	}
	return writeFile(path, func(w *bufio.Writer) error { return tmpl.Execute(w, newPage(d, leads, m)) })
}

func newPage(d *Data, records []record, m masker) *page {
	t := func(zh, en string) string { return detect.Text{Zh: zh, En: en}.In(d.Lang) }
	p := &page{Lang: t("zh-CN", "en"), AsOf: d.AsOf.String(), Version: d.Version.Fundtrace, AllLeads: len(d.Leads)}
	order := ranked(d.Leads)
	p.cards(d, order, t)

	p.Places = bars(order, func(l *rank.Lead) string {
		return cmp.Or(strings.Trim(l.County+" "+l.Town, " "), t("未注明地点", "not stated"))
	})
	if n := len(p.Places) - pagePlaces; n > 0 {
		p.MorePlaces, p.Places = n, p.Places[:pagePlaces]
	}
	p.Rules = bars(order, func(l *rank.Lead) string { return l.Rule.Title.In(d.Lang) })
	for i := range p.Rules {
		p.Rules[i].Label = m.text(p.Rules[i].Label)
	}
	p.Spans = bars(order, func(l *rank.Lead) string { return l.Period })
	slices.SortFunc(p.Spans, func(a, b bar) int { return comparePeriods(a.Label, b.Label) })
	p.Months = bars(order, func(l *rank.Lead) string {
		m := l.FirstSeen.Month()
		return table.MonthsOf(m, m).String()
	})
	slices.SortFunc(p.Months, func(a, b bar) int { return cmp.Compare(a.Label, b.Label) })
	for _, list := range []*[]bar{&p.Spans, &p.Months} {
		if n := len(*list) - pageMonths; n > 0 {
			*list = (*list)[n:]
		}
	}
	for i := range p.Spans {
		p.Spans[i].Label = cmp.Or(p.Spans[i].Label, t("未注明所属期", "not stated"))
	}

	for _, f := range newFunds(d, order) {
		if f.leads == 0 {
			continue
		}
		p.FundsWithLeads++
		if len(p.Drawings) < pageFunds {
			p.Drawings = append(p.Drawings, draw(f, d, m))
		}
	}

	byID := make(map[string]*record, len(records))
	for i := range records {
		byID[records[i].LeadID] = &records[i]
	}
	for _, l := range order[:min(len(order), pageLeads)] {
		r := byID[l.ID]
		x := pageLead{
			record: *r, Level: say(l.Severity, d.Lang), State: say(l.Status, d.Lang),
			Place: strings.Trim(l.County+" "+l.Town+" "+l.Village, " "), Money: thousands(l.Amount), Sources: m.text(sources(l, d.Lang, 20, detect.Text{Zh: "其余见 leads.jsonl", En: "the others in leads.jsonl"})),
		}
		x.Subject = r.SubjectKey
		if r.SubjectName != "" && r.SubjectName != r.SubjectKey {
			x.Subject = r.SubjectName
			if l.SubjectKind != "village" {
				x.Subject += " " + r.SubjectKey
			}
		}
		for _, f := range detect.Families {
			if f.Family == l.Rule.Family {
				x.FamilyName = f.Name.In(d.Lang)
			}
		}
		for _, c := range []struct {
			name string
			list *[]string
		}{{x.FamilyName, &p.Families}, {l.County, &p.Counties}} {
			if c.name != "" && !slices.Contains(*c.list, c.name) {
				*c.list = append(*c.list, c.name)
			}
		}
		p.Leads = append(p.Leads, x)
	}
	slices.Sort(p.Counties)

	b := &book{d: d}
	for i := range d.Rules {
		s := &d.Rules[i]
		r := pageRule{Rule: s.Rule.ID, Title: s.Rule.Title.In(d.Lang), State: b.ruleState(s), Judged: s.Judged(), Flagged: s.Flagged}
		var why []string
		for _, na := range s.NA {
			r.NotJudged += na.N
			why = append(why, fmt.Sprintf("%s %d", na.Reason.In(d.Lang), na.N))
		}
		r.Why = m.text(strings.Join(why, t("；", "; ")))
		p.Statuses = append(p.Statuses, r)
	}
	for _, in := range d.Intake.Inputs {
		if in.Status == "rejected" || in.Status == "partly" {
			p.Set = append(p.Set, setAside{m.text(in.File), "", m.text(in.Reason)})
		}
	}
	for _, s := range d.Intake.Sheets {
		if s.Table == "" {
			p.Set = append(p.Set, setAside{m.text(s.File), m.text(s.Sheet), m.text(s.Reason)})
		}
	}
	return p
}

// cards are the numbers at the head.
func (p *page) cards(d *Data, leads []*rank.Lead, t func(zh, en string) string) {
	n := map[string]int{}
	var sum, back table.Fen
	checked := 0
	for _, l := range leads {
		n[l.Severity]++
		sum += l.Amount
		back += l.Cleared
		if slices.Contains(findingCodes, l.Status) {
			checked++
		}
		n[l.Status]++
	}
	read, bad := 0, 0
	for _, in := range d.Intake.Inputs {
		switch in.Status {
		case "read", "partly":
			read++
		case "rejected":
			bad++
		}
	}
	rows := 0
	for _, s := range table.Canonical {
		rows += d.Tables.Get(s).Len()
	}
	var allocated, unexplained table.Fen
	for _, f := range d.Funds {
		allocated += f.Allocated
		unexplained += f.Unexplained
	}
	p.Cards = []card{
		{t("线索", "Leads"), fmt.Sprint(len(leads)), fmt.Sprintf(t("高 %d，中 %d，低 %d；新增 %d", "%d high, %d medium, %d low; %d new"), n["high"], n["medium"], n["low"], n["new"])},
		{t("涉及金额（元）", "Money in question (yuan)"), thousands(sum), t("同一笔资金可能出现在多条线索中", "one payment may stand in several leads")},
		{t("已核查", "Checked"), fmt.Sprint(checked), fmt.Sprintf(t("属实或部分属实 %d，追回 %s 元", "%d confirmed or partly, %s yuan recovered"), n["confirmed"]+n["partly"], thousands(back))},
		{t("资金（元）", "Funds (yuan)"), thousands(allocated), fmt.Sprintf(t("%d 笔，未说明 %s 元", "%d funds, %s yuan unexplained"), len(d.Funds), thousands(unexplained))},
		{t("数据行", "Rows"), fmt.Sprint(rows), fmt.Sprintf(t("文件 %d 个，无法读入 %d 个，未能读入 %d 行", "%d files, %d unreadable, %d rows rejected"), read, bad, len(d.Intake.Rejects))},
	}
}

// bars counts leads by a label, the longest bar first.
func bars(leads []*rank.Lead, label func(*rank.Lead) string) []bar {
	type tally struct {
		n      map[string]int
		all    int
		amount table.Fen
	}
	of := map[string]*tally{}
	for _, l := range leads {
		k := label(l)
		if of[k] == nil {
			of[k] = &tally{n: map[string]int{}}
		}
		of[k].n[l.Severity]++
		of[k].all++
		of[k].amount += l.Amount
	}
	longest := 1
	for _, x := range of {
		longest = max(longest, x.all)
	}
	var out []bar
	for k, x := range of {
		part := func(severity string) int { return x.n[severity] * 1000 / longest }
		out = append(out, bar{Label: k, N: x.all, Amount: thousands(x.amount), High: part("high"), Medium: part("medium"), Low: part("low")})
	}
	slices.SortFunc(out, func(a, b bar) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Label, b.Label)) })
	return out
}

// comparePeriods orders periods by their first month, then the shorter first;
// what is none comes first.
func comparePeriods(a, b string) int {
	p, _ := table.ParsePeriod(a)
	q, _ := table.ParsePeriod(b)
	return cmp.Or(cmp.Compare(p.From(), q.From()), cmp.Compare(p.To(), q.To()), cmp.Compare(a, b))
}
