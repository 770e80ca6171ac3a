package generate

import (
	"slices"

	"fundtrace/pipeline/table"
)

var paidDeceased = onHousehold("paid-deceased",
	role{shape{size: 1, category: fiveGuarantees}, func(s *site, h *household) Case {
		died := table.DayOf(2016, 10, 9) + table.Day(s.n%20)
		s.register(deceased, h.head(), died, 0, "", 0)
		// What is paid by the year for the year after is left out, so that the
		// sum is that of the quarters alone.
		h.keep(func(p *payment) bool { return p.batch.program == destitute || p.batch.period.Year() == 2016 })
		c := by(h.head(), "死亡后仍按季领取")
		for _, p := range h.paid(destitute, 2017) {
			c.Amount += p.amount
		}
		c.Program = destitute.name
		return c
	}},
	// Dies within the last quarter that is paid.
	role{shape{size: 1, category: fiveGuarantees}, func(s *site, h *household) Case {
		s.register(deceased, h.head(), table.DayOf(2017, 12, 2), 0, "", 0)
		return by(h.head(), "当季死亡,此后未发放")
	}},
)

var paidPublicPayroll = onHousehold("paid-public-payroll",
	role{shape{size: 3, category: lowIncome, age: 45}, func(s *site, h *household) Case {
		s.register(publicPayroll, h.head(), table.DayOf(2009, 7, 1), 0, s.county.name+"第二中学", 0)
		c := by(h.head(), "财政供养人员享受低保").orHousehold(h)
		c.Program = allowance.name
		return c
	}},
	// Off the payroll before anything was paid.
	role{shape{size: 3, category: lowIncome, age: 50}, func(s *site, h *household) Case {
		s.register(publicPayroll, h.head(), table.DayOf(2005, 9, 1), table.DayOf(2014, 12, 31), s.county.name+"第二中学", 0)
		return by(h.head(), "发放前已离职").orHousehold(h)
	}},
)

var paidCadre = onHousehold("paid-cadre",
	role{shape{size: 3, category: lowIncome, age: 48}, func(s *site, h *household) Case {
		s.register(villageCadre, h.head(), table.DayOf(2014, 8, 1), 0, s.village.name+"村民委员会委员", 0)
		c := by(h.head(), "在任村干部享受低保")
		c.Program = allowance.name
		s.may("paid-cadre-family", by(h.head(), "村干部本户").orHousehold(h))
		return c
	}},
	// A cadre who is paid what everybody is.
	role{shape{size: 3, age: 48}, func(s *site, h *household) Case {
		s.register(villageCadre, h.head(), table.DayOf(2014, 8, 1), 0, s.village.name+"村民委员会委员", 0)
		s.may("paid-cadre-family", by(h.head(), "村干部本户有在校学生"))
		return by(h.head(), "村干部只领取普惠补贴")
	}},
)

// relatives casts the household of a village cadre and n households on the
// low-income allowance with his telephone, and takes the cadre.
func relatives(n int) func(*site) *person {
	return func(s *site) *person {
		if !s.room(n + 1) {
			return nil
		}
		own := s.cast(shape{size: 1, age: 45})
		s.register(villageCadre, own.head(), table.DayOf(2014, 8, 1), 0, s.village.name+"村民委员会主任", 0)
		for range n {
			if h := s.cast(shape{size: 3, category: lowIncome}); h != nil {
				h.phone = own.phone
			}
		}
		return own.head()
	}
}

var paidCadreFamily = planter{
	rule: "paid-cadre-family", where: inVillage,
	lead: each(relatives(2), func(_ *site, p *person) Case { return by(p, "两户低保登记的是村干部电话") }),
	// One alone.
	quiet: each(relatives(1), func(_ *site, p *person) Case { return by(p, "只有一户登记村干部电话") }),
}

