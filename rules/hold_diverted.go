package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
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
		Steps: text(`1. 资金链：指标的下达和承接单位、拨出过该资金的单位、按名册发放或汇总过该资金的单位、申报过该资金结余的单位、该资金项目的实施单位和施工单位。
2. 上述单位所在县、市的政府、财政、局办、乡镇街道、村委会和国库、专户（包括未写明县名的简称）视为拨付渠道，不作链外。
3. 按收款单位或个人归集，各项资金付给它的链外款项合计（退回冲减）达到 min_amount（元，含）即提示，每个收款方一条。付款注明的项目不在该资金项目库内的，这笔不作判断。`,
			`1. The chain of a fund: who issued or holds the allocation, who sent it on, paid it by roster or compiled one, or stated a balance of it, and the implementing units and contractors of its projects.
2. Governments, finance offices, bureaus, towns, village committees and the treasury of the counties and cities of these (short names too) are channels and never outside.
3. By receiver: at least min_amount (yuan, inclusive) paid from outside the chains of all funds together to one unit or person, returns taken off, makes a lead. A payment for a project that the pool does not list under the fund is not judged.`),
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
	Basis:  []detect.Basis{basisWithhold},
	By:     []table.Key{table.Unit},
	Needs:  []string{"flow", "fund", "project"},
	Reads:  []table.Column{hopFund, hopTo, hopKind, hopSent, hopReceived, hopPurpose, hopStanding, hopSentRef, hopReceivedRef},
	Params: []detect.Parameter{divertedAmount},
	Check:  checkHoldDiverted,
}

func checkHoldDiverted(p *detect.Pass) error {
	h, u := p.View(table.Hop), p.Group.ID
	fund, to, standing, purpose := hopFund.In(h), hopTo.In(h), hopStanding.In(h), hopPurpose.In(h)
	sent, received := hopSent.In(h), hopReceived.In(h)
	sums, sum := map[string]table.Fen{}, table.Fen(0)
	var words []string
	var rows []detect.Evidence
	kind, personal := hopKind.In(h), false
	judged, uncharted := false, false
	for i := range h.Len() {
		switch {
		case to[i] != u:
			continue
		case standing[i] == "uncharted":
			uncharted = true
			continue
		case standing[i] == "unlisted":
			continue
		}
		judged, personal = true, kind[i] == "person"
		if standing[i] != "outside" {
			continue
		}
		x := sent.Or(i, received.Or(i, 0))
		sums[fund[i]], sum = sums[fund[i]]+x, sum+x
		rows = hopRows(rows, hopSentRef.In(h), hopReceivedRef.In(h), i)
		if purpose[i] != "" && !slices.Contains(words, purpose[i]) {
			words = append(words, purpose[i])
		}
	}
	switch {
	case !judged && uncharted:
		p.NotApplicable(text("该资金无指标记录", "no allocation of the fund"))
		return nil
	case !judged && slices.Contains(to, u):
		p.NotApplicable(text("付款项目不在该资金的项目库中", "the payments' projects are not in the fund's pool"))
		return nil
	case !judged:
		p.NotApplicable(text("没有付给该单位的拨付", "no transfer to the unit"))
		return nil
	case sum < max(divertedAmount.Of(p), 1):
		return nil
	}
	payee, whom := "该单位", u
	if personal {
		payee, whom = "此人", u+"个人"
	}
	funds := slices.Sorted(maps.Keys(sums))
	lead := detect.Lead{
		Amount: sum,
		Facts: []detect.Fact{
			fact("收款单位", "payee", u), fact("金额", "amount", sum.String()), fact("付款摘要", "stated purpose", strings.Join(words, "；")),
		},
		Evidence: rows,
	}
	which, whichEn := fmt.Sprintf("资金（%s）", funds[0]), "fund "+funds[0]
	if len(funds) == 1 {
		lead.FundNo = funds[0]
	} else {
		which, whichEn = fmt.Sprintf("%d项资金", len(funds)), fmt.Sprintf("%d funds", len(funds))
		for _, f := range funds {
			lead.Facts = append(lead.Facts, fact("资金、付款", "fund, paid", fmt.Sprintf("%s  %s", f, sums[f])))
		}
	}
	lead.Summary = text(
		fmt.Sprintf("%s有%s元付给%s，%s不在资金链和项目单位之内，建议核实用途。", which, sum, whom, payee),
		fmt.Sprintf("%s yuan of %s were paid to %s, which neither the fund's chain nor its projects name; find out what for.", sum, whichEn, u))
	p.Report(lead)
	return nil
}
