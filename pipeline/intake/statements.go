package intake

import (
	"cmp"
	"fmt"
	"slices"

	"fundtrace/pipeline/table"
)

// statementTable makes table.Statement; source is each chunk's Source.
func statementTable(chunks []*chunk, source map[*chunk]int) (*table.Table, error) {
	b := table.NewBuilder(table.Statement)
	refs := b.Ints(table.RefColumn)
	text := func(name string) *table.Words { return b.Words(name) }
	key, of, what, column, label := text("sheet"), text("table"), text("what"), text("column"), text("label")
	stated, computed, rounding := b.Ints("stated"), b.Ints("computed"), b.Ints("rounding")
	heads, counted := b.Ints("stated_count"), b.Ints("computed_count")
	for _, c := range chunks {
		src, ok := source[c]
		if !ok {
			continue
		}
		called := c.called()
		list := slices.Clone(c.statements)
		slices.SortStableFunc(list, func(a, b statement) int { return cmp.Compare(a.row, b.row) })
		for _, s := range list {
			*refs = append(*refs, int64(table.NewRef(src, s.row)))
			key.Append(called)
			of.Append(c.account.Table)
			what.Append(s.what)
			column.Append(s.column)
			label.Append(s.label)
			money, count, off := []int64{s.stated, s.computed}, []int64{table.Null, table.Null}, s.rounding
			if s.what == "headcount" {
				money, count = count, money
			}
			if off == 0 {
				off = table.Null
			}
			*stated, *computed, *rounding = append(*stated, money[0]), append(*computed, money[1]), append(*rounding, off)
			*heads, *counted = append(*heads, count[0]), append(*counted, count[1])
		}
	}
	t, err := b.Build()
	if err != nil {
		return nil, fmt.Errorf("noting the totals that sheets state: %w", err)
	}
	return t, nil
}

// sheetKey is the key of a sheet: File!Sheet.
func sheetKey(s Sheet) string {
	if s.Sheet == "" {
		return s.File
	}
	return s.File + "!" + s.Sheet
}
