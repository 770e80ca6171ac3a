package generate

import (
	"slices"

	"fundtrace/pipeline/table"
)

// A planter plants the cases of one rule. To plant another rule, write a file
// with its planter and add it to planters.
type planter struct {
	rule  string
	where scope
	once  bool // a site has room for one of its cases only, else for perSite
	homes int  // households that the villages must have for its cases, 0 for any
	// lead plants a case that the rule must find, quiet one that looks alike
	// and must be left alone. They say what they planted with found, quiet and
	// may, and return false, having changed nothing, where the site has no room.
	lead, quiet func(*site) bool
}

// A scope is when a planter comes: what it may change.
type scope uint8

const (
	inVillage scope = iota // households, people, payments, projects, registers
	inTown                 // rosters before they are written
	inCounty               // allocations, transfers, balances
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

	dataLastDigit,
	dataRound,
	dataRosterCopied,
	dataTotal,
	dataHeadcount,
	dataOutlier,
}

// A role is a household to cast, and what is done to it.
type role struct {
	shape shape
	play  func(s *site, h *household) Case
}

// onHousehold returns the planter of a rule whose cases are one household each.
func onHousehold(rule string, lead, quiet role) planter {
	plant := func(r role, tell func(*site, Case)) func(*site) bool {
		return func(s *site) bool {
			h := s.cast(r.shape)
			if h == nil {
				return false
			}
			tell(s, r.play(s, h))
			return true
		}
	}
	return planter{rule: rule, lead: plant(lead, (*site).found), quiet: plant(quiet, (*site).still)}
}

// A job is one case to be planted.
type job struct {
	planter *planter
	quiet   bool
	n       int // which of the rule's
	at      int // the first site of its scope where it may be planted
	done    bool
}

// perSite is how many cases of one rule a county or town has room for: each
// takes a fund or a roster of its own.
const perSite = 2

func (p *planter) perSite() int {
	if p.once {
		return 1
	}
	return perSite
}

// jobs returns the cases to plant, spread over the places.
func jobs(cases int, plan [][][]int) []*job {
	var sites [3]int
	homes := plan[0][0][0] // villages are of one size, give or take one
	for _, towns := range plan {
		sites[inCounty]++
		for _, villages := range towns {
			sites[inTown]++
			sites[inVillage] += len(villages)
		}
	}
	var out []*job
	for n := range cases {
		for i := range planters {
			if where := planters[i].where; where != inVillage && n >= planters[i].perSite()*sites[where] || homes < planters[i].homes {
				continue
			}
			for _, quiet := range []bool{false, true} {
				out = append(out, &job{planter: &planters[i], quiet: quiet, n: n})
			}
		}
	}
	for i, j := range out {
		if j.planter.once {
			j.at = j.n
			continue
		}
		// Multiples of the golden ratio lie evenly over any range. The last third
		// of the places is for cases that found no room before.
		j.at = i * 618_034 % 1_000_000 * sites[j.planter.where] * 2 / 3 / 1_000_000
	}
	return out
}

// A site is where a planter plants: a village, town or county.
type site struct {
	county  *county
	town    *town    // nil for a county
	village *village // nil for a town or county
	n       int      // which case of its rule this is
	rule    string
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

// plant does the jobs that are due at a site; one that finds no room goes on to
// the next site.
func (w *world) plant(s *site) {
	kind := s.scope()
	for _, j := range w.queue {
		if j.done || j.planter.where != kind || j.at > w.sites[kind] {
			continue
		}
		s.rule, s.n = j.planter.rule, j.n
		plant := j.planter.lead
		if j.quiet {
			plant = j.planter.quiet
		}
		j.done = plant(s)
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
	want.fixed = true
	for _, h := range s.village.households {
		if h.planted {
			continue
		}
		h.planted = true
		if err := s.village.settle(h, want); err != nil {
			s.err = err
			return nil
		}
		for _, p := range h.members {
			p.written = clean
		}
		return h
	}
	return nil
}

// room reports whether the village has so many households that no planter had.
func (s *site) room(n int) bool {
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
