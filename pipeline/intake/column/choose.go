// Package column decides what each column of a sheet is, and which table the
// sheet: headings and profiles of cells give evidence, evidence has weights in
// log-odds, and of all ways to give the columns fields the one with the greatest
// sum is taken, for every table. What is not sure by a margin is not used. It
// knows no cells and no policy, and its words are all in lexicon.yaml.
package column

import (
	"math"
	"slices"

	"fundtrace/pipeline/table"
	"fundtrace/pipeline/words"
)

// A Setting is what surrounds a table, as far as it bears on the choice.
type Setting struct {
	Titles   []string // texts above the header
	Names    []string // of the sheet, its file and the folders, the nearest first
	Year     int      // that they speak of, or 0
	Received bool     // they speak of a ledger of receipts
	Only     string   // the table that a mapping names; "" for any
	// Tells reports whether they tell a field that the sheet has no column for;
	// columns are those of the other fields, nil while they are not known.
	Tells func(s *table.Schema, field string, columns map[string][]int) bool
}

// A Use is what one column is taken for.
type Use struct {
	Field     string  // a field, or a part of fields beginning with a dot; "" for none
	How       How     // "" for none
	Score     float64 // log-odds that it is the field, against being none
	Margin    float64 // by how much it beats the best reading in which it is something else
	RunnerUp  string  // what it is then; "" for none
	Candidate string  // what it would be, were it sure; "" for a column that is, or is none
	Opposite  bool    // a yes means a no in the field: 危房户 for housing_safe
	cand      *candidate
}

// A Choice is a table and what its columns are.
type Choice struct {
	Table    *table.Schema
	Score    float64          // log-odds that the sheet is the table, against being none
	RunnerUp *table.Schema    // nil for none
	Behind   float64          // the runner-up's score
	Evidence float64          // the sum of the columns' scores: of two ways to see where the header stands the greater is the better
	Uses     []Use            // a column each
	Columns  map[string][]int // field → its column, or one for each of the groups, -1 for none
	Groups   int              // people, or years, side by side in one row; 1 as a rule
	Years    []int            // the year of each group, where the groups are years
	Own      int              // which of Years is the sheet's own
	Notes    []int            // of a register with one person a row: further columns of notes
	Book     bool             // of transfers: a unit's own book, each line a receipt or a payment
}

// A Refusal says why a sheet is no table.
type Refusal struct {
	Nearest *Choice  // the table that the header comes nearest to; nil for none
	Lacks   []string // the fields that it lacks to be that table
	Few     bool     // too few columns are known
	Doubt   bool     // too little speaks for it, or too much against
}

// Evidence of a table.
const (
	tbOwn     = iota // its columns, by how many tables know their words
	tbGuessed        // how many columns are told by part of their headings, or by cells
	tbTitle          // words of the titles
	tbName           // words of the names
	tbAnswer         // 发放回执 with a column of outcomes is the bank's answer to a roster
	tbStrange        // share of headings that nobody listed and nothing explains
	tbForeign        // share of headings that only other tables know
	tbOutside        // words of sheets that are none of these tables
	tbBook           // of transfers: a day, a counterparty, an amount each way
	tbKind           // words of a register's kind in titles and headings
	tbPerson         // numbers of people or accounts stand beside the names
	tbLacking        // required columns that no heading names
	tbOne            // always 1
	tbCount
)

var tableNames = [tbCount]string{"own", "guessed", "title", "name", "answer", "strange", "foreign", "outside", "book", "kind", "person", "lacking", "one"}

// Choose returns the table whose columns these are, with what each column is, or
// why they are none's. Profiles are of the cells below the headings, one each.
func (x *Lexicon) Choose(heads []Heading, profiles []Profile, set Setting) (*Choice, Refusal) {
	likes := x.likenesses(heads)
	var best, second, near *reading
	var bestScore, secondScore, nearScore float64
	var no Refusal
	for _, s := range table.Canonical {
		if set.Only != "" && set.Only != s.Name {
			continue
		}
		r := x.readAs(&x.tables[s.Index()], heads, profiles, likes, &set)
		score := x.weighTable(r.tableFeatures(), s)
		lacks, few := r.lacks()
		doubt := score <= x.weights.Sure["floor"] && set.Only == ""
		if len(lacks) == 0 && !few && !doubt {
			if best == nil || score > bestScore+1e-9 {
				best, second, bestScore, secondScore = r, best, score, bestScore
			} else if second == nil || score > secondScore {
				second, secondScore = r, score
			}
			continue
		}
		if len(r.cols) > 1 && (near == nil || score > nearScore) {
			near, nearScore = r, score
			no = Refusal{Lacks: lacks, Few: few, Doubt: doubt}
		}
	}
	if best == nil || near != nil && nearScore > bestScore+x.weights.Sure["table"] {
		if near != nil {
			no.Nearest = near.choice(nearScore)
		}
		return nil, no
	}
	out := best.choice(bestScore)
	if near != nil && (second == nil || nearScore > secondScore) {
		second, secondScore = near, nearScore
	}
	if second != nil {
		out.RunnerUp, out.Behind = second.v.schema, secondScore
	}
	return out, Refusal{}
}

