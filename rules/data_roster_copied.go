package rules

import (
	"cmp"
	"fmt"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

var (
	rosterPercent = &detect.Param[float64]{
		Name: "same_percent", Default: 95,
		Doc: text("两期名册中姓名、金额、顺序都相同的行占较长一期的比例达到此数（%，含）", "percent of the longer roster's lines that are alike in person, amount and order, inclusive"),
	}
	rosterLines = &detect.Param[int]{
		Name: "min_lines", Default: 10,
		Doc: text("较短一期名册至少此行数（含）", "lines of the shorter roster needed, inclusive"),
	}
	rosterGone = &detect.Param[int]{
		Name: "min_gone", Default: 2,
		Doc: text("照抄的行中后一期所属期以前已死亡或脱贫的人至少此数（含）", "persons among the copied lines who had died or left poverty before the later period, inclusive"),
	}
)

// DataRosterCopied flags villages whose part of a roster was copied from the
// period before although people on it had died or left poverty.
var DataRosterCopied = &detect.Rule{
	ID:     "data-roster-copied",
	Family: detect.Data,
	Title:  text("名册照抄", "roster copied"),
	Grade:  detect.E3,
	Doc: detect.Doc{
		Purpose: text("查找前后两期发放名册几乎一字不差、其中却有人已在后一期以前死亡或脱贫的村。",
			"Finds villages whose roster of a period equals the one before almost line for line, although people on it had died or left poverty."),
		Steps: text(`1. 按村、补贴项目和发放单位，把名册按所属期分开（按原表顺序；负数、零和无所属期的不计），前后相邻两期比较。
2. 人员、金额都相同且先后次序不变的最长公共部分为照抄行；占较长一期 same_percent%（含）且较短一期不少于 min_lines 行（含）。
3. 照抄行中，死亡人员库登记在后一期首月以前的月份死亡的，或（限建档立卡户专享且脱贫后不再享受的项目）最近一年建档记录为已脱贫、脱贫年度在后一期以前的，不少于 min_gone 人（含）的为线索。`,
			`1. By village, program and payer, rosters are split by period (in the sheets' order; negative, zero and undated amounts left out), each compared with the one before.
2. The longest common part with the same persons and amounts in the same order is copied: same_percent of the longer roster (inclusive), the shorter of min_lines or more.
3. A lead where min_gone persons or more (inclusive) of the copied lines had died, by the register, in a month before the later period's first, or (programs for registered households only that end with poverty) are out of poverty in the latest household record since a year before it.`),
		Formula: "LCS（前期， 后期） ÷ max(行数） ≥ same_percent% ∧ |照抄 ∩ 死亡或脱贫月 < 后期首月| ≥ min_gone",
		Example: `两人在 2016 年去世，2017 年名册照抄 2016 年（示例放宽了行数）。
-- policy.yaml --
rules:
  data-roster-copied: {min_lines: 2}
-- payment.csv --
beneficiary_name,beneficiary_id,county,town,village,program,period,amount,payer,want
谭小湾,459901196101010633,甲县,大河镇,石山村,农村低保,2016,1200,大河镇财政所,
梁小桥,459901195909090643,甲县,大河镇,石山村,农村低保,2016,900,大河镇财政所,
谭小湾,459901196101010633,甲县,大河镇,石山村,农村低保,2017,1200,大河镇财政所,E3 甲县/大河镇/石山村 2100.00 石山村.*农村低保2017年.*2行.*2人
梁小桥,459901195909090643,甲县,大河镇,石山村,农村低保,2017,900,大河镇财政所,
-- register.csv --
register_kind,person_name,person_id,county,town,village,since
deceased,谭小湾,459901196101010633,甲县,大河镇,石山村,2016-05-06
deceased,梁小桥,459901195909090643,甲县,大河镇,石山村,2016-08-09
`,
		Why:         text("名册应逐期核实增减，照抄说明没有动态核查，死亡人员的钱可能被人领走。", "Rosters should be renewed each period; a copied one was not, and money of the dead may be drawn by others."),
		Exclusions:  text("名册有变动、无人死亡或脱贫的正常延续不计；脱贫后仍可享受的项目不看脱贫。", "A standing roster on which nobody died or left poverty is not counted; leaving poverty counts for no program that goes on after it."),
		FalseAlarms: text("死亡当期一次性发清；死亡登记迟延；丧葬补助期。", "A last payment for the period of death; deaths registered late; a funeral allowance."),
		Verify:      text("查动态核查记录和公示；到照抄名册所列死亡人员家中了解款项去向。", "See the record of review and the posted lists; ask at the homes of the dead where the money went."),
		Control:     text("每期发放前应与死亡、户籍数据比对后再导入名册。", "Compare each roster with deaths and registrations before it is loaded."),
	},
	Basis: []detect.Basis{basisStandard, basisOneCard},
	By:    []table.Key{table.Village},
	Needs: []string{"payment", "register:deceased|household"},
	Reads: []table.Column{
		payPerson, payProgram, payPeriod, payNet, payUnit, registerKind, registerSince, registerPerson,
		memberPerson, memberYear, memberExitYear, memberStatus,
	},
	Params: []detect.Parameter{rosterPercent, rosterLines, rosterGone},
	Check:  checkDataRosterCopied,
}

// A villageRoster is the lines of a village for one program, payer and period,
// in the order of the sheets.
type villageRoster struct {
	program, unit string
	period        table.Period
	rows          []int
}

// villageRosters returns a view's rosters in order of program, payer, period.
func villageRosters(p *detect.Pass, v table.View) []*villageRoster {
	type key struct {
		program, unit string
		period        table.Period
	}
	program, unit, period, amount := payProgram.In(v), payUnit.In(v), payPeriod.In(v), payNet.In(v)
	of := map[key]*villageRoster{}
	var out []*villageRoster
	for i := range v.Len() {
		per, ok := period.At(i)
		if !ok || amount.Or(i, 0) <= 0 || program[i] == "" {
			continue
		}
		k := key{program[i], unit[i], per}
		r := of[k]
		if r == nil {
			r = &villageRoster{program: k.program, unit: k.unit, period: per}
			of[k], out = r, append(out, r)
		}
		r.rows = append(r.rows, i)
	}
	slices.SortFunc(out, func(a, b *villageRoster) int {
		return cmp.Or(cmp.Compare(a.program, b.program), cmp.Compare(a.unit, b.unit), cmp.Compare(a.period, b.period))
	})
	return out
}

func checkDataRosterCopied(p *detect.Pass) error {
	v := p.View(table.Payment)
	if v.Len() == 0 {
		p.NotApplicable(noPayment)
		return nil
	}
	gone := departures(p)
	rs := villageRosters(p, v)
	person, amount := payPerson.In(v), payNet.In(v)
	judged := false
	for k := 1; k < len(rs); k++ {
		a, b := rs[k-1], rs[k]
		shorter := min(len(a.rows), len(b.rows))
		if a.program != b.program || a.unit != b.unit || a.period.To() >= b.period.From() || shorter < rosterLines.Of(p) {
			continue
		}
		judged = true
		left := func(j int) (departure, bool) { return gone.before(person[j], b) }
		late := 0 // lines of people gone before
		for _, j := range b.rows {
			if _, ok := left(j); ok {
				late++
			}
		}
		if late < rosterGone.Of(p) || float64(100*shorter) < rosterPercent.Of(p)*float64(max(len(a.rows), len(b.rows))) {
			continue
		}
		copied := inOrder(a.rows, b.rows, func(i, j int) bool { return person[i] == person[j] && amount.Or(i, 0) == amount.Or(j, 0) })
		if float64(100*len(copied)) < rosterPercent.Of(p)*float64(max(len(a.rows), len(b.rows))) {
			continue
		}
		var sum table.Fen
		var pays, why []detect.Evidence
		dead := 0
		for _, j := range copied {
			if d, ok := left(j); ok {
				sum += amount.Or(j, 0)
				pays, why = append(pays, detect.Row(v, j, rolePayment)), append(why, d.evidence)
				if d.died {
					dead++
				}
			}
		}
		if len(pays) < rosterGone.Of(p) {
			continue
		}
		how := text("死亡或脱贫", "dead or out of poverty")
		if dead == len(pays) {
			how = text("死亡", "dead")
		}
		place, now, before := placeName(p.Group.ID), span(b.period), span(a.period)
		p.Report(detect.Lead{
			Program: b.program, Period: b.period.String(), Item: b.unit, Amount: sum,
			Summary: text(
				fmt.Sprintf("%s的%s%s名册%d行中有%d行与%s相同，其中%d人在此以前已登记%s，建议核实名册是否照抄。", place, b.program, now.Zh, len(b.rows), len(copied), before.Zh, len(pays), how.Zh),
				fmt.Sprintf("Of %d lines of %s for %s in %s, %d equal those of %s, %d of them persons registered as dead before; see whether the roster was copied.", len(b.rows), b.program, now.En, place, len(copied), before.En, len(pays))),
			Facts: []detect.Fact{
				fact("前一期行数", "lines of the period before", fmt.Sprint(len(a.rows))),
				fact("本期行数", "lines of the period", fmt.Sprint(len(b.rows))),
				fact("相同行数", "lines alike", fmt.Sprint(len(copied))),
				fact("其中此前已死亡", "of them dead before", fmt.Sprint(dead)),
				fact("其中此前已脱贫", "of them out of poverty before", fmt.Sprint(len(pays)-dead)),
				fact("上述人员金额", "paid to them", sum.String()),
			},
			Evidence: append(pays, why...),
		})
	}
	if !judged {
		p.NotApplicable(text("无可比较的前后两期名册", "no two periods' rosters to compare"))
	}
	return nil
}

// A departure is why and since when a person belongs on no roster.
type departure struct {
	month    int // of death or of leaving poverty
	died     bool
	evidence detect.Evidence
}

// leavers are a village's departures: of the dead, and of those whose latest
// household record has them out of poverty.
type leavers struct {
	deaths, exits map[string]departure
	policy        *policy.Policy
}

func departures(p *detect.Pass) leavers {
	out := leavers{map[string]departure{}, map[string]departure{}, p.Policy}
	reg := p.View(table.Register)
	kind, since, who := registerKind.In(reg), registerSince.In(reg), registerPerson.In(reg)
	for i := range reg.Len() {
		if d, ok := since.At(i); ok && kind[i] == "deceased" && who[i] != "" {
			out.deaths[who[i]] = departure{d.Month(), true, detect.Row(reg, i, text("死亡登记", "register of deaths"))}
		}
	}
	m := p.View(table.Member)
	person, year, exit, status := memberPerson.In(m), memberYear.In(m), memberExitYear.In(m), memberStatus.In(m)
	latest := map[string]table.Count{}
	for i := range m.Len() {
		y := year.Or(i, 0)
		if last, ok := latest[person[i]]; person[i] == "" || ok && last > y {
			continue
		}
		latest[person[i]] = y
		delete(out.exits, person[i])
		if e, ok := exit.At(i); ok && status[i] == "已脱贫" {
			out.exits[person[i]] = departure{int(e)*12 + 11, false, detect.Row(m, i, roleHousehold)}
		}
	}
	return out
}

// before returns the person's departure before a roster's period. Only programs
// for registered households that end with poverty end with it.
func (d leavers) before(person string, r *villageRoster) (departure, bool) {
	if one, ok := d.deaths[person]; ok && one.month < r.period.From() {
		return one, true
	}
	prog := d.policy.Programs[r.program]
	if one, ok := d.exits[person]; ok && prog != nil && prog.RegisteredOnly && !prog.AfterExit && one.month < r.period.From() {
		return one, true
	}
	return departure{}, false
}

// inOrder returns the rows of b in a longest common part of two rosters, each
// row of b matched to the first free equal row of a, by longest increasing
// sequence.
func inOrder(a, b []int, same func(i, j int) bool) []int {
	used := make([]bool, len(a))
	var at, rows []int // place in a, row of b
	for _, j := range b {
		for k, i := range a {
			if !used[k] && same(i, j) {
				used[k] = true
				at, rows = append(at, k), append(rows, j)
				break
			}
		}
	}
	length, from := make([]int, len(at)), make([]int, len(at))
	end := -1
	for x := range at {
		length[x], from[x] = 1, -1
		for y := range x {
			if at[y] < at[x] && length[y]+1 > length[x] {
				length[x], from[x] = length[y]+1, y
			}
		}
		if end < 0 || length[x] > length[end] {
			end = x
		}
	}
	var out []int
	for x := end; x >= 0; x = from[x] {
		out = append(out, rows[x])
	}
	slices.Reverse(out)
	return out
}
