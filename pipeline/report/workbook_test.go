package report

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/xuri/excelize/v2"

	"fundtrace/pipeline/rank"
	"fundtrace/pipeline/table"
)

// opened writes d and opens its workbook.
func opened(t testing.TB, d *Data) (*excelize.File, string) {
	t.Helper()
	dir := written(t, d)
	f, err := excelize.OpenFile(filepath.Join(dir, "leads.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f, dir
}

// grid reads a sheet below its title and note as raw values, the header first.
func grid(t testing.TB, f *excelize.File, name string) [][]string {
	t.Helper()
	rows, err := f.GetRows(name, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	return rows[headRows-1:]
}

// parts returns the texts of a workbook's parts by name.
func parts(t testing.TB, path string) map[string]string {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(b)
		if !f.Modified.IsZero() && f.Modified.Year() > 1980 {
			t.Errorf("%s carries a time", f.Name)
		}
	}
	return out
}

func TestOverviewHoldsEveryLead(t *testing.T) {
	d := sample(t, 150, "zh")
	f, dir := opened(t, d)
	got := grid(t, f, "线索总表")
	want := ranked(d.Leads)
	if len(got) != len(want)+1 {
		t.Fatalf("%d lines, want %d", len(got)-1, len(want))
	}
	head := got[0]
	col := func(name string) int { return slices.Index(head, name) }
	for _, name := range []string{"核查结果", "处理方式", "追回金额", "核查人", "核查日期", "备注"} {
		if col(name) < 0 {
			t.Fatalf("no column %s among %v", name, head)
		}
	}
	for i, l := range want {
		row := got[i+1]
		if row[col("线索编号")] != l.ID || row[col("疑点说明")] != l.Summary {
			t.Fatalf("line %d is %v, want lead %s", i+1, row, l.ID)
		}
		// The number in the file has the fen's digits, no more and no less.
		text := strings.TrimSuffix(strings.TrimRight(l.Amount.String(), "0"), ".")
		if row[col("涉及金额（元）")] != text {
			t.Errorf("lead %s: amount %s, want %s", l.ID, row[col("涉及金额（元）")], text)
		}
		if l.SubjectKind != "village" && !strings.Contains(row[col("对象")], l.SubjectKey) {
			t.Errorf("lead %s: subject %q lacks its number", l.ID, row[col("对象")])
		}
		if e := l.Evidence[0]; !strings.Contains(row[col("原始数据位置")], e.File) || !strings.Contains(row[col("原始数据位置")], fmt.Sprintf("第%d行", e.Row)) {
			t.Errorf("lead %s: place %q, want %v", l.ID, row[col("原始数据位置")], e)
		}
	}
	// A family's sheet gives every row of the evidence.
	all := grid(t, f, "重复与冒用")
	for i, row := range all[1:] {
		n := slices.IndexFunc(d.Leads, func(l rank.Lead) bool { return l.ID == row[1] })
		for _, e := range d.Leads[n].Evidence {
			if !strings.Contains(row[slices.Index(all[0], "原始数据位置")], fmt.Sprintf("第%d行（%s）", e.Row, e.Role)) {
				t.Errorf("line %d lacks row %d", i+1, e.Row)
			}
		}
	}
	left, err := filepath.Glob(filepath.Join(dir, "excelize-*"))
	if err != nil || left != nil {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestSheetsAreReadyToPrintAndFill(t *testing.T) {
	for _, lang := range []string{"zh", "en"} {
		d := sample(t, 60, lang)
		f, dir := opened(t, d)
		names := f.GetSheetList()
		if want := 2 + 6 + 1 + 1 + 5 + 1; len(names) != want {
			t.Errorf("%d sheets %v, want %d", len(names), names, want)
		}
		xml := parts(t, filepath.Join(dir, "leads.xlsx"))
		for i, name := range names {
			part := xml[fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)]
			rows, err := f.GetRows(name)
			if err != nil {
				t.Fatal(err)
			}
			dimension := regexp.MustCompile(`<dimension ref="A1:([A-Z]+)([0-9]+)"`).FindStringSubmatch(part)
			if dimension == nil || dimension[2] != fmt.Sprint(len(rows)) {
				t.Errorf("%s: dimension %v of %d rows", name, dimension, len(rows))
			}
			for _, want := range []string{`orientation="landscape"`, `paperSize="9"`, `fitToWidth="1"`, `fitToHeight="0"`, `<pageSetUpPr fitToPage="true"`, `&amp;P`} {
				if !strings.Contains(part, want) {
					t.Errorf("%s lacks %s", name, want)
				}
			}
			if i == 0 {
				continue
			}
			for _, want := range []string{`state="frozen"`, `ySplit="3"`, `<autoFilter ref="$A$3:`} {
				if !strings.Contains(part, want) {
					t.Errorf("%s lacks %s", name, want)
				}
			}
			titles := fmt.Sprintf("'%s'!$3:$3", name)
			if !strings.Contains(xml["xl/workbook.xml"], titles) && !strings.Contains(xml["xl/workbook.xml"], strings.ReplaceAll(titles, "'", "&#39;")) {
				t.Errorf("%s does not repeat its header", name)
			}
			lists, err := f.GetDataValidations(name)
			if err != nil {
				t.Fatal(err)
			}
			if i < 8 && !slices.ContainsFunc(lists, func(v *excelize.DataValidation) bool {
				return strings.Contains(v.Formula1, map[string]string{"zh": "属实,部分属实,不属实,无法核实", "en": "confirmed,partly,refuted,unverifiable"}[lang])
			}) {
				t.Errorf("%s has no list of findings", name)
			}
			if lang == "en" {
				head := strings.Join(append(slices.Clone(rows[headRows-1]), name, rows[0][0], rows[1][0]), " ")
				if strings.ContainsFunc(head, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
					t.Errorf("%s is not in English throughout: %s", name, head)
				}
			}
		}
	}
}

func TestTextNeverBecomesAFormula(t *testing.T) {
	d := sample(t, 60, "zh")
	evil := []string{`=HYPERLINK("http://x","y")`, `+1+1`, `-2+3`, `@SUM(A1)`, "\t=1", `<b>&"'`, "_x0041_"}
	for i, s := range evil {
		d.Leads[i].SubjectName, d.Leads[i].Summary = s, s
		d.Leads[i].Evidence[0].File = s + ".xlsx"
		d.Leads[i].Responsible = []string{s}
		d.Leads[i].County = s
		d.Intake.Rejects[0].Cells = evil
	}
	f, dir := opened(t, d)
	names := f.GetSheetList()
	for i := range names {
		part := parts(t, filepath.Join(dir, "leads.xlsx"))[fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)]
		if strings.Contains(part, "<f>") && names[i] != "效果清单" {
			t.Errorf("%s holds a formula", names[i])
		}
	}
	got := grid(t, f, "线索总表")
	for i, s := range evil {
		n := slices.IndexFunc(got, func(row []string) bool { return len(row) > 1 && row[1] == d.Leads[i].ID })
		if text := got[n][slices.Index(got[0], "疑点说明")]; text != s {
			t.Errorf("%q became %q", s, text)
		}
	}
}

func TestRowsPastASheetGoOnInAnother(t *testing.T) {
	d := sample(t, 150, "zh")
	b, err := newBook(filepath.Join(t.TempDir(), "leads.xlsx"), d)
	if err != nil {
		t.Fatal(err)
	}
	defer b.f.Close()
	b.maxRows = headRows + 10
	leads := ranked(d.Leads)
	names, err := b.add(b.overview(leads))
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"线索总表", "线索总表(2)", "线索总表(3)"}; !slices.Equal(names, want) {
		t.Fatalf("sheets %v, want %v", names, want)
	}
	effects, err := b.add(b.effects(leads, names))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "leads.xlsx")
	if err := b.save(path); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for _, name := range names {
		for _, row := range grid(t, f, name)[1:] {
			if row[1] != leads[n].ID {
				t.Fatalf("%s: %s, want %s", name, row[1], leads[n].ID)
			}
			n++
		}
	}
	if n != len(leads) {
		t.Errorf("%d leads, want %d", n, len(leads))
	}
	if formula, _ := f.GetCellFormula(effects[0], "E4"); strings.Count(formula, "COUNTIFS(") != 3 {
		t.Errorf("the list of effects counts %q", formula)
	}
}

