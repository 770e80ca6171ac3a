package generate

import (
	"fundtrace/pipeline/generate/xlsxwrite"
	"fundtrace/pipeline/table"
)

// A head is one column's heading: its word, the word above it in a two-row
// header ("" where it spans both), and the column's width in characters.
type head struct {
	word  string
	group string
	width float64
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
	widths := make([]float64, len(heads))
	for i, h := range heads {
		widths[i] = h.width
	}
	out.sheet(name, widths)
	return &page{out: out, heads: heads}
}

func (p *page) row(cells ...cell) {
	p.out.row(cells)
	p.next++
}

// title writes a line over the sheet's whole width.
func (p *page) title(text string) {
	p.out.merge(p.next, 0, p.next, len(p.heads)-1)
	p.row(cell{kind: textCell, text: text, style: xlsxwrite.Title})
}

// note writes what stands between title and header: who filled it in on the
// left, the unit of money on the right.
func (p *page) note(left, right string) {
	cells := make([]cell, len(p.heads))
	cells[0] = cell{kind: textCell, text: left, style: xlsxwrite.Note}
	if right != "" {
		cells[max(len(cells)-2, 1)] = cell{kind: textCell, text: right, style: xlsxwrite.Note}
	}
	p.row(cells...)
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
