package rules

import (
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

// A series is the amounts of one kind that somebody at a unit wrote freely: no
// standard, no quantity times price, made them.
type series struct {
	name    string // a program, 拨付 or 项目
	program string // "" of transfers and projects
	stated  int    // rows with a stated standard
	amounts []int64
	rows    []detect.Evidence
}

// seriesReads are the columns that freeSeries looks at.
var seriesReads = []table.Column{
	payProgram, payNet, payStandard, payUnit, flowFrom, flowSent, flowProject, projectUnit, projectBudget, projectContract,
}

// sentSeries is the name of the transfers that a unit sent.
const sentSeries = "拨付"

// free reports whether a series is free at a percentage of rows with a stated
// standard from which on its amounts are taken to follow from that.
func (s *series) free(percent float64) bool {
	return float64(100*s.stated) < percent*float64(len(s.amounts))
}

// freeSeries are a unit's free amounts above zero: of each program without a
// standard in the policy, of the transfers it sent for no project,
// whose amounts no contract made, and of its projects (contract, else budget).
var freeSeries = detect.Derive(func(p *detect.Pass) []series {
	var out []series
	v := p.View(table.Payment)
	program, net, standard := payProgram.In(v), payNet.In(v), payStandard.In(v)
	byProgram := map[string]*series{}
	for i := range v.Len() {
		fen, name := net.Or(i, 0), program[i]
		if prog := p.Policy.Programs[name]; fen <= 0 || name == "" || prog != nil && prog.Standard != nil {
			continue
		}
		s := byProgram[name]
		if s == nil {
			s = &series{name: name, program: name}
			byProgram[name] = s
		}
		if _, ok := standard.At(i); ok {
			s.stated++
		}
		s.add(fen, v, i, rolePayment)
	}
	for _, s := range byProgram {
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b series) int { return strings.Compare(a.name, b.name) })
	flows, works := series{name: sentSeries}, series{name: "项目"}
	f := p.View(table.Flow)
	from, sent, forProject := flowFrom.In(f), flowSent.In(f), flowProject.In(f)
	for i := range f.Len() {
		if fen, ok := sent.At(i); ok && fen > 0 && from[i] == p.Group.ID && forProject[i] == "" {
			flows.add(fen, f, i, text("拨付记录", "transfer"))
		}
	}
	w := p.View(table.Works)
	budget, contract := projectBudget.In(w), projectContract.In(w)
	for i := range w.Len() {
		fen, ok := contract.At(i)
		if !ok {
			fen, ok = budget.At(i)
		}
		if ok && fen > 0 {
			works.add(fen, w, i, text("项目", "project"))
		}
	}
	for _, s := range []series{flows, works} {
		if s.amounts != nil {
			out = append(out, s)
		}
	}
	return out
})

// add appends one amount and its row.
func (s *series) add(fen table.Fen, v table.View, i int, role detect.Text) {
	s.amounts = append(s.amounts, int64(fen))
	s.rows = append(s.rows, detect.RowAt(v.Schema(), v.Ref(i), role))
}
