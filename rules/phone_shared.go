package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var phoneHouseholds = &detect.Param[int]{
	Name: "min_households", Default: 5,
	Doc: text("同一电话登记的户数达到此数（含）即提示", "households under one telephone that make a lead, inclusive"),
}

// PhoneShared flags units whose rosters give one telephone for many households.
var PhoneShared = &detect.Rule{
	ID:     "phone-shared",
	Family: detect.Dup,
	Title:  text("同号多户", "one telephone for many households"),
	Grade:  detect.E2,
	Doc: detect.Doc{
		Purpose: text("查找发放单位的名册中多户登记同一联系电话的情形。", "Finds paying units whose rosters have one telephone for many households."),
		Steps: text(`1. 按发放单位归集金额为正的发放记录，按联系电话取不同的户（户键；不知属于哪户的按人）。
2. 不足7位、各位相同或脱敏的号码不计。
3. 一个号码的户数达到 min_households（含）即提示，每单位每号码一条。不涉及具体金额。`,
			`1. Payments above zero are taken by paying unit, and their different households (persons where no household is known) by telephone.
2. Numbers of under 7 digits, of one repeated digit, or masked do not count.
3. min_households (inclusive) under one number make a lead, one for each unit and number. No money is in question by itself.`),
		Formula: "|{户 : 单位， 电话}| ≥ min_households",
		Example: `五户登记同一电话。
-- payment.csv --
beneficiary_name,beneficiary_id,household_id,program,period,amount,phone,payer,want
韦一,459901197001010315,H1,农村低保,2017-03,200,10000000031,青石镇财政所,E2 青石镇财政所 0.00 .*5户
黄二,459901197001010323,H2,农村低保,2017-03,200,10000000031,青石镇财政所,
覃三,459901197001010331,H3,农村低保,2017-03,200,10000000031,青石镇财政所,
莫四,45990119700101034X,H4,农村低保,2017-03,200,10000000031,青石镇财政所,
蓝五,459901197001010358,H5,农村低保,2017-03,200,10000000031,青石镇财政所,
-- household.csv --
household_id,member_name,member_id
H1,韦一,459901197001010315
`,
		Why: text("多户同一电话，可能由一人代填代领，农户收不到发放通知，也可能是编造名册。",
			"One person may fill in and collect for all; the households get no notice, or do not exist."),
		Exclusions:  text("空号、占位号码、脱敏号码不计；同一户多人不计为多户。", "Blank, placeholder and masked numbers are not counted; members of one household are one."),
		FalseAlarms: text("留守老人统一登记村干部或帮扶人电话；亲属代留；录入时整列下拉。", "Old people for whom a cadre's or helper's telephone is entered; a relative's number; a cell dragged down a column."),
		Verify:      text("拨打该号码问明机主；抽几户问是否知道补贴、存折在谁手里。", "Call and ask whose it is; ask some of the households whether they know of the benefit and who has the passbook."),
		Control:     text("名册应登记本人或同户成员电话并抽查回访。", "Rosters should have the payee's own or a member's telephone, with calls back by sample."),
	},
	Basis:  []detect.Basis{basisOneCard},
	By:     []table.Key{table.Unit},
	Needs:  []string{"payment", "household"},
	Reads:  []table.Column{payName, payPerson, payMatch, payHousehold, payAmount, payPhone},
	Params: []detect.Parameter{phoneHouseholds},
	Check:  checkPhoneShared,
}

func checkPhoneShared(p *detect.Pass) error {
	v := p.View(table.Payment)
	if v.Len() == 0 {
		p.NotApplicable(noPayment)
		return nil
	}
	phone, household, person := payPhone.In(v), payHousehold.In(v), payPerson.In(v)
	name, amount := payName.In(v), payAmount.In(v)
	type use struct {
		phone, house string
		row          int
	}
	var uses []use
	for i := range v.Len() {
		if n := phoneOf(phone[i]); n != "" && amount.Or(i, 0) > 0 {
			if h := firstOf(household[i], person[i]); h != "" {
				uses = append(uses, use{n, h, i})
			}
		}
	}
	if len(uses) == 0 {
		p.NotApplicable(text("名册无联系电话", "rosters have no telephone"))
		return nil
	}
	slices.SortFunc(uses, func(a, b use) int {
		return cmp.Or(cmp.Compare(a.phone, b.phone), cmp.Compare(a.house, b.house), cmp.Compare(a.row, b.row))
	})
	uses = slices.CompactFunc(uses, func(a, b use) bool { return a.phone == b.phone && a.house == b.house })
	for lo := 0; lo < len(uses); {
		hi := lo + 1
		for hi < len(uses) && uses[hi].phone == uses[lo].phone {
			hi++
		}
		if hi-lo >= phoneHouseholds.Of(p) {
			same := slices.Clone(uses[lo:hi])
			slices.SortFunc(same, func(a, b use) int { return a.row - b.row })
			l := detect.Lead{Item: same[0].phone}
			var who []string
			for _, u := range same {
				who = append(who, name[u.row])
				l.Evidence = append(l.Evidence, detect.Row(v, u.row, rolePayment))
			}
			people, tail := list(who, "人"), tailOf(same[0].phone)
			l.Facts = []detect.Fact{fact("电话尾号", "telephone ending", tail), fact("户数", "households", fmt.Sprint(len(same)))}
			l.Summary = text(
				fmt.Sprintf("%s发放名册中，%d户（%s）登记同一电话（尾号%s），建议核实号码归谁、各户是否本人领取。", p.Group.ID, len(same), people.Zh, tail),
				fmt.Sprintf("Rosters of %s have one telephone (ending in %s) for %d households (%s); find out whose it is and whether each household collects itself.", p.Group.ID, tail, len(same), people.En))
			p.Report(l)
		}
		lo = hi
	}
	return nil
}

// phoneOf returns a telephone's digits, "" where the cell holds none: too few,
// one digit repeated, masked.
func phoneOf(s string) string {
	if strings.ContainsAny(s, "*＊") {
		return ""
	}
	s = strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			r -= '０' - '0'
		}
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
	if len(s) < 7 || strings.Count(s, s[:1]) == len(s) {
		return ""
	}
	return s
}
