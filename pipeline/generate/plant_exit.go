package generate

import (
	"math"
	"math/rand/v2"

	"fundtrace/pipeline/table"
)

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
		h.had(2_800_00)
		h.about(3_600_00)
		s.may("entitled-unpaid", of(h, "户内或有在校学生"))
		return of(h, "建档到脱贫没有任何帮扶发放")
	}},
	// Little, and something.
	role{leaver, func(s *site, h *household) Case {
		h.keep(func(p *payment) bool { return p.batch.program == industry && p.batch.period.Year() == 2016 })
		s.may("entitled-unpaid", of(h, "户内或有在校学生"))
		h.had(2_800_00)
		h.about(3_600_00)
		return of(h, "只有一笔产业奖补")
	}},
)

var exitTransferGap = onHousehold("exit-transfer-gap",
	role{leaver, func(_ *site, h *household) Case {
		const gap = 3_000_00
		h.about(poverty[1] - 400_00)
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
	role{leaver, func(s *site, h *household) Case {
		h.had(2_700_00)
		h.about(14_000_00)
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
		h.about(3_900_00)
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

// loses makes a member of the first year gone in the second.
func (s *site) loses(h *household) *person {
	h.left = s.stranger()
	h.left.relation = "之母"
	h.had(3_600_00) // of three: 2,700 and more of four
	h.about(3_500_00)
	return h.left
}

var exitSize = onHousehold("exit-size",
	role{leaver, func(s *site, h *household) Case {
		s.loses(h)
		return of(h, "减少一人后人均收入才达线")
	}},
	role{leaver, func(s *site, h *household) Case {
		s.register(deceased, s.loses(h), table.DayOf(2017, 3, 5), 0, "", 0)
		return of(h, "减少的一人已登记死亡")
	}},
)

// twins casts n leavers of the same incomes in every source.
func twins(n int) func(*site) bool {
	return func(s *site) bool {
		if !s.room(n) {
			return false
		}
		var out []*household
		least := table.Fen(math.MaxInt64)
		for range n {
			h := s.cast(leaver)
			if h == nil {
				return false
			}
			out, least = append(out, h), min(least, h.state[1].transfer)
		}
		for _, h := range out {
			st := &h.state[1]
			st.property, st.transfer, st.wage = 0, least, 5_017_00
			st.business = 10_813_00 - st.wage - least
		}
		return true
	}
}

var exitCopied = planter{
	rule: "exit-copied", where: inVillage, once: true, homes: 50,
	lead:  there((*site).here, "八户各项收入完全相同", twins(8)),
	quiet: there((*site).here, "只有四户各项收入相同", twins(4)),
}

// raise adds to the second year's own income of the town's ordinary poor
// households, but for those that were planted as leaving; more says how much a
// head, from the income a head. Who comes over the line by it leaves too, unless
// a planter had it.
func raise(more func(r *rand.Rand, perHead table.Fen) table.Fen) func(*site) bool {
	return func(s *site) bool {
		r := s.county.world.rand("raise", s.county.index, s.town.index)
		for _, v := range s.town.villages {
			for _, h := range v.households {
				if h.registered == 0 || h.category != ordinary || h.planted && h.exit != 0 {
					continue
				}
				st := &h.state[1]
				st.business += more(r, st.perHead(len(h.members))) * table.Fen(len(h.members))
				if !h.planted && h.exit == 0 && st.perHead(len(h.members)) >= poverty[1] && st.secure() && h.rebuilt != firstYear+1 && h.resettled != firstYear+1 {
					h.leave(firstYear+1, r)
				}
			}
		}
		return true
	}
}

// township is a case about the town.
func (s *site) township() Case { return Case{Kind: string(table.Town), Key: s.place()} }

// short works out that nine in ten of those up to 450 yuan short of the line
// have reached it, and little more. Steps of ten yuan keep last digits.
func short(r *rand.Rand, perHead table.Fen) table.Fen {
	const step = 10_00
	gap := poverty[1] - perHead
	if gap <= 0 || gap > 450_00 || r.IntN(10) == 0 {
		return 0
	}
	return (gap+step-1)/step*step + table.Fen(r.IntN(8))*step
}

var exitBunching = planter{
	rule: "exit-bunching", where: inTown, once: true, homes: 900,
	lead: there((*site).township, "差一点达线的户大多算到刚过线", func(s *site) bool {
		why := "乡镇收入堆在线上"
		s.may("exit-bunching", Case{Kind: string(table.County), Key: s.county.name, Why: why})
		for _, v := range s.town.villages {
			s.may("exit-bunching", Case{Kind: string(table.Village), Key: v.place(), Why: why})
		}
		return raise(short)(s)
	}),
	// A good year: all earn as much more, and most stand about the line.
	quiet: there((*site).township, "全镇普遍增收,线上线下都多", raise(func(*rand.Rand, table.Fen) table.Fen { return 200_00 })),
}

// depart makes every household of the village that is on the register and not
// out of poverty before the second year anew, as one that leaves in it.
func (s *site) depart() (out []*household) {
	for _, h := range s.village.households {
		if h.registered != 0 && h.exit != firstYear {
			s.remake(h, shape{exit: firstYear + 1})
			out = append(out, h)
		}
	}
	return out
}

// oneDay lets the village leave on one day, all but the first few households.
func oneDay(but int) func(*site) bool {
	return func(s *site) bool {
		for i, h := range s.depart() {
			h.exitedOn = table.DayOf(firstYear+1, 12, 8) + table.Day(s.n%20)
			if i < but {
				h.exit, h.exitedOn = 0, 0
			}
		}
		s.may("data-village", s.here().because("全村脱贫,收入增长快"))
		return true
	}
}

var exitEnMasse = planter{
	rule: "exit-en-masse", where: inVillage, once: true, turn: alone, homes: 25,
	// Where a fifth of the villages do so the rule thinks that the county fixed the
	// day; and the other planters want villages too.
	most:  func(villages int) int { return villages / 12 },
	lead:  there((*site).here, "未脱贫户同一天全部脱贫", oneDay(0)),
	quiet: there((*site).here, "同一天脱贫,一户缓退", oneDay(1)),
}

var exitReversal = onHousehold("exit-reversal",
	role{leaver, func(s *site, h *household) Case {
		h.early = firstYear
		h.had(3_150_00)
		return of(h, "两个年度的导出表脱贫年度不同")
	}},
	role{shape{size: 3, exit: firstYear}, func(_ *site, h *household) Case {
		return of(h, "两个年度的导出表脱贫年度相同")
	}},
)

var exitShell = onHousehold("exit-shell",
	role{shape{size: 1, exit: 2017, age: 70}, func(s *site, h *household) Case {
		h.keep(func(p *payment) bool { return p.batch.period.From() < table.DayOf(2016, 6, 1).Month() })
		h.about(3_500_00)
		s.register(deceased, h.head(), table.DayOf(2016, 6, 8), 0, "", 0)
		return of(h, "脱贫前一年独居户主已死亡")
	}},
	role{shape{size: 1, exit: 2017, age: 70}, func(s *site, h *household) Case {
		s.register(deceased, h.head(), table.DayOf(2017, 12, 20), 0, "", 0)
		return of(h, "独居户主在脱贫当年年底死亡")
	}},
)
