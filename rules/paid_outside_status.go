package rules

import (
	"fmt"
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

var statusGrace = &detect.Param[int]{
	Name: "grace_months", Default: 12,
	Doc: text("脱贫后仍可领取的月数（含），从脱贫当月之后起算", "months after the month of exit in which a payment is still accepted, inclusive"),
}

// PaidOutsideStatus flags households paid in a tier or at a time that their
// status on the register does not entitle them to.
var PaidOutsideStatus = &detect.Rule{
	ID:     "paid-outside-status",
	Family: detect.Elig,
	Title:  text("身份与待遇不符", "paid outside one's status"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找建档立卡户领取了其贫困户属性、建档时间或脱贫状态不应享受的补贴的情形。",
			"Finds households paid what their category, time of registration or exit does not entitle them to."),
		Steps: text(`1. 发放记录按户归集，按人和项目轧差（见 dup-period 步骤1），所属期按年与当年建档立卡记录对照。
2. 档次不符：政策文件规定该项目或该档次只限某些贫困户属性，而当年记录的属性都不在其列。
3. 建档前：只限建档立卡户的项目（registered_only），所属期止于最早建档年度之前。
4. 脱贫后：registered_only 或 means_tested 且未标 after_exit 的项目，所属期起于最后一次脱贫当月之后超过 grace_months 个月（等于不计）；只知脱贫年度的按12月计；当年记录为未脱贫或返贫的不计。
5. 每户每项目每种情形一条，金额为有关各笔净额合计。`,
			`1. Payments are taken by household, netted per person and program (dup-period, step 1) and set beside the register of the year.
2. Tier: the policy keeps the program or tier for some household categories, and none recorded for that year is among them.
3. Before registration: a registered_only program for a period that ends before the earliest year of registration.
4. After exit: a registered_only or means_tested program without after_exit, for a period that begins more than grace_months after the month of the last exit (equal is not); December where only the year is known; not counted where the year's register says not out of poverty, or back in it.
5. One lead for each household, program and kind; its money is the net sum of those payments.`),
		Formula: "属性 ∉ 档次所限 ∨ 所属期 < 建档年度 ∨ 所属期 > 脱贫月 + grace_months",
		Example: `一般贫困户按五保户档次领取特困供养。
-- payment.csv --
beneficiary_name,beneficiary_id,household_id,program,tier,period,amount,pay_date,want
莫四,45990119700101034X,H4,特困供养,五保户,2017Q1,600,2017-03-15,E1 H4 600.00 莫四.*一般贫困户.*特困供养
-- household.csv --
household_id,member_name,member_id,category,year,registered_year
H4,莫四,45990119700101034X,一般贫困户,2017,2014
`,
		Why: text("超出身份享受待遇，挤占真正困难户的资金，也可能是虚报身份套取。",
			"It takes what poorer households are due, and the status may have been made up to draw the money."),
		Exclusions: text("脱贫后继续享受的项目（after_exit）不计脱贫后发放；当年无建档记录、属性空白的不判断档次；不在建档立卡册上的户见 paid-unregistered。",
			"Programs that go on after exit are not counted after it; a year without register or category is not judged by tier; households in no register are paid-unregistered's."),
		FalseAlarms: text("年中调整属性而建档只记年末；补发往年待遇；属性名称各地写法不同，未列入政策文件。",
			"A category changed within the year; arrears of earlier years; local words for a category that the policy does not list."),
		Verify:  text("查评定档次的审批表和当年动态调整记录；核对发放时家庭状况；问明是否补发。", "See the approval of the tier and the year's changes on the register; the household's state when paid; whether it was arrears."),
		Control: text("名册编制时应按当年建档立卡属性和脱贫状态校验档次。", "Rosters should be checked against the year's category and exits."),
	},
	Basis:  []detect.Basis{basisStandard, basisPovertyFund},
	By:     []table.Key{table.Household},
	Needs:  []string{"payment", "household"},
	Reads:  slices.Concat(grantReads, exitReads, []table.Column{payName, memberCategory, memberStatus, memberRegistered}),
	Params: []detect.Parameter{statusGrace},
	Check:  checkPaidOutsideStatus,
}

// A misfit is one way in which payments and status differ.
type misfit struct {
	program, kind string
	why           detect.Text
	ks            []int
	members       []int // rows of the register that say so
	unsure        bool  // a period is not stated
}

