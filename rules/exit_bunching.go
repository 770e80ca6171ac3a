package rules

import (
	"fmt"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/stat"
	"fundtrace/pipeline/table"
)

var bunchingRate = &detect.Param[float64]{
	Name: "false_rate", Default: 0.01,
	Doc: text("同级各地的提示中容许的误报比例（Benjamini–Hochberg），0 至 1", "share of the places pointed to, at one level, that may be false (Benjamini and Hochberg), 0 to 1"),
}

// ExitBunching flags villages, towns and counties with more incomes just over
// the poverty line than those around it allow.
var ExitBunching = &detect.Rule{
	ID:     "exit-bunching",
	Family: detect.Exit,
	Title:  text("临线堆积", "incomes bunched over the line"),
	Grade:  detect.E3,
	Doc: detect.Doc{
		Purpose: text("查找人均纯收入在贫困线处密度突然升高的村、乡镇、县。",
			"Finds villages, towns and counties where the density of incomes a head leaps up at the poverty line."),
		Steps: text(`1. 按村、乡镇、县分别取各年建档立卡户（不论是否脱贫）的人均纯收入与当年贫困线之差。
2. 每年用局部多项式密度检验（Cattaneo、Jansson、Ma）检验密度在线处是否连续；线两侧各须有24个以上不同的值，否则该年不作检验。某年只有一个村的乡镇、只有一个乡镇的县，当年由该村、该乡镇代表，不再检验。
3. 只看密度向上跳跃，取单侧 p 值；一地的 p 值取各年最小者乘以检验的年数。
4. 同级各地的 p 值按 Benjamini–Hochberg 法校正，误报比例不超过 false_rate（含），且线上5%以内的户多于线下5%以内的为线索。`,
			`1. For villages, towns and counties each: incomes a head less the year's line, of all registered households, exited or not.
2. For each year the local polynomial density test (Cattaneo, Jansson, Ma) asks whether the density is continuous at the line; each side needs 24 different values or more, else the year is not tested. A town of one village in a year, or a county of one town, is not tested for it: the smaller place stands for it.
3. Only leaps upward count, so p is one-sided; a place's p is the smallest of its years times the years tested.
4. Over all places of one level, p values that stand at a false share of false_rate (inclusive, Benjamini and Hochberg) make a lead, if more households stand within 5% over the line than within 5% under it.`),
		Formula: "T > 0 ∧ p·年数 ≤ BH（同级各地的 p， false_rate）",
		Example: bunchedExample(),
		Why: text("收入在线上突然增多、线下突然减少，是按线倒推收入的统计痕迹。",
			"Many just over and few just under the line is what incomes worked back from the line look like."),
		Exclusions:  text("样本不足、无贫困线的不作判断；不指向任何一户。", "Not judged where the sample is too small or there is no line; points to no household."),
		FalseAlarms: text("收入按百元取整，而整百数恰在线上；只提供了已脱贫户名单；帮扶精准到线的兜底政策。", "Incomes rounded to hundreds just over the line; only exited households supplied; benefits that top up to the line."),
		Verify:      text("抽取线上100元以内的户，逐户复核收入构成；查收入表修改痕迹和填报时间。", "Recount some households within 100 yuan over the line; see when and how often the sheets were changed."),
		Control:     text("上级验收应看收入分布，不只看达标率。", "Acceptance should look at how incomes are distributed, not at the rate over the line alone."),
	},
	Basis:  []detect.Basis{basisExit},
	By:     []table.Key{table.Village, table.Town, table.County},
	Needs:  []string{"household"},
	Reads:  incomeReads,
	Params: []detect.Parameter{bunchingRate},
	Sample: func(p *detect.Pass) (float64, bool) {
		if b := bunchings.Of(p); b != nil {
			return b.p, true
		}
		return 0, false
	},
	Check: checkExitBunching,
}

// A bunching is the density test of a place's most telling year.
type bunching struct {
	stat.DensityTest
	year, years int
	line        table.Fen
	p           float64 // corrected for the years
}

