package generate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"fundtrace/pipeline/table"
)

// onRoster is a case about a roster's sheet.
func onRoster(r *roster, why string) Case {
	return Case{Kind: string(table.Sheet), Key: r.key(), Why: why}
}

// roster returns the first of the town's rosters that no planter had yet and
// that fits.
func (s *site) roster(fits func(*roster) bool) *roster {
	for _, r := range s.town.rosters {
		if !r.planted && fits(r) {
			r.planted = true
			return r
		}
	}
	return nil
}

// count returns the head count that the roster's file may name.
func (r *roster) count() string { return fmt.Sprintf("(%d人)", len(r.lines)) }

// counted returns a roster whose file names a head count.
func (s *site) counted() *roster {
	return s.roster(func(r *roster) bool { return strings.Contains(r.file, r.count()) && !r.format.isText() })
}

// stated returns a roster with a total, rather one whose file names no head
// count.
func (s *site) stated() *roster {
	total := func(r *roster) bool { return r.totals() && len(r.lines) >= 2 }
	if r := s.roster(func(r *roster) bool { return total(r) && !strings.Contains(r.file, r.count()) }); r != nil {
		return r
	}
	return s.roster(total)
}

var dataTotal = planter{
	rule: "data-total", where: inTown,
	lead: each((*site).stated, func(_ *site, r *roster) Case {
		r.misstated = 1_000_00
		c := onRoster(r, "合计比明细之和多")
		c.Amount = r.misstated
		return c
	}),
	quiet: each((*site).stated, func(_ *site, r *roster) Case { return onRoster(r, "合计与明细相符") }),
}

var dataHeadcount = planter{
	rule: "data-headcount", where: inTown,
	lead: each((*site).counted, func(_ *site, r *roster) Case {
		r.file = strings.Replace(r.file, r.count(), fmt.Sprintf("(%d人)", len(r.lines)+3), 1)
		return onRoster(r, "文件名所列人数多于名册")
	}),
	quiet: each((*site).counted, func(_ *site, r *roster) Case { return onRoster(r, "文件名所列人数与名册相符") }),
}

// here is a case about the village.
func (s *site) here() Case { return Case{Kind: string(table.Village), Key: s.village.place()} }

// farming is a case about the farmland subsidy of the village.
func (s *site) farming() Case {
	c := s.here()
	c.Program = farmland.name
	return c
}

// heap raises the incomes a head of every nth household to ten yuan: too little
// to matter to whoever else had it.
func heap(nth int) func(*site) bool {
	return func(s *site) bool {
		registered := 0
		for _, h := range s.village.households {
			if h.registered > 0 {
				registered++
			}
		}
		if registered < 50 {
			return false
		}
		for i := 0; i < len(s.village.households); i += nth {
			h := s.village.households[i]
			step := 10_00 * table.Fen(len(h.members))
			for y := range years {
				st := &h.state[y]
				st.business += (step - (st.wage+st.business+st.property+st.transfer)%step) % step
			}
		}
		s.may("data-village", s.here().because("收入凑整,多项特征异常"))
		return true
	}
}

var dataLastDigit = planter{
	rule: "data-last-digit", where: inVillage, once: true, turn: last, homes: 59,
	lead:  there((*site).here, "全村人均纯收入凑整到十元", heap(1)),
	quiet: there((*site).here, "少数户收入为整十元", heap(12)),
}

// outgrow gives a household so many mu of land.
func outgrow(mu int) func(*site) bool {
	return func(s *site) bool {
		h := s.cast(shape{size: 4})
		if h == nil {
			return false
		}
		h.land = table.Quantity(mu) * one
		for _, p := range h.payments {
			if p.batch.program == farmland {
				p.quantity, p.amount = h.land, amountOf(p.standard, h.land)
			}
		}
		h.tally()
		return true
	}
}

var dataOutlier = planter{
	rule: "data-outlier", where: inVillage, once: true, homes: 50,
	lead:  there((*site).farming, "一户耕地补贴面积为他户数十倍", outgrow(90)),
	quiet: there((*site).here, "一户耕地补贴面积略多", outgrow(7)),
}

// steady reports whether all lines but one in twenty of a program's roster of
// the village, ten at least, are the same in both years.
func (v *village) steady(of *program) bool {
	lines, changed := 0, 0
	for _, h := range v.households {
		before, after := h.paid(of, firstYear), h.paid(of, firstYear+1)
		lines += max(len(before), len(after))
		if !slices.EqualFunc(before, after, func(a, b *payment) bool { return a.who.id == b.who.id && a.amount == b.amount }) {
			changed++
		}
	}
	return lines >= 10 && 20*changed <= lines
}

// mourn casts n households whose head died in the first year and is paid for
// its forest in both.
func mourn(n int) func(*site) bool {
	return func(s *site) bool {
		if !s.room(n) || !s.village.steady(forest) {
			return false
		}
		for range n {
			h := s.cast(shape{size: 2})
			if h == nil {
				return false
			}
			h.keep(func(*payment) bool { return false })
			h.forest = 2*one + one/2
			s.pay(h, forest, firstYear, firstYear+1)
			s.register(deceased, h.head(), table.DayOf(2016, 9, 3), 0, "", 0)
			s.may("paid-deceased", by(h.head(), "名册照抄,死后仍发放").orHousehold(h))
		}
		return true
	}
}

