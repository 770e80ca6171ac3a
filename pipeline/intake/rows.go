package intake

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
)

// A sheetReader turns one grid into the tables that stand on it.
type sheetReader struct {
	file     string
	g        *sheet.Grid
	in       *texts
	setting  setting
	policy   *policy.Policy
	lang     language
	override *Override
	known    map[string]bool      // header words asked for
	natures  map[[2]int]nature    // columns asked for
	padded   map[int][]sheet.Cell // columns shorter than the grid, made as long
	near     *layout              // what the first header that is no table's comes nearest to
}

// A chunk is one table of one sheet: its account, its rows in the canonical
// form and what its totals say. Source indexes are given when all files are
// read.
type chunk struct {
	account    Sheet
	table      *table.Table // nil for a sheet set aside; without _ref
	rows       []int32      // the sheet row, from 1, of each table row
	rejects    []Reject
	doubts     []Doubt
	statements []statement
	print      uint64 // of the content, for finding sheets read already
	titles     string
}

// A statement is one row of table.Statement.
type statement struct {
	row              int
	what             string // total, subtotal, headcount
	column, label    string
	stated, computed int64 // fen, or heads
	rounding         int64 // fen by which stated may be off for want of decimals
}

// newSheetReader returns the reader of the sheet whose texts are in. file is its
// name in the account, path where it lies.
func newSheetReader(file, path string, in *texts, opt Options) *sheetReader {
	g := in.g
	return &sheetReader{
		file: file, g: g, in: in, policy: opt.Policy, lang: language(opt.Lang),
		setting: newSetting(path, g.Name, opt.Policy), override: opt.Mapping.overrideFor(file, g.Name),
		known: map[string]bool{}, natures: map[[2]int]nature{}, padded: map[int][]sheet.Cell{},
	}
}

// read takes the sheet apart. Every row of it is in exactly one chunk.
func (s *sheetReader) read() ([]*chunk, error) {
	var chunks []*chunk
	from := 0
	for {
		l, no := s.findLayout(from, min(from+headerWithin, s.g.Rows))
		if l == nil {
			if from == 0 {
				c := s.aside(no.why)
				c.account.Near = no.near
				chunks = append(chunks, c)
			}
			break
		}
		c, next, err := s.table(l)
		if err != nil {
			return nil, err
		}
		chunks = append(chunks, c)
		if next >= s.g.Rows || s.override != nil && s.override.HeaderRow > 0 {
			break
		}
		from = next
	}
	if d := s.hidden(); len(d) > 0 {
		chunks[0].doubts = append(d, chunks[0].doubts...)
	}
	for _, c := range chunks {
		sum := 0
		for _, n := range c.account.Bins {
			sum += n
		}
		if sum != c.account.Rows {
			return nil, fmt.Errorf("accounting for the rows of %s, sheet %q: %d rows but %d in bins; this is an error of the program", s.file, s.g.Name, c.account.Rows, sum)
		}
	}
	return chunks, nil
}

// hidden tells of hidden rows, columns and sheets, which are read like others.
func (s *sheetReader) hidden() []Doubt {
	var out []Doubt
	add := func(zh, en string, args ...any) {
		out = append(out, Doubt{File: s.file, Sheet: s.g.Name, Reason: s.lang.say(zh, en, args...)})
	}
	if s.g.State != "" {
		add("工作表已隐藏,已照常读取", "hidden sheet, read like any other")
	}
	if n := len(s.g.HiddenRows); n > 0 {
		add("有%d行被隐藏(首行为第%d行),已照常读取", "%d hidden rows (the first is row %d), read like any other", n, s.g.HiddenRows[0]+1)
	}
	if n := len(s.g.HiddenCols); n > 0 {
		add("有%d列被隐藏(首列为%s列),已照常读取", "%d hidden columns (the first is column %s), read like any other", n, columnName(s.g.HiddenCols[0]))
	}
	return out
}

