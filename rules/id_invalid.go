package rules

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/idnum"
	"fundtrace/pipeline/table"
)

var (
	idSharedCode = &detect.Param[int]{
		Name: "shared_percent", Default: 50,
		Doc: text("代码表中没有的区划代码，同县超过此比例（%，不含）的人都有，即为代码表缺漏，不作线索", "percent of a county's people, exclusive, whose common division code is one that the list lacks and no lead"),
	}
	idSharedLeast = &detect.Param[int]{
		Name: "shared_least", Default: 20,
		Doc: text("且至少有此数（含）的人", "and so many people at least, inclusive"),
	}
)

var idAgeGap = &detect.Param[int]{
	Name: "max_age_gap", Default: 5,
	Doc: text("年龄列与证号推算的年龄相差超过此数（年，不含；虚岁、生日前后各一岁之外）即提示", "years that a stated age may differ from the number's, exclusive, beyond the year before a birthday and the one of nominal age"),
}

// IDInvalid flags identity numbers that nobody can have, and those that the
// sheet's own columns contradict.
var IDInvalid = &detect.Rule{
	ID:     "id-invalid",
	Family: detect.Dup,
	Title:  text("身份证号异常", "impossible identity number"),
	Grade:  detect.E0,
	Doc: detect.Doc{
		Purpose: text("查找发放名册和建档立卡名册中不可能存在的、或与同一行的出生日期、性别、年龄不一致的身份证号。", "Finds identity numbers on payment and household rosters that cannot exist, or that the date of birth, sex or age on the same row contradicts."),
		Steps: text(`1. 去除空格、引号、全角等书写差异；15位号按规则升为18位；残疾人证号取前18位。
2. 依次检查：长度、字符、出生日期、校验码（GB 11643）、行政区划代码（GB/T 2260 历年代码，加政策文件 regions）、出生日期是否晚于计算基准日。
3. 第一项不符的即为线索，为 E0；每个人的每个不同号码一条。代码表中没有的区划代码，同县超过 shared_percent%（不含）、至少 shared_least 人（含）都有的，不作线索，提示一次在政策文件 regions 中登记。
4. 号码无误的，与同一行的出生日期（写到年、月的只比到年、月；每月1日只比到月，1月1日只比到年；年份只比后两位）、性别、年龄比较；年龄按所属期、发放日期或数据年度推算，在周岁少一岁、虚岁多一岁之外相差超过 max_age_gap（不含）的为不符。与同一行户主或收款人证号一致的不算不符。不符的为 E1，每个号码一条。`,
			`1. Differences of writing (blanks, quotes, full width) are removed; 15 digits are raised to 18; of a disability certificate the first 18 are taken.
2. In this order: length, characters, birth date, check digit (GB 11643), division code (GB/T 2260 of all years, and regions of the policy), birth after the as-of day.
3. The first that fails makes an E0 lead, one for each different number of a person. A division code not in the list that more than shared_percent (exclusive) of a county's people and at least shared_least of them (inclusive) have is no lead: the run says once that it belongs into the policy's regions.
4. A right number is compared with the row's date of birth (to the year or month where it says no more; the first of a month counts as a month, the first of January as a year; of the year the last two digits), sex and age. The age is reckoned from period, day of payment or year of the data; it contradicts when it is more than max_age_gap (exclusive) away from a year before and a year after. What agrees with the head's or payee's number on the row is no contradiction. E1, one for each number.`),
		Formula: "长度 ∨ 字符 ∨ 出生日期 ∨ 校验码 ∨ 区划代码 不符 ∨ 证号 ≠ 出生日期列 ∨ 证号 ≠ 性别列 ∨ |证号年龄 − 年龄列| > max_age_gap",
		Example: `石某的身份证号末位与校验码不符。
-- payment.csv --
beneficiary_name,beneficiary_id,program,period,amount,want
石小坪,459901197001010419,农村低保,2017-03,200,E0 .* 200.00 石小坪.*校验码
`,
		Why: text("不存在的号码对不上任何人，可能是虚构人员，也使其他比对失效。",
			"A number that nobody has may stand for nobody, and it escapes every comparison."),
		Exclusions: text("电子表格造成的失真（后三位变为000）列入数据质量，不在此列；未填号码的、以文字说明无证的不作判断；横排多人一行、只有一列出生日期、性别或年龄的，只作户主的。",
			"Numbers that a spreadsheet rounded are data quality and not judged here, nor absent numbers or words in their place; one column of birth, sex or age in a row of several people is the head's only."),
		FalseAlarms: text("录入错一位；新近启用、尚未列入代码表的区划；港澳台居民证件、军官证填在身份证栏；出生日期按农历填写；性别、年龄列串行或未更新。",
			"One digit mistyped; a new division code; another kind of document in the ID column; a birthday by the lunar calendar; a column of sex or age shifted by a row or out of date."),
		Verify:  text("对照户口簿、身份证原件；到派出所查询；见到本人。", "Compare with the household book and the card; ask the police station; see the person."),
		Control: text("录入时应由系统校验身份证号。", "The number should be checked by the system on entry."),
	},
	Basis: []detect.Basis{basisFraud},
	By:    []table.Key{table.Person},
	Needs: []string{"payment"},
	Reads: append([]table.Column{
		payName, payID, payHeadID, payPayeeID, payNet, payRounded, payPeriod, payDate, payBirth, paySex, payAge,
		memberName, memberID, memberRounded, memberYear, memberBirth, memberSex, memberAge,
	}, countyReads...),
	Params:    []detect.Parameter{idAgeGap, idSharedCode, idSharedLeast},
	Baselines: []detect.Measure{divisionCodes},
	Check:     checkIDInvalid,
}

