package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fundtrace/pipeline/intake"
	"fundtrace/pipeline/table"
)

// quality is what the files leave open and whom to ask, what could not be read
// and what does not add up: rejected files, sheets and rows, totals, rounded
// numbers. A row of it never says that an office did
// wrong, only what to ask it for.
func (b *book) quality() sheet {
	d := b.d
	type line struct{ kind, file, sheet, row, what, cells string }
	var all []line
	for _, w := range d.Withheld {
		var examples []string
		for _, l := range w.Examples {
			examples = append(examples, l.Summary)
		}
		all = append(all, line{
			kind: b.t("规则待复核", "rule to be looked at"), file: w.Rule.ID,
			what: fmt.Sprintf(b.t("“%s”标出的比例过高，%d 条线索（涉及 %s 元）未列出：请先核对数据和政策文件（fundtrace run --all 可列出）",
				"%q flags so much of what it judged that its %d leads (%s yuan) are withheld: look at the data and the policy first (fundtrace run --all lists them)"),
				w.Rule.Title.In(d.Lang), w.Leads, thousands(w.Amount)),
			cells: strings.Join(examples, "\n"),
		})
	}
	for _, q := range d.Questions {
		all = append(all, line{
			kind: b.t("待查问题", "open question"), file: q.Office,
			what:  q.Sentence().In(d.Lang) + fmt.Sprintf(b.t("（关系到线索 %d 条、%s 元）", " (%d leads, %s yuan depend on it)"), q.Leads, thousands(q.Amount)),
			cells: b.t("请提供：", "please supply: ") + q.Document.In(d.Lang),
		})
	}
	for _, in := range d.Intake.Inputs {
		kind := map[string]string{
			"rejected": b.t("文件无法读入", "file rejected"), "partly": b.t("文件部分读入", "file read in part"),
			"skipped": b.t("文件未读", "file skipped"), "duplicate": b.t("重复文件", "duplicate file"),
		}[in.Status]
		if kind != "" {
			all = append(all, line{kind: kind, file: in.File, what: in.Reason})
		}
	}
	for _, s := range d.Intake.Sheets {
		if s.Table == "" {
			kind := b.t("工作表未采用", "sheet set aside")
			if s.Near {
				kind = b.t("疑似业务表未采用", "like a table, set aside")
			}
			all = append(all, line{kind: kind, file: s.File, sheet: s.Sheet, what: s.Reason, cells: fmt.Sprintf(b.t("共 %d 行", "%d rows"), s.Rows)})
		}
	}
	for _, a := range columnsAside(d.Intake.Sheets) {
		all = append(all, line{
			kind: b.t("列未采用", "columns set aside"), file: a.first.File, sheet: a.first.Sheet,
			what:  fmt.Sprintf(b.t("%s表中这些列没有对应的字段，共 %d 张表（首张如左）", "%s: no field is for these columns, in %d sheets (the first is given)"), b.tableName(a.first.Table), a.sheets),
			cells: a.headers,
		})
	}
	for _, r := range d.Intake.Rejects {
		x := line{kind: b.t("行未能读入", "row rejected"), file: r.File, sheet: r.Sheet, what: r.Reason, cells: strings.Join(r.Cells, " | ")}
		if r.Row > 0 {
			x.row = fmt.Sprint(r.Row)
		} else {
			x.kind = b.t("工作表未能读入", "sheet rejected")
		}
		all = append(all, x)
	}
	for _, s := range d.Intake.Sheets {
		for _, t := range s.Totals {
			if !t.Agrees {
				all = append(all, line{
					kind: b.t("合计不符", "total does not add up"), file: s.File, sheet: s.Sheet, row: fmt.Sprint(t.Row),
					what: fmt.Sprintf(b.t("“%s”列表内合计 %s 元，逐行相加 %s 元，相差 %s 元", "%q: stated %s, rows add up to %s, difference %s"), t.Column,
						thousands(table.Fen(t.StatedFen)), thousands(table.Fen(t.ComputedFen)), thousands(table.Fen(t.StatedFen-t.ComputedFen))),
				})
			}
		}
	}
	rowCount := func(n int) string {
		if n <= 1 {
			return ""
		}
		return fmt.Sprintf(b.t("（共 %d 行，首行如左）", " (%d rows, the first is given)"), n)
	}
	rowNumber := func(n int) string {
		if n == 0 {
			return ""
		}
		return fmt.Sprint(n)
	}
	for _, x := range d.Intake.Doubts {
		what := x.Reason
		if x.Field != "" {
			what = b.fieldName(d.tableOf(x.File, x.Sheet), x.Field) + b.t("：", ": ") + what
		}
		all = append(all, line{b.t("内容存疑", "read with a doubt"), x.File, x.Sheet, rowNumber(x.Row), what + rowCount(x.Rows), x.Text})
	}
	for _, x := range d.Doubts {
		p := d.Intake.Sources.Place(x.Ref)
		all = append(all, line{b.t("账目存疑", "ledger with a doubt"), p.File, p.Sheet, rowNumber(p.Row), Because(x.Reason, d.Lang) + rowCount(x.Rows), x.Detail})
	}
	for _, x := range d.Similar {
		all = append(all, line{
			kind:  b.t("单位名称相近", "like names of units"),
			what:  x.Why(d.Lang) + b.t("；若为同一单位，请在政策文件 units 中登记", "; if they are one unit, say so under units in the policy"),
			cells: x.Unit + " | " + x.Other,
		})
	}
	for _, r := range marked(d, table.RoundedColumn) {
		all = append(all, line{
			kind: b.t("证件号码失真", "ID rounded"), file: r.place.File, sheet: r.place.Sheet, row: fmt.Sprint(r.place.Row),
			what: fmt.Sprintf(b.t("“%s”列有 %d 个号码被电子表格存为数字，只余前%d位，%s；首个在第 %d 行。请提供单位以文本格式重新导出。",
				"column %s: %d numbers were stored as numbers and only their first %d digits are left, %s; the first is in row %d. Ask for an export as text."), b.fieldName(r.schema, r.field), r.n, r.left, b.roundedUse(r.left), r.place.Row),
		})
	}
	for _, r := range marked(d, table.MaskedColumn) {
		all = append(all, line{
			kind: b.t("证件号码已遮盖", "ID masked"), file: r.place.File, sheet: r.place.Sheet, row: fmt.Sprint(r.place.Row),
			what: fmt.Sprintf(b.t("“%s”列有 %d 个号码部分数字被遮盖，不作号码核验，只能按姓名和地点比对；首个在第 %d 行。需要核验的，请向提供单位索取完整号码。",
				"column %s: %d numbers are hidden in part; they are not verified, and matched by name and place only; the first is in row %d. Ask the office for whole numbers where they are to be verified."), b.fieldName(r.schema, r.field), r.n, r.place.Row),
		})
	}
	return sheet{
		name:  b.t("数据质量", "Data quality"),
		title: b.t("数据质量", "Data quality"),
		note: b.t("待查问题（“文件”列为应询问的单位），未能读入的文件、工作表和行，对不上的合计，失真的证件号码。读入和未读入的行数逐表列在 run.json 中，各类行数相加等于原表行数。",
			"Questions (the column File names the office to ask), files, sheets and rows that could not be read, totals that do not add up, rounded numbers. run.json accounts for every row of every sheet."),
		cols: []col{
			{head: b.t("序号", "No."), width: 6, look: whole},
			{head: b.t("类别", "Kind"), width: 14, look: plain},
			{head: b.t("文件", "File"), width: 44, look: plain},
			{head: b.t("工作表", "Sheet"), width: 14, look: plain},
			{head: b.t("行号", "Row"), width: 8, look: centered},
			{head: b.t("情况", "What"), width: 50, look: plain},
			{head: b.t("原始内容", "As written"), width: 50, look: plain},
		},
		rows: len(all),
		row: func(i int) []any {
			x := all[i]
			return []any{i + 1, x.kind, x.file, x.sheet, x.row, x.what, x.cells}
		},
	}
}

