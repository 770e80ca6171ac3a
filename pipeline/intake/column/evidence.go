package column

import (
	"slices"
	"strings"

	"fundtrace/pipeline/table"
	"fundtrace/pipeline/words"
)

// The kinds of evidence for a field at a column. Each has a weight, the log-odds
// of one unit of it, in lexicon.yaml; behind them in a feature vector stand the
// kinds of cells.
const (
	evWhole     = iota // the heading is a word of the field
	evLower            // ... by its lowest level only
	evGroup            // ... by its group only
	evRank             // how late the word stands in the field's list
	evCore             // it is a core of the field among filling words
	evEnds             // it ends in a word of the field
	evHas              // it holds a word of the field
	evShare            // the part of the heading that such a word makes up
	evSign             // it holds a character of the field, and the cells bear it out: so much of them
	evRoot             // ... a root of the field, so much of them
	evRequired         // no heading names the field, without which the sheet is not the table; by how many others do
	evLike             // its characters are like a word of the field
	evBare             // it names the kind of number, and not whose
	evNear             // the name whose number it may be stands before it, or the number after
	evOften            // most sheets of the table have the field
	evUnknown          // nobody listed the heading for the field
	evMute             // there is no heading
	evSaid             // the heading is a word of another field of the table
	evUnused           // ... of the list of unused headers
	evElsewhere        // ... of other tables only
	evLikeOther        // its characters are like an unused header
	evNot              // it holds a word that excludes the field
	evAgainst          // the cells cannot be of the field, nearly all
	evDoubt            // some cells cannot be of the field, which the heading does not name
	evEmpty            // no cell is filled, where the surroundings may tell the field
	evCovers           // its sums cover those of the column that the heading names
	evTiers            // cells are tiers of the program that the titles name
	evPrograms         // cells are programs that the policy knows
	evPinned           // a mapping says so
	evCount
)

var evidenceNames = [evCount]string{"whole", "lower", "group", "rank", "core", "ends", "has", "share", "sign", "root", "required", "like", "bare", "near", "often", "unknown", "mute", "said", "unused", "elsewhere", "like_other", "not", "against", "doubt", "empty", "covers", "tiers", "programs", "pinned"}

// A feature is so many units of one kind of evidence.
type feature struct {
	kind int // one of the constants above, or evCount + a kind of cells
	x    float64
}

// A candidate is a field that a column may be, with what speaks for and against.
type candidate struct {
	field    int
	features []feature
	score    float64
	opposite bool
	how      How
	word     string // the header word it is known by
}

// How says by what a column is known.
type How string

// By what columns are known.
const (
	ByMapping How = "mapping"
	ByHeader  How = "header" // the heading is a word of the field, or its core among filling words
	ByWords   How = "words"  // it holds a word of the field
	ByGuess   How = "guess"  // by its characters and what the cells hold
)

// guess reports whether what is known so must win by a margin to be used.
func (h How) guess() bool { return h == ByWords || h == ByGuess }

func (c *candidate) add(kind int, x float64) {
	if x != 0 {
		c.features = append(c.features, feature{kind, x})
	}
}

// A columnSays is what one column says in one table by its heading.
type columnSays struct {
	saying
	like []float64
}

// candidates lists what column c may be in a table, the neighbours aside.
func (r *reading) candidates(c int) []candidate {
	h, p, said := &r.heads[c], &r.profiles[c], r.says[c]
	if h.Pinned {
		f, ok := r.v.at[h.Pin]
		if !ok {
			return nil
		}
		out := candidate{field: f, how: ByMapping, word: h.forms[0].word}
		out.add(evPinned, 1)
		for _, hit := range []*hit{said.whole, said.core} {
			out.opposite = out.opposite || hit != nil && hit.field == f && hit.opposite
		}
		return []candidate{out}
	}
	var out []candidate
	for f := range r.v.fields {
		fd := &r.v.fields[f]
		cand := candidate{field: f, how: ByGuess}
		named := r.named(c, fd, f, &cand)
		fits := p.fits[fd.holds]
		if !named && (fd.named || fits < 0.5 || r.x.kinds.list[fd.holds].worth < 0.5) {
			continue
		}
		cand.add(evCount+int(fd.holds), fits)
		if fd.often {
			cand.add(evOften, 1)
		}
		if p.Filled > 0 {
			bad := 1 - p.may[r.x.kinds.list[fd.holds].may]
			cand.add(evAgainst, bad*bad*bad*bad)
			if cand.how != ByHeader {
				cand.add(evDoubt, bad)
			}
		} else if fd.typ == table.Span || inheritable[fd.name] {
			cand.add(evEmpty, 1)
		}
		if fd.name == "tier" && r.v.schema == table.Payment && p.tiers > 0 && p.programs == 0 {
			cand.how = ByHeader // the policy's own words
			cand.add(evTiers, 1)
		}
		if fd.name == "program" && p.programs > 0 {
			cand.add(evPrograms, 1)
		}
		out = append(out, cand)
	}
	return out
}

