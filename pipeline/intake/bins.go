package intake

import (
	"slices"
	"strings"
	"unicode/utf8"

	"fundtrace/pipeline/intake/column"
	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
)

// A binner puts the rows of one table into bins.
type binner struct {
	*sheetReader
	l        *layout
	cells    map[int][]sheet.Cell // columns with merged and block cells filled down
	bins     []Bin                // of rows l.from..end-1
	end      int
	headings []block
	totals   []totalRow
	rejects  []Reject
	inMerge  map[[2]int]bool // cells that a merge from above covers
	year     int             // the sheet's own; 0 where none stands around it

	// Sums of the main money column over the loaded rows before row summed.
	summed, sumRows  int
	allSum, blockSum int64
}

// A block is a heading inside the table that says something of the rows below.
type block struct {
	row  int
	says map[string]told
}

// table reads the table of l and returns the row where what follows begins.
func (s *sheetReader) table(l *layout) (*chunk, int, error) {
	if l.grid != nil {
		own := s.g
		s.g = l.grid
		defer func() { s.g = own }()
	}
	set := s.settingOf(l.from, l.head)
	s.units(l, &set)
	t := &binner{sheetReader: s, l: l, end: s.g.Rows, year: set.year()}
	t.bins = make([]Bin, s.g.Rows-l.from)
	for r := l.from; r < l.data(); r++ {
		t.bins[r-l.from] = t.aboveData(r)
	}
	t.fillDown()
	clean := t.clean()
	for r := l.data(); r < t.end; r++ {
		if clean[r-l.data()] {
			t.bins[r-l.from] = Loaded
			continue
		}
		bin, stop := t.bin(r)
		if stop > 0 {
			t.end = stop
			break
		}
		t.bins[r-l.from] = bin
	}
	for r := l.from; r < t.end; r++ {
		if t.bins[r-l.from] == BlankRow && t.spoken(r) {
			t.bins[r-l.from] = Header
		}
	}
	t.rejects = slices.DeleteFunc(t.rejects, func(r Reject) bool { return r.Row > t.end })
	t.totals = slices.DeleteFunc(t.totals, func(k totalRow) bool { return k.row >= t.end })
	t.headings = slices.DeleteFunc(t.headings, func(b block) bool { return b.row >= t.end })
	t.unitBelow()
	c, err := t.build()
	return c, t.end, err
}

// aboveData bins a row above the first data row.
func (t *binner) aboveData(r int) Bin {
	switch {
	case t.blankRow(r):
		return BlankRow
	case r < t.l.head && isNote(first(t.rowTexts(r))):
		return Note
	}
	return Header
}

// bin bins a row that is not clean. stop, where not 0, is the row at which the
// next table begins.
func (t *binner) bin(r int) (bin Bin, stop int) {
	if t.l.groups > 1 {
		if c := t.l.col(anchorOf(t.l.schema), 0); c >= 0 && !suspect(t.g.Text(r, c), true) && t.lacking(r, 0) == "" {
			return Loaded, 0
		}
	}
	texts := t.rowTexts(r)
	prose := -1 // what a complaint says may speak of 村主任 or 经办人
	if t.l.schema == table.Complaint {
		prose = t.l.col("about", 0)
	}
	filled, firstAt, figures := 0, -1, 0
	total, note := "", false
	for c, v := range texts {
		if v == "" {
			continue
		}
		if filled++; firstAt < 0 {
			firstAt = c
		}
		if t.g.At(r, c).Kind() != sheet.KindText {
			figures++
			continue
		}
		if total == "" && isTotal(v) {
			total = v
		}
		note = note || c != prose && isNote(v)
	}
	if filled == 1 && firstAt == prose {
		note = isNote(texts[prose])
	}
	if filled == 0 && t.far[r] {
		return Note, 0
	}
	if filled == 0 {
		return BlankRow, 0
	}
	if t.repeatsHeader(texts) {
		return Header, 0
	}
	if r == t.l.data() && numbering(texts) {
		return Header, 0
	}
	person := t.person(r)
	if figures == 0 && filled >= 2 && !person && t.likeHeader(r, 2) {
		if stop := t.nextTable(r); stop != 0 {
			if stop < 0 {
				return Header, 0
			}
			return "", stop
		}
	}
	if total != "" && !person {
		t.addTotal(r, -1, t.totalLabel(r))
		return Total, 0
	}
	// 村支书 and 会计师事务所 stand in rows of data too: a row that lacks
	// nothing, an amount included, is no signature line.
	if note && !person && !(t.wantsMoney() && t.lacking(r, 0) == "") {
		return Note, 0
	}
	why := ""
	if t.l.groups > 1 {
		for g := range t.l.groups {
			w := t.lacking(r, g)
			if w == "" {
				return Loaded, 0
			}
			if why == "" {
				why = w
			}
		}
	} else if why = t.lacking(r, 0); why == "" {
		return Loaded, 0
	}
	if !person && filled == 1 || oneText(texts) {
		if bin, ok := t.single(r, firstAt, texts[firstAt]); ok {
			return bin, 0
		}
	}
	if !person && t.unlabelledTotal(r) {
		t.addTotal(r, -1, t.totalLabel(r))
		return Total, 0
	}
	t.rejects = append(t.rejects, t.reject(r, why))
	return Rejected, 0
}

