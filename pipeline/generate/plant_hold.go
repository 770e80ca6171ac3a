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

// townOffice returns a town finance office that the county sends money to.
func (s *site) townOffice() string {
	c := s.county
	for _, t := range c.transfers {
		if t.from == c.finance() && t.project == "" {
			return t.to
		}
	}
	return ""
}

// grant allots a fund of its own, sends it to a unit in the next ten days and
// states that nothing is left of it.
func (s *site) grant(to, title, purpose string, amount table.Fen, issued table.Day) (fund string) {
	c := s.county
	fund = c.notice(issued.Year())
	c.allocations = append(c.allocations, &allocation{fund: fund, title: title, amount: amount, issued: issued, holder: c.finance(), purpose: purpose})
	c.send(transfer{fund: fund, from: c.finance(), to: to, amount: amount, sentOn: issued + 10, purpose: purpose})
	c.balances = append(c.balances, balance{c.finance(), fund, 0}, balance{to, fund, 0})
	return fund
}

// onward plants a fund that a town office pays on to somebody.
func (s *site) onward(to, purpose string) (fund string, ok bool) {
	office := s.townOffice()
	if office == "" {
		return "", false
	}
	const amount = 30_000_00
	issued := table.DayOf(2017, 5, 10) + table.Day(s.n)
	fund = s.grant(office, "关于下达2017年财政专项扶贫资金的通知", "财政专项扶贫", amount, issued)
	s.county.send(transfer{fund: fund, from: office, to: to, amount: amount, sentOn: issued + 25, purpose: purpose})
	return fund, true
}

// funded is a case about a fund itself.
func funded(fund, why string) Case { return Case{Kind: string(table.Fund), Key: fund, Why: why} }

// trader returns the name of a firm that no project names.
func (s *site) trader() string { return s.county.name + "百利商贸有限公司" }

var holdDiverted = planter{
	rule: "hold-diverted", where: inCounty,
	lead: func(s *site) bool {
		fund, ok := s.onward(s.trader(), "货款")
		if ok {
			s.found(funded(fund, "付给与项目无关的企业"))
		}
		return ok
	},
	// The contractors of the fund's own projects.
	quiet: func(s *site) bool {
		for _, p := range s.county.works {
			if p.fund != "" {
				s.still(funded(p.fund, "付给项目的施工单位"))
				return true
			}
		}
		return false
	},
}

var holdPurpose = planter{
	rule: "hold-purpose", where: inCounty,
	lead: func(s *site) bool {
		fund, ok := s.onward(s.trader(), "公务接待费")
		if ok {
			s.found(funded(fund, "用于公务接待"))
			s.may("hold-diverted", funded(fund, "付给与项目无关的企业"))
		}
		return ok
	},
	quiet: func(s *site) bool {
		fund, ok := s.onward(s.trader(), "扶贫开发办公室采购种苗")
		if ok {
			s.still(funded(fund, "用途中只有单位名称"))
			s.may("hold-diverted", funded(fund, "付给与项目无关的企业"))
		}
		return ok
	},
}

var holdPrivate = planter{
	rule: "hold-private", where: inCounty,
	lead: func(s *site) bool {
		fund, ok := s.onward("韦小坡", "代垫款")
		if ok {
			s.found(funded(fund, "转入个人账户"))
			s.may("hold-diverted", funded(fund, "付给链外的个人"))
		}
		return ok
	},
	quiet: func(s *site) bool {
		fund, ok := s.onward(s.trader(), "种苗款")
		if ok {
			s.still(funded(fund, "转入企业账户"))
			s.may("hold-diverted", funded(fund, "付给与项目无关的企业"))
		}
		return ok
	},
}

var holdCarryover = planter{
	rule: "hold-carryover", where: inCounty,
	lead: func(s *site) bool {
		office := s.townOffice()
		if office == "" {
			return false
		}
		const left = 20_000_00
		fund := s.grant(office, "关于下达2016年财政专项扶贫资金的通知", "财政专项扶贫", left, table.DayOf(2016, 5, 10)+table.Day(s.n))
		s.county.balances[len(s.county.balances)-1].amount = left
		c := held(office, fund, "下达次年年末仍未用完")
		c.Amount = left
		s.found(c)
		s.may("hold-idle", held(office, fund, "未用完的钱一直在账"))
		return true
	},
	// Issued ahead, for the year after.
	quiet: func(s *site) bool {
		office := s.townOffice()
		if office == "" {
			return false
		}
		const left = 20_000_00
		fund := s.grant(office, "关于提前下达2017年财政专项扶贫资金的通知", "财政专项扶贫", left, table.DayOf(2016, 12, 1)+table.Day(s.n))
		s.county.balances[len(s.county.balances)-1].amount = left
		s.still(held(office, fund, "提前下达的次年资金"))
		s.may("hold-idle", held(office, fund, "未用完的钱一直在账"))
		return true
	},
}

