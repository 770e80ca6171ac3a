package rules

import (
	"fmt"
	"math"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

var unregisteredCovered = &detect.Param[int]{
	Name: "covered_percent", Default: 50,
	Doc: text("该县该年在册户数达到其最多一年的此比例（%，含），名册才算覆盖该年", "percent of its fullest year's households that a county's register of a year must have, inclusive, to cover that year"),
}

// PaidUnregistered flags benefits for registered poor households paid to people
// of no such household.
var PaidUnregistered = &detect.Rule{
	ID:     "paid-unregistered",
	Family: detect.Elig,
	Title:  text("非建档立卡户享受", "paid to an unregistered household"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找仅限建档立卡户的项目发给当年不在册人员的情形。", "Finds programs for registered poor households paid to people on no household register of that year."),
		Steps: text(`1. 发放记录按户归集，按人和项目轧差（见 dup-period 步骤1），只看政策文件标为 registered_only 的项目；年度按所属期，未标所属期的按发放日期。
2. 建档立卡名册中有该户当年或发放年度（或未标年度）的记录即视为在册：户内任何成员领取均可。
3. 本县名册覆盖所属期各年（本县该年在册户数不少于其最多一年的 covered_percent%，含，只有当年脱贫户、返贫户等名单的不算；只看基准日前20年）而该户不在册的提示，每人每项目一条。该户在其他年度在册的为 E2，从未在册的为 E1。`,
			`1. Payments are taken by household and netted per person and program (dup-period, step 1); only programs that the policy marks registered_only; the years are those of the period, else that of payment.
2. A row of the household register for the household in such a year, or in that of payment (or without a year), makes all its members registered.
3. Where the county's own register covers each year (its households are at least covered_percent of the county's fullest year's, inclusive: a mere list of those who left or came back covers none; 20 years before the as-of date at most) and the household is not on it, each person and program makes a lead: E2 where the household stands in other years, E1 where in none.`),
		Formula: "registered_only（项目） ∧ 户 ∉ 建档立卡名册（年度）",
		Example: `谭某户不在 2017 年建档立卡名册，却领取雨露计划补助。
-- household.csv --
household_id,member_name,member_id,year
H1,韦大山,459901197001010016,2017
-- payment.csv --
beneficiary_name,beneficiary_id,program,period,amount,pay_date,want
谭小湾,459901200001010790,雨露计划,2017,1500,2017-10-15,E1 .* 1500.00 谭小湾.*2017年.*雨露计划
`,
		Why:         text("扶贫项目只面向建档立卡户，发给册外人员挤占了贫困户的份额。", "Such programs are for registered households; what others draw is missing there."),
		Exclusions:  text("名册未覆盖的年度不作判断；户内其他成员在册的不计。", "Years the register does not cover are not judged; any registered member covers the household."),
		FalseAlarms: text("名册不全或只有户主；身份证号、户编号录错而未能对上；当年动态调整。", "A register that is incomplete or lists heads only; numbers mistyped; changes within the year."),
		Verify:      text("查全国扶贫信息系统当年状态；核对申请表所附贫困户证明。", "Look up that year's status in the national system; see the proof with the application."),
		Control:     text("发放前应与当年建档立卡数据比对。", "Rosters should be compared with that year's register."),
	},
	Basis:     []detect.Basis{basisPovertyFund, basisStandard},
	By:        []table.Key{table.Household},
	Needs:     []string{"payment", "household"},
	Reads:     slices.Concat(grantReads, countyReads, []table.Column{payName, memberYear}),
	Params:    []detect.Parameter{unregisteredCovered},
	Baselines: []detect.Measure{registered},
	Check:     checkPaidUnregistered,
}

// registerCovers reports whether a county's register of a year is whole, by how
// many households it lists in the fullest.
func registerCovers(p *detect.Pass, county string, year int) bool {
	listed := inCounty(p, registered, county)
	n := listed.of(p, year)
	return n > 0 && n*100 >= slices.Max(listed[:])*unregisteredCovered.Of(p)
}

func checkPaidUnregistered(p *detect.Pass) error {
	v, member := p.View(table.Payment), p.View(table.Member)
	if v.Len() == 0 {
		p.NotApplicable(noPayment)
		return nil
	}
	if !pays(p, func(prog *policy.Program) bool { return prog != nil && prog.RegisteredOnly }) {
		return nil
	}
	l := grants.Of(p)
	year, county := memberYear.In(member), countyOf(p)
	listed := func(g grant) bool {
		for i := range member.Len() {
			if r, ok := year.At(i); !ok || int(r) == g.year() || g.period.Overlap(table.YearOf(int(r))) != 0 {
				return true
			}
		}
		return false
	}
	type found struct {
		person, program string
		ks              []int
	}
	var all []found
	judged := false
	for k, g := range l.grants {
		prog := p.Policy.Programs[g.program]
		if prog == nil || !prog.RegisteredOnly {
			continue
		}
		if !listed(g) {
			// A term that runs on into a year without a register began in one with.
			if !registerCovers(p, county, g.period.Year()) {
				continue
			}
			i := slices.IndexFunc(all, func(f found) bool { return f.person == g.person && f.program == g.program })
			if i < 0 {
				i = len(all)
				all = append(all, found{person: g.person, program: g.program})
			}
			all[i].ks = append(all[i].ks, k)
		}
		judged = true
	}
	if !judged {
		p.NotApplicable(text("建档立卡名册未覆盖发放年度", "the household register does not cover the year"))
		return nil
	}
	for _, f := range all {
		grade := p.Rule.Grade
		if member.Len() > 0 {
			grade = detect.E2
		}
		var total table.Fen
		from, to := math.MaxInt, 0
		for _, k := range f.ks {
			g := l.grants[k]
			total += g.amount
			from, to = min(from, g.period.From()/12), max(to, g.period.To()/12)
		}
		when := span(table.MonthsOf(from*12, from*12+11))
		if from != to {
			when = text(fmt.Sprintf("%d年至%d年", from, to), fmt.Sprintf("%d to %d", from, to))
		}
		name := payName.In(v)[l.grants[f.ks[0]].row]
		p.Report(detect.Lead{
			Subject: detect.Subject{Kind: string(table.Person), Key: f.person}, Grade: grade, Program: f.program, Amount: total,
			Summary: text(
				fmt.Sprintf("%s%s领取仅限建档立卡户的%s%d笔共%s元，当年建档立卡名册中查无该户，建议核实。", name, when.Zh, f.program, len(f.ks), total),
				fmt.Sprintf("%s was paid %s (%s), a program for registered households, %d times, %s yuan in all; the register of the year does not have the household; to be checked.", name, f.program, when.En, len(f.ks), total)),
			Facts:    []detect.Fact{fact("补贴项目", "program", f.program), fact("发放年度", "years", when.Zh), fact("金额合计", "sum", total.String())},
			Evidence: l.evidence(v, f.ks...),
		})
	}
	return nil
}
