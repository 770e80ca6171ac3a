package rules

import (
	"fmt"
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var (
	shellNumbered = &detect.Param[float64]{
		Name: "numbered_percent", Default: 90,
		Doc: text("本县建档立卡户中有成员身份证号的户达到此比例（%，含）时，才把没有身份证号视为异常", "percent of the county's households with a member's ID number, inclusive, from which on a member without one is unusual"),
	}
	shellGone = &detect.Param[string]{
		Name: "gone_words", Default: "迁出 死亡 销户 空挂",
		Doc: text("成员状态中写有这些词（空格分隔）的视为已不在户", "words, separated by blanks, of a member's status that say he is no longer there"),
	}
)

// ExitShell flags households none of whose members is alive, present and
// numbered, and that are counted as out of poverty.
var ExitShell = &detect.Rule{
	ID:     "exit-shell",
	Family: detect.Exit,
	Title:  text("空挂户", "shell household"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找所有成员在脱贫年度以前已死亡、已迁出或没有身份证号，却仍计入脱贫的户。",
			"Finds households counted as out of poverty whose members were all dead, moved or without an ID number before the year of exit."),
		Steps: text(`1. 取户在脱贫当年记录中的全部成员；所列人数少于家庭人口的不作判断。
2. 成员在死亡人员库中的死亡日期早于脱贫当年1月1日的为已死亡；状态写有 gone_words 之一的为已迁出；各年记录中身份证号都为空的为无证。
3. 本县建档立卡户中至少 numbered_percent%（含）有身份证号时，无证才算。
4. 全部成员都属上述情形的为线索；只凭无证的降为 E2。`,
			`1. All members on the rows of the year of exit; not judged where fewer are listed than the household's size.
2. Dead: the register of deaths has the member dead before 1 January of the year of exit. Moved: the status has one of gone_words. Unnumbered: no ID number in the rows of any year.
3. Being without a number counts only where at least numbered_percent of the county's households (inclusive) have one.
4. All members so makes a lead; E2 where it rests on missing numbers alone.`),
		Formula: "∀成员: 死亡日期 < Y-01-01 ∨ 已迁出 ∨ 无身份证号",
		Example: `独居户主 2014 年去世，2016 年仍标注脱贫。
-- household.csv --
household_id,member_name,member_id,relation,household_size,year,exit_year,want
H1,谭小湾,459901196101010633,户主,1,2016,2016,E1 H1 0.00 谭小湾户.*1人
-- register.csv --
register_kind,person_name,person_id,since
deceased,谭小湾,459901196101010633,2014-05-06
`,
		Why:         text("空挂户计入脱贫，虚增脱贫人数，其名下帮扶资金也可能被冒领。", "A household that exists on paper swells the count of exits, and help in its name may be drawn by others."),
		Exclusions:  text("脱贫当年内死亡的不计；成员未全部列名的不作判断。", "Deaths within the year of exit do not count; not judged where not all members are listed."),
		FalseAlarms: text("死亡登记有误；身份证号在其他表中登记；新生儿尚未上户。", "A wrong entry of death; numbers kept in another sheet; a newborn not yet registered."),
		Verify:      text("到户核实是否有人居住；问邻居和村干部成员去向；查该户名下发放记录。", "See whether anybody lives there; ask neighbours and cadres; look at payments in its name."),
		Control:     text("每年动态调整应与公安户籍、殡葬数据比对。", "The yearly update should be compared with household registration and funeral data."),
	},
	Basis:     []detect.Basis{basisExit},
	By:        []table.Key{table.Household},
	Needs:     []string{"household", "register:deceased"},
	Reads:     slices.Concat(exitReads, countyReads, []table.Column{memberID, memberStatus, registerKind, registerSince, registerPerson}),
	Params:    []detect.Parameter{shellNumbered, shellGone},
	Baselines: []detect.Measure{numberedHomes},
	Check:     checkExitShell,
}

