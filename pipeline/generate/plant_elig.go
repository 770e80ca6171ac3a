package generate

import (
	"slices"

	"fundtrace/pipeline/table"
)

// register adds a person to an outside register.
func (s *site) register(kind registerKind, p *person, since, until table.Day, unit string) {
	s.county.entries = append(s.county.entries, entry{kind: kind, name: p.name, id: p.id, since: since, until: until, unit: unit, village: s.village})
}

// keep drops a household's payments that are not kept.
func (h *household) keep(kept func(*payment) bool) {
	h.payments = slices.DeleteFunc(h.payments, func(p *payment) bool { return !kept(p) })
}

var paidDeceased = planter{
	rule: "paid-deceased",
	lead: func(s *site) bool {
		h := s.cast(shape{size: 1, category: fiveGuarantees})
		if h == nil {
			return false
		}
		died := table.DayOf(2016, 10, 9) + table.Day(s.n%20)
		s.register(deceased, h.head(), died, 0, "")
		// What is paid by the year for the year after is left out, so that the
		// sum is that of the quarters alone.
		h.keep(func(p *payment) bool { return p.batch.program == destitute || p.batch.period.Year() == 2016 })
		c := by(h.head(), "死亡后仍按季领取")
		for _, p := range h.paid(destitute, 2017) {
			c.Amount += p.amount
		}
		c.Program = destitute.name
		h.tally()
		s.found(c)
		return true
	},
	// Dies within the last quarter that is paid.
	quiet: func(s *site) bool {
		h := s.cast(shape{size: 1, category: fiveGuarantees})
		if h == nil {
			return false
		}
		s.register(deceased, h.head(), table.DayOf(2017, 12, 2), 0, "")
		s.still(by(h.head(), "当季死亡,此后未发放"))
		return true
	},
}

var paidPublicPayroll = planter{
	rule: "paid-public-payroll",
	lead: func(s *site) bool {
		h := s.cast(shape{size: 3, category: lowIncome, age: 45})
		if h == nil {
			return false
		}
		s.register(publicPayroll, h.head(), table.DayOf(2009, 7, 1), 0, s.county.name+"第二中学")
		c := by(h.head(), "财政供养人员享受低保").orHousehold(h)
		c.Program = allowance.name
		s.found(c)
		return true
	},
	// On the payroll, and paid what is not means-tested; or off it in time.
	quiet: func(s *site) bool {
		h := s.cast(shape{size: 3, category: map[bool]category{true: ordinary, false: lowIncome}[s.n%2 == 0], age: 50})
		if h == nil {
			return false
		}
		until := table.Day(0)
		if h.category == lowIncome {
			until = table.DayOf(2014, 12, 31)
		}
		s.register(publicPayroll, h.head(), table.DayOf(2005, 9, 1), until, s.county.name+"第二中学")
		s.still(by(h.head(), "只领取普惠补贴,或发放前已离职").orHousehold(h))
		return true
	},
}

var overStandard = planter{
	rule: "over-standard",
	lead: func(s *site) bool {
		h := s.cast(shape{size: 3})
		if h == nil {
			return false
		}
		p := h.paid(farmland, 2017)[0]
		p.amount += 200_00
		c := by(h.head(), "发放额高于标准乘以面积").orHousehold(h)
		c.Program, c.Amount = farmland.name, 200_00
		s.found(c)
		return true
	},
	// The amount is rounded to a whole fen, the area has one decimal.
	quiet: func(s *site) bool {
		h := s.cast(shape{size: 3})
		if h == nil {
			return false
		}
		p := h.paid(farmland, 2017)[0]
		p.quantity = 3*one + one*3/10 // 3.3 mu × 95.08 yuan = 313.764 yuan
		p.amount = amountOf(p.standard, p.quantity)
		s.still(by(h.head(), "金额四舍五入到分").orHousehold(h))
		return true
	},
}
