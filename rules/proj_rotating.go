package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var (
	rotatingFirms = &detect.Param[int]{
		Name: "max_firms", Default: 4,
		Doc: text("轮流中标的企业最多家数（含）", "firms that take turns, at most, inclusive"),
	}
	rotatingContracts = &detect.Param[int]{
		Name: "min_contracts", Default: 8,
		Doc: text("单位至少有此数个合同（含）才判断", "contracts that a unit needs to be judged, inclusive"),
	}
	rotatingP = &detect.Param[float64]{
		Name: "max_p", Default: 0.01,
		Doc: text("随机次序下轮流得如此整齐的概率小于此数（不含）即提示", "chance, exclusive, that a random order takes such turns"),
	}
)

// ProjRotating flags units whose contracts go round among the same few firms.
var ProjRotating = &detect.Rule{
	ID:     "proj-rotating",
	Family: detect.Proj,
	Title:  text("围标轮流中标", "contracts that go round"),
	Grade:  detect.E3,
	Doc: detect.Doc{
		Purpose: text("查找全部合同由同样几家企业轮流承包的单位。", "Finds units all of whose contracts go to the same few firms in turn."),
		Steps: text(`1. 单位的项目按批复日期、项目编号排列，同一编号取一次；无施工单位或批复日期的不计，至少 min_contracts 个（含）才判断。
2. 施工单位为二至 max_firms 家（含），且没有一家连续中标的，找出每家再次中标前至少隔着的别家合同数 g（严格轮流为家数减一），算出同样家数、同样次数下随机次序也至少隔 g 个的概率 p（全排列计数）。
3. p 小于 max_p（不含）即提示。`,
			`1. A unit's projects are put in order of approval and number, each number once, those without contractor or day left out; at least min_contracts (inclusive) are needed.
2. Where the contractors are two to max_firms (inclusive) and none won twice in a row, g is how many contracts of others stand between any two of one firm at least (one less than the firms where they take strict turns); p is the share of all orders of the same contracts in which g or more do.
3. p below max_p (exclusive) makes a lead.`),
		Formula: "2 ≤ 企业数 ≤ max_firms ∧ g ≥ 1 ∧ p = 间隔不小于 g 的排列数 ÷ 全部排列数 < max_p",
		Example: `两家公司一先一后包下全部十个项目。
-- project.csv --
project_id,name,unit,contractor,approved_on,want
P01,一屯道路,大河镇人民政府,甲县一建公司,2017-01-05,E3 大河镇人民政府 0.00 .*10个合同.*2家
P02,二屯道路,大河镇人民政府,甲县二建公司,2017-02-05,
P03,三屯道路,大河镇人民政府,甲县一建公司,2017-03-05,
P04,四屯道路,大河镇人民政府,甲县二建公司,2017-04-05,
P05,五屯道路,大河镇人民政府,甲县一建公司,2017-05-05,
P06,六屯道路,大河镇人民政府,甲县二建公司,2017-06-05,
P07,七屯道路,大河镇人民政府,甲县一建公司,2017-07-05,
P08,八屯道路,大河镇人民政府,甲县二建公司,2017-08-05,
P09,九屯道路,大河镇人民政府,甲县一建公司,2017-09-05,
P10,十屯道路,大河镇人民政府,甲县二建公司,2017-10-05,
`,
		Why:         text("几家企业轮流中标，常是串通投标、分配工程的结果。", "Firms that take turns have often agreed beforehand who wins."),
		Exclusions:  text("只有一家企业的、有连续中标的不计；合同太少看不出规律的不作判断。", "One firm only, or a firm twice in a row, is not counted; too few contracts show no pattern."),
		FalseAlarms: text("定点库按顺序抽取；按乡镇片区固定承包；同日批复的项目次序不定。", "A list of firms used in order; firms that keep to their areas; projects approved on one day, whose order is arbitrary."),
		Verify:      text("查各次投标文件、报价规律、保证金来源和投标人员社保；查企业股东、地址是否关联。", "See bids, the pattern of prices, who paid the deposits and who staffed the bids; look for shared owners and addresses."),
		Control:     text("招标监管应定期分析中标企业集中度。", "Tender control should watch how wins are spread."),
	},
	By:     []table.Key{table.Unit},
	Needs:  []string{"project"},
	Reads:  []table.Column{projectNo, projectContractor, projectContract, projectApprovedOn},
	Params: []detect.Parameter{rotatingFirms, rotatingContracts, rotatingP},
	Check:  checkProjRotating,
}

