package exec

import (
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/policy"
)

// A Status says how one rule fared, so that no lead is not read as clean.
type Status struct {
	Rule    *detect.Rule
	Enabled bool
	Lacking string // what the run lacks of the rule's needs; then nothing was judged
	Params  []detect.Description
	detect.Counts
	Failed   []detect.Failure
	Withheld []detect.Lead // of a rule that went wild: no leads of the run
}

// Judged returns how many subjects the rule came to a conclusion on.
func (s *Status) Judged() int { return s.Flagged + s.Clear }

// Review reports whether the rule flagged more than 5 % of what it judged, a
// sign that its parameters do not fit the data.
func (s *Status) Review() bool { return s.Flagged*20 > s.Judged() }

// wild reports whether the rule flagged so much of what it judged that its leads
// tell more about the data or the policy than about any subject.
func (s *Status) wild(w policy.Wild) bool {
	return w.LeastJudged > 0 && s.Judged() >= w.LeastJudged && s.Flagged*100 > w.Percent*s.Judged()
}

// Conclude brings the outcomes of a plan into the one order that every executor
// returns: leads, and a Status for each of rules. The leads of a rule that went
// wild are withheld unless all are wanted.
func Conclude(rules []*detect.Rule, plan *detect.Plan, b *detect.Baselines, out Outcomes, w policy.Wild, all bool) ([]detect.Lead, []Status) {
	var leads []detect.Lead
	statuses := make([]Status, 0, len(rules))
	for _, f := range b.Failed {
		o := out.of(f.Rule)
		o.Failed = append(o.Failed, f)
	}
	for _, r := range rules {
		st := Status{Rule: r}
		if slices.Contains(plan.Rules, r) {
			o := out.of(r.ID)
			o.Finish()
			st.Enabled, st.Lacking, st.Params = true, plan.Lacking(r), plan.Values(r)
			st.Counts, st.Failed = o.Counts, o.Failed
			if st.wild(w) && !all {
				st.Withheld = o.Leads
			} else {
				leads = append(leads, o.Leads...)
			}
		}
		statuses = append(statuses, st)
	}
	return leads, statuses
}
