package generate

import (
	"fmt"
	"slices"
	"strings"

	"fundtrace/pipeline/table"
)

// kind returns a kind of works that the village has none of, nil if it has all.
func (s *site) kind() *works {
	for _, k := range kinds {
		if !slices.ContainsFunc(s.village.works, func(p *project) bool { return p.kind == k }) {
			return k
		}
	}
	return nil
}

// work returns a project of the village's first year that no planter had yet,
// of any year where the first has none; nil where there is no room for one.
func (s *site) work() *project {
	for year := firstYear; year < firstYear+years; year++ {
		for _, p := range s.village.works {
			if !p.planted && p.year == year {
				return p
			}
		}
		if k := s.kind(); k != nil && year == firstYear {
			return s.village.build(year, k)
		}
	}
	return nil
}

var projDuplicate = planter{
	rule: "proj-duplicate",
	// The work of one year stands in the library of the next once more.
	lead: func(s *site) bool {
		p := s.work()
		if p == nil || p.year != firstYear {
			return false
		}
		q := s.village.build(firstYear+1, p.kind)
		p.planted, q.planted = true, true
		q.name, q.quantity, q.contract, q.budget = p.name, p.quantity, p.contract, p.budget
		q.contractor, q.code = p.contractor, p.code
		s.found(Case{Kind: string(table.Project), Key: q.id, Or: []Subject{
			{string(table.Project), p.id}, {string(table.Village), s.village.place()},
		}, Why: "同一工程在两年重复申报"})
		return true
	},
	// Two works of one village that differ in kind, size and contractor.
	quiet: func(s *site) bool {
		p, k := s.work(), s.kind()
		if p == nil || k == nil {
			return false
		}
		q := s.village.build(firstYear, k)
		p.planted, q.planted = true, true
		if q.contractor == p.contractor {
			other := contractors - 1
			if firmName(other) == p.contractor {
				other--
			}
			q.contractor, q.code = firmName(other), firmCode(other)
		}
		s.still(Case{Kind: string(table.Project), Key: q.id, Or: []Subject{{string(table.Project), p.id}}, Why: fmt.Sprintf("同村不同工程:%s与%s", p.kind.kind, q.kind.kind)})
		return true
	},
}

// on is a case about a project.
func on(p *project, why string) Case {
	return Case{Kind: string(table.Project), Key: p.id, ProjectID: p.id, Why: why}
}

// atWork returns the planter of a rule whose cases are one project each.
func atWork(rule string, lead, quiet func(*site, *project) Case) planter {
	plant := func(play func(*site, *project) Case, tell func(*site, Case)) func(*site) bool {
		return func(s *site) bool {
			p := s.work()
			if p == nil {
				return false
			}
			p.planted = true
			tell(s, play(s, p))
			return true
		}
	}
	return planter{rule: rule, lead: plant(lead, (*site).found), quiet: plant(quiet, (*site).still)}
}

var projOverpaid = atWork("proj-overpaid",
	func(_ *site, p *project) Case {
		p.extra = p.contract / 5
		return on(p, "支付超过合同和预算")
	},
	// Paid what the contract says, which is less than the budget.
	func(_ *site, p *project) Case { return on(p, "按合同价支付,低于预算") },
)

var projEarly = atWork("proj-early",
	// Paid in full two months before it was accepted.
	func(_ *site, p *project) Case {
		start := table.DayOf(p.year, 1, 1)
		p.finished, p.accepted = start+280, start+300
		return on(p, "验收前已全额付款")
	},
	func(_ *site, p *project) Case { return on(p, "验收后付款") },
)

// firm gives a project a contractor of its own, and the owner its register line.
func (s *site) firm(p *project) *person {
	owner := s.stranger()
	p.contractor = s.county.name + s.village.name + "顺达建筑有限公司"
	p.code = firmCode(contractors + 200_000 + len(s.county.entries))
	s.register(company, owner, table.DayOf(2012, 4, 1), 0, p.contractor, 2_000_000_00)
	s.county.entries[len(s.county.entries)-1].related = p.code
	return owner
}

var projTiedContractor = atWork("proj-tied-contractor",
	func(s *site, p *project) Case {
		owner := s.firm(p)
		s.register(villageCadre, owner, table.DayOf(2014, 8, 1), 0, s.village.name+"村民委员会主任", 0)
		return on(p, "施工单位法定代表人是村干部")
	},
	func(s *site, p *project) Case {
		s.firm(p)
		return on(p, "施工单位法定代表人与干部无关")
	},
)

// early returns a project of the first year that no planter had yet, nil if
// the village has no room for one.
func (s *site) early() *project {
	if p := s.work(); p != nil && p.year == firstYear {
		p.planted = true
		return p
	}
	return nil
}

var projStalled = planter{
	rule: "proj-stalled",
	// Paid for in the first year and never begun.
	lead: func(s *site) bool {
		p := s.early()
		if p == nil {
			return false
		}
		p.started, p.finished, p.accepted = 0, 0, 0
		s.found(on(p, "资金到位一年多未开工"))
		s.may("proj-early", on(p, "未开工而已付工程款"))
		return true
	},
	quiet: func(s *site) bool {
		p := s.early()
		if p == nil {
			return false
		}
		s.still(on(p, "先建后补,资金到位时已验收"))
		return true
	},
}

var projUnreached = atWork("proj-unreached",
	func(s *site, p *project) Case {
		p.name = s.town.name + s.village.name + "肉牛养殖到户项目"
		return on(p, "到户项目无到户发放")
	},
	// Not accepted yet.
	func(s *site, p *project) Case {
		p.name = s.town.name + s.village.name + "生猪养殖到户项目"
		p.accepted = 0
		return on(p, "到户项目尚未验收")
	},
)

