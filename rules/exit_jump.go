package rules

import (
	"fmt"
	"math"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/stat"
	"fundtrace/pipeline/table"
)

var (
	jumpZ = &detect.Param[float64]{
		Name: "robust_z", Default: 6,
		Doc: text("收入增幅的稳健 z 值达到此数（含）即提示", "robust z of the growth that makes a lead, inclusive"),
	}
	jumpPeers = &detect.Param[int]{
		Name: "min_peers", Default: 20,
		Doc: text("村内至少有此数（含）的户有相邻两年收入，才按增幅判断", "households of the village with incomes of the two years that the growth needs, inclusive"),
	}
	scaledSources = &detect.Param[int]{
		Name: "min_sources", Default: 3,
		Doc: text("不为零的收入至少有此数（含）项，才判断是否同比放大", "sources above zero that a household needs, inclusive, to be judged for one factor"),
	}
	scaledGrowth = &detect.Param[float64]{
		Name: "min_growth_percent", Default: 10,
		Doc: text("各项收入同比放大至少此比例（%，含）才提示", "percent by which all sources must have grown alike, inclusive"),
	}
	scaledWithin = &detect.Param[table.Fen]{
		Name: "tolerance", Default: 100,
		Doc: text("各项与同一倍数相差不超过此数（元，含）", "yuan by which each source may miss the one factor, inclusive"),
	}
)

// ExitJump flags exits over the line by a growth of income far outside the
// village's own, or by all sources multiplied alike.
var ExitJump = &detect.Rule{
	ID:     "exit-jump",
	Family: detect.Exit,
	Title:  text("收入突增脱贫", "exited by a jump of income"),
	Grade:  detect.E2,
	Doc: detect.Doc{
		Purpose: text("查找上年低于贫困线、脱贫当年收入增幅远超同村各户，或各项收入按同一倍数放大而越线的户。",
			"Finds households under the line the year before that crossed it by a growth far outside their village's, or with every source multiplied by one factor."),
		Steps: text(`1. 取脱贫当年和上一年的人均纯收入：上年低于上年贫困线、当年达到当年贫困线（含）的才判断。
2. 同村同两年各户增幅取自然对数，以中位数和绝对中位差求稳健 z 值，至少 min_peers 户（含）；z ≥ robust_z（含）提示。
3. 至少 min_sources 项（含）不为零的收入都按同一倍数增长（每项相差不超过 tolerance，含），且至少增长 min_growth_percent%（含）的也提示。`,
			`1. Incomes a head of the year of exit and the one before: judged where the first is at or over its year's line and the other under its own.
2. Growth in natural logarithm is compared with that of the village's households in the same two years, at least min_peers (inclusive), by median and MAD; z ≥ robust_z (inclusive) makes a lead.
3. At least min_sources sources above zero (inclusive), all multiplied by one factor (each within tolerance, inclusive) and grown by at least min_growth_percent (inclusive), make a lead too.`),
		Formula: "收入[Y−1] < 线[Y−1] ∧ 收入[Y] ≥ 线[Y] ∧ （z(ln 收入[Y]/收入[Y−1]) ≥ robust_z ∨ ∀项: |项[Y] − k·项[Y−1]| ≤ tolerance， k ≥ 1 + min_growth_percent%）",
		Example: `各项收入都恰好是上年的 1.25 倍。
-- household.csv --
household_id,member_name,county,town,village,household_size,year,exit_year,income_per_capita,wage_income,business_income,transfer_income,want
H1,谭小湾,甲县,大河镇,石山村,2,2015,,2500,2000,1800,1200,
H1,谭小湾,甲县,大河镇,石山村,2,2016,2016,3125,2500,2250,1500,E2 H1 0.00 谭小湾户.*2500.00元.*3125.00元.*1.25倍
`,
		Why:         text("一年之内远超邻里的增收，或各项同比放大，往往是为凑线填报的。", "A rise far over all neighbours', or every source scaled alike, is often written to reach the line."),
		Exclusions:  text("上年已达线、上年或当年未填收入、无贫困线的不作判断；只增长一项来源且在村内正常范围的不计。", "Not judged where the year before was over the line, or an income or line is absent; growth within the village's range is not counted."),
		FalseAlarms: text("家庭成员外出务工、学生毕业就业、征地补偿等一次性收入；上年收入漏报；口径调整。", "A member found work, a compensation was paid, the year before was under-reported, or the way of counting changed."),
		Verify:      text("逐项核对两年收入核算表；查务工单位、工资流水、出售凭证和补偿协议。", "Compare the income sheets of both years item by item; see wage slips, sales papers and agreements."),
		Control:     text("收入增幅异常的户，退出评议前应由乡镇逐户复核。", "The town should check households with unusual growth before the exit is appraised."),
	},
	Basis:  []detect.Basis{basisExit},
	By:     []table.Key{table.Village},
	Needs:  []string{"household"},
	Reads:  slices.Concat(homeReads, []table.Column{memberName}),
	Params: []detect.Parameter{jumpZ, jumpPeers, scaledSources, scaledGrowth, scaledWithin},
	Check:  checkExitJump,
}

