package key

import (
	"slices"

	"fundtrace/pipeline/table"
	"fundtrace/pipeline/words"
)

// withHolders tells of each transfer which person gets payments on the account that
// it went to, or whom the bank's files name for it; nobody does on a unit's account.
func withHolders(set *table.Set) (*table.Set, error) {
	flow := set.Get(table.Flow)
	rows, dict := flow.Words("to_account")
	if rows == nil {
		return set, nil
	}
	holder := map[string]string{} // by account
	for _, a := range dict {
		if a = words.Digits(a); a != "" {
			holder[a] = ""
		}
	}
	for _, by := range []struct {
		schema *table.Schema
		name   string
	}{{table.Payment, "payee_name"}, {table.Payment, "beneficiary_name"}, {table.BankEntry, "holder_name"}} {
		t := set.Get(by.schema)
		codes, accounts := t.Words("_account")
		wanted := make([]bool, len(accounts))
		for c, a := range accounts {
			name, asked := holder[a]
			wanted[c] = asked && name == ""
		}
		if !slices.Contains(wanted, true) {
			continue
		}
		refs, from := t.Refs(), map[uint32]table.Ref{} // the first in order of places, whatever that of rows
		for row, c := range codes {
			if c == none || !wanted[c] {
				continue
			}
			var ref table.Ref
			if refs != nil {
				ref = refs[row]
			}
			old, seen := from[c]
			if name := words.Fold(t.Text(by.name, row)); name != "" && (!seen || ref < old) {
				from[c], holder[accounts[c]] = ref, name
			}
		}
	}
	b := table.NewBuilder(table.Flow)
	w := b.Words("_to_holder")
	for _, c := range rows {
		name := ""
		if c != none {
			name = holder[words.Digits(dict[c])]
		}
		if kindOf(name) != ToPerson {
			name = ""
		}
		w.Append(name)
	}
	t, err := flow.With(b)
	if err != nil {
		return nil, err
	}
	return set.With(t), nil
}
