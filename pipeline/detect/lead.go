package detect

import (
	"cmp"
	"fmt"
	"slices"

	"fundtrace/pipeline/table"
)

// A Lead is something to look into. Rules leave out what the Pass and later
// stages know: names and places of subjects, severity, score, what to do.
type Lead struct {
	Rule      string         // its ID; filled in
	Subject   Subject        // the group's own unless set
	Case      Subject        // whose case it is, where not the subject's: the firm that many funds paid
	Grade     Grade          // the rule's own unless set
	Program   string         // canonical name
	Period    string         // as table.Period writes it
	FundNo    string         // where the fund is not the subject
	ProjectID string         // where the project is not the subject
	Item      string         // tells two leads of one rule on one subject apart where program, period, fund and project do not
	Amount    table.Fen      // the money in question
	Summary   Text           // one sentence that a person who never saw the data understands; it accuses nobody
	Facts     []Fact         // what the sentence rests on, in order
	Evidence  []Evidence     // the rows to open, the first is where to start
	Rests     []table.Column `json:"-"` // what the lead rests on, where that is not all that the rule reads
	Match     Match          // weakest join; filled in
	Known     []Known        // what the lead rests on that no column states, by table and field; filled in
}

// Known is a field whose values on a lead's evidence rows are inherited or worse.
type Known struct {
	Table string // the canonical table
	Field string
	How   table.How // the weakest of them
}

// knownBy says what a value that its column does not state is known by.
var knownBy = map[table.How]Text{
	table.Labelled:  {"%s取自表上标注", "%s is taken from a label of its sheet"},
	table.Inherited: {"%s由标题、文件名或文件夹推断", "%s is taken from a title, the file's name or its folder"},
	table.Joined:    {"%s由其他表对应得出", "%s is taken from another table"},
	table.Computed:  {"%s由计算得出", "%s is computed"},
	table.Guessed:   {"%s为推测", "%s is a guess"},
}

// Says says what the field's values are known by.
func (k Known) Says() Text {
	s := table.SchemaNamed(k.Table)
	t := knownBy[k.How]
	return Text{fmt.Sprintf(t.Zh, s.Fields[s.Field(k.Field)].Zh), fmt.Sprintf(t.En, k.Field)}
}

// capOf returns the grade that a lead cannot pass which rests on a value known
// so.
func capOf(h table.How) Grade {
	switch {
	case h >= table.Guessed:
		return E2
	case h >= table.Inherited:
		return E1
	}
	return E0
}

// A Fact is one named value: ("死亡日期", "date of death"), "2017-03-02".
type Fact struct {
	Name  Text
	Value string
}

// Evidence is one row an inspector should open.
type Evidence struct {
	Table string // the table's name
	Ref   table.Ref
	Role  Text
	row   row // the group's row that it is, or that tells of it
}

// A row is a row of a view.
type row struct {
	view table.View
	i    int
}

// Row returns row i of a view as evidence.
func Row(v table.View, i int, role Text) Evidence {
	return Evidence{Table: v.Schema().Name, Ref: v.Ref(i), Role: role, row: row{v, i}}
}

// RowAt returns a row known by its Ref only, as derived tables carry them.
func RowAt(s *table.Schema, r table.Ref, role Text) Evidence {
	return Evidence{Table: s.Name, Ref: r, Role: role}
}

// impersonal are the kinds of groups and subjects that are no people: who the
// rows' persons are does not matter to them.
var impersonal = []string{
	string(table.Unit), string(table.Fund), string(table.Project), string(table.Village), string(table.Town), string(table.County),
	string(table.Kind), string(table.Sheet),
}

// weigh fills in what a lead's evidence says of its joins and of how its values
// are known.
func (p *Pass) weigh(l *Lead) {
	people := !slices.Contains(impersonal, string(p.Group.Key)) || !slices.Contains(impersonal, l.Subject.Kind)
	l.Evidence = slices.Clone(l.Evidence)
	for n := range l.Evidence {
		e := &l.Evidence[n]
		s := e.row.view.Schema()
		if s == nil {
			continue
		}
		if f := s.Field("_match"); f >= 0 && people {
			l.Match = max(l.Match, ParseMatch(e.row.view.Text(f, e.row.i)))
		}
		rests := p.plan.rests[restKey{p.Rule.ID, s, p.Group.Key}]
		if l.Rests != nil {
			rests = hows(s, l.Rests)
		}
		for _, f := range rests {
			if h := table.ParseHow(e.row.view.Text(f, e.row.i)); h >= table.Inherited {
				l.Know(Known{s.Name, table.HowField(s.Fields[f].Name), h})
			}
		}
		e.row = row{} // the view is the executor's
	}
}

// Aside marks a column that a rule reads to tell rows apart or to find a limit;
// its leads do not rest on it.
func Aside(c table.Column) table.Column { return aside{c} }

type aside struct{ table.Column }

// hows lists the columns of a table that tell how the values of columns are
// known.
func hows(s *table.Schema, columns []table.Column) (out []int) {
	for _, c := range columns {
		if _, ok := c.(aside); ok {
			continue
		}
		if of, f := c.Of(); of == s {
			out = append(out, s.Hows(f)...)
		}
	}
	return out
}

// Know adds to what the lead's values are known by, the weakest for each field.
func (l *Lead) Know(all ...Known) {
	l.Known = slices.Clone(l.Known)
	for _, k := range all {
		i, there := slices.BinarySearchFunc(l.Known, k, func(a, b Known) int {
			return cmp.Or(cmp.Compare(a.Table, b.Table), cmp.Compare(a.Field, b.Field))
		})
		if !there {
			l.Known = slices.Insert(l.Known, i, k)
		}
		l.Known[i].How = max(l.Known[i].How, k.How)
	}
}

// compare orders leads by what they are about, then by where they start, never by
// where their rows stand in the executor's memory: no two leads that differ are
// equal to it.
func compare(a, b Lead) int {
	return cmp.Or(
		cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.Subject.Kind, b.Subject.Kind),
		cmp.Compare(a.Subject.Key, b.Subject.Key),
		cmp.Compare(a.Program, b.Program),
		cmp.Compare(a.Period, b.Period),
		cmp.Compare(a.FundNo, b.FundNo),
		cmp.Compare(a.ProjectID, b.ProjectID),
		cmp.Compare(a.Item, b.Item),
		slices.CompareFunc(a.Evidence, b.Evidence, func(x, y Evidence) int {
			return cmp.Or(cmp.Compare(x.Ref, y.Ref), cmp.Compare(x.Table, y.Table), cmp.Compare(x.Role.En, y.Role.En))
		}),
		cmp.Compare(a.Amount, b.Amount),
		cmp.Compare(a.Grade, b.Grade),
		cmp.Compare(a.Summary.Zh, b.Summary.Zh),
	)
}
