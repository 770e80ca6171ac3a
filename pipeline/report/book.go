package report

import (
	"bufio"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

// A look is how a cell is set out.
type look uint8

const (
	plain       look = iota // text, wrapped, from the left
	centered                // short text
	money                   // yuan with two decimals, from the right
	whole                   // a whole number
	date                    // YYYY-MM-DD
	fillText                // for the inspector to fill
	fillMoney               //
	fillDate                //
	urgent                  // centered, for what should be seen first
	strong                  // a line that heads others
	strongMoney             //
	looks
)

// A col is one column of a sheet.
type col struct {
	head    string
	width   float64 // in digits of the standard font
	look    look
	choices []string // a drop-down of these
}

// A sheet is a table in the workbook under a title and a line that explains it.
type sheet struct {
	name  string
	title string
	note  string
	cols  []col
	rows  int
	row   func(i int) []any // values: string, int, table.Fen, day, formula, styled or nil
}

// styled is a value with a look of its own.
type styled struct {
	value any
	look  look
}

// spanned is a value over several columns.
type spanned struct {
	styled
	columns int
}

// formula is one of our own formulas with the value it has in the file as
// written: an int or table.Fen.
type formula struct {
	text  string
	value any
}

// Sheets begin with the title, the note and the header.
const headRows = 3

// book is a workbook being written, a sheet after the other.
type book struct {
	f       *excelize.File
	d       *Data
	styles  [looks]int
	header  int
	title   int
	note    int
	section int
	para    int
	maxRows int // rows a sheet can have: what is more goes on in another sheet
	names   []string
}

// newBook returns an empty workbook. Large sheets are kept in a file beside
// path while they are made, because they hold identity numbers and the system's
// temporary folder is everybody's.
func newBook(path string, d *Data) (*book, error) {
	f := excelize.NewFile(excelize.Options{TmpDir: filepath.Dir(path)})
	f.ZipWriter = func(w io.Writer) excelize.ZipWriter { return &orderedZip{to: w} }
	b := &book{f: f, d: d, maxRows: excelize.TotalRows}
	if err := b.makeStyles(); err != nil {
		return nil, err
	}
	stamp := d.AsOf.String() + "T00:00:00Z" // not the clock: equal data, equal bytes
	err := f.SetDocProps(&excelize.DocProperties{
		Title: b.t("问题线索工作簿", "Lead workbook"), Creator: "fundtrace", LastModifiedBy: "fundtrace", Created: stamp, Modified: stamp,
	})
	return b, err
}

// t returns a text in the run's language.
func (b *book) t(zh, en string) string { return detect.Text{Zh: zh, En: en}.In(b.d.Lang) }

// w returns a column's width in the run's language.
func (b *book) w(zh, en float64) float64 {
	if b.d.Lang == "en" {
		return en
	}
	return zh
}

func (b *book) makeStyles() error {
	font := b.t("宋体", "Arial")
	if err := b.f.SetDefaultFont(font); err != nil {
		return err
	}
	thin := func() []excelize.Border {
		var out []excelize.Border
		for _, side := range []string{"left", "right", "top", "bottom"} {
			out = append(out, excelize.Border{Type: side, Color: "A6A6A6", Style: 1})
		}
		return out
	}
	align := func(h string) *excelize.Alignment {
		return &excelize.Alignment{Horizontal: h, Vertical: "top", WrapText: true}
	}
	// Money shrinks rather than show as a row of hash signs.
	right := &excelize.Alignment{Horizontal: "right", Vertical: "top", ShrinkToFit: true}
	fill := func(color string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
	}
	body := func() *excelize.Font { return &excelize.Font{Family: font, Size: 10} }
	bold := func(size float64) *excelize.Font { return &excelize.Font{Family: font, Size: size, Bold: true} }
	amount, text, count, iso := "#,##0.00_ ", "@", "0", "yyyy-mm-dd"
	styles := [looks]*excelize.Style{
		plain:       {Font: body(), Alignment: align("left"), CustomNumFmt: &text},
		centered:    {Font: body(), Alignment: align("center"), CustomNumFmt: &text},
		money:       {Font: body(), Alignment: right, CustomNumFmt: &amount},
		whole:       {Font: body(), Alignment: align("center"), CustomNumFmt: &count},
		date:        {Font: body(), Alignment: align("center"), CustomNumFmt: &iso},
		fillText:    {Font: body(), Alignment: align("left"), CustomNumFmt: &text, Fill: fill("FFF9E5")},
		fillMoney:   {Font: body(), Alignment: right, CustomNumFmt: &amount, Fill: fill("FFF9E5")},
		fillDate:    {Font: body(), Alignment: align("center"), CustomNumFmt: &iso, Fill: fill("FFF9E5")},
		urgent:      {Font: &excelize.Font{Family: font, Size: 10, Bold: true, Color: "C00000"}, Alignment: align("center"), CustomNumFmt: &text},
		strong:      {Font: bold(10), Alignment: align("left"), CustomNumFmt: &text, Fill: fill("EDEDED")},
		strongMoney: {Font: bold(10), Alignment: right, CustomNumFmt: &amount, Fill: fill("EDEDED")},
	}
	for i, s := range styles {
		s.Border = thin()
		id, err := b.f.NewStyle(s)
		if err != nil {
			return err
		}
		b.styles[i] = id
	}
	for _, s := range []struct {
		to    *int
		style *excelize.Style
	}{
		{&b.header, &excelize.Style{Font: bold(10), Border: thin(), Fill: fill("D9E2EC"), Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}}},
		{&b.title, &excelize.Style{Font: bold(16), Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center"}}},
		{&b.note, &excelize.Style{Font: &excelize.Font{Family: font, Size: 9, Color: "595959"}, Alignment: &excelize.Alignment{Horizontal: "left", Vertical: "center", WrapText: true}}},
		{&b.para, &excelize.Style{Font: body(), Alignment: &excelize.Alignment{Horizontal: "left", Vertical: "center", WrapText: true}}},
		{&b.section, &excelize.Style{Font: bold(12), Alignment: &excelize.Alignment{Horizontal: "left", Vertical: "center"}}},
	} {
		id, err := b.f.NewStyle(s.style)
		if err != nil {
			return err
		}
		*s.to = id
	}
	return nil
}

// add writes a sheet, and goes on in further ones, named with a number, where
// it has more rows than one can hold. It returns the names.
func (b *book) add(s sheet) ([]string, error) {
	per := b.maxRows - headRows
	var names []string
	for lo, n := 0, 1; lo < max(s.rows, 1); lo, n = lo+per, n+1 {
		part := s
		if n > 1 {
			part.name, part.title = fmt.Sprintf("%s(%d)", s.name, n), fmt.Sprintf("%s(%d)", s.title, n)
		}
		if err := b.write(part, lo, min(lo+per, s.rows)); err != nil {
			return nil, fmt.Errorf("sheet %s: %w", part.name, err)
		}
		names = append(names, part.name)
	}
	return names, nil
}

// begin makes a sheet and its page, and returns its writer. The library writes
// properties and dimension when the writer is made, so both come before it.
func (b *book) begin(name string, cols, rows int) (*excelize.StreamWriter, error) {
	if len(b.names) == 0 {
		if err := b.f.SetSheetName("Sheet1", name); err != nil {
			return nil, err
		}
	} else if _, err := b.f.NewSheet(name); err != nil {
		return nil, err
	}
	b.names = append(b.names, name)
	yes, a4, once, many, wide := true, 9, 1, 0, "landscape"
	if err := b.f.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &yes}); err != nil {
		return nil, err
	}
	if err := b.f.SetPageLayout(name, &excelize.PageLayoutOptions{Size: &a4, Orientation: &wide, FitToWidth: &once, FitToHeight: &many}); err != nil {
		return nil, err
	}
	side, end, edge := 0.4, 0.55, 0.25
	if err := b.f.SetPageMargins(name, &excelize.PageLayoutMarginsOptions{
		Left: &side, Right: &side, Top: &end, Bottom: &end, Header: &edge, Footer: &edge, Horizontally: &yes,
	}); err != nil {
		return nil, err
	}
	footer := "&L&9" + strings.ReplaceAll(name, "&", "&&") + b.t("&C&9第 &P 页，共 &N 页&R&9数据截至 ", "&C&9page &P of &N&R&9as of ") + b.d.AsOf.String()
	if err := b.f.SetHeaderFooter(name, &excelize.HeaderFooterOptions{OddFooter: footer}); err != nil {
		return nil, err
	}
	if err := b.f.SetSheetDimension(name, "A1:"+cellName(cols, max(rows, 1))); err != nil {
		return nil, err
	}
	return b.f.NewStreamWriter(name)
}

