package rules

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// netted runs grants over rows "source program period amount day state batch
// note" of one person, with - for an empty cell, and returns what is left as
// "program period amount", in order.
func netted(t *testing.T, rows ...string) []string {
	t.Helper()
	b := table.NewBuilder(table.Payment)
	for i, row := range rows {
		f := strings.Fields(row)
		for j := range f {
			if f[j] == "-" {
				f[j] = ""
			}
		}
		for len(f) < 8 {
			f = append(f, "")
		}
		*b.Ints(table.RefColumn) = append(*b.Ints(table.RefColumn), int64(table.NewRef(int(f[0][0]-'A'), i+2)))
		amount, err := table.ParseFen(f[3])
		if err != nil {
			t.Fatal(err)
		}
		day := int64(table.Null)
		if f[4] != "" {
			d, err := table.ParseDay(f[4])
			if err != nil {
				t.Fatal(err)
			}
			day = int64(d)
		}
		*b.Ints("amount") = append(*b.Ints("amount"), int64(amount))
		*b.Ints("pay_date") = append(*b.Ints("pay_date"), day)
		b.Words("_person").Append("P")
		for name, at := range map[string]int{"_program": 1, "period": 2, "state": 5, "batch": 6, "note": 7} {
			b.Words(name).Append(f[at])
		}
	}
	tab, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	var fields, order = []int{}, []int32{}
	for _, c := range grantReads {
		if s, f := c.Of(); s == table.Payment {
			fields = append(fields, f)
		}
	}
	for i := range rows {
		order = append(order, int32(i))
	}
	var g table.Gathered
	g.Gather(tab, fields, order)
	group := &detect.Group{}
	group.Reset(table.Person, "P")
	group.SetView(table.Payment, g.View(0, len(rows)))
	l := grants.Of(&detect.Pass{Group: group, Policy: policy.Builtin()})
	var out []string
	for k, g := range l.grants {
		out = append(out, fmt.Sprintf("%s %s %s", g.program, g.period, g.amount))
		if !slices.Contains(l.of, int32(k)) {
			t.Errorf("no row stands for grant %s", out[k])
		}
	}
	slices.Sort(out)
	return out
}

