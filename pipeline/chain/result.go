package chain

import "fundtrace/pipeline/table"

// Identity is the money identity of one fund, in fen:
// Allocated = Households + Suppliers + Held + InTransit + Unexplained, exactly.
// Overspending is negative Held.
type Identity struct {
	FundNo      string    `json:"fund_no"`
	Allocated   table.Fen `json:"allocated_fen"`
	Households  table.Fen `json:"households_fen"`
	Suppliers   table.Fen `json:"suppliers_fen"`
	Held        table.Fen `json:"held_fen"`
	InTransit   table.Fen `json:"in_transit_fen"`
	Unexplained table.Fen `json:"unexplained_fen"`
}
