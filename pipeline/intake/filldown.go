package intake

import (
	"slices"
	"strings"

	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
)

// blockFields are given once for a block of rows, from the widest.
var blockFields = []string{"county", "town", "village", "hamlet", "household_id", "head_name", "head_id", partHeadName, partHeadID}

// personFields are given once for a person of a register whose relatives follow,
// a row each.
var personFields = []string{"county", "town", "village", "unit", "person_name", "person_id", "since", "until", partTerm}

// fillDown repeats merged cells over their rows, and the place or household that
// only the first row of a block names. A column whose filled cells repeat their
// neighbours is complete: its blanks are blanks.
func (t *binner) fillDown() {
	l := t.l
	t.cells, t.inMerge = map[int][]sheet.Cell{}, map[[2]int]bool{}
	copyOf := func(c int) []sheet.Cell {
		if t.cells[c] == nil {
			t.cells[c] = slices.Clone(t.column(c))
		}
		return t.cells[c]
	}
	fieldAt := map[int]string{}
	for _, f := range fieldsInOrder(l) {
		for _, c := range l.cols[f] {
			if c >= 0 && fieldAt[c] == "" {
				fieldAt[c] = f
			}
		}
	}
	for _, m := range t.g.Merges {
		if m.Row0 < l.data() || m.Row1 == m.Row0 {
			continue
		}
		f := fieldAt[m.Col0]
		if f == "" || isSelf(f) || strings.HasPrefix(f, ".") && f != partHeadName && f != partHeadID && f != partYear && f != partAddress {
			continue
		}
		for r := m.Row0 + 1; r <= m.Row1; r++ {
			t.inMerge[[2]int{r, m.Col0}] = true
		}
		if i := l.schema.Field(f); i >= 0 && l.schema != table.Member && (l.schema.Fields[i].Type == table.Money || l.schema.Fields[i].Type == table.Amount) {
			continue // an amount over several rows is one amount
		}
		col := copyOf(m.Col0)
		for r := m.Row0 + 1; r <= min(m.Row1, len(col)-1); r++ {
			if col[r] == sheet.Blank && !t.blankRow(r) {
				col[r] = col[m.Row0]
			}
		}
	}
	t.dittos(copyOf)
	t.relatives(copyOf)
	name := t.nameColumn()
	if name < 0 {
		return
	}
	names := t.column(name)
	for _, f := range blockFields {
		c := l.col(f, 0)
		if c < 0 || c == name || len(l.cols[f]) > 1 || f == "household_id" && l.schema != table.Member {
			continue
		}
		if (f == "head_name" || f == "head_id") && l.col("beneficiary_name", 0) == c {
			continue
		}
		col := t.cellsOf(c)
		blanks, filled, repeats := 0, 0, 0
		for r := l.data(); r < t.g.Rows; r++ {
			if col[r] == sheet.Blank && names[r] != sheet.Blank {
				blanks++
			}
		}
		if blanks == 0 {
			continue
		}
		known := map[sheet.Cell]bool{} // cells that the rows below may share
		shared := func(r int) bool {
			ok, seen := known[col[r]]
			if !seen {
				ok = col[r] != sheet.Blank && !t.noValue(r, c)
				known[col[r]] = ok
			}
			return ok
		}
		last := sheet.Blank
		for r := l.data(); r < t.g.Rows; r++ {
			if !shared(r) {
				continue
			}
			filled++
			if col[r] == last {
				repeats++
			}
			last = col[r]
		}
		if filled == 0 || repeats > blanks/4 || 2*blanks < filled || !slices.Contains(placeFields, f) && t.crossesPlaces(col, names, shared) {
			continue
		}
		col = copyOf(c)
		last = sheet.Blank
		for r := l.data(); r < t.g.Rows; r++ {
			if shared(r) {
				last = col[r]
			} else if col[r] == sheet.Blank && names[r] != sheet.Blank {
				col[r] = last
			}
		}
	}
}

// placeFields are those of blockFields that are of places.
var placeFields = []string{"county", "town", "village", "hamlet"}

