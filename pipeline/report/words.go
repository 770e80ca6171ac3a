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

// vocabulary has the texts of codes that people read.
var vocabulary = map[string]detect.Text{
	"high": {Zh: "高", En: "high"}, "medium": {Zh: "中", En: "medium"}, "low": {Zh: "低", En: "low"},

	"new": {Zh: "新增", En: "new"}, "standing": {Zh: "延续", En: "standing"}, "gone": {Zh: "消失", En: "gone"},
	"confirmed": {Zh: "属实", En: "confirmed"}, "partly": {Zh: "部分属实", En: "partly"},
	"refuted": {Zh: "不属实", En: "refuted"}, "unverifiable": {Zh: "无法核实", En: "unverifiable"},

	"person": {Zh: "个人", En: "person"}, "household": {Zh: "户", En: "household"}, "account": {Zh: "账户", En: "account"},
	"unit": {Zh: "单位", En: "unit"}, "fund": {Zh: "资金", En: "fund"}, "project": {Zh: "项目", En: "project"},
	"village": {Zh: "村", En: "village"}, "town": {Zh: "乡镇", En: "town"}, "county": {Zh: "县", En: "county"}, "kind": {Zh: "项目类别", En: "kind of project"}, "sheet": {Zh: "表", En: "sheet"},

	"exact": {Zh: "证号一致", En: "same ID"}, "upgraded": {Zh: "15位升18位", En: "15-digit ID rebuilt"},
	"repaired": {Zh: "格式修正", En: "ID cleaned"}, "truncated": {Zh: "前15位加姓名", En: "rounded ID and name"},
	"near": {Zh: "证号近似加姓名", En: "ID off by one, and name"}, "name_place": {Zh: "姓名加村", En: "name and village"},
	"name": {Zh: "仅姓名", En: "name only"},

	"row": {Zh: "同一行", En: "one row"}, "window": {Zh: "日期相近", En: "near dates"}, "sum": {Zh: "合并相符", En: "sums agree"},
	"sent_only": {Zh: "仅拨出方有记录", En: "sender's ledger only"}, "received_only": {Zh: "仅收款方有记录", En: "receiver's ledger only"},

	"terms": {Zh: "得分构成", En: "score made of"},
	"grade": {Zh: "证据等级", En: "grade"}, "amount": {Zh: "金额", En: "amount"}, "tables": {Zh: "多表印证", En: "tables"},
	"rules": {Zh: "同案规则", En: "rules"}, "complaint": {Zh: "信访", En: "complaint"}, "match": {Zh: "身份匹配", En: "match"},
}

// say returns a code's word in a language, the code itself where it has none.
func say(code, lang string) string {
	if t, ok := vocabulary[code]; ok {
		return t.In(lang)
	}
	return code
}

// findings and measures are the choices an inspector has, in both languages;
// the order of findings is that of findingCodes.
var (
	findingCodes = []string{"confirmed", "partly", "refuted", "unverifiable"}
	measures     = []detect.Text{
		{Zh: "了解", En: "inquire"}, {Zh: "初核", En: "preliminary review"}, {Zh: "立案", En: "case filed"},
		{Zh: "移交", En: "handed over"}, {Zh: "整改", En: "rectify"}, {Zh: "清退", En: "money returned"},
	}
)

// ranked returns the leads from the most pressing: those no longer found last,
// then by score, money and ID.
func ranked(leads []rank.Lead) []*rank.Lead {
	out := make([]*rank.Lead, len(leads))
	for i := range leads {
		out[i] = &leads[i]
	}
	gone := func(l *rank.Lead) int {
		if l.Status == "gone" {
			return 1
		}
		return 0
	}
	slices.SortFunc(out, func(a, b *rank.Lead) int {
		return cmp.Or(cmp.Compare(gone(a), gone(b)), cmp.Compare(b.Score, a.Score), cmp.Compare(b.Amount, a.Amount), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// place returns where a lead is, from county to village.
func place(l *rank.Lead) string { return l.County + l.Town + l.Village }

// subject returns a lead's subject, name over number.
func subject(l *rank.Lead) string {
	if l.SubjectName == "" || l.SubjectName == l.SubjectKey {
		return l.Number()
	}
	if l.SubjectKind == "village" { // its key only repeats the place
		return l.SubjectName
	}
	return l.SubjectName + "\n" + l.Number()
}

// grant returns program, period, fund and project of a lead, those it has.
func grant(l *rank.Lead, sep string) string {
	parts := []string{l.Program, l.Period}
	if l.SubjectKind != "fund" {
		parts = append(parts, l.FundNo)
	}
	if l.SubjectKind != "project" {
		parts = append(parts, l.ProjectID)
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), sep)
}

// sources returns where a lead's evidence stands, a line a sheet, at most some
// rows in all; rest says where the others are to be found.
func sources(l *rank.Lead, lang string, most int, rest detect.Text) string {
	type at struct{ file, sheet string }
	var order []at
	of := map[at][]string{}
	for i, e := range l.Evidence {
		if i == most {
			break
		}
		k := at{e.File, e.Sheet}
		if of[k] == nil {
			order = append(order, k)
		}
		role := ""
		if e.Role != "" {
			role = detect.Text{Zh: "（" + e.Role + "）", En: " (" + e.Role + ")"}.In(lang)
		}
		of[k] = append(of[k], fmt.Sprintf(detect.Text{Zh: "第%d行%s", En: "row %d%s"}.In(lang), e.Row, role))
	}
	var b strings.Builder
	for i, k := range order {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(k.file)
		if k.sheet != "" {
			fmt.Fprintf(&b, " [%s]", k.sheet)
		}
		b.WriteString(" " + strings.Join(of[k], detect.Text{Zh: "、", En: ", "}.In(lang)))
	}
	if n := len(l.Evidence); n > most {
		fmt.Fprintf(&b, detect.Text{Zh: "\n共%d处，%s", En: "\n%d rows, %s"}.In(lang), n, rest.In(lang))
	}
	return b.String()
}

// terms writes what a lead's score is made of.
func terms(l *rank.Lead, lang string) string {
	var out []string
	for _, t := range l.Terms {
		out = append(out, fmt.Sprintf("%s %+d", say(t.Name, lang), t.Points))
	}
	return strings.Join(out, detect.Text{Zh: "，", En: ", "}.In(lang))
}

// facts returns a lead's facts, a line each.
func facts(l *rank.Lead, lang string) string {
	var parts []string
	for _, f := range l.Facts {
		parts = append(parts, f.Name+detect.Text{Zh: "：", En: ": "}.In(lang)+f.Value)
	}
	return strings.Join(parts, detect.Text{Zh: "；", En: "; "}.In(lang))
}

// thousands writes money with separators: 1,234,567.89.
func thousands(f table.Fen) string {
	s := f.String()
	sign := ""
	if f < 0 {
		sign, s = "-", s[1:]
	}
	whole, frac, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return sign + whole + "." + frac
}
