package key

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
// register of companies names under the contractor's code, else under its name,
// leaving out who had left the firm by the day of approval, and when the firm was
// founded: the earliest day it states. A firm that the register then gives to two
// persons has no owner here.
func (r *resolver) owners() {
	works, register := r.of(table.Works), r.of(table.Register)
	if works == nil || register == nil || register.household == nil {
		return
	}
	firms := map[string][]int{} // code or name, folded → rows of the register
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
	day := func(o *roster, name string) func(row int) int64 {
		days := o.t.Ints(name)
		return func(row int) int64 {
			if days == nil {
				return table.Null
			}
			return days[row]
		}
	}
	kind, code, unit, left := text(register, "register_kind"), text(register, "related_id"), text(register, "unit"), day(register, "until")
	who := register.roles[0].who
	for row := range register.t.Len() {
		if !strings.EqualFold(kind(row), "company") {
			continue
		}
		for _, f := range [...]string{code(row), unit(row)} {
			if f != "" {
				firms[f] = append(firms[f], row)
			}
		}
	}
	n := works.t.Len()
	works.owner, works.ownerHouse = make([]uint32, n), make([]uint32, n)
	works.founded, works.firmRef = make([]int64, n), make([]int64, n)
	since, refs := day(register, "since"), register.t.Refs()
	number, name, approved := text(works, "contractor_code"), text(works, "contractor"), day(works, "approved_on")
	for row := range works.owner {
		works.owner[row], works.ownerHouse[row] = none, none
		works.founded[row], works.firmRef[row] = table.Null, table.Null
		lines, ok := firms[number(row)]
		if !ok {
			lines = firms[name(row)]
		}
		for _, at := range lines {
			if d := since(at); d != table.Null && (works.founded[row] == table.Null || d < works.founded[row]) {
				works.founded[row], works.firmRef[row] = d, int64(refs[at])
			}
		}
		for _, at := range lines {
			if who[at] == none {
				continue
			}
			on, until := approved(row), left(at)
			if on != table.Null && until != table.Null && until < on {
				continue
			}
			if o := works.owner[row]; o != none && o != who[at] {
				works.owner[row], works.ownerHouse[row] = none, none
				break
			}
			works.owner[row], works.ownerHouse[row] = who[at], register.household[at]
		}
	}
}

// accountVillages fills in the village of bank entries: that of the payments
// into the account, if they are of one village, else that of the payments to the
// person whom the entry names. What came from an account that payments go to is of
// that account's village.
func (r *resolver) accountVillages() {
	bank := r.of(table.BankEntry)
	if bank == nil {
		return
	}
	counter := number(bank.t, "counter_account", &r.accounts, accountDigits)
	of := func(account uint32) uint32 {
		if account >= uint32(len(bank.paidInto)) { // none, or no payment goes to it
			return none
		}
		return bank.paidInto[account]
	}
	villages := r.paidVillages(len(r.people.keys), (*roster).person)
	bank.village = make([]uint32, bank.t.Len())
	for row := range bank.village {
		bank.village[row] = of(bank.account.at(row))
		if person := bank.person(row); bank.village[row] == none && person != none {
			bank.village[row] = villages[person]
		}
		if bank.t.Text("direction", row) == "in" {
			if from := of(counter.at(row)); from != none {
				bank.village[row] = from
			}
		}
	}
}

// person returns whom row is about first: its payee's beneficiary, the holder of
// its account, the person registered.
func (o *roster) person(row int) uint32 {
	if len(o.roles) == 0 {
		return none
	}
	return o.roles[0].who[row]
}

// registerVillages fills in the village of register lines that name none: that of
// the payments to the person, if they are of one village.
func (r *resolver) registerVillages() {
	register := r.of(table.Register)
	if register == nil {
		return
	}
	villages := r.paidVillages(len(r.people.keys), (*roster).person)
	register.village = make([]uint32, register.t.Len())
	for row := range register.village {
		v := r.places.village(register.place[row])
		if person := register.person(row); v == none && person != none {
			v = villages[person]
		}
		register.village[row] = v
	}
}

// paidVillages returns for each of n codes the village of the payments that carry
// it; none for none and for several.
func (r *resolver) paidVillages(n int, code func(o *roster, row int) uint32) []uint32 {
	const several = none - 1
	villages := make([]uint32, n)
	for i := range villages {
		villages[i] = none
	}
	if payments := r.of(table.Payment); payments != nil {
		for row, at := range payments.place {
			c, v := code(payments, row), r.places.village(at)
			switch {
			case c == none || v == none || villages[c] == v:
			case villages[c] == none:
				villages[c] = v
			default:
				villages[c] = several
			}
		}
	}
	for i, v := range villages {
		if v == several {
			villages[i] = none
		}
	}
	return villages
}
