package report

import (
	"strings"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"

	"fundtrace/pipeline/table"
)

// published are the tables that go to tables/: the canonical ones, and of the
// derived ones those that have no file of their own.
var published = append(append([]*table.Schema{}, table.Canonical...), table.Hop, table.Stay, table.Statement)

// writeTable writes one table whole, every column of its schema whether the
// run has it or not, so that a query works every night.
func writeTable(path string, d *Data, s *table.Schema, m masker) error {
	t := d.Tables.Get(s)
	var cols []column
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
	{"county", "county"}, {"town", "town"}, {"village", "village"},
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
	var cols []column
	for _, n := range names {
		cols = append(cols, tableColumns(d, t, s.Fields[s.Field(n.field)], n.name, m)...)
	}
	return writeParquet(path, t.Len(), cols)
}

// tableColumns returns a table's column as Parquet columns; a Ref becomes file,
// sheet and row.
func tableColumns(d *Data, t *table.Table, f table.Field, name string, m masker) []column {
	switch f.Type {
	case table.Text, table.Span:
		codes, dict := t.Words(f.Name)
		masked := make([]string, len(dict))
		hide := m.column(f.Name)
		for i, s := range dict {
			masked[i] = hide(s)
		}
		return []column{words(name, codes, masked)}
	case table.Handle:
		return placeColumns(d, t, f, strings.TrimSuffix(name, "ref"), m)
	}
	vals := t.Ints(f.Name)
	return []column{ints(name, parquetType(f.Type), func(i int) int64 {
		if vals == nil {
			return table.Null
		}
		return vals[i]
	})}
}

// words is a column of texts held as codes.
func words(name string, codes []uint32, dict []string) column {
	return column{name, arrow.BinaryTypes.String, func(b array.Builder, lo, hi int) {
		sb := b.(*array.StringBuilder)
		if codes == nil {
			sb.AppendNulls(hi - lo)
			return
		}
		for _, c := range codes[lo:hi] {
			if c == table.NullCode {
				sb.AppendNull()
			} else {
				sb.Append(dict[c])
			}
		}
	}}
}

// placeColumns resolves a column of Refs.
func placeColumns(d *Data, t *table.Table, f table.Field, prefix string, m masker) []column {
	refs := t.Ints(f.Name)
	files, sheets := make([]string, len(d.Intake.Sources)), make([]string, len(d.Intake.Sources))
	for i, s := range d.Intake.Sources {
		files[i], sheets[i] = m.text(s.File), m.text(s.Sheet)
	}
	of := func(names []string) func(int) string {
		return func(i int) string {
			if refs == nil || refs[i] == table.Null {
				return ""
			}
			if s := table.Ref(refs[i]).Source(); s >= 0 && s < len(names) {
				return names[s]
			}
			return ""
		}
	}
	return []column{
		texts(prefix+"file", of(files)),
		texts(prefix+"sheet", of(sheets)),
		ints(prefix+"row", arrow.PrimitiveTypes.Int32, func(i int) int64 {
			if refs == nil || refs[i] == table.Null || table.Ref(refs[i]).Source() < 0 {
				return table.Null
			}
			return int64(table.Ref(refs[i]).Row())
		}),
	}
}

func parquetType(t table.Type) arrow.DataType {
	switch t {
	case table.Money:
		return moneyType
	case table.Amount:
		return &arrow.Decimal128Type{Precision: 18, Scale: 4}
	case table.Date:
		return arrow.FixedWidthTypes.Date32
	case table.Bool:
		return arrow.FixedWidthTypes.Boolean
	}
	return arrow.PrimitiveTypes.Int32
}
