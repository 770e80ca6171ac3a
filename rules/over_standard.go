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
	standardRounding = &detect.Param[table.Fen]{
		Name: "rounding", Default: 100,
		Doc: text("单笔金额与标准之差不超过此数（含，元）视为取整", "difference in yuan that counts as rounding, inclusive"),
	}
	standardUnder = &detect.Param[bool]{
		Name: "under", Default: false,
		Doc: text("低于标准的是否也提示", "whether payments under the standard are flagged too"),
	}
)

// OverStandard flags payments over the standard of their program, and sums of a
// year over its ceiling.
var OverStandard = &detect.Rule{
	ID:     "over-standard",
	Family: detect.Elig,
	Title:  text("超标准发放", "paid over the standard"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找单笔金额超过补助标准乘以数量，或全年合计超过上限的情形。",
			"Finds payments over the standard times the quantity, and yearly sums over the ceiling."),
		Steps: text(`1. 发放记录按人和项目轧差（见 dup-period 步骤1），分期合并为一笔。
2. 单笔应发：政策文件中该项目当年、该县、该档次的标准；按户、按人（个人项目）的为一份，按户项目按人计的乘以家庭人口，按月的乘以数量或所属期月数，按其他单位（亩等）的乘以数量。政策无标准的，取名册自带的标准列乘以数量，并容许再乘以月数或人口。
3. 超出应发额大于 rounding（等于不计）的为线索；under 为 true 时低于应发的也提示。
4. 上限：政策文件中的 ceiling，按人或按户、按自然年合计，大于上限（等于不计）的为线索。`,
			`1. Payments are netted per person and program (dup-period, step 1); instalments are one payment.
2. Due: the policy's standard for the program, year, county and tier; one share per household, or per person of a personal program; times household size where a household's program is per person; times quantity or months of the period where it is per month; times quantity for other units (mu ...). Without a standard in the policy: the roster's own standard column times quantity, and times months or persons where that explains the amount.
3. An excess over the due sum of more than rounding (equal does not count) makes a lead; with under, a shortfall too.
4. Ceiling: the policy's, per person or household and calendar year; a sum over the ceiling (equal is not) makes a lead.`),
		Formula: "金额 − 标准 × 数量 > rounding ∨ Σ年度金额 > 上限",
		Example: `危房改造低保户档次标准 25000 元，实际发放 30000 元。
-- policy.yaml --
programs:
  农村危房改造:
    unit: household
    graded: true
    standard: [{from: 2017, tier: 低保户, yuan: 25000, per: household}]
-- payment.csv --
beneficiary_name,beneficiary_id,program,tier,period,amount,want
罗小坡,459901196808080512,农村危房改造,低保户,2017,30000,E1 .* 5000.00 罗小坡.*25000.00元
`,
		Why: text("超标准发放扩大了支出，可能是擅自提高标准，也可能是拆分虚列后多领。",
			"Payments over the standard spend money meant for others: the standard was raised without authority, or quantities were inflated."),
		Exclusions: text("政策文件和名册都没有标准的不作判断；需要数量或人口而名册未填的不作判断；补发并入所属期一并计算。",
			"Not judged without a standard in policy or roster, nor where a needed quantity or size is absent; arrears are counted with their period."),
		FalseAlarms: text("地方配套提高了标准而政策文件未更新；档次填写有误；补发往期未注明；数量单位不一致。",
			"A local supplement that the policy file does not have; a wrong tier; arrears not marked; another unit of quantity."),
		Verify: text("对照当年标准文件和审批表，核对档次、面积、人数；现场丈量或清点；查多发部分的去向。",
			"Compare with that year's standard and the approval: tier, area, persons; measure or count; follow the excess."),
		Control: text("发放系统应按标准和数量自动计算应发金额。", "The payment system should compute the sum due from standard and quantity."),
	},
	Basis:  []detect.Basis{basisStandard},
	By:     []table.Key{table.Person, table.Household},
	Needs:  []string{"payment"},
	Reads:  append(slices.Clone(grantReads), payName, payQuantity, payStandard, payCounty, paySize),
	Params: []detect.Parameter{standardRounding, standardUnder},
	Check:  checkOverStandard,
}

func checkOverStandard(p *detect.Pass) error {
	v := p.View(table.Payment)
	if v.Len() == 0 {
		p.NotApplicable(noPayment)
		return nil
	}
	if p.Group.Key == table.Household && !pays(p, func(prog *policy.Program) bool { return prog != nil && len(prog.Ceiling) > 0 }) {
		p.NotApplicable(noCeiling)
		return nil
	}
	if !anyStandard(p, v) {
		p.NotApplicable(noStandard)
		return nil
	}
	l := grants.Of(p)
	if len(l.grants) == 0 {
		p.NotApplicable(l.lacks())
		return nil
	}
	judged := checkCeilings(p, v, l)
	lacks := noCeiling // of a household; a person has a grant that says
	if p.Group.Key == table.Person {
		for k := range l.grants {
			if why := checkStandard(p, v, l, k); why == (detect.Text{}) {
				judged = true
			} else {
				lacks = why
			}
		}
	}
	if !judged {
		p.NotApplicable(lacks)
	}
	return nil
}

