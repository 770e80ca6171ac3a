package rules

import (
	"fmt"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

// DupCounty flags a person paid one program by two counties for one period.
var DupCounty = &detect.Rule{
	ID:     "dup-county",
	Family: detect.Dup,
	Title:  text("异地重复享受", "paid by two counties"),
	Grade:  detect.E0,
	Doc: detect.Doc{
		Purpose: text("查找同一人同一项目在重叠的所属期内由两个县发放的情形。", "Finds a person paid one program by two counties for overlapping periods."),
		Steps: text(`1. 发放记录按人和项目轧差（见 dup-period 步骤1）。
2. 县名不同、所属期至少有一个月重叠（含）的两笔即提示，每个项目一条。
3. 涉嫌重复金额为合计减去互不重叠各笔可得的最大合计。所属期均标明为 E0，按发放月份推定的为 E2。`,
			`1. Payments are netted per person and program (dup-period, step 1).
2. Two of them from different counties with at least one month in common (inclusive) make a lead, one for each program.
3. Money in question: the sum less the largest sum of payments that do not overlap. E0 where periods are stated, E2 where the month of payment stands for them.`),
		Formula: "同人 ∧ 同项目 ∧ 县i ≠ 县j ∧ |所属期i ∩ 所属期j| ≥ 1",
		Example: `陆某同一月份在甲、乙两县都领取了低保。
-- payment.csv --
beneficiary_name,beneficiary_id,program,period,amount,pay_date,county,want
陆小泉,459901196006060712,农村低保,2017-03,200,2017-03-15,甲县,E0 .* 200.00 陆小泉.*乙县、甲县
陆小泉,459901196006060712,农村低保,2017-03,230,2017-03-18,乙县,
`,
		Why: text("各县名册各自管理，人户分离的人容易在两地重复享受。",
			"Counties keep their rosters apart, so people who moved are easily paid in both."),
		Exclusions: text("迁移后所属期不重叠的不计；县名缺失的不作判断。", "A move without overlap is not counted; rows without a county are not judged."),
		FalseAlarms: text("县名变更或撤并；上级代发的名册填了不同的县；证号录错成他人。",
			"A county renamed or merged; rosters paid from above under another county; a number typed as another person's."),
		Verify: text("向两县经办部门核对户籍和停发手续；查两个账户是否都为本人使用。",
			"Ask both counties for registration and notice of stop; see whether the person uses both accounts."),
		Control: text("新增对象应在市级平台查重。", "New beneficiaries should be looked up on the city's platform."),
	},
	Basis: []detect.Basis{basisFraud, basisMeansTest},
	By:    []table.Key{table.Person},
	Needs: []string{"payment"},
	Reads: append(slices.Clone(grantReads), payName, payCounty),
	Check: checkDupCounty,
}

func checkDupCounty(p *detect.Pass) error {
	v := p.View(table.Payment)
	county := payCounty.In(v)
	if v.Len() == 0 {
		p.NotApplicable(noPayment)
		return nil
	}
	if !slices.ContainsFunc(county, func(c string) bool { return c != "" }) {
		p.NotApplicable(text("发放记录未注明县", "payments name no county"))
		return nil
	}
	if !slices.ContainsFunc(county, func(c string) bool { return c != county[0] }) {
		return nil
	}
	l := grants.Of(p)
	for lo := 0; lo < len(l.grants); {
		hi := lo + 1
		for hi < len(l.grants) && l.grants[hi].program == l.grants[lo].program {
			hi++
		}
		var ks []int
		for i := lo; i < hi; i++ {
			for j := lo; j < i; j++ {
				a, b := l.grants[i], l.grants[j]
				if a.county == "" || b.county == "" || a.county == b.county || a.period.Overlap(b.period) == 0 || a.stated != b.stated {
					continue
				}
				for _, k := range [2]int{j, i} {
					if !slices.Contains(ks, k) {
						ks = append(ks, k)
					}
				}
			}
		}
		if ks != nil {
			reportDupCounty(p, v, l, ks)
		}
		lo = hi
	}
	return nil
}

func reportDupCounty(p *detect.Pass, v table.View, l *ledger, ks []int) {
	slices.Sort(ks)
	grade := p.Rule.Grade
	var counties []string
	var total table.Fen
	from, to := monthMax, monthMin
	facts := []detect.Fact{fact("补贴项目", "program", l.grants[ks[0]].program)}
	for _, k := range ks {
		g := l.grants[k]
		if !g.stated {
			grade = detect.E2
		}
		if !slices.Contains(counties, g.county) {
			counties = append(counties, g.county)
		}
		total, from, to = total+g.amount, min(from, g.period.From()), max(to, g.period.To())
		facts = append(facts, fact("县、所属期、净额", "county, period, net", fmt.Sprintf("%s  %s  %s", g.county, g.period, g.amount)))
	}
	slices.Sort(counties)
	program, name, when, where := l.grants[ks[0]].program, payName.In(v)[l.grants[ks[0]].row], span(table.MonthsOf(from, to)), list(counties, "县")
	p.Report(detect.Lead{
		Grade: grade, Program: program, Amount: excess(l.grants, ks),
		Summary: text(
			fmt.Sprintf("%s在%s由%s同时发放%s共%d笔%s元，建议核实。", name, when.Zh, where.Zh, program, len(ks), total),
			fmt.Sprintf("%s was paid %s for %s by %s at once: %d payments of %s yuan; to be checked.", name, program, when.En, where.En, len(ks), total)),
		Facts:    facts,
		Evidence: l.evidence(v, ks...),
	})
}
