package generate

import (
	"fmt"

	"fundtrace/pipeline/table"
)

var dupPeriod = onHousehold("dup-period",
	// Paid a second time a week later, for another area of the same year.
	role{shape{}, func(s *site, h *household) Case {
		first := h.paid(farmland, 2017)[0]
		again := *first
		again.quantity = first.quantity + one/2
		again.amount = amountOf(again.standard, again.quantity)
		again.day += 6
		h.payments = append(h.payments, &again)
		s.complain(h.head(), "反映同村有人重复领取耕地补贴")
		c := by(h.head(), "同一年度补贴发放两次")
		c.Program, c.Period = farmland.name, first.batch.period.String()
		return c
	}},
	// Returned by the bank and paid again.
	role{shape{}, func(_ *site, h *household) Case {
		first := h.paid(farmland, 2017)[0]
		back, again := *first, *first
		back.amount, back.state, back.note, back.day = -first.amount, "退款", "账号有误退回", first.day+3
		again.state, again.note, again.day = "更正发放", "退款后补发", first.day+6
		h.payments = append(h.payments, &back, &again)
		return by(h.head(), "退款后重新发放")
	}},
)

var dupExclusive = onHousehold("dup-exclusive",
	role{shape{size: 4}, func(s *site, h *household) Case {
		h.rebuilt, h.resettled = 2017, 2017
		s.village.grant(h, false)
		return by(h.head(), "同年享受危房改造和易地扶贫搬迁").orHousehold(h)
	}},
	// One program the year after the other.
	role{shape{size: 4}, func(s *site, h *household) Case {
		h.rebuilt, h.resettled = 2016, 2017
		s.village.grant(h, false)
		return by(h.head(), "先后两年分别享受,期间不重叠").orHousehold(h)
	}},
)

var dupHousehold = onHousehold("dup-household",
	// The spouse is paid the household's grant once more, to an account of her own.
	role{shape{size: 4}, func(s *site, h *household) Case {
		h.rebuilt = 2017
		s.pay(h, housing, 2017)
		again := *h.paid(housing, 2017)[0]
		again.who, again.head = h.members[1], h.members[1]
		again.account, again.payee = s.account(), h.members[1]
		again.day += 4
		h.payments = append(h.payments, &again)
		c := of(h, "同户两人各领一份危房改造补助")
		c.Program, c.Amount = housing.name, again.amount
		return c
	}},
	// One payment, listed member by member.
	role{shape{size: 4, category: lowIncome}, func(_ *site, h *household) Case {
		for _, p := range h.paid(allowance, 2017) {
			other := *p
			p.quantity, other.quantity = one, p.quantity-one
			p.amount, other.amount = amountOf(p.standard, p.quantity), amountOf(p.standard, other.quantity)
			other.who = h.members[1]
			h.payments = append(h.payments, &other)
		}
		return of(h, "同日同一账户按人分列,实为一笔")
	}},
)

var dupCounty = onHousehold("dup-county",
	role{shape{}, func(s *site, h *household) Case {
		other := *h.paid(farmland, 2017)[0]
		other.quantity += one
		other.amount = amountOf(other.standard, other.quantity)
		other.day += 9
		s.county.guests = append(s.county.guests, &other)
		s.may("dup-period", by(h.head(), "同年在两县领取同一补贴"))
		c := by(h.head(), "同年在两县领取同一补贴")
		c.Program = farmland.name
		return c
	}},
	// Moved to the other county between the years.
	role{shape{}, func(s *site, h *household) Case {
		moved := h.paid(farmland, 2017)[0]
		s.county.guests = append(s.county.guests, moved)
		h.keep(func(p *payment) bool { return p != moved })
		return by(h.head(), "迁往外县后由外县发放")
	}},
)

