package intake

import (
	"regexp"
	"slices"
	"strings"

	"fundtrace/pipeline/intake/column"
	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
)

// A spread is one sum that stands in several columns abreast: by month or
// quarter, by program, or by the source of the money. Rows are unpivoted to a
// line a column; the shares of several sources are added up, and so are months
// of no year.
type spread struct {
	cols     []int
	periods  []table.Period // of each column, where they are periods whose year is known
	around   []bool         // whether a period's year stands around the table
	programs []string       // of each column, where they are programs
	total    int            // the column of their sum; -1 for none
}

// spreadOf finds the sum that stands abreast under heads, or returns nil.
func (s *sheetReader) spreadOf(heads []column.Heading, data int, set *setting) *spread {
	var months, programs, sources spread
	named := set.policy.Program(set.program()) != nil
	known := 0
	year := set.year()
	for c := range heads {
		h := &heads[c]
		if _, pinned := s.override.field(h); pinned || h.Text == "" || !s.sums(c, data) {
			continue
		}
		levels := strings.Split(h.Text, "/")
		last := column.WithoutBrackets(levels[len(levels)-1])
		if p, own := headPeriod(levels); p != 0 {
			if !own {
				if p = inYear(p, year); year == 0 {
					p = 0
				}
			}
			months.cols, months.periods, months.around = append(months.cols, c), append(months.periods, p), append(months.around, !own)
		} else if prog := set.policy.Program(last); prog != nil || programEnd.FindString(last) == last && !sumOf.MatchString(last) {
			programs.cols, programs.programs = append(programs.cols, c), append(programs.programs, last)
			if prog != nil {
				known++
			}
		} else if sourceHead.MatchString(last) {
			sources.cols = append(sources.cols, c)
		}
	}
	var sp *spread
	switch {
	case len(months.cols) > 1 && alike(months.periods):
		sp = &months
	case len(programs.cols) > 1 && known > 1 && !named:
		sp = &programs
	case len(sources.cols) > 1:
		sp = &sources
	default:
		return nil
	}
	if slices.Contains(sp.periods, 0) { // lines that nothing tells apart would look like one payment made twice
		sp.periods, sp.around = nil, nil
	}
	sp.total = s.totalOf(sp.cols, heads, data)
	return sp
}

// Words of headers: a sum's that is no program's, and where money comes from.
// What a household pays itself is no part of what it is paid.
var (
	sumOf      = regexp.MustCompile(`^(应发|实发|本次|本月|本期|个人|家庭|人均|户均|每月|月|年|发放|申请|核定|合计|累计|财政|政府|各级|中央|省级?|自治区|市级?|县级?|区级?)*(生活)?(补贴|补助|奖补|补偿|救助|津贴|资金)$`)
	sourceHead = regexp.MustCompile(`^(其中:?)?(中央|省|自治区|市|州|县|区|乡镇|镇|本级|上级|地方)(级|本级|直)?(财政)?(专项|配套|统筹|安排|承担|补助|补贴|扶贫|衔接)*(资金|补助|补贴|部分|配套)?(金额|款)?$`)
	periodWord = regexp.MustCompile(`^(补贴|补助|发放|应发|实发|金额|资金|工资|款|额|数)+|(补贴|补助|发放|应发|实发|金额|资金|工资|款|额|数)+$`)
)

// headPeriod returns the month, quarter or half year that a header speaks of, in
// the year 2000 where it names none; own tells whether it does. A year counts
// beside others only, and not the whole one.
func headPeriod(levels []string) (p table.Period, own bool) {
	year := 0
	for _, l := range levels {
		l = figures(column.WithoutBrackets(l))
		l = periodWord.ReplaceAllString(l, "")
		if m := yearForm.FindStringSubmatch(l); m != nil && len(l) > 4 {
			if y, err := parsePeriod(m[1], 0); err == nil {
				year = y.Year()
			}
			continue
		}
		if !strings.ContainsAny(l, "月季半") || strings.ContainsAny(l, "日") {
			continue
		}
		if q, err := parsePeriod(l, 0); err == nil {
			return q, true
		}
		if q, err := parsePeriod(l, 2000); err == nil && q.To()-q.From() < 11 {
			p = q
		}
	}
	if p != 0 && year != 0 {
		return inYear(p, year), true
	}
	return p, false
}

// inYear moves a period to another year.
func inYear(p table.Period, year int) table.Period {
	shift := 12 * (year - p.Year())
	return table.MonthsOf(p.From()+shift, p.To()+shift)
}

