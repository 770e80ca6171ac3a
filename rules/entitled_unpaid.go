package rules

import (
	"fmt"
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

var unpaidCover = &detect.Param[int]{
	Name: "min_paid_households", Default: 5,
	Doc: text("同乡镇当年至少有这么多户（含）领到此类补贴，才认为名册齐全、可以判断", "households of the town paid such a program in the year, inclusive, for its rosters to count as handed in"),
}

// EntitledUnpaid flags registered households with a person on a roster of
// entitlement who were paid nothing of what that entitles to.
var EntitledUnpaid = &detect.Rule{
	ID:     "entitled-unpaid",
	Family: detect.Elig,
	Title:  text("应享未享", "entitled and not paid"),
	Grade:  detect.E2,
	Doc: detect.Doc{
		Purpose: text("查找建档立卡户有成员在应享名册（如在校学生）上、当年却没有领到相应补贴的情形。",
			"Finds registered households with a person on a roster of entitlement (students for one) and no such payment in the year."),
		Steps: text(`1. 政策文件以 entitled_by 列明哪些项目凭哪类比对库享受；未列的不判断。
2. 成员在册覆盖全年（1至12月，含）、该年已结束、当年在建档立卡册上，且未在该年之前脱贫（标 after_exit 的项目不论）的，为当年应享户。
3. 该户当年没有凭该库享受的任何一个项目的净额发放，即提示，每户每年一条。
4. 只判断名册齐全的年度：同乡镇该年领到此类补贴的户数达到 min_paid_households（含）；只看基准日前20年。`,
			`1. The policy's entitled_by says which programs go by which register; without it nothing is judged.
2. A household is entitled in a year if a member's line covers all of it (January to December, inclusive), the year is over, the household is on that year's register and did not exit before it (no matter for programs marked after_exit).
3. No net payment of any program that goes by that register makes a lead, one for each household and year.
4. Only years whose rosters are there are judged: at least min_paid_households (inclusive) of the town were paid such a program in it; no year is judged that is more than 20 before the as-of date.`),
		Formula: "应享（户， 年） ∧ Σ净额（entitled_by 项目， 户， 年） = 0",
		Example: `蓝五户的孩子全年在校，没有领到教育资助（示例把名册齐全的户数降为1）。
-- policy.yaml --
programs:
  教育资助: {unit: person, after_exit: true, entitled_by: [student]}
rules:
  entitled-unpaid: {min_paid_households: 1}
-- payment.csv --
beneficiary_name,beneficiary_id,household_id,county,town,program,period,amount
韦子,459901200501010319,H1,甲县,青石镇,教育资助,2017,1000
-- household.csv --
household_id,member_name,member_id,county,town,village,year,want
H1,韦子,459901200501010319,甲县,青石镇,石山村,2017,
H5,蓝子,459901200501010327,甲县,青石镇,石山村,2017,E2 H5 0.00 .*蓝子2017年.*教育资助
-- register.csv --
register_kind,person_name,person_id,since
student,韦子,459901200501010319,2016-09-01
student,蓝子,459901200501010327,2016-09-01
`,
		Why: text("应享未享说明政策没有落到最需要的户，也可能是资金被截留或名额被他人占用。",
			"The help has not reached those it is for; it may have been kept back, or the place taken by another."),
		Exclusions: text("名册不齐的乡镇和年度、在册不满全年的、当年不在建档立卡册上的不判断；户内任一成员领到即不提示。",
			"Towns and years without rosters, persons not on the roster for the whole year, and households not on that year's register are not judged; one payment to any member is enough."),
		FalseAlarms: text("在外县就读由外县发放；非寄宿生、学段不在资助范围；成员姓名证号登记不一而未对上。",
			"Paid by the county of the school; a day pupil, or a stage that the program leaves out; a payment to a name or number that was not matched."),
		Verify:  text("问农户和学校是否申请、为何没有；查资助名册和上级下达人数。", "Ask the household and the school whether it was applied for and why not paid; see the roster and the numbers sent down."),
		Control: text("教育、民政部门应按在册名单与建档立卡人口逐年比对，主动发放。", "The offices should compare their rosters with the register every year and pay unasked."),
	},
	Basis:     []detect.Basis{basisPovertyFund},
	By:        []table.Key{table.Household},
	Needs:     []string{"payment", "household", "register:student"},
	Reads:     slices.Concat(grantReads, exitReads, []table.Column{memberTown, registerKind, registerName, registerSince, registerUntil, registerPerson}),
	Params:    []detect.Parameter{unpaidCover},
	Baselines: []detect.Measure{entitledPaid},
	Check:     checkEntitledUnpaid,
}

// entitledBy returns the programs that go by a kind of register, in order of
// name, and whether all of them go on after exit.
func entitledBy(p *policy.Policy, kind string) (names []string, afterExit bool) {
	afterExit = true
	for name, prog := range p.Programs {
		if slices.Contains(prog.EntitledBy, kind) {
			names = append(names, name)
			afterExit = afterExit && prog.AfterExit
		}
	}
	slices.Sort(names)
	return names, afterExit
}

// entitledPaid counts by town the registered households that were paid a program
// that goes by a register, by the years that it was for.
var entitledPaid = &detect.Baseline[yearly]{
	Name: "households paid by a roster of entitlement", By: table.Household,
	Read: append(slices.Clone(grantReads), memberTown),
	Key: func(p *detect.Pass) (string, bool) {
		m := p.View(table.Member)
		return firstOf(memberTown.In(m)...), m.Len() > 0 && p.View(table.Payment).Len() > 0 && pays(p, entitling)
	},
	Of: func(p *detect.Pass) (out yearly) {
		for _, g := range grants.Of(p).grants {
			for y := g.period.From() / 12; entitling(p.Policy.Programs[g.program]) && y <= g.period.To()/12; y++ {
				out.note(p, y)
			}
		}
		return out
	},
	Merge: sumYears,
}

// entitling reports whether a program goes by a register.
func entitling(prog *policy.Program) bool { return prog != nil && len(prog.EntitledBy) > 0 }

func checkEntitledUnpaid(p *detect.Pass) error {
	m, reg := p.View(table.Member), p.View(table.Register)
	if m.Len() == 0 {
		p.NotApplicable(text("不在建档立卡册上", "not on the household register"))
		return nil
	}
	const kind = "student"
	programs, after := entitledBy(p.Policy, kind)
	ss, left := spells(reg, kind, false)
	switch {
	case len(programs) == 0:
		p.NotApplicable(text("政策文件未列凭学籍享受的项目", "the policy has no program that goes by the roster of students"))
		return nil
	case len(ss) == 0 && left > 0:
		p.NotApplicable(noBeginning)
		return nil
	case len(ss) == 0:
		p.NotApplicable(text("户内无人在应享名册上", "nobody of the household is on the roster"))
		return nil
	}
	years := memberYear.In(m)
	paid := entitledPaid.At(p, firstOf(memberTown.In(m)...))
	l := grants.Of(p)
	judged := false
	for _, year := range registerYears(years) {
		whole := table.YearOf(year)
		i := slices.IndexFunc(ss, func(s spell) bool { return s.months.Overlap(whole) == whole })
		exited := slices.ContainsFunc(exits.Of(p), func(e exit) bool { return e.year < year })
		if i < 0 || whole.To() > (p.AsOf+1).Month()-1 || exited && !after || paid.of(p, year) < unpaidCover.Of(p) {
			continue
		}
		judged = true
		if slices.ContainsFunc(l.grants, func(g grant) bool { return slices.Contains(programs, g.program) && g.period.Overlap(whole) != 0 }) {
			continue
		}
		row, member := ss[i].row, slices.IndexFunc(yearList(years), func(y int) bool { return y == year })
		for k, person := range memberPerson.In(m) {
			if person == registerPerson.In(reg)[row] && int(years.Or(k, 0)) == year {
				member = k
				break
			}
		}
		name, what := registerName.In(reg)[row], strings.Join(programs, "、")
		p.Report(detect.Lead{
			Period: whole.String(),
			Facts: []detect.Fact{
				fact("在册人员", "on the roster", name), fact("应享项目", "programs", what), fact("在册起始日期", "since", dayOr(registerSince.In(reg), row)),
			},
			Evidence: []detect.Evidence{detect.Row(m, member, roleHousehold), detect.Row(reg, row, text("应享名册", "roster of entitlement"))},
			Summary: text(
				fmt.Sprintf("建档立卡户的%s%d年全年在校，该户当年未见%s发放，建议核实是否应享未享。", name, year, what),
				fmt.Sprintf("%s, of a registered household, was at school all of %d, and nothing of %s was paid to the household; find out whether it was due.", name, year, strings.Join(programs, ", "))),
		})
	}
	if !judged {
		p.NotApplicable(text("无可判断的年度：在册不满全年或当年名册不齐", "no year to judge: not on the roster all year, or the year's rosters are not there"))
	}
	return nil
}

// registerYears returns the different years of a column, ascending.
func registerYears(years table.Values[table.Count]) []int {
	all := yearList(years)
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(y int) bool { return y == 0 })
}

// yearList returns a column of years, 0 where absent.
func yearList(years table.Values[table.Count]) []int {
	out := make([]int, years.Len())
	for i := range out {
		out[i] = int(years.Or(i, 0))
	}
	return out
}