// spends plants a unit that pays a firm in three months and at the year's end.
func (s *site) spends(unit string, late table.Fen) (fund string) {
	const monthly = 20_000_00
	fund = s.grant(unit, "关于下达2017年财政专项扶贫资金的通知", "财政专项扶贫", 3*monthly+late, table.DayOf(2017, 2, 10))
	for _, month := range []time.Month{time.March, time.May, time.July} {
		s.county.send(transfer{fund: fund, from: unit, to: s.trader(), amount: monthly, sentOn: table.DayOf(2017, month, 8), purpose: "货款"})
	}
	s.county.send(transfer{fund: fund, from: unit, to: s.trader(), amount: late, sentOn: table.DayOf(2017, time.December, 26), purpose: "货款"})
	s.may("hold-idle", held(unit, fund, "逐月支出"))
	s.may("hold-diverted", funded(fund, "付给与项目无关的企业"))
	return fund
}

var holdYearend = planter{
	rule: "hold-yearend", where: inCounty,
	lead: func(s *site) bool {
		unit := fmt.Sprintf("%s第%d水库移民局", s.county.name, s.n+1)
		s.spends(unit, 90_000_00)
		s.found(Case{Kind: string(table.Unit), Key: unit, Amount: 90_000_00, Why: "六成资金在年末几天支出"})
		return true
	},
	// A fifth of the year's money.
	quiet: func(s *site) bool {
		unit := fmt.Sprintf("%s第%d国有林业局", s.county.name, s.n+1)
		s.spends(unit, 15_000_00)
		s.still(Case{Kind: string(table.Unit), Key: unit, Why: "年末支出占两成"})
		return true
	},
}

var holdRosterTotal = planter{
	rule: "hold-roster-total", where: inCounty,
	lead: func(s *site) bool {
		t := s.chained()
		if t == nil {
			return false
		}
		const more = 3_000_00
		s.county.allocation(t.fund).amount += more
		t.amount += more
		t.receipts[0].amount += more
		c := funded(t.fund, "名册合计少于下达")
		c.Amount = more
		s.found(c)
		s.may("hold-short", held(t.to, t.fund, "名册之外的钱不在账上"))
		s.may("hold-idle", held(t.to, t.fund, "名册之外的钱未动用"))
		return true
	},
	// What is over stands in the books.
	quiet: func(s *site) bool {
		t := s.chained()
		if t == nil {
			return false
		}
		const more = 3_000_00
		s.county.allocation(t.fund).amount += more
		t.amount += more
		t.receipts[0].amount += more
		for i := range s.county.balances {
			if b := &s.county.balances[i]; b.fund == t.fund && b.unit == t.to {
				b.amount += more
			}
		}
		s.still(funded(t.fund, "未发的钱结余在账"))
		s.may("hold-idle", held(t.to, t.fund, "结余未动用"))
		s.may("hold-carryover", held(t.to, t.fund, "结余未动用"))
		return true
	},
}

// collected plants households of a village that send what they were paid to
// one account.
func (s *site) collected(n int) (account string, ok bool) {
	if !s.room(n) {
		return "", false
	}
	account = s.account()
	holder := s.stranger().name
	for i := range n {
		h := s.cast(shape{size: 2, category: lowIncome})
		if h == nil {
			return "", false
		}
		p := h.paid(allowance, 2017)[0]
		t := s.town
		t.withdrawals = append(t.withdrawals, withdrawal{p, p.amount * 9 / 10, p.day + 3 + table.Day(i), account, holder})
	}
	return account, true
}

var holdPayback = planter{
	rule: "hold-payback",
	lead: func(s *site) bool {
		account, ok := s.collected(3)
		if ok {
			s.found(at(account, "三户领到低保后转入同一账户"))
		}
		return ok
	},
	quiet: func(s *site) bool {
		account, ok := s.collected(2)
		if ok {
			s.still(at(account, "只有两户转入同一账户"))
		}
		return ok
	},
}
