package generate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"fundtrace/pipeline/table"
)

// The county is told over two years.
const (
	firstYear = 2016
	years     = 2
)

// asOf is the day the county is told on: everything is dated before it.
var asOf = table.DayOf(2017, 12, 31)

// poverty is the poverty line of each year, fen a head; policy.yaml has the same.
var poverty = [years]table.Fen{2_952_00, 3_300_00}

// A category is a household's kind on the register.
type category uint8

const (
	ordinary category = iota
	lowIncome
	fiveGuarantees
)

// String returns the register's word.
func (c category) String() string {
	return [...]string{"一般贫困户", "低保贫困户", "五保贫困户"}[c]
}

func (c category) housingTier() string {
	return [...]string{"一般贫困户", "低保户", "五保户"}[c]
}

// A household is one household with all that is written about it.
type household struct {
	village  *village
	no       string
	hamlet   string
	members  []*person // the head first
	account  string
	bank     string
	phone    string
	helper   string
	planted  bool // a planter has it
	category category
	tier     string // of the low-income allowance
	// registered is the year of registration, 0 for a household that is not on
	// the register of the poor; exit the year it left poverty, 0 for not yet.
	registered int
	exit       int
	exitedOn   table.Day
	early      int     // year of exit as the first year's export has it, where that is not exit
	left       *person // a member on the first year's register only
	state      [years]state
	land       table.Quantity // mu
	forest     table.Quantity // mu
	crop       [years]table.Quantity
	guard      *person // the member who is a forest warden
	rebuilt    int     // year of the rebuilding grant
	resettled  int     // year of the resettlement grant
	payments   []*payment
}

// A state is what the register says of a household for one year. Incomes are
// of the whole household.
type state struct {
	wage, business, property, transfer       table.Fen
	housing, water, schooling, medical, food bool
}

// perHead returns the income a head, half a fen up.
func (s *state) perHead(size int) table.Fen {
	n := table.Fen(size)
	return (s.wage + s.business + s.property + s.transfer + n/2) / n
}

func (h *household) head() *person { return h.members[0] }

// listed returns the members that a year's register has.
func (h *household) listed(y int) []*person {
	if y == 0 && h.left != nil {
		return append(slices.Clone(h.members), h.left)
	}
	return h.members
}

// students returns the grants of the members at a stage of school.
func (h *household) students(stage string, year int, tier string, standard table.Fen) (out []grant) {
	if h.registered == 0 {
		return nil
	}
	for _, p := range h.members {
		if p.stage(year) == stage {
			out = append(out, grant{p, tier, standard, one})
		}
	}
	return out
}

// A payment is one line of a roster.
type payment struct {
	batch    *batch
	house    *household
	who      *person // the person entitled
	tier     string
	standard table.Fen
	quantity table.Quantity
	amount   table.Fen
	day      table.Day
	state    string // "" as for all others of the roster
	note     string
	fund     string  // cited in place of the batch's own; then it is not of the batch's money
	cited    string  // how the fund's number is written, where not as issued
	account  string  // in place of the household's
	payee    *person // in place of the head
	head     *person // named in place of the head
	returned bool    // by the bank
	repaid   bool    // by the bank, after it was returned
}

// paid returns the payments of a program for a year's periods.
func (h *household) paid(of *program, year int) (out []*payment) {
	for _, p := range h.payments {
		if p.batch.program == of && p.batch.period.Year() == year {
			out = append(out, p)
		}
	}
	return out
}

// A shape is what a household is to be like. The zero shape is a household of
// the background.
type shape struct {
	size     int // members, 0 for any
	category category
	exit     int // year of exit
	age      int // of the head, 0 for any
	fixed    bool
}

