package generate

import (
	"fmt"
	"time"

	"fundtrace/pipeline/table"
)

// held is a case about a fund at a unit.
func held(unit, fund, why string) Case {
	return Case{Kind: string(table.Unit), Key: unit, FundNo: fund, Why: why}
}

// orFund adds that the case may be reported on the fund, or on another unit
// that has to do with it.
func (c Case) orFund(units ...string) Case {
	c.Or = append(c.Or, Subject{string(table.Fund), c.FundNo})
	for _, u := range units {
		c.Or = append(c.Or, Subject{string(table.Unit), u})
	}
	return c
}

// chained returns a transfer from the county to a town, of a fund that no
// planter had yet. The fund was issued in April or later, so that it may come a
// hundred days earlier within its year.
func (s *site) chained() *transfer { return s.issuedFrom(time.April) }

// issuedFrom does so for funds issued in a month or later.
func (s *site) issuedFrom(month time.Month) *transfer {
	c := s.county
	for _, b := range c.batches {
		if _, m, _ := b.issued.Date(); c.used[b.fund] || m < month || m == time.December {
			continue
		}
		for _, t := range c.transfers {
			if t.fund == b.fund && t.amount >= 1_000_00 {
				c.used[b.fund] = true
				return t
			}
		}
	}
	return nil
}

var holdIdle = planter{
	rule: "hold-idle", where: inCounty,
	// The county keeps a fund for four months before it passes it on.
	lead: func(s *site) bool {
		t := s.chained()
		if t == nil {
			return false
		}
		a := s.county.allocation(t.fund)
		a.issued -= 100
		c := held(s.county.finance(), t.fund, "县财政局收到后逾百日才下拨")
		c.Amount = a.amount
		s.found(c)
		return true
	},
	// Passed on on the thirtieth day.
	quiet: func(s *site) bool {
		t := s.chained()
		if t == nil {
			return false
		}
		s.county.allocation(t.fund).issued = t.sentOn - 30
		s.still(held(s.county.finance(), t.fund, "第三十日下拨"))
		return true
	},
}

var holdShort = planter{
	rule: "hold-short", where: inCounty,
	lead: func(s *site) bool {
		t := s.chained()
		if t == nil {
			return false
		}
		const short = 5_000_00
		s.county.allocation(t.fund).amount += short
		t.amount += short
		t.receipts[0].amount += short
		c := held(t.to, t.fund, "收大于支,账面又无结余")
		c.Amount = short
		s.found(c)
		s.may("hold-idle", held(t.to, t.fund, "截留的钱也未动用"))
		s.may("hold-roster-total", Case{Kind: string(table.Fund), Key: t.fund, Why: "名册少于下达"})
		return true
	},
	// Came in late December and stands in the books.
	quiet: func(s *site) bool {
		t := s.chained()
		if t == nil {
			return false
		}
		c := s.county
		fund := c.notice(2017)
		c.allocations = append(c.allocations, &allocation{fund: fund, title: "关于提前下达2018年" + t.purpose + "资金的通知", amount: 20_000_00,
			issued: table.DayOf(2017, 12, 5), holder: c.finance(), purpose: t.purpose})
		c.send(transfer{fund: fund, from: c.finance(), to: t.to, amount: 20_000_00, sentOn: table.DayOf(2017, 12, 18), purpose: t.purpose})
		c.balances = append(c.balances, balance{t.to, fund, 20_000_00}, balance{c.finance(), fund, 0})
		s.still(held(t.to, fund, "年末到账,结余在账"))
		return true
	},
}

var holdReceivedLess = planter{
	rule: "hold-received-less", where: inCounty,
	lead: func(s *site) bool {
		t := s.chained()
		if t == nil {
			return false
		}
		const less = 2_000_00
		s.county.allocation(t.fund).amount += less
		t.amount += less
		c := held(t.to, t.fund, "拨出大于收到").orFund(t.from)
		c.Amount = less
		s.found(c)
		s.may("hold-short", held(t.to, t.fund, "拨出与收到之差"))
		s.may("hold-idle", held(t.to, t.fund, "拨出与收到之差"))
		s.may("hold-roster-total", Case{Kind: string(table.Fund), Key: t.fund, Why: "名册少于拨出"})
		return true
	},
	// One transfer, booked by the receiver in two parts.
	quiet: func(s *site) bool {
		t := s.chained()
		if t == nil {
			return false
		}
		half := t.amount / 2 / 100 * 100
		t.receipts = []receipt{{half, t.sentOn + 1}, {t.amount - half, t.sentOn + 2}}
		s.still(held(t.to, t.fund, "收款方分两笔入账").orFund(t.from))
		return true
	},
}

