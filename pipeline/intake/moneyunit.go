package intake

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"fundtrace/pipeline/intake/column"
	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
)

// A moneyUnit is what stands around money of the unit it is in.
type moneyUnit struct {
	power int       // of ten, in yuan: 4 for 万元, -2 for 分
	how   table.How // how it is known
	told  bool      // something says it; 元 is assumed otherwise
	why   *trouble  // why it is a guess; nil where it is none
}

// What makes a unit a guess.
var (
	errUnits   = &trouble{"同时注明了不同的金额单位", "names different units of money"}
	errForeign = &trouble{"注明的是外币", "names a foreign currency"}
	errUnknown = &trouble{"注明的金额单位不能识别", "names a unit of money that is not known"}
)

// notes reads units of money by the words of labels.yaml.
var notes = newUnitNotes()

type unitNotes struct {
	power   map[string]int
	words   []string       // of power, the longest first
	item    *regexp.Regexp // one unit of a list, money or not, a rate too
	mark    *regexp.Regexp // what leads to a list: 单位：
	aim     *regexp.Regexp // as mark, where only money can follow
	in      *regexp.Regexp // 以万元为单位
	alone   *regexp.Regexp // 人民币万元, and nothing else
	ends    *regexp.Regexp // of a name or a header: …万元
	foreign *regexp.Regexp
}

func newUnitNotes() *unitNotes {
	u := labelWords.units
	money := slices.Collect(maps.Keys(u.Money))
	longest := func(a, b string) int {
		if n := len(b) - len(a); n != 0 {
			return n
		}
		return strings.Compare(a, b)
	}
	slices.SortFunc(money, longest)
	other := slices.Clone(u.Other)
	slices.SortFunc(other, longest)
	of, thing := "(?:"+strings.Join(money, "|")+")", "(?:"+strings.Join(other, "|")+")"
	yuan := `(?:(?:人民币|RMB|CNY|[¥￥]) ?[:(\[]? ?)?`
	return &unitNotes{
		power:   u.Money,
		words:   money,
		item:    regexp.MustCompile(`^` + yuan + `(` + of + `)((?:[/.每]` + thing + `)*)|^` + thing + `(?:[/.]` + thing + `)*`),
		mark:    regexp.MustCompile(`(?:单 ?位|單 ?位|金 ?额|币种|货币|人民币|RMB|UNIT)(?:名称)?[ :;,.\-=(\["“]*(?:(?:均?[为是以按]|皆为|一律为|统一为|都是) ?)?`),
		aim:     regexp.MustCompile(`(?:(?:金额|货币|资金|计价|计价货币)单位|币种)[ :;,(]*(?:[为是] ?)?`),
		in:      regexp.MustCompile(`[以按用]` + yuan + `(` + of + `)(?:[为作做计填列统])`),
		alone:   regexp.MustCompile(`^[ :(\[]*` + yuan + `(` + of + `)[ )\]]*$`),
		ends:    regexp.MustCompile(`(?:^|[^0-9.〇零一二两三四五六七八九十百千万亿几多余 ])[ _\-,:]*` + yuan + `(` + of + `)(?:版|表|单位)?[)\]]?$`),
		foreign: regexp.MustCompile(`^(?:` + strings.Join(u.Foreign, "|") + `)`),
	}
}

var colons = strings.NewReplacer("﹕", ":", "︰", ":", "∶", ":", "﹔", ";")

// foldNote is plain of a text that keeps a blank between its words.
func foldNote(t string) string {
	t = strings.Join(strings.FieldsFunc(t, blank), "\x00")
	t = colons.Replace(strings.ReplaceAll(plain(t), "\x00", " "))
	for _, w := range []string{"亿", "万", "千", "百", "十"} { // 万 元
		t = strings.ReplaceAll(t, w+" 元", w+"元")
	}
	return t
}

// A found is the units of money that a text names: of sums, of rates, and what
// makes them no units.
type found struct {
	sums, rates []int
	why         *trouble
}

func (f *found) add(power int, rate bool) {
	list := &f.sums
	if rate {
		list = &f.rates
	}
	if !slices.Contains(*list, power) {
		*list = append(*list, power)
	}
}

// unit returns what was found: of sums where there are any. Two are a guess.
func (f *found) unit(how table.How) moneyUnit {
	list := f.sums
	if len(list) == 0 {
		list = f.rates
	}
	switch {
	case len(list) > 1:
		return moneyUnit{power: list[0], how: table.Guessed, told: true, why: errUnits}
	case len(list) == 1:
		return moneyUnit{power: list[0], how: how, told: true}
	case f.why != nil:
		return moneyUnit{how: table.Guessed, told: true, why: f.why}
	}
	return moneyUnit{}
}

