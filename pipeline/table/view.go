package table

import (
	"fmt"
	"slices"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/decimal128"
)

// A Column names a column of a table and what rules read it as. The declared
// columns stand in rules/columns.go.
type Column interface {
	Of() (*Schema, int)
	String() string // table.column
}

type column struct {
	schema *Schema
	field  int
}

// Of returns the column's table and field.
func (c column) Of() (*Schema, int) { return c.schema, c.field }

// String returns table.column.
func (c column) String() string { return c.schema.Name + "." + c.schema.Fields[c.field].Name }

// TextColumn is a Text column.
type TextColumn struct{ column }

// TextOf declares a Text column; like its sisters it panics on a column that
// the schema does not have with that type, which only a mistake in code does.
func TextOf(s *Schema, name string) TextColumn { return TextColumn{column{s, s.must(name, Text)}} }

// In returns the column's values in a view, "" where absent. The slice is the
// executor's: read it, do not keep or change it. It panics on a column that was
// not gathered, which only a mistake in code asks for.
func (c TextColumn) In(v View) []string {
	if v.g == nil {
		return nil
	}
	if a := v.g.texts[c.field]; a != nil {
		return a[v.lo:v.hi]
	}
	v.g.mustHave(c.column)
	return v.g.noText[:v.hi-v.lo]
}

// IntColumn is a column that is read as a T.
type IntColumn[T ~int64] struct{ column }

// MoneyOf declares a Money column.
func MoneyOf(s *Schema, name string) IntColumn[Fen] { return intOf[Fen](s, name, Money) }

// QuantityOf declares an Amount column.
func QuantityOf(s *Schema, name string) IntColumn[Quantity] { return intOf[Quantity](s, name, Amount) }

// DateOf declares a Date column.
func DateOf(s *Schema, name string) IntColumn[Day] { return intOf[Day](s, name, Date) }

// CountOf declares a Number column.
func CountOf(s *Schema, name string) IntColumn[Count] { return intOf[Count](s, name, Number) }

// FlagOf declares a Bool column.
func FlagOf(s *Schema, name string) IntColumn[Flag] { return intOf[Flag](s, name, Bool) }

// PeriodOf declares a Span column.
func PeriodOf(s *Schema, name string) IntColumn[Period] { return intOf[Period](s, name, Span) }

// RefOf declares a Handle column.
func RefOf(s *Schema, name string) IntColumn[Ref] { return intOf[Ref](s, name, Handle) }

func intOf[T ~int64](s *Schema, name string, t Type) IntColumn[T] {
	return IntColumn[T]{column{s, s.must(name, t)}}
}

// In returns the column's values in a view.
func (c IntColumn[T]) In(v View) Values[T] {
	if v.g == nil {
		return Values[T]{}
	}
	if a := v.g.ints[c.field]; a != nil {
		return Values[T]{a[v.lo:v.hi]}
	}
	v.g.mustHave(c.column)
	return Values[T]{v.g.noInts[:v.hi-v.lo]}
}

// Values are a column's values in one view.
type Values[T ~int64] struct{ a []int64 }

// Len returns the number of rows.
func (v Values[T]) Len() int { return len(v.a) }

// At returns row i's value; ok is false where the cell was empty.
func (v Values[T]) At(i int) (val T, ok bool) {
	if v.a[i] == Null {
		return 0, false
	}
	return T(v.a[i]), true
}

// Or returns row i's value, or def where the cell was empty.
func (v Values[T]) Or(i int, def T) T {
	if v.a[i] == Null {
		return def
	}
	return T(v.a[i])
}

// A View is the rows of one group in one table, in order of Ref unless the
// table is derived. The zero View has no rows.
type View struct {
	g      *Gathered
	lo, hi int
}

// Len returns the number of rows.
func (v View) Len() int { return v.hi - v.lo }

// Ref returns where row i came from.
func (v View) Ref(i int) Ref {
	if a := v.g.ints[0]; a != nil {
		return Ref(a[v.lo+i])
	}
	return 0
}

// Schema returns the table the rows are of, nil for the zero View.
func (v View) Schema() *Schema {
	if v.g == nil {
		return nil
	}
	return v.g.schema
}

// Text returns one cell of a Text column by field index, "" where absent,
// whether it was gathered or not. It is for the few rows that reach a lead, not
// for loops.
func (v View) Text(field, i int) string {
	return v.g.table.text(field, int(v.g.rows[v.lo+i]))
}

// Gathered holds chosen columns of chosen rows of a table side by side. It is
// an executor's scratch: filled again and again, read through Views.
type Gathered struct {
	schema *Schema
	table  *Table
	rows   []int32
	fields []int // asked for; what of them the table lacks reads as absent
	texts  [][]string
	ints   [][]int64
	noText []string
	noInts []int64
	pool   struct {
		texts [][]string
		ints  [][]int64
	}
}