// aside is headers that no word list knows, of sheets of one table.
type aside struct {
	headers string
	first   *intake.Sheet
	sheets  int
}

// columnsAside lists the columns set aside whose headers nobody has seen yet, the
// same ones of several sheets once.
func columnsAside(sheets []intake.Sheet) []*aside {
	var out []*aside
	at := map[[2]string]*aside{}
	for i := range sheets {
		s := &sheets[i]
		if s.Table == "" { // stands in its own line
			continue
		}
		var heads []string
		for _, c := range s.SetAside() {
			if !c.Known {
				heads = append(heads, c.Header)
			}
		}
		if heads == nil {
			continue
		}
		key := [2]string{s.Table, strings.Join(heads, "、")}
		if at[key] == nil {
			at[key] = &aside{headers: key[1], first: s}
			out = append(out, at[key])
		}
		at[key].sheets++
	}
	return out
}

// notWhole is one column of one sheet with numbers of which so many digits are
// left.
type notWhole struct {
	schema *table.Schema
	field  string
	left   int
	place  table.Place // the first row
	n      int
}

// roundedUse says what the digits that a spreadsheet left are good for.
func (b *book) roundedUse(left int) string {
	if left < 15 {
		return b.t("只能按姓名比对", "matched by the name only")
	}
	return b.t("按前15位加姓名比对", "matched by them and the name")
}