// bunchings is the bunching of a group, nil where no year could be tested.
var bunchings = detect.Derive(func(p *detect.Pass) *bunching {
	hs := incomeHomes.Of(p)
	var best bunching
	var xs []float64
	for _, year := range yearsOf(hs) {
		xs = xs[:0]
		var of table.Fen
		first, several := "", false
		for i := range hs {
			h := &hs[i]
			over, line, ok := h.overLine(p, year)
			if !ok {
				continue
			}
			part := placeWithin(p.Group.Key, h)
			several = several || part == "" || len(xs) > 0 && part != first
			first = part
			of = max(of, line)
			xs = append(xs, float64(over))
		}
		if !several {
			continue
		}
		t, err := stat.Density(xs, 0)
		if err != nil {
			continue
		}
		one := t.Upward()
		if best.years++; best.year == 0 || one < best.p {
			best = bunching{t, year, best.years, of, one}
		}
	}
	if best.year == 0 {
		return nil
	}
	best.p = min(1, best.p*float64(best.years))
	return &best
})

// placeWithin returns the village or town in which a home lies within the town
// or county of a group; "" where that is not known or the group has no parts.
func placeWithin(key table.Key, h *home) string {
	switch key {
	case table.Town:
		return h.village
	case table.County:
		if strings.Count(h.village, "/") == 2 {
			return h.village[:strings.LastIndex(h.village, "/")]
		}
		return h.village
	}
	return ""
}

// overLine returns how far a home's income is over the line of a year, and the
// line; ok is false where it is of another year or one of the two is unknown.
func (h *home) overLine(p *detect.Pass, year int) (over, line table.Fen, ok bool) {
	if h.year != year || !h.known {
		return 0, 0, false
	}
	line, ok = p.Policy.LineOf(year, h.county)
	return h.income - line, line, ok
}

func checkExitBunching(p *detect.Pass) error {
	x, ok := p.Sampled()
	if !ok {
		p.NotApplicable(text("线两侧收入样本不足或无贫困线", "too few incomes on one side of the line, or no line"))
		return nil
	}
	if x > stat.Threshold(p.Samples(), bunchingRate.Of(p)) {
		return nil
	}
	b := bunchings.Of(p)
	if b.T <= 0 {
		return nil
	}
	var near []*home // up to a twentieth of the line over it
	under := 0       // and as far under it
	hs := incomeHomes.Of(p)
	for i := range hs {
		switch over, line, ok := hs[i].overLine(p, b.year); {
		case !ok:
		case over >= 0 && over < line/20:
			near = append(near, &hs[i])
		case over < 0 && -over <= line/20:
			under++
		}
	}
	if len(near) <= under { // the leap is of a heap further up, that the bandwidth takes in
		return nil
	}
	place := placeName(p.Group.ID)
	p.Report(detect.Lead{
		Period: table.YearOf(b.year).String(),
		Summary: text(
			fmt.Sprintf("%s%d年%d户的人均纯收入在贫困线%s元处密度突升，线上5%%以内有%d户，建议抽户复核收入。", place, b.year, b.N, b.line, len(near)),
			fmt.Sprintf("In %s, the density of %d households' incomes of %d leaps up at the line of %s yuan, with %d households within 5%% over it; some of them to be recounted.", place, b.N, b.year, b.line, len(near))),
		Facts: []detect.Fact{
			fact("样本户数", "n", fmt.Sprint(b.N)),
			fact("检验统计量T", "statistic T", fmt.Sprintf("%.2f", b.T)),
			fact("单侧p值（按年数校正）", "one-sided p, corrected for the years", fmt.Sprintf("%.2g", b.p)),
			fact("带宽内线下、线上户数", "within the bandwidth, under and over", fmt.Sprintf("%d, %d", b.NLeft, b.NRight)),
			fact("同级检验的地方数", "places tested", fmt.Sprint(len(p.Samples()))),
			fact("当年贫困线", "poverty line", b.line.String()),
		},
		Evidence: placeEvidence(p.View(table.Member), near),
	})
	return nil
}

// bunchedExample writes a county of 87 households, 60 of them within 180 yuan
// over the line.
func bunchedExample() string {
	var b strings.Builder
	b.WriteString("全县 87 户，线下收入稀疏，线上 180 元以内有 60 户（示例放宽了误报比例）。\n-- policy.yaml --\nrules:\n  exit-bunching: {false_rate: 0.05}\n-- household.csv --\nhousehold_id,member_name,county,year,income_per_capita,want\n")
	b.WriteString("H100,谭小湾,甲县,2016,2952,E3 甲县 0.00 甲县2016年87户.*2952.00元.*50户\n")
	for i := range 59 {
		fmt.Fprintf(&b, "H%d,谭小湾,甲县,2016,%d,\n", 101+i, 2955+3*i)
	}
	for i := range 27 {
		fmt.Fprintf(&b, "H%d,谭小湾,甲县,2016,%d,\n", 200+i, 1450+55*i)
	}
	return b.String()
}
