package intake

import (
	"strconv"
	"strings"

	"fundtrace/pipeline/table"
)

// Columns that a list of works has, two of them at least, where it lacks the
// number of each.
var ofWorks = []string{"kind", "unit", "budget", "contract_amount", "contractor", "tender", "approved_on", "started_on", "finished_on", "accepted_on", "status", "beneficiary_households", "quantity"}

// numbersWorks reports whether the works of a list without numbers are told by
// their place, name and year: a published list of projects has none.
func (l *layout) numbersWorks(set *setting) bool {
	if l.schema != table.Works || l.cols["project_id"] != nil || l.cols["name"] == nil {
		return false
	}
	n := 0
	for _, f := range ofWorks {
		if l.cols[f] != nil {
			n++
		}
	}
	titled := false
	for _, t := range set.sources() {
		titled = titled || strings.Contains(t, "项目")
	}
	return titled && n > 1
}

// projectKeys makes the number of each of the works that the sheet does not
// number.
func (m *filler) projectKeys() {
	if m.l.schema != table.Works || m.l.inherited["project_id"].how != table.Computed {
		return
	}
	text := func(field string, i int) string {
		if m.l.cols[field] == nil && !m.inherits(field) {
			return ""
		}
		w := m.b.Words(field)
		if w.Codes == nil || w.Codes[i] == table.NullCode {
			return ""
		}
		return w.Dict[w.Codes[i]]
	}
	keys := m.b.Words("project_id")
	keys.Codes, keys.Dict = make([]uint32, len(m.rows)), nil
	for i := range m.rows {
		year := m.year
		for _, f := range []string{"approved_on", "started_on"} {
			if m.l.cols[f] == nil {
				continue
			}
			if day := (*m.b.Ints(f))[i]; day != table.Null {
				year = table.Day(day).Year()
				break
			}
		}
		var parts []string
		for _, f := range []string{"county", "town", "village", "name"} {
			if t := text(f, i); t != "" {
				parts = append(parts, plain(t))
			}
		}
		if year != 0 {
			parts = append(parts, strconv.Itoa(year))
		}
		keys.Codes[i] = keys.Code(strings.Join(parts, "/"))
	}
}
