package rules

import (
	"fmt"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/stat"
	"fundtrace/pipeline/table"
)

var (
	digitLeast = &detect.Param[int]{
		Name: "min_incomes", Default: 100,
		Doc: text("村内各年收入记录至少此数（含）", "incomes of the village, all years, needed, inclusive"),
	}
	digitHeap = &detect.Param[float64]{
		Name: "heap_percent", Default: 40,
		Doc: text("尾数为0或5的占比达到此数（%，含；均匀时为20%）才提示堆积", "percent ending in 0 or 5, inclusive, for heaping to be reported (20 where even)"),
	}
	digitOne = &detect.Param[float64]{
		Name: "digit_percent", Default: 30,
		Doc: text("某一尾数占比达到此数（%，含；均匀时为10%）也提示", "percent ending in one digit, inclusive, that is reported too (10 where even)"),
	}
	digitRate = &detect.Param[float64]{
		Name: "false_rate", Default: 0.01,
		Doc: text("各村的提示中容许的误报比例（Benjamini–Hochberg），0 至 1", "share of the villages pointed to that may be false (Benjamini and Hochberg), 0 to 1"),
	}
)

// DataLastDigit flags villages whose incomes end in some digits too often.
var DataLastDigit = &detect.Rule{
	ID:     "data-last-digit",
	Family: detect.Data,
	Title:  text("尾数异常", "last digits"),
	Grade:  detect.E3,
	Doc: detect.Doc{
		Purpose: text("查找人均纯收入的元位尾数分布不均、或集中在0和5的村。", "Finds villages whose incomes a head have uneven last digits (of the yuan), or heap on 0 and 5."),
		Steps: text(`1. 取全村各户各年人均纯收入的元位数字（舍去角分，零收入和只有转移性收入的户不计），至少 min_incomes 个（含）。
2. 卡方检验尾数是否均匀；另对尾数0、5的占比作二项检验。两个 p 值取小者乘以2。
3. 各村 p 值按 Benjamini–Hochberg 法校正，误报比例不超过 false_rate（含）；且0、5占比达到 heap_percent（含），或某一尾数占比达到 digit_percent（含）的为线索。`,
			`1. The yuan digit of each household's income a head of each year (fen dropped; zero incomes and those of transfers alone left out); at least min_incomes (inclusive).
2. Chi-square for even digits, binomial for the share of 0 and 5; the smaller p times 2.
3. Over the villages p must stand after correction (Benjamini and Hochberg, false_rate, inclusive); and 0 and 5 must reach heap_percent (inclusive), or one digit digit_percent (inclusive).`),
		Formula: "2·min(p（χ²₉）， p（二项）） ≤ BH（各村， false_rate） ∧ （0、5占比 ≥ heap_percent ∨ max尾数占比 ≥ digit_percent）",
		Example: `十二户收入全部以 0 或 5 结尾（示例放宽了样本数）。
-- policy.yaml --
rules:
  data-last-digit: {min_incomes: 12}
-- household.csv --
household_id,member_name,county,town,village,year,income_per_capita,want
H01,谭小湾,甲县,大河镇,石山村,2016,3010,E3 甲县/大河镇/石山村 0.00 石山村12个.*尾数为0或5.*100%
H02,谭小湾,甲县,大河镇,石山村,2016,3025,
H03,谭小湾,甲县,大河镇,石山村,2016,3040,
H04,谭小湾,甲县,大河镇,石山村,2016,3055,
H05,谭小湾,甲县,大河镇,石山村,2016,3070,
H06,谭小湾,甲县,大河镇,石山村,2016,3085,
H07,谭小湾,甲县,大河镇,石山村,2016,3100,
H08,谭小湾,甲县,大河镇,石山村,2016,3115,
H09,谭小湾,甲县,大河镇,石山村,2016,3130,
H10,谭小湾,甲县,大河镇,石山村,2016,3145,
H11,谭小湾,甲县,大河镇,石山村,2016,3160,
H12,谭小湾,甲县,大河镇,石山村,2016,3175,
`,
		Why:         text("核算出来的收入尾数应当均匀，集中在整数说明是估出来或编出来的。", "Incomes that were computed end evenly; heaps on round digits come from guessing or invention."),
		Exclusions:  text("样本不足的村不作判断；零收入不计；只有转移性收入的户（低保、五保等按统一标准发放）不计。", "Villages with few incomes are not judged; zero incomes are left out, and those of transfers alone, which are allowances at one standard."),
		FalseAlarms: text("全村统一按十元取整；收入以按人头发放的补贴为主。", "A village that rounds to ten yuan throughout; incomes made of grants a head."),
		Verify:      text("抽几户复算收入，比对填报数；询问收入由谁、按什么算出。", "Recompute some incomes; ask who worked them out and from what."),
		Control:     text("收入应由明细项目汇总得出，系统不接受直接填写总数。", "Incomes should be sums of items, not typed as one figure."),
	},
	By:     []table.Key{table.Village},
	Needs:  []string{"household"},
	Reads:  homeReads,
	Params: []detect.Parameter{digitLeast, digitHeap, digitOne, digitRate},
	Sample: func(p *detect.Pass) (float64, bool) {
		d := lastDigits(p)
		return d.p, d.n >= digitLeast.Of(p)
	},
	Check: checkDataLastDigit,
}