// crossesPlaces reports whether a household filled down a column would reach
// lines of another place than its own: its blanks are then no household's.
func (t *binner) crossesPlaces(col, names []sheet.Cell, shared func(row int) bool) bool {
	for _, f := range placeFields {
		c := t.l.col(f, 0)
		if c < 0 {
			continue
		}
		places, from := t.cellsOf(c), -1
		for r := t.l.data(); r < t.g.Rows; r++ {
			switch {
			case shared(r):
				from = r
			case from >= 0 && col[r] == sheet.Blank && names[r] != sheet.Blank && places[r] != sheet.Blank && places[from] != sheet.Blank && places[r] != places[from]:
				return true
			}
		}
	}
	return false
}

// ditto is what is written for the same as above.
var ditto = []string{"同上", "〃", "″", "〞", "”", "\"", "々", "同上行", "如上"}

// dittos puts what stands above in the place of 同上 and its marks.
func (t *binner) dittos(copyOf func(int) []sheet.Cell) {
	marks := map[uint32]bool{}
	for i := range t.in.same {
		if s := t.in.text(uint32(i)); len(s) <= 16 && slices.Contains(ditto, trim(s)) {
			marks[uint32(i)] = true
		}
	}
	if len(marks) == 0 {
		return
	}
	for c, u := range t.l.uses {
		if u.Field == "" {
			continue
		}
		above := sheet.Blank
		for r := t.l.data(); r < t.g.Rows; r++ {
			switch cell := t.cellsOf(c)[r]; {
			case cell.Kind() == sheet.KindText && marks[cell.Index()]:
				copyOf(c)[r] = above
			case cell != sheet.Blank && !t.noValue(r, c):
				above = cell
			}
		}
	}
}

// relatives repeats a person of a register over the rows below that name nothing
// but a relative of his.
func (t *binner) relatives(copyOf func(int) []sheet.Cell) {
	rel, name := t.l.col("related_id", 0), t.l.col("person_name", 0)
	if t.l.schema != table.Register || t.l.groups > 1 || rel < 0 || name < 0 {
		return
	}
	related, names := t.column(rel), t.column(name)
	var cols []int
	for _, f := range personFields {
		if c := t.l.col(f, 0); c >= 0 {
			cols = append(cols, c)
		}
	}
	last := -1 // row of the person
	for r := t.l.data(); r < t.g.Rows; r++ {
		if names[r] != sheet.Blank {
			last = r
			continue
		}
		if last < 0 || related[r] == sheet.Blank || t.noValue(last, name) {
			continue
		}
		for _, c := range cols {
			if t.column(c)[r] == sheet.Blank {
				copyOf(c)[r] = t.column(c)[last]
			}
		}
	}
}

// noValue reports whether a cell is a header that is said again, a total's word
// or a note, and so nothing that the rows below share.
func (t *binner) noValue(r, c int) bool {
	s := trim(t.g.Text(r, c))
	for i := range t.l.depth {
		if s == trim(t.g.Text(t.l.head+i, c)) {
			return true
		}
	}
	return isTotal(s) || isNote(s) || isLabel(s)
}

// cellsOf returns the cells of a column, filled down where that applies.
func (t *binner) cellsOf(c int) []sheet.Cell {
	if f, ok := t.cells[c]; ok {
		return f
	}
	return t.column(c)
}

// fieldsInOrder lists the fields that l has columns for, as the schema orders
// them, parts after.
func fieldsInOrder(l *layout) []string {
	var out []string
	for _, f := range l.schema.Fields {
		if l.cols[f.Name] != nil {
			out = append(out, f.Name)
		}
	}
	for _, f := range []string{partYear, partFrom, partTo, partAmount, partOn, partUnit, partIn, partOut, partTerm, partHeadName, partHeadID, partAddress} {
		if l.cols[f] != nil {
			out = append(out, f)
		}
	}
	return out
}

// nameColumn returns the column that every line of the table fills.
func (t *binner) nameColumn() int {
	for _, f := range []string{"beneficiary_name", "member_name", "person_name", "name", "to_unit", "about", "account", "unit", "fund_no"} {
		if c := t.l.col(f, 0); c >= 0 {
			return c
		}
	}
	return -1
}
