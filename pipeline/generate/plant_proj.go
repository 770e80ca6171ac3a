package generate

import (
	"fmt"

	"fundtrace/pipeline/table"
)

// work returns a project of the village's first year that no planter had yet.
func (s *site) work() *project {
	v := s.village
	for _, p := range v.works {
		if !p.planted && p.year == firstYear {
			return p
		}
	}
	return v.build(firstYear, kinds[len(v.works)%len(kinds)])
}

var projDuplicate = planter{
	rule: "proj-duplicate",
	// The work of one year stands in the library of the next once more.
	lead: func(s *site) bool {
		p := s.work()
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
		p := s.work()
		p.planted = true
		k := kinds[0]
		if p.kind == k {
			k = kinds[1]
		}
		q := s.village.build(firstYear, k)
		q.planted = true
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
