package exec

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

var (
	person = table.TextOf(table.Payment, "_person")
	amount = table.MoneyOf(table.Payment, "amount")
	limit  = &detect.Param[int]{Name: "limit", Default: 3, Doc: detect.Text{Zh: "行数", En: "rows"}}
)

// many flags persons with at least limit payments, does not judge those with
// one, and breaks on the person called bad.
var many = &detect.Rule{
	ID: "test-many", Family: detect.Dup, Grade: detect.E1, By: []table.Key{table.Person}, Needs: []string{"payment"},
	Reads: []table.Column{person, amount}, Params: []detect.Parameter{limit},
	Check: func(p *detect.Pass) error {
		v := p.View(table.Payment)
		switch {
		case p.Group.ID == "bad": // half way
			p.On("household", "first")
			p.NotApplicable(detect.Text{Zh: "不详", En: "unknown"})
			p.On("household", "second")
			panic("the check breaks")
		case v.Len() == 1:
			p.NotApplicable(detect.Text{Zh: "仅一笔", En: "one payment"})
		case v.Len() >= limit.Of(p):
			l := detect.Lead{Amount: 0, Summary: detect.Text{Zh: p.Group.ID, En: p.Group.ID}}
			for i := range v.Len() {
				l.Amount += amount.In(v).Or(i, 0)
				l.Evidence = append(l.Evidence, detect.Row(v, i, detect.Text{}))
			}
			p.Report(l)
		}
		return nil
	},
}

// unusual flags persons whose number of payments is above those of 90 % of all.
var unusual = &detect.Rule{
	ID: "test-unusual", Family: detect.Dup, Grade: detect.E3, By: []table.Key{table.Person}, Needs: []string{"payment"},
	Reads:  []table.Column{person},
	Sample: func(p *detect.Pass) (float64, bool) { return float64(p.View(table.Payment).Len()), true },
	Check: func(p *detect.Pass) error {
		if below, _ := p.Standing(float64(p.View(table.Payment).Len())); below >= 0.9 {
			p.Report(detect.Lead{Evidence: []detect.Evidence{detect.Row(p.View(table.Payment), 0, detect.Text{})}})
		}
		return nil
	},
}

// needy needs a register that no test has.
var needy = &detect.Rule{
	ID: "test-needy", Family: detect.Dup, By: []table.Key{table.Person}, Needs: []string{"payment", "register:deceased"},
	Reads: []table.Column{person}, Check: func(p *detect.Pass) error { p.Report(detect.Lead{}); return nil },
}

// payments makes a payment table of people; the row's number is its amount.
func payments(t *testing.T, people []string) *table.Set {
	t.Helper()
	b := table.NewBuilder(table.Payment)
	for i, p := range people {
		*b.Ints("_ref") = append(*b.Ints("_ref"), int64(table.NewRef(0, i+1)))
		*b.Ints("amount") = append(*b.Ints("amount"), int64(i+1))
		b.Words("_person").Append(p)
	}
	tb, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return table.NewSet(tb)
}

