package sheet

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"path"
	"strings"
)

// A workbook is what its sheets share while it is read.
type workbook struct {
	pkg       *pkg
	limits    Limits
	strs      *Strings
	blankText bool          // a shared string is empty: its cells are Blank
	dates     []numberStyle // by cell style
	date1904  bool
	pending   Cell // of a formula without a value, once there is one
	sheets    []sheetPart
}

// A sheetPart is a sheet as the workbook lists it.
type sheetPart struct {
	name, state string
	kind        string // the last word of its relation's type: worksheet, chartsheet ...
	part        string // "" if the workbook does not say
}

// readXLSX reads a workbook that is a zip of XML parts. Sheets that hold XML of a
// kind the scanner does not know are read by way of excelize.
func readXLSX(ctx context.Context, data []byte, opt Options) (*Book, error) {
	p, err := openPackage(data, opt.Limits)
	if err != nil {
		return nil, err
	}
	w := &workbook{pkg: p, limits: opt.Limits, strs: NewStrings()}
	book, err := w.read(ctx)
	if errors.Is(err, errUnknown) {
		return readByExcelize(data, opt)
	}
	if err != nil {
		return nil, err
	}
	var byExcelize *Book
	for i, g := range book.Sheets {
		if !errors.Is(g.Err, errUnknown) {
			continue
		}
		if byExcelize == nil {
			if byExcelize, err = readByExcelize(data, opt); err != nil {
				return nil, err
			}
		}
		for _, other := range byExcelize.Sheets {
			if other.Name == g.Name {
				book.Sheets[i] = other
			}
		}
	}
	return book, nil
}

// read lists the sheets, then scans the shared strings and every sheet while
// another goroutine inflates ahead.
func (w *workbook) read(ctx context.Context) (*Book, error) {
	stringsPart, err := w.contents()
	if err != nil {
		return nil, err
	}
	book := &Book{Format: "xlsx"}
	var jobs []job
	var scanners []partScanner
	if stringsPart != nil {
		jobs = append(jobs, job{stringsPart, "</si>"})
		scanners = append(scanners, &stringsScanner{book: w, size: int64(stringsPart.UncompressedSize64)})
	}
	shown := map[*zip.File]string{} // the sheet whose part it is
	total := int64(0)               // of parts that lie over each other, or are named twice, too
	if stringsPart != nil {
		total = int64(min(stringsPart.UncompressedSize64, 1<<40))
	}
	for _, s := range w.sheets {
		g := &Grid{Name: s.name, State: s.state, Strings: w.strs}
		book.Sheets = append(book.Sheets, g)
		f := w.pkg.find(s.part)
		of, twice := shown[f]
		if f != nil {
			total += int64(min(f.UncompressedSize64, 1<<40))
		}
		switch {
		case s.kind == "chartsheet" || s.kind == "dialogsheet": // no cells
		case f == nil:
			g.Err = damagedPart(s.part, "sheet %s: its part %q is not in the file", s.name, s.part)
		case twice:
			g.Err = damagedPart(s.part, "sheet %s: its part %q is that of sheet %s too", s.name, s.part, of)
		default:
			shown[f] = s.name
			jobs = append(jobs, job{f, "</row>"})
			scanners = append(scanners, &sheetScanner{book: w, grid: g, size: int64(f.UncompressedSize64)})
		}
	}

	if total > w.limits.Inflated {
		return nil, over(LimitInflated, w.limits.Inflated, "sheets and texts inflate to %d bytes (limit: %d)", total, w.limits.Inflated)
	}

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	out, free := make(chan piece, pieces), make(chan []byte, pieces)
	go w.pkg.inflate(ctx, jobs, out, free)
	for _, s := range scanners {
		if err := scanPart(s, out, free); err != nil && s.fail(err) {
			return nil, err
		}
	}
	return book, ctx.Err()
}

// A partScanner takes one part, piece by piece.
type partScanner interface {
	scan(b []byte, n int) (used int, err error)
	finish() error
	fail(error) (fatal bool) // notes that the part cannot be used
}

// maxUnit bounds what must be held whole to be scanned: a row, a shared string.
const maxUnit = 64 << 20

// scanPart gives a scanner the pieces of its part. What it leaves of one piece
// it gets again in front of the next.
func scanPart(s partScanner, out <-chan piece, free chan<- []byte) error {
	var failed error
	var rest []byte
	want := 0 // bytes of rest and pieces that are worth a new try
	for c := range out {
		if failed == nil {
			failed = c.err
		}
		if failed == nil {
			b, n := c.buf, c.n
			if len(rest) > 0 {
				rest = append(rest, b[:n]...)
				n = len(rest)
				b = append(rest, make([]byte, padding)...)
			}
			if n >= want || c.last {
				var used int
				used, failed = s.scan(b, n)
				rest = append(rest[:0], b[used:n]...)
				want = 2 * len(rest)
				if len(rest) > maxUnit {
					failed = over(LimitUnit, maxUnit, "a row or text of over %d bytes", maxUnit)
				}
			}
		}
		free <- c.buf
		if c.last {
			if failed == nil {
				failed = s.finish()
			}
			return failed
		}
	}
	return context.Canceled
}