// write writes rows lo..hi-1 of s as one sheet.
func (b *book) write(s sheet, lo, hi int) error {
	n := len(s.cols)
	last := headRows + hi - lo
	w, err := b.begin(s.name, n, last)
	if err != nil {
		return err
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: headRows, TopLeftCell: cellName(1, headRows+1), ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	total := 0.0
	for i, c := range s.cols {
		total += c.width
		if err := w.SetColWidth(i+1, i+1, c.width); err != nil {
			return err
		}
	}
	heads := make([]any, n)
	headLines := 1
	for i, c := range s.cols {
		heads[i] = excelize.Cell{StyleID: b.header, Value: c.head}
		headLines = max(headLines, b.lines(c.head, c.width))
	}
	if err := w.SetRow("A1", []any{excelize.Cell{StyleID: b.title, Value: s.title}}, excelize.RowOpts{Height: 30}); err != nil {
		return err
	}
	if err := w.SetRow("A2", []any{excelize.Cell{StyleID: b.note, Value: s.note}}, excelize.RowOpts{Height: rowHeight(b.lines(s.note, total))}); err != nil {
		return err
	}
	if err := w.SetRow("A3", heads, excelize.RowOpts{Height: rowHeight(headLines) + 4}); err != nil {
		return err
	}
	for r := 1; r <= 2; r++ {
		if err := w.MergeCell(cellName(1, r), cellName(n, r)); err != nil {
			return err
		}
	}
	for i := lo; i < hi; i++ {
		r, values := headRows+1+i-lo, s.row(i)
		cells, height := b.line(s.cols, values)
		if err := w.SetRow(cellName(1, r), cells, excelize.RowOpts{Height: height}); err != nil {
			return err
		}
		for c, v := range values {
			if v, ok := v.(spanned); ok {
				if err := w.MergeCell(cellName(c+1, r), cellName(c+v.columns, r)); err != nil {
					return err
				}
			}
		}
	}
	if err := b.f.AutoFilter(s.name, fmt.Sprintf("A%d:%s", headRows, cellName(n, last)), nil); err != nil {
		return err
	}
	if err := b.f.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$%d:$%d", s.name, headRows, headRows), Scope: s.name,
	}); err != nil {
		return err
	}
	if hi > lo {
		if err := b.validate(s, last); err != nil {
			return err
		}
		if err := b.f.AddIgnoredErrors(s.name, "A1:"+cellName(n, last), excelize.IgnoredErrorsNumberStoredAsText); err != nil {
			return err
		}
	}
	return w.Flush()
}

