// Package policy holds what the law and the user decide: lines, programs,
// standards, deadlines, division codes and the rules' parameters. A Policy is a
// value; the built-in one is builtin.yaml, with a source beside every figure.
package policy

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"fundtrace/pipeline/table"
)

// A Policy is one policy file over the built-in one.
type Policy struct {
	// Regions adds division codes of six digits to those of GB/T 2260.
	Regions map[string]string `json:"regions,omitempty"`
	// PovertyLine gives the line by year; an entry with a place goes before one without.
	PovertyLine []Line `json:"poverty_line,omitempty"`
	// Programs are the benefit programs by canonical name.
	Programs map[string]*Program `json:"programs,omitempty"`
	// Units gives other names of a unit under its canonical name.
	Units map[string][]string `json:"units,omitempty"`
	// Deadlines bound how long money may take.
	Deadlines Deadlines `json:"deadlines,omitempty"`
	// Pairing bounds which lines of two ledgers are taken for one transfer.
	Pairing Pairing `json:"pairing,omitempty"`
	// AssetLimits are the values over which an asset speaks against a means-tested
	// benefit; an entry with a place goes before one without.
	AssetLimits []AssetLimit `json:"asset_limits,omitempty"`
	// AccountBatches are runs of accounts that a bank opened together.
	AccountBatches []AccountBatch `json:"account_batches,omitempty"`
	// Ranking is what leads are scored by.
	Ranking Ranking `json:"ranking,omitempty"`
	// Wild says from when on a rule's leads are withheld.
	Wild Wild `json:"wild,omitempty"`
	// Rules holds parameters by rule and name; values as written.
	Rules map[string]map[string]any `json:"rules,omitempty"`

	alias map[string]string // alias or name, folded → canonical program
}

// A Line is the poverty line of one year, in yuan a head a year.
type Line struct {
	Year   int    `json:"year"`
	Yuan   Yuan   `json:"yuan"`
	Place  string `json:"place,omitempty"` // a county's name; "" is everywhere
	Source string `json:"source,omitempty"`
}

// A Program is one benefit program's attributes.
type Program struct {
	Name           string     `json:"-"`
	Aliases        []string   `json:"aliases,omitempty"`
	Unit           string     `json:"unit,omitempty"`            // household or person: what one grant is for
	MeansTested    bool       `json:"means_tested,omitempty"`    // income and property decide
	RegisteredOnly bool       `json:"registered_only,omitempty"` // for registered poor households
	Graded         bool       `json:"graded,omitempty"`          // the amount follows need
	AfterExit      bool       `json:"after_exit,omitempty"`      // goes on after exit (脱贫不脱政策)
	UnemployedOnly bool       `json:"unemployed_only,omitempty"` // for persons without wage work
	Survivors      bool       `json:"survivors,omitempty"`       // paid on a death, to the family or in the late person's name
	ExclusiveWith  []string   `json:"exclusive_with,omitempty"`  // canonical names
	Age            []int      `json:"age,omitempty"`             // [from, to], both inclusive, on the pay date
	Category       []string   `json:"category,omitempty"`        // household categories entitled; empty is all
	Tiers          []Tier     `json:"tiers,omitempty"`           // tiers that ask for a household category
	Purpose        []string   `json:"purpose,omitempty"`         // words a fund's earmark for it carries
	Standard       []Standard `json:"standard,omitempty"`
	Ceiling        []Standard `json:"ceiling,omitempty"`
	MeansLine      []Standard `json:"means_line,omitempty"`  // income a head a year over which nobody is entitled
	EntitledBy     []string   `json:"entitled_by,omitempty"` // kinds of register whose people, in registered households, are due it
	Source         string     `json:"source,omitempty"`
}

// A Tier is a tier of a program that only some household categories may have.
type Tier struct {
	Tier     string   `json:"tier"`
	Category []string `json:"category"`
}

// A Standard is an amount in force for some years, a place and a tier.
type Standard struct {
	From  int    `json:"from,omitempty"`  // first year, 0 for always
	To    int    `json:"to,omitempty"`    // last year, 0 for ever
	Place string `json:"place,omitempty"` // a county's name; "" is everywhere
	Tier  string `json:"tier,omitempty"`  // "" is every tier
	Yuan  Yuan   `json:"yuan"`
	Per   string `json:"per,omitempty"` // household, person, month, mu, ...: what one Quantity unit is; household and person are for the whole period
}

// An AssetLimit is the value of one asset that is still accepted beside a
// means-tested benefit.
type AssetLimit struct {
	Kind   string `json:"kind"` // the register: vehicle, property or company (its capital)
	Yuan   Yuan   `json:"yuan"`
	Place  string `json:"place,omitempty"` // a county's name; "" is everywhere
	Source string `json:"source,omitempty"`
}

