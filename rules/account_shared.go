package rules

import (
	"fmt"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var (
	sharedHouseholds = &detect.Param[int]{
		Name: "min_households", Default: 3,
		Doc: text("同一账户收款户数达到此数（含）为 E1 线索", "households on one account that make an E1 lead, inclusive"),
	}
	sharedIndication = &detect.Param[int]{
		Name: "indication_households", Default: 2,
		Doc: text("户数达到此数（含）、未达 min_households 的为 E2 线索", "households that make an E2 lead, inclusive, up to min_households"),
	}
)

// AccountShared flags an account that receives for people of several
// households.
var AccountShared = &detect.Rule{
	ID:     "account-shared",
	Family: detect.Dup,
	Title:  text("一卡多户", "one account for several households"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找同一银行账户代收多户补贴的情形。", "Finds bank accounts that receive the benefits of several households."),
		Steps: text(`1. 按账号归集发放记录并轧差（见 dup-period 步骤1），逐笔取享受人所属的户（户编号；没有户编号的取户主）。
2. 分属不同户的达到 min_households（含）为 E1；达到 indication_households（含）而不足前者的为 E2。
3. 既无户编号又无户主的享受人不知属于哪户：已知户数不足、但已知户数加上这些人数达到 min_households（含）的，为 E2。
4. 涉及金额为该账户收到的各户款项合计减去最多的一户。`,
			`1. Payments are taken by account and netted (dup-period, step 1); each beneficiary's household is the household number, or the head where there is none.
2. min_households different households (inclusive) make an E1 lead; indication_households (inclusive) up to that an E2 lead.
3. Beneficiaries with neither number nor head may belong to any household: where the known households are too few, but together with these persons reach min_households (inclusive), the lead is E2.
4. Money in question: what the account received, less that of the household with the most.`),
		Formula: "|{户（享受人） : 账户}| ≥ min_households",
		Example: `三户的低保都发到同一个账户。
-- payment.csv --
beneficiary_name,beneficiary_id,household_id,program,period,amount,account,want
韦一,459901197001010315,H1,农村低保,2017-03,200,6217000000000000031,E1 6217000000000000031 400.00 .*0031.*3户
黄二,459901197001010323,H2,农村低保,2017-03,200,6217000000000000031,
覃三,459901197001010331,H3,农村低保,2017-03,200,6217000000000000031,
-- household.csv --
household_id,member_name,member_id
H1,韦一,459901197001010315
H2,黄二,459901197001010323
H3,覃三,459901197001010331
`,
		Why: text("多户补贴进入一个账户，可能有人代领、截留或虚报他人领取。",
			"Money of several households in one account may be collected, kept or claimed in others' names by one person."),
		Exclusions: text("同一户内成员共用账户属正常；退回、冲销的和重复报送的轧差后不计；无账号的、账号被电子表格截断失真的记录不参加。",
			"Sharing inside one household is ordinary; what was returned or reported twice is netted; rows without an account, or with one that a spreadsheet rounded, take no part."),
		FalseAlarms: text("分户后仍用父母账户；受委托代领的近亲属、监护人；村集体统一代收的账户；录入时账号整列串行。",
			"Split households that kept the parents' account; guardians and relatives who collect by proxy; a village's collective account; account numbers shifted by a row when typed."),
		Verify: text("查账户户名和取款凭证；逐户询问是否知道此账户、是否委托代领、是否拿到钱；查有无书面委托。",
			"See the holder and the withdrawal slips; ask each household whether it knows the account, gave authority and got the money; look for a written proxy."),
		Control: text("录入账号时应校验户名与享受人一致；一个账户对应多户时须附委托手续。",
			"The account's holder should be compared with the beneficiary on entry; an account for several households needs written proxies."),
	},
	Basis:  []detect.Basis{basisFraud, basisOneCard},
	By:     []table.Key{table.Account},
	Needs:  []string{"payment", "household"},
	Reads:  []table.Column{payAccount, payPerson, payNet, payName, payHousehold, payHead},
	Params: []detect.Parameter{sharedHouseholds, sharedIndication},
	Check:  checkAccountShared,
}

func checkAccountShared(p *detect.Pass) error {
	v := p.View(table.Payment)
	if v.Len() == 0 {
		p.NotApplicable(noPayment)
		return nil
	}
	all, known := sharersOf(v)
	grade, flagged := sharedGrade(p, len(all), known)
	if !flagged {
		if known == 0 && len(all) > 1 {
			p.NotApplicable(text("享受人既无户编号也无户主", "beneficiaries have neither household number nor head"))
		}
		return nil
	}
	names, tail := payName.In(v), p.Group.ID
	if len(tail) > 4 {
		tail = tail[len(tail)-4:]
	}
	var total, most table.Fen
	var who []string
	l := detect.Lead{Grade: grade}
	for _, s := range all {
		total, most = total+s.sum, max(most, s.sum)
		who = append(who, names[s.row])
		l.Facts = append(l.Facts, fact("享受人及金额", "beneficiary and sum", names[s.row]+"  "+s.sum.String()))
		l.Evidence = append(l.Evidence, detect.Row(v, s.row, rolePayment))
	}
	l.Amount = total - most
	people := list(who, "人")
	count, countEn := fmt.Sprintf("%d户", known), fmt.Sprintf("%d households", known)
	if n := len(all) - known; n > 0 {
		count += fmt.Sprintf("及户别不明的%d人", n)
		countEn += fmt.Sprintf(" and %d persons of unknown household", n)
	}
	l.Summary = text(
		fmt.Sprintf("尾号%s的账户收取%s（%s）的补贴共%s元，建议核实账户由谁使用。", tail, count, people.Zh, total),
		fmt.Sprintf("The account ending in %s receives for %s (%s), %s yuan in all; find out who uses it.", tail, countEn, people.En, total))
	p.Report(l)
	return nil
}

// A sharer is a household that an account receives for.
type sharer struct {
	ids   []string // household, head and persons, by what the rows name
	known bool     // an id is more than a person's own key, which stands in for a household nobody names
	row   int
	sum   table.Fen
}

func (s *sharer) is(id string) bool { return id != "" && slices.Contains(s.ids, id) }

// sharersOf returns the households that the rows of an account pay, and how many
// of them are known. A person is of one household, whatever the rows call it.
func sharersOf(v table.View) (all []sharer, known int) {
	household, head, person := payHousehold.In(v), payHead.In(v), payPerson.In(v)
	net, last := payNet.In(v), -1
	for i := range v.Len() {
		fen := net.Or(i, 0)
		if fen <= 0 {
			continue
		}
		id := firstOf(household[i], head[i], person[i])
		if last < 0 || !all[last].is(id) || person[i] != "" && !all[last].is(person[i]) {
			last = slices.IndexFunc(all, func(s sharer) bool { return s.is(id) || s.is(person[i]) })
			if last < 0 {
				last = len(all)
				all = append(all, sharer{row: i})
			}
			s := &all[last]
			for _, id := range []string{id, person[i]} {
				if id != "" && !s.is(id) {
					s.ids = append(s.ids, id)
				}
			}
			// What the row links may stand as two.
			for k := len(all) - 1; k > last; k-- {
				if o := all[k]; o.is(id) || o.is(person[i]) {
					s.ids, s.sum, s.known = append(s.ids, o.ids...), s.sum+o.sum, s.known || o.known
					all = slices.Delete(all, k, k+1)
				}
			}
		}
		s := &all[last]
		s.known = s.known || head[i] != "" || household[i] != "" && household[i] != person[i]
		s.sum += fen
	}
	for _, s := range all {
		if s.known {
			known++
		}
	}
	return all, known
}

// sharedGrade returns the grade of a lead on so many sharers, and whether they
// are enough for one.
func sharedGrade(p *detect.Pass, all, known int) (detect.Grade, bool) {
	least, few := sharedHouseholds.Of(p), sharedIndication.Of(p)
	if known >= least {
		return p.Rule.Grade, true
	}
	return detect.E2, known >= few || all >= least
}
