package key

import (
	"cmp"
	"fmt"
	"slices"

	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
	"fundtrace/pipeline/words"
)

// cited lists the columns in which rows name funds, projects and programs, and
// what a cell alone comes to.
var cited = []struct {
	schema    *table.Schema
	from, key string
	to        func(cell string, p *policy.Policy) string
}{
	{table.Payment, "fund_no", "_fund", poolOf},
	{table.Flow, "fund_no", "_fund", poolOf},
	{table.Allocation, "fund_no", "_fund", fundOf},
	{table.Balance, "fund_no", "_fund", fundOf},
	{table.Works, "fund_no", "_fund", fundOf},
	{table.BankEntry, "fund_no", "_fund", fundOf},
	{table.Payment, "project_id", "_project", projectOf},
	{table.Flow, "project_id", "_project", projectOf},
	{table.Works, "project_id", "_project", projectOf},
	{table.Payment, "program", "_program", programOf},
	{table.Allocation, "level", "_level", levelOf},
}

// A party is a column in which rows name units, and that of their keys.
type party struct {
	schema    *table.Schema
	from, key string
}

// parties lists them.
var parties = []party{
	{table.Allocation, "issuer", "_issuer"}, {table.Allocation, "holder", "_holder"},
	{table.Flow, "from_unit", "_from"}, {table.Flow, "to_unit", "_to"},
	{table.Payment, "payer", "_unit"}, {table.Balance, "unit", "_unit"},
	{table.Works, "unit", "_unit"}, {table.Works, "contractor", "_contractor"},
}

// cite fills in the keys of what rows name that is no person or place: funds,
// projects, programs, units and what kind of party a unit is.
func (r *resolver) cite(set *table.Set, sources table.Sources, p *policy.Policy) (*table.Set, error) {
	c := citer{names: newUnitNames(p)}
	c.names.towns = r.townCounties()
	for _, s := range table.Canonical {
		if t := set.Get(s); t.Len() > 0 {
			c.read(t, r.of(s), r.places, sources)
		}
	}
	for _, s := range table.Canonical {
		t := set.Get(s)
		b := table.NewBuilder(s)
		for _, by := range cited {
			if by.schema == s && t.Has(by.from) {
				var words texts
				col := number(t, by.from, &words, func(cell string) string { return by.to(cell, p) })
				fill(b.Words(by.key), col.rows(t.Len()), words.Dict)
			}
		}
		if s == table.Allocation {
			fillOwn(b.Ints("_own"), t)
		}
		for _, o := range c.columns {
			if o.schema != s {
				continue
			}
			rows := c.inFull(o)
			if o.key == "_to" {
				fillKinds(b.Words("_to_kind"), rows, c.units.Dict)
			}
			fill(b.Words(o.key), rows, c.units.Dict)
		}
		t, err := t.With(b)
		if err != nil {
			return nil, fmt.Errorf("telling funds and units: %w", err)
		}
		set = set.With(t)
	}
	return set, nil
}

// A citer holds the units that the rows of all tables name.
type citer struct {
	names                 *unitNames
	units                 texts // names of units
	funds, projects       texts
	columns               []unitColumn
	withFund, withProject [][]uint32 // fund, project → units that its rows name, those that say their county
}

// A unitColumn is one column of units on its way through cite.
type unitColumn struct {
	schema *table.Schema
	key    string
	units  []uint32 // row → unit
	funds  column   // row → fund that the row cites
	works  column   // row → project that it names
}