var paidAssetOwner = onHousehold("paid-asset-owner",
	role{shape{size: 3, category: lowIncome}, func(s *site, h *household) Case {
		s.register(vehicle, h.head(), table.DayOf(2015, 5, 20), 0, "甲Z9Y001", 186_000_00)
		return by(h.head(), "享受低保期间名下有轿车").orHousehold(h)
	}},
	// A car, and no benefit that asks for means.
	role{shape{size: 3}, func(s *site, h *household) Case {
		s.register(vehicle, h.head(), table.DayOf(2015, 5, 20), 0, "甲Z9Y002", 186_000_00)
		return by(h.head(), "有车但只领取普惠补贴").orHousehold(h)
	}},
)

// warden makes the head of a household a forest warden.
func (s *site) warden(h *household) {
	h.guard = h.head()
	s.pay(h, forester, 2016, 2017)
}

var paidInsuredWorker = onHousehold("paid-insured-worker",
	role{shape{size: 4, age: 40}, func(s *site, h *household) Case {
		s.warden(h)
		s.register(socialInsurance, h.head(), table.DayOf(2015, 3, 1), 0, firmName(2), 0)
		c := by(h.head(), "参保在职期间领取护林员补助")
		c.Program = forester.name
		return c
	}},
	// Insured, and let go before.
	role{shape{size: 4, age: 40}, func(s *site, h *household) Case {
		s.warden(h)
		s.register(socialInsurance, h.head(), table.DayOf(2012, 3, 1), table.DayOf(2015, 6, 30), firmName(2), 0)
		return by(h.head(), "此前已停保")
	}},
)

var paidInCustody = onHousehold("paid-in-custody",
	role{shape{size: 1, category: fiveGuarantees}, func(s *site, h *household) Case {
		s.register(inCustody, h.head(), table.DayOf(2016, 12, 10), table.DayOf(2018, 12, 9), "甲市监狱", 0)
		c := by(h.head(), "服刑期间仍领取特困供养")
		c.Program = destitute.name
		return c
	}},
	// Released before.
	role{shape{size: 1, category: fiveGuarantees}, func(s *site, h *household) Case {
		s.register(inCustody, h.head(), table.DayOf(2012, 5, 10), table.DayOf(2015, 5, 9), "甲市监狱", 0)
		return by(h.head(), "发放前已释放")
	}},
)

var paidUnregistered = onHousehold("paid-unregistered",
	role{shape{size: 2}, func(_ *site, h *household) Case {
		h.registered = 0
		h.keep(func(p *payment) bool { return p.batch.program != training && p.batch.program != schooling })
		c := by(h.head(), "未建档立卡而领取产业奖补")
		c.Program = industry.name
		return c
	}},
	// Not registered, and paid what is for all farmers.
	role{shape{size: 2}, func(_ *site, h *household) Case {
		h.registered = 0
		h.keep(func(p *payment) bool { return p.batch.program == farmland || p.batch.program == forest })
		return by(h.head(), "未建档立卡,只领取普惠补贴")
	}},
)

var paidOutsideStatus = onHousehold("paid-outside-status",
	role{shape{size: 2, age: 66}, func(s *site, h *household) Case {
		g := grant{h.head(), "五保户", 600_00, one}
		for _, period := range destitute.periods(2017) {
			h.payments = append(h.payments, s.village.payment(h, destitute, period, g))
		}
		h.tally()
		c := by(h.head(), "一般贫困户按五保户档次领取").orHousehold(h)
		c.Program = destitute.name
		return c
	}},
	role{shape{size: 1, category: fiveGuarantees}, func(_ *site, h *household) Case {
		return by(h.head(), "五保户领取特困供养").orHousehold(h)
	}},
)

var paidWrongAge = onHousehold("paid-wrong-age",
	role{shape{size: 3, age: 72}, func(s *site, h *household) Case {
		s.warden(h)
		c := by(h.head(), "超龄护林员")
		c.Program = forester.name
		return c
	}},
	// Within the range to the end.
	role{shape{size: 3, age: 63}, func(s *site, h *household) Case {
		s.warden(h)
		return by(h.head(), "年龄接近上限")
	}},
)