// aside accounts for a sheet that holds no table. One that holds identity
// numbers and still is none is rejected, row by row, for somebody to look at.
func (s *sheetReader) aside(why string) *chunk {
	near := why != ""
	if !near {
		why = s.lang.say("未找到任何一种表的表头", "no header of any table found")
	}
	c := &chunk{account: Sheet{File: s.file, Sheet: s.g.Name, Reason: why, Near: near, Rows: s.g.Rows, Bins: map[Bin]int{}, Inherited: map[string]string{}}}
	if l := s.near; l != nil {
		c.account.Nearest, c.account.HeaderRow, c.account.HeaderRows, c.account.Columns = l.schema.Name, l.head+1, l.depth, l.uses
	}
	people := 0
	for r := range s.g.Rows {
		people += s.idsIn(r)
	}
	for r := range s.g.Rows {
		switch {
		case s.blankRow(r):
			c.account.Bins[BlankRow]++
		case people >= 3:
			c.account.Bins[Rejected]++
			c.rejects = append(c.rejects, s.reject(r, why))
		default:
			c.account.Bins[Note]++
		}
	}
	if people >= 3 {
		c.rejects = append([]Reject{{File: s.file, Sheet: s.g.Name, Reason: s.lang.both([]string{why, s.lang.say("表中有身份证号,请用对照文件指明表头", "it holds ID numbers: name its header in a mapping file")})}}, c.rejects...)
	}
	if s.g.Rows == c.account.Bins[BlankRow] {
		c.account.Reason = s.lang.say("空表", "empty sheet")
	}
	return c
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

func (s *sheetReader) blankRow(r int) bool {
	for c := range s.g.Cols {
		cell := s.g.At(r, c)
		if cell != sheet.Blank && (cell.Kind() != sheet.KindText || trim(s.in.text(cell.Index())) != "") {
			return false
		}
	}
	return true
}

// reject keeps a row as it is written.
func (s *sheetReader) reject(r int, why string) Reject {
	cells := make([]string, len(s.g.Cols))
	for c := range cells {
		cells[c] = s.g.Text(r, c)
	}
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	return Reject{File: s.file, Sheet: s.g.Name, Row: r + 1, Reason: why, Cells: cells}
}

// column returns column c, as long as the grid has rows.
func (s *sheetReader) column(c int) []sheet.Cell {
	if c < 0 {
		c = -1
	} else if col := s.g.Cols[c]; len(col) >= s.g.Rows {
		return col[:s.g.Rows]
	}
	col, ok := s.padded[c]
	if !ok {
		col = make([]sheet.Cell, s.g.Rows)
		if c >= 0 {
			copy(col, s.g.Cols[c])
		}
		s.padded[c] = col
	}
	return col
}

// A sorter puts the rows of one table into bins.
type sorter struct {
	*sheetReader
	l        *layout
	cells    map[int][]sheet.Cell // columns with merged and block cells filled down
	bins     []Bin                // of rows l.from..end-1
	end      int
	headings []block
	totals   []int // rows
	rejects  []Reject
	inMerge  map[[2]int]bool // cells that a merge from above covers

	// Sums of the main money column over the loaded rows before row summed.
	summed, sumRows  int
	allSum, blockSum int64
}

// A block is a heading inside the table that says something of the rows below.
type block struct {
	row  int
	says map[string]string
}

// table reads the table of l and returns the row where what follows begins.
func (s *sheetReader) table(l *layout) (*chunk, int, error) {
	t := &sorter{sheetReader: s, l: l, end: s.g.Rows}
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
		bin, stop := t.sort(r)
		if stop > 0 {
			t.end = stop
			break
		}
		t.bins[r-l.from] = bin
	}
	t.rejects = slices.DeleteFunc(t.rejects, func(r Reject) bool { return r.Row > t.end })
	t.totals = slices.DeleteFunc(t.totals, func(r int) bool { return r >= t.end })
	t.headings = slices.DeleteFunc(t.headings, func(b block) bool { return b.row >= t.end })
	c, err := t.build()
	return c, t.end, err
}

// aboveData bins a row above the first data row.
func (t *sorter) aboveData(r int) Bin {
	switch {
	case t.blankRow(r):
		return BlankRow
	case r < t.l.head && isNote(first(t.rowTexts(r))):
		return Note
	}
	return Header
}

