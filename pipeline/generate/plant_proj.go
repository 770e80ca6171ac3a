package generate

import (
	"fmt"
	"slices"

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
