package rules

import (
	"fmt"
	"slices"
	"time"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/idnum"
	"fundtrace/pipeline/table"
)

// PaidWrongAge flags benefits paid to people outside the program's ages.
var PaidWrongAge = &detect.Rule{
	ID:     "paid-wrong-age",
	Family: detect.Elig,
	Title:  text("年龄不符", "paid outside the program's ages"),
	Grade:  detect.E0,
	Doc: detect.Doc{
		Purpose: text("查找发放当日年龄不在项目规定范围内的情形。", "Finds benefits paid to people whose age on the day of payment is outside the program's range."),
		Steps: text(`1. 发放记录按人和项目轧差（见 dup-period 步骤1），只看政策文件规定了 age 的项目。
2. 由身份证号的出生日期和发放日期计算周岁；无发放日期的，以所属期末日计下限、首日计上限。
3. 小于下限或大于上限（等于上下限不计）的提示，每人每项目一条。`,
			`1. Payments are netted per person and program (dup-period, step 1); only programs for which the policy gives an age.
2. Completed years of age follow from the birth date in the identity number and the day of payment; without one, from the last day of the period for the lower bound and its first day for the upper.
3. Below the lower or above the upper bound (equal is inside) makes a lead, one a person and program.`),
		Formula: "周岁（发放日期） < 下限 ∨ 周岁（发放日期） > 上限",
		Example: `高龄补贴限 80 周岁以上，梁某领取时 79 周岁。
-- policy.yaml --
programs:
  高龄补贴: {unit: person, age: [80, 150]}
-- payment.csv --
beneficiary_name,beneficiary_id,program,period,amount,pay_date,want
梁小桥,459901193803200788,高龄补贴,2018-03,80,2018-03-19,E0 .* 80.00 梁小桥.*79周岁
`,
		Why:        text("年龄不符的人领取，可能是虚报年龄或借用他人名义。", "Somebody of the wrong age may have declared another age or lent a name."),
		Exclusions: text("政策文件未规定年龄的项目、无发放日期又无所属期、身份证号无效的不作判断。", "Not judged without an age in the policy, a day of payment or a period, or a valid identity number."),
		FalseAlarms: text("按季、按年预发；补发以前月份；残疾、遗属等例外条件；身份证出生日期与实际不符已更正。",
			"Paid in advance by quarter or year; arrears; exceptions for disability or survivors; a birth date since corrected."),
		Verify:  text("核对户口簿出生日期和项目条件；查审批时的年龄认定。", "Compare the household book with the program's terms; see how age was established at approval."),
		Control: text("系统应按身份证号自动校验年龄。", "The system should check age by identity number."),
	},
	Basis: []detect.Basis{basisFraud},
	By:    []table.Key{table.Person},
	Needs: []string{"payment"},
	Reads: append(slices.Clone(grantReads), payName),
	Check: checkPaidWrongAge,
}

func checkPaidWrongAge(p *detect.Pass) error {
	v := p.View(table.Payment)
	if v.Len() == 0 {
		p.NotApplicable(noPayment)
		return nil
	}
	if !slices.ContainsFunc(payProgram.In(v), func(name string) bool {
		prog := p.Policy.Programs[name]
		return prog != nil && len(prog.Age) == 2
	}) {
		p.NotApplicable(text("政策文件未规定该项目的年龄", "the policy gives no age for the program"))
		return nil
	}
	id, err := idnum.Parse(p.Group.ID)
	if err != nil {
		p.NotApplicable(text("身份证号缺失或无效，年龄不明", "age unknown: no valid identity number"))
		return nil
	}
	l := grants.Of(p)
	judged := false
	for lo := 0; lo < len(l.grants); {
		hi, program := lo+1, l.grants[lo].program
		for hi < len(l.grants) && l.grants[hi].program == program {
			hi++
		}
		if prog := p.Policy.Programs[program]; prog != nil && len(prog.Age) == 2 {
			var ks []int
			for k := lo; k < hi; k++ {
				g := l.grants[k]
				first, last, ok := daysOf(g)
				judged = judged || ok
				if ok && (age(id.Birth, last) < prog.Age[0] || age(id.Birth, first) > prog.Age[1]) {
					ks = append(ks, k)
				}
			}
			if ks != nil {
				reportWrongAge(p, v, l, ks, id.Birth, prog.Age)
			}
		}
		lo = hi
	}
	if !judged {
		p.NotApplicable(text("无发放日期和所属期", "no day of payment and no period"))
	}
	return nil
}

// daysOf returns the first and the last day on which a grant can have been paid:
// its day, or where no sheet says one those of the period that it is for.
func daysOf(g grant) (first, last table.Day, ok bool) {
	if g.dated || !g.stated || g.period == 0 {
		return g.day, g.day, g.dated
	}
	month := func(m int) table.Day { return table.DayOf(m/12, time.Month(m%12+1), 1) }
	return month(g.period.From()), month(g.period.To()+1) - 1, true
}

// age returns the completed years between two days.
func age(birth, on table.Day) int {
	y, m, d := birth.Date()
	y2, m2, d2 := on.Date()
	years := y2 - y
	if m2 < m || m2 == m && d2 < d {
		years--
	}
	return years
}

func reportWrongAge(p *detect.Pass, v table.View, l *ledger, ks []int, birth table.Day, ages []int) {
	first, total := l.grants[ks[0]], table.Fen(0)
	for _, k := range ks {
		total += l.grants[k].amount
		if l.grants[k].day < first.day {
			first = l.grants[k]
		}
	}
	from, to, _ := daysOf(first)
	name, years, when := payName.In(v)[first.row], age(birth, to), span(first.period)
	if years >= ages[0] {
		years = age(birth, from)
	}
	if first.dated {
		when = date(first.day)
	}
	p.Report(detect.Lead{
		Program: first.program, Amount: total,
		Summary: text(
			fmt.Sprintf("%s%s领取%s时为%d周岁，不在规定的%d至%d周岁之内，共%d笔%s元，建议核实。", name, when.Zh, first.program, years, ages[0], ages[1], len(ks), total),
			fmt.Sprintf("%s was %d when paid %s on %s, outside its ages of %d to %d: %d payments of %s yuan; to be checked.", name, years, first.program, when.En, ages[0], ages[1], len(ks), total)),
		Facts: []detect.Fact{
			fact("出生日期", "born on", birth.String()), fact("领取时周岁", "age when paid", fmt.Sprint(years)),
			fact("规定年龄", "ages of the program", fmt.Sprintf("%d-%d", ages[0], ages[1])),
		},
		Evidence: l.evidence(v, ks...),
	})
}