func TestEffectsFollowTheFindings(t *testing.T) {
	d := sample(t, 150, "zh")
	f, _ := opened(t, d)
	rows := grid(t, f, "线索总表")
	rule, found, back := slices.Index(rows[0], "疑点类型"), slices.Index(rows[0], "核查结果"), slices.Index(rows[0], "追回金额")
	for i, finding := range []string{"属实", "不属实"} {
		n := 0
		for r, row := range rows {
			if row[rule] != "同期重复发放" {
				continue
			}
			if n == i {
				if err := f.SetCellStr("线索总表", cellName(found+1, headRows+r), finding); err != nil {
					t.Fatal(err)
				}
				if err := f.SetCellValue("线索总表", cellName(back+1, headRows+r), 12.5); err != nil {
					t.Fatal(err)
				}
			}
			n++
		}
	}
	effects := grid(t, f, "效果清单")
	r := slices.IndexFunc(effects, func(row []string) bool { return row[1] == "同期重复发放" })
	for head, want := range map[string]string{"属实": "1", "不属实": "1", "部分属实": "0", "属实率（%）": "50", "追回金额（元）": "25"} {
		c := slices.Index(effects[0], head)
		got, err := f.CalcCellValue("效果清单", cellName(c+1, headRows+r), excelize.Options{RawCellValue: true})
		if err != nil || got != want {
			t.Errorf("%s: %s, want %s (%v)", head, got, want, err)
		}
	}
}

