package report

import (
	"bufio"
	"encoding/json"
	"strings"

	"fundtrace/pipeline/rank"
	"fundtrace/pipeline/table"
)

// A record is a lead as leads.jsonl and leads.parquet carry it: the contract's
// fields in its order, masked where the run asks for it.
type record struct {
	LeadID       string          `json:"lead_id"`
	Rule         string          `json:"rule"`
	Family       string          `json:"family"`
	Title        string          `json:"title"`
	Severity     string          `json:"severity"`
	Score        int             `json:"score"`
	SubjectKind  string          `json:"subject_kind"`
	SubjectKey   string          `json:"subject_key"`
	SubjectName  string          `json:"subject_name"`
	County       string          `json:"county"`
	Town         string          `json:"town"`
	Village      string          `json:"village"`
	FundNo       string          `json:"fund_no"`
	ProjectID    string          `json:"project_id"`
	Program      string          `json:"program"`
	Period       string          `json:"period"`
	Amount       yuan            `json:"amount"`
	Summary      string          `json:"summary"`
	Facts        []rank.Fact     `json:"facts"`
	Evidence     []rank.Evidence `json:"evidence"`
	Basis        string          `json:"basis"`
	Verify       string          `json:"verify"`
	Corroborated []string        `json:"corroborated_by"`
	CaseID       string          `json:"case_id"`
	Responsible  []string        `json:"responsible"`
	Control      string          `json:"control"`
	Match        string          `json:"match"`
	Grade        string          `json:"grade"`
	FirstSeen    day             `json:"first_seen"`
	LastSeen     day             `json:"last_seen"`
	Status       string          `json:"status"`
	Cleared      yuan            `json:"cleared"`
}

// yuan is money in JSON: a number with exactly two decimals, in yuan.
type yuan table.Fen

// MarshalJSON writes the amount's digits; no float comes near it.
func (y yuan) MarshalJSON() ([]byte, error) { return []byte(table.Fen(y).String()), nil }

// day is a date in JSON: YYYY-MM-DD, "" where there is none.
type day table.Day

// MarshalJSON implements json.Marshaler.
func (d day) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }

func (d day) String() string {
	if d == 0 {
		return ""
	}
	return table.Day(d).String()
}

// records returns the leads as records, in their order.
func records(d *Data, m masker) []record {
	ids := make(map[string]bool, len(d.Leads))
	for i := range d.Leads {
		ids[d.Leads[i].ID] = true
	}
	out := make([]record, len(d.Leads))
	for i := range d.Leads {
		l := &d.Leads[i]
		r := record{
			LeadID: l.ID, Rule: l.Rule.ID, Family: string(l.Rule.Family), Title: l.Rule.Title.In(d.Lang),
			Severity: l.Severity, Score: l.Score,
			SubjectKind: l.SubjectKind, SubjectKey: m.subject(l.SubjectKind)(l.Number()), SubjectName: m.text(l.SubjectName),
			County: l.County, Town: l.Town, Village: l.Village,
			FundNo: m.key(l.FundNo), ProjectID: m.key(l.ProjectID), Program: l.Program, Period: l.Period,
			Amount: yuan(l.Amount), Summary: m.text(l.Summary),
			Facts: make([]rank.Fact, len(l.Facts)), Evidence: make([]rank.Evidence, len(l.Evidence)),
			Basis: basis(l), Verify: l.Rule.Doc.Verify.In(d.Lang),
			Corroborated: make([]string, len(l.Corroborated)), CaseID: m.text(l.CaseID),
			Responsible: make([]string, len(l.Responsible)), Control: l.Rule.Doc.Control.In(d.Lang),
			Match: l.Match.String(), Grade: l.Grade.String(),
			FirstSeen: day(l.FirstSeen), LastSeen: day(l.LastSeen), Status: l.Status, Cleared: yuan(l.Cleared),
		}
		for j, f := range l.Facts {
			r.Facts[j] = rank.Fact{Name: f.Name, Value: m.text(f.Value)}
		}
		r.Facts = append(r.Facts, rank.Fact{Name: say("terms", d.Lang), Value: terms(l, d.Lang)})
		for j, e := range l.Evidence {
			e.File, e.Sheet = m.text(e.File), m.text(e.Sheet)
			r.Evidence[j] = e
		}
		for j, c := range l.Corroborated {
			if !ids[c] { // a lead's id is no person's number, whatever its digits
				c = m.text(c)
			}
			r.Corroborated[j] = c
		}
		for j, s := range l.Responsible {
			r.Responsible[j] = m.text(s)
		}
		out[i] = r
	}
	return out
}

// basis returns the provisions a lead may breach, in one line.
func basis(l *rank.Lead) string {
	parts := make([]string, len(l.Rule.Basis))
	for i, b := range l.Rule.Basis {
		parts[i] = b.String()
	}
	return strings.Join(parts, "; ")
}

// writeLines writes leads.jsonl.
func writeLines(path string, leads []record) error {
	return writeFile(path, func(w *bufio.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		for i := range leads {
			if err := enc.Encode(&leads[i]); err != nil {
				return err
			}
		}
		return nil
	})
}