// line turns a row's values into cells and finds its height: a row without one
// is shown one line high by half of the programs that open the file.
func (b *book) line(cols []col, values []any) ([]any, float64) {
	cells := make([]any, len(cols))
	most := 1
	for i, v := range values {
		l, width := cols[i].look, cols[i].width
		if s, ok := v.(spanned); ok {
			v = s.styled
			for _, c := range cols[i+1 : i+s.columns] {
				width += c.width
			}
		}
		if s, ok := v.(styled); ok {
			v, l = s.value, s.look
		}
		c := excelize.Cell{StyleID: b.styles[l]}
		if f, ok := v.(formula); ok {
			c.Formula, v = f.text, f.value
		}
		switch v := v.(type) {
		case string:
			v = bounded(v)
			most = max(most, b.lines(v, width))
			c.Value = v
		case table.Fen:
			// The nearest double prints as the same digits up to 10^13 yuan,
			// and is what a spreadsheet holds anyway.
			c.Value = float64(v) / 100
		case day:
			if v != 0 {
				c.Value = int(v) + 25569 // days from 1899-12-30
			}
		default:
			c.Value = v
		}
		cells[i] = c
	}
	for i := len(values); i < len(cols); i++ {
		cells[i] = excelize.Cell{StyleID: b.styles[cols[i].look]}
	}
	return cells, rowHeight(most)
}

// validate adds the drop-downs and the checks of the columns to fill.
func (b *book) validate(s sheet, last int) error {
	for i, c := range s.cols {
		v := excelize.NewDataValidation(true)
		v.SetSqref(cellName(i+1, headRows+1) + ":" + cellName(i+1, last))
		var err error
		var say string
		switch {
		case c.choices != nil:
			say = b.t("请从下拉列表中选择", "choose from the list")
			err = v.SetDropList(c.choices)
		case c.look == fillMoney:
			say = b.t("请填写金额(元),最多两位小数", "an amount in yuan")
			err = v.SetRange(0, 1e13, excelize.DataValidationTypeDecimal, excelize.DataValidationOperatorBetween)
		case c.look == fillDate:
			say = b.t("请填写日期,如 2017-12-31", "a date such as 2017-12-31")
			err = v.SetRange(36526, 73050, excelize.DataValidationTypeDate, excelize.DataValidationOperatorBetween) // 2000 to 2099
		default:
			continue
		}
		if err != nil {
			return err
		}
		v.SetError(excelize.DataValidationErrorStyleStop, c.head, say)
		if err := b.f.AddDataValidation(s.name, v); err != nil {
			return err
		}
	}
	return nil
}

// save writes the workbook to path.
func (b *book) save(path string) error {
	b.f.SetActiveSheet(0)
	return writeFile(path, func(w *bufio.Writer) error { return b.f.Write(w) })
}

// bounded cuts a text at what a cell can hold and says so.
func bounded(s string) string {
	const most = 32_000 // of 32,767
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "……"
}

// lines returns how many lines a text takes in a column; a Han character is
// nearly two digits wide.
func (b *book) lines(s string, width float64) int {
	latin := 0.95 // body text is a point smaller than the standard font
	if b.d.Lang == "en" {
		latin = 0.85 // and a proportional font is narrower than its digits
	}
	room := max(width-1, 2) // a cell has a margin
	n := 0
	for part := range strings.SplitSeq(s, "\n") {
		at := 0.0
		n++
		for _, r := range part {
			w := latin
			if r >= 0x1100 {
				w = 1.85
			}
			if at+w > room {
				n++
				at = 0
			}
			at += w
		}
	}
	return n
}

// rowHeight returns the height of a row of so many lines in points, at most
// what a spreadsheet allows.
func rowHeight(lines int) float64 { return min(float64(lines)*14.5+4, excelize.MaxRowHeight) }

func cellName(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		panic(err) // a column or row out of range is a mistake in code
	}
	return name
}
