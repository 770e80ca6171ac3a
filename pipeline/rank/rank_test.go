package rank

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/key"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/steptest"
	"fundtrace/pipeline/table"
)

var (
	dup  = &detect.Rule{ID: "dup-period"}
	dead = &detect.Rule{ID: "paid-deceased"}
	all  = []*detect.Rule{dup, dead}
)

// world is two payments of 甲 and 乙, his neighbour, and a complaint about 甲.
func world(t *testing.T) (*table.Set, table.Sources) {
	t.Helper()
	pay := table.NewBuilder(table.Payment)
	for i, payer := range []string{"镇财政所", "镇财政所"} {
		*pay.Ints("_ref") = append(*pay.Ints("_ref"), int64(table.NewRef(0, i+3)))
		pay.Words("payer").Append(payer)
		pay.Words("handler").Append("经办人甲")
		pay.Words("county").Append("甲县")
		pay.Words("town").Append("一镇")
		pay.Words("village").Append("东村")
	}
	complaints := table.NewBuilder(table.Complaint)
	for i, on := range []table.Day{table.DayOf(2018, 3, 1), table.DayOf(2010, 3, 1)} {
		*complaints.Ints("_ref") = append(*complaints.Ints("_ref"), int64(table.NewRef(1, i+2)))
		*complaints.Ints("received_on") = append(*complaints.Ints("received_on"), int64(on))
		complaints.Words("_person").Append("p1")
		complaints.Words("_village").Append("")
	}
	a, err := pay.Build()
	if err != nil {
		t.Fatal(err)
	}
	b, err := complaints.Build()
	if err != nil {
		t.Fatal(err)
	}
	return table.NewSet(a, b), table.Sources{{File: "a.xlsx", Sheet: "发放", Table: "payment"}, {File: "信访.csv", Table: "complaint"}}
}

func lookup(kind, of string) (key.Info, bool) {
	if kind == "person" && of == "p1" {
		return key.Info{Name: "甲某", County: "甲县", Town: "一镇", Village: "西村", Household: "h1"}, true
	}
	return key.Info{}, false
}

func at(r *detect.Rule, key string, g detect.Grade, amount table.Fen, rows ...int) detect.Lead {
	l := detect.Lead{Rule: r.ID, Subject: detect.Subject{Kind: "person", Key: key}, Grade: g, Amount: amount}
	for _, row := range rows {
		l.Evidence = append(l.Evidence, detect.RowAt(table.Payment, table.NewRef(0, row), detect.Text{Zh: "发放", En: "payment"}))
	}
	return l
}

func TestLeadsAreFilledIn(t *testing.T) {
	set, src := world(t)
	got := Leads(Input{
		Weights: weights, Leads: []detect.Lead{at(dup, "p1", detect.E0, 123_400, 3, 4), at(dead, "p1", detect.E1, 100, 4), at(dup, "p2", detect.E1, 0, 3)},
		Tables: set, Sources: src, Rules: all, Lookup: lookup, AsOf: table.DayOf(2018, 12, 31), Lang: "zh",
	})
	find := func(r *detect.Rule, key string) Lead {
		i := slices.IndexFunc(got, func(l Lead) bool { return l.Rule == r && l.SubjectKey == key })
		return got[i]
	}
	l := find(dup, "p1")
	if l.SubjectName != "甲某" || l.Village != "西村" {
		t.Errorf("known person: %s of %s", l.SubjectName, l.Village)
	}
	if !slices.Equal(l.Responsible, []string{"经办人甲（镇财政所）", "镇财政所"}) {
		t.Errorf("responsible %q", l.Responsible)
	}
	if l.Evidence[0] != (Evidence{"payment", "a.xlsx", "发放", 3, "发放"}) {
		t.Errorf("evidence %+v", l.Evidence[0])
	}
	other := find(dead, "p1")
	if l.CaseID != other.CaseID {
		t.Error("two leads of one household are two cases")
	}
	if slices.Contains(l.Corroborated, other.ID) {
		t.Error("a lead whose rows are all among this lead's own speaks for it")
	}
	if !slices.Contains(other.Corroborated, l.ID) {
		t.Error("a lead with a further row does not speak for the other")
	}
	if !slices.Contains(l.Corroborated, "信访.csv:2") || slices.Contains(l.Corroborated, "信访.csv:3") {
		t.Errorf("complaints: %q; the one within three years counts", l.Corroborated)
	}
	stranger := find(dup, "p2")
	if stranger.Village != "东村" || stranger.CaseID == l.CaseID {
		t.Errorf("unknown person: %s, case %s", stranger.Village, stranger.CaseID)
	}
	// grade 60, amount 1234 yuan 9, complaint about the person 10
	if l.Score != 79 || l.Severity != "high" {
		t.Errorf("score %d %s %+v", l.Score, l.Severity, l.Terms)
	}
	if !slices.IsSortedFunc(got, func(a, b Lead) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	}) {
		t.Error("not sorted by ID")
	}
}

