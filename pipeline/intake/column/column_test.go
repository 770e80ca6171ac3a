package column

import (
	"math/rand/v2"
	"testing"

	"fundtrace/pipeline/table"
)

// Every word of the lexicon leads to its own field when it is a header.
func TestWordsFindTheirField(t *testing.T) {
	x := Builtin()
	for i := range x.tables {
		v := &x.tables[i]
		for w, want := range v.whole {
			h := x.Heading([]string{w})
			got := x.read(v, &h).whole
			if got == nil || got.field != want.field {
				t.Errorf("%s: header %q gives %+v, want %q", v.schema.Name, w, got, v.fields[want.field].name)
			}
		}
	}
}

// The assignment is worth as much as the best of all assignments tried one by one.
func TestAssignIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		rows, slots := 1+r.IntN(5), 1+r.IntN(5)
		score := make([][]float64, rows)
		for i := range score {
			score[i] = make([]float64, slots)
			for j := range score[i] {
				score[i][j] = float64(r.IntN(12) - 4)
			}
		}
		var best func(i int, taken uint) float64
		best = func(i int, taken uint) float64 {
			if i == rows {
				return 0
			}
			top := best(i+1, taken)
			for j := range slots {
				if taken&(1<<j) == 0 && score[i][j] > 0 {
					top = max(top, score[i][j]+best(i+1, taken|1<<j))
				}
			}
			return top
		}
		if got, want := total(score, assign(score, slots)), best(0, 0); got != want {
			t.Fatalf("%v: worth %v, want %v", score, got, want)
		}
	}
}

// columns are the headings and profiles of a sheet with the same cell down every
// column.
func columns(x *Lexicon, of ...any) (heads []Heading, profiles []Profile) {
	for i := 0; i < len(of); i += 2 {
		heads = append(heads, x.Heading([]string{of[i].(string)}))
		c := of[i+1].(Cell)
		profiles = append(profiles, x.Profile([]Cell{c, c, c, c}))
	}
	return heads, profiles
}

var (
	aName  = Cell{Text: "韦大山", Person: true}
	anID   = Cell{Text: "459901195001100100", ID: true}
	aSum   = Cell{Text: "500", Money: true, Number: true, Fen: 50000}
	less   = Cell{Text: "300", Money: true, Number: true, Fen: 30000}
	aPlace = Cell{Text: "大塘村"}
	aPhone = Cell{Text: "13900000001", Money: true, Number: true}
)

func TestChoose(t *testing.T) {
	for _, c := range []struct {
		name    string
		titles  []string
		columns []any
		table   *table.Schema // nil for none
		want    []string      // a field a column
	}{
		{"a number is the name's before it", []string{"2017年危房改造补助发放表"}, []any{"户主", aName, "身份证号", anID, "姓名", aName, "补助金额", aSum}, table.Payment,
			[]string{"head_name", "head_id", "beneficiary_name", "amount"}},
		{"a lone head is who is entitled", []string{"耕地地力保护补贴发放表"}, []any{"户主", aName, "身份证号", anID, "补贴金额", aSum}, table.Payment,
			[]string{"head_name", "head_id", "amount"}},
		{"cells tell a column without a heading", []string{"低保金发放表"}, []any{"姓名", aName, "身份证号", anID, "列3", aPlace, "列4", aPhone, "发放金额", aSum}, table.Payment,
			[]string{"beneficiary_name", "beneficiary_id", "village", "phone", "amount"}},
		{"of two columns that fit, neither", []string{"低保金发放表"}, []any{"姓名", aName, "身份证号", anID, "甲款", aSum, "乙款", aSum, "补贴金额", aSum}, table.Payment,
			[]string{"beneficiary_name", "beneficiary_id", "", "", "amount"}},
		{"a sum covers its parts", []string{"低保金发放表"}, []any{"姓名", aName, "身份证号", anID, "低保金", less, "补贴金额合计", aSum}, table.Payment,
			[]string{"beneficiary_name", "beneficiary_id", "", "amount"}},
		{"a person and a sum are no roster", nil, []any{"工号", aSum, "员工姓名", aName, "考勤天数", less, "扣款金额", less, "实发金额", aSum}, nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := Builtin()
			heads, profiles := columns(x, c.columns...)
			got, _ := x.Choose(heads, profiles, Setting{Titles: c.titles})
			if got == nil || c.table == nil {
				if got != nil {
					t.Fatalf("taken for %s", got.Table.Name)
				} else if c.table != nil {
					t.Fatalf("taken for none, want %s", c.table.Name)
				}
				return
			}
			if got.Table != c.table {
				t.Fatalf("taken for %s, want %s", got.Table.Name, c.table.Name)
			}
			for i, want := range c.want {
				if got.Uses[i].Field != want {
					t.Errorf("column %d, %s: %+v, want %q", i, heads[i].Text, got.Uses[i], want)
				}
			}
		})
	}
}

