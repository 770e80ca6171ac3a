package identity

import (
	"strings"

	"fundtrace/pipeline/table"
)

// of returns the roster of a table, nil where the run has none.
func (r *resolver) of(s *table.Schema) *roster {
	for _, o := range r.rosters {
		if o.t.Schema() == s {
			return o
		}
	}
	return nil
}

// owners fills in whose firm a project's contractor is: the person that the
// register of companies names under the contractor's code, else under its name.
// A firm that the register gives to two persons has no owner here.
func (r *resolver) owners() {
	works, register := r.of(table.Works), r.of(table.Register)
	if works == nil || register == nil || register.household == nil {
		return
	}
	const two = -2
	firms := map[string]int{} // code or name, folded → row of the register
	text := func(o *roster, name string) func(row int) string {
		if !o.t.Has(name) {
			return func(int) string { return "" }
		}
		codes, dict := o.t.Words(name)
		folded := make([]string, len(dict))
		for i, s := range dict {
			folded[i] = strings.ToUpper(foldPlace(s))
		}
		return func(row int) string {
			if codes[row] == none {
				return ""
			}
			return folded[codes[row]]
		}
	}
	kind, code, unit := text(register, "register_kind"), text(register, "related_id"), text(register, "unit")
	who := register.roles[0].who
	for row := range register.t.Len() {
		if !strings.EqualFold(kind(row), "company") || who[row] == none {
			continue
		}
		for _, f := range [...]string{code(row), unit(row)} {
			if old, ok := firms[f]; f != "" && ok && (old == two || who[old] != who[row]) {
				firms[f] = two
			} else if f != "" {
				firms[f] = row
			}
		}
	}
	works.owner, works.ownerHouse = make([]uint32, works.t.Len()), make([]uint32, works.t.Len())
	number, name := text(works, "contractor_code"), text(works, "contractor")
	for row := range works.owner {
		works.owner[row], works.ownerHouse[row] = none, none
		at, ok := firms[number(row)]
		if !ok {
			at, ok = firms[name(row)]
		}
		if ok && at != two {
			works.owner[row], works.ownerHouse[row] = who[at], register.household[at]
		}
	}
}

// accountVillages fills in the village of bank entries: that of the payments
// into the account, if they are of one village. What came from an account that
// payments go to is of that account's village.
func (r *resolver) accountVillages() {
	bank, payments := r.of(table.BankEntry), r.of(table.Payment)
	if bank == nil {
		return
	}
	counter := number(bank.t, "counter_account", &r.accounts, accountDigits)
	const several = none - 1
	villages := make([]uint32, len(r.accounts.list))
	for i := range villages {
		villages[i] = none
	}
	if payments != nil {
		for row, at := range payments.place {
			a, v := payments.account.at(row), r.places.village(at)
			switch {
			case a == none || v == none || villages[a] == v:
			case villages[a] == none:
				villages[a] = v
			default:
				villages[a] = several
			}
		}
	}
	bank.village = make([]uint32, bank.t.Len())
	of := func(a uint32) uint32 {
		if a == none || villages[a] == several {
			return none
		}
		return villages[a]
	}
	for row := range bank.village {
		bank.village[row] = of(bank.account.at(row))
		if bank.t.Text("direction", row) == "in" {
			if from := of(counter.at(row)); from != none {
				bank.village[row] = from
			}
		}
	}
}
