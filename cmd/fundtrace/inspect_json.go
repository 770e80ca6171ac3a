package main

import (
	"encoding/json"
	"io"
	"math"
	"slices"

	"fundtrace/pipeline/intake"
)

// inspectedSheet is one sheet as inspect --json prints it: contract.md section 1.
type inspectedSheet struct {
	File         string             `json:"file"`
	Sheet        string             `json:"sheet"`
	Table        string             `json:"table"`         // "" for a sheet set aside
	Near         string             `json:"near"`          // the table that a sheet set aside comes nearest to, "" for none
	RegisterKind string             `json:"register_kind"` // of a register, where its surroundings or headings tell it
	HeaderRows   []int              `json:"header_rows"`   // from 1
	Score        float64            `json:"score"`         // log-odds that it is the table, or the nearest one, against being none
	RunnerUp     *inspectedTable    `json:"runner_up"`     // null for none
	Columns      []inspectedColumn  `json:"columns"`
	Bins         map[intake.Bin]int `json:"bins"`
	Reason       string             `json:"reason"`
}

type inspectedTable struct {
	Table string  `json:"table"`
	Score float64 `json:"score"`
}

type inspectedColumn struct {
	Column    string  `json:"column"`
	Header    string  `json:"header"`
	Field     string  `json:"field"`     // "" for none
	Candidate string  `json:"candidate"` // what it would be, were it sure
	How       string  `json:"how"`       // header, words, guess, mapping
	Score     float64 `json:"score"`     // log-odds that it is the field, against being none
	Margin    float64 `json:"margin"`    // by how much it beats being something else
	RunnerUp  string  `json:"runner_up"` // what it would be then; "" for none
}

// printInspectionJSON writes an object a sheet, a line each.
func printInspectionJSON(w io.Writer, res *intake.Result) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	for _, s := range res.Sheets {
		o := inspectedSheet{
			File: s.File, Sheet: s.Sheet, Table: s.Table, Near: s.Nearest, RegisterKind: s.Inherited["register_kind"],
			HeaderRows: []int{}, Score: tenth(s.Score), Columns: []inspectedColumn{}, Bins: s.Bins, Reason: s.Reason,
		}
		if s.RunnerUp != "" {
			o.RunnerUp = &inspectedTable{s.RunnerUp, tenth(s.Behind)}
		}
		for i := range s.HeaderRows {
			o.HeaderRows = append(o.HeaderRows, s.HeaderRow+i)
		}
		for _, c := range s.Columns {
			o.Columns = append(o.Columns, inspectedColumn{c.Column, c.Header, c.Field, c.Candidate, c.How, tenth(c.Score), tenth(c.Margin), c.RunnerUp})
		}
		if err := out.Encode(o); err != nil {
			return err
		}
	}
	for _, in := range res.Inputs { // files without a sheet to tell of
		if !slices.ContainsFunc(res.Sheets, func(s intake.Sheet) bool { return s.File == in.File }) {
			if err := out.Encode(inspectedSheet{File: in.File, HeaderRows: []int{}, Columns: []inspectedColumn{}, Bins: map[intake.Bin]int{}, Reason: in.Reason}); err != nil {
				return err
			}
		}
	}
	return nil
}

func tenth(x float64) float64 { return math.Round(x*10) / 10 }
