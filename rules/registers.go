package rules

import (
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/names"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// A spell is one line of an outside register as the whole months it covers: a
// month in which somebody takes up or leaves a post is nobody's evidence.
type spell struct {
	row    int // of the register view
	months table.Period
	dated  bool // false where the line has no beginning and is taken to have held always
}

// Months that stand for an open beginning and an open end.
const (
	monthMin = 1
	monthMax = 9999*12 + 11
)

// noBeginning is why a line of a register is not judged.
var noBeginning = text("比对库记录无起始日期", "the register line has no date of beginning")

// spells returns a group's lines of one kind of register, and how many lines
// without a beginning were left out: an end alone does not tell when somebody
// was not yet there. undated keeps those as in force ever before.
func spells(v table.View, kind string, undated bool) (out []spell, left int) {
	kinds, since, until := registerKind.In(v), registerSince.In(v), registerUntil.In(v)
	for i := range v.Len() {
		if kinds[i] != kind {
			continue
		}
		from, ok1 := since.At(i)
		to, ok2 := until.At(i)
		s := spell{row: i, dated: ok1}
		if !s.dated && !undated {
			left++
			continue
		}
		lo, hi := monthMin, monthMax
		if ok1 {
			if lo = from.Month(); (from - 1).Month() == lo {
				lo++
			}
		}
		if ok2 {
			if hi = to.Month(); (to + 1).Month() == hi {
				hi--
			}
		}
		if lo <= hi {
			s.months = table.MonthsOf(lo, hi)
			out = append(out, s)
		}
	}
	return out, left
}

// A duringRule is what rules of the form "paid PROGRAM while in REGISTER" tell
// apart: their register, their programs and their words.
type duringRule struct {
	kind    string
	role    detect.Text
	undated *detect.Param[bool]   // nil where a line without a beginning is never judged
	excused *detect.Param[string] // words of a line's unit or note that make it no such case; nil for none
	program func(*policy.Program) bool
	// summary says it: of whom the line is, who was paid, the unit on the line.
	summary func(c duringCase) detect.Text
}

// A duringCase is what a summary is made of.
type duringCase struct {
	holder, payee string // of the register line; of the payments
	unit          string // workplace or office, "" where the register names none
	program       string
	when          detect.Text // from when to when payments overlap
	n             int
	total         table.Fen
	undated       bool
}

// duringReads are the columns that duringRule.check looks at.
var duringReads = append(slices.Clone(grantReads), payName,
	registerKind, registerName, registerSince, registerUntil, registerUnit, registerNote, registerPerson, detect.Aside(payCounty))

// check reports, for each program, the grants whose period overlaps a spell.
func (d *duringRule) check(p *detect.Pass) error {
	v, reg, member := p.View(table.Payment), p.View(table.Register), p.View(table.Member)
	if v.Len() == 0 {
		p.NotApplicable(noPayment)
		return nil
	}
	if !slices.Contains(registerKind.In(reg), d.kind) {
		withoutRegister(p, d.kind)
		return nil
	}
	ss, left := spells(reg, d.kind, d.undated != nil && d.undated.Of(p))
	if d.excused != nil {
		ss = slices.DeleteFunc(ss, func(s spell) bool { return excusedLine(reg, s.row, d.excused.Of(p)) })
	}
	l := grants.Of(p)
	persons := registerPerson.In(reg)
	type found struct {
		program string
		spell   spell
		ks      []int
		sure    bool // every period is stated and begins inside the spell
	}
	var all []found
	for k, g := range l.grants {
		prog := p.Policy.Programs[g.program]
		if prog == nil || !d.program(prog) { // what the policy does not know is not judged
			continue
		}
		i := slices.IndexFunc(ss, func(s spell) bool {
			own := persons[s.row] == g.person
			if p.Group.Key == table.Household {
				own = !own && prog.Unit == "household" && !gone(member, persons[s.row], g.period)
			}
			return own && s.months.Overlap(g.period) != 0
		})
		if i < 0 {
			continue
		}
		j := slices.IndexFunc(all, func(f found) bool { return f.program == g.program && f.spell == ss[i] })
		if j < 0 {
			j = len(all)
			all = append(all, found{program: g.program, spell: ss[i], sure: true})
		}
		f := &all[j]
		f.ks = append(f.ks, k)
		f.sure = f.sure && g.stated && g.period.From() >= ss[i].months.From()
	}
	if len(all) == 0 {
		switch {
		case left > 0:
			p.NotApplicable(noBeginning)
		case len(l.grants) == 0:
			p.NotApplicable(l.lacks())
		}
		return nil
	}
	for _, f := range all {
		p.Report(d.lead(p, l, f.program, f.spell, f.ks, f.sure))
	}
	return nil
}

func (d *duringRule) lead(p *detect.Pass, l *ledger, program string, s spell, ks []int, sure bool) detect.Lead {
	v, reg := p.View(table.Payment), p.View(table.Register)
	total, from, to := table.Fen(0), monthMax, monthMin
	for _, k := range ks {
		g := l.grants[k]
		both := g.period.Overlap(s.months)
		total, from, to = total+g.amount, min(from, both.From()), max(to, both.To())
	}
	holder, payee := registerName.In(reg)[s.row], payName.In(v)[l.grants[ks[0]].row]
	grade := p.Rule.Grade
	if !sure || !s.dated || p.Group.Key == table.Household || !names.Agree(holder, payee) && p.Group.Key == table.Person {
		grade = max(grade, detect.E2)
	}
	c := duringCase{holder, payee, registerUnit.In(reg)[s.row], program, span(table.MonthsOf(from, to)), len(ks), total, !s.dated}
	item := ""
	if p.Group.Key == table.Household {
		item = holder
	}
	return detect.Lead{
		Grade: grade, Program: program, Item: item, Amount: total, Summary: d.summary(c),
		Facts: []detect.Fact{
			fact("补贴项目", "program", program),
			fact("比对库单位", "unit in the register", c.unit),
			fact("起始日期", "since", dayOr(registerSince.In(reg), s.row)),
			fact("截止日期", "until", dayOr(registerUntil.In(reg), s.row)),
			fact("重叠时段", "months in common", table.MonthsOf(from, to).String()),
			fact("金额合计", "sum", total.String()),
		},
		Evidence: append(l.evidence(v, ks...), detect.Row(reg, s.row, d.role)),
	}
}

// excusedLine reports whether a register line's unit or note has one of words,
// separated by blanks.
func excusedLine(reg table.View, row int, words string) bool {
	return has(registerUnit.In(reg)[row]+" "+registerNote.In(reg)[row], strings.Fields(words)...)
}

// dayOr writes a date, a dash where there is none.
func dayOr(days table.Values[table.Day], i int) string {
	if d, ok := days.At(i); ok {
		return d.String()
	}
	return "-"
}

// plainName drops what spells one name in two ways: blanks and middle dots.
var plainName = strings.NewReplacer(" ", "", "　", "", "·", "", "•", "", "・", "", ".", "")
