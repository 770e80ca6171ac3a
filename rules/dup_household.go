package rules

import (
	"fmt"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// DupHousehold flags a per-household program paid to two members of one
// household.
var DupHousehold = &detect.Rule{
	ID:     "dup-household",
	Family: detect.Dup,
	Title:  text("一户多补", "one household paid twice"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找按户发放的项目在同一所属期内发给同户两名以上成员的情形。",
			"Finds per-household programs paid for one period to two or more members of a household."),
		Steps: text(`1. 发放记录按户归集，按人和项目轧差（见 dup-period 步骤1）；只看政策文件标明 unit: household 的项目。
2. 同一项目、不同成员、所属期至少有一个月重叠（含）的两笔即提示，每户每项目一条。
3. 发到同一账户且同日发放的，视为一笔按人分列，不计；两笔净额各自达到（含）政策文件的每户标准的除外。
4. 涉嫌重复金额为合计减去互不重叠各笔可得的最大合计。所属期均标明为 E1，否则为 E2；各笔都注明批次而批次互不相同的，可能是一户分批、换人领取，为 E2。`,
			`1. Payments are taken by household and netted per person and program (dup-period, step 1); only programs that the policy marks unit: household.
2. Two of them of one program, different members and at least one month in common (inclusive) make a lead, one for each household and program.
3. Payments to one account on one day are one payment listed by member and not counted, unless each is at least (inclusive) what the policy's standard gives a household.
4. Money in question: the sum less the largest sum of payments that do not overlap. E1 where periods are stated, else E2; E2 too where each is an instalment of another number, which may be one grant that a second member went on to draw.`),
		Formula: "同户 ∧ 按户项目 ∧ 人i ≠ 人j ∧ |所属期i ∩ 所属期j| ≥ 1",
		Example: `父子同户，各领一份危房改造补助。
-- payment.csv --
beneficiary_name,beneficiary_id,household_id,program,period,amount,pay_date,account,want
黄大江,459901196503050726,H1,农村危房改造,2017,20000,2017-06-01,6217000000000000072,E1 H1 20000.00 .*黄大江、黄小江.*农村危房改造
黄小江,459901199003050731,H1,农村危房改造,2017,20000,2017-08-01,6217000000000000073,
-- household.csv --
household_id,member_name,member_id
H1,黄大江,459901196503050726
H1,黄小江,459901199003050731
`,
		Why: text("按户的补助一户只能享受一份，拆分户口或分头申报会挤占其他户的指标。",
			"A household may have one such grant; split or double declarations take what others are due."),
		Exclusions: text("按人发放的项目不计；同一账户同日按人分列、每笔不足每户标准的不计；退款、更正轧差后不计。",
			"Per-person programs, payments listed by member where one is below the standard of a household, and returned or corrected ones are not counted."),
		FalseAlarms: text("名册发放前已分户而建档未更新；户编号录错；低保按保障人口分列到各人账户。",
			"The household split before and the register is not up to date; a wrong household number; an allowance paid to each member's own account."),
		Verify:  text("查户口簿分户时间和两份申请；入户看住房、实际居住情况。", "See when the household split and both applications; visit, see who lives where."),
		Control: text("按户项目审批应以户编号查重。", "Per-household grants should be looked up by household number."),
	},
	Basis: []detect.Basis{basisFraud},
	By:    []table.Key{table.Household},
	Needs: []string{"payment", "household"},
	Reads: append(slices.Clone(grantReads), payName),
	Check: checkDupHousehold,
}

