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

// oneOf is a case about two projects of the village, reported on either.
func oneOf(q, p *project, why string) Case {
	return Case{Kind: string(table.Project), Key: q.id, Or: []Subject{{string(table.Project), p.id}}, Why: why}
}

var projDuplicate = planter{
	rule: "proj-duplicate", where: inVillage,
	// The work of one year stands in the library of the next once more.
	lead: each((*site).early, func(s *site, p *project) Case {
		q := s.village.build(firstYear+1, p.kind)
		q.planted = true
		q.name, q.quantity, q.contract, q.budget = p.name, p.quantity, p.contract, p.budget
		q.contractor, q.code = p.contractor, p.code
		c := oneOf(q, p, "同一工程在两年重复申报")
		c.Or = append(c.Or, Subject{string(table.Village), s.village.place()})
		return c
	}),
	// Two works of one village that differ in kind, size and contractor.
	quiet: func(s *site) (Case, bool) {
		p, k := s.work(), s.kind()
		if p == nil || k == nil {
			return Case{}, false
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
		return oneOf(q, p, fmt.Sprintf("同村不同工程:%s与%s", p.kind.kind, q.kind.kind)), true
	},
}

// on is a case about a project.
func on(p *project, why string) Case {
	return Case{Kind: string(table.Project), Key: p.id, ProjectID: p.id, Why: why}
}

// free takes a project of the village that no planter had yet.
func (s *site) free() *project {
	p := s.work()
	if p != nil {
		p.planted = true
	}
	return p
}

// atWork returns the planter of a rule whose cases are one project each.
func atWork(rule string, lead, quiet func(*site, *project) Case) planter {
	return planter{rule: rule, where: inVillage, lead: each((*site).free, lead), quiet: each((*site).free, quiet)}
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

// early takes a project of the first year, nil if the village has no room for
// one.
func (s *site) early() *project {
	if p := s.work(); p != nil && p.year == firstYear {
		p.planted = true
		return p
	}
	return nil
}

var projStalled = planter{
	rule: "proj-stalled", where: inVillage,
	// Paid for in the first year and never begun.
	lead: each((*site).early, func(s *site, p *project) Case {
		p.started, p.finished, p.accepted = 0, 0, 0
		s.may("proj-early", on(p, "未开工而已付工程款"))
		return on(p, "资金到位一年多未开工")
	}),
	quiet: each((*site).early, func(_ *site, p *project) Case { return on(p, "先建后补,资金到位时已验收") }),
}

// breed names a project after what a village's households raise by it, another
// for each case, so that two in one village are two works.
func (s *site) breed(p *project, animals string) {
	kinds := strings.Fields(animals)
	p.name = s.town.name + s.village.name + kinds[s.n%len(kinds)] + "养殖到户项目"
}

var projUnreached = atWork("proj-unreached",
	func(s *site, p *project) Case {
		s.breed(p, "肉牛 山羊 麻鸭 蜜蜂 竹鼠")
		return on(p, "到户项目无到户发放")
	},
	// Not accepted yet.
	func(s *site, p *project) Case {
		s.breed(p, "生猪 土鸡 肉兔 草鱼 蛋鸽")
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

// twoDigits is how many cases a county has room for where each numbers so many
// works with two digits: works of one kind in one village are to differ in no
// more, lest they look like one.
func twoDigits(each int) func(int) int { return func(int) int { return 100 / each } }

// priced lists ten projects of one kind, another for each case, whose sizes
// differ widely and whose prices hardly do, and takes the last.
func priced(kinds string) func(*site) *project {
	return func(s *site) *project {
		villages := s.places()
		if len(villages) == 0 {
			return nil
		}
		all := strings.Fields(kinds)
		kind := all[s.n%len(all)]
		var p *project
		for i := range 10 {
			k := &works{kind: kind, name: fmt.Sprintf("%02d号%s", 10*s.n+i, kind), unit: "座", price: table.Fen(20_000_00 + 100_00*(i%5))}
			p = s.listed(villages[i%len(villages)], k, s.county.name+kind+"管理站", table.DayOf(firstYear, 1, 10)+table.Day(12*i), 5+3*i, 100+20*s.n+i)
		}
		return p
	}
}

var projPrice = planter{
	rule: "proj-price", where: inCounty,
	most: twoDigits(10),
	// A third of the size at the same price.
	lead: each(priced("提灌 水窖 机井 塘坝"), func(_ *site, p *project) Case {
		p.quantity /= 3
		return on(p, "单价为同类的三倍")
	}),
	quiet: each(priced("沼气 围栏 烘房 大棚"), func(_ *site, p *project) Case { return on(p, "单价与同类相当") }),
}

// split lists three works of one kind in one village, each under the tender
// limit and all of them together over it, by one firm each.
func split(kind string, firms [3]int) func(s *site, unit string) bool {
	return func(s *site, unit string) bool {
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
}

var projSplit = planter{
	rule: "proj-split", where: inCounty,
	lead:  bureau("农村道路建设办公室", "同村同类工程拆成三项,均低于招标限额", 0, split("屯级路", [3]int{0, 0, 0})),
	quiet: bureau("农田排灌建设办公室", "同村同类工程由三家企业承建", 0, split("排水沟", [3]int{1, 2, 3})),
}

// rotated are works of ten kinds, so that none looks like another.
var rotated = strings.Fields("护岸修复 桥涵重建 晒场铺设 公厕改造 垃圾池砌筑 挡土墙加固 球场平整 码头维修 泵房更新 凉亭搭建")

// rotate lists ten projects of one unit that two firms win in an order; of each
// case's four firms the first is from.
func rotate(from int, order ...int) func(s *site, unit string) bool {
	return func(s *site, unit string) bool {
		villages := s.places()
		if len(villages) == 0 {
			return false
		}
		firms := 4*s.n + from
		for i, firm := range order {
			k := &works{kind: rotated[i], name: fmt.Sprintf("%02d号%s工程", firms/2, rotated[i]), unit: "处", price: table.Fen(30_000_00 + 7_000_00*i)}
			s.listed(villages[i%len(villages)], k, unit, table.DayOf(firstYear, 1, 10)+table.Day(12*i), 1, firms+firm)
		}
		return true
	}
}

var projRotating = planter{
	rule: "proj-rotating", where: inCounty,
	most: twoDigits(2),
	lead: bureau("以工代赈办公室", "两家企业轮流中标", 0, rotate(0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1)),
	// One of them wins twice in a row.
	quiet: bureau("饮水安全办公室", "有连续中标", 0, rotate(2, 0, 1, 0, 1, 1, 0, 1, 0, 0, 1)),
}
