package rules

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/stat"
	"fundtrace/pipeline/table"
)

var (
	priceZ = &detect.Param[float64]{
		Name: "robust_z", Default: 3.5,
		Doc: text("单价的稳健 z 值达到此数（含）即提示", "robust z of the unit price that makes a lead, inclusive"),
	}
	priceOver = &detect.Param[float64]{
		Name: "over_percent", Default: 20,
		Doc: text("单价高出同类中位单价达到此比例（%，含）才提示", "percent over the median of the kind that the price must be, inclusive"),
	}
	pricePeers = &detect.Param[int]{
		Name: "min_peers", Default: 8,
		Doc: text("同类同年至少有此数个项目（含，连同本项目）才比较", "projects of the kind and year, itself among them, that a comparison needs, inclusive"),
	}
)

// ProjPrice flags projects whose unit price is far above that of their kind.
var ProjPrice = &detect.Rule{
	ID:     "proj-price",
	Family: detect.Proj,
	Title:  text("单价异常", "unusual unit price"),
	Grade:  detect.E2,
	Doc: detect.Doc{
		Purpose: text("查找单价远高于同年同类项目的项目。", "Finds projects whose unit price is far above that of their kind in their year."),
		Steps: text(`1. 单价为合同金额（没有的取预算）除以建设规模，取自然对数；按项目类别、批复年度、计量单位分组，同一项目编号取一次。
2. 组内至少 min_peers 个项目（含）才比较；以中位数和绝对中位差求稳健 z 值，z ≥ robust_z（含）且高出中位单价 over_percent%（含）以上即提示，金额为超出中位单价的部分。
3. 组内半数以上单价相同（绝对中位差为零）的不比较。`,
			`1. The unit price is the contract, else the budget, by the quantity, in natural logarithm; projects are grouped by kind, year of approval and unit of measure, each number once.
2. Groups of at least min_peers (inclusive) are compared by median and MAD; z ≥ robust_z (inclusive) and a price over_percent over the median (inclusive) make a lead, its amount being what is over the median price.
3. A group of which more than half have one price is not compared.`),
		Formula: "z(ln（合同金额 ÷ 规模）) ≥ robust_z ∧ 单价 ≥ 中位单价 ×（1 + over_percent%），n ≥ min_peers",
		Example: `八条路每米 400 元上下，一条每米 900 元。
-- project.csv --
project_id,name,kind,contract_amount,quantity,quantity_unit,approved_on,want
P1,一屯道路,道路硬化,400000,1000,米,2017-02-01,
P2,二屯道路,道路硬化,410000,1000,米,2017-02-01,
P3,三屯道路,道路硬化,420000,1000,米,2017-02-01,
P4,四屯道路,道路硬化,390000,1000,米,2017-02-01,
P5,五屯道路,道路硬化,380000,1000,米,2017-02-01,
P6,六屯道路,道路硬化,405000,1000,米,2017-02-01,
P7,七屯道路,道路硬化,395000,1000,米,2017-02-01,
P8,八屯道路,道路硬化,900000,1000,米,2017-02-01,E2 P8 497507.76 .*每米900.00元.*402.49元
`,
		Why:         text("单价畸高可能是虚增造价、虚报规模或利益输送。", "A price far over its peers' may hide inflated cost, quantity not built, or favours."),
		Exclusions:  text("单价偏低的、相差不大的不提示；无类别、规模、金额或批复日期的不作判断。", "Low prices and small differences are not reported; not judged without kind, quantity, amount or day of approval."),
		FalseAlarms: text("地形、运距、结构标准不同；规模填错单位（公里填成米）；含附属工程。", "Other ground, distance or standard; a quantity in the wrong unit; works that belong to it besides."),
		Verify:      text("查预算书、清单单价和设计标准；现场丈量规模；与同期邻近项目比价。", "See the bill of quantities and the design; measure on the spot; compare with works nearby."),
		Control:     text("造价评审应与同类项目单价对照。", "The review of costs should compare like works."),
	},
	Basis:  []detect.Basis{basisFraud},
	By:     []table.Key{table.Kind},
	Needs:  []string{"project"},
	Reads:  []table.Column{projectNo, projectName, projectFundNo, projectBudget, projectContract, projectApprovedOn, projectQuantity, projectMeasure},
	Params: []detect.Parameter{priceZ, priceOver, pricePeers},
	Check:  checkProjPrice,
}

