package rules

import (
	"fmt"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/names"
	"fundtrace/pipeline/table"
)

var excusedVehicles = &detect.Param[string]{
	Name: "excused_words", Default: "农用 农机 拖拉机 三轮 低速 收割 残疾 轮椅",
	Doc: text("号牌、车型等处含有其一即不计的车辆用词，以空格分隔", "words in a vehicle's entry, separated by blanks, any of which keeps it from counting"),
}

// PaidAssetOwner flags means-tested benefits paid to owners of a costly
// vehicle, property or firm.
var PaidAssetOwner = &detect.Rule{
	ID:     "paid-asset-owner",
	Family: detect.Elig,
	Title:  text("有车有房有企业", "paid to an owner of car, house or firm"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找本人或家庭成员名下有超过限值的车辆、房产、企业，仍领取按收入财产核定的补贴的情形。",
			"Finds means-tested benefits paid to persons who own, or whose household owns, a vehicle, property or firm over the limit."),
		Steps: text(`1. 发放记录按人和项目轧差（见 dup-period 步骤1），只看政策文件标为 means_tested 的项目。
2. 比对库中的车辆、房产、企业，价值（企业为注册资本）大于政策文件 asset_limits 该类限值（等于不计）的为超限资产；号牌、车型等处含 excused_words 之一的车辆（农用、残疾人专用）除外。
3. 资产起始月份不晚于所属期末月、且未在所属期首月之前转出的，即提示。按人比对本人资产，按户比对其他成员（建档立卡名册列有该户当年全部人口而无此人的除外）的资产和按户发放的项目。每项目一条。
4. 所属期标明、本人资产、姓名一致的为 E1，其余为 E2。`,
			`1. Payments are netted per person and program (dup-period, step 1); only programs that the policy marks means_tested.
2. A vehicle, property or firm on the registers counts if its value (a firm's capital) is over the limit of its kind in the policy's asset_limits (equal is not); vehicles whose entry has one of excused_words (farm, disability) do not count.
3. It makes a lead if it was owned from the last month of the period or before, and not given up before the first: by person for one's own assets, by household for those of another member (but for one whom the register, listing all of the household that year, no longer has) and per-household programs. One lead a program.
4. E1 for one's own asset, a stated period and agreeing names; else E2.`),
		Formula: "means_tested（项目） ∧ 价值 > 限值 ∧ 起始月 ≤ 所属期末 ∧ ¬（截止月 < 所属期首）",
		Example: `黄某名下有轿车，仍领取农村低保。
-- policy.yaml --
asset_limits: [{kind: vehicle, yuan: 50000}]
-- payment.csv --
beneficiary_name,beneficiary_id,program,period,amount,pay_date,want
黄小河,459901196503050021,农村低保,2017-03,200,2017-03-15,E1 .* 200.00 黄小河.*186000.00元的车辆
-- register.csv --
register_kind,person_name,person_id,since,unit,value
vehicle,黄小河,459901196503050021,2015-05-20,甲Z9Y001,186000
`,
		Why: text("有较大财产的家庭一般不符合救助条件，可能存在隐瞒财产或未做核对。",
			"A household of means rarely meets the test: property may have been concealed or not checked."),
		Exclusions: text("政策文件未列限值的类别、价值或起始日期空白的资产不作判断；农用车、拖拉机、三轮车、低速货车、收割机、残疾人专用车不计；普惠补贴不计。",
			"Kinds without a limit in the policy and assets without value or date are not judged; tractors, three-wheelers, low-speed trucks, harvesters, farm vehicles and those for the disabled, and universal benefits, are not counted."),
		FalseAlarms: text("车辆借名登记或已报废未注销；搬迁安置房、危改房按评估价入库；挂名法人；营运车辆为唯一生计。",
			"A vehicle registered for another, or scrapped and still on the register; a resettlement house at its valued price; a nominal head of a firm; a vehicle that is the only livelihood."),
		Verify: text("向车管、不动产、市场监管部门核对登记；入户看车辆、住房和实际使用人；查申请时的财产申报和核对授权。",
			"Check the entry with the register's office; visit, see the vehicle or house and who uses it; see the property declared in the application."),
		Control: text("审批前应经家庭经济状况核对，比对车辆、不动产和企业登记。", "Property registers should be compared before approval."),
	},
	Basis:     []detect.Basis{basisMeansTest},
	By:        []table.Key{table.Person, table.Household},
	Needs:     []string{"payment", "register"},
	Reads:     slices.Concat(duringReads, kinReads, []table.Column{registerValue}),
	Params:    []detect.Parameter{excusedVehicles},
	Baselines: []detect.Measure{registerKinds},
	Check:     checkPaidAssetOwner,
}

// assetWords name the registers of assets.
var assetWords = map[string]detect.Text{
	"vehicle": text("车辆", "vehicle"), "property": text("房产", "property"), "company": text("企业", "firm"),
}

// An asset is one line of a register that is over its limit.
type asset struct {
	row      int
	from, to int // months
}

