package generate

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"fundtrace/pipeline/table"
)

// A planter plants the cases of one rule. To plant another rule, write a file
// with its planter and add it to planters.
type planter struct {
	rule  string
	where scope
	once  bool // its cases are about the place: a place has room for one, real or look-alike
	turn  turn // when it comes to a place
	homes int  // households that a place must have for a case to be possible
	// most is how many cases a county of so many villages has room for, and for
	// as many look-alikes; nil where its places alone say.
	most func(villages int) int
	// lead plants a case that the rule must find, quiet one that looks alike and
	// must be left alone.
	lead, quiet sow
}

// A sow plants a case at a site and returns what it is; ok is false, and nothing
// changed, where the site has no room. What else the case may rouse it says with
// may.
type sow func(*site) (c Case, ok bool)

// A scope is when a planter comes: what it may change.
type scope uint8

const (
	inVillage scope = iota // households, people, payments, projects, registers
	inTown                 // rosters before they are written
	inCounty               // allocations, transfers, balances
	scopes
)

// A turn is when a planter comes to a place, among all that come there.
type turn int8

const (
	alone turn = -1 // to a village that nobody had, and then has it to itself
	last  turn = 1  // when the others have made of the place what it will be
)

// planters lists them, in the catalogue's order.
var planters = []planter{
	dupPeriod,
	dupExclusive,
	dupHousehold,
	dupCounty,
	dupIdentity,
	nameConflict,
	idInvalid,
	accountShared,
	accountSplit,
	accountProxy,
	accountSerial,
	phoneShared,

	paidDeceased,
	paidPublicPayroll,
	paidCadre,
	paidCadreFamily,
	paidAssetOwner,
	paidInsuredWorker,
	paidInCustody,
	paidUnregistered,
	paidOutsideStatus,
	paidWrongAge,
	overStandard,
	flatPayment,
	entitledUnpaid,
	helperIsPoor,

	exitUnderLine,
	exitGuarantee,
	exitUnaided,
	exitTransferGap,
	exitTransfersOnly,
	exitJump,
	exitSize,
	exitCopied,
	exitBunching,
	exitEnMasse,
	exitReversal,
	exitConflict,
	exitShell,

	holdIdle,
	holdShort,
	holdReceivedLess,
	holdRosterBank,
	holdPayback,
	holdDiverted,
	holdPurpose,
	holdLoop,
	holdOverspent,
	holdUnfunded,
	holdPrivate,
	holdLate,
	holdCarryover,
	holdYearend,
	holdRosterTotal,

	projDuplicate,
	projSplit,
	projOverpaid,
	projEarly,
	projStalled,
	projTiedContractor,
	projUnreached,
	projPrice,
	projRotating,

	dataBenford,
	dataLastDigit,
	dataRound,
	dataRosterCopied,
	dataTotal,
	dataHeadcount,
	dataOutlier,
	dataVillage,
}

// there plants what set makes of a site, where set has room; about says what the
// case is about.
func there(about func(*site) Case, why string, set func(*site) bool) sow {
	return func(s *site) (Case, bool) {
		if !set(s) {
			return Case{}, false
		}
		return about(s).because(why), true
	}
}

// each plants what play makes of one thing of a site: take takes it, nil where
// none is left that no planter had.
func each[T any](take func(*site) *T, play func(*site, *T) Case) sow {
	return func(s *site) (Case, bool) {
		x := take(s)
		if x == nil {
			return Case{}, false
		}
		return play(s, x), true
	}
}

// A role is a household to cast, and what is done to it.
type role struct {
	shape shape
	play  func(s *site, h *household) Case
}

// onHousehold returns the planter of a rule whose cases are one household each.
func onHousehold(rule string, lead, quiet role) planter {
	cast := func(r role) sow {
		return each(func(s *site) *household { return s.cast(r.shape) }, r.play)
	}
	return planter{rule: rule, where: inVillage, lead: cast(lead), quiet: cast(quiet)}
}

// A ground is what there is to plant on: by scope, how many places there are and
// how many households each has, give or take a few; and the villages of each
// county.
type ground struct {
	sites, homes [scopes]int
	villages     []int
}

// survey returns the ground of a plan.
func survey(plan [][][]int) ground {
	g := ground{sites: [scopes]int{inCounty: len(plan)}}
	all := 0
	for _, towns := range plan {
		g.sites[inTown] += len(towns)
		villages := 0
		for _, t := range towns {
			villages += len(t)
			for _, n := range t {
				all += n
			}
		}
		g.sites[inVillage] += villages
		g.villages = append(g.villages, villages)
	}
	for i, n := range g.sites {
		g.homes[i] = all / n
	}
	return g
}

