package intake

import (
	"strings"

	"fundtrace/pipeline/intake/column"
	"fundtrace/pipeline/sheet"
)

// A filledForm is one thing written as labels with their values beside them, over
// several rows. Forms of one kind may follow each other down a sheet.
type filledForm struct {
	row    int                   // the first
	values map[string]sheet.Cell // label → value
}

// leastPairs is how many labels with values make a form, over two rows or more.
const leastPairs = 4

// forms returns the forms of the sheet and the labels of all of them, as they
// come; none where the sheet is not made of such.
func (s *sheetReader) forms() (list []filledForm, labels []string) {
	seen := map[string]bool{}
	var rows, pairs int // of the last form
	for r := range s.g.Rows {
		texts := s.rowTexts(r)
		found := false
		label := ""
		for c, t := range texts {
			if t == "" {
				continue
			}
			word := strings.TrimRight(t, ":：")
			if s.knownHeader(word) {
				label = word
				continue
			}
			if label == "" {
				continue
			}
			if len(list) == 0 || list[len(list)-1].values[label] != sheet.Blank {
				list = append(list, filledForm{r, map[string]sheet.Cell{}})
				rows, pairs = 0, 0
			}
			list[len(list)-1].values[label] = s.g.At(r, c)
			if !seen[label] {
				seen[label] = true
				labels = append(labels, label)
			}
			found, label = true, ""
			pairs++
		}
		if found {
			rows++
		}
	}
	for _, f := range list {
		if len(f.values) < leastPairs {
			return nil, nil
		}
	}
	if len(list) == 1 && (rows < 2 || pairs < leastPairs) {
		return nil, nil
	}
	for i := 1; i < len(list); i++ {
		if list[i].row-list[i-1].row < 2 {
			return nil, nil
		}
	}
	return list, labels
}

// readForms puts in the place of the sheet's grid one in which its forms stand as
// rows, each where its own first row is, under one header, and returns the layout
// of that; nil where they make no table.
func (s *sheetReader) readForms() *layout {
	list, labels := s.forms()
	if len(list) == 0 || len(labels) > mostColumns {
		return nil
	}
	head := list[0].row
	g := *s.g
	g.Merges, g.Cols = nil, make([][]sheet.Cell, len(labels))
	index := map[string]int{}
	for i, l := range labels {
		g.Cols[i] = make([]sheet.Cell, g.Rows)
		index[l] = i
	}
	for r := range head { // titles
		k := 0
		for c := range s.width {
			if cell := s.g.At(r, c); cell != sheet.Blank && k < len(labels) {
				g.Cols[k][r] = cell
				k++
			}
		}
	}
	for i, f := range list {
		row := f.row
		if i == 0 {
			row++
		}
		for l, v := range f.values {
			g.Cols[index[l]][row] = v
		}
	}
	heads := make([]column.Heading, len(labels))
	for i, l := range labels {
		heads[i] = s.lexicon.Heading([]string{l})
	}
	own, width := s.g, s.width
	s.g, s.width, s.under = &g, len(labels), own
	s.profiles, s.padded = map[[2]int]column.Profile{}, map[int][]sheet.Cell{}
	set := s.settingOf(0, head)
	l, _ := s.fitAny(layout{head: head, depth: 1, groups: 1}, heads, &set)
	if l == nil {
		s.g, s.width, s.under = own, width, nil
		s.profiles, s.padded = map[[2]int]column.Profile{}, map[int][]sheet.Cell{}
	}
	return l
}

// spoken reports whether a row that is blank among the forms' rows holds a part of
// a form.
func (s *sheetReader) spoken(r int) bool {
	if s.under == nil {
		return false
	}
	for c := range s.under.Cols {
		if trim(s.under.Text(r, c)) != "" {
			return true
		}
	}
	return false
}