var holdUnfunded = planter{
	rule: "hold-unfunded",
	lead: func(s *site) bool {
		h := s.cast(shape{size: 3})
		if h == nil {
			return false
		}
		p := h.paid(industry, 2017)[0]
		p.fund = fmt.Sprintf("自财农〔2017〕%d号", 990_000+s.n)
		c := held(s.town.finance(), p.fund, "所列资金从未下达").orFund()
		c.Amount = p.amount
		s.found(c)
		s.may("hold-overspent", held(s.town.finance(), p.fund, "无来源的支出"))
		return true
	},
	// The same number in other brackets.
	quiet: func(s *site) bool {
		h := s.cast(shape{size: 3})
		if h == nil {
			return false
		}
		for _, p := range h.paid(industry, 2017) {
			p.cited = otherBrackets(p.batch.fund)
			s.still(held(s.town.finance(), p.batch.fund, "同一文号,括号写法不同").orFund())
			s.still(held(s.town.finance(), p.cited, "同一文号,括号写法不同").orFund())
		}
		return true
	},
}

var holdRosterBank = onHousehold("hold-roster-bank",
	role{shape{size: 2, category: lowIncome}, func(_ *site, h *household) Case {
		p := h.paid(allowance, 2017)[1]
		p.returned = true
		c := by(h.head(), "银行退票后未再发放")
		c.Or = []Subject{{string(table.Account), h.account}}
		c.Amount = p.amount
		return c
	}},
	// Returned, and paid again within the week.
	role{shape{size: 2, category: lowIncome}, func(_ *site, h *household) Case {
		p := h.paid(allowance, 2017)[1]
		p.returned, p.repaid = true, true
		c := by(h.head(), "银行退票后随即补发")
		c.Or = []Subject{{string(table.Account), h.account}}
		return c
	}},
)

var holdOverspent = planter{
	rule: "hold-overspent", where: inCounty,
	lead: func(s *site) bool {
		t := s.chained()
		if t == nil {
			return false
		}
		const over = 500_00
		s.county.allocation(t.fund).amount -= over
		c := held(s.county.finance(), t.fund, "拨出大于下达").orFund()
		c.Amount = over
		s.found(c)
		return true
	},
	// Spent to the last fen.
	quiet: func(s *site) bool {
		t := s.chained()
		if t == nil {
			return false
		}
		s.still(held(s.county.finance(), t.fund, "收支恰好相等").orFund())
		return true
	},
}

var holdLate = planter{
	rule: "hold-late", where: inCounty,
	lead: func(s *site) bool {
		t := s.issuedFrom(time.July)
		if t == nil {
			return false
		}
		s.county.allocation(t.fund).issued -= 170
		s.found(held(s.county.finance(), t.fund, "下达到发放超过一百八十天").orFund(t.to))
		s.may("hold-idle", held(s.county.finance(), t.fund, "滞留在县财政局"))
		return true
	},
	quiet: func(s *site) bool {
		t := s.chained()
		if t == nil {
			return false
		}
		s.still(held(s.county.finance(), t.fund, "两个月内发放到户").orFund(t.to))
		return true
	},
}

var holdLoop = planter{
	rule: "hold-loop", where: inCounty,
	// A part goes back to the county, and out again.
	lead: func(s *site) bool {
		t := s.chained()
		if t == nil {
			return false
		}
		c := s.county
		part := t.amount / 4 / 100 * 100
		c.send(transfer{fund: t.fund, from: t.to, to: t.from, amount: part, sentOn: t.sentOn + 4, purpose: "退回"})
		c.send(transfer{fund: t.fund, from: t.from, to: t.to, amount: part, sentOn: t.sentOn + 7, purpose: t.purpose})
		s.found(held(t.from, t.fund, "一部分退回县财政局后再拨出").orFund(t.to))
		return true
	},
	// Sent in two parts.
	quiet: func(s *site) bool {
		t := s.chained()
		if t == nil {
			return false
		}
		half := t.amount / 2 / 100 * 100
		t.amount -= half
		t.receipts[0].amount -= half
		s.county.send(transfer{fund: t.fund, from: t.from, to: t.to, amount: half, sentOn: t.sentOn + 2, purpose: t.purpose})
		s.still(held(t.from, t.fund, "分两次拨付").orFund(t.to))
		return true
	},
}