func TestIDDependsOnTheSubjectOnly(t *testing.T) {
	a, b := at(dup, "p1", detect.E0, 1, 3), at(dup, "p1", detect.E2, 999, 4)
	if ID(a) != ID(b) {
		t.Error("the ID changes with amount, grade or rows")
	}
	b.Period = "2017"
	if ID(a) == ID(b) {
		t.Error("two periods share an ID")
	}
}

func TestOneThingReportedTwiceIsOneLead(t *testing.T) {
	set, src := world(t)
	got := Leads(Input{
		Weights: weights, Leads: []detect.Lead{at(dup, "p1", detect.E0, 100, 3), at(dup, "p1", detect.E0, 200, 3, 4)},
		Tables: set, Sources: src, Rules: all, Lookup: lookup, Lang: "en",
	})
	if len(got) != 1 || got[0].Amount != 300 || len(got[0].Evidence) != 2 {
		t.Errorf("leads %+v", got)
	}
}

// TestMergedLeadIsTheWeakest merges two leads in either order.
func TestMergedLeadIsTheWeakest(t *testing.T) {
	set, src := world(t)
	a, b := at(dup, "p1", detect.E0, 100, 3), at(dup, "p1", detect.E2, 200, 4)
	a.Summary.Zh, a.Match = "甲", detect.NamePlace
	b.Summary.Zh = "乙"
	for _, leads := range [][]detect.Lead{{a, b}, {b, a}} {
		got := Leads(Input{Weights: weights, Leads: leads, Tables: set, Sources: src, Rules: all, Lookup: lookup, Lang: "zh"})
		l := got[0]
		if len(got) != 1 || l.Match != detect.NamePlace || l.Grade != detect.E2 || l.Amount != 300 || l.Summary != "乙" || l.Evidence[0].Row != 4 {
			t.Errorf("merged: %+v", got)
		}
	}
}

// TestOneCounterpartyIsOneCase has two funds that paid one firm.
func TestOneCounterpartyIsOneCase(t *testing.T) {
	set, src := world(t)
	var leads []detect.Lead
	for _, fund := range []string{"1号", "2号", "3号"} {
		l := at(dup, fund, detect.E1, 100, 3)
		l.Subject.Kind, l.Case = "fund", detect.Subject{Kind: "unit", Key: "百利商贸"}
		leads = append(leads, l)
	}
	leads[2].Case.Key = "宏达建材"
	got := Leads(Input{Weights: weights, Leads: leads, Tables: set, Sources: src, Rules: all, Lookup: lookup, Lang: "zh"})
	of := map[string]string{}
	for _, l := range got {
		of[l.SubjectKey] = l.CaseID
	}
	if of["1号"] != of["2号"] || of["1号"] == of["3号"] {
		t.Errorf("cases %q", of)
	}
}

// TestComplaintsOfThreeYears has complaints on the first day that counts, the day
// before, the as-of date and the day after.
func TestComplaintsOfThreeYears(t *testing.T) {
	asOf := table.DayOf(2018, 12, 31)
	b := table.NewBuilder(table.Complaint)
	for i, on := range []table.Day{asOf - 3*365, asOf - 3*365 - 1, asOf, asOf + 1} {
		*b.Ints("_ref") = append(*b.Ints("_ref"), int64(table.NewRef(0, i+2)))
		*b.Ints("received_on") = append(*b.Ints("received_on"), int64(on))
		b.Words("_person").Append("p1")
	}
	complaints, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	got := Leads(Input{
		Weights: weights, Leads: []detect.Lead{at(dup, "p1", detect.E1, 0)}, Tables: table.NewSet(complaints), Sources: table.Sources{{File: "信访.csv", Table: "complaint"}},
		Rules: all, Lookup: lookup, AsOf: asOf, Lang: "zh",
	})
	if !slices.Equal(got[0].Corroborated, []string{"信访.csv:2", "信访.csv:4"}) {
		t.Errorf("complaints %q", got[0].Corroborated)
	}
}

