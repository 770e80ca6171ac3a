package key

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/idnum"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// here declares the region of the invented people.
var here = &policy.Policy{Regions: map[string]string{"459901": "甲县", "459902": "乙县"}}

// lines builds a table from cells parted by |, the first line its columns. Row
// numbers start at 2, as under a header.
func lines(t testing.TB, s *table.Schema, source int, head string, rows ...string) *table.Table {
	t.Helper()
	b := table.NewBuilder(s)
	refs := b.Ints(table.RefColumn)
	for i := range rows {
		*refs = append(*refs, int64(table.NewRef(source, i+2)))
	}
	for c, name := range strings.Split(head, "|") {
		typ := s.Fields[s.Field(name)].Type
		for _, row := range rows {
			cell := strings.Split(row, "|")[c]
			switch typ {
			case table.Text, table.Span:
				b.Words(name).Append(cell)
			default:
				v := int64(table.Null)
				if d, err := table.ParseDay(cell); err == nil {
					v = int64(d)
				} else if n, err := strconv.ParseInt(cell, 10, 64); err == nil {
					v = n
				}
				*b.Ints(name) = append(*b.Ints(name), v)
			}
		}
	}
	out, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func resolve(t testing.TB, tables ...*table.Table) (*table.Set, *Directory) {
	t.Helper()
	set, d, err := Resolve(table.NewSet(tables...), nil, here)
	if err != nil {
		t.Fatal(err)
	}
	return set, d
}

// col returns a column's cells.
func col(set *table.Set, s *table.Schema, name string) []string {
	t := set.Get(s)
	out := make([]string, t.Len())
	for i := range out {
		if t.Has(name) {
			out[i] = t.Text(name, i)
		}
	}
	return out
}

func want(t *testing.T, set *table.Set, s *table.Schema, name string, cells ...string) {
	t.Helper()
	if got := col(set, s, name); !slices.Equal(got, cells) {
		t.Errorf("%s.%s:\n got %q\nwant %q", s.Name, name, got, cells)
	}
}

// Invented numbers: zhang and his twin differ in the serial only.
const (
	zhang = "459901198807132017"
	twin  = "459901198807132033"
	li    = "45990119880713205X"
	wang  = "459902197001011007"
)

func TestNumbersInTheTestAreValid(t *testing.T) {
	p := newPeople(here.Regions, &texts{})
	for _, n := range []string{zhang, twin, li, wang} {
		if r := p.readNumber(n); r.who >= caseBit {
			t.Errorf("%s is no valid number", n)
		}
	}
}

func TestGradesHaveTheContractsNames(t *testing.T) {
	for _, g := range grades {
		if detect.ParseMatch(g).String() != g {
			t.Errorf("%s is no match grade", g)
		}
	}
}

func TestPersonByNumber(t *testing.T) {
	set, _ := resolve(t, lines(t, table.Payment, 0, "_rounded|beneficiary_name|beneficiary_id|village|account",
		"|张三|"+zhang+"|东村|",
		"|张三| 459901 19880713 2017 |东村|",
		"|张三|459901880713201|东村|",
		"|李四|45990119880713205x|东村|",
		"|李四|45990119880713205X43|东村|",
		"|王五|"+zhang+"|东村|",                         // one number, another name: still one key
		"beneficiary_id|张 三|459901198807132000|西村|", // rounded: 15 digits fit two, the name one
		"beneficiary_id|赵六|459901198807132000|东村|",
		"|张三|459901198807132018|东村|", // check digit one off
		"|张三|459901198807132071|东村|", // last two swapped
		"|张三|459901198807132018|北村|", // the same slip elsewhere, joined with the rows above
		"|钱七|459901198807132018|东村|", // another name
		"|张三|45990119880713|东村|",     // cut short
		"|张三|4599011988071320１8|东村|", // the slip in full width
	))
	want(t, set, table.Payment, "_person", zhang, zhang, zhang, li, li, zhang, zhang, "459901198807132000",
		zhang, zhang, zhang, "459901198807132018", "45990119880713", zhang)
	want(t, set, table.Payment, "_match", "exact", "repaired", "upgraded", "repaired", "repaired", "exact", "truncated", "truncated",
		"near", "near", "near", "exact", "exact", "near")
	want(t, set, table.Payment, "beneficiary_id", zhang, " 459901 19880713 2017 ", "459901880713201", "45990119880713205x",
		"45990119880713205X43", zhang, "459901198807132000", "459901198807132000", "459901198807132018", "459901198807132071",
		"459901198807132018", "459901198807132018", "45990119880713", "4599011988071320１8")
}

func TestNearNeedsNameAndPlace(t *testing.T) {
	off := "459901198807132018"
	for _, c := range []struct {
		what, row, key, match string
	}{
		{"village", "张三|" + off + "|东村|", zhang, "near"},
		{"account", "张三|" + off + "||622800001", zhang, "near"},
		{"homophone", "章三|" + off + "|东村|", zhang, "near"},
		{"neither", "张三|" + off + "|西村|622800002", off, "exact"},
		{"name", "李三|" + off + "|东村|622800001", off, "exact"},
		{"a place seen without a name", "张三|" + off + "|南村|", zhang, "near"},
		{"two digits", "张三|459901198807132029|东村|622800001", "459901198807132029", "exact"},
		{"valid of its own", "张三|" + twin + "|东村|622800001", twin, "exact"},
	} {
		set, _ := resolve(t, lines(t, table.Payment, 0, "beneficiary_name|beneficiary_id|village|account",
			"张三|"+zhang+"|东村|622800001", "|"+zhang+"|南村|", c.row))
		if p, m := col(set, table.Payment, "_person")[2], col(set, table.Payment, "_match")[2]; p != c.key || m != c.match {
			t.Errorf("%s: %s %s, want %s %s", c.what, p, m, c.key, c.match)
		}
	}
}

// Two persons could claim the slip: neither gets it.
func TestNearAmbiguous(t *testing.T) {
	a, b := zhang, "459901198807122018"
	b = b[:17] + string(idnum.CheckOf(b))
	slip := b[:17] + a[17:] // the day from one, the check digit from the other
	set, _ := resolve(t, lines(t, table.Payment, 0, "beneficiary_name|beneficiary_id|village",
		"张三|"+a+"|东村", "张三|"+b+"|东村", "张三|"+slip+"|东村"))
	if got := col(set, table.Payment, "_person")[2]; got != slip {
		t.Errorf("%s went to %s", slip, got)
	}
}

func TestRoundedTwins(t *testing.T) {
	head := "_rounded|beneficiary_name|beneficiary_id|village"
	set, _ := resolve(t, lines(t, table.Payment, 0, head,
		"|张三|"+zhang+"|东村", "|张三|"+twin+"|西村",
		"beneficiary_id|张三|459901198807132000|东村",
		"beneficiary_id|张三|459901198807132000|北村"))
	// All rows of one number and name stand or fall together: the village points at one.
	want(t, set, table.Payment, "_person", zhang, twin, zhang, zhang)

	set, _ = resolve(t, lines(t, table.Payment, 0, head,
		"beneficiary_id|张三|459901198807132000|东村", "beneficiary_id|章三|459901198807132000|东村"))
	want(t, set, table.Payment, "_person", "459901198807132000", "459901198807132000")

	set, _ = resolve(t, lines(t, table.Payment, 0, head,
		"beneficiary_id|张三|459901198807132000|东村", "beneficiary_id|李四|459901198807132000|东村"))
	want(t, set, table.Payment, "_person", "张三@459901198807132000", "李四@459901198807132000")
}

func TestPersonByName(t *testing.T) {
	set, _ := resolve(t,
		lines(t, table.Member, 0, "household_id|member_name|member_id|county|town|village",
			"45990100010001|张三|"+zhang+"|甲县|一镇|东村",
			"45990100010002|李四|"+li+"|甲县|一镇|东村",
			"45990100010003|李四|"+wang+"|甲县|一镇|东村",
			"45990100010003|小明||甲县|一镇|东村"),
		lines(t, table.Payment, 1, "beneficiary_name|beneficiary_id|county|town|village|account|household_id",
			"张 三||甲县|一镇|东村||",
			"张三|无|||东村||", // the one 东村 is 甲县/一镇's
			"张三||甲县|一镇|西村||",
			"张三||||||",
			"李四||甲县|一镇|东村||",
			"李四||甲县|一镇|东村||45990100010003",
			"小明||甲县|一镇|东村||",
			"张三||甲县|一镇|东村||45990100010009"), // in another household: a namesake
		lines(t, table.Complaint, 2, "subject_name|county|town|village|about",
			"张三|甲县|一镇|东村委会|x", "张三|甲县|||x"),
	)
	want(t, set, table.Payment, "_person", zhang, zhang, "张三@甲县/一镇/西村", "", "李四@甲县/一镇/东村", wang, "小明@甲县/一镇/东村", "张三@甲县/一镇/东村")
	want(t, set, table.Payment, "_match", "name_place", "name_place", "name_place", "name", "name_place", "name_place", "name_place", "name_place")
	want(t, set, table.Complaint, "_person", zhang, "")
	want(t, set, table.Complaint, "_village", "甲县/一镇/东村", "")
	want(t, set, table.Payment, "_village", "甲县/一镇/东村", "甲县/一镇/东村", "甲县/一镇/西村", "", "甲县/一镇/东村", "甲县/一镇/东村", "甲县/一镇/东村", "甲县/一镇/东村")
}

func TestNamesakesByAccount(t *testing.T) {
	set, _ := resolve(t, lines(t, table.Payment, 0, "beneficiary_name|beneficiary_id|village|account",
		"李四|"+li+"|东村|622800000001", "李四|"+wang+"|东村|622800000002", "李四||东村|622800000002", "李四||东村|622800000003", "李四|||622800000001"))
	want(t, set, table.Payment, "_person", li, wang, wang, "李四@东村", li)
}

func TestOneRowNamesThreePeople(t *testing.T) {
	set, _ := resolve(t, lines(t, table.Payment, 0, "head_name|head_id|beneficiary_name|beneficiary_id|payee_name|payee_id|village",
		"张三|"+zhang+"|张三|||东村|",
		"张三|"+zhang+"|李四|"+li+"|李四||东村",
		"张三|"+zhang+"|李小四||王五|"+wang+"|东村",
		"||王五|"+wang+"|||东村"))
	want(t, set, table.Payment, "_person", zhang, li, "李小四@东村", wang)
	want(t, set, table.Payment, "_match", "exact", "exact", "name_place", "exact")
	want(t, set, table.Payment, "_head", zhang, zhang, zhang, "")
	want(t, set, table.Payment, "_payee", "", li, wang, "")
	want(t, set, table.Payment, "_household", zhang, zhang, zhang, wang)
}

func TestNumberPlaceholders(t *testing.T) {
	set, _ := resolve(t, lines(t, table.Payment, 0, "beneficiary_name|beneficiary_id|village",
		"张三|无|东村", "李四|/|东村", "王五|000000000000000000|东村", "赵六|459901********2017|东村", "钱七|12|东村", "孙八|4.59901E+17|东村"))
	want(t, set, table.Payment, "_person", "张三@东村", "李四@东村", "王五@东村", "赵六@东村", "钱七@东村", "孙八@东村")
}

// An invalid number under three names is what a clerk types for want of one.
func TestPlaceholderNumber(t *testing.T) {
	head := "beneficiary_name|beneficiary_id|village"
	set, _ := resolve(t, lines(t, table.Payment, 0, head,
		"张三|459901000000000000|东村", "李四|459901000000000000|东村", "王五|459901000000000000|西村", "王五|"+wang+"|西村", "|459901000000000000|西村"))
	want(t, set, table.Payment, "_person", "张三@东村", "李四@东村", wang, wang, "")
	want(t, set, table.Payment, "_match", "name_place", "name_place", "name_place", "exact", "name")

	set, _ = resolve(t, lines(t, table.Payment, 0, head,
		"张三|459901000000000000|东村", "章三|459901000000000000|东村", "王五|459901000000000000|西村"))
	want(t, set, table.Payment, "_person", "459901000000000000", "459901000000000000", "459901000000000000")
	want(t, set, table.Payment, "_match", "exact", "exact", "exact")
}

func TestAccounts(t *testing.T) {
	set, _ := resolve(t,
		lines(t, table.Payment, 0, "_rounded|beneficiary_name|beneficiary_id|payee_name|payee_id|account",
			"|张三|"+zhang+"|李四|"+li+"|6228 0000 0001", "|张三|"+zhang+"|||６２２８０００００００１", "|张三|"+zhang+"|||'622800000001",
			"|张三|"+zhang+"|||现金", "|张三|"+zhang+"|||000000", "|张三|"+zhang+"|||6228****0001", "account|张三|"+zhang+"|||622800000000000"),
		lines(t, table.BankEntry, 1, "account|holder_name|amount|booked_on",
			"622800000001|李 四|1|2017-01-01", "622800000001|王五|1|2017-01-01", "622800000002|李四|1|2017-01-01"))
	want(t, set, table.Payment, "_account", "622800000001", "622800000001", "622800000001", "", "", "", "")
	want(t, set, table.BankEntry, "_account", "622800000001", "622800000001", "622800000002")
	want(t, set, table.BankEntry, "_person", li, "", "")
}

func TestHouseholds(t *testing.T) {
	set, _ := resolve(t,
		lines(t, table.Member, 0, "household_id|member_name|member_id|county|town|village|year",
			" 45990100010001|张三|"+zhang+"|甲县|一镇|东村|2016",
			"45990100010002|张三|"+zhang+"|甲县|一镇|东村|2018",
			"001|李四|"+li+"|甲县|一镇|东村|2016",
			"001|王五|"+wang+"|甲县|一镇|西村|2016",
			"45990100010001|甲某||乙县|一镇|东村|2016",
			"45990100010007|乙某||甲县|一镇|东村|2016",
			"45990100010007|乙某||甲县|二镇|南村|2017"),
		lines(t, table.Payment, 1, "head_name|head_id|beneficiary_name|beneficiary_id|county|household_id|period|pay_date",
			"||张三|"+zhang+"|甲县||2016|2018-05-01",
			"||张三|"+zhang+"|甲县||2017|",
			"||张三|"+zhang+"|甲县||2018-03|",
			"||张三|"+zhang+"|甲县||2015|",
			"||张三|"+zhang+"|甲县|||2018-05-01",
			"李四|"+li+"|丙某|459902197001011023|甲县||2016|",
			"丁某|459902197001011040|戊某|459902197001011066|甲县||2016|",
			"||丁某|459902197001011040|甲县||2016|",
			"||李四|"+li+"|甲县|0088|2016|",
			"||李四|"+li+"|甲|0088|2016|",
			"||庚某|459902197001011103|甲县|0088|2016|",
			"||辛某|45990219700101112X|甲县|0099|2016|",
			"||辛某|45990219700101112X|甲|0099|2016|",
			"||李四|"+li+"|甲县|0100|2016|",
			"||王五|"+wang+"|甲县|0100|2016|",
			"||庚某|459902197001011103|甲县|0100|2016|"),
		lines(t, table.Register, 2, "register_kind|person_name|person_id",
			"village_cadre|张三|"+zhang, "village_cadre|戊某|459902197001011066", "village_cadre|己某|459902197001011082"))
	want(t, set, table.Member, "_household", "甲县/45990100010001", "甲县/45990100010002", "甲县/一镇/东村/001", "甲县/一镇/西村/001",
		"乙县/45990100010001", "甲县/45990100010007", "甲县/45990100010007")
	want(t, set, table.Payment, "_household", "甲县/45990100010001", "甲县/45990100010001", "甲县/45990100010002", "甲县/45990100010001",
		"甲县/45990100010002", "甲县/一镇/东村/001", "459902197001011040", "459902197001011040",
		// 0088, 0099 and 0100 are the paying office's: who is listed, whom he takes along, nobody listed, two households
		"甲县/一镇/东村/001", "甲县/一镇/东村/001", "甲县/一镇/东村/001", "甲县/0099", "甲县/0099",
		"甲县/一镇/东村/001", "甲县/一镇/西村/001", "甲县/0100")
	want(t, set, table.Register, "_household", "甲县/45990100010002", "459902197001011040", "")
}

func TestVillages(t *testing.T) {
	set, _ := resolve(t,
		lines(t, table.Works, 0, "project_id|name|county|town|village",
			"1|a|甲县|一镇|东村", "2|b|甲县|一镇|西村", "3|c|甲县|二镇|西村", "4|d|乙县|三乡|南村"),
		lines(t, table.Payment, 1, "beneficiary_name|county|town|village",
			"a|||东村", "a||一镇|西村", "a|||西村", "a|甲|一|东", "a|甲县|一镇人民政府|东村村民委员会", "a|||南", "a|乙县||南村", "a||二镇|南村", "a|甲县|一镇|", "a|甲县|一 镇|东　村"))
	want(t, set, table.Works, "_village", "甲县/一镇/东村", "甲县/一镇/西村", "甲县/二镇/西村", "乙县/三乡/南村")
	want(t, set, table.Payment, "_village", "甲县/一镇/东村", "甲县/一镇/西村", "西村", "甲县/一镇/东村", "甲县/一镇/东村",
		"乙县/三乡/南村", "乙县/三乡/南村", "二镇/南村", "", "甲县/一镇/东村")
}

// A whole place written short is not a second one.
func TestVillageWrittenShort(t *testing.T) {
	set, _ := resolve(t, lines(t, table.Payment, 1, "beneficiary_name|county|town|village",
		"a|甲县|一镇|东村", "a|甲县|一镇|东", "a|||东"))
	want(t, set, table.Payment, "_village", "甲县/一镇/东村", "甲县/一镇/东村", "甲县/一镇/东村")
}

func TestDirectory(t *testing.T) {
	_, d := resolve(t,
		lines(t, table.Member, 0, "household_id|member_name|member_id|relation|phone|county|town|village|year",
			"45990100010001|张三|"+zhang+"|户主|13900000001|甲县|一镇|东村|2016",
			"45990100010001|李四|"+li+"|妻子||甲县|一镇|东村|2017",
			"45990100010001|张三丰|"+zhang+"|户主|13900000002|甲县|一镇|东村|2017"),
		lines(t, table.Payment, 1, "beneficiary_name|beneficiary_id|county|town|village|phone|account",
			"王伍|"+wang+"|甲县|一镇|东村||622800000001",
			"王五|"+wang+"|甲县|一镇|东村|13900000003|622800000001",
			"王五|"+wang+"|甲县|一镇|东村||622800000001",
			"李四|"+li+"|甲县|一镇|东村|13900000004|622800000002"),
		lines(t, table.Allocation, 2, "fund_no|holder", "甲财农〔2017〕2号|甲县财政局", "甲财农〔2017〕3号|财政局"))
	for _, c := range []struct {
		kind, key string
		want      Info
	}{
		{"person", zhang, Info{"张三丰", "甲县", "一镇", "东村", "甲县/45990100010001", "13900000002"}},
		{"person", wang, Info{"王五", "甲县", "一镇", "东村", wang, "13900000003"}},
		{"person", li, Info{"李四", "甲县", "一镇", "东村", "甲县/45990100010001", "13900000004"}},
		{"household", "甲县/45990100010001", Info{"张三丰", "甲县", "一镇", "东村", "甲县/45990100010001", "13900000002"}},
		{"account", "622800000001", Info{"王五", "甲县", "一镇", "东村", wang, "13900000003"}},
		{"unit", "甲县财政局", Info{County: "甲县"}},
		{"unit", "甲县一镇财政所", Info{County: "甲县", Town: "一镇"}},
		{"fund", "甲财农〔2017〕2号", Info{County: "甲县"}},
		{"village", "甲县/一镇/东村", Info{Name: "东村", County: "甲县", Town: "一镇", Village: "东村"}},
	} {
		if got, ok := d.Lookup(c.kind, c.key); !ok || got != c.want {
			t.Errorf("%s %s: %+v %t, want %+v", c.kind, c.key, got, ok, c.want)
		}
	}
	for _, c := range [][2]string{{"person", "nobody"}, {"unit", zhang}, {"fund", "甲财农〔2017〕3号"}, {"village", "东村"}} {
		if got, ok := d.Lookup(c[0], c[1]); ok {
			t.Errorf("%v: %+v", c, got)
		}
	}
}

func TestWhy(t *testing.T) {
	_, d := resolve(t, lines(t, table.Payment, 3, "_rounded|beneficiary_name|beneficiary_id|village",
		"|张三|"+zhang+"|东村",
		"|张三|459901880713201|东村",
		"|张三|"+zhang+"|东村",
		"|张三|459901198807132018|东村",
		"|张三|459901198807132071|东村",
		"|张三||东村",
		"beneficiary_id|张三|459901198807132000|东村"))
	var got []string
	for _, j := range d.Why(zhang) {
		got = append(got, strconv.Itoa(j.Ref.Row())+" "+strconv.Itoa(j.Rows)+" "+j.Match+" "+j.Reason("zh"))
	}
	want := []string{
		"2 2 exact 证号一致",
		"3 1 upgraded 15位证号升为18位后一致",
		"5 1 near 姓名与村或账号一致，证号仅第18位不同",
		"6 1 near 姓名与村或账号一致，证号仅第17位与第18位对调",
		"7 1 name_place 无证号，姓名与村（无村名时为账号）一致",
		"8 1 truncated 证号被表格软件舍去末三位，前15位与姓名一致",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %s\nwant %s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if d.Why("nobody") != nil {
		t.Error("nobody was joined")
	}
}

// The keys do not depend on the order of rows.
func TestShuffled(t *testing.T) {
	g := generate(1, 1200, 0.2)
	for i, person := range g.truth { // a third of the rows give a number that each village counts anew
		if i%3 == 0 {
			g.rows[i].number = strconv.Itoa(person % 300 / 3)
		}
	}
	first := keysByLine(t, g, nil)
	r := rand.New(rand.NewPCG(7, 7))
	for range 3 {
		perm := r.Perm(len(g.rows))
		if got := keysByLine(t, g, perm); !slices.Equal(got, first) {
			for i := range got {
				if got[i] != first[i] {
					t.Fatalf("line %d: %s, shuffled %s", i, first[i], got[i])
				}
			}
		}
	}
}

func TestNothingToResolve(t *testing.T) {
	set, d := resolve(t)
	if set.Get(table.Payment).Len() != 0 {
		t.Error("rows from nowhere")
	}
	if info, ok := d.Lookup("person", zhang); ok {
		t.Errorf("%+v from nowhere", info)
	}
	set, _ = resolve(t,
		lines(t, table.Register, 0, "register_kind", "deceased"),
		lines(t, table.BankEntry, 1, "amount", "1"),
		lines(t, table.Complaint, 2, "about", "x"))
	want(t, set, table.Register, "_person", "")
	want(t, set, table.Register, "_household", "")
}

// A project's contractor is tied to its owner by code, else by name; a firm of
// two owners to nobody.
func TestOwners(t *testing.T) {
	set, _ := resolve(t,
		lines(t, table.Works, 1, "project_id|name|contractor|contractor_code",
			"P1|路|改名前的公司|91C1", "P2|桥|乙公司|", "P3|渠|丙公司|", "P4|井|丁公司|"),
		lines(t, table.Register, 2, "register_kind|person_name|person_id|unit|related_id",
			"company|韦大山|459901197001010016|甲公司|91c1",
			"company|黄小河|459901196503050021|乙公司|",
			"company|韦大山|459901197001010016|丙公司|",
			"company|黄小河|459901196503050021|丙公司|",
			"social_insurance|黄小河|459901196503050021|丁公司|"),
		lines(t, table.Member, 3, "household_id|member_name|member_id", "H1|韦大山|459901197001010016"))
	want(t, set, table.Works, "_owner", "459901197001010016", "459901196503050021", "", "")
	want(t, set, table.Works, "_owner_household", "H1", "", "", "")
}

// A bank entry is of the village whose payments go into its account, where these
// are of several of that of the person it names.
func TestAccountVillages(t *testing.T) {
	set, _ := resolve(t,
		lines(t, table.Payment, 1, "beneficiary_name|account|county|town|village",
			"韦大山|62170001|甲县|大河镇|石山村", "黄小河|62170002|甲县|大河镇|石山村", "黄小河|62170002|甲县|大河镇|平山村"),
		lines(t, table.BankEntry, 2, "account|holder_name", "62170001|韦大山", "62170002|黄小河", "62170003|石小坪"))
	want(t, set, table.BankEntry, "_village", "甲县/大河镇/石山村", "", "")

	set, _ = resolve(t,
		lines(t, table.Payment, 1, "beneficiary_name|beneficiary_id|account|county|town|village",
			"韦大山|459901197001010016|62170001|甲县|大河镇|石山村", "黄小河|459901196503050021|62170001|甲县|大河镇|平山村"),
		lines(t, table.BankEntry, 2, "account|holder_name", "62170001|黄小河", "62170001|蓝小岭"))
	want(t, set, table.BankEntry, "_village", "甲县/大河镇/平山村", "")
}

// A register line that names no village is of the one where the person is paid.
func TestRegisterVillages(t *testing.T) {
	set, _ := resolve(t,
		lines(t, table.Payment, 1, "beneficiary_name|beneficiary_id|county|town|village",
			"韦大山|459901197001010016|甲县|大河镇|石山村", "黄小河|459901196503050021|甲县|大河镇|石山村", "黄小河|459901196503050021|甲县|大河镇|平山村"),
		lines(t, table.Register, 2, "register_kind|person_name|person_id|village",
			"deceased|韦大山|459901197001010016|", "deceased|黄小河|459901196503050021|", "village_cadre|韦大山|459901197001010016|平山村"))
	want(t, set, table.Register, "_village", "甲县/大河镇/石山村", "", "甲县/大河镇/平山村")
}

// A register that names a cadre's office only says thereby which village he is of.
func TestOfficeVillage(t *testing.T) {
	for unit, want := range map[string]string{
		"石山村村民委员会":         "石山村",
		"石山村民委员会":          "石山村",
		"甲县大河镇石山村村委会主任":    "石山村",
		"石山村党支部书记":         "石山村",
		"甲县白石街道新城社区居民委员会":  "新城社区",
		"石山村种养合作社":         "",
		"甲县大河镇人民政府":        "",
		"乡村振兴局":            "",
		"甲县农村信用合作联社石山村服务点": "",
	} {
		if got := officeVillage(unit); got != want {
			t.Errorf("officeVillage(%q) = %q, want %q", unit, got, want)
		}
	}
}
