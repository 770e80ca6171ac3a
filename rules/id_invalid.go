package rules

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/idnum"
	"fundtrace/pipeline/table"
)

// IDInvalid flags identity numbers that nobody can have.
var IDInvalid = &detect.Rule{
	ID:     "id-invalid",
	Family: detect.Dup,
	Title:  text("身份证号异常", "impossible identity number"),
	Grade:  detect.E0,
	Doc: detect.Doc{
		Purpose: text("查找发放名册和建档立卡名册中不可能存在的身份证号。", "Finds identity numbers on payment and household rosters that cannot exist."),
		Steps: text(`1. 去除空格、引号、全角等书写差异；15位号按规则升为18位；残疾人证号取前18位。
2. 依次检查：长度、字符、出生日期、校验码（GB 11643）、行政区划代码（GB/T 2260 历年代码，加政策文件 regions）、出生日期是否晚于计算基准日。
3. 第一项不符的即为线索；每个人的每个不同号码一条。`,
			`1. Differences of writing (blanks, quotes, full width) are removed; 15 digits are raised to 18; of a disability certificate the first 18 are taken.
2. In this order: length, characters, birth date, check digit (GB 11643), division code (GB/T 2260 of all years, and regions of the policy), birth after the as-of day.
3. The first that fails makes the lead, one for each different number of a person.`),
		Formula: "长度 ∨ 字符 ∨ 出生日期 ∨ 校验码 ∨ 区划代码 不符",
		Example: `石某的身份证号末位与校验码不符。
-- payment.csv --
beneficiary_name,beneficiary_id,program,period,amount,want
石小坪,459901197001010419,农村低保,2017-03,200,E0 .* 200.00 石小坪.*校验码
`,
		Why: text("不存在的号码对不上任何人，可能是虚构人员，也使其他比对失效。",
			"A number that nobody has may stand for nobody, and it escapes every comparison."),
		Exclusions: text("电子表格造成的失真（后三位变为000）列入数据质量，不在此列；未填号码的、以文字说明无证的不作判断。",
			"Numbers that a spreadsheet rounded are data quality and not judged here, nor absent numbers or words in their place."),
		FalseAlarms: text("录入错一位；新近启用、尚未列入代码表的区划；港澳台居民证件、军官证填在身份证栏。",
			"One digit mistyped; a new division code; another kind of document in the ID column."),
		Verify:  text("对照户口簿、身份证原件；到派出所查询；见到本人。", "Compare with the household book and the card; ask the police station; see the person."),
		Control: text("录入时应由系统校验身份证号。", "The number should be checked by the system on entry."),
	},
	Basis: []detect.Basis{basisFraud},
	By:    []table.Key{table.Person},
	Needs: []string{"payment"},
	Reads: []table.Column{payName, payID, payAmount, payRounded, payMatch, memberName, memberID, memberRounded, memberMatch},
	Check: checkIDInvalid,
}

// idFaults are the words for what is wrong with a number.
var idFaults = map[idnum.Part]detect.Text{
	idnum.Length:     text("位数不对", "the wrong length"),
	idnum.Characters: text("含有非法字符", "impossible characters"),
	idnum.Birth:      text("出生日期不存在", "an impossible birth date"),
	idnum.CheckDigit: text("校验码不符", "the wrong check digit"),
	idnum.Region:     text("行政区划代码不存在", "a division code never assigned"),
	idnum.Unborn:     text("出生日期晚于计算基准日", "a birth date in the future"),
}

// A badID is one impossible number with the rows that bear it.
type badID struct {
	number, name string
	part         idnum.Part
	amount       table.Fen
	rows         []detect.Evidence
}

func checkIDInvalid(p *detect.Pass) error {
	pay, member := p.View(table.Payment), p.View(table.Member)
	var bad []badID
	seen, rounded := "", false // the last good number; whether one was rounded
	look := func(v table.View, i int, number, name, roundedFields, field string, role detect.Text, fen table.Fen) {
		switch {
		case number == "" || number == seen || !strings.ContainsAny(number, "0123456789０１２３４５６７８９"):
			return
		case has(roundedFields, field):
			rounded = true
			return
		}
		id, err := idnum.Parse(number)
		if err == nil {
			err = id.Verify(p.AsOf, p.Policy.Regions)
		}
		var fault *idnum.Error
		if !errors.As(err, &fault) {
			seen = number
			return
		}
		k := slices.IndexFunc(bad, func(b badID) bool { return b.number == number })
		if k < 0 {
			k = len(bad)
			bad = append(bad, badID{number: number, name: name, part: fault.Part})
		}
		bad[k].amount += fen
		bad[k].rows = append(bad[k].rows, detect.Row(v, i, role))
	}
	ids, names, roundedPay, amount := payID.In(pay), payName.In(pay), payRounded.In(pay), payAmount.In(pay)
	for i := range pay.Len() {
		look(pay, i, ids[i], names[i], roundedPay[i], "beneficiary_id", rolePayment, amount.Or(i, 0))
	}
	ids, names, roundedMember := memberID.In(member), memberName.In(member), memberRounded.In(member)
	for i := range member.Len() {
		look(member, i, ids[i], names[i], roundedMember[i], "member_id", roleHousehold, 0)
	}
	if len(bad) == 0 && seen == "" {
		if rounded {
			p.NotApplicable(text("身份证号被电子表格截断失真", "the number was rounded by a spreadsheet"))
		} else {
			p.NotApplicable(text("未填身份证号", "no identity number"))
		}
		return nil
	}
	for _, b := range bad {
		fault := idFaults[b.part]
		l := detect.Lead{
			Item: b.number, Amount: b.amount,
			Summary: text(
				fmt.Sprintf("%s登记的身份证号%s，名册中共出现%d次，涉及金额%s元，建议核对本人证件。", b.name, fault.Zh, len(b.rows), b.amount),
				fmt.Sprintf("The identity number given for %s has %s; it stands on %d rows with %s yuan; compare with the card.", b.name, fault.En, len(b.rows), b.amount)),
			Facts:    []detect.Fact{fact("号码问题", "what is wrong", fault.Zh), fact("出现次数", "rows", fmt.Sprint(len(b.rows)))},
			Evidence: b.rows,
		}
		p.Report(l)
	}
	return nil
}
