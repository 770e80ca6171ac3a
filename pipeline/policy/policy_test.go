package policy

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"fundtrace/pipeline/table"
)

func TestLaysOverTheBuiltIn(t *testing.T) {
	p, err := Parse([]byte(`
regions: {"459901": 甲县}
poverty_line:
  - {year: 2016, yuan: 3100, place: 甲县}
  - {year: 2017, yuan: 3300.50}
deadlines: {pass_down_days: 20}
programs:
  蜂箱补助: {aliases: [养蜂补助], unit: household, standard: [{from: 2017, yuan: 300, per: 箱}]}
rules: {dup-period: {enabled: false}}
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		year   int
		county string
		want   table.Fen
	}{{2016, "甲县", 310000}, {2016, "乙县", 295200}, {2017, "甲县", 330050}, {2015, "甲县", 285500}} {
		if got, ok := p.LineOf(c.year, c.county); !ok || got != c.want {
			t.Errorf("line of %d in %s: %s, want %s", c.year, c.county, got, c.want)
		}
	}
	if _, ok := p.LineOf(2019, ""); ok {
		t.Error("a line that nobody gave")
	}
	if p.Deadlines.PassDown != 20 || p.Deadlines.Central != 90 {
		t.Errorf("deadlines %+v", p.Deadlines)
	}
	if p.Canonical("养蜂补助") != "蜂箱补助" || p.Canonical(" 危房 改造") != "农村危房改造" || p.Canonical("某某补助") != "某某补助" {
		t.Error("program names")
	}
	if !p.Exclusive("易地扶贫搬迁", "农村危房改造") || p.Exclusive("农村低保", "农村危房改造") {
		t.Error("exclusive programs")
	}
}

func TestTheMostSpecialStandardWins(t *testing.T) {
	p, err := Parse([]byte(`
programs:
  危改:
    standard:
      - {from: 2016, yuan: 20000}
      - {from: 2017, yuan: 21000}
      - {from: 2017, tier: 五保户, yuan: 25000}
      - {from: 2017, place: 甲县, yuan: 22000}
      - {from: 2016, to: 2016, place: 甲县, tier: 五保户, yuan: 24000}
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		year         int
		county, tier string
		want         table.Fen
	}{
		{2016, "乙县", "", 2000000}, {2017, "乙县", "", 2100000}, {2017, "乙县", "五保户", 2500000},
		{2017, "甲县", "五保户", 2200000}, {2016, "甲县", "五保户", 2400000},
	} {
		if s, ok := p.Programs["危改"].StandardOf(c.year, c.county, c.tier); !ok || s.Yuan.Fen() != c.want {
			t.Errorf("%+v: %s", c, s.Yuan.Fen())
		}
	}
	if _, ok := p.Programs["危改"].StandardOf(2015, "甲县", ""); ok {
		t.Error("a standard before the first")
	}
}

func TestMeansLineOfAYearAndPlace(t *testing.T) {
	p, err := Parse([]byte("programs: {低保2: {means_line: [{from: 2016, to: 2016, yuan: 3000}, {place: 乙县, yuan: 3500}]}}"))
	if err != nil {
		t.Fatal(err)
	}
	if l, ok := p.Programs["低保2"].MeansLineOf(2016, "甲县"); !ok || l != 300000 {
		t.Errorf("甲县 2016: %s, %v", l, ok)
	}
	if l, ok := p.Programs["低保2"].MeansLineOf(2016, "乙县"); !ok || l != 350000 {
		t.Errorf("乙县 2016: %s, %v", l, ok)
	}
	if _, ok := p.Programs["低保2"].MeansLineOf(2017, "甲县"); ok {
		t.Error("a line of a year that has none")
	}
}

// TestPolicyTravels sends a policy through JSON, as settings go to other processes.
func TestPolicyTravels(t *testing.T) {
	p, err := Parse([]byte("regions: {459901: 甲县}\nrules: {dup-a: {days: 4, share: 0.5, name: 甲, on: true}}\nprograms: {蜂箱补助: {aliases: [养蜂补助], unit: household}}"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	q := &Policy{}
	if err := json.Unmarshal(text, q); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"危房改造", "养蜂补助", "低保", "没有的项目"} {
		if a, b := p.Canonical(name), q.Canonical(name); a != b {
			t.Errorf("%s is %s, after JSON %s", name, a, b)
		}
	}
	if q.Programs["农村低保"].Name != "农村低保" || q.Wild != p.Wild || q.Wild.LeastJudged == 0 {
		t.Errorf("after JSON %+v, %+v", q.Programs["农村低保"], q.Wild)
	}
	if again, err := json.Marshal(q); err != nil || string(again) != string(text) {
		t.Errorf("marshalled again it differs: %v", err)
	}
}

func TestMistakesAreNamedWithTheirPlace(t *testing.T) {
	rules := map[string]any{"dup-a": map[string]any{
		"type": "object", "properties": map[string]any{"days": map[string]any{"type": "integer", "minimum": 0}}, "additionalProperties": false,
	}}
	for text, want := range map[string]string{
		"deadlines:\n  pass_down: 3\n":                                  "[2:3] deadlines.pass_down: unknown key",
		"deadlines:\n  central_days: 0\n":                               "[2:3] deadlines.central_days: minimum",
		"rules:\n  dup-a: {days: 3}\n  dup-b: {days: 3}\n":              "[3:3] rules.dup-b: unknown key",
		"rules:\n  dup-a:\n    day: 3\n":                                "[3:5] rules.dup-a.day: unknown key",
		"rules:\n  dup-a:\n    days: -1\n    hours: 1\n":                "[3:5] rules.dup-a.days: minimum",
		"rules: {dup-a: {days: many}}":                                  "got string, want integer",
		"rules: [1]":                                                    "[1:1] rules: got array, want object",
		"programs: {低保2: {unit: village}}":                              "'household', 'person'",
		"programs: {低保2: {age: [60]}}":                                  "[1:18] programs.低保2.age: minItems",
		"programs: {低保2: {age: [60, 50]}}":                              "from not over to",
		"programs: {低保2: {exclusive_with: [没有]}}":                       "no program",
		"programs: {低保2: {means_line: [{yuan: 0}]}}":                    "means_line.0.yuan",
		"programs: {低保2: {means_line: [{yuan: 9, tier: 甲}]}}":           "means_line.0.tier: unknown key",
		"programs: {低保2: {ceiling: [{from: 2017, to: 2016, yuan: 5}]}}": "ceiling.0: from is after to",
		"programs: {低保2: {entitled_by: [friend]}}":                      "entitled_by.0",
		"programs: {低保2: }":                                             "got null, want object",
		"regions: {\"4599\": 甲县}":                                       "[1:11] regions.4599",
		"poverty_line: [{year: 2017}]":                                  "missing property 'yuan'",
		"poverty_line: [{year: 2017, yuan: 三千}]":                        "poverty_line.0.yuan",
		"poverty_line: [{year: 2017, yuan: 3.001}]":                     "poverty_line.0.yuan",
		"asset_limits: [{kind: boat, yuan: 5}]":                         "'vehicle', 'property', 'company'",
		"asset_limits: [{kind: vehicle, yuan: -5}]":                     "minimum",
		"account_batches: [{from: '12', to: '345'}]":                    "account_batches.0: want from and to of one length",
		"account_batches: [{from: '34', to: '12'}]":                     "from not after to",
		"account_batches: [{from: a, to: b}]":                           "account_batches.0.from",
		"rules: {dup-a: {}, dup-a: {}}":                                 "[1:20]",
		"- 3":                                                           "want keys and values",
		"programs:\n  低保2:\n    aliases: [新补, 低保]\n":                    `[3:19] programs.低保2.aliases.1: "低保" is also a name of the program "农村低保"`,
		"programs: {低保2: {aliases: [农村低保]}}":                            `is also a name of the program "农村低保"`,
		"programs: {甲补: {aliases: [丙补]}, 乙补: {aliases: [丙补]}}":          `is also a name of the program "`,
		"programs: {低保2: {exclusive_with: [低保2]}}":                      "programs.低保2.exclusive_with.0: a program does not exclude itself",
		"a: b: c": "[1:4]",
	} {
		err := Check([]byte(text), rules)
		if err == nil {
			_, err = Parse([]byte(text))
		}
		if err == nil {
			t.Errorf("taken: %s", text)
		} else if !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "[") {
			t.Errorf("%s: error %q does not say %q", text, err, want)
		}
	}
	for _, text := range []string{"", "# nothing\n", "rules: {dup-a: {days: 3}}", "regions: {459901: 甲县}", "poverty_line: [{year: 2017, yuan: '3300.50'}]"} {
		if err := Check([]byte(text), rules); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestWhatAFileLeavesOutKeepsItsValue lays an attribute over a built-in program
// and a parameter over a rule's others.
func TestWhatAFileLeavesOutKeepsItsValue(t *testing.T) {
	p, err := Parse(
		[]byte("rules: {dup-a: {days: 3, share: 0.5}}"),
		[]byte("programs: {农村低保: {standard: [{from: 2017, yuan: 450}], after_exit: false, aliases: [低保款]}}\nrules: {dup-a: {days: 4}}"))
	if err != nil {
		t.Fatal(err)
	}
	g := p.Program("低保款")
	if g == nil || g.Name != "农村低保" || g.Unit != "household" || !g.MeansTested || g.AfterExit || len(g.ExclusiveWith) != 2 || len(g.Standard) != 1 {
		t.Errorf("program %+v", g)
	}
	if p.Program("低保") != nil {
		t.Error("a list that was replaced is still there")
	}
	if r := p.Rules["dup-a"]; fmt.Sprint(r["days"], r["share"]) != "4 0.5" {
		t.Errorf("parameters %v", r)
	}
	if Builtin().Program("低保") == nil {
		t.Error("the built-in policy was changed")
	}
}

func TestEveryBuiltInFigureHasASource(t *testing.T) {
	p := Builtin()
	if bad := p.faults(nil); bad != nil {
		t.Fatal(bad)
	}
	for _, l := range p.PovertyLine {
		if l.Source == "" {
			t.Errorf("the line of %d has no source", l.Year)
		}
	}
	for name, g := range p.Programs {
		if g.Source == "" {
			t.Errorf("%s has no source", name)
		}
	}
}

func TestAssetLimitsAndAccountBatches(t *testing.T) {
	p, err := Parse(
		[]byte("asset_limits: [{kind: vehicle, yuan: 50000}, {kind: vehicle, yuan: 60000, place: 甲县}]"),
		[]byte("asset_limits: [{kind: vehicle, yuan: 55000}]\naccount_batches: [{from: '6217001', to: '6217099'}]"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		kind, county string
		want         table.Fen
		ok           bool
	}{{"vehicle", "乙县", 5500000, true}, {"vehicle", "甲县", 6000000, true}, {"property", "甲县", 0, false}} {
		if got, ok := p.AssetLimitOf(c.kind, c.county); got != c.want || ok != c.ok {
			t.Errorf("limit of %s in %s: %s, %v", c.kind, c.county, got, ok)
		}
	}
	b := p.AccountBatches[0]
	for account, want := range map[string]bool{"6217001": true, "6217099": true, "6217000": false, "6217100": false, "62170010": false} {
		if b.Holds(account) != want {
			t.Errorf("batch holds %s: %v", account, !want)
		}
	}
}

func TestProgramsUnderNamesThatOfficesWrite(t *testing.T) {
	p, err := Parse(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"农村五保供养": "特困供养", "2017年农村低保金": "农村低保", "生态护林员补助资金": "生态护林员",
		"危房改造项目": "农村危房改造", "雨露计划(秋季)": "雨露计划", "城镇低保": "城市低保",
		"低保户电费补贴": "低保户电费补贴", "补贴": "补贴", "农村": "农村", "": "",
	} {
		if got := p.Canonical(name); got != want {
			t.Errorf("Canonical(%q) = %q, want %q", name, got, want)
		}
	}
}

// FuzzPolicy asks of any text that it is read or refused with line and column.
func FuzzPolicy(f *testing.F) {
	for _, text := range []string{"", "# nothing", "rules: {dup-a: {days: 3}}", "programs:\n  低保2:\n    age: [60, 50]\n", "regions: &a {459901: 甲县}\nunits: *a", "a: b: c", "- 3", "---\n---\nrules: 1", "deadlines: {central_days: 0}"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, err := range []error{Check(text, map[string]any{}), Check(text, nil)} {
			if err != nil && !strings.HasPrefix(err.Error(), "[") {
				t.Errorf("%q: error without a place: %v", text, err)
			}
		}
		if _, err := Parse(text); err != nil && !strings.HasPrefix(err.Error(), "[") {
			t.Errorf("%q: error without a place: %v", text, err)
		}
	})
}

// What pairs two ledgers' lines may be set alone, and a share over the whole is
// refused with its place.
func TestPairing(t *testing.T) {
	p, err := Parse([]byte("pairing: {transit_days: 20, early_days: 0}"))
	if err != nil {
		t.Fatal(err)
	}
	want := Builtin().Pairing
	want.TransitDays, want.EarlyDays = 20, 0
	if p.Pairing != want {
		t.Errorf("pairing %+v, want %+v", p.Pairing, want)
	}
	if _, err := Parse([]byte("pairing:\n  under_percent: 101")); err == nil || !strings.HasPrefix(err.Error(), "[2:3] pairing.under_percent") {
		t.Errorf("a receipt more than the whole below what was sent: %v", err)
	}
}
