package key

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/width"

	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// units is the directory of every unit that a run names, each under one dense
// code. A code is the same for all spellings of a unit.
type units struct {
	names []string          // code → canonical name
	code  map[string]uint32 // name as written → code
	// short[u] lists the full names that u, a name without its place, may stand
	// for; two or more, so that only context can tell.
	short map[uint32][]uint32
}

// newUnits reads the names of all unit columns. One unit's spellings are those
// that the policy lists together and those that differ in blanks, width and
// the usual abbreviations; the longest is its name, or the policy's. A name
// without its place (县财政局) is the one full name that ends with it, as long
// as the run is of one county; otherwise in decides by context.
func newUnits(set *table.Set, pol *policy.Policy) *units {
	alias := map[string]string{} // folded → canonical, of the policy
	for _, name := range slices.Sorted(maps.Keys(pol.Units)) {
		for _, other := range pol.Units[name] {
			alias[foldUnit(cleanUnit(other))] = name
		}
	}
	for name := range pol.Units {
		alias[foldUnit(cleanUnit(name))] = name
	}

	written := map[string]string{} // as written → folded
	best := map[string]string{}    // folded → canonical name
	for _, c := range parties {
		_, dict := set.Get(c.schema).Words(c.from)
		for _, w := range dict {
			if _, ok := written[w]; ok {
				continue
			}
			clean := cleanUnit(w)
			fold := foldUnit(clean)
			if name, ok := alias[fold]; ok {
				clean, fold = name, "="+name // apart from names that only look like it
				best[fold] = name
			}
			written[w] = fold
			if clean != "" && better(clean, best[fold]) {
				best[fold] = clean
			}
		}
	}
	u := &units{code: make(map[string]uint32, len(written)), short: map[uint32][]uint32{}}
	folds := slices.Sorted(maps.Keys(best))
	codeOf := make(map[string]uint32, len(folds))
	for _, f := range folds {
		codeOf[f] = uint32(len(u.names))
		u.names = append(u.names, best[f])
	}
	full := u.lengthen(folds, len(counties(set)) < 2)
	for w, f := range written {
		c, ok := codeOf[f]
		if !ok {
			c = none
		} else if full[c] != none {
			c = full[c]
		}
		u.code[w] = c
	}
	return u
}

// better reports whether spelling a goes before b: the longer, as the more
// official, then the first in order of text.
func better(a, b string) bool {
	return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b)) < 0 || b == ""
}

