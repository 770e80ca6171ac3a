package chain

import (
	"fmt"
	"strings"
	"testing"

	"fundtrace/pipeline/key"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/settle"
	"fundtrace/pipeline/table"
	"fundtrace/pipeline/tabletest"
)

// show writes columns of a table as sheets reads them.
func show(t *table.Table, columns ...string) string {
	var b strings.Builder
	for i := range t.Len() {
		for j, c := range columns {
			if j > 0 {
				b.WriteString(" | ")
			}
			f := t.Schema().Fields[t.Schema().Field(c)]
			switch f.Type {
			case table.Text, table.Span:
				b.WriteString(t.Text(c, i))
				continue
			}
			n, ok := t.Int(c, i)
			switch {
			case !ok:
			case f.Type == table.Money:
				b.WriteString(table.Fen(n).String())
			case f.Type == table.Date:
				b.WriteString(table.Day(n).String())
			case f.Type == table.Handle:
				fmt.Fprintf(&b, "%d:%d", table.Ref(n).Source(), table.Ref(n).Row())
			default:
				fmt.Fprint(&b, n)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

// showFunds writes identities, a line each: number = households + suppliers +
// held + in transit + unexplained.
func showFunds(ids []Identity) string {
	var b strings.Builder
	for _, id := range ids {
		fmt.Fprintf(&b, "%s | %s = %s + %s + %s + %s + %s\n", id.FundNo, id.Allocated, id.Households, id.Suppliers, id.Held, id.InTransit, id.Unexplained)
	}
	return b.String()
}

// showDoubts writes doubts, a line each.
func showDoubts(ds []Doubt) string {
	var b strings.Builder
	for _, d := range ds {
		fmt.Fprintf(&b, "%s %d:%d | %d | %s | %s\n", d.Table.Name, d.Ref.Source(), d.Ref.Row(), d.Rows, d.Reason, d.Detail)
	}
	return b.String()
}

// equal compares two such texts, blanks at the ends of lines aside.
func equal(t *testing.T, what, got, want string) {
	t.Helper()
	norm := func(s string) string {
		var out []string
		for line := range strings.SplitSeq(strings.TrimSpace(s), "\n") {
			out = append(out, strings.Join(tabletest.Cells(line), " | "))
		}
		return strings.Join(out, "\n")
	}
	if g, w := norm(got), norm(want); g != w {
		t.Errorf("%s:\ngot\n%s\nwant\n%s", what, g, w)
	}
}

func asOf(t testing.TB, s string) table.Day {
	d, err := table.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// keyed returns the tables as Resolve and Settle leave them; a key that a test states stays.
func keyed(t testing.TB, set *table.Set) *table.Set {
	t.Helper()
	out, _, err := key.Resolve(set, nil, policy.Builtin())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range table.Canonical {
		b, stated := table.NewBuilder(s), set.Get(s)
		for _, name := range []string{"_person", "_household", "_account"} {
			if s.Field(name) >= 0 && stated.Has(name) {
				codes, dict := stated.Words(name)
				*b.Words(name) = table.Words{Codes: codes, Dict: dict}
			}
		}
		if stated.Len() > 0 {
			kept, err := out.Get(s).With(b)
			if err != nil {
				t.Fatal(err)
			}
			out = out.With(kept)
		}
	}
	out, err = settle.Settle(out, settle.Options{Policy: policy.Builtin(), Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// follow runs Build on sheets as of the end of 2018.
func follow(t testing.TB, text string) *Result {
	t.Helper()
	r, err := Build(keyed(t, tabletest.Sheets(t, text)), Options{Policy: policy.Builtin(), AsOf: asOf(t, "2018-12-31"), Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	return r
}