func TestVisits(t *testing.T) {
	d := sample(t, 400, "zh")
	leads := ranked(d.Leads)
	p := newVisitPlan(d, leads)
	flagged := newContacts(d, leads).flagged
	villages, counties := map[string]int{}, map[string]int{}
	for _, v := range p.visits {
		if len(v.leads) > 0 {
			villages[v.county+v.town+v.village]++
			continue
		}
		counties[v.county]++
		if flagged[v.household] {
			t.Errorf("control %s has a lead", v.household)
		}
		if v.name == "" || v.phone == "" || v.village == "" || v.hamlet == "" {
			t.Errorf("control %+v cannot be found", v.contact)
		}
	}
	for name, n := range villages {
		if n > perVillage {
			t.Errorf("%d visits in %s", n, name)
		}
	}
	if counties["甲县"] != perCounty || counties["乙县"] != perCounty {
		t.Errorf("controls %v, want %d of each county", counties, perCounty)
	}
	if n := 400 - len(flagged); p.eligible != n {
		t.Errorf("%d households without leads, want %d", p.eligible, n)
	}
	// The best lead of its village is on the list, with all that is known.
	best := leads[slices.IndexFunc(leads, func(l *rank.Lead) bool { return l.SubjectKind == "household" })]
	if i := slices.IndexFunc(p.visits, func(v visit) bool { return len(v.leads) > 0 && v.leads[0] == best }); i < 0 || p.visits[i].household != best.SubjectKey || p.visits[i].id == "" {
		t.Errorf("the strongest lead on a household, %s, is not visited", best.ID)
	}

	controls := func(p *visitPlan) (out []string) {
		for _, v := range p.visits {
			if len(v.leads) == 0 {
				out = append(out, v.household)
			}
		}
		return out
	}
	d.AsOf++
	if q := newVisitPlan(d, leads); q.seed == p.seed || slices.Equal(controls(p), controls(q)) {
		t.Error("another day draws the same households")
	}
	d.AsOf--
	// Neither the order of inputs nor that of rows changes the draw.
	slices.Reverse(d.Intake.Inputs)
	if q := newVisitPlan(d, leads); !slices.Equal(controls(p), controls(q)) {
		t.Error("the order of inputs changes the draw")
	}
}

func TestQualityTellsWhatWasLeftOut(t *testing.T) {
	d := sample(t, 150, "zh")
	f, _ := opened(t, d)
	text := ""
	for _, row := range grid(t, f, "数据质量") {
		text += strings.Join(row, "\t") + "\n"
	}
	for _, want := range []string{"旧名册.xls", "填表说明", "金额无法识别", "贰万伍仟", "相差 50.00 元", "“享受人身份证号”列有 2 个号码", "日期无法识别", "拨付没有日期", "甲县财政局国库股"} {
		if !strings.Contains(text, want) {
			t.Errorf("data quality lacks %q:\n%s", want, text)
		}
	}
}

func TestChainsGoHopByHop(t *testing.T) {
	d := sample(t, 60, "zh")
	f, _ := opened(t, d)
	rows := grid(t, f, "资金链")
	col := func(name string) int { return slices.Index(rows[0], name) }
	hops := 0
	for _, row := range rows[1:] {
		if row[col("拨出单位")] == "甲县财政局" && row[col("收款单位")] == "白石乡财政所" {
			hops++
			if row[col("拨出金额")] != "3000000" || row[col("收到金额")] != "2800000" || row[col("在途天数")] != "9" || row[col("收款单位：未说明")] != "200000" {
				t.Errorf("%v", row)
			}
			if note := row[len(row)-1]; !strings.Contains(note, "200,000.00") || !strings.Contains(note, "第5行") {
				t.Errorf("note %q", note)
			}
		}
	}
	if hops != 1 {
		t.Errorf("the hop stands there %d times", hops)
	}
}

func TestEmptyRunHasAWorkbook(t *testing.T) {
	d := sample(t, 5, "zh")
	d.Leads, d.Tables, d.Funds, d.Rules = nil, table.NewSet(), nil, nil
	f, _ := opened(t, d)
	if rows := grid(t, f, "线索总表"); len(rows) != 1 {
		t.Errorf("%d lines", len(rows))
	}
}

func BenchmarkWorkbook100kLeads(b *testing.B) {
	d := sample(b, 600_000, "zh")
	dir := b.TempDir()
	b.Logf("%d leads", len(d.Leads))
	b.ReportAllocs()
	for b.Loop() {
		if err := writeWorkbook(filepath.Join(dir, "leads.xlsx"), d); err != nil {
			b.Fatal(err)
		}
	}
	if fi, err := os.Stat(filepath.Join(dir, "leads.xlsx")); err == nil {
		b.ReportMetric(float64(fi.Size())/1e6, "MB")
	}
}

func BenchmarkParquet(b *testing.B) {
	d := sample(b, 600_000, "zh")
	path := filepath.Join(b.TempDir(), "payment.parquet")
	b.ReportAllocs()
	for b.Loop() {
		if err := writeTable(path, d, table.Payment, masker{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(600_000*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
