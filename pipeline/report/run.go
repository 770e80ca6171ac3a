package report

import (
	"bufio"
	"encoding/json"
	"path/filepath"
	"strings"
	"time"

	"fundtrace/pipeline/chain"
	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/intake"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/publish"
	"fundtrace/pipeline/table"
)

// run is run.json: the account of a run. Every key is there in every run; a
// list or map that has nothing is empty, never null. The clock
// shows in Status, which is first, and Timings, which are last: two runs can be
// compared between them.
type run struct {
	Status    runStatus           `json:"status"`
	AsOf      day                 `json:"as_of"`
	Inputs    []runInput          `json:"inputs"`
	Sheets    []runSheet          `json:"sheets"`
	Tables    map[string]runTable `json:"tables"`
	Funds     []chain.Identity    `json:"funds"`
	Questions []runQuestion       `json:"questions"`
	Stops     []runStop           `json:"stops"`
	Rules     []runRule           `json:"rules"`
	Leads     runLeads            `json:"leads"`
	Rejects   int                 `json:"rejects"` // lines of rejects.parquet
	Outputs   []publish.File      `json:"outputs"` // every file but this one
	Policy    *policy.Policy      `json:"policy"`
	Versions  Version             `json:"versions"`
	Timings   []Timing            `json:"timings"`
}

// runStatus is a run at a glance. Started, ended and seconds differ from run to
// run as the timings do.
type runStatus struct {
	Exit           int     `json:"exit"`
	Started        string  `json:"started"` // RFC 3339
	Ended          string  `json:"ended"`
	Seconds        float64 `json:"seconds"`
	Rows           int     `json:"rows"` // of all sheets
	Leads          int     `json:"leads"`
	TracedPayments int     `json:"traced_payments"` // followed from notice to household
	TracedFen      int64   `json:"traced_fen"`
}

// newStatus gathers the status; it asks the clock for the end of a run that says
// when it began.
func newStatus(d *Data) runStatus {
	s := runStatus{Exit: d.Exit, Leads: len(d.Leads)}
	if !d.Started.IsZero() {
		end := time.Now()
		s.Started, s.Ended, s.Seconds = d.Started.Format(time.RFC3339), end.Format(time.RFC3339), end.Sub(d.Started).Seconds()
	}
	for _, sheet := range d.Intake.Sheets {
		s.Rows += sheet.Rows
	}
	t := d.Traced()
	s.TracedPayments, s.TracedFen = t.Payments, int64(t.Amount)
	return s
}

type runInput struct {
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
	Status string `json:"status"`
	Reason string `json:"reason"`
}

type runSheet struct {
	File      string              `json:"file"`
	Sheet     string              `json:"sheet"`
	Table     string              `json:"table"`
	Reason    string              `json:"reason"`
	Rows      int                 `json:"rows"`
	Bins      map[intake.Bin]int  `json:"bins"`
	Lines     int                 `json:"lines"`
	Unit      string              `json:"unit"`
	Inherited map[string]string   `json:"inherited"`
	SetAside  []runColumn         `json:"set_aside"` // columns with a header and no field
	Totals    []intake.TotalCheck `json:"totals"`
}

type runColumn struct {
	Column string `json:"column"`
	Header string `json:"header"`
}

type runTable struct {
	Rows      int   `json:"rows"`
	AmountFen int64 `json:"amount_fen"` // of the table's main money column; 0 for a table without one
}

// runStop is a Stop in the run's language.
type runStop struct {
	Reason    string `json:"reason"`
	Office    string `json:"office"`
	Payments  int    `json:"payments"`
	AmountFen int64  `json:"amount_fen"`
}

// runQuestion is a detect.Question in the run's language.
type runQuestion struct {
	What      string `json:"what"`
	Office    string `json:"office"` // "" is whoever set up the run
	Document  string `json:"document"`
	Leads     int    `json:"leads"` // that wait for the answer
	AmountFen int64  `json:"amount_fen"`
}

type runRule struct {
	Rule          string            `json:"rule"`
	Family        string            `json:"family"`
	Title         string            `json:"title"`
	Enabled       bool              `json:"enabled"`
	Lacking       string            `json:"lacking"` // what the run lacks of the rule's needs; then nothing was judged
	Judged        int               `json:"judged"`
	Flagged       int               `json:"flagged"`
	Clear         int               `json:"clear"`
	NotApplicable map[string]int    `json:"not_applicable"` // by reason, in English whatever the run's language
	Failed        []runFailure      `json:"failed"`
	Params        map[string]string `json:"params"` // in force
	Review        bool              `json:"review"` // flagged more than 5 % of what it judged
	Withheld      runWithheld       `json:"withheld"`
}

// runWithheld is a Withheld; of a rule that did not go wild it has no leads.
type runWithheld struct {
	Leads     int          `json:"leads"`
	AmountFen int64        `json:"amount_fen"`
	Examples  []runExample `json:"examples"`
}

type runExample struct {
	LeadID      string `json:"lead_id"`
	SubjectKind string `json:"subject_kind"`
	SubjectKey  string `json:"subject_key"`
	Summary     string `json:"summary"`
}

type runFailure struct {
	Kind  string `json:"kind"`
	Key   string `json:"key"`
	Error string `json:"error"`
}

type runLeads struct {
	Count     int            `json:"count"`
	AmountFen int64          `json:"amount_fen"`
	Rule      map[string]int `json:"rule"`
	Grade     map[string]int `json:"grade"`
	County    map[string]int `json:"county"` // "" where no sheet says
}

