package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// maxSpins bounds how often a password is hashed: Excel writes 100,000.
const maxSpins = 10_000_000

var spinCount = regexp.MustCompile(`spinCount="(\d+)"`)

// decrypt opens an encrypted workbook with the first password that fits. Both
// results are nil where the compound file holds no encrypted workbook.
func decrypt(data []byte, passwords []string) ([]byte, error) {
	if stream, err := cfbStream(data, "EncryptedPackage"); err != nil || stream == nil {
		return nil, err
	}
	info, err := cfbStream(data, "EncryptionInfo")
	if err != nil {
		return nil, err
	}
	for _, m := range spinCount.FindAllSubmatch(info, -1) {
		if n, err := strconv.Atoi(string(m[1])); err != nil || n > maxSpins {
			return nil, over(LimitSpins, maxSpins, "its password is hashed %s times (limit: %d)", m[1], maxSpins)
		}
	}
	// Excel opens a workbook under this password without asking.
	for _, p := range append([]string{"VelvetSweatshop"}, passwords...) {
		if plain := decryptWith(data, p); sniff(plain) == kindZip {
			return plain, nil
		}
	}
	return nil, fmt.Errorf("%w: none of the %d given opens it; add it to the password file", ErrEncrypted, len(passwords))
}

// decryptWith returns nil, or bytes without meaning, if the password is wrong or
// the file damaged; the library panics on some.
func decryptWith(data []byte, password string) (plain []byte) {
	defer func() {
		if recover() != nil {
			plain = nil
		}
	}()
	plain, err := excelize.Decrypt(data, &excelize.Options{Password: password})
	if err != nil {
		return nil
	}
	return plain
}

// openExcelize opens a workbook with nothing spilled to disk: a part may hold
// identity numbers.
func openExcelize(data []byte, limits Limits) (*excelize.File, error) {
	return excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: limits.Inflated, UnzipXMLSizeLimit: limits.Inflated,
	})
}

// readByExcelize reads a whole workbook by way of excelize: slower, and of more
// kinds of XML.
func readByExcelize(data []byte, opt Options) (book *Book, err error) {
	defer func() {
		if r := recover(); r != nil {
			book, err = nil, fmt.Errorf("%w: %v", ErrDamaged, r)
		}
	}()
	p, err := openPackage(data, opt.Limits)
	if err == nil {
		err = p.verify()
	}
	if err != nil {
		return nil, err
	}
	f, err := openExcelize(data, opt.Limits)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrDamaged, err)
	}
	defer f.Close()
	w := &workbook{limits: opt.Limits, strs: NewStrings(), dates: excelizeStyles(f)}
	if f.WorkBook != nil && f.WorkBook.WorkbookPr != nil {
		w.date1904 = f.WorkBook.WorkbookPr.Date1904
	}
	book = &Book{Format: "xlsx"}
	for _, name := range f.GetSheetList() {
		g := &Grid{Name: name, Strings: w.strs}
		if f.WorkBook != nil {
			for _, s := range f.WorkBook.Sheets.Sheet {
				if s.Name == name && s.State != "visible" {
					g.State = s.State
				}
			}
		}
		if err := w.excelizeSheet(f, g); err != nil {
			if !errors.Is(err, ErrLimit) {
				err = fmt.Errorf("%w: %v", ErrDamaged, err)
			}
			g = &Grid{Name: name, State: g.State, Strings: w.strs, Err: fmt.Errorf("sheet %s: %w", name, err)}
		}
		book.Sheets = append(book.Sheets, g)
	}
	return book, nil
}

// excelizeStyles tells of each cell style what it makes of a number.
func excelizeStyles(f *excelize.File) []numberStyle {
	if f.Styles == nil || f.Styles.CellXfs == nil {
		return nil
	}
	custom := map[int]numberStyle{}
	if f.Styles.NumFmts != nil {
		for _, n := range f.Styles.NumFmts.NumFmt {
			custom[n.NumFmtID] = styleOf(n.FormatCode)
		}
	}
	var styles []numberStyle
	for _, xf := range f.Styles.CellXfs.Xf {
		id := 0
		if xf.NumFmtID != nil {
			id = *xf.NumFmtID
		}
		style, spelled := custom[id]
		if !spelled {
			style = builtinStyle(id)
		}
		styles = append(styles, style)
	}
	return styles
}

var excelizeKinds = map[excelize.CellType]string{
	excelize.CellTypeUnset: "", excelize.CellTypeNumber: "n", excelize.CellTypeBool: "b", excelize.CellTypeError: "e",
	excelize.CellTypeDate: "d", excelize.CellTypeFormula: "str", excelize.CellTypeInlineString: "inlineStr", excelize.CellTypeSharedString: "s",
}

func (w *workbook) excelizeSheet(f *excelize.File, g *Grid) error {
	rows, err := f.Rows(g.Name)
	if err != nil {
		return err
	}
	defer rows.Close()
	s := &sheetScanner{book: w, grid: g}
	for ; rows.Next(); s.row++ {
		if s.row >= w.limits.Rows {
			return over(LimitRows, int64(w.limits.Rows), "over %d rows", w.limits.Rows)
		}
		if rows.GetRowOpts().Hidden {
			g.HiddenRows = append(g.HiddenRows, s.row)
		}
		texts, err := rows.Columns()
		if err != nil {
			return err
		}
		for col, text := range texts {
			if text == "" {
				continue
			}
			if err := w.excelizeCell(f, s, col, text); err != nil {
				return err
			}
		}
	}
	if err := rows.Error(); err != nil {
		return err
	}
	merges, err := f.GetMergeCells(g.Name, true)
	if err != nil {
		return err
	}
	for _, m := range merges {
		if r, ok := parseRange([]byte(m[0])); ok && (r.Row0 != r.Row1 || r.Col0 != r.Col1) {
			g.Merges = append(g.Merges, r)
		}
	}
	for c := range s.cols {
		name, err := excelize.ColumnNumberToName(c + 1)
		if err != nil {
			return err
		}
		visible, err := f.GetColVisible(g.Name, name)
		if err != nil {
			return err
		}
		if !visible {
			g.HiddenCols = append(g.HiddenCols, c)
		}
	}
	return s.fill()
}

func (w *workbook) excelizeCell(f *excelize.File, s *sheetScanner, col int, text string) error {
	at, err := excelize.CoordinatesToCellName(col+1, s.row+1)
	if err != nil {
		return err
	}
	kind, err := f.GetCellType(s.grid.Name, at)
	if err != nil {
		return err
	}
	style, err := f.GetCellStyle(s.grid.Name, at)
	if err != nil {
		return err
	}
	formula, err := f.GetCellFormula(s.grid.Name, at)
	if err != nil {
		return err
	}
	raw := rawCell{kind: excelizeKinds[kind], style: style, text: []byte(text), runs: true}
	if raw.kind == "s" {
		raw.kind = "inlineStr"
	}
	cell, err := w.cell(raw)
	if err != nil {
		return err
	}
	return s.put(col, cell, formula != "")
}
