package intake

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
)

// A filler fills the columns of one table from its sorted rows.
type filler struct {
	*binner
	b       *table.Builder
	rows    []int32                // sheet row index of each line
	group   []uint8                // group of each line; nil where there is one
	whole   bool                   // the lines are rows without a gap between them
	span    table.Period           // of what the titles and names speak; 0 for none
	blocks  []int                  // line at which each of t.headings begins to count
	how     map[string][]table.How // field → how each line's is known; nil where all state it
	rounded marks                  // made when needed
	masked  marks
	doubts  []Doubt
	doubtAt map[[3]string]int
}

// build makes the chunk of a sorted table.
func (t *binner) build() (*chunk, error) {
	l := t.l
	m := &filler{binner: t, b: table.NewBuilder(l.schema), how: map[string][]table.How{}, doubtAt: map[[3]string]int{}}
	set := t.settingOf(l.from, l.head)
	m.span = set.period(m.year)
	account := Sheet{
		File: t.file, Sheet: t.g.Name, Table: l.schema.Name, Rows: t.end - l.from, Bins: map[Bin]int{},
		Inherited: map[string]string{}, Totals: []TotalCheck{}, HeaderRow: l.head + 1, HeaderRows: l.depth, Columns: l.uses, Unit: m.mainUnit(),
		Score: l.score, RunnerUp: l.runnerUp, Behind: l.behind,
	}
	for _, bin := range t.bins[:t.end-l.from] {
		account.Bins[bin]++
	}
	for f, v := range l.inherited {
		if v.how != table.Computed {
			account.Inherited[f] = v.value
		}
	}
	m.lines(account.Bins[Loaded])
	account.Lines = len(m.rows)
	m.columns()
	built, err := m.b.Build()
	if err != nil {
		return nil, fmt.Errorf("reading %s, sheet %q: %w", t.file, t.g.Name, err)
	}
	c := &chunk{account: account, table: built, rows: m.rows, group: m.group, spread: l.spread != nil, rejects: t.rejects, doubts: m.doubts}
	c.titles = strings.Join(set.titles, "\n")
	c.at = set.places()
	if c.money = m.moneyRead(&set); c.money.field != "" {
		c.money.middle = median(built.Ints(c.money.field))
	}
	c.print = t.fingerprint(built)
	for i := range c.rows {
		c.rows[i]++
	}
	t.checkTotals(c)
	t.checkHeads(c)
	return c, nil
}

// mainUnit names the unit of the main money column, or of the first there is.
func (m *filler) mainUnit() string {
	for _, f := range []string{m.l.schema.Money, "received_amount", "amount", partIn, partOut} {
		if c := m.l.col(f, 0); c >= 0 {
			return m.l.uses[c].Unit
		}
	}
	for _, u := range m.l.uses {
		if u.Unit != "" {
			return u.Unit
		}
	}
	return ""
}

// lines lists the lines of the loaded rows: one a row, or one for each person in
// it.
func (m *filler) lines(loaded int) {
	l := m.l
	m.rows = make([]int32, 0, loaded*l.groups)
	for r := l.data(); r < m.end; r++ {
		if m.bins[r-l.from] != Loaded {
			continue
		}
		if l.groups == 1 {
			m.rows = append(m.rows, int32(r))
			continue
		}
		for g := range l.groups {
			if !m.groupFilled(r, g) {
				continue
			}
			if label := m.l.block.total(m.rowTexts(r), g); label != "" {
				m.addTotal(r, g, label)
				continue
			}
			why := m.lacking(r, g)
			if why == "" {
				m.rows = append(m.rows, int32(r))
				m.group = append(m.group, uint8(g))
			} else {
				m.doubt(r, "", "", m.lang.say("%s%s,未成行", "%s makes no line: %s", m.groupName(g), why))
			}
		}
	}
	slices.SortStableFunc(m.totals, func(a, b totalRow) int { return cmp.Compare(a.row, b.row) })
	if n := len(m.rows); l.groups == 1 && n > 0 {
		m.whole = int(m.rows[n-1]-m.rows[0]) == n-1
	}
	for _, h := range m.headings {
		at, _ := slices.BinarySearch(m.rows, int32(h.row))
		m.blocks = append(m.blocks, at)
	}
}

// groupName tells which of the groups abreast is meant.
func (m *filler) groupName(g int) string {
	if m.l.spread != nil {
		return m.lang.say("“%s”列", "column %q", m.l.heads[m.l.spread.cols[g]].Text)
	}
	return m.lang.say("第%d人", "person %d", g+1)
}

