// Package rank makes of the rules' leads what people read: named subjects,
// cases, corroboration and a score whose terms are shown. It is the one place
// that holds opinions on which lead matters more.
package rank

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/key"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// Input is what leads are ranked with.
type Input struct {
	Leads   []detect.Lead
	Rules   []*detect.Rule // those the leads are of
	Tables  *table.Set
	Sources table.Sources
	Lookup  func(kind, of string) (key.Info, bool) // what is known of a subject
	AsOf    table.Day
	Weights policy.Ranking
	Lang    string // zh or en
}

// Leads returns the leads for people, sorted by ID. Leads of one rule on one
// thing that reached here twice are one: their money and evidence are added.
func Leads(in Input) []Lead {
	ds := merged(in.Leads)
	out := make([]Lead, len(ds))
	for i, d := range ds {
		out[i] = in.lead(d)
	}
	in.corroborate(out, ds)
	for i := range out {
		score(&out[i], in.Weights)
	}
	slices.SortFunc(out, func(a, b Lead) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// merged brings leads of one identity together, in order of first appearance. One
// lead then says what the one with the most money said, and is as weak as the
// weakest, in whichever order they came.
func merged(leads []detect.Lead) []detect.Lead {
	at := map[string]int{}
	var out [][]detect.Lead
	for _, l := range leads {
		id := ID(l)
		i, ok := at[id]
		if !ok {
			i = len(out)
			at[id] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], l)
	}
	ones := make([]detect.Lead, len(out))
	for i, same := range out {
		slices.SortFunc(same, func(a, b detect.Lead) int {
			return cmp.Or(cmp.Compare(b.Amount, a.Amount), cmp.Compare(a.Summary.Zh, b.Summary.Zh))
		})
		o := same[0]
		for _, l := range same[1:] {
			o.Amount += l.Amount
			o.Match, o.Grade = max(o.Match, l.Match), max(o.Grade, l.Grade)
			o.Know(l.Known...)
			o.Evidence = append(slices.Clone(o.Evidence), l.Evidence...)
		}
		ones[i] = o
	}
	return ones
}

// ID returns the lead's name from night to night: a hash of the rule and of
// what the lead is about, never of rows or order.
func ID(l detect.Lead) string {
	return hash(l.Rule, l.Subject.Kind, l.Subject.Key, l.Program, l.Period, l.FundNo, l.ProjectID, l.Item)
}

func hash(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// rule returns the rule of an ID.
func (in *Input) rule(id string) *detect.Rule {
	return in.Rules[slices.IndexFunc(in.Rules, func(r *detect.Rule) bool { return r.ID == id })]
}

// lead fills in what a rule leaves out.
func (in *Input) lead(d detect.Lead) Lead {
	l := Lead{
		ID: ID(d), Rule: in.rule(d.Rule), Grade: d.Grade, Match: d.Match,
		SubjectKind: d.Subject.Kind, SubjectKey: d.Subject.Key,
		Program: d.Program, Period: d.Period, FundNo: d.FundNo, ProjectID: d.ProjectID,
		Amount: d.Amount, Summary: d.Summary.In(in.Lang),
		FirstSeen: in.AsOf, LastSeen: in.AsOf, Status: "new",
	}
	for _, f := range d.Facts {
		l.Facts = append(l.Facts, Fact{f.Name.In(in.Lang), f.Value})
	}
	for _, k := range d.Known {
		l.Facts = append(l.Facts, Fact{detect.Text{Zh: "依据", En: "known by"}.In(in.Lang), k.Says().In(in.Lang)})
	}
	guessed := slices.ContainsFunc(d.Known, func(k detect.Known) bool { return k.How == table.Guessed })
	seen := map[Evidence]bool{}
	people := map[string]bool{}
	var at whereabouts
	for _, e := range d.Evidence {
		p := in.Sources.Place(e.Ref)
		ev := Evidence{Table: e.Table, File: p.File, Sheet: p.Sheet, Row: p.Row, Role: e.Role.In(in.Lang)}
		if p.Table != "" {
			ev.Table = p.Table // a derived table's row points to the sheet it was made from
		}
		if !seen[ev] {
			seen[ev] = true
			l.Evidence = append(l.Evidence, ev)
		}
		in.row(e.Ref, p.Table, func(t *table.Table, row int) {
			for _, f := range units[t.Schema()] {
				if named := t.Text(f.said, row); named != "" {
					people[cmp.Or(t.Text(f.key, row), named)] = true
				}
			}
			if !impersonal[l.SubjectKind] && !guessed { // a guess names no clerk
				for _, f := range handlers[t.Schema()] {
					people[in.staff(t, row, f)] = true
				}
			}
			at.take(in.placeOf(t, row), wide[l.SubjectKind])
			if n := titles[l.SubjectKind]; n.schema == t.Schema() && t.Text(n.key, row) == l.SubjectKey {
				l.SubjectName = cmp.Or(l.SubjectName, t.Text(n.name, row))
			}
		})
		if l.SubjectKind == "sheet" {
			in.sheet(e.Ref, p.Table, func(t *table.Table, row int) { at.take(in.placeOf(t, row), true) })
		}
	}
	if l.SubjectKind == "unit" || l.SubjectKind == "fund" { // of the county, wherever its rows are
		clear(at.place[1:])
	}
	l.County, l.Town, l.Village = at.place[0], at.place[1], at.place[2]
	if info, ok := in.Lookup(l.SubjectKind, l.SubjectKey); ok {
		l.SubjectName = cmp.Or(info.Name, l.SubjectName)
		if info.County != "" || info.Town != "" || info.Village != "" {
			l.County, l.Town, l.Village = info.County, info.Town, info.Village
		}
		l.CaseID = caseOf(l.SubjectKind, l.SubjectKey, info.Household)
	} else {
		l.CaseID = caseOf(l.SubjectKind, l.SubjectKey, "")
	}
	if d.Case != (detect.Subject{}) {
		l.CaseID = caseOf(d.Case.Kind, d.Case.Key, "")
	}
	switch l.SubjectKind {
	case "unit", "village", "town", "county", "sheet", "fund", "project":
		l.SubjectName = cmp.Or(l.SubjectName, l.SubjectKey)
	}
	if l.SubjectKind == "fund" {
		l.FundNo = cmp.Or(l.FundNo, l.SubjectKey)
	}
	if l.SubjectKind == "project" {
		l.ProjectID = cmp.Or(l.ProjectID, l.SubjectKey)
	}
	if l.SubjectKind == "unit" {
		people[l.SubjectKey] = true
	}
	delete(people, "")
	l.Responsible = slices.Sorted(maps.Keys(people))
	return l
}

// units and handlers are the fields that name the units, with their keys, and the
// people who handled a row.
var (
	units = map[*table.Schema][]struct{ said, key string }{
		table.Payment:    {{"payer", "_unit"}},
		table.Flow:       {{"from_unit", "_from"}, {"to_unit", "_to"}},
		table.Allocation: {{"issuer", "_issuer"}, {"holder", "_holder"}},
		table.Balance:    {{"unit", "_unit"}},
		table.Works:      {{"unit", "_unit"}},
	}
	handlers = map[*table.Schema][]string{
		table.Payment: {"handler"},
		table.Member:  {"helper"},
	}
)

// staff returns whom a field of a row names, with what tells him from others of
// his name: the unit that the row names, else its county. Where neither is known
// it says so.
func (in *Input) staff(t *table.Table, row int, field string) string {
	name := t.Text(field, row)
	if name == "" {
		return ""
	}
	for _, f := range units[t.Schema()] {
		if said := t.Text(f.said, row); said != "" {
			return name + "（" + cmp.Or(t.Text(f.key, row), said) + "）"
		}
	}
	at := cmp.Or(in.placeOf(t, row)[0], detect.Text{Zh: "同名未核", En: "namesakes not told apart"}.In(in.Lang))
	return name + "（" + at + "）"
}

// titles are the columns that name a project or fund.
var titles = map[string]struct {
	schema    *table.Schema
	key, name string
}{
	"project": {table.Works, "_project", "name"},
	"fund":    {table.Allocation, "_fund", "title"},
}

// impersonal are the kinds of subjects whose leads point to no person.
var impersonal = map[string]bool{"unit": true, "village": true, "town": true, "county": true, "sheet": true}

// row calls f with the table rows that came from a Ref.
func (in *Input) row(r table.Ref, name string, f func(*table.Table, int)) {
	s := table.SchemaNamed(name)
	if s == nil {
		return
	}
	t := in.Tables.Get(s)
	lo, hi := t.Find(r)
	for i := lo; i < hi; i++ {
		f(t, i)
	}
}

// sheet calls f with the rows of the sheet that a Ref points into.
func (in *Input) sheet(r table.Ref, name string, f func(*table.Table, int)) {
	s := table.SchemaNamed(name)
	if s == nil {
		return
	}
	t := in.Tables.Get(s)
	lo, _ := t.Find(table.NewRef(r.Source(), 0))
	hi, _ := t.Find(table.NewRef(r.Source()+1, 0))
	for i := lo; i < hi; i++ {
		f(t, i)
	}
}

// A place is a county, town and village, as far as known.
type place [3]string

// wide are the kinds of subjects that are in no one place: theirs is as much as
// all their rows share.
var wide = map[string]bool{"unit": true, "fund": true, "sheet": true}

// whereabouts is the place of a lead while its rows are read.
type whereabouts struct {
	place place
	known bool
}

// take makes q the place if it is the first. Else, if shared, it drops from the
// first part on in which q is another place.
func (w *whereabouts) take(q place, shared bool) {
	if q == (place{}) {
		return
	}
	if !w.known {
		w.place, w.known = q, true
		return
	}
	for i := range q {
		if shared && w.place[i] != q[i] {
			clear(w.place[i:])
		}
	}
}

// placeOf returns the place of a row: that of its village, which other sheets may
// name more fully, else as the row has it.
func (in *Input) placeOf(t *table.Table, row int) place {
	if t.Schema().Field("county") < 0 {
		return place{}
	}
	if t.Schema().Field("_village") >= 0 {
		if info, ok := in.Lookup("village", t.Text("_village", row)); ok {
			return place{info.County, info.Town, info.Village}
		}
	}
	return place{t.Text("county", row), t.Text("town", row), t.Text("village", row)}
}

// caseOf returns the case a subject belongs to: its household where it has one.
func caseOf(kind, key, household string) string {
	if household != "" {
		kind, key = "household", household
	}
	return kind + "-" + hash(kind, key)
}

// corroborate finds, for each lead, what else speaks for it: leads of other
// rules in its case that rest on at least one row this lead does not rest on,
// and complaints about the person or the village. ds are the rules' leads, in
// the order of leads.
func (in *Input) corroborate(leads []Lead, ds []detect.Lead) {
	byCase := map[string][]int{}
	refs := make([]map[table.Ref]bool, len(leads))
	for i := range leads {
		byCase[leads[i].CaseID] = append(byCase[leads[i].CaseID], i)
		refs[i] = map[table.Ref]bool{}
		for _, e := range ds[i].Evidence {
			refs[i][e.Ref] = true
		}
	}
	about := in.complaints()
	for i := range leads {
		l := &leads[i]
		rules := map[string]bool{}
		for _, j := range byCase[l.CaseID] {
			other := &leads[j]
			if other.Rule == l.Rule || !l.near(other) || !adds(refs[i], refs[j]) {
				continue
			}
			l.Corroborated = append(l.Corroborated, other.ID)
			rules[other.Rule.ID] = true
		}
		slices.Sort(l.Corroborated)
		l.otherRules = len(rules)
		l.otherTables = tables(l.Evidence) - 1
		subject := about[l.SubjectKind+"\x00"+l.SubjectKey]
		village := about[l.villageKey()]
		l.complaints, l.villageComplaints = len(subject), len(village)
		for _, place := range slices.Concat(subject, village) {
			if !slices.Contains(l.Corroborated, place) {
				l.Corroborated = append(l.Corroborated, place)
			}
		}
	}
}

// near reports whether two leads of one case are about one matter. A household
// is one matter; a unit handles many, and there only leads on the same fund,
// project or program speak for each other, and those on the unit as a whole.
func (l *Lead) near(o *Lead) bool {
	same := func(a, b string) bool { return a != "" && a == b }
	return l.SubjectKind != "unit" || o.SubjectKind != "unit" || l.whole() && o.whole() ||
		same(l.FundNo, o.FundNo) || same(l.ProjectID, o.ProjectID) || same(l.Program, o.Program)
}

// whole reports whether a lead is about no one fund, project or program.
func (l *Lead) whole() bool { return l.FundNo == "" && l.ProjectID == "" && l.Program == "" }

// adds reports whether b has a row that a has not.
func adds(a, b map[table.Ref]bool) bool {
	for r := range b {
		if !a[r] {
			return true
		}
	}
	return false
}

// tables returns how many tables the evidence is from.
func tables(evidence []Evidence) int {
	seen := map[string]bool{}
	for _, e := range evidence {
		seen[e.Table] = true
	}
	return len(seen)
}

// villageKey returns the key of the lead's village among complaints: its county,
// town and village, the unknown ones left out.
func (l *Lead) villageKey() string {
	if l.Village == "" {
		return ""
	}
	parts := slices.DeleteFunc([]string{l.County, l.Town, l.Village}, func(s string) bool { return s == "" })
	return "in\x00" + strings.Join(parts, "/")
}

// complaints returns the places of complaints within the window by "person\0KEY"
// and "household\0KEY", whom they are about, and "in\0VILLAGE".
func (in *Input) complaints() map[string][]string {
	t := in.Tables.Get(table.Complaint)
	refs := t.Refs()
	out := map[string][]string{}
	for row := range t.Len() {
		if d, ok := t.Int("received_on", row); ok && (d > int64(in.AsOf) || d < int64(in.AsOf)-int64(in.Weights.ComplaintDays)) {
			continue
		}
		place := in.Sources.Place(refs[row]).String()
		add := func(kind, key string) {
			if key != "" {
				out[kind+"\x00"+key] = append(out[kind+"\x00"+key], place)
			}
		}
		person := t.Text("_person", row)
		add("person", person)
		if info, ok := in.Lookup("person", person); ok {
			add("household", info.Household)
		}
		add("in", t.Text("_village", row))
	}
	return out
}