var (
	noStandard = text("政策文件和名册均无补助标准", "no standard in policy or roster")
	noCeiling  = text("政策文件未规定按户上限", "the policy has no ceiling per household")
)

// anyStandard looks for anything to compare with before payments are netted:
// many programs have no standard.
func anyStandard(p *detect.Pass, v table.View) bool {
	standard := payStandard.In(v)
	for i := range v.Len() {
		if _, ok := standard.At(i); ok {
			return true
		}
	}
	return pays(p, func(prog *policy.Program) bool { return prog != nil && len(prog.Standard)+len(prog.Ceiling) > 0 })
}

// checkStandard compares one grant with what was due and returns why it cannot
// be told, zero where it can.
func checkStandard(p *detect.Pass, v table.View, l *ledger, k int) detect.Text {
	g := &l.grants[k]
	prog := p.Policy.Programs[g.program]
	due, made, why := dueByPolicy(prog, v, g)
	if why != (detect.Text{}) {
		return why
	}
	if due == 0 {
		if due, made = dueByRoster(v, l, k); due == 0 {
			return noStandard
		}
	}
	diff := g.amount - due
	if diff == 0 {
		return detect.Text{}
	}
	rounding := standardRounding.Of(p)
	if diff <= rounding && (!standardUnder.Of(p) || -diff <= rounding) {
		return detect.Text{}
	}
	how := made()
	than, thanEn, off := "高于", "over", diff
	if diff < 0 {
		than, thanEn, off = "低于", "under", -diff
	}
	name, when, tier := payName.In(v)[g.row], span(g.period), payTier.In(v)[g.row]
	p.Report(detect.Lead{
		Program: g.program, Period: g.period.String(), Item: g.project + g.tier + nth(l, k), Amount: off,
		Summary: text(
			fmt.Sprintf("%s%s的%s发放%s元，%s应发的%s元（%s）%s元，建议核实。", name, when.Zh, g.program, g.amount, than, due, how.Zh, off),
			fmt.Sprintf("%s was paid %s yuan of %s (%s), %s yuan %s the %s due (%s); to be checked.", name, g.amount, g.program, when.En, off, thanEn, due, how.En)),
		Facts: []detect.Fact{
			fact("补贴项目", "program", g.program), fact("档次", "tier", firstOf(tier, "-")),
			fact("实发金额", "paid", g.amount.String()), fact("应发金额", "due", due.String()), fact("计算方法", "computed as", how.Zh),
		},
		Evidence: l.evidence(v, k),
	})
	return detect.Text{}
}

// nth tells grants of one program, period, project and tier apart.
func nth(l *ledger, k int) string {
	g, n := l.grants[k], 1
	for _, o := range l.grants[:k] {
		if o.program == g.program && o.period == g.period && o.project == g.project && o.tier == g.tier {
			n++
		}
	}
	if n == 1 {
		return ""
	}
	return fmt.Sprintf("#%d", n)
}

// how writes in words how a sum due was made, which only a lead needs.
type how func() detect.Text

// dueByPolicy returns the sum due by the policy's standard and how it was made;
// 0 where the policy has none, a reason where something it needs is absent.
func dueByPolicy(prog *policy.Program, v table.View, g *grant) (due table.Fen, made how, why detect.Text) {
	if prog == nil {
		return 0, nil, why
	}
	std, ok := prog.StandardOf(g.period.Year(), payCounty.In(v)[g.row], payTier.In(v)[g.row])
	if !ok {
		return 0, nil, why
	}
	one := std.Yuan.Fen()
	quantity, counted := payQuantity.In(v).At(g.row)
	size, sized := paySize.In(v).At(g.row)
	switch {
	case std.Per == "" || std.Per == "household" || std.Per == "person" && prog.Unit != "household":
		return one, func() detect.Text { return text("标准"+one.String()+"元", "standard "+one.String()) }, why
	case counted:
		return times(one, quantity), func() detect.Text {
			return text(fmt.Sprintf("标准%s元×%s", one, quantity), fmt.Sprintf("standard %s × %s", one, quantity))
		}, why
	case std.Per == "person" && sized:
		return one * table.Fen(size), func() detect.Text {
			return text(fmt.Sprintf("标准%s元×%d人", one, size), fmt.Sprintf("standard %s × %d persons", one, size))
		}, why
	case std.Per == "month" && g.stated:
		n := g.period.Months()
		return one * table.Fen(n), func() detect.Text {
			return text(fmt.Sprintf("标准%s元×%d个月", one, n), fmt.Sprintf("standard %s × %d months", one, n))
		}, why
	}
	return 0, nil, text("缺少计算应发金额所需的数量、人口或所属期", "the quantity, size or period that the standard needs is absent")
}