// tableName is a canonical table in the run's language.
func (b *book) tableName(name string) string {
	if s := table.SchemaNamed(name); s != nil {
		return b.t(s.Zh, s.Name)
	}
	return name
}

// fieldName is a field in the run's language; the table may be nil.
func (b *book) fieldName(s *table.Schema, field string) string {
	if s == nil || b.d.Lang == "en" {
		return field
	}
	if f := s.Field(field); f >= 0 {
		return s.Fields[f].Zh
	}
	return field
}

// tableOf returns what a sheet was read as, nil where it was set aside.
func (d *Data) tableOf(file, sheet string) *table.Schema {
	for _, s := range d.Intake.Sources {
		if s.File == file && s.Sheet == sheet {
			return table.SchemaNamed(s.Table)
		}
	}
	return nil
}

// marked counts the numbers that a column of marks lists, by sheet, field and the
// digits that are left.
func marked(d *Data, column string) []notWhole {
	type key struct {
		source, left int
		field        string
	}
	var out []notWhole
	of := map[key]int{}
	var first []table.Ref
	for _, s := range table.Canonical {
		t := d.Tables.Get(s)
		codes, dict := t.Words(column)
		refs := t.Refs()
		for row, c := range codes {
			if c == table.NullCode {
				continue
			}
			for field, left := range table.Marks(dict[c]) {
				if column == table.MaskedColumn {
					left = 0 // as many as each office likes
				}
				k := key{refs[row].Source(), left, field}
				i, ok := of[k]
				if !ok {
					i = len(out)
					of[k] = i
					out = append(out, notWhole{schema: s, field: field, left: left})
					first = append(first, refs[row])
				}
				out[i].n++
				first[i] = min(first[i], refs[row])
			}
		}
	}
	for i := range out {
		out[i].place = d.Intake.Sources.Place(first[i])
	}
	slices.SortStableFunc(out, func(a, b notWhole) int {
		return cmp.Or(cmp.Compare(a.place.File, b.place.File), cmp.Compare(a.place.Sheet, b.place.Sheet), cmp.Compare(a.field, b.field), cmp.Compare(b.left, a.left))
	})
	return out
}