func TestGrants(t *testing.T) {
	for name, tt := range map[string]struct {
		rows []string
		want string
	}{
		"one": {[]string{"A 低保 2017-03 200 2017-03-15"}, "农村低保 2017-03 200.00"},
		"twice": {[]string{"A 低保 2017-03 200 2017-03-15", "A 农村低保 2017-03 200 2017-03-15"},
			"农村低保 2017-03 200.00; 农村低保 2017-03 200.00"},
		"two sheets tell one payment": {[]string{"A 低保 2017-03 200 2017-03-15", "B 低保 2017-03 200 2017-03-15"},
			"农村低保 2017-03 200.00"},
		"one sheet has the period": {[]string{"A 低保 - 200 2017-03-15", "B 低保 2017-02 200 2017-03-15"},
			"农村低保 2017-02 200.00"},
		"one sheet has the day": {[]string{"A 低保 2017-03 200 -", "B 低保 2017-03 200 2017-03-15", "C 低保 2017-03 200 2017-03-15"},
			"农村低保 2017-03 200.00"},
		"one sheet has no day, two have one each": {[]string{"A 低保 2017-03 200 -", "B 低保 2017-03 200 2017-03-15", "C 低保 2017-03 200 2017-03-28"},
			"农村低保 2017-03 200.00; 农村低保 2017-03 200.00"},
		"the day in one sheet, the period in the other": {[]string{"A 低保 2017-03 200 -", "B 低保 - 200 2017-03-15"},
			"农村低保 2017-03 200.00; 农村低保 2017-03 200.00"},
		"two in one sheet, both again in another": {
			[]string{"A 低保 2017-03 200 2017-03-15", "A 低保 2017-03 200 2017-03-15", "B 低保 2017-03 200 2017-03-15", "B 低保 2017-03 200 2017-03-15"},
			"农村低保 2017-03 200.00; 农村低保 2017-03 200.00"},
		"one in one sheet, three in another": {
			[]string{"A 低保 2017-03 200 2017-03-15", "B 低保 2017-03 200 2017-03-15", "B 低保 2017-03 200 2017-03-15", "B 低保 2017-03 200 2017-03-15"},
			"农村低保 2017-03 200.00; 农村低保 2017-03 200.00; 农村低保 2017-03 200.00"},
		"two dates are two payments": {[]string{"A 低保 2017-03 200 2017-03-15", "B 低保 2017-03 200 2017-03-16"},
			"农村低保 2017-03 200.00; 农村低保 2017-03 200.00"},
		"returned":          {[]string{"A 低保 2017-03 200 2017-03-15", "A 低保 2017-03 -200 2017-04-15"}, ""},
		"returned by state": {[]string{"A 低保 2017-03 200 2017-03-15 退款"}, ""},
		"returned in part": {[]string{"A 低保 2017-03 200 2017-03-15", "A 低保 2017-03 -50 2017-04-15"},
			"农村低保 2017-03 150.00"},
		"one return for two payments": {[]string{"A 低保 2017-03 200 2017-03-15", "A 低保 2017-04 200 2017-04-15", "A 低保 - -400 2017-05-15"}, ""},
		"a return of another month takes the sum it names": {
			[]string{"A 低保 2017-03 200 2017-03-15", "A 低保 2017-04 250 2017-04-15", "A 低保 - -200 2017-05-15"},
			"农村低保 2017-04 250.00"},
		"bounced and paid again": {[]string{"A 低保 2017-03 200 2017-03-15 退款", "A 低保 2017-03 200 2017-03-25 更正发放"},
			"农村低保 2017-03 200.00"},
		"a row with the state of a payment that came back, and the next": {
			[]string{"A 低保 2017-03 200 2017-03-15 退款", "A 低保 2017-03 200 2017-04-15"}, "农村低保 2017-03 200.00"},
		"the return of a month does not touch another month": {
			[]string{"A 低保 2017-03 200 2017-03-15", "A 低保 2017-04 250 2017-04-15 退款"}, "农村低保 2017-03 200.00"},
		"a part of the latest payment comes back": {
			[]string{"A 低保 2017Q2 300 2017-07-02", "A 低保 2017Q2 600 2017-06-20", "A 低保 2017Q2 -100 2017-07-20"},
			"农村低保 2017Q2 200.00; 农村低保 2017Q2 600.00"},
		"came back and is sent again": {[]string{"A 低保 2017-03 200 2017-03-25 - - 退回重发"}, "农村低保 2017-03 200.00"},
		"an instalment comes back and is sent again": {
			[]string{"A 危改 2017 12000 2017-03-15 - 第一批", "A 危改 2017 8000 2017-09-15 - 第二批",
				"A 危改 2017 -8000 2017-09-20", "A 危改 2017 8000 2017-10-15 - 第二批"},
			"农村危房改造 2017 20000.00"},
		"corrected": {[]string{"A 低保 2017-03 200 2017-03-15", "A 低保 2017-03 240 2017-03-25 更正"},
			"农村低保 2017-03 240.00"},
		"reversed and corrected": {[]string{"A 低保 2017-03 200 2017-03-15", "A 低保 2017-03 -200 2017-03-20 冲销", "A 低保 2017-03 240 2017-03-25 更正"},
			"农村低保 2017-03 240.00"},
		"supplement": {[]string{"A 低保 2017-03 200 2017-03-15", "A 低保 2017-03 40 2017-06-15 - - 补发"},
			"农村低保 2017-03 240.00"},
		"instalments": {[]string{"A 危改 2017 10000 2017-03-15 - 第一批", "A 危改 2017 15000 2017-09-15 - 第二批"},
			"农村危房改造 2017 25000.00"},
		"the first unmarked": {[]string{"A 危改 2017 10000 2017-03-15", "A 危改 2017 15000 2017-09-15 - 尾款"},
			"农村危房改造 2017 25000.00"},
		"one instalment twice": {[]string{"A 危改 2017 10000 2017-03-15 - 第1批", "A 危改 2017 10000 2017-09-15 - 第一批"},
			"农村危房改造 2017 10000.00; 农村危房改造 2017 10000.00"},
		"a batch number is no instalment": {[]string{"A 低保 2017-03 200 2017-03-15 - 201703", "A 低保 2017-03 200 2017-03-25 - 201704"},
			"农村低保 2017-03 200.00; 农村低保 2017-03 200.00"},
		"not paid": {[]string{"A 低保 2017-03 200 2017-03-15 待编制", "A 低保 2017-03 0 2017-03-15"}, ""},
		"a monthly benefit under its year": {[]string{"A 低保 2017 200 2017-01-15", "A 低保 2017 200 2017-02-15", "A 低保 2017 200 2017-03-15"},
			"农村低保 2017-01 200.00; 农村低保 2017-02 200.00; 农村低保 2017-03 200.00"},
		"twice a year is no monthly benefit": {[]string{"A 低保 2017 200 2017-01-15", "A 低保 2017 200 2017-02-15"},
			"农村低保 2017 200.00; 农村低保 2017 200.00"},
		"nowhere in time": {[]string{"A 低保 - 200 -"}, ""},
		"no program":      {[]string{"A - 2017-03 200 -"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.Join(netted(t, tt.rows...), "; "); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestGrantsOrder nets the same rows in many orders: sheets come in any order.
func TestGrantsOrder(t *testing.T) {
	rows := []string{
		"A 低保 2017-03 200 2017-03-15", "A 低保 2017-03 200 2017-03-16", "A 低保 2017-03 -200 2017-03-20",
		"A 低保 2017-04 200 2017-04-15", "A 低保 2017-04 40 2017-05-15 补发", "A 低保 2017-05 200 2017-05-15 退款",
		"A 低保 2017-05 200 2017-05-25 更正", "A 危改 2017 10000 2017-03-15 - 第一批", "A 危改 2017 15000 2017-09-15 - 第二批",
	}
	want := netted(t, rows...)
	r := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		if got := netted(t, rows...); !slices.Equal(got, want) {
			t.Fatalf("rows %q\ngot  %q\nwant %q", rows, got, want)
		}
	}
}

func TestPartOf(t *testing.T) {
	for s, want := range map[string]uint8{
		"": 0, "1": 1, "2": 2, "12": 12, "第一批": 1, "2017年第2批": 2, "第十二批": 12, "第二十一期": 21, "首批": 1, "尾款": lastPart, "余款": lastPart, "预拨50%": 1,
		"分期": somePart, "上半年": 1, "秋季学期": 2, "201703": 0, "201703批次": 0, "3月": 0, "一次性": 0, "第三产业": 0, "第100批": 0,
	} {
		if got := partOf(s); got != want {
			t.Errorf("partOf(%q) = %d, want %d", s, got, want)
		}
	}
}

// FuzzPartOf: no text makes a number that the bits of a grant cannot hold.
func FuzzPartOf(f *testing.F) {
	for _, s := range []string{"第一批", "第99批", "12", "〇", "十十十", "分期", "首批尾款"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if n := partOf(s); n > somePart {
			t.Errorf("partOf(%q) = %d", s, n)
		}
	})
}
