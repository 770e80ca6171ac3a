package rules

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/stat"
	"fundtrace/pipeline/table"
)

var (
	villageHomes = &detect.Param[int]{
		Name: "min_records", Default: 30,
		Doc: text("村内有人均纯收入的户年记录至少（含）", "household-years with an income that a village needs, inclusive"),
	}
	villagePeers = &detect.Param[int]{
		Name: "min_villages", Default: 20,
		Doc: text("全县可比的村至少（含）", "comparable villages of the county needed, inclusive"),
	}
	villageZ = &detect.Param[float64]{
		Name: "robust_z", Default: 3.5,
		Doc: text("一项特征的稳健 z 绝对值达到此数（含）为异常", "absolute robust z that makes a feature unusual, inclusive"),
	}
	villageFeatures = &detect.Param[int]{
		Name: "min_features", Default: 3,
		Doc: text("异常特征至少（含）", "unusual features needed, inclusive"),
	}
	villageTop = &detect.Param[float64]{
		Name: "top_percent", Default: 1,
		Doc: text("全县各村中最远的此比例（%，至少一个村）", "percent of the county's villages that are furthest, at least one"),
	}
	villageSpread = &detect.Param[float64]{
		Name: "least_spread", Default: 0.01,
		Doc: text("指标的稳健离散度小于此数的按此数计，以免各村几乎相同时把微小差异放大；0.01 为一个百分点", "least robust spread that a feature is given, so that where villages hardly differ small differences are not blown up; 0.01 is a percentage point"),
	}
)

// DataVillage flags the villages that are furthest from the others of their
// county on many features of the register together.
var DataVillage = &detect.Rule{
	ID:     "data-village",
	Family: detect.Data,
	Title:  text("村级综合异常", "villages unlike their peers"),
	Grade:  detect.E3,
	Doc: detect.Doc{
		Purpose: text("查找在多项数据特征上同时远离同县各村的村，并指出是哪些特征。",
			"Finds villages far from the others of their county on several features of their data at once, and names the features."),
		Steps: text(`1. 逐村由建档立卡数据计算七项特征：脱贫户占比、临线（线上5%以内）占比、收入为整百元占比、各项收入与他户雷同占比、收入同比增长中位数、转移性收入占比、收入尾数0和5占比；收入记录少于 min_records 的村不计。
2. 每项特征以全县各村的中位数和绝对中位差求稳健 z 值（离散度以 least_spread 为下限），可比的村至少 min_villages 个（含）。
3. 距离为各项 z 的均方根（每项以10为上限）。距离居前 top_percent%（至少一个村），且至少 min_features 项（含）|z| ≥ robust_z（含）的为线索。`,
			`1. Seven features of a village's register: share exited, share within 5 % over the line, share of incomes round to the hundred, share with the same sources as another household, median growth, share of transfers, share ending in 0 or 5; villages with fewer than min_records incomes are left out.
2. Robust z of each by the county's median and MAD (spread of least_spread at least); at least min_villages villages (inclusive).
3. Distance is the root mean square of the z, each capped at 10. A lead for the furthest top_percent (one at least) with min_features (inclusive) of |z| ≥ robust_z (inclusive).`),
		Formula: "d = √(Σ min(|zᵢ|,10)²/7) ∧ rank(d) ≤ max(1, top_percent%·村数） ∧ #{|zᵢ| ≥ robust_z} ≥ min_features",
		Example: villageExample(),
		Why: text("单项异常常有解释，多项同时异常的村更值得先看。",
			"One odd feature often has a reason; a village odd in several is the one to see first."),
		Exclusions:  text("记录太少的村、可比村太少的县不作判断；只用建档立卡数据，不指向任何人。", "Villages with few records and counties with few villages are not judged; the register alone is used; points to nobody."),
		FalseAlarms: text("整村搬迁、移民安置点、城郊村等确与他村不同；由不同人员填报、取整习惯不同。", "Resettled and suburban villages that do differ; another clerk who rounds otherwise."),
		Verify:      text("按所列特征逐项查原始表册；随机抽户入户复核收入和退出程序。", "Look up the papers behind each feature listed; visit a random few households."),
		Control:     text("县级应定期做村际数据比对，异常的先行核查。", "The county should compare its villages regularly and check the odd ones first."),
	},
	By:     []table.Key{table.County},
	Needs:  []string{"household"},
	Reads:  homeReads,
	Params: []detect.Parameter{villageHomes, villagePeers, villageZ, villageFeatures, villageTop, villageSpread},
	Check:  checkDataVillage,
}

// featureNames are the features of a village, in order of its traits.
var featureNames = [...]detect.Text{
	text("脱贫户占比", "share exited"),
	text("临线占比", "share just over the line"),
	text("整百元占比", "share round to the hundred"),
	text("收入雷同占比", "share with copied sources"),
	text("收入增长中位数", "median growth"),
	text("转移性收入占比", "share of transfers"),
	text("尾数0和5占比", "share ending in 0 or 5"),
}

// traits are a village's features, NaN where one cannot be told.
type traits struct {
	village  string
	values   [len(featureNames)]float64
	z        [len(featureNames)]float64
	distance float64
	homes    []*home
}

