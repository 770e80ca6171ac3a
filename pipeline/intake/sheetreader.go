package intake

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"fundtrace/pipeline/intake/column"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
)

// A sheetReader turns one grid into the tables that stand on it.
type sheetReader struct {
	file     string
	g        *sheet.Grid
	under    *sheet.Grid  // the sheet as it is, where forms are read as rows; or nil
	width    int          // columns of the sheet itself
	far      map[int]bool // rows with a cell far to the right of all others
	in       *texts
	setting  setting
	policy   *policy.Policy
	lang     language
	override *Override
	known    map[string]bool           // header words asked for
	profiles map[[2]int]column.Profile // columns asked for
	lexicon  *column.Lexicon
	watch    func(file string, row int, t column.Trial) // told of every header that is tried; nil for nobody
	padded   map[int][]sheet.Cell                       // columns shorter than the grid, made as long
	near     *layout                                    // what the first header that is no table's comes nearest to
}

// A chunk is one table of one sheet: its account, its rows in the canonical
// form and what its totals say. Source indexes are given when all files are
// read.
type chunk struct {
	account    Sheet
	table      *table.Table // nil for a sheet set aside; without _ref
	rows       []int32      // the sheet row, from 1, of each table row
	group      []uint8      // the one of the groups abreast that each came from; nil where there is one
	spread     bool         // groups are shares of one line's sum, not people
	rejects    []Reject
	doubts     []Doubt
	statements []statement
	print      uint64 // of the content, for finding sheets read already
	titles     string
	money      moneyReading
	at         places // that the titles and names speak of
}

// A statement is one row of table.Statement.
type statement struct {
	row              int
	what             string // total, subtotal, headcount
	column, label    string
	stated, computed int64 // fen, or heads; computed table.Null where the sum of the rows is not known
	rounding         int64 // fen by which stated may be off for want of decimals
}

// newSheetReader returns the reader of the sheet whose texts are in. file is its
// name in the account, path where it lies.
func newSheetReader(file, path string, in *texts, opt Options) *sheetReader {
	g, far := within(in.g)
	return &sheetReader{
		file: file, g: g, far: far, width: len(g.Cols), in: in, policy: opt.Policy, lang: language(opt.Lang),
		lexicon: cmp.Or(opt.Lexicon, column.Builtin()), watch: opt.Watch, setting: newSetting(path, g.Name, opt.Policy), override: opt.Mapping.overrideFor(file, g.Name),
		known: map[string]bool{}, profiles: map[[2]int]column.Profile{}, padded: map[int][]sheet.Cell{},
	}
}

// farAway is how many columns in a row are empty before a cell that no longer
// belongs to the sheet's tables.
const farAway = 100

// within returns the grid without what stands far to the right of everything
// else, and the rows of that: a letter in XFD100000, put there by a slip.
func within(g *sheet.Grid) (*sheet.Grid, map[int]bool) {
	empty := func(col []sheet.Cell) bool {
		return !slices.ContainsFunc(col, func(c sheet.Cell) bool { return c != sheet.Blank })
	}
	last, gap := len(g.Cols), 0
	var blank *sheet.Cell // columns without a cell may be one slice
	for c, col := range g.Cols {
		if len(col) == 0 || &col[0] == blank {
			gap++
		} else if empty(col) {
			blank = &col[0]
			gap++
		} else {
			gap = 0
		}
		if gap == farAway {
			last = c + 1 - gap
			break
		}
	}
	if last == len(g.Cols) || last == 0 {
		return g, nil
	}
	far := map[int]bool{}
	for _, col := range g.Cols[last:] {
		if len(col) == 0 || &col[0] == blank {
			continue
		}
		for r, c := range col {
			if c != sheet.Blank {
				far[r] = true
			}
		}
	}
	cropped := *g
	cropped.Cols = g.Cols[:last:last]
	cropped.Merges = slices.DeleteFunc(slices.Clone(g.Merges), func(m sheet.Merge) bool { return m.Col0 >= last })
	return &cropped, far
}

// read takes the sheet apart. Every row of it is in exactly one chunk.
func (s *sheetReader) read() ([]*chunk, error) {
	var chunks []*chunk
	from := 0
	for {
		l, no := s.findLayout(from, min(from+headerWithin, s.g.Rows))
		if l == nil && from == 0 {
			l = s.readForms()
		}
		if l == nil {
			if from == 0 {
				c := s.aside(no)
				chunks = append(chunks, c)
			}
			break
		}
		c, next, err := s.table(l)
		if err != nil {
			return nil, err
		}
		chunks = append(chunks, c)
		if next >= s.g.Rows || s.override != nil && s.override.HeaderRow > 0 {
			break
		}
		from = next
	}
	if d := s.hidden(); len(d) > 0 {
		chunks[0].doubts = append(d, chunks[0].doubts...)
	}
	for _, c := range chunks {
		sum := 0
		for _, n := range c.account.Bins {
			sum += n
		}
		if sum != c.account.Rows {
			return nil, fmt.Errorf("accounting for the rows of %s, sheet %q: %d rows but %d in bins; this is an error of the program", s.file, s.g.Name, c.account.Rows, sum)
		}
	}
	return chunks, nil
}

// hidden tells of hidden rows, columns and sheets, which are read like others.
func (s *sheetReader) hidden() []Doubt {
	var out []Doubt
	add := func(zh, en string, args ...any) {
		out = append(out, Doubt{File: s.file, Sheet: s.g.Name, Reason: s.lang.say(zh, en, args...)})
	}
	if s.g.State != "" {
		add("工作表已隐藏,已照常读取", "hidden sheet, read like any other")
	}
	if n := len(s.far); n > 0 {
		add("有%d行在远离表格的列上有孤立单元格(首行为第%d行),未作读取", "%d rows have a cell far to the right of everything else (the first is row %d); it is not read", n, slices.Min(slices.Collect(maps.Keys(s.far)))+1)
	}
	if n := len(s.g.HiddenRows); n > 0 {
		add("有%d行被隐藏(首行为第%d行),已照常读取", "%d hidden rows (the first is row %d), read like any other", n, s.g.HiddenRows[0]+1)
	}
	if n := len(s.g.HiddenCols); n > 0 {
		add("有%d列被隐藏(首列为%s列),已照常读取", "%d hidden columns (the first is column %s), read like any other", n, columnName(s.g.HiddenCols[0]))
	}
	return out
}

func (s *sheetReader) blankRow(r int) bool {
	for c := range s.g.Cols {
		cell := s.g.At(r, c)
		if cell != sheet.Blank && !s.pending(cell) && (cell.Kind() != sheet.KindText || trim(s.in.text(cell.Index())) != "") {
			return false
		}
	}
	return !s.far[r]
}

// reject keeps a row as it is written.
func (s *sheetReader) reject(r int, why string) Reject {
	cells := make([]string, s.width)
	for c := range cells {
		cells[c] = s.g.Text(r, c)
	}
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	return Reject{File: s.file, Sheet: s.g.Name, Row: r + 1, Reason: why, Cells: cells}
}

// column returns column c, as long as the grid has rows.
func (s *sheetReader) column(c int) []sheet.Cell {
	if c < 0 {
		c = -1
	} else if col := s.g.Cols[c]; len(col) >= s.g.Rows {
		return col[:s.g.Rows]
	}
	col, ok := s.padded[c]
	if !ok {
		col = make([]sheet.Cell, s.g.Rows)
		if c >= 0 {
			copy(col, s.g.Cols[c])
		}
		s.padded[c] = col
	}
	return col
}

// first returns the first text that is not "".
func first(texts []string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