var dupIdentity = onHousehold("dup-identity",
	// Paid again under another writing of the number: the old 15 digits, one digit
	// wrong, or rounded by a spreadsheet.
	role{shape{}, func(s *site, h *household) Case {
		first := h.paid(farmland, 2017)[0]
		other, again := *h.head(), *first
		switch s.n % 3 {
		case 0:
			other.id = other.id[:6] + other.id[8:17]
		case 1:
			other.id = slip(other.id)
			s.may("id-invalid", by(h.head(), "证号错一位"))
		case 2:
			other.written = rounded
		}
		again.who, again.head, again.payee = &other, &other, &other
		again.quantity = first.quantity + one/2
		again.amount = amountOf(again.standard, again.quantity)
		again.day += 6
		h.payments = append(h.payments, &again)
		c := by(h.head(), "同一人以两种证号领取同一年度补贴")
		c.Program, c.Amount = farmland.name, first.amount
		return c
	}},
	// The old number in one year, the new in the next.
	role{shape{}, func(_ *site, h *household) Case {
		other := *h.head()
		other.id = other.id[:6] + other.id[8:17]
		for _, p := range h.paid(farmland, 2016) {
			p.who, p.head, p.payee = &other, &other, &other
		}
		return by(h.head(), "先后两年证号写法不同,期间不重叠")
	}},
)

// slip returns an ID with one digit of the serial wrong, so that the check digit
// is wrong too.
func slip(id string) string {
	wrong := byte('0' + (id[15]-'0'+1)%10)
	return id[:15] + string(wrong) + id[16:]
}

var nameConflict = onHousehold("name-conflict",
	role{shape{size: 3}, func(s *site, h *household) Case {
		other := *h.head()
		other.name = inventName(s.village.rand, '龚', !other.male, s.village.taken)
		for _, p := range h.paid(farmland, 2017) {
			p.who, p.head, p.payee = &other, &other, &other
		}
		return by(h.head(), "同一证号在名册中是另一个名字")
	}},
	// A blank within the name.
	role{shape{size: 3}, func(_ *site, h *household) Case {
		other := *h.head()
		r := []rune(other.name)
		other.name = string(r[0]) + "　" + string(r[1:])
		for _, p := range h.paid(farmland, 2017) {
			p.who = &other
		}
		return by(h.head(), "姓名中多一个空格")
	}},
)

var idInvalid = onHousehold("id-invalid",
	role{shape{size: 3}, func(_ *site, h *household) Case {
		p := h.head()
		wrong := byte('0')
		if p.id[17] == wrong {
			wrong = '5'
		}
		p.id = p.id[:17] + string(wrong)
		return by(p, "身份证校验码不符")
	}},
	// A spreadsheet rounded the number: bad data, not a bad number.
	role{shape{size: 3}, func(_ *site, h *household) Case {
		p := h.head()
		p.written = rounded
		c := by(p, "证号被表格软件四舍五入")
		c.Or = []Subject{{c.Kind, p.id[:15] + "000"}}
		return c
	}},
)

var accountShared = planter{
	rule: "account-shared", where: inVillage,
	lead: each(func(s *site) *household {
		if !s.room(3) {
			return nil
		}
		return s.cast(shape{size: 3})
	}, func(s *site, h *household) Case {
		for range 2 {
			if other := s.cast(shape{size: 2}); other != nil {
				for _, p := range other.payments {
					p.account, p.payee = h.account, h.head()
				}
			}
		}
		return at(h.account, "三户共用一个账户")
	}),
	// One household, several of its members.
	quiet: each(func(s *site) *household { return s.cast(shape{size: 4, category: lowIncome}) }, func(s *site, h *household) Case {
		s.school(h)
		return at(h.account, "同一户内多名成员")
	}),
}

var accountSplit = onHousehold("account-split",
	// The quarters of a year go to two accounts in turn.
	role{shape{size: 2, category: lowIncome}, func(s *site, h *household) Case {
		other := s.account()
		for i, p := range h.paid(allowance, 2017) {
			if i%2 == 1 {
				p.account = other
			}
		}
		c := by(h.head(), "同一补贴轮流发到两个账户")
		c.Program = allowance.name
		return c
	}},
	// Another program has an account of its own.
	role{shape{size: 2, category: lowIncome}, func(s *site, h *household) Case {
		other := s.account()
		for _, p := range h.payments {
			if p.batch.program == farmland {
				p.account = other
			}
		}
		return by(h.head(), "不同补贴各有一个账户")
	}},
)