var overStandard = onHousehold("over-standard",
	role{shape{size: 3}, func(_ *site, h *household) Case {
		h.paid(farmland, 2017)[0].amount += 200_00
		c := by(h.head(), "发放额高于标准乘以面积").orHousehold(h)
		c.Program, c.Amount = farmland.name, 200_00
		return c
	}},
	// The amount is rounded to a whole fen, the area has one decimal.
	role{shape{size: 3}, func(_ *site, h *household) Case {
		p := h.paid(farmland, 2017)[0]
		p.quantity = 3*one + one*3/10 // 3.3 mu × 95.08 yuan = 313.764 yuan
		p.amount = amountOf(p.standard, p.quantity)
		return by(h.head(), "金额四舍五入到分").orHousehold(h)
	}},
)

// sharers is how many households are paid one program alike, or by need.
const sharers = 22

// rebuild pays so many households of a village the rebuilding grant of 2017, and
// nobody else there; category tells the i-th's.
func rebuild(category func(int) category) func(*site) bool {
	return func(s *site) bool {
		if !s.room(sharers) || slices.ContainsFunc(s.village.households, func(h *household) bool { return h.planted && h.rebuilt == 2017 }) {
			return false
		}
		for _, h := range s.village.households {
			if len(h.paid(housing, 2017)) > 0 {
				h.rebuilt = 0
				h.keep(func(p *payment) bool { return p.batch.program != housing || p.batch.period.Year() != 2017 })
			}
		}
		for i := range sharers {
			h := s.cast(shape{size: 3, category: category(i)})
			if h == nil {
				return false
			}
			h.rebuilt = 2017
			s.pay(h, housing, 2017)
		}
		return true
	}
}

// housed is a case about the rebuilding grants of the village.
func (s *site) housed() Case {
	c := s.here()
	c.Program = housing.name
	return c
}

var flatPayment = planter{
	rule: "flat-payment", where: inVillage, once: true, homes: 2 * sharers,
	lead:  there((*site).housed, "全村危房改造一个标准", rebuild(func(int) category { return ordinary })),
	quiet: there((*site).housed, "按困难程度分档", rebuild(func(i int) category { return category(i % 2) })),
}

// pupils is a household with a child at school in both years.
var pupils = shape{size: 4, age: 38}

// school sends a household's children to school, which changes what it is paid.
func (s *site) school(h *household) {
	for _, p := range h.members[2:] {
		p.pupil = true
	}
	h.payments = nil
	s.village.grant(h, true)
	h.tally()
}

var entitledUnpaid = onHousehold("entitled-unpaid",
	role{pupils, func(s *site, h *household) Case {
		s.school(h)
		h.keep(func(p *payment) bool {
			return p.batch.program != schooling && p.batch.program != training || p.batch.period.Year() != 2017
		})
		return of(h, "子女全年在校而未领到教育资助")
	}},
	// Unpaid in the year in which school began.
	role{pupils, func(s *site, h *household) Case {
		s.school(h)
		h.keep(func(p *payment) bool {
			return p.batch.program != schooling && p.batch.program != training || p.batch.period.Year() != 2016
		})
		return of(h, "入学当年未领,次年已领")
	}},
)

// helped casts a household and one that it is entered as the helper of, and takes
// the helper's.
func helped(s *site) *household {
	if !s.room(2) {
		return nil
	}
	helper, h := s.cast(shape{size: 2}), s.cast(shape{size: 3})
	if s.err != nil {
		return nil
	}
	h.helper = helper.head().name
	return helper
}

var helperIsPoor = planter{
	rule: "helper-is-poor", where: inVillage,
	lead: each(helped, func(_ *site, helper *household) Case {
		return by(helper.head(), "未脱贫户登记为别户的帮扶人")
	}),
	// A villager who is on no register.
	quiet: each(helped, func(_ *site, helper *household) Case {
		helper.registered = 0
		helper.keep(func(p *payment) bool { return p.batch.program == farmland || p.batch.program == forest })
		return by(helper.head(), "帮扶人是本村非贫困户")
	}),
}
