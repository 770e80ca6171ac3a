package rules

import (
	"fmt"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/stat"
	"fundtrace/pipeline/table"
)

var (
	benfordLeast = &detect.Param[int]{
		Name: "min_amounts", Default: 300,
		Doc: text("金额笔数至少（含）", "amounts needed, inclusive"),
	}
	benfordRange = &detect.Param[float64]{
		Name: "min_range", Default: 1000,
		Doc: text("最大金额与最小金额之比至少（含），默认三个数量级", "largest over smallest amount needed, inclusive; by default three orders of magnitude"),
	}
	benfordMAD = &detect.Param[float64]{
		Name: "mad", Default: 0.0022,
		Doc: text("平均绝对偏差超过此数（不含）为不符合，默认值出自 Nigrini (2012)", "mean absolute deviation over which (exclusive) amounts do not conform; default after Nigrini (2012)"),
	}
	benfordRate = &detect.Param[float64]{
		Name: "false_rate", Default: 0.01,
		Doc: text("各单位的提示中容许的误报比例（Benjamini–Hochberg），0 至 1", "share of the units pointed to that may be false (Benjamini and Hochberg), 0 to 1"),
	}
	benfordStandard = &detect.Param[float64]{
		Name: "standard_percent", Default: 10,
		Doc: text("项目的发放记录注明补助标准的比例达到此数（%，含），视为金额由标准算出，不作自由金额", "percent of a program's payments with a stated standard, inclusive, from which on its amounts are taken to follow from that and are not free"),
	}
)

// DataBenford flags units whose free amounts do not have the first two digits
// that amounts of many sizes have.
var DataBenford = &detect.Rule{
	ID:     "data-benford",
	Family: detect.Data,
	Title:  text("首两位数字异常", "first two digits"),
	Grade:  detect.E3,
	Doc: detect.Doc{
		Purpose: text("查找自由金额的首两位数字分布明显偏离本福特定律的单位。", "Finds units whose free amounts are far from Benford's law in their first two digits."),
		Steps: text(`1. 按单位分别取三类自由金额：政策没有标准、名册注明标准的不到 standard_percent%的补贴项目（每项目一组）、拨出资金（为项目付的除外）、项目合同额（无合同取预算）；同组内相同的金额只计一次。
2. 每组至少 min_amounts 笔（含）、最大与最小之比至少 min_range（含）才检验；一个单位的各组 p 值乘以组数。
3. 卡方检验 p 值经各单位 Benjamini–Hochberg 校正后成立（误报比例 false_rate，含），且平均绝对偏差超过 mad（不含）的为线索。`,
			`1. For each unit, free amounts of three kinds: programs without a standard in the policy and with one on less than standard_percent of the roster (a series each), transfers sent for no project, projects (contract, else budget); equal amounts of a series count once.
2. A series is tested from min_amounts (inclusive) and a range of min_range (inclusive) on; p values of a unit are multiplied by its number of series.
3. A lead where the chi-square p stands after correction over the units (Benjamini and Hochberg, false_rate, inclusive) and the mean absolute deviation is over mad (exclusive).`),
		Formula: "MAD > mad ∧ p(χ²₈₉)·组数 ≤ BH（各单位， false_rate）",
		Example: `五笔拨款都以 52 开头（示例放宽了笔数）。
-- policy.yaml --
rules:
  data-benford: {min_amounts: 5}
-- flow.csv --
from_unit,to_unit,sent_amount,sent_on,want
甲县财政局,大河镇财政所,52.10,2017-03-01,E3 甲县财政局 0.00 甲县财政局.*拨付.*5笔.*52
甲县财政局,大河镇财政所,520.20,2017-03-02,
甲县财政局,大河镇财政所,5230.30,2017-03-03,
甲县财政局,大河镇财政所,52900,2017-03-04,
甲县财政局,大河镇财政所,525000,2017-03-05,
`,
		Why:         text("编造的金额很难符合自然数据的首位数字规律。", "Invented amounts hardly have the first digits that grown ones have."),
		Exclusions:  text("有固定标准的项目、按合同付的项目款、笔数少、跨度小的不检验。", "Programs with standards, payments for projects, few amounts and narrow ranges are not tested."),
		FalseAlarms: text("审批限额、起付点、统一定价造成的集中；批量相同的小额支付。", "Limits of approval, thresholds and one price; many equal small payments."),
		Verify:      text("按偏多的首两位数字抽取凭证，核对合同、发票和收款人。", "Draw vouchers with the digits in excess; check contracts, invoices and payees."),
		Control:     text("内部审计可定期做数字分布检验，确定抽查范围。", "Internal audit may test digits to choose what to sample."),
	},
	By:     []table.Key{table.Unit},
	Needs:  []string{"payment|flow|project"},
	Reads:  seriesReads,
	Params: []detect.Parameter{benfordLeast, benfordRange, benfordMAD, benfordRate, benfordStandard},
	Sample: func(p *detect.Pass) (float64, bool) {
		least, ss := 1.0, benfordSeries(p)
		for _, s := range ss {
			_, x := stat.FirstTwoOf(s.amounts).ChiSquare()
			least = min(least, x*float64(len(ss)))
		}
		return least, len(ss) > 0
	},
	Check: checkDataBenford,
}

