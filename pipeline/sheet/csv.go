package sheet

import (
	"bytes"
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
// A quote opens a field only as its first character, and only where the next
// quote that is not doubled closes it: stands before a separator, a line end or
// the end of the file. Any other quote, one that nothing closes above all, is an
// ordinary character: at worst one line is cut oddly, with nothing lost, and the
// lines below are read as they stand. So is a quote that would swallow more than
// a cell can hold, or whole lines shaped like the record above it.
func readCSV(name string, data []byte, opt Options) (*Book, error) {
	enc, text := findEncoding(data)
	if enc == encUTF16LE || enc == encUTF16BE {
		text = fromUTF16(text, enc)
	}
	text = bytes.TrimSuffix(text, []byte{0x1A}) // the end mark of DOS
	r := csvReader{
		data: text, gb: enc == encGB18030, limits: opt.Limits.orDefault(),
		grid: &Grid{},
	}
	r.sep = findSeparator(name, text, r.gb)
	if err := r.read(); err != nil {
		return nil, err
	}
	if r.grid.Rows == 0 {
		return nil, fmt.Errorf("%w: no text in it", ErrEmpty)
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
	candidates := []byte("\t,;|")
	if strings.HasSuffix(strings.ToLower(name), ".csv") {
		candidates = []byte(",\t;|")
	}
	if len(text) > 4 && bytes.EqualFold(text[:4], []byte("sep=")) && bytes.IndexByte(candidates, text[4]) >= 0 {
		return text[4] // Excel's own directive
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
	pos    int    // where the field being read starts
	row    int    // index of the record being read
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
	recentCols  = 256    // columns that get a cache,
	recentRows  = 100    // in a file of so many lines
	recentTrial = 16_384 // questions after which a cache must have paid
)

func (r *csvReader) read() error {
	r.class['\n'], r.class['\r'], r.class[r.sep] = classStop, classStop, classStop
	r.class[0] = classDecode
	for c := 0x80; c < 0x100; c++ {
		r.class[c] = classDecode
	}
	r.rows = 1 + bytes.Count(r.data, []byte{'\n'}) + bytes.Count(r.data, []byte{'\r'}) - bytes.Count(r.data, []byte("\r\n"))
	r.grid.Strings = &Strings{Bytes: make([]byte, 0, 64<<10), Offsets: append(make([]uint32, 0, 16<<10), 0)}
	for ; r.pos < len(r.data); r.row++ {
		if r.row >= r.limits.Rows {
			return over(LimitRows, int64(r.limits.Rows), "more than %d rows (Limits.Rows); split the file", r.limits.Rows)
		}
		next, err := r.record(r.pos)
		if err != nil {
			return fmt.Errorf("row %d: %w", r.row+1, err)
		}
		r.pos = next
	}
	for i := range r.cols {
		r.grid.Cols = append(r.grid.Cols, r.cols[i].cells[:r.grid.Rows:r.grid.Rows])
	}
	return nil
}

// record reads the record at pos and returns the place of the next.
func (r *csvReader) record(pos int) (int, error) {
	data, class := r.data, &r.class
	pairs := r.gb && r.sep >= 0x40
	for col := 0; ; col++ {
		start, seen, quoted := pos, uint8(0), false
		r.pos = pos
		if pos < len(data) {
			open := pos
			if data[pos] == '=' && pos+1 < len(data) {
				open++
			}
			if data[open] == '"' {
				text, place, next, ok := r.quoted(open)
				if ok {
					if err := r.put(col, text, place, classDecode); err != nil {
						return 0, err
					}
					pos, quoted = next, true
				}
			}
		}
		if !quoted {
			for pos < len(data) {
				k := class[data[pos]]
				if k&classStop != 0 {
					break
				}
				seen |= k
				if pairs && pair(data[pos:]) {
					pos++
				}
				pos++
			}
			if pos > start {
				if err := r.put(col, data[start:pos], start, seen); err != nil {
					return 0, err
				}
			}
		}
		if pos < len(data) && data[pos] == r.sep {
			pos++
			continue
		}
		r.fields = col + 1
		if pos < len(data) { // at a line end
			if data[pos] == '\r' && pos+1 < len(data) && data[pos+1] == '\n' {
				pos++
			}
			pos++
		}
		return pos, nil
	}
}

// quoted reads the quoted field that opens at pos. It returns the text between
// the quotes, good until the next call, its place in the data (-1 where it does
// not stand there as it is) and the place after the field; ok is false when the
// quote is an ordinary character. A scan that fails reached no quote that could
// open another, so all scans together read the data once.
func (r *csvReader) quoted(pos int) (text []byte, place, next int, ok bool) {
	data := r.data[:min(len(r.data), pos+2+maxQuoted)]
	r.buf = r.buf[:0]
	start := pos + 1
	for from := start; ; {
		i := bytes.IndexByte(data[from:], '"')
		if i < 0 {
			return nil, 0, 0, false
		}
		end := from + i
		if end+1 < len(data) && data[end+1] == '"' {
			r.buf = append(r.buf, data[from:end+1]...)
			from = end + 2
			continue
		}
		next = end + 1
		for next < len(r.data) && r.data[next] == ' ' {
			next++
		}
		if next < len(r.data) && r.class[r.data[next]]&classStop == 0 {
			return nil, 0, 0, false
		}
		if r.swallows(data[start:end]) {
			return nil, 0, 0, false
		}
		if from == start {
			text, place = data[start:end], start
		} else {
			r.buf = append(r.buf, data[from:end]...)
			text, place = r.buf, -1
		}
		break
	}
	if inner, found := bytes.CutPrefix(text, []byte(`="`)); found && bytes.HasSuffix(inner, []byte(`"`)) {
		text = bytes.ReplaceAll(inner[:len(inner)-1], []byte(`""`), []byte(`"`))
		place = -1
	}
	return text, place, next, true
}

// swallows tells whether the text between two quotes holds two whole lines with
// as many separators as the record above, which has five fields or more: then
// the quotes are no pair, and these lines are records.
func (r *csvReader) swallows(text []byte) bool {
	if r.fields < 5 {
		return false
	}
	alike := 0
	for first := true; ; first = false {
		i := bytes.IndexAny(text, "\r\n")
		if i < 0 {
			return false
		}
		if !first && bytes.Count(text[:i], []byte{r.sep}) == r.fields-1 {
			if alike++; alike == 2 {
				return true
			}
		}
		text = text[i+1:]
	}
}

// put stores a field of the record. start is its place in the data, or -1 when
// it stands there in another form.
func (r *csvReader) put(col int, raw []byte, start int, seen uint8) error {
	if len(raw) == 0 {
		return nil
	}
	for len(r.cols) <= col {
		if err := r.addColumn(); err != nil {
			return err
		}
	}
	c := &r.cols[col]
	var slot *csvText
	if start >= 0 && c.recent != nil {
		if c.asked++; c.asked == recentTrial {
			if c.hits*8 < c.asked {
				c.recent = nil
			}
			c.asked, c.hits = 0, 0
		}
		if c.recent != nil {
			slot = &c.recent[hashText(raw)%recentTexts]
			if int(slot.size) == len(raw) && bytes.Equal(r.data[slot.start:slot.start+len(raw)], raw) {
				c.hits++
				slot.start = start // the nearer one is still in the processor's cache
				c.cells[r.row] = TextCell(slot.index)
				r.grid.Rows = r.row + 1
				return nil
			}
		}
	}
	texts := r.grid.Strings
	if cap(texts.Bytes)-len(texts.Bytes) < 3*len(raw) || cap(texts.Offsets) == len(texts.Offsets) {
		r.grow(3 * len(raw))
	}
	before := len(texts.Bytes)
	switch {
	case seen&classDecode == 0:
		texts.Bytes = append(texts.Bytes, raw...)
	case r.gb:
		texts.Bytes = appendGB18030(texts.Bytes, raw)
	default:
		texts.Bytes = appendUTF8(texts.Bytes, raw)
	}
	if len(texts.Bytes) == before {
		return nil
	}
	if int64(len(texts.Bytes)) > r.limits.Strings || len(texts.Bytes) > math.MaxUint32 {
		most := min(r.limits.Strings, math.MaxUint32)
		return over(LimitStrings, most, "more than %d bytes of text (Limits.Strings); split the file", most)
	}
	texts.Offsets = append(texts.Offsets, uint32(len(texts.Bytes)))
	index := uint32(len(texts.Offsets) - 2)
	c.cells[r.row] = TextCell(index)
	r.grid.Rows = r.row + 1
	if slot != nil {
		*slot = csvText{start: start, size: uint32(len(raw)), index: index}
	}
	return nil
}

// grow makes room for n more bytes of text and for one more text: as much as the
// rest of the data will need at the rate so far, because copying the table again
// and again would cost more than decoding it.
func (r *csvReader) grow(n int) {
	texts := r.grid.Strings
	rest := 1.05 * float64(len(r.data)-r.pos) / float64(r.pos+1)
	texts.Bytes = slices.Grow(texts.Bytes, n+int(min(rest*float64(len(texts.Bytes)), 3*float64(len(r.data)))))
	texts.Offsets = slices.Grow(texts.Offsets, 1+int(min(rest*float64(len(texts.Offsets)), float64(len(r.data)))))
}

func (r *csvReader) addColumn() error {
	n := len(r.cols) + 1
	if n > r.limits.Cols {
		return over(LimitCols, int64(r.limits.Cols), "more than %d columns (Limits.Cols); is it a table?", r.limits.Cols)
	}
	if int64(n)*int64(r.rows) > r.limits.Cells {
		return over(LimitCells, r.limits.Cells, "%d columns × %d lines are more than %d cells (Limits.Cells); split the file", n, r.rows, r.limits.Cells)
	}
	c := csvColumn{cells: make([]Cell, r.rows)}
	if n <= recentCols && r.rows >= recentRows {
		c.recent = make([]csvText, recentTexts)
	}
	r.cols = append(r.cols, c)
	return nil
}

// hashText mixes a text's length and its first and last eight bytes, which is
// enough for a cache.
func hashText(b []byte) uint32 {
	var head, tail uint64
	if n := len(b); n >= 8 {
		head, tail = binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[n-8:])
	} else {
		for _, c := range b {
			head = head<<8 | uint64(c)
		}
	}
	h := (head*0x9E3779B97F4A7C15 ^ tail + uint64(len(b))) * 0xD6E8FEB86659FD93
	return uint32(h >> 40)
}
