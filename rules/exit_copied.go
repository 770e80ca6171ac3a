package rules

import (
	"fmt"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var (
	copiedHouseholds = &detect.Param[int]{
		Name: "min_households", Default: 5,
		Doc: text("雷同户数达到此数（含）", "households that must be alike, inclusive"),
	}
	copiedPercent = &detect.Param[float64]{
		Name: "min_percent", Default: 10,
		Doc: text("雷同户占可比户的比例达到此数（%，含）", "percent of the comparable households that they must be, inclusive"),
	}
	copiedSources = &detect.Param[int]{
		Name: "min_sources", Default: leastParts,
		Doc: text("不为零的收入至少有此数（含）项的户才可比", "sources above zero that make a household comparable, inclusive"),
	}
)

// ExitCopied flags villages whose households have the same incomes, or the
// same two years running.
var ExitCopied = &detect.Rule{
	ID:     "exit-copied",
	Family: detect.Exit,
	Title:  text("收入雷同", "copied incomes"),
	Grade:  detect.E3,
	Doc: detect.Doc{
		Purpose: text("查找多户各项收入完全相同，或多户连续两年各项收入一字未改的村。",
			"Finds villages where several households have the same incomes in every source, or did not change one in two years."),
		Steps: text(`1. 每户每年取工资、经营、财产、转移四项收入，按元比较；至少 min_sources 项（含）不为零的才可比。
2. 同年四项全部相同的户归为一组；达到 min_households（含）且占当年可比户 min_percent%（含）的为线索，每组一条。
3. 与本户上年四项全部相同的户，达到同样两个界限的为线索，每年一条。`,
			`1. Each year's wages, business, property and transfers are compared to the yuan; a household needs min_sources above zero (inclusive) to be comparable.
2. Households with all four alike in a year form a set; one of at least min_households (inclusive) and min_percent of the year's comparable households (inclusive) makes a lead.
3. Households with all four as in their own year before make a lead a year within the same bounds.`),
		Formula: "雷同户 ≥ min_households ∧ 雷同户 ÷ 可比户 ≥ min_percent%",
		Example: `两户收入四项全同，占三户的三分之二。
-- policy.yaml --
rules:
  exit-copied: {min_households: 2}
-- household.csv --
household_id,member_name,county,town,village,year,wage_income,business_income,transfer_income,want
H1,谭小湾,甲县,大河镇,石山村,2016,5000,3000,1200,"E3 甲县/大河镇/石山村 0.00 石山村2016年有2户.*3户"
H2,梁小桥,甲县,大河镇,石山村,2016,5000,3000,1200,
H3,石小坪,甲县,大河镇,石山村,2016,5100,3000,1200,
`,
		Why:         text("各户收入不可能分毫不差，雷同多因关门填表、复制粘贴。", "No two households earn alike to the yuan; sameness comes from sheets filled in at a desk."),
		Exclusions:  text("只有一项收入的户（如只有低保、五保金）不比；各项均为空或零的不比。", "Households with one source only (an allowance) and those without incomes are not compared."),
		FalseAlarms: text("按人均标准估算的集体分红、土地流转收入；政策性收入标准统一而其余为零。", "Dividends and rents paid at one rate; benefits at one standard and little else."),
		Verify:      text("抽取雷同户逐户入户核算；询问填表人数据来源；查原始收入台账和农户签字。", "Recount the incomes of some of them at home; ask who filled in the sheet and from what; see the signed income papers."),
		Control:     text("乡镇汇总时应先查重，雷同数据退回重填。", "The town should look for copies before it accepts a village's sheet."),
	},
	Basis:  []detect.Basis{basisExit},
	By:     []table.Key{table.Village},
	Needs:  []string{"household"},
	Reads:  homeReads,
	Params: []detect.Parameter{copiedHouseholds, copiedPercent, copiedSources},
	Check:  checkExitCopied,
}

// leastParts is how many sources above zero make incomes comparable.
const leastParts = 2

func checkExitCopied(p *detect.Pass) error {
	hs := homes.Of(p)
	judged := false
	for _, year := range yearsOf(hs) {
		sets, all := map[[4]table.Fen][]*home{}, 0
		var order [][4]table.Fen
		for i := range hs {
			h := &hs[i]
			if h.year != year || h.parts < copiedSources.Of(p) {
				continue
			}
			all++
			k := inYuan(h.sources)
			if sets[k] == nil {
				order = append(order, k)
			}
			sets[k] = append(sets[k], h)
		}
		judged = judged || all > 0
		for _, k := range order {
			if len(sets[k]) < copiedHouseholds.Of(p) {
				continue // before its name is written: most incomes stand alone
			}
			reportCopied(p, year, "same "+fmt.Sprint(k), sets[k], all, "各项收入完全相同", "have the same income in every source")
		}
	}
	same, all := map[int][]*home{}, map[int]int{}
	for _, x := range pairs(hs) {
		if x.before.parts < copiedSources.Of(p) || x.after.parts < copiedSources.Of(p) {
			continue
		}
		all[x.after.year]++
		if inYuan(x.before.sources) == inYuan(x.after.sources) {
			same[x.after.year] = append(same[x.after.year], x.after)
		}
	}
	for _, year := range yearsOf(hs) {
		reportCopied(p, year, "kept", same[year], all[year], "各项收入与上年一字未改", "have every source as the year before")
	}
	if !judged {
		p.NotApplicable(text("该村各户收入项目太少，无从比较", "no household with enough sources of income to compare"))
	}
	return nil
}

// inYuan drops the fen.
func inYuan(sources [4]table.Fen) [4]table.Fen {
	for i := range sources {
		sources[i] /= 100
	}
	return sources
}

// reportCopied reports a set of households that is large enough.
func reportCopied(p *detect.Pass, year int, item string, set []*home, all int, how, howEn string) {
	if len(set) < copiedHouseholds.Of(p) || float64(100*len(set)) < copiedPercent.Of(p)*float64(all) {
		return
	}
	place := placeName(p.Group.ID)
	p.Report(detect.Lead{
		Period: table.YearOf(year).String(), Item: item,
		Summary: text(
			fmt.Sprintf("%s%d年有%d户%s，占可比的%d户的%.0f%%，建议核实收入填报过程。", place, year, len(set), how, all, 100*float64(len(set))/float64(all)),
			fmt.Sprintf("In %s, %d of %d comparable households %s in %d; how the incomes were filled in to be checked.", place, len(set), all, howEn, year)),
		Facts: []detect.Fact{
			fact("雷同户数", "households alike", fmt.Sprint(len(set))),
			fact("可比户数", "comparable households", fmt.Sprint(all)),
		},
		Evidence: placeEvidence(p.View(table.Member), set),
	})
}

// placeName returns the last part of county/town/village.
func placeName(key string) string { return key[strings.LastIndex(key, "/")+1:] }
