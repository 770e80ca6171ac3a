package rules

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/stat"
	"fundtrace/pipeline/table"
)

var (
	outlierZ = &detect.Param[float64]{
		Name: "robust_z", Default: 6,
		Doc: text("稳健 z 值达到此数（含）为离群", "robust z that is far out, inclusive"),
	}
	outlierPeers = &detect.Param[int]{
		Name: "min_peers", Default: 20,
		Doc: text("同村、同项目、同档次的领取人至少（含）；一人分期领取的仍是一人", "people paid in the village, program and tier needed, inclusive; who is paid by the quarter is one"),
	}
	outlierLogZ = &detect.Param[float64]{
		Name: "log_z", Default: 3.5,
		Doc: text("取自然对数后的稳健 z 值也达到此数（含）；本来就悬殊的金额（如医疗救助）不算离群", "and robust z of the logarithms at least, inclusive: amounts that differ widely by nature, as for medical aid, are not far out"),
	}
	outlierTimes = &detect.Param[float64]{
		Name: "min_times", Default: 3,
		Doc: text("且不低于中位数的此倍数（含）", "and this many times the median at least, inclusive"),
	}
)

// DataOutlier flags villages with payments far over the other payments of the
// program in the village.
var DataOutlier = &detect.Rule{
	ID:     "data-outlier",
	Family: detect.Data,
	Title:  text("发放额离群", "payments far out"),
	Grade:  detect.E3,
	Doc: detect.Doc{
		Purpose: text("查找某项补贴中有发放额远高于同村同项目其他发放的村。", "Finds villages where payments of a program are far over its other payments there."),
		Steps: text(`1. 按村、补贴项目、类别档次、所属期长短归集发放金额，负数先冲减同一人同一项目、所属期的发放，减后为零的不计，至少 min_peers 人（含）。
2. 以中位数和绝对中位差（MAD×1.4826）求每笔的稳健 z 值；半数以上金额相同、离散度为零的不作判断。
3. z ≥ robust_z（含）、金额取自然对数后的稳健 z 值 ≥ log_z（含）且不低于中位数 min_times 倍（含）的为离群，每村每项目一条线索，金额为超出中位数部分之和。`,
			`1. Payments by village, program, tier and length of period, negative ones taken off the person's payment for the program and period, what comes to zero left out; to at least min_peers people (inclusive).
2. Robust z of each by median and MAD (×1.4826); not judged where more than half are one amount, so that the spread is zero.
3. z ≥ robust_z (inclusive), robust z of the logarithms ≥ log_z (inclusive) and min_times the median or more (inclusive) is far out; a lead a village and program, its amount the sum over the median.`),
		Formula: "（x − 中位数） ÷ （1.4826·MAD） ≥ robust_z ∧ z(ln x) ≥ log_z ∧ x ≥ min_times·中位数",
		Example: `六笔之中一笔为其余的十倍（示例放宽了笔数）。
-- policy.yaml --
rules:
  data-outlier: {min_peers: 6}
-- payment.csv --
beneficiary_name,county,town,village,program,period,amount,want
谭小湾,甲县,大河镇,石山村,临时救助,2016,500,
梁小桥,甲县,大河镇,石山村,临时救助,2016,520,
石小坪,甲县,大河镇,石山村,临时救助,2016,480,
莫大田,甲县,大河镇,石山村,临时救助,2016,510,
覃小溪,甲县,大河镇,石山村,临时救助,2016,490,
韦大山,甲县,大河镇,石山村,临时救助,2016,5000,E3 甲县/大河镇/石山村 4495.00 石山村临时救助6笔.*1笔.*505.00元.*5000.00元
`,
		Why:         text("远高于邻里的发放可能是多写一位、虚报面积，也可能是优亲厚友。", "A payment far over all others may be a slip of the pen, a false area, or a favour."),
		Exclusions:  text("领取人少、多数金额相同的项目不作判断（后者由 over-standard 核对）。", "Programs that pay few people, or mostly one amount, are not judged (over-standard checks those)."),
		FalseAlarms: text("种植大户、规模养殖户；一次补发多年；以户为单位汇总发放。", "Large growers and breeders; arrears of years in one payment; sums for a whole household."),
		Verify:      text("打开所列行，核对申报数量、验收单和银行回单；现场丈量清点。", "Open the rows listed; check the quantity applied for, acceptance and bank slips; measure and count."),
		Control:     text("发放系统应设单笔上限提醒。", "The payment system should warn at a ceiling for one payment."),
	},
	By:     []table.Key{table.Village},
	Needs:  []string{"payment"},
	Reads:  []table.Column{payPerson, payProgram, payTier, payPeriod, payNet},
	Params: []detect.Parameter{outlierZ, outlierLogZ, outlierPeers, outlierTimes},
	Check:  checkDataOutlier,
}

