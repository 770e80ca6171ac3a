package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"fundtrace/pipeline/chain"
	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/exec"
	"fundtrace/pipeline/intake"
	"fundtrace/pipeline/key"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/rank"
	"fundtrace/pipeline/table"
)

// sampleRules are rules as the catalogue has them, without checks.
func sampleRules() []*detect.Rule {
	rule := func(id string, f detect.Family, zh, en string, g detect.Grade, verify string, basis ...detect.Basis) *detect.Rule {
		return &detect.Rule{
			ID: id, Family: f, Title: detect.Text{Zh: zh, En: en}, Grade: g, Basis: basis,
			Doc: detect.Doc{
				Purpose: detect.Text{Zh: "查找" + zh + "的情形。", En: "Finds " + en + "."},
				Verify:  detect.Text{Zh: verify, En: "Open the rows named as evidence, ask the household and look at the passbook."},
				Control: detect.Text{Zh: "乡镇发放前与历次名册比对,村级公示。", En: "The town compares rosters before paying; the village posts them."},
			},
			Params: []detect.Parameter{},
		}
	}
	penal := detect.Basis{Title: "财政违法行为处罚处分条例 (2011)", Article: "第六条(一)"}
	return []*detect.Rule{
		rule("dup-period", detect.Dup, "同期重复发放", "paid twice for one period", detect.E1, "调阅两份名册和银行回单,向本人核对到账次数;查看存折、一卡通流水。", penal),
		rule("account-shared", detect.Dup, "一卡多户", "one account for several households", detect.E1, "到开户行查账户户名;逐户询问补贴是否本人领取,查看各户存折。", penal),
		rule("paid-deceased", detect.Elig, "死亡人员领取", "paid after death", detect.E0, "到村委会、派出所核对死亡日期;询问家属谁在使用一卡通,查看取款凭证。", penal,
			detect.Basis{Title: "社会救助暂行办法 (2019)", Article: "第十三条"}),
		rule("exit-under-line", detect.Exit, "收入未达线脱贫", "exit under the line", detect.E0, "入户核算家庭收入,看住房、饮水、在校生和参保情况,询问脱贫是否本人签字确认。",
			detect.Basis{Title: "关于建立贫困退出机制的意见 (2016)"}),
		rule("hold-idle", detect.Hold, "资金滞留", "money kept too long", detect.E1, "查单位银行对账单和拨付凭证,问明滞留原因和审批人。",
			detect.Basis{Title: "财政违法行为处罚处分条例 (2011)", Article: "第六条(三)"}),
		rule("proj-split", detect.Proj, "化整为零", "contract split", detect.E2, "现场查看各合同对应的工程是否同一处,调阅招标和合同档案。"),
		rule("data-benford", detect.Data, "首两位数字异常", "first two digits do not conform", detect.E3, "抽查名册原件和签领单。"),
	}
}

// idNumber makes a valid number of an invented person.
func idNumber(region string, birth string, serial int) string {
	s := fmt.Sprintf("%s%s%03d", region, birth, serial%1000)
	w := [...]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i := range w {
		sum += int(s[i]-'0') * w[i]
	}
	return s + string("10X98765432"[sum%11])
}

// A person of the sample.
type person struct {
	name, id, household, account, phone, county, town, village, hamlet string
}

