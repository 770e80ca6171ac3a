package sheet

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

const corpus = "../../../shared/corpus/poi"

// recalculated lists the files of the corpus whose formula cells LibreOffice has
// different, because it calculates anew when it opens a file. Ours are the
// values that the writer of the file saw; other cells have to agree.
var recalculated = map[string]string{
	"15228.xls":                          "rounding noise under 1e-12 comes out as 0",
	"27852.xls":                          "function of an add-in",
	"37684-2.xls":                        "today's date",
	"44891.xls":                          "dates as text by locale, references that LibreOffice breaks",
	"49219.xls":                          "other workbook, which is not there",
	"51498.xls":                          "ranks anew",
	"60405.xls":                          "macro sheet",
	"CodeFunctionTestCaseData.xls":       "CODE of nothing",
	"DGet.xls":                           "DGET finds other rows",
	"ErrPtg.xls":                         "operands that are no references",
	"FactDoubleFunctionTestCaseData.xls": "#NUM! comes out as #VALUE!",
	"FormulaEvalTestData.xls":            "every function there is, rules of types differ",
	"ImaginaryFunctionTestCaseData.xls":  "#NUM! comes out as #VALUE!",
	"LookupFunctionsTestCaseData.xls":    "lookups of the wrong type",
	"ReptFunctionTestCaseData.xls":       "texts over 32,767 characters",
	"StringContinueRecords.xls":          "today's date",
	"XRefCalc.xls":                       "other workbook, which is not there",
	"external_image.xls":                 "today's date",
	"intercept.xls":                      "last digits",
	"missingFuncs44675.xls":              "ASC of full-width letters",
	"testNames.xls":                      "function of an add-in",
	"testRVA.xls":                        "arrays where a value is wanted",
}

// refused lists the files that LibreOffice opens and we do not, and why.
var refused = map[string]string{
	"clusterfuzz-testcase-minimized-POIHSSFFuzzer-5786329142919168.xls": "no workbook in it; LibreOffice shows an empty sheet",
	"clusterfuzz-testcase-minimized-POIHSSFFuzzer-5889658057523200.xls": "no workbook in it; LibreOffice shows an empty sheet",
	"clusterfuzz-testcase-minimized-POIHSSFFuzzer-6322470200934400.xls": "breaks off before its sheets; LibreOffice shows an empty sheet",
}

// TestManualXLSAgainstLibreOffice compares every cell of every .xls of the corpus with
// what LibreOffice makes of the file. It starts an office and takes minutes:
// set FUNDTRACE_SOFFICE=1 to run it.
func TestManualXLSAgainstLibreOffice(t *testing.T) {
	if os.Getenv("FUNDTRACE_SOFFICE") == "" {
		t.Skip("set FUNDTRACE_SOFFICE=1 to compare with LibreOffice")
	}
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("no soffice on this machine")
	}
	files, _ := filepath.Glob(filepath.Join(corpus, "*.xls"))
	if len(files) == 0 {
		t.Skip("no corpus on this machine")
	}
	out := t.TempDir()
	args := []string{"-env:UserInstallation=file://" + t.TempDir(), "--headless", "--convert-to", "xlsx", "--outdir", out}
	if log, err := exec.Command(office, append(args, files...)...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	var all tally
	books := 0
	for _, file := range files {
		name := filepath.Base(file)
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		other, openErr := excelize.OpenFile(filepath.Join(out, strings.TrimSuffix(name, ".xls")+".xlsx"))
		book, err := readXLS(data, Options{})
		if err != nil || openErr != nil {
			if (err == nil) != (openErr == nil) && refused[name] == "" {
				t.Errorf("%s: we: %v; LibreOffice: %v", name, err, openErr)
			}
			continue
		}
		books++
		one := compareWithOffice(t, book, other)
		if err := other.Close(); err != nil {
			t.Error(err)
		}
		if n := len(one.plain); n > 0 {
			t.Errorf("%s: %d cells differ:\n\t%s", name, n, strings.Join(one.plain[:min(n, 6)], "\n\t"))
		}
		if n := len(one.formula); n > 0 && recalculated[name] == "" {
			t.Errorf("%s: %d formula cells differ:\n\t%s", name, n, strings.Join(one.formula[:min(n, 6)], "\n\t"))
		} else if n == 0 && recalculated[name] != "" {
			t.Errorf("%s agrees: take it off the list", name)
		}
		all.cells += one.cells
		all.formula = append(all.formula, one.formula...)
	}
	t.Logf("%d files, %d cells compared, %d formula cells calculated anew by LibreOffice differ", books, all.cells, len(all.formula))
}

// A tally is the outcome of comparing cells.
type tally struct {
	cells   int
	plain   []string // differences
	formula []string // differences of formula cells
}

// compareWithOffice compares all cells of the sheets that both have.
func compareWithOffice(t *testing.T, book *Book, other *excelize.File) (all tally) {
	t.Helper()
	names := other.GetSheetList()
	for i, g := range book.Sheets {
		if g.Err != nil {
			all.plain = append(all.plain, fmt.Sprintf("%q: %v", g.Name, g.Err))
			continue
		}
		name := g.Name // cut to 31 characters by LibreOffice
		if !slices.Contains(names, name) && len(names) == len(book.Sheets) {
			name = names[i]
		}
		if !slices.Contains(names, name) {
			if g.Rows > 0 {
				all.plain = append(all.plain, fmt.Sprintf("%q: LibreOffice has no such sheet", g.Name))
			}
			continue
		}
		rows, err := other.GetRows(name, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for r := range max(g.Rows, len(rows)) {
			width := len(g.Cols)
			if r < len(rows) {
				width = max(width, len(rows[r]))
			}
			for c := range width {
				their := ""
				if r < len(rows) && c < len(rows[r]) {
					their = rows[r][c]
				}
				our := g.At(r, c)
				if our == Blank && their == "" {
					continue
				}
				all.cells++
				if sameAsOffice(g, our, their) {
					continue
				}
				formula := our.Formula()
				if our == Blank { // perhaps a formula whose value was the empty text
					cell, err := excelize.CoordinatesToCellName(c+1, r+1)
					if err != nil {
						t.Fatal(err)
					}
					text, err := other.GetCellFormula(name, cell)
					formula = err == nil && text != ""
				}
				list := &all.plain
				if formula {
					list = &all.formula
				}
				*list = append(*list, fmt.Sprintf("%q R%dC%d: we %q (kind %d), LibreOffice %q", g.Name, r+1, c+1, g.Format(our), our.Kind(), their))
			}
		}
	}
	return all
}

// sameAsOffice compares a cell with a raw value of a workbook.
func sameAsOffice(g *Grid, c Cell, their string) bool {
	switch c.Kind() {
	case KindNumber, KindDate, KindRaw:
		our, err1 := strconv.ParseFloat(numeral(g, c), 64)
		f, err2 := strconv.ParseFloat(their, 64)
		return err1 == nil && err2 == nil && math.Abs(our-f) <= 1e-14*math.Abs(f) // half of the 15th digit is rounded either way
	case KindBool:
		return their == g.Format(c) || their == map[bool]string{true: "1", false: "0"}[c&1 == 1]
	}
	lines := strings.NewReplacer("\r\n", "\n", "\r", "\n", "_x000D_\n", "\n", "_x000D_", "\n")
	return lines.Replace(g.Format(c)) == lines.Replace(their)
}

// numeral returns a number or a date as a plain number.
func numeral(g *Grid, c Cell) string {
	if c.Kind() == KindRaw {
		return g.Format(c)
	}
	return c.Decimal().String()
}
