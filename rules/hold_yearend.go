package rules

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var (
	yearendDays = &detect.Param[int]{
		Name: "last_days", Default: 10,
		Doc: text("年末的天数（12月31日为最后一天，含）", "days at the end of the year, 31 December being the last, inclusive"),
	}
	yearendPercent = &detect.Param[float64]{
		Name: "max_percent", Default: 40,
		Doc: text("年末支出占全年的比例大于此数（%，不含）即提示", "percent of the year's money out, exclusive, that makes a lead"),
	}
	yearendMonths = &detect.Param[int]{
		Name: "min_months", Default: 3,
		Doc: text("年末之外至少有此数个月（含）有支出的单位按上述比例判断", "other months with money out of a unit that is judged by that share, inclusive"),
	}
	yearendFewPercent = &detect.Param[float64]{
		Name: "few_months_percent", Default: 60,
		Doc: text("年末之外有支出的月份不足的单位，年末占比大于此数（%，不含）才提示", "percent, exclusive, for a unit with money out in fewer other months"),
	}
	yearendBatches = &detect.Param[int]{
		Name: "min_batches", Default: 2,
		Doc: text("月份不足的单位，年末至少分此数天（含）支出的为线索，否则为待查问题", "days of spending at the end of the year that make a lead of a unit with fewer months, inclusive; fewer make a question"),
	}
)

// HoldYearend flags units that moved too large a share of a year's money in its
// last days.
var HoldYearend = &detect.Rule{
	ID:     "hold-yearend",
	Family: detect.Hold,
	Title:  text("突击花钱", "spending rush at the end of the year"),
	Grade:  detect.E3,
	Doc: detect.Doc{
		Purpose: text("查找平时有支出、却把全年大部分资金集中在年末几天拨出或发放的单位。", "Finds units that pay all year round and yet moved most of a year's money in its last days."),
		Steps: text(`1. 每个单位每年的支出为转出和发放之和（按拨出、发放日期；冲销、退回即负数在其日期冲减，未发放的不计）；年末为最后 last_days 天。
2. 一年未满（计算基准日在年内）的不判断，年末之外没有支出的也不判断。
3. 年末占比大于 max_percent%（不含），且各单位占比的中位数不大于 max_percent% 的，每年一条线索。中位数只取年末之外至少 min_months 个月（含）有支出的单位。
4. 年末之外有支出的月份不足 min_months 的（按季、按半年发放也会如此），占比还须大于 few_months_percent%（不含）；年末分至少 min_batches 天（含）支出的为线索，不足的、年末名册的发放单位只由标题等推断的，或没有可比单位的，列为待查问题。`,
			`1. A unit's money out of a year is what it sent on and paid, by date, what was taken back (negative amounts, returns) taken off on its day, unpaid rows out; the end is the last last_days of the year.
2. Judged where the year is over on the as-of day and some other month has money out.
3. A share of more than max_percent (exclusive), where the median of units is not over it, makes a lead a year. The median is of units with money out in at least min_months other months (inclusive).
4. With fewer such months, as who pays by the quarter or half-year has, the share must be over few_months_percent, too (exclusive); spending on at least min_batches of the last days (inclusive) makes a lead. On fewer, where only a title or the like gives the payer of a late roster, or with no unit to compare, it is a question.`),
		Formula: "年末支出 ÷ 全年支出 > max_percent% ≥ 中位数（各单位）",
		Example: `某办三个月共支出 6 万元，12 月 28 日一天支出 9 万元；另两个单位支出均匀。
-- flow.csv --
fund_no,from_unit,to_unit,sent_amount,sent_on,want
甲财农〔2017〕1号,甲县移民办,甲县一建公司,20000,2017-03-08,
甲财农〔2017〕1号,甲县移民办,甲县一建公司,20000,2017-05-08,
甲财农〔2017〕1号,甲县移民办,甲县一建公司,20000,2017-07-08,
甲财农〔2017〕1号,甲县移民办,甲县一建公司,90000,2017-12-28,E3 甲县移民办 90000.00 .*2017年.*60.0%
甲财农〔2017〕1号,甲县水利局,甲县水利公司,20000,2017-03-08,
甲财农〔2017〕1号,甲县水利局,甲县水利公司,20000,2017-05-08,
甲财农〔2017〕1号,甲县水利局,甲县水利公司,20000,2017-07-08,
甲财农〔2017〕1号,甲县农业局,甲县种苗公司,20000,2017-03-08,
甲财农〔2017〕1号,甲县农业局,甲县种苗公司,20000,2017-05-08,
甲财农〔2017〕1号,甲县农业局,甲县种苗公司,20000,2017-07-08,
`,
		Why:         text("年末突击花钱往往程序不全，可能虚列支出、转移资金。", "What is spent in a rush is often spent without due procedure, or only booked as spent."),
		Exclusions:  text("全年只在年末支出的单位（按年发放）不判断；各单位普遍年末支出的不计。", "Units that pay at the end of the year only are not judged; nor counted where all units pay late."),
		FalseAlarms: text("上级资金年末才下达；工程年末集中结算；按规定年底一次性发放的补贴。", "Money that came from above in December; works settled at the year's end; grants due then."),
		Verify:      text("查年末各笔支出的审批、合同、验收和实际收款人；看资金次年是否退回。", "See approval, contract, acceptance and the true payee of each; look whether the money came back the next year."),
		Control:     text("财政部门应按季度考核支出进度。", "The finance office should watch spending by quarter."),
	},
	By:    []table.Key{table.Unit},
	Needs: []string{"flow"},
	Reads: []table.Column{hopFrom, hopTo, hopSent, hopSentOn, hopReceivedOn, hopSentRef, hopReceivedRef, payNet, payDate, detect.Aside(hopFund), detect.Aside(payFund), detect.Aside(payHow)},
	Params: []detect.Parameter{
		yearendDays, yearendPercent, yearendMonths, yearendFewPercent, yearendBatches,
	},
	Sample: func(p *detect.Pass) (float64, bool) {
		x, ok := 0.0, false
		for _, y := range yearsOut(p) {
			if y.months >= yearendMonths.Of(p) {
				x, ok = max(x, y.percent()), true
			}
		}
		return x, ok
	},
	Check: checkHoldYearend,
}