func traitsOf(p *detect.Pass, village string, hs []home) *traits {
	t := &traits{village: village}
	var records, exited, lined, near, round, alike, vectors, heaped float64
	var transfer, all table.Fen
	type vector struct {
		year    int
		sources [4]table.Fen
	}
	seen := map[vector]int{}
	for i := range hs {
		if h := &hs[i]; h.parts >= leastParts {
			seen[vector{h.year, inYuan(h.sources)}]++
		}
	}
	for i := range hs {
		h := &hs[i]
		if !h.known || h.income <= 0 {
			continue
		}
		t.homes = append(t.homes, h)
		records++
		if h.exit != 0 && h.exit <= h.year {
			exited++
		}
		if line, ok := p.Policy.LineOf(h.year, h.county); ok {
			lined++
			if h.income >= line && h.income < line+line/20 {
				near++
			}
		}
		if h.income%100_00 == 0 {
			round++
		}
		if h.income/100%5 == 0 {
			heaped++
		}
		if h.parts >= leastParts {
			vectors++
			if seen[vector{h.year, inYuan(h.sources)}] > 1 {
				alike++
			}
		}
		transfer += h.sources[3]
		for _, x := range h.sources {
			all += x
		}
	}
	var growths []float64
	for _, x := range pairs(hs) {
		if g, ok := x.growth(); ok {
			growths = append(growths, g)
		}
	}
	t.values = [...]float64{
		exited / records, near / lined, round / records, alike / vectors, stat.Median(growths), float64(transfer) / float64(all), heaped / records,
	}
	return t
}

func checkDataVillage(p *detect.Pass) error {
	var ts []*traits
	few := map[string]bool{}
	of := map[string][]home{}
	var order []string
	for _, h := range homes.Of(p) {
		if h.village == "" {
			continue
		}
		if of[h.village] == nil {
			order = append(order, h.village)
		}
		of[h.village] = append(of[h.village], h)
	}
	if order == nil {
		p.NotApplicable(noHomes)
		return nil
	}
	slices.Sort(order)
	for _, village := range order {
		t := traitsOf(p, village, of[village])
		if len(t.homes) < villageHomes.Of(p) {
			few[village] = true
			continue
		}
		ts = append(ts, t)
	}
	enough := len(ts) >= villagePeers.Of(p)
	far := measured(ts, villageSpread.Of(p))
	last := max(1, int(villageTop.Of(p)*float64(len(ts))/100))
	for _, village := range order {
		p.On("village", village)
		switch {
		case few[village]:
			p.NotApplicable(text("该村收入记录太少", "too few incomes of the village"))
		case !enough:
			p.NotApplicable(text("同县可比的村太少", "too few villages of the county"))
		}
		i := slices.IndexFunc(far, func(t *traits) bool { return t.village == village })
		if !enough || i < 0 || i >= last {
			continue
		}
		reportVillage(p, far[i], ts)
	}
	return nil
}

// measured gives each village its z scores and distance and returns them by
// distance, the furthest first.
func measured(ts []*traits, least float64) []*traits {
	for f := range featureNames {
		var xs []float64
		for _, t := range ts {
			if !math.IsNaN(t.values[f]) {
				xs = append(xs, t.values[f])
			}
		}
		r := stat.RobustOf(xs)
		for _, t := range ts {
			if z := (t.values[f] - r.Centre) / max(r.Spread, least); !math.IsNaN(z) {
				t.z[f] = z
				t.distance += min(z*z, 100) / float64(len(featureNames))
			}
		}
	}
	for _, t := range ts {
		t.distance = math.Sqrt(t.distance)
	}
	far := slices.Clone(ts)
	slices.SortStableFunc(far, func(a, b *traits) int {
		switch {
		case a.distance > b.distance:
			return -1
		case a.distance < b.distance:
			return 1
		}
		return strings.Compare(a.village, b.village)
	})
	return far
}

// reportVillage reports a village if enough of its features are unusual.
func reportVillage(p *detect.Pass, t *traits, ts []*traits) {
	facts := []detect.Fact{
		fact("可比村数n", "villages n", fmt.Sprint(len(ts))),
		fact("综合距离", "distance", fmt.Sprintf("%.1f", t.distance)),
	}
	var zh, en []string
	for f, name := range featureNames {
		if math.Abs(t.z[f]) >= villageZ.Of(p) {
			zh, en = append(zh, name.Zh), append(en, name.En)
			facts = append(facts, detect.Fact{Name: name, Value: fmt.Sprintf("%.1f%%（z = %.1f）", 100*t.values[f], t.z[f])})
		}
	}
	if len(zh) < villageFeatures.Of(p) {
		return
	}
	place := placeName(t.village)
	p.Report(detect.Lead{
		Summary: text(
			fmt.Sprintf("%s的%s同时远离全县%d个可比村，建议列为优先核查村。", place, strings.Join(zh, "、"), len(ts)),
			fmt.Sprintf("%s is far from the county's %d comparable villages in %s at once; to be looked at first.", place, len(ts), strings.Join(en, ", "))),
		Facts:    facts,
		Evidence: placeEvidence(p.View(table.Member), t.homes),
	})
}

// villageExample writes six villages of four households; all of the first have
// one round income.
func villageExample() string {
	var b strings.Builder
	b.WriteString("六个村，石山村各户收入整齐划一（示例放宽了数量）。\n-- policy.yaml --\nrules:\n  data-village: {min_records: 4, min_villages: 6}\n")
	b.WriteString("-- household.csv --\nhousehold_id,member_name,county,town,village,year,income_per_capita,wage_income,business_income,transfer_income,want\n")
	for v, name := range []string{"石山村", "大桥村", "小湾村", "长岭村", "白沙村", "青石村"} {
		for h := range 4 {
			income, wage, want := 2401+13*h+7*v, 5001+31*h+3*v, ""
			if v == 0 {
				income, wage = 3000, 6000
			}
			if v+h == 0 {
				want = "E3 甲县/大河镇/石山村 0.00 石山村.*整百元占比"
			}
			fmt.Fprintf(&b, "H%d%d,谭小湾,甲县,大河镇,%s,2016,%d,%d,3000,600,%s\n", v, h, name, income, wage, want)
		}
	}
	return b.String()
}
