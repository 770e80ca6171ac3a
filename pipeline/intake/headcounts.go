package intake

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"fundtrace/pipeline/table"
)

var (
	headCount = regexp.MustCompile(`(\d{1,8})(人|户)`)
	// Who signs is no head of the list: 经办人:2人签字.
	signers = regexp.MustCompile(`(经办|经手|制表|审核|复核|填报|填表|负责)人:?\d+人|\d+人(签|盖)`)
)

// countIn returns the heads or households that a text states, or 0.
func countIn(text, of string) int64 {
	text = signers.ReplaceAllString(strings.ReplaceAll(plain(text), ",", ""), "")
	for _, m := range headCount.FindAllStringSubmatchIndex(text, -1) {
		next, _ := utf8.DecodeRuneInString(text[m[1]:])
		if text[m[4]:m[5]] != of || m[0] > 0 && digits(text[m[0]-1:m[0]]) || strings.ContainsRune("次民均口以户月份名号主籍头型", next) {
			continue
		}
		n, _ := strconv.ParseInt(text[m[2]:m[3]], 10, 64)
		return n
	}
	return 0
}

// checkHeads compares the head counts that titles, totals and footers state with
// the rows.
func (t *binner) checkHeads(c *chunk) {
	switch t.l.schema {
	case table.Payment, table.Member, table.Register:
	default:
		return
	}
	heads := c.heads()
	fewest, most := c.households(heads)
	for r := t.l.from; r < t.end; r++ {
		bin := t.bins[r-t.l.from]
		if bin != Header && bin != Total && bin != Note || r >= t.l.head && r < t.l.data() {
			continue
		}
		for _, text := range t.rowTexts(r) {
			if len(text) > 150 {
				continue
			}
			if n := countIn(text, "人"); n > 0 {
				c.statements = append(c.statements, statement{row: r + 1, what: "headcount", label: text, stated: n, computed: t.headsFor(c, r, bin, n, heads)})
			} else if n := countIn(text, "户"); n > 0 && bin != Total {
				c.statements = append(c.statements, statement{row: r + 1, what: "headcount", label: text, stated: n, computed: min(max(n, fewest), most)})
			}
		}
	}
}

// headsFor returns the rows that a head count in row r is about: for a subtotal
// those of its block where they agree, else all.
func (t *binner) headsFor(c *chunk, r int, bin Bin, stated, all int64) int64 {
	if bin != Total {
		return all
	}
	k := slices.IndexFunc(t.totals, func(k totalRow) bool { return k.row == r && k.group < 0 })
	before := t.l.data() - 1
	if k > 0 {
		before = t.totals[k-1].row
	}
	count := func(from int) int64 { // rows after from and before r, both from 0
		lo, _ := slices.BinarySearch(c.rows, int32(from+2))
		hi, _ := slices.BinarySearch(c.rows, int32(r+1))
		n := c.people(lo, hi)
		for _, rej := range c.rejects {
			if rej.Row-1 > from && rej.Row-1 < r {
				n++
			}
		}
		return n
	}
	block := count(before)
	if block == stated || k >= 0 && t.totals[k].sub {
		return block
	}
	if upTo := count(t.l.data() - 1); upTo > 0 {
		return upTo
	}
	return all
}

// people counts whom lines from..to-1 list: of a sum in several columns one a row.
func (c *chunk) people(from, to int) int64 {
	if !c.spread {
		return int64(to - from)
	}
	return int64(len(slices.Compact(slices.Clone(c.rows[from:to]))))
}

// heads counts the people a table lists, rejected rows among them.
func (c *chunk) heads() int64 {
	return c.people(0, c.table.Len()) + int64(len(c.rejects))
}

// households tells of how few and how many households the lines of so many heads
// may be: as many as it numbers, else no fewer than it names heads of and no
// more than it has lines.
func (c *chunk) households(heads int64) (fewest, most int64) {
	if c.table.Has("household_id") {
		_, dict := c.table.Words("household_id")
		return int64(len(dict)), int64(len(dict))
	}
	fewest = 1
	if c.table.Has("head_name") {
		_, dict := c.table.Words("head_name")
		fewest = max(1, int64(len(dict)))
	}
	return min(fewest, heads), heads
}

// fileHeads compares the head count in a file's name with the people of its
// tables; ok is false where the name states none.
func fileHeads(name string, chunks []*chunk) (s statement, at *chunk, ok bool) {
	n := countIn(name, "人")
	if n == 0 {
		return s, nil, false
	}
	var people int64
	for _, c := range chunks {
		if c.table == nil {
			continue
		}
		switch c.table.Schema() {
		case table.Payment, table.Member, table.Register:
			if at == nil {
				at = c
			}
			people += c.heads()
		}
	}
	if at == nil {
		return s, nil, false
	}
	return statement{row: at.account.HeaderRow, what: "headcount", label: name, stated: n, computed: people}, at, true
}