// settle makes what a household is, by a shape: its members, land, payments,
// incomes and exit. A household that was settled before is made anew.
func (v *village) settle(h *household, want shape) error {
	r := v.rand
	*h = household{village: v, no: h.no, account: h.account, phone: h.phone, helper: h.helper, bank: v.town.bank(), planted: h.planted,
		hamlet: v.hamlets[r.IntN(len(v.hamlets))], category: want.category, registered: 2014 + r.IntN(2)}
	if !want.fixed {
		switch n := r.IntN(100); {
		case n < 15:
			h.registered = 0
		case n < 32:
			h.category = lowIncome
		case n < 38:
			h.category = fiveGuarantees
		}
	}
	if h.category == lowIncome {
		h.tier = []string{"A类", "B类", "C类"}[r.IntN(3)]
	}
	if err := v.populate(h, want); err != nil {
		return err
	}
	mu := func(n int) table.Quantity { return table.Quantity(5+r.IntN(n)) * one / 10 }
	h.land = mu(40)
	if r.IntN(3) == 0 {
		h.forest = mu(60)
	}
	if h.registered > 0 && h.category == ordinary {
		h.crop = [years]table.Quantity{mu(25), mu(25)}
		if !want.fixed && len(h.members) >= 3 && r.IntN(14) == 0 && h.head().age(asOf) < 60 {
			h.guard = h.head()
		}
	}
	v.grant(h, true)
	v.incomes(h, want)
	v.shelter(h, want)
	v.grant(h, false)
	return nil
}

