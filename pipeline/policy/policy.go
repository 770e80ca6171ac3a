// Package policy holds what the law and the user decide: lines, programs,
// standards, deadlines, division codes and the rules' parameters. A Policy is a
// value; the built-in one is builtin.yaml, with a source beside every figure.
package policy

import (
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"fundtrace/pipeline/table"
)

// A Policy is one policy file over the built-in one.
type Policy struct {
	// Regions adds division codes of six digits to those of GB/T 2260.
	Regions map[string]string `yaml:"regions,omitempty" json:"regions,omitempty"`
	// PovertyLine gives the line by year; an entry with a place goes before one without.
	PovertyLine []Line `yaml:"poverty_line,omitempty" json:"poverty_line,omitempty"`
	// Programs are the benefit programs by canonical name.
	Programs map[string]*Program `yaml:"programs,omitempty" json:"programs,omitempty"`
	// Units gives other names of a unit under its canonical name.
	Units map[string][]string `yaml:"units,omitempty" json:"units,omitempty"`
	// Deadlines bound how long money may take.
	Deadlines Deadlines `yaml:"deadlines,omitempty" json:"deadlines,omitempty"`
	// AssetLimits are the values over which an asset speaks against a means-tested
	// benefit; an entry with a place goes before one without.
	AssetLimits []AssetLimit `yaml:"asset_limits,omitempty" json:"asset_limits,omitempty"`
	// AccountBatches are runs of accounts that a bank opened together.
	AccountBatches []AccountBatch `yaml:"account_batches,omitempty" json:"account_batches,omitempty"`
	// Rules holds parameters by rule and name; values as written.
	Rules map[string]map[string]any `yaml:"rules,omitempty" json:"rules,omitempty"`

	alias map[string]string // alias or name, folded → canonical program
}

// A Line is the poverty line of one year, in yuan a head a year.
type Line struct {
	Year   int    `yaml:"year" json:"year"`
	Yuan   Yuan   `yaml:"yuan" json:"yuan"`
	Place  string `yaml:"place,omitempty" json:"place,omitempty"` // a county's name; "" is everywhere
	Source string `yaml:"source,omitempty" json:"source,omitempty"`
}

// A Program is one benefit program's attributes.
type Program struct {
	Name           string     `yaml:"-" json:"-"`
	Aliases        []string   `yaml:"aliases,omitempty" json:"aliases,omitempty"`
	Unit           string     `yaml:"unit,omitempty" json:"unit,omitempty"`                       // household or person: what one grant is for
	MeansTested    bool       `yaml:"means_tested,omitempty" json:"means_tested,omitempty"`       // income and property decide
	RegisteredOnly bool       `yaml:"registered_only,omitempty" json:"registered_only,omitempty"` // for registered poor households
	Graded         bool       `yaml:"graded,omitempty" json:"graded,omitempty"`                   // the amount follows need
	AfterExit      bool       `yaml:"after_exit,omitempty" json:"after_exit,omitempty"`           // goes on after exit (脱贫不脱政策)
	UnemployedOnly bool       `yaml:"unemployed_only,omitempty" json:"unemployed_only,omitempty"` // for persons without wage work
	ExclusiveWith  []string   `yaml:"exclusive_with,omitempty" json:"exclusive_with,omitempty"`   // canonical names
	Age            []int      `yaml:"age,omitempty" json:"age,omitempty"`                         // [from, to], both inclusive, on the pay date
	Category       []string   `yaml:"category,omitempty" json:"category,omitempty"`               // household categories entitled; empty is all
	Tiers          []Tier     `yaml:"tiers,omitempty" json:"tiers,omitempty"`                     // tiers that ask for a household category
	Purpose        []string   `yaml:"purpose,omitempty" json:"purpose,omitempty"`                 // words a fund's earmark for it carries
	Standard       []Standard `yaml:"standard,omitempty" json:"standard,omitempty"`
	Ceiling        []Standard `yaml:"ceiling,omitempty" json:"ceiling,omitempty"`
	MeansLine      []Standard `yaml:"means_line,omitempty" json:"means_line,omitempty"`   // income a head a year over which nobody is entitled
	EntitledBy     []string   `yaml:"entitled_by,omitempty" json:"entitled_by,omitempty"` // kinds of register whose people, in registered households, are due it
	Source         string     `yaml:"source,omitempty" json:"source,omitempty"`
}

