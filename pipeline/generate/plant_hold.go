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
// planter had yet and that came long enough ago to be due.
func (s *site) chained() *transfer { return s.issuedFrom(time.January) }

// issuedFrom does so for funds issued in a month or later, so that they may come
// earlier within their year.
func (s *site) issuedFrom(month time.Month) *transfer {
	c := s.county
	for _, b := range c.batches {
		if _, m, _ := b.issued.Date(); c.used[b.fund] || m < month || m == time.December || asOf-b.sent < 45 {
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

// late is issuedFrom for a planter.
func late(month time.Month) func(*site) *transfer {
	return func(s *site) *transfer { return s.issuedFrom(month) }
}

// onFund returns the planter of a rule whose cases are one fund each, on its way
// from the county to a town.
func onFund(rule string, lead, quiet func(*site, *transfer) Case) planter {
	return planter{rule: rule, where: inCounty, lead: each((*site).chained, lead), quiet: each((*site).chained, quiet)}
}

// enlarge adds to what was allotted, sent and received of a transfer's fund.
func (s *site) enlarge(t *transfer, more table.Fen) {
	s.county.allocation(t.fund).amount += more
	t.amount += more
	t.receipts[0].amount += more
}

// atCounty is a case about a fund at the county's finance office.
func (s *site) atCounty(t *transfer, why string) Case { return held(s.county.finance(), t.fund, why) }

// worth sets the amount that the lead must have.
func (c Case) worth(amount table.Fen) Case {
	c.Amount = amount
	return c
}

var holdIdle = planter{
	rule: "hold-idle", where: inCounty,
	// The county keeps a fund for four months before it passes it on.
	lead: each(late(time.April), func(s *site, t *transfer) Case {
		a := s.county.allocation(t.fund)
		a.issued -= 100
		return s.atCounty(t, "县财政局收到后逾百日才下拨").worth(a.amount)
	}),
	// Passed on on the thirtieth day.
	quiet: each(late(time.April), func(s *site, t *transfer) Case {
		s.county.allocation(t.fund).issued = t.sentOn - 30
		return s.atCounty(t, "第三十日下拨")
	}),
}

var holdShort = planter{
	rule: "hold-short", where: inCounty,
	lead: each((*site).chained, func(s *site, t *transfer) Case {
		const short = 5_000_00
		s.enlarge(t, short)
		s.may("hold-idle", held(t.to, t.fund, "截留的钱也未动用"))
		s.may("hold-roster-total", funded(t.fund, "名册少于下达"))
		return held(t.to, t.fund, "收大于支,账面又无结余").worth(short)
	}),
	// Came in late December and stands in the books.
	quiet: leftOver(2018, table.DayOf(2017, 12, 5), "年末到账,结余在账"),
}

var holdReceivedLess = onFund("hold-received-less",
	func(s *site, t *transfer) Case {
		const less = 2_000_00
		s.enlarge(t, less)
		t.receipts[0].amount -= less
		s.may("hold-short", held(t.to, t.fund, "拨出与收到之差"))
		s.may("hold-idle", held(t.to, t.fund, "拨出与收到之差"))
		s.may("hold-roster-total", funded(t.fund, "名册少于拨出"))
		return held(t.to, t.fund, "拨出大于收到").orFund(t.from).worth(less)
	},
	// One transfer, booked by the receiver in two parts.
	func(_ *site, t *transfer) Case {
		half := t.amount / 2 / 100 * 100
		t.receipts = []receipt{{half, t.sentOn + 1}, {t.amount - half, t.sentOn + 2}}
		return held(t.to, t.fund, "收款方分两笔入账").orFund(t.from)
	},
)

var holdUnfunded = onHousehold("hold-unfunded",
	role{shape{size: 3}, func(s *site, h *household) Case {
		p := h.paid(industry, 2017)[0]
		p.fund = fmt.Sprintf("自财农〔2017〕%d号", 990_000+s.n)
		s.may("hold-overspent", held(s.town.finance(), p.fund, "无来源的支出"))
		return held(s.town.finance(), p.fund, "所列资金从未下达").orFund().worth(p.amount)
	}},
	// The same number in other brackets.
	role{shape{size: 3}, func(s *site, h *household) Case {
		p := h.paid(industry, 2017)[0]
		p.cited = otherBrackets(p.batch.fund)
		s.still(held(s.town.finance(), p.batch.fund, "同一文号,括号写法不同").orFund())
		return held(s.town.finance(), p.cited, "同一文号,括号写法不同").orFund()
	}},
)

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

var holdOverspent = onFund("hold-overspent",
	func(s *site, t *transfer) Case {
		const over = 500_00
		s.county.allocation(t.fund).amount -= over
		return s.atCounty(t, "拨出大于下达").orFund().worth(over)
	},
	// Spent to the last fen.
	func(s *site, t *transfer) Case { return s.atCounty(t, "收支恰好相等").orFund() },
)

var holdLate = planter{
	rule: "hold-late", where: inCounty,
	lead: each(late(time.July), func(s *site, t *transfer) Case {
		s.county.allocation(t.fund).issued -= 170
		s.may("hold-idle", s.atCounty(t, "滞留在县财政局"))
		return s.atCounty(t, "下达到发放超过一百八十天").orFund(t.to)
	}),
	quiet: each((*site).chained, func(s *site, t *transfer) Case {
		return s.atCounty(t, "两个月内发放到户").orFund(t.to)
	}),
}

var holdLoop = onFund("hold-loop",
	// A part goes back to the county, and out again.
	func(s *site, t *transfer) Case {
		part := t.amount / 4 / 100 * 100
		s.county.send(transfer{fund: t.fund, from: t.to, to: t.from, amount: part, sentOn: t.sentOn + 4, purpose: "退回"})
		s.county.send(transfer{fund: t.fund, from: t.from, to: t.to, amount: part, sentOn: t.sentOn + 7, purpose: t.purpose})
		return held(t.from, t.fund, "一部分退回县财政局后再拨出").orFund(t.to)
	},
	// Sent in two parts.
	func(s *site, t *transfer) Case {
		half := t.amount / 2 / 100 * 100
		t.amount -= half
		t.receipts[0].amount -= half
		s.county.send(transfer{fund: t.fund, from: t.from, to: t.to, amount: half, sentOn: t.sentOn + 2, purpose: t.purpose})
		return held(t.from, t.fund, "分两次拨付").orFund(t.to)
	},
)

// townOffice returns a town finance office that the county sends money to, nil
// where it sends none.
func (s *site) townOffice() *string {
	c := s.county
	for _, t := range c.transfers {
		if t.from == c.finance() && t.project == "" {
			return &t.to
		}
	}
	return nil
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

// relief allots a fund of a year's poverty relief money.
func (s *site) relief(to string, year int, amount table.Fen, issued table.Day) (fund string) {
	title := "关于%s下达%d年财政专项扶贫资金的通知"
	return s.grant(to, fmt.Sprintf(title, map[bool]string{true: "提前"}[year > issued.Year()], year), "财政专项扶贫", amount, issued)
}

// leave adds to what a unit states to have left of a fund.
func (s *site) leave(unit, fund string, amount table.Fen) {
	for i := range s.county.balances {
		if b := &s.county.balances[i]; b.fund == fund && b.unit == unit {
			b.amount += amount
		}
	}
}

// funded is a case about a fund itself.
func funded(fund, why string) Case { return Case{Kind: string(table.Fund), Key: fund, Why: why} }

// trader returns the name of a firm that no project names.
func (s *site) trader() string { return s.county.name + "百利商贸有限公司" }

// buys pays the trader out of a fund.
func (s *site) buys(fund, unit, purpose string, amount table.Fen, on table.Day) {
	s.county.send(transfer{fund: fund, from: unit, to: s.trader(), amount: amount, sentOn: on, purpose: purpose})
}

// traded says that the rule on strange payees may name the fund.
func (s *site) traded(fund string) {
	s.may("hold-diverted", funded(fund, "付给与项目无关的企业"))
}

// payOn grants a town office a fund, which it pays on.
func (s *site) payOn(office, to, purpose string) (fund string) {
	const amount = 30_000_00
	issued := table.DayOf(2017, 5, 10) + table.Day(s.n%100)
	fund = s.relief(office, 2017, amount, issued)
	s.county.send(transfer{fund: fund, from: office, to: to, amount: amount, sentOn: issued + 25, purpose: purpose})
	return fund
}

// toTrader is a fund that a town office pays to the trader.
func toTrader(purpose, why string) sow {
	return each((*site).townOffice, func(s *site, office *string) Case {
		fund := s.payOn(*office, s.trader(), purpose)
		s.traded(fund)
		return funded(fund, why)
	})
}

var holdDiverted = planter{
	rule: "hold-diverted", where: inCounty,
	lead: toTrader("货款", "付给与项目无关的企业"),
	// The contractors of the fund's own projects.
	quiet: each(func(s *site) *string {
		for _, p := range s.county.works {
			if p.fund != "" {
				return &p.fund
			}
		}
		return nil
	}, func(_ *site, fund *string) Case { return funded(*fund, "付给项目的施工单位") }),
}

var holdPurpose = planter{
	rule: "hold-purpose", where: inCounty,
	lead:  toTrader("公务接待费", "用于公务接待"),
	quiet: toTrader("扶贫开发办公室采购种苗", "用途中只有单位名称"),
}

var holdPrivate = planter{
	rule: "hold-private", where: inCounty,
	lead: each((*site).townOffice, func(s *site, office *string) Case {
		const someone = "韦小坡"
		fund := s.payOn(*office, someone, "代垫款")
		s.may("hold-diverted", funded(fund, "付给链外的个人"))
		return funded(fund, "转入个人账户")
	}),
	quiet: toTrader("种苗款", "转入企业账户"),
}

// leftOver is a fund for a year that a town office has not spent.
func leftOver(year int, issued table.Day, why string) sow {
	return each((*site).townOffice, func(s *site, office *string) Case {
		const left = 20_000_00
		fund := s.relief(*office, year, left, issued+table.Day(s.n%10))
		s.leave(*office, fund, left)
		s.may("hold-idle", held(*office, fund, "未用完的钱一直在账"))
		return held(*office, fund, why).worth(left)
	})
}

var holdCarryover = planter{
	rule: "hold-carryover", where: inCounty,
	lead:  leftOver(2016, table.DayOf(2016, 5, 10), "下达次年年末仍未用完"),
	quiet: leftOver(2017, table.DayOf(2016, 12, 1), "提前下达的次年资金"),
}

// bureau plants what set makes of a unit of the county, another for each case;
// amount is the lead's, where it is certain.
func bureau(name, why string, amount table.Fen, set func(s *site, unit string) bool) sow {
	return func(s *site) (Case, bool) {
		unit := fmt.Sprintf("%s第%d%s", s.county.name, s.n+1, name)
		return Case{Kind: string(table.Unit), Key: unit, Amount: amount, Why: why}, set(s, unit)
	}
}

// spends pays the trader in three months and at the year's end.
func spends(late table.Fen) func(s *site, unit string) bool {
	return func(s *site, unit string) bool {
		const monthly = 20_000_00
		fund := s.relief(unit, 2017, 3*monthly+late, table.DayOf(2017, 2, 10))
		for _, month := range []time.Month{time.March, time.May, time.July} {
			s.buys(fund, unit, "货款", monthly, table.DayOf(2017, month, 8))
		}
		s.buys(fund, unit, "货款", late, table.DayOf(2017, time.December, 26))
		s.may("hold-idle", held(unit, fund, "逐月支出"))
		s.traded(fund)
		return true
	}
}

var holdYearend = planter{
	rule: "hold-yearend", where: inCounty,
	lead:  bureau("水库移民局", "六成资金在年末几天支出", 90_000_00, spends(90_000_00)),
	quiet: bureau("国有林业局", "年末支出占两成", 0, spends(15_000_00)),
}

var holdRosterTotal = onFund("hold-roster-total",
	func(s *site, t *transfer) Case {
		const more = 3_000_00
		s.enlarge(t, more)
		s.may("hold-short", held(t.to, t.fund, "名册之外的钱不在账上"))
		s.may("hold-idle", held(t.to, t.fund, "名册之外的钱未动用"))
		return funded(t.fund, "名册合计少于下达").worth(more)
	},
	// What is over stands in the books.
	func(s *site, t *transfer) Case {
		const more = 3_000_00
		s.enlarge(t, more)
		s.leave(t.to, t.fund, more)
		s.may("hold-idle", held(t.to, t.fund, "结余未动用"))
		s.may("hold-carryover", held(t.to, t.fund, "结余未动用"))
		return funded(t.fund, "未发的钱结余在账")
	},
)

// collected takes n households of a village that send what they were paid to one
// account, which it returns.
func collected(n int) func(*site) *string {
	return func(s *site) *string {
		if !s.room(n) {
			return nil
		}
		account, holder := s.account(), s.stranger().name
		for i := range n {
			h := s.cast(shape{size: 2, category: lowIncome})
			if h == nil {
				return nil
			}
			p := h.paid(allowance, 2017)[0]
			t := s.town
			t.withdrawals = append(t.withdrawals, withdrawal{p, p.amount * 9 / 10, p.day + 3 + table.Day(i), account, holder})
		}
		return &account
	}
}

var holdPayback = planter{
	rule: "hold-payback", where: inVillage,
	lead:  each(collected(3), func(_ *site, account *string) Case { return at(*account, "三户领到低保后转入同一账户") }),
	quiet: each(collected(2), func(_ *site, account *string) Case { return at(*account, "只有两户转入同一账户") }),
}
