package sheet

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
)

// maxQuoted bounds a quoted field in bytes: the 32,767 characters that a
// spreadsheet's cell holds, at four bytes each.
const maxQuoted = 4 * 32_767

// readCSV reads a text table: UTF-8, UTF-16 or GB18030, separated by comma, tab,
// semicolon or |, whichever the text itself speaks for. Every cell is a text as
// it stands, or Blank; ="4501" is the text 4501.
//
// Row index r is the record r of the file, blank lines counted; a line end
// inside quotes ends no record. CR, LF and CR LF end records alike.
//
// A quote opens a field only as its first character, and only where a quote that
// stands before a separator, a line end or the end of the file closes it. Any
// other quote, one that nothing closes above all, is an ordinary character, and
// so are all quotes to the end of its line: at worst one line is cut oddly, with
// nothing lost, and the lines below are read as they stand. So is a quote that
// would swallow more than a cell can hold, or whole lines shaped like the record
// above it.
func readCSV(name string, data []byte, opt Options) (*Book, error) {
	enc, text := findEncoding(data)
	if enc == encUTF16LE || enc == encUTF16BE {
		text = fromUTF16(text, enc)
	}
	text = bytes.TrimSuffix(text, []byte{0x1A}) // the end mark of DOS
	r := csvReader{
		data: text, gb: enc == encGB18030, limits: opt.Limits,
		grid: &Grid{Strings: NewStrings()},
	}
	r.sep = findSeparator(name, text, r.gb)
	if err := r.read(); err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	if r.grid.Rows == 0 {
		return nil, fmt.Errorf("reading %s: %w: no text in it", name, ErrEmpty)
	}
	format := "csv"
	if r.sep == '\t' {
		format = "tsv"
	}
	return &Book{Format: format, Sheets: []*Grid{r.grid}}, nil
}

// findSeparator returns the separator that cuts most of the first lines into
// the same number of fields, the more fields the better.
func findSeparator(name string, text []byte, gb bool) byte {
	if len(text) > 4 && bytes.EqualFold(text[:4], []byte("sep=")) { // Excel's own directive
		return text[4]
	}
	candidates := []byte("\t,;|")
	if strings.HasSuffix(strings.ToLower(name), ".csv") {
		candidates = []byte(",\t;|")
	}
	const sampleBytes, sampleLines = 256 << 10, 500
	sample := text[:min(len(text), sampleBytes)]
	lines := map[[2]int]int{} // (candidate, separators in a line) → lines
	var counts [4]int
	quoted, seen := false, 0
	for i := 0; i < len(sample) && seen < sampleLines; i++ {
		switch c := sample[i]; {
		case c == '\n' || c == '\r':
			for k, n := range counts {
				lines[[2]int{k, n}]++
			}
			counts, quoted = [4]int{}, false
			seen++
		case c == '"':
			quoted = !quoted
		case gb && pair(sample[i:]):
			i++
		case !quoted:
			if k := bytes.IndexByte(candidates, c); k >= 0 {
				counts[k]++
			}
		}
	}
	for k, n := range counts { // the last line may lack its end
		lines[[2]int{k, n}]++
	}
	var best [4]int
	for place, n := range lines {
		best[place[0]] = max(best[place[0]], n*place[1])
	}
	sep := 0
	for k := range best {
		if best[k] > best[sep] {
			sep = k
		}
	}
	return candidates[sep]
}

// pair tells whether b starts with a two-byte code of GB18030, whose second
// byte may look like a separator.
func pair(b []byte) bool {
	return len(b) > 1 && b[0] > 0x80 && b[0] < 0xFF && b[1] >= 0x40 && b[1] != 0x7F && b[1] < 0xFF
}

// Classes of bytes while a field is scanned.
const (
	classStop   = 1 << iota // separator or line end
	classDecode             // the field is more than plain ASCII
)

type csvReader struct {
	data   []byte
	sep    byte
	gb     bool // the text is GB18030, else UTF-8
	limits Limits
	grid   *Grid

	class  [256]uint8
	cols   []csvColumn
	rows   int    // the most rows the file can have
	row    int    // the record being read
	fields int    // fields of the record above
	buf    []byte // a field without its doubled quotes, or decoded
}

// A csvColumn keeps recent texts of its column, so that a village's name stands
// in Strings once and not in every row. The cache is direct-mapped and given up
// where it does not pay.
type csvColumn struct {
	cells  []Cell
	recent []csvText
	asked  int
	hits   int
}

type csvText struct {
	start int // place in the data
	size  uint32
	index uint32
}

const (
	recentTexts = 2_048
	recentCols  = 256    // columns that get a cache
	recentTrial = 16_384 // questions after which a cache must have paid
)

func (r *csvReader) read() error {
	r.class['\n'], r.class['\r'], r.class[r.sep] = classStop, classStop, classStop
	r.class[0] = classDecode
	for c := 0x80; c < 0x100; c++ {
		r.class[c] = classDecode
	}
	r.rows = bytes.Count(r.data, []byte{'\n'}) + 1
	if bare := bytes.Count(r.data, []byte{'\r'}); bare >= r.rows {
		r.rows = bare + 1
	}
	return nil
}