// A Tier is a tier of a program that only some household categories may have.
type Tier struct {
	Tier     string   `yaml:"tier" json:"tier"`
	Category []string `yaml:"category" json:"category"`
}

// A Standard is an amount in force for some years, a place and a tier.
type Standard struct {
	From  int    `yaml:"from,omitempty" json:"from,omitempty"`   // first year, 0 for always
	To    int    `yaml:"to,omitempty" json:"to,omitempty"`       // last year, 0 for ever
	Place string `yaml:"place,omitempty" json:"place,omitempty"` // a county's name; "" is everywhere
	Tier  string `yaml:"tier,omitempty" json:"tier,omitempty"`   // "" is every tier
	Yuan  Yuan   `yaml:"yuan" json:"yuan"`
	Per   string `yaml:"per,omitempty" json:"per,omitempty"` // household, person, month, mu, ...: what one Quantity unit is; household and person are for the whole period
}

// An AssetLimit is the value of one asset that is still accepted beside a
// means-tested benefit.
type AssetLimit struct {
	Kind   string `yaml:"kind" json:"kind"` // the register: vehicle, property or company (its capital)
	Yuan   Yuan   `yaml:"yuan" json:"yuan"`
	Place  string `yaml:"place,omitempty" json:"place,omitempty"` // a county's name; "" is everywhere
	Source string `yaml:"source,omitempty" json:"source,omitempty"`
}

// An AccountBatch is account numbers of one length that were opened together,
// both ends inclusive.
type AccountBatch struct {
	From   string `yaml:"from" json:"from"`
	To     string `yaml:"to" json:"to"`
	Source string `yaml:"source,omitempty" json:"source,omitempty"`
}

// Holds reports whether an account is of the batch.
func (b AccountBatch) Holds(account string) bool {
	return len(account) == len(b.From) && account >= b.From && account <= b.To
}

// Deadlines are in calendar days.
type Deadlines struct {
	PassDown    int `yaml:"pass_down_days,omitempty" json:"pass_down_days,omitempty"`       // a unit passes on what it received
	OwnBudget   int `yaml:"own_budget_days,omitempty" json:"own_budget_days,omitempty"`     // own-budget special funds
	Central     int `yaml:"central_days,omitempty" json:"central_days,omitempty"`           // central special transfers
	ToHousehold int `yaml:"to_household_days,omitempty" json:"to_household_days,omitempty"` // from issue to the household
}

// Yuan is an amount written in yuan in a policy file and held in fen.
type Yuan table.Fen

// Fen returns the amount.
func (y Yuan) Fen() table.Fen { return table.Fen(y) }

// MarshalYAML writes the amount in yuan.
func (y Yuan) MarshalYAML() (any, error) {
	if y%100 == 0 {
		return int64(y / 100), nil
	}
	return table.Fen(y).String(), nil
}

// MarshalJSON writes the amount in yuan, as run.json shows it and as settings
// travel to remote workers.
func (y Yuan) MarshalJSON() ([]byte, error) { return []byte(table.Fen(y).String()), nil }

// UnmarshalJSON reads an amount in yuan.
func (y *Yuan) UnmarshalJSON(b []byte) error { return y.UnmarshalYAML(b) }

// UnmarshalYAML reads an amount in yuan.
func (y *Yuan) UnmarshalYAML(b []byte) error {
	f, err := table.ParseFen(strings.Trim(strings.TrimSpace(string(b)), `"'`))
	*y = Yuan(f)
	return err
}

//go:embed builtin.yaml
var builtin []byte

// BuiltinYAML returns the built-in policy as it is printed, with its sources.
func BuiltinYAML() []byte { return slices.Clone(builtin) }

// Builtin returns the built-in policy.
func Builtin() *Policy {
	p, err := parse(builtin)
	if err != nil {
		panic("the built-in policy does not parse: " + err.Error())
	}
	p.index()
	return p
}

