package generate

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"fundtrace/pipeline/generate/xlsxwrite"
	"fundtrace/pipeline/table"
)

// A scribe is the clerk who fills in one file: habits that last for the file,
// and now and then a slip.
type scribe struct {
	rand    *rand.Rand
	slips   float64 // share of cells
	format  format
	dates   int  // which way dates are written
	periods int  // which way periods are written
	heads   int  // which of the words for a column
	guard   bool // ID numbers as ="..." in text files
}

// scribe returns the clerk of a file.
func (w *world) scribe(as format, file string) *scribe {
	r := w.rand("scribe " + file)
	return &scribe{rand: r, slips: w.opt.Dirt, format: as, dates: r.IntN(7), periods: r.IntN(5), heads: r.IntN(60), guard: as.isText() && r.IntN(3) == 0}
}

func (s *scribe) slip() bool { return s.rand.Float64() < s.slips }

// word returns the file's word for a column.
func (s *scribe) word(words []string) string { return words[s.heads%len(words)] }

// id writes an ID number.
func (s *scribe) id(p *person) cell {
	switch {
	case p.written == clean:
		return s.number(p.id)
	case p.written == rounded:
		return s.rounded(p.id)
	case !s.slip():
		return s.number(p.id)
	}
	id := p.id
	switch s.rand.IntN(9) {
	case 0:
		return s.number(strings.ToLower(id))
	case 1:
		return s.number(id[:6] + " " + id[6:14] + " " + id[14:])
	case 2:
		return s.number(fullWidth(id))
	case 3:
		if id[6:8] == "19" {
			return s.number(id[:6] + id[8:17]) // the form before 1999
		}
	case 4:
		return s.number("'" + id)
	case 5:
		return s.number(id + "\t")
	case 6:
		if id[17] != 'X' {
			return s.rounded(id)
		}
	case 7:
		return str("")
	}
	return s.number(" " + id)
}

// number writes digits that must stay text.
func (s *scribe) number(digits string) cell {
	if s.guard && !strings.ContainsAny(digits, "'\t ") {
		return str(`="` + digits + `"`)
	}
	return str(digits)
}

// rounded writes an ID number as a spreadsheet keeps it that took it for a
// number, and saves it to a text file: 15 digits.
func (s *scribe) rounded(id string) cell { return decimal(id[:1] + "." + id[1:15] + "E+17") }

func fullWidth(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f {
			return r + 0xfee0
		}
		return r
	}, s)
}

// name writes a person's name.
func (s *scribe) name(name string) cell {
	if r := []rune(name); s.slip() && len(r) == 2 {
		return str(string(r[0]) + []string{" ", "  ", "　"}[s.rand.IntN(3)] + string(r[1]))
	}
	return str(name)
}

// yuan writes an amount in yuan.
func (s *scribe) yuan(f table.Fen) cell {
	if f < 0 || !s.slip() {
		return yuan(f)
	}
	switch s.rand.IntN(3) {
	case 0:
		return str(thousands(f))
	case 1:
		return str(fullWidth(f.String()))
	}
	return str(f.String())
}

// thousands writes an amount with separators: 12,345.60.
func thousands(f table.Fen) string {
	s := f.String()
	for i := len(s) - 6; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// date writes a date.
func (s *scribe) date(d table.Day) cell {
	if d == 0 {
		return str("")
	}
	y, m, day := d.Date()
	switch s.dates {
	case 0:
		return str(fmt.Sprintf("%d.%02d.%02d", y, m, day))
	case 1:
		return str(fmt.Sprintf("%d年%d月%d日", y, m, day))
	case 2:
		return str(fmt.Sprintf("%d%02d%02d", y, m, day))
	case 3:
		return str(fmt.Sprintf("%d/%d/%d", y, m, day))
	case 4:
		return str(d.String())
	}
	return date(d)
}

// period writes a period of a year or quarter.
func (s *scribe) period(p table.Period) cell {
	if p.Months() == 12 {
		return str(fmt.Sprintf([]string{"%d", "%d年", "%d年度"}[s.periods%3], p.Year()))
	}
	switch s.periods {
	case 0:
		return str(p.String())
	case 1:
		return str(fmt.Sprintf("%d年%d-%d月", p.Year(), p.From()%12+1, p.To()%12+1))
	case 2:
		return str(fmt.Sprintf("%d年%d季度", p.Year(), p.From()%12/3+1))
	}
	return str(periodWords(p))
}

// quantity writes a quantity as a number.
func quantity(q table.Quantity) cell { return decimal(q.String()) }

// centred returns the cell in the middle of its column.
func (c cell) centred() cell {
	c.style = xlsxwrite.Centre
	return c
}

// otherBrackets writes a fund number as a keyboard has it.
func otherBrackets(fund string) string {
	return strings.NewReplacer("〔", "[", "〕", "]").Replace(fund)
}
