package key

import (
	"regexp"
	"strings"

	"fundtrace/pipeline/table"
	"fundtrace/pipeline/words"
)

// A place is a county, town and village as far as a row tells them.
type place [3]string

// town returns county/town, the county left out where unknown; "" without a town.
func (p place) town() string {
	if p[0] == "" || p[1] == "" {
		return p[1]
	}
	return p[0] + "/" + p[1]
}

// key returns county/town/village, the unknown parts left out; "" without a
// village.
func (p place) key() string {
	if p[2] == "" {
		return ""
	}
	parts := make([]string, 0, 3)
	for _, s := range p {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "/")
}

// places numbers the places of all tables and completes what rows leave out
// from places that others name whole.
type places struct {
	parts  texts // county, town and village names
	list   []place
	index  map[[3]uint32]uint32
	keys   texts    // village keys
	keyOf  []uint32 // place → its village key
	county []uint32 // place → county, in parts
	towns  texts    // town keys
	townOf []uint32 // place → its town key
}

func newPlaces() *places { return &places{index: map[[3]uint32]uint32{}} }

// read returns the place of each row, nil for a table without places.
func (ps *places) read(t *table.Table) []uint32 {
	if t.Schema().Field("village") < 0 {
		return nil
	}
	county := number(t, "county", &ps.parts, foldPlace)
	town := number(t, "town", &ps.parts, foldTown)
	village := number(t, "village", &ps.parts, foldVillage)
	var office column // whose village is the row's where no column names one
	if t.Schema() == table.Register {
		office = number(t, "unit", &ps.parts, officeVillage)
	}
	out := make([]uint32, t.Len())
	var last [3]uint32
	at := uint32(none)
	for row := range out {
		k := [3]uint32{county.at(row), town.at(row), village.at(row)}
		if k[2] == none {
			k[2] = office.at(row)
		}
		if k != last || at == none {
			last, at = k, ps.code(k)
		}
		out[row] = at
	}
	return out
}

// villageOffice is a village's own office by name, its county and town before it
// or not: 甲县大河镇石山村村民委员会, 石山村党支部书记.
var villageOffice = regexp.MustCompile(`^(?:[^县区市旗]{1,6}[县区市旗])?(?:[^镇乡]{1,6}(?:镇|乡|街道))?([^县区市旗镇乡]{1,8}?(?:村|社区))(?:村民委员会|民委员会|居民委员会|村委|居委|委员会|委会|两委|支委|党总支|党支部|支部|支书|主任|书记|会计|文书)`)

// officeVillage returns the village of a village's office, "" for other units.
func officeVillage(unit string) string {
	m := villageOffice.FindStringSubmatch(foldPlace(unit))
	if m == nil {
		return ""
	}
	return foldVillage(m[1])
}

// code numbers a place.
func (ps *places) code(k [3]uint32) uint32 {
	at, ok := ps.index[k]
	if !ok {
		at = uint32(len(ps.list))
		var p place
		for i, c := range k {
			if c != none {
				p[i] = ps.parts.Dict[c]
			}
		}
		ps.list = append(ps.list, p)
		ps.index[k] = at
	}
	return at
}

// complete gives each place that lacks its county or town, or writes a name
// without 县, 镇 or 村, the parts of the one whole place that agrees with what
// it says; where none or several do it stays as it is.
func (ps *places) complete() {
	ps.fillCounty()
	ps.fillIn() // whole places first find their full names,
	ps.fillIn() // then a part of one is no longer a part of two
	for _, p := range ps.list {
		ps.keyOf = append(ps.keyOf, ps.keys.code(p.key()))
		ps.county = append(ps.county, ps.parts.code(p[0]))
		ps.townOf = append(ps.townOf, ps.towns.code(p.town()))
	}
}

// fillCounty gives a county written without 县 or 区 the ending others write.
func (ps *places) fillCounty() {
	full := map[string]string{} // stem → the one full name, "" for several
	for _, p := range ps.list {
		if s := stem(p[0]); s != p[0] {
			if f, ok := full[s]; ok && f != p[0] {
				full[s] = ""
			} else {
				full[s] = p[0]
			}
		}
	}
	for i, p := range ps.list {
		if f := full[p[0]]; f != "" {
			ps.list[i][0] = f
		}
	}
}

// fillIn completes places from the whole ones.
func (ps *places) fillIn() {
	whole := map[string][]place{} // by the village's stem
	seen := map[place]bool{}
	for _, p := range ps.list {
		if p[0] != "" && p[1] != "" && p[2] != "" && !seen[p] {
			seen[p] = true
			whole[stem(p[2])] = append(whole[stem(p[2])], p)
		}
	}
	for i, p := range ps.list {
		var found []place
		for _, w := range whole[stem(p[2])] {
			if w != p && p[2] != "" && partOf(p[0], w[0]) && partOf(p[1], w[1]) && partOf(p[2], w[2]) {
				found = append(found, w)
			}
		}
		if len(found) == 1 {
			ps.list[i] = found[0]
		}
	}
}

// village returns the key number of a place; none for none.
func (ps *places) village(at uint32) uint32 {
	if at == none {
		return none
	}
	return ps.keyOf[at]
}

// wider returns the key numbers of rows' towns and counties; none for none.
func (ps *places) wider(rows []uint32) (town, county []uint32) {
	town, county = make([]uint32, len(rows)), make([]uint32, len(rows))
	for i, at := range rows {
		town[i], county[i] = none, none
		if at != none {
			town[i], county[i] = ps.townOf[at], ps.county[at]
		}
	}
	return town, county
}

// byKey returns the places by village key.
func (ps *places) byKey() map[string]place {
	out := make(map[string]place, len(ps.keys.Dict))
	for _, p := range ps.list {
		if k := p.key(); k != "" {
			out[k] = p
		}
	}
	return out
}

// partOf reports whether a name says no more than a whole one: it is absent,
// the same, or the same without its ending.
func partOf(name, whole string) bool {
	return name == "" || name == whole || name == stem(whole)
}

// stem returns a place's name without its ending.
func stem(s string) string {
	for _, end := range []string{"街道", "社区", "居委会", "村", "乡", "镇", "县", "市", "区"} {
		if t := strings.TrimSuffix(s, end); t != s && t != "" {
			return t
		}
	}
	return s
}

// foldPlace returns a text as it is compared, without the quote that makes a
// number text.
func foldPlace(s string) string { return strings.Trim(words.Fold(s), "'‘’") }

// foldTown returns a town's name without its government.
func foldTown(s string) string {
	return strings.TrimSuffix(foldPlace(s), "人民政府")
}

// foldVillage returns a village's name without its committee: 石桥村委会 is 石桥村.
func foldVillage(s string) string {
	s = foldPlace(s)
	for _, end := range []string{"村民委员会", "村委会"} {
		if t := strings.TrimSuffix(s, end); t != s && t != "" {
			return strings.TrimSuffix(t, "村") + "村"
		}
	}
	if t := strings.TrimSuffix(strings.TrimSuffix(s, "居民委员会"), "居委会"); t != s && t != "" {
		if strings.HasSuffix(t, "社区") {
			return t
		}
		return t + "居委会"
	}
	return s
}
