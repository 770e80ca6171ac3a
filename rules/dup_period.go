package rules

import (
	"cmp"
	"fmt"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var dupPeriodMonths = &detect.Param[int]{
	Name: "min_overlap_months", Default: 1,
	Doc: text("两笔所属期至少重叠的月数（含本数）", "months that two periods must have in common, inclusive"),
}

// DupPeriod flags a person paid one program twice for the same months.
var DupPeriod = &detect.Rule{
	ID:     "dup-period",
	Family: detect.Dup,
	Title:  text("同期重复发放", "paid twice for one period"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找同一人同一补贴项目、所属期重叠、净额发放超过一次的情形。",
			"Finds a person who was paid one program more than once, net, for overlapping months."),
		Steps: text(`1. 按人和补贴项目（按政策文件归并别名）归集发放记录并轧差：同一笔在另一文件或工作表重复列示的只算一笔（一方未写发放日期的，所属期相同即可）；退款、冲销、追回、负数以及银行退票抵减原发放（先同金额、同所属期、同账户，再按最近一笔）；更正替换原发放；补发并入所属期；批次号不同的分期、分批合并为一笔。
2. 同为“标明所属期”或同为“未标明所属期”的各笔之间比较所属期，重叠月数达到参数（含）即归为一组；未标明所属期的按发放月份计。
3. 标明整年所属期、但在三个及以上不同月份发放的，视为按月发放，各归其发放月份。
4. 涉嫌重复金额 = 组内合计 − 互不重叠各笔可得的最大合计（对享受人最有利的算法）。
5. 所属期、金额完全相同为 E0；所属期重叠但不同，或金额不同为 E1；按发放月份推定为 E2。`,
			`1. Payments are netted per person and program (aliases of the policy): a payment told by two files or sheets counts once (of one period, where one of them tells no day); returns, reversals, negative amounts and what the bank could not book take away the payment they return (of the same amount, period and account before others, then the latest); corrections replace theirs; supplements join their period; instalments of different number are one payment.
2. Payments with a stated period are compared with each other, and those without, taken by month of payment, likewise; those with at least the parameter's months in common (inclusive) form one group.
3. Payments for one whole year made in three or more different months are read as monthly.
4. Money in question = sum of the group less the largest sum of payments that do not overlap, the reading most favourable to the payee.
5. E0 where period and amount are equal; E1 where periods overlap without being equal or amounts differ; E2 where the month of payment stands for the period.`),
		Formula: "同人 ∧ 同项目 ∧ |所属期i ∩ 所属期j| ≥ min_overlap_months （净额）",
		Example: `韦某 2017 年 3 月的低保先后发放两次。
-- payment.csv --
beneficiary_name,beneficiary_id,program,period,amount,pay_date,want
韦大山,459901197001010016,农村低保,2017-03,200,2017-03-15,E0 .* 200.00 韦大山.*2017年3月
韦大山,459901197001010016,农村低保,2017-03,200,2017-03-28,
韦大山,459901197001010016,农村低保,2017-04,200,2017-04-15,
`,
		Why: text("同一期补贴发放两次，多出的资金可能被重复申领或在经办环节被套取。",
			"Money paid twice for one period may have been claimed twice, or drawn off by those who handle the rosters."),
		Exclusions: text("另一文件或工作表重复列示的同一笔、已退回或更正的、补发、批次不同的分期、不同项目编号的，以及分档项目中档次不同的，均不计；不同县发放的见 dup-county，证号写法不同的见 dup-identity（政策文件停用该规则时由本规则提示）。未注明补贴项目，或既无所属期又无发放日期的，不作判断。",
			"Not counted: one payment told by two files or sheets, returned or corrected payments, supplements, instalments of different number, different project numbers, and different tiers of a graded program; two counties are dup-county's, two written identity numbers dup-identity's (reported here where the policy switches that rule off). Payments without a program, or with neither period nor date, are not judged."),
		FalseAlarms: text("补发未在备注注明；半年一发但所属期只写年度；一户多人的补贴都记在户主名下；两个子项目用了同一名称。",
			"An arrears payment that is not marked as one; half-yearly payments whose period names the year only; grants of several members entered under the head; two sub-programs under one name."),
		Verify: text("调取两笔的审批表、发放名册和银行回单，核对账户是否同一、钱款是否都到账；询问本人实际领到几次；查另一笔有无退回手续。",
			"Take both approvals, rosters and bank slips; see whether both sums reached the account; ask the person how often the money came; look for a return on file."),
		Control: text("发放名册上报前应与历次已发放名册按身份证号、项目、所属期比对。",
			"A roster should be compared with those already paid, by ID, program and period, before it is sent."),
	},
	Basis:  []detect.Basis{basisFraud},
	By:     []table.Key{table.Person},
	Needs:  []string{"payment"},
	Reads:  append(slices.Clone(grantReads), payName, payID),
	Params: []detect.Parameter{dupPeriodMonths},
	Check:  checkDupPeriod,
}