// first returns the first text that is not "".
func first(texts []string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// cellsOf returns the cells of a column, filled down where that applies.
func (t *sorter) cellsOf(c int) []sheet.Cell {
	if f, ok := t.cells[c]; ok {
		return f
	}
	return t.column(c)
}

// blockFields are given once for a block of rows, from the widest.
var blockFields = []string{"county", "town", "village", "hamlet", "household_id", "head_name", "head_id", partHeadName, partHeadID}

// fillDown repeats merged cells over their rows, and the place or household that
// only the first row of a block names. A column whose filled cells repeat their
// neighbours is complete: its blanks are blanks.
func (t *sorter) fillDown() {
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
		last := sheet.Blank
		for r := l.data(); r < t.g.Rows; r++ {
			switch cell := col[r]; {
			case cell == sheet.Blank:
				if names[r] != sheet.Blank {
					blanks++
				}
			default:
				filled++
				if cell == last {
					repeats++
				}
				last = cell
			}
		}
		if blanks == 0 || filled == 0 || repeats > blanks/4 || 2*blanks < filled {
			continue
		}
		col = copyOf(c)
		last = sheet.Blank
		for r := l.data(); r < t.g.Rows; r++ {
			if col[r] != sheet.Blank {
				last = col[r]
			} else if names[r] != sheet.Blank {
				col[r] = last
			}
		}
	}
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
func (t *sorter) nameColumn() int {
	for _, f := range []string{"beneficiary_name", "member_name", "person_name", "name", "to_unit", "about", "account", "unit", "fund_no"} {
		if c := t.l.col(f, 0); c >= 0 {
			return c
		}
	}
	return -1
}

// must returns the required columns, the alternatives of one requirement
// together.
func (t *sorter) must() [][]mustHave {
	var out [][]mustHave
	l := t.l
	for _, f := range l.schema.Fields {
		if !f.Required {
			continue
		}
		if c := l.col(f.Name, 0); c >= 0 {
			out = append(out, []mustHave{{f, c, t.lang.field(f)}})
		}
	}
	either := func(a, b, field string) {
		var alt []mustHave
		for _, name := range []string{a, b} {
			if c := l.col(name, 0); c >= 0 {
				f := l.schema.Fields[l.schema.Field(field)]
				alt = append(alt, mustHave{f, c, t.lang.say("%s", "%q", l.heads[c].text)})
			}
		}
		if alt != nil {
			out = append(out, alt)
		}
	}
	switch {
	case l.schema == table.Flow:
		either("sent_amount", "received_amount", "sent_amount")
	case l.schema == table.BankEntry && l.cols["amount"] == nil:
		either(partIn, partOut, "amount")
	}
	return out
}

// wantsMoney reports whether a row without an amount is no row of the table.
func (t *sorter) wantsMoney() bool {
	return slices.ContainsFunc(t.must(), func(alt []mustHave) bool { return alt[0].field.Type == table.Money })
}

type mustHave struct {
	field  table.Field
	col    int
	called string // in reasons
}

// clean finds the rows that are data beyond doubt: everything the table must
// have is there and readable, and no label stands in its place. It takes a few
// nanoseconds a row; the others go through sort.
func (t *sorter) clean() []bool {
	n := t.g.Rows - t.l.data()
	ok := make([]bool, n)
	if t.l.groups > 1 || n == 0 {
		return ok
	}
	for i := range ok {
		ok[i] = true
	}
	memo := make([]uint8, len(t.in.same))
	for _, alt := range t.must() {
		if len(alt) > 1 {
			one := make([]bool, n)
			for _, m := range alt {
				part := make([]bool, n)
				for i := range part {
					part[i] = true
				}
				t.check(m, part, memo)
				for i := range one {
					one[i] = one[i] || part[i]
				}
			}
			for i := range ok {
				ok[i] = ok[i] && one[i]
			}
			continue
		}
		t.check(alt[0], ok, memo)
	}
	return ok
}

// check clears ok where column m is not clean.
func (t *sorter) check(m mustHave, ok []bool, memo []uint8) {
	const good, bad = 1, 2
	clear(memo)
	cells := t.cellsOf(m.col)[t.l.data():]
	header := t.l.heads[m.col].text
	isName := strings.HasSuffix(m.field.Name, "name")
	for i, c := range cells {
		switch c.Kind() {
		case sheet.KindText:
			at := c.Index()
			k := memo[at]
			if k == 0 {
				k = bad
				switch m.field.Type {
				case table.Money:
					if _, _, err := t.money(c, 0); err == nil {
						k = good
					}
				case table.Date:
					if _, err := t.date(c); err == nil {
						k = good
					}
				default:
					if s := t.in.text(at); s != header && !suspect(s, isName) {
						k = good
					}
				}
				memo[at] = k
			}
			ok[i] = ok[i] && k == good
		case sheet.KindNumber:
			ok[i] = ok[i] && (m.field.Type == table.Money || m.field.Type == table.Text && !isName)
		case sheet.KindDate:
			ok[i] = ok[i] && m.field.Type == table.Date
		default:
			ok[i] = false
		}
	}
}

// suspect reports whether a text that names somebody or something may be a
// label, a note or a header instead.
func suspect(s string, isName bool) bool {
	if isName && len(s) <= 15 && len(s) >= 6 { // the ordinary name: two to five characters
		for _, r := range s {
			if r < 0x80 || r == '计' || r == '注' || r == '表' || r == '核' || r == '章' || r == '字' || r == '报' || r == '责' {
				return true
			}
		}
		return words.any[s]
	}
	t := trim(s)
	if digits(t) && !isName {
		return false
	}
	return t == "" || isName && strings.ContainsAny(t, "0123456789::") || isTotal(t) || isNote(t) || words.any[headerForm(t)]
}

var (
	totalWords = []string{"合计", "小计", "总计", "共计", "累计", "总合计", "合共", "本页计", "总数"}
	countOnly  = regexp.MustCompile(`^(共|计|总共|合)*\d+(人|户|人次|笔|条)([,;]?\d+(人|户|人次|笔|条))*$`)
	// The words of signature lines.
	signWords = []string{"制表", "审核", "复核", "填报", "填表", "负责人", "经办人", "经手人", "签字", "签章", "签名", "盖章", "公章", "会计", "出纳", "审批人", "主管领导", "分管领导", "领导:", "报送", "日期:", "时间:", "联系人", "联系电话:", "电话:", "公示时间", "公示期", "村主任", "支书", "打印"}
	// What a book carries over from one page, month or year to the next.
	carried    = regexp.MustCompile(`^(上年|上月|上期|年初|月初|期初|本年|本月|期末|年末|月末)(结转|结余|余额|余额结转)(数|额|余额|资金)?$|^(结转|转)(下年|下月|下页)$|^(承前|承上|过次)页$`)
	notePrefix = regexp.MustCompile(`^(注|备注|说明|填表说明|填报说明|附注|注意|备 注|附)\d?[:.]|^(注|说明)[:(]|^以下空白|^此表|^本表`)
)

// A runeSet is characters below U+10000. Asking whether a text has one of them
// is much cheaper than looking for words, and nearly every cell has none.
type runeSet [1 << 10]uint64

func newRuneSet(words ...string) *runeSet {
	s := new(runeSet)
	for _, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		s[r>>6] |= 1 << (r & 63)
	}
	return s
}