// An AccountBatch is account numbers of one length that were opened together,
// both ends inclusive.
type AccountBatch struct {
	From   string `json:"from"`
	To     string `json:"to"`
	Source string `json:"source,omitempty"`
}

// Holds reports whether an account is of the batch.
func (b AccountBatch) Holds(account string) bool {
	return len(account) == len(b.From) && account >= b.From && account <= b.To
}

// Ranking is what a lead's score of 0 to 100 is made of, in points, each bound
// inclusive.
type Ranking struct {
	E0               int `json:"e0,omitempty"`                // of a lead whose records contradict each other as such
	E1               int `json:"e1,omitempty"`                // of one with one ordinary explanation
	E2               int `json:"e2,omitempty"`                // of an indication
	E3               int `json:"e3,omitempty"`                // of a statistical pointer
	Digit            int `json:"amount_digit,omitempty"`      // for every digit of whole yuan past the first
	DigitsMost       int `json:"amount_most,omitempty"`       // at most for those
	Table            int `json:"table,omitempty"`             // for every other table that agrees
	TablesMost       int `json:"tables_most,omitempty"`       // at most for those
	Rule             int `json:"rule,omitempty"`              // for every other rule on the case
	RulesMost        int `json:"rules_most,omitempty"`        // at most for those
	Complaint        int `json:"complaint,omitempty"`         // for a complaint about the subject
	VillageComplaint int `json:"village_complaint,omitempty"` // for one about its village only
	Near             int `json:"match_near,omitempty"`        // taken off for a join by a near number, or name and place
	Truncated        int `json:"match_truncated,omitempty"`   // taken off for a join by a rounded number
	High             int `json:"high,omitempty"`              // from which on a lead is of high severity
	Medium           int `json:"medium,omitempty"`            // from which on it is of medium severity
	ComplaintDays    int `json:"complaint_days,omitempty"`    // days before the as-of day within which a complaint counts
}

// Wild tells a rule that went wild: it flags more than Percent of at least
// LeastJudged subjects, so that its leads tell more about the data or the policy
// than about anybody.
type Wild struct {
	Percent     int `json:"percent"`
	LeastJudged int `json:"least_judged"`
}

// Deadlines are in calendar days.
type Deadlines struct {
	PassDown    int `json:"pass_down_days,omitempty"`    // a unit passes on what it received
	OwnBudget   int `json:"own_budget_days,omitempty"`   // own-budget special funds
	Central     int `json:"central_days,omitempty"`      // central special transfers
	ToHousehold int `json:"to_household_days,omitempty"` // from issue to the household
}

// Pairing says how near in time and amount what a sender and what a receiver
// booked must be to be one transfer: calendar days and percent, all inclusive.
type Pairing struct {
	ExactDays    int64 `json:"exact_days,omitempty"`    // the same amount is one transfer when booked this near, another amount too
	LateDays     int64 `json:"late_days,omitempty"`     // or the same amount this near, graded window
	EarlyDays    int64 `json:"early_days,omitempty"`    // a receipt may be booked before the sending by so much
	SumDays      int64 `json:"sum_days,omitempty"`      // the parts of one transfer are booked within
	TransitDays  int64 `json:"transit_days,omitempty"`  // a sending not booked by its receiver is on its way for, then unexplained
	OverPercent  int64 `json:"over_percent,omitempty"`  // of what was sent that a receipt of another amount may be over it
	UnderPercent int64 `json:"under_percent,omitempty"` // and below it
}

// Yuan is an amount written in yuan in a policy file and held in fen.
type Yuan table.Fen

// Fen returns the amount.
func (y Yuan) Fen() table.Fen { return table.Fen(y) }

// MarshalJSON writes the amount in yuan, as run.json shows it and as settings
// travel to remote workers.
func (y Yuan) MarshalJSON() ([]byte, error) { return []byte(table.Fen(y).String()), nil }

// UnmarshalJSON reads an amount in yuan.
func (y *Yuan) UnmarshalJSON(b []byte) error {
	f, err := table.ParseFen(strings.Trim(string(b), `"`))
	*y = Yuan(f)
	return err
}

//go:embed builtin.yaml
var builtin []byte

// BuiltinYAML returns the built-in policy as it is printed, with its sources.
func BuiltinYAML() []byte { return slices.Clone(builtin) }

// Builtin returns the built-in policy.
func Builtin() *Policy {
	tree, err := parse(builtin)
	if err != nil {
		panic("the built-in policy does not parse: " + err.Error())
	}
	p, err := (&Policy{}).under(tree)
	if err != nil {
		panic("the built-in policy is not one: " + err.Error())
	}
	return p
}