func checkProjRotating(p *detect.Pass) error {
	v := p.View(table.Works)
	no, contractor, approved, contract := projectNo.In(v), projectContractor.In(v), projectApprovedOn.In(v), projectContract.In(v)
	var rows []int
	for i := range v.Len() {
		_, ok := approved.At(i)
		if ok && contractor[i] != "" && !slices.ContainsFunc(rows, func(j int) bool { return no[i] != "" && no[j] == no[i] }) {
			rows = append(rows, i)
		}
	}
	if len(rows) < max(rotatingContracts.Of(p), 2) {
		p.NotApplicable(text("该单位合同数不足", "too few contracts of the unit"))
		return nil
	}
	slices.SortStableFunc(rows, func(a, b int) int {
		return cmp.Or(cmp.Compare(approved.Or(a, 0), approved.Or(b, 0)), strings.Compare(no[a], no[b]))
	})
	var firms []string
	var wins, order []int // of each firm; the winner of each contract
	var evidence []detect.Evidence
	var sum table.Fen
	for _, i := range rows {
		f := slices.IndexFunc(firms, func(name string) bool { return sameFirm(name, contractor[i]) })
		if f < 0 {
			if f = len(firms); f == rotatingFirms.Of(p) {
				return nil
			}
			firms, wins = append(firms, contractor[i]), append(wins, 0)
		}
		order = append(order, f)
		wins[f]++
		sum += contract.Or(i, 0)
		if len(evidence) < mostEvidence {
			evidence = append(evidence, detect.Row(v, i, roleProject))
		}
	}
	gap := turns(order, len(firms))
	if gap == 0 {
		return nil
	}
	chance := chanceOfTurns(order[:min(len(order), mostTurns)], gap)
	if chance >= rotatingP.Of(p) {
		return nil
	}
	who := list(firms, "家企业")
	l := detect.Lead{
		Summary: text(
			fmt.Sprintf("%s的%d个合同（共%s元）全部由%d家企业（%s）轮流承包，每家中标后至少隔%d个合同才再中标，随机次序下的概率约%.2g，建议核实招标过程。", p.Group.ID, len(rows), sum, len(firms), who.Zh, gap, chance),
			fmt.Sprintf("All %d contracts of %s (%s yuan) went round among %d firms (%s), none winning again before %d others' contracts; a random order has a chance of about %.2g to do so; see the tenders.", len(rows), p.Group.ID, sum, len(firms), who.En, gap, chance)),
		Facts:    []detect.Fact{fact("合同数n", "contracts n", fmt.Sprint(len(rows))), fact("企业数", "firms", fmt.Sprint(len(firms))), fact("再中标间隔", "contracts between wins of a firm", fmt.Sprint(gap)), fact("概率p", "p", fmt.Sprintf("%.2g", chance))},
		Evidence: evidence,
	}
	for f, n := range wins {
		l.Facts = append(l.Facts, fact("企业、中标次数", "firm, contracts", fmt.Sprintf("%s  %d", firms[f], n)))
	}
	p.Report(l)
	return nil
}

// turns returns how many contracts of others stand between any two of one firm
// at least: firms-1 where they take strict turns, 0 where one won twice in a row
// or there is one only.
func turns(order []int, firms int) int {
	gap := firms - 1
	for k, f := range order {
		for back := 1; back <= gap && back <= k; back++ {
			if order[k-back] == f {
				gap = back - 1
			}
		}
	}
	return gap
}

// mostTurns is of how many contracts, the first, the chance is counted: of more it
// is smaller still, and the work grows with the number of firms as its power.
const mostTurns = 48

// chanceOfTurns returns the share of all orders of the same wins in which at least
// gap contracts of others stand between any two of one firm: a draw without
// replacement, remembered by how many of each firm are left and who was last.
func chanceOfTurns(order []int, gap int) float64 {
	left := make([]int, slices.Max(order)+1)
	for _, f := range order {
		left[f]++
	}
	memo := map[string]float64{}
	var draw func(last []int, rest int) float64
	draw = func(last []int, rest int) float64 {
		if rest == 0 {
			return 1
		}
		key := fmt.Sprint(left, last)
		if x, ok := memo[key]; ok {
			return x
		}
		sum := 0.0
		for f, n := range left {
			if n == 0 || slices.Contains(last, f) {
				continue
			}
			left[f]--
			sum += float64(n) / float64(rest) * draw(lastOf(append(slices.Clone(last), f), gap), rest-1)
			left[f]++
		}
		memo[key] = sum
		return sum
	}
	return draw(nil, len(order))
}
