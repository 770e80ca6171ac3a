package key

import (
	"testing"

	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// TestTies ties payments to a cadre by each of the ways, whatever the order of
// the rows, and his own to nobody.
func TestTies(t *testing.T) {
	const cadre, son, friend, sister, other = "459901197005050752", "459901199001010319", "45990119700101034X", "459901197001010358", "459901197001010366"
	pay := [][]string{ // beneficiary, ID, household, payee, payee's ID, account, phone, want
		{"石小坪", cadre, "H3", "石小坪", cadre, "6217000000000000751", "10000000752", ""},
		{"石子", son, "H3", "", "", "", "", "household"},
		{"莫四", friend, "H4", "石小坪", cadre, "6217000000000000751", "", "account"},
		{"莫四", friend, "H4", "莫四", friend, "6217000000000000341", "", "account_household"},
		{"陆六", other, "H6", "", "", "", "10000000752", "phone"},
		{"陆六", other, "H6", "", "", "6217000000000000361", "", "phone"},
		{"石妹", sister, "H5", "", "", "", "", "kinship"},
		{"农八", "459901197001010382", "H8", "", "", "6217000000000000381", "10000000382", ""},
	}
	fields := []string{"beneficiary_name", "beneficiary_id", "household_id", "payee_name", "payee_id", "account", "phone"}
	for _, backwards := range []bool{false, true} {
		b := table.NewBuilder(table.Payment)
		var want []string
		for i := range pay {
			row := pay[i]
			if backwards {
				row = pay[len(pay)-1-i]
			}
			for k, f := range fields {
				b.Words(f).Append(row[k])
			}
			*b.Ints(table.RefColumn) = append(*b.Ints(table.RefColumn), int64(table.NewRef(0, i+1)))
			want = append(want, row[len(fields)])
		}
		payments, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		r := table.NewBuilder(table.Register)
		for i, row := range [][]string{{"village_cadre", "石小坪", cadre, ""}, {"village_cadre", "石妹", sister, cadre}, {"deceased", "农八", "459901197001010382", ""}} {
			for k, f := range []string{"register_kind", "person_name", "person_id", "related_id"} {
				r.Words(f).Append(row[k])
			}
			*r.Ints(table.RefColumn) = append(*r.Ints(table.RefColumn), int64(table.NewRef(1, i+1)))
		}
		register, err := r.Build()
		if err != nil {
			t.Fatal(err)
		}
		set, _, err := Resolve(table.NewSet(payments, register), nil, policy.Builtin())
		if err != nil {
			t.Fatal(err)
		}
		got := set.Get(table.Payment)
		refs := got.Ints("_cadre_ref")
		for i, w := range want {
			who, ref := "", int64(table.Null)
			if w != "" {
				who, ref = cadre, int64(table.NewRef(1, 1))
			}
			if have := got.Text("_tie", i); have != w || got.Text("_cadre", i) != who || refs[i] != ref {
				t.Errorf("backwards %v, row %d: tied by %q to %q, want %q", backwards, i, have, got.Text("_cadre", i), w)
			}
		}
		lines := set.Get(table.Register)
		if lines.Text("_cadre", 0) != cadre || lines.Text("_cadre", 1) != cadre || lines.Text("_cadre", 2) != "" {
			t.Errorf("the register's cadres: %q, %q, %q", lines.Text("_cadre", 0), lines.Text("_cadre", 1), lines.Text("_cadre", 2))
		}
	}
}
