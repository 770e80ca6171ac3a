package rules

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/idnum"
	"fundtrace/pipeline/table"
)

var (
	helperYoungest = &detect.Param[int]{
		Name: "min_age", Default: 16,
		Doc: text("帮扶人的最小年龄（周岁，含）：不足的视为与帮扶人同名的他人", "years from which somebody can be a helper, inclusive; a younger person only has a helper's name"),
	}
	helperOldest = &detect.Param[int]{
		Name: "max_age", Default: 65,
		Doc: text("帮扶人的最大年龄（周岁，含）：超过的视为与帮扶人同名的他人", "years to which somebody can be a helper, inclusive; an older person only has a helper's name"),
	}
)

// HelperIsPoor flags helpers who are on the register of the poor themselves.
var HelperIsPoor = &detect.Rule{
	ID:     "helper-is-poor",
	Family: detect.Elig,
	Title:  text("帮扶人即贫困户", "the helper is poor himself"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找帮扶责任人本人就是未脱贫的建档立卡人口，或就是所帮扶户的成员的情形。",
			"Finds helpers who are on the register of the poor and not out of poverty, or members of the household they help."),
		Steps: text(`1. 按村把帮扶责任人姓名与同村建档立卡成员姓名比对（一格多名的逐个比对，姓名后的括号注释不计）。
2. 帮扶人与所帮扶户成员同名的即提示。
3. 帮扶人与同村另一户成员同名、全村只有一人叫此名、且同年该户未脱贫的即提示；姓名后括号注明单位等的除外。
4. 该成员当年末（无年度的为截止日）的年龄，证号有效的，须在 min_age 至 max_age 周岁之内（含），否则是与帮扶人同名的他人。
5. 只凭姓名和村，匹配等级为 name_place，线索降为 E2；每名成员一条，不涉及金额。`,
			`1. By village, the names of helpers are compared with those of the village's registered members (each name of a cell with several; remarks in brackets behind a name are left out).
2. A helper of the name of a member of the household he helps makes a lead.
3. So does one of the name of a member of another household, if the village has only one person of that name and that household is not out of poverty in the same year; but for a name with a remark in brackets, such as his unit.
4. The member's age at the end of that year (on the as-of day where the rows have no year), where his number is valid, must be min_age to max_age (inclusive); else he only has the helper's name.
5. It rests on name and village: the match is name_place and the lead E2. One lead a member; no money.`),
		Formula: "帮扶人姓名 = 成员姓名 ∧ 同村 ∧ （同户 ∨ 该户未脱贫） ∧ min_age ≤ 年龄 ≤ max_age",
		Example: `莫四自己还是贫困户，却登记为韦一户的帮扶责任人。
-- household.csv --
household_id,member_name,member_id,county,town,village,year,status,helper,want
H1,韦一,459901197001010315,甲县,青石镇,石山村,2017,未脱贫,莫四,
H4,莫四,45990119700101034X,甲县,青石镇,石山村,2017,未脱贫,农主任,E2 45990119700101034X 0.00 莫四.*韦一
`,
		Why: text("由贫困户帮扶贫困户，帮扶往往只在纸上，也可能是建档对象或帮扶记录造假。",
			"Help by the poor for the poor is mostly on paper; the register or the record of help may be made up."),
		Exclusions: text("同村有几人同名的不判断（同户除外）；已脱贫户（本年或以往记录载明的）、儿童和老人不计；只写单位或注明单位的帮扶人不计（同户除外）。",
			"Names that several people of the village have (but for the same household), households that a row of that year or before has out of poverty, children and the old, and helpers given as a unit, or with it (but for the same household), are not counted."),
		FalseAlarms: text("外来帮扶干部与本村人同名；能人带户的互助安排；帮扶人栏误填户主。",
			"A helper from outside of the same name; neighbours paired for mutual help; the head's name typed in the wrong column."),
		Verify:  text("问农户帮扶人是谁、来过几次；核对帮扶人单位和身份证号；看帮扶手册签名。", "Ask who helps and how often; see the helper's unit and number; look at the signatures in the handbook."),
		Control: text("帮扶责任人应登记单位和证号，并与建档立卡人口比对。", "Helpers should be registered with unit and number and compared with the register of the poor."),
	},
	By:    []table.Key{table.Village},
	Needs: []string{"household"},
	Reads: []table.Column{
		memberName, memberID, memberRelation, memberPerson, memberHousehold, memberYear, memberExitYear, memberExitedOn, memberStatus, memberHelper,
	},
	Params: []detect.Parameter{helperYoungest, helperOldest},
	Check:  checkHelperIsPoor,
}

