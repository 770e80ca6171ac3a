package intake

import (
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// join puts the files together in their order: duplicates dropped and named,
// units of money weighed, sources numbered, tables joined.
func join(outs []fileOut, p *policy.Policy, lang language) (*Result, error) {
	res := &Result{Tables: table.NewSet()}
	if err := weighUnits(single(outs, lang), p, lang); err != nil {
		return nil, err
	}
	source := map[*chunk]int{}
	parts := map[*table.Schema][]*table.Table{}
	var kept []*chunk
	for i := range outs {
		out := &outs[i]
		res.Inputs = append(res.Inputs, out.input)
		res.Rejects = append(res.Rejects, out.rejects...)
		for _, c := range out.chunks {
			res.Sheets = append(res.Sheets, c.account)
			res.Rejects = append(res.Rejects, c.rejects...)
			res.Doubts = append(res.Doubts, c.doubts...)
			if c.table == nil {
				continue
			}
			src := len(res.Sources)
			source[c] = src
			res.Sources = append(res.Sources, table.Source{
				File: c.account.File, Sheet: c.account.Sheet, Table: c.account.Table, County: c.at.county, Town: c.at.town,
			})
			t, err := c.placed(src)
			if err != nil {
				return nil, err
			}
			s := t.Schema()
			parts[s] = append(parts[s], t)
			kept = append(kept, c)
		}
	}
	var tables []*table.Table
	for _, s := range table.Canonical {
		t, err := table.Concat(s, parts[s])
		if err != nil {
			return nil, err
		}
		delete(parts, s)
		tables = append(tables, t)
	}
	stated, err := statementTable(kept, source)
	if err != nil {
		return nil, err
	}
	res.Tables = table.NewSet(append(tables, stated)...)
	return res, nil
}

// single empties the files and tables that say what an earlier one said, and
// returns all tables in their order.
func single(outs []fileOut, lang language) []*chunk {
	first := map[string]*fileOut{}
	prints := map[uint64][]*chunk{}
	var all []*chunk
	for i := range outs {
		out := &outs[i]
		if sum := out.input.SHA256; sum != "" {
			if f, ok := first[sum]; ok {
				out.again(f, lang)
			} else {
				first[sum] = out
			}
		}
		for _, c := range out.chunks {
			if c.table == nil {
				continue
			}
			if twin := sameContent(c, prints[c.print]); twin != nil {
				c.duplicateOf(twin.account, lang)
			} else {
				prints[c.print] = append(prints[c.print], c)
			}
		}
		all = append(all, out.chunks...)
	}
	return all
}

// placed returns the chunk's table with its rows' Refs.
func (c *chunk) placed(source int) (*table.Table, error) {
	b := table.NewBuilder(c.table.Schema())
	refs := b.Ints(table.RefColumn)
	*refs = make([]int64, len(c.rows))
	for i, r := range c.rows {
		(*refs)[i] = int64(table.NewRef(source, int(r)))
	}
	return c.table.With(b)
}