// perSite is how many cases of one rule a county or town has room for beside all
// other rules': each takes a fund or a roster of its own.
const perSite = 2

// room returns how many cases a ground has room for, and for as many
// look-alikes, as far as that is known before.
func (p *planter) room(g ground) int {
	n := math.MaxInt
	switch {
	case g.homes[p.where] < p.homes:
		return 0
	case p.once:
		n = g.sites[p.where] / 2
	}
	if p.most == nil {
		return n
	}
	sum := 0
	for _, villages := range g.villages {
		sum += p.most(villages)
	}
	return min(n, sum)
}

// A job is one case to be planted.
type job struct {
	planter *planter
	quiet   bool
	n       int // which of the rule's
	at      int // the first site of its scope where it may be planted
	done    bool
}

// kind tells the rule's cases and look-alikes apart.
func (j *job) kind() string { return fmt.Sprint(j.planter.rule, " ", j.quiet) }

// jobs returns the cases to plant, spread over the places, and the rules that the
// ground is too small for.
func (opt *Options) jobs(g ground) (out []*job, tooSmall []string, err error) {
	counts := make([]int, len(planters))
	for i := range planters {
		p := &planters[i]
		n, asked := opt.Each[p.rule]
		room := p.room(g)
		if !asked && opt.Cases > 0 && room == 0 {
			tooSmall = append(tooSmall, p.rule)
		}
		switch {
		case !asked && p.where == inVillage:
			n = min(opt.Cases, room)
		case !asked:
			n = min(opt.Cases, room, perSite*g.sites[p.where])
		case n > room:
			return nil, nil, fmt.Errorf("no place for %d cases of %s, only for %d: ask for more households or fewer cases", n, p.rule, room)
		}
		counts[i] = n
	}
	for n := range max(0, slices.Max(counts)) {
		for i := range planters {
			if n >= counts[i] {
				continue
			}
			p := &planters[i]
			for _, quiet := range []bool{false, true} {
				// Multiples of the golden ratio lie evenly over any range. The last third
				// of the places is for cases that found no room before, and so are as
				// many places as the rule wants.
				at := len(out) * 618_034 % 1_000_000 * g.sites[p.where] * 2 / 3 / 1_000_000
				if p.once {
					at = min(at, g.sites[p.where]-2*counts[i])
				}
				out = append(out, &job{planter: p, quiet: quiet, n: n, at: at})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b *job) int { return cmp.Compare(a.planter.turn, b.planter.turn) })
	return out, tooSmall, nil
}

// A site is where a planter plants: a village, town or county.
type site struct {
	county  *county
	town    *town    // nil for a county
	village *village // nil for a town or county
	n       int      // which case of its rule this is
	rule    string
	later   bool // there are households kept for who comes later
	err     error
}

// scope returns what kind of site it is.
func (s *site) scope() scope {
	switch {
	case s.village != nil:
		return inVillage
	case s.town != nil:
		return inTown
	}
	return inCounty
}

// place names it.
func (s *site) place() string {
	switch s.scope() {
	case inVillage:
		return s.village.place()
	case inTown:
		return s.county.name + "/" + s.town.name
	}
	return s.county.name
}

// touched reports whether a planter had a household of the village.
func (v *village) touched() bool {
	return slices.ContainsFunc(v.households, func(h *household) bool { return h.planted })
}

// has reports whether the site has what a job wants of it, its own room aside.
func (s *site) has(j *job) bool {
	p, c := j.planter, s.county
	switch {
	case c.used[s.place()], p.once && c.used[p.rule+" "+s.place()], p.turn == alone && s.village.touched():
		return false
	case p.most != nil:
		return c.planted[j.kind()] < p.most(c.villages)
	}
	return true
}

// take notes that a job is done at the site.
func (s *site) take(j *job) {
	s.county.used[j.planter.rule+" "+s.place()] = true
	s.county.planted[j.kind()]++
	if j.planter.turn == alone {
		s.county.used[s.place()] = true
		for _, h := range s.village.households {
			h.planted = true
		}
	}
}

// plant does the jobs that are due at a site; one that finds no room goes on to
// the next site.
func (w *world) plant(s *site) {
	kind := s.scope()
	for _, j := range w.queue {
		if j.done || j.planter.where != kind || j.at > w.sites[kind] || !s.has(j) {
			continue
		}
		s.rule, s.n, s.later = j.planter.rule, j.n, j.planter.turn != last
		sow, tell := j.planter.lead, s.found
		if j.quiet {
			sow, tell = j.planter.quiet, s.still
		}
		if c, ok := sow(s); ok {
			j.done = true
			s.take(j)
			tell(c)
		}
		if s.err != nil {
			w.err = s.err
			return
		}
	}
	w.sites[kind]++
}

// found says that the rule must find a subject.
func (s *site) found(c Case) { c.Rule = s.rule; s.truth().Planted = append(s.truth().Planted, c) }

// still says that the rule must leave a subject alone.
func (s *site) still(c Case) { c.Rule = s.rule; s.truth().Quiet = append(s.truth().Quiet, c) }

// may says that another rule, or the same, may report a subject because of
// what was planted.
func (s *site) may(rule string, c Case) {
	c.Rule = rule
	s.truth().May = append(s.truth().May, c)
}

func (s *site) truth() *Truth { return s.county.world.truth }

// cast returns a household that no planter had yet, made anew by a shape, or
// nil where the village has none left.
func (s *site) cast(want shape) *household {
	if !s.room(1) {
		return nil
	}
	for _, h := range s.village.households {
		if h.planted {
			continue
		}
		h.planted = true
		if s.remake(h, want); s.err != nil {
			return nil
		}
		for _, p := range h.members {
			p.written = clean
		}
		return h
	}
	return nil
}

// remake makes a household anew by a shape.
func (s *site) remake(h *household, want shape) {
	want.fixed = true
	s.err = errors.Join(s.err, s.village.settle(h, want))
}

// room reports whether the village has so many households that no planter had,
// beside those kept for who comes last and for the town's planters.
func (s *site) room(n int) bool {
	if s.later {
		n += max(0, (len(s.village.households)-minHouseholds/4)/5)
	}
	for _, h := range s.village.households {
		if !h.planted {
			n--
		}
	}
	return n <= 0
}

// by is a case about a person.
func by(p *person, why string) Case { return Case{Kind: string(table.Person), Key: p.id, Why: why} }

// of is a case about a household.
func of(h *household, why string) Case {
	return Case{Kind: string(table.Household), Key: h.no, Why: why}
}

// at is a case about an account.
func at(account, why string) Case {
	return Case{Kind: string(table.Account), Key: account, Why: why}
}

// because says what was planted.
func (c Case) because(why string) Case {
	c.Why = why
	return c
}

// orHousehold adds that the case may be reported on the household.
func (c Case) orHousehold(h *household) Case {
	c.Or = append(c.Or, Subject{string(table.Household), h.no})
	return c
}

// register adds a person to an outside register.
func (s *site) register(kind registerKind, p *person, since, until table.Day, unit string, value table.Fen) {
	s.county.entries = append(s.county.entries, entry{kind: kind, name: p.name, id: p.id, since: since, until: until, unit: unit, value: value, village: s.village})
}

// pay adds what a program pays a household that is due it.
func (s *site) pay(h *household, p *program, years ...int) {
	for _, year := range years {
		for _, g := range p.grants(h, year) {
			for _, period := range p.periods(year) {
				h.payments = append(h.payments, s.village.payment(h, p, period, g))
			}
		}
	}
	h.tally()
}

// keep drops a household's payments that are not kept.
func (h *household) keep(kept func(*payment) bool) {
	h.payments = slices.DeleteFunc(h.payments, func(p *payment) bool { return !kept(p) })
	h.tally()
}

// tally makes the transfer income of both years what the payments come to.
func (h *household) tally() {
	for y := range years {
		h.state[y].transfer = 0
		for _, p := range h.payments {
			if p.batch.program.income && p.batch.period.Year() == firstYear+y {
				h.state[y].transfer += p.amount
			}
		}
	}
}

// earns sets the second year's own income so that the income a head is exactly
// so much.
func (h *household) earns(perHead table.Fen) {
	s := &h.state[1]
	rest := perHead*table.Fen(len(h.members)) - s.transfer
	s.property, s.wage = 0, rest/2/100*100
	s.business = rest - s.wage
}

// about does so for an income a head of so much and a little more, no rounder
// than others are.
func (h *household) about(perHead table.Fen) { h.earns(perHead + h.odd()) }

// had sets the first year's own income as about does the second's.
func (h *household) had(perHead table.Fen) { h.earn(0, perHead+h.odd(), h.village.rand) }

// odd is less than a hundred yuan.
func (h *household) odd() table.Fen { return table.Fen(h.village.rand.IntN(100)) * 100 }

// stranger invents a person of the village who is in no household.
func (s *site) stranger() *person {
	v := s.village
	born := table.DayOf(1966+s.n%20, 3, 1) + table.Day(v.rand.IntN(200))
	id, err := s.county.ids.number(born, true)
	s.err = err
	return &person{name: inventName(v.rand, surname(v.rand), true, v.taken), id: id, born: born, male: true, written: clean}
}

// account returns an account that no household has.
func (s *site) account() string {
	s.county.world.spare++
	return accountNumber(treasuryAccount + s.county.world.spare)
}
