package rules

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/names"
	"fundtrace/pipeline/table"
)

// AccountProxy flags accounts of cadres and officials that receive for other
// households.
var AccountProxy = &detect.Rule{
	ID:     "account-proxy",
	Family: detect.Dup,
	Title:  text("干部代领", "collected by a cadre"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找村干部、财政供养人员的账户收取他户补贴的情形。", "Finds accounts of village cadres and officials that receive the benefits of other households."),
		Steps: text(`1. 干部的账户：发放记录写明其为收款人的，本人的补贴所发入且未写明其他收款人的，或银行登记其为持有人的账户。
2. 该账户在其任职期间（首末日均含；名册无日期的视为一直在任）收取的发放记录按人和项目轧差（见 dup-period 步骤1），享受人不是干部本人、也不在其户内的，即提示，每账户一条，金额为其净额合计。
3. 收款人证号是干部本人的，或干部本人补贴也发入、银行登记的持有人又与其同名的为 E1；只因干部本人补贴也发入该账户的为 E2；收款人或银行持有人没有证号、只凭姓名和村与干部相符（同村同名者只有一人）的，匹配等级为 name_place，线索为 E2。`,
			`1. A cadre's account is one that a payment names him as payee of, that his own benefits go to without naming another payee, or that the bank has him as holder of.
2. Its payments while he was in office (first and last day inclusive; always where the register has no dates) are netted per person and program (dup-period, step 1); those of beneficiaries other than the cadre and outside his household make a lead, one an account, with their net sum.
3. E1 where the payee's number is the cadre's, or his own benefits go there and the bank's holder has his name; E2 where only his own benefits do; and where a payee or a bank's holder without a number only has the name of the village's cadre (and nobody else of the village has it): the match is then name_place and the lead E2.`),
		Formula: "持有人（账户） ∈ 干部名册 ∧ 户（享受人） ≠ 户（持有人）",
		Example: `莫四的低保由村干部石小坪收款。
-- payment.csv --
beneficiary_name,beneficiary_id,payee_name,payee_id,program,period,amount,account,want
莫四,45990119700101034X,石小坪,459901197005050752,农村低保,2017-03,200,6217000000000000751,E1 6217000000000000751 200.00 .*石小坪.*莫四
-- register.csv --
register_kind,person_name,person_id,since,unit
village_cadre,石小坪,459901197005050752,2014-08-01,石山村村民委员会
`,
		Why: text("干部代领他户补贴，钱是否交到农户手里无从监督，容易截留、冒领。",
			"Nobody sees whether money that a cadre collects for others reaches them."),
		Exclusions: text("干部本人及同户成员的补贴、任职前和离任后的不计；退回、更正轧差后不计；账户被电子表格截断失真的不计。",
			"The cadre's own and his household's benefits, those before and after his office, returned payments, and accounts rounded by a spreadsheet are not counted."),
		FalseAlarms: text("受行动不便的五保老人书面委托代领；已分户的父母子女仍用一个账户；收款人姓名证号录错行。",
			"A written proxy for an old person who cannot walk; parents and children with one account after the household split; a payee typed from another row."),
		Verify: text("查账户户名、取款凭证和委托书；问享受人是否知情、是否拿到钱。", "See holder, withdrawals and proxy; ask the beneficiary whether he knew and got the money."),
		Control: text("录入收款人时应与村干部和财政供养名册比对，命中的须附委托并由乡镇复核。",
			"Payees should be compared with the registers of cadres and officials; a hit needs a proxy and the town's review."),
	},
	Basis:     []detect.Basis{basisFraud, basisOneCard},
	By:        []table.Key{table.Account},
	Needs:     []string{"payment", "register"},
	Reads:     append(slices.Clone(grantReads), payName, payPerson, payPayeeName, payPayeeID, payPayee, payHousehold, payVillage, payUnit, payPayer, payCadre, payTie, payCadreRef, bankHolder, bankPerson),
	Baselines: []detect.Measure{registerKinds},
	Check:     checkAccountProxy,
}

// noCadres is why a rule on cadres judges nothing.
var noCadres = text("无村干部或财政供养名册", "no register of cadres or officials")

// roleCadre is the register's line on a cadre.
var roleCadre = text("干部名册", "register of cadres")