// contents reads what the workbook holds but for its cells; it returns the
// shared strings part, nil without one.
func (w *workbook) contents() (stringsPart *zip.File, err error) {
	main := "xl/workbook.xml"
	rels, err := w.relations("")
	if err != nil {
		return nil, err
	}
	for _, r := range rels {
		if r.kind == "officeDocument" {
			main = r.target
		}
	}
	f := w.pkg.find(main)
	switch {
	case f == nil && w.pkg.find("xl/workbook.bin") != nil, strings.HasSuffix(main, ".bin"):
		return nil, fmt.Errorf("%w: a binary workbook (.xlsb); save it as .xlsx", ErrFormat)
	case f == nil && w.pkg.find("mimetype") != nil:
		return nil, fmt.Errorf("%w: an OpenDocument file; save it as .xlsx", ErrFormat)
	case f == nil:
		return nil, fmt.Errorf("%w: the list of sheets is not in the file", ErrDamaged)
	}
	if rels, err = w.relations(main); err != nil {
		return nil, err
	}
	byID := map[string]relation{}
	named := map[string]*zip.File{}
	for _, r := range rels {
		byID[r.id] = r
		if r.kind != "sharedStrings" && r.kind != "styles" {
			continue
		}
		named[r.kind] = w.pkg.find(r.target)
		if r.kind == "styles" && named[r.kind] == nil { // without it dates would be plain numbers
			return nil, damagedPart(r.target, "its part %q is not in the file; copy the file again from where it came", r.target)
		}
	}
	if err := w.sheetList(f, byID); err != nil {
		return nil, err
	}
	if f := named["styles"]; f != nil {
		b, err := w.pkg.read(f)
		if err == nil {
			w.dates, err = numberStyles(b)
		}
		if err != nil {
			return nil, fmt.Errorf("reading the cell styles: %w", err)
		}
	}
	return named["sharedStrings"], nil
}

// sheetList reads the workbook part.
func (w *workbook) sheetList(f *zip.File, byID map[string]relation) error {
	b, err := w.pkg.read(f)
	if err != nil {
		return fmt.Errorf("reading the list of sheets: %w", err)
	}
	for p, in := 0, false; ; {
		t, q, err := nextToken(b, p)
		if err == errMore {
			break
		}
		if err != nil {
			return err
		}
		p = q
		switch {
		case t.kind == tokStart && string(t.name) == "extLst": // holds a workbookPr of another meaning
			if p, err = skipElement(b, p); err == errMore {
				return fmt.Errorf("%w: the list of sheets is cut off", ErrDamaged)
			} else if err != nil {
				return err
			}
		case t.is(tokStart, "workbookPr"):
			w.date1904 = t.getBool("date1904")
		case t.is(tokStart, "sheets"):
			in = true
		case t.is(tokEnd, "sheets"):
			in = false
		case in && t.is(tokStart, "sheet"):
			s := sheetPart{name: t.getText("name"), state: string(t.get("state"))}
			if s.state == "visible" {
				s.state = ""
			}
			r := byID[t.getText("*:id")]
			s.kind, s.part = r.kind, r.target
			w.sheets = append(w.sheets, s)
		}
	}
	if len(w.sheets) == 0 {
		return fmt.Errorf("%w: the workbook lists no sheet", ErrDamaged)
	}
	return nil
}

// A relation is what one part says of another.
type relation struct{ id, kind, target string }

// relations reads the relations of a part, of the package for "".
func (w *workbook) relations(of string) ([]relation, error) {
	f := w.pkg.find(path.Join(path.Dir(of), "_rels", path.Base("/"+of)+".rels"))
	if of == "" {
		f = w.pkg.find("_rels/.rels")
	}
	if f == nil {
		return nil, nil
	}
	b, err := w.pkg.read(f)
	if err != nil {
		return nil, fmt.Errorf("reading the relations of parts: %w", err)
	}
	var rels []relation
	for p := 0; ; {
		t, q, err := nextToken(b, p)
		if err == errMore {
			return rels, nil
		}
		if err != nil {
			return nil, err
		}
		p = q
		if !t.is(tokStart, "Relationship") || t.getText("TargetMode") == "External" {
			continue
		}
		target := strings.ReplaceAll(t.getText("Target"), `\`, "/")
		if !strings.HasPrefix(target, "/") {
			target = path.Join(path.Dir(of), target)
		}
		rels = append(rels, relation{
			id: t.getText("Id"), kind: path.Base(t.getText("Type")), target: strings.TrimPrefix(path.Clean(target), "/"),
		})
	}
}
