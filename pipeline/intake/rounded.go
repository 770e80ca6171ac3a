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

// left counts the digits that scientific notation keeps: six of 4.59901E+17.
func left(t string) int {
	n := 0
	for _, r := range strings.TrimLeft(t, "0.") {
		if r == 'E' || r == 'e' {
			break
		}
		if r != '.' {
			n++
		}
	}
	return min(n, 15)
}

// marks are the fields of each line whose number is not whole.
type marks []string

func (k *marks) add(lines, i int, field string, left int) {
	if *k == nil {
		*k = make(marks, lines)
	}
	m := &(*k)[i]
	if *m != "" {
		*m += ","
	}
	*m += table.Mark(field, left)
}

// longNumbers marks the lines whose ID a spreadsheet holds as a number, or wrote
// to a text file as one, and lost digits of; and those of which an office hid a
// part.
func (m *filler) longNumbers(f table.Field, cells []sheet.Cell, w *table.Words) {
	science, hidden := map[uint32]int{}, map[uint32]int{} // code → digits left
	for code, s := range w.Dict {
		if digits(s) || len(s) == 18 && digits(s[:17]) { // the ordinary one
			continue
		}
		if _, ok := scientific(s); ok && len(s) <= 24 {
			science[uint32(code)] = left(s)
		} else if mask, ok := idnum.Masked(s); ok {
			hidden[uint32(code)] = mask.Left
		}
	}
	for i, c := range cells {
		switch c.Kind() {
		case sheet.KindNumber:
			if _, lost := longNumber(c.Decimal()); lost {
				m.rounded.add(len(m.rows), i, f.Name, 15)
			}
		case sheet.KindText, sheet.KindRaw:
			if len(science)+len(hidden) == 0 {
				continue
			}
			if n, ok := science[w.Codes[i]]; ok {
				m.rounded.add(len(m.rows), i, f.Name, n)
			} else if n, ok := hidden[w.Codes[i]]; ok {
				m.masked.add(len(m.rows), i, f.Name, n)
			}
		}
	}
	if strings.HasSuffix(f.Name, "_id") {
		if zeroed := m.zeroed(w.Dict); zeroed != nil {
			for i, c := range cells {
				if c.Kind() == sheet.KindText && zeroed[w.Codes[i]] {
					m.rounded.add(len(m.rows), i, f.Name, 15)
				}
			}
		}
	}
	if len(science) > 0 {
		m.rewrite(w, func(s string) string {
			if v, ok := scientific(s); ok {
				return v.String()
			}
			return s
		})
	}
}

// several reports whether one cell holds the numbers of two people or more.
func several(s string) bool {
	if len(s) < 31 {
		return false
	}
	n := 0
	for _, part := range strings.FieldsFunc(plain(s), func(r rune) bool { return (r < '0' || r > '9') && r != 'X' }) {
		if _, err := idnum.Parse(part); err == nil {
			n++
		}
	}
	return n > 1
}

// severalIDs leaves out cells that hold the numbers of several people: whose the
// line is they do not say.
func (m *filler) severalIDs(f table.Field, cells []sheet.Cell, w *table.Words) {
	some := map[uint32]bool{}
	for code, s := range w.Dict {
		if several(s) {
			some[uint32(code)] = true
		}
	}
	if len(some) == 0 {
		return
	}
	for i, c := range cells {
		if k := w.Codes[i]; k != table.NullCode && some[k] {
			m.doubtCell(i, f.Name, c, errSeveral)
			w.Codes[i] = table.NullCode
		}
	}
}

// zeroed returns the codes of the identity numbers in dict that a spreadsheet
// rounded before they were written as text: 18 digits that end in 000, of a
// division and a birth date that exist, whose check digit does not follow. A
// number made up ends so once in a thousand times. Where two or more are half of
// the column's numbers, those whose check digit fits by chance, one in eleven,
// are rounded too.
func (m *filler) zeroed(dict []string) map[uint32]bool {
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
	if len(wrong) >= 2 && 2*len(wrong) >= all {
		wrong = append(wrong, right...)
	}
	zeroed := map[uint32]bool{}
	for _, code := range wrong {
		zeroed[code] = true
	}
	return zeroed
}