// counties returns the county names that rosters, registers and projects carry.
func counties(set *table.Set) []string {
	seen := map[string]bool{}
	for _, s := range []*table.Schema{table.Payment, table.Member, table.Works} {
		_, dict := set.Get(s).Words("county")
		for _, c := range dict {
			seen[squeeze(c)] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// lengthen finds what names without a place stand for: one full name, returned
// by code, or several, kept in short.
func (u *units) lengthen(folds []string, oneCounty bool) []uint32 {
	full := make([]uint32, len(folds))
	byEnd := map[string][]uint32{} // an office with none, or a part, of its place → full names
	for c, f := range folds {
		full[c] = none
		f = strings.TrimPrefix(f, "=")
		for i := range f {
			if i > 0 && shortens(f[i:], f) {
				byEnd[f[i:]] = append(byEnd[f[i:]], uint32(c))
			}
		}
	}
	for c, f := range folds {
		if strings.HasPrefix(f, "=") { // the policy has spoken
			continue
		}
		// A full name that is itself the short form of a fuller one (乙镇财政所 of
		// 甲县乙镇财政所) is not another unit.
		longest := byEnd[f]
		longest = slices.DeleteFunc(slices.Clone(longest), func(x uint32) bool {
			return len(byEnd[strings.TrimPrefix(folds[x], "=")]) > 0
		})
		switch {
		case len(longest) == 1 && oneCounty:
			full[c] = longest[0]
		case len(longest) > 0:
			u.short[uint32(c)] = longest
		}
	}
	return full
}

// column reads a column of units' names.
func (u *units) column(t *table.Table, name string) column {
	if !t.Has(name) {
		return column{}
	}
	codes, dict := t.Words(name)
	c := column{codes, make([]uint32, len(dict))}
	for i, w := range dict {
		c.to[i] = u.code[w]
	}
	return c
}

// meant returns the unit that a row means by the name c: of the ones that a name
// without its place may stand for the one of the row's county, else the one that
// occurs with the row's fund.
func (u *units) meant(c, county, fund uint32, counties *texts, with map[[2]uint32]bool) uint32 {
	if c == none || len(u.short[c]) == 0 {
		return c
	}
	if county != none {
		if found := u.in(c, func(f uint32) bool { return strings.HasPrefix(u.names[f], counties.list[county]) }); found != c {
			return found
		}
	}
	if fund == none {
		return c
	}
	return u.in(c, func(f uint32) bool { return with[[2]uint32{fund, f}] })
}

// in returns the unit that c means where only the units of context occur: the
// one of them that c may be short for, or c itself.
func (u *units) in(c uint32, context func(uint32) bool) uint32 {
	found := uint32(none)
	for _, f := range u.short[c] {
		if context(f) {
			if found != none {
				return c
			}
			found = f
		}
	}
	if found == none {
		return c
	}
	return found
}

// Suggest returns pairs of names in the tables that may be one unit, in order
// of name: a name without place that fits several units, and two offices of
// one place whose names differ by one character or by leaving some out. It is
// linear in the number of names but for offices of one place, compared pair by
// pair.
func Suggest(set *table.Set, pol *policy.Policy) []Suggestion {
	u := newUnits(set, pol)
	var out []Suggestion
	for c, fulls := range u.short {
		for _, f := range fulls {
			out = append(out, Suggestion{u.names[f], u.names[c], false})
		}
	}
	byPlace := map[string][][2]string{}
	for _, name := range u.names {
		place, office := splitPlace(foldUnit(name))
		if place != "" && !isFirm(name) {
			byPlace[place] = append(byPlace[place], [2]string{office, name})
		}
	}
	for _, offices := range byPlace {
		if len(offices) > maxOffices {
			continue
		}
		for i, a := range offices {
			for _, b := range offices[:i] {
				if alike(a[0], b[0]) {
					long, short := a[1], b[1]
					if better(short, long) {
						long, short = short, long
					}
					out = append(out, Suggestion{long, short, true})
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b Suggestion) int {
		return cmp.Or(strings.Compare(a.Unit, b.Unit), strings.Compare(a.Other, b.Other))
	})
	return out
}

// maxOffices bounds the offices of one place that are compared pair by pair; a
// place with more is a wrongly cut name.
const maxOffices = 200

// alike reports whether two office names may be one: the shorter is the longer
// with characters left out (财政 for 财政局), or one character differs and is
// not a numeral.
func alike(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) < len(y) {
		x, y = y, x
	}
	if len(y) < 2 || x[0] != y[0] {
		return false
	}
	if len(x) == len(y) {
		diff := 0
		for i := range x {
			if x[i] != y[i] {
				if strings.ContainsRune(numerals, x[i]) || strings.ContainsRune(numerals, y[i]) {
					return false
				}
				diff++
			}
		}
		return diff == 1 && len(x) > 2
	}
	i := 0
	for _, r := range x {
		if i < len(y) && y[i] == r {
			i++
		} else if strings.ContainsRune(numerals, r) {
			return false
		}
	}
	return i == len(y)
}

const numerals = "0123456789一二三四五六七八九十甲乙丙丁东西南北中上下"

// squeeze removes every blank and writes full-width forms as ASCII.
func squeeze(s string) string {
	return strings.Join(strings.Fields(halfWidth(s)), "")
}

// halfWidth writes full-width forms as ASCII.
func halfWidth(s string) string { return width.Fold.String(s) }

// bareNotes are brackets at the end of a unit's name that do not belong to it.
var bareNotes = regexp.MustCompile(`\((本级|机关|盖章|公章|章|汇总|代管)\)$`)

// cleanUnit returns a unit's name without blanks and trailing notes, brackets
// in the form official writing has them.
func cleanUnit(s string) string {
	s = strings.Trim(bareNotes.ReplaceAllString(squeeze(s), ""), ":;,.、。·-_")
	return strings.NewReplacer("(", "\uff08", ")", "\uff09").Replace(s)
}

// officeWords are the long and the short form of one office.
var officeWords = strings.NewReplacer(
	"人民政府财政", "财政", // 乙镇人民政府财政所
	"政府财政", "财政",
	"人民政府", "政府",
	"村民委员会", "村委会",
	"居民委员会", "居委会",
	"扶贫开发领导小组办公室", "扶贫办",
	"扶贫开发办公室", "扶贫办",
	"扶贫办公室", "扶贫办",
	"住房和城乡建设局", "住建局",
	"住房城乡建设局", "住建局",
	"农业农村局", "农业局",
	"民族事务局", "民族局",
	"街道办事处", "街道办",
	"有限责任公司", "有限公司",
)

// foldUnit returns what spellings of one unit have in common.
func foldUnit(clean string) string { return officeWords.Replace(clean) }

// levels end the name of a place.
const levels = "省区州市盟县旗镇乡村屯"

// splitPlace cuts a unit's name after the last level word that leaves an
// office behind it: 甲县乙镇财政所 is 甲县乙镇 and 财政所.
func splitPlace(fold string) (place, office string) {
	runes := []rune(fold)
	for i := len(runes) - 2; i > 0; i-- {
		if strings.ContainsRune(levels, runes[i]) {
			return string(runes[:i+1]), string(runes[i+1:])
		}
	}
	return "", fold
}

// publicEnds end the names of public bodies, which offices shorten among
// themselves.
var publicEnds = regexp.MustCompile(`(局|厅|办|办公室|所|站|中心|政府|委|委员会|村委会|居委会)$`)

// shortens reports whether short is full without the name of its place:
// 县财政局, or 财政局 of a county or above, for 甲县财政局; 乙镇财政所 for
// 甲县乙镇财政所; 广厦建筑公司, a name of its own, for 甲县广厦建筑公司.
func shortens(short, full string) bool {
	if len(short) >= len(full) || !strings.HasSuffix(full, short) {
		return false
	}
	prefix, runes := []rune(strings.TrimSuffix(full, short)), []rune(short)
	ofPlace := strings.ContainsRune("省州市县区盟旗", prefix[len(prefix)-1])
	const ownName = 6 // 百货公司 is of any place
	return (ofPlace || strings.ContainsRune(levels, runes[0])) && publicEnds.MatchString(short) ||
		ofPlace && len(runes) >= ownName && isFirm(short)
}

// A Suggestion is two names that may be one unit. To accept it, add Other to
// the names of Unit under `units` in the policy.
type Suggestion struct {
	Unit, Other string
	Near        bool // nearly the same name; else a short name that fits several units
}

// Why says in a language, zh or en, what makes the names one unit's.
func (s Suggestion) Why(lang string) string {
	switch {
	case lang == "en" && s.Near:
		return "nearly the same name"
	case lang == "en":
		return "a short name that fits several units"
	case s.Near:
		return "名称相近"
	}
	return "简称，可对应多个单位"
}