var dataRosterCopied = planter{
	rule: "data-roster-copied", where: inVillage, once: true, turn: last, homes: 50,
	lead: there(func(s *site) Case {
		c := s.here()
		c.Program = forest.name
		return c
	}, "名册照抄上年,三人已死亡", mourn(3)),
	quiet: there((*site).here, "名册与上年相同,只有一人死亡", mourn(1)),
}

// desk fills in the register of the village at a desk: every household the same
// round incomes a head.
func desk(s *site) bool {
	for _, h := range s.depart() {
		size := table.Fen(len(h.members))
		h.state[0].wage, h.state[0].business, h.state[0].property, h.state[0].transfer = 1_600_00*size, 850_00*size, 0, 50_00*size
		h.state[1].wage, h.state[1].business, h.state[1].property, h.state[1].transfer = 2_300_00*size, 1_050_00*size, 0, 50_00*size
	}
	for _, rule := range []string{"exit-copied", "data-last-digit"} {
		s.may(rule, s.here().because("收入在办公室统一填写"))
	}
	return true
}

var dataVillage = planter{
	rule: "data-village", where: inVillage, once: true, turn: alone, homes: 25,
	// The rule names one village of a county in a hundred, and one at least, where
	// it can compare twenty.
	most: func(villages int) int {
		if villages < 22 {
			return 0
		}
		return max(1, villages/100)
	},
	lead: there((*site).here, "收入整齐划一,增幅、尾数、临线都与他村不同", desk),
	// Another clerk, who rounds.
	quiet: there((*site).here, "只是收入按十元取整", func(s *site) bool {
		if !heap(1)(s) {
			return false
		}
		s.may("data-last-digit", s.here().because("收入按十元取整"))
		return true
	}),
}

// settled lists thirty works of one unit, each of a kind and firm of its own;
// the contracts of every nth are round to the thousand.
func (s *site) settled(unit string, first, nth int) {
	villages := s.places()
	for i := range 30 {
		kind := fmt.Sprintf("%s第%d类整治", unit, i+1)
		price := table.Fen(31_000_00 + 3_000_00*i)
		if i%nth != 0 {
			price += table.Fen(117_35 + 23_11*i)
		}
		k := &works{kind: kind, name: kind, unit: "处", price: price}
		s.listed(villages[i%len(villages)], k, unit, table.DayOf(firstYear, 1, 10)+table.Day(10*i), 1, first+i)
	}
}

// station is a case about a station of the county.
func station(name string) func(*site) Case {
	return func(s *site) Case { return Case{Kind: string(table.Unit), Key: s.county.name + name} }
}

var dataRound = planter{
	rule: "data-round", where: inCounty, homes: 240,
	most: func(int) int { return 1 }, // its stations have their names but once
	// One unit of nine; the others settle a tenth in round sums.
	lead: there(station("林业工程站"), "全部合同额为整千元", func(s *site) bool {
		if len(s.places()) == 0 {
			return false
		}
		for i, name := range strings.Fields("林业 畜牧 民政 文化 体育 卫生 住建 环保 商务") {
			s.settled(s.county.name+name+"工程站", 200+30*i, map[bool]int{true: 1, false: 10}[i == 0])
		}
		return true
	}),
	quiet: there(station("水务工程站"), "五分之一的合同额为整千元", func(s *site) bool {
		if len(s.places()) == 0 {
			return false
		}
		s.settled(s.county.name+"水务工程站", 470, 5)
		return true
	}),
}

// paysOut pays the trader many amounts within three weeks of each of ten
// allocations.
func paysOut(amount func(*rand.Rand) table.Fen) func(s *site, unit string) bool {
	return func(s *site, unit string) bool {
		const rounds, each = 10, 34
		r := s.county.world.rand("pays out "+unit, s.county.index)
		for round := range rounds {
			amounts := make([]table.Fen, each)
			var sum table.Fen
			for i := range amounts {
				amounts[i] = amount(r)
				sum += amounts[i]
			}
			issued := table.DayOf(firstYear+1, time.Month(round+1), 6)
			fund := s.grant(unit, "关于下达2017年农村公益事业管护资金的通知", "农村公益事业管护", sum, issued)
			for i, a := range amounts {
				s.buys(fund, unit, "材料款", a, issued+14+table.Day(i*20/each))
			}
			s.traded(fund)
		}
		return true
	}
}

var dataBenford = planter{
	rule: "data-benford", where: inCounty, homes: 1_000,
	// Who invents amounts begins them with every digit alike.
	lead: bureau("农村能源工作站", "三百多笔支出的首位数字一样多", 0, paysOut(func(r *rand.Rand) table.Fen {
		return table.Fen(10_00+r.IntN(90_00)) * []table.Fen{1, 10, 100, 1000}[r.IntN(4)]
	})),
	// Amounts as they grow: evenly over the powers of ten.
	quiet: bureau("农业机械服务站", "三百多笔支出,大小自然", 0, paysOut(func(r *rand.Rand) table.Fen {
		return table.Fen(10_00 * math.Pow(10, 4*r.Float64()))
	})),
}
