package rules

import (
	"fmt"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/names"
	"fundtrace/pipeline/table"
)

var deceasedGrace = &detect.Param[int]{
	Name: "grace_months", Default: 1,
	Doc: text("死亡当月之后仍容许发放的月数（含）", "months after the month of death in which payments are still let pass, inclusive"),
}

// PaidDeceased flags benefits for months after the person's death.
var PaidDeceased = &detect.Rule{
	ID:     "paid-deceased",
	Family: detect.Elig,
	Title:  text("死亡人员领取", "paid after death"),
	Grade:  detect.E0,
	Doc: detect.Doc{
		Purpose: text("查找死亡人员在死亡之后的所属期仍领取补贴的情形，并计算多发月数和金额。",
			"Finds benefits for periods after the person's death, and counts the months and the money."),
		Steps: text(`1. 发放记录按人和项目轧差（见 dup-period 步骤1）。
2. 取死亡登记中的死亡日期；有多条登记的取最晚的一条。
3. 所属期首月晚于“死亡当月 + grace_months”的为多发；所属期起于死亡当月之后、跨过该月（如整季、半年），且发放也晚于该月的，同样为多发；所属期跨越死亡当月的（如整年）、政策文件标为 survivors 的项目（丧葬、抚恤、遗属待遇）不计。
4. 所属期未标明、按发放月份推定的为 E2；按户发放的项目（可能只是户主未变更）、政策文件没有的项目（可能是遗属待遇），或姓名与死亡登记不一致的为 E1；其余为 E0。`,
			`1. Payments are netted per person and program (dup-period, step 1).
2. The date of death is that of the register, the latest where it has several.
3. A payment is over when its period begins after the month of death plus grace_months, or begins after the month of death, goes on beyond that month (a quarter, half a year) and was paid after it; a period that spans the month of death (a whole year) is not counted, nor are programs that the policy marks survivors (funeral and survivors' grants).
4. E2 where the month of payment stands for the period; E1 where the program is per household (the head's name may just not have been changed) or not in the policy (it may be for survivors), or the names differ; E0 otherwise.`),
		Formula: "首月（所属期） > 月（死亡日期） + grace_months ∨ 首月 > 月（死亡日期） ∧ 末月、发放月 > 月（死亡日期） + grace_months",
		Example: `黄某 2017 年 2 月去世，5 月、6 月仍有特困供养发放。
-- payment.csv --
beneficiary_name,beneficiary_id,program,period,amount,pay_date,want
黄有田,459901194002030226,特困供养,2017-02,200,2017-02-15,
黄有田,459901194002030226,特困供养,2017-05,200,2017-05-15,E0 .* 400.00 黄有田.*2017年2月10日.*2个月
黄有田,459901194002030226,特困供养,2017-06,200,2017-06-15,
-- register.csv --
register_kind,person_name,person_id,since
deceased,黄有田,459901194002030226,2017-02-10
`,
		Why: text("人员死亡后继续发放，钱款可能由他人冒领或在经办环节滞留。",
			"Money paid after a death is drawn by somebody else, or stays with those who handle it."),
		Exclusions: text("政策文件标为 survivors 的项目不计；死亡后宽限月内的不计；已退回、追回的轧差后不计；死亡登记无日期的不作判断。",
			"Programs that the policy marks survivors are not counted, nor the months of grace, nor what was returned; a register line without a date is not judged."),
		FalseAlarms: text("补发生前应得款而未注明；死亡登记日期录错；同证号他人；遗属继续享受的按户补贴未变更户名。",
			"Arrears due before death that are not marked; a wrong date in the register; another person under the number; a household grant still under the late head's name."),
		Verify: text("核对死亡证明、户口注销日期和火化记录；查款项到账后由谁支取；走访家属，了解是否知情和是否已退回。",
			"Compare death certificate, cancelled registration and cremation record; see who drew the money; ask the family what they know and whether it was returned."),
		Control: text("发放单位每月应与公安、民政、卫健的死亡人员信息比对后再发放。",
			"Payers should compare each month's roster with the deaths known to police, civil affairs and health offices."),
	},
	Basis:     []detect.Basis{basisFraud, basisMeansTest},
	By:        []table.Key{table.Person},
	Needs:     []string{"payment", "register:deceased"},
	Reads:     append(slices.Clone(grantReads), payName, registerKind, registerName, registerSince, detect.Aside(payCounty)),
	Params:    []detect.Parameter{deceasedGrace},
	Baselines: []detect.Measure{registerKinds},
	Check:     checkPaidDeceased,
}

