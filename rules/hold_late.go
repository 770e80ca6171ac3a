package rules

import (
	"fmt"
	"slices"
	"time"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var latePeriods = &detect.Param[int]{
	Name: "min_periods", Default: 3,
	Doc: text("同一人从该资金按月领取此数个月（含）以上的视为按月待遇", "months that one person is paid from the fund that make a monthly benefit, inclusive"),
}

// HoldLate flags money that took longer from issue to household than allowed,
// with the unit where most days were lost.
var HoldLate = &detect.Rule{
	ID:     "hold-late",
	Family: detect.Hold,
	Title:  text("到户超期", "late at the household"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找从指标下达到发放到户超过规定天数的资金，并指出时间花在哪个单位。",
			"Finds money that took longer from issue to household than allowed, and the unit where the days were lost."),
		Steps: text(`1. 每笔发放沿资金链追溯到指标下达，计算总天数和停留最长的单位。
2. 总天数大于政策文件 deadlines 的 to_household_days（等于不计）的，按停留最长的单位归并，每个资金、每个单位一条；停留最长的正是未写明而推定的付款单位的，提示在资金上。
3. 同一人同一项目在该资金中按月领取 min_periods 个月（含）以上的（低保、护林员等），钱要到月份才该发：天数从所属月份首日起算，如果更短。
4. 更正发放，以及同一人同一项目退款之后的重发，不另计。追不到下达的不作判断。`,
			`1. Each payment is traced back along its fund's chain to the issue; its days in all and the unit where it stayed longest follow.
2. Those of more days than the policy's to_household_days (equal is not) are brought together by that unit, one lead a fund and unit; where that unit is only taken to have paid them, the lead is on the fund.
3. Where one person gets a program from the fund for at least min_periods months (inclusive), as of a monthly benefit, no payment is due before its month: its days count from the first of that month, if these are fewer.
4. Corrections, and what a person is paid again of a program after a return, are not counted anew. What cannot be traced to an issue is not judged.`),
		Formula: "发放日 − max（下达日，按月待遇的月份首日） > to_household_days",
		Example: `2017 年 1 月下达的资金，11 月才到户，主要停留在大河镇。
-- fund.csv --
fund_no,title,level,amount,issued_on,issuer,holder
甲财农〔2017〕7号,扶贫产业资金,县,3000,2017-01-10,甲县财政局,甲县财政局
-- flow.csv --
fund_no,from_unit,to_unit,sent_amount,sent_on,received_amount,received_on
甲财农〔2017〕7号,甲县财政局,大河镇人民政府,3000,2017-01-20,3000,2017-01-20
-- payment.csv --
beneficiary_name,beneficiary_id,program,amount,pay_date,fund_no,payer,want
韦大山,459901197001010016,产业扶贫奖补,3000,2017-11-16,甲财农〔2017〕7号,大河镇人民政府,E1 大河镇人民政府 3000.00 .*310天.*300天
`,
		Why:        text("群众等钱用，层层耽误会错过生产季节，也给滞留挪用留下时间。", "People wait for it; each delay costs a season and leaves time for other uses."),
		Exclusions: text("追不到下达或缺日期的不作判断；未发、退回的不计。", "Not judged without a way to the issue or without dates; rows not paid or returned are not counted."),
		FalseAlarms: text("按年度分期发放的项目；验收后兑付的奖补；下达日期填的是上级文件日期。",
			"Programs paid out over the year; grants after acceptance; a day of issue that is of a higher authority's notice."),
		Verify:  text("查该单位收文、审批、支付各环节日期；问延误原因和责任人。", "See the dates of receipt, approval and payment at the unit; ask why and who."),
		Control: text("资金到户进度应按月通报。", "Progress to households should be reported monthly."),
	},
	Basis: []detect.Basis{basisIdle},
	By:    []table.Key{table.Fund},
	Needs: []string{"fund", "flow", "payment"},
	Reads: []table.Column{
		payUnit, payHow, payPerson, payProgram, payPeriod, payKind, payNet, payBackOn, payDate, payDaysTotal, paySlowestUnit, paySlowestDays,
	},
	Params: []detect.Parameter{latePeriods},
	Check:  checkHoldLate,
}

