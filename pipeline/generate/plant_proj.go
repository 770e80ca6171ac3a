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
// nil where there is no room for one.
func (s *site) work() *project {
	for _, p := range s.village.works {
		if !p.planted && p.year == firstYear {
			return p
		}
	}
	if k := s.kind(); k != nil {
		return s.village.build(firstYear, k)
	}
	return nil
}

var projDuplicate = planter{
	rule: "proj-duplicate",
	// The work of one year stands in the library of the next once more.
	lead: func(s *site) bool {
		p := s.work()
		if p == nil {
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