var accountProxy = onHousehold("account-proxy",
	// What the platform pays goes to a village cadre's account.
	role{shape{size: 2}, func(s *site, h *household) Case {
		cadre, account := s.stranger(), s.account()
		s.register(villageCadre, cadre, table.DayOf(2013, 6, 1), 0, s.village.name+"村民委员会副主任", 0)
		for _, p := range h.payments {
			if p.batch.program.roster == platformRoster {
				p.account, p.payee = account, cadre
			}
		}
		c := at(account, "补贴发到村干部账户")
		c.Or = []Subject{{string(table.Person), cadre.id}}
		return c
	}},
	// To the account of a member of the household.
	role{shape{size: 2}, func(_ *site, h *household) Case {
		for _, p := range h.payments {
			p.payee = h.members[1]
		}
		return at(h.account, "由同户成员代领")
	}},
)

// farmers returns n households of a town that no planter had and that are paid
// the industry grant of 2017, now the planter's; nil where there are fewer.
func (s *site) farmers(n int) (out []*household) {
	for _, v := range s.town.villages {
		for _, h := range v.households {
			if len(out) < n && !h.planted && len(h.paid(industry, 2017)) > 0 {
				out = append(out, h)
			}
		}
	}
	if len(out) < n {
		return nil
	}
	for _, h := range out {
		h.planted = true
	}
	return out
}

// office is a case about the town's finance office.
func (s *site) office() Case { return Case{Kind: string(table.Unit), Key: s.town.finance()} }

// growing is a case about the industry grant that the office pays.
func (s *site) growing() Case {
	c := s.office()
	c.Program = industry.name
	return c
}

// serialAccounts pays the industry grant of n households into accounts whose
// numbers are step apart.
func serialAccounts(n int, step int64) func(*site) bool {
	return func(s *site) bool {
		farmers := s.farmers(n)
		if farmers == nil {
			return false
		}
		first := s.account()
		var body int64
		if _, s.err = fmt.Sscan(first[:len(first)-1], &body); s.err != nil {
			return false
		}
		for i, h := range farmers {
			number := fmt.Sprint(body + int64(i)*step)
			for _, p := range h.payments {
				if p.batch.program == industry {
					p.account = number + string(luhn(number))
				}
			}
		}
		return true
	}
}

var accountSerial = planter{
	rule: "account-serial", where: inTown, once: true, homes: 120,
	lead: there((*site).growing, "十户账号相连", serialAccounts(10, 1)),
	// Opened at one branch, but not one after the other.
	quiet: there((*site).growing, "账号相近而不相连", serialAccounts(10, 3)),
}

// onePhone gives n households one telephone.
func onePhone(n int) func(*site) bool {
	return func(s *site) bool {
		farmers := s.farmers(n)
		for _, h := range farmers {
			h.phone = farmers[0].phone
		}
		return farmers != nil
	}
}

var phoneShared = planter{
	rule: "phone-shared", where: inTown, once: true, homes: 120,
	lead: there((*site).office, "五户登记同一电话", func(s *site) bool {
		if !onePhone(5)(s) {
			return false
		}
		// The county's platform has the telephone too.
		s.may("phone-shared", Case{Kind: string(table.Unit), Key: s.county.finance(), Why: "五户登记同一电话"})
		return true
	}),
	quiet: there((*site).office, "四户登记同一电话", onePhone(4)),
}

// complain adds a complaint that names a person.
func (s *site) complain(p *person, about string) {
	s.county.complaints = append(s.county.complaints, complaint{
		on: table.DayOf(2017, 10, 9) + table.Day(s.n%40), village: s.village, name: p.name, id: p.id, about: about, channel: "圩日接访",
	})
}