// sample is a county that no one lives in: households, payments, two funds with
// their ways, leads of several families, rejected rows. n is the number of
// households; every sixth has a lead.
func sample(t testing.TB, n int, lang string) *Data {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	surnames, given := []rune("韦黄覃梁莫陆蒙农"), []rune("秀英国强桂兰建明玉芳志平海燕福生")
	places := [][3]string{{"甲县", "青山镇", "上坝村"}, {"甲县", "青山镇", "大洞村"}, {"甲县", "白石乡", "六合村"}, {"乙县", "长塘镇", "那旺村"}, {"乙县", "长塘镇", "平安村"}}
	files := []string{"甲县/农业/2017年农村危房改造补助资金发放表(青山镇)608人.xlsx", "甲县/民政/农村低保发放名册201708.xls", "乙县/扶贫办/2017年产业奖补.xlsx", "财政局/专项资金拨付台账.xlsx", "扶贫办/建档立卡户信息表2017.xlsx"}
	src := table.Sources{{File: files[0], Sheet: "发放表", Table: "payment"}, {File: files[1], Sheet: "8月", Table: "payment"}, {File: files[2], Sheet: "Sheet1", Table: "payment"}, {File: files[3], Sheet: "台账", Table: "flow"}, {File: files[4], Sheet: "贫困户", Table: "household"}, {File: files[3], Sheet: "指标", Table: "fund"}}

	pay, mem := table.NewBuilder(table.Payment), table.NewBuilder(table.Member)
	var people []person
	for i := range n {
		pl := places[i%len(places)]
		p := person{
			name:      string([]rune{surnames[rng.IntN(len(surnames))], given[rng.IntN(len(given))], given[rng.IntN(len(given))]}),
			id:        idNumber([]string{"459901", "459902"}[i%len(places)/3], fmt.Sprintf("19%02d%02d%02d", 30+rng.IntN(60), 1+rng.IntN(12), 1+rng.IntN(28)), rng.IntN(1000)),
			household: fmt.Sprintf("45990%d%06d", 1+i%len(places)/3, i+1), account: fmt.Sprintf("6228450%012d", 1000003*i+17),
			phone: fmt.Sprintf("1990000%04d", i%10000), county: pl[0], town: pl[1], village: pl[2], hamlet: fmt.Sprintf("第%d组", 1+i%7),
		}
		people = append(people, p)
		put := func(b *table.Builder, texts map[string]string, ints map[string]int64) {
			for _, f := range b.Schema().Fields {
				if v, ok := texts[f.Name]; ok {
					b.Words(f.Name).Append(v)
				} else if v, ok := ints[f.Name]; ok {
					*b.Ints(f.Name) = append(*b.Ints(f.Name), v)
				}
			}
		}
		rounded := ""
		if i%40 == 7 {
			rounded = "beneficiary_id"
		}
		amount := 100_000 + int64(rng.IntN(2_400_000))
		put(pay, map[string]string{
			"beneficiary_name": p.name, "beneficiary_id": p.id, "account": p.account, "phone": p.phone, "program": []string{"农村危房改造", "农村低保", "产业扶贫奖补"}[i%3],
			"period": []string{"2017", "2017-08", "2017Q3"}[i%3], "county": p.county, "town": p.town, "village": p.village, "hamlet": p.hamlet, "payer": p.town + "财政所", "fund_no": "甲财农〔2017〕12号",
			"_inherited": "county,town", "_rounded": rounded, "_person": p.id, "_match": "exact", "_household": p.household, "_account": p.account, "_unit": p.town + "财政所", "_fund": "甲财农〔2017〕12号",
			"_village": p.county + "/" + p.town + "/" + p.village, "_path": "甲市财政局 → 甲县财政局 → " + p.town + "财政所", "_slowest_unit": "甲县财政局", "_traced": "full",
		}, map[string]int64{"_ref": int64(table.NewRef(i%3, 4+i/3)), "amount": amount, "_net": amount, "pay_date": int64(table.DayOf(2017, 9, 1+i%28)), "_hops": 2, "_days_total": int64(60 + i%200), "_slowest_days": int64(40 + i%100)})
		put(mem, map[string]string{
			"household_id": p.household, "member_name": p.name, "member_id": p.id, "relation": "户主", "phone": p.phone, "county": p.county, "town": p.town, "village": p.village, "hamlet": p.hamlet, "status": "已脱贫",
			"_person": p.id, "_household": p.household, "_village": p.county + "/" + p.town + "/" + p.village,
		}, map[string]int64{"_ref": int64(table.NewRef(4, 3+i)), "year": 2017, "income_per_capita": 250_000 + int64(rng.IntN(400_000)), "housing_safe": int64(i % 2)})
	}
	build := func(b *table.Builder) *table.Table {
		tb, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		return tb
	}
	payments := build(pay)
	payments = sorted(t, payments)

	fund := table.NewBuilder(table.Allocation)
	for i, no := range []string{"甲财农〔2017〕12号", "甲财社〔2017〕8号"} {
		for name, v := range map[string]string{"fund_no": no, "title": []string{"2017年农村危房改造中央补助资金", "2017年农村低保补助资金(第二批)"}[i], "level": "中央", "issuer": "甲市财政局", "holder": "甲县财政局", "purpose": "农村危房改造", "_fund": no, "_issuer": "甲市财政局", "_holder": "甲县财政局"} {
			fund.Words(name).Append(v)
		}
		*fund.Ints("_ref") = append(*fund.Ints("_ref"), int64(table.NewRef(5, 3+i)))
		*fund.Ints("amount") = append(*fund.Ints("amount"), []int64{1_200_000_000, 345_678_950}[i])
		*fund.Ints("issued_on") = append(*fund.Ints("issued_on"), int64(table.DayOf(2017, 3, 10)))
	}
	hop, pos := table.NewBuilder(table.Hop), table.NewBuilder(table.Position)
	addHop := func(no, from, to string, sent, received int64, on table.Day, days int64) {
		for name, v := range map[string]string{"fund_no": no, "from_unit": from, "to_unit": to, "pairing": "exact", "purpose": "农村危房改造补助"} {
			hop.Words(name).Append(v)
		}
		got := int64(on) + days
		if received == table.Null {
			got = table.Null
		}
		for name, v := range map[string]int64{"sent_amount": sent, "sent_on": int64(on), "received_amount": received, "received_on": got, "sent_ref": int64(table.NewRef(3, 5)), "received_ref": int64(table.NewRef(3, 9)), "parts": 1} {
			*hop.Ints(name) = append(*hop.Ints(name), v)
		}
	}
	addPos := func(no, unit string, depth, in, on, paid, held, unexplained, idle int64) {
		pos.Words("fund_no").Append(no)
		pos.Words("unit").Append(unit)
		for name, v := range map[string]int64{"depth": depth, "received": in, "sent_on": on, "paid_out": paid, "stated_balance": table.Null, "stated_on": table.Null, "held": held, "unexplained": unexplained,
			"first_in": int64(table.DayOf(2017, 3, 20)), "last_out": int64(table.DayOf(2017, 11, 2)), "longest_idle_days": idle} {
			*pos.Ints(name) = append(*pos.Ints(name), v)
		}
	}
	a, b := "甲财农〔2017〕12号", "甲财社〔2017〕8号"
	addHop(a, "甲市财政局", "甲县财政局", 1_200_000_000, 1_200_000_000, table.DayOf(2017, 3, 15), 3)
	addHop(a, "甲县财政局", "青山镇财政所", 700_000_000, 700_000_000, table.DayOf(2017, 7, 20), 2)
	addHop(a, "甲县财政局", "白石乡财政所", 300_000_000, 280_000_000, table.DayOf(2017, 6, 1), 9)
	addHop(a, "甲县财政局", "甲县兴农建筑有限公司", 50_000_000, table.Null, table.DayOf(2017, 6, 1), 0)
	addHop(b, "甲市财政局", "甲县财政局", 345_678_950, 345_678_950, table.DayOf(2017, 4, 2), 1)
	addHop(b, "甲县财政局", "长塘镇财政所", 345_678_950, 345_678_950, table.DayOf(2017, 4, 20), 1)
	addPos(a, "甲市财政局", 0, 1_200_000_000, 1_200_000_000, 0, 0, 0, 5)
	addPos(a, "甲县财政局", 1, 1_200_000_000, 1_050_000_000, 0, 150_000_000, 0, 288)
	addPos(a, "青山镇财政所", 2, 700_000_000, 0, 690_000_000, 10_000_000, 0, 45)
	addPos(a, "白石乡财政所", 2, 280_000_000, 0, 250_000_000, 10_000_000, 20_000_000, 120)
	addPos(a, "甲县兴农建筑有限公司", 2, 0, 0, 0, 0, 0, 0)
	addPos(b, "甲市财政局", 0, 345_678_950, 345_678_950, 0, 0, 0, 23)
	addPos(b, "甲县财政局", 1, 345_678_950, 345_678_950, 0, 0, 0, 17)
	addPos(b, "长塘镇财政所", 2, 345_678_950, 0, 345_678_950, 0, 0, 12)

	set := table.NewSet(payments, build(mem), build(fund), build(hop), build(pos))

	rules := sampleRules()
	d := &Data{
		Tables: set, Policy: policy.Builtin(), AsOf: table.DayOf(2017, 12, 31), Lang: lang,
		Version: Version{Fundtrace: "1.0.0", Commit: "0123456789ab", Go: "go1.26.0", Arrow: "15.0.2"}, Timings: []Timing{{"read", 0.5}, {"report", 0.25}},
		Funds: []chain.Identity{
			{FundNo: a, Allocated: 1_200_000_000, Households: 940_000_000, Suppliers: 50_000_000, Held: 170_000_000, InTransit: 20_000_000, Unexplained: 20_000_000},
			{FundNo: b, Allocated: 345_678_950, Households: 345_678_950},
		},
		Intake: &intake.Result{Sources: src},
	}
	for i, f := range files {
		sum := sha256.Sum256([]byte(f))
		d.Intake.Inputs = append(d.Intake.Inputs, intake.Input{File: f, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(20_000 + 1000*i), Status: "read"})
	}
	d.Intake.Inputs = append(d.Intake.Inputs, intake.Input{File: "甲县/住建/~$名册.xlsx", SHA256: hex.EncodeToString(make([]byte, 32)), Bytes: 165, Status: "skipped", Reason: "锁定文件"},
		intake.Input{File: "乙县/民政/旧名册.xls", SHA256: hex.EncodeToString(make([]byte, 32)), Bytes: 4096, Status: "rejected", Reason: "文件头损坏,无法打开"})
	for i, s := range src {
		d.Intake.Sheets = append(d.Intake.Sheets, intake.Sheet{File: s.File, Sheet: s.Sheet, Table: s.Table, Rows: n/3 + 6, Lines: n / 3, Unit: "元", Bins: map[intake.Bin]int{intake.Loaded: n / 3, intake.Header: 3, intake.Total: 1, intake.Note: 1, intake.Rejected: 1}, Inherited: map[string]string{"county": "甲县"},
			Totals: []intake.TotalCheck{{Row: n/3 + 5, Column: "金额", StatedFen: 123_456_700 + int64(i%2)*5000, ComputedFen: 123_456_700, Agrees: i%2 == 0}}})
	}
	d.Intake.Sheets = append(d.Intake.Sheets, intake.Sheet{File: files[4], Sheet: "填表说明", Reason: "未找到任何一种表的表头", Rows: 12, Bins: map[intake.Bin]int{intake.Note: 12}})
	d.Intake.Rejects = []intake.Reject{
		{File: files[0], Sheet: "发放表", Row: 77, Reason: "金额无法识别", Cells: []string{"74", "覃桂兰", "4599 0119 6502 0300 2X", "青山镇", "贰万伍仟", "=HYPERLINK(\"x\")"}},
		{File: files[1], Sheet: "8月", Row: 31, Reason: "缺少必填字段:享受人", Cells: []string{"28", "", people[0].id, "", "300.00"}},
	}
	d.Intake.Doubts = []intake.Doubt{{File: files[1], Sheet: "8月", Row: 12, Rows: 3, Field: "pay_date", Text: "2017.13.5", Reason: "日期无法识别，留空"}}
	d.Doubts = []chain.Doubt{{Table: table.Flow, Ref: table.NewRef(3, 7), Rows: 1, Reason: "flow_no_date"}}
	d.Similar = []key.Suggestion{{Unit: "甲县财政局", Other: "甲县财政局国库股", Near: true}}
	addLeads(d, rules, people, rng)
	for i, r := range rules {
		st := exec.Status{Rule: r, Enabled: true, Counts: detect.Counts{Flagged: 3 + i, Clear: 100 - 20*i, NA: []detect.NA{{Reason: detect.Text{Zh: "政策未规定标准", En: "no standard in the policy"}, N: 4}}}}
		if r.ID == "data-benford" {
			st = exec.Status{Rule: r, Enabled: true, Lacking: "register:vehicle"}
		}
		if r.ID == "hold-idle" {
			st.Params = []detect.Description{{Name: "days", Default: "30"}}
		}
		if r.ID == "proj-split" {
			st.Failed = []detect.Failure{{Rule: r.ID, Group: detect.Subject{Kind: "unit", Key: "甲县水利局"}, Error: "panic: index out of range\ngoroutine 12 [running]"}}
		}
		d.Rules = append(d.Rules, st)
	}
	return d
}

