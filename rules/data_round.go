package rules

import (
	"fmt"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/stat"
	"fundtrace/pipeline/table"
)

var (
	roundUnit = &detect.Param[table.Fen]{
		Name: "round_to", Default: 100_000,
		Doc: text("能被此数（元）整除的金额为整数金额", "yuan that a round sum is a multiple of"),
	}
	roundLeast = &detect.Param[int]{
		Name: "min_amounts", Default: 30,
		Doc: text("自由金额至少此数（含）的单位才判断", "free amounts of a unit needed, inclusive"),
	}
	roundPeers = &detect.Param[int]{
		Name: "min_peers", Default: 8,
		Doc: text("可比单位（含本单位）至少此数（含）", "units to compare with, this one counted, inclusive"),
	}
	roundOver = &detect.Param[float64]{
		Name: "over_percent", Default: 30,
		Doc: text("整数金额占比高出各单位中位数的百分点达到此数（含）", "percentage points by which the share of round sums is over the units' median, inclusive"),
	}
	roundChance = &detect.Param[float64]{
		Name: "p", Default: 0.001,
		Doc: text("二项检验 p 值（乘以可比单位数后）不超过此数（含）", "binomial p, times the number of units, at most, inclusive"),
	}
	roundStandard = &detect.Param[float64]{
		Name: "standard_percent", Default: 10,
		Doc: text("项目的发放记录注明补助标准的比例达到此数（%，含），视为金额由标准算出，不作自由金额", "percent of a program's payments with a stated standard, inclusive, from which on its amounts are taken to follow from that and are not free"),
	}
)

// DataRound flags units with far more round sums than other units have.
var DataRound = &detect.Rule{
	ID:     "data-round",
	Family: detect.Data,
	Title:  text("整数堆积", "round sums"),
	Grade:  detect.E3,
	Doc: detect.Doc{
		Purpose: text("查找自由金额中整千元金额占比远高于其他单位的单位。", "Finds units whose free amounts are round to the thousand far more often than those of others."),
		Steps: text(`1. 按单位取自由金额：政策没有标准、名册注明标准的不到 standard_percent%的补贴项目、项目合同额（无合同取预算）；拨付不计。至少 min_amounts 笔（含）。
2. 算出能被 round_to 整除的占比；可比单位至少 min_peers 个（含）。
3. 占比高出各单位中位数 over_percent 个百分点（含）以上，且以中位数（不低于5%）为概率的二项检验 p 值乘以单位数不超过 p（含）的为线索。`,
			`1. A unit's free amounts: programs without a standard in the policy and with one on less than standard_percent of the roster, and projects (contract, else budget); no transfers. At least min_amounts (inclusive).
2. The share that are multiples of round_to; at least min_peers units (inclusive) to compare.
3. A lead where the share is over_percent points (inclusive) over the units' median, and the binomial p at that median (5 % at least) times the number of units is at most p (inclusive).`),
		Formula:     "占比 − 中位数 ≥ over_percent ∧ P（Bin(n, max(中位数， 5%)) ≥ k）·单位数 ≤ p",
		Example:     roundExample(30, 40),
		Why:         text("真实结算的金额有零有整，整数过多多为估列、预提或编造。", "Settled amounts have odd ends; too many round ones are estimates, or invented."),
		Exclusions:  text("有固定标准的项目和上下级拨付不计；可比单位太少的不作判断。", "Programs with standards and transfers are not counted; not judged with too few units."),
		FalseAlarms: text("定额包干项目；该单位只管小额定补。", "Lump-sum projects; a unit that handles small fixed grants only."),
		Verify:      text("抽取整数金额凭证，核对结算书、发票和实际工程量。", "Draw vouchers of round sums; compare accounts, invoices and the work done."),
		Control:     text("付款应以结算审核金额为准，不得按预算整数列支。", "Pay what the settled account says, not the budget's round figure."),
	},
	By:     []table.Key{table.Unit},
	Needs:  []string{"payment|project"},
	Reads:  seriesReads,
	Params: []detect.Parameter{roundUnit, roundLeast, roundPeers, roundOver, roundChance, roundStandard},
	Sample: func(p *detect.Pass) (float64, bool) {
		n, rows := roundSums(p)
		return float64(len(rows)) / float64(max(n, 1)), n >= roundLeast.Of(p)
	},
	Check: checkDataRound,
}

// roundExample writes eight units of n projects each: of the first's all, of
// the others' a tenth are round.
func roundExample(n, odd int) string {
	s := "八个单位各 30 个项目，其中一个全部为整千元。\n-- project.csv --\nproject_id,name,unit,budget,want\n"
	for u := range 8 {
		for i := range n {
			amount, want := fmt.Sprintf("%d000", 50+i), ""
			if u > 0 && i%10 > 0 {
				amount = fmt.Sprintf("%d%03d.50", odd+i, 101+7*i)
			}
			if u == 0 && i == 0 {
				want = "E3 甲县一局 0.00 甲县一局.*30笔.*30笔.*100%"
			}
			s += fmt.Sprintf("P%d-%d,道路,甲县%s局,%s,%s\n", u, i, []string{"一", "二", "三", "四", "五", "六", "七", "八"}[u], amount, want)
		}
	}
	return s
}

// roundSums returns how many free amounts a unit has and the rows of the round
// ones.
func roundSums(p *detect.Pass) (n int, rows []detect.Evidence) {
	for _, s := range freeSeries.Of(p) {
		if s.name == sentSeries || !s.free(roundStandard.Of(p)) {
			continue
		}
		n += len(s.amounts)
		for i, a := range s.amounts {
			if a%int64(roundUnit.Of(p)) == 0 {
				rows = append(rows, s.rows[i])
			}
		}
	}
	return n, rows
}

func checkDataRound(p *detect.Pass) error {
	n, rows := roundSums(p)
	units := len(p.Samples())
	switch {
	case n < roundLeast.Of(p):
		p.NotApplicable(text("自由金额笔数不足", "too few free amounts"))
		return nil
	case units < roundPeers.Of(p):
		p.NotApplicable(text("可比单位不足", "too few units to compare with"))
		return nil
	}
	share := float64(len(rows)) / float64(n)
	median := stat.Median(append([]float64(nil), p.Samples()...))
	chance := stat.BinomialTail(len(rows), n, max(median, 0.05)) * float64(units)
	if 100*(share-median) < roundOver.Of(p) || chance > roundChance.Of(p) {
		return nil
	}
	p.Report(detect.Lead{
		Summary: text(
			fmt.Sprintf("%s的%d笔自由金额中有%d笔为%s元的整倍数，占%.0f%%，而各单位中位数为%.0f%%，建议抽查结算依据。", p.Group.ID, n, len(rows), roundUnit.Of(p), 100*share, 100*median),
			fmt.Sprintf("Of %d free amounts of %s, %d (%.0f %%) are multiples of %s yuan; the units' median is %.0f %%; their accounts to be sampled.", n, p.Group.ID, len(rows), 100*share, roundUnit.Of(p), 100*median)),
		Facts: []detect.Fact{
			fact("笔数n", "n", fmt.Sprint(n)),
			fact("整数金额占比", "share of round sums", fmt.Sprintf("%.1f%%", 100*share)),
			fact("各单位中位数", "median of the units", fmt.Sprintf("%.1f%%", 100*median)),
			fact("p值（按单位数校正）", "p, corrected for the units", fmt.Sprintf("%.2g", min(1, chance))),
			fact("可比单位数", "units compared", fmt.Sprint(units)),
		},
		Evidence: rows[:min(len(rows), mostEvidence)],
	})
	return nil
}