func checkExitJump(p *detect.Pass) error {
	v := p.View(table.Member)
	ps := pairs(homes.Of(p))
	growths := map[int][]float64{}
	for _, x := range ps {
		if g, ok := x.growth(); ok {
			growths[x.after.year] = append(growths[x.after.year], g)
		}
	}
	peers := map[int]stat.Robust{}
	for year, gs := range growths {
		peers[year] = stat.RobustOf(gs)
	}
	names, judged := memberName.In(v), false
	for _, x := range ps {
		if x.after.exit != x.after.year {
			continue
		}
		judged = true
		p.On("household", x.after.household)
		line, ok := p.Policy.LineOf(x.after.year, x.after.county)
		lineBefore, ok2 := p.Policy.LineOf(x.before.year, x.after.county)
		g, ok3 := x.growth()
		switch {
		case !ok3:
			p.NotApplicable(text("脱贫当年或上年未填人均纯收入", "no income in the year of exit or the one before"))
			continue
		case !ok || !ok2:
			p.NotApplicable(noLine)
			continue
		}
		if x.before.income >= lineBefore || x.after.income < line {
			continue
		}
		k, scaled := x.factor(p)
		r := peers[x.after.year]
		z, far := r.Z(g)
		far = far && r.N >= jumpPeers.Of(p) && z >= jumpZ.Of(p)
		if !far && !scaled {
			if r.N < jumpPeers.Of(p) && x.after.parts < scaledSources.Of(p) {
				p.NotApplicable(text("同村可比户不足", "too few households of the village to compare with"))
			}
			continue
		}
		why, whyEn := fmt.Sprintf("各项收入均为上年的%.2f倍", k), fmt.Sprintf("every source is %.2f times that of the year before", k)
		if far {
			why = fmt.Sprintf("增至%.2f倍，而同村各户中位数为%.2f倍", math.Exp(g), math.Exp(r.Centre))
			whyEn = fmt.Sprintf("it grew %.2f times where the village's median is %.2f", math.Exp(g), math.Exp(r.Centre))
		}
		name := names[x.after.row]
		p.Report(detect.Lead{
			Period: table.YearOf(x.after.year).String(),
			Summary: text(
				fmt.Sprintf("%s户标注%d年脱贫，人均纯收入由上年%s元变为%s元，%s，建议核实收入来源。", name, x.after.year, x.before.income, x.after.income, why),
				fmt.Sprintf("The household of %s is recorded as out of poverty in %d; its income a head went from %s to %s yuan: %s; its sources to be checked.", name, x.after.year, x.before.income, x.after.income, whyEn)),
			Facts: []detect.Fact{
				fact("上年人均纯收入", "income a head the year before", x.before.income.String()),
				fact("当年人均纯收入", "income a head", x.after.income.String()),
				fact("增至倍数", "times", fmt.Sprintf("%.2f", math.Exp(g))),
				fact("同村中位倍数", "median of the village", fmt.Sprintf("%.2f", math.Exp(r.Centre))),
				fact("稳健z值", "robust z", fmt.Sprintf("%.1f", z)),
				fact("同村可比户数", "households compared", fmt.Sprint(r.N)),
			},
			Evidence: homeEvidence(v, x.after, x.before),
		})
	}
	if !judged {
		p.NotApplicable(text("该村无相邻两年记录的脱贫户", "no exited household with rows of the year before"))
	}
	return nil
}

// factor returns the factor by which all of a household's sources grew, ok
// where there are enough, each near enough to it, and it is large enough.
func (x pair) factor(p *detect.Pass) (k float64, ok bool) {
	var before, after table.Fen
	for j := range x.after.sources {
		before, after = before+x.before.sources[j], after+x.after.sources[j]
	}
	if x.after.parts < scaledSources.Of(p) || x.before.parts != x.after.parts || float64(100*(after-before)) < scaledGrowth.Of(p)*float64(before) {
		return 0, false
	}
	k = float64(after) / float64(before)
	within := float64(scaledWithin.Of(p))
	for j, a := range x.after.sources {
		if math.Abs(float64(a)-k*float64(x.before.sources[j])) > within {
			return 0, false
		}
	}
	return k, true
}
