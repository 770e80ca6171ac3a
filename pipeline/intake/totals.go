package intake

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
)

// addedUp are the money columns whose totals sheets state; incomes per head and
// standards are not added up.
var addedUp = []string{"amount", "sent_amount", "received_amount", "budget", "contract_amount"}

// addend is one row's share of a column's total.
type addend struct {
	row     int
	fen     int64
	unknown bool // it holds something that is no amount
}

// A sum is that of rows, of which some may be unknown.
type sum struct {
	fen     int64
	unknown int // rows
}

// checkTotals compares each total and subtotal with the rows it covers, rejected
// ones included where their amount can be read: the sheet is taken at its word.
func (t *binner) checkTotals(c *chunk) {
	if len(t.totals) == 0 {
		return
	}
	labels, sub := make([]string, len(t.totals)), make([]bool, len(t.totals))
	for k, r := range t.totals {
		labels[k] = t.totalLabel(r)
		sub[k] = subtotal.MatchString(plain(labels[k]))
	}
	for _, field := range addedUp {
		if t.l.schema.Field(field) < 0 || t.l.cols[field] == nil {
			continue
		}
		list := t.addends(c, field)
		for k, r := range t.totals {
			for _, col := range t.l.cols[field] {
				stated, _, err := t.money(t.g.At(r, col), t.l.power(col))
				if err != nil {
					continue
				}
				what, computed := t.covered(list, k, sub, stated)
				if computed.unknown > 0 && computed.fen != stated {
					c.doubts = append(c.doubts, t.doubtOf(r, field, t.g.Text(r, col), t.lang.say("所含%d行金额未知,合计未核对", "not checked: the amounts of %d of its rows are not known", computed.unknown)))
					c.statements = append(c.statements, statement{row: r + 1, what: what, column: t.l.heads[col].text, label: labels[k], stated: stated, computed: table.Null})
					break
				}
				header, off := t.l.heads[col].text, rounding(computed.fen, t.place(t.g.At(r, col), t.l.power(col)))
				c.account.Totals = append(c.account.Totals, TotalCheck{Row: r + 1, Column: header, StatedFen: stated, ComputedFen: computed.fen, Agrees: max(stated-computed.fen, computed.fen-stated) <= off})
				c.statements = append(c.statements, statement{row: r + 1, what: what, column: header, label: labels[k], stated: stated, computed: computed.fen, rounding: off})
				break
			}
		}
	}
	slices.SortStableFunc(c.account.Totals, func(a, b TotalCheck) int { return cmp.Compare(a.Row, b.Row) })
}

// rounding returns the fen by which a total whose last decimal place is worth so
// many fen may differ from its rows because they have more decimals: half of it.
func rounding(computed, place int64) int64 {
	if place <= 1 || computed%place == 0 {
		return 0
	}
	return place / 2
}

// place returns what the last decimal of an amount as it is written is worth, in
// fen: of 33.5 in a column of 万元 a thousand yuan.
func (t *binner) place(c sheet.Cell, power int) int64 {
	decimals := 0
	switch c.Kind() {
	case sheet.KindNumber:
		decimals = max(0, -c.Decimal().Exp)
	case sheet.KindText, sheet.KindRaw:
		s := unwrap(t.in.text(c.Index()))
		if n, err := parseNumber(s); err == nil && n.named {
			power = n.unit
		}
		if _, after, ok := strings.Cut(plain(s), "."); ok {
			for decimals < len(after) && after[decimals] >= '0' && after[decimals] <= '9' {
				decimals++
			}
		}
	}
	fen := int64(1)
	for range power + 2 - decimals {
		fen *= 10
	}
	return fen
}

