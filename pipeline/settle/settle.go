// Package settle says what each payment comes to, once, before the money is
// followed and the rules judge: whether it was paid, whether another sheet tells
// it too, what is left of it after returns, refusals of the bank and corrections,
// and which payments are parts of one grant. It takes all rows of a person
// together, never those that somebody happens to look at, and writes
//
//   - _kind: unpaid, paid, supplement, instalment, correction, returned
//   - _told_in: where a row that repeats another sheet's is counted
//   - _net: the fen left. Of a return that finds nothing to take back the sum is
//     below zero; of all rows of a person _net adds up to what he kept.
//   - _back_on: the day on which what rosters tell is gone of a payment came back
//   - _refused: the fen of a payment that the bank could not book
//   - _grant: a number that the rows of one grant share, dense over the run; those
//     of one person and program follow each other
//   - _part: the instalment, 1..63
//   - _for: the period the row is for: as stated, else the month of payment
//
// of each transfer _kept_by: whose books the line stands in, and of each allocation
// _repeated: whether rows of another sheet are counted for it.
//
// Payments come to what they are in this order:
//
//  1. Rows whose state says that nothing was paid, and amounts of zero, are unpaid.
//  2. A payment reported in two sheets (program, amount, period or date, and where
//     both tell it the other of these, account, fund, project, county) is one,
//     counted in the sheet that says more of it, of equals in the first.
//  3. A payment that the bank refused is returned, unless the rosters tell of the
//     return themselves.
//  4. Returns take away a payment of their amount, else reduce the others: of their
//     own period first, then of their account, then made before them, then the
//     latest, then the smallest that covers them. A positive amount under such a word, with nothing before it to take
//     back, is the payment that was returned.
//  5. A period of a whole year, paid in three or more different months, is the
//     year of a monthly benefit: each payment then stands for its month.
//  6. Instalments of different number and one period are one grant; supplements
//     join the grant of their period.
//  7. A correction takes the place of the payment it corrects.
//
// Rows of nobody known are taken together by name where account or household
// number agree too; other rows stand alone. Work and memory grow with the rows
// but for the sorting.
package settle

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
	"fundtrace/pipeline/words"
)

// none is the code of an absent text.
const none = table.NullCode

// Options says by what to settle.
type Options struct {
	Policy  *policy.Policy
	Workers int // goroutines; the result does not depend on it
}

// Settle returns the set with the columns of the package's description. It fails
// only where a table cannot be built.
func Settle(set *table.Set, opt Options) (*table.Set, error) {
	pay, err := payments(set, opt)
	if err != nil {
		return nil, fmt.Errorf("settling payments: %w", err)
	}
	flow, err := keptBy(set.Get(table.Flow))
	if err != nil {
		return nil, fmt.Errorf("settling transfers: %w", err)
	}
	fund, err := noticesOnce(set)
	if err != nil {
		return nil, fmt.Errorf("settling allocations: %w", err)
	}
	return set.With(pay, flow, fund), nil
}

func payments(set *table.Set, opt Options) (*table.Table, error) {
	t := set.Get(table.Payment)
	if t.Len() == 0 {
		return t, nil
	}
	s := read(t, opt)
	s.inChunks(func(of *hand, lo, hi int) { of.tellOnce(s.rowsOf(lo, hi)) })
	s.refusals(set.Get(table.BankEntry))
	s.inChunks(func(of *hand, lo, hi int) { of.net(s.rowsOf(lo, hi)) })
	return s.write(t)
}