// A priced is one project with its price for a unit of work.
type priced struct {
	row     int
	year    int
	no      string
	measure string
	price   float64 // fen for a whole unit
	log     float64
}

func checkProjPrice(p *detect.Pass) error {
	v := p.View(table.Works)
	no, measure := projectNo.In(v), projectMeasure.In(v)
	contract, budget, quantity, approved := projectContract.In(v), projectBudget.In(v), projectQuantity.In(v), projectApprovedOn.In(v)
	var all []priced
	seen := map[string]bool{}
	for i := range v.Len() {
		if no[i] == "" || seen[no[i]] {
			continue
		}
		seen[no[i]] = true
		amount, q := contract.Or(i, budget.Or(i, 0)), quantity.Or(i, 0)
		on, ok := approved.At(i)
		if !ok || amount <= 0 || q <= 0 {
			p.On("project", no[i])
			p.NotApplicable(text("项目无金额、规模或批复日期", "the project has no amount, quantity or day of approval"))
			continue
		}
		price := float64(amount) / (float64(q) / 10_000)
		all = append(all, priced{i, on.Year(), no[i], measure[i], price, math.Log(price)})
	}
	slices.SortFunc(all, func(a, b priced) int {
		return cmp.Or(cmp.Compare(a.year, b.year), strings.Compare(a.measure, b.measure), strings.Compare(a.no, b.no))
	})
	for lo := 0; lo < len(all); {
		hi := lo
		var logs []float64
		for hi < len(all) && all[hi].year == all[lo].year && all[hi].measure == all[lo].measure {
			logs = append(logs, all[hi].log)
			hi++
		}
		r := stat.RobustOf(logs)
		usual := math.Exp(r.Centre)
		for _, x := range all[lo:hi] {
			p.On("project", x.no)
			z, ok := r.Z(x.log)
			switch {
			case r.N < pricePeers.Of(p) || !ok:
				p.NotApplicable(text("同类项目不足或单价相同", "too few projects of the kind, or of one price"))
				continue
			case z < priceZ.Of(p), 100*x.price < (100+priceOver.Of(p))*math.Round(usual):
				continue
			}
			amount := contract.Or(x.row, budget.Or(x.row, 0))
			over := amount - table.Fen(math.Round(float64(amount)*usual/x.price))
			name := projectName.In(v)[x.row]
			each := func(fen float64) string { return table.Fen(math.Round(fen)).String() }
			p.Report(detect.Lead{
				Period: table.YearOf(x.year).String(), FundNo: projectFundNo.In(v)[x.row], Amount: over,
				Summary: text(
					fmt.Sprintf("项目%s（%s）每%s%s元，而%d年同类%d个项目的中位单价为%s元，建议核实造价和规模。", x.no, name, firstOf(x.measure, "单位"), each(x.price), x.year, r.N, each(usual)),
					fmt.Sprintf("Project %s (%s) costs %s yuan for each %s, where the median of the %d projects of its kind in %d is %s; see cost and quantity.", x.no, name, each(x.price), firstOf(x.measure, "unit"), r.N, x.year, each(usual))),
				Facts: []detect.Fact{
					fact("单价", "unit price", each(x.price)), fact("同类中位单价", "median of the kind", each(usual)),
					fact("稳健z值", "robust z", fmt.Sprintf("%.1f", z)), fact("同类项目数", "projects compared", fmt.Sprint(r.N)),
				},
				Evidence: []detect.Evidence{detect.Row(v, x.row, roleProject)},
			})
		}
		lo = hi
	}
	if len(seen) == 0 {
		p.NotApplicable(text("该类别无项目", "no project of the kind"))
	}
	return nil
}
