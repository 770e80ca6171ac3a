package column

import (
	"slices"

	"fundtrace/pipeline/table"
)

// A reading is one way to take the columns of a sheet: as one table's.
type reading struct {
	x        *Lexicon
	v        *vocabulary
	heads    []Heading
	profiles []Profile
	likes    []*likeness
	says     []columnSays
	cands    [][]candidate
	set      *Setting
	lanes    lanes
	slots    []slot
	score    [][]float64
	to       []int // column → slot, -1 for none
	uses     []Use
	cols     map[string][]int
	book     bool
	notes    []int
}

// read takes the columns as those of one table.
func (x *Lexicon) readAs(v *vocabulary, heads []Heading, profiles []Profile, likes []*likeness, set *Setting) *reading {
	r := &reading{x: x, v: v, heads: heads, profiles: profiles, likes: likes, set: set}
	r.says = make([]columnSays, len(heads))
	for c := range heads {
		r.says[c] = columnSays{x.read(v, &heads[c]), likes[c].fields[v.schema.Index()]}
	}
	r.cands = make([][]candidate, len(heads))
	for c := range heads {
		r.cands[c] = r.candidates(c)
	}
	r.neighbours()
	r.sums()
	r.wanted()
	for c := range r.cands {
		for i := range r.cands[c] {
			r.cands[c][i].score = x.weigh(r.cands[c][i].features)
		}
	}
	r.assign(r.abreast())
	if r.lanes.count > 1 && !r.complete() {
		r.assign(lanes{})
	}
	r.gate()
	r.settle()
	return r
}

// assign gives every column the field that makes the sum of the evidence the
// greatest.
func (r *reading) assign(l lanes) {
	r.lanes, r.slots = l, nil
	at := map[slot]int{}
	for f := range r.v.fields {
		if l.repeats(f) {
			for k := range l.count {
				at[slot{f, k}] = len(r.slots)
				r.slots = append(r.slots, slot{f, k})
			}
			continue
		}
		at[slot{f, -1}] = len(r.slots)
		r.slots = append(r.slots, slot{f, -1})
	}
	r.score = make([][]float64, len(r.heads))
	for c := range r.score {
		r.score[c] = make([]float64, len(r.slots))
		for i := range r.cands[c] {
			cand := &r.cands[c][i]
			s := slot{cand.field, -1}
			if l.repeats(cand.field) {
				s.lane = l.of[c]
			}
			if j, ok := at[s]; ok {
				r.score[c][j] = cand.score - 1e-6*float64(c) // of equals the leftmost
			}
		}
	}
	r.to = assign(r.score, len(r.slots))
}

// candidate returns what speaks for the field that column c was given, or nil.
func (r *reading) candidate(c int) *candidate {
	if r.to[c] < 0 {
		return nil
	}
	i := slices.IndexFunc(r.cands[c], func(k candidate) bool { return k.field == r.slots[r.to[c]].field })
	return &r.cands[c][i]
}

// gate takes back the guesses that win by too little: of two columns that fit a
// field as well neither is taken.
func (r *reading) gate() {
	r.uses = make([]Use, len(r.heads))
	for c := range r.heads {
		cand := r.candidate(c)
		if cand == nil {
			continue
		}
		f := &r.v.fields[cand.field]
		u := Use{Field: f.name, How: cand.how, Opposite: cand.opposite, Score: cand.score, Margin: cand.score, cand: cand}
		if cand.how.guess() {
			r.margin(c, &u)
			if u.Margin < r.x.least(f) {
				u.Candidate, u.Field = u.Field, ""
			}
		}
		r.uses[c] = u
	}
}

// least is the margin by which a guess of a field must win to be used: more
// where it would feed money, days or the numbers of people and accounts.
func (x *Lexicon) least(f *field) float64 {
	switch {
	case f.typ == table.Money, f.typ == table.Date, f.of != "", f.name == "account":
		return x.weights.Sure["strict"]
	}
	return x.weights.Sure["guess"]
}

// margin fills in by how much the field of column c wins, and over which.
func (r *reading) margin(c int, u *Use) {
	field := r.slots[r.to[c]].field
	m, other := rival(r.score, r.to, c, func(j int) bool { return r.slots[j].field == field })
	u.Margin, u.RunnerUp = m, ""
	if other >= 0 {
		u.RunnerUp = r.v.fields[r.slots[other].field].name
	}
}

// settle fills in the columns of each field, and what the roles make of them.
func (r *reading) settle() {
	r.cols = map[string][]int{}
	for c, u := range r.uses {
		if u.Field == "" {
			continue
		}
		s := r.slots[r.to[c]]
		if s.lane < 0 {
			r.cols[u.Field] = []int{c}
			continue
		}
		if r.cols[u.Field] == nil {
			r.cols[u.Field] = slices.Repeat([]int{-1}, r.lanes.count)
		}
		r.cols[u.Field][s.lane] = c
	}
	r.headFirst()
	r.book = r.v.schema == table.Flow && r.isBook()
	if r.v.schema == table.Flow && !r.book { // 收入 and 支出 of a unit's year are no transfers
		for _, f := range []string{".in", ".out"} {
			for _, c := range r.cols[f] {
				r.uses[c] = Use{Candidate: f}
			}
			delete(r.cols, f)
		}
	}
	r.giveRoles()
	if r.v.schema == table.Register && r.lanes.count < 2 {
		r.keepNotes()
	}
}

// keepNotes lists the further columns of notes of a register, which are joined to
// the first.
func (r *reading) keepNotes() {
	note := r.v.at["note"]
	for c := range r.heads {
		if r.uses[c].Field != "" || r.cols["note"] == nil {
			continue
		}
		i := slices.IndexFunc(r.cands[c], func(k candidate) bool { return k.field == note && k.how != ByGuess })
		if i >= 0 && r.cands[c][i].score > 0 {
			k := &r.cands[c][i]
			r.notes = append(r.notes, c)
			r.uses[c] = Use{Field: "note", How: k.how, Score: k.score, Margin: k.score, cand: k}
		}
	}
}

// guessed reports whether a field tells no table: a note, which every sheet may
// have, and what only characters and cells say.
func (r *reading) guessed(f string) bool {
	c := r.cols[f][0]
	return f == "note" && r.v.schema != table.Register || c >= 0 && r.uses[c].How == ByGuess
}