// benfordSeries returns a unit's series that can be tested, each amount once:
// what is paid every quarter alike is one amount.
func benfordSeries(p *detect.Pass) []series {
	var out []series
	for _, all := range freeSeries.Of(p) {
		if !all.free(benfordStandard.Of(p)) {
			continue
		}
		s, seen := series{name: all.name, program: all.program}, map[int64]bool{}
		for i, a := range all.amounts {
			if !seen[a] {
				seen[a] = true
				s.amounts, s.rows = append(s.amounts, a), append(s.rows, all.rows[i])
			}
		}
		if len(s.amounts) >= benfordLeast.Of(p) && float64(slices.Max(s.amounts)) >= benfordRange.Of(p)*float64(slices.Min(s.amounts)) {
			out = append(out, s)
		}
	}
	return out
}

func checkDataBenford(p *detect.Pass) error {
	ss := benfordSeries(p)
	if len(ss) == 0 {
		p.NotApplicable(text("自由金额笔数或跨度不足", "too few free amounts, or too narrow a range"))
		return nil
	}
	limit := stat.Threshold(p.Samples(), benfordRate.Of(p))
	for _, s := range ss {
		d := stat.FirstTwoOf(s.amounts)
		x, one := d.ChiSquare()
		if one*float64(len(ss)) > limit || d.MAD() <= benfordMAD.Of(p) {
			continue
		}
		most := 10
		for digits := 10; digits <= 99; digits++ {
			if d.Excess(digits) > d.Excess(most) {
				most = digits
			}
		}
		var rows []detect.Evidence
		for i, a := range s.amounts {
			if one := stat.FirstTwoOf([]int64{a}); one.N == 1 && one.Count[most-10] == 1 && len(rows) < mostEvidence {
				rows = append(rows, s.rows[i])
			}
		}
		arc, arcP := stat.MantissaArc(s.amounts)
		whole := slices.DeleteFunc(slices.Clone(s.amounts), func(fen int64) bool { return fen < 10_00 })
		p.Report(detect.Lead{
			Program: s.program, Item: s.name,
			Summary: text(
				fmt.Sprintf("%s的“%s”金额共%d笔，首两位数字分布偏离常态，其中%d开头的有%d笔，多出约%.0f笔，建议抽查凭证。", p.Group.ID, s.name, d.N, most, d.Count[most-10], d.Excess(most)),
				fmt.Sprintf("The %d amounts of %s (%s) depart from the usual first two digits; %d begin with %d, about %.0f more than expected; vouchers to be sampled.", d.N, p.Group.ID, s.name, d.Count[most-10], most, d.Excess(most))),
			Facts: []detect.Fact{
				fact("笔数n", "n", fmt.Sprint(d.N)),
				fact("平均绝对偏差", "mean absolute deviation", fmt.Sprintf("%.4f", d.MAD())),
				fact("卡方统计量", "chi-square", fmt.Sprintf("%.1f", x)),
				fact("p值（按组数校正）", "p, corrected for the series", fmt.Sprintf("%.2g", min(1, one*float64(len(ss))))),
				fact("最大累积差D", "largest cumulative gap D", fmt.Sprintf("%.4f", d.KolmogorovSmirnov())),
				fact("尾数弧L2", "mantissa arc L2", fmt.Sprintf("%.4f（p = %.2g）", arc, arcP)),
				fact("偏高系数", "distortion factor", fmt.Sprintf("%.1f%%", stat.Distortion(whole))),
				fact(fmt.Sprintf("%d开头的z值", most), fmt.Sprintf("z of %d", most), fmt.Sprintf("%.1f", d.Z(most))),
				fact("检验的单位数", "units tested", fmt.Sprint(len(p.Samples()))),
			},
			Evidence: rows,
		})
	}
	return nil
}
