package rules

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var (
	projectLikeness = &detect.Param[float64]{
		Name: "likeness", Default: 0.85,
		Doc: text("项目名称（去掉年份、地名和通用词后）相似度达到此数（含）视为相似，0 至 1", "likeness of names, without years, places and common words, that counts as similar, inclusive, 0 to 1"),
	}
	projectAmountShare = &detect.Param[float64]{
		Name: "amount_percent", Default: 5,
		Doc: text("两项目金额相差不超过较大者的此比例（%，含）视为相近", "percent of the larger amount by which two may differ and still be near, inclusive"),
	}
)

// ProjDuplicate flags projects that look like one piece of work entered twice.
var ProjDuplicate = &detect.Rule{
	ID:     "proj-duplicate",
	Family: detect.Proj,
	Title:  text("重复申报", "one project declared twice"),
	Grade:  detect.E2,
	Doc: detect.Doc{
		Purpose: text("查找同一村内名称相似、金额相近或施工单位相同，却有两个项目编号的项目。",
			"Finds projects of one village under two numbers, with similar names and near amounts or the same contractor."),
		Steps: text(`1. 按村归集项目，两两比较；项目编号相同的不比。
2. 名称去掉年份、县乡村名和“项目、工程、建设”等通用词，公路作道路、人畜饮水作饮水后，按相邻两字组的重合度（Dice 系数）计相似度，达到 likeness（含）为相似。
3. 两个名称只在一处不同、各不超过两字的（如“上屯/下屯”“一期/二期”）视为不同工程。
4. 合同金额（没有的取预算）相差不超过较大者的 amount_percent（含），或施工单位相同，即提示；主体为批复在后的项目。`,
			`1. Projects are taken by village and compared in pairs; the same number is not compared.
2. Names without years, places and common words （项目， 工程， 建设 ...), with one word for roads and one for drinking water, are compared by the share of two-character groups in common (Dice coefficient); likeness (inclusive) is similar.
3. Names that differ in one spot only, by at most two characters each （上屯/下屯， 一期/二期）, are different works.
4. Contract amounts (else budgets) that differ by at most amount_percent of the larger (inclusive), or one contractor, make a lead on the project approved later.`),
		Formula: "2·|二字组甲 ∩ 二字组乙| / (|甲| + |乙|) ≥ likeness ∧ (|金额甲 − 金额乙| ≤ amount_percent% ∨ 同一施工单位）",
		Example: `同一条屯级路先后在两个年度立项。
-- project.csv --
project_id,name,fund_no,county,town,village,budget,contractor,approved_on,want
P2016-01,2016年大坡屯道路硬化工程,甲财农〔2016〕1号,甲县,大河镇,石山村,300000,甲县一建公司,2016-05-01,
P2017-08,石山村大坡屯道路硬化项目,甲财农〔2017〕5号,甲县,大河镇,石山村,298000,甲县二建公司,2017-06-01,E2 P2017-08 298000.00 .*P2016-01
`,
		Why: text("同一工程以两个编号、两笔资金申报，多出的一笔可能被套取。",
			"One piece of work under two numbers and funds leaves one sum to be drawn for nothing."),
		Exclusions: text("没有村名的项目不比；分期、分屯、分标段的工程不计；名称相似但金额和施工单位都不同的不计。",
			"Projects without a village are not compared; phases, hamlets and lots are different works; similar names with other amounts and contractors are not counted."),
		FalseAlarms: text("同村确有两处相同规模的工程；逐年实施的同类项目（如产业奖补）；项目变更编号后旧号未注销。",
			"Two works of one size in one village; programs repeated every year; a number changed without cancelling the old."),
		Verify: text("到现场看有几处工程，比对位置、尺寸和验收照片；比对两份合同、决算和发票。",
			"Count the works on the spot; compare place, size and acceptance photographs; compare both contracts, accounts and invoices."),
		Control: text("立项时应与项目库历年项目按村、内容和位置比对。", "New projects should be compared with the pool of all years by village, kind and place."),
	},
	Basis: []detect.Basis{basisFraud, basisPovertyFund},
	By:    []table.Key{table.Village},
	Needs: []string{"project"},
	Reads: []table.Column{
		projectNo, projectName, projectFundNo, projectTown, projectVillage, projectBudget, projectContract, projectContractor, projectApprovedOn,
	},
	Params: []detect.Parameter{projectLikeness, projectAmountShare},
	Check:  checkProjDuplicate,
}

// A work is one row of the project pool made ready to compare.
type work struct {
	row          int
	no, contract string
	name         []rune // what is left of it
	amount       table.Fen
	approved     table.Day
}

