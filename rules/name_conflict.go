package rules

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/names"
	"fundtrace/pipeline/table"
)

// NameConflict flags an identity number that stands under really different
// names.
var NameConflict = &detect.Rule{
	ID:     "name-conflict",
	Family: detect.Dup,
	Title:  text("一证多名", "one number under different names"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找同一身份证号在发放名册、建档立卡和比对库中对应不同姓名的情形。",
			"Finds identity numbers that rosters, the household register and outside registers give to different names."),
		Steps: text(`1. 按证号汇集各表所写的享受人、成员、在册人员姓名，以及同一行中填了同一证号的户主、收款人姓名。
2. 空格、间隔号、括注、姓名后的序号、繁简异体、同音字，以及4个字以上的长姓名被截短，不算不同；写作“*”的脱敏姓名、含“?”“□”等代替生僻字的姓名不参加比较。
3. 仍有两个以上互不相同的姓名即提示。两个姓名都领过款的为 E1，其他姓名只作为户主、收款人或只见于建档、比对库的为 E2。
4. 涉及金额 = 各姓名名下正数发放合计 − 其中最多的一个姓名。`,
			`1. The names of beneficiaries, members and persons on registers are gathered by identity number, and those of heads and payees to whom the same row gives the beneficiary's number.
2. Blanks, middle dots, notes in brackets, a number behind the name, variant characters, homophones, and a long name cut short to 4 characters or more make no difference; names masked with *, or with ? or □ for a rare character, take no part.
3. Two or more names that remain different make a lead: E1 where two of them were paid, E2 where the others are heads or payees or stand in the household or outside registers only.
4. Money in question: what was paid (positive rows) under all the names less that under the name with the most.`),
		Formula: "∃ i, j : 证号i = 证号j ∧ ¬同名（姓名i， 姓名j）",
		Example: `同一证号，低保名册写韦大山，教育资助名册写覃小河。
-- payment.csv --
beneficiary_name,beneficiary_id,program,period,amount,want
韦大山,459901197001010016,农村低保,2017-03,200,E1 459901197001010016 150.00 .*韦大山、覃小河
覃小河,459901197001010016,教育资助,2017,150,
`,
		Why: text("一证多名可能是冒用他人证号、顶名领取，也会使其他比对落空。",
			"Somebody may be drawing money under another's number, and other comparisons miss their mark."),
		Exclusions: text("异体字、同音字、空格、括注、脱敏或缺字的姓名不计；只凭姓名归并的记录不计。",
			"Variants, homophones, blanks, notes and masked or illegible names are not counted, nor rows joined without a number."),
		FalseAlarms: text("改名；小名与户籍名并用；子女无证而填了户主的证号；少数民族汉译名不一；名册错行把邻行证号录入。",
			"A changed name; a childhood name beside the registered one; a child without a number entered under the head's; different renderings of a minority name; a number typed from the row above or below."),
		Verify: text("调户籍底册核对证号归属和曾用名；查账户户名；找两个姓名的人分别核实。",
			"See in the civil register whose number it is and former names; see the account's holder; look for both persons."),
		Control: text("发放前应校验姓名与证号是否一致。", "Names and numbers should be verified together before payment."),
	},
	Basis: []detect.Basis{basisFraud},
	By:    []table.Key{table.Person},
	Needs: []string{"payment"},
	Reads: []table.Column{payName, payID, payHeadName, payHeadID, payHead, payPayeeName, payPayeeID, payPayee, payNet, memberName, memberID, registerName, registerID},
	Check: checkNameConflict,
}

// illegible are the characters that stand for one that was masked or could not
// be typed; a name with one of them is compared with nothing.
const illegible = "*＊?？□■〓�"

// A bearer is one name under a number.
type bearer struct {
	name     string
	sum      table.Fen // paid under it
	paid     bool
	evidence []detect.Evidence // its first row of each table
}

func checkNameConflict(p *detect.Pass) error {
	var all []bearer
	note := func(v table.View, ns, ids, keys []string, role detect.Text, amount table.Values[table.Fen]) {
		last := len(all) - 1
		for i, name := range ns {
			if ids[i] == "" || name == "" || keys != nil && keys[i] != p.Group.ID {
				continue
			}
			if last < 0 || all[last].name != name {
				if strings.ContainsAny(name, illegible) {
					continue
				}
				last = slices.IndexFunc(all, func(b bearer) bool { return oneName(b.name, name) })
			}
			if last < 0 {
				last = len(all)
				all = append(all, bearer{name: name})
			}
			b := &all[last]
			if fen := table.Fen(0); amount.Len() > 0 {
				fen = amount.Or(i, 0)
				b.sum += max(fen, 0)
				b.paid = b.paid || fen > 0
			}
			if !slices.ContainsFunc(b.evidence, func(e detect.Evidence) bool { return e.Table == v.Schema().Name }) {
				b.evidence = append(b.evidence, detect.Row(v, i, role))
			}
		}
	}
	v, m, r := p.View(table.Payment), p.View(table.Member), p.View(table.Register)
	note(v, payName.In(v), payID.In(v), nil, rolePayment, payNet.In(v))
	note(v, payHeadName.In(v), payHeadID.In(v), payHead.In(v), rolePayment, table.Values[table.Fen]{})
	note(v, payPayeeName.In(v), payPayeeID.In(v), payPayee.In(v), rolePayment, table.Values[table.Fen]{})
	note(m, memberName.In(m), memberID.In(m), nil, roleHousehold, table.Values[table.Fen]{})
	note(r, registerName.In(r), registerID.In(r), nil, text("比对库记录", "register"), table.Values[table.Fen]{})
	switch len(all) {
	case 0:
		p.NotApplicable(noNumber)
		return nil
	case 1:
		return nil
	}
	slices.SortStableFunc(all, func(a, b bearer) int { return int(b.sum - a.sum) })
	l := detect.Lead{Grade: detect.E2}
	var who []string
	for i, b := range all {
		who = append(who, b.name)
		if i > 0 {
			l.Amount += b.sum
			if b.paid {
				l.Grade = p.Rule.Grade
			}
		}
		l.Facts = append(l.Facts, fact("姓名及名下发放", "name and what was paid under it", b.name+"  "+b.sum.String()))
		for _, e := range b.evidence { // one row may give two names
			if !slices.Contains(l.Evidence, e) {
				l.Evidence = append(l.Evidence, e)
			}
		}
	}
	people := list(who, "个姓名")
	l.Summary = text(
		fmt.Sprintf("同一身份证号（尾号%s）在各表中对应不同姓名：%s，建议核实证号归属和实际领取人。", tailOf(p.Group.ID), people.Zh),
		fmt.Sprintf("One identity number (ending in %s) stands under different names: %s; find out whose it is and who received.", tailOf(p.Group.ID), people.En))
	p.Report(l)
	return nil
}

// oneName reports whether two names under one number may be one: also where a
// digit behind it tells namesakes of a roster apart, or a long one was cut short.
func oneName(a, b string) bool {
	a, b = strings.TrimRight(a, "0123456789"), strings.TrimRight(b, "0123456789")
	if names.Same(a, b) {
		return true
	}
	a, b = names.Fold(a), names.Fold(b)
	return strings.HasPrefix(a, b) && utf8.RuneCountInString(b) >= longName || strings.HasPrefix(b, a) && utf8.RuneCountInString(a) >= longName
}

// longName is the length from which what is left of a name is still a name: few
// Han names have four characters, and none of those begins another.
const longName = 4

// tailOf returns the last four characters of a number.
func tailOf(s string) string {
	r := []rune(s)
	return string(r[max(0, len(r)-4):])
}
