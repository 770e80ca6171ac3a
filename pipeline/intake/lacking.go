package intake

import (
	"slices"
	"strings"

	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
)

type mustHave struct {
	field  table.Field
	col    int
	called string // in reasons
}

// must returns the required columns, the alternatives of one requirement
// together.
func (t *binner) must() [][]mustHave {
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
				alt = append(alt, mustHave{f, c, t.lang.say("%s", "%q", l.heads[c].Text)})
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
func (t *binner) wantsMoney() bool {
	return slices.ContainsFunc(t.must(), func(alt []mustHave) bool { return alt[0].field.Type == table.Money })
}

// clean finds the rows that are data beyond doubt: everything the table must
// have is there and readable, and no label stands in its place. It takes a few
// nanoseconds a row; the others go through bin.
func (t *binner) clean() []bool {
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
func (t *binner) check(m mustHave, ok []bool, memo []uint8) {
	const good, bad = 1, 2
	clear(memo)
	cells := t.cellsOf(m.col)[t.l.data():]
	header := t.l.heads[m.col].Text
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

// lacking tells what a line lacks to be one of the table; "" for nothing.
func (t *binner) lacking(r, group int) string {
	l := t.l
	var bad []string
	blank := t.lang.say("为空", " is empty")
	try := func(f table.Field, name string, c int) string {
		cell := t.cellsOf(c)[r]
		text := ""
		if cell != sheet.Blank {
			text = unwrap(t.g.Format(cell))
		}
		switch {
		case text == "":
			return name + blank
		case t.pending(cell):
			return name + t.lang.say("", " ") + t.lang.trouble(errFormula)
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
			if _, err := t.date(cell); !isDay(err) || err == errYearless && t.year == 0 {
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
