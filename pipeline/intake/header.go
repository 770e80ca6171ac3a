package intake

import (
	"slices"
	"strings"
	"unicode/utf8"

	"fundtrace/pipeline/intake/column"
	"fundtrace/pipeline/sheet"
)

// Where headers are looked for: among the first rows, of at most so many rows.
const (
	headerWithin = 30
	headerDepth  = 3
)

// findLayout returns the layout of the first table whose header stands in rows
// from..to-1, or nil and why there is none.
func (s *sheetReader) findLayout(from, to int) (*layout, refusal) {
	var no refusal
	if m := s.override; m != nil && m.HeaderRow > 0 {
		if m.HeaderRow-1 < from {
			return nil, refusal{why: s.lang.say("对照文件指定的表头行之后没有别的表", "no other table below the header row that the mapping file names")}
		}
		l, miss := s.bestLayout(from, m.HeaderRow-1, max(m.HeaderRows, 1))
		return l, miss
	}
	for _, share := range []int{2, 3} { // sheets of no table are looked at again, less strictly
		for r := from; r < to; r++ {
			if !s.likeHeader(r, share) {
				continue
			}
			l, miss := s.layoutAt(from, r)
			if l != nil {
				return l, refusal{}
			}
			no = no.or(miss)
		}
		if no.why != "" {
			break
		}
	}
	return nil, no.or(s.noHeader())
}

// layoutAt tries the ways in which the header that shows in row r may reach up
// and down, and returns the best.
func (s *sheetReader) layoutAt(from, r int) (*layout, refusal) {
	var best *layout
	var no refusal
	starts := []int{r}
	if r > from && s.groupRow(r-1) {
		starts = append(starts, r-1)
		if r-1 > from && s.groupRow(r-2) {
			starts = append(starts, r-2)
		}
	}
	for _, start := range starts {
		open := false
		for depth := r - start + 1; depth <= headerDepth; depth++ {
			if depth > r-start+1 && !s.continues(start, start+depth-1) {
				break
			}
			if s.groups(start+depth-1) && depth < headerDepth && s.continues(start, start+depth) {
				continue
			}
			l, miss := s.bestLayout(from, start, depth)
			// Of equals the deeper: a row of header words below 补助资金 says which of
			// its columns is which.
			if l != nil && (best == nil || l.evidence > best.evidence+1e-9 || open || depth > best.depth && l.head == best.head && l.evidence > best.evidence-1e-9) {
				best = l
			}
			open = l != nil && s.open(start+depth-1)
			no = no.or(miss)
		}
	}
	return best, no
}

// rowTexts returns the trimmed texts of a row, a column each.
func (s *sheetReader) rowTexts(r int) []string {
	out := make([]string, s.width)
	for c := range out {
		if cell := s.g.At(r, c); cell != sheet.Blank && !s.pending(cell) {
			out[c] = trim(s.g.Format(cell))
		}
	}
	return out
}

// likeHeader reports whether row r holds header words: two or more, and one in
// share of its texts, no row of data among them; or two or more over a row of
// figures where no text of it could be data.
func (s *sheetReader) likeHeader(r, share int) bool {
	filled, known := 0, 0
	for c := range s.g.Cols {
		cell := s.g.At(r, c)
		switch cell.Kind() {
		case sheet.KindBlank:
			continue
		case sheet.KindText:
		default:
			filled++
			continue
		}
		t := trim(s.g.Text(r, c))
		if t == "" || column.Mute(t) {
			continue
		}
		filled++
		if len(t) <= 90 && s.knownHeader(t) {
			known++
		}
	}
	return known >= 2 && (known*share >= filled || filled >= 4 && s.overData(r))
}

// overData reports whether row r holds nothing but short, different texts
// without a digit and the row below holds figures.
func (s *sheetReader) overData(r int) bool {
	if r+1 >= s.g.Rows || !s.likeData(r+1) {
		return false
	}
	seen := map[string]bool{}
	for _, t := range s.rowTexts(r) {
		if t == "" {
			continue
		}
		if seen[t] || utf8.RuneCountInString(t) > 14 || strings.ContainsAny(plain(t), "0123456789:") {
			return false
		}
		seen[t] = true
	}
	return true
}

func (s *sheetReader) knownHeader(t string) bool {
	if k, ok := s.known[t]; ok {
		return k
	}
	h := s.lexicon.Heading([]string{t})
	k := !isLabel(t) && s.lexicon.Known(&h) || len(t) >= 12 && !strings.ContainsAny(t, ":：") && s.lexicon.Guessed(&h)
	s.known[t] = k
	return k
}

