package chain

import (
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// Options are the settings of Build.
type Options struct {
	Policy  *policy.Policy
	AsOf    table.Day // money still held is this old
	Workers int       // goroutines over payment rows; at least 1 is used
}

// A Result is what Build makes of a run's tables.
type Result struct {
	Tables *table.Set // with the chain's columns, and Hop, Stay and Position
	Funds  []Identity // in order of fund number
	Doubts []Doubt    // in order of table and Ref
}

// Identity is the money identity of one fund, in fen:
// Allocated = Households + Suppliers + Held + InTransit + Unexplained, exactly.
//
// Held is what the units should have, by their own ledgers, less what a
// stated balance says is not there; overspending is negative Held. InTransit
// was sent within transit_days of the as-of day and not yet booked by the
// receiver. Unexplained is what was booked out and not in (negative: in and
// not out), what a stated balance lacks, and allocations and payments of which
// no unit is known.
type Identity struct {
	FundNo      string    `json:"fund_no"`
	Allocated   table.Fen `json:"allocated_fen"`
	Households  table.Fen `json:"households_fen"`
	Suppliers   table.Fen `json:"suppliers_fen"`
	Held        table.Fen `json:"held_fen"`
	InTransit   table.Fen `json:"in_transit_fen"`
	Unexplained table.Fen `json:"unexplained_fen"`
}

// Balances reports whether the identity holds.
func (id Identity) Balances() bool {
	return id.Allocated == id.Households+id.Suppliers+id.Held+id.InTransit+id.Unexplained
}

// A Doubt is one thing about the input that the chain had to decide, or could
// not use; the run goes on. It belongs under data quality.
type Doubt struct {
	Table  *table.Schema
	Ref    table.Ref // the row, the first of them where there are several
	Rows   int       // how many rows of that sheet, at least 1
	Reason Reason
	Detail string // names or numbers it is about; "" where the row says it all
}
