package intake

import (
	"fundtrace/pipeline/sheet"
)

// aside accounts for a sheet that holds no table. One that is shaped like a table
// or holds identity numbers, and still is none, is rejected row by row, for
// somebody to look at.
func (s *sheetReader) aside(no refusal) *chunk {
	why := no.or(s.noHeader()).why
	c := &chunk{account: Sheet{File: s.file, Sheet: s.g.Name, Reason: why, Near: no.near, Rows: s.g.Rows, Bins: map[Bin]int{}, Inherited: map[string]string{}}}
	if l := s.near; l != nil {
		set := s.settingOf(l.from, l.head)
		s.units(l, &set)
		c.account.Nearest, c.account.HeaderRow, c.account.HeaderRows, c.account.Columns = l.schema.Name, l.head+1, l.depth, l.uses
		c.account.Score = l.score
	}
	people := 0
	for r := range s.g.Rows {
		people += s.idsIn(r)
	}
	from, to := s.shaped(no.near)
	if people >= leastPeople {
		from, to = 0, s.g.Rows
	}
	if from < to {
		c.account.Unread = [2]int{from + 1, to}
		c.rejects = []Reject{{File: s.file, Sheet: s.g.Name, Reason: s.lang.both([]string{why, s.lang.say(
			"第%d至%d行像是一张表,请用对照文件指明表头", "rows %d to %d look like a table: name its header in a mapping file", from+1, to)})}}
	}
	for r := range s.g.Rows {
		switch {
		case s.blankRow(r):
			c.account.Bins[BlankRow]++
		case r >= from && r < to:
			c.account.Bins[Rejected]++
			c.rejects = append(c.rejects, s.reject(r, why))
		default:
			c.account.Bins[Note]++
		}
	}
	if s.g.Rows == c.account.Bins[BlankRow] {
		c.account.Reason = s.lang.say("空表", "empty sheet")
	}
	return c
}

// What makes rows a table, whatever their header: identity numbers, or so many
// rows of so many cells, with a column of figures among them.
const (
	leastPeople = 3
	leastRows   = 3
	leastCells  = 3
)

// shaped returns the rows of the longest run that is shaped like a table, from
// and to-1, or nothing. Where the header is near a table's, two cells a row will
// do, and words for figures.
func (s *sheetReader) shaped(near bool) (from, to int) {
	cells := leastCells
	if near {
		cells--
	}
	start := -1
	end := func(r int) {
		if start >= 0 && r-start > to-from && (near && r-start >= leastRows || r-start > leastRows && s.figures(start, r)) {
			from, to = start, r
		}
		start = -1
	}
	for r := range s.g.Rows {
		n := 0
		for _, t := range s.rowTexts(r) {
			if t != "" {
				n++
			}
		}
		switch {
		case n >= cells && start < 0:
			start = r
		case n < cells:
			end(r)
		}
	}
	end(s.g.Rows)
	return from, to
}

// figures reports whether one column of rows from..to-1 holds figures in half of
// them, and not just a running number.
func (s *sheetReader) figures(from, to int) bool {
	for c := range s.width {
		n, large := 0, false
		for r := from; r < to; r++ {
			cell := s.g.At(r, c)
			v, _, err := s.money(cell, 0)
			if err != nil {
				if _, err := s.date(cell); !isDay(err) {
					continue
				}
				v = 100_00
			}
			n++
			large = large || v >= 100_00 || v%100 != 0
		}
		if 2*n >= to-from && large {
			return true
		}
	}
	return false
}

func (s *sheetReader) idsIn(r int) int {
	n := 0
	for c := range s.g.Cols {
		if cell := s.g.At(r, c); cell.Kind() == sheet.KindText && validID(plain(unwrap(s.in.text(cell.Index())))) {
			n++
		}
	}
	return n
}