// settling is the payments of a run on their way, a row each.
type settling struct {
	opt   Options
	n     int
	refs  []table.Ref
	start []int32 // person → its first place in order
	order []int32 // rows, person by person

	people, accounts                                []string // texts of the codes of person and account
	who                                             []uint32 // row → whose payment it is
	person, program, fund, project, account, county []uint32 // nil where the table has none
	tier                                            []uint32 // of graded programs only
	programs                                        []string // canonical, in order
	amount, day                                     []int64
	period                                          []table.Period // as stated, 0 where not
	kind                                            []words.Kind
	part                                            []uint8
	told                                            []int32 // the row that the payment is counted in; -1 where in this one
	refused                                         map[int32]bool
	left                                            []int64
	span                                            []table.Period
	grant                                           []int32 // within the chunk until write; -1 where none
	chunks                                          []chunk
}

// A chunk is some persons, whose rows one goroutine takes together.
type chunk struct {
	lo, hi int // persons
	grants int32
	backOn map[int32]int64 // row → day
}

// chunkRows is about how many rows a chunk has; fixed, so that the result does
// not depend on the number of workers.
const chunkRows = 1 << 16

// rowsOf returns the rows of persons lo..hi-1, person by person.
func (s *settling) rowsOf(lo, hi int) func(yield func([]int32) bool) {
	return func(yield func([]int32) bool) {
		for p := lo; p < hi; p++ {
			if rows := s.order[s.start[p]:s.start[p+1]]; len(rows) > 0 && !yield(rows) {
				return
			}
		}
	}
}

// A hand is what one goroutine works with, kept from person to person.
type hand struct {
	*settling
	*chunk
	entries []entry
	open    []grant
	from    []int
}

// inChunks calls f for every chunk.
func (s *settling) inChunks(f func(of *hand, lo, hi int)) {
	var wg sync.WaitGroup
	gate := make(chan *hand, max(s.opt.Workers, 1))
	for range cap(gate) {
		gate <- &hand{settling: s}
	}
	for i := range s.chunks {
		h := <-gate
		wg.Go(func() {
			h.chunk = &s.chunks[i]
			f(h, h.lo, h.hi)
			gate <- h
		})
	}
	wg.Wait()
}

// read takes the columns of the payments and puts their rows in order of persons.
func read(t *table.Table, opt Options) *settling {
	n := t.Len()
	s := &settling{opt: opt, n: n, refs: t.Refs(), amount: t.Ints("amount"), day: t.Ints("pay_date"), refused: map[int32]bool{}}
	code := func(name string) []uint32 { c, _ := t.Words(name); return c }
	s.person, s.people = t.Words("_person")
	s.account, s.accounts = t.Words("_account")
	s.fund, s.project, s.county = code("_fund"), code("_project"), code("county")
	s.readPrograms(t)
	s.readPeriods(t)
	s.readKinds(t)
	s.told, s.grant = filled(n, int32(-1)), filled(n, int32(-1))
	s.left, s.span = make([]int64, n), make([]table.Period, n)
	s.sort(s.whose(t))
	for p := 0; p < len(s.start)-1; {
		c := chunk{lo: p}
		for p < len(s.start)-1 && int(s.start[p]-s.start[c.lo]) < chunkRows {
			p++
		}
		c.hi, c.backOn = p, map[int32]int64{}
		s.chunks = append(s.chunks, c)
	}
	return s
}

// readPrograms gives the programs codes in order of their names.
func (s *settling) readPrograms(t *table.Table) {
	codes, dict := t.Words("_program")
	s.programs = slices.Compact(slices.Sorted(slices.Values(dict)))
	to, graded := make([]uint32, len(dict)), make([]bool, len(dict))
	for c, name := range dict {
		i, _ := slices.BinarySearch(s.programs, name)
		to[c] = uint32(i)
		p := s.opt.Policy.Programs[name]
		graded[c] = p != nil && p.Graded
	}
	tiers, _ := t.Words("tier")
	s.program, s.tier = filled[uint32](s.n, none), filled[uint32](s.n, none)
	for i, c := range codes {
		if c != none {
			s.program[i] = to[c]
			if tiers != nil && graded[c] {
				s.tier[i] = tiers[i]
			}
		}
	}
}

