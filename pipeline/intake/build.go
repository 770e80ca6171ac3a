package intake

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
)

// A maker fills the columns of one table from its sorted rows.
type maker struct {
	*sorter
	b         *table.Builder
	rows      []int32 // sheet row index of each line
	group     []uint8 // group of each line; nil where there is one
	whole     bool    // the lines are rows without a gap between them
	year      int     // the sheet's own
	blocks    []int   // line at which each of t.headings begins to count
	inherited map[string]bool
	rounded   []string // per line, made when needed
	doubts    []Doubt
	doubtAt   map[[3]string]int
}

// build makes the chunk of a sorted table.
func (t *sorter) build() (*chunk, error) {
	l := t.l
	m := &maker{sorter: t, b: table.NewBuilder(l.schema), inherited: map[string]bool{}, doubtAt: map[[3]string]int{}}
	set := t.settingOf(l.from, l.head)
	m.year = set.year()
	account := Sheet{
		File: t.file, Sheet: t.g.Name, Table: l.schema.Name, Rows: t.end - l.from, Bins: map[Bin]int{},
		Inherited: l.inherited, Totals: []TotalCheck{}, HeaderRow: l.head + 1, HeaderRows: l.depth, Columns: l.uses, Unit: m.mainUnit(),
	}
	for _, bin := range t.bins[:t.end-l.from] {
		account.Bins[bin]++
	}
	m.lines(account.Bins[Loaded])
	account.Lines = len(m.rows)
	m.columns()
	built, err := m.b.Build()
	if err != nil {
		return nil, fmt.Errorf("reading %s, sheet %q: %w", t.file, t.g.Name, err)
	}
	c := &chunk{account: account, table: built, rows: m.rows, rejects: t.rejects, doubts: m.doubts}
	c.titles = strings.Join(set.titles, "\n")
	c.print = t.fingerprint(built)
	for i := range c.rows {
		c.rows[i]++
	}
	t.checkTotals(c)
	t.checkHeads(c)
	return c, nil
}

// mainUnit names the unit of the main money column, or of the first there is.
func (m *maker) mainUnit() string {
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
func (m *maker) lines(loaded int) {
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
			why := m.lacking(r, g)
			if why == "" {
				m.rows = append(m.rows, int32(r))
				m.group = append(m.group, uint8(g))
			} else {
				m.doubt(r, "", "", m.lang.say("第%d人%s,未成行", "person %d makes no line: %s", g+1, why))
			}
		}
	}
	if n := len(m.rows); l.groups == 1 && n > 0 {
		m.whole = int(m.rows[n-1]-m.rows[0]) == n-1
	}
	for _, h := range m.headings {
		at, _ := slices.BinarySearch(m.rows, int32(h.row))
		m.blocks = append(m.blocks, at)
	}
}