// A yearOut is what a unit moved in one year.
type yearOut struct {
	year      int
	all, late table.Fen
	months    int // with money out before the last days
	seen      [12]bool
	lateOn    []table.Day          // with money out, of the last days
	funds     map[string]table.Fen // late, by fund
	inferred  bool                 // who paid late is known by a title or less
	evidence  []detect.Evidence
}

func (y yearOut) percent() float64 {
	if y.all <= 0 { // more was taken back than went out
		return 0
	}
	return 100 * float64(y.late) / float64(y.all)
}

// yearsOut returns a unit's money out, year by year that is over on the as-of
// day.
func yearsOut(p *detect.Pass) []yearOut {
	var out []yearOut
	add := func(on table.Day, x table.Fen, fund string, how table.How, e func() detect.Evidence) {
		if x == 0 || on > p.AsOf || table.DayOf(on.Year(), time.December, 31) > p.AsOf {
			return
		}
		i := slices.IndexFunc(out, func(y yearOut) bool { return y.year == on.Year() })
		if i < 0 {
			i = len(out)
			out = append(out, yearOut{year: on.Year(), funds: map[string]table.Fen{}})
		}
		y := &out[i]
		y.all += x
		if on > table.DayOf(y.year, time.December, 31)-table.Day(yearendDays.Of(p)) {
			y.late += x
			y.funds[fund] += x
			y.inferred = y.inferred || how >= table.Inherited
			if x > 0 && !slices.Contains(y.lateOn, on) {
				y.lateOn = append(y.lateOn, on)
			}
			if len(y.evidence) < mostEvidence {
				y.evidence = append(y.evidence, e())
			}
		} else if m := on.Month() % 12; x > 0 && !y.seen[m] {
			y.seen[m] = true
			y.months++
		}
	}
	h := p.View(table.Hop)
	fund, from, to, sent, sentOn, ref := hopFund.In(h), hopFrom.In(h), hopTo.In(h), hopSent.In(h), hopSentOn.In(h), hopSentRef.In(h)
	for i := range h.Len() {
		r, ok := ref.At(i)
		if on, dated := sentOn.At(i); ok && dated && from[i] == p.Group.ID && to[i] != from[i] {
			add(on, sent.Or(i, 0), fund[i], table.Stated, func() detect.Evidence { return detect.RowAt(table.Flow, r, roleOut) })
		}
	}
	v := p.View(table.Payment)
	net, day, cited, how := payNet.In(v), payDate.In(v), payFund.In(v), payHow.In(v)
	for i := range v.Len() {
		if on, ok := day.At(i); ok {
			add(on, net.Or(i, 0), cited[i], table.ParseHow(how[i]), func() detect.Evidence { return detect.Row(v, i, rolePayment) })
		}
	}
	slices.SortFunc(out, func(a, b yearOut) int { return a.year - b.year })
	return out
}

func checkHoldYearend(p *detect.Pass) error {
	judged := false
	limit, peers := yearendPercent.Of(p), p.Samples()
	middle := 0.0
	if n := len(peers); n > 0 {
		middle = (peers[(n-1)/2] + peers[n/2]) / 2
	}
	for _, y := range yearsOut(p) {
		if y.months == 0 {
			continue
		}
		judged = true
		share, few := y.percent(), y.months < yearendMonths.Of(p)
		if share <= limit || middle > limit || few && share <= yearendFewPercent.Of(p) {
			continue
		}
		if few && (len(y.lateOn) < yearendBatches.Of(p) || y.inferred || len(peers) == 0) {
			for _, fund := range slices.Sorted(maps.Keys(y.funds)) {
				if fen := y.funds[fund]; fen > 0 {
					about := []detect.About{{FundNo: fund, Units: []string{p.Group.ID}}}
					p.Ask(detect.Question{What: openRush, Office: p.Group.ID, Document: docRush, About: about, Amount: fen})
				}
			}
			continue
		}
		below, n := p.Standing(share)
		p.Report(detect.Lead{
			Period: table.YearOf(y.year).String(), Amount: y.late,
			Summary: text(
				fmt.Sprintf("%s%d年支出%s元，其中最后%d天支出%s元，占%.1f%%，而各单位的中位数为%.1f%%，建议核实。", p.Group.ID, y.year, y.all, yearendDays.Of(p), y.late, share, middle),
				fmt.Sprintf("Of %s yuan that %s moved in %d, %s (%.1f %%) went in the last %d days, where the median of units is %.1f %%; to be checked.", y.all, p.Group.ID, y.year, y.late, share, yearendDays.Of(p), middle)),
			Facts: []detect.Fact{
				fact("全年支出", "money out", y.all.String()), fact("年末支出", "of it in the last days", y.late.String()),
				fact("年末占比（%）", "share in percent", fmt.Sprintf("%.1f", share)), fact("各单位中位数（%）", "median of units", fmt.Sprintf("%.1f", middle)),
				fact("占比更低的单位（%）", "percent of units below", fmt.Sprintf("%.1f", 100*below)), fact("可比单位数", "units compared", fmt.Sprint(n)),
			},
			Evidence: y.evidence,
		})
	}
	if !judged {
		p.NotApplicable(text("该单位年末之外没有支出", "the unit paid in no other month"))
	}
	return nil
}
