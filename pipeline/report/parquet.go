package report

import (
	"bufio"

	"fundtrace/pipeline/table"
)

// writeParquet writes a file of rows records.
func writeParquet(path string, rows int, cols []table.ParquetColumn) error {
	return writeFile(path, func(w *bufio.Writer) error { return table.WriteParquet(w, rows, cols) })
}

// texts is a column of texts, null where "".
func texts(name string, at func(i int) string) table.ParquetColumn {
	return table.TextsToParquet(name, func(i int) (string, bool) {
		s := at(i)
		return s, s != ""
	})
}

// writeLeads writes leads.parquet, the columns of leads.jsonl.
func writeLeads(path string, leads []record) error {
	text := func(name string, of func(*record) string) table.ParquetColumn {
		return texts(name, func(i int) string { return of(&leads[i]) })
	}
	date := func(name string, of func(*record) day) table.ParquetColumn {
		return table.IntsToParquet(name, table.Date, func(i int) int64 {
			if d := of(&leads[i]); d != 0 {
				return int64(d)
			}
			return table.Null
		})
	}
	return writeParquet(path, len(leads), []table.ParquetColumn{
		text("lead_id", func(r *record) string { return r.LeadID }),
		text("rule", func(r *record) string { return r.Rule }),
		text("family", func(r *record) string { return r.Family }),
		text("title", func(r *record) string { return r.Title }),
		text("severity", func(r *record) string { return r.Severity }),
		table.IntsToParquet("score", table.Number, func(i int) int64 { return int64(leads[i].Score) }),
		text("subject_kind", func(r *record) string { return r.SubjectKind }),
		text("subject_key", func(r *record) string { return r.SubjectKey }),
		text("subject_name", func(r *record) string { return r.SubjectName }),
		text("county", func(r *record) string { return r.County }),
		text("town", func(r *record) string { return r.Town }),
		text("village", func(r *record) string { return r.Village }),
		text("fund_no", func(r *record) string { return r.FundNo }),
		text("project_id", func(r *record) string { return r.ProjectID }),
		text("program", func(r *record) string { return r.Program }),
		text("period", func(r *record) string { return r.Period }),
		table.IntsToParquet("amount", table.Money, func(i int) int64 { return int64(leads[i].Amount) }),
		text("summary", func(r *record) string { return r.Summary }),
		table.RecordsToParquet("facts", func(i int) int { return len(leads[i].Facts) },
			table.RecordField{Name: "name", Text: func(i, j int) string { return leads[i].Facts[j].Name }},
			table.RecordField{Name: "value", Text: func(i, j int) string { return leads[i].Facts[j].Value }}),
		table.RecordsToParquet("evidence", func(i int) int { return len(leads[i].Evidence) },
			table.RecordField{Name: "table", Text: func(i, j int) string { return leads[i].Evidence[j].Table }},
			table.RecordField{Name: "file", Text: func(i, j int) string { return leads[i].Evidence[j].File }},
			table.RecordField{Name: "sheet", Text: func(i, j int) string { return leads[i].Evidence[j].Sheet }},
			table.RecordField{Name: "row", Int: func(i, j int) int64 { return int64(leads[i].Evidence[j].Row) }},
			table.RecordField{Name: "role", Text: func(i, j int) string { return leads[i].Evidence[j].Role }}),
		text("basis", func(r *record) string { return r.Basis }),
		text("verify", func(r *record) string { return r.Verify }),
		table.ListsToParquet("corroborated_by", func(i int) []string { return leads[i].Corroborated }),
		text("case_id", func(r *record) string { return r.CaseID }),
		table.ListsToParquet("responsible", func(i int) []string { return leads[i].Responsible }),
		text("control", func(r *record) string { return r.Control }),
		text("match", func(r *record) string { return r.Match }),
		text("grade", func(r *record) string { return r.Grade }),
		date("first_seen", func(r *record) day { return r.FirstSeen }),
		date("last_seen", func(r *record) day { return r.LastSeen }),
		text("status", func(r *record) string { return r.Status }),
		table.IntsToParquet("cleared", table.Money, func(i int) int64 { return int64(leads[i].Cleared) }),
	})
}

// writeRejects writes rejects.parquet.
func writeRejects(path string, d *Data, m masker) error {
	rs := d.Intake.Rejects
	return writeParquet(path, len(rs), []table.ParquetColumn{
		texts("file", func(i int) string { return m.text(rs[i].File) }),
		texts("sheet", func(i int) string { return m.text(rs[i].Sheet) }),
		table.IntsToParquet("row", table.Number, func(i int) int64 { return int64(rs[i].Row) }),
		texts("reason", func(i int) string { return m.text(rs[i].Reason) }),
		table.ListsToParquet("cells", func(i int) []string { return mapped(rs[i].Cells, m.raw) }),
	})
}
