package table

import (
	"slices"
	"strings"
)

// How says how a value is known. The order is that of strength, the strongest
// first; the zero How is what a column of its own states.
type How uint8

// How a value is known.
const (
	Stated    How = iota // its own column states it
	Labelled             // a label line of its sheet: 发放单位：…
	Inherited            // a title, the sheet's name, the file's or a folder's
	Joined               // another table's row that was joined to this one
	Computed             // from other values
	Guessed              // the likeliest of several
)

var howNames = [...]string{"stated", "labelled", "inherited", "joined", "computed", "guessed"}

// String returns the word for h in every output: stated, labelled, ...
func (h How) String() string { return howNames[h] }

// ParseHow returns the How of a word, Stated for "" and for a word that is none.
func ParseHow(s string) How { return How(max(0, slices.Index(howNames[:], s))) }

// MarshalText implements encoding.TextMarshaler.
func (h How) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (h *How) UnmarshalText(b []byte) error { *h = ParseHow(string(b)); return nil }

// HowColumn returns the column that says how a field's values are known:
// _payer_how for payer. Every field that a sheet may state has one, a Text that
// holds a How's word, absent where the value is stated.
func HowColumn(field string) string { return "_" + field + "_how" }

// hasHow reports whether a field of the schema of an index has a HowColumn: all
// that a sheet states, and in derived tables what a fund's money is followed by.
func hasHow(index int, f Field) bool {
	if index < derived {
		return f.Stage == FromSheet && !strings.HasPrefix(f.Name, "_")
	}
	return f.Key == Fund || f.Key == Unit || f.Key == Project
}

// HowField returns the field whose values a column of HowColumn tells of, ""
// for any other column.
func HowField(column string) string {
	s, ok := strings.CutSuffix(column, "_how")
	if !ok {
		return ""
	}
	return strings.TrimPrefix(s, "_")
}

// madeOf says which fields a column that a stage fills in is made of: it is known
// as well as the weakest of them.
var madeOf = map[string][]string{
	"_person":     {"beneficiary_name", "beneficiary_id", "member_name", "member_id", "person_name", "person_id", "subject_name", "subject_id"},
	"_payee":      {"payee_name", "payee_id"},
	"_head":       {"head_name", "head_id"},
	"_household":  {"household_id"},
	"_account":    {"account"},
	"_program":    {"program"},
	"_kind":       {"amount", "state", "note"},
	"_net":        {"amount", "state", "note"},
	"_refused":    {"amount"},
	"_part":       {"batch", "note"},
	"_for":        {"period", "pay_date"},
	"_fund":       {"fund_no"},
	"_unit":       {"payer", "unit"},
	"_from":       {"from_unit"},
	"_to":         {"to_unit"},
	"_issuer":     {"issuer"},
	"_holder":     {"holder"},
	"_level":      {"level"},
	"_project":    {"project_id"},
	"_contractor": {"contractor", "contractor_code"},
	"_county":     {"county"},
	"_town":       {"county", "town"},
	"_village":    {"county", "town", "village"},
}

// MadeOf returns the fields that sheets state and a field is made of: itself, or
// what a stage fills it in from.
func (s *Schema) MadeOf(field int) []string {
	if s.Fields[field].Stage == FromSheet {
		return []string{s.Fields[field].Name}
	}
	return slices.DeleteFunc(slices.Clone(madeOf[s.Fields[field].Name]), func(name string) bool { return s.Field(name) < 0 })
}

// Hows returns the columns, by index, that say how the values of a field are
// known: of a field that a sheet states its own, of one that a stage fills in
// those of the fields it is made of.
func (s *Schema) Hows(field int) []int {
	var out []int
	for _, name := range append(madeOf[s.Fields[field].Name], s.Fields[field].Name) {
		if i := s.Field(HowColumn(name)); i >= 0 {
			out = append(out, i)
		}
	}
	return out
}
