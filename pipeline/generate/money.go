package generate

import (
	"fundtrace/pipeline/table"
)

// An allocation is one allocation notice.
type allocation struct {
	fund    string
	title   string
	amount  table.Fen
	issued  table.Day
	holder  string
	purpose string
}

// issuer is who issues every allocation.
const issuer = "自治区财政厅"

// A transfer is money on its way from one unit to another, as each side books it.
type transfer struct {
	fund     string
	from, to string
	amount   table.Fen // as the sender books it
	sentOn   table.Day
	receipts []receipt // as the receiver books it
	project  string
	purpose  string
	voucher  int
}

// A receipt is one entry of the receiver's.
type receipt struct {
	amount table.Fen
	on     table.Day
}

// A balance is what a unit states to hold of a fund at the as-of day.
type balance struct {
	unit, fund string
	amount     table.Fen
}

// transferDays is how long a transfer takes: inside the banking days that
// pairing allows.
const transferDays = 2

// send books a transfer on both sides.
func (c *county) send(t transfer) *transfer {
	t.voucher = len(c.transfers) + 1
	if t.receipts == nil {
		t.receipts = []receipt{{t.amount, t.sentOn + transferDays}}
	}
	c.transfers = append(c.transfers, &t)
	return &t
}

// fund makes the allocations, transfers and balances that the payments and
// projects of a county rest on: every fund comes in whole, goes on within the
// deadline and is paid out to the fen.
func (c *county) fund(towns []*town) {
	for _, b := range c.batches {
		a := &allocation{fund: b.fund, title: b.title(), issued: b.issued, holder: c.finance(), purpose: b.program.fundTag}
		payers := map[string]*transfer{}
		for i, sum := range b.sums {
			if sum == 0 {
				continue
			}
			a.amount += sum
			payer := b.program.payer.unit(towns[i])
			if payer == c.finance() {
				continue
			}
			if t := payers[payer]; t != nil {
				t.amount += sum
				t.receipts[0].amount += sum
				continue
			}
			payers[payer] = c.send(transfer{fund: b.fund, from: c.finance(), to: payer, amount: sum, sentOn: b.sent, purpose: b.program.short})
		}
		if a.amount > 0 {
			c.allocations = append(c.allocations, a)
		}
	}
	for year := firstYear; year < firstYear+years; year++ {
		c.fundWorks(year)
	}
	for _, a := range c.allocations {
		units := []string{c.finance()}
		for _, t := range c.transfers {
			if t.fund == a.fund && t.project == "" {
				units = append(units, t.to)
			}
		}
		for _, u := range units {
			c.balances = append(c.balances, balance{u, a.fund, 0})
		}
	}
}

// allocation returns the allocation of a fund.
func (c *county) allocation(fund string) *allocation {
	for _, a := range c.allocations {
		if a.fund == fund {
			return a
		}
	}
	return nil
}
