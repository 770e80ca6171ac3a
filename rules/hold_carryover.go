package rules

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var carryoverAmount = &detect.Param[table.Fen]{
	Name: "min_amount", Default: 1,
	Doc: text("期满仍未用完的金额达到此数（元，含）才提示", "yuan that must be left unspent, inclusive"),
}

// HoldCarryover flags money left unspent at the end of the year after its issue.
var HoldCarryover = &detect.Rule{
	ID:     "hold-carryover",
	Family: detect.Hold,
	Title:  text("结转超期", "carried over too long"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找到下达次年年末仍未用完的资金。", "Finds money that was still unspent at the end of the year after its issue."),
		Steps: text(`1. 期满日为下达年度次年的12月31日；同一文号多次下达的取最晚一次；“提前下达”的算下一年度的资金。期满日晚于计算基准日的不作判断。
2. 按先进先出，期满日当天（含）仍在某单位的部分为未用完；该单位有期满日当天的结余记录且更小的，取结余数。没有日期的发放视为已用。
3. 未用完的达到 min_amount（元，含）即提示；未写明由谁支付的名册若由该单位支付即已用完的，或台账未记到期满日的，不作线索，列为待查问题。`,
			`1. The term ends on 31 December of the year after the year of issue, the latest notice counting; money issued ahead (提前下达) is of the next year. Not judged before that day.
2. What is still at a unit at the end of that day, first in first out, is unspent; a smaller balance stated for that very day goes before it. A payment without a day is spent.
3. Unspent money of at least min_amount (yuan, inclusive) makes a lead; what rosters of which no sheet says who paid would have spent, and what the unit's books do not tell of as late as that day, is a question.`),
		Formula: "min(Σ{金额 : 到达日 ≤ 期满日 < 离开日}, 期满日账面结余) ≥ min_amount",
		Example: `2016 年下达的 5 万元，到 2017 年末还有 1 万元未用。
-- fund.csv --
fund_no,title,level,amount,issued_on,issuer,holder
甲财农〔2016〕7号,扶贫产业资金,县,50000,2016-03-01,甲县财政局,甲县财政局
-- flow.csv --
fund_no,from_unit,to_unit,sent_amount,sent_on,received_amount,received_on,want
甲财农〔2016〕7号,甲县财政局,大河镇人民政府,50000,2016-03-08,50000,2016-03-08,E1 大河镇人民政府 10000.00 .*2017年12月31日.*10000.00元
-- payment.csv --
beneficiary_name,beneficiary_id,program,amount,pay_date,fund_no,payer
韦大山,459901197001010016,产业扶贫奖补,40000,2016-04-20,甲财农〔2016〕7号,大河镇人民政府
-- balance.csv --
unit,fund_no,as_of,amount
大河镇人民政府,甲财农〔2016〕7号,2017-12-31,10000
`,
		Why: text("连续两年未用完的结转资金应当收回统筹使用，继续留在单位即为沉淀资金。",
			"Money unspent for two years running is to be taken back for other uses; where it stays, it lies idle."),
		Exclusions: text("已付给施工单位、供应商的视为用完；下达日期缺失的、除他人台账外没有任何台账、名册、结余的单位、个人、收到退款的下达单位不作判断。",
			"What a contractor or supplier got is spent; not judged: a day of issue that is absent, a unit of which the input has no ledger, roster or balance, a person, the issuer that got money back."),
		FalseAlarms: text("已收回但未入台账；支出凭证挂在其他文号下；质保金；跨年度工程经批准延期。",
			"Money taken back and not entered; spending booked under another number; retentions; works extended with approval."),
		Verify:  text("查期满日银行对账单和总账结余；问是否已收回、有无收回文件；查资金后来的去向。", "See the bank statement and the ledger of that day; ask whether it was taken back and by what paper; find where it went."),
		Control: text("财政部门每年末应清理两年以上结转资金。", "The finance office should clear money older than two years at each year's end."),
	},
	Basis: []detect.Basis{basisCarryover},
	By:    []table.Key{table.Fund},
	Needs: []string{"fund", "flow", "balance"},
	Reads: slices.Concat(noticeReads, askReads, []table.Column{
		stayReading, stayTold, fundIssuedOn, fundTitle, stayUnit, stayAmount, stayInOn, stayOutOn, stayInRef, stayLeftAs, balanceUnit, balanceAmount, balanceAsOf,
	}),
	Params: []detect.Parameter{carryoverAmount},
	Check:  checkHoldCarryover,
}