func run(t *testing.T, set *table.Set, workers int, p *policy.Policy, rules ...*detect.Rule) ([]detect.Lead, []Status) {
	t.Helper()
	leads, st, err := Run(context.Background(), rules, set, detect.Settings{Policy: p}, Options{Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	return leads, st
}

func TestCountsAddUp(t *testing.T) {
	set := payments(t, []string{"a", "b", "a", "c", "a", "c", ""})
	leads, st := run(t, set, 2, policy.Builtin(), many, needy)
	if len(leads) != 1 || leads[0].Subject != (detect.Subject{Kind: "person", Key: "a"}) || leads[0].Amount != 1+3+5 {
		t.Errorf("leads %+v", leads)
	}
	s := st[0]
	if s.Flagged != 1 || s.Clear != 1 || len(s.NA) != 1 || s.NA[0].N != 1 || s.Judged() != 2 {
		t.Errorf("counts %+v", s.Counts)
	}
	if st[1].Lacking != "register:deceased" || st[1].Judged() != 0 {
		t.Errorf("a rule without its register: %+v", st[1])
	}
}

func TestParametersComeFromThePolicy(t *testing.T) {
	set := payments(t, []string{"a", "a", "b", "b", "b"})
	p, err := policy.Parse([]byte("rules: {test-many: {limit: 2}}"))
	if err != nil {
		t.Fatal(err)
	}
	if leads, _ := run(t, set, 1, p, many); len(leads) != 2 {
		t.Errorf("at limit 2: %d leads", len(leads))
	}
	if leads, _ := run(t, set, 1, policy.Builtin(), many); len(leads) != 1 {
		t.Errorf("at limit 3: %d leads", len(leads))
	}
	p, _ = policy.Parse([]byte("rules: {test-many: {enabled: false}}"))
	if leads, st := run(t, set, 1, p, many); len(leads) != 0 || st[0].Enabled {
		t.Error("a rule that is switched off ran")
	}
	p, _ = policy.Parse([]byte("rules: {test-many: {limit: x}}"))
	if _, _, err := Run(context.Background(), []*detect.Rule{many}, set, detect.Settings{Policy: p}, Options{}); err == nil {
		t.Error("a limit of x was taken")
	}
	p, _ = policy.Parse([]byte("rules: {test-many: {limit: 2}, test-other: {most: 4}}"))
	if leads, _ := run(t, set, 1, p, many); len(leads) != 2 {
		t.Error("a policy that sets a rule not run stops the others")
	}
}

func TestARuleFailsAlone(t *testing.T) {
	set := payments(t, []string{"bad", "a", "a", "a"})
	leads, st := run(t, set, 2, policy.Builtin(), many, unusual)
	if len(st[0].Failed) != 1 || st[0].Failed[0].Group.Key != "bad" || !strings.Contains(st[0].Failed[0].Error, "the check breaks") {
		t.Errorf("failures %+v", st[0].Failed)
	}
	if st[0].Flagged != 1 || len(leads) == 0 {
		t.Error("the other groups were not judged")
	}
	if len(st[0].NA) != 0 {
		t.Errorf("subjects of the failed group are counted: %v", st[0].NA)
	}
}

// TestSameWhateverTheOrder shuffles rows and changes workers: subjects, amounts
// and counts stay.
func TestSameWhateverTheOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var people []string
	for range 20_000 {
		people = append(people, fmt.Sprint("p", int(r.ExpFloat64()*900)))
	}
	people = append(people, slices.Repeat([]string{"big"}, 9_000)...) // one group over several blocks
	describe := func(leads []detect.Lead, st []Status) string {
		var b strings.Builder
		for _, l := range leads {
			fmt.Fprintln(&b, l.Rule, l.Subject, len(l.Evidence))
		}
		for _, s := range st {
			fmt.Fprintln(&b, s.Rule.ID, s.Counts)
		}
		return b.String()
	}
	want := describe(run(t, payments(t, people), 1, policy.Builtin(), many, unusual))
	for _, workers := range []int{1, 2, 8} {
		r.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
		if got := describe(run(t, payments(t, people), workers, policy.Builtin(), many, unusual)); got != want {
			t.Fatalf("with %d workers and other order the leads differ", workers)
		}
	}
}

// TestSampledIsTheGroupsOwn has a rule report what it sampled of each group, and
// break on sampling one: there it fails, once, and nothing is checked.
func TestSampledIsTheGroupsOwn(t *testing.T) {
	r := *unusual
	r.ID = "test-own"
	r.Sample = func(p *detect.Pass) (float64, bool) {
		if p.Group.ID == "bad" {
			panic("the sample breaks")
		}
		return unusual.Sample(p)
	}
	r.Check = func(p *detect.Pass) error {
		n := p.View(table.Payment).Len()
		if x, ok := p.Sampled(); !ok || x != float64(n) {
			t.Errorf("group %s of %d rows sampled %v, %v", p.Group.ID, n, x, ok)
		}
		return nil
	}
	people := []string{"bad", "a", "a", "b"}
	for i := range 2_000 { // several blocks
		people = append(people, slices.Repeat([]string{fmt.Sprint("p", i)}, i%7+1)...)
	}
	_, st := run(t, payments(t, people), 2, policy.Builtin(), &r, unusual)
	if len(st[0].Failed) != 1 || st[0].Failed[0].Group.Key != "bad" || st[0].Judged() != 2_002 {
		t.Errorf("judged %d, failures %+v", st[0].Judged(), st[0].Failed)
	}
}

func TestEvidenceLowersTheGrade(t *testing.T) {
	b := table.NewBuilder(table.Payment)
	for i, m := range []string{"exact", "near", "name"} {
		*b.Ints("_ref") = append(*b.Ints("_ref"), int64(table.NewRef(0, i+1)))
		b.Words("_person").Append(m)
		b.Words("_match").Append(m)
	}
	tb, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	rule := *many
	rule.ID, rule.Params = "test-match", nil
	rule.Check = func(p *detect.Pass) error {
		p.Report(detect.Lead{Evidence: []detect.Evidence{detect.Row(p.View(table.Payment), 0, detect.Text{})}})
		return nil
	}
	leads, st := run(t, table.NewSet(tb), 1, policy.Builtin(), &rule)
	var got []string
	for _, l := range leads {
		got = append(got, fmt.Sprint(l.Subject.Key, " ", l.Grade, " ", l.Match))
	}
	if !slices.Equal(got, []string{"exact E1 exact", "near E2 near"}) {
		t.Errorf("leads %q", got)
	}
	if len(st[0].NA) != 1 {
		t.Error("a lead by name alone was not counted as not applicable")
	}
}

// TestGradeIsCappedByHowValuesAreKnown has an E0 rule on payments whose payer or
// program is not stated; it reads the program only.
func TestGradeIsCappedByHowValuesAreKnown(t *testing.T) {
	b := table.NewBuilder(table.Payment)
	for i, c := range [][3]string{
		{"a", "", ""}, {"b", "labelled", ""}, {"c", "inherited", ""}, {"d", "computed", ""}, {"e", "guessed", ""}, {"f", "", "guessed"},
		{"g", "inherited", ""}, {"g", "guessed", ""}, {"g", "", ""},
	} {
		*b.Ints("_ref") = append(*b.Ints("_ref"), int64(table.NewRef(0, i+1)))
		b.Words("_person").Append(c[0])
		b.Words("_program_how").Append(c[1])
		b.Words("_payer_how").Append(c[2])
	}
	tb, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	rule := *many
	rule.ID, rule.Grade, rule.Params = "test-how", detect.E0, nil
	rule.Reads = []table.Column{person, table.TextOf(table.Payment, "program")}
	rule.Check = func(p *detect.Pass) error {
		var l detect.Lead
		for i := range p.View(table.Payment).Len() {
			l.Evidence = append(l.Evidence, detect.Row(p.View(table.Payment), i, detect.Text{}))
		}
		p.Report(l)
		return nil
	}
	leads, _ := run(t, table.NewSet(tb), 1, policy.Builtin(), &rule)
	var got []string
	for _, l := range leads {
		got = append(got, fmt.Sprint(l.Subject.Key, " ", l.Grade, " ", l.Known))
	}
	want := []string{
		"a E0 []", "b E0 []", "c E1 [{payment program inherited}]", "d E1 [{payment program computed}]", "e E2 [{payment program guessed}]",
		"f E0 []", "g E2 [{payment program guessed}]",
	}
	if !slices.Equal(got, want) {
		t.Errorf("leads\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestMoneyOfADoubtfulUnitMakesAQuestion has two sheets, of one of which the unit
// of money is a guess: what rests on its money, or on its fund's, is no lead.
func TestMoneyOfADoubtfulUnitMakesAQuestion(t *testing.T) {
	b := table.NewBuilder(table.Payment)
	for i, c := range [][3]string{{"a", "guessed", "F1"}, {"b", "", "F1"}, {"c", "", "F2"}} {
		*b.Ints("_ref") = append(*b.Ints("_ref"), int64(table.NewRef(i, 1)))
		*b.Ints("amount") = append(*b.Ints("amount"), 1)
		b.Words("_person").Append(c[0])
		b.Words("_amount_how").Append(c[1])
		b.Words("_fund").Append(c[2])
	}
	tb, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	rule := *many
	rule.ID, rule.Params = "test-doubt", nil
	rule.Check = func(p *detect.Pass) error {
		v := p.View(table.Payment)
		p.Report(detect.Lead{FundNo: map[string]string{"a": "", "b": "F1", "c": "F2"}[p.Group.ID], Evidence: []detect.Evidence{detect.Row(v, 0, detect.Text{})}})
		return nil
	}
	leads, st := run(t, table.NewSet(tb), 1, policy.Builtin(), &rule)
	if len(leads) != 1 || leads[0].Subject.Key != "c" || len(st[0].Questions) != 1 || st[0].Questions[0].Leads != 2 {
		t.Errorf("leads %v, questions %v", leads, st[0].Questions)
	}
}

// TestQuestionsAddUp has a rule ask one office of every person, and another of
// one.
func TestQuestionsAddUp(t *testing.T) {
	rule := *many
	rule.ID, rule.Params = "test-ask", nil
	rule.Check = func(p *detect.Pass) error {
		q := detect.Question{What: detect.Text{Zh: "谁发放", En: "who paid"}, Office: "甲县", Amount: 100}
		p.Ask(q)
		if p.Group.ID == "b" {
			q.Office, q.Leads = "乙县", 3
			p.Ask(q)
			p.Report(detect.Lead{})
		}
		return nil
	}
	leads, st := run(t, payments(t, []string{"a", "b", "c"}), 2, policy.Builtin(), &rule)
	asked := detect.Questions(st[0].Questions, []detect.Question{{What: detect.Text{Zh: "谁发放", En: "who paid"}, Office: "甲县", About: []detect.About{{Units: []string{"b", "d"}}}, Leads: 1, Amount: 40}, {What: detect.Text{Zh: "谁发放", En: "who paid"}, Office: "甲县", About: []detect.About{{FundNo: "F", Units: []string{"e"}}}, Leads: 1, Amount: 50}})
	show := make([]string, len(asked))
	for i, q := range asked {
		show[i] = fmt.Sprint(q.Office, " ", q.Leads, " ", q.Amount, " ", q.Sentence().En)
	}
	if want := []string{"乙县 3 1.00 who paid", "甲县 5 3.50 who paid; concerned: b, d; F: e"}; !slices.Equal(show, want) {
		t.Errorf("questions %q", show)
	}
	if len(leads) != 1 || st[0].Flagged != 1 || len(st[0].NA) != 1 || st[0].NA[0].N != 2 {
		t.Errorf("%d leads, counts %+v", len(leads), st[0].Counts)
	}
}

func BenchmarkPersonRules(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	bl := table.NewBuilder(table.Payment)
	const n = 2_000_000
	refs, amounts, people := bl.Ints("_ref"), bl.Ints("amount"), bl.Words("_person")
	for i := range n {
		*refs = append(*refs, int64(table.NewRef(0, i+1)))
		*amounts = append(*amounts, int64(i))
		people.Append(fmt.Sprint("45990119700101", r.IntN(n/4)))
	}
	tb, err := bl.Build()
	if err != nil {
		b.Fatal(err)
	}
	set := table.NewSet(tb)
	p, err := policy.Parse([]byte("rules: {test-many: {limit: 12}}")) // leads are few in a real run
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, _, err := Run(context.Background(), []*detect.Rule{many}, set, detect.Settings{Policy: p}, Options{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