// A peerGroup is payments of a village that should be of one size.
type peerGroup struct {
	program, tier string
	months        int
	rows          []int
	amounts       []table.Fen // of the rows, after corrections
	people        map[string]bool
}

func checkDataOutlier(p *detect.Pass) error {
	v := p.View(table.Payment)
	type found struct {
		robust stat.Robust
		rows   []int
		over   []table.Fen // amounts of the rows
	}
	judged, reason := false, text("同类领取人不足", "too few people paid alike")
	byProgram := map[string][]found{}
	var order []string
	for _, g := range peerGroups(p, v) {
		if len(g.people) < outlierPeers.Of(p) {
			continue
		}
		var xs, logs []float64
		for _, a := range g.amounts {
			xs, logs = append(xs, float64(a)), append(logs, math.Log(float64(a)))
		}
		f, ratios := found{robust: stat.RobustOf(xs)}, stat.RobustOf(logs)
		if f.robust.Spread == 0 {
			reason = text("半数以上金额相同", "more than half are one amount")
			continue
		}
		judged = true
		for k, a := range g.amounts {
			x := float64(a)
			z, _ := f.robust.Z(x)
			logZ, _ := ratios.Z(math.Log(x))
			if z >= outlierZ.Of(p) && logZ >= outlierLogZ.Of(p) && x >= outlierTimes.Of(p)*f.robust.Centre {
				f.rows, f.over = append(f.rows, g.rows[k]), append(f.over, a)
			}
		}
		if f.rows != nil {
			if byProgram[g.program] == nil {
				order = append(order, g.program)
			}
			byProgram[g.program] = append(byProgram[g.program], f)
		}
	}
	for _, program := range order {
		var over, most table.Fen
		var evidence []detect.Evidence
		var n int
		var top found // of the largest payment
		for _, f := range byProgram[program] {
			for k, i := range f.rows {
				x := f.over[k]
				over += x - table.Fen(f.robust.Centre)
				evidence = append(evidence, detect.RowAt(table.Payment, v.Ref(i), rolePayment))
				if x > most {
					most, top = x, f
				}
			}
			n += f.robust.N
		}
		z, _ := top.robust.Z(float64(most))
		place, median := placeName(p.Group.ID), table.Fen(top.robust.Centre)
		p.Report(detect.Lead{
			Program: program, Amount: over,
			Summary: text(
				fmt.Sprintf("%s%s%d笔发放中有%d笔远离中位数%s元，最大一笔%s元，建议核对申报和验收。", place, program, n, len(evidence), median, most),
				fmt.Sprintf("Of %d payments of %s in %s, %d are far from the median of %s yuan, the largest being %s; applications and acceptance to be checked.", n, program, place, len(evidence), median, most)),
			Facts: []detect.Fact{
				fact("笔数n", "n", fmt.Sprint(n)),
				fact("离群笔数", "payments far out", fmt.Sprint(len(evidence))),
				fact("中位数", "median", median.String()),
				fact("最大一笔", "largest", most.String()),
				fact("最大稳健z值", "largest robust z", fmt.Sprintf("%.1f", z)),
			},
			Evidence: evidence[:min(len(evidence), mostEvidence)],
		})
	}
	if !judged {
		p.NotApplicable(reason)
	}
	return nil
}

// peerGroups returns a village's payments by program, tier and length of period,
// those that corrections leave nothing of left out.
func peerGroups(p *detect.Pass, v table.View) []*peerGroup {
	type key struct {
		program, tier string
		months        int
	}
	person, program, tier, period := payPerson.In(v), payProgram.In(v), payTier.In(v), payPeriod.In(v)
	net := payNet.In(v)
	of := map[key]*peerGroup{}
	var out []*peerGroup
	for i := range v.Len() {
		if net.Or(i, 0) <= 0 || program[i] == "" {
			continue
		}
		months := 0
		if per, ok := period.At(i); ok {
			months = per.Months()
		}
		k := key{program[i], tier[i], months}
		g := of[k]
		if g == nil {
			g = &peerGroup{program: k.program, tier: k.tier, months: months, people: map[string]bool{}}
			of[k], out = g, append(out, g)
		}
		g.rows, g.amounts = append(g.rows, i), append(g.amounts, net.Or(i, 0))
		g.people[person[i]] = true
	}
	slices.SortFunc(out, func(a, b *peerGroup) int {
		return cmp.Or(cmp.Compare(a.program, b.program), cmp.Compare(a.tier, b.tier), cmp.Compare(a.months, b.months))
	})
	return out
}