// Parse reads policy files and lays each over those before it and the built-in
// policy: what a file leaves out keeps its value, down to the attributes of a
// program and the parameters of a rule. Poverty lines are added or replaced by
// year and place, asset limits by kind and place, account batches are added;
// any other list takes the place of the one before. A file that the schema or
// the sense of it refuses gives an error that tells line and column.
func Parse(files ...[]byte) (*Policy, error) {
	p := Builtin()
	for _, file := range files {
		if err := Check(file, nil); err != nil {
			return nil, err
		}
		over, err := parse(file)
		if err != nil {
			return nil, err
		}
		if p, err = p.under(over); err != nil {
			return nil, err
		}
		if bad := p.faults(over); bad != nil {
			return nil, first(file, bad)
		}
	}
	return p, nil
}

// UnmarshalJSON reads what Marshal wrote, as settings travel to other processes.
func (p *Policy) UnmarshalJSON(text []byte) error {
	type plain Policy
	if err := json.Unmarshal(text, (*plain)(p)); err != nil {
		return err
	}
	p.index()
	return nil
}

// index makes the look-up by alias.
func (p *Policy) index() {
	p.alias = map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(p.Programs)) {
		prog := p.Programs[name]
		prog.Name = name
		for _, a := range prog.Aliases {
			p.alias[fold(a)] = name
		}
	}
	for name := range p.Programs { // a file may make a program of what was another's alias
		p.alias[fold(name)] = name
	}
}

// alsoCalled returns the first program by name, other than one, that has a name
// or alias; "" for none.
func (p *Policy) alsoCalled(alias, than string) string {
	for _, name := range slices.Sorted(maps.Keys(p.Programs)) {
		if name != than && slices.ContainsFunc(append([]string{name}, p.Programs[name].Aliases...), func(a string) bool { return fold(a) == fold(alias) }) {
			return name
		}
	}
	return ""
}

// states reports whether a file's tree has a path of keys; nil is the built-in
// policy, which states all it has.
func states(file map[string]any, path ...string) bool {
	for i, key := range path {
		if file == nil {
			return i == 0
		}
		if _, there := file[key]; !there {
			return false
		}
		file, _ = file[key].(map[string]any)
	}
	return true
}

// faults returns what is wrong with a policy, the last of whose files is file,
// that the schema cannot tell.
func (p *Policy) faults(file map[string]any) []fault {
	var out []fault
	add := func(why string, path ...string) { out = append(out, fault{path, errors.New(why)}) }
	for i, b := range p.AccountBatches {
		if len(b.From) != len(b.To) || b.From > b.To {
			add("want from and to of one length, from not after to", "account_batches", strconv.Itoa(i))
		}
	}
	for name, prog := range p.Programs {
		if len(prog.Age) == 2 && prog.Age[0] > prog.Age[1] {
			add("want [from, to], from not over to", "programs", name, "age")
		}
		for key, list := range map[string][]Standard{"standard": prog.Standard, "ceiling": prog.Ceiling, "means_line": prog.MeansLine} {
			for i, s := range list {
				if s.To != 0 && s.From > s.To {
					add("from is after to", "programs", name, key, strconv.Itoa(i))
				}
			}
		}
		for i, a := range prog.Aliases {
			if other := p.alsoCalled(a, name); other != "" && states(file, "programs", name, "aliases") {
				add(fmt.Sprintf("%q is also a name of the program %q: one name belongs to one program", a, other), "programs", name, "aliases", strconv.Itoa(i))
			}
		}
		for i, x := range prog.ExclusiveWith {
			if x == name {
				add("a program does not exclude itself", "programs", name, "exclusive_with", strconv.Itoa(i))
			}
			if p.Programs[x] == nil {
				add(fmt.Sprintf("there is no program %q", x), "programs", name, "exclusive_with", strconv.Itoa(i))
			}
		}
	}
	return out
}

var folder = strings.NewReplacer(" ", "", "　", "", "\t", "", "（", "(", "）", ")")

// fold makes names comparable: no blanks, full-width brackets as ASCII.
func fold(s string) string { return folder.Replace(s) }

// Program returns the program of a name or alias, or nil. Offices write the year
// before the name and 资金 or 补助 behind it, and say 农村 where the policy does
// not: a name that is known without those is that program's.
func (p *Policy) Program(name string) *Program {
	if prog := p.Programs[name]; prog != nil {
		return prog
	}
	s := fold(name)
	for {
		if prog := p.Programs[p.alias[s]]; prog != nil {
			return prog
		}
		t := nameTail.ReplaceAllString(s, "")
		if t == s || t == "" {
			break
		}
		s = t
	}
	if bare := nameHead.ReplaceAllString(fold(name), ""); bare != "" && bare != fold(name) {
		return p.Program(bare)
	}
	return nil
}

// What stands around a program's name: the year and 农村 before it, a remark in
// brackets, what it is paid as and 项目 behind it.
var (
	nameHead = regexp.MustCompile(`^(\d{4}年?度?|农村)`)
	nameTail = regexp.MustCompile(`(\([^()]*\)|项目|专项|资金|补助|补贴|金|款|费)$`)
)

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
