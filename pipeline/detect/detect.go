// Package detect is the contract between a rule and whatever runs it. A rule
// sees one group of rows and reports leads; it does no input or output, keeps
// no state between groups and cannot tell which executor called it.
package detect

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// A Text is what people read, in the two languages the program speaks.
type Text struct{ Zh, En string }

// In returns the text in a language, zh or en.
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.En
	}
	return t.Zh
}

// A Grade is how sure the machine is of a lead. The zero Grade is none.
type Grade uint8

// The grades.
const (
	E0 Grade = iota + 1 // the records contradict each other as such
	E1                  // strong, one ordinary explanation possible
	E2                  // indication, needs inquiry
	E3                  // statistical pointer to a unit or village, never to a person
)

// String returns E0 to E3.
func (g Grade) String() string { return "E" + string('0'+byte(g-E0)) }

// A Match is how surely rows were joined to one person.
type Match uint8

// The match grades, strongest first.
const (
	Exact     Match = iota // same valid 18-digit ID
	Upgraded               // 15-digit ID rebuilt to 18
	Repaired               // blanks, full width, lower-case x
	Truncated              // first 15 digits of a rounded ID, and the name
	Near                   // one digit off or two swapped, and the name and place
	NamePlace              // name and village
	NameOnly               // name: never makes a lead
)

var matchNames = [...]string{"exact", "upgraded", "repaired", "truncated", "near", "name_place", "name"}

// String returns the grade's name in every output.
func (m Match) String() string { return matchNames[m] }

// ParseMatch returns the grade of a name, Exact for "".
func ParseMatch(s string) Match {
	if i := slices.Index(matchNames[:], s); i >= 0 {
		return Match(i)
	}
	return Exact
}

// A Family is the first part of the catalogue a rule stands in.
type Family string

// The families, in the order they are reported.
const (
	Dup  Family = "DUP"
	Elig Family = "ELIG"
	Exit Family = "EXIT"
	Hold Family = "HOLD"
	Proj Family = "PROJ"
	Data Family = "DATA"
)

// Families lists them with their names.
var Families = []struct {
	Family Family
	Name   Text
}{
	{Dup, Text{"重复与冒用", "duplicate and borrowed identity"}},
	{Elig, Text{"不符合条件", "not entitled"}},
	{Exit, Text{"虚假脱贫", "false exit from poverty"}},
	{Hold, Text{"截留滞留挪用", "withheld, idle, diverted"}},
	{Proj, Text{"项目", "projects"}},
	{Data, Text{"数据造假", "made-up data"}},
}

// A Rule describes one check. Rules are constants: nothing changes one after
// package initialisation. It holds no severity, score or colour: how leads rank
// is decided elsewhere.
type Rule struct {
	ID     string // dup-period: never reused, never renamed
	Family Family
	Title  Text
	Grade  Grade // of its leads, unless one says otherwise
	Doc    Doc
	Basis  []Basis // none where the law names nothing
	By     []table.Key
	Needs  []string       // payment, register:deceased, flow|payment (either): a run without them does not judge this rule
	Reads  []table.Column // every column the check looks at
	Params []Parameter    // every number the method mentions

	// Sample, if set, gives the rule's number for one group, ok false where
	// there is none. Check may then ask the Pass where a number stands among
	// those of all groups of the same key.
	Sample func(*Pass) (x float64, ok bool)

	// Baselines are those that Check asks.
	Baselines []Measure

	// Check reports the group's leads. An error means that the check could not
	// be made, never that something was found.
	Check func(*Pass) error
}

// Doc is a rule's manual, in the order audit methods in China are written. Code,
// name, data needed, parameters and basis come from the Rule itself.
type Doc struct {
	Purpose     Text   // the question the rule answers
	Steps       Text   // how it answers it, every bound with inclusive or exclusive
	Formula     string // the deciding condition in symbols
	Example     string // a fixture (see ruletest) with invented people, executed by the tests
	Why         Text   // why it matters
	Exclusions  Text   // what is left out on purpose
	FalseAlarms Text   // ordinary explanations of a lead
	Verify      Text   // what to do in the field
	Control     Text   // the control that should have caught it
}

// A Basis is the provision that a lead may breach.
type Basis struct {
	Title   string // 财政违法行为处罚处分条例 (2011)
	Article string // 第六条(二); "" where the text is known by title only
}

// String returns title and article.
func (b Basis) String() string { return strings.TrimSpace(b.Title + " " + b.Article) }

var idForm = regexp.MustCompile(`^[a-z]+(-[a-z]+)+$`)

// Validate reports all that makes rules unfit to run.
func Validate(rules []*Rule) error {
	var all []error
	seen := map[string]bool{}
	baselines := map[string]Measure{}
	for _, r := range rules {
		bad := func(format string, args ...any) {
			all = append(all, fmt.Errorf("rule %s: %s", r.ID, fmt.Sprintf(format, args...)))
		}
		if !idForm.MatchString(r.ID) {
			bad("ID is not words joined by hyphens")
		}
		if seen[r.ID] {
			bad("ID used twice")
		}
		seen[r.ID] = true
		if !slices.ContainsFunc(Families, func(f struct {
			Family Family
			Name   Text
		}) bool {
			return f.Family == r.Family
		}) {
			bad("family %q is none", r.Family)
		}
		if r.Grade == 0 {
			bad("no Grade")
		}
		if len(r.By) == 0 || r.Check == nil {
			bad("no By or no Check")
		}
		if len(r.Needs) == 0 {
			bad("Needs no table")
		}
		d := r.Doc
		for _, part := range []struct {
			name string
			text Text
		}{
			{"Title", r.Title}, {"Doc.Purpose", d.Purpose}, {"Doc.Steps", d.Steps}, {"Doc.Formula", Text{d.Formula, d.Formula}},
			{"Doc.Example", Text{d.Example, d.Example}}, {"Doc.Why", d.Why}, {"Doc.Exclusions", d.Exclusions},
			{"Doc.FalseAlarms", d.FalseAlarms}, {"Doc.Verify", d.Verify}, {"Doc.Control", d.Control},
		} {
			if part.text.Zh == "" {
				bad("%s has no Chinese", part.name)
			}
			if part.text.En == "" {
				bad("%s has no English", part.name)
			}
		}
		for _, n := range r.Needs {
			for one := range strings.SplitSeq(n, "|") {
				name, _, _ := strings.Cut(one, ":")
				if table.SchemaNamed(name) == nil {
					bad("needs %q, which is no table", n)
				}
			}
		}
		for _, m := range r.Baselines {
			if other := baselines[m.name()]; other != nil && other != m {
				bad("baseline %q is the name of another, too", m.name())
			}
			baselines[m.name()] = m
		}
		names := map[string]bool{"enabled": true}
		for _, p := range r.Params {
			d := p.Describe()
			if names[d.Name] {
				bad("parameter %s declared twice", d.Name)
			}
			if d.Doc.Zh == "" || d.Doc.En == "" {
				bad("parameter %s is undocumented in a language", d.Name)
			}
			names[d.Name] = true
		}
	}
	return errors.Join(all...)
}

// Settings are everything a run decides for the rules. They travel to other
// processes as JSON, so nothing about a run lives in package variables.
type Settings struct {
	AsOf   table.Day      `json:"as_of"`
	Policy *policy.Policy `json:"policy"`
}

// Enabled reports whether the policy leaves a rule on.
func (s Settings) Enabled(r *Rule) bool {
	on, ok := s.Policy.Rules[r.ID]["enabled"].(bool)
	return on || !ok
}