// codes counts the people of a county, and those whose number begins with a
// division code that no list has, by that code.
type codes struct {
	People  int
	Unknown map[string]int
}

// divisionCodes counts by county, as the first row of a person has it.
var divisionCodes = &detect.Baseline[codes]{
	Name: "division codes", By: table.Person, Read: append([]table.Column{payID, memberID}, countyReads...),
	Key: func(p *detect.Pass) (string, bool) { return countyOf(p), numberOf(p) != "" },
	Of: func(p *detect.Pass) codes {
		out := codes{People: 1}
		if code := unknownCode(p, numberOf(p)); code != "" {
			out.Unknown = map[string]int{code: 1}
		}
		return out
	},
	Merge: func(a, b codes) codes {
		a.People += b.People
		if a.Unknown == nil {
			a.Unknown = b.Unknown
			return a
		}
		for code, n := range b.Unknown {
			a.Unknown[code] += n
		}
		return a
	},
}

// numberOf returns the first number on a person's rows, "" for none.
func numberOf(p *detect.Pass) string {
	return firstOf(firstOf(payID.In(p.View(table.Payment))...), firstOf(memberID.In(p.View(table.Member))...))
}

// unknownCode returns the division code of a number that has nothing wrong but
// that no list has it, else "".
func unknownCode(p *detect.Pass, number string) string {
	if len(number) < 6 || idnum.Assigned(number[:6]) || p.Policy.Regions[number[:6]] != "" {
		return "" // as nearly all, at little cost
	}
	id, err := idnum.Parse(number)
	if err != nil {
		return ""
	}
	var fault *idnum.Error
	if errors.As(id.Verify(p.AsOf, p.Policy.Regions), &fault) && fault.Part == idnum.Region {
		return id.Region
	}
	return ""
}