// groupRow reports whether row r can stand above a header row and group its
// columns: two texts or more, none of them a label or a figure, with room
// between them.
func (s *sheetReader) groupRow(r int) bool {
	n := 0
	for _, t := range s.rowTexts(r) {
		if t == "" {
			continue
		}
		if strings.ContainsAny(t, ":：") || len(t) > 60 || strings.ContainsAny(t, "0123456789") && !s.knownHeader(t) || column.IsMeasure(plain(strings.Trim(plain(t), "()"))) {
			return false
		}
		n++
	}
	return n >= 2
}

// groups reports whether a cell of row r is merged over several columns and none
// of the rows below: it heads them together, and does not say what each is.
func (s *sheetReader) groups(r int) bool {
	return slices.ContainsFunc(s.g.Merges, func(m sheet.Merge) bool {
		return m.Row0 == r && m.Row1 == r && m.Col1 > m.Col0 && s.g.At(r, m.Col0) != sheet.Blank
	})
}

// continues reports whether row r goes on with the header that starts at row
// start: a cell above is merged down into it, or it holds nothing but header
// words and units.
func (s *sheetReader) continues(start, r int) bool {
	if r >= s.g.Rows {
		return false
	}
	merged := slices.ContainsFunc(s.g.Merges, func(m sheet.Merge) bool {
		return m.Row0 >= start && m.Row0 < r && m.Row1 >= r && m.Row1 < start+headerDepth && s.g.At(m.Row0, m.Col0) != sheet.Blank
	})
	filled, known := 0, 0
	for c, t := range s.rowTexts(r) {
		if t == "" {
			continue
		}
		if s.g.At(r, c).Kind() != sheet.KindText {
			return false
		}
		filled++
		if s.knownHeader(t) || column.IsMeasure(strings.Trim(plain(t), "()")) {
			known++
		}
	}
	if filled == 0 {
		return merged
	}
	return known*2 >= filled || merged && known > 0 || merged && !s.likeData(r)
}

// open reports whether a header cannot end with row r: one of its cells is merged
// over several columns, and has words under it in two of them or more.
func (s *sheetReader) open(r int) bool {
	if r+1 >= s.g.Rows {
		return false
	}
	below := s.rowTexts(r + 1)
	return slices.ContainsFunc(s.g.Merges, func(m sheet.Merge) bool {
		if m.Row0 > r || m.Row1 != r || m.Col0 == m.Col1 || s.g.At(m.Row0, m.Col0) == sheet.Blank {
			return false
		}
		words := 0
		for c := m.Col0; c <= min(m.Col1, len(below)-1); c++ {
			if below[c] != "" && s.g.At(r+1, c).Kind() == sheet.KindText {
				words++
			}
		}
		return words > 1
	})
}

// likeData reports whether a row holds figures of five digits or more.
func (s *sheetReader) likeData(r int) bool {
	for c := range s.g.Cols {
		run := 0
		for _, b := range []byte(s.g.Text(r, c)) {
			if b < '0' || b > '9' {
				run = 0
				continue
			}
			if run++; run >= 5 {
				return true
			}
		}
	}
	return false
}

// headings joins the header rows to one heading a column. A cell that spans
// columns heads all of them, whether merged or merely followed by blanks.
func (s *sheetReader) headings(head, depth int) []column.Heading {
	levels := make([][]string, depth)
	for i := range levels {
		levels[i] = s.rowTexts(head + i)
	}
	for _, m := range s.g.Merges {
		if m.Row0 < head || m.Row0 >= head+depth {
			continue
		}
		for r := m.Row0; r <= min(m.Row1, head+depth-1); r++ {
			for c := m.Col0; c <= min(m.Col1, len(levels[0])-1); c++ {
				levels[r-head][c] = levels[m.Row0-head][m.Col0]
			}
		}
	}
	for i := range depth - 1 {
		for c := 1; c < len(levels[i]); c++ {
			below := ""
			for _, l := range levels[i+1:] {
				below += l[c]
			}
			above := i > 0 && levels[i-1][c] != levels[i-1][c-1]
			if levels[i][c] == "" && below != "" && !above && s.spans(levels, i, c-1) {
				levels[i][c] = levels[i][c-1]
			}
		}
	}
	out := make([]column.Heading, len(levels[0]))
	for c := range out {
		cells := make([]string, depth)
		for i := range cells {
			cells[i] = levels[i][c]
		}
		out[c] = s.lexicon.Heading(cells)
	}
	return out
}

// spans reports whether the heading at level i over column c has something
// below it: one that has not is a column by itself.
func (s *sheetReader) spans(levels [][]string, i, c int) bool {
	for _, l := range levels[i+1:] {
		if l[c] != "" && l[c] != levels[i][c] {
			return true
		}
	}
	return false
}