func checkHelperIsPoor(p *detect.Pass) error {
	m := p.View(table.Member)
	helpers := memberHelper.In(m)
	if !slices.ContainsFunc(helpers, func(s string) bool { return s != "" }) {
		p.NotApplicable(text("未登记帮扶责任人", "no helper on record"))
		return nil
	}
	name, person, house, year := memberName.In(m), memberPerson.In(m), memberHousehold.In(m), memberYear.In(m)
	left := leavingOf(m)
	rows := map[string][]int{} // name of a helper → members' rows
	var last latest[string, []helperName]
	for _, cell := range helpers {
		for _, n := range last.of(cell, helperNames) {
			rows[n.name] = nil
		}
	}
	for i, n := range name {
		n = plainName.Replace(n)
		if here, ok := rows[n]; ok && n != "" && person[i] != "" {
			rows[n] = append(here, i)
		}
	}
	type tie struct {
		person       string
		own          bool
		member, help int // the member's row and the first that names him as a helper
		households   []string
	}
	var all []tie
	for h, cell := range helpers {
		for _, n := range last.of(cell, helperNames) {
			here := rows[n.name]
			best, own := -1, false
			for _, i := range here {
				switch y := year.Or(h, 0); {
				case year.Or(i, y) != y || !canHelp(p, m, i):
				case house[i] == house[h]:
					best, own = i, true
				case own || n.remark || person[i] != person[here[0]]:
				case left.poor(person, year, i):
					best = i
				}
			}
			if best < 0 || !own && slices.ContainsFunc(here, func(i int) bool { return person[i] != person[best] }) {
				continue
			}
			k := slices.IndexFunc(all, func(t tie) bool { return t.person == person[best] && t.own == own })
			if k < 0 {
				k = len(all)
				all = append(all, tie{person[best], own, best, h, nil})
			}
			if !slices.Contains(all[k].households, house[h]) {
				all[k].households = append(all[k].households, house[h])
			}
		}
	}
	for _, t := range all {
		p.On(string(table.Person), t.person)
		who, helped := name[t.member], headOf(m, house[t.help])
		l := detect.Lead{
			Match: detect.NamePlace,
			Facts: []detect.Fact{fact("帮扶户数", "households helped", fmt.Sprint(len(t.households)))},
			Evidence: []detect.Evidence{
				detect.Row(m, t.member, roleHousehold), detect.Row(m, t.help, text("所帮扶户", "household helped")),
			},
			Summary: text(
				fmt.Sprintf("%s本人为未脱贫的建档立卡人口，又登记为%s等%d户的帮扶责任人，建议核实帮扶是否属实。", who, helped, len(t.households)),
				fmt.Sprintf("%s is on the register of the poor and entered as helper of %s (%d households); find out whether the help is real.", who, helped, len(t.households))),
		}
		if t.own {
			l.Item = "own"
			l.Summary = text(
				fmt.Sprintf("%s既是%s户的成员，又登记为该户的帮扶责任人，建议核实。", who, helped),
				fmt.Sprintf("%s is a member of the household of %s and entered as its helper; to be checked.", who, helped))
		}
		p.Report(l)
	}
	return nil
}

// canHelp reports whether a member is of an age to help others in the year of a
// row, as far as his number tells.
func canHelp(p *detect.Pass, m table.View, row int) bool {
	id, err := idnum.Parse(memberID.In(m)[row])
	if err != nil {
		return true
	}
	on := p.AsOf
	if y, ok := memberYear.In(m).At(row); ok {
		on = min(on, table.DayOf(int(y), 12, 31))
	}
	years := age(id.Birth, on)
	return years >= helperYoungest.Of(p) && years <= helperOldest.Of(p)
}

// A helperName is one name of a helper's cell.
type helperName struct {
	name   string
	remark bool // brackets behind it say who that is: mostly somebody from outside
}

// helperNames returns the names in a helper's cell: apart by marks, new lines or
// a telephone, or by blanks where no part is a single character (莫 四 is one name).
func helperNames(cell string) (out []helperName) {
	for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune("、，,；;/\n\r", r) || unicode.IsDigit(r) }) {
		name, _, remark := strings.Cut(strings.ReplaceAll(part, "（", "("), "(")
		words := strings.Fields(name)
		if slices.ContainsFunc(words, func(w string) bool { return utf8.RuneCountInString(w) == 1 }) {
			words = []string{name}
		}
		for _, w := range words {
			out = append(out, helperName{plainName.Replace(w), remark})
		}
	}
	return out
}

// headOf returns the name of the head of a household among a village's members.
func headOf(m table.View, household string) string {
	names, relation, house := memberName.In(m), memberRelation.In(m), memberHousehold.In(m)
	first := ""
	for i, h := range house {
		if h != household {
			continue
		}
		first = firstOf(first, names[i])
		if r := relation[i]; r == "户主" || r == "本人" || r == "本人或户主" {
			return names[i]
		}
	}
	return first
}