// Parse reads policy files and lays each over those before it and the built-in
// policy: regions, units, rule parameters and programs are added or replaced by
// name, poverty lines by year and place, asset limits by kind and place, deadlines one
// by one; account batches are added. Unknown keys are
// errors that tell line and column.
func Parse(files ...[]byte) (*Policy, error) {
	p := Builtin()
	for _, file := range files {
		over, err := parse(file)
		if err != nil {
			return nil, err
		}
		p.lay(over)
	}
	p.index()
	return p, p.validate()
}

func parse(file []byte) (*Policy, error) {
	p := &Policy{}
	if len(strings.TrimSpace(string(file))) == 0 {
		return p, nil
	}
	if err := yaml.UnmarshalWithOptions(file, p, yaml.Strict()); err != nil {
		return nil, errors.New(yaml.FormatError(err, false, true))
	}
	return p, nil
}

func (p *Policy) lay(over *Policy) {
	p.Regions = joined(p.Regions, over.Regions)
	p.Programs = joined(p.Programs, over.Programs)
	p.Units = joined(p.Units, over.Units)
	for _, l := range over.PovertyLine {
		p.PovertyLine = slices.DeleteFunc(p.PovertyLine, func(o Line) bool { return o.Year == l.Year && o.Place == l.Place })
		p.PovertyLine = append(p.PovertyLine, l)
	}
	for _, l := range over.AssetLimits {
		p.AssetLimits = slices.DeleteFunc(p.AssetLimits, func(o AssetLimit) bool { return o.Kind == l.Kind && o.Place == l.Place })
		p.AssetLimits = append(p.AssetLimits, l)
	}
	p.AccountBatches = append(p.AccountBatches, over.AccountBatches...)
	for id, params := range over.Rules {
		if p.Rules == nil {
			p.Rules = map[string]map[string]any{}
		}
		p.Rules[id] = joined(p.Rules[id], params)
	}
	d, o := &p.Deadlines, over.Deadlines
	for _, f := range []struct {
		to   *int
		from int
	}{{&d.PassDown, o.PassDown}, {&d.OwnBudget, o.OwnBudget}, {&d.Central, o.Central}, {&d.ToHousehold, o.ToHousehold}} {
		if f.from != 0 {
			*f.to = f.from
		}
	}
}

func joined[V any](a, b map[string]V) map[string]V {
	out := maps.Clone(a)
	if out == nil {
		out = map[string]V{}
	}
	maps.Copy(out, b)
	return out
}

// index makes the look-up by alias.
func (p *Policy) index() {
	p.alias = map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(p.Programs)) {
		prog := p.Programs[name]
		if prog == nil {
			prog = &Program{}
			p.Programs[name] = prog
		}
		prog.Name = name
		for _, a := range prog.Aliases {
			p.alias[fold(a)] = name
		}
	}
	for name := range p.Programs { // a program's own name goes before another's alias
		p.alias[fold(name)] = name
	}
}

// validate checks what YAML's types do not.
func (p *Policy) validate() error {
	for _, code := range slices.Sorted(maps.Keys(p.Regions)) {
		if len(code) != 6 || strings.Trim(code, "0123456789") != "" {
			return fmt.Errorf("regions: %q is not a division code of six digits", code)
		}
	}
	for _, l := range p.AssetLimits {
		if l.Kind != "vehicle" && l.Kind != "property" && l.Kind != "company" || l.Yuan < 0 {
			return fmt.Errorf("asset_limits: %q of %s yuan: want vehicle, property or company and an amount from 0", l.Kind, l.Yuan.Fen())
		}
	}
	for _, b := range p.AccountBatches {
		if b.From == "" || strings.Trim(b.From+b.To, "0123456789") != "" || len(b.From) != len(b.To) || b.From > b.To {
			return fmt.Errorf("account_batches: want from and to as digits of one length, from not after to")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.Programs)) {
		prog := p.Programs[name]
		if u := prog.Unit; u != "" && u != "household" && u != "person" {
			return fmt.Errorf("programs: %s: unit %q: want household or person", name, u)
		}
		if n := len(prog.Age); n != 0 && (n != 2 || prog.Age[0] > prog.Age[1]) {
			return fmt.Errorf("programs: %s: age: want [from, to]", name)
		}
		for _, s := range prog.MeansLine {
			if s.Yuan <= 0 || s.Tier != "" || s.Per != "" {
				return fmt.Errorf("programs: %s: means_line: want years, place and an income over 0 yuan a head, without tier or per", name)
			}
		}
		for _, x := range prog.ExclusiveWith {
			if p.Programs[x] == nil {
				return fmt.Errorf("programs: %s: exclusive_with %q: no such program", name, x)
			}
		}
	}
	return nil
}