// A unit's leads speak for each other on one fund, or on the unit as a whole.
func TestLeadsOnAUnitSpeakForEachOther(t *testing.T) {
	set, src := world(t)
	on := func(r *detect.Rule, fund string, row int) detect.Lead {
		l := at(r, "镇财政所", detect.E1, 0, row)
		l.Subject.Kind, l.FundNo = "unit", fund
		return l
	}
	got := Leads(Input{
		Weights: weights, Leads: []detect.Lead{on(dup, "1号", 3), on(dead, "1号", 4), on(dead, "2号", 4), on(dup, "", 3), on(dead, "", 4)},
		Tables: set, Sources: src, Rules: all, Lookup: lookup, Lang: "zh",
	})
	for _, l := range got {
		want := 1
		if l.FundNo == "2号" {
			want = 0
		}
		if len(l.Corroborated) != want {
			t.Errorf("%s on %s is corroborated by %q", l.Rule.ID, l.FundNo, l.Corroborated)
		}
	}
}

// What a lead rests on and no column states is said as facts; a guess names no
// clerk, and what either of two merged leads rests on the one lead rests on.
func TestHowValuesAreKnownIsSaid(t *testing.T) {
	set, src := world(t)
	a, b := at(dup, "p1", detect.E1, 100, 3), at(dup, "p1", detect.E2, 100, 4)
	a.Know(detect.Known{Table: "payment", Field: "program", How: table.Inherited})
	b.Know(detect.Known{Table: "payment", Field: "program", How: table.Inherited}, detect.Known{Table: "payment", Field: "payer", How: table.Guessed})
	got := Leads(Input{Weights: weights, Leads: []detect.Lead{a, b}, Tables: set, Sources: src, Rules: all, Lookup: lookup, Lang: "zh"})
	if want := []Fact{{"依据", "发放单位为推测"}, {"依据", "补贴项目由标题、文件名或文件夹推断"}}; !slices.Equal(got[0].Facts, want) {
		t.Errorf("facts %q", got[0].Facts)
	}
	if !slices.Equal(got[0].Responsible, []string{"镇财政所"}) {
		t.Errorf("responsible by a guess: %q", got[0].Responsible)
	}
}

func TestWhoAndWhereComplaintsAreAbout(t *testing.T) {
	works := table.NewBuilder(table.Works)
	*works.Ints("_ref") = append(*works.Ints("_ref"), int64(table.NewRef(0, 2)))
	works.Words("town").Append("一镇") // the sheet does not say the county
	works.Words("village").Append("西村")
	works.Words("_village").Append("甲县/一镇/西村")
	complaints := table.NewBuilder(table.Complaint)
	for i, c := range [][2]string{{"p1", ""}, {"", "甲县/一镇/西村"}} {
		*complaints.Ints("_ref") = append(*complaints.Ints("_ref"), int64(table.NewRef(1, i+2)))
		complaints.Words("_person").Append(c[0])
		complaints.Words("_village").Append(c[1])
	}
	a, err := works.Build()
	if err != nil {
		t.Fatal(err)
	}
	b, err := complaints.Build()
	if err != nil {
		t.Fatal(err)
	}
	lead := func(kind, key string) detect.Lead {
		l := at(dup, key, detect.E1, 0)
		l.Subject.Kind = kind
		l.Evidence = []detect.Evidence{detect.RowAt(table.Works, table.NewRef(0, 2), detect.Text{Zh: "项目", En: "project"})}
		return l
	}
	got := Leads(Input{
		Weights: weights, Leads: []detect.Lead{lead("project", "P1"), lead("household", "h1"), lead("household", "h2")},
		Tables:  table.NewSet(a, b),
		Sources: table.Sources{{File: "项目.csv", Table: "project"}, {File: "信访.csv", Table: "complaint"}},
		Rules:   all,
		Lookup: func(kind, of string) (key.Info, bool) {
			if kind == "village" {
				return key.Info{County: "甲县", Town: "一镇", Village: "西村"}, of == "甲县/一镇/西村"
			}
			return lookup(kind, of)
		},
		Lang: "zh",
	})
	for _, l := range got {
		want := []string{"信访.csv:3"}
		if l.SubjectKey == "h1" { // p1 is of this household
			want = []string{"信访.csv:2", "信访.csv:3"}
		}
		if !slices.Equal(l.Corroborated, want) || l.County != "甲县" {
			t.Errorf("%s in %q: complaints %q, want %q", l.SubjectKey, l.County, l.Corroborated, want)
		}
	}
}

