package report

import (
	"cmp"
	"slices"

	"fundtrace/pipeline/chain"
	"fundtrace/pipeline/table"
)

// Traced is how many payments, and how much of their money, could be followed
// from notice to household, and where the way of the others stops. Payments of
// which nothing is left, as those never made, returned or told in another sheet,
// are none of them.
type Traced struct {
	Payments, Of   int
	Amount, OfThem table.Fen // what is left of them
	Stops          []Stop    // the most money first
}

// A Stop is the payments of one office whose way stops for one reason.
type Stop struct {
	Reason   chain.Reason
	Office   string // who paid or compiled them, "" where nobody is named
	Payments int
	Amount   table.Fen
}

// Traced counts the payments by where their way leads.
func (d *Data) Traced() Traced {
	var t Traced
	payments := d.Tables.Get(table.Payment)
	codes, reasons := payments.Words("_traced")
	units, names := payments.Words("_unit")
	amounts := payments.Ints("_net")
	type at struct{ reason, unit uint32 }
	stops := map[at]*Stop{}
	for i, c := range codes {
		if c == table.NullCode {
			continue
		}
		why, amount := chain.Reason(reasons[c]), table.Fen(amounts[i])
		if amount <= 0 {
			continue
		}
		t.Of, t.OfThem = t.Of+1, t.OfThem+amount
		if why == chain.Traced {
			t.Payments, t.Amount = t.Payments+1, t.Amount+amount
			continue
		}
		k := at{c, table.NullCode}
		if units != nil {
			k.unit = units[i]
		}
		s := stops[k]
		if s == nil {
			s = &Stop{Reason: why}
			if k.unit != table.NullCode {
				s.Office = names[k.unit]
			}
			stops[k] = s
		}
		s.Payments, s.Amount = s.Payments+1, s.Amount+amount
	}
	for _, s := range stops {
		t.Stops = append(t.Stops, *s)
	}
	slices.SortFunc(t.Stops, func(a, b Stop) int {
		return cmp.Or(cmp.Compare(b.Amount, a.Amount), cmp.Compare(b.Payments, a.Payments), cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Office, b.Office))
	})
	return t
}