// View returns rows lo..hi-1 of what was gathered last.
func (g *Gathered) View(lo, hi int) View { return View{g, lo, hi} }

// Gather fills g with the columns of t that fields names, in the order of
// rows. Columns t does not have read as absent. _ref always comes along.
func (g *Gathered) Gather(t *Table, fields []int, rows []int32) {
	n := len(t.schema.Fields)
	if g.schema != t.schema {
		*g = Gathered{schema: t.schema, texts: make([][]string, n), ints: make([][]int64, n)}
		g.pool.texts, g.pool.ints = make([][]string, n), make([][]int64, n)
	}
	g.table, g.rows, g.fields = t, rows, fields
	clear(g.texts)
	clear(g.ints)
	for len(g.noInts) < len(rows) {
		g.noInts = append(g.noInts, Null)
	}
	if len(g.noText) < len(rows) {
		g.noText = make([]string, max(len(rows), 2*len(g.noText)))
	}
	g.ints[0] = g.gatherInts(t, 0, rows)
	for _, f := range fields {
		switch {
		case f == 0 || t.at[f] < 0:
		case t.schema.Fields[f].Type == Text:
			g.texts[f] = g.gatherTexts(t, f, rows)
		default:
			g.ints[f] = g.gatherInts(t, f, rows)
		}
	}
}

// mustHave panics where a column was not asked for: to read it as absent would
// be to judge without it.
func (g *Gathered) mustHave(c column) {
	if c.field != 0 && !slices.Contains(g.fields, c.field) {
		panic(fmt.Sprintf("the check reads %s, which the rule's Reads does not list", c))
	}
}

func (g *Gathered) gatherInts(t *Table, f int, rows []int32) []int64 {
	col := t.column(f)
	if col == nil {
		return nil
	}
	out := grown(&g.pool.ints[f], len(rows))
	if t.schema.Fields[f].Type == Span {
		dict := t.dict(f)
		spans := make([]int64, len(dict))
		for i, s := range dict {
			spans[i] = Null
			if p, err := ParsePeriod(s); err == nil {
				spans[i] = int64(p)
			}
		}
		d := col.(*array.Dictionary)
		codes := d.Indices().(*array.Uint32).Uint32Values()
		for i, r := range rows {
			out[i] = Null
			if d.IsValid(int(r)) {
				out[i] = spans[codes[r]]
			}
		}
		return out
	}
	gatherInts(out, col, rows)
	return out
}

func (g *Gathered) gatherTexts(t *Table, f int, rows []int32) []string {
	dict := t.dict(f)
	d := t.column(f).(*array.Dictionary)
	codes := d.Indices().(*array.Uint32).Uint32Values()
	out := grown(&g.pool.texts[f], len(rows))
	if d.NullN() == 0 {
		for i, r := range rows {
			out[i] = dict[codes[r]]
		}
		return out
	}
	for i, r := range rows {
		out[i] = ""
		if d.IsValid(int(r)) {
			out[i] = dict[codes[r]]
		}
	}
	return out
}

// grown returns *s with length n, its memory reused.
func grown[T any](s *[]T, n int) []T {
	if cap(*s) < n {
		*s = make([]T, n, n+n/4)
	}
	*s = (*s)[:n]
	return *s
}

// gatherInts copies rows of a column that is not text into out, Null where
// absent; nil rows means all of them.
func gatherInts(out []int64, col arrow.Array, rows []int32) {
	switch a := col.(type) {
	case *array.Decimal128:
		take(out, a.Values(), rows, func(n decimal128.Num) int64 { return int64(n.LowBits()) })
	case *array.Date32:
		take(out, a.Date32Values(), rows, func(d arrow.Date32) int64 { return int64(d) })
	case *array.Int32:
		take(out, a.Int32Values(), rows, func(n int32) int64 { return int64(n) })
	case *array.Int64:
		take(out, a.Int64Values(), rows, func(n int64) int64 { return n })
	case *array.Boolean:
		for i := range out {
			r := i
			if rows != nil {
				r = int(rows[i])
			}
			out[i] = int64(No)
			if a.Value(r) {
				out[i] = int64(Yes)
			}
		}
	}
	if col.NullN() == 0 {
		return
	}
	for i := range out {
		r := i
		if rows != nil {
			r = int(rows[i])
		}
		if col.IsNull(r) {
			out[i] = Null
		}
	}
}

func take[T any](out []int64, vals []T, rows []int32, as func(T) int64) {
	if rows == nil {
		for i, v := range vals {
			out[i] = as(v)
		}
		return
	}
	for i, r := range rows {
		out[i] = as(vals[r])
	}
}
