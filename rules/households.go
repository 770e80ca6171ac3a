package rules

import (
	"math"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

// An exit is one year in which a household was recorded as out of poverty, and
// what the register says of the household in that very year.
type exit struct {
	year   int
	rows   []int // of the member view that describe the year
	county string
	size   int       // members; 0 where the sheets do not tell
	income table.Fen // a head, the highest any row states; none if !known
	known  bool
}

// exitReads are the columns that exits looks at; a rule that asks for exits
// reads them too.
var exitReads = []table.Column{
	memberName, memberRelation, detect.Aside(memberCounty), memberSize, memberYear, memberExitYear, memberExitedOn, memberStatus, memberIncome,
	memberPerson,
}

// A leaving tells of the register's rows in which year a household left poverty.
type leaving struct {
	exitYear table.Values[table.Count]
	exitedOn table.Values[table.Day]
	status   []string
}

func leavingOf(v table.View) leaving {
	return leaving{memberExitYear.In(v), memberExitedOn.In(v), memberStatus.In(v)}
}

// year returns exit_year, else the year of exited_on; 0 where a row states
// neither, and where its status says that the household is still poor: the year
// is then one that is planned.
func (l leaving) year(i int) int {
	y := int(l.exitYear.Or(i, 0))
	if d, ok := l.exitedOn.At(i); ok && y == 0 {
		y = d.Year()
	}
	if y > 0 && has(l.status[i], "未脱贫", "预脱贫", "拟脱贫", "计划脱贫") {
		return 0
	}
	return y
}

// poor reports whether the register has a person in poverty in the year that a
// row of his describes: by the row's status, and where that does not tell by the
// exits of his rows. Any exit counts for a row without a year.
func (l leaving) poor(person []string, year table.Values[table.Count], row int) bool {
	switch s := l.status[row]; {
	case has(s, "已脱贫"):
		return false
	case has(s, "未脱贫", "返贫"):
		return true
	}
	for i, who := range person {
		if y := l.year(i); who == person[row] && y > 0 && y <= int(year.Or(row, math.MaxInt32)) {
			return false
		}
	}
	return true
}

// exits are a household's exits in order of year; a year of which the register
// has no row has an exit without rows.
var exits = detect.Derive(func(p *detect.Pass) []exit {
	v := p.View(table.Member)
	left, year := leavingOf(v), memberYear.In(v)
	var out []exit
	for i := range v.Len() {
		y := left.year(i)
		if y == 0 {
			continue
		}
		if !slices.ContainsFunc(out, func(e exit) bool { return e.year == y }) {
			out = append(out, exit{year: y})
		}
	}
	if out == nil {
		return nil
	}
	slices.SortFunc(out, func(a, b exit) int { return a.year - b.year })
	county, size, income, person := memberCounty.In(v), memberSize.In(v), memberIncome.In(v), memberPerson.In(v)
	for k := range out {
		e := &out[k]
		var members []string
		for i := range v.Len() {
			if int(year.Or(i, 0)) != e.year {
				continue
			}
			e.rows = append(e.rows, i)
			e.county = firstOf(e.county, county[i])
			e.size = max(e.size, int(size.Or(i, 0)))
			if x, ok := income.At(i); ok && (!e.known || x > e.income) {
				e.income, e.known = x, true
			}
			if !slices.Contains(members, person[i]) {
				members = append(members, person[i])
			}
		}
		if e.size == 0 && len(members) > 1 {
			e.size = len(members)
		}
	}
	return out
})

// Why an exit cannot be judged.
var (
	notExited = text("未标注脱贫", "the household has not exited")
	noYear    = text("无脱贫当年的建档立卡记录", "the register has no row of the year of exit")
	noIncome  = text("脱贫当年未填人均纯收入", "no income in the year of exit")
	noLine    = text("政策文件未列该年贫困线", "the policy has no poverty line for the year")
)

// eachExit judges a household's exits one by one. judge returns why an exit
// cannot be judged, zero where it was; a household none of whose exits was
// judged is not applicable.
func eachExit(p *detect.Pass, judge func(exit) detect.Text) error {
	judged, why := false, notExited
	for _, e := range exits.Of(p) {
		if len(e.rows) == 0 {
			why = noYear
		} else if reason := judge(e); reason != (detect.Text{}) {
			why = reason
		} else {
			judged = true
		}
	}
	if !judged {
		p.NotApplicable(why)
	}
	return nil
}

// line returns the poverty line that the income of an exit's year is held
// against, or why it cannot be.
func (e exit) line(p *detect.Pass) (table.Fen, detect.Text) {
	line, ok := p.Policy.LineOf(e.year, e.county)
	switch {
	case !e.known:
		return 0, noIncome
	case !ok:
		return 0, noLine
	}
	return line, detect.Text{}
}

// headName returns the name of the head of household, else of the first member
// that the view names.
func headName(v table.View) string {
	names, relation := memberName.In(v), memberRelation.In(v)
	for i, r := range relation {
		if r == "户主" || r == "本人" || r == "本人或户主" {
			return names[i]
		}
	}
	return firstOf(names...)
}

// kinReads are the columns that gone looks at.
var kinReads = []table.Column{memberPerson, memberYear, memberSize}

// gone reports whether the register has a household's members for a year of a
// period, all of them, and somebody whom another year lists is not among them:
// married out, moved or split off. A list of heads does not tell.
func gone(m table.View, who string, t table.Period) bool {
	person, year, size := memberPerson.In(m), memberYear.In(m), memberSize.In(m)
	whole := false
	for y := t.From() / 12; y <= t.To()/12; y++ {
		var there []string
		people := table.Count(2) // where no size is given, one line may be the head alone
		for i := range m.Len() {
			if int(year.Or(i, 0)) != y {
				continue
			}
			if person[i] == who {
				return false
			}
			people = size.Or(i, people)
			if !slices.Contains(there, person[i]) {
				there = append(there, person[i])
			}
		}
		whole = whole || len(there) >= int(people)
	}
	return whole
}

// exitEvidence returns the rows of the year of an exit.
func exitEvidence(v table.View, e exit) []detect.Evidence {
	var out []detect.Evidence
	for _, i := range e.rows {
		out = append(out, detect.Row(v, i, roleHousehold))
	}
	return out
}

// incomes are a household's yearly incomes by source.
type incomes struct {
	transfer table.Fen // of the whole household
	all      table.Fen // all sources together
	ok       bool
}

// incomesOf reads the incomes of the year of an exit from the first row that
// states transfer income. Sheets give the sources for the household or a head:
// whichever makes their sum come nearer to the income a head.
func incomesOf(v table.View, e exit) incomes {
	wage, business := memberWage.In(v), memberBusiness.In(v)
	property, transfer := memberProperty.In(v), memberTransfer.In(v)
	for _, i := range e.rows {
		t, ok := transfer.At(i)
		if !ok {
			continue
		}
		in := incomes{t, wage.Or(i, 0) + business.Or(i, 0) + property.Or(i, 0) + t, true}
		n := table.Fen(e.size)
		if e.known && n > 1 && distance(in.all, e.income) < distance(in.all, e.income*n) {
			in.transfer, in.all = in.transfer*n, in.all*n
		}
		return in
	}
	return incomes{}
}

// distance returns how far two amounts are apart.
func distance(a, b table.Fen) table.Fen { return max(a-b, b-a) }