func checkHoldLate(p *detect.Pass) error {
	v := p.View(table.Payment)
	if v.Len() == 0 {
		p.NotApplicable(noPayment)
		return nil
	}
	days, unit, stay, net := payDaysTotal.In(v), paySlowestUnit.In(v), paySlowestDays.In(v), payNet.In(v)
	payer, how := payUnit.In(v), payHow.In(v)
	type late struct {
		unit          string
		amount        table.Fen
		n             int
		longest, here table.Count
		monthly       bool  // some are of a monthly benefit
		rows          []int // the slowest first, then every other
	}
	var all []late
	judged := false
	var dues *due // most funds have nothing late and need none
	for i := range v.Len() {
		n, ok := days.At(i)
		if !ok || unit[i] == "" || net.Or(i, 0) <= 0 {
			continue
		}
		judged = true
		if int(n) <= p.Policy.Deadlines.ToHousehold {
			continue
		}
		if dues == nil {
			dues = dueOf(p, v)
		}
		n, monthly := dues.days(i, n)
		if int(n) <= p.Policy.Deadlines.ToHousehold {
			continue
		}
		slowest := unit[i]
		if slowest == payer[i] && table.ParseHow(how[i]) >= table.Computed { // no sheet says that the unit paid
			slowest = ""
		}
		k := slices.IndexFunc(all, func(l late) bool { return l.unit == slowest })
		if k < 0 {
			k = len(all)
			all = append(all, late{unit: slowest})
		}
		l := &all[k]
		l.amount, l.n, l.monthly = l.amount+net.Or(i, 0), l.n+1, l.monthly || monthly
		l.here = max(l.here, stay.Or(i, 0))
		if n > l.longest {
			l.longest = n
			l.rows = append([]int{i}, l.rows...)
		} else {
			l.rows = append(l.rows, i)
		}
	}
	if !judged {
		p.NotApplicable(text("发放无法追溯到指标下达", "no payment can be traced to an issue"))
		return nil
	}
	limit := p.Policy.Deadlines.ToHousehold
	for _, l := range all {
		since, sinceEn := "下达", "issue"
		if l.monthly {
			since, sinceEn = "下达（按月待遇自当月起）", "issue (a monthly benefit's month)"
		}
		lead := detect.Lead{
			Subject: detect.Subject{Kind: "unit", Key: l.unit}, FundNo: p.Group.ID, Amount: l.amount,
			Summary: text(
				fmt.Sprintf("资金（%s）有%d笔发放共%s元从%s到户最长用了%d天，超过%d天，在%s停留最久（%d天），建议核实延误原因。", p.Group.ID, l.n, l.amount, since, l.longest, limit, l.unit, l.here),
				fmt.Sprintf("%d payments of %s yuan from fund %s took up to %d days from %s to household, over the %d allowed; they stayed longest at %s (%d days); find out why.", l.n, l.amount, p.Group.ID, l.longest, sinceEn, limit, l.unit, l.here)),
			Facts: []detect.Fact{
				fact("最长天数", "most days", fmt.Sprint(l.longest)), fact("规定天数", "days allowed", fmt.Sprint(limit)),
				fact("停留最久的单位", "slowest unit", l.unit), fact("在该单位天数", "days there", fmt.Sprint(l.here)), fact("笔数", "payments", fmt.Sprint(l.n)),
			},
		}
		if l.unit == "" {
			lead.Subject, lead.FundNo = detect.Subject{}, ""
			lead.Summary = text(
				fmt.Sprintf("资金（%s）有%d笔发放共%s元从%s到户最长用了%d天，超过%d天；各表未写明由谁支付，在哪个单位停留最久须向单位核实。", p.Group.ID, l.n, l.amount, since, l.longest, limit),
				fmt.Sprintf("%d payments of %s yuan from fund %s took up to %d days from %s to household, over the %d allowed; no sheet says who paid them, so ask where they stayed longest.", l.n, l.amount, p.Group.ID, l.longest, sinceEn, limit))
			lead.Facts[2].Value, lead.Facts[3].Value = "-", "-"
		}
		for _, i := range l.rows {
			lead.Evidence = append(lead.Evidence, detect.Row(v, i, rolePayment))
		}
		p.Report(lead)
	}
	return nil
}

// due tells from when a group's payments were due.
type due struct {
	who     []string // row → person and program
	day     table.Values[table.Day]
	period  table.Values[table.Period]
	again   []bool          // rows that pay again what was paid before
	monthly map[string]bool // persons and programs
}

func dueOf(p *detect.Pass, v table.View) *due {
	person, program, kind, backOn := payPerson.In(v), payProgram.In(v), payKind.In(v), payBackOn.In(v)
	d := &due{make([]string, v.Len()), payDate.In(v), payPeriod.In(v), make([]bool, v.Len()), map[string]bool{}}
	back := map[string]table.Day{}
	months := map[string]map[table.Period]bool{}
	for i := range v.Len() {
		if person[i] == "" {
			continue
		}
		who := person[i] + "/" + program[i]
		d.who[i] = who
		on, ok := backOn.At(i)
		if !ok && kind[i] == "returned" {
			on, ok = d.day.At(i)
		}
		if old, seen := back[who]; ok && (!seen || on < old) {
			back[who] = on
		}
		if m, ok := d.period.At(i); ok && m.Months() == 1 && kind[i] != "returned" && kind[i] != "unpaid" {
			if months[who] == nil {
				months[who] = map[table.Period]bool{}
			}
			months[who][m] = true
			d.monthly[who] = len(months[who]) >= latePeriods.Of(p)
		}
	}
	for i, who := range d.who {
		on, seen := back[who]
		d.again[i] = kind[i] == "correction" || seen && (kind[i] == "paid" || kind[i] == "instalment") && d.day.Or(i, 0) >= on
	}
	return d
}

// days returns how long a payment was on its way for which n days passed from
// the issue: of a monthly benefit only those since its month began, of what is
// paid again none.
func (d *due) days(i int, n table.Count) (days table.Count, monthly bool) {
	if d.again[i] {
		return 0, false
	}
	m, stated := d.period.At(i)
	if day, ok := d.day.At(i); ok && stated && d.monthly[d.who[i]] {
		month := table.DayOf(m.From()/12, time.Month(m.From()%12+1), 1)
		return min(n, table.Count(max(0, day-month))), true
	}
	return n, false
}