// groupFilled reports whether a row holds anything in a group's own columns. A
// row always says something of the sheet's own year.
func (m *maker) groupFilled(r, g int) bool {
	if m.l.years != nil && g == m.l.own {
		return true
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

// cells returns a field's cells, a line each; nil where the sheet has no column
// for it.
func (m *maker) cellsFor(field string) []sheet.Cell {
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
func (m *maker) cellsAt(c int) []sheet.Cell {
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

// doubt records a cell that was not taken as it is.
func (m *maker) doubt(r int, field, text, why string) {
	text = longDigits.ReplaceAllString(text, "…")
	key := [3]string{field, text, why}
	if i, ok := m.doubtAt[key]; ok {
		m.doubts[i].Rows++
		return
	}
	m.doubtAt[key] = len(m.doubts)
	m.doubts = append(m.doubts, Doubt{File: m.file, Sheet: m.g.Name, Row: r + 1, Rows: 1, Field: field, Text: text, Reason: why})
}

// doubtCell is doubt of line i's cell.
func (m *maker) doubtCell(i int, field string, c sheet.Cell, why error) {
	m.doubt(int(m.rows[i]), field, m.g.Format(c), m.lang.trouble(why))
}

// columns fills every column of the table.
func (m *maker) columns() {
	for _, f := range m.l.schema.Fields {
		if f.Stage != table.FromSheet {
			continue
		}
		switch {
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
	m.notes()
	m.address()
	m.relations()
	m.citations()
	m.marks()
	m.sides()
}

// citations takes the fund number of a transfer from the words about it where
// the sheet has no column for it.
func (m *maker) citations() {
	if m.l.schema != table.Flow || m.l.cols["fund_no"] != nil || m.l.cols["purpose"] == nil {
		return
	}
	about, no := m.b.Words("purpose"), m.b.Words("fund_no")
	cited := make([]uint32, len(about.Dict))
	for i, s := range about.Dict {
		cited[i] = table.NullCode
		if n := citedIn(s); n != "" {
			cited[i] = no.Code(n)
		}
	}
	if no.Codes == nil {
		no.Codes = slices.Repeat([]uint32{table.NullCode}, len(about.Codes))
	}
	for i, c := range about.Codes {
		if c != table.NullCode && cited[c] != table.NullCode {
			no.Codes[i] = cited[c]
		}
	}
}

// sides turns the lines of a unit's own book that are receipts: the counterparty
// is the sender, the unit the receiver, and the day that of the receipt.
func (m *maker) sides() {
	if !m.l.book {
		return
	}
	sent, received := *m.b.Ints("sent_amount"), *m.b.Ints("received_amount")
	sentOn, receivedOn := *m.b.Ints("sent_on"), slices.Repeat([]int64{table.Null}, len(m.rows))
	from, to, marks := m.b.Words("from_unit"), m.b.Words("to_unit"), m.b.Words(table.InheritedColumn)
	text := func(w *table.Words, i int) string {
		if w.Codes[i] == table.NullCode {
			return ""
		}
		return w.Dict[w.Codes[i]]
	}
	empty := func(v int64) bool { return v == table.Null || v == 0 }
	for i := range m.rows {
		if empty(received[i]) {
			received[i] = table.Null
			continue
		}
		if !empty(sent[i]) {
			m.doubt(int(m.rows[i]), "sent_amount", "", m.lang.say("同一行既有收入又有支出,按收入读取", "money in and out in one row, read as money in"))
		}
		own, other := text(from, i), text(to, i)
		from.Codes[i], to.Codes[i] = from.Code(other), to.Code(own)
		receivedOn[i], sentOn[i], sent[i] = sentOn[i], table.Null, table.Null
		marks.Codes[i] = marks.Code(strings.ReplaceAll(text(marks, i), "from_unit", "to_unit"))
	}
	*m.b.Ints("received_on") = receivedOn
}

// idField reports whether a text field holds numbers that are told apart by
// every digit.
func idField(name string) bool {
	return strings.HasSuffix(name, "_id") || strings.HasSuffix(name, "account") || name == "contractor_code"
}

// personID reports whether a field holds what a spreadsheet's fifteen digits are
// too few for.
func personID(name string) bool {
	return idField(name) && name != "household_id" && name != "project_id"
}

// texts fills a Text column.
func (m *maker) texts(f table.Field) {
	cells := m.cellsFor(f.Name)
	w := m.b.Words(f.Name)
	m.in.reset()
	w.Codes = make([]uint32, len(cells))
	m.in.codes(cells, w.Codes)
	w.Dict = m.in.Dict
	if personID(f.Name) {
		m.longNumbers(f, cells, w)
	}
	for i, c := range cells {
		if c.Kind() == sheet.KindError {
			m.doubtCell(i, f.Name, c, errCell)
		}
	}
	var change func(string) string
	switch f.Name {
	case "program":
		change = m.policy.Canonical
	case "direction", "outcome", "status", "state", "register_kind", "level":
		change = func(s string) string {
			if f.Name == "status" && m.l.schema != table.Member {
				return s
			}
			if v := canonical(f.Name, s); v != "" {
				return v
			}
			return s
		}
	case selfBirth:
		change = birthText
	case selfSex:
		change = sexText
	case selfAge:
		change = ageText
	default:
		if idField(f.Name) || f.Name == "phone" || f.Name == "fund_no" || f.Name == "batch" || f.Name == "bank" {
			change = func(s string) string {
				if len(s) <= 9 && absent(plain(s)) {
					return ""
				}
				return s
			}
		}
	}
	if change != nil {
		m.rewrite(w, change)
	}
}

// rewrite puts change(text) in place of every distinct text.
func (m *maker) rewrite(w *table.Words, change func(string) string) {
	same := true
	out := make([]string, len(w.Dict))
	for i, s := range w.Dict {
		out[i] = change(s)
		same = same && out[i] == s
	}
	if same {
		return
	}
	m.in.reset()
	to := make([]uint32, len(out))
	for i, s := range out {
		to[i] = m.in.code(s)
	}
	w.Dict = m.in.Dict
	for i, c := range w.Codes {
		if c != table.NullCode {
			w.Codes[i] = to[c]
		}
	}
}

// ints fills a column of any type but text and period.
func (m *maker) ints(f table.Field) {
	cells := m.cellsFor(f.Name)
	out := make([]int64, len(cells))
	switch f.Type {
	case table.Money:
		m.amounts(f, cells, m.l.cols[f.Name], out)
	case table.Amount:
		for i, c := range cells {
			v, exact, err := m.quantity(c)
			if err == nil && !exact {
				err = errRounded4
				m.doubtCell(i, f.Name, c, err)
			} else if err != nil {
				v = table.Null
				if err != errBlank {
					m.doubtCell(i, f.Name, c, err)
				}
			}
			out[i] = v
		}
	case table.Date:
		m.each(f.Name, cells, out, func(c sheet.Cell) (int64, error) {
			d, err := m.date(c)
			if err == errDate && f.Name == "exited_on" {
				if _, err := m.count(c, true); err == nil {
					return table.Null, errBlank // a year alone, which stands in exit_year
				}
			}
			return int64(d), err
		})
	case table.Number:
		year := strings.HasSuffix(f.Name, "year")
		m.each(f.Name, cells, out, func(c sheet.Cell) (int64, error) { return m.count(c, year) })
	case table.Bool:
		opposite := slices.ContainsFunc(m.l.cols[f.Name], func(c int) bool { return c >= 0 && m.l.uses[c].Opposite })
		m.each(f.Name, cells, out, func(c sheet.Cell) (int64, error) { return m.flag(c, opposite) })
	}
	*m.b.Ints(f.Name) = out
}

// amounts reads a money column.
func (m *maker) amounts(f table.Field, cells []sheet.Cell, cols []int, out []int64) {
	power := make([]int, len(cols))
	for g, c := range cols {
		if c >= 0 {
			power[g] = m.l.power(c)
		}
	}
	p := power[0]
	for i, c := range cells {
		if len(power) > 1 && m.group != nil {
			p = power[m.group[i]]
		}
		v, exact, err := m.money(c, p)
		switch {
		case err != nil:
			v = table.Null
			if err != errBlank {
				m.doubtCell(i, f.Name, c, err)
			}
		case !exact:
			m.doubtCell(i, f.Name, c, errRounded)
		}
		out[i] = v
	}
}

// each reads a column whose texts repeat: each distinct text is read once. An
// errMonthOnly value is kept and doubted.
func (m *maker) each(field string, cells []sheet.Cell, out []int64, read func(sheet.Cell) (int64, error)) {
	type result struct {
		v    int64
		err  error
		done bool
	}
	m.in.reset()
	var seen []result
	var code [1]uint32
	for i := range cells {
		c := cells[i]
		var res result
		if c.Kind() == sheet.KindText {
			m.in.codes(cells[i:i+1], code[:])
			if code[0] == table.NullCode {
				out[i] = table.Null
				continue
			}
			for int(code[0]) >= len(seen) {
				seen = append(seen, result{})
			}
			if res = seen[code[0]]; !res.done {
				res.v, res.err = read(c)
				res.done = true
				seen[code[0]] = res
			}
		} else {
			res.v, res.err = read(c)
		}
		out[i] = res.v
		if res.err != nil {
			if res.err != errMonthOnly {
				out[i] = table.Null
			}
			if res.err != errBlank {
				m.doubtCell(i, field, c, res.err)
			}
		}
	}
}

// terms fills the first or the last day from the column that holds both.
func (m *maker) terms(f table.Field) {
	cells := m.cellsFor(partTerm)
	out := make([]int64, len(cells))
	m.each(f.Name, cells, out, func(c sheet.Cell) (int64, error) {
		from, to := splitTerm(m.g.Format(c))
		if f.Name == "until" {
			from = to
		}
		if absent(plain(from)) {
			return 0, errBlank
		}
		d, err := parseDate(from)
		return int64(d), err
	})
	*m.b.Ints(f.Name) = out
}

// periods fills the period of a payment from the columns that speak of it.
func (m *maker) periods() {
	out := make([]int64, len(m.rows))
	years := make([]int64, len(m.rows))
	if cells := m.cellsFor(partYear); cells != nil {
		m.each("period", cells, years, func(c sheet.Cell) (int64, error) { p, err := m.period(c, 0); return int64(p), err })
	} else {
		for i := range years {
			years[i] = table.Null
		}
	}
	copy(out, years)
	if cells := m.cellsFor("period"); cells != nil {
		m.withYear("period", cells, years, out)
	}
	from, to := m.cellsFor(partFrom), m.cellsFor(partTo)
	if from != nil {
		first, last := make([]int64, len(out)), make([]int64, len(out))
		m.withYear("period", from, years, first)
		copy(last, first)
		if to != nil {
			m.withYear("period", to, years, last)
		}
		for i := range out {
			if first[i] == table.Null || last[i] == table.Null {
				continue
			}
			f, t := table.Period(first[i]), table.Period(last[i])
			if f.From() <= t.To() {
				out[i] = int64(table.MonthsOf(f.From(), t.To()))
			} else {
				m.doubtCell(i, "period", to[i], errPeriod)
			}
		}
	}
	w := m.b.Words("period")
	w.Codes = make([]uint32, len(out))
	seen := map[int64]uint32{}
	for i, p := range out {
		if p == table.Null || p == 0 {
			w.Codes[i] = table.NullCode
			continue
		}
		code, ok := seen[p]
		if !ok {
			code = w.Code(table.Period(p).String())
			seen[p] = code
		}
		w.Codes[i] = code
	}
}

// withYear reads periods that may lack their year: that of the line's own year
// column counts, or else the sheet's. A cell that names none leaves out as it is.
func (m *maker) withYear(field string, cells []sheet.Cell, years, out []int64) {
	byYear := map[int][]int{}
	for i := range cells {
		y := m.year
		if years[i] != table.Null {
			y = table.Period(years[i]).Year()
		}
		byYear[y] = append(byYear[y], i)
	}
	for _, y := range slices.Sorted(maps.Keys(byYear)) {
		at := byYear[y]
		part, vals := make([]sheet.Cell, len(at)), make([]int64, len(at))
		for j, i := range at {
			part[j] = cells[i]
		}
		all := m.rows
		m.rows = make([]int32, len(at))
		for j, i := range at {
			m.rows[j] = all[i]
		}
		m.each(field, part, vals, func(c sheet.Cell) (int64, error) { p, err := m.period(c, y); return int64(p), err })
		m.rows = all
		for j, i := range at {
			if vals[j] != table.Null {
				out[i] = vals[j]
			}
		}
	}
}

// bothWays fills amount and direction from a column of money in and one of money
// out.
func (m *maker) bothWays() {
	n := len(m.rows)
	amount := make([]int64, n)
	for i := range amount {
		amount[i] = table.Null
	}
	dir := m.b.Words("direction")
	dir.Codes = make([]uint32, n)
	for i := range dir.Codes {
		dir.Codes[i] = table.NullCode
	}
	f := m.l.schema.Fields[m.l.schema.Field("amount")]
	for _, way := range []struct{ part, word string }{{partIn, "in"}, {partOut, "out"}} {
		cells := m.cellsFor(way.part)
		if cells == nil {
			continue
		}
		vals := make([]int64, n)
		m.amounts(f, cells, m.l.cols[way.part], vals)
		code := dir.Code(way.word)
		for i, v := range vals {
			if v != table.Null && (v != 0 || amount[i] == table.Null) {
				amount[i] = v
				dir.Codes[i] = code
			}
		}
	}
	*m.b.Ints("amount") = amount
}

// groupYears fills the year from the headers of years side by side.
func (m *maker) groupYears(f table.Field) {
	out := make([]int64, len(m.rows))
	for i := range out {
		out[i] = int64(m.l.years[m.groupOf(i)])
	}
	*m.b.Ints(f.Name) = out
}

// groupOf returns the group of line i.
func (m *maker) groupOf(i int) int {
	if m.group == nil {
		return 0
	}
	return int(m.group[i])
}

// inherit fills a column from what stands around the table.
func (m *maker) inherit(f table.Field) {
	base := m.l.inherited[f.Name]
	says := slices.ContainsFunc(m.headings, func(b block) bool { return b.says[f.Name] != "" })
	if base == "" && !says || f.Name == "direction" && m.l.schema == table.BankEntry && m.l.cols["amount"] == nil {
		return
	}
	m.inherited[f.Name] = true
	if f.Type != table.Text && f.Type != table.Span {
		v, err := valueOf(f, base)
		if err != nil {
			v = table.Null
		}
		out := make([]int64, len(m.rows))
		for i := range out {
			out[i] = v
		}
		*m.b.Ints(f.Name) = out
		return
	}
	w := m.b.Words(f.Name)
	w.Codes = make([]uint32, len(m.rows))
	m.segments(func(from, to int, at *surroundings) {
		code := w.Code(at.value(f.Name))
		for i := from; i < to; i++ {
			w.Codes[i] = code
		}
	})
}

// surroundings are what is inherited at one place of the table.
type surroundings struct {
	base, block map[string]string
}

func (c *surroundings) value(field string) string {
	if v := c.block[field]; v != "" {
		return v
	}
	return c.base[field]
}

// segments calls f for each run of lines under one heading. A heading takes back
// what earlier ones said of narrower places.
func (m *maker) segments(f func(from, to int, at *surroundings)) {
	at := &surroundings{base: m.l.inherited, block: map[string]string{}}
	from := 0
	for i, h := range m.headings {
		if to := m.blocks[i]; to > from {
			f(from, to, at)
			from = to
		}
		for n, place := range places4 {
			if h.says[place] != "" {
				for _, narrower := range places4[n+1:] {
					delete(at.block, narrower)
				}
			}
		}
		maps.Copy(at.block, h.says)
	}
	if from < len(m.rows) {
		f(from, len(m.rows), at)
	}
}

var places4 = []string{"county", "town", "village", "hamlet"}

// notes joins the further note columns of a register to the first: of what kind
// a vehicle, post or insurance is may stand in any of them.
func (m *maker) notes() {
	if len(m.l.notes) == 0 || len(m.rows) == 0 {
		return
	}
	w := m.b.Words("note")
	for _, c := range m.l.notes {
		cells := m.cellsAt(c)
		more := table.Words{Codes: make([]uint32, len(cells))}
		m.in.reset()
		m.in.codes(cells, more.Codes)
		more.Dict = m.in.Dict
		joined := map[[2]uint32]uint32{}
		for i, b := range more.Codes {
			a := w.Codes[i]
			code, ok := joined[[2]uint32{a, b}]
			switch {
			case ok:
			case b == table.NullCode:
				code = a
			case a == table.NullCode:
				code = w.Code(more.Dict[b])
			default:
				code = w.Code(w.Dict[a] + " " + more.Dict[b])
			}
			joined[[2]uint32{a, b}] = code
			w.Codes[i] = code
		}
	}
}

// address fills the places that have no column from one that holds addresses.
func (m *maker) address() {
	cells := m.cellsFor(partAddress)
	if cells == nil {
		return
	}
	w := table.Words{Codes: make([]uint32, len(cells))}
	m.in.reset()
	m.in.codes(cells, w.Codes)
	parts := make([]places, len(m.in.Dict))
	for i, s := range m.in.Dict {
		parts[i] = placesIn(s)
	}
	for _, f := range places4 {
		if m.l.schema.Field(f) < 0 || m.l.cols[f] != nil || m.inherited[f] {
			continue
		}
		to := m.b.Words(f)
		codes := make([]uint32, len(parts))
		for i, p := range parts {
			codes[i] = to.Code(map[string]string{"county": p.county, "town": p.town, "village": p.village, "hamlet": p.hamlet}[f])
		}
		to.Codes = make([]uint32, len(w.Codes))
		for i, c := range w.Codes {
			to.Codes[i] = table.NullCode
			if c != table.NullCode {
				to.Codes[i] = codes[c]
			}
		}
	}
}

// relations names the head of a household where the sheet's columns do and no
// column tells the relation.
func (m *maker) relations() {
	l := m.l
	people := m.group != nil && l.years == nil // people side by side, the head first
	if l.schema != table.Member || l.cols["relation"] != nil && !people || l.cols[partHeadName] == nil {
		return
	}
	head := l.cols[partHeadName][0]
	if !people && l.col("member_name", 0) != head {
		return
	}
	w := m.b.Words("relation")
	if w.Codes == nil {
		w.Codes = make([]uint32, len(m.rows))
		for i := range w.Codes {
			w.Codes[i] = table.NullCode
		}
	}
	code := w.Code("户主")
	for i := range w.Codes {
		if (!people || m.group[i] == 0) && w.Codes[i] == table.NullCode {
			w.Codes[i] = code
		}
	}
}

// marks fills the columns that tell what was inherited and what was rounded.
func (m *maker) marks() {
	fields := slices.Sorted(maps.Keys(m.inherited))
	if len(fields) > 0 {
		w := m.b.Words(table.InheritedColumn)
		w.Codes = make([]uint32, len(m.rows))
		m.segments(func(from, to int, at *surroundings) {
			var have []string
			for _, f := range fields {
				if at.value(f) != "" {
					have = append(have, f)
				}
			}
			code := w.Code(strings.Join(have, ","))
			for i := from; i < to; i++ {
				w.Codes[i] = code
			}
		})
	}
	if m.rounded != nil {
		w := m.b.Words(table.RoundedColumn)
		for _, s := range m.rounded {
			w.Append(s)
		}
	}
}
