// Package key gives every person, household, account and village in the
// tables one key, and grades each join to a person.
//
// Persons are joined in three steps. A number that reads as an identity number
// is its own key. A number that does not is joined to a person whose number
// begins with the same 15 digits (where a spreadsheet rounded it) or is one
// slip of the pen away, if the name agrees. A row without a number is joined by
// name and village. Each step looks up a few candidates by key, never compares
// all with all: the cost grows with the rows.
//
// A join that two persons could claim is not made.
//
// Payments to the family of a village cadre or official, or into an account or
// with a telephone of his, are tied to him (ties).
package key

import (
	"fmt"

	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// The names of the match grades, as the column _match holds them.
const (
	exact     = "exact"      // same number, or the same text where it is no valid number
	upgraded  = "upgraded"   // 15 digits rebuilt to 18
	repaired  = "repaired"   // blanks, full width, lower-case x, a certificate's suffix
	truncated = "truncated"  // the first 15 digits of a rounded number, and the name
	near      = "near"       // one digit off or two swapped, the name, and the village or account
	namePlace = "name_place" // name and village, or name and account where no village is known
	nameOnly  = "name"       // a name and no place: such a row has no key
)

// grades lists the grades by the code that stands for them here.
var grades = []string{exact, upgraded, repaired, truncated, near, namePlace, nameOnly}

// The codes of the grades in grades.
const (
	gradeExact = iota
	gradeUpgraded
	gradeRepaired
	gradeTruncated
	gradeNear
	gradeNamePlace
	gradeName
)

// none is the number of an absent value.
const none = table.NullCode

// Resolve returns the set with the keys of persons, households, accounts and
// villages filled in, and a Directory of who they are. Nothing a sheet says is
// changed: the raw names and numbers stay in their columns. The keys depend on
// what the rows say, never on their order.
func Resolve(set *table.Set, sources table.Sources, p *policy.Policy) (*table.Set, *Directory, error) {
	r := &resolver{places: newPlaces()}
	r.people = newPeople(p.Regions, &r.places.keys)
	for _, s := range []*table.Schema{table.Payment, table.Member, table.Works, table.Register, table.BankEntry, table.Complaint} {
		if t := set.Get(s); t.Len() > 0 {
			r.rosters = append(r.rosters, &roster{t: t, place: r.places.read(t)})
		}
	}
	r.places.complete()
	set, err := r.cite(set, sources, p)
	if err != nil {
		return nil, nil, err
	}
	for _, o := range r.rosters {
		o.t = set.Get(o.t.Schema())
		r.read(o)
	}
	r.people.join()
	for _, o := range r.rosters {
		r.people.settle(o)
	}
	r.houses()
	r.ties()
	r.owners()
	r.accountVillages()
	r.registerVillages()
	var tables []*table.Table
	for _, o := range r.rosters {
		t, err := r.write(o)
		if err != nil {
			return nil, nil, fmt.Errorf("resolving identities: %w", err)
		}
		tables = append(tables, t)
	}
	set, err = withHolders(set.With(tables...))
	if err != nil {
		return nil, nil, fmt.Errorf("telling whose accounts money went to: %w", err)
	}
	return set, newDirectory(set, r.places.byKey()), nil
}

// A resolver holds what is known across tables.
type resolver struct {
	places   *places
	people   *people
	accounts texts // account numbers
	phones   texts // telephone numbers
	numbers  texts // household numbers as given, before counties and villages are told apart
	rosters  []*roster

	houseKeys []string // household keys: every person's own, then those by number
}

// A roster is one table on its way through Resolve.
type roster struct {
	t         *table.Table
	place     []uint32 // row → place
	account   column   // row → account
	number    column   // row → household number as given
	roles     []role
	match     []uint32 // row → grade of the first role's join
	household []uint32 // row → household key, filled by houses
	elsewhere []int64  // row → year in which another household lists the person, of members that moved; filled by houses
	cadre     []uint32 // row → cadre tied to it, filled by ties; nil where there is none
	tie       []uint32 // row → how, by the names in tieNames
	cadreRef  []int64  // row → the cadre's first line on the register

	owner, ownerHouse []uint32 // row → person and household of the contractor's owner, of projects; filled by owners
	founded, firmRef  []int64  // row → day the contractor was founded and the register's line that says so; likewise
	village           []uint32 // row → village, of bank entries and registers; filled by accountVillages, registerVillages
	paidInto          []uint32 // account → village of the payments into it, of bank entries
}

// A role is one person that the rows of a table name.
type role struct {
	name, id, key string // columns
	names         column
	numbers       column // row → index of reads
	reads         []reading
	rounded       uint8    // the role's bit in a row's mask of rounded numbers
	who           []uint32 // row → person; until the joins are made also a case
}

// rolesOf lists whom the rows of each table name; the first role is the one
// that _match grades.
var rolesOf = map[*table.Schema][]role{
	table.Payment: {
		{name: "beneficiary_name", id: "beneficiary_id", key: "_person"},
		{name: "payee_name", id: "payee_id", key: "_payee"},
		{name: "head_name", id: "head_id", key: "_head"},
	},
	table.Member:    {{name: "member_name", id: "member_id", key: "_person"}},
	table.Register:  {{name: "person_name", id: "person_id", key: "_person"}},
	table.BankEntry: {{name: "holder_name", key: "_person"}},
	table.Complaint: {{name: "subject_name", id: "subject_id", key: "_person"}},
}

// A column is a text column by numbers that hold across tables.
type column struct {
	codes []uint32 // nil where the table lacks the column
	to    []uint32 // code → number
}

// at returns row's number, or none.
func (c column) at(row int) uint32 {
	if c.codes == nil {
		return none
	}
	if k := c.codes[row]; k != none {
		return c.to[k]
	}
	return none
}

// number reads a column and numbers its texts in w, as norm writes them. A
// column of "" is absent.
func number(t *table.Table, name string, w *texts, norm func(string) string) column {
	if name == "" || !t.Has(name) {
		return column{}
	}
	codes, dict := t.Words(name)
	c := column{codes, make([]uint32, len(dict))}
	for i, s := range dict {
		c.to[i] = w.code(norm(s))
	}
	return c
}

// read numbers a table's texts and notes whom each row names.
func (r *resolver) read(o *roster) {
	s := o.t.Schema()
	if s.Field("account") >= 0 {
		o.account = number(o.t, "account", &r.accounts, accountDigits)
		if s.Field(table.RoundedColumn) >= 0 {
			o.account = withoutRounded(o.t, o.account)
		}
	}
	if s.Field("household_id") >= 0 {
		o.number = number(o.t, "household_id", &r.numbers, foldPlace)
	}
	for i, l := range rolesOf[s] {
		if !o.t.Has(l.name) && (l.id == "" || !o.t.Has(l.id)) {
			continue
		}
		l.rounded = 1 << i
		o.roles = append(o.roles, l)
	}
	if s == table.BankEntry {
		o.paidInto = r.paidVillages(len(r.accounts.Dict), func(o *roster, row int) uint32 { return o.account.at(row) })
	}
	if len(o.roles) > 0 {
		r.people.read(o, r.places)
	}
}

// write returns the table with its keys.
func (r *resolver) write(o *roster) (*table.Table, error) {
	b, s := table.NewBuilder(o.t.Schema()), o.t.Schema()
	for i := range o.roles {
		fill(b.Words(o.roles[i].key), o.roles[i].who, r.people.keys)
	}
	if len(o.roles) > 0 && s.Field("_match") >= 0 {
		fill(b.Words("_match"), o.match, grades)
	}
	if o.household != nil {
		fill(b.Words("_household"), o.household, r.houseKeys)
	}
	if o.elsewhere != nil {
		*b.Ints("_elsewhere") = o.elsewhere
	}
	if o.owner != nil {
		fill(b.Words("_owner"), o.owner, r.people.keys)
		fill(b.Words("_owner_household"), o.ownerHouse, r.houseKeys)
		*b.Ints("_founded"), *b.Ints("_founded_ref") = o.founded, o.firmRef
	}
	if o.cadre != nil {
		fill(b.Words("_cadre"), o.cadre, r.people.keys)
	}
	if o.tie != nil {
		fill(b.Words("_tie"), o.tie, tieNames)
		*b.Ints("_cadre_ref") = o.cadreRef
	}
	if s.Field("_account") >= 0 {
		out := make([]uint32, o.t.Len())
		for row := range out {
			out[row] = o.account.at(row)
		}
		fill(b.Words("_account"), out, r.accounts.Dict)
	}
	if s.Field("_village") >= 0 {
		out := make([]uint32, o.t.Len())
		for row := range out {
			switch {
			case o.village != nil:
				out[row] = o.village[row]
			case o.place != nil:
				out[row] = r.places.village(o.place[row])
			default: // the table names no village
				out[row] = none
			}
		}
		fill(b.Words("_village"), out, r.places.keys.Dict)
	}
	if s.Field("_town") >= 0 {
		town, county := r.places.wider(o.place)
		fill(b.Words("_town"), town, r.places.towns.Dict)
		fill(b.Words("_county"), county, r.places.parts.Dict)
	}
	return o.t.With(b)
}

// fill makes a column of dict[codes[row]]; its dictionary holds only the texts
// in use. It takes codes over.
func fill(w *table.Words, codes []uint32, dict []string) {
	to := make([]uint32, len(dict))
	for i := range to {
		to[i] = none
	}
	for row, c := range codes {
		if c == none {
			continue
		}
		if to[c] == none {
			to[c] = uint32(len(w.Dict))
			w.Dict = append(w.Dict, dict[c])
		}
		codes[row] = to[c]
	}
	w.Codes = codes
}
