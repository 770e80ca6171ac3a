package detect

import (
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

	plan      *Plan
	baselines *Baselines // nil while they are taken
	out       *Outcome
	subject   Subject
	whole     bool // the subject is the group itself, not one begun with On
	state     state
	reason    Text
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
func (p *Pass) Has(need string) bool { return p.plan.holds.Tables[need] }

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

// Report gives a lead on the current subject. Rule, Subject, Grade, Match and
// Known are filled in where the lead leaves them out. Match is the weakest of the
// evidence's joins, in leads about people or from rows that were grouped by
// people; near or weaker lowers the grade one step, to E2 at most (E3 is for
// units and villages). Known is what the columns that the rule reads do not state
// on the evidence rows; the weakest caps the grade. A lead that rests on a name
// alone is dropped and the subject counts as not applicable; so does one on money
// that may be in another unit, which makes a question.
func (p *Pass) Report(l Lead) {
	l.Rule = p.Rule.ID
	if l.Subject == (Subject{}) {
		l.Subject = p.subject
	}
	p.weigh(&l)
	if l.Match == NameOnly {
		p.NotApplicable(Text{"仅凭姓名,无法确认身份", "joined by name alone"})
		return
	}
	if p.moneyInDoubt(&l) {
		p.Ask(Question{
			What:     Text{"表中金额的单位存疑，所涉线索未列出", "the unit of money of a sheet is in doubt; leads that rest on it are left out"},
			Document: Text{"所涉各表（见数据质量表）的金额单位", "the unit of money of the sheets named under data quality"},
		})
		return
	}
	if l.Grade == 0 {
		l.Grade = p.Rule.Grade
	}
	if l.Match >= Near && l.Grade < E2 {
		l.Grade++
	}
	for _, k := range l.Known {
		l.Grade = max(l.Grade, capOf(k.How))
	}
	p.state = hit
	p.out.Leads = append(p.out.Leads, l)
}

// Ask puts a question to an office in place of a lead: what the files leave open,
// so that the subject cannot be judged. It is about the current subject unless it
// says otherwise, and counts as not applicable unless a lead on it is reported.
func (p *Pass) Ask(q Question) {
	q.Leads = max(q.Leads, 1)
	if q.About == nil {
		q.About = []About{{}}
	}
	if q.About[0].Units == nil && p.subject.Kind == string(table.Unit) {
		q.About[0].Units = []string{p.subject.Key}
	}
	p.NotApplicable(Text{"资料未能判定,已列为待查问题", "left open by the files: a question"})
	p.out.part.Questions = append(p.out.part.Questions, q)
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
func (p *Pass) Samples() []float64 { return p.baselines.Samples[sampleKey(p.Rule, p.Group.Key)] }

// Sampled returns what the rule's Sample says of the group, which tells of most
// groups that there is nothing to look for; ok is false where it says nothing.
func (p *Pass) Sampled() (x float64, ok bool) { return p.Rule.Sample(p) }

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