// of notes what a text around a table says of the unit of its money: 单位：户、
// 人、万元, 以万元为单位, （万元）.
func (f *found) of(text string) {
	t := foldNote(text)
	if m := notes.alone.FindStringSubmatch(t); m != nil {
		f.add(notes.power[m[1]], false)
		return
	}
	for _, m := range notes.mark.FindAllStringIndex(t, -1) {
		f.list(t[m[1]:])
	}
	for _, m := range notes.in.FindAllStringSubmatch(t, -1) {
		f.add(notes.power[m[1]], false)
	}
	for rest := t; ; { // (万元), (人、万元): a rate in brackets is that of a standard
		i := strings.IndexAny(rest, "([")
		if i < 0 {
			break
		}
		rest = rest[i+1:]
		if end := strings.IndexAny(rest, ")]"); end >= 0 {
			var in found
			if in.list(rest[:end]) {
				for _, p := range in.sums {
					f.add(p, false)
				}
			}
		}
	}
	if len(f.sums)+len(f.rates) == 0 && f.why == nil {
		if m := notes.aim.FindStringIndex(t); m != nil {
			switch rest := t[m[1]:]; {
			case notes.foreign.MatchString(rest):
				f.why = errForeign
			case strings.HasSuffix(strings.TrimRight(t[:m[1]], " :;,(为是"), "单位") && rest != "" && !f.list(rest):
				f.why = errUnknown
			}
		}
	}
}

// list notes the money among the units that a text begins with; ok is false
// where it begins with none.
func (f *found) list(t string) (ok bool) {
	var in found
	for {
		m := notes.item.FindStringSubmatch(t)
		if m == nil {
			break
		}
		rest := t[len(m[0]):]
		if !ended(rest) {
			return false
		}
		ok = true
		if m[1] != "" {
			in.add(notes.power[m[1]], m[2] != "")
		}
		next := strings.TrimLeft(rest, " ,/;和及与或|.+&")
		if t = next; next == rest {
			break
		}
	}
	for _, p := range in.sums {
		f.add(p, false)
	}
	for _, p := range in.rates {
		f.add(p, true)
	}
	return ok
}

// ended reports whether a unit ends where rest begins: 元宝乡 is a town.
func ended(rest string) bool {
	r, n := utf8.DecodeRuneInString(rest)
	if n == 0 || !han(r) || strings.ContainsRune("和及与或为", r) {
		return true
	}
	if strings.HasPrefix(rest, "单位") || strings.HasPrefix(rest, "整") {
		return true
	}
	for k, colon := range rest {
		if colon == ':' {
			w, start := labelBefore(rest[:k])
			return w != "" && start == 0 || containsAny(rest[:k+1], signWords)
		}
	}
	return false
}

// ofName notes what a name says, of a sheet, a file or a folder: 拨付台账万元.
func (f *found) ofName(name string) {
	f.of(name)
	if len(f.sums)+len(f.rates) > 0 {
		return
	}
	if m := notes.ends.FindStringSubmatch(foldNote(name)); m != nil && utf8.RuneCountInString(m[1]) > 1 {
		f.why = nil
		f.add(notes.power[m[1]], false)
	}
}

// ofHeader returns the unit of money that a heading names, its lowest level
// first: 金额（万元）, 补助资金/万元.
func ofHeader(h *column.Heading) moneyUnit {
	levels := strings.Split(foldNote(h.Text), "/")
	for i := len(levels) - 1; i >= 0; i-- {
		var f found
		t := levels[i]
		if i+1 < len(levels) && len(levels[i+1]) > 0 && strings.HasPrefix(levels[i+1], "人") { // 元/人
			t += "/" + levels[i+1]
		}
		for rest := t; ; {
			at := strings.IndexAny(rest, "([<")
			if at < 0 {
				break
			}
			rest = rest[at+1:]
			in := rest
			if end := strings.IndexAny(rest, ")]>"); end >= 0 {
				in = rest[:end]
			}
			in = strings.TrimSpace(notes.mark.ReplaceAllString(in, ""))
			if notes.foreign.MatchString(in) {
				f.why = errForeign
			}
			f.list(in)
		}
		if len(f.sums)+len(f.rates) == 0 && f.why == nil {
			if m := notes.alone.FindStringSubmatch(t); m != nil {
				f.add(notes.power[m[1]], false)
			} else if m := notes.ends.FindStringSubmatch(t); m != nil && utf8.RuneCountInString(m[1]) > 1 {
				f.add(notes.power[m[1]], false)
			}
		}
		if u := f.unit(table.Stated); u.told {
			return u
		}
	}
	if h.Unit != column.NoUnit {
		return moneyUnit{power: h.Unit, told: true}
	}
	return moneyUnit{}
}

