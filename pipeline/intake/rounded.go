package intake

import (
	"errors"
	"strings"

	"fundtrace/pipeline/idnum"
	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
)

// longNumber reads an ID or an account that a spreadsheet holds as a number:
// its digits, and whether some of them are lost, which they are past the
// fifteenth.
func longNumber(v sheet.Decimal) (text string, rounded bool) {
	text = v.String()
	return text, len(text) >= 16 && digits(text)
}

// scientific reads a number that a text file carries in scientific notation
// (4.59901E+17) and lost digits so.
func scientific(t string) (sheet.Decimal, bool) {
	if i := strings.IndexByte(t, '+'); i < 2 || t[i-1] != 'E' && t[i-1] != 'e' {
		return sheet.Decimal{}, false
	}
	v, ok := sheet.ParseDecimal([]byte(t))
	return v, ok && v.Exp >= 0
}

// longNumbers marks the lines whose ID a spreadsheet holds as a number, or wrote
// to a text file as one, and lost digits of.
func (m *filler) longNumbers(f table.Field, cells []sheet.Cell, w *table.Words) {
	mark := func(i int) {
		if m.rounded == nil {
			m.rounded = make([]string, len(m.rows))
		}
		if m.rounded[i] != "" {
			m.rounded[i] += ","
		}
		m.rounded[i] += f.Name
	}
	var science map[uint32]bool
	lostAny := false
	for code, s := range w.Dict {
		if len(s) <= 24 {
			if _, ok := scientific(s); ok {
				if science == nil {
					science = map[uint32]bool{}
				}
				science[uint32(code)] = true
			}
		}
	}
	for i, c := range cells {
		switch c.Kind() {
		case sheet.KindNumber:
			if _, lost := longNumber(c.Decimal()); lost {
				lostAny = true
				mark(i)
			}
		case sheet.KindText, sheet.KindRaw:
			if science != nil && science[w.Codes[i]] {
				mark(i)
			}
		}
	}
	if strings.HasSuffix(f.Name, "_id") {
		if zeroed := m.zeroed(w.Dict, lostAny || science != nil); zeroed != nil {
			for i, c := range cells {
				if c.Kind() == sheet.KindText && zeroed[w.Codes[i]] {
					mark(i)
				}
			}
		}
	}
	if science != nil {
		m.rewrite(w, func(s string) string {
			if v, ok := scientific(s); ok {
				return v.String()
			}
			return s
		})
	}
}

// zeroed returns the codes of the identity numbers in dict that a spreadsheet
// rounded before they were written as text: 18 digits that end in 000, of a
// division and a birth date that exist, whose check digit does not follow. One
// such number is as likely made up, and stays to be judged by the rules. Three,
// or two that are half of the column's numbers, show a column that went through
// a spreadsheet, as do numbers that lost digits in plain sight. Where they are
// half, those whose check digit fits by chance, one in eleven, are rounded too.
func (m *filler) zeroed(dict []string, plainly bool) map[uint32]bool {
	var wrong, right []uint32
	for code, s := range dict {
		n := idnum.Clean(s)
		if !strings.HasSuffix(n, "000") {
			continue
		}
		_, err := idnum.Parse(n)
		var fault *idnum.Error
		switch {
		case len(n) != 18:
		case err == nil:
			right = append(right, uint32(code))
		case errors.As(err, &fault) && fault.Part == idnum.CheckDigit && (idnum.Assigned(n[:6]) || m.policy.Regions[n[:6]] != ""):
			wrong = append(wrong, uint32(code))
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	all := 0
	for _, s := range dict {
		if n := idnum.Clean(s); len(n) == 18 && digits(n[:17]) {
			all++
		}
	}
	half := len(wrong) >= 2 && 2*len(wrong) >= all
	if !plainly && len(wrong) < 3 && !half {
		return nil
	}
	if half {
		wrong = append(wrong, right...)
	}
	zeroed := map[uint32]bool{}
	for _, code := range wrong {
		zeroed[code] = true
	}
	return zeroed
}