// A column of something else beside the others changes none of them.
func TestJunkChangesNothing(t *testing.T) {
	x := Builtin()
	heads, profiles := columns(x, "姓名", aName, "身份证号", anID, "村", aPlace, "补贴金额", aSum)
	before, _ := x.Choose(heads, profiles, Setting{Titles: []string{"补贴发放表"}})
	more, more2 := columns(x, "天气", Cell{Text: "晴"})
	after, _ := x.Choose(append(heads, more...), append(profiles, more2...), Setting{Titles: []string{"补贴发放表"}})
	if before == nil || after == nil {
		t.Fatal("taken for no table")
	}
	for c := range heads {
		if before.Uses[c].Field != after.Uses[c].Field {
			t.Errorf("%s: %s, with a column of weather %s", heads[c].Text, before.Uses[c].Field, after.Uses[c].Field)
		}
	}
}

// only returns how a sheet is chosen where of all tables only some can be, each with a
// score on the sheet, which has a roster's columns.
func only(t *testing.T, scores map[*table.Schema]float64) func() (*Choice, Refusal) {
	t.Helper()
	x := Without(nil)
	for _, s := range table.Canonical {
		if _, ok := scores[s]; !ok {
			x.weights.Prior[s.Name] = -1000
		}
	}
	heads, profiles := columns(x, "姓名", aName, "身份证号", anID, "村", aPlace, "补贴金额", aSum)
	choose := func() (*Choice, Refusal) {
		return x.Choose(heads, profiles, Setting{Titles: []string{"补贴发放表"}})
	}
	got, _ := choose()
	if got == nil || scores[got.Table] == 0 {
		t.Fatalf("taken for %+v", got)
	}
	x.weights.Prior[got.Table.Name] += scores[got.Table] - got.Score
	if len(scores) > 1 {
		x.weights.Prior[got.RunnerUp.Name] += scores[got.RunnerUp] - got.Behind
	}
	return choose
}

// A sheet is a table where more speaks for it than against it.
func TestMoreForThanAgainst(t *testing.T) {
	choose := only(t, map[*table.Schema]float64{table.Payment: 0.02})
	if got, _ := choose(); got == nil {
		t.Error("more speaks for it than against it, and it is none")
	}
	choose = only(t, map[*table.Schema]float64{table.Payment: -0.02})
	if got, no := choose(); got != nil || !no.Doubt {
		t.Errorf("more speaks against it, and it is %+v, %+v", got, no)
	}
}

// A sheet is no table where another, for which it lacks columns, is likelier by
// more than one.
func TestALikelierTableThatLacksColumns(t *testing.T) {
	choose := only(t, map[*table.Schema]float64{table.Payment: 5, table.Register: 5.98})
	if got, _ := choose(); got == nil {
		t.Error("the other table is likelier by less than one, and it is none")
	}
	choose = only(t, map[*table.Schema]float64{table.Payment: 5, table.Register: 6.02})
	if got, no := choose(); got != nil || no.Nearest == nil || no.Nearest.Table != table.Register || no.Doubt {
		t.Errorf("the other table is likelier by more than one, and it is %+v, %+v", got, no)
	}
}