// assetsOf returns the group's assets over the limit of their kinds; reason is
// why others could not be judged.
func assetsOf(p *detect.Pass, county string) (out []asset, reason detect.Text) {
	reg := p.View(table.Register)
	kind, value, since, until := registerKind.In(reg), registerValue.In(reg), registerSince.In(reg), registerUntil.In(reg)
	for i, k := range kind {
		if _, ok := assetWords[k]; !ok || k == "vehicle" && excusedLine(reg, i, excusedVehicles.Of(p)) {
			continue
		}
		limit, ok := p.Policy.AssetLimitOf(k, county)
		worth, ok1 := value.At(i)
		from, ok2 := since.At(i)
		switch {
		case !ok:
			reason = text("政策文件未列该类资产限值", "the policy has no limit for such assets")
		case !ok1 || !ok2:
			reason = text("资产价值或起始日期不详", "value or date of the asset unknown")
		case worth > limit:
			a := asset{i, from.Month(), monthMax}
			if d, ok := until.At(i); ok {
				a.to = d.Month()
			}
			out = append(out, a)
		}
	}
	return out, reason
}

func checkPaidAssetOwner(p *detect.Pass) error {
	v, reg, member := p.View(table.Payment), p.View(table.Register), p.View(table.Member)
	if v.Len() == 0 {
		p.NotApplicable(noPayment)
		return nil
	}
	if !hasRegister(p, firstOf(payCounty.In(v)...), "vehicle", "property", "company") {
		p.NotApplicable(text("无车辆、房产、企业比对库", "no register of vehicles, property or firms"))
		return nil
	}
	if !slices.ContainsFunc(registerKind.In(reg), func(k string) bool { return assetWords[k].Zh != "" }) {
		return nil
	}
	assets, reason := assetsOf(p, firstOf(payCounty.In(v)...))
	l, owner := grants.Of(p), registerPerson.In(reg)
	type found struct {
		program string
		ks      []int
		assets  []asset
		sure    bool
	}
	var all []found
	for k, g := range l.grants {
		prog := p.Policy.Programs[g.program]
		if prog == nil || !prog.MeansTested {
			continue
		}
		for _, a := range assets {
			own := owner[a.row] == g.person
			if p.Group.Key == table.Household {
				own = !own && prog.Unit == "household" && !gone(member, owner[a.row], g.period)
			}
			if !own || a.from > g.period.To() || a.to < g.period.From() {
				continue
			}
			i := slices.IndexFunc(all, func(f found) bool { return f.program == g.program })
			if i < 0 {
				i = len(all)
				all = append(all, found{program: g.program, sure: p.Group.Key == table.Person})
			}
			f := &all[i]
			if !slices.Contains(f.ks, k) {
				f.ks = append(f.ks, k)
			}
			if !slices.Contains(f.assets, a) {
				f.assets = append(f.assets, a)
			}
			f.sure = f.sure && g.stated && names.Agree(payName.In(v)[g.row], registerName.In(reg)[a.row])
		}
	}
	if all == nil && reason.Zh != "" {
		p.NotApplicable(reason)
		return nil
	}
	for _, f := range all {
		lead := detect.Lead{Grade: detect.E2, Program: f.program, Evidence: l.evidence(v, f.ks...)}
		if f.sure {
			lead.Grade = p.Rule.Grade
		}
		from, to := monthMax, monthMin
		for _, k := range f.ks {
			g := l.grants[k]
			lead.Amount, from, to = lead.Amount+g.amount, min(from, g.period.From()), max(to, g.period.To())
		}
		for _, a := range f.assets {
			word := assetWords[registerKind.In(reg)[a.row]]
			lead.Facts = append(lead.Facts, fact("资产、权利人、价值、起始日期", "asset, owner, value, since", fmt.Sprintf("%s %s  %s  %s  %s",
				word.Zh, registerUnit.In(reg)[a.row], registerName.In(reg)[a.row], registerValue.In(reg).Or(a.row, 0), dayOr(registerSince.In(reg), a.row))))
			lead.Evidence = append(lead.Evidence, detect.Row(reg, a.row, text("资产登记", "register of assets")))
		}
		first := f.assets[0]
		word, worth := assetWords[registerKind.In(reg)[first.row]], registerValue.In(reg).Or(first.row, 0)
		name, holder, when := payName.In(v)[l.grants[f.ks[0]].row], registerName.In(reg)[first.row], span(table.MonthsOf(from, to))
		lead.Summary = text(
			fmt.Sprintf("%s在%s领取%s%d笔共%s元，其间%s名下有价值%s元的%s等%d项超限资产，建议核实是否符合条件。", name, when.Zh, f.program, len(f.ks), lead.Amount, holder, worth, word.Zh, len(f.assets)),
			fmt.Sprintf("%s received %s %d times (%s), %s yuan in all, while %s owned a %s of %s yuan (%d assets over the limit); see whether it was due.", name, f.program, len(f.ks), when.En, lead.Amount, holder, word.En, worth, len(f.assets)))
		p.Report(lead)
	}
	return nil
}
