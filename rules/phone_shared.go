package rules

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/idnum"
	"fundtrace/pipeline/table"
)

var phoneHouseholds = &detect.Param[int]{
	Name: "min_households", Default: 5,
	Doc: text("同一电话登记的户数达到此数（含）即提示", "households under one telephone that make a lead, inclusive"),
}

// PhoneShared flags units whose rosters, and villages and counties whose register,
// give one telephone for many households.
var PhoneShared = &detect.Rule{
	ID:     "phone-shared",
	Family: detect.Dup,
	Title:  text("同号多户", "one telephone for many households"),
	Grade:  detect.E2,
	Doc: detect.Doc{
		Purpose: text("查找发放单位的名册、一个村的建档立卡和发放名册，或一个县的建档立卡名册中，多户登记同一联系电话的情形。", "Finds paying units whose rosters, villages whose register and rosters, and counties whose register, have one telephone for many households."),
		Steps: text(`1. 按发放单位归集金额为正的发放记录，按联系电话取不同的户（户键；不知属于哪户的按人）。
2. 再按村把建档立卡登记的电话与发放名册的电话合并，取不同的户；某发放单位的名册单独已达到界限的，只在该单位提示。跨村的再按县合并建档立卡登记的电话；某村或某发放单位的名册单独已达到界限的，只在该村、该单位提示。
3. 号码去掉国家代码86；不足7位、末尾7位以上相同、顺序数字或脱敏的号码不计。
4. 一个号码的户数达到 min_households（含）即提示，每单位或每村、每号码一条。不涉及具体金额。`,
			`1. Payments above zero are taken by paying unit, and their different households (persons where no household is known) by telephone.
2. The telephones of the household register are put together with those of the rosters by village, likewise; what one paying unit's rosters reach by themselves is the unit's lead only. Across villages the telephones of the household register are put together by county; what one village, or one paying unit's rosters, reach by themselves is that village's or unit's lead.
3. The country's code 86 is dropped; numbers of under 7 digits, ending in 7 or more equal digits, counting up, or masked do not count.
4. min_households (inclusive) under one number make a lead, one for each unit or village and number. No money is in question by itself.`),
		Formula: "|{户 : 单位或村， 电话}| ≥ min_households",
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
	Basis: []detect.Basis{basisOneCard},
	By:    []table.Key{table.Unit, table.Village, table.County},
	Needs: []string{"payment", "household"},
	Reads: []table.Column{
		payPerson, payHousehold, payNet, payPhone, payUnit,
		memberPerson, memberHousehold, memberPhone, memberVillage,
	},
	Params:    []detect.Parameter{phoneHouseholds},
	Baselines: []detect.Measure{payersPhones},
	Check:     checkPhoneShared,
}

// A phoneUse is one household under one telephone.
type phoneUse struct {
	phone, house string
	view         table.View
	row          int
}

// phoneUses calls f with the household and telephone of each row that has both.
// judged leaves rows out.
func phoneUses(v table.View, phone, household, person []string, judged func(row int) bool, f func(phoneUse)) {
	var last latest[string, string]
	for i := range v.Len() {
		if n := last.of(phone[i], idnum.Phone); n != "" && judged(i) {
			if h := firstOf(household[i], person[i]); h != "" {
				f(phoneUse{n, h, v, i})
			}
		}
	}
}

func checkPhoneShared(p *detect.Pass) error {
	pay, member := p.View(table.Payment), p.View(table.Member)
	village, county := p.Group.Key == table.Village, p.Group.Key == table.County
	least := phoneHouseholds.Of(p)
	all, some := sharedPhones(least, func(f func(phoneUse)) {
		rosterPhones(pay, f)
		if village || county {
			phoneUses(member, memberPhone.In(member), memberHousehold.In(member), memberPerson.In(member), func(int) bool { return true }, f)
		}
	})
	if !some {
		p.NotApplicable(text("名册无联系电话", "rosters have no telephone"))
	}
	for _, same := range all {
		switch {
		case village && told(payUnit.In(pay), pay, same, least):
		case county && (told(memberVillage.In(member), member, same, least) || payersPhones.At(p, p.Group.ID)[same[0].phone]):
		default:
			reportPhoneShared(p, slices.CompactFunc(same, sameHouse))
		}
	}
	return nil
}

// rosterPhones calls f with the uses of telephones in rows that were paid.
func rosterPhones(pay table.View, f func(phoneUse)) {
	amount := payNet.In(pay)
	phoneUses(pay, payPhone.In(pay), payHousehold.In(pay), payPerson.In(pay), func(i int) bool { return amount.Or(i, 0) > 0 }, f)
}

// payersPhones are by county the telephones that one payer's rosters have for so
// many households that they make the payer's lead.
var payersPhones = &detect.Baseline[map[string]bool]{
	Name: "telephones shared in a payer's rosters", By: table.Unit, Read: []table.Column{payPerson, payHousehold, payNet, payPhone, payCounty},
	Key: func(p *detect.Pass) (string, bool) {
		pay := p.View(table.Payment)
		return firstOf(payCounty.In(pay)...), pay.Len() > 0
	},
	Of: func(p *detect.Pass) map[string]bool {
		out := map[string]bool{}
		all, _ := sharedPhones(phoneHouseholds.Of(p), func(f func(phoneUse)) { rosterPhones(p.View(table.Payment), f) })
		for _, same := range all {
			out[same[0].phone] = true
		}
		return out
	},
	Merge: func(a, b map[string]bool) map[string]bool {
		maps.Copy(a, b)
		return a
	},
}

func sameHouse(a, b phoneUse) bool { return a.house == b.house }

// sharedPhones returns the uses of each telephone of at least so many households,
// in order of telephone and household; some is false where there is no telephone.
// each calls its function with all uses, and may be called twice.
func sharedPhones(least int, each func(func(phoneUse))) (out [][]phoneUse, some bool) {
	// Most telephones are one household's: those are kept that are often enough
	// with another household than the row before had.
	type line struct {
		house string
		turns int // at most how many households it has
	}
	lines, most := map[string]line{}, 0
	each(func(u phoneUse) {
		if l := lines[u.phone]; l.turns == 0 || l.house != u.house {
			lines[u.phone] = line{u.house, l.turns + 1}
			most = max(most, l.turns+1)
		}
	})
	if most < least {
		return nil, len(lines) > 0
	}
	var uses []phoneUse
	each(func(u phoneUse) {
		if lines[u.phone].turns >= least {
			uses = append(uses, u)
		}
	})
	slices.SortStableFunc(uses, func(a, b phoneUse) int {
		return cmp.Or(cmp.Compare(a.phone, b.phone), cmp.Compare(a.house, b.house))
	})
	for lo, hi := 0, 0; lo < len(uses); lo = hi {
		houses := 0
		for hi = lo; hi < len(uses) && uses[hi].phone == uses[lo].phone; hi++ {
			if hi == lo || !sameHouse(uses[hi], uses[hi-1]) {
				houses++
			}
		}
		if houses >= least {
			out = append(out, uses[lo:hi])
		}
	}
	return out, len(lines) > 0
}

// told reports whether the rows of one group of a table, a unit's or a village's,
// alone have least households among the uses of a telephone, in order of
// household: that lead is the group's.
func told(groups []string, v table.View, uses []phoneUse, least int) bool {
	houses := map[string][]string{}
	for _, u := range uses {
		if u.view.Schema() != v.Schema() || groups[u.row] == "" {
			continue
		}
		g := groups[u.row]
		if of := houses[g]; len(of) == 0 || of[len(of)-1] != u.house {
			houses[g] = append(of, u.house)
		}
		if len(houses[g]) >= least {
			return true
		}
	}
	return false
}

// reportPhoneShared reports households of different keys under one telephone.
func reportPhoneShared(p *detect.Pass, same []phoneUse) {
	slices.SortStableFunc(same, func(a, b phoneUse) int {
		return cmp.Or(cmp.Compare(a.view.Schema().Index(), b.view.Schema().Index()), cmp.Compare(a.row, b.row))
	})
	tail := tailOf(same[0].phone)
	l := detect.Lead{Item: same[0].phone, Facts: []detect.Fact{
		fact("电话尾号", "telephone ending", tail), fact("户数", "households", fmt.Sprint(len(same))),
	}}
	for _, u := range same {
		role := rolePayment
		if u.view.Schema() == table.Member {
			role = roleHousehold
		}
		l.Evidence = append(l.Evidence, detect.Row(u.view, u.row, role))
	}
	where := text(p.Group.ID+"发放名册中", "Rosters of "+p.Group.ID)
	switch p.Group.Key {
	case table.Village:
		name := placeName(p.Group.ID)
		where = text(name+"的建档立卡和发放名册中", "The household register and rosters of "+name)
	case table.County:
		where = text(p.Group.ID+"各村的建档立卡名册中", "The household register of the villages of "+p.Group.ID)
	}
	l.Summary = text(
		fmt.Sprintf("%s，%d户登记同一电话（尾号%s），建议核实号码归谁、各户是否本人领取。", where.Zh, len(same), tail),
		fmt.Sprintf("%s have one telephone (ending in %s) for %d households; find out whose it is and whether each household collects itself.", where.En, tail, len(same)))
	p.Report(l)
}
