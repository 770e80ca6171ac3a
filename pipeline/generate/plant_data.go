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
