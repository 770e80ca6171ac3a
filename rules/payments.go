package rules

import (
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// A grant is what one person got of one program for one period once everything
// that belongs together is taken together (package settle), as far as the
// group's rows tell of it. Its amount is above zero.
type grant struct {
	person  string
	program string // canonical
	project string // "" where no sheet says
	county  string // likewise
	tier    string // of a graded program; "" of others, where it does not tell grants apart
	period  table.Period
	stated  bool // a sheet states the period; else it is the month of payment
	day     table.Day
	dated   bool // day is known: that of the first payment
	amount  table.Fen
	account string // that of its first row
	row     int    // its first row in the payment view that something is left of
	parts   uint64 // instalments in it, a bit each
}

// year returns the year in which a grant reached the person: of payment, else of
// the period.
func (g grant) year() int {
	if g.dated {
		return g.day.Year()
	}
	return g.period.Year()
}

// within tells whether a grant was paid in one of the years from..to, or is for
// one: the reading for those whose help or income of a year is in question, as
// a year's last payments are often made in the next January.
func (g grant) within(from, to int) bool {
	return g.dated && from <= g.day.Year() && g.day.Year() <= to || from <= g.period.To()/12 && g.period.Year() <= to
}

// A ledger is what a group's payments come to.
type ledger struct {
	grants   []grant // those of one person and program side by side
	of       []int32 // row → its grant, -1 where none is left of it
	unnamed  int     // rows without a program
	unplaced int     // rows with neither period nor date of payment

	order []int64 // number of a grant and, in the lower half, a row of it; scratch
}

// evidence returns the rows behind grants ks, in order of the view.
func (l *ledger) evidence(v table.View, ks ...int) []detect.Evidence {
	var out []detect.Evidence
	for i, k := range l.of {
		if k >= 0 && slices.Contains(ks, int(k)) {
			out = append(out, detect.Row(v, i, rolePayment))
		}
	}
	return out
}

// lacks returns why a group without a grant cannot be judged.
func (l *ledger) lacks() detect.Text {
	switch {
	case l.unnamed > 0:
		return text("发放记录未注明补贴项目", "payments name no program")
	case l.unplaced > 0:
		return text("发放记录既无所属期也无发放日期", "payments have neither period nor date")
	}
	return noPayment
}

// noPayment is why a rule on payments does not judge a person who stands only
// in other tables.
var noPayment = text("无发放记录", "no payment on record")

// grantReads are the columns that grants looks at; a rule that asks for grants
// reads them too.
var grantReads = []table.Column{
	payPerson, payProgram, payTier, payPeriod, payDate,
	detect.Aside(payProject), detect.Aside(payAccount), detect.Aside(payCounty),
	payNet, payGrant, payPart, payFor,
}

// grants brings the rows of a group together by grant.
var grants = detect.DeriveInto(func(p *detect.Pass, l *ledger) *ledger {
	if l == nil {
		l = &ledger{}
	}
	v := p.View(table.Payment)
	program, net, number, part := payProgram.In(v), payNet.In(v), payGrant.In(v), payPart.In(v)
	l.grants, l.order, l.unnamed, l.unplaced = l.grants[:0], l.order[:0], 0, 0
	of := resized(&l.of, v.Len())
	for i := range of {
		of[i] = -1
		switch _, ok := number.At(i); {
		case ok:
			l.order = append(l.order, int64(number.Or(i, 0))<<32|int64(i))
		case net.Or(i, 0) <= 0:
		case program[i] == "":
			l.unnamed++
		default:
			l.unplaced++
		}
	}
	slices.Sort(l.order) // settle numbers a person's grants of one program side by side
	for lo := 0; lo < len(l.order); {
		hi, g := lo, grant{row: -1}
		for ; hi < len(l.order) && l.order[hi]>>32 == l.order[lo]>>32; hi++ {
			i := int(int32(l.order[hi]))
			fen := net.Or(i, 0)
			if fen > 0 && g.row < 0 {
				g.row = i
			}
			if fen > 0 {
				g.parts |= 1 << part.Or(i, 0) &^ 1
			}
			g.amount += fen
		}
		if g.amount > 0 {
			for _, o := range l.order[lo:hi] {
				of[int32(o)] = int32(len(l.grants))
			}
			l.grants = append(l.grants, g.filled(p, v))
		}
		lo = hi
	}
	return l
})

// filled returns the grant with what its first row says.
func (g grant) filled(p *detect.Pass, v table.View) grant {
	i := g.row
	g.person, g.program, g.project, g.county, g.account = payPerson.In(v)[i], payProgram.In(v)[i], payProject.In(v)[i], payCounty.In(v)[i], payAccount.In(v)[i]
	if prog := p.Policy.Programs[g.program]; prog != nil && prog.Graded {
		g.tier = payTier.In(v)[i]
	}
	g.day, g.dated = payDate.In(v).At(i)
	g.period = payFor.In(v).Or(i, 0)
	said, stated := payPeriod.In(v).At(i)
	g.stated = stated && said == g.period
	return g
}

// meets reports whether two grants of one person and program may be parts of
// one: of one kind, and overlapping.
func (g grant) meets(o grant) bool { return g.kin(o) && g.period.Overlap(o.period) != 0 }

// kin reports whether two grants of one program are of one kind: periods both
// stated or both not, and one project, tier and county as far as sheets tell.
func (g grant) kin(o grant) bool {
	return g.stated == o.stated && alike(g.project, o.project) && alike(g.tier, o.tier) && alike(g.county, o.county)
}

// alike reports whether two texts are equal or one is absent.
func alike(a, b string) bool { return a == b || a == "" || b == "" }

// pays reports whether a payment of the group is of a program that a rule wants:
// a quick look before payments are brought together.
func pays(p *detect.Pass, want func(*policy.Program) bool) bool {
	programs := payProgram.In(p.View(table.Payment))
	for i, name := range programs {
		if (i == 0 || name != programs[i-1]) && want(p.Policy.Programs[name]) {
			return true
		}
	}
	return false
}

// resized returns *s with length n, its memory reused.
func resized[T any](s *[]T, n int) []T {
	*s = slices.Grow((*s)[:0], n)[:n]
	return *s
}
