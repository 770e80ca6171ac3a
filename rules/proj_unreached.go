package rules

import (
	"fmt"
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var (
	unreachedWords = &detect.Param[string]{
		Name: "household_words", Default: "到户",
		Doc: text("项目名称或类别含这些词（以空格分隔）之一的，应当有发放到户的记录", "words, separated by blanks, in a project's name or kind that say it pays households"),
	}
	unreachedGrants = &detect.Param[string]{
		Name: "grant_words", Default: "奖补 补贴 养殖 种植 危房改造 改厕",
		Doc: text("项目名称或类别含这些词（以空格分隔）之一、又无施工单位的，应当有发放到户的记录", "words, separated by blanks, that say so where the project has no contractor"),
	}
)

// ProjUnreached flags accepted projects that reached no household, or fewer
// than they claim.
var ProjUnreached = &detect.Rule{
	ID:     "proj-unreached",
	Family: detect.Proj,
	Title:  text("无受益户", "no household reached"),
	Grade:  detect.E2,
	Doc: detect.Doc{
		Purpose: text("查找已验收的到户类项目没有发放到任何户，或到户数少于申报受益户数的情形。", "Finds accepted projects meant for households that paid none, or fewer than they claim."),
		Steps: text(`1. 只看计算基准日前（含）已验收的项目（无验收日期的，状态写明已验收）中，有发放记录注明其项目编号的，名称、类别含 household_words 之一的，或无施工单位而含 grant_words 之一的。
2. 到户数为发放记录轧差（见 dup-period 步骤1）后仍有金额的不同户数，无户编号的按享受人计。
3. 一户也没有的（E1），或少于项目库填报的受益户数的（E2），即提示。`,
			`1. Looked at are projects accepted by the as-of day (or by their status, where the day is absent) that payments cite, that have one of household_words in name or kind, or that have one of grant_words and no contractor.
2. Households reached are those left with money once payments are netted (dup-period, step 1); without a household, persons count.
3. None at all (E1), or fewer than the pool's number of beneficiary households (E2), makes a lead.`),
		Formula: "验收日 ≤ 计算基准日 ∧ （到户数 = 0 ∨ 到户数 < 申报受益户数）",
		Example: `养殖到户项目申报受益 3 户，发放记录只有 2 户。
-- project.csv --
project_id,name,kind,unit,beneficiary_households,accepted_on,want
P1,石山村肉牛养殖到户,产业,大河镇人民政府,3,2017-09-01,E2 P1 0.00 .*申报受益3户.*2户
-- payment.csv --
beneficiary_name,beneficiary_id,household_id,program,amount,pay_date,project_id
韦大山,459901197001010016,H1,产业扶贫奖补,3000,2017-08-01,P1
黄小河,459901196503050021,H2,产业扶贫奖补,3000,2017-08-01,P1
-- household.csv --
household_id,member_name,member_id
H1,韦大山,459901197001010016
H2,黄小河,459901196503050021
`,
		Why:         text("验收了却没有到户，受益户数可能是虚报的，资金可能没有用到群众身上。", "Accepted without reaching anyone: the beneficiaries may be made up and the money elsewhere."),
		Exclusions:  text("道路、饮水等不按户发放的公共工程不作判断；未验收的不作判断。", "Roads, water and other public works pay no household and are not judged; nor what is not accepted."),
		FalseAlarms: text("以实物或分红方式到户，未造发放名册；名册未注明项目编号；分批到户尚未完成。", "Households got goods or dividends without a roster; rosters do not cite the project; further instalments to come."),
		Verify:      text("按申报的受益户名单逐户走访；查实物签收单、分红表和验收资料。", "Visit the claimed households one by one; see receipts for goods, lists of dividends and the acceptance papers."),
		Control:     text("验收时应附受益户名单并抽查入户。", "Acceptance should come with the list of households and a check of some."),
	},
	Basis:  []detect.Basis{basisFraud, basisPovertyFund},
	By:     []table.Key{table.Project},
	Needs:  []string{"project", "payment", "household"},
	Reads:  slices.Concat(grantReads, []table.Column{projectName, projectKind, projectFundNo, projectContractor, projectStatus, projectAcceptedOn, projectHouseholds, payHousehold}),
	Params: []detect.Parameter{unreachedWords, unreachedGrants},
	Check:  checkProjUnreached,
}

func checkProjUnreached(p *detect.Pass) error {
	w, v := p.View(table.Works), p.View(table.Payment)
	if w.Len() == 0 {
		p.NotApplicable(text("项目库无此项目", "the project pool does not have the project"))
		return nil
	}
	accepted, ok := firstDay(projectAcceptedOn.In(w))
	name := firstOf(projectName.In(w)...)
	words := strings.Fields(unreachedWords.Of(p))
	if firstOf(projectContractor.In(w)...) == "" {
		words = append(words, strings.Fields(unreachedGrants.Of(p))...)
	}
	named := has(name+" "+strings.Join(projectKind.In(w), " "), words...)
	when, day := date(accepted), accepted.String()
	if status := firstOf(projectStatus.In(w)...); !ok && has(status, "验收") && !has(status, "未", "待") {
		ok, when, day = true, text("已", "an unknown day"), "-"
	}
	switch {
	case !ok || accepted > p.AsOf:
		p.NotApplicable(text("项目未验收", "the project is not accepted"))
		return nil
	case !named && v.Len() == 0:
		p.NotApplicable(text("非到户项目", "the project pays no household"))
		return nil
	}
	claimed := 0
	for i := range w.Len() {
		claimed = max(claimed, int(projectHouseholds.In(w).Or(i, 0)))
	}
	l := grants.Of(p)
	household := payHousehold.In(v)
	var reached []string
	var ks []int
	var sum table.Fen
	for k, g := range l.grants {
		ks, sum = append(ks, k), sum+g.amount
		if h := firstOf(household[g.row], g.person); !slices.Contains(reached, h) {
			reached = append(reached, h)
		}
	}
	n := len(reached)
	if n > 0 && n >= claimed {
		return nil
	}
	grade := p.Rule.Grade
	if n == 0 {
		grade = detect.E1
	}
	p.Report(detect.Lead{
		Grade: grade, FundNo: firstOf(projectFundNo.In(w)...),
		Summary: text(
			fmt.Sprintf("项目%s（%s）%s验收，申报受益%d户，发放记录只到%d户，共%s元，建议入户核实。", p.Group.ID, name, when.Zh, claimed, n, sum),
			fmt.Sprintf("Project %s (%s), accepted on %s, claims %d households; payments reached %d, %s yuan in all; visit them.", p.Group.ID, name, when.En, claimed, n, sum)),
		Facts: []detect.Fact{
			fact("验收日期", "accepted on", day), fact("申报受益户数", "households claimed", fmt.Sprint(claimed)),
			fact("实际到户数", "households reached", fmt.Sprint(n)), fact("到户金额", "paid to them", sum.String()),
		},
		Evidence: append([]detect.Evidence{detect.Row(w, 0, roleProject)}, l.evidence(v, ks[:min(len(ks), mostEvidence)]...)...),
	})
	return nil
}
