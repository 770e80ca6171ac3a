package generate

import (
	"fundtrace/pipeline/table"
)

var dupPeriod = planter{
	rule: "dup-period",
	// Paid a second time a week later, for another area of the same year.
	lead: func(s *site) bool {
		h := s.cast(shape{})
		if h == nil {
			return false
		}
		first := h.paid(farmland, 2017)[0]
		again := *first
		again.quantity = first.quantity + one/2
		again.amount = amountOf(again.standard, again.quantity)
		again.day += 6
		h.payments = append(h.payments, &again)
		c := by(h.head(), "同一年度补贴发放两次")
		c.Program, c.Period = farmland.name, first.batch.period.String()
		s.found(c)
		return true
	},
	// Returned by the bank and paid again.
	quiet: func(s *site) bool {
		h := s.cast(shape{})
		if h == nil {
			return false
		}
		first := h.paid(farmland, 2017)[0]
		back, again := *first, *first
		back.amount, back.state, back.note, back.day = -first.amount, "退款", "账号有误退回", first.day+3
		again.state, again.note, again.day = "更正发放", "退款后补发", first.day+6
		h.payments = append(h.payments, &back, &again)
		s.still(by(h.head(), "退款后重新发放"))
		return true
	},
}

var dupExclusive = planter{
	rule: "dup-exclusive",
	lead: func(s *site) bool {
		h := s.cast(shape{size: 4})
		if h == nil {
			return false
		}
		h.rebuilt, h.resettled = 2017, 2017
		s.village.grant(h, false)
		s.found(by(h.head(), "同年享受危房改造和易地扶贫搬迁").orHousehold(h))
		return true
	},
	// One program the year after the other.
	quiet: func(s *site) bool {
		h := s.cast(shape{size: 4})
		if h == nil {
			return false
		}
		h.rebuilt = 2016
		h.resettled = 2017
		s.village.grant(h, false)
		s.still(by(h.head(), "先后两年分别享受,期间不重叠").orHousehold(h))
		return true
	},
}

var idInvalid = planter{
	rule: "id-invalid",
	lead: func(s *site) bool {
		h := s.cast(shape{size: 3})
		if h == nil {
			return false
		}
		p := h.head()
		wrong := byte('0')
		if p.id[17] == wrong {
			wrong = '5'
		}
		p.id = p.id[:17] + string(wrong)
		s.found(by(p, "身份证校验码不符"))
		return true
	},
	// A spreadsheet rounded the number: bad data, not a bad number.
	quiet: func(s *site) bool {
		h := s.cast(shape{size: 3})
		if h == nil {
			return false
		}
		p := h.head()
		p.written = rounded
		c := by(p, "证号被表格软件四舍五入")
		c.Or = []Subject{{c.Kind, p.id[:15] + "000"}}
		s.still(c)
		return true
	},
}

var accountShared = planter{
	rule: "account-shared",
	lead: func(s *site) bool {
		if !s.room(3) {
			return false
		}
		first := s.cast(shape{size: 3})
		for range 2 {
			h := s.cast(shape{size: 2})
			for _, p := range h.payments {
				p.account, p.payee = first.account, first.head()
			}
			h.account = first.account
		}
		s.found(Case{Kind: string(table.Account), Key: first.account, Why: "三户共用一个账户"})
		return true
	},
	// One household, several of its members.
	quiet: func(s *site) bool {
		h := s.cast(shape{size: 4, category: lowIncome})
		if h == nil {
			return false
		}
		for _, p := range h.members[2:] {
			p.pupil = true
		}
		h.payments = nil
		s.village.grant(h, true)
		s.still(Case{Kind: string(table.Account), Key: h.account, Why: "同一户内多名成员"})
		return true
	},
}