func checkDupPeriod(p *detect.Pass) error {
	v := p.View(table.Payment)
	if v.Len() == 0 {
		p.NotApplicable(noPayment)
		return nil
	}
	if v.Len() <= 16 && !mayRepeat(v) {
		return nil
	}
	l := grants.Of(p)
	if len(l.grants) == 0 && l.unnamed+l.unplaced > 0 {
		p.NotApplicable(l.lacks())
		return nil
	}
	least, handOver := max(dupPeriodMonths.Of(p), 1), p.Enabled(DupIdentity)
	for lo := 0; lo < len(l.grants); {
		hi := lo + 1
		for hi < len(l.grants) && l.grants[hi].program == l.grants[lo].program {
			hi++
		}
		for _, ks := range overlapping(l.grants, lo, hi, least) {
			if !handOver || len(numbersOf(payID.In(v), l.grants, ks)) < 2 { // else it is dup-identity's
				reportDupPeriod(p, v, l, ks)
			}
		}
		lo = hi
	}
	return nil
}

// mayRepeat is a quick look at the rows of a small group: whether any two are of
// one program and of overlapping or unstated periods. Most people's are not.
func mayRepeat(v table.View) bool {
	program, period := payProgram.In(v), payPeriod.In(v)
	for i := range v.Len() {
		a, stated := period.At(i)
		if program[i] == "" || !stated {
			return true
		}
		for j := range i {
			b := period.Or(j, 0)
			if a.Overlap(b) != 0 && program[i] == program[j] {
				return true
			}
		}
	}
	return false
}

// overlapping returns the sets of grants lo..hi-1, of one person and program,
// whose periods overlap in a chain, each set in order of period.
func overlapping(gs []grant, lo, hi, least int) [][]int {
	if hi-lo < 2 {
		return nil
	}
	var sets [][]int // of one kind each, then cut by period
	for k := lo; k < hi; k++ {
		i := slices.IndexFunc(sets, func(s []int) bool {
			return !slices.ContainsFunc(s, func(o int) bool { return gs[o].person != gs[k].person || !gs[o].kin(gs[k]) })
		})
		if i < 0 {
			sets = append(sets, []int{k})
		} else {
			sets[i] = append(sets[i], k)
		}
	}
	var out [][]int
	for _, s := range sets {
		slices.SortFunc(s, func(a, b int) int {
			return cmp.Or(cmp.Compare(gs[a].period, gs[b].period), cmp.Compare(gs[a].row, gs[b].row))
		})
		for i := 0; i < len(s); {
			j, to := i+1, gs[s[i]].period.To()
			for j < len(s) && min(to, gs[s[j]].period.To())-gs[s[j]].period.From()+1 >= least {
				to = max(to, gs[s[j]].period.To())
				j++
			}
			if j-i > 1 {
				out = append(out, s[i:j])
			}
			i = j
		}
	}
	return out
}

// excess returns the sum of grants ks, in order of period, less the largest sum
// of those among them that do not overlap.
func excess(gs []grant, ks []int) table.Fen {
	byEnd := slices.Clone(ks)
	slices.SortStableFunc(byEnd, func(a, b int) int { return cmp.Compare(gs[a].period.To(), gs[b].period.To()) })
	best := make([]table.Fen, len(byEnd)+1) // best[n] is the largest sum among the first n
	var sum table.Fen
	for n, k := range byEnd {
		sum += gs[k].amount
		before := n
		for before > 0 && gs[byEnd[before-1]].period.To() >= gs[k].period.From() {
			before--
		}
		best[n+1] = max(best[n], best[before]+gs[k].amount)
	}
	return sum - best[len(byEnd)]
}

func reportDupPeriod(p *detect.Pass, v table.View, l *ledger, ks []int) {
	gs := l.grants
	widest, equal, total := gs[ks[0]], true, table.Fen(0)
	for _, k := range ks {
		equal = equal && gs[k].period == gs[ks[0]].period && gs[k].amount == gs[ks[0]].amount
		if gs[k].period.Months() > widest.period.Months() {
			widest = gs[k]
		}
		total += gs[k].amount
	}
	grade := p.Rule.Grade
	switch {
	case !widest.stated:
		grade = detect.E2
	case equal:
		grade = detect.E0
	}
	over, when, name := excess(gs, ks), span(widest.period), payName.In(v)[gs[ks[0]].row]
	facts := []detect.Fact{fact("补贴项目", "program", widest.program)}
	for _, k := range ks {
		g := gs[k]
		value := g.period.String() + "  " + g.amount.String()
		if g.dated {
			value += "  " + g.day.String()
		}
		facts = append(facts, fact("所属期、净额、发放日期", "period, net, paid on", value))
	}
	how, howEn := "同期", "for the same period"
	if !widest.stated {
		how, howEn = "同月（未注明所属期）", "in one month, no period stated,"
	}
	p.Report(detect.Lead{
		Grade: grade, Program: widest.program, Period: widest.period.String(), Item: widest.project + widest.tier + widest.county, Amount: over,
		Summary: text(
			fmt.Sprintf("%s的%s在%s%s发放%d笔，净额合计%s元，疑似重复%s元，建议核实。", name, widest.program, when.Zh, how, len(ks), total, over),
			fmt.Sprintf("%s was paid %s %d times %s (%s): %s yuan net, %s of it possibly paid twice; to be checked.", name, widest.program, len(ks), howEn, when.En, total, over)),
		Facts:    facts,
		Evidence: l.evidence(v, ks...),
	})
}