func TestLeadsOnUnitsAndVillagesNameNoPerson(t *testing.T) {
	set, src := world(t)
	for _, kind := range []string{"person", "unit", "village", "sheet"} {
		l := at(dup, "镇财政所", detect.E3, 0, 3)
		l.Subject.Kind = kind
		got := Leads(Input{Weights: weights, Leads: []detect.Lead{l}, Tables: set, Sources: src, Rules: all, Lookup: lookup, Lang: "zh"})
		if named := slices.Contains(got[0].Responsible, "经办人甲（镇财政所）"); named != (kind == "person") {
			t.Errorf("a lead on a %s has as responsible %q", kind, got[0].Responsible)
		}
	}
}

// Of a person in a list of responsibility the unit is said, else the county, else
// that only the name is known.
func TestStaff(t *testing.T) {
	pay, member := table.NewBuilder(table.Payment), table.NewBuilder(table.Member)
	for i, row := range [][2]string{{"住建局", "甲县住房和城乡建设局"}, {"", "甲县财政局"}} { // the second's payer is the program's guess
		*pay.Ints("_ref") = append(*pay.Ints("_ref"), int64(table.NewRef(0, i+2)))
		pay.Words("payer").Append(row[0])
		pay.Words("_unit").Append(row[1])
		pay.Words("handler").Append("李四")
	}
	*member.Ints("_ref") = append(*member.Ints("_ref"), int64(table.NewRef(1, 2)))
	member.Words("county").Append("甲县")
	member.Words("helper").Append("李四")
	a, err := pay.Build()
	if err != nil {
		t.Fatal(err)
	}
	b, err := member.Build()
	if err != nil {
		t.Fatal(err)
	}
	l := at(dup, "x", detect.E1, 0, 2, 3)
	l.Evidence = append(l.Evidence, detect.RowAt(table.Member, table.NewRef(1, 2), detect.Text{Zh: "成员", En: "member"}))
	got := Leads(Input{Leads: []detect.Lead{l}, Tables: table.NewSet(a, b), Sources: table.Sources{{Table: "payment"}, {Table: "household"}}, Rules: all, Lookup: lookup, Lang: "zh"})
	if want := []string{"李四（同名未核）", "李四（甲县住房和城乡建设局）", "李四（甲县）", "甲县住房和城乡建设局"}; !slices.Equal(got[0].Responsible, want) {
		t.Errorf("responsible %q, want %q", got[0].Responsible, want)
	}
}

// A sheet is where all of its rows are, a unit in the county that its rows share.
func TestPlacesOfUnits(t *testing.T) {
	pay := table.NewBuilder(table.Payment)
	for i, at := range [][3]string{{"甲县", "一镇", "东村"}, {"甲县", "一镇", "西村"}, {"甲县", "二镇", "南村"}, {"乙县", "三镇", "北村"}, {"甲县", "一镇", "东村"}} {
		*pay.Ints("_ref") = append(*pay.Ints("_ref"), int64(table.NewRef(i/3, i+2)))
		pay.Words("county").Append(at[0])
		pay.Words("town").Append(at[1])
		pay.Words("village").Append(at[2])
	}
	a, err := pay.Build()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		kind string
		refs []table.Ref
		want [3]string
	}{
		{"unit", []table.Ref{table.NewRef(0, 2), table.NewRef(0, 3)}, [3]string{"甲县", "", ""}},
		{"unit", []table.Ref{table.NewRef(0, 2), table.NewRef(1, 6)}, [3]string{"甲县", "", ""}},
		{"unit", []table.Ref{table.NewRef(0, 2), table.NewRef(1, 5), table.NewRef(1, 6)}, [3]string{}},
		{"sheet", []table.Ref{table.NewRef(0, 9)}, [3]string{"甲县", "", ""}}, // its total row
		{"project", []table.Ref{table.NewRef(0, 2), table.NewRef(0, 4)}, [3]string{"甲县", "一镇", "东村"}},
	} {
		l := at(dup, "x", detect.E1, 0)
		l.Subject.Kind = c.kind
		for _, r := range c.refs {
			l.Evidence = append(l.Evidence, detect.RowAt(table.Payment, r, detect.Text{Zh: "发放", En: "payment"}))
		}
		got := Leads(Input{Weights: weights, Leads: []detect.Lead{l}, Tables: table.NewSet(a), Sources: table.Sources{{File: "a", Table: "payment"}, {File: "b", Table: "payment"}}, Rules: all, Lookup: lookup})[0]
		if have := [3]string{got.County, got.Town, got.Village}; have != c.want {
			t.Errorf("a %s with rows %v is in %q, want %q", c.kind, c.refs, have, c.want)
		}
	}
}