// named adds what the heading of column c says of a field, and reports whether
// it speaks for it at all.
func (r *reading) named(c int, fd *field, f int, cand *candidate) bool {
	h, said := &r.heads[c], r.says[c]
	if h.mute || len(h.forms) == 0 {
		cand.add(evMute, 1)
		return false
	}
	if w := said.whole; w != nil && w.field == f {
		cand.how, cand.opposite, cand.word = ByHeader, w.opposite, w.word
		cand.add(evRank, w.rank)
		switch {
		case w.level > groupAlone:
			cand.add(evWhole, 1)
			cand.add(evLower, 1-w.level)
		case r.alone(c):
			cand.add(evGroup, 1)
		default:
			cand.how = ByGuess
			return false
		}
		return true
	}
	if w := said.whole; w != nil && fd.bare[w.word] {
		cand.how, cand.word = ByHeader, w.word
		cand.add(evBare, 1)
		return true
	}
	if w := said.core; w != nil && w.field == f {
		cand.how, cand.opposite, cand.word = ByHeader, w.opposite, w.word
		cand.add(evCore, 1)
		return true
	}
	if said.whole != nil || said.core != nil { // then only the cells can say otherwise
		cand.add(evSaid, 1)
		return fd.name == "tier" && r.v.schema == table.Payment && r.profiles[c].tiers > 0 && r.profiles[c].programs == 0
	}
	if said.unused {
		cand.add(evUnused, 1)
	}
	if slices.ContainsFunc(fd.not, func(w string) bool { return strings.Contains(h.forms[0].word, w) }) ||
		slices.ContainsFunc(r.x.kinds.list[fd.holds].never, h.endsWith) {
		cand.add(evNot, 1)
	}
	share := 0.0
	for _, w := range fd.ends {
		if h.endsWith(w) {
			cand.add(evEnds, 1)
			cand.word, share = w, h.share(w)
			break
		}
	}
	for _, w := range fd.has {
		if strings.Contains(h.forms[0].word, w) {
			cand.add(evHas, 1)
			if s := h.share(w); s > share {
				cand.word, share = w, s
			}
			break
		}
	}
	if cand.word != "" {
		cand.how = ByWords
		cand.add(evShare, share)
	} else {
		cand.add(evUnknown, 1)
	}
	speaks := cand.word != ""
	if !said.unused {
		if r.x.Known(h) {
			cand.add(evElsewhere, 1)
		}
		like := said.like[f]
		if !speaks {
			cand.add(evLike, like)
		}
		cand.add(evLikeOther, r.likes[c].unused)
		speaks = speaks || like >= 0.3 && !fd.named || like >= 0.6
		if fits := r.profiles[c].fits[fd.holds]; fits > 0.5 && share < 0.5 {
			if containsAny(h.forms[0].word, fd.signs) {
				cand.add(evSign, fits)
				speaks = true
			}
			if containsAny(h.forms[0].word, fd.roots) {
				cand.add(evRoot, fits)
				speaks = true
			}
		}
	}
	return speaks
}

// wanted adds, for the required fields that no heading names, that the table
// needs them: one header that nobody foresaw would lose the whole sheet.
func (r *reading) wanted() {
	named := map[int]bool{}
	for c := range r.cands {
		for i := range r.cands[c] {
			if cand := &r.cands[c][i]; !cand.how.guess() {
				named[cand.field] = true
			}
		}
	}
	known := min(1, float64(len(named))/4)
	for _, alternatives := range r.v.needs {
		if slices.ContainsFunc(alternatives, func(f string) bool { return named[r.v.at[f]] }) || r.tells(alternatives[0]) {
			continue
		}
		for c := range r.cands {
			for i := range r.cands[c] {
				if cand := &r.cands[c][i]; slices.Contains(alternatives, r.v.fields[cand.field].name) && !r.heads[c].mute {
					cand.add(evRequired, known)
				}
			}
		}
	}
}