func checkProjDuplicate(p *detect.Pass) error {
	v := p.View(table.Works)
	if v.Len() == 0 {
		p.NotApplicable(text("该村无项目", "no project in the village"))
		return nil
	}
	works := worksOf(v)
	names, fund := projectName.In(v), projectFundNo.In(v)
	for j, b := range works {
		p.On("project", b.no)
		if len(b.name) == 0 {
			p.NotApplicable(text("项目名称无实质内容", "the project's name says nothing"))
			continue
		}
		for _, a := range works[:j] {
			if a.no == b.no || len(a.name) == 0 {
				continue
			}
			like := likeness(a.name, b.name)
			if like < projectLikeness.Of(p) || oneSpot(a.name, b.name) {
				continue
			}
			near := a.amount > 0 && b.amount > 0 &&
				float64(distance(a.amount, b.amount)*100) <= float64(max(a.amount, b.amount))*projectAmountShare.Of(p)
			one := a.contract != "" && a.contract == b.contract
			if !near && !one {
				continue
			}
			why, whyEn := "金额相近", "near amounts"
			if one {
				why, whyEn = "施工单位相同", "the same contractor"
			}
			p.Report(detect.Lead{
				FundNo: fund[b.row], Item: a.no, Amount: b.amount,
				Summary: text(
					fmt.Sprintf("项目%s（%s，%s元）与同村项目%s（%s，%s元）名称相似、%s，疑似同一工程，建议现场核实。", b.no, names[b.row], b.amount, a.no, names[a.row], a.amount, why),
					fmt.Sprintf("Project %s (%s, %s yuan) and %s of the same village (%s, %s yuan) have similar names and %s; see on the spot whether they are one work.", b.no, names[b.row], b.amount, a.no, names[a.row], a.amount, whyEn)),
				Facts: []detect.Fact{
					fact("名称相似度", "likeness of names", fmt.Sprintf("%.2f", like)),
					fact("另一项目", "other project", a.no),
					fact("另一项目资金", "its fund", firstOf(fund[a.row], "-")),
					fact("另一项目金额", "its amount", a.amount.String()),
				},
				Evidence: []detect.Evidence{detect.Row(v, b.row, text("后批复的项目", "project approved later")), detect.Row(v, a.row, text("先批复的项目", "project approved earlier"))},
			})
		}
	}
	return nil
}

// worksOf returns the projects in order of approval, then number; rows of one
// number are one project.
func worksOf(v table.View) []work {
	no, name, town, village := projectNo.In(v), projectName.In(v), projectTown.In(v), projectVillage.In(v)
	contract, budget := projectContract.In(v), projectBudget.In(v)
	contractor, approved := projectContractor.In(v), projectApprovedOn.In(v)
	var out []work
	for i := range v.Len() {
		if no[i] == "" || slices.ContainsFunc(out, func(w work) bool { return w.no == no[i] }) {
			continue
		}
		amount, ok := contract.At(i)
		if !ok {
			amount = budget.Or(i, 0)
		}
		out = append(out, work{
			row: i, no: no[i], contract: contractor[i], name: essence(name[i], town[i], village[i]),
			amount: amount, approved: approved.Or(i, 1<<40),
		})
	}
	slices.SortStableFunc(out, func(a, b work) int {
		if a.approved != b.approved {
			return int(a.approved - b.approved)
		}
		return strings.Compare(a.no, b.no)
	})
	return out
}

// commonWords are in the names of any two projects, or are several words for one
// thing.
var commonWords = strings.NewReplacer(
	"公路", "道路", "人畜饮水", "饮水", "安全饮水", "饮水", "饮水安全", "饮水", "人饮", "饮水",
	"项目", "", "工程", "", "建设", "", "新建", "", "扩建", "", "改建", "", "实施", "", "扶贫", "", "农村", "", "年度", "", "关于", "",
	"县", "", "镇", "", "乡", "", "村", "",
)

// essence returns a name without places, years, punctuation and common words.
func essence(name, town, village string) []rune {
	for _, place := range []string{town, village} {
		if place != "" {
			name = strings.ReplaceAll(name, place, "")
		}
	}
	var out []rune
	rs := []rune(commonWords.Replace(name))
	for i := 0; i < len(rs); i++ {
		switch r := rs[i]; {
		case (r == '1' || r == '2') && i+4 <= len(rs) && allDigits(rs[i:i+4]) && (i+4 == len(rs) || !unicode.IsDigit(rs[i+4])):
			i += 3 // a year
			if i+1 < len(rs) && rs[i+1] == '年' {
				i++
			}
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			out = append(out, r)
		}
	}
	return out
}

func allDigits(rs []rune) bool {
	return !slices.ContainsFunc(rs, func(r rune) bool { return r < '0' || r > '9' })
}

// likeness returns the Dice coefficient of two names' pairs of neighbouring
// characters, 0 to 1 (Dice 1945, Ecology 26: 297-302); equal names are 1.
func likeness(a, b []rune) float64 {
	if slices.Equal(a, b) {
		return 1
	}
	if len(a) < 2 || len(b) < 2 {
		return 0
	}
	used := make([]bool, len(b)-1)
	common := 0
	for i := range len(a) - 1 {
		for j := range len(b) - 1 {
			if !used[j] && a[i] == b[j] && a[i+1] == b[j+1] {
				used[j] = true
				common++
				break
			}
		}
	}
	return 2 * float64(common) / float64(len(a)+len(b)-2)
}

// oneSpot reports whether two names differ by one short piece in each: 上屯 and
// 下屯, 一期 and 二期. What only one of them has is no such difference.
func oneSpot(a, b []rune) bool {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return len(a) > 0 && len(b) > 0 && len(a) <= 2 && len(b) <= 2
}
