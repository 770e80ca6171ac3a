package detect

import (
	"cmp"
	"slices"

	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// A Pass is one rule applied to one group.
//
// A group is one subject unless the check says otherwise with On: the subject
// is flagged when a lead was reported on it, not applicable when NotApplicable
// was called and nothing reported, and clear else.
type Pass struct {
	Rule   *Rule
	Group  *Group
	Policy *policy.Policy
	AsOf   table.Day

	plan    *Plan
	out     *Outcome
	subject Subject
	whole   bool // the subject is the group itself, not one begun with On
	state   state
	reason  Text
}

type state uint8

const (
	idle state = iota // nothing judged yet
	open              // a subject is being judged
	hit               // and has a lead
	void              // and cannot be judged
)

// A Subject is what a lead is about.
type Subject struct {
	Kind string // person, household, account, unit, fund, project, village (contract section 5)
	Key  string
}

// View returns the group's rows of a table.
func (p *Pass) View(s *table.Schema) table.View { return p.Group.View(s) }

// Has reports whether the run has a table with rows, or a register of a kind:
// "payment", "register:vehicle".
func (p *Pass) Has(need string) bool { return p.plan.present[need] }

// Enabled reports whether the policy leaves another rule on, so that a matter can
// be left to it.
func (p *Pass) Enabled(r *Rule) bool { return p.plan.settings.Enabled(r) }

// On begins another subject inside the group, a unit of a fund for example; the
// subject before it is closed. A check that calls it judges those subjects and
// not the group.
func (p *Pass) On(kind, key string) {
	if !p.whole || p.state == hit {
		p.close()
	}
	p.whole = false
	p.subject, p.state = Subject{kind, key}, open
}

// NotApplicable says that the current subject cannot be judged, and why.
func (p *Pass) NotApplicable(reason Text) {
	if p.state == open {
		p.state, p.reason = void, reason
	}
}

// Report gives a lead on the current subject. Rule, Subject, Grade and Match
// are filled in where the lead leaves them out; Match is the weakest of the
// evidence's joins, and near or weaker lowers the grade one step, to E2 at most
// (E3 is for units and villages). A lead that rests on a name alone is dropped
// and the subject counts as not applicable.
func (p *Pass) Report(l Lead) {
	l.Rule = p.Rule
	if l.Subject == (Subject{}) {
		l.Subject = p.subject
	}
	for _, e := range l.Evidence {
		l.Match = max(l.Match, e.match)
	}
	if l.Match == NameOnly {
		p.NotApplicable(Text{"仅凭姓名,无法确认身份", "joined by name alone"})
		return
	}
	if l.Grade == 0 {
		l.Grade = p.Rule.Grade
	}
	if l.Match >= Near && l.Grade < E2 {
		l.Grade++
	}
	p.state = hit
	p.out.Leads = append(p.out.Leads, l)
}

// Standing returns the share of the rule's samples, over all groups of this
// key, that are below x, and how many samples there are.
func (p *Pass) Standing(x float64) (below float64, n int) {
	s := p.Samples()
	i, _ := slices.BinarySearch(s, x)
	return float64(i) / float64(max(len(s), 1)), len(s)
}

// Samples returns the rule's samples over all groups of this key, ascending.
// Do not change them.
func (p *Pass) Samples() []float64 { return p.plan.samples[sampleKey{p.Rule.ID, p.Group.Key}] }

// Sampled returns what the rule's Sample said of the group, which tells of most
// groups that there is nothing to look for; ok is false where it said nothing.
func (p *Pass) Sampled() (x float64, ok bool) {
	for _, s := range p.Group.samples {
		if s.rule == p.Rule {
			return s.x, true
		}
	}
	return 0, false
}

// close counts the subject that is open.
func (p *Pass) close() {
	switch p.state {
	case open:
		p.out.part.Clear++
	case hit:
		p.out.part.Flagged++
	case void:
		p.out.part.notApplicable(p.reason, 1)
	}
	p.state = idle
}

// A Lead is something to look into. Rules leave out what the Pass and later
// stages know: names and places of subjects, severity, score, what to do.
type Lead struct {
	Rule      *Rule
	Subject   Subject    // the group's own unless set
	Grade     Grade      // the rule's own unless set
	Program   string     // canonical name
	Period    string     // as table.Period writes it
	FundNo    string     // where the fund is not the subject
	ProjectID string     // where the project is not the subject
	Item      string     // tells two leads of one rule on one subject apart where program, period, fund and project do not
	Amount    table.Fen  // the money in question
	Summary   Text       // one sentence that a person who never saw the data understands; it accuses nobody
	Facts     []Fact     // what the sentence rests on, in order
	Evidence  []Evidence // the rows to open, the first is where to start
	Match     Match      // weakest join; filled in
}

// A Fact is one named value: ("死亡日期", "date of death"), "2017-03-02".
type Fact struct {
	Name  Text
	Value string
}

// Evidence is one row an inspector should open.
type Evidence struct {
	Schema *table.Schema
	Ref    table.Ref
	Role   Text
	match  Match
}

// matchFields are the fields that tell how surely a table's rows were joined to
// their persons, by the table's index; -1 where there is none.
var matchFields = func() (out [16]int) {
	for _, s := range table.Schemas {
		out[s.Index()] = s.Field("_match")
	}
	return out
}()

// Row returns row i of a view as evidence; the join that brought the row to
// its person comes along where the rule Reads the table's _match.
func Row(v table.View, i int, role Text) Evidence {
	e := Evidence{Schema: v.Schema(), Ref: v.Ref(i), Role: role}
	if f := matchFields[e.Schema.Index()]; f >= 0 {
		e.match = ParseMatch(v.Text(f, i))
	}
	return e
}

// RowAt returns a row known by its Ref only, as derived tables carry them.
func RowAt(s *table.Schema, r table.Ref, role Text) Evidence {
	return Evidence{Schema: s, Ref: r, Role: role}
}

// compare orders leads by what they are about, never by where their rows stand
// in the executor's memory.
func compare(a, b Lead) int {
	return cmp.Or(
		cmp.Compare(a.Rule.ID, b.Rule.ID),
		cmp.Compare(a.Subject.Kind, b.Subject.Kind),
		cmp.Compare(a.Subject.Key, b.Subject.Key),
		cmp.Compare(a.Program, b.Program),
		cmp.Compare(a.Period, b.Period),
		cmp.Compare(a.FundNo, b.FundNo),
		cmp.Compare(a.ProjectID, b.ProjectID),
		cmp.Compare(a.Item, b.Item),
	)
}
