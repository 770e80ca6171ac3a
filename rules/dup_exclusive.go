package rules

import (
	"fmt"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

// DupExclusive flags two programs, declared exclusive by the policy, paid for
// overlapping periods.
var DupExclusive = &detect.Rule{
	ID:     "dup-exclusive",
	Family: detect.Dup,
	Title:  text("互斥政策重复享受", "paid under exclusive programs"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找同一人或同一户在重叠的所属期内享受政策规定不得同时享受的两个项目的情形。",
			"Finds a person or household paid, for overlapping periods, under two programs that exclude each other."),
		Steps: text(`1. 发放记录按人和项目轧差（见 dup-period 步骤1）。
2. 按政策文件 exclusive_with 找出互斥的两个项目；所属期至少有一个月重叠（含）即提示，未标明所属期的按发放月份计。
3. 按人：同一人享受两项。按户：两项都是按户发放的项目，由同户不同成员领取。
4. 涉及金额为重叠部分两项合计中较小的一项。所属期均标明为 E1，否则为 E2。`,
			`1. Payments are netted per person and program (dup-period, step 1).
2. The policy's exclusive_with names the pairs; at least one month in common (inclusive) gives a lead; a payment without a period stands for its month of payment.
3. By person: one person has both. By household: both programs are per household and two members have one each.
4. Money in question: the smaller of the two sums that overlap. E1 where all periods are stated, else E2.`),
		Formula: "exclusive（甲项目， 乙项目） ∧ |所属期甲 ∩ 所属期乙| ≥ 1",
		Example: `莫某 2017 年同时有特困供养和农村低保的发放记录。
-- payment.csv --
beneficiary_name,beneficiary_id,program,period,amount,pay_date,want
莫长河,459901194801120236,特困供养,2017-03,450,2017-03-15,E1 .* 200.00 莫长河.*农村低保.*特困供养
莫长河,459901194801120236,农村低保,2017-03,200,2017-03-15,
`,
		Why: text("互斥项目同时享受，说明部门之间未比对，或同一困难被重复申报。",
			"Two exclusive benefits at once mean that offices did not compare, or that one need was declared twice."),
		Exclusions: text("政策文件未列为互斥的不计；前一项停发后转入另一项、所属期不重叠的不计；已退回的轧差后不计。",
			"Pairs that the policy does not name; a change from one program to the other without overlap; money returned."),
		FalseAlarms: text("转换当月两项衔接发放；项目名称归并不当；户编号录错导致不同户并为一户。",
			"Both paid in the month of change; a program name taken for another; a wrong household number."),
		Verify: text("调取两项审批表和停发通知，核对转换时间；查两项资金是否都到账；了解本人是否知情。",
			"Take both approvals and the notice of change; see whether both sums arrived; ask what the person knows."),
		Control: text("审批新项目前应查询申请人已享受的其他项目。", "Before approving, look up what else the applicant receives."),
	},
	Basis: []detect.Basis{basisMeansTest},
	By:    []table.Key{table.Person, table.Household},
	Needs: []string{"payment"},
	Reads: append(slices.Clone(grantReads), payName),
	Check: checkDupExclusive,
}

func checkDupExclusive(p *detect.Pass) error {
	v := p.View(table.Payment)
	if v.Len() == 0 {
		p.NotApplicable(noPayment)
		return nil
	}
	if !anyExclusive(p, payProgram.In(v)) {
		return nil
	}
	l := grants.Of(p)
	var done [][2]string
	for _, a := range l.grants {
		for _, b := range l.grants {
			pair := [2]string{a.program, b.program}
			if a.program < b.program && !slices.Contains(done, pair) && p.Policy.Exclusive(a.program, b.program) {
				done = append(done, pair)
				reportExclusive(p, v, l, pair)
			}
		}
	}
	return nil
}

// anyExclusive looks at the programs of a group before anything is netted: most
// people have none that exclude each other.
func anyExclusive(p *detect.Pass, programs []string) bool {
	for i, a := range programs {
		for j, b := range programs[:i] {
			if a == b || j > 0 && b == programs[j-1] {
				continue
			}
			if p.Policy.Exclusive(a, b) {
				return true
			}
		}
	}
	return false
}

func reportExclusive(p *detect.Pass, v table.View, l *ledger, pair [2]string) {
	gs := l.grants
	household := p.Group.Key == table.Household
	if household {
		for _, program := range pair {
			if prog := p.Policy.Programs[program]; prog == nil || prog.Unit != "household" {
				return
			}
		}
	}
	var ks [2][]int
	from, to, stated := monthMax, monthMin, true
	for i, a := range gs {
		for j, b := range gs {
			both := a.period.Overlap(b.period)
			if a.program != pair[0] || b.program != pair[1] || both == 0 || (a.person == b.person) == household {
				continue
			}
			for side, k := range [2]int{i, j} {
				if !slices.Contains(ks[side], k) {
					ks[side] = append(ks[side], k)
				}
			}
			from, to = min(from, both.From()), max(to, both.To())
			stated = stated && a.stated && b.stated
		}
	}
	if len(ks[0]) == 0 {
		return
	}
	var sums [2]table.Fen
	for side := range ks {
		for _, k := range ks[side] {
			sums[side] += gs[k].amount
		}
	}
	grade := p.Rule.Grade
	if !stated {
		grade = detect.E2
	}
	names, both := payName.In(v), table.MonthsOf(from, to)
	a, b := names[gs[ks[0][0]].row], names[gs[ks[1][0]].row]
	when := span(both)
	summary := text(
		fmt.Sprintf("%s在%s同时有%s%s元和%s%s元的发放记录，两项按政策不得同时享受，建议核实。", a, when.Zh, pair[0], sums[0], pair[1], sums[1]),
		fmt.Sprintf("%s was paid both %s (%s yuan) and %s (%s yuan) for %s; the policy lets nobody have both; to be checked.", a, pair[0], sums[0], pair[1], sums[1], when.En))
	if household {
		summary = text(
			fmt.Sprintf("同一户的%s和%s在%s分别有%s%s元和%s%s元的发放记录，两项按政策不得同户同时享受，建议核实。", a, b, when.Zh, pair[0], sums[0], pair[1], sums[1]),
			fmt.Sprintf("In one household %s was paid %s (%s yuan) and %s %s (%s yuan) for %s; the policy lets no household have both; to be checked.", a, pair[0], sums[0], b, pair[1], sums[1], when.En))
	}
	p.Report(detect.Lead{
		Grade: grade, Program: pair[0] + "×" + pair[1], Amount: min(sums[0], sums[1]), Summary: summary,
		Facts: []detect.Fact{
			fact("重叠时段", "months in common", both.String()),
			fact(pair[0], pair[0], sums[0].String()),
			fact(pair[1], pair[1], sums[1].String()),
		},
		Evidence: l.evidence(v, append(ks[0], ks[1]...)...),
	})
}
