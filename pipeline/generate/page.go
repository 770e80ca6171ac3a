package generate

import (
	"fmt"
	"strings"

	"fundtrace/pipeline/generate/xlsxwrite"
	"fundtrace/pipeline/table"
)

// A head is one column's heading: its word, the word above it in a two-row
// header ("" where it spans both), and the column's width in characters.
type head struct {
	word   string
	group  string
	width  float64
	hidden bool
}

// headings reads headings with their widths: 姓名=10, or 收入/工资性收入=12 for one
// under another.
func headings(spec string) (out []head) {
	for _, f := range strings.Fields(spec) {
		word, width, _ := strings.Cut(f, "=")
		h := head{word: word}
		if group, under, ok := strings.Cut(word, "/"); ok {
			h.group, h.word = group, under
		}
		fmt.Sscan(width, &h.width)
		out = append(out, h)
	}
	return out
}

// A page is one sheet being written, from its title to its signatures, and
// remembers which row comes next. Rows are indexes.
type page struct {
	out   book
	heads []head
	next  int
}

// newPage begins a sheet.
func newPage(out book, name string, heads []head) *page {
	out.sheet(name, heads)
	return &page{out: out, heads: heads}
}

func (p *page) row(cells ...cell) {
	p.out.row(cells)
	p.next++
}

// opening writes what stands above the header: the title over the sheet's
// whole width, and under it who filled it in on the left, the unit of money on
// the right; some clerks add the annex's number above or blank rows between.
func (p *page) opening(s *scribe, title, left, right string) {
	if title == "" {
		return
	}
	habit := s.heads % 4
	if habit == 1 {
		p.sign("附件" + string("123"[s.heads%3]) + ":")
	}
	p.out.merge(p.next, 0, p.next, len(p.heads)-1)
	p.row(cell{kind: textCell, text: title, style: xlsxwrite.Title})
	if habit == 2 {
		p.blank()
		p.blank()
	}
	if left == "" && right == "" {
		return
	}
	cells := make([]cell, max(len(p.heads), 2))
	cells[0] = cell{kind: textCell, text: left, style: xlsxwrite.Note}
	if right != "" {
		cells[max(len(cells)-2, 1)] = cell{kind: textCell, text: right, style: xlsxwrite.Note}
	}
	p.row(cells...)
	if habit == 3 {
		p.blank()
	}
}

func (p *page) blank() { p.row() }

// header writes the column headings, on two rows where any has a group.
func (p *page) header() {
	top, bottom := make([]cell, len(p.heads)), make([]cell, len(p.heads))
	two := false
	for i, h := range p.heads {
		top[i] = cell{kind: textCell, text: h.word, style: xlsxwrite.Head}
		bottom[i] = cell{style: xlsxwrite.Head}
		if h.group != "" {
			two = true
			top[i].text, bottom[i] = h.group, cell{kind: textCell, text: h.word, style: xlsxwrite.Head}
		}
	}
	if !two {
		p.row(top...)
		return
	}
	for i := 0; i < len(p.heads); {
		j := i + 1
		for j < len(p.heads) && p.heads[i].group != "" && p.heads[j].group == p.heads[i].group {
			top[j].kind, top[j].text = blankCell, ""
			j++
		}
		switch {
		case p.heads[i].group == "":
			p.out.merge(p.next, i, p.next+1, i)
		case j > i+1:
			p.out.merge(p.next, i, p.next, j-1)
		}
		i = j
	}
	p.row(top...)
	p.row(bottom...)
}

// total writes a total or subtotal: a label in the first column and money, in
// the unit that write writes, in one other.
func (p *page) total(label string, col int, sum table.Fen, write func(table.Fen) cell) {
	cells := make([]cell, len(p.heads))
	for i := range cells {
		cells[i].style = xlsxwrite.TotalText
	}
	cells[0] = cell{kind: textCell, text: label, style: xlsxwrite.TotalText}
	cells[col] = write(sum)
	cells[col].style = xlsxwrite.TotalSum
	if write(sum).style == xlsxwrite.Number {
		cells[col].style = xlsxwrite.TotalText
	}
	p.row(cells...)
}

// sign writes the line that people sign.
func (p *page) sign(text string) {
	p.row(cell{kind: textCell, text: text, style: xlsxwrite.Note})
}
