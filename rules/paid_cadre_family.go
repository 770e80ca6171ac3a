package rules

import (
	"fmt"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var familyHouseholds = &detect.Param[int]{
	Name: "min_households", Default: 2,
	Doc: text("与一名干部有账户、电话或登记亲属关联的他户达到此数（含）即提示", "other households tied to one cadre by account, telephone or registered kinship that make a lead, inclusive"),
}

// PaidCadreFamily flags cadres whose household, or several households tied to
// them, received what is for the poor.
var PaidCadreFamily = &detect.Rule{
	ID:     "paid-cadre-family",
	Family: detect.Elig,
	Title:  text("优亲厚友", "paid to a cadre's relatives and friends"),
	Grade:  detect.E2,
	Doc: detect.Doc{
		Purpose: text("查找村干部的家庭成员，或与一名干部有账户、电话、亲属关联的多户，领取按条件核定的补贴的情形。",
			"Finds conditional benefits paid to members of a village cadre's household, or to several households tied to one cadre by account, telephone or kinship."),
		Steps: text(`1. 发放记录按四种关联归到干部：同户成员；发入干部账户及该户的其他补贴；登记电话与干部相同的户；名册关联证号（related_id）所载亲属及其户。一笔只归一名干部，先强后弱，村干部先于财政供养人员；干部本人领取的不计（见 paid-cadre、paid-public-payroll）。
2. 按人和项目轧差（见 dup-period 步骤1），只看政策文件标为 means_tested 或 registered_only 的项目，且所属期与任职期间（整月，无起始日期的视为此前一直在任）至少有一个月重叠（含）。
3. 村干部的同户成员领取的，或关联的他户达到 min_households（含）的，即提示；每名干部一条，列出全部亲友和合计金额。
4. 他户达到 min_households 且名册有任职日期的为 E1，其余为 E2。`,
			`1. Payments are given to a cadre by four ties: members of his household; payment into an account of his, and that household's others; a household with his telephone; relatives that the register names (related_id) and their households. A payment has one cadre, by the strongest tie, village cadres before officials; his own benefits are not counted (paid-cadre, paid-public-payroll).
2. They are netted per person and program (dup-period, step 1); only programs that the policy marks means_tested or registered_only, with at least one month (inclusive) in office (whole months; ever before where no beginning is given).
3. Payments to members of a village cadre's household, or min_households (inclusive) or more other households, make a lead: one a cadre, with all relatives and the sum.
4. E1 for min_households or more with dates of office, else E2.`),
		Formula: "∃ 同户成员领取（村干部） ∨ |{关联他户}| ≥ min_households",
		Example: `村委会主任石小坪的两户亲属都享受低保。
-- payment.csv --
beneficiary_name,beneficiary_id,household_id,program,period,amount,pay_date,want
莫四,45990119700101034X,H4,农村低保,2017-03,200,2017-03-15,E1 459901197005050752 400.00 .*石小坪.*2户
蓝五,459901197001010358,H5,农村低保,2017-03,200,2017-03-15,
-- household.csv --
household_id,member_name,member_id
H4,莫四,45990119700101034X
H5,蓝五,459901197001010358
-- register.csv --
register_kind,person_name,person_id,since,unit,related_id
village_cadre,石小坪,459901197005050752,2014-08-01,石山村村民委员会,45990119700101034X、459901197001010358
`,
		Why: text("干部参与评议上报，亲友集中享受可能是优亲厚友、违规评定。",
			"Cadres take part in appraisal; benefits that gather among their relatives and friends may have been granted as favours."),
		Exclusions: text("普惠补贴、任职前后的发放、干部本人领取的不计；财政供养人员的同户成员见 paid-public-payroll；单独一户有关联不提示。",
			"Universal benefits, those before or after office and the cadre's own are not counted; members of an official's household are paid-public-payroll's; one tied household alone makes no lead."),
		FalseAlarms: text("村干部代留守老人登记电话；亲属确属困难并已备案；小村多沾亲带故；分户后未更新的户编号。",
			"A cadre's telephone entered for old people living alone; relatives truly in need, with approval on file; small villages where all are related; a household number from before a split."),
		Verify: text("查近亲属享受备案和民主评议记录；逐户核对亲属关系和家庭状况；访问未评上的农户。",
			"See the record of relatives' benefits and the appraisal; check kinship and need household by household; visit those who were turned down."),
		Control: text("村干部和经办人员近亲属享受救助应备案、回避评议并由乡镇全部入户核查。",
			"Benefits of cadres' relatives should be put on file, appraised without them and visited by the town, all of them."),
	},
	Basis:  []detect.Basis{basisMeansTest, basisPovertyFund},
	By:     []table.Key{table.Cadre},
	Needs:  []string{"payment", "household", "register:village_cadre"},
	Reads:  append(slices.Clone(duringReads), payHousehold, payTie),
	Params: []detect.Parameter{familyHouseholds},
	Check:  checkPaidCadreFamily,
}

// tieWords name the ties.
var tieWords = map[string]detect.Text{
	"household": text("同户", "same household"), "account": text("账户", "account"), "account_household": text("该户另有补贴发入干部账户", "household with another payment into his account"),
	"phone": text("电话", "telephone"), "kinship": text("登记亲属", "registered kinship"),
}

func checkPaidCadreFamily(p *detect.Pass) error {
	v, reg := p.View(table.Payment), p.View(table.Register)
	p.On(string(table.Person), p.Group.ID)
	kinds, persons := registerKind.In(reg), registerPerson.In(reg)
	var office []spell
	first, village := -1, false
	for _, kind := range [...]string{"village_cadre", "public_payroll"} {
		ss, _ := spells(reg, kind, true)
		for _, s := range ss {
			if persons[s.row] != p.Group.ID {
				continue
			}
			office = append(office, s)
			village = village || kinds[s.row] == "village_cadre"
			if first < 0 {
				first = s.row
			}
		}
	}
	if first < 0 || v.Len() == 0 {
		return nil
	}
	l := grants.Of(p)
	tie, house := payTie.In(v), payHousehold.In(v)
	var ks []int
	var who, others []string
	own, dated := false, true
	lead := detect.Lead{}
	type relative struct {
		person, program, tie string
		row                  int
		sum                  table.Fen
	}
	var relatives []relative
	for k, g := range l.grants {
		prog, how := p.Policy.Programs[g.program], tie[g.row]
		if prog == nil || !prog.MeansTested && !prog.RegisteredOnly || how == "household" && !village {
			continue
		}
		i := slices.IndexFunc(office, func(s spell) bool { return s.months.Overlap(g.period) != 0 })
		if i < 0 {
			continue
		}
		dated = dated && office[i].dated
		if how == "household" {
			own = true
		} else if h := firstOf(house[g.row], g.person); !slices.Contains(others, h) {
			others = append(others, h)
		}
		ks = append(ks, k)
		lead.Amount += g.amount
		j := slices.IndexFunc(relatives, func(r relative) bool { return r.person == g.person && r.program == g.program && r.tie == how })
		if j < 0 {
			j = len(relatives)
			relatives = append(relatives, relative{person: g.person, program: g.program, tie: how, row: g.row})
		}
		relatives[j].sum += g.amount
	}
	enough := len(others) >= familyHouseholds.Of(p)
	if !own && !enough {
		return nil
	}
	if enough && dated {
		lead.Grade = detect.E1
	}
	names := payName.In(v)
	for _, r := range relatives {
		if !slices.Contains(who, names[r.row]) {
			who = append(who, names[r.row])
		}
		lead.Facts = append(lead.Facts, fact("领取人、关联、项目、金额", "payee, tie, program, sum",
			fmt.Sprintf("%s  %s  %s  %s", names[r.row], tieWords[r.tie].Zh, r.program, r.sum)))
	}
	lead.Evidence = l.evidence(v, ks...)
	for i := range reg.Len() {
		lead.Evidence = append(lead.Evidence, detect.Row(reg, i, roleCadre))
	}
	households := len(others)
	if own {
		households++
	}
	cadre, people := registerName.In(reg)[first], list(who, "人")
	unit := firstOf(registerUnit.In(reg)[first], "干部名册")
	lead.Summary = text(
		fmt.Sprintf("与%s（%s）同户或有账户、电话、亲属关联的%d户（%s）领取按条件核定的补贴%d笔共%s元，建议核实评定过程和备案。", cadre, unit, households, people.Zh, len(ks), lead.Amount),
		fmt.Sprintf("%d households (%s) of or tied to %s (%s) by account, telephone or kinship received %d conditional payments of %s yuan; see how they were appraised and what is on file.", households, people.En, cadre, unit, len(ks), lead.Amount))
	p.Report(lead)
	return nil
}
