package rules

import (
	"cmp"
	"fmt"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

var (
	flatPayees = &detect.Param[int]{
		Name: "min_payees", Default: 20,
		Doc: text("一村一项目一期的领取人数达到此数（含）才判断", "payees of one village, program and period needed to judge, inclusive"),
	}
	flatShare = &detect.Param[float64]{
		Name: "min_share", Default: 0.95,
		Doc: text("领取同一金额的人数占比达到此数（含）即提示", "share of payees with one and the same amount that makes a lead, inclusive"),
	}
)

// FlatPayment flags villages where a needs-graded program paid everybody the
// same.
var FlatPayment = &detect.Rule{
	ID:     "flat-payment",
	Family: detect.Elig,
	Title:  text("平均主义", "equal shares for all"),
	Grade:  detect.E3,
	Doc: detect.Doc{
		Purpose: text("查找应按需要分档的补贴在一个村平均发放的情形。", "Finds villages where a program graded by need was paid in equal shares."),
		Steps: text(`1. 只看政策文件标为 graded 的项目；政策规定每人或每户一个标准、不分档次的不判断。
2. 按村归集，按人和项目轧差（见 dup-period 步骤1），每一所属期内每人合计。
3. 领取人数达到 min_payees（含），且领取同一金额的占比达到 min_share（含）即提示，每村每项目每期一条。金额为这些人的合计。`,
			`1. Only programs that the policy marks graded; one with a single standard a person or household, without tiers, is not judged.
2. By village, payments are netted per person and program (dup-period, step 1) and added up per person and period.
3. min_payees (inclusive) or more payees, of whom min_share (inclusive) or more got one and the same amount, make a lead for the village, program and period; its money is what those were paid.`),
		Formula: "n ≥ min_payees ∧ max_a |{人 : 金额 = a}| / n ≥ min_share",
		Example: `示例把人数下限降为3人：三户危房改造补助一样多。
-- policy.yaml --
rules:
  flat-payment: {min_payees: 3}
-- payment.csv --
beneficiary_name,beneficiary_id,county,town,village,program,period,amount,pay_date,want
韦一,459901197001010315,甲县,青石镇,石山村,农村危房改造,2017,6000,2017-06-01,E3 甲县/青石镇/石山村 18000.00 .*石山村.*3人
黄二,459901197001010323,甲县,青石镇,石山村,农村危房改造,2017,6000,2017-06-01,
覃三,459901197001010331,甲县,青石镇,石山村,农村危房改造,2017,6000,2017-06-01,
`,
		Why: text("不分困难程度平均分配，最困难的户得不到应有的帮助，也可能是以户头套取后均分。",
			"Equal shares leave the neediest with too little, and may be money drawn in names and shared out."),
		Exclusions:  text("未标 graded 的项目、政策只有一个标准的项目、人数不足的不判断；不指向个人。", "Programs not graded, with one standard for all, or with too few payees are not judged; nobody is named."),
		FalseAlarms: text("该村对象确属同一档次；项目按户定额而政策文件未写标准。", "All payees truly of one tier; a fixed sum a household that the policy file does not state."),
		Verify:      text("查评定档次的材料和公示；入户比较困难程度与金额；问是否收回重分。", "See how tiers were set and posted; compare need and amount on the spot; ask whether money was pooled and shared."),
		Control:     text("乡镇审核时应比较同村各户金额与评定档次。", "The town should compare amounts with tiers when it reviews a village's roster."),
	},
	Basis:  []detect.Basis{basisPovertyFund},
	By:     []table.Key{table.Village},
	Needs:  []string{"payment"},
	Reads:  grantReads,
	Params: []detect.Parameter{flatPayees, flatShare},
	Check:  checkFlatPayment,
}

func graded(prog *policy.Program) bool { return prog != nil && prog.Graded }

func checkFlatPayment(p *detect.Pass) error {
	v := p.View(table.Payment)
	if v.Len() == 0 {
		p.NotApplicable(noPayment)
		return nil
	}
	if !pays(p, graded) {
		p.NotApplicable(text("无按需分档的项目", "no program graded by need"))
		return nil
	}
	l := grants.Of(p)
	var ks []int
	for k, g := range l.grants {
		prog := p.Policy.Programs[g.program]
		if !graded(prog) {
			continue
		}
		s, ok := prog.StandardOf(g.period.Year(), g.county, g.tier)
		if !ok || s.Tier != "" || s.Per != "person" && s.Per != "household" {
			ks = append(ks, k)
		}
	}
	slices.SortFunc(ks, func(a, b int) int {
		x, y := &l.grants[a], &l.grants[b]
		return cmp.Or(cmp.Compare(x.program, y.program), cmp.Compare(x.period, y.period), cmp.Compare(x.person, y.person), a-b)
	})
	judged := false
	for lo := 0; lo < len(ks); {
		hi := lo + 1
		first := l.grants[ks[lo]]
		for hi < len(ks) && l.grants[ks[hi]].program == first.program && l.grants[ks[hi]].period == first.period {
			hi++
		}
		judged = flatLead(p, v, l, ks[lo:hi]) || judged
		lo = hi
	}
	if !judged {
		p.NotApplicable(text("领取人数不足", "too few payees"))
	}
	return nil
}

// flatLead judges grants ks of one program and period, in order of person, and
// reports whether there were enough.
func flatLead(p *detect.Pass, v table.View, l *ledger, ks []int) bool {
	var sums []table.Fen
	count := map[table.Fen]int{}
	for i, k := range ks {
		g := l.grants[k]
		if i == 0 || l.grants[ks[i-1]].person != g.person {
			sums = append(sums, 0)
		}
		sums[len(sums)-1] += g.amount
	}
	n, equal := len(sums), table.Fen(0)
	if n < flatPayees.Of(p) {
		return false
	}
	for _, s := range sums {
		if count[s]++; count[s] > count[equal] || count[s] == count[equal] && s < equal {
			equal = s
		}
	}
	share := float64(count[equal]) / float64(n)
	if share < flatShare.Of(p) {
		return true
	}
	first := l.grants[ks[0]]
	when, total := span(first.period), equal*table.Fen(count[equal])
	_, place := cutLast(p.Group.ID)
	p.Report(detect.Lead{
		Program: first.program, Period: first.period.String(), Amount: total,
		Summary: text(
			fmt.Sprintf("%s%s的%s共发放%d人，其中%d人（%.0f%%）均为%s元，建议核实是否按困难程度分档。", place, when.Zh, first.program, n, count[equal], share*100, equal),
			fmt.Sprintf("In %s, %d of %d payees (%.0f %%) of %s for %s got the same %s yuan; find out whether it was graded by need.", place, count[equal], n, share*100, first.program, when.En, equal)),
		Facts: []detect.Fact{
			fact("领取人数", "payees", fmt.Sprint(n)), fact("同额人数", "with one amount", fmt.Sprint(count[equal])),
			fact("占比", "share", fmt.Sprintf("%.3f", share)), fact("金额", "amount", equal.String()),
		},
		Evidence: l.evidence(v, ks...),
	})
	return true
}

// cutLast splits a place's key, county/town/village, before its last part.
func cutLast(key string) (wider, last string) {
	for i := len(key) - 1; i >= 0; i-- {
		if key[i] == '/' {
			return key[:i], key[i+1:]
		}
	}
	return "", key
}