// newRun gathers the account.
func newRun(d *Data, m masker) *run {
	r := &run{
		Status: newStatus(d), AsOf: day(d.AsOf), Inputs: []runInput{}, Sheets: []runSheet{}, Tables: map[string]runTable{},
		Funds: append([]chain.Identity{}, d.Funds...), Questions: []runQuestion{}, Stops: []runStop{}, Rules: []runRule{},
		Leads:   runLeads{Count: len(d.Leads), Rule: map[string]int{}, Grade: map[string]int{}, County: map[string]int{}},
		Rejects: len(d.Intake.Rejects), Policy: d.Policy, Versions: d.Version, Timings: append([]Timing{}, d.Timings...),
	}
	for _, in := range d.Intake.Inputs {
		in.File, in.Reason = m.text(in.File), m.text(in.Reason)
		r.Inputs = append(r.Inputs, runInput(in))
	}
	for _, s := range d.Intake.Sheets {
		r.Sheets = append(r.Sheets, newRunSheet(s, m))
	}
	for _, s := range table.Schemas {
		t := d.Tables.Get(s)
		r.Tables[s.Name] = runTable{t.Len(), int64(total(t, s.Money))}
	}
	for i := range r.Funds {
		r.Funds[i].FundNo = m.key(r.Funds[i].FundNo)
	}
	for _, s := range d.Traced().Stops {
		r.Stops = append(r.Stops, runStop{Because(s.Reason, d.Lang), m.text(s.Office), s.Payments, int64(s.Amount)})
	}
	for _, q := range d.Questions {
		r.Questions = append(r.Questions, runQuestion{
			What: m.text(q.Sentence().In(d.Lang)), Office: m.text(q.Office), Document: m.text(q.Document.In(d.Lang)), Leads: q.Leads, AmountFen: int64(q.Amount),
		})
	}
	for g := detect.E0; g <= detect.E3; g++ {
		r.Leads.Grade[g.String()] = 0
	}
	for i := range d.Rules {
		s := &d.Rules[i]
		rule := runRule{
			Rule: s.Rule.ID, Family: string(s.Rule.Family), Title: s.Rule.Title.In(d.Lang), Enabled: s.Enabled, Lacking: s.Lacking,
			Judged: s.Judged(), Flagged: s.Flagged, Clear: s.Clear,
			NotApplicable: map[string]int{}, Failed: []runFailure{}, Params: map[string]string{}, Review: s.Review(),
			Withheld: runWithheld{Examples: []runExample{}},
		}
		for _, na := range s.NA {
			rule.NotApplicable[m.text(na.Reason.En)] += na.N
		}
		for _, f := range s.Failed {
			// Only the first line: a stack behind it has addresses that differ
			// from run to run.
			text, _, _ := strings.Cut(f.Error, "\n")
			rule.Failed = append(rule.Failed, runFailure{f.Group.Kind, m.subject(f.Group.Kind)(f.Group.Key), m.text(text)})
		}
		for _, w := range d.Withheld {
			if w.Rule == s.Rule {
				rule.Withheld.Leads, rule.Withheld.AmountFen = w.Leads, int64(w.Amount)
				for _, l := range w.Examples {
					rule.Withheld.Examples = append(rule.Withheld.Examples, runExample{l.ID, l.SubjectKind, m.subject(l.SubjectKind)(l.SubjectKey), m.text(l.Summary)})
				}
			}
		}
		for _, p := range s.Params {
			rule.Params[p.Name] = p.Default
		}
		r.Rules = append(r.Rules, rule)
		r.Leads.Rule[s.Rule.ID] = 0
	}
	for i := range d.Leads {
		l := &d.Leads[i]
		r.Leads.AmountFen += int64(l.Amount)
		r.Leads.Rule[l.Rule.ID]++
		r.Leads.Grade[l.Grade.String()]++
		r.Leads.County[l.County]++
	}
	return r
}

func newRunSheet(s intake.Sheet, m masker) runSheet {
	out := runSheet{
		File: m.text(s.File), Sheet: m.text(s.Sheet), Table: s.Table, Reason: m.text(s.Reason), Rows: s.Rows, Bins: map[intake.Bin]int{},
		Lines: s.Lines, Unit: s.Unit, Inherited: map[string]string{}, SetAside: []runColumn{}, Totals: append([]intake.TotalCheck{}, s.Totals...),
	}
	for _, b := range intake.Bins {
		out.Bins[b] = s.Bins[b]
	}
	for _, c := range s.SetAside() {
		out.SetAside = append(out.SetAside, runColumn{c.Column, m.text(c.Header)})
	}
	for field, v := range s.Inherited {
		out.Inherited[field] = m.column(field)(v)
	}
	return out
}

// total adds up a money column, 0 for none.
func total(t *table.Table, column string) table.Fen {
	if column == "" {
		return 0
	}
	var sum table.Fen
	for _, v := range t.Ints(column) {
		if v != table.Null {
			sum += table.Fen(v)
		}
	}
	return sum
}

// writeRun writes run.json, which lists the files that stand beside it.
func writeRun(path string, d *Data, m masker) error {
	account := newRun(d, m)
	var err error
	if account.Outputs, err = publish.Files(filepath.Dir(path)); err != nil {
		return err
	}
	return writeFile(path, func(w *bufio.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(account)
	})
}
