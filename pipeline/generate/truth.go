package generate

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"fundtrace/pipeline/table"
)

// Truth is what is true of a generated county: what was written, and what must
// and must not be found. Amounts are in fen.
type Truth struct {
	Seed       uint64              `json:"seed"`
	AsOf       string              `json:"as_of"`      // the day to judge on
	Households int                 `json:"households"` // on the register of the poor or not
	Persons    int                 `json:"persons"`
	Counties   int                 `json:"counties"`
	Files      int                 `json:"files"` // input files, duplicates and strays included
	Tables     map[string]*Written `json:"tables"`
	Programs   map[string]*Written `json:"programs"`            // payments by canonical program
	TooSmall   []string            `json:"too_small,omitempty"` // rules of which the county has no room for a case
	Planted    []Case              `json:"planted"`             // must be found
	Quiet      []Case              `json:"quiet"`               // look-alikes: the rule must say nothing
	May        []Case              `json:"may"`                 // consequences of planted cases: right if found, no loss if not
}

// Written is what was written of a table or program, each line once: files that
// stand twice count once.
type Written struct {
	Lines  int       `json:"lines"`
	Amount table.Fen `json:"amount_fen"`
}

// A Case is a subject that a rule must find or leave alone. Empty fields say
// nothing.
type Case struct {
	Rule      string    `json:"rule"`
	Kind      string    `json:"subject_kind"`
	Key       string    `json:"subject_key"`
	Or        []Subject `json:"or,omitempty"` // other subjects under which the same case may be reported
	Program   string    `json:"program,omitempty"`
	Period    string    `json:"period,omitempty"`
	FundNo    string    `json:"fund_no,omitempty"`
	ProjectID string    `json:"project_id,omitempty"`
	Amount    table.Fen `json:"amount_fen,omitempty"` // the lead's amount, where it is certain
	Why       string    `json:"why"`                  // what was planted, in a few words
}

// A Subject is what a lead is about, by its contract's names.
type Subject struct {
	Kind string `json:"kind"`
	Key  string `json:"key"`
}

// A Lead is what Score wants to know of a lead.
type Lead struct {
	Rule string
	Subject
	Program, Period, FundNo, ProjectID string
	Amount                             table.Fen
}

// LoadTruth reads a truth file.
func LoadTruth(path string) (*Truth, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading a generated county's truth: %w", err)
	}
	t := &Truth{}
	if err := json.Unmarshal(b, t); err != nil {
		return nil, fmt.Errorf("reading a generated county's truth: %s: %w", path, err)
	}
	return t, nil
}

// save writes the truth file.
func (t *Truth) save(path string) error {
	b, err := json.MarshalIndent(t, "", " ")
	if err != nil {
		return fmt.Errorf("writing the truth of a generated county: %w", err)
	}
	if err := os.WriteFile(path, append(b, '\n'), 0o644); err != nil {
		return fmt.Errorf("writing the truth of a generated county: %w", err)
	}
	return nil
}

// wrote counts lines of a table.
func (t *Truth) wrote(s *table.Schema, lines int, amount table.Fen) {
	w := t.Tables[s.Name]
	if w == nil {
		w = &Written{}
		t.Tables[s.Name] = w
	}
	w.Lines += lines
	w.Amount += amount
}

// paid counts one payment.
func (t *Truth) paid(program string, amount table.Fen) {
	t.wrote(table.Payment, 1, amount)
	w := t.Programs[program]
	if w == nil {
		w = &Written{}
		t.Programs[program] = w
	}
	w.Lines++
	w.Amount += amount
}

// fits reports whether a lead is the case.
func (c *Case) fits(l Lead) bool {
	if l.Rule != c.Rule {
		return false
	}
	same := func(want, have string) bool { return want == "" || want == have }
	subject := func(s Subject) bool {
		if s.Kind != l.Kind {
			return false
		}
		if s.Kind == string(table.Sheet) { // the user names the folder above
			return l.Key == s.Key || strings.HasSuffix(l.Key, "/"+s.Key)
		}
		return l.Key == s.Key
	}
	// A lead on a fund or project itself does not name it a second time.
	fund, project := l.FundNo, l.ProjectID
	switch table.Key(l.Kind) {
	case table.Fund:
		fund = l.Key
	case table.Project:
		project = l.Key
	}
	return (subject(Subject{c.Kind, c.Key}) || slices.ContainsFunc(c.Or, subject)) &&
		same(c.Program, l.Program) && same(c.Period, l.Period) && same(c.FundNo, fund) && same(c.ProjectID, project)
}

// A Score is how one rule did.
type Score struct {
	Rule    string
	Planted int    // cases
	Found   int    // of them
	Leads   int    // on anything
	Right   int    // leads on a planted case
	May     int    // leads on a consequence of a planted case
	Missed  []Case // planted and not found
	Roused  []Case // look-alikes that were flagged
	False   []Lead // leads on nothing planted, those on look-alikes included
	Amounts []Lead // on a planted case, with another amount
}

// Recall returns the share of planted cases found, 1 where none was planted.
func (s *Score) Recall() float64 {
	if s.Planted == 0 {
		return 1
	}
	return float64(s.Found) / float64(s.Planted)
}

// Precision returns the share of leads on planted cases among those not on a
// mere consequence of one, 1 where there are none.
func (s *Score) Precision() float64 {
	n := s.Right + len(s.False)
	if n == 0 {
		return 1
	}
	return float64(s.Right) / float64(n)
}

// Score compares a run's leads with the truth, a Score for every rule that was
// planted or made a lead, by rule.
func (t *Truth) Score(leads []Lead) []Score {
	by := map[string]*Score{}
	of := func(rule string) *Score {
		if by[rule] == nil {
			by[rule] = &Score{Rule: rule}
		}
		return by[rule]
	}
	planted, quiet, may := casesByRule(t.Planted), casesByRule(t.Quiet), casesByRule(t.May)
	found, roused := map[*Case]bool{}, map[*Case]bool{}
	for _, l := range leads {
		s := of(l.Rule)
		s.Leads++
		fits := func(c *Case) bool { return c.fits(l) }
		if i := slices.IndexFunc(planted[l.Rule], fits); i >= 0 {
			c := planted[l.Rule][i]
			found[c] = true
			s.Right++
			if c.Amount != 0 && c.Amount != l.Amount {
				s.Amounts = append(s.Amounts, l)
			}
			continue
		}
		if i := slices.IndexFunc(quiet[l.Rule], fits); i >= 0 {
			roused[quiet[l.Rule][i]] = true
		} else if slices.ContainsFunc(may[l.Rule], fits) {
			s.May++
			continue
		}
		s.False = append(s.False, l)
	}
	for i := range t.Planted {
		c := &t.Planted[i]
		s := of(c.Rule)
		s.Planted++
		if found[c] {
			s.Found++
		} else {
			s.Missed = append(s.Missed, *c)
		}
	}
	for i := range t.Quiet {
		if c := &t.Quiet[i]; roused[c] {
			of(c.Rule).Roused = append(of(c.Rule).Roused, *c)
		}
	}
	var out []Score
	for _, s := range by {
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b Score) int { return strings.Compare(a.Rule, b.Rule) })
	return out
}

func casesByRule(cases []Case) map[string][]*Case {
	out := map[string][]*Case{}
	for i := range cases {
		out[cases[i].Rule] = append(out[cases[i].Rule], &cases[i])
	}
	return out
}