// in reports whether t has a character of the set.
func (s *runeSet) in(t string) bool {
	for _, r := range t {
		if r < 1<<16 && s[r>>6]&(1<<(r&63)) != 0 {
			return true
		}
	}
	return false
}

// Every note or sign word has one of the first, most as its beginning; every total has one of
// the second.
var (
	noteMarks  = newRuneSet(append([]string{"注", "备", "说", "填", "附", "此", "本", "以", "第", "结", "余", "页"}, signWords...)...)
	totalMarks = newRuneSet("计", "共", "总", "人", "户", "笔", "条")
)

// isTotal reports whether a text is the label of a total or subtotal.
func isTotal(t string) bool {
	if len(t) > 90 || !totalMarks.in(t) {
		return false
	}
	t = plain(t)
	for _, w := range totalWords {
		if strings.Contains(t, w) {
			return utf8.RuneCountInString(t) <= 24
		}
	}
	return len(t) < 60 && strings.ContainsAny(t, "人户笔条") && countOnly.MatchString(t)
}

// isNote reports whether a text is a note or a line of signatures.
func isNote(t string) bool {
	if !noteMarks.in(t) {
		return false
	}
	t = plain(t)
	if t == "" || digits(t) {
		return false
	}
	if r, _ := utf8.DecodeRuneInString(t); strings.ContainsRune("注备说填附此本以", r) && notePrefix.MatchString(t) {
		return true
	}
	if carried.MatchString(t) {
		return true
	}
	if !strings.Contains(t, ":") && utf8.RuneCountInString(t) > 12 {
		return false
	}
	return containsAny(t, signWords) || strings.HasPrefix(t, "第") && strings.HasSuffix(t, "页")
}

