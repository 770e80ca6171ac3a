package intake

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"fundtrace/pipeline/intake/column"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// A setting is what surrounds a table: its title rows, the sheet's name, the
// file's name and the folders above it, in the order in which they count.
type setting struct {
	titles []string // texts of the cells above the header and of headings
	labels []label  // what of them says what it is
	sheet  string
	file   string   // without its ending
	dirs   []string // the nearest first
	policy *policy.Policy
}

// newSetting returns the setting of a sheet of the file called name.
func newSetting(name, sheetName string, p *policy.Policy) setting {
	base := path.Base(name)
	s := setting{sheet: sheetName, file: strings.TrimSuffix(base, path.Ext(base)), policy: p}
	for dir := path.Dir(name); dir != "." && dir != "/"; dir = path.Dir(dir) {
		d := path.Base(dir)
		if strings.EqualFold(path.Ext(d), ".zip") {
			d = strings.TrimSuffix(d, path.Ext(d))
		}
		s.dirs = append(s.dirs, d)
	}
	return s
}

// sources lists the texts in the order in which they count.
func (s *setting) sources() []string {
	return slices.Concat(s.titles, []string{s.sheet, s.file}, s.dirs)
}

// year returns the first year that the setting speaks of, or 0.
func (s *setting) year() int {
	for _, t := range s.sources() {
		if p := findPeriod(t, 0); p != 0 {
			return p.Year()
		}
	}
	return 0
}

// period returns the first period that the setting speaks of, or 0; year is its
// own.
func (s *setting) period(year int) table.Period {
	for _, t := range s.sources() {
		if p := findPeriod(t, year); p != 0 {
			return p
		}
	}
	return 0
}

// program returns the program that the setting speaks of, or "".
func (s *setting) program() string {
	for _, t := range s.sources() {
		if name := programIn(t, s.policy); name != "" {
			return name
		}
	}
	return ""
}

// places returns the first county and town that the setting speaks of.
func (s *setting) places() places {
	var out places
	for _, t := range s.sources() {
		p := placesIn(t)
		out.county, out.town = cmp.Or(out.county, p.county), cmp.Or(out.town, p.town)
	}
	return out
}

// told is a value that stands around a table, as the canonical table writes it.
type told struct {
	value string
	how   table.How
}

// inherited returns what the setting says of fields that the sheet has no
// column for: its label lines first, then its titles and names.
func (s *setting) inherited(schema *table.Schema, lacks func(field string) bool) map[string]told {
	out := map[string]told{}
	wants := func(field string) bool { return schema.Field(field) >= 0 && out[field].value == "" && lacks(field) }
	put := func(field, value string, how table.How) {
		if value != "" && wants(field) {
			out[field] = told{value, how}
		}
	}
	year := s.year()
	for _, l := range s.labels {
		for _, f := range labelWords.fieldsOf(schema, l.word) {
			if i := schema.Field(f); i >= 0 {
				put(f, l.valueFor(schema.Fields[i], year), table.Labelled)
			}
		}
	}
	for i, t := range s.sources() {
		name := func(field, value string) { put(field, value, table.Inherited) }
		pl := placesIn(t)
		name("county", pl.county)
		name("town", pl.town)
		name("village", pl.village)
		name("fund_no", fundNoIn(t))
		name("batch", batchForm.FindString(plain(t)))
		if wants("period") {
			if p := findPeriod(t, year); p != 0 {
				name("period", p.String())
			}
		}
		if i < len(s.titles) && dayAlone.MatchString(t) { // (2017年12月31日) under the name of a statement is its day
			name("as_of", dateOf(strings.Trim(plain(t), "()")))
		}
		if wants("as_of") && (strings.Contains(t, "截至") || strings.Contains(t, "截止")) {
			name("as_of", dateAfter(t, "截至", "截止"))
		}
		if schema == table.Register {
			name("register_kind", column.Builtin().RegisterKind(t))
		}
		if i < len(s.titles)+2 { // a folder says less of one sheet
			name("exit_year", exitYearIn(t))
		}
	}
	if wants("program") {
		put("program", s.program(), table.Inherited)
	}
	if wants("period") && year != 0 {
		put("period", strconv.Itoa(year), table.Inherited)
	}
	if wants("year") && year != 0 {
		put("year", strconv.Itoa(year), table.Inherited)
	}
	own := s.ownUnit()
	switch schema {
	case table.Payment: // who filled in a roster need not be who pays
		put("payer", own.value, table.Inherited)
	case table.Balance:
		put("unit", own.value, own.how)
	case table.Flow:
		if s.received() {
			put("to_unit", own.value, own.how)
		} else {
			put("from_unit", own.value, own.how)
		}
	case table.Allocation:
		put("issuer", own.value, table.Inherited)
	}
	return out
}

// received reports whether a ledger of transfers, by its title and names, is
// the receiver's.
func (s *setting) received() bool {
	for _, t := range s.sources() {
		sent, received := containsAny(t, labelWords.sent), containsAny(t, labelWords.received)
		if sent != received {
			return received
		}
	}
	return false
}

// ownUnit returns the unit whose sheet this is: one that a label names, or the
// first that a title or a name speaks of.
func (s *setting) ownUnit() told {
	for _, l := range s.labels {
		if u := firstWord(l.value); labelWords.own[l.word] && !isUnits(u) && !digits(u) {
			return told{u, table.Labelled}
		}
	}
	for _, t := range s.sources() {
		if u := unitIn(t); u != "" {
			return told{u, table.Inherited}
		}
	}
	return told{}
}

func containsAny(t string, list []string) bool {
	return slices.ContainsFunc(list, func(w string) bool { return strings.Contains(t, w) })
}