// addLeads gives every sixth household a lead, and each fund, a unit and a
// village one.
func addLeads(d *Data, rules []*detect.Rule, people []person, rng *rand.Rand) {
	say := func(zh, e string) string { return detect.Text{Zh: zh, En: e}.In(d.Lang) }
	add := func(l rank.Lead) {
		sum := sha256.Sum256([]byte(l.Rule.ID + l.SubjectKind + l.SubjectKey))
		l.ID = hex.EncodeToString(sum[:8])
		c := sha256.Sum256([]byte(l.SubjectKind + l.SubjectKey))
		l.CaseID = l.SubjectKind + "-" + hex.EncodeToString(c[:8])
		l.FirstSeen, l.LastSeen = d.AsOf-table.Day(rng.IntN(3)*40), d.AsOf
		l.Status = "new"
		if l.FirstSeen < d.AsOf {
			l.Status = "standing"
		}
		l.Severity = []string{"low", "medium", "high"}[min(l.Score/35, 2)]
		l.Terms = []rank.Term{{Name: "grade", Points: l.Score - 12}, {Name: "amount", Points: 12}}
		l.Grade = l.Rule.Grade
		d.Leads = append(d.Leads, l)
	}
	for i, p := range people {
		if i%6 != 0 {
			continue
		}
		r := rules[i/6%4]
		amount := table.Fen(120_000 + rng.IntN(2_400_000))
		l := rank.Lead{
			Rule: r, Score: 40 + rng.IntN(50), SubjectKind: "person", SubjectKey: p.id, SubjectName: p.name, County: p.county, Town: p.town, Village: p.village,
			Program: "农村低保", Period: "2017-08", Amount: amount, FundNo: "甲财农〔2017〕12号",
			Summary: say(fmt.Sprintf("%s(%s)同一所属期农村低保发放了两次,多发%s元,需核实是否为补发。", p.name, p.id, amount), fmt.Sprintf("%s (%s) was paid rural allowance twice for one period, %s yuan too much; check whether one was a supplement.", p.name, p.id, amount)),
			Facts:   []rank.Fact{{Name: say("证件号码", "ID number"), Value: p.id}, {Name: say("银行账号", "account"), Value: p.account}, {Name: say("重复月数", "months paid twice"), Value: "1"}, {Name: say("应发金额", "amount due"), Value: "260.00"}},
			Evidence: []rank.Evidence{
				{Table: "payment", File: d.Intake.Sources[i%3].File, Sheet: d.Intake.Sources[i%3].Sheet, Row: 4 + i/3, Role: say("第一次发放", "first payment")},
				{Table: "payment", File: d.Intake.Sources[(i+1)%3].File, Sheet: d.Intake.Sources[(i+1)%3].Sheet, Row: 5 + i/3, Role: say("第二次发放", "second payment")},
			},
			Responsible: []string{p.town + "财政所", "民政助理员蒙志平"},
		}
		if i%36 == 0 {
			l.Corroborated = []string{"信访登记.xlsx!2017:12"}
			l.SubjectName = "=1+1" + p.name // a name must never become a formula
		}
		if r.ID == "account-shared" {
			l.SubjectKind, l.SubjectKey = "account", p.account
		}
		if r.ID == "exit-under-line" {
			l.SubjectKind, l.SubjectKey = "household", p.household
			l.Summary = say(fmt.Sprintf("%s户2017年脱贫,登记人均纯收入低于当年标准2952元,需入户核算收入。", p.name), fmt.Sprintf("The household of %s left poverty in 2017 with a recorded income under the line of 2952 yuan.", p.name))
		}
		add(l)
	}
	add(rank.Lead{
		Rule: rules[4], Score: 81, SubjectKind: "unit", SubjectKey: "甲县财政局", SubjectName: "甲县财政局", County: "甲县", FundNo: "甲财农〔2017〕12号", Amount: 150_000_000, Program: "农村危房改造",
		Summary:  say("甲县财政局收到甲财农〔2017〕12号资金后,有1500000.00元停留288天未下拨,超过30天期限。", "The finance bureau of county Jia has kept 1500000.00 yuan of the fund for 288 days; the limit is 30."),
		Facts:    []rank.Fact{{Name: say("到账日期", "came in"), Value: "2017-03-18"}, {Name: say("停留天数", "days kept"), Value: "288"}},
		Evidence: []rank.Evidence{{Table: "flow", File: d.Intake.Sources[3].File, Sheet: "台账", Row: 5, Role: say("到账", "receipt")}}, Responsible: []string{"甲县财政局"},
	})
	add(rank.Lead{
		Rule: rules[5], Score: 52, SubjectKind: "unit", SubjectKey: "甲县水利局", SubjectName: "甲县水利局", County: "甲县", ProjectID: "P2017-031", Amount: 98_700_000,
		Summary:     say("甲县水利局90天内与同一企业签订3份同类合同,每份低于招标限额,合计987000.00元。", "The water bureau signed three like contracts with one firm within 90 days, each under the tender limit."),
		Evidence:    []rank.Evidence{{Table: "project", File: "发改局/项目库.xlsx", Sheet: "项目", Row: 18, Role: say("合同", "contract")}},
		Responsible: []string{"甲县水利局"},
	})
	add(rank.Lead{
		Rule: rules[6], Score: 22, SubjectKind: "village", SubjectKey: "乙县/长塘镇/平安村", SubjectName: "平安村", County: "乙县", Town: "长塘镇", Village: "平安村",
		Summary:  say("平安村名册金额首两位数字分布与自然分布差异较大,建议抽查名册原件。", "The amounts of the roster of this village do not follow the usual distribution of first digits."),
		Evidence: []rank.Evidence{{Table: "payment", File: d.Intake.Sources[2].File, Sheet: "Sheet1", Row: 4, Role: say("名册", "roster")}},
	})
	slices.SortFunc(d.Leads, func(a, b rank.Lead) int { return cmp.Compare(a.ID, b.ID) })
}

// sorted puts a table's rows in the order of their Refs, as intake leaves them.
func sorted(t testing.TB, tb *table.Table) *table.Table {
	refs := tb.Refs()
	order := make([]int, len(refs))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(refs[a], refs[b]) })
	b := table.NewBuilder(tb.Schema())
	for _, f := range tb.Schema().Fields {
		if !tb.Has(f.Name) {
			continue
		}
		if f.Type == table.Text || f.Type == table.Span {
			for _, r := range order {
				b.Words(f.Name).Append(tb.Text(f.Name, r))
			}
			continue
		}
		vals := tb.Ints(f.Name)
		for _, r := range order {
			*b.Ints(f.Name) = append(*b.Ints(f.Name), vals[r])
		}
	}
	out, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return out
}
