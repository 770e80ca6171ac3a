package intake

import (
	"regexp"
	"slices"
	"unicode/utf8"

	"fundtrace/pipeline/table"
)

// address fills the places that have no column from one that holds addresses.
func (m *filler) address() {
	cells := m.cellsFor(partAddress)
	if cells == nil {
		return
	}
	w := table.Words{Codes: make([]uint32, len(cells))}
	m.in.reset()
	m.in.codes(cells, w.Codes)
	parts := make([]places, len(m.in.Dict))
	for i, s := range m.in.Dict {
		parts[i] = placesIn(s)
	}
	for level, f := range places4 {
		if m.l.schema.Field(f) < 0 || m.l.cols[f] != nil || m.inherits(f) {
			continue
		}
		m.put(level, w.Codes, parts)
	}
}

// paths takes apart the cells of a place that say wider ones too: 甲县长安镇板田村
// as the village. What the row's other columns say stays.
func (m *filler) paths() {
	for level, f := range places4 {
		if m.l.schema.Field(f) < 0 || m.l.cols[f] == nil {
			continue
		}
		w := m.b.Words(f)
		parts := make([]places, len(w.Dict))
		some, sure := 0, false
		for i, s := range w.Dict {
			if p := placesIn(s); p.path(level, s) {
				parts[i] = p
				some++
				sure = sure || p.county != "" || utf8.RuneCountInString(p.town) > 2
			}
		}
		// 大乡坡村 among villages is one; where most cells are paths it is two.
		if some == 0 || !sure && 2*some < len(w.Dict) {
			continue
		}
		codes := slices.Clone(w.Codes)
		own := map[string]string{}
		for i, p := range parts {
			if p != (places{}) {
				own[w.Dict[i]] = p.at(level)
			}
		}
		m.rewrite(w, func(s string) string {
			if v := own[s]; v != "" {
				return v
			}
			return s
		})
		for other, g := range places4 {
			if other != level && m.l.schema.Field(g) >= 0 {
				m.put(other, codes, parts)
			}
		}
	}
}

var above = regexp.MustCompile(`[省市州区]\p{Han}+$`)

// path reports whether s, the cell of one place, says wider places too, or the
// part of the village.
func (p places) path(level int, s string) bool {
	if p.at(level) == "" {
		return false
	}
	wider := level == 0 && p.county != s && above.MatchString(s)
	for l := range level {
		wider = wider || p.at(l) != ""
	}
	return wider || level == 2 && p.hamlet != ""
}

// put fills the place of one level, for each line by its code, where the line has
// none of its own.
func (m *filler) put(level int, codes []uint32, parts []places) {
	f := places4[level]
	to := m.b.Words(f)
	if to.Codes == nil {
		to.Codes = slices.Repeat([]uint32{table.NullCode}, len(m.rows))
	}
	own := m.l.cols[f] != nil
	memo := make([]uint32, len(parts))
	for i, p := range parts {
		memo[i] = to.Code(p.at(level))
	}
	for i, c := range codes {
		if c == table.NullCode || memo[c] == table.NullCode || own && to.Codes[i] != table.NullCode {
			continue
		}
		to.Codes[i] = memo[c]
		m.know(f, i, i+1, table.Stated)
	}
}
