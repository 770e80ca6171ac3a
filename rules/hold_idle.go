package rules

import (
	"fmt"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var idleAmount = &detect.Param[table.Fen]{
	Name: "min_amount", Default: 1,
	Doc: text("超期资金合计达到此数（元，含）才提示", "sum in yuan that must be overdue, inclusive"),
}

// HoldIdle flags money that a unit kept longer than it may.
var HoldIdle = &detect.Rule{
	ID:     "hold-idle",
	Family: detect.Hold,
	Title:  text("资金滞留", "money kept too long"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找资金在某单位停留超过规定天数的情形。", "Finds money that stayed at a unit longer than allowed."),
		Steps: text(`1. 每笔资金在每个单位按先进先出计算：先到的先拨出，每一部分有到达日和离开日；仍在账上的算到计算基准日。
2. 期限（政策文件 deadlines）：直接由指标下达的中央资金为 central_days，直接下达的本级预算资金（级次与承接单位同级，或未注明级次）为 own_budget_days，其余（上级下达或从其他单位收到）为 pass_down_days。
3. 停留天数大于期限（等于不计）的部分合计，达到 min_amount（含）即提示。`,
			`1. A fund's money at each unit leaves first in, first out: each part has a day of arrival and of leaving; what is still there counts to the as-of day.
2. Limits (the policy's deadlines): straight from an allocation central_days for central funds and own_budget_days for a budget of the holder's own level (or of no stated level); pass_down_days for all else, from a higher level or another unit.
3. Parts that stayed longer than the limit (equal is not) are added up; min_amount (inclusive) makes a lead.`),
		Formula: "Σ{金额 : 离开日 − 到达日 > 期限} ≥ min_amount",
		Example: `县财政局 2017 年 3 月 1 日下达的资金，某镇 3 月 10 日收到，9 月 6 日才全部拨出。
-- fund.csv --
fund_no,title,level,amount,issued_on,issuer,holder,want
甲财农〔2017〕1号,扶贫产业资金,县,100000,2017-03-01,甲县财政局,甲县财政局,
-- flow.csv --
fund_no,from_unit,to_unit,sent_amount,sent_on,received_amount,received_on,want
甲财农〔2017〕1号,甲县财政局,大河镇人民政府,100000,2017-03-08,100000,2017-03-10,E1 .*大河镇.* 100000.00 .*180天
甲财农〔2017〕1号,大河镇人民政府,石山村村民委员会,100000,2017-09-06,100000,2017-09-06,
-- payment.csv --
beneficiary_name,beneficiary_id,program,amount,pay_date,fund_no,payer
韦大山,459901197001010016,产业扶贫奖补,100000,2017-09-10,甲财农〔2017〕1号,石山村村民委员会
`,
		Why: text("资金滞留使群众不能及时受益，滞留期间还可能被挪作他用。",
			"Money that lies still reaches nobody in time, and may be used for other things meanwhile."),
		Exclusions: text("期限内的、先付后到账的不计；到达日期缺失的、除他人台账外没有任何台账、名册、结余的单位（是否已用无从得知）、个人、收到退款的下达单位不作判断。",
			"Not counted within the limit, nor money spent before it came; not judged: a day of arrival that is absent, a unit of which the input has no ledger, roster or balance (it may have spent the money), a person, the issuer that got money back."),
		FalseAlarms: text("按工程进度付款的项目资金；季节性补贴等到核实面积后发放；拨付台账缺后半程；日期为补登记。",
			"Project money paid by progress; seasonal grants that wait for a survey; a ledger that lacks the way on; dates entered late."),
		Verify: text("查单位账簿和银行对账单，看资金是否一直在户；查拨付审批在哪个环节停留、何人经办；问未拨原因和有无上级批复。",
			"See books and bank statements for whether the money lay there all along; find at which desk the approval waited and why; ask for any permission from above."),
		Control: text("国库集中支付系统应对超期未拨资金预警。", "The treasury system should warn of money not passed on in time."),
	},
	Basis:  []detect.Basis{basisPassDown, basisIdle},
	By:     []table.Key{table.Fund},
	Needs:  []string{"fund", "flow", "payment"},
	Reads:  slices.Concat(noticeReads, askReads, []table.Column{stayUnit, stayAmount, stayInOn, stayDays, stayInRef, stayOutRef, stayLeftAs, stayReading, stayTold}),
	Params: []detect.Parameter{idleAmount},
	Check:  checkHoldIdle,
}

func checkHoldIdle(p *detect.Pass) error {
	v := p.View(table.Stay)
	if v.Len() == 0 {
		p.NotApplicable(text("该资金无到账记录", "no money of the fund on record"))
		return nil
	}
	unit := stayUnit.In(v)
	from := noticesOf(p)
	for lo := 0; lo < v.Len(); { // a unit's stays are side by side
		hi := lo + 1
		for hi < v.Len() && unit[hi] == unit[lo] {
			hi++
		}
		if unit[lo] != "" {
			p.On("unit", unit[lo])
			checkIdleUnit(p, v, from, lo, hi)
		}
		lo = hi
	}
	return nil
}

// An overdue is the money of a unit that stayed longer than allowed.
type overdue struct {
	total, still   table.Fen // still: of it not gone by the last day that is told of
	until          table.Day // that day
	longest        table.Count
	limit          int // of the longest stay
	since          table.Day
	judged, unseen bool
	in, out        []detect.Evidence
}

// overdueOf adds up the overdue stays of one reading.
func overdueOf(p *detect.Pass, v table.View, from notices, r reading) (o overdue) {
	amount, days, inRef := stayAmount.In(v), stayDays.In(v), stayInRef.In(v)
	inOn, left, told, outRef := stayInOn.In(v), stayLeftAs.In(v), stayTold.In(v), stayOutRef.In(v)
	for _, i := range r.rows {
		n, ok := days.At(i)
		ref, placed := inRef.At(i)
		if !ok || !placed {
			continue
		}
		held, until := left[i] == "held" || left[i] == "unseen", p.AsOf
		if held && r.least {
			if until, ok = told.At(i); !ok || until < inOn.Or(i, 0) {
				o.unseen = true
				continue
			}
			n = table.Count(until - inOn.Or(i, 0))
		}
		o.judged = true
		allowed := from.allowed(p, ref)
		if int(n) <= allowed {
			continue
		}
		o.total += amount.Or(i, 0)
		if held {
			o.still, o.until = o.still+amount.Or(i, 0), until
		}
		if n > o.longest {
			o.longest, o.limit, o.since = n, allowed, inOn.Or(i, 0)
		}
		o.in = addRow(o.in, from.in(ref))
		if gone, ok := outRef.At(i); ok {
			schema := table.Flow
			if left[i] == "household" {
				schema = table.Payment
			}
			o.out = addRow(o.out, detect.RowAt(schema, gone, roleOut))
		}
	}
	return o
}

// checkIdleUnit judges the stays lo..hi-1, of one unit.
func checkIdleUnit(p *detect.Pass, v table.View, from notices, lo, hi int) {
	name := stayUnit.In(v)[lo]
	if why, kept := from.kept(name); kept {
		p.NotApplicable(why)
		return
	}
	least, others, payers := readings(v, lo, hi)
	o := overdueOf(p, v, from, least)
	if o.total >= max(1, idleAmount.Of(p)) {
		p.Report(o.lead(p, name))
		return
	}
	most := table.Fen(0)
	for _, r := range others {
		most = max(most, overdueOf(p, v, from, r).total)
	}
	switch {
	case most >= max(1, idleAmount.Of(p)) && payers:
		p.Ask(askPayer.of(p, name, most))
	case most >= max(1, idleAmount.Of(p)):
		p.Ask(askBook.of(p, name, most))
	case !o.judged && o.unseen:
		p.NotApplicable(noBooks)
	case !o.judged:
		p.NotApplicable(text("到账或拨出日期缺失", "the days of arrival or leaving are absent"))
	}
}

func (o *overdue) lead(p *detect.Pass, name string) detect.Lead {
	rest, restEn := "", ""
	if o.still > 0 {
		rest, restEn = fmt.Sprintf("，其中%s元至%s仍未拨出", o.still, date(o.until).Zh), fmt.Sprintf("; %s of it was still there on %s", o.still, o.until)
	}
	return detect.Lead{
		FundNo: p.Group.ID, Amount: o.total,
		Summary: text(
			fmt.Sprintf("%s的资金（%s）有%s元停留超过规定的%d天，最长%d天（%s到账）%s，建议核实原因。", name, p.Group.ID, o.total, o.limit, o.longest, date(o.since).Zh, rest),
			fmt.Sprintf("%s yuan of fund %s stayed at %s longer than the %d days allowed, %d days at most (from %s)%s; find out why.", o.total, p.Group.ID, name, o.limit, o.longest, o.since, restEn)),
		Facts: []detect.Fact{
			fact("超期金额", "overdue", o.total.String()),
			fact("其中仍在账上", "of it still there", o.still.String()),
			fact("最长停留天数", "longest stay in days", fmt.Sprint(o.longest)),
			fact("规定天数", "days allowed", fmt.Sprint(o.limit)),
			fact("到账日期", "came on", o.since.String()),
		},
		Evidence: slices.Concat(o.in, o.out),
	}
}

// allowed returns how many days money that came in by ref may stay.
func (n notices) allowed(p *detect.Pass, ref table.Ref) int {
	d, a := p.Policy.Deadlines, n.at(ref)
	switch {
	case a < 0:
		return d.PassDown
	case n.levels[a] == "中央":
		return d.Central
	case n.own.Or(a, 0) == 1:
		return d.OwnBudget
	}
	return d.PassDown
}
