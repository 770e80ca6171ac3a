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
	role{leaver, func(_ *site, h *household) Case {
		h.keep(func(*payment) bool { return false })
		h.earns(3_600_00)
		return of(h, "建档到脱贫没有任何帮扶发放")
	}},
	// Little, and something.
	role{leaver, func(_ *site, h *household) Case {
		h.keep(func(p *payment) bool { return p.batch.program == industry && p.batch.period.Year() == 2016 })
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