// listed adds a project of the first year to the library: nothing was paid for
// it. Its contractor is one of no other project but those of its number.
func (s *site) listed(v *village, k *works, unit string, approved table.Day, size, firm int) *project {
	c := s.county
	n := table.Quantity(size) * one
	p := &project{
		id:   fmt.Sprintf("%s%d%05d", c.code, firstYear, len(c.works)+1),
		name: v.town.name + v.name + k.name, kind: k, village: v, year: firstYear, unit: unit,
		budget: amountOf(k.price, n), contract: amountOf(k.price, n), tender: "询价", quantity: n, households: 1,
		approved: approved, started: approved + 30, finished: approved + 130, accepted: approved + 150, planted: true,
		contractor: firmName(contractors - 1 - firm), code: firmCode(contractors - 1 - firm),
	}
	c.works = append(c.works, p)
	return p
}

// places returns the villages that have projects.
func (s *site) places() (out []*village) {
	for _, p := range s.county.works {
		if !slices.Contains(out, p.village) {
			out = append(out, p.village)
		}
	}
	return out
}

// priced lists ten projects of one kind whose sizes differ widely and whose
// prices hardly do, and returns the last.
func (s *site) priced(kind string) *project {
	villages := s.places()
	if len(villages) == 0 {
		return nil
	}
	var p *project
	for i := range 10 {
		k := &works{kind: kind, name: fmt.Sprintf("%d号%s", 10*s.n+i+1, kind), unit: "座", price: table.Fen(20_000_00 + 100_00*(i%5))}
		p = s.listed(villages[i%len(villages)], k, s.county.name+kind+"管理站", table.DayOf(firstYear, 1, 10)+table.Day(12*i), 5+3*i, 100+20*s.n+i)
	}
	return p
}

var projPrice = planter{
	rule: "proj-price", where: inCounty,
	// A third of the size at the same price.
	lead: func(s *site) bool {
		p := s.priced([]string{"提灌", "水窖", "机井", "塘坝"}[s.n%4])
		if p == nil {
			return false
		}
		p.quantity /= 3
		s.found(on(p, "单价为同类的三倍"))
		return true
	},
	quiet: func(s *site) bool {
		p := s.priced([]string{"沼气", "围栏", "烘房", "大棚"}[s.n%4])
		if p == nil {
			return false
		}
		s.still(on(p, "单价与同类相当"))
		return true
	},
}

// split lists three works of one kind in one village, each under the tender
// limit and all of them together over it, by one firm each.
func (s *site) split(unit, kind string, firms [3]int) bool {
	villages := s.places()
	if len(villages) == 0 {
		return false
	}
	v := villages[s.n%len(villages)]
	for i, firm := range firms {
		k := &works{kind: kind, name: kind + []string{"上段", "中段", "下段"}[i], unit: "米", price: 3_000_00}
		s.listed(v, k, unit, table.DayOf(firstYear, 3, 1)+table.Day(20*i), 90+18*i, 60+6*s.n+firm)
	}
	return true
}

var projSplit = planter{
	rule: "proj-split", where: inCounty,
	lead: func(s *site) bool {
		unit := fmt.Sprintf("%s第%d农村道路建设办公室", s.county.name, s.n+1)
		ok := s.split(unit, "屯级路", [3]int{0, 0, 0})
		if ok {
			s.found(Case{Kind: string(table.Unit), Key: unit, Why: "同村同类工程拆成三项,均低于招标限额"})
		}
		return ok
	},
	quiet: func(s *site) bool {
		unit := fmt.Sprintf("%s第%d农田排灌建设办公室", s.county.name, s.n+1)
		ok := s.split(unit, "排水沟", [3]int{1, 2, 3})
		if ok {
			s.still(Case{Kind: string(table.Unit), Key: unit, Why: "同村同类工程由三家企业承建"})
		}
		return ok
	},
}

// rotated are works of ten kinds, so that none looks like another.
var rotated = strings.Fields("护岸修复 桥涵重建 晒场铺设 公厕改造 垃圾池砌筑 挡土墙加固 球场平整 码头维修 泵房更新 凉亭搭建")

// rotate lists ten projects of one unit that two firms win in an order.
func (s *site) rotate(unit string, order []int, firms int) bool {
	villages := s.places()
	if len(villages) == 0 {
		return false
	}
	for i, firm := range order {
		k := &works{kind: rotated[i], name: fmt.Sprintf("%d号%s工程", firms/2+1, rotated[i]), unit: "处", price: table.Fen(30_000_00 + 7_000_00*i)}
		s.listed(villages[i%len(villages)], k, unit, table.DayOf(firstYear, 1, 10)+table.Day(12*i), 1, firms+firm)
	}
	return true
}

var projRotating = planter{
	rule: "proj-rotating", where: inCounty,
	lead: func(s *site) bool {
		unit := fmt.Sprintf("%s第%d以工代赈办公室", s.county.name, s.n+1)
		ok := s.rotate(unit, []int{0, 1, 0, 1, 0, 1, 0, 1, 0, 1}, 4*s.n)
		if ok {
			s.found(Case{Kind: string(table.Unit), Key: unit, Why: "两家企业轮流中标"})
		}
		return ok
	},
	// One of them wins twice in a row.
	quiet: func(s *site) bool {
		unit := fmt.Sprintf("%s第%d饮水安全办公室", s.county.name, s.n+1)
		ok := s.rotate(unit, []int{0, 1, 0, 1, 1, 0, 1, 0, 0, 1}, 4*s.n+2)
		if ok {
			s.still(Case{Kind: string(table.Unit), Key: unit, Why: "有连续中标"})
		}
		return ok
	},
}