// alike reports whether periods are different and of one length.
func alike(list []table.Period) bool {
	for i, p := range list {
		if p.To()-p.From() != list[0].To()-list[0].From() || p != 0 && slices.Contains(list[:i], p) {
			return false
		}
	}
	return true
}

// sums reports whether column c holds amounts, or nothing at all.
func (s *sheetReader) sums(c, data int) bool {
	filled, good := 0, 0
	for r := data; r < s.g.Rows && filled < column.SampleSize; r++ {
		cell := s.g.At(r, c)
		v, _, err := s.money(cell, 0)
		if err == errBlank {
			continue
		}
		filled++
		if err == nil && cell.Kind() != sheet.KindDate && v < 1e12 { // less than a phone's number
			good++
		}
	}
	return 10*good >= 7*filled
}

// totalOf returns the column that holds the sum of the others in nearly every
// row, of two rows at least, or is called so and does in half of them; or -1.
func (s *sheetReader) totalOf(cols []int, heads []column.Heading, data int) int {
	for c := len(heads) - 1; c >= 0; c-- {
		if heads[c].Text == "" || slices.Contains(cols, c) {
			continue
		}
		seen, right := 0, 0
		for r := data; r < s.g.Rows && seen < column.SampleSize; r++ {
			whole, _, err := s.money(s.g.At(r, c), 0)
			if err != nil || whole == 0 {
				continue
			}
			seen++
			if whole == s.added(r, cols) {
				right++
			}
		}
		called := column.IsSum(heads[c].Text)
		if seen > 1 && 10*right >= 8*seen || called && 2*right >= seen && right > 0 {
			return c
		}
	}
	return -1
}

// added returns the sum of a row's cells, what is no amount left out.
func (s *sheetReader) added(r int, cols []int) int64 {
	var sum int64
	for _, c := range cols {
		if v, _, err := s.money(s.g.At(r, c), 0); err == nil {
			sum += v
		}
	}
	return sum
}

// unpivots reports whether each of the columns makes a line of its own.
func (sp *spread) unpivots() bool { return sp.periods != nil || sp.programs != nil }

// cover returns the headings as they are when the sum stands in one column: the
// total's of sources, else the first; the other columns of the spread are none.
func (sp *spread) cover(heads []column.Heading) []column.Heading {
	out := slices.Clone(heads)
	for _, c := range append(slices.Clone(sp.cols), sp.total) {
		if c >= 0 {
			out[c] = noHeading()
		}
	}
	keep := sp.cols[0]
	if !sp.unpivots() && sp.total >= 0 {
		keep = sp.total
	}
	out[keep] = column.Builtin().Heading([]string{"金额"})
	out[keep].Unit = heads[keep].Unit
	return out
}

// besides reports whether a layout has a sum by its header beside the spread's
// columns: then they are shares of it, or something else.
func (sp *spread) besides(l *layout) bool {
	if l == nil || l.schema != table.Payment {
		return false
	}
	c := l.col("amount", 0)
	return c >= 0 && c != sp.total && !slices.Contains(sp.cols, c) && l.uses[c].How != string(column.ByGuess)
}

// uncover returns the headings without the spread's columns, where they are
// shares of nothing: days worked, a month each, beside a sum.
func (sp *spread) uncover(heads []column.Heading) []column.Heading {
	out := slices.Clone(heads)
	for _, c := range sp.cols {
		out[c] = noHeading()
	}
	return out
}

// fitSpread fits the headings with the spread's columns taken for one, and
// returns nil where they make no roster so.
func (s *sheetReader) fitSpread(at layout, sp *spread, heads []column.Heading, set *setting) *layout {
	adds := !sp.unpivots() && sp.total < 0
	covered := sp.cover(heads)
	if adds {
		own := s.g
		defer func() { s.g = own }()
		s.g = s.withSum(sp, at.head+at.depth)
		sum := covered[sp.cols[0]]
		covered[sp.cols[0]] = noHeading()
		covered = append(covered, sum)
		texts := make([]string, len(sp.cols))
		for i, c := range sp.cols {
			texts[i] = heads[c].Text
		}
		named := sum
		named.Text = strings.Join(texts, "+")
		heads = append(slices.Clip(heads), named)
	}
	l, _ := s.fitAny(at, covered, set)
	if l == nil || l.schema != table.Payment || l.groups > 1 {
		return nil
	}
	c := l.col("amount", 0)
	if adds {
		if c != len(heads)-1 {
			return nil
		}
		for i := range l.uses {
			l.uses[i].Header = heads[i].Text
		}
		for _, c := range sp.cols {
			l.uses[c].Known = true
		}
		l.heads, l.grid = heads, s.g
		return l
	}
	if c < 0 || covered[c].Text != "金额" {
		return nil
	}
	sp.put(l, heads)
	return l
}

