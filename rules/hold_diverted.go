package rules

import (
	"fmt"
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/names"
	"fundtrace/pipeline/table"
)

var divertedAmount = &detect.Param[table.Fen]{
	Name: "min_amount", Default: 1,
	Doc: text("付给该单位的合计达到此数（元，含）才提示", "yuan paid to the unit that make a lead, inclusive"),
}

// HoldDiverted flags money paid to a unit that no chain of the fund knows.
var HoldDiverted = &detect.Rule{
	ID:     "hold-diverted",
	Family: detect.Hold,
	Title:  text("流向非链内单位", "paid outside the chain"),
	Grade:  detect.E2,
	Doc: detect.Doc{
		Purpose: text("查找资金付给了既不在资金链上、也不是项目实施或施工单位的单位或个人。", "Finds money paid to a unit or person that is neither on the fund's way nor a project's implementing unit or contractor."),
		Steps: text(`1. 链内单位：指标的下达和承接单位、拨出过该资金的单位、按名册发放过该资金的单位、申报过该资金结余的单位、该资金项目的实施单位和施工单位。
2. 政府、财政、乡镇街道、村委会和国库、专户视为拨付渠道，不作链外。
3. 付给其他单位或个人的合计（退回冲减）达到 min_amount（元，含）即提示，每个收款方一条。付款注明的项目不在该资金项目库内的，这笔不作判断。`,
			`1. The chain: who issued or holds the allocation, who sent the fund on, paid it by roster or stated a balance of it, and the implementing units and contractors of its projects.
2. Governments, finance offices, towns, village committees and the treasury are channels and never outside.
3. At least min_amount (yuan, inclusive) paid to any other unit or to a person, returns taken off, makes a lead. A payment for a project that the pool does not list under the fund is not judged.`),
		Formula: "Σ拨付（单位 ∉ 资金链 ∪ 项目链） ≥ min_amount",
		Example: `产业扶贫资金付给了与该资金项目无关的酒店。
-- fund.csv --
fund_no,title,level,amount,issued_on,issuer,holder
甲财农〔2017〕9号,产业扶贫资金,县,100000,2017-03-01,甲县财政局,甲县财政局
-- project.csv --
project_id,name,fund_no,unit,contractor
P1,石山村茶园,甲财农〔2017〕9号,甲县农业局,甲县茶叶公司
-- flow.csv --
fund_no,from_unit,to_unit,sent_amount,sent_on,want
甲财农〔2017〕9号,甲县财政局,甲县农业局,100000,2017-03-10,
甲财农〔2017〕9号,甲县农业局,甲县茶叶公司,80000,2017-05-01,
甲财农〔2017〕9号,甲县农业局,甲县望江大酒店,20000,2017-05-02,E2 .* 20000.00 .*甲县望江大酒店
`,
		Why:        text("付到链外的资金，往往已挪作他用。", "Money that leaves the chain has often been put to another use."),
		Exclusions: text("渠道单位滞留的见 hold-idle；收款方写为渠道单位、账户却是个人的见 hold-private。", "Money kept by a channel is hold-idle's matter, a channel's name on a person's account hold-private's."),
		FalseAlarms: text("项目库未登记施工、设计、监理、检测单位；单位更名或简称不一致；委托代发机构。",
			"A contractor, designer or supervisor that the pool does not name; a unit renamed or written short; an agency that pays on behalf."),
		Verify:  text("查付款凭证、合同、发票和对方单位登记信息；到项目现场核对是否提供了工程或服务。", "See voucher, contract, invoice and the payee's registration; look on the spot for the work or service."),
		Control: text("支付系统应限定收款单位为合同方或名册单位。", "The payment system should allow only parties to a contract or roster as payees."),
	},
	Basis: []detect.Basis{basisWithhold},
	By:    []table.Key{table.Fund},
	Needs: []string{"flow", "fund", "project"},
	Reads: []table.Column{
		fundHolder, fundIssuer, hopFrom, hopTo, hopSent, hopReceived, hopSentOn, hopReceivedOn, hopProject, hopPurpose, hopSentRef, hopReceivedRef,
		payUnit, balanceUnit, projectNo, projectUnit, projectContractor,
	},
	Params: []detect.Parameter{divertedAmount},
	Check:  checkHoldDiverted,
}

// channels end or stand in the names of units that public money passes through.
var channels = []string{"政府", "财政", "办事处", "街道办", "村民委员会", "村委会", "居民委员会", "居委会", "国库", "专户", "社区", "经济合作社"}

func checkHoldDiverted(p *detect.Pass) error {
	a, h, w := p.View(table.Allocation), p.View(table.Hop), p.View(table.Works)
	if h.Len() == 0 || a.Len() == 0 {
		p.NotApplicable(text("该资金无指标或拨付记录", "no allocation or transfer of the fund"))
		return nil
	}
	known := map[string]bool{}
	for _, names := range [][]string{
		fundHolder.In(a), fundIssuer.In(a), hopFrom.In(h), payUnit.In(p.View(table.Payment)), balanceUnit.In(p.View(table.Balance)),
		projectUnit.In(w), projectContractor.In(w),
	} {
		for _, n := range names {
			known[n] = true
		}
	}
	to, project, purpose := hopTo.In(h), hopProject.In(h), hopPurpose.In(h)
	sent, received, projects := hopSent.In(h), hopReceived.In(h), projectNo.In(w)
	unlisted := false
	var units []string
	sums, words, rows := map[string]table.Fen{}, map[string][]string{}, map[string][]detect.Evidence{}
	for i := range h.Len() {
		u := to[i]
		if u == "" || known[u] || has(u, channels...) {
			continue
		}
		if project[i] != "" && !slices.Contains(projects, project[i]) {
			unlisted = true
			continue
		}
		if !slices.Contains(units, u) {
			units = append(units, u)
		}
		sums[u] += sent.Or(i, received.Or(i, 0))
		rows[u] = hopRows(rows[u], hopSentRef.In(h), hopReceivedRef.In(h), i)
		if purpose[i] != "" && !slices.Contains(words[u], purpose[i]) {
			words[u] = append(words[u], purpose[i])
		}
	}
	if len(units) == 0 && unlisted {
		p.NotApplicable(text("付款项目不在该资金的项目库中", "the payments' projects are not in the fund's pool"))
	}
	for _, u := range units {
		if sums[u] < max(divertedAmount.Of(p), 1) {
			continue
		}
		payee, whom := "该单位", u
		if names.Personal(u) {
			payee, whom = "此人", u+"个人"
		}
		p.Report(detect.Lead{
			Item: u, Case: detect.Subject{Kind: string(table.Unit), Key: u}, Amount: sums[u],
			Summary: text(
				fmt.Sprintf("资金（%s）有%s元付给%s，%s不在资金链和项目单位之内，建议核实用途。", p.Group.ID, sums[u], whom, payee),
				fmt.Sprintf("%s yuan of fund %s were paid to %s, which neither the fund's chain nor its projects name; find out what for.", sums[u], p.Group.ID, u)),
			Facts: []detect.Fact{
				fact("收款单位", "payee", u), fact("金额", "amount", sums[u].String()), fact("付款摘要", "stated purpose", strings.Join(words[u], "；")),
			},
			Evidence: rows[u],
		})
	}
	return nil
}