// sort bins a row that is not clean. stop, where not 0, is the row at which the
// next table begins.
func (t *sorter) sort(r int) (bin Bin, stop int) {
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
		t.totals = append(t.totals, r)
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
		t.totals = append(t.totals, r)
		return Total, 0
	}
	t.rejects = append(t.rejects, t.reject(r, why))
	return Rejected, 0
}

// repeatsHeader reports whether a row says again what the header says.
func (t *sorter) repeatsHeader(texts []string) bool {
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
func (t *sorter) person(r int) bool {
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
			if n := utf8.RuneCountInString(v); n >= 2 && n <= 4 && surnamed(v) && !isTotal(v) && !isNote(v) && !words.any[v] && placesIn(v) == (places{}) {
				return true
			}
		}
	}
	return false
}

// nextTable looks at a row of header words: it returns the row at which another
// table begins (its titles included), -1 for this table's header in other words,
// 0 for no header.
func (t *sorter) nextTable(r int) int {
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
	if l.schema == t.l.schema && sameColumns(l.cols, t.l.cols) && l.unit == t.l.unit {
		return -1
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

// lacking tells what a line lacks to be one of the table; "" for nothing.
func (t *sorter) lacking(r, group int) string {
	l := t.l
	var bad []string
	blank := t.lang.say("为空", " is empty")
	try := func(f table.Field, name string, c int) string {
		cell := t.cellsOf(c)[r]
		text := ""
		if cell != sheet.Blank {
			text = unwrap(t.g.Format(cell))
		}
		if text == "" {
			return name + blank
		}
		switch f.Type {
		case table.Money:
			if _, _, err := t.money(cell, l.power(c)); err != nil {
				if err == errBlank {
					return name + blank
				}
				return t.lang.say("%s%q%s", "%s %q %s", name, text, t.lang.trouble(err))
			}
		case table.Date:
			if _, err := t.date(cell); err != nil && err != errMonthOnly {
				return t.lang.say("%s%q%s", "%s %q %s", name, text, t.lang.trouble(err))
			}
		default:
			if cell.Kind() == sheet.KindError {
				return t.lang.say("%s为错误值%q", "%s is the error value %q", name, text)
			}
			if strings.HasSuffix(f.Name, "name") && (isTotal(text) || cell.Kind() != sheet.KindText) {
				return t.lang.say("%s%q不是姓名", "%s %q is not a name", name, text)
			}
		}
		return ""
	}
	for _, f := range l.schema.Fields {
		if c := l.col(f.Name, group); f.Required && (c >= 0 || len(l.cols[f.Name]) > 0) {
			name := t.lang.field(f)
			if c < 0 {
				bad = append(bad, name+blank)
			} else if why := try(f, name, c); why != "" {
				if f.Type == table.Money && t.inMerge[[2]int{r, c}] {
					why = t.lang.say("%s与上一行合并,金额已计入该行", "%s is merged with the row above, where it counts", name)
				}
				bad = append(bad, why)
			}
		}
	}
	for _, alt := range t.must() {
		if len(alt) < 2 && l.col(alt[0].field.Name, 0) == alt[0].col && alt[0].field.Required {
			continue
		}
		var why []string
		for _, m := range alt {
			w := try(m.field, m.called, m.col)
			if w == "" {
				why = nil
				break
			}
			why = append(why, w)
		}
		bad = append(bad, why...)
	}
	return t.lang.both(bad)
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
func (t *sorter) single(r, c int, text string) (Bin, bool) {
	if t.g.At(r, c).Kind() != sheet.KindText || digits(plain(text)) {
		if t.l.uses[c].Field == "" {
			return BlankRow, true
		}
		return "", false
	}
	says := (&setting{titles: []string{text}, policy: t.policy}).inherited(t.l.schema, t.l.lacks)
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
func (t *sorter) unlabelledTotal(r int) bool {
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
