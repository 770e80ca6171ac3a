package generate

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"fundtrace/rules"
)

// A household that a planter casts is what it asked for.
func TestCast(t *testing.T) {
	w := &world{opt: Options{Seed: 12}, truth: &Truth{}}
	c := &county{world: w, code: "459901", name: "甲县", ids: &idBook{region: "459901", given: map[idDay]int{}}}
	c.plan(1)
	town := &town{county: c, name: "青石镇"}
	v, err := town.settleVillage(0, 0, 400, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{county: c, town: town, village: v}
	for i := range 400 {
		want := shape{size: 1 + i%6, exit: []int{0, 2016, 2017}[i%3]}
		if want.exit == 0 {
			want.category = category(i / 3 % 3)
		}
		h := s.cast(want)
		switch {
		case h == nil:
			t.Fatal("no household left")
		case len(h.members) != want.size || h.exit != want.exit || h.category != want.category || h.registered == 0:
			t.Errorf("asked for %+v, have size %d, exit %d, %v, registered %d", want, len(h.members), h.exit, h.category, h.registered)
		case h.category == ordinary && (len(h.paid(farmland, 2017)) != 1 || len(h.paid(industry, 2017)) != 1):
			t.Error("without the payments that planters change")
		}
	}
	if s.cast(shape{}) != nil {
		t.Error("a household was cast twice")
	}
}

// Every rule has a planter, with a case and a look-alike, in the catalogue's
// order.
func TestEveryRuleIsPlanted(t *testing.T) {
	var want, have []string
	for _, r := range rules.All {
		want = append(want, r.ID)
	}
	for _, p := range planters {
		have = append(have, p.rule)
		if p.lead == nil || p.quiet == nil {
			t.Errorf("%s: without a case or without a look-alike", p.rule)
		}
	}
	if !slices.Equal(have, want) {
		t.Errorf("planters are for\n%v\nrules are\n%v", have, want)
	}
}

// A county of the size that is scored has a case and a look-alike of every rule,
// and no look-alike is about what a case is about: nobody could tell then
// whether the rule was quiet.
func TestScoredCountyHasAllCases(t *testing.T) {
	_, truth := generated(t, Options{Households: 2000, Cases: 5, Seed: 21})
	type subject struct{ rule, kind, key, fund string }
	of := func(c Case) subject { return subject{c.Rule, c.Kind, c.Key, c.FundNo} }
	planted, cases, quiet := map[subject]bool{}, map[string]int{}, map[string]int{}
	for _, c := range truth.Planted {
		planted[of(c)] = true
		cases[c.Rule]++
	}
	for _, c := range truth.Quiet {
		quiet[c.Rule]++
		if planted[of(c)] {
			t.Errorf("%s: %s is a case and a look-alike", c.Rule, c.Key)
		}
	}
	if len(planted) != len(truth.Planted) {
		t.Errorf("%d cases are about %d subjects", len(truth.Planted), len(planted))
	}
	if truth.TooSmall != nil {
		t.Errorf("too small for %v", truth.TooSmall)
	}
	for _, p := range planters {
		if cases[p.rule] == 0 || quiet[p.rule] == 0 {
			t.Errorf("%s: %d cases, %d look-alikes", p.rule, cases[p.rule], quiet[p.rule])
		}
	}
}

// Rates say what is planted, for all rules and for single ones.
func TestRates(t *testing.T) {
	for _, c := range []struct {
		cases int
		each  Rates
		want  map[string]int
	}{
		{-1, Rates{}, map[string]int{}},
		{-1, Rates{"dup-period": 50, "hold-idle": 1}, map[string]int{"dup-period": 50, "hold-idle": 1}},
		{2, Rates{"dup-period": 0}, map[string]int{"dup-period": 0, "dup-county": 2, "hold-idle": 2}},
	} {
		_, truth := generated(t, Options{Households: 400, Cases: c.cases, Each: c.each, Seed: 3})
		have, quiet := map[string]int{}, map[string]int{}
		for _, p := range truth.Planted {
			have[p.Rule]++
		}
		for _, q := range truth.Quiet {
			quiet[q.Rule]++
		}
		for rule, n := range c.want {
			if have[rule] != n || quiet[rule] != n {
				t.Errorf("%d cases, %v: %d of %s and %d look-alikes, want %d", c.cases, c.each, have[rule], rule, quiet[rule], n)
			}
		}
		if c.cases < 0 && !maps.Equal(have, c.want) {
			t.Errorf("%v and nothing else: planted %v", c.each, have)
		}
	}
	for _, c := range []struct {
		opt  Options
		want string
	}{
		{Options{Households: 400, Each: Rates{"exit-bunching": 1}}, "exit-bunching"}, // no town is large enough
		{Options{Households: 400, Cases: -1, Each: Rates{"dup-period": 900}}, "dup-period"},
	} {
		if _, err := County(t.TempDir(), c.opt); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "ask for more households") {
			t.Errorf("%v: %v", c.opt.Each, err)
		}
	}
}

func TestRatesAsFlag(t *testing.T) {
	r := Rates{}
	for _, s := range []string{"dup-period=50", "hold-idle=0", "dup-period=7"} {
		if err := r.Set(s); err != nil {
			t.Error(err)
		}
	}
	if r.String() != "dup-period=7,hold-idle=0" {
		t.Errorf("rates are %q", r)
	}
	for _, s := range []string{"", "dup-period", "dup-period=", "dup-period=-1", "dup-period=a", "dup-perod=1"} {
		if err := r.Set(s); err == nil {
			t.Errorf("%q was taken for a rate", s)
		}
	}
}