func checkPaidOutsideStatus(p *detect.Pass) error {
	v, m := p.View(table.Payment), p.View(table.Member)
	switch {
	case v.Len() == 0:
		p.NotApplicable(noPayment)
		return nil
	case m.Len() == 0:
		p.NotApplicable(text("不在建档立卡册上", "not on the household register"))
		return nil
	}
	l := grants.Of(p)
	if len(l.grants) == 0 {
		p.NotApplicable(l.lacks())
		return nil
	}
	var all []misfit
	judged := false
	for k := range l.grants {
		g := &l.grants[k]
		prog := p.Policy.Programs[g.program]
		if prog == nil {
			continue
		}
		for _, f := range [...]func(*detect.Pass, *policy.Program, *grant) (misfit, bool){wrongTier, beforeRegistration, afterExit} {
			found, ok := f(p, prog, g)
			judged = judged || ok
			if found.kind == "" {
				continue
			}
			i := slices.IndexFunc(all, func(o misfit) bool { return o.program == g.program && o.kind == found.kind })
			if i < 0 {
				i = len(all)
				found.program = g.program
				all = append(all, found)
			}
			all[i].ks = append(all[i].ks, k)
			all[i].unsure = all[i].unsure || !g.stated
		}
	}
	if !judged {
		p.NotApplicable(text("所领项目不限身份，或建档记录缺属性、年度", "the programs ask for no status, or the register lacks category or years"))
		return nil
	}
	for _, f := range all {
		grade, total, from, to := p.Rule.Grade, table.Fen(0), monthMax, monthMin
		if f.unsure {
			grade = detect.E2
		}
		for _, k := range f.ks {
			g := l.grants[k]
			total, from, to = total+g.amount, min(from, g.period.From()), max(to, g.period.To())
		}
		lead := detect.Lead{Grade: grade, Program: f.program, Item: f.kind, Amount: total, Evidence: l.evidence(v, f.ks...)}
		for _, i := range f.members {
			lead.Evidence = append(lead.Evidence, detect.Row(m, i, roleHousehold))
		}
		name, when := payName.In(v)[l.grants[f.ks[0]].row], span(table.MonthsOf(from, to))
		lead.Facts = []detect.Fact{fact("补贴项目", "program", f.program), fact("不符情形", "how it differs", f.why.Zh), fact("金额合计", "sum", total.String())}
		lead.Summary = text(
			fmt.Sprintf("%s户%s，在%s领取%s%d笔共%s元，建议核实是否符合享受条件。", name, f.why.Zh, when.Zh, f.program, len(f.ks), total),
			fmt.Sprintf("The household of %s %s and was paid %s %d times for %s, %s yuan in all; see whether it was due.", name, f.why.En, f.program, len(f.ks), when.En, total))
		p.Report(lead)
	}
	return nil
}

// wrongTier tells a grant of a program or tier that the year's categories do
// not have; ok is false where the policy asks for none or the register has none.
func wrongTier(p *detect.Pass, prog *policy.Program, g *grant) (f misfit, ok bool) {
	allowed := prog.Category
	tier := payTier.In(p.View(table.Payment))[g.row]
	for _, t := range prog.Tiers {
		if t.Tier == tier {
			allowed = t.Category
		}
	}
	if len(allowed) == 0 {
		return f, false
	}
	m := p.View(table.Member)
	category, year := memberCategory.In(m), memberYear.In(m)
	var have []string
	for i, c := range category {
		if c == "" || int(year.Or(i, table.Count(g.period.Year()))) != g.period.Year() {
			continue
		}
		if slices.Contains(allowed, c) {
			return f, true
		}
		if !slices.Contains(have, c) {
			have = append(have, c)
			f.members = append(f.members, i)
		}
	}
	if have == nil {
		return f, false
	}
	f.kind = "tier"
	f.why = text(fmt.Sprintf("登记为%s，却按%s发放", strings.Join(have, "、"), firstOf(tier, g.program)),
		fmt.Sprintf("is recorded as %s but paid as %s", strings.Join(have, ", "), firstOf(tier, g.program)))
	return f, true
}

// beforeRegistration tells a grant of a registered-only program for a time
// before the household was registered.
func beforeRegistration(p *detect.Pass, prog *policy.Program, g *grant) (f misfit, ok bool) {
	if !prog.RegisteredOnly {
		return f, false
	}
	m := p.View(table.Member)
	registered := memberRegistered.In(m)
	first, row := 0, 0
	for i := range m.Len() {
		if y := int(registered.Or(i, 0)); y > 0 && (first == 0 || y < first) {
			first, row = y, i
		}
	}
	if first == 0 {
		return f, false
	}
	if g.period.To()/12 < first {
		f = misfit{kind: "before", members: []int{row}, why: text(fmt.Sprintf("%d年才建档立卡", first), fmt.Sprintf("was registered in %d only", first))}
	}
	return f, true
}

// afterExit tells a grant for a time after the household's last exit and the
// grace period.
func afterExit(p *detect.Pass, prog *policy.Program, g *grant) (f misfit, ok bool) {
	if prog.AfterExit || !prog.RegisteredOnly && !prog.MeansTested {
		return f, false
	}
	es := exits.Of(p)
	if len(es) == 0 {
		return f, true
	}
	m := p.View(table.Member)
	exitYear, exitedOn, year, status := memberExitYear.In(m), memberExitedOn.In(m), memberYear.In(m), memberStatus.In(m)
	last, row := 0, 0 // the month of the last exit
	for i := range m.Len() {
		month := int(exitYear.Or(i, 0))*12 + 11
		if d, ok := exitedOn.At(i); ok {
			month = d.Month()
		}
		if month > max(last, 11) {
			last, row = month, i
		}
		if int(year.Or(i, 0)) == g.period.Year() && has(status[i], "未脱贫", "返贫") {
			return f, true
		}
	}
	if g.period.From() > last+statusGrace.Of(p) {
		when := span(table.MonthsOf(last, last))
		f = misfit{kind: "after", members: []int{row}, why: text(when.Zh+"已脱贫", "left poverty in "+when.En)}
	}
	return f, true
}
