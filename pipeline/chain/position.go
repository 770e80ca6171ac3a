package chain

import (
	"fundtrace/pipeline/table"
)

// A balance is what a unit says it holds of a fund on a day.
type balance struct {
	fund, unit uint32
	amount, on int64
	ref        table.Ref
}

// A position is where one fund stands at one unit: amounts in fen, table.Null
// where nothing is known.
type position struct {
	received, sentOn, paidOut int64
	stated, statedOn          int64
	unexplained               int64 // what should be there on statedOn less what is stated
	leastGap, mostGap         int64 // the same, had the unit paid all that it may have; the most that another reading gives
	firstIn, lastOut, longest int64
}

// held returns what should be there when all is booked; negative is overspent.
func (p *position) held() int64 { return p.received - p.sentOn - p.paidOut }

// readBalances reads the stated balances. One that names no fund is of the
// unit's only fund, if it has one.
func (b *build) readBalances() {
	t := b.set.Get(table.Balance)
	fund, unit := column(t, "_fund", b.fundCodes), column(t, "_unit", b.unitCodes)
	amount, on, refs := intColumn(t.Ints("amount")), intColumn(t.Ints("as_of")), t.Refs()
	for i := range t.Len() {
		s := balance{fund: fund.at(i), unit: unit.at(i), amount: amount.at(i), on: on.at(i), ref: refAt(refs, i)}
		b.balances = append(b.balances, s)
	}
}

// stateBalances gives each node the latest balance stated not after the as-of
// day.
func (b *build) stateBalances() map[int32]balance {
	fundsOf := map[uint32][]uint32{}
	for _, n := range b.ledger.nodes {
		fundsOf[n.unit] = append(fundsOf[n.unit], n.fund)
	}
	latest := map[int32]balance{}
	for i := range b.balances {
		s := &b.balances[i]
		if s.unit == none || s.amount == table.Null {
			continue
		}
		if s.fund == none {
			if len(fundsOf[s.unit]) != 1 {
				b.doubt(table.Balance, s.ref, balanceNoFund, b.units.Dict[s.unit])
				continue
			}
			s.fund = fundsOf[s.unit][0]
		}
		c := *s
		if c.on == table.Null {
			b.doubt(table.Balance, c.ref, balanceNoDate, b.units.Dict[c.unit])
			c.on = int64(b.opt.AsOf)
		}
		if c.on > int64(b.opt.AsOf) {
			b.doubt(table.Balance, c.ref, afterAsOf, b.units.Dict[c.unit])
			continue
		}
		n := b.ledger.node(c.fund, c.unit)
		old, ok := latest[n]
		if ok && old.on == c.on && old.amount != c.amount {
			b.doubt(table.Balance, max(c.ref, old.ref), balanceTwice, b.units.Dict[c.unit])
		}
		if !ok || c.on > old.on || c.on == old.on && c.ref < old.ref {
			latest[n] = c
		}
	}
	return latest
}

// positions sums up each node and completes the funds' identities with what
// the units hold.
func (b *build) positions(stays []stay, stated map[int32]balance, open []opening) []position {
	out := make([]position, len(b.ledger.nodes))
	for i := range out {
		p := &out[i]
		*p = position{
			stated: table.Null, statedOn: table.Null, unexplained: table.Null, leastGap: table.Null, mostGap: table.Null,
			firstIn: table.Null, lastOut: table.Null, longest: table.Null,
		}
		s, hasStated := stated[int32(i)]
		for _, e := range b.ledger.nodes[i].entries {
			amount := e.amount
			switch e.kind {
			case inAllocation, inHop:
				p.received += amount
			case inReturn:
				p.paidOut -= amount
			case outHop:
				p.sentOn += amount
			case outRecall:
				p.received -= amount
			default:
				p.paidOut += amount
			}
			switch {
			case e.on == table.Null:
			case e.kind.in() && p.firstIn == table.Null:
				p.firstIn = e.on
			case !e.kind.in():
				p.lastOut = max(p.lastOut, e.on)
			}
		}
		id := &b.ledger.ids[b.ledger.nodes[i].fund]
		id.Held += table.Fen(p.held())
		if hasStated {
			p.stated, p.statedOn, p.unexplained = s.amount, s.on, s.gap(b.ledger.nodes[i].entries)
			p.leastGap = s.gap(b.entriesUnder(int32(i), &open[i], spentMost))
			p.mostGap = max(p.unexplained, s.gap(b.entriesUnder(int32(i), &open[i], asCompiled)))
			missing := table.Fen(min(p.unexplained, p.held()))
			if missing > 0 {
				id.Held -= missing
				id.Unexplained += missing
			}
		}
	}
	for i := range stays {
		s := &stays[i]
		if s.reading != taken {
			continue
		}
		out[s.node].longest = max(out[s.node].longest, s.days(int64(b.opt.AsOf)))
	}
	return out
}