// read names the units of a table's rows. A name is read in the light of the
// place that its row states, else of the one that its sheet's titles and folders
// tell, else of the one county that has its town.
func (c *citer) read(t *table.Table, o *roster, ps *places, sources table.Sources) {
	fund, project := number(t, "fund_no", &c.funds, FundNo), number(t, "project_id", &c.projects, words.Fold)
	refs := t.Refs()
	for _, by := range parties {
		if by.schema != t.Schema() || !t.Has(by.from) {
			continue
		}
		codes, dict := t.Words(by.from)
		type said struct {
			name, place uint32
			source      int
		}
		known, last := map[said]uint32{}, said{name: none}
		units, unit := make([]uint32, t.Len()), uint32(none)
		for row, code := range codes {
			k := said{code, none, -1}
			if o != nil && o.place != nil {
				k.place = o.place[row]
			}
			if refs != nil {
				k.source = refs[row].Source()
			}
			if k != last && code != none {
				var ok bool
				if unit, ok = known[k]; !ok {
					var in place
					if k.place != none {
						in = ps.list[k.place]
					}
					if k.source >= 0 && k.source < len(sources) && in[0] == "" {
						in[0], in[1] = sources[k.source].County, cmp.Or(in[1], sources[k.source].Town)
					}
					unit = c.units.code(c.names.of(dict[code], in))
					known[k] = unit
				}
				last = k
			}
			units[row] = unit
			if code == none {
				units[row] = none
			}
		}
		c.columns = append(c.columns, unitColumn{by.schema, by.key, units, fund, project})
		note(&c.withFund, units, fund)
		note(&c.withProject, units, project)
		for nth := 1; ; nth++ { // the further funds of a pool
			further, any := furtherFund(t, nth, &c.funds)
			if !any {
				break
			}
			note(&c.withFund, units, further)
		}
	}
}

// townCounties returns the county of each town that places give to one county
// only. What units are called elsewhere does not count: a fuller name in a sheet
// about something else would rename a unit overnight.
func (r *resolver) townCounties() map[string]string {
	out := map[string]string{}
	note := func(at place) {
		if at[0] == "" || at[1] == "" {
			return
		}
		if old, ok := out[at[1]]; ok && old != at[0] {
			at[0] = ""
		}
		out[at[1]] = at[0]
	}
	for _, p := range r.places.list {
		note(p)
	}
	return out
}

// furtherFund reads the nth fund, from 0, that a table's rows cite; any is false
// where none cites so many.
func furtherFund(t *table.Table, nth int, funds *texts) (col column, any bool) {
	return number(t, "fund_no", funds, func(cell string) string {
		if nos := FundNos(cell); nth < len(nos) {
			any = true
			return nos[nth]
		}
		return ""
	}), any
}

// note keeps which units are named beside which fund, or project.
func note(with *[][]uint32, units []uint32, of column) {
	for row, u := range units {
		f := of.at(row)
		if u == none || f == none {
			continue
		}
		for len(*with) <= int(f) {
			*with = append(*with, nil)
		}
		if !slices.Contains((*with)[f], u) {
			(*with)[f] = append((*with)[f], u)
		}
	}
}

// inFull returns a column's units, those that neither row nor sheet gives a
// place by the project that the row names, else by the fund that it cites: the
// one unit beside it whose name they shorten.
func (c *citer) inFull(o unitColumn) []uint32 {
	found := map[[3]uint32]uint32{}
	for row, u := range o.units {
		k := [3]uint32{u, o.works.at(row), o.funds.at(row)}
		if u == none || k[1] == none && k[2] == none {
			continue
		}
		full, ok := found[k]
		if !ok {
			if full = c.lengthened(u, c.withProject, k[1]); full == u {
				full = c.lengthened(u, c.withFund, k[2])
			}
			found[k] = full
		}
		o.units[row] = full
	}
	return o.units
}

// lengthened returns the one unit beside a fund or project that u shortens, else
// u.
func (c *citer) lengthened(u uint32, with [][]uint32, of uint32) uint32 {
	full := u
	if of == none || int(of) >= len(with) {
		return u
	}
	for _, other := range with[of] {
		if shortens(c.units.Dict[u], c.units.Dict[other]) {
			if full != u {
				return u
			}
			full = other
		}
	}
	return full
}

// rows returns the numbers of n rows.
func (c column) rows(n int) []uint32 {
	out := make([]uint32, n)
	for row := range out {
		out[row] = c.at(row)
	}
	return out
}
