package table

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"sync"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
)

// A Table is one canonical table in Arrow. It does not change once built.
type Table struct {
	schema *Schema
	rec    arrow.Record
	at     []int // field index → column of rec, -1 where absent
	words  []lazyWords
}

// lazyWords are the dictionary's texts as Go strings over Arrow's memory.
type lazyWords struct {
	once sync.Once
	dict []string
}

func newTable(s *Schema, fields []int, cols []arrow.Array, rows int) *Table {
	t := &Table{schema: s, at: make([]int, len(s.Fields)), words: make([]lazyWords, len(s.Fields))}
	for i := range t.at {
		t.at[i] = -1
	}
	afs := make([]arrow.Field, len(fields))
	for c, i := range fields {
		t.at[i] = c
		afs[c] = arrow.Field{Name: s.Fields[i].Name, Type: cols[c].DataType(), Nullable: true}
	}
	t.rec = array.NewRecord(arrow.NewSchema(afs, nil), cols, int64(rows))
	return t
}

// Empty returns the table of schema s without rows.
func Empty(s *Schema) *Table { return newTable(s, nil, nil, 0) }

// Schema returns the table's schema.
func (t *Table) Schema() *Schema { return t.schema }

// Len returns the number of rows.
func (t *Table) Len() int { return int(t.rec.NumRows()) }

// Record returns the table as Arrow holds it, absent columns left out.
func (t *Table) Record() arrow.Record { return t.rec }

// Has reports whether the table has the named column, which may still be empty
// in every row.
func (t *Table) Has(name string) bool {
	i := t.schema.Field(name)
	return i >= 0 && t.at[i] >= 0
}

// column returns field i's array, or nil.
func (t *Table) column(i int) arrow.Array {
	if t.at[i] < 0 {
		return nil
	}
	return t.rec.Column(t.at[i])
}

// Words returns a Text or Span column's codes, a row each with NullCode where
// absent, and its dictionary. Both are shared: do not change them. An absent
// column gives nil, nil. Codes mean something within this table only.
func (t *Table) Words(name string) (codes []uint32, dict []string) {
	i := t.schema.must(name, Text, Span)
	col := t.column(i)
	if col == nil {
		return nil, nil
	}
	d := col.(*array.Dictionary)
	codes = d.Indices().(*array.Uint32).Uint32Values()
	if d.NullN() > 0 {
		codes = slices.Clone(codes)
		for r := range codes {
			if d.IsNull(r) {
				codes[r] = NullCode
			}
		}
	}
	return codes, t.dict(i)
}

// dict returns the dictionary of field i, a column the table has.
func (t *Table) dict(i int) []string {
	w := &t.words[i]
	w.once.Do(func() {
		vals := t.column(i).(*array.Dictionary).Dictionary().(*array.String)
		w.dict = make([]string, vals.Len())
		for j := range w.dict {
			w.dict[j] = vals.Value(j)
		}
	})
	return w.dict
}

// Ints returns a copy of a column of any other type as int64, Null where
// absent; an absent column gives nil.
func (t *Table) Ints(name string) []int64 {
	i := t.schema.must(name, Money, Amount, Date, Number, Bool, Handle)
	col := t.column(i)
	if col == nil {
		return nil
	}
	out := make([]int64, col.Len())
	gatherInts(out, col, nil)
	return out
}

// Text returns one cell of a Text or Span column, "" where absent. It is for
// the few rows that reach a person, not for loops.
func (t *Table) Text(name string, row int) string {
	return t.text(t.schema.must(name, Text, Span), row)
}

func (t *Table) text(field, row int) string {
	col := t.column(field)
	if col == nil || col.IsNull(row) {
		return ""
	}
	d := col.(*array.Dictionary)
	return d.Dictionary().(*array.String).Value(d.GetValueIndex(row))
}

// Int returns one cell of a column of any other type. It is for the few rows
// that reach a person, not for loops.
func (t *Table) Int(name string, row int) (int64, bool) {
	col := t.column(t.schema.must(name, Money, Amount, Date, Number, Bool, Handle))
	if col == nil || col.IsNull(row) {
		return 0, false
	}
	var v [1]int64
	gatherInts(v[:], col, []int32{int32(row)})
	return v[0], true
}

// Refs returns where each row came from. Do not change it.
func (t *Table) Refs() []Ref {
	col := t.column(0)
	if col == nil {
		return nil
	}
	vals := col.(*array.Int64).Int64Values()
	refs := make([]Ref, len(vals))
	for i, v := range vals {
		refs[i] = Ref(v)
	}
	return refs
}