// A share is how many households have something, of how many.
type share struct{ Have, Of int }

// numberedHomes counts by county the registered households, and those with a
// member's ID number.
var numberedHomes = &detect.Baseline[share]{
	Name: "households with an ID number", By: table.Household, Read: append(slices.Clone(countyReads), memberID),
	Key: func(p *detect.Pass) (string, bool) { return countyOf(p), p.View(table.Member).Len() > 0 },
	Of: func(p *detect.Pass) share {
		if firstOf(memberID.In(p.View(table.Member))...) != "" {
			return share{1, 1}
		}
		return share{0, 1}
	},
	Merge: func(a, b share) share { return share{a.Have + b.Have, a.Of + b.Of} },
}

func checkExitShell(p *detect.Pass) error {
	v := p.View(table.Member)
	return eachExit(p, func(e exit) detect.Text {
		person, id, status := memberPerson.In(v), memberID.In(v), memberStatus.In(v)
		homes := numberedHomes.At(p, countyOf(p))
		numbered := 100*float64(homes.Have) >= shellNumbered.Of(p)*float64(homes.Of)
		away := strings.Fields(shellGone.Of(p))
		known := map[string]bool{} // with a number on a row of any year
		for i, who := range person {
			if id[i] != "" {
				known[who] = true
			}
		}
		members := map[string]bool{} // whether moved
		for _, i := range e.rows {
			members[person[i]] = members[person[i]] || has(status[i], away...)
		}
		if len(members) < e.size {
			return text("成员未全部列名", "not all members are listed")
		}
		dead := deadMembers(p, table.DayOf(e.year, 1, 1)-1, e.year)
		moved, blank := 0, 0
		for who, gone := range members {
			switch {
			case slices.Contains(dead, who):
			case gone:
				moved++
			case !known[who] && numbered:
				blank++
			}
		}
		if len(dead)+moved+blank < len(members) {
			return detect.Text{}
		}
		grade := p.Rule.Grade
		if len(dead)+moved == 0 {
			grade = detect.E2
		}
		name := headName(v)
		evidence := exitEvidence(v, e)
		reg := p.View(table.Register)
		for i, who := range registerPerson.In(reg) {
			if registerKind.In(reg)[i] == "deceased" && slices.Contains(dead, who) {
				evidence = append(evidence, detect.Row(reg, i, text("死亡登记", "register of deaths")))
			}
		}
		p.Report(detect.Lead{
			Grade: grade, Period: table.YearOf(e.year).String(),
			Summary: text(
				fmt.Sprintf("%s户标注%d年脱贫，所列%d人在此以前%s，建议入户核实是否为空挂户。", name, e.year, len(members), shellWords(len(dead), moved, blank).Zh),
				fmt.Sprintf("Of the household of %s, out of poverty in %d, the %d members listed were %s; see whether it exists.", name, e.year, len(members), shellWords(len(dead), moved, blank).En)),
			Facts: []detect.Fact{
				fact("所列成员", "members listed", fmt.Sprint(len(members))),
				fact("此前已死亡", "dead before", fmt.Sprint(len(dead))),
				fact("已迁出", "moved", fmt.Sprint(moved)),
				fact("无身份证号", "without an ID number", fmt.Sprint(blank)),
			},
			Evidence: evidence,
		})
		return detect.Text{}
	})
}

// shellWords says of how many members what.
func shellWords(dead, moved, blank int) detect.Text {
	var zh, en []string
	for _, x := range []struct {
		n      int
		zh, en string
	}{{dead, "人已死亡", "dead"}, {moved, "人已迁出", "moved"}, {blank, "人无身份证号", "without an ID number"}} {
		if x.n > 0 {
			zh, en = append(zh, fmt.Sprint(x.n, x.zh)), append(en, fmt.Sprint(x.n, " ", x.en))
		}
	}
	return text(strings.Join(zh, "、"), strings.Join(en, ", "))
}
