package generate

import "fundtrace/pipeline/table"

// stated returns a roster with a total that no planter had yet.
func (s *site) stated() *roster {
	for _, r := range s.town.rosters {
		if !r.planted && r.totals() && len(r.lines) >= 2 {
			r.planted = true
			return r
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