// A digitTest is what the last digits of a village's incomes come to.
type digitTest struct {
	n           int
	count       [10]int
	x, share, p float64 // chi-square, share of 0 and 5, corrected p
	homes       []*home // that end in 0 or 5
	most        int     // the most frequent digit
}

func lastDigits(p *detect.Pass) digitTest {
	var d digitTest
	hs := homes.Of(p)
	for i := range hs {
		h := &hs[i]
		digit, ok := h.lastDigit()
		if !ok {
			continue
		}
		d.n++
		d.count[digit]++
		if digit%5 == 0 {
			d.homes = append(d.homes, h)
		}
	}
	if d.n == 0 {
		return d
	}
	for digit, n := range d.count {
		if n > d.count[d.most] {
			d.most = digit
		}
	}
	var even, heaped float64
	d.x, even = stat.LastDigits(d.count)
	d.share, heaped = stat.Heaping(d.count)
	d.p = min(1, 2*min(even, heaped))
	return d
}

// lastDigit returns the digit of the yuan of an income a head; ok is false where
// there is none, and for transfers alone, which are paid at one standard.
func (h *home) lastDigit() (digit int, ok bool) {
	if !h.known || h.income <= 0 || h.parts == 1 && h.sources[3] > 0 {
		return 0, false
	}
	return int(h.income / 100 % 10), true
}

func checkDataLastDigit(p *detect.Pass) error {
	d := lastDigits(p)
	if d.n < digitLeast.Of(p) {
		p.NotApplicable(text("收入样本不足", "too few incomes"))
		return nil
	}
	heap := 100*d.share >= digitHeap.Of(p)
	one := float64(100*d.count[d.most]) >= digitOne.Of(p)*float64(d.n)
	if d.p > stat.Threshold(p.Samples(), digitRate.Of(p)) || !heap && !one {
		return nil
	}
	what, whatEn, share, evidence := "0或5", "0 or 5", 100*d.share, d.homes
	if !heap {
		what, share = fmt.Sprint(d.most), 100*float64(d.count[d.most])/float64(d.n)
		whatEn, evidence = what, nil
		for _, h := range homes.Of(p) {
			if digit, ok := h.lastDigit(); ok && digit == d.most {
				evidence = append(evidence, &h)
			}
		}
	}
	place := placeName(p.Group.ID)
	p.Report(detect.Lead{
		Summary: text(
			fmt.Sprintf("%s%d个人均纯收入中，尾数为%s的占%.0f%%，明显偏多，建议核实收入核算过程。", place, d.n, what, share),
			fmt.Sprintf("Of %d incomes a head in %s, %.0f %% end in %s, far more than even; how they were worked out to be checked.", d.n, place, share, whatEn)),
		Facts: []detect.Fact{
			fact("样本数n", "n", fmt.Sprint(d.n)),
			fact("卡方统计量", "chi-square", fmt.Sprintf("%.1f", d.x)),
			fact("尾数0、5占比", "share of 0 and 5", fmt.Sprintf("%.1f%%", 100*d.share)),
			fact("p值（两检验校正）", "p, corrected for the two tests", fmt.Sprintf("%.2g", d.p)),
			fact("检验的村数", "villages tested", fmt.Sprint(len(p.Samples()))),
		},
		Evidence: placeEvidence(p.View(table.Member), evidence),
	})
	return nil
}
