package intake

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

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

// A totalRow is a row of totals, or the part of one that is of one of the tables
// side by side.
type totalRow struct {
	row   int
	group int // -1 for all
	label string
	sub   bool // a subtotal, by its label
}

// addTotal notes a row of totals; group is -1 for all.
func (t *binner) addTotal(r, group int, label string) {
	t.totals = append(t.totals, totalRow{r, group, label, subtotal.MatchString(plain(label))})
}

// totalsOf returns the totals of one of the groups abreast.
func (t *binner) totalsOf(group int) []totalRow {
	return slices.DeleteFunc(slices.Clone(t.totals), func(k totalRow) bool { return k.group >= 0 && k.group != group })
}

// checkTotals compares each total and subtotal with the rows it covers, rejected
// ones included where their amount can be read: the sheet is taken at its word.
func (t *binner) checkTotals(c *chunk) {
	for _, field := range addedUp {
		if t.l.schema.Field(field) < 0 {
			continue
		}
		cols := t.l.cols[field]
		for g, col := range cols {
			if col < 0 {
				continue
			}
			totals, list := t.totalsOf(g), t.addends(c, field, g)
			for k, total := range totals {
				stated, place, ok := t.stated(total, field, col)
				if !ok {
					continue
				}
				what, computed := t.covered(list, totals, k, stated)
				if len(cols) > 1 && stated != computed.fen && t.alone(total.row, cols, g) {
					what, computed = t.covered(t.addends(c, field, -1), totals, k, stated)
				}
				t.compare(c, field, col, total, what, stated, place, computed)
			}
		}
	}
	slices.SortStableFunc(c.account.Totals, func(a, b TotalCheck) int { return cmp.Compare(a.Row, b.Row) })
}

// compare notes a stated total beside the sum of its rows.
func (t *binner) compare(c *chunk, field string, col int, total totalRow, what string, stated, place int64, computed sum) {
	s := statement{row: total.row + 1, what: what, column: t.l.heads[col].Text, label: total.label, stated: stated, computed: computed.fen}
	if computed.unknown > 0 && computed.fen != stated {
		c.doubts = append(c.doubts, t.doubtOf(total.row, field, t.g.Text(total.row, col), t.lang.say("所含%d行金额未知,合计未核对", "not checked: the amounts of %d of its rows are not known", computed.unknown)))
		s.computed = table.Null
	} else {
		s.rounding = rounding(computed.fen, place)
		c.account.Totals = append(c.account.Totals, TotalCheck{Row: s.row, Column: s.column, StatedFen: stated, ComputedFen: computed.fen, Agrees: max(stated-computed.fen, computed.fen-stated) <= s.rounding})
	}
	c.statements = append(c.statements, s)
}

// stated reads what a row of totals states of a column, and what its last decimal
// is worth: in the column's own cell, or in words, 合计：40人，38400.00元.
func (t *binner) stated(total totalRow, field string, col int) (fen, place int64, ok bool) {
	cell := t.g.At(total.row, col)
	if v, _, err := t.money(cell, t.l.power(col)); err == nil {
		return v, t.place(cell, t.l.power(col)), true
	}
	if field != t.l.schema.Money {
		return 0, 0, false
	}
	v, ok := sumIn(total.label)
	return v, 1, ok
}

var sumInWords = regexp.MustCompile(`(\d[\d,]*(?:\.\d{1,2})?)(万?元)`)

// sumIn returns the one sum of money that a label names.
func sumIn(label string) (fen int64, ok bool) {
	all := sumInWords.FindAllString(plain(label), -1)
	if len(all) != 1 {
		return 0, false
	}
	n, err := parseNumber(all[0])
	if err != nil {
		return 0, false
	}
	fen, _, err = fenOf(n.value, n.unit)
	return fen, err == nil
}

// alone reports whether of the columns of one field, one of each group, only that
// of group g holds something in row r.
func (t *binner) alone(r int, cols []int, g int) bool {
	for other, c := range cols {
		if other != g && c >= 0 && trim(t.g.Text(r, c)) != "" {
			return false
		}
	}
	return true
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

// addends lists what each row adds to the column of one of the groups abreast, or
// of all, -1, in the order of rows.
func (t *binner) addends(c *chunk, field string, group int) []addend {
	var list []addend
	for i, v := range c.table.Ints(field) {
		if group >= 0 && c.group != nil && int(c.group[i]) != group {
			continue
		}
		if r := int(c.rows[i]) - 1; v != table.Null {
			list = append(list, addend{row: r, fen: v})
		} else if t.unreadable(field, r) {
			list = append(list, addend{row: r, unknown: true})
		}
	}
	for _, rej := range t.rejects {
		for g, col := range t.l.cols[field] {
			if group >= 0 && g != group && len(t.l.cols[field]) > 1 {
				continue
			}
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

// covered returns the sum that total k states: of its block for a subtotal, of all
// rows otherwise. What a label means differs from office to office (合计 under
// every village, 累计 at the foot of every page), so a sum that agrees settles it.
func (t *binner) covered(list []addend, totals []totalRow, k int, stated int64) (what string, of sum) {
	r := totals[k].row
	start, end := t.l.data()-1, t.end
	before, after := start, end
	if k > 0 {
		before = totals[k-1].row
	}
	if k+1 < len(totals) {
		after = totals[k+1].row
	}
	grand := start // the last total before that is no subtotal
	for q := k - 1; q >= 0; q-- {
		if !totals[q].sub {
			grand = totals[q].row
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
	atTop := len(list) == 0 || list[0].row > totals[0].row && (k == 0 || totals[k].sub)
	what, of = "total", all
	switch {
	case totals[k].sub && atTop:
		what, of = "subtotal", below
	case totals[k].sub:
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