// put makes a layout of the headings that the spread covered one of the spread.
func (sp *spread) put(l *layout, heads []column.Heading) {
	l.heads = heads
	for _, c := range append(slices.Clone(sp.cols), sp.total) {
		if c < 0 {
			continue
		}
		l.uses[c] = ColumnUse{Column: columnName(c), Header: heads[c].Text, Known: true}
		if sp.unpivots() != (c == sp.total) {
			l.uses[c].Field, l.uses[c].How = "amount", string(column.ByHeader)
		}
	}
	if !sp.unpivots() {
		return
	}
	l.spread, l.groups, l.cols["amount"] = sp, len(sp.cols), sp.cols
	if sp.periods != nil {
		delete(l.inherited, "period")
	} else {
		delete(l.inherited, "program")
	}
}

// withSum returns a grid with one more column, the sum of the shares of several
// sources. What is no amount stands in its place.
func (s *sheetReader) withSum(sp *spread, data int) *sheet.Grid {
	sum := make([]sheet.Cell, s.g.Rows)
	for r := data; r < s.g.Rows; r++ {
		some := false
		for _, c := range sp.cols {
			cell := s.g.At(r, c)
			if _, _, err := s.money(cell, 0); err == nil {
				some = true
			} else if err != errBlank {
				sum[r] = cell
				break
			}
		}
		if some && sum[r] == sheet.Blank {
			if d, ok := sheet.ParseDecimal([]byte(table.Fen(s.added(r, sp.cols)).String())); ok {
				sum[r] = sheet.DecimalCell(sheet.KindNumber, d)
			}
		}
	}
	g := *s.g
	g.Cols = append(slices.Clip(g.Cols), sum)
	return &g
}

// A block is a group of columns that repeats across a sheet, as where two or
// three tables stand side by side.
type columnBlock struct{ from, width, count int }

// blocksOf finds the columns that repeat whole, with all their headers: two
// tables or more side by side. A blank column between them belongs to the one
// before. Its count is 0 for none.
func blocksOf(heads []column.Heading) columnBlock {
	last := len(heads) - 1
	for last >= 0 && heads[last].Text == "" {
		last--
	}
	from := 0
	for from <= last && heads[from].Text == "" {
		from++
	}
	for width := 3; 2*width-1 <= last-from+1; width++ {
		same, words := true, 0
		for c := from; c <= last && same; c++ {
			first := from + (c-from)%width
			same = heads[c].Text == heads[first].Text
			if c < from+width && heads[c].Text != "" {
				words++
			}
		}
		n := (last - from + 1 + width - 1) / width
		// The last block may lack the blank column behind it, and nothing else.
		short := n*width - (last - from + 1)
		for k := range short {
			same = same && heads[from+width-1-k].Text == ""
		}
		if same && words >= 3 && n > 1 {
			return columnBlock{from, width, n}
		}
	}
	return columnBlock{}
}

// cover returns the headings of the first block alone.
func (b columnBlock) cover(heads []column.Heading) []column.Heading {
	out := slices.Clone(heads)
	for c := b.from + b.width; c < len(out); c++ {
		out[c] = noHeading()
	}
	return out
}

// put makes a layout of the first block one of all.
func (b columnBlock) put(l *layout, heads []column.Heading) {
	for f, cols := range l.cols {
		all := make([]int, b.count)
		for g := range all {
			all[g] = cols[0] + g*b.width
		}
		l.cols[f] = all
	}
	for c := b.from + b.width; c < len(heads); c++ {
		l.uses[c] = l.uses[b.from+(c-b.from)%b.width]
		l.uses[c].Column, l.uses[c].Header = columnName(c), heads[c].Text
	}
	l.heads, l.groups, l.block = heads, b.count, b
}

// total returns the words by which a row is one of totals for table g, "" where
// it is none.
func (b columnBlock) total(texts []string, g int) string {
	if b.count == 0 {
		return ""
	}
	from := b.from + g*b.width
	for _, t := range texts[from:min(from+b.width, len(texts))] {
		if isTotal(t) {
			return t
		}
	}
	return ""
}
