package intake

import (
	"slices"

	"fundtrace/pipeline/intake/column"
	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
)

// A layout says how one table on a sheet is read.
type layout struct {
	schema     *table.Schema
	from       int // first row of the table, its title included
	head       int // first header row
	depth      int // header rows
	heads      []column.Heading
	uses       []ColumnUse
	cols       map[string][]int // field → its column, or a column a group
	groups     int              // people, or years, side by side in one row; 1 as a rule
	notes      []int            // of a register with one person a row: columns that are joined to its note
	years      []int            // the year of each group, where the groups are years
	own        int              // which of years is the sheet's own
	unit       moneyUnit        // of money whose column does not say its own
	units      []moneyUnit      // that each column says
	unitColumn int              // says the unit of each row; -1 for none
	book       bool             // of transfers: a unit's own book, each line a receipt or a payment
	inherited  map[string]told
	score      float64     // log-odds that the sheet is this table
	evidence   float64     // for what the columns are, in all
	runnerUp   string      // the table that comes next; "" for none
	behind     float64     // its score
	block      columnBlock // the columns of each of the tables side by side
	spread     *spread     // a sum that stands in several columns, a line each; nil for none
	grid       *sheet.Grid // the sheet's with a column more, for what is added up; nil for the sheet's own
}

// data returns the first row below the header.
func (l *layout) data() int { return l.head + l.depth }

// col returns the field's column for a group, or -1.
func (l *layout) col(field string, group int) int {
	c := l.cols[field]
	switch {
	case len(c) == 0:
		return -1
	case len(c) == 1:
		return c[0]
	}
	return c[group]
}

// A refusal is why rows are the header of no table.
type refusal struct {
	why  string
	near bool // they lack little of one
}

// or returns r, or s where r says nothing.
func (r refusal) or(s refusal) refusal {
	if r.why == "" {
		return s
	}
	return r
}

func (s *sheetReader) noHeader() refusal {
	return refusal{why: s.lang.say("未找到任何一种表的表头", "no header of any table found")}
}

// bestLayout returns the layout of the table that fits a header best, or nil
// and what is missing of the table that comes nearest. Tables side by side are
// read as the first of them; a sum in several columns as one in one.
func (s *sheetReader) bestLayout(from, head, depth int) (*layout, refusal) {
	if head+depth > s.g.Rows {
		return nil, refusal{why: s.lang.say("表头超出了工作表的范围", "the header lies beyond the sheet")}
	}
	heads := s.headings(head, depth)
	last := len(heads)
	for last > 0 && heads[last-1].Text == "" {
		last--
	}
	if last > mostColumns {
		return nil, refusal{why: s.lang.say("表头超过%d列", "a header of over %d columns", mostColumns)}
	}
	set := s.settingOf(from, head)
	at := layout{from: from, head: head, depth: depth, groups: 1}
	if b := blocksOf(heads); b.count > 1 {
		if l, _ := s.fitAny(at, b.cover(heads), &set); l != nil && l.groups == 1 {
			b.put(l, heads)
			return l, refusal{}
		}
	}
	plain, no := s.fitAny(at, heads, &set)
	sp := s.spreadOf(heads, head+depth, &set)
	switch {
	case sp == nil:
	case !sp.besides(plain):
		if l := s.fitSpread(at, sp, heads, &set); l != nil {
			return l, refusal{}
		}
	case sp.periods != nil:
		if l, _ := s.fitAny(at, sp.uncover(heads), &set); l != nil {
			for _, c := range sp.cols {
				l.uses[c].Header, l.uses[c].Known = heads[c].Text, true
			}
			l.heads = heads
			return l, refusal{}
		}
	}
	return plain, no
}

// noHeading is the heading of a column that is left out.
func noHeading() column.Heading {
	h := column.Builtin().Heading(nil)
	h.Pinned = true // to no field: its cells would tell one too
	return h
}

// mostColumns bounds the columns of a table: the choice among them takes the cube
// of their number.
const mostColumns = 300

// fitAny fits the headings of a layout to the table that they fit best, or
// returns nil and what is missing of the one that comes nearest.
func (s *sheetReader) fitAny(at layout, heads []column.Heading, set *setting) (*layout, refusal) {
	l := at
	l.heads = slices.Clone(heads)
	no := s.choose(&l, set)
	if no.why == "" {
		return &l, no
	}
	if s.near == nil && l.schema != nil {
		s.near = &l
	}
	return nil, no
}

// settingOf returns the setting of a table whose title rows are from..head-1.
func (s *sheetReader) settingOf(from, head int) setting {
	set := s.setting
	set.titles, set.labels = nil, nil
	for r := from; r < head; r++ {
		texts := s.rowTexts(r)
		set.labels = append(set.labels, labelsIn(texts)...)
		for _, t := range texts {
			if t != "" && !slices.Contains(set.titles, t) {
				set.titles = append(set.titles, t)
			}
		}
	}
	return set
}