// weights are the built-in ones.
var weights = policy.Builtin().Ranking

// scored are leads with what they score under the built-in weights.
var scored = []struct {
	lead Lead
	want int
	sev  string
}{
	{Lead{Grade: detect.E0}, 60, "medium"},
	{Lead{Grade: detect.E3}, 15, "low"},
	{Lead{Grade: detect.E0, Amount: 999}, 60, "medium"},
	{Lead{Grade: detect.E0, Amount: 1_000}, 63, "medium"},
	{Lead{Grade: detect.E0, Amount: -99_999_999_00}, 75, "high"},
	{Lead{Grade: detect.E1, Match: detect.Near}, 30, "low"},
	{Lead{Grade: detect.E1, Match: detect.Truncated}, 40, "low"},
	{Lead{Grade: detect.E1, villageComplaints: 3}, 49, "medium"},
	{Lead{Grade: detect.E1, complaints: 2, villageComplaints: 3}, 55, "medium"},
	{Lead{Grade: detect.E1}, 45, "medium"},
	{Lead{Grade: detect.E2, otherRules: 2, villageComplaints: 1}, 44, "low"},
	{Lead{Grade: detect.E1, otherTables: 1}, 49, "medium"},
	{Lead{Grade: detect.E1, otherTables: 2}, 53, "medium"},
	{Lead{Grade: detect.E1, otherTables: 3}, 53, "medium"},
	{Lead{Grade: detect.E1, otherRules: 1}, 50, "medium"},
	{Lead{Grade: detect.E1, otherRules: 2}, 55, "medium"},
	{Lead{Grade: detect.E1, otherRules: 3}, 55, "medium"},
	{Lead{Grade: detect.E1, Match: detect.Repaired}, 45, "medium"},
	{Lead{Grade: detect.E0, complaints: 1}, 70, "high"},
	{Lead{Grade: detect.E0, Amount: 999_900, otherTables: 0}, 69, "medium"},
	{Lead{Grade: detect.E3, Match: detect.NamePlace}, 0, "low"},
	{Lead{Grade: detect.E0, Amount: 1e12, otherRules: 9, otherTables: 9, complaints: 1}, 100, "high"},
}

func TestScoreTerms(t *testing.T) {
	for _, c := range scored {
		score(&c.lead, weights)
		if c.lead.Score != c.want || c.lead.Severity != c.sev {
			t.Errorf("%+v scores %d %s, want %d %s", c.lead.Terms, c.lead.Score, c.lead.Severity, c.want, c.sev)
		}
	}
}

// TestWeights tells each weight, bound and the window of complaints from one
// point and one day more and less.
func TestWeights(t *testing.T) {
	w := weights
	asOf := table.DayOf(2017, 12, 31)
	steptest.Numbers(t, &w, nil, func() string {
		var out strings.Builder
		for _, c := range scored {
			score(&c.lead, w)
			fmt.Fprintln(&out, c.lead.Score, c.lead.Severity)
		}
		b := table.NewBuilder(table.Complaint)
		for i, on := range []table.Day{asOf - 1095, asOf - 1096} {
			*b.Ints(table.RefColumn) = append(*b.Ints(table.RefColumn), int64(table.NewRef(0, i+2)))
			*b.Ints("received_on") = append(*b.Ints("received_on"), int64(on))
			b.Words("about").Append("低保")
			b.Words("_village").Append([]string{"甲县/大河镇/石山村", "甲县/大河镇/平山村"}[i])
		}
		complaints, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		in := Input{Tables: table.NewSet(complaints), Sources: table.Sources{{File: "信访.csv", Table: "complaint"}}, AsOf: asOf, Weights: w, Lookup: lookup}
		fmt.Fprintln(&out, in.complaints())
		return out.String()
	})
}
