package rules

import (
	"fmt"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/idnum"
	"fundtrace/pipeline/table"
)

// DupIdentity flags a person paid one program for the same months under two
// written identity numbers.
var DupIdentity = &detect.Rule{
	ID:     "dup-identity",
	Family: detect.Dup,
	Title:  text("一人多证", "one person under two numbers"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找实为同一人、以两个不同的身份证号在同一补贴项目、重叠的所属期内各领一份的情形。",
			"Finds one real person who was paid one program for overlapping months under two different identity numbers."),
		Steps: text(`1. 归人时，15 位旧证号、错一位或相邻两位颠倒的无效证号、被表格软件四舍五入的证号，在姓名（及村或账户）一致时并入同一人，并记下匹配等级。
2. 发放记录按人和项目轧差（见 dup-period 步骤1），找出所属期至少有一个月重叠（含）的各笔。
3. 其中证号写法（去空格、全角、残疾证后缀后）有两个以上不同的即提示；证号都相同的由 dup-period 提示，两条规则不重复报告。
4. 涉嫌重复金额 = 组内合计 − 互不重叠各笔可得的最大合计。15 位与 18 位并存的为 E1，其余写法及按发放月份推定的为 E2。`,
			`1. When persons are told apart, an old number of 15 digits, an invalid number one slip away and a number that a spreadsheet rounded are joined to the person of the same name (and village or account), and the join is graded.
2. Payments are netted per person and program (dup-period, step 1); those with at least one month in common (inclusive) form one group.
3. A group with two or more different written numbers (blanks, full width and certificate suffixes aside) makes a lead; one with a single number is dup-period's: the two rules never report the same group.
4. Money in question: the sum less the largest sum of payments that do not overlap. E1 for 15 beside 18 digits; E2 for the others and where the month of payment stands for the period.`),
		Formula: "同人 ∧ 同项目 ∧ |所属期i ∩ 所属期j| ≥ 1 ∧ 证号i ≠ 证号j",
		Example: `同一人的低保，一份用18位证号，一份用15位旧证号。
-- payment.csv --
beneficiary_name,beneficiary_id,village,program,period,amount,pay_date,want
莫大江,459901196503050726,石山村,农村低保,2017-03,200,2017-03-15,E1 .* 200.00 莫大江.*2个证号
莫大江,459901650305072,石山村,农村低保,2017-03,200,2017-03-20,
`,
		Why: text("新旧证号、错号并存会绕过按证号的查重，可能被用来重复申领。",
			"Old and mistyped numbers slip past a check by number and may be used to claim twice."),
		Exclusions: text("姓名或村、账户对不上的近似证号不并为一人；证号相同的见 dup-period；退回、更正、补发、分期轧差后不计；未写证号、证号部分遮盖的不计为不同证号。",
			"Near numbers whose names or places differ are two persons; a single number is dup-period's; returned, corrected, supplementary and part payments are netted; a number that is blank or hidden in part is not a different one."),
		FalseAlarms: text("同村同名的双胞胎或近亲证号相近；一份名册补报更正了证号而原笔未冲销登记。",
			"Twins or relatives of one name with neighbouring numbers; a roster sent again with the number put right and the first payment not marked as reversed."),
		Verify: text("调户籍底册确认是否一人；查两份申请表、账户和取款凭证；询问本人领取几份。",
			"See in the civil register whether it is one person; see both applications, accounts and withdrawals; ask how many were received."),
		Control: text("系统应在录入时校验证号，并把15位证号升位后查重。", "Numbers should be checked on entry, and those of 15 digits rebuilt before looking for doubles."),
	},
	Basis: []detect.Basis{basisFraud},
	By:    []table.Key{table.Person},
	Needs: []string{"payment"},
	Reads: append(slices.Clone(grantReads), payName, payID),
	Check: checkDupIdentity,
}

func checkDupIdentity(p *detect.Pass) error {
	v := p.View(table.Payment)
	ids := payID.In(v)
	switch {
	case v.Len() == 0:
		p.NotApplicable(noPayment)
		return nil
	case !slices.ContainsFunc(ids, func(s string) bool { return s != "" }):
		p.NotApplicable(noNumber)
		return nil
	case !slices.ContainsFunc(ids, func(s string) bool { return s != ids[0] }):
		return nil
	}
	l := grants.Of(p)
	for lo := 0; lo < len(l.grants); {
		hi := lo + 1
		for hi < len(l.grants) && l.grants[hi].program == l.grants[lo].program {
			hi++
		}
		for _, ks := range overlapping(l.grants, lo, hi, 1) {
			if n := len(numbersOf(ids, l.grants, ks)); n > 1 {
				reportDupIdentity(p, v, l, ks, n)
			}
		}
		lo = hi
	}
	return nil
}

// noNumber is why nothing can be told from identity numbers.
var noNumber = text("无身份证号", "no identity number")

// numbersOf returns the different identity numbers that grants ks were paid
// under, as they are written but for blanks, width and a certificate's suffix.
func numbersOf(ids []string, gs []grant, ks []int) []string {
	var out []string
	for _, k := range ks {
		if _, masked := idnum.Masked(ids[gs[k].row]); masked {
			continue // what it shows is the other number's
		}
		n := idnum.Clean(ids[gs[k].row])
		if len(n) > 18 {
			n = n[:18]
		}
		if n != "" && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

func reportDupIdentity(p *detect.Pass, v table.View, l *ledger, ks []int, numbers int) {
	ids := payID.In(v)
	widest, total, grade := l.grants[ks[0]], table.Fen(0), p.Rule.Grade
	facts := []detect.Fact{fact("补贴项目", "program", widest.program)}
	var forms []string // the canonical numbers behind the written ones
	for _, k := range ks {
		g := l.grants[k]
		if g.period.Months() > widest.period.Months() {
			widest = g
		}
		total += g.amount
		id, err := idnum.Parse(ids[g.row])
		if err != nil {
			grade = detect.E2
		} else if !slices.Contains(forms, id.Number) {
			forms = append(forms, id.Number)
		}
		facts = append(facts, fact("证号位数与尾号、所属期、净额", "length and end of number, period, net",
			fmt.Sprintf("%s  %s  %s", numberEnd(ids[g.row]), g.period, g.amount)))
	}
	if len(forms) > 1 || !widest.stated {
		grade = detect.E2
	}
	over, when, name := excess(l.grants, ks), span(widest.period), payName.In(v)[l.grants[ks[0]].row]
	p.Report(detect.Lead{
		Grade: grade, Program: widest.program, Period: widest.period.String(), Item: widest.project + widest.tier + widest.county, Amount: over,
		Summary: text(
			fmt.Sprintf("%s以%d个证号在%s领取%s%d笔，净额合计%s元，疑似重复%s元，建议核实是否同一人。", name, numbers, when.Zh, widest.program, len(ks), total, over),
			fmt.Sprintf("%s was paid %s %d times for %s under %d identity numbers: %s yuan net, %s of it possibly twice; find out whether it is one person.", name, widest.program, len(ks), when.En, numbers, total, over)),
		Facts:    facts,
		Evidence: l.evidence(v, ks...),
	})
}

// numberEnd tells written numbers apart without writing them out: 18: ...0726.
func numberEnd(s string) string {
	n := idnum.Clean(s)
	return fmt.Sprintf("%d: ...%s", len(n), n[max(0, len(n)-4):])
}
