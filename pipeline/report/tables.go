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
	var cols []column
	for _, n := range names {
		cols = append(cols, tableColumns(d, t, s.Fields[s.Field(n.field)], n.name, m)...)
	}
	return writeParquet(path, t.Len(), cols)
}

// tableColumns returns a table's column as Parquet columns, over the table's own
// memory; a Ref becomes file, sheet and row.
func tableColumns(d *Data, t *table.Table, f table.Field, name string, m masker) []column {
	var whole arrow.Array
	if at := t.Record().Schema().FieldIndices(f.Name); at != nil {
		whole = t.Record().Column(at[0])
	}
	switch {
	case f.Type == table.Handle:
		return placeColumns(d, whole, strings.TrimSuffix(name, "ref"), m)
	case whole == nil:
		return []column{{name: name, typ: parquetType(f.Type), fill: func(b array.Builder, lo, hi int) { b.AppendNulls(hi - lo) }}}
	case f.Type == table.Text || f.Type == table.Span:
		return []column{words(name, whole.(*array.Dictionary), m.column(f.Name))}
	}
	return []column{{name: name, typ: whole.DataType(), whole: whole}}
}

// words is a column of texts, each distinct one masked once.
func words(name string, whole *array.Dictionary, mask func(string) string) column {
	codes := whole.Indices().(*array.Uint32).Uint32Values()
	dict := whole.Dictionary().(*array.String)
	texts := make([]string, dict.Len())
	for i := range texts {
		texts[i] = mask(dict.Value(i))
	}
	return column{name: name, typ: arrow.BinaryTypes.String, fill: func(b array.Builder, lo, hi int) {
		sb := b.(*array.StringBuilder)
		for i := lo; i < hi; i++ {
			if whole.IsNull(i) {
				sb.AppendNull()
			} else {
				sb.Append(texts[codes[i]])
			}
		}
	}}
}

// placeColumns resolves a column of Refs; whole may be nil.
func placeColumns(d *Data, whole arrow.Array, prefix string, m masker) []column {
	refs, _ := whole.(*array.Int64)
	ref := func(i int) table.Ref {
		if refs == nil || refs.IsNull(i) {
			return 0
		}
		return table.Ref(refs.Value(i))
	}
	files, sheets := make([]string, len(d.Intake.Sources)), make([]string, len(d.Intake.Sources))
	for i, s := range d.Intake.Sources {
		files[i], sheets[i] = m.text(s.File), m.text(s.Sheet)
	}
	of := func(names []string) func(int) string {
		return func(i int) string {
			if s := ref(i).Source(); s >= 0 && s < len(names) {
				return names[s]
			}
			return ""
		}
	}
	return []column{
		texts(prefix+"file", of(files)),
		texts(prefix+"sheet", of(sheets)),
		ints(prefix+"row", arrow.PrimitiveTypes.Int32, func(i int) int64 {
			if r := ref(i); r != 0 {
				return int64(r.Row())
			}
			return table.Null
		}),
	}
}

// parquetType returns the type of a column that a table does not have.
func parquetType(t table.Type) arrow.DataType {
	switch t {
	case table.Text, table.Span:
		return arrow.BinaryTypes.String
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