func checkAccountProxy(p *detect.Pass) error {
	v, bank := p.View(table.Payment), p.View(table.BankEntry)
	switch {
	case v.Len() == 0:
		p.NotApplicable(noPayment)
		return nil
	case !hasRegister(p, firstOf(payCounty.In(v)...), "village_cadre", "public_payroll"):
		p.NotApplicable(noCadres)
		return nil
	case !slices.Contains(payTie.In(v), "account"):
		return nil
	}
	l := grants.Of(p)
	tie, cadre, ref := payTie.In(v), payCadre.In(v), payCadreRef.In(v)
	row := -1 // of the first
	for _, g := range l.grants {
		if row < 0 && tie[g.row] == "account" {
			row = g.row
		}
	}
	if row < 0 {
		return nil
	}
	person, payee, payeeName, payeeID := payPerson.In(v), payPayee.In(v), payPayeeName.In(v), payPayeeID.In(v)
	holder := ""                                // the cadre's name
	numbered, named, own := false, false, false // as payee with his number, as payee without one, as beneficiary
	for i := range v.Len() {
		switch {
		case payee[i] == cadre[row] && payeeName[i] != "":
			holder = payeeName[i]
			numbered = numbered || payeeID[i] != "" || person[i] == cadre[row]
			named = true
		case person[i] == cadre[row]:
			holder, own = firstOf(holder, payName.In(v)[i]), true
		}
	}
	var registered []detect.Evidence
	for i, h := range bankHolder.In(bank) {
		if h != "" && (bankPerson.In(bank)[i] == cadre[row] || holder != "" && names.Agree(h, holder)) {
			holder, named = h, true
			registered = append(registered, detect.Row(bank, i, text("银行流水", "bank entry")))
			break
		}
	}
	if r, ok := ref.At(row); ok {
		registered = append(registered, detect.RowAt(table.Register, r, roleCadre))
	}
	var ks []int
	var who []string
	lead, open := detect.Lead{}, table.Fen(0)
	for k, g := range l.grants {
		switch name := payName.In(v)[g.row]; {
		case tie[g.row] != "account":
		case mayBeKin(payHousehold.In(v)[g.row], g.person, name, holder):
			open += g.amount
		default:
			ks = append(ks, k)
			lead.Amount += g.amount
			if !slices.Contains(who, name) {
				who = append(who, name)
			}
		}
	}
	if open > 0 {
		office := firstOf(payUnit.In(v)[row], payPayer.In(v)[row])
		p.Ask(detect.Question{
			What: openKin, Office: office, Document: docKin, Leads: 1, Amount: open,
			About: []detect.About{{Units: []string{firstOf(payVillage.In(v)[row], office, "-")}}},
		})
	}
	if ks == nil {
		return nil
	}
	lead.Evidence = append(l.evidence(v, ks...), registered...)
	switch {
	case numbered || named && own:
	case named:
		lead.Match = detect.NamePlace
	default:
		lead.Grade = detect.E2
	}
	people, tail := list(who, "人"), tailOf(p.Group.ID)
	lead.Facts = []detect.Fact{
		fact("账户持有人", "holder", holder), fact("享受人数", "beneficiaries", fmt.Sprint(len(who))), fact("笔数", "payments", fmt.Sprint(len(ks))),
	}
	lead.Summary = text(
		fmt.Sprintf("列入干部名册的%s的账户（尾号%s）收取非本户的%s的补贴%d笔共%s元，建议核实有无委托、钱是否到户。", holder, tail, people.Zh, len(ks), lead.Amount),
		fmt.Sprintf("The account (ending in %s) of %s, on the register of cadres, received %d payments of %s, who are not of the household: %s yuan; find out whether there was a proxy and the money arrived.", tail, holder, len(ks), people.En, lead.Amount))
	p.Report(lead)
	return nil
}

// mayBeKin reports whether a beneficiary may be of the holder's family: they have
// one surname, and no sheet tells whose household the beneficiary's is.
func mayBeKin(household, person, name, holder string) bool {
	if household != "" && household != person {
		return false
	}
	a, _ := utf8.DecodeRuneInString(name)
	b, _ := utf8.DecodeRuneInString(holder)
	return a == b
}
