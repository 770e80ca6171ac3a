package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"fundtrace/pipeline/chain"
	"fundtrace/pipeline/table"
	"fundtrace/pipeline/words"
)

// WritePerson writes all that reached the household of a person, by canonical
// ID number, and by what ways, in order of date. A household number will do as
// well. It fails where no payment names either.
func WritePerson(w io.Writer, t Telling, person string) error {
	t.Width = max(t.Width, minWidth)
	pay := t.Tables.Get(table.Payment)
	rows := t.household(pay, words.Fold(person))
	if rows == nil {
		return fmt.Errorf("tracing a person: no payment names that ID or household number; check that it has 18 characters")
	}
	on := numberOf(pay, "pay_date")
	slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(on(a), on(b)) })
	out := bufio.NewWriter(w)
	var total int64
	for _, row := range rows {
		amount, _ := pay.Int("amount", row)
		net, _ := pay.Int("_net", row)
		traced := pay.Text("_traced", row)
		total += net
		text := strings.Join(slices.DeleteFunc([]string{
			t.day(on(row)), pay.Text("beneficiary_name", row), pay.Text("program", row), pay.Text("period", row),
		}, func(s string) bool { return s == "" }), " ")
		money := t.yuan(net)
		fmt.Fprintln(out, fit(text, t.Width-moneyCells)+right(money, moneyCells))
		way := strings.TrimSpace(pay.Text("_fund", row) + " " + pay.Text("_path", row))
		if days, ok := pay.Int("_days_total", row); ok {
			way += fmt.Sprintf(t.in(" 共 %d 天", " %d days"), days)
		}
		if slow, ok := pay.Int("_slowest_days", row); ok && slow > 0 {
			way += fmt.Sprintf(t.in("，%s停留最长 %d 天", ", longest at %s, %d days"), pay.Text("_slowest_unit", row), slow)
		}
		if amount != net {
			way += fmt.Sprintf(t.in("；表列 %s 元", "; the sheet has %s"), table.Fen(amount))
		}
		if traced != string(chain.Traced) {
			way += t.in("；", "; ") + Because(chain.Reason(traced), t.Lang)
		}
		if pay.Text("_fund_by", row) == chain.Inferred {
			way += t.in("；资金文号系推定", "; the fund is inferred")
		}
		for _, l := range wrap(strings.TrimLeft(way, " ;；")+t.at(pay.Refs()[row]), t.Width-2) {
			fmt.Fprintln(out, "  "+l)
		}
	}
	fmt.Fprintln(out, fit(fmt.Sprintf(t.in("合计 %d 笔", "%d payments in all"), len(rows)), t.Width-moneyCells)+right(t.yuan(total), moneyCells))
	return out.Flush()
}

// household returns the payment rows of a person's households, or of a
// household.
func (t Telling) household(pay *table.Table, key string) []int {
	rows := rowsOf(pay, "_person", key)
	houses := map[string]bool{}
	for _, row := range rows {
		houses[pay.Text("_household", row)] = true
	}
	members := t.Tables.Get(table.Member)
	for _, row := range rowsOf(members, "_person", key) {
		houses[members.Text("_household", row)] = true
	}
	if len(houses) == 0 {
		houses[key] = true
	}
	delete(houses, "")
	for h := range houses {
		rows = append(rows, rowsOf(pay, "_household", h)...)
	}
	slices.Sort(rows)
	return slices.Compact(rows)
}
