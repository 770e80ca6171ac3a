package rules

import (
	"fmt"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var tiedAge = &detect.Param[int]{
	Name: "min_age_days", Default: 90,
	Doc: text("企业成立到项目批复不足此数（天，不含）即提示", "days from the firm's founding to the approval, fewer than which make a lead"),
}

// ProjTiedContractor flags projects whose contractor belongs to a cadre or an
// official, or to their household, or is younger than it should be.
var ProjTiedContractor = &detect.Rule{
	ID:     "proj-tied-contractor",
	Family: detect.Proj,
	Title:  text("干部关联企业", "contractor tied to a cadre"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找施工单位的法定代表人是村干部、财政供养人员或其家庭成员，或企业刚成立就承接项目的情形。", "Finds projects whose contractor's owner is a cadre or on the public payroll, or of such a household, or whose contractor was founded just before."),
		Steps: text(`1. 以统一社会信用代码（没有的以名称）在企业登记中找施工单位的法定代表人；批复前已退出的不算；登记有两名不同代表人的不作判断。
2. 批复日在其本人任职或供养期间内（首尾整月计，无起始日期的视为此前一直在任并降为 E2）的为线索（E1）。
3. 本人不是、同户其他人在批复时是的，为线索（E2）。
4. 企业成立日（登记有几个的取最早）到批复日不足 min_age_days 天（等于不计）的为线索（E2）；成立晚于批复的也计，登记无代表人证号的也查。`,
			`1. The contractor's owner is found in the register of companies by code, else by name, one who had left before the approval left out; a firm with two owners on record is not judged.
2. Approval while the owner is in office or on the payroll (whole months; a line without a beginning has held ever before and is E2) makes a lead (E1).
3. Where not the owner but another of his household was, it makes a lead too (E2).
4. Fewer than min_age_days (equal is not) from the firm's founding (the earliest on record) to the approval make a lead (E2), a founding after it included; whoever its owner is.`),
		Formula: "批复日 ∈ 法定代表人或其家庭成员任职期间 ∨ 批复日 − 成立日 < min_age_days",
		Example: `施工单位的法定代表人是在任村干部。
-- project.csv --
project_id,name,unit,contract_amount,contractor,contractor_code,approved_on,want
P1,石山村道路硬化,大河镇人民政府,100000,石山顺达公司,91459999MA0000001A,2017-03-01,E1 P1 100000.00 .*石小坪.*村干部
-- register.csv --
register_kind,person_name,person_id,since,until,unit,related_id
company,石小坪,459901197005050752,2012-04-01,,石山顺达公司,91459999MA0000001A
village_cadre,石小坪,459901197005050752,2014-08-01,,石山村村民委员会,
public_payroll,韦小山,45990119710101003X,2014-08-01,,甲县第一中学,
`,
		Why:         text("干部在本人或亲属的企业承接项目中有利害关系，容易围标、虚高造价。", "A cadre has an interest in what his own firm or his family's is given."),
		Exclusions:  text("批复前已离任、批复后才任职的不计；企业登记中查不到的施工单位不作判断。", "Not counted where office ended before the approval or began after it; contractors not in the register are not judged."),
		FalseAlarms: text("同一企业早已变更法定代表人；代表人只是挂名；家庭成员在外地任职，与项目无关。", "An owner long replaced; an owner in name only; a relative in an office far from the project."),
		Verify:      text("调企业登记档案看股东和变更；查招标过程中干部是否回避；到村了解工程实际由谁承包。", "See the company's file for owners and changes; whether the cadre kept out of the tender; ask who truly built it."),
		Control:     text("招标资格审查应比对干部及近亲属经商办企业登记。", "The check of bidders should be held against the register of cadres' and relatives' firms."),
	},
	Basis: []detect.Basis{basisFraud},
	By:    []table.Key{table.Person, table.Household, table.Project},
	Needs: []string{"project", "register:company"},
	Reads: []table.Column{
		projectNo, projectName, projectFundNo, projectContract, projectBudget, projectContractor, projectApprovedOn, projectOwner, projectFounded, projectFoundedRef,
		registerKind, registerName, registerSince, registerUntil, registerUnit, registerPerson,
	},
	Params: []detect.Parameter{tiedAge},
	Check:  checkProjTied,
}

// officeKinds are the registers of those who hold office.
var officeKinds = [...]struct{ kind, zh, en string }{
	{"village_cadre", "村干部", "a village cadre"},
	{"public_payroll", "财政供养人员", "on the public payroll"},
}

func checkProjTied(p *detect.Pass) error {
	w := p.View(table.Works)
	switch {
	case p.Group.Key == table.Project:
		checkYoungFirm(p, w)
		return nil
	case w.Len() == 0:
		p.NotApplicable(text("名下企业未承接项目", "no project went to a firm of theirs"))
		return nil
	}
	no, owner, approved := projectNo.In(w), projectOwner.In(w), projectApprovedOn.In(w)
	for i := range w.Len() {
		on, ok := approved.At(i)
		if !ok || slices.Index(no, no[i]) < i || no[i] == "" {
			continue
		}
		if row, kind := tiedOffice(p, owner[i], on); row >= 0 {
			p.On("project", no[i])
			reportTied(p, i, row, kind)
		}
	}
	return nil
}

// tiedOffice returns the register row, else -1, that has the owner (in a
// person's group) or another member of his household (in a household's) in
// office in the month of the approval, dated rows first, and its place in
// officeKinds.
func tiedOffice(p *detect.Pass, owner string, on table.Day) (row, kind int) {
	reg := p.View(table.Register)
	persons := registerPerson.In(reg)
	row = -1
	for k, office := range officeKinds {
		ss, _ := spells(reg, office.kind, true)
		for _, s := range ss {
			if (persons[s.row] == owner) != (p.Group.Key == table.Person) || s.dated && s.months.Overlap(table.MonthsOf(on.Month(), on.Month())) == 0 {
				continue
			}
			if row < 0 || s.dated {
				row, kind = s.row, k
			}
			if s.dated {
				return row, kind
			}
		}
	}
	return row, kind
}

// reportTied reports project i because of a line of office; in a household's
// group only if the owner himself holds none.
func reportTied(p *detect.Pass, i, row, kind int) {
	w, reg := p.View(table.Works), p.View(table.Register)
	contractor, name := projectContractor.In(w)[i], projectName.In(w)[i]
	holder, office := registerName.In(reg)[row], officeKinds[kind]
	_, started := registerSince.In(reg).At(row)
	_, ended := registerUntil.In(reg).At(row)
	grade, tie, tieEn := detect.E1, "法定代表人"+holder, "its owner "+holder
	on, _ := projectApprovedOn.In(w).At(i)
	if p.Group.Key == table.Household {
		persons := registerPerson.In(reg)
		for _, k := range officeKinds { // the owner's own office is his own group's matter
			ss, _ := spells(reg, k.kind, true)
			if slices.ContainsFunc(ss, func(s spell) bool {
				return persons[s.row] == projectOwner.In(w)[i] && (!s.dated || s.months.Overlap(table.MonthsOf(on.Month(), on.Month())) != 0)
			}) {
				return
			}
		}
		grade, tie, tieEn = detect.E2, "法定代表人的家庭成员"+holder, "its owner's household member "+holder
	}
	if !started && !ended {
		grade = detect.E2
	}
	evidence := []detect.Evidence{detect.Row(w, i, roleProject), detect.Row(reg, row, text(office.zh, office.en))}
	for j, k := range registerKind.In(reg) {
		if k == "company" && registerPerson.In(reg)[j] == projectOwner.In(w)[i] {
			evidence = addRow(evidence, detect.Row(reg, j, text("企业登记", "register of companies")))
		}
	}
	p.Report(detect.Lead{
		Grade: grade, FundNo: projectFundNo.In(w)[i], Item: office.kind, Amount: projectContract.In(w).Or(i, projectBudget.In(w).Or(i, 0)),
		Summary: text(
			fmt.Sprintf("项目%s（%s）由%s承建，%s列为%s（%s），建议核实是否回避、招标是否公正。", projectNo.In(w)[i], name, contractor, tie, office.zh, firstOf(registerUnit.In(reg)[row], "单位未注明")),
			fmt.Sprintf("Project %s (%s) went to %s; %s is %s (%s); see whether they kept out of the tender.", projectNo.In(w)[i], name, contractor, tieEn, office.en, firstOf(registerUnit.In(reg)[row], "no unit stated"))),
		Facts: []detect.Fact{
			fact("施工单位", "contractor", contractor), fact("关联人", "person tied", holder), fact("身份", "office", office.zh),
			fact("起始日期", "since", dayOr(registerSince.In(reg), row)), fact("截止日期", "until", dayOr(registerUntil.In(reg), row)), fact("批复日期", "approved on", on.String()),
		},
		Evidence: evidence,
	})
}

// checkYoungFirm reports a project whose contractor was founded too shortly
// before the approval.
func checkYoungFirm(p *detect.Pass, w table.View) {
	if w.Len() == 0 {
		p.NotApplicable(text("项目库无此项目", "the project pool does not have the project"))
		return
	}
	founded, ok := projectFounded.In(w).At(0)
	if !ok {
		p.NotApplicable(text("企业登记中无施工单位的成立日期", "the register of companies does not say when the contractor was founded"))
		return
	}
	on, ok := projectApprovedOn.In(w).At(0)
	if !ok {
		p.NotApplicable(text("项目无批复日期", "the project has no day of approval"))
		return
	}
	days := int(on - founded)
	if days >= tiedAge.Of(p) {
		return
	}
	contractor, name := projectContractor.In(w)[0], projectName.In(w)[0]
	p.Report(detect.Lead{
		Grade: detect.E2, FundNo: projectFundNo.In(w)[0], Item: "age", Amount: projectContract.In(w).Or(0, projectBudget.In(w).Or(0, 0)),
		Summary: text(
			fmt.Sprintf("项目%s（%s）%s批复，承建的%s%s才成立，相距%d天，建议核实其资质和招标过程。", p.Group.ID, name, date(on).Zh, contractor, date(founded).Zh, days),
			fmt.Sprintf("Project %s (%s) was approved on %s; its contractor %s was founded on %s, %d days before; see its qualification and the tender.", p.Group.ID, name, on, contractor, founded, days)),
		Facts: []detect.Fact{
			fact("施工单位", "contractor", contractor), fact("成立日期", "founded on", founded.String()), fact("批复日期", "approved on", on.String()), fact("相距天数", "days between", fmt.Sprint(days)),
		},
		Evidence: []detect.Evidence{detect.Row(w, 0, roleProject), detect.RowAt(table.Register, projectFoundedRef.In(w).Or(0, 0), text("企业登记", "register of companies"))},
	})
}
