package settle

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// columns of the rows that tests write, in order; - or nothing is an empty cell.
// The source is a letter. Bank entries have their own.
var (
	payColumns  = strings.Fields("_program period amount pay_date state batch note _person _account _fund _project county beneficiary_name _household")
	bankColumns = strings.Fields("_account amount booked_on outcome direction _person")
)

// build makes a table of rows "source column ...". Unless a row says otherwise it
// is of the person P.
func build(t testing.TB, schema *table.Schema, columns []string, rows []string) *table.Table {
	t.Helper()
	b := table.NewBuilder(schema)
	for i, row := range rows {
		f := strings.Fields(row)
		*b.Ints(table.RefColumn) = append(*b.Ints(table.RefColumn), int64(table.NewRef(int(f[0][0]-'A'), i+2)))
		for j, name := range columns {
			text := ""
			if j+1 < len(f) && f[j+1] != "-" {
				text = f[j+1]
			}
			var val int64 = table.Null
			switch schema.Fields[schema.Field(name)].Type {
			case table.Money:
				fen, err := table.ParseFen(text)
				if err != nil {
					t.Fatal(err)
				}
				val = int64(fen)
			case table.Date:
				if text != "" {
					day, err := table.ParseDay(text)
					if err != nil {
						t.Fatal(err)
					}
					val = int64(day)
				}
			default:
				if name == "_person" && schema == table.Payment {
					switch text {
					case "":
						text = "P"
					case "nobody":
						text = ""
					}
				}
				b.Words(name).Append(text)
				continue
			}
			*b.Ints(name) = append(*b.Ints(name), val)
		}
	}
	tab, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// settled settles payment rows, and bank rows, which begin with "bank".
func settled(t testing.TB, rows ...string) *table.Table {
	t.Helper()
	var pays, bank []string
	for _, r := range rows {
		if b, ok := strings.CutPrefix(r, "bank "); ok {
			bank = append(bank, b)
		} else {
			pays = append(pays, r)
		}
	}
	set, err := Settle(table.NewSet(build(t, table.Payment, payColumns, pays), build(t, table.BankEntry, bankColumns, bank)), Options{Policy: policy.Builtin(), Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	return set.Get(table.Payment)
}

// grants returns what is left as "program period amount" a grant, in order; rows
// in no grant as "amount" alone.
func grants(pay *table.Table) []string {
	sums, names := map[int64]int64{}, map[int64]string{}
	var out []string
	for i := range pay.Len() {
		fen, _ := pay.Int("_net", i)
		g, ok := pay.Int("_grant", i)
		if !ok {
			if fen != 0 {
				out = append(out, table.Fen(fen).String())
			}
			continue
		}
		if sums[g] += fen; fen != 0 {
			names[g] = pay.Text("_program", i) + " " + pay.Text("_for", i)
		}
	}
	for g, fen := range sums {
		out = append(out, names[g]+" "+table.Fen(fen).String())
	}
	slices.Sort(out)
	return out
}

// grantCases are payments and what is left of them.
var grantCases = map[string]struct {
	rows []string
	want string
}{
	"one": {[]string{"A 低保 2017-03 200 2017-03-15"}, "低保 2017-03 200.00"},
	"twice": {[]string{"A 低保 2017-03 200 2017-03-15", "A 低保 2017-03 200 2017-03-15"},
		"低保 2017-03 200.00; 低保 2017-03 200.00"},
	"two sheets tell one payment": {[]string{"A 低保 2017-03 200 2017-03-15", "B 低保 2017-03 200 2017-03-15"},
		"低保 2017-03 200.00"},
	"one sheet has the period": {[]string{"A 低保 - 200 2017-03-15", "B 低保 2017-02 200 2017-03-15"},
		"低保 2017-02 200.00"},
	"one sheet has the day": {[]string{"A 低保 2017-03 200 -", "B 低保 2017-03 200 2017-03-15", "C 低保 2017-03 200 2017-03-15"},
		"低保 2017-03 200.00"},
	"one sheet has no day, two have one each": {[]string{"A 低保 2017-03 200 -", "B 低保 2017-03 200 2017-03-15", "C 低保 2017-03 200 2017-03-28"},
		"低保 2017-03 200.00; 低保 2017-03 200.00"},
	"the day in one sheet, the period in the other": {[]string{"A 低保 2017-03 200 -", "B 低保 - 200 2017-03-15"},
		"低保 2017-03 200.00; 低保 2017-03 200.00"},
	"no day in either":       {[]string{"A 低保 2017-03 200 -", "B 低保 2017-03 200 -"}, "低保 2017-03 200.00"},
	"neither day nor period": {[]string{"A 低保 - 200 -", "B 低保 - 200 -"}, "200.00; 200.00"},
	"two in one sheet, both again in another": {
		[]string{"A 低保 2017-03 200 2017-03-15", "A 低保 2017-03 200 2017-03-15", "B 低保 2017-03 200 2017-03-15", "B 低保 2017-03 200 2017-03-15"},
		"低保 2017-03 200.00; 低保 2017-03 200.00"},
	"one in one sheet, three in another": {
		[]string{"A 低保 2017-03 200 2017-03-15", "B 低保 2017-03 200 2017-03-15", "B 低保 2017-03 200 2017-03-15", "B 低保 2017-03 200 2017-03-15"},
		"低保 2017-03 200.00; 低保 2017-03 200.00; 低保 2017-03 200.00"},
	"two dates are two payments": {[]string{"A 低保 2017-03 200 2017-03-15", "B 低保 2017-03 200 2017-03-16"},
		"低保 2017-03 200.00; 低保 2017-03 200.00"},
	"two funds are two payments": {[]string{"A 低保 2017-03 200 2017-03-15 - - - - - F1", "B 低保 2017-03 200 2017-03-15 - - - - - F2", "C 低保 2017-03 200 2017-03-15"},
		"低保 2017-03 200.00; 低保 2017-03 200.00"},
	"two accounts are two payments": {[]string{"A 低保 2017-03 200 2017-03-15 - - - - 6217", "B 低保 2017-03 200 2017-03-15 - - - - 6218"},
		"低保 2017-03 200.00; 低保 2017-03 200.00"},
	"two projects are two payments": {[]string{"A 低保 2017-03 200 2017-03-15 - - - - - - X1", "B 低保 2017-03 200 2017-03-15 - - - - - - X2"},
		"低保 2017-03 200.00; 低保 2017-03 200.00"},
	"two counties are two payments": {[]string{"A 低保 2017-03 200 2017-03-15 - - - - - - - 甲县", "B 低保 2017-03 200 2017-03-15 - - - - - - - 乙县"},
		"低保 2017-03 200.00; 低保 2017-03 200.00"},
	"two instalments are two payments": {[]string{"A 危改 2017 200 2017-03-15 - 第一批", "B 危改 2017 200 2017-03-15 - 第二批"}, "危改 2017 400.00"},
	"a return in one sheet, and again in another": {
		[]string{"A 低保 2017-03 200 2017-03-15", "A 低保 2017-03 200 2017-03-20", "A 低保 2017-03 -200 2017-03-25", "B 低保 2017-03 -200 2017-03-25"},
		"低保 2017-03 200.00"},
	"nobody known is told twice by name and account": {
		[]string{"A 低保 2017-03 200 2017-03-15 - - - nobody 6217 - - - 韦大山", "B 低保 2017-03 200 2017-03-15 - - - nobody 6217 - - - 韦大山"}, "低保 2017-03 200.00"},
	"or household": {
		[]string{"A 低保 2017-03 200 2017-03-15 - - - nobody - - - - 韦大山 H1", "B 低保 2017-03 200 2017-03-15 - - - nobody - - - - 韦大山 H1"}, "低保 2017-03 200.00"},
	"not by name alone": {
		[]string{"A 低保 2017-03 200 2017-03-15 - - - nobody - - - - 韦大山", "B 低保 2017-03 200 2017-03-15 - - - nobody - - - - 韦大山"},
		"低保 2017-03 200.00; 低保 2017-03 200.00"},
	"not by account alone": {
		[]string{"A 低保 2017-03 200 2017-03-15 - - - nobody 6217", "B 低保 2017-03 200 2017-03-15 - - - nobody 6217"},
		"低保 2017-03 200.00; 低保 2017-03 200.00"},
	"returned":                                {[]string{"A 低保 2017-03 200 2017-03-15", "A 低保 2017-03 -200 2017-04-15"}, ""},
	"returned by state":                       {[]string{"A 低保 2017-03 200 2017-03-15 退款"}, ""},
	"returned by a line of its own":           {[]string{"A 低保 2017-03 200 2017-03-15 - - - - 6217", "A 低保 2017-03 200 2017-03-28 退还"}, ""},
	"a line of its own on the day of payment": {[]string{"A 低保 2017-03 200 2017-03-15", "A 低保 2017-03 200 2017-03-15 退还"}, ""},
	"a line that returns another account's": {[]string{"A 低保 2017-03 200 2017-03-15 - - - - 6217", "A 低保 2017-03 200 2017-03-28 退还 - - - 6218"},
		"低保 2017-03 200.00"},
	"what came back of another county": {[]string{"A 低保 2017-03 200 2017-03-15 - - - - - - - 甲县", "A 低保 2017-03 -200 2017-03-28 - - - - - - - 乙县"},
		"-200.00; 低保 2017-03 200.00"},
	"returned in part": {[]string{"A 低保 2017-03 200 2017-03-15", "A 低保 2017-03 -50 2017-04-15"},
		"低保 2017-03 150.00"},
	"more came back than was paid": {[]string{"A 低保 2017-03 200 2017-03-15", "A 低保 2017-03 -250 2017-04-15"}, "-50.00"},
	"one return for two payments":  {[]string{"A 低保 2017-03 200 2017-03-15", "A 低保 2017-04 200 2017-04-15", "A 低保 - -400 2017-05-15"}, ""},
	"a return of another month takes the sum it names": {
		[]string{"A 低保 2017-03 200 2017-03-15", "A 低保 2017-04 250 2017-04-15", "A 低保 - -200 2017-05-15"},
		"低保 2017-04 250.00"},
	"bounced and paid again": {[]string{"A 低保 2017-03 200 2017-03-15 退款", "A 低保 2017-03 200 2017-03-25 更正发放"},
		"低保 2017-03 200.00"},
	"a row with the state of a payment that came back, and the next": {
		[]string{"A 低保 2017-03 200 2017-03-15 退款", "A 低保 2017-03 200 2017-04-15"}, "低保 2017-03 200.00"},
	"the return of a month does not touch another month": {
		[]string{"A 低保 2017-03 200 2017-03-15", "A 低保 2017-04 250 2017-04-15 退款"}, "低保 2017-03 200.00"},
	"a part of the latest payment comes back": {
		[]string{"A 低保 2017Q2 300 2017-07-02", "A 低保 2017Q2 600 2017-06-20", "A 低保 2017Q2 -100 2017-07-20"},
		"低保 2017Q2 200.00; 低保 2017Q2 600.00"},
	"a part of the smallest of a day that covers it": {
		[]string{"A 低保 2017Q2 300 2017-07-02", "A 低保 2017Q2 90 2017-07-02", "A 低保 2017Q2 600 2017-07-02", "A 低保 2017Q2 -100 2017-07-20"},
		"低保 2017Q2 200.00; 低保 2017Q2 600.00; 低保 2017Q2 90.00"},
	"came back and is sent again": {[]string{"A 低保 2017-03 200 2017-03-25 - - 退回重发"}, "低保 2017-03 200.00"},
	"an instalment comes back and is sent again": {
		[]string{"A 危改 2017 12000 2017-03-15 - 第一批", "A 危改 2017 8000 2017-09-15 - 第二批",
			"A 危改 2017 -8000 2017-09-20", "A 危改 2017 8000 2017-10-15 - 第二批"},
		"危改 2017 20000.00"},
	"refused on the day of payment": {[]string{"A 低保 2017-03 200 2017-03-15 - - - - 6217", "bank B 6217 200 2017-03-15 returned"}, ""},
	"refused before the payment":    {[]string{"A 低保 2017-03 200 2017-03-15 - - - - 6217", "bank B 6217 200 2017-03-14 returned"}, "低保 2017-03 200.00"},
	"refused, then paid after all":  {[]string{"A 低保 2017-03 200 2017-03-15 - - - - 6217", "bank B 6217 200 2017-03-17 returned", "bank B 6217 200 2017-03-20 success"}, "低保 2017-03 200.00"},
	"refused and paid on one day":   {[]string{"A 低保 2017-03 200 2017-03-15 - - - - 6217", "bank B 6217 200 2017-03-17 returned", "bank B 6217 200 2017-03-17 success"}, "低保 2017-03 200.00"},
	"paid, then refused":            {[]string{"A 低保 2017-03 200 2017-03-15 - - - - 6217", "bank B 6217 200 2017-03-16 success", "bank B 6217 200 2017-03-17 returned"}, ""},
	"refused, the next paid": {
		[]string{"A 低保 2017-03 200 2017-03-15 - - - - 6217", "A 低保 2017-04 200 2017-04-15 - - - - 6217", "bank B 6217 200 2017-03-17 returned", "bank B 6217 200 2017-04-17 success"}, "低保 2017-04 200.00"},
	"refused and paid again, the next paid": {
		[]string{"A 低保 2017-03 200 2017-03-15 - - - - 6217", "A 低保 2017-04 200 2017-04-15 - - - - 6217", "bank B 6217 200 2017-03-17 returned", "bank B 6217 200 2017-03-20 success", "bank B 6217 200 2017-04-17 success"}, "低保 2017-03 200.00; 低保 2017-04 200.00"},
	"refused another sum": {[]string{"A 低保 2017-03 200 2017-03-15 - - - - 6217", "bank B 6217 201 2017-03-15 returned"}, "低保 2017-03 200.00"},
	"booked":              {[]string{"A 低保 2017-03 200 2017-03-15 - - - - 6217", "bank B 6217 200 2017-03-15 success"}, "低保 2017-03 200.00"},
	"refused going out":   {[]string{"A 低保 2017-03 200 2017-03-15 - - - - 6217", "bank B 6217 200 2017-03-15 returned out"}, "低保 2017-03 200.00"},
	"the latest before it is refused": {
		[]string{"A 低保 2017-03 200 2017-03-15 - - - - 6217", "A 低保 2017-04 200 2017-04-15 - - - - 6217", "bank B 6217 200 2017-04-20 returned"}, "低保 2017-03 200.00"},
	"two refused": {
		[]string{"A 低保 2017-03 200 2017-03-15 - - - - 6217", "A 低保 2017-04 200 2017-04-15 - - - - 6217", "bank B 6217 200 2017-04-20 returned", "bank B 6217 200 2017-04-21 returned"}, ""},
	"the holder's is refused": {
		[]string{"A 低保 2017-03 200 2017-03-15 - - - Q 6217", "A 低保 2017-04 200 2017-04-15 - - - - 6217", "bank B 6217 200 2017-04-20 returned - Q"}, "低保 2017-04 200.00"},
	"told twice and refused once": {
		[]string{"A 低保 2017-02 200 2017-02-15 - - - - 6217", "A 低保 2017-03 200 2017-03-15 - - - - 6217", "C 低保 2017-03 200 2017-03-15 - - - - 6217", "bank B 6217 200 2017-03-20 returned"},
		"低保 2017-02 200.00"},
	"refused, and the roster tells of it": {
		[]string{"A 低保 2017-02 200 2017-02-15 - - - - 6217", "A 低保 2017-03 200 2017-03-15 - - - - 6217", "A 低保 2017-03 -200 2017-03-22", "bank B 6217 200 2017-03-20 returned"},
		"低保 2017-02 200.00"},
	"a return is no repeat of a payment":    {[]string{"A 低保 2017-03 -200 2017-03-15", "B 低保 2017-03 200 2017-03-15"}, ""},
	"a return that was not paid out either": {[]string{"A 低保 2017-03 200 2017-03-15", "A 低保 2017-03 -200 2017-03-20 未支付"}, "低保 2017-03 200.00"},
	"a return of another project": {
		[]string{"A 低保 2017-01 200 2017-03-15 - - - - - - X1", "A 低保 2017-02 200 2017-03-16 - - - - - - X2", "A 低保 - -200 2017-05-20 - - - - - - X1"},
		"低保 2017-02 200.00"},
	"a return of another account": {
		[]string{"A 低保 2017-01 200 2017-03-15 - - - - 6217", "A 低保 2017-02 200 2017-03-16 - - - - 6218", "A 低保 - -200 2017-05-20 - - - - 6217"},
		"低保 2017-02 200.00"},
	"told twice, the second says more, and refused": {
		[]string{"A 低保 2017-03 200 2017-03-15 - - - - 6217", "B 低保 2017-03 200 2017-03-15 - - - - 6217 F1", "bank C 6217 200 2017-03-20 returned"}, ""},
	"what was not paid cannot be refused": {
		[]string{"A 低保 2017-03 200 2017-03-15 - - - - 6217", "A 低保 2017-03 200 2017-03-18 未支付 - - - 6217", "bank C 6217 200 2017-03-20 returned"}, ""},
	"the first instalment does not join what is unmarked": {[]string{"A 危改 2017 10000 2017-03-15", "A 危改 2017 15000 2017-09-15 - 第一批"},
		"危改 2017 10000.00; 危改 2017 15000.00"},
	"instalments without a number": {[]string{"A 危改 2017 10000 2017-03-15 - 分期", "A 危改 2017 15000 2017-09-15 - 分期"}, "危改 2017 25000.00"},
	"an instalment of a stated period and one of a month": {[]string{"A 危改 2017-03 100 2017-03-15 - 第一批", "A 危改 - 100 2017-03-20 - 第二批"},
		"危改 2017-03 100.00; 危改 2017-03 100.00"},
	"instalments of two projects": {[]string{"A 危改 2017 100 2017-03-15 - 第一批 - - - - X1", "A 危改 2017 100 2017-05-15 - 第二批 - - - - X2"},
		"危改 2017 100.00; 危改 2017 100.00"},
	"a supplement to its own period": {[]string{"A 低保 2017Q1 600 2017-03-15", "A 低保 2017-03 200 2017-03-16", "A 低保 2017-03 40 2017-06-15 - - 补发"},
		"低保 2017-03 240.00; 低保 2017Q1 600.00"},
	"corrected": {[]string{"A 低保 2017-03 200 2017-03-15", "A 低保 2017-03 240 2017-03-25 更正"},
		"低保 2017-03 240.00"},
	"the one of its sum is corrected": {[]string{"A 低保 2017-03 240 2017-03-15", "A 低保 2017-03 200 2017-03-16", "A 低保 2017-03 240 2017-03-25 更正"},
		"低保 2017-03 200.00; 低保 2017-03 240.00"},
	"returned in part and corrected": {[]string{"A 低保 2017-03 200 2017-03-15", "A 低保 2017-03 -50 2017-03-20", "A 低保 2017-03 150 2017-03-25 更正"},
		"低保 2017-03 150.00"},
	"reversed and corrected": {[]string{"A 低保 2017-03 200 2017-03-15", "A 低保 2017-03 -200 2017-03-20 冲销", "A 低保 2017-03 240 2017-03-25 更正"},
		"低保 2017-03 240.00"},
	"supplement": {[]string{"A 低保 2017-03 200 2017-03-15", "A 低保 2017-03 40 2017-06-15 - - 补发"},
		"低保 2017-03 240.00"},
	"instalments": {[]string{"A 危改 2017 10000 2017-03-15 - 第一批", "A 危改 2017 15000 2017-09-15 - 第二批"},
		"危改 2017 25000.00"},
	"the first unmarked": {[]string{"A 危改 2017 10000 2017-03-15", "A 危改 2017 15000 2017-09-15 - 尾款"},
		"危改 2017 25000.00"},
	"one instalment twice": {[]string{"A 危改 2017 10000 2017-03-15 - 第1批", "A 危改 2017 10000 2017-09-15 - 第一批"},
		"危改 2017 10000.00; 危改 2017 10000.00"},
	"a batch number is no instalment": {[]string{"A 低保 2017-03 200 2017-03-15 - 201703", "A 低保 2017-03 200 2017-03-25 - 201704"},
		"低保 2017-03 200.00; 低保 2017-03 200.00"},
	"not paid":  {[]string{"A 低保 2017-03 200 2017-03-15 待编制", "A 低保 2017-03 0 2017-03-15"}, ""},
	"cancelled": {[]string{"A 低保 2017-03 200 2017-03-15 已发", "A 低保 2017-03 200 2017-03-28 取消"}, "低保 2017-03 200.00"},
	"a monthly benefit under its year": {[]string{"A 低保 2017 200 2017-01-15", "A 低保 2017 200 2017-02-15", "A 低保 2017 200 2017-03-15"},
		"低保 2017-01 200.00; 低保 2017-02 200.00; 低保 2017-03 200.00"},
	"twice a year is no monthly benefit": {[]string{"A 低保 2017 200 2017-01-15", "A 低保 2017 200 2017-02-15"},
		"低保 2017 200.00; 低保 2017 200.00"},
	"nor are three payments in two months": {[]string{"A 低保 2017 200 2017-01-15", "A 低保 2017 200 2017-02-15", "A 低保 2017 200 2017-02-25"},
		"低保 2017 200.00; 低保 2017 200.00; 低保 2017 200.00"},
	"nowhere in time": {[]string{"A 低保 - 200 -"}, "200.00"},
	"no program":      {[]string{"A - 2017-03 200 -"}, "200.00"},
	"of two programs": {[]string{"A 低保 2017-03 200 2017-03-15", "A 五保 2017-03 -200 2017-03-15"}, "-200.00; 低保 2017-03 200.00"},
	"of two persons":  {[]string{"A 低保 2017-03 200 2017-03-15", "A 低保 2017-03 -200 2017-03-15 - - - Q"}, "-200.00; 低保 2017-03 200.00"},
}

func TestGrants(t *testing.T) {
	for name, tt := range grantCases {
		t.Run(name, func(t *testing.T) {
			if got := strings.Join(grants(settled(t, tt.rows...)), "; "); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// everything writes a table of payments whole, a row a line in order of place.
func everything(pay *table.Table) []string {
	var out []string
	for i := range pay.Len() {
		ref, _ := pay.Int(table.RefColumn, i)
		line := fmt.Sprint(table.Ref(ref))
		for _, name := range []string{"_net", "_part", "_told_in", "_back_on"} {
			n, ok := pay.Int(name, i)
			line += fmt.Sprint(" ", n, ok)
		}
		g, grouped := pay.Int("_grant", i)
		var mates []string
		for j := range pay.Len() {
			if o, ok := pay.Int("_grant", j); ok && grouped && o == g {
				r, _ := pay.Int(table.RefColumn, j)
				mates = append(mates, fmt.Sprint(table.Ref(r)))
			}
		}
		slices.Sort(mates)
		out = append(out, fmt.Sprint(line, " ", pay.Text("_kind", i), " ", pay.Text("_for", i), " ", mates))
	}
	slices.Sort(out)
	return out
}

// column writes one column, row by row; "" where absent.
func column(t *table.Table, name string) string {
	var out []string
	for i := range t.Len() {
		f := t.Schema().Fields[t.Schema().Field(name)]
		switch f.Type {
		case table.Text, table.Span:
			out = append(out, t.Text(name, i))
			continue
		}
		n, ok := t.Int(name, i)
		text := ""
		switch {
		case !ok:
		case f.Type == table.Date:
			text = table.Day(n).String()
		case f.Type == table.Handle:
			text = fmt.Sprintf("%c%d", 'A'+table.Ref(n).Source(), table.Ref(n).Row())
		default:
			text = fmt.Sprint(n)
		}
		out = append(out, text)
	}
	return strings.Join(out, " | ")
}

func TestColumns(t *testing.T) {
	for _, tt := range []struct {
		about, column string
		rows          []string
		want          string
	}{
		{"kinds", "_kind", []string{"A 低保 2017-03 200 2017-03-15", "A 低保 2017-03 200 2017-03-28 未支付", "A 低保 2017-03 -200 2017-03-28", "A 低保 2017-03 20 2017-04-15 补发",
			"A 危改 2017 20 2017-04-15 - 第一批", "A 低保 2017-03 210 2017-03-28 更正", "A 低保 2017-03 0 2017-03-28"},
			"paid | unpaid | returned | supplement | instalment | correction | unpaid"},
		{"what the bank refused has come back", "_kind", []string{"A 低保 2017-03 200 2017-03-15 - - - - 6217", "bank B 6217 200 2017-03-18 returned"}, "returned"},
		{"and is told apart from what rosters take back", "_refused", []string{"A 低保 2017-03 200 2017-03-15 - - - - 6217", "A 低保 2017-04 200 2017-04-15", "bank B 6217 200 2017-03-18 returned"}, "20000 | "},
		{"what a roster takes back itself is refused no second time", "_refused", []string{"A 低保 2017-03 200 2017-03-15 - - - - 6217", "A 低保 2017-02 200 2017-02-15 - - - - 6217",
			"A 低保 2017-03 -200 2017-03-22", "bank B 6217 200 2017-03-20 returned", "bank B 6217 200 2017-03-21 returned"}, " | 20000 | "},
		{"on the last day", "_back_on", []string{"A 低保 2017-03 200 2017-03-15", "A 低保 2017-03 -50 2017-04-18", "A 低保 2017-03 -20 2017-03-18"}, "2017-04-18 |  | "},
		{"what a correction replaces never left", "_back_on", []string{"A 低保 2017-03 200 2017-03-15", "A 低保 2017-03 -50 2017-03-18", "A 低保 2017-03 150 2017-03-20 更正"}, " |  | "},
		{"of equals the first sheet counts", "_told_in", []string{"B 低保 2017-03 200 2017-03-15", "A 低保 2017-03 200 2017-03-15", "C 低保 2017-03 200 2017-03-15"}, "A3 |  | A3"},
		{"the sheet with the account counts", "_told_in", []string{"A 低保 2017-03 200 2017-03-15", "B 低保 2017-03 200 2017-03-15 - - - - 6217"}, "B3 | "},
		{"the sheet with the period counts", "_told_in", []string{"A 低保 - 200 2017-03-15 - - - - 6217 F1", "B 低保 2017-03 200 2017-03-15"}, "B3 | "},
		{"the sheet with the day counts", "_told_in", []string{"A 低保 2017-03 200 - - - - - 6217", "B 低保 2017-03 200 2017-03-15"}, "B3 | "},
		{"a repeat stands in the grant and for the period of what it repeats", "_for", []string{"A 低保 - 200 2017-03-15", "B 低保 2017-02 200 2017-03-15"}, "2017-02 | 2017-02"},
		{"a repeat, a return and a part stand in the grant", "_grant", []string{"A 危改 2017 300 2017-03-15 - 第一批", "B 危改 2017 300 2017-03-15 - 第一批", "A 危改 2017 100 2017-05-15 - 第二批",
			"A 危改 2017 -50 2017-06-15", "A 危改 2018 10 2018-01-01", "A - 2018 10 2018-01-01", "A 危改 - 10 -"}, "0 | 0 | 0 | 0 | 1 |  | "},
		{"parts", "_part", []string{"A 危改 2017 300 2017-03-15 - 第二批", "A 危改 2017 300 2017-03-15 - - 尾款", "A 危改 2017 300 2017-03-15"}, "2 | 62 | "},
	} {
		if got := column(settled(t, tt.rows...), tt.column); got != tt.want {
			t.Errorf("%s: %s is\n%s\nwant\n%s", tt.about, tt.column, got, tt.want)
		}
	}
}

// TestGradedTiers: two tiers of a graded program are two grants, of others they
// do not count.
func TestGradedTiers(t *testing.T) {
	rows := []string{"A X 2017 300 2017-03-15 - 第一批", "A X 2017 100 2017-05-15 - 第二批"}
	for graded, want := range map[bool]int{true: 2, false: 1} {
		pay := build(t, table.Payment, payColumns, rows)
		b := table.NewBuilder(table.Payment)
		b.Words("tier").Append("C级")
		b.Words("tier").Append("D级")
		pay, err := pay.With(b)
		if err != nil {
			t.Fatal(err)
		}
		p := &policy.Policy{Programs: map[string]*policy.Program{"X": {Name: "X", Graded: graded}}}
		set, err := Settle(table.NewSet(pay), Options{Policy: p})
		if err != nil {
			t.Fatal(err)
		}
		if got := len(grants(set.Get(table.Payment))); got != want {
			t.Errorf("graded %v: %d grants, want %d", graded, got, want)
		}
	}
}

func TestKeptBy(t *testing.T) {
	rows := []string{"A 100 -", "A - 50", "B 100 100", "B 50 -", "C - -", "D - 5"}
	b := table.NewBuilder(table.Flow)
	for i, row := range rows {
		f := strings.Fields(row)
		*b.Ints(table.RefColumn) = append(*b.Ints(table.RefColumn), int64(table.NewRef(int(f[0][0]-'A'), i+2)))
		for j, name := range []string{"sent_amount", "received_amount"} {
			val := int64(table.Null)
			if f[j+1] != "-" {
				fen, err := table.ParseFen(f[j+1])
				if err != nil {
					t.Fatal(err)
				}
				val = int64(fen)
			}
			*b.Ints(name) = append(*b.Ints(name), val)
		}
	}
	flow, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	set, err := Settle(table.NewSet(flow), Options{Policy: policy.Builtin()})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := column(set.Get(table.Flow), "_kept_by"), "sender | receiver | both | both |  | receiver"; got != want {
		t.Errorf("kept by %s, want %s", got, want)
	}
}

// randomRows returns payments of few persons with much that meets: equal sums and
// days, states, batches, several sheets, bank refusals.
func randomRows(r *rand.Rand, n int) []string {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	rows := make([]string, n)
	for i := range rows {
		day := fmt.Sprintf("2017-0%d-%02d", 1+r.IntN(4), 1+r.IntN(3))
		if r.IntN(6) == 0 {
			rows[i] = fmt.Sprint("bank D ", pick("6217", "6218"), " ", pick("100", "200"), " ", day, " ", pick("returned", "success"))
			continue
		}
		rows[i] = strings.Join([]string{pick("A", "B", "C"), pick("低保", "危改", "-"), pick("2017-01", "2017-02", "2017", "-"), pick("100", "200", "100", "200", "-100", "-50", "0"),
			pick(day, day, day, "-"), pick("-", "-", "-", "退款", "未支付", "更正", "补发"), pick("-", "-", "第一批", "第二批", "分期"), "-",
			pick("-", "Q", "nobody"), pick("-", "6217", "6218"), pick("-", "F1", "F2"), "-", pick("-", "甲县"), "韦大山"}, " ")
	}
	return rows
}

// TestNothingIsLostOrMade: in sets of rows without refusals, repeats and
// corrections what is left is what was paid less what came back; and the rows of
// a grant never come to less than nothing.
func TestNothingIsLostOrMade(t *testing.T) {
	for seed := range uint64(300) {
		rows := randomRows(rand.New(rand.NewPCG(seed, 1)), 40)
		pay := settled(t, rows...)
		plain, want, got := true, int64(0), int64(0)
		of := map[int64]int64{}
		for i := range pay.Len() {
			amount, _ := pay.Int("amount", i)
			net, _ := pay.Int("_net", i)
			_, told := pay.Int("_told_in", i)
			kind := pay.Text("_kind", i)
			if g, ok := pay.Int("_grant", i); ok {
				of[g] += max(net, 0)
			} else if kind != "returned" && net < 0 {
				t.Errorf("seed %d: row %d: a %s payment comes to %d", seed, i, kind, net)
			}
			if told && net != 0 || kind == "unpaid" && net != 0 {
				t.Errorf("seed %d: row %d: %s, told %v, comes to %d", seed, i, kind, told, net)
			}
			if kind == "correction" || kind == "returned" && amount > 0 {
				plain = false
			}
			if kind != "unpaid" && !told {
				want += amount
			}
			got += net
		}
		if plain && want != got {
			t.Errorf("seed %d: %d left, want %d", seed, got, want)
		}
		for g, sum := range of {
			if sum < 0 {
				t.Errorf("seed %d: grant %d comes to %d", seed, g, sum)
			}
		}
	}
}

// TestOrderDoesNotMatter settles the rows of a table, places along with them, in
// many orders and by more and fewer goroutines.
func TestOrderDoesNotMatter(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 2))
		pay := settled(t, randomRows(r, 60)...)
		bank := build(t, table.BankEntry, bankColumns, []string{"D 6217 100 2017-02-01 returned", "D 6217 200 2017-03-01 returned"})
		set, err := Settle(table.NewSet(pay, bank), Options{Policy: policy.Builtin(), Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		want := everything(set.Get(table.Payment))
		for range 4 {
			order := r.Perm(pay.Len())
			set, err := Settle(table.NewSet(reordered(t, pay, order), bank), Options{Policy: policy.Builtin(), Workers: 4})
			if err != nil {
				t.Fatal(err)
			}
			if got := everything(set.Get(table.Payment)); !slices.Equal(got, want) {
				t.Fatalf("seed %d:\n%s\nwant\n%s", seed, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	}
}

// reordered returns the rows that a table had from its sheets in another order.
func reordered(t testing.TB, pay *table.Table, order []int) *table.Table {
	b := table.NewBuilder(table.Payment)
	for _, i := range order {
		ref, _ := pay.Int(table.RefColumn, i)
		*b.Ints(table.RefColumn) = append(*b.Ints(table.RefColumn), ref)
		for _, name := range payColumns {
			switch table.Payment.Fields[table.Payment.Field(name)].Type {
			case table.Text, table.Span:
				b.Words(name).Append(pay.Text(name, i))
			default:
				n, ok := pay.Int(name, i)
				if !ok {
					n = table.Null
				}
				*b.Ints(name) = append(*b.Ints(name), n)
			}
		}
	}
	out, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestManyRowsOfOneKey: a key that a mistake gives to very many rows costs no
// more than as many persons.
func TestManyRowsOfOneKey(t *testing.T) {
	b := table.NewBuilder(table.Payment)
	const n = 20_000
	for i := range n {
		*b.Ints(table.RefColumn) = append(*b.Ints(table.RefColumn), int64(table.NewRef(0, i+1)))
		*b.Ints("amount") = append(*b.Ints("amount"), int64(100-200*(i%2)))
		b.Words("_person").Append("P")
		b.Words("_program").Append("低保")
		b.Words("period").Append("2017-03")
	}
	pay, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	set, err := Settle(table.NewSet(pay), Options{Policy: policy.Builtin(), Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	sum := int64(0)
	for _, fen := range set.Get(table.Payment).Ints("_net") {
		sum += fen
	}
	if sum != 0 {
		t.Errorf("as much paid as returned leaves %d", sum)
	}
}

func BenchmarkSettle(b *testing.B) {
	t := table.NewBuilder(table.Payment)
	const n = 1_000_000
	for i := range n {
		*t.Ints(table.RefColumn) = append(*t.Ints(table.RefColumn), int64(table.NewRef(i/50_000, i+1)))
		*t.Ints("amount") = append(*t.Ints("amount"), 20_000)
		*t.Ints("pay_date") = append(*t.Ints("pay_date"), 17_000+int64(i/100_000)*30)
		t.Words("_person").Append(fmt.Sprint(i * 7919 % 100_000))
		t.Words("_program").Append([]string{"低保", "危改"}[i%2])
		t.Words("state").Append("已发")
	}
	pay, err := t.Build()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Settle(table.NewSet(pay), Options{Policy: policy.Builtin(), Workers: 2}); err != nil {
			b.Fatal(err)
		}
	}
}
