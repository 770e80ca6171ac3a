package exec

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// sums adds up by the first letter of a person what his payments come to.
var sums = &detect.Baseline[map[string]int64]{
	Name: "sums", By: table.Person, Read: []table.Column{amount},
	Key: func(p *detect.Pass) (string, bool) { return p.Group.ID[:1], p.Group.ID != "p7" },
	Of: func(p *detect.Pass) map[string]int64 {
		var sum int64
		for i := range p.View(table.Payment).Len() {
			sum += int64(amount.In(p.View(table.Payment)).Or(i, 0))
		}
		return map[string]int64{p.Group.ID: sum}
	},
	Merge: func(a, b map[string]int64) map[string]int64 {
		for k, n := range b {
			a[k] += n
		}
		return a
	},
}

// among tells each person what the baseline knows of him and of all.
var among = &detect.Rule{
	ID: "test-among", Family: detect.Dup, Grade: detect.E2, By: []table.Key{table.Person}, Needs: []string{"payment"},
	Reads: []table.Column{person, amount}, Baselines: []detect.Measure{sums},
	Check: func(p *detect.Pass) error {
		all := sums.At(p, p.Group.ID[:1])
		if len(sums.At(p, "nowhere")) > 0 {
			return fmt.Errorf("a baseline of nobody")
		}
		s := fmt.Sprint(p.Group.ID, " has ", all[p.Group.ID], " among ", len(all))
		p.Ask(detect.Question{What: detect.Text{Zh: s[:2], En: s[:2]}})
		p.Report(detect.Lead{Amount: table.Fen(all[p.Group.ID]), Summary: detect.Text{Zh: s, En: s}, Evidence: []detect.Evidence{detect.Row(p.View(table.Payment), 0, detect.Text{})}})
		return nil
	},
}

// part returns every n-th group from the i-th on, as a shard would hold them.
func (gs *Groups) part(i, n int) *Groups {
	out := &Groups{key: gs.key}
	for c := i; c < len(gs.ids); c += n {
		out.ids = append(out.ids, gs.ids[c])
	}
	for _, t := range gs.tables {
		cut := grouped{t: t.t, checks: t.checks, takes: t.takes, start: []int32{0}}
		for c := i; c < len(gs.ids); c += n {
			cut.rows = append(cut.rows, t.rows[t.start[c]:t.start[c+1]]...)
			cut.start = append(cut.start, int32(len(cut.rows)))
		}
		out.tables = append(out.tables, cut)
	}
	return out
}

// again sends a value through JSON.
func again[T any](t *testing.T, x T) (out T) {
	t.Helper()
	text, err := json.Marshal(x)
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestShardsGiveTheSameBytes measures and checks shards apart, with settings,
// baselines and outcomes sent through JSON as tasks would, and compares with a
// run in one piece.
func TestShardsGiveTheSameBytes(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var people []string
	for range 20_000 {
		people = append(people, fmt.Sprint(string(rune('p'+r.IntN(3))), r.IntN(4_000)))
	}
	people = append(people, "bad")
	set := payments(t, people)
	p, err := policy.Parse([]byte("rules: {test-many: {limit: 4}}\nprograms: {教育资助: {aliases: [助学金]}}"))
	if err != nil {
		t.Fatal(err)
	}
	rules := []*detect.Rule{many, unusual, among, needy}
	settings := detect.Settings{AsOf: table.DayOf(2018, 12, 31), Policy: p}
	shown := func(leads []detect.Lead, st []Status) string {
		text, err := json.Marshal(leads)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range st {
			text = append(text, fmt.Sprint(s.Rule.ID, s.Counts, s.Lacking, s.Params, len(s.Failed))...)
		}
		return string(text)
	}
	leads, st, err := Run(context.Background(), rules, set, settings, Options{Workers: 2, All: true})
	if err != nil {
		t.Fatal(err)
	}
	want := shown(leads, st)
	for _, n := range []int{1, 7, 64} {
		settings := again(t, settings)
		ctx := context.Background()
		plan, err := detect.NewPlan(rules, settings, detect.HoldsOf(set))
		if err != nil {
			t.Fatal(err)
		}
		gs := GroupsOf(plan, set, table.Person)
		baselines := detect.NewBaselines()
		for i := range n {
			b, err := Measure(ctx, plan, gs.part(n-1-i, n), 1+i%3)
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(b)
			if err != nil {
				t.Fatal(err)
			}
			if b, err = plan.ReadBaselines(text); err != nil {
				t.Fatal(err)
			}
			plan.Merge(baselines, b)
		}
		out := Outcomes{}
		for i := range n {
			o, err := Check(ctx, plan, gs.part((i+3)%n, n), baselines, 1+i%3)
			if err != nil {
				t.Fatal(err)
			}
			out.Merge(again(t, o))
		}
		if got := shown(Conclude(rules, plan, baselines, out, settings.Policy.Wild, true)); got != want {
			t.Errorf("%d shards: other leads or counts than in one piece", n)
		}
	}
}

// TestWildRulesAreWithheld has a rule flag as much as the policy allows, a
// subject more, and fewer subjects than count.
func TestWildRulesAreWithheld(t *testing.T) {
	for _, c := range []struct {
		flagged, clear int
		all, wild      bool
	}{
		{40, 160, false, false}, {41, 159, false, true}, {41, 158, false, false}, {41, 159, true, false},
	} {
		var people []string
		for i := range c.flagged + c.clear {
			people = append(people, fmt.Sprint("p", i), fmt.Sprint("p", i))
			if i < c.flagged {
				people = append(people, fmt.Sprint("p", i))
			}
		}
		leads, st, err := Run(context.Background(), []*detect.Rule{many}, payments(t, people), detect.Settings{Policy: policy.Builtin()}, Options{All: c.all})
		if err != nil {
			t.Fatal(err)
		}
		if wild := len(leads) == 0; wild != c.wild || len(leads)+len(st[0].Withheld) != c.flagged || st[0].Flagged != c.flagged {
			t.Errorf("%d of %d flagged: %d leads, %d withheld", c.flagged, c.flagged+c.clear, len(leads), len(st[0].Withheld))
		}
	}
}

func TestAnUnlistedBaselineIsAFailure(t *testing.T) {
	rule := *among
	rule.ID, rule.Baselines = "test-unlisted", nil
	leads, st := run(t, payments(t, []string{"p1"}), 1, policy.Builtin(), &rule, among)
	if len(st[0].Failed) != 1 || len(leads) != 1 {
		t.Errorf("%d failures, %d leads", len(st[0].Failed), len(leads))
	}
}