// Find returns the rows lo..hi-1 that came from r. It needs rows in order of
// their Refs, as Concat leaves the canonical tables.
func (t *Table) Find(r Ref) (lo, hi int) {
	col := t.column(0)
	if col == nil {
		return 0, 0
	}
	vals := col.(*array.Int64).Int64Values()
	lo = sort.Search(len(vals), func(i int) bool { return vals[i] >= int64(r) })
	hi = lo + sort.Search(len(vals)-lo, func(i int) bool { return vals[lo+i] > int64(r) })
	return lo, hi
}

// With returns the table with b's columns added, or put in place of its own.
func (t *Table) With(b *Builder) (*Table, error) {
	added, err := b.Build()
	if err != nil {
		return nil, err
	}
	if added.rec.NumCols() == 0 {
		return t, nil
	}
	if added.schema != t.schema || added.Len() != t.Len() {
		return nil, fmt.Errorf("adding columns to table %s: %d rows of %s, want %d", t.schema.Name, added.Len(), added.schema.Name, t.Len())
	}
	var fields []int
	var cols []arrow.Array
	for i := range t.schema.Fields {
		col := added.column(i)
		if col == nil {
			col = t.column(i)
		}
		if col != nil {
			fields, cols = append(fields, i), append(cols, col)
		}
	}
	return newTable(t.schema, fields, cols, t.Len()), nil
}

// Concat returns the rows of parts, tables of one schema, ordered by Ref; rows
// of one Ref keep their order. A part's own rows must be in order already.
func Concat(s *Schema, parts []*Table) (*Table, error) {
	parts = slices.DeleteFunc(slices.Clone(parts), func(p *Table) bool { return p.Len() == 0 })
	if len(parts) == 0 {
		return Empty(s), nil
	}
	slices.SortStableFunc(parts, func(a, b *Table) int { return cmp.Compare(a.firstRef(), b.firstRef()) })
	if len(parts) == 1 {
		return parts[0], nil
	}
	rows := 0
	for _, p := range parts {
		if p.schema != s {
			return nil, fmt.Errorf("joining tables: %s among %s", p.schema.Name, s.Name)
		}
		rows += p.Len()
	}
	b := NewBuilder(s)
	var wg sync.WaitGroup
	for i, f := range s.Fields {
		if !slices.ContainsFunc(parts, func(p *Table) bool { return p.at[i] >= 0 }) {
			continue
		}
		if f.Type == Text || f.Type == Span {
			w := b.Words(f.Name)
			wg.Go(func() { concatWords(w, f.Name, parts, rows) })
		} else {
			out := b.Ints(f.Name)
			wg.Go(func() { *out = concatInts(i, parts, rows) })
		}
	}
	wg.Wait()
	return b.Build()
}

func (t *Table) firstRef() int64 {
	if col := t.column(0); col != nil && col.Len() > 0 {
		return col.(*array.Int64).Value(0)
	}
	return 0
}

func concatWords(w *Words, name string, parts []*Table, rows int) {
	w.Codes = make([]uint32, 0, rows)
	w.index = new(Interner)
	for _, p := range parts {
		codes, dict := p.Words(name)
		if codes == nil {
			for range p.Len() {
				w.Codes = append(w.Codes, NullCode)
			}
			continue
		}
		if n := len(w.Dict) + len(dict); len(dict) > 1000 { // a column of numbers: nearly all of them new
			w.index.Grow(n)
		}
		to := make([]uint32, len(dict))
		for i, s := range dict {
			to[i] = w.Code(s)
		}
		for _, c := range codes {
			if c != NullCode {
				c = to[c]
			}
			w.Codes = append(w.Codes, c)
		}
	}
}

func concatInts(field int, parts []*Table, rows int) []int64 {
	out := make([]int64, rows)
	n := 0
	for _, p := range parts {
		dst := out[n : n+p.Len()]
		n += p.Len()
		if col := p.column(field); col != nil {
			gatherInts(dst, col, nil)
			continue
		}
		for i := range dst {
			dst[i] = Null
		}
	}
	return out
}

// A Set is the tables of a run, one of each schema.
type Set struct{ tables [Tables]*Table }

// NewSet returns a Set of tables; a schema not among them is empty.
func NewSet(tables ...*Table) *Set {
	s := &Set{}
	for _, t := range tables {
		s.tables[t.schema.index] = t
	}
	return s
}

// Get returns the table of a schema, empty if the run has none.
func (s *Set) Get(sc *Schema) *Table {
	if t := s.tables[sc.index]; t != nil {
		return t
	}
	return Empty(sc)
}

// With returns the set with tables added or put in place of its own.
func (s *Set) With(tables ...*Table) *Set {
	n := *s
	for _, t := range tables {
		n.tables[t.schema.index] = t
	}
	return &n
}
