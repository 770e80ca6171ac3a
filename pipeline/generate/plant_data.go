package generate

import (
	"fmt"
	"strings"

	"fundtrace/pipeline/table"
)

// stated returns a roster with a total that no planter had yet, rather one
// whose file names no head count.
func (s *site) stated() *roster {
	for _, counted := range []bool{false, true} {
		for _, r := range s.town.rosters {
			if !r.planted && r.totals() && len(r.lines) >= 2 && strings.Contains(r.file, "人)") == counted {
				r.planted = true
				return r
			}
		}
	}
	return nil
}

var dataTotal = planter{
	rule: "data-total", where: inTown,
	lead: func(s *site) bool {
		r := s.stated()
		if r == nil {
			return false
		}
		r.misstated = 1_000_00
		s.found(Case{Kind: string(table.Sheet), Key: r.key(), Amount: r.misstated, Why: "合计比明细之和多"})
		return true
	},
	quiet: func(s *site) bool {
		r := s.stated()
		if r == nil {
			return false
		}
		s.still(Case{Kind: string(table.Sheet), Key: r.key(), Why: "合计与明细相符"})
		return true
	},
}

// counted returns a roster whose file names a head count and that no planter
// had yet, and the count as it stands there.
func (s *site) counted() (*roster, string) {
	for _, r := range s.town.rosters {
		if count := fmt.Sprintf("(%d人)", len(r.lines)); !r.planted && strings.Contains(r.file, count) && !r.format.isText() {
			r.planted = true
			return r, count
		}
	}
	return nil, ""
}

var dataHeadcount = planter{
	rule: "data-headcount", where: inTown,
	lead: func(s *site) bool {
		r, count := s.counted()
		if r == nil {
			return false
		}
		r.file = strings.Replace(r.file, count, fmt.Sprintf("(%d人)", len(r.lines)+3), 1)
		s.found(Case{Kind: string(table.Sheet), Key: r.key(), Why: "文件名所列人数多于名册"})
		return true
	},
	quiet: func(s *site) bool {
		r, _ := s.counted()
		if r == nil {
			return false
		}
		s.still(Case{Kind: string(table.Sheet), Key: r.key(), Why: "文件名所列人数与名册相符"})
		return true
	},
}

// here is a case about the village.
func (s *site) here(why string) Case {
	return Case{Kind: string(table.Village), Key: s.village.place(), Why: why}
}

// first reports whether this is the rule's first case in the village: two on
// one subject would be one lead.
func (s *site) first() bool {
	k := s.rule + " " + s.village.place()
	if s.county.used[k] {
		return false
	}
	s.county.used[k] = true
	return true
}

// heap raises the incomes a head of every nth household that no planter had to
// ten yuan.
func (v *village) heap(nth int) {
	for i, h := range v.households {
		if i%nth != 0 || h.planted {
			continue
		}
		size := table.Fen(len(h.members))
		for y := range years {
			s := &h.state[y]
			all := s.wage + s.business + s.property + s.transfer
			s.business += (10_00*size - all%(10_00*size)) % (10_00 * size)
		}
	}
}

// enough reports whether the village has incomes enough to test their digits.
func (v *village) enough() bool {
	n := 0
	for _, h := range v.households {
		if h.registered > 0 {
			n++
		}
	}
	return n >= 50
}

var dataLastDigit = planter{
	rule: "data-last-digit", where: inVillage, homes: 59,
	lead: func(s *site) bool {
		if !s.village.enough() || !s.first() {
			return false
		}
		s.village.heap(1)
		s.found(s.here("全村人均纯收入凑整到十元"))
		s.may("data-village", s.here("收入凑整,多项特征异常"))
		return true
	},
	quiet: func(s *site) bool {
		if !s.village.enough() || !s.first() {
			return false
		}
		s.village.heap(12)
		s.still(s.here("少数户收入为整十元"))
		return true
	},
}

// outgrow gives a household so many mu of land.
func (s *site) outgrow(mu int) bool {
	if !s.room(1) || !s.first() {
		return false
	}
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

var dataOutlier = planter{
	rule: "data-outlier", where: inVillage, homes: 50,
	lead: func(s *site) bool {
		if !s.outgrow(90) {
			return false
		}
		c := s.here("一户耕地补贴面积为他户数十倍")
		c.Program = farmland.name
		s.found(c)
		return true
	},
	quiet: func(s *site) bool {
		if !s.outgrow(7) {
			return false
		}
		s.still(s.here("一户耕地补贴面积略多"))
		return true
	},
}

// mourn casts n households whose head died in the first year and is paid the
// farmland subsidy in both.
func (s *site) mourn(n int) bool {
	if !s.room(n) || !s.first() {
		return false
	}
	for range n {
		h := s.cast(shape{size: 2})
		if h == nil {
			return false
		}
		h.keep(func(p *payment) bool { return p.batch.program == farmland })
		s.register(deceased, h.head(), table.DayOf(2016, 9, 3), 0, "", 0)
		s.may("paid-deceased", by(h.head(), "名册照抄,死后仍发放").orHousehold(h))
	}
	return true
}

var dataRosterCopied = planter{
	rule: "data-roster-copied", where: inVillage, homes: 50,
	lead: func(s *site) bool {
		if !s.mourn(3) {
			return false
		}
		c := s.here("名册照抄上年,三人已死亡")
		c.Program = farmland.name
		s.found(c)
		return true
	},
	quiet: func(s *site) bool {
		if !s.mourn(1) {
			return false
		}
		s.still(s.here("名册与上年相同,只有一人死亡"))
		return true
	},
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

var dataRound = planter{
	rule: "data-round", where: inCounty, once: true, homes: 59,
	// One unit of nine; the others settle a tenth in round sums.
	lead: func(s *site) bool {
		if len(s.places()) == 0 {
			return false
		}
		for i, name := range strings.Fields("林业 畜牧 民政 文化 体育 卫生 住建 环保 商务") {
			nth, unit := 10, s.county.name+name+"工程站"
			if i == 0 {
				nth = 1
				s.found(Case{Kind: string(table.Unit), Key: unit, Why: "全部合同额为整千元"})
			}
			s.settled(unit, 200+30*i, nth)
		}
		return true
	},
	quiet: func(s *site) bool {
		if len(s.places()) == 0 {
			return false
		}
		unit := s.county.name + "水务工程站"
		s.settled(unit, 470, 5)
		s.still(Case{Kind: string(table.Unit), Key: unit, Why: "五分之一的合同额为整千元"})
		return true
	},
}