func checkPaidDeceased(p *detect.Pass) error {
	v, reg := p.View(table.Payment), p.View(table.Register)
	if v.Len() == 0 {
		p.NotApplicable(noPayment)
		return nil
	}
	row, died, listed := death(reg)
	if !listed {
		withoutRegister(p, "deceased")
		return nil
	}
	if row < 0 {
		p.NotApplicable(text("死亡登记无死亡日期", "the register of deaths has no date"))
		return nil
	}
	l := grants.Of(p)
	if len(l.grants) == 0 {
		p.NotApplicable(l.lacks())
		return nil
	}
	limit := died.Month() + deceasedGrace.Of(p)
	var programs []string
	for _, g := range l.grants {
		prog := p.Policy.Programs[g.program]
		if over(&g, died, limit) && (prog == nil || !prog.Survivors) && !slices.Contains(programs, g.program) {
			programs = append(programs, g.program)
		}
	}
	name := registerName.In(reg)[row]
	for _, program := range programs {
		reportDeceased(p, l, program, limit, row, died, name)
	}
	return nil
}

// over tells whether a grant is of a time after a death: limit is the last month
// of grace. Of a longer period that begins in the months of grace, the money was
// due to stop before it was paid.
func over(g *grant, died table.Day, limit int) bool {
	return g.period.From() > limit ||
		g.period.From() > died.Month() && g.period.To() > limit && g.dated && g.day.Month() > limit
}

// death returns the register's latest date of death and its row, -1 where no
// line has a date; listed is false where the person is not in the register.
func death(reg table.View) (row int, died table.Day, listed bool) {
	kinds, since := registerKind.In(reg), registerSince.In(reg)
	row = -1
	for i := range reg.Len() {
		if kinds[i] != "deceased" {
			continue
		}
		listed = true
		if d, ok := since.At(i); ok && (row < 0 || d > died) {
			row, died = i, d
		}
	}
	return row, died, listed
}

func reportDeceased(p *detect.Pass, l *ledger, program string, limit, row int, died table.Day, registered string) {
	v, reg := p.View(table.Payment), p.View(table.Register)
	grade := p.Rule.Grade
	if prog := p.Policy.Programs[program]; prog == nil || prog.Unit == "household" {
		grade = detect.E1
	}
	var ks []int
	var total table.Fen
	months := 0
	first, last := table.Period(0), table.Period(0)
	for k, g := range l.grants {
		if g.program != program || !over(&g, died, limit) {
			continue
		}
		ks = append(ks, k)
		total += g.amount
		months += g.period.Months()
		if first == 0 || g.period < first {
			first = g.period
		}
		last = max(last, g.period)
		if !g.stated {
			grade = detect.E2
		}
	}
	name := payName.In(v)[l.grants[ks[0]].row]
	if !names.Agree(name, registered) {
		grade = max(grade, detect.E1)
	}
	on, when := date(died), span(table.MonthsOf(first.From(), last.To()))
	p.Report(detect.Lead{
		Grade: grade, Program: program, Amount: total,
		Summary: text(
			fmt.Sprintf("%s登记于%s死亡，其后%s仍有%s发放记录%d笔、%d个月、共%s元，建议核实由谁领取。", name, on.Zh, when.Zh, program, len(ks), months, total),
			fmt.Sprintf("%s is registered as having died on %s; %s was still paid for %s: %d payments, %d months, %s yuan; find out who received it.", name, on.En, program, when.En, len(ks), months, total)),
		Facts: []detect.Fact{
			fact("死亡日期", "date of death", died.String()),
			fact("死亡登记姓名", "name in the register", registered),
			fact("补贴项目", "program", program),
			fact("死亡后发放月数", "months paid after death", fmt.Sprint(months)),
			fact("死亡后发放金额", "paid after death", total.String()),
		},
		Evidence: append(l.evidence(v, ks...), detect.Row(reg, row, text("死亡登记", "register of deaths"))),
	})
}
