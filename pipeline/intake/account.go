package intake

import (
	"fundtrace/pipeline/table"
)

// A Result is what intake makes of the inputs: tables, and an account of every
// file, sheet and row.
type Result struct {
	Tables  *table.Set // the canonical tables and table.Statement
	Sources table.Sources
	Inputs  []Input
	Sheets  []Sheet
	Rejects []Reject
	Doubts  []Doubt
}

// An Input is one file as run.json tells it; a member of a zip counts as a file.
type Input struct {
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
	Status string `json:"status"` // read, partly (a sheet was rejected), rejected, skipped (lock file, not a sheet), duplicate
	Reason string `json:"reason,omitempty"`
}

// A Bin is where a row ended. Every row of every sheet is in exactly one.
type Bin string

// The bins.
const (
	Loaded    Bin = "loaded"
	Header    Bin = "header" // title and header rows, repeated headers too
	BlankRow  Bin = "blank"
	Total     Bin = "total" // totals and subtotals
	Note      Bin = "note"
	Duplicate Bin = "duplicate" // of a file or sheet read already
	Rejected  Bin = "rejected"
)

// Bins lists every bin, in the order they are printed.
var Bins = []Bin{Loaded, Header, BlankRow, Total, Note, Duplicate, Rejected}

// A Sheet is the account of one sheet, or of one table on it where it has
// several. Rows is the sum of its Bins.
type Sheet struct {
	File       string            `json:"file"`
	Sheet      string            `json:"sheet"`
	Table      string            `json:"table"` // canonical table; "" for a sheet set aside
	Reason     string            `json:"reason,omitempty"`
	Near       bool              `json:"-"` // set aside, though its header is like a table's: Reason says what it lacks
	Rows       int               `json:"rows"`
	Bins       map[Bin]int       `json:"bins"`
	Lines      int               `json:"lines"`     // table rows made: more than loaded rows where wide rows were unpivoted
	Unit       string            `json:"unit"`      // 元 or 万元, of the main money column
	Inherited  map[string]string `json:"inherited"` // field → value taken from titles, names and folders
	Totals     []TotalCheck      `json:"totals"`
	Unread     [2]int            `json:"-"` // of a sheet set aside: first and last row that look like a table; 0 for none
	Nearest    string            `json:"-"` // the table that a sheet set aside comes nearest to, "" for none; its header and columns follow
	HeaderRow  int               `json:"-"` // first header row, from 1
	HeaderRows int               `json:"-"`
	Columns    []ColumnUse       `json:"-"` // for inspect
	Score      float64           `json:"-"` // log-odds that it is the table, or the nearest one, against being none
	RunnerUp   string            `json:"-"` // the table that comes next; "" for none
	Behind     float64           `json:"-"` // the runner-up's score
}

// A TotalCheck is a total or subtotal that a sheet states, beside its rows.
type TotalCheck struct {
	Row         int    `json:"row"`
	Column      string `json:"column"`
	StatedFen   int64  `json:"stated_fen"`
	ComputedFen int64  `json:"computed_fen"`
	Agrees      bool   `json:"agrees"`
}

// A ColumnUse is what one column of a sheet was taken for.
type ColumnUse struct {
	Column    string  // A, B, ...
	Header    string  // the header's words
	Field     string  // canonical field; "" if not used
	How       string  // header, words, guess, mapping; "" for a column without a field
	Score     float64 // log-odds that it is the field, against being none
	Margin    float64 // by how much it beats the best reading in which it is something else
	RunnerUp  string  // what it is then; "" for none
	Candidate string  // what it would be, were it sure; "" for a column that is, or is none
	Unit      string  // 元, 万元; "" where it is no money
	Known     bool    // the header is a word of some table, or of those that no table uses
	Opposite  bool    // a yes means a no in the field: 危房户 for housing_safe
}

// Sure reports whether the column is known by its whole header or by a mapping,
// and so is not put before an analyst.
func (c *ColumnUse) Sure() bool { return c.How == "header" || c.How == "mapping" }

// SetAside lists the columns with a header that the table, or the one that a
// sheet set aside comes nearest to, has no field for.
func (s *Sheet) SetAside() []ColumnUse {
	var out []ColumnUse
	for _, c := range s.Columns {
		if c.Field == "" && c.Header != "" {
			out = append(out, c)
		}
	}
	return out
}

// A Reject is one row that could not be loaded, or one file or sheet (Row 0).
type Reject struct {
	File   string
	Sheet  string
	Row    int
	Reason string
	Cells  []string // as written
}

// A Doubt is something that was read and is to be known under data quality: an
// optional cell that does not parse and was left empty, a rounded amount, a
// hidden row that counts like any other.
type Doubt struct {
	File   string
	Sheet  string
	Row    int    // the first of Rows rows; 0 for the whole sheet
	Rows   int    // how many rows carry the same text in the same field
	Field  string // canonical field; "" for the sheet as such
	Text   string // the cell as written; the digits of ID and account numbers are left out
	Reason string
}