func (s *settling) readPeriods(t *table.Table) {
	codes, dict := t.Words("period")
	spans := make([]table.Period, len(dict))
	for c, text := range dict {
		if p, err := table.ParsePeriod(text); err == nil {
			spans[c] = p
		}
	}
	s.period = make([]table.Period, s.n)
	for i, c := range codes {
		if c != none {
			s.period[i] = spans[c]
		}
	}
}

// readKinds reads state, batch and note; most rows say what another said.
func (s *settling) readKinds(t *table.Table) {
	s.kind, s.part = make([]words.Kind, s.n), make([]uint8, s.n)
	state, states := t.Words("state")
	batch, batches := t.Words("batch")
	note, notes := t.Words("note")
	kinds := readBoth(state, note, states, notes, s.n, words.Payment)
	parts := readBoth(batch, note, batches, notes, s.n, words.Part)
	for i := range s.n {
		s.kind[i], s.part[i] = kinds(i), parts(i)
		switch fen := at(s.amount, i); {
		case fen == table.Null || fen == 0:
			s.kind[i] = words.Unpaid
		case fen < 0 && s.kind[i] != words.Unpaid:
			s.kind[i] = words.Returned
		}
	}
}

// readBoth returns what two texts of a row say together, read once each.
func readBoth[T any](a, b []uint32, as, bs []string, n int, say func(a, b string) T) func(row int) T {
	type pair struct{ a, b uint32 }
	seen := map[pair]T{}
	last, val := pair{none - 1, none - 1}, *new(T)
	text := func(dict []string, c uint32) string {
		if c == none {
			return ""
		}
		return dict[c]
	}
	return func(row int) T {
		p := pair{code(a, row), code(b, row)}
		if p == last {
			return val
		}
		x, ok := seen[p]
		if !ok {
			x = say(text(as, p.a), text(bs, p.b))
			seen[p] = x
		}
		last, val = p, x
		return x
	}
}

// whose returns whose payment each row is: the person's code, or one that rows
// of nobody known share where they agree in name and account or household number.
func (s *settling) whose(t *table.Table) (persons int) {
	type stranger struct{ name, account, household uint32 }
	name, _ := t.Words("beneficiary_name")
	household, _ := t.Words("_household")
	who, n := make([]uint32, s.n), len(s.people)
	strangers := map[stranger]uint32{}
	for i := range who {
		if c := code(s.person, i); c != none {
			who[i] = c
			continue
		}
		x := stranger{code(name, i), code(s.account, i), code(household, i)}
		known := x.name != none && (x.account != none || x.household != none)
		c, ok := strangers[x]
		if !known || !ok {
			c = uint32(n)
			n++
		}
		if known {
			strangers[x] = c
		}
		who[i] = c
	}
	s.who = who
	return n
}

// sort puts the rows in order of persons.
func (s *settling) sort(persons int) {
	s.start, s.order = make([]int32, persons+1), make([]int32, s.n)
	for _, p := range s.who {
		s.start[p+1]++
	}
	for p := range persons {
		s.start[p+1] += s.start[p]
	}
	next := slices.Clone(s.start)
	for i, p := range s.who {
		s.order[next[p]] = int32(i)
		next[p]++
	}
}

func filled[T any](n int, v T) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = v
	}
	return out
}

// code returns a row's code in a column that may be absent.
func code(codes []uint32, row int) uint32 {
	if codes == nil {
		return none
	}
	return codes[row]
}

// at returns a row's number in a column that may be absent.
func at(vals []int64, row int) int64 {
	if vals == nil {
		return table.Null
	}
	return vals[row]
}

func (s *settling) ref(row int32) table.Ref {
	if s.refs == nil {
		return 0
	}
	return s.refs[row]
}

// byPlace orders two rows by where they stand in the input.
func (s *settling) byPlace(a, b int32) int {
	return cmp.Or(cmp.Compare(s.ref(a), s.ref(b)), cmp.Compare(a, b))
}