// noteTexts returns the texts of a row of cells; a label without its value, 单位：
// or 单位, has that of the next cell that is filled behind it.
func noteTexts(cells []string) []string {
	var out []string
	for c, t := range cells {
		if t == "" {
			continue
		}
		w := strings.TrimRight(plain(t), ":;")
		if labelWords.money[w] {
			if next := slices.IndexFunc(cells[c+1:], func(s string) bool { return s != "" && s != t }); next >= 0 {
				t = w + ":" + cells[c+1+next]
			}
		}
		out = append(out, t)
	}
	return out
}

// sheetUnit returns the unit of money that a mapping, the titles of a table or the
// names state.
func (s *sheetReader) sheetUnit(from, head int, set *setting) moneyUnit {
	if s.override != nil && s.override.Unit != "" {
		return moneyUnit{power: notes.power[s.override.Unit], told: true}
	}
	var f found
	for r := from; r < head; r++ {
		for _, t := range noteTexts(s.rowTexts(r)) {
			f.of(t)
		}
	}
	if u := f.unit(table.Labelled); u.told {
		return u
	}
	for _, t := range set.sources()[len(set.titles):] {
		var f found
		f.ofName(t)
		if u := f.unit(table.Inherited); u.told && u.why != errUnknown {
			return u
		}
	}
	return moneyUnit{}
}

// unitColumn returns the column that says the unit of money of each row, under a
// heading like 单位, or -1.
func (s *sheetReader) unitColumn(l *layout) int {
	const tried = 50
	for c := range l.heads {
		levels := strings.Split(l.heads[c].Text, "/")
		if !labelWords.money[plain(levels[len(levels)-1])] {
			continue
		}
		n, money := 0, 0
		for r := l.data(); r < s.g.Rows && n < tried; r++ {
			if cell := s.g.At(r, c); cell.Kind() == sheet.KindText {
				n++
				if notes.alone.MatchString(foldNote(s.in.text(cell.Index()))) {
					money++
				}
			}
		}
		if money > 0 && 2*money >= n {
			return c
		}
	}
	return -1
}

// units fills in what is known of the unit of each column's money.
func (s *sheetReader) units(l *layout, set *setting) {
	l.unit, l.unitColumn = s.sheetUnit(l.from, l.head, set), s.unitColumn(l)
	l.units = make([]moneyUnit, len(l.heads))
	for c := range l.heads {
		l.units[c] = ofHeader(&l.heads[c])
	}
	if l.unitColumn >= 0 { // its first word stands for rows that leave it out
		for r := l.data(); r < s.g.Rows; r++ {
			if p, ok := s.unitAt(l, r); ok {
				l.unit = moneyUnit{power: p, told: true}
				break
			}
		}
	}
	s.nameUnits(l)
}

// nameUnits notes the units that the account shows.
func (s *sheetReader) nameUnits(l *layout) {
	for c := range l.uses {
		u := &l.uses[c]
		if i := l.schema.Field(u.Field); i >= 0 && l.schema.Fields[i].Type == table.Money || u.Field == partIn || u.Field == partOut {
			u.Unit = unitName(l.power(c))
		}
	}
}

// unitAt returns the unit of money that row r names in a column of its own.
func (s *sheetReader) unitAt(l *layout, r int) (power int, ok bool) {
	cell := s.g.At(r, l.unitColumn)
	if cell.Kind() != sheet.KindText {
		return 0, false
	}
	m := notes.alone.FindStringSubmatch(foldNote(s.in.text(cell.Index())))
	if m == nil {
		return 0, false
	}
	return notes.power[m[1]], true
}

// powerAt returns the power of ten of column c's money unit in row r.
func (s *sheetReader) powerAt(l *layout, c, r int) int {
	if l.unitColumn >= 0 && !l.units[c].told {
		if p, ok := s.unitAt(l, r); ok {
			return p
		}
	}
	return l.power(c)
}

// unitBelow takes the unit of money from the notes below a table whose top says
// none.
func (t *binner) unitBelow() {
	if t.l.unit.told {
		return
	}
	var f found
	for r := t.l.data(); r < t.end; r++ {
		if b := t.bins[r-t.l.from]; b == Note || b == Header {
			for _, text := range noteTexts(t.rowTexts(r)) {
				f.of(text)
			}
		}
	}
	if t.l.unit = f.unit(table.Labelled); t.l.unit.told {
		t.nameUnits(t.l)
	}
}

// unitOf returns the unit of column c's money: its own, or the table's.
func (l *layout) unitOf(c int) moneyUnit {
	if u := l.units[c]; u.told {
		return u
	}
	return l.unit
}

// power returns the power of ten of column c's money unit.
func (l *layout) power(c int) int { return l.unitOf(c).power }

// unitName names a unit of money.
func unitName(power int) string { return labelWords.units.names[power] }
