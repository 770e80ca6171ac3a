package table

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// payments builds a small payment table of one source: name, amount (Null for
// absent), period.
func payments(t *testing.T, source int, rows ...[3]any) *Table {
	t.Helper()
	b := NewBuilder(Payment)
	for i, r := range rows {
		*b.Ints(RefColumn) = append(*b.Ints(RefColumn), int64(NewRef(source, i+2)))
		b.Words("beneficiary_name").Append(r[0].(string))
		*b.Ints("amount") = append(*b.Ints("amount"), int64(r[1].(int)))
		b.Words("period").Append(r[2].(string))
	}
	tb, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return tb
}

func TestBuildReadsBack(t *testing.T) {
	tb := payments(t, 0, [3]any{"甲", 100, "2017"}, [3]any{"", Null, ""}, [3]any{"乙", -5, "2017-03"})
	if got := []string{tb.Text("beneficiary_name", 0), tb.Text("beneficiary_name", 1), tb.Text("beneficiary_name", 2)}; !slices.Equal(got, []string{"甲", "", "乙"}) {
		t.Errorf("names %q", got)
	}
	if got := tb.Ints("amount"); !slices.Equal(got, []int64{100, Null, -5}) {
		t.Errorf("amounts %d", got)
	}
	if _, ok := tb.Int("amount", 1); ok {
		t.Error("an absent amount is there")
	}
	if tb.Has("pay_date") || tb.Ints("pay_date") != nil {
		t.Error("a column nobody set is there")
	}
}

func TestBuildRefusesRaggedAndHuge(t *testing.T) {
	b := NewBuilder(Payment)
	*b.Ints("amount") = []int64{1, 2}
	b.Words("program").Append("低保")
	if _, err := b.Build(); err == nil {
		t.Error("columns of two lengths made a table")
	}
	b = NewBuilder(Payment)
	*b.Ints("amount") = []int64{1e18}
	if _, err := b.Build(); err == nil {
		t.Error("nineteen digits made a decimal(18,2)")
	}
}

func TestConcatOrdersBySourceAndUnifiesWords(t *testing.T) {
	a := payments(t, 1, [3]any{"乙", 2, "2017"}, [3]any{"甲", 3, ""})
	b := payments(t, 0, [3]any{"甲", 1, "2016"})
	all, err := Concat(Payment, []*Table{a, b})
	if err != nil {
		t.Fatal(err)
	}
	if got := all.Ints("amount"); !slices.Equal(got, []int64{1, 2, 3}) {
		t.Errorf("order %d", got)
	}
	codes, dict := all.Words("beneficiary_name")
	if codes[0] != codes[2] || len(dict) != 2 {
		t.Errorf("one name has codes %d in %q", codes, dict)
	}
	lo, hi := all.Find(NewRef(1, 3))
	if lo != 2 || hi != 3 {
		t.Errorf("Find gives rows %d to %d", lo, hi)
	}
	if lo, hi := all.Find(NewRef(5, 1)); lo != hi {
		t.Error("Find finds what is not there")
	}
}

func TestWithReplacesAndAdds(t *testing.T) {
	tb := payments(t, 0, [3]any{"甲", 1, "2016"}, [3]any{"乙", 2, "2016"})
	b := NewBuilder(Payment)
	b.Words("_person").Append("p1")
	b.Words("_person").Append("p2")
	got, err := tb.With(b)
	if err != nil {
		t.Fatal(err)
	}
	if got.Text("_person", 1) != "p2" || got.Text("beneficiary_name", 1) != "乙" || tb.Has("_person") {
		t.Error("With lost a column or changed its table")
	}
	b = NewBuilder(Payment)
	b.Words("_person").Append("p1")
	if _, err := tb.With(b); err == nil {
		t.Error("a column of another length was added")
	}
}

func TestGatherServesViews(t *testing.T) {
	tb := payments(t, 0, [3]any{"甲", 1, "2016"}, [3]any{"", Null, "坏"}, [3]any{"丙", 3, "2017Q1"})
	name, sum, period := TextOf(Payment, "beneficiary_name"), MoneyOf(Payment, "amount"), PeriodOf(Payment, "period")
	phone, day := TextOf(Payment, "phone"), DateOf(Payment, "pay_date")
	var fields []int
	for _, c := range []Column{name, sum, period, phone, day} {
		_, f := c.Of()
		fields = append(fields, f)
	}
	var g Gathered
	g.Gather(tb, fields, []int32{2, 1, 0})
	v := g.View(0, 3)
	if got := name.In(v); !slices.Equal(got, []string{"丙", "", "甲"}) {
		t.Errorf("names %q", got)
	}
	if a, ok := sum.In(v).At(0); !ok || a != 3 {
		t.Errorf("amount %d, %v", a, ok)
	}
	if _, ok := sum.In(v).At(1); ok {
		t.Error("an absent amount is there")
	}
	if p, ok := period.In(v).At(0); !ok || p.String() != "2017Q1" {
		t.Errorf("period %s", p)
	}
	if _, ok := period.In(v).At(1); ok {
		t.Error("a text that is no period reads as one")
	}
	if phone.In(v)[2] != "" || day.In(v).Or(2, -1) != -1 {
		t.Error("an absent column has values")
	}
	if v.Ref(0) != NewRef(0, 4) {
		t.Errorf("row 0 came from row %d", v.Ref(0).Row())
	}
	g.Gather(tb, fields[:1], []int32{0})
	defer func() {
		if said := fmt.Sprint(recover()); !strings.Contains(said, "payment.amount") {
			t.Errorf("a column that was not asked for reads as something; said %s", said)
		}
	}()
	sum.In(g.View(0, 1))
}

func TestSchemasAreWhole(t *testing.T) {
	for i, s := range Schemas {
		if s.Index() != i {
			t.Errorf("table %s has index %d at place %d", s.Name, s.Index(), i)
		}
		if SchemaNamed(s.Name) != s {
			t.Errorf("two tables are called %s", s.Name)
		}
		seen := map[string]bool{}
		for _, f := range s.Fields {
			if f.Zh == "" || seen[f.Name] {
				t.Errorf("%s.%s has no Chinese word or stands twice", s.Name, f.Name)
			}
			seen[f.Name] = true
		}
		if s.Money != "" && s.Fields[s.Field(s.Money)].Type != Money {
			t.Errorf("table %s: %s is no money", s.Name, s.Money)
		}
	}
}