// dueByRoster returns the sum due by the roster's own standard and quantity. A
// row that pays what it says itself was due; the others of a grant are parts of
// what the first of them says.
func dueByRoster(v table.View, l *ledger, k int) (due table.Fen, made how) {
	g, net := &l.grants[k], payNet.In(v)
	var parts, whole table.Fen
	first := -1
	for i, of := range l.of {
		if int(of) != k {
			continue
		}
		fen := net.Or(i, 0)
		if said, _ := saidDue(v, g, i, fen); said == fen && fen > 0 {
			whole += fen
			continue
		}
		parts += fen
		if first < 0 && fen > 0 {
			first = i
		}
	}
	if first < 0 {
		first = g.row
	}
	due, factor := saidDue(v, g, first, parts)
	if whole > 0 && parts <= 0 {
		due = 0
	} else if due == 0 {
		return 0, nil
	}
	return whole + due, func() detect.Text {
		std, quantity := payStandard.In(v).Or(first, 0), payQuantity.In(v).Or(first, 0)
		t := text(fmt.Sprintf("名册标准%s元×%s", std, quantity), fmt.Sprintf("the roster's standard %s × %s", std, quantity))
		if factor > 1 {
			t.Zh += fmt.Sprintf("×%d", factor)
			t.En += fmt.Sprintf(" × %d", factor)
		}
		if whole > 0 {
			t.Zh += fmt.Sprintf("，另%s元与所列相符", whole)
			t.En += fmt.Sprintf(", besides %s as stated", whole)
		}
		return t
	}
}

// saidDue returns what a row says was due to a grant of so much: standard ×
// quantity. Rosters differ in what the standard is per, so the largest of the
// products with months and persons that does not exceed the amount is taken. 0
// where the row does not say.
func saidDue(v table.View, g *grant, row int, amount table.Fen) (due, factor table.Fen) {
	std, ok := payStandard.In(v).At(row)
	quantity, counted := payQuantity.In(v).At(row)
	if !ok || std <= 0 || !counted || quantity <= 0 {
		return 0, 1
	}
	base := times(std, quantity)
	due, factor = base, 1
	months := table.Fen(1)
	if g.stated {
		months = table.Fen(g.period.Months())
	}
	size := table.Fen(max(paySize.In(v).Or(row, 1), 1))
	for _, f := range [...]table.Fen{months, size, months * size} {
		if base*f <= amount && base*f > due {
			due, factor = base*f, f
		}
	}
	return due, factor
}

// times multiplies money by a quantity, rounded half up to the fen.
func times(f table.Fen, q table.Quantity) table.Fen {
	const unit = table.Fen(table.QuantityUnit)
	whole, part := table.Fen(q)/unit, table.Fen(q)%unit
	return f*whole + (f*part+unit/2)/unit
}

// checkCeilings compares the sums of each program and calendar year with the
// ceiling, and reports whether there was one to compare with.
func checkCeilings(p *detect.Pass, v table.View, l *ledger) bool {
	judged := false
	county := payCounty.In(v)
	type yearly struct {
		program string
		year    int
		ks      []int
		sum     table.Fen
		ceiling table.Fen
	}
	var all []yearly
	for k, g := range l.grants {
		prog := p.Policy.Programs[g.program]
		if prog == nil || len(prog.Ceiling) == 0 {
			continue
		}
		c, ok := prog.CeilingOf(g.period.Year(), county[g.row], g.tier)
		if !ok {
			continue
		}
		if (cmp.Or(c.Per, prog.Unit) == "household") != (p.Group.Key == table.Household) {
			continue
		}
		judged = true
		j := slices.IndexFunc(all, func(y yearly) bool { return y.program == g.program && y.year == g.period.Year() })
		if j < 0 {
			j = len(all)
			all = append(all, yearly{program: g.program, year: g.period.Year()})
		}
		y := &all[j]
		y.ks, y.sum, y.ceiling = append(y.ks, k), y.sum+g.amount, max(y.ceiling, c.Yuan.Fen())
	}
	for _, y := range all {
		over := y.sum - y.ceiling
		if over <= 0 {
			continue
		}
		who := payName.In(v)[l.grants[y.ks[0]].row]
		if p.Group.Key == table.Household {
			who += "户"
		}
		p.Report(detect.Lead{
			Program: y.program, Period: table.YearOf(y.year).String(), Item: "ceiling", Amount: over,
			Summary: text(
				fmt.Sprintf("%s%d年的%s合计%s元，超过上限%s元的部分为%s元，建议核实。", who, y.year, y.program, y.sum, y.ceiling, over),
				fmt.Sprintf("%s was paid %s yuan of %s in %d, %s over the ceiling of %s; to be checked.", who, y.sum, y.program, y.year, over, y.ceiling)),
			Facts: []detect.Fact{
				fact("补贴项目", "program", y.program), fact("年度合计", "sum of the year", y.sum.String()), fact("上限", "ceiling", y.ceiling.String()),
			},
			Evidence: l.evidence(v, y.ks...),
		})
	}
	return judged
}
