package generate

import "fundtrace/pipeline/table"

// leaver is a household that left poverty in the second year.
var leaver = shape{size: 3, exit: 2017}

var exitUnderLine = onHousehold("exit-under-line",
	role{leaver, func(s *site, h *household) Case {
		h.earns(poverty[1] - 140_00 - table.Fen(s.n%90)*100)
		return of(h, "脱贫当年人均纯收入低于贫困线")
	}},
	role{leaver, func(_ *site, h *household) Case {
		h.earns(poverty[1])
		return of(h, "人均纯收入恰好等于贫困线")
	}},
)

var exitGuarantee = onHousehold("exit-guarantee",
	role{leaver, func(s *site, h *household) Case {
		st := &h.state[1]
		*[]*bool{&st.housing, &st.water}[s.n%2] = false
		return of(h, "脱贫当年住房或饮水未达标")
	}},
	role{leaver, func(_ *site, h *household) Case {
		h.state[0].housing = false
		return of(h, "上一年未达标,脱贫当年已达标")
	}},
)

var exitUnaided = onHousehold("exit-unaided",
	role{leaver, func(s *site, h *household) Case {
		h.keep(func(*payment) bool { return false })
		h.earns(3_600_00)
		s.may("exit-jump", of(h, "上年无补贴,收入随之偏低"))
		s.may("entitled-unpaid", of(h, "户内或有在校学生"))
		return of(h, "建档到脱贫没有任何帮扶发放")
	}},
	// Little, and something.
	role{leaver, func(s *site, h *household) Case {
		h.keep(func(p *payment) bool { return p.batch.program == industry && p.batch.period.Year() == 2016 })
		s.may("entitled-unpaid", of(h, "户内或有在校学生"))
		h.earns(3_600_00)
		return of(h, "只有一笔产业奖补")
	}},
)

var exitTransferGap = onHousehold("exit-transfer-gap",
	role{leaver, func(_ *site, h *household) Case {
		const gap = 3_000_00
		h.earns(poverty[1] - 400_00)
		h.state[1].transfer += gap
		c := of(h, "转移性收入比实发补贴多,扣除后低于贫困线")
		c.Amount = gap
		return c
	}},
	role{leaver, func(_ *site, h *household) Case {
		h.state[1].transfer += 300_00
		return of(h, "差额在允许误差内")
	}},
)

// living sets the second year's own income so that transfers are a share of all.
func (s *site) living(h *household, percent table.Fen) {
	s.warden(h)
	h.earns(h.state[1].transfer * 100 / percent / table.Fen(len(h.members)))
}

var exitTransfersOnly = onHousehold("exit-transfers-only",
	role{shape{size: 1, exit: 2017, age: 40}, func(s *site, h *household) Case {
		s.living(h, 92)
		return of(h, "脱贫收入九成以上是补贴")
	}},
	role{shape{size: 1, exit: 2017, age: 40}, func(s *site, h *household) Case {
		s.living(h, 65)
		return of(h, "补贴占六成半")
	}},
)

var exitJump = onHousehold("exit-jump",
	role{leaver, func(_ *site, h *household) Case {
		h.earns(14_000_00)
		return of(h, "脱贫当年收入突增数倍")
	}},
	role{leaver, func(_ *site, h *household) Case {
		return of(h, "收入平稳增长")
	}},
)

var exitConflict = onHousehold("exit-conflict",
	// Out of poverty, and paid the low-income allowance in the same year.
	role{leaver, func(s *site, h *household) Case {
		g := grant{h.head(), "C类", allowanceStandard["C类"], table.Quantity(len(h.members)) * one}
		h.payments = append(h.payments, s.village.payment(h, allowance, allowance.periods(2017)[3], g))
		h.tally()
		h.earns(3_900_00)
		return of(h, "同年脱贫又领取低保").orHead(h)
	}},
	role{leaver, func(_ *site, h *household) Case {
		return of(h, "脱贫当年只领取普惠补贴").orHead(h)
	}},
)

// orHead adds that the case may be reported on the head of household.
func (c Case) orHead(h *household) Case {
	c.Or = append(c.Or, Subject{string(table.Person), h.head().id})
	return c
}

// One member of the first year is gone in the second.
var exitSize = onHousehold("exit-size",
	role{leaver, func(s *site, h *household) Case {
		h.left = s.stranger()
		h.left.relation = "之母"
		h.earns(3_500_00)
		return of(h, "减少一人后人均收入才达线")
	}},
	role{leaver, func(s *site, h *household) Case {
		h.left = s.stranger()
		h.left.relation = "之母"
		h.earns(3_500_00)
		s.register(deceased, h.left, table.DayOf(2017, 3, 5), 0, "", 0)
		return of(h, "减少的一人已登记死亡")
	}},
)

// twins casts n leavers of the same incomes in every source.
func (s *site) twins(n int) []*household {
	var out []*household
	var least table.Fen
	for range n {
		h := s.cast(leaver)
		if h == nil {
			return nil
		}
		if out = append(out, h); least == 0 || h.state[1].transfer < least {
			least = h.state[1].transfer
		}
	}
	for _, h := range out {
		st := &h.state[1]
		st.property, st.transfer, st.wage = 0, least, 5_000_00
		st.business = 3_600_00*3 - st.wage - least
	}
	return out
}

var exitCopied = planter{
	rule: "exit-copied", where: inVillage, homes: 50,
	lead: func(s *site) bool {
		if !s.room(8) || !s.first() || s.twins(8) == nil {
			return false
		}
		s.found(s.here("八户各项收入完全相同"))
		return true
	},
	quiet: func(s *site) bool {
		if !s.room(4) || !s.first() || s.twins(4) == nil {
			return false
		}
		s.still(s.here("只有四户各项收入相同"))
		return true
	},
}

var exitReversal = onHousehold("exit-reversal",
	role{leaver, func(s *site, h *household) Case {
		h.early = firstYear
		h.earn(0, 3_150_00, s.village.rand)
		return of(h, "两个年度的导出表脱贫年度不同")
	}},
	role{shape{size: 3, exit: firstYear}, func(_ *site, h *household) Case {
		return of(h, "两个年度的导出表脱贫年度相同")
	}},
)

var exitShell = onHousehold("exit-shell",
	role{shape{size: 1, exit: 2017, age: 70}, func(s *site, h *household) Case {
		h.keep(func(p *payment) bool { return p.batch.period.From() < table.DayOf(2016, 6, 1).Month() })
		h.earns(3_500_00)
		s.register(deceased, h.head(), table.DayOf(2016, 6, 8), 0, "", 0)
		return of(h, "脱贫前一年独居户主已死亡")
	}},
	role{shape{size: 1, exit: 2017, age: 70}, func(s *site, h *household) Case {
		s.register(deceased, h.head(), table.DayOf(2017, 12, 20), 0, "", 0)
		return of(h, "独居户主在脱贫当年年底死亡")
	}},
)
