package key

import (
	"fmt"

	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
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

// parties lists the columns in which rows name units.
var parties = []struct {
	schema    *table.Schema
	from, key string
}{
	{table.Allocation, "issuer", "_issuer"}, {table.Allocation, "holder", "_holder"},
	{table.Flow, "from_unit", "_from"}, {table.Flow, "to_unit", "_to"},
	{table.Payment, "payer", "_unit"}, {table.Balance, "unit", "_unit"},
	{table.Works, "unit", "_unit"}, {table.Works, "contractor", "_contractor"},
}

// cite fills in the keys of what rows name that is no person or place: funds,
// projects, programs, units and what kind of party a unit is.
func cite(set *table.Set, p *policy.Policy) (*table.Set, error) {
	var funds, others, counties texts
	units := newUnits(set, p)
	fundUnits := map[[2]uint32]bool{} // fund and unit, where some row names both
	for _, c := range parties {
		t := set.Get(c.schema)
		fund, unit := number(t, "fund_no", &funds, func(s string) string { return fundOf(s, p) }), units.column(t, c.from)
		for row := range t.Len() {
			if f, u := fund.at(row), unit.at(row); f != none && u != none {
				fundUnits[[2]uint32{f, u}] = true
			}
		}
	}
	for _, s := range table.Canonical {
		t := set.Get(s)
		if t.Len() == 0 {
			continue
		}
		b := table.NewBuilder(s)
		for _, c := range cited {
			if c.schema == s && t.Has(c.from) {
				col := number(t, c.from, &others, func(cell string) string { return c.to(cell, p) })
				fill(b.Words(c.key), col.rows(t.Len()), others.list)
			}
		}
		fund := number(t, "fund_no", &funds, func(s string) string { return fundOf(s, p) })
		var county column
		if s == table.Payment {
			county = number(t, "county", &counties, squeeze)
		}
		for _, c := range parties {
			if c.schema != s || !t.Has(c.from) {
				continue
			}
			named := units.column(t, c.from)
			rows := named.rows(t.Len())
			for row, u := range rows {
				rows[row] = units.meant(u, county.at(row), fund.at(row), &counties, fundUnits)
			}
			if c.key == "_to" {
				fillKinds(b.Words("_to_kind"), rows, units.names)
			}
			fill(b.Words(c.key), rows, units.names)
		}
		t, err := t.With(b)
		if err != nil {
			return nil, fmt.Errorf("telling funds and units: %w", err)
		}
		set = set.With(t)
	}
	return set, nil
}

// rows returns the numbers of n rows.
func (c column) rows(n int) []uint32 {
	out := make([]uint32, n)
	for row := range out {
		out[row] = c.at(row)
	}
	return out
}