// addends lists what each row adds to a column, in the order of rows.
func (t *binner) addends(c *chunk, field string) []addend {
	var list []addend
	for i, v := range c.table.Ints(field) {
		if r := int(c.rows[i]) - 1; v != table.Null {
			list = append(list, addend{row: r, fen: v})
		} else if t.unreadable(field, r) {
			list = append(list, addend{row: r, unknown: true})
		}
	}
	for _, rej := range t.rejects {
		for _, col := range t.l.cols[field] {
			if v, _, err := t.money(t.g.At(rej.Row-1, col), t.l.power(col)); err == nil {
				list = append(list, addend{row: rej.Row - 1, fen: v})
			} else if err != errBlank {
				list = append(list, addend{row: rej.Row - 1, unknown: true})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b addend) int { return cmp.Compare(a.row, b.row) })
	return list
}

// unreadable reports whether a row holds something in a money column that is no
// amount.
func (t *binner) unreadable(field string, r int) bool {
	return slices.ContainsFunc(t.l.cols[field], func(col int) bool {
		if col < 0 {
			return false
		}
		_, _, err := t.money(t.g.At(r, col), 0)
		return err != nil && err != errBlank
	})
}

// totalLabel returns the words by which a row is a total.
func (t *binner) totalLabel(r int) string {
	texts := t.rowTexts(r)
	for _, v := range texts {
		if isTotal(v) {
			return v
		}
	}
	return first(texts)
}

var subtotal = regexp.MustCompile(`小计|本页|页计`)

// covered returns the sum that total k states: of its block for a subtotal (sub
// tells which are), of all rows otherwise. What a label means differs from office to office (合计 under
// every village, 累计 at the foot of every page), so a sum that agrees settles it.
func (t *binner) covered(list []addend, k int, sub []bool, stated int64) (what string, of sum) {
	r := t.totals[k]
	start, end := t.l.data()-1, t.end
	before, after := start, end
	if k > 0 {
		before = t.totals[k-1]
	}
	if k+1 < len(t.totals) {
		after = t.totals[k+1]
	}
	grand := start // the last total before that is no subtotal
	for q := k - 1; q >= 0; q-- {
		if !sub[q] {
			grand = t.totals[q]
			break
		}
	}
	between := func(from, to int) sum {
		i, _ := slices.BinarySearchFunc(list, from+1, func(a addend, row int) int { return cmp.Compare(a.row, row) })
		var n sum
		for ; i < len(list) && list[i].row < to; i++ {
			n.fen += list[i].fen
			if list[i].unknown {
				n.unknown++
			}
		}
		return n
	}
	block, all, whole, below, since := between(before, r), between(start, r), between(start, end), between(r, after), between(grand, r)
	atTop := len(list) == 0 || list[0].row > t.totals[0] && (k == 0 || sub[k])
	what, of = "total", all
	switch {
	case sub[k] && atTop:
		what, of = "subtotal", below
	case sub[k]:
		what, of = "subtotal", block
	case atTop:
		of = whole
	}
	for _, s := range []sum{of, all, since, block, whole, below} {
		if s.fen == stated {
			return what, s
		}
	}
	return what, of
}

var (
	headCount = regexp.MustCompile(`(\d{1,8})(人|户)`)
	// Who signs is no head of the list: 经办人:2人签字.
	signers = regexp.MustCompile(`(经办|经手|制表|审核|复核|填报|填表|负责)人:?\d+人|\d+人(签|盖)`)
)

// countIn returns the heads or households that a text states, or 0.
func countIn(text, of string) int64 {
	text = signers.ReplaceAllString(strings.ReplaceAll(plain(text), ",", ""), "")
	for _, m := range headCount.FindAllStringSubmatchIndex(text, -1) {
		next, _ := utf8.DecodeRuneInString(text[m[1]:])
		if text[m[4]:m[5]] != of || strings.ContainsRune("次民均口以户月份", next) {
			continue
		}
		n, _ := strconv.ParseInt(text[m[2]:m[3]], 10, 64)
		return n
	}
	return 0
}

// checkHeads compares the head counts that titles, totals and footers state with
// the rows.
func (t *binner) checkHeads(c *chunk) {
	switch t.l.schema {
	case table.Payment, table.Member, table.Register:
	default:
		return
	}
	heads, households := c.heads()
	for r := t.l.from; r < t.end; r++ {
		bin := t.bins[r-t.l.from]
		if bin != Header && bin != Total && bin != Note || r >= t.l.head && r < t.l.data() {
			continue
		}
		for _, text := range t.rowTexts(r) {
			if len(text) > 150 {
				continue
			}
			if n := countIn(text, "人"); n > 0 {
				c.statements = append(c.statements, statement{row: r + 1, what: "headcount", label: text, stated: n, computed: t.headsFor(c, r, bin, n, heads)})
			} else if n := countIn(text, "户"); n > 0 && households > 0 && bin != Total {
				c.statements = append(c.statements, statement{row: r + 1, what: "headcount", label: text, stated: n, computed: households})
			}
		}
	}
}

// headsFor returns the rows that a head count in row r is about: for a subtotal
// those of its block where they agree, else all.
func (t *binner) headsFor(c *chunk, r int, bin Bin, stated, all int64) int64 {
	if bin != Total {
		return all
	}
	k := slices.Index(t.totals, r)
	before := t.l.data() - 1
	if k > 0 {
		before = t.totals[k-1]
	}
	count := func(from int) int64 { // rows after from and before r, both from 0
		lo, _ := slices.BinarySearch(c.rows, int32(from+2))
		hi, _ := slices.BinarySearch(c.rows, int32(r+1))
		n := int64(hi - lo)
		for _, rej := range c.rejects {
			if rej.Row-1 > from && rej.Row-1 < r {
				n++
			}
		}
		return n
	}
	block := count(before)
	if block == stated || subtotal.MatchString(plain(t.totalLabel(r))) {
		return block
	}
	if upTo := count(t.l.data() - 1); upTo > 0 {
		return upTo
	}
	return all
}

// heads counts the people a table lists, rejected rows among them, and its
// households where it numbers them.
func (c *chunk) heads() (people, households int64) {
	people = int64(c.table.Len() + len(c.rejects))
	if c.table.Has("household_id") {
		_, dict := c.table.Words("household_id")
		households = int64(len(dict))
	}
	return people, households
}

// fileHeads compares the head count in a file's name with the people of its
// tables; ok is false where the name states none.
func fileHeads(name string, chunks []*chunk) (s statement, at *chunk, ok bool) {
	n := countIn(name, "人")
	if n == 0 {
		return s, nil, false
	}
	var people int64
	for _, c := range chunks {
		if c.table == nil {
			continue
		}
		switch c.table.Schema() {
		case table.Payment, table.Member, table.Register:
			if at == nil {
				at = c
			}
			p, _ := c.heads()
			people += p
		}
	}
	if at == nil {
		return s, nil, false
	}
	return statement{row: at.account.HeaderRow, what: "headcount", label: name, stated: n, computed: people}, at, true
}

// statementTable makes table.Statement; source is each chunk's Source.
func statementTable(chunks []*chunk, source map[*chunk]int) (*table.Table, error) {
	b := table.NewBuilder(table.Statement)
	refs := b.Ints(table.RefColumn)
	text := func(name string) *table.Words { return b.Words(name) }
	key, of, what, column, label := text("sheet"), text("table"), text("what"), text("column"), text("label")
	stated, computed, rounding := b.Ints("stated"), b.Ints("computed"), b.Ints("rounding")
	heads, counted := b.Ints("stated_count"), b.Ints("computed_count")
	for _, c := range chunks {
		src, ok := source[c]
		if !ok {
			continue
		}
		called := c.called()
		list := slices.Clone(c.statements)
		slices.SortStableFunc(list, func(a, b statement) int { return cmp.Compare(a.row, b.row) })
		for _, s := range list {
			*refs = append(*refs, int64(table.NewRef(src, s.row)))
			key.Append(called)
			of.Append(c.account.Table)
			what.Append(s.what)
			column.Append(s.column)
			label.Append(s.label)
			money, count, off := []int64{s.stated, s.computed}, []int64{table.Null, table.Null}, s.rounding
			if s.what == "headcount" {
				money, count = count, money
			}
			if off == 0 {
				off = table.Null
			}
			*stated, *computed, *rounding = append(*stated, money[0]), append(*computed, money[1]), append(*rounding, off)
			*heads, *counted = append(*heads, count[0]), append(*counted, count[1])
		}
	}
	t, err := b.Build()
	if err != nil {
		return nil, fmt.Errorf("noting the totals that sheets state: %w", err)
	}
	return t, nil
}

// sheetKey is the key of a sheet: File!Sheet.
func sheetKey(s Sheet) string {
	if s.Sheet == "" {
		return s.File
	}
	return s.File + "!" + s.Sheet
}