// fold makes names comparable: no blanks, full-width brackets as ASCII.
func fold(s string) string {
	return strings.NewReplacer(" ", "", "　", "", "\t", "", "（", "(", "）", ")").Replace(s)
}

// Program returns the program of a name or alias, or nil.
func (p *Policy) Program(name string) *Program {
	if prog := p.Programs[name]; prog != nil {
		return prog
	}
	return p.Programs[p.alias[fold(name)]]
}

// Canonical returns the canonical name of a program, or name itself when the
// policy does not know it.
func (p *Policy) Canonical(name string) string {
	if prog := p.Program(name); prog != nil {
		return prog.Name
	}
	return name
}

// Exclusive reports whether two programs, by canonical name, exclude each other.
func (p *Policy) Exclusive(a, b string) bool {
	pa, pb := p.Programs[a], p.Programs[b]
	return pa != nil && slices.Contains(pa.ExclusiveWith, b) || pb != nil && slices.Contains(pb.ExclusiveWith, a)
}

// LineOf returns the poverty line of a year at a place, in fen a head; ok is
// false where the policy has none: then nothing is judged.
func (p *Policy) LineOf(year int, county string) (line table.Fen, ok bool) {
	for _, l := range p.PovertyLine {
		if l.Year == year && l.Place != "" && l.Place == county {
			return l.Yuan.Fen(), true
		}
	}
	for _, l := range p.PovertyLine {
		if l.Year == year && l.Place == "" {
			return l.Yuan.Fen(), true
		}
	}
	return 0, false
}

// AssetLimitOf returns the limit for assets of a kind at a place, in fen; ok is
// false where the policy has none: then nothing is judged.
func (p *Policy) AssetLimitOf(kind, county string) (limit table.Fen, ok bool) {
	for _, place := range [...]string{county, ""} {
		for _, l := range p.AssetLimits {
			if l.Kind == kind && l.Place == place {
				return l.Yuan.Fen(), true
			}
		}
	}
	return 0, false
}

// HasTier reports whether the policy names a tier of the program.
func (g *Program) HasTier(tier string) bool {
	return slices.ContainsFunc(g.Tiers, func(t Tier) bool { return t.Tier == tier }) ||
		slices.ContainsFunc(slices.Concat(g.Standard, g.Ceiling), func(s Standard) bool { return s.Tier == tier && tier != "" })
}

// StandardOf returns the standard of a program for a year, place and tier; the
// entry that names most of them wins, then the later in the file. ok is false
// where the policy has none.
func (g *Program) StandardOf(year int, county, tier string) (Standard, bool) {
	return pick(g.Standard, year, county, tier)
}

// CeilingOf returns the ceiling of a program likewise.
func (g *Program) CeilingOf(year int, county, tier string) (Standard, bool) {
	return pick(g.Ceiling, year, county, tier)
}

// MeansLineOf returns the income a head over which nobody is entitled likewise.
func (g *Program) MeansLineOf(year int, county string) (table.Fen, bool) {
	s, ok := pick(g.MeansLine, year, county, "")
	return s.Yuan.Fen(), ok
}

func pick(list []Standard, year int, county, tier string) (best Standard, ok bool) {
	rank := -1
	for _, s := range list {
		if s.From != 0 && year < s.From || s.To != 0 && year > s.To ||
			s.Place != "" && s.Place != county || s.Tier != "" && s.Tier != tier {
			continue
		}
		r := 0
		if s.Place != "" {
			r += 2
		}
		if s.Tier != "" {
			r++
		}
		if r >= rank {
			best, rank, ok = s, r, true
		}
	}
	return best, ok
}