// groupFilled reports whether a row holds anything in a group's own columns. A
// row always says something of the sheet's own year.
func (m *filler) groupFilled(r, g int) bool {
	if m.l.years != nil && g == m.l.own {
		return true
	}
	if sp := m.l.spread; sp != nil { // a nought is no payment, unless there is nothing else
		cell := m.g.At(r, sp.cols[g])
		v, _, err := m.money(cell, 0)
		return err == nil && (v != 0 || g == 0 && m.added(r, sp.cols) == 0) || err != nil && err != errBlank
	}
	for _, f := range fieldsInOrder(m.l) {
		if cols := m.l.cols[f]; len(cols) > 1 && cols[g] >= 0 {
			if c := m.g.At(r, cols[g]); c != sheet.Blank && trim(m.in.of(c)) != "" {
				return true
			}
		}
	}
	return false
}

// groupOf returns the group of line i.
func (m *filler) groupOf(i int) int {
	if m.group == nil {
		return 0
	}
	return int(m.group[i])
}

// cells returns a field's cells, a line each; nil where the sheet has no column
// for it.
func (m *filler) cellsFor(field string) []sheet.Cell {
	cols := m.l.cols[field]
	if cols == nil {
		return nil
	}
	if len(cols) == 1 || m.group == nil {
		return m.cellsAt(cols[0])
	}
	from := make([][]sheet.Cell, len(cols))
	for g, c := range cols {
		from[g] = m.column(-1)
		if c >= 0 {
			from[g] = m.cellsOf(c)
		}
	}
	out := make([]sheet.Cell, len(m.rows))
	for i, r := range m.rows {
		out[i] = from[m.group[i]][r]
	}
	return out
}

// cellsAt returns the cells of column c, a line each.
func (m *filler) cellsAt(c int) []sheet.Cell {
	cells := m.cellsOf(c)
	if m.whole {
		return cells[m.rows[0]:][:len(m.rows)]
	}
	out := make([]sheet.Cell, len(m.rows))
	for i, r := range m.rows {
		out[i] = cells[r]
	}
	return out
}

var longDigits = regexp.MustCompile(`\d{11,}`)

// doubtOf is the doubt about one cell; long figures stay out of it.
func (s *sheetReader) doubtOf(r int, field, text, why string) Doubt {
	return Doubt{File: s.file, Sheet: s.g.Name, Row: r + 1, Rows: 1, Field: field, Text: longDigits.ReplaceAllString(text, "…"), Reason: why}
}

// doubt records a cell that was not taken as it is.
func (m *filler) doubt(r int, field, text, why string) {
	d := m.doubtOf(r, field, text, why)
	key := [3]string{field, d.Text, why}
	if i, ok := m.doubtAt[key]; ok {
		m.doubts[i].Rows++
		return
	}
	m.doubtAt[key] = len(m.doubts)
	m.doubts = append(m.doubts, d)
}

// doubtCell is doubt of line i's cell.
func (m *filler) doubtCell(i int, field string, c sheet.Cell, why error) {
	m.doubt(int(m.rows[i]), field, m.g.Format(c), m.lang.trouble(why))
}

// columns fills every column of the table.
func (m *filler) columns() {
	for _, f := range m.l.schema.Fields {
		if f.Stage != table.FromSheet {
			continue
		}
		switch {
		case f.Name == "period" && m.l.spread != nil && m.l.spread.periods != nil:
			m.spreadPeriods()
		case f.Name == "program" && m.l.spread != nil && m.l.spread.programs != nil:
			m.spreadPrograms()
		case f.Name == "period" && !m.l.lacks("period"):
			m.periods()
		case m.l.schema == table.BankEntry && f.Name == "amount" && m.l.cols["amount"] == nil:
			m.bothWays()
		case m.l.cols[f.Name] == nil && f.Type == table.Date && m.l.cols[partTerm] != nil:
			m.terms(f)
		case f.Name == "year" && m.l.years != nil:
			m.groupYears(f)
		case m.l.cols[f.Name] == nil:
			m.inherit(f)
		case f.Type == table.Text:
			m.texts(f)
		default:
			m.ints(f)
		}
	}
	m.titled()
	m.notes()
	m.address()
	m.paths()
	m.projectKeys()
	m.relations()
	m.spreadTotals()
	m.guesses()
	m.citations()
	m.sides()
	m.refusals()
	m.writeHow()
	for _, s := range m.rounded {
		m.b.Words(table.RoundedColumn).Append(s)
	}
	for _, s := range m.masked {
		m.b.Words(table.MaskedColumn).Append(s)
	}
}