func checkHoldCarryover(p *detect.Pass) error {
	a := p.View(table.Allocation)
	issued, title := fundIssuedOn.In(a), fundTitle.In(a)
	year := 0
	for i := range a.Len() {
		d, ok := issued.At(i)
		if !ok {
			continue
		}
		y := d.Year()
		if has(title[i], "提前下达") {
			y++
		}
		year = max(year, y)
	}
	if year == 0 {
		p.NotApplicable(text("无下达日期", "no day of issue"))
		return nil
	}
	end := table.DayOf(year+1, time.December, 31)
	if end > p.AsOf {
		p.NotApplicable(text("下达次年尚未终了", "the year after the issue is not over"))
		return nil
	}
	v := p.View(table.Stay)
	unit := stayUnit.In(v)
	from := noticesOf(p)
	for lo, hi := 0, 0; lo < v.Len(); lo = hi { // a unit's stays are side by side
		for hi = lo; hi < v.Len() && unit[hi] == unit[lo]; hi++ {
		}
		if unit[lo] == "" {
			continue
		}
		p.On("unit", unit[lo])
		if why, kept := from.kept(unit[lo]); kept {
			p.NotApplicable(why)
			continue
		}
		least, others, payers := readings(v, lo, hi)
		u := unspentOf(p, v, from, least, end, unit[lo])
		most := table.Fen(0)
		for _, r := range others {
			most = max(most, unspentOf(p, v, from, r, end, unit[lo]).left)
		}
		limit := cmp.Or(carryoverAmount.Of(p), 1)
		switch {
		case u.left >= limit:
			u.report(p, unit[lo], year, end)
		case most >= limit && payers:
			p.Ask(askPayer.of(p, unit[lo], most))
		case most >= limit:
			p.Ask(askBook.of(p, unit[lo], most))
		case u.unseen && u.left == 0:
			p.NotApplicable(noBooks)
		}
	}
	return nil
}

// An unspent is what a unit had left at the end of the term.
type unspent struct {
	left     table.Fen
	said     string // the balance stated for that day
	unseen   bool   // of some of it nothing is told
	evidence []detect.Evidence
}

// unspentOf adds up what a unit had left under one reading, if it stated no
// smaller balance.
func unspentOf(p *detect.Pass, v table.View, from notices, r reading, end table.Day, unit string) unspent {
	u := unspent{said: "-"}
	amount, inOn, outOn, inRef := stayAmount.In(v), stayInOn.In(v), stayOutOn.In(v), stayInRef.In(v)
	leftAs, told := stayLeftAs.In(v), stayTold.In(v)
	for _, i := range r.rows {
		held := leftAs[i] == "held" || leftAs[i] == "unseen"
		if in, ok := inOn.At(i); !ok || in > end || !held && outOn.Or(i, end) <= end {
			continue
		}
		if held && r.least && told.Or(i, 0) < end {
			u.unseen = true
			continue
		}
		u.left += amount.Or(i, 0)
		if r, ok := inRef.At(i); ok {
			u.evidence = addRow(u.evidence, from.in(r))
		}
	}
	b := p.View(table.Balance)
	units, stated, asOf := balanceUnit.In(b), balanceAmount.In(b), balanceAsOf.In(b)
	for i := range b.Len() {
		if x, ok := stated.At(i); ok && units[i] == unit && asOf.Or(i, 0) == end {
			u.left, u.said = min(u.left, x), x.String()
			u.evidence = addRow(u.evidence, detect.Row(b, i, roleBalance))
		}
	}
	return u
}

func (u *unspent) report(p *detect.Pass, unit string, year int, end table.Day) {
	p.Report(detect.Lead{
		FundNo: p.Group.ID, Amount: u.left,
		Summary: text(
			fmt.Sprintf("%d年度下达的资金（%s），到%s在%s仍有%s元未用完，建议核实是否应收回。", year, p.Group.ID, date(end).Zh, unit, u.left),
			fmt.Sprintf("Of fund %s of %d, %s yuan were still unspent at %s on %s; see whether they were to be taken back.", p.Group.ID, year, u.left, unit, end)),
		Facts: []detect.Fact{
			fact("资金年度", "year of the fund", fmt.Sprint(year)), fact("期满日", "end of the term", end.String()),
			fact("未用完", "unspent", u.left.String()), fact("期满日账面结余", "balance stated for that day", u.said),
		},
		Evidence: u.evidence,
	})
}