// sharedCode returns a number's division code where it is one that no list has
// and that most people of the county share, else "".
func sharedCode(p *detect.Pass, number string) string {
	code := unknownCode(p, number)
	c := divisionCodes.At(p, countyOf(p))
	if n := c.Unknown[code]; n < idSharedLeast.Of(p) || n*100 <= c.People*idSharedCode.Of(p) {
		return ""
	}
	return code
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

// A badID is one number that is impossible, or that columns contradict, with the
// rows that bear it.
type badID struct {
	number, name string
	fault        detect.Text
	columns      []detect.Fact // what contradicts a right number; nil for an impossible one
	amount       table.Fen
	rows         []detect.Evidence
}

func checkIDInvalid(p *detect.Pass) error {
	pay, member := p.View(table.Payment), p.View(table.Member)
	var bad []badID
	asked := false
	var good idnum.ID                         // what the last good number says
	seen, rounded, masked := "", false, false // that number; whether one was rounded, or hidden in part
	note := func(b badID, row detect.Evidence, fen table.Fen) {
		k := slices.IndexFunc(bad, func(o badID) bool { return o.number == b.number && (o.columns == nil) == (b.columns == nil) })
		if k < 0 {
			k = len(bad)
			bad = append(bad, b)
		}
		for _, c := range b.columns {
			if !slices.Contains(bad[k].columns, c) {
				bad[k].columns = append(bad[k].columns, c)
			}
		}
		bad[k].amount += fen
		bad[k].rows = append(bad[k].rows, row)
	}
	// look reports whether the row's number is a good one, after noting one that is not.
	look := func(v table.View, i int, number, name, roundedFields, field string, role detect.Text, fen table.Fen) bool {
		switch {
		case number == seen && seen != "":
			return true
		case number == "" || !strings.ContainsAny(number, "0123456789０１２３４５６７８９"):
			return false
		case table.Marked(roundedFields, field):
			rounded = true
			return false
		}
		if _, ok := idnum.Masked(number); ok {
			masked = true
			return false
		}
		id, err := idnum.Parse(number)
		if err == nil {
			err = id.Verify(p.AsOf, p.Policy.Regions)
		}
		var fault *idnum.Error
		if errors.As(err, &fault) {
			if code := sharedCode(p, number); code != "" {
				if !asked {
					p.Ask(unlisted(code))
				}
				asked = true
				return false
			}
			note(badID{number: number, name: name, fault: idFaults[fault.Part]}, detect.Row(v, i, role), fen)
			return false
		}
		seen, good = number, id
		return true
	}
	gap := idAgeGap.Of(p)
	ids, names, roundedPay, amount := payID.In(pay), payName.In(pay), payRounded.In(pay), payNet.In(pay)
	birth, sex, age, heads, payees := payBirth.In(pay), paySex.In(pay), payAge.In(pay), payHeadID.In(pay), payPayeeID.In(pay)
	for i := range pay.Len() {
		if !look(pay, i, ids[i], names[i], roundedPay[i], "beneficiary_id", rolePayment, amount.Or(i, 0)) {
			continue
		}
		if s := (selfSaid{birth[i], sex[i], age[i]}); s != (selfSaid{}) {
			if columns := s.against(good, paidYears(pay, i), gap, heads[i], payees[i]); columns != nil {
				note(badID{number: ids[i], name: names[i], columns: columns}, detect.Row(pay, i, rolePayment), amount.Or(i, 0))
			}
		}
	}
	ids, names, roundedMember := memberID.In(member), memberName.In(member), memberRounded.In(member)
	birth, sex, age, year := memberBirth.In(member), memberSex.In(member), memberAge.In(member), memberYear.In(member)
	for i := range member.Len() {
		if !look(member, i, ids[i], names[i], roundedMember[i], "member_id", roleHousehold, 0) {
			continue
		}
		if s := (selfSaid{birth[i], sex[i], age[i]}); s != (selfSaid{}) {
			var years []int
			if y := int(year.Or(i, 0)); y > 0 {
				years = []int{y}
			}
			if columns := s.against(good, years, gap); columns != nil {
				note(badID{number: ids[i], name: names[i], columns: columns}, detect.Row(member, i, roleHousehold), 0)
			}
		}
	}
	if len(bad) == 0 && seen == "" {
		if rounded {
			p.NotApplicable(text("身份证号被电子表格截断失真", "the number was rounded by a spreadsheet"))
		} else if masked {
			p.NotApplicable(text("身份证号已作遮盖", "the number is masked"))
		} else {
			p.NotApplicable(text("未填身份证号", "no identity number"))
		}
		return nil
	}
	for _, b := range bad {
		p.Report(b.lead())
	}
	return nil
}

// unlisted asks whoever set up the run for a division code.
func unlisted(code string) detect.Question {
	return detect.Question{
		What: text(
			fmt.Sprintf("身份证号区划代码%s不在代码表内，而多数人都是此代码：请核对后在政策文件 regions 中登记", code),
			fmt.Sprintf("The division code %s of most people's numbers is in no list: add it to regions in the policy if it is right", code)),
		Document: text(fmt.Sprintf("政策文件 regions: {%q: 县名}", code), fmt.Sprintf("regions: {%q: NAME} in the policy", code)),
	}
}

func (b *badID) lead() detect.Lead {
	l := detect.Lead{Item: b.number, Amount: b.amount, Evidence: b.rows, Facts: []detect.Fact{fact("出现次数", "rows", fmt.Sprint(len(b.rows)))}}
	if b.columns == nil {
		l.Rests = []table.Column{payID, memberID}
		l.Facts = slices.Insert(l.Facts, 0, fact("号码问题", "what is wrong", b.fault.Zh))
		l.Summary = text(
			fmt.Sprintf("%s登记的身份证号%s，名册中共出现%d次，涉及金额%s元，建议核对本人证件。", b.name, b.fault.Zh, len(b.rows), b.amount),
			fmt.Sprintf("The identity number given for %s has %s; it stands on %d rows with %s yuan; compare with the card.", b.name, b.fault.En, len(b.rows), b.amount))
		return l
	}
	var zh, en []string
	for _, c := range b.columns {
		if !slices.Contains(zh, c.Name.Zh) {
			zh, en = append(zh, c.Name.Zh), append(en, c.Name.En)
		}
	}
	l.Item, l.Grade, l.Facts = b.number+" birth, sex, age", detect.E1, append(slices.Clone(b.columns), l.Facts...)
	l.Summary = text(
		fmt.Sprintf("%s的身份证号与名册登记的%s不一致，共%d行，涉及金额%s元，建议核对本人证件。", b.name, strings.Join(zh, "、"), len(b.rows), b.amount),
		fmt.Sprintf("The identity number of %s does not agree with the %s on the roster: %d rows with %s yuan; compare with the card.", b.name, strings.Join(en, " and "), len(b.rows), b.amount))
	return l
}

// A selfSaid is what a row says of a person besides the number: date of birth
// (2017-03-15, 2017-03 or 2017), sex (男, 女), age in years. What is not in that
// form is not compared.
type selfSaid struct{ birth, sex, age string }

// against returns what contradicts the person's number and agrees with none of
// the others on the row. years are those in which the age may have been reckoned.
func (s selfSaid) against(id idnum.ID, years []int, gap int, others ...string) []detect.Fact {
	out := s.unlike(id, years, gap)
	for _, number := range others {
		if out == nil {
			return nil
		}
		if other, err := idnum.Parse(number); err == nil && other.Number != id.Number {
			also := s.unlike(other, years, gap)
			out = slices.DeleteFunc(out, func(f detect.Fact) bool { return !slices.Contains(also, f) })
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

var bornForm = regexp.MustCompile(`^\d{4}(-\d\d){0,2}$`)

// unlike returns what contradicts a number.
func (s selfSaid) unlike(id idnum.ID, years []int, gap int) (out []detect.Fact) {
	const century = len("19") // spreadsheets take a birth in 28 for one of 2028
	if bornForm.MatchString(s.birth) && !strings.HasPrefix(id.Birth.String()[century:], s.birth[century:]) {
		out = append(out, fact("出生日期", "date of birth", s.birth))
	}
	if s.sex == "男" && !id.Male || s.sex == "女" && id.Male {
		out = append(out, fact("性别", "sex", s.sex))
	}
	if n, err := strconv.Atoi(s.age); err == nil && n > 0 && len(years) > 0 {
		born := id.Birth.Year()
		if n < slices.Min(years)-born-1-gap || n > slices.Max(years)-born+1+gap {
			out = append(out, fact("年龄", "age", s.age))
		}
	}
	return out
}

// paidYears returns the years that a payment is for and was made in.
func paidYears(v table.View, i int) (years []int) {
	if period, ok := payPeriod.In(v).At(i); ok {
		years = append(years, period.Year())
	}
	if day, ok := payDate.In(v).At(i); ok {
		years = append(years, day.Year())
	}
	return years
}
