package rules

import (
	"fmt"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

// ExitUnderLine flags households recorded as out of poverty in a year in which
// their own record puts them under the line.
var ExitUnderLine = &detect.Rule{
	ID:     "exit-under-line",
	Family: detect.Exit,
	Title:  text("收入未达线脱贫", "exited under the poverty line"),
	Grade:  detect.E0,
	Doc: detect.Doc{
		Purpose: text("查找标注为已脱贫、但脱贫当年人均纯收入低于当年贫困线的户。",
			"Finds households recorded as out of poverty whose income a head in the year of exit is below that year's line."),
		Steps: text(`1. 取户的脱贫年度（没有的取脱贫日期的年份），只看"年度"等于脱贫年度的记录。
2. 取这些记录中最高的人均纯收入（对该户最有利）。
3. 与政策文件中该县该年的贫困线比较，低于（不含等于）即提示。脱贫不止一次的逐年判断。`,
			`1. The year of exit is exit_year, else that of the exit date; only rows whose year is that year are looked at.
2. The highest income a head among them is taken, the reading most favourable to the record.
3. It is compared with the policy's line for county and year: below it (equal is not) makes a lead. Each of several exits is judged.`),
		Formula: "人均纯收入（脱贫年度） < 贫困线（县， 脱贫年度）",
		Example: `甲户 2016 年脱贫，当年人均纯收入 2800 元，低于 2952 元。
-- household.csv --
household_id,member_name,member_id,relation,household_size,year,exit_year,income_per_capita,want
H1,农小谷,459901196210100611,户主,4,2016,2016,2800,E0 H1 0.00 农小谷户.*2016年.*2800.00元.*2952.00元
`,
		Why: text("收入未达线而标注脱贫，属于退出不实，该户可能因此失去应有的帮扶。",
			"A household that leaves the register below the line was let go too early and may lose help it is due."),
		Exclusions: text("脱贫年度以外各年的收入不比；当年无记录、未填收入或政策文件无该年贫困线的不作判断（2018、2019年须在政策文件中补充）。",
			"Incomes of other years are not compared; not judged without a row of the year, an income, or a line in the policy (2018 and 2019 must be given there)."),
		FalseAlarms: text("收入栏填的是上一年度或月收入；单位为万元；以低保兜底方式退出的户按政策另有口径。",
			"The income is of the year before, of a month, or in ten thousand yuan; households that exit by minimum living allowance are counted otherwise."),
		Verify: text("查脱贫评议表、收入核算表和农户签字；逐项复核工资、经营、转移收入；入户看实际生活状况。",
			"See the appraisal, the income sheet and the household's signature; recompute wages, business and transfers; visit the home."),
		Control: text("退出公示前应由系统比对收入与当年标准。", "Incomes should be compared with the year's line before an exit is posted."),
	},
	Basis: []detect.Basis{basisExit},
	By:    []table.Key{table.Household},
	Needs: []string{"household"},
	Reads: exitReads,
	Check: checkExitUnderLine,
}

func checkExitUnderLine(p *detect.Pass) error {
	v := p.View(table.Member)
	return eachExit(p, func(e exit) detect.Text {
		line, why := e.line(p)
		if why != (detect.Text{}) || e.income >= line {
			return why
		}
		name, size, sizeEn := headName(v), "", ""
		if e.size > 0 {
			size, sizeEn = fmt.Sprintf("（%d人）", e.size), fmt.Sprintf(" (%d persons)", e.size)
		}
		p.Report(detect.Lead{
			Period: table.YearOf(e.year).String(),
			Summary: text(
				fmt.Sprintf("%s户%s标注%d年脱贫，当年登记的人均纯收入为%s元，低于当年贫困线%s元，相差%s元，建议复核收入。", name, size, e.year, e.income, line, line-e.income),
				fmt.Sprintf("The household of %s%s is recorded as out of poverty in %d with %s yuan a head in that year, %s below the line of %s; its income to be checked.", name, sizeEn, e.year, e.income, line-e.income, line)),
			Facts: []detect.Fact{
				fact("脱贫年度", "year of exit", fmt.Sprint(e.year)),
				fact("当年人均纯收入", "income a head", e.income.String()),
				fact("当年贫困线", "poverty line", line.String()),
				fact("差额", "short by", (line - e.income).String()),
			},
			Evidence: exitEvidence(v, e),
		})
		return detect.Text{}
	})
}