// populate invents a household's members.
func (v *village) populate(h *household, want shape) error {
	r := v.rand
	size, age := want.size, want.age
	if size == 0 {
		size = []int{1, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 6}[r.IntN(12)]
	}
	if h.category == fiveGuarantees && want.size == 0 {
		size = 1
	}
	if age == 0 {
		age = 32 + r.IntN(33)
		if h.category == fiveGuarantees {
			age = 63 + r.IntN(20)
		}
	}
	family := surname(r)
	add := func(age int, male bool, family rune, relation string) error {
		born := table.DayOf(2016-age, 1, 1) + table.Day(r.IntN(365))
		id, err := v.town.county.ids.number(born, male)
		if err != nil {
			return err
		}
		h.members = append(h.members, &person{
			name: inventName(r, family, male, v.taken), id: id, born: born, male: male, relation: relation, pupil: age < 18 && r.IntN(4) > 0,
		})
		return nil
	}
	male := size > 1 || r.IntN(4) > 0
	if err := add(age, male, family, "户主"); err != nil {
		return err
	}
	for i := 1; i < size; i++ {
		var err error
		son := r.IntN(2) == 0
		switch {
		case i == 1:
			err = add(max(age-3+r.IntN(5), 22), false, surname(r), "配偶")
		case i == 4 && age < 55:
			err = add(age+22+r.IntN(8), son, family, map[bool]string{true: "之父", false: "之母"}[son])
		default:
			err = add(max(age-21-r.IntN(12), 1), son, family, map[bool]string{true: "之子", false: "之女"}[son])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// grant adds the payments due: those that count as income, or the others.
func (v *village) grant(h *household, income bool) {
	for _, p := range programs {
		if p.income != income {
			continue
		}
		for year := firstYear; year < firstYear+years; year++ {
			for _, g := range p.grants(h, year) {
				for _, period := range p.periods(year) {
					h.payments = append(h.payments, v.payment(h, p, period, g))
				}
			}
		}
	}
}

// payment returns one payment as a roster has it.
func (v *village) payment(h *household, p *program, period table.Period, g grant) *payment {
	b := v.town.county.batch(p, period)
	return &payment{
		batch: b, house: h, who: g.who, tier: g.tier, standard: g.standard, quantity: g.quantity,
		amount: amountOf(g.standard, g.quantity), day: b.paid + table.Day(v.town.index%3),
	}
}

// incomes makes the two years' incomes around the payments, smooth over the
// poverty line, and lets those over it exit.
func (v *village) incomes(h *household, want shape) {
	r := v.rand
	size := table.Fen(len(h.members))
	target := targets(want.exit, r)
	for y := range years {
		s := &h.state[y]
		for _, p := range h.payments {
			if p.batch.period.Year() == firstYear+y {
				s.transfer += p.amount
			}
		}
		if h.category != ordinary {
			target[y] = s.transfer/size + table.Fen(100_00+r.IntN(300_00))
		}
		if firstYear+y >= want.exit {
			target[y] = max(target[y], s.transfer*1000/table.Fen(580+r.IntN(70))/size) // lest it leaves by transfers alone
		}
	}
	if want.exit != firstYear+1 {
		target[0] = max(target[0], target[1]*100/145) // nor does a grant make its income jump
	}
	for y := range years {
		h.earn(y, target[y], r)
	}
	bad := !want.fixed && r.IntN(100) < 12 // something is not yet met
	for y := range years {
		s := &h.state[y]
		s.housing, s.water, s.schooling, s.medical, s.food = true, true, true, true, true
		if bad && (y == 0 || r.IntN(2) == 0) {
			*[]*bool{&s.housing, &s.water, &s.medical}[r.IntN(3)] = false
		}
	}
	if h.registered == 0 || h.category != ordinary || want.fixed && want.exit == 0 {
		return
	}
	for y := range years {
		if want.fixed && firstYear+y != want.exit {
			continue
		}
		if s := &h.state[y]; h.exit == 0 && s.perHead(len(h.members)) >= poverty[y] && s.secure() {
			h.leave(firstYear+y, r)
		}
	}
	for y := range years { // what was met stays met
		if s := &h.state[y]; h.exit != 0 && firstYear+y >= h.exit {
			s.housing, s.water, s.schooling, s.medical, s.food = true, true, true, true, true
		}
	}
}

// targets returns the two years' income a head of a household that is to leave
// in a year, or is of the background.
func targets(exit int, r *rand.Rand) (t [years]table.Fen) {
	// Of those who leave hardly any are just over the line, so that however many
	// they are make no step there.
	over := table.Fen(50_00 + r.IntN(200_00) + r.IntN(200_00) + r.IntN(200_00))
	growth := table.Fen(112 + r.IntN(18))
	switch exit {
	case firstYear:
		t[0] = poverty[0] + over
		t[1] = t[0] * (growth + 3) / 100 // over the line again
	case firstYear + 1:
		t[1] = poverty[1] + over
		t[0] = min(t[1]*100/(growth+3), poverty[0]-table.Fen(1_00+r.IntN(100_00)))
	default:
		t[0] = table.Fen(2_450_00 * math.Exp(0.22*max(min(r.NormFloat64(), 3), -3)))
		t[1] = t[0]*growth/100 + table.Fen(r.IntN(150_00))
	}
	return t
}

// leave lets a household out of poverty in the last weeks of a year.
func (h *household) leave(year int, r *rand.Rand) {
	h.exit, h.exitedOn = year, table.DayOf(year, 11, 12)+table.Day(r.IntN(36))
}

// secure reports whether food, clothing and the three guarantees are met.
func (s *state) secure() bool { return s.housing && s.water && s.schooling && s.medical && s.food }

// earn sets a year's own income so that the income a head comes to target.
func (h *household) earn(y int, target table.Fen, r *rand.Rand) {
	s := &h.state[y]
	rest := max(target*table.Fen(len(h.members))-s.transfer, 0) / 100
	property := rest * table.Fen(r.IntN(400)) / 100_00
	wage := (rest - property) * table.Fen(35_00+r.IntN(40_00)) / 100_00
	s.property, s.wage = property*100, wage*100
	s.business = (rest - property - wage + 1) * 100
}

// shelter decides on rebuilding and resettlement: means-tested, so before exit.
func (v *village) shelter(h *household, want shape) {
	if h.registered == 0 || want.fixed {
		return
	}
	year := firstYear + v.rand.IntN(years)
	n := v.rand.IntN(100)
	if h.exit != 0 && h.exit <= year {
		return
	}
	switch {
	case n < 10:
		h.rebuilt = year
	case n < 15:
		h.resettled = year
	}
}

// householdNo returns a household number: region code, town, village and a
// serial, as the national register has it.
func householdNo(v *village, serial int) string {
	return fmt.Sprintf("%s%03d%03d%04d", v.town.county.code, v.town.index+100, v.index+200, serial+1)
}
