package settle

import (
	"fundtrace/pipeline/table"
	"fundtrace/pipeline/words"
)

// write adds the columns one by one, so that the memory to build one serves the
// next. A column without a value is left out.
func (s *settling) write(t *table.Table) (*table.Table, error) {
	s.number()
	backOn := map[int32]int64{}
	for _, c := range s.chunks {
		for row, day := range c.backOn {
			backOn[row] = day
		}
	}
	var err error
	add := func(fill func(b *table.Builder) (any bool)) {
		b := table.NewBuilder(t.Schema())
		if err == nil && fill(b) {
			t, err = t.With(b)
		}
	}
	ints := func(name string, of func(row int32) (int64, bool)) {
		add(func(b *table.Builder) (any bool) {
			vals := make([]int64, s.n)
			for i := range vals {
				v, ok := of(int32(i))
				if !ok {
					v = table.Null
				}
				vals[i], any = v, any || ok
			}
			*b.Ints(name) = vals
			return any
		})
	}
	add(func(b *table.Builder) bool {
		texts(b.Words("_kind"), s.kind, func(k words.Kind) string { return words.Kinds[k] })
		return true
	})
	add(func(b *table.Builder) bool { texts(b.Words("_for"), s.span, table.Period.String); return true })
	ints("_net", func(row int32) (int64, bool) { return s.left[row], true })
	ints("_grant", func(row int32) (int64, bool) { return int64(s.grant[row]), s.grant[row] >= 0 })
	ints("_part", func(row int32) (int64, bool) { return int64(s.part[row]), s.part[row] > 0 })
	ints("_back_on", func(row int32) (int64, bool) { day, ok := backOn[row]; return day, ok })
	ints("_refused", func(row int32) (int64, bool) { return s.amount[row], s.refused[row] })
	ints("_told_in", func(row int32) (int64, bool) {
		if s.told[row] < 0 {
			return 0, false
		}
		return int64(s.ref(s.told[row])), true
	})
	return t, err
}

// number makes the grants' numbers dense over the run and gives rows that repeat
// another that one's grant.
func (s *settling) number() {
	base := int32(0)
	for _, c := range s.chunks {
		for rows := range s.rowsOf(c.lo, c.hi) {
			for _, r := range rows {
				if s.grant[r] >= 0 {
					s.grant[r] += base
				}
			}
		}
		base += c.grants
	}
	for r, in := range s.told {
		if in >= 0 {
			s.grant[r], s.span[r] = s.grant[in], s.span[in]
		}
	}
}

// texts fills a column with the texts of values that most rows share.
func texts[T comparable](w *table.Words, vals []T, text func(T) string) {
	w.Codes = make([]uint32, len(vals))
	codes := map[T]uint32{}
	var last T
	code := w.Code(text(last))
	for i, v := range vals {
		if v != last {
			c, ok := codes[v]
			if !ok {
				c = w.Code(text(v))
				codes[v] = c
			}
			last, code = v, c
		}
		w.Codes[i] = code
	}
}