// choice makes the reading one to hand out, with the margin of every column.
func (r *reading) choice(score float64) *Choice {
	for c := range r.uses {
		u := &r.uses[c]
		if r.to[c] >= 0 && u.Field != "" && !u.How.guess() {
			r.margin(c, u)
		}
	}
	sum := 0.0
	for c, u := range r.uses {
		switch {
		case u.Field != "":
			sum += min(u.Score, 8)
		case r.heads[c].Text == "" && !r.heads[c].Pinned && r.profiles[c].Filled > 0:
			sum -= 3 // a column of cells without a heading: the header may reach further
		}
	}
	out := &Choice{Evidence: sum,
		Table: r.v.schema, Score: score, Uses: r.uses, Columns: r.cols, Groups: max(r.lanes.count, 1),
		Years: r.lanes.years, Own: r.lanes.own, Notes: r.notes, Book: r.book,
	}
	return out
}

// lacks lists the required fields for which there is neither a column nor a word
// around the sheet, and whether too few columns are known.
func (r *reading) lacks() (lacks []string, few bool) {
	for _, alternatives := range r.v.needs {
		if !slices.ContainsFunc(alternatives, func(f string) bool {
			return r.cols[f] != nil || r.tells(f) || f == "register_kind" && r.headedKind() != ""
		}) {
			lacks = append(lacks, alternatives[0])
		}
	}
	if r.book && !r.tells("from_unit") {
		lacks = append(lacks, "from_unit")
	}
	known := 0
	for f := range r.cols {
		if f[0] != '.' && f[0] != '_' && !r.guessed(f) {
			known++
		}
	}
	return lacks, known < r.v.least
}

// tells reports whether what surrounds the sheet tells a field.
func (r *reading) tells(field string) bool {
	return r.set.Tells != nil && r.set.Tells(r.v.schema, field, r.cols)
}

// headedKind returns the kind of register that a heading speaks of, or "".
func (r *reading) headedKind() string {
	for c := range r.heads {
		if k := r.x.RegisterKind(r.heads[c].Text); k != "" {
			return k
		}
	}
	return ""
}

// tableFeatures lists what speaks for and against the sheet's being the table.
func (r *reading) tableFeatures() []feature {
	var x [tbCount]float64
	x[tbOne] = 1
	headed, strange, foreign := 0.0, 0.0, 0.0
	for c := range r.heads {
		h, u := &r.heads[c], &r.uses[c]
		if h.mute {
			continue
		}
		headed++
		switch {
		case u.Field != "" && u.Field[0] == '_':
		case u.Field != "" && r.byWord(u):
			x[tbOwn] += 1 / float64(max(r.x.shared[u.cand.word], 1))
		case u.Field != "":
			x[tbGuessed]++
		case r.says[c].unused || r.says[c].whole != nil || r.says[c].core != nil:
		case r.x.Known(h):
			foreign++
		default:
			strange++
		}
		if containsAny(words.Fold(h.Text), r.x.outside) {
			x[tbOutside]++
		}
	}
	x[tbOutside] = min(x[tbOutside], 3)
	if headed > 0 {
		x[tbStrange], x[tbForeign] = strange/headed, foreign/headed
	}
	for _, t := range r.set.Titles {
		for _, w := range r.v.title {
			if containsAny(t, []string{w}) {
				x[tbTitle]++
			}
		}
		if containsAny(words.Fold(t), r.x.outside) {
			x[tbOutside]++
		}
	}
	for _, t := range r.set.Names {
		for _, w := range r.v.title {
			if containsAny(t, []string{w}) {
				x[tbName]++
			}
		}
	}
	x[tbTitle], x[tbName] = min(x[tbTitle], 3), min(x[tbName], 3)
	around := slices.Concat(r.set.Titles, r.set.Names)
	if r.cols["outcome"] != nil && slices.ContainsFunc(around, func(t string) bool { return containsAny(t, r.v.answer) }) {
		x[tbAnswer] = 1
	}
	if r.book {
		x[tbBook] = 1
	}
	if r.v.schema == table.Register {
		if r.headedKind() != "" {
			x[tbKind]++
		}
		if slices.ContainsFunc(around, func(t string) bool { return r.x.RegisterKind(t) != "" }) {
			x[tbKind]++
		}
	}
	if r.v.schema == table.Payment || r.v.schema == table.Register {
		for _, f := range r.v.fields {
			if (f.of != "" || f.name == "account") && r.cols[f.name] != nil {
				x[tbPerson] = 1
			}
		}
	}
	for _, alternatives := range r.v.needs {
		if !slices.ContainsFunc(alternatives, func(f string) bool { return r.cols[f] != nil && !r.guessed(f) || r.tells(f) }) {
			x[tbLacking]++
		}
	}
	var out []feature
	for k, v := range x {
		if v != 0 {
			out = append(out, feature{k, v})
		}
	}
	return out
}

// byWord reports whether a column is known by a whole header word.
func (r *reading) byWord(u *Use) bool { return u.How == ByHeader && u.cand != nil }

// weighTable returns the log-odds of a table's features against none.
func (x *Lexicon) weighTable(features []feature, s *table.Schema) float64 {
	sum := x.weights.Prior[s.Name]
	for _, f := range features {
		sum += x.tableWeighs[f.kind] * f.x
	}
	if math.IsNaN(sum) {
		return 0
	}
	return sum
}

func (x *Lexicon) likenesses(heads []Heading) []*likeness {
	out := make([]*likeness, len(heads))
	for c := range heads {
		out[c] = x.likeness(&heads[c])
	}
	return out
}

// likeness compares a heading with every word, once.
func (x *Lexicon) likeness(h *Heading) *likeness {
	key := ""
	for _, f := range h.forms {
		key += f.word + "/"
	}
	if l, ok := x.memo.Load(key); ok {
		return l.(*likeness)
	}
	l := x.like.compare(x, h)
	x.memo.Store(key, l)
	return l
}
