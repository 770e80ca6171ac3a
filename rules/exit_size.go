package rules

import (
	"fmt"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

// ExitSize flags exits over the line that come from fewer heads, where nothing
// on record says where they went.
var ExitSize = &detect.Rule{
	ID:     "exit-size",
	Family: detect.Exit,
	Title:  text("人口增减凑线", "exited by fewer heads"),
	Grade:  detect.E2,
	Doc: detect.Doc{
		Purpose: text("查找脱贫当年人口减少、按上年人口计算就不达线，又查不到减员原因的户。",
			"Finds exited households that lost members in that year, would be under the line with the members of the year before, and have nothing on record that says why."),
		Steps: text(`1. 取脱贫当年和上一年的家庭人口；当年少于上年的才判断。
2. 上年在册、当年不在册的成员中，死亡人员库登记为脱贫当年年底（含）以前死亡的，或上年以后（含）列入其他建档立卡户的（婚嫁、分户、迁出），视为有据减员。
3. 当年人均纯收入达到当年贫困线（含），而当年总收入 ÷（当年人口 + 无据减少人数）低于当年贫困线（不含等于）的为线索。`,
			`1. Sizes in the year of exit and the one before; judged where the former is smaller.
2. Members on the earlier year's rows and not on the later's are accounted for if the register of deaths has them dead by the end of the year of exit (inclusive), or another household lists them in the year before the exit or later (marriage, a divided household, a move).
3. A lead where the income a head is at or over the line, and the household's income ÷ (size + members not accounted for) is below it (equal is not).`),
		Formula: "n[Y] < n[Y−1] ∧ 收入·n[Y]/(n[Y] + 无据减少） < 线[Y] ≤ 收入",
		Example: `上年 4 人，脱贫当年 3 人，去向不明；按 4 人算只有 2400 元。
-- household.csv --
household_id,member_name,member_id,relation,household_size,year,exit_year,income_per_capita,want
H1,谭小湾,459901196101010633,户主,4,2015,,2500,
H1,谭小湾,459901196101010633,户主,3,2016,2016,3200,E2 H1 0.00 谭小湾户.*4人减为3人.*2400.00元
`,
		Why:         text("少填一口人，人均收入就上去了，这是凑线最省事的办法。", "One head less lifts the income a head: the easiest way over the line."),
		Exclusions:  text("减员后按原人口仍达线的、死亡人员库或他户名册能说明的不计；缺上年记录或人口的不作判断。", "Not counted where the line is reached with the old members too, or deaths or another household's list account for them; not judged without sizes of both years."),
		FalseAlarms: text("嫁入或迁往非建档立卡户、参军、服刑等减员，本系统的比对库中没有；只列户主的表无法得知是谁减少。", "Marriage into or a move to a household not on the register, the army or prison, of which nothing here tells; sheets that list the head only do not say who is gone."),
		Verify:      text("查户口簿和家庭成员变更审批；问清少了谁、何时、去了哪里。", "See the household booklet and the papers of the change; ask who is gone, since when and where to."),
		Control:     text("家庭成员自然减少应附证明，当年不得直接用于核算退出。", "A change of members should need proof before an exit is computed with it."),
	},
	Basis: []detect.Basis{basisExit},
	By:    []table.Key{table.Household},
	Needs: []string{"household"},
	Reads: slices.Concat(homeReads, []table.Column{memberName, memberRelation, memberPerson, memberElsewhere, registerKind, registerSince, registerPerson}),
	Check: checkExitSize,
}

func checkExitSize(p *detect.Pass) error {
	v := p.View(table.Member)
	judged, why := false, notExited
	for _, h := range homes.Of(p) {
		if h.exit == h.year {
			why = text("缺脱贫上一年的记录或人口", "no row or size of the year before the exit")
		}
	}
	for _, x := range pairs(homes.Of(p)) {
		b, a := x.before, x.after
		if a.exit != a.year || a.size == 0 || b.size == 0 {
			continue
		}
		line, ok := p.Policy.LineOf(a.year, a.county)
		if !ok || !a.known {
			why = noLine
			if !a.known {
				why = noIncome
			}
			continue
		}
		judged = true
		if a.size >= b.size || a.income < line {
			continue
		}
		dead, moved := departed(p, b.year, a.year)
		gone := b.size - a.size - dead - moved
		if gone <= 0 {
			continue
		}
		with := a.income * table.Fen(a.size) / table.Fen(a.size+gone)
		if with >= line {
			continue
		}
		name := headName(v)
		p.Report(detect.Lead{
			Period: table.YearOf(a.year).String(),
			Summary: text(
				fmt.Sprintf("%s户标注%d年脱贫，家庭人口由上年%d人减为%d人，%d人无减员依据；如计入，人均纯收入由%s元降为%s元，低于贫困线%s元，建议核实家庭人口。", name, a.year, b.size, a.size, gone, a.income, with, line),
				fmt.Sprintf("The household of %s, out of poverty in %d, went from %d members to %d, %d of them without a reason on record; with them the income a head is %s yuan, not %s, under the line of %s; its members to be checked.", name, a.year, b.size, a.size, gone, with, a.income, line)),
			Facts: []detect.Fact{
				fact("上年人口", "members the year before", fmt.Sprint(b.size)),
				fact("当年人口", "members", fmt.Sprint(a.size)),
				fact("死亡人员库可说明", "accounted for by deaths", fmt.Sprint(dead)),
				fact("列入他户", "listed by another household", fmt.Sprint(moved)),
				fact("计入后人均", "income a head with them", with.String()),
				fact("当年贫困线", "poverty line", line.String()),
			},
			Evidence: homeEvidence(v, a, b),
		})
	}
	if !judged {
		p.NotApplicable(why)
	}
	return nil
}

// departed counts the members on one year's rows and not on a later's who were
// dead by the end of the later, and of the others those whom another household
// lists.
func departed(p *detect.Pass, before, after int) (dead, moved int) {
	v := p.View(table.Member)
	person, year, elsewhere := memberPerson.In(v), memberYear.In(v), memberElsewhere.In(v)
	gone := deadMembers(p, table.DayOf(after, 12, 31), before)
	var seen []string // still there, or counted
	for i, who := range person {
		if int(year.Or(i, 0)) == after {
			seen = append(seen, who)
		}
	}
	for i, who := range person {
		if who == "" || int(year.Or(i, 0)) != before || slices.Contains(seen, who) {
			continue
		}
		seen = append(seen, who)
		if slices.Contains(gone, who) {
			dead++
		} else if _, listed := elsewhere.At(i); listed {
			moved++
		}
	}
	return dead, moved
}

// deadMembers lists the members on a year's rows whom the register of deaths
// has dead by a day.
func deadMembers(p *detect.Pass, by table.Day, year int) []string {
	v, reg := p.View(table.Member), p.View(table.Register)
	kind, since, dead := registerKind.In(reg), registerSince.In(reg), registerPerson.In(reg)
	person, of := memberPerson.In(v), memberYear.In(v)
	var out []string
	for i := range reg.Len() {
		d, ok := since.At(i)
		if kind[i] != "deceased" || !ok || d > by || slices.Contains(out, dead[i]) {
			continue
		}
		for j := range v.Len() {
			if person[j] == dead[i] && int(of.Or(j, 0)) == year {
				out = append(out, dead[i])
				break
			}
		}
	}
	return out
}
