package pipeline_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"fundtrace/pipeline"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/report"
	"fundtrace/pipeline/table"
	"fundtrace/rules"
)

// files are sheets by file name.
type files map[string]string

// runOf runs the whole pipeline on sheets of 甲县 as of the end of 2017.
func runOf(t *testing.T, sheets ...files) *report.Data {
	t.Helper()
	p, err := policy.Parse([]byte(`regions: {"459901": 甲县}`))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, set := range sheets {
		for name, text := range set {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	d, err := pipeline.Run(context.Background(), pipeline.Options{Inputs: []string{dir}, Policy: p, AsOf: table.DayOf(2017, 12, 31), Rules: rules.All, Lang: "zh"})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// leadsBy returns a run's leads of some rules, as RULE GRADE AMOUNT SUBJECT, in
// order.
func leadsBy(d *report.Data, ids ...string) (out []string) {
	for _, l := range d.Leads {
		if slices.Contains(ids, l.Rule.ID) {
			out = append(out, fmt.Sprintf("%s %s %s %s", l.Rule.ID, l.Grade, l.Amount, l.SubjectName))
		}
	}
	slices.Sort(out)
	return out
}

var (
	fundSheet = files{"资金指标.csv": "指标文号,标题,级次,指标金额,下达日期,下达单位,承接单位\n甲财农〔2017〕2号,农村低保,县,1000,2017-01-05,甲县财政局,大河镇财政所\n"}
	payHead   = "享受人,身份证号,补贴项目,所属期,金额,发放日期,发放状态,银行账号,指标文号,发放单位\n"
)

// What an office writes about a payment is read once, for the chain and for the
// rules: an unpaid, cancelled or returned line is no second payment, and no
// money that reached anybody.
func TestStatesAreReadOnce(t *testing.T) {
	roster := payHead
	for i, p := range [][3]string{{"韦大山", "459901197001010016", "未支付"}, {"黄小河", "459901196503050021", "取消"}, {"莫四", "45990119700101034X", "退还"}} {
		roster += fmt.Sprintf("%s,%s,农村低保,2017-05,200,2017-05-15,已发,6217000%d,甲财农〔2017〕2号,大河镇财政所\n", p[0], p[1], i)
		roster += fmt.Sprintf("%s,%s,农村低保,2017-05,200,2017-05-28,%s,6217000%d,甲财农〔2017〕2号,大河镇财政所\n", p[0], p[1], p[2], i)
	}
	d := runOf(t, fundSheet, files{"2017年农村低保发放表.csv": roster})
	if got := leadsBy(d, "dup-period", "dup-exclusive", "over-standard"); got != nil {
		t.Errorf("leads %q", got)
	}
	if got, want := d.Funds[0].Households, table.Fen(400_00); got != want {
		t.Errorf("%s reached households, want %s: what was returned did not", got, want)
	}
}

// One payment in two files that spell its fund in two ways is one payment.
func TestOnePaymentInTwoSpellings(t *testing.T) {
	line := "韦大山,459901197001010016,农村低保,2017-05,200,2017-05-15,已发,62170001,%s,大河镇财政所\n"
	d := runOf(t, fundSheet, files{
		"2017年农村低保发放表.csv":   payHead + fmt.Sprintf(line, "甲财农〔2017〕2号"),
		"2017年农村低保发放汇总表.csv": payHead + fmt.Sprintf(line, "甲财农[2017] 2号"),
	})
	if got := leadsBy(d, "dup-period"); got != nil {
		t.Errorf("leads %q", got)
	}
	if len(d.Funds) != 1 || d.Funds[0].Households != 200_00 {
		t.Errorf("funds %+v, want one of which 200.00 reached a household", d.Funds)
	}
}

// A return that names no account is netted under every key: the account is two
// households' then, not three's.
func TestAReturnWithoutAccountIsNetted(t *testing.T) {
	d := runOf(t, files{
		"2017年农村低保发放表.csv": `户主,户主身份证号,户编号,享受人,享受人身份证号,补贴项目,所属期,金额,发放日期,发放状态,银行账号
韦大山,459901197001010016,H1,韦大山,459901197001010016,农村低保,2017-05,200,2017-05-15,已发,6217000000000000031
黄小河,459901196503050021,H2,黄小河,459901196503050021,农村低保,2017-05,200,2017-05-15,已发,6217000000000000031
农小谷,459901197210100763,H3,农小谷,459901197210100763,农村低保,2017-05,200,2017-05-15,已发,6217000000000000031
农小谷,459901197210100763,H3,农小谷,459901197210100763,农村低保,2017-05,-200,2017-05-28,退款,
`,
		"建档立卡.csv": "户编号,姓名,证件号码,与户主关系,年度\nH1,韦大山,459901197001010016,户主,2017\nH2,黄小河,459901196503050021,户主,2017\nH3,农小谷,459901197210100763,户主,2017\n",
	})
	want := []string{"account-shared E2 200.00 韦大山"}
	if got := leadsBy(d, "account-shared"); !slices.Equal(got, want) {
		t.Errorf("leads %q, want %q", got, want)
	}
}

// Another sheet that spells a unit's name in full does not rename its leads.
func TestAFullerNameElsewhereRenamesNoLead(t *testing.T) {
	set := files{
		"资金指标.csv":         "指标文号,标题,级次,指标金额,下达日期,下达单位,承接单位\n甲财农〔2017〕2号,农村低保,县,100000,2017-03-01,甲县财政局,甲县财政局\n",
		"拨付台账.csv":         "指标文号,付款单位,收款单位,拨付金额,拨付日期,到账金额,到账日期\n甲财农〔2017〕2号,甲县财政局,大河镇财政所,100000,2017-03-08,100000,2017-03-10\n甲财农〔2017〕2号,大河镇财政所,石山村村民委员会,100000,2017-09-06,100000,2017-09-06\n",
		"2017年农村低保发放表.csv": payHead + "韦大山,459901197001010016,农村低保,2017-09,200,2017-09-10,已发,62170001,甲财农〔2017〕2号,石山村村民委员会\n",
	}
	ids := func(d *report.Data) (out []string) {
		for _, l := range d.Leads {
			out = append(out, l.ID+" "+l.Rule.ID)
		}
		return out
	}
	before := ids(runOf(t, set))
	after := ids(runOf(t, set, files{"结余表.csv": "单位,指标文号,截止日期,结余金额\n甲县大河镇财政所,甲财农〔2018〕9号,2017-12-31,5\n"}))
	if !slices.ContainsFunc(before, func(s string) bool { return s[17:] == "hold-idle" }) {
		t.Errorf("no hold-idle among %q", before)
	}
	for _, id := range before {
		if !slices.Contains(after, id) {
			t.Errorf("%s is gone for a balance of another fund", id)
		}
	}
}

// A name in variant characters is the same name: the lead is no weaker for it.
func TestVariantCharactersAreOneName(t *testing.T) {
	for _, name := range []string{"黄云", "黃雲"} {
		d := runOf(t, files{
			"2017年特困供养发放表.csv": "享受人,身份证号,补贴项目,所属期,金额,发放日期\n" + name + ",459901194002030226,特困供养,2017-05,450,2017-05-15\n",
			"死亡人员名册.csv":       "比对库类别,姓名,身份证号,死亡日期\n死亡,黄云,459901194002030226,2017-02-10\n",
		})
		want := []string{"paid-deceased E0 450.00 " + name}
		if got := leadsBy(d, "paid-deceased"); !slices.Equal(got, want) {
			t.Errorf("roster %s: leads %q, want %q", name, got, want)
		}
	}
}