// repeatsHeader reports whether a row says again what the header says.
func (t *binner) repeatsHeader(texts []string) bool {
	filled, same := 0, 0
	for c, v := range texts {
		if v == "" {
			continue
		}
		filled++
		for i := range t.l.depth {
			if v == trim(t.g.Text(t.l.head+i, c)) {
				same++
				break
			}
		}
	}
	return same >= 2 && same*10 >= filled*7
}

// numbering reports whether a row numbers the columns: 1 2 3, or 甲 乙 1 2.
func numbering(texts []string) bool {
	n, last := 0, 0
	for _, v := range texts {
		v = strings.Trim(plain(v), "()")
		switch {
		case v == "":
			continue
		case strings.Contains("甲乙丙丁戊己庚辛栏次", v):
			n++
		case digits(v) && len(v) < 3:
			k := int(v[0] - '0')
			if len(v) == 2 {
				k = k*10 + int(v[1]-'0')
			}
			if k != last+1 {
				return false
			}
			last = k
			n++
		case strings.ContainsAny(v, "=+") && strings.Trim(v, "0123456789=+-*/()") == "":
			n++
			last++
		default:
			return false
		}
	}
	return n >= 3
}

// person reports whether a row names somebody by an ID number, or by a name
// that is no label.
func (t *binner) person(r int) bool {
	for _, f := range []string{"beneficiary_id", "head_id", "payee_id", "member_id", "person_id", partHeadID, "account"} {
		for _, c := range t.l.cols[f] {
			if c < 0 {
				continue
			}
			if id := plain(unwrap(t.g.Text(r, c))); len(id) >= 8 && digits(strings.TrimSuffix(id, "X")) {
				return true
			}
		}
	}
	for _, f := range []string{"beneficiary_name", "member_name", "person_name"} {
		for _, c := range t.l.cols[f] {
			if c < 0 {
				continue
			}
			v := trim(t.g.Text(r, c))
			if n := utf8.RuneCountInString(v); n >= 2 && n <= 4 && surnamed(v) && !isTotal(v) && !isNote(v) && !column.Builtin().Has(v) && placesIn(v) == (places{}) {
				return true
			}
		}
	}
	return false
}

// nextTable looks at a row of header words: it returns the row at which another
// table begins (its titles included), -1 for this table's header in other words,
// 0 for no header.
func (t *binner) nextTable(r int) int {
	from := r
	for from > t.l.data() {
		b := t.bins[from-1-t.l.from]
		if b != Header && b != Note && b != BlankRow {
			break
		}
		from--
	}
	for from < r && t.blankRow(from) {
		from++
	}
	l, _ := t.layoutAt(from, r)
	if l == nil {
		return 0
	}
	if l.schema == t.l.schema && sameColumns(l.cols, t.l.cols) {
		set := t.settingOf(from, r)
		if t.units(l, &set); l.unit == t.l.unit || !l.unit.told {
			return -1
		}
	}
	return from
}

func sameColumns(a, b map[string][]int) bool {
	if len(a) != len(b) {
		return false
	}
	for f, cols := range a {
		if !slices.Equal(cols, b[f]) {
			return false
		}
	}
	return true
}

// oneText reports whether the texts of a row are one text, written into
// several cells.
func oneText(texts []string) bool {
	one, n := "", 0
	for _, v := range texts {
		if v == "" {
			continue
		}
		if one != "" && v != one {
			return false
		}
		one = v
		n++
	}
	return n > 1 && hasHan(one)
}

// single bins a row that holds one text: the heading of a block, the title of
// the next page, a note; or a number by itself, as of a form numbered ahead.
func (t *binner) single(r, c int, text string) (Bin, bool) {
	if t.g.At(r, c).Kind() != sheet.KindText || digits(plain(text)) {
		if t.l.uses[c].Field == "" {
			return BlankRow, true
		}
		return "", false
	}
	says := (&setting{titles: []string{text}, labels: labelsOf(text), policy: t.policy}).inherited(t.l.schema, t.l.lacks)
	for f := range says {
		if !slices.Contains([]string{"county", "town", "village", "hamlet", "period", "program", "batch"}, f) {
			delete(says, f)
		}
	}
	pl := placesIn(text)
	if pl != (places{}) || len(says) > 0 {
		t.headings = append(t.headings, block{r, says})
		return Header, true
	}
	if r+1 < t.g.Rows && t.repeatsHeader(t.rowTexts(r+1)) {
		return Header, true
	}
	if t.l.uses[c].Field != "" && utf8.RuneCountInString(text) <= 6 {
		return "", false
	}
	return Note, true
}

// unlabelledTotal reports whether a row without a name holds the sum of the rows
// above it.
func (t *binner) unlabelledTotal(r int) bool {
	name := t.nameColumn()
	if name >= 0 && trim(t.g.Text(r, name)) != "" || t.l.schema.Money == "" {
		return false
	}
	c := t.l.col(t.l.schema.Money, 0)
	if c < 0 {
		return false
	}
	stated, _, err := t.money(t.g.At(r, c), 0)
	if err != nil {
		return false
	}
	for ; t.summed < r; t.summed++ {
		switch t.bins[t.summed-t.l.from] {
		case Total:
			t.blockSum = 0
		case Loaded:
			if v, _, err := t.money(t.g.At(t.summed, c), 0); err == nil {
				t.allSum += v
				t.blockSum += v
				t.sumRows++
			}
		}
	}
	return t.sumRows > 1 && (stated == t.allSum || stated == t.blockSum)
}
