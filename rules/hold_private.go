package rules

import (
	"fmt"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var privateAmount = &detect.Param[table.Fen]{
	Name: "min_amount", Default: 1,
	Doc: text("经该个人的合计达到此数（元，含）才提示", "yuan through the person that make a lead, inclusive"),
}

// HoldPrivate flags public money that a ledger shows going to or through a
// person.
var HoldPrivate = &detect.Rule{
	ID:     "hold-private",
	Family: detect.Hold,
	Title:  text("私户走账", "public money through a person's account"),
	Grade:  detect.E2,
	Doc: detect.Doc{
		Purpose: text("查找单位之间的拨付台账中，收款方是个人的资金。", "Finds money that the ledgers of transfers between units show going to a person."),
		Steps: text(`1. 拨付台账的收款单位是个人姓名（百家姓开头的二至三个汉字，或复姓的四个汉字，且不以单位用字结尾）的，按资金和个人归集。
2. 收款单位不是个人、但收款账号在发放名册或银行记录中是个人账户的，也按该个人归集。
3. 合计（退回冲减）达到 min_amount（元，含）即提示：该个人又将资金转出的为 E1，其余为 E2。
4. 收款方是该资金项目所列施工单位的不计。`,
			`1. Transfers whose receiver is a person's name (two or three Chinese characters that begin with a family name, four with a double one, and do not end as units do) are taken by fund and person.
2. So are transfers to a unit on an account that rosters or the bank's files show to be a person's.
3. At least min_amount (yuan, inclusive), returns taken off, makes a lead: E1 where the person sent money of the fund on, else E2.
4. A payee whom the fund's projects name as contractor is not counted.`),
		Formula: "Σ拨付（收款方为个人） ≥ min_amount",
		Example: `镇里把产业资金转给个人，再由个人付出去。
-- flow.csv --
fund_no,from_unit,to_unit,sent_amount,sent_on,received_amount,received_on,want
甲财农〔2017〕9号,甲县财政局,大河镇人民政府,100000,2017-03-10,100000,2017-03-11,
甲财农〔2017〕9号,大河镇人民政府,韦小坡,30000,2017-04-01,,,E1 .* 30000.00 .*韦小坡
甲财农〔2017〕9号,韦小坡,甲县种苗站,20000,2017-04-05,,,
`,
		Why:        text("公款经私人账户脱离监管，容易坐支、挪用和私分。", "Public money in a private account is out of control and easily spent on other things."),
		Exclusions: text("按名册发放给农户的不在此列；个人承包项目的不计。", "Payments to households by roster are none of this rule's matter, nor a person who is the project's contractor."),
		FalseAlarms: text("向农户收购种苗、支付劳务或土地租金；垫付后报销；个体工商户以业主姓名开户。",
			"Seedlings bought from a farmer, labour or rent; an advance paid back; a small business with an account in its owner's name."),
		Verify:  text("查收款账户开户人身份及其与单位的关系；查账户流水去向和报账凭证。", "Find who holds the account and what he is to the unit; follow the account's entries and the papers handed in."),
		Control: text("专项资金应实行国库直接支付，禁止转入个人账户。", "Special funds should be paid straight from the treasury, never into a private account."),
	},
	Basis:  []detect.Basis{basisWithhold},
	By:     []table.Key{table.Fund},
	Needs:  []string{"flow"},
	Reads:  []table.Column{hopFrom, hopTo, hopKind, hopHolder, hopSent, hopReceived, hopSentOn, hopReceivedOn, hopSentRef, hopReceivedRef, projectContractor},
	Params: []detect.Parameter{privateAmount},
	Check:  checkHoldPrivate,
}

func checkHoldPrivate(p *detect.Pass) error {
	h := p.View(table.Hop)
	if h.Len() == 0 {
		p.NotApplicable(text("该资金无拨付记录", "no transfer of the fund on record"))
		return nil
	}
	from, to, holder, sent, received := hopFrom.In(h), hopTo.In(h), hopHolder.In(h), hopSent.In(h), hopReceived.In(h)
	contractors := projectContractor.In(p.View(table.Works))
	var all []privately
	kind := hopKind.In(h)
	for i, unit := range to {
		w, personal := privately{unit, ""}, kind[i] == "person"
		if !personal {
			w, personal = privately{holder[i], unit}, holder[i] != ""
		}
		if personal && !slices.Contains(all, w) && !slices.Contains(contractors, unit) {
			all = append(all, w)
		}
	}
	for _, w := range all {
		var in, on table.Fen
		var evidence []detect.Evidence
		n := 0
		for i := range h.Len() {
			x := sent.Or(i, received.Or(i, 0))
			switch {
			case w.gets(to[i], holder[i]):
				in += x
				n++
			case w.unit == "" && from[i] == w.person:
				on += x
			default:
				continue
			}
			evidence = hopRows(evidence, hopSentRef.In(h), hopReceivedRef.In(h), i)
		}
		if in < max(privateAmount.Of(p), 1) {
			continue
		}
		grade, item := p.Rule.Grade, w.person
		whom, whomEn := fmt.Sprintf("%s个人", w.person), "a person, "+w.person
		if w.unit != "" {
			item = w.unit + "/" + w.person
			whom = fmt.Sprintf("%s，收款账户却是%s的个人账户", w.unit, w.person)
			whomEn = fmt.Sprintf("%s, on an account that is %s's own", w.unit, w.person)
		}
		if on > 0 {
			grade = detect.E1
			whom, whomEn = whom+fmt.Sprintf("，其中%s元又由其转出", on), whomEn+fmt.Sprintf(", who sent %s of it on", on)
		}
		p.Report(detect.Lead{
			Grade: grade, Item: item, Amount: in,
			Case: detect.Subject{Kind: "unit", Key: w.person}, // one person, whatever the funds
			Summary: text(
				fmt.Sprintf("资金（%s）有%d笔共%s元转给%s，建议核实账户性质和用途。", p.Group.ID, n, in, whom),
				fmt.Sprintf("%s yuan of fund %s went in %d transfers to %s; see whose account it is and what for.", in, p.Group.ID, n, whomEn)),
			Facts: []detect.Fact{
				fact("收款人", "receiver", w.person), fact("收款单位", "unit named", firstOf(w.unit, "-")),
				fact("转入", "came in", in.String()), fact("转出", "went on", on.String()),
			},
			Evidence: evidence,
		})
	}
	return nil
}

// privately is a way of money to a person: by name, or on an account of theirs
// that the ledger calls a unit's.
type privately struct{ person, unit string }

// gets reports whether a transfer to a payee, on an account of holder, goes so.
func (w privately) gets(payee, holder string) bool {
	if w.unit == "" {
		return payee == w.person
	}
	return payee == w.unit && holder == w.person
}
