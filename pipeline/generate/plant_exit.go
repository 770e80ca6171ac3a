package generate

import "fundtrace/pipeline/table"

// tally makes the transfer income of both years what the payments come to.
func (h *household) tally() {
	for y := range years {
		h.state[y].transfer = 0
		for _, p := range h.payments {
			if p.batch.program.income && p.batch.period.Year() == firstYear+y {
				h.state[y].transfer += p.amount
			}
		}
	}
}

// earns sets the second year's own income so that the income a head is exactly
// so much.
func (h *household) earns(perHead table.Fen) {
	s := &h.state[1]
	rest := perHead*table.Fen(len(h.members)) - s.transfer
	s.property, s.wage = 0, rest/2/100*100
	s.business = rest - s.wage
}

var exitUnderLine = planter{
	rule: "exit-under-line",
	lead: func(s *site) bool {
		h := s.cast(shape{size: 3, exit: 2017})
		if h == nil {
			return false
		}
		h.earns(poverty[1] - 140_00 - table.Fen(s.n%90)*100)
		s.found(of(h, "脱贫当年人均纯收入低于贫困线"))
		return true
	},
	// Exactly at the line.
	quiet: func(s *site) bool {
		h := s.cast(shape{size: 3, exit: 2017})
		if h == nil {
			return false
		}
		h.earns(poverty[1])
		s.still(of(h, "人均纯收入恰好等于贫困线"))
		return true
	},
}

var exitGuarantee = planter{
	rule: "exit-guarantee",
	lead: func(s *site) bool {
		h := s.cast(shape{size: 3, exit: 2017})
		if h == nil {
			return false
		}
		st := &h.state[1]
		*[]*bool{&st.housing, &st.water}[s.n%2] = false
		s.found(of(h, "脱贫当年住房或饮水未达标"))
		return true
	},
	// Not met the year before, met in the year of exit.
	quiet: func(s *site) bool {
		h := s.cast(shape{size: 3, exit: 2017})
		if h == nil {
			return false
		}
		h.state[0].housing = false
		s.still(of(h, "上一年未达标,脱贫当年已达标"))
		return true
	},
}

var exitTransferGap = planter{
	rule: "exit-transfer-gap",
	lead: func(s *site) bool {
		h := s.cast(shape{size: 3, exit: 2017})
		if h == nil {
			return false
		}
		st := &h.state[1]
		gap := table.Fen(3_000_00)
		h.earns(poverty[1] - 400_00)
		st.transfer += gap
		c := of(h, "转移性收入比实发补贴多,扣除后低于贫困线")
		c.Amount = gap
		s.found(c)
		return true
	},
	// Too much by less than the tolerance, and over the line without it.
	quiet: func(s *site) bool {
		h := s.cast(shape{size: 3, exit: 2017})
		if h == nil {
			return false
		}
		h.state[1].transfer += 300_00
		s.still(of(h, "差额在允许误差内"))
		return true
	},
}
