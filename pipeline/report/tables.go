package report

import (
	"strings"

	"fundtrace/pipeline/table"
)

// published are the tables that go to tables/: the canonical ones, and of the
// derived ones those that have no file of their own.
var published = append(append([]*table.Schema{}, table.Canonical...), table.Hop, table.Stay, table.Statement)

// writeTable writes one table whole, every column of its schema whether the
// run has it or not, so that a query works every night.
func writeTable(path string, d *Data, s *table.Schema, m masker) error {
	t := d.Tables.Get(s)
	var cols []table.ParquetColumn
	for _, f := range s.Fields {
		cols = append(cols, tableColumns(d, t, f, f.Name, m)...)
	}
	return writeParquet(path, t.Len(), cols)
}

// A renamed column stands in a file under a name of its own.
type renamed struct{ field, name string }

// chainColumns are chains.parquet in the contract's order.
var chainColumns = []renamed{
	{"fund_no", "fund_no"}, {"unit", "unit"}, {"depth", "depth"},
	{"received", "received"}, {"sent_on", "sent_on"}, {"paid_out", "paid_out"}, {"stated_balance", "stated_balance"},
	{"held", "held"}, {"unexplained", "unexplained"},
	{"first_in", "first_in"}, {"last_out", "last_out"}, {"longest_idle_days", "longest_idle_days"},
	{"stated_on", "stated_on"},
}

// paymentColumns are payments.parquet: what a payment is, whom and what it was
// resolved to, and its way. The rest of its row is in tables/payment.parquet
// under the same place.
var paymentColumns = []renamed{
	{"_ref", "_ref"},
	{"_person", "person"}, {"beneficiary_name", "beneficiary_name"}, {"_match", "match"},
	{"_payee", "payee"}, {"_head", "head"}, {"_household", "household"}, {"_account", "account"},
	{"_project", "project"}, {"_fund", "fund_no"}, {"_fund_by", "fund_by"}, {"_unit", "payer"},
	{"program", "program"}, {"tier", "tier"}, {"period", "period"}, {"amount", "amount"}, {"pay_date", "pay_date"}, {"state", "state"},
	{"_kind", "kind"}, {"_net", "net"}, {"_back_on", "back_on"}, {"_for", "period_for"}, {"_part", "part"},
	{"county", "county"}, {"town", "town"}, {"village", "village"},
	{"_payer_how", "_payer_how"}, {"_fund_no_how", "_fund_no_how"}, {"_program_how", "_program_how"}, {"_period_how", "_period_how"},
	{"_county_how", "_county_how"}, {"_town_how", "_town_how"}, {"_village_how", "_village_how"},
	{"_path", "path"}, {"_hops", "hops"}, {"_days_total", "days_total"},
	{"_slowest_unit", "slowest_unit"}, {"_slowest_days", "slowest_days"}, {"_traced", "traced"},
}

func writeChains(path string, d *Data, m masker) error {
	return writeRenamed(path, d, table.Position, chainColumns, m)
}

func writePayments(path string, d *Data, m masker) error {
	return writeRenamed(path, d, table.Payment, paymentColumns, m)
}

func writeRenamed(path string, d *Data, s *table.Schema, names []renamed, m masker) error {
	t := d.Tables.Get(s)
	var cols []table.ParquetColumn
	for _, n := range names {
		cols = append(cols, tableColumns(d, t, s.Fields[s.Field(n.field)], n.name, m)...)
	}
	return writeParquet(path, t.Len(), cols)
}

// tableColumns returns a table's column as Parquet columns, straight from its
// codes and numbers; a Ref becomes file, sheet and row.
func tableColumns(d *Data, t *table.Table, f table.Field, name string, m masker) []table.ParquetColumn {
	switch f.Type {
	case table.Handle:
		return placeColumns(d, t.Ints(f.Name), strings.TrimSuffix(name, "ref"), m)
	case table.Text, table.Span:
		codes, dict := t.Words(f.Name)
		if codes == nil {
			return []table.ParquetColumn{texts(name, func(int) string { return "" })}
		}
		return []table.ParquetColumn{table.WordsToParquet(name, codes, mapped(dict, m.column(f.Name)))}
	}
	ints := t.Ints(f.Name)
	return []table.ParquetColumn{table.IntsToParquet(name, f.Type, func(i int) int64 {
		if ints == nil {
			return table.Null
		}
		return ints[i]
	})}
}

// placeColumns resolves a column of Refs; refs may be nil. The sheet is "" where
// a file has only one, so that evidence and rows join by equality.
func placeColumns(d *Data, refs []int64, prefix string, m masker) []table.ParquetColumn {
	ref := func(i int) table.Ref {
		if refs == nil || refs[i] == table.Null {
			return 0
		}
		return table.Ref(refs[i])
	}
	of := func(name func(s table.Source) string) func(int) (string, bool) {
		names := mapped(d.Intake.Sources, func(s table.Source) string { return m.text(name(s)) })
		return func(i int) (string, bool) {
			r := ref(i)
			if s := r.Source(); r != 0 && s < len(names) {
				return names[s], true
			}
			return "", false
		}
	}
	return []table.ParquetColumn{
		table.TextsToParquet(prefix+"file", of(func(s table.Source) string { return s.File })),
		table.TextsToParquet(prefix+"sheet", of(func(s table.Source) string { return s.Sheet })),
		table.IntsToParquet(prefix+"row", table.Number, func(i int) int64 {
			if r := ref(i); r != 0 {
				return int64(r.Row())
			}
			return table.Null
		}),
	}
}

func mapped[T, U any](list []T, f func(T) U) []U {
	out := make([]U, len(list))
	for i, v := range list {
		out[i] = f(v)
	}
	return out
}