func checkDupHousehold(p *detect.Pass) error {
	v := p.View(table.Payment)
	if v.Len() == 0 {
		p.NotApplicable(noPayment)
		return nil
	}
	if v.Len() <= 16 && !severalMembers(p, v) {
		return nil
	}
	l := grants.Of(p)
	if len(l.grants) == 0 {
		p.NotApplicable(l.lacks())
		return nil
	}
	account := payAccount.In(v)
	var programs []string
	for _, g := range l.grants {
		if prog := p.Policy.Programs[g.program]; prog != nil && prog.Unit == "household" && !slices.Contains(programs, g.program) {
			programs = append(programs, g.program)
		}
	}
	for _, program := range programs {
		var ks []int
		for i, a := range l.grants {
			for j, b := range l.grants[:i] {
				listed := account[a.row] == account[b.row] && a.dated && b.dated && a.day == b.day && !(whole(p, a) && whole(p, b))
				if a.program != program || b.program != program || a.person == b.person || listed || !a.meets(b) {
					continue
				}
				for _, k := range [2]int{j, i} {
					if !slices.Contains(ks, k) {
						ks = append(ks, k)
					}
				}
			}
		}
		if ks != nil {
			slices.SortFunc(ks, func(a, b int) int { return l.grants[a].row - l.grants[b].row })
			reportDupHousehold(p, v, l, program, ks)
		}
	}
	return nil
}

// whole reports whether a grant is at least what its program gives a household,
// and so no member's part of one.
func whole(p *detect.Pass, g grant) bool {
	std, ok := p.Policy.Programs[g.program].StandardOf(g.period.Year(), g.county, g.tier)
	return ok && isPerHousehold(std) && g.amount >= std.Yuan.Fen()
}

// isPerHousehold reports whether a standard of a per-household program is for
// the household and not for each member, mu or month.
func isPerHousehold(s policy.Standard) bool { return s.Per == "" || s.Per == "household" }

// severalMembers is a quick look at the rows of a small household: whether two
// members were paid otherwise than into one account on one day, or what may be
// a whole grant each.
func severalMembers(p *detect.Pass, v table.View) bool {
	person, program, account, day := payPerson.In(v), payProgram.In(v), payAccount.In(v), payDate.In(v)
	mayBeWhole := func(i int) bool {
		prog := p.Policy.Programs[program[i]]
		return prog != nil && slices.ContainsFunc(prog.Standard, isPerHousehold)
	}
	for i := range v.Len() {
		a, dated := day.At(i)
		for j := range i {
			if b, ok := day.At(j); person[i] != person[j] && (account[i] != account[j] || !dated || !ok || a != b || mayBeWhole(i)) && meetSoon(v, i, j) {
				return true
			}
		}
	}
	return false
}

// meetSoon reports whether the periods of two rows overlap or are not stated.
func meetSoon(v table.View, i, j int) bool {
	period := payPeriod.In(v)
	a, ok1 := period.At(i)
	b, ok2 := period.At(j)
	return !ok1 || !ok2 || a.Overlap(b) != 0
}

func reportDupHousehold(p *detect.Pass, v table.View, l *ledger, program string, ks []int) {
	grade := p.Rule.Grade
	var who []string
	var total table.Fen
	from, to := monthMax, monthMin
	facts := []detect.Fact{fact("补贴项目", "program", program)}
	var parts uint64
	round := true // each is an instalment of another number
	for _, k := range ks {
		g, name := l.grants[k], payName.In(v)[l.grants[k].row]
		round = round && g.parts != 0 && g.parts&parts == 0
		parts |= g.parts
		if !g.stated {
			grade = detect.E2
		}
		if !slices.Contains(who, name) {
			who = append(who, name)
		}
		total, from, to = total+g.amount, min(from, g.period.From()), max(to, g.period.To())
		facts = append(facts, fact("成员、所属期、净额", "member, period, net", fmt.Sprintf("%s  %s  %s", name, g.period, g.amount)))
	}
	if round {
		grade = detect.E2
	}
	people, when := list(who, "人"), span(table.MonthsOf(from, to))
	p.Report(detect.Lead{
		Grade: grade, Program: program, Amount: excess(l.grants, ks),
		Summary: text(
			fmt.Sprintf("同一户的%s在%s分别领取按户发放的%s，共%d笔%s元，建议核实。", people.Zh, when.Zh, program, len(ks), total),
			fmt.Sprintf("%s of one household were each paid %s, a per-household grant, for %s: %d payments of %s yuan; to be checked.", people.En, program, when.En, len(ks), total)),
		Facts:    facts,
		Evidence: l.evidence(v, ks...),
	})
}
