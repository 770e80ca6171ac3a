package rules

import (
	"fmt"
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

// ExitGuarantee flags households recorded as out of poverty while one of the
// guarantees is recorded as not met.
var ExitGuarantee = &detect.Rule{
	ID:     "exit-guarantee",
	Family: detect.Exit,
	Title:  text("三保障未达标脱贫", "exited without the guarantees"),
	Grade:  detect.E0,
	Doc: detect.Doc{
		Purpose: text("查找标注为已脱贫、但脱贫当年住房安全、饮水安全、义务教育、基本医疗或不愁吃穿登记为未达标的户。",
			"Finds households recorded as out of poverty while housing, water, schooling, medical insurance or food and clothing is recorded as not met in that year."),
		Steps: text(`1. 取户的脱贫年度（没有的取脱贫日期的年份），只看"年度"等于脱贫年度的记录。
2. 户内任一成员的记录中，五项有一项登记为“否”即提示；空白不作未达标论。“危房户”“饮水困难”“失学辍学”等反义栏目登记为“是”的，即相应项未达标。`,
			`1. The year of exit is exit_year, else that of the exit date; only rows whose year is that year are looked at.
2. A "no" in any of the five, on any member's row, makes a lead; a blank is no "no". In columns of the opposite sense (危房户, 饮水困难, 失学辍学) a yes is the no.`),
		Formula: "∃ 保障项（脱贫年度） = 否",
		Example: `乙户 2017 年脱贫，当年住房安全登记为否。
-- household.csv --
household_id,member_name,member_id,relation,year,exit_year,housing_safe,water_safe,schooling_ok,medical_ok,food_clothing_ok,want
H1,罗小坡,459901196808080627,户主,2017,2017,no,yes,yes,yes,yes,E0 H1 0.00 罗小坡户.*2017年.*住房安全
`,
		Why: text("退出标准要求收入与“两不愁三保障”（广西“八有一超”）同时达标。",
			"Exit asks for income and the guarantees together (in Guangxi 八有一超： eight haves and one over)."),
		Exclusions: text("脱贫以后各年登记为否的不计；五项均为空白或当年无记录的不作判断。",
			"A no in later years is not counted; not judged where all five are blank or the year has no row."),
		FalseAlarms: text("登记时间早于改造或参保完成时间；栏目含义相反而名称特殊的未能识别（用 inspect 核对）；成员已转学或在外参保。",
			"Recorded before the works or the insurance were complete; a column of the opposite sense under an unusual name, read wrongly (see inspect); a member at school or insured elsewhere."),
		Verify: text("入户看住房、饮水；查危房鉴定、学籍和参保缴费记录；核对达标时间是否早于退出公示。",
			"See house and water; check the housing appraisal, school roll and insurance; compare the dates with the exit's posting."),
		Control: text("退出验收表应逐项附住建、水利、教育、医保部门的认定。", "Each guarantee should carry its department's confirmation at acceptance."),
	},
	Basis: []detect.Basis{basisExit},
	By:    []table.Key{table.Household},
	Needs: []string{"household"},
	Reads: append(slices.Clone(exitReads), memberHousing, memberWater, memberSchooling, memberMedical, memberFood),
	Check: checkExitGuarantee,
}

// guarantees are the five with their words.
var guarantees = []struct {
	column table.IntColumn[table.Flag]
	name   detect.Text
}{
	{memberHousing, text("住房安全", "safe housing")},
	{memberWater, text("饮水安全", "safe water")},
	{memberSchooling, text("义务教育", "compulsory schooling")},
	{memberMedical, text("基本医疗", "medical insurance")},
	{memberFood, text("不愁吃穿", "food and clothing")},
}

func checkExitGuarantee(p *detect.Pass) error {
	v := p.View(table.Member)
	return eachExit(p, func(e exit) detect.Text {
		var lacking, lackingEn []string
		var rows []int
		stated := false
		for _, g := range guarantees {
			flags, missing := g.column.In(v), false
			for _, i := range e.rows {
				f, ok := flags.At(i)
				stated = stated || ok
				if !ok || f != table.No {
					continue
				}
				missing = true
				if !slices.Contains(rows, i) {
					rows = append(rows, i)
				}
			}
			if missing {
				lacking, lackingEn = append(lacking, g.name.Zh), append(lackingEn, g.name.En)
			}
		}
		if !stated {
			return text("脱贫当年未登记保障情况", "the guarantees are blank in the year of exit")
		}
		if rows == nil {
			return detect.Text{}
		}
		slices.Sort(rows)
		e.rows = rows
		name := headName(v)
		p.Report(detect.Lead{
			Period: table.YearOf(e.year).String(),
			Summary: text(
				fmt.Sprintf("%s户标注%d年脱贫，当年登记的%s为未达标，建议入户核实。", name, e.year, strings.Join(lacking, "、")),
				fmt.Sprintf("The household of %s is recorded as out of poverty in %d, while %s was recorded as not met in that year; to be checked on the spot.", name, e.year, strings.Join(lackingEn, ", "))),
			Facts: []detect.Fact{
				fact("脱贫年度", "year of exit", fmt.Sprint(e.year)),
				fact("未达标项", "not met", strings.Join(lacking, "、")),
			},
			Evidence: exitEvidence(v, e),
		})
		return detect.Text{}
	})
}
