package intake

import (
	"strings"

	"fundtrace/pipeline/intake/column"
	"fundtrace/pipeline/table"
)

// Columns that become part of a field, as the lexicon of headers names them.
const (
	partYear     = ".year"
	partFrom     = ".from"
	partTo       = ".to"
	partAmount   = ".amount"
	partOn       = ".on"
	partUnit     = ".unit"
	partIn       = ".in"
	partOut      = ".out"
	partTerm     = ".term"
	partHeadName = ".head_name"
	partHeadID   = ".head_id"
	partAddress  = ".address"
)

// anchorOf is the field that begins a group of columns which repeats across a
// sheet.
func anchorOf(s *table.Schema) string {
	switch s {
	case table.Member:
		return "member_name"
	case table.Payment:
		return "beneficiary_name"
	case table.Register:
		return "person_name"
	}
	return ""
}

// choose fills l with the best reading of its headings; it returns what they lack
// to be a table's, "" for nothing. The table that comes nearest is in l even so.
func (s *sheetReader) choose(l *layout, set *setting) refusal {
	profiles := make([]column.Profile, len(l.heads))
	tiers := set.policy.Program(set.program())
	for c := range l.heads {
		h := &l.heads[c]
		if f, ok := s.override.field(h); ok {
			h.Pinned, h.Pin = true, f
		}
		profiles[c] = s.profile(c, l.data(), tiers)
	}
	said := map[*table.Schema]map[string]told{}
	around := column.Setting{
		Titles: set.titles, Names: set.sources()[len(set.titles):], Year: set.year(), Received: set.received(),
		Tells: func(schema *table.Schema, field string, cols map[string][]int) bool {
			if field == "project_id" && (&layout{schema: schema, cols: cols}).numbersWorks(set) {
				return true
			}
			if said[schema] == nil {
				said[schema] = set.inherited(schema, func(string) bool { return true })
			}
			return said[schema][field].value != "" || s.override != nil && s.override.Inherit[field] != ""
		},
	}
	if s.override != nil {
		around.Only = s.override.Table
	}
	if s.watch != nil {
		s.watch(s.file, l.head+1, column.Trial{Heads: l.heads, Profiles: profiles, Setting: around})
	}
	choice, no := s.lexicon.Choose(l.heads, profiles, around)
	why := refusal{}
	if choice == nil {
		if choice = no.Nearest; choice == nil {
			return s.noHeader()
		}
		why = s.refuse(choice, no)
	}
	l.take(choice)
	for c := range l.uses {
		l.uses[c].Known = s.lexicon.Known(&l.heads[c])
	}
	s.inherit(l, set)
	return why
}

// refuse puts into words why the columns are not those of the table they come
// nearest to.
func (s *sheetReader) refuse(c *column.Choice, no column.Refusal) refusal {
	var lack []string
	for _, f := range no.Lacks {
		switch {
		case f == "sent_amount":
			lack = append(lack, s.lang.say("拨出或收到金额", "sent_amount or received_amount"))
		case f == "from_unit":
			lack = append(lack, s.lang.say("记账单位", "the unit whose book it is"))
		default:
			lack = append(lack, s.lang.field(c.Table.Fields[c.Table.Field(f)]))
		}
	}
	miss := s.lang.list(lack)
	switch {
	case len(lack) > 0:
	case no.Few:
		miss = s.lang.say("其他可识别的列", "other columns that are known")
	default:
		return refusal{s.lang.say("最接近%s表,但不足以认定", "nearest to %s, but too little speaks for it", s.lang.say(c.Table.Zh, c.Table.Name)), true}
	}
	return refusal{s.lang.say("像是%s表,但缺少%s", "looks like %s, but lacks %s", s.lang.say(c.Table.Zh, c.Table.Name), miss), true}
}

// take makes the layout that of a choice.
func (l *layout) take(c *column.Choice) {
	l.schema, l.cols, l.groups, l.notes, l.years, l.own, l.book = c.Table, c.Columns, c.Groups, c.Notes, c.Years, c.Own, c.Book
	l.score, l.evidence, l.runnerUp, l.behind = c.Score, c.Evidence, "", 0
	if c.RunnerUp != nil {
		l.runnerUp, l.behind = c.RunnerUp.Name, c.Behind
	}
	l.uses = make([]ColumnUse, len(l.heads))
	for i, u := range c.Uses {
		l.uses[i] = ColumnUse{
			Column: columnName(i), Header: l.heads[i].Text, Field: u.Field, How: string(u.How), Score: u.Score, Margin: u.Margin,
			RunnerUp: u.RunnerUp, Candidate: u.Candidate, Opposite: u.Opposite,
		}
	}
}

// inherit fills in what the surroundings and a mapping tell of fields without a
// column.
func (s *sheetReader) inherit(l *layout, set *setting) {
	l.inherited = set.inherited(l.schema, l.lacks)
	if own := set.ownUnit(); l.book && own.value != "" {
		l.inherited["from_unit"] = own
	}
	if l.schema == table.Register && l.inherited["register_kind"].value == "" && l.lacks("register_kind") {
		for _, h := range l.heads {
			if k := s.lexicon.RegisterKind(h.Text); k != "" {
				l.inherited["register_kind"] = told{value: k}
				break
			}
		}
	}
	if c := l.col("quantity", 0); l.schema == table.Works && c >= 0 && l.lacks("quantity_unit") && l.heads[c].Each != "" {
		l.inherited["quantity_unit"] = told{value: l.heads[c].Each}
	}
	if l.numbersWorks(set) {
		l.inherited["project_id"] = told{"-", table.Computed}
	}
	if s.override != nil {
		for f, v := range s.override.Inherit {
			if l.schema.Field(f) >= 0 && l.lacks(f) {
				l.inherited[f] = told{value: v}
			}
		}
	}
}

// lacks reports whether the sheet has no column for a field.
func (l *layout) lacks(field string) bool {
	if field == "period" {
		return l.cols["period"] == nil && l.cols[partYear] == nil && l.cols[partFrom] == nil
	}
	return l.cols[field] == nil
}

func hasHan(t string) bool { return strings.ContainsFunc(t, han) }

// columnName returns the letters of a column index: A, B, ... AA.
func columnName(c int) string {
	name := ""
	for c++; c > 0; c = (c - 1) / 26 {
		name = string(rune('A'+(c-1)%26)) + name
	}
	return name
}