// alone reports whether no other column of the sheet is named by the same group
// only: 资金 over 到位, 支出 and 结余 says of none which it is, and a share is not
// the whole; but over 合计 it does.
func (r *reading) alone(c int) bool {
	if r.heads[c].Total {
		return true
	}
	for o := range r.heads {
		if w := r.says[o].whole; o != c && w != nil && w.level == groupAlone && w.word == r.says[c].whole.word {
			return false
		}
	}
	return true
}

// inheritable are the fields that what surrounds a table may tell when its own
// column of them is empty throughout.
var inheritable = map[string]bool{"county": true, "town": true, "village": true, "program": true, "period": true, ".year": true, "year": true, "fund_no": true}

// neighbours adds what the columns beside one another say: a number belongs to
// the name before it, and people's names stand before their numbers.
func (r *reading) neighbours() {
	before := -1 // the name field that stood last
	for c := range r.heads {
		for i := range r.cands[c] {
			cand := &r.cands[c][i]
			if of := r.v.fields[cand.field].of; of != "" && before >= 0 && r.v.fields[before].name == of && (cand.how == ByGuess || r.v.bareWord(cand.word)) {
				cand.add(evNear, 1)
			}
		}
		if f := r.best(c); f >= 0 && r.v.names[f] {
			before = f
		}
	}
	for c := 0; c+1 < len(r.heads); c++ {
		next := r.best(c + 1)
		if next < 0 || r.v.fields[next].of == "" {
			continue
		}
		for i := range r.cands[c] {
			if cand := &r.cands[c][i]; cand.how == ByGuess && r.v.fields[cand.field].name == r.v.fields[next].of && r.profiles[c].fits[r.x.kinds.named["person"]] > 0.5 {
				cand.add(evNear, 1)
			}
		}
	}
}

// bareWord reports whether a header word names a kind of number and not whose.
func (v *vocabulary) bareWord(word string) bool {
	for i := range v.fields {
		if v.fields[i].bare[word] {
			return true
		}
	}
	return false
}

// best returns the field that column c is likest to be by itself, or -1.
func (r *reading) best(c int) int {
	best, top := -1, 0.0
	for i := range r.cands[c] {
		cand := &r.cands[c][i]
		if s := r.x.weigh(cand.features); s > top {
			best, top = cand.field, s
		}
	}
	return best
}

// sums adds what only two columns of money together say: a column of sums (小计,
// 合计) is the amount before one of a part (低保金 beside 电费补贴), which its list
// may rank first. What was really paid (实发), which lacks what was held back,
// stays.
func (r *reading) sums() {
	amount, ok := r.v.at["amount"]
	if !ok || r.v.schema != table.Payment {
		return
	}
	part := -1
	top := 0.0
	for c := range r.heads {
		for i := range r.cands[c] {
			if cand := &r.cands[c][i]; cand.field == amount {
				if s := r.x.weigh(cand.features); s > top {
					part, top = c, s
				}
			}
		}
	}
	if part < 0 || r.heads[part].Pinned || sumWord.MatchString(r.heads[part].Base) || strings.HasPrefix(r.heads[part].Base, "实") {
		return
	}
	for c := range r.heads {
		bare := Word(brackets.ReplaceAllString(words.Fold(r.heads[c].Text), ""))
		if c == part || !sumWord.MatchString(bare) || !r.profiles[c].covers(&r.profiles[part]) {
			continue
		}
		for i := range r.cands[c] {
			if r.cands[c][i].field == amount {
				r.cands[c][i].add(evCovers, 1)
			}
		}
		return
	}
}

// weigh returns the log-odds of features.
func (x *Lexicon) weigh(features []feature) float64 {
	sum := 0.0
	for _, f := range features {
		sum += x.weight(f.kind) * f.x
	}
	return sum
}

// weight is what a unit of a kind of evidence is worth.
func (x *Lexicon) weight(kind int) float64 {
	if kind < evCount {
		return x.weighs[kind]
	}
	return x.kinds.list[kind-evCount].worth
}
