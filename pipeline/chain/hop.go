package chain

import (
	"fundtrace/pipeline/pairing"
	"fundtrace/pipeline/table"
)

// A hop is one transfer between two units with what the chain makes of it.
type hop struct {
	pairing.Hop
	booked                   bool   // the money counts as arrived
	standing                 uint32 // of the receiver, of standings
	senderKept, receiverKept bool   // whose books tell of it, or would
}

// remarked are the reasons for what pairing says of lines.
var remarked = map[pairing.Remark]Reason{
	pairing.Divided: manyFunds, pairing.FundTold: flowFundGuessed, pairing.FundUnknown: flowNoFund,
	pairing.Again: flowRepeated, pairing.Twice: flowTwice,
}

// matcher brings ledger lines together and takes down what it says of them.
func (b *build) matcher() pairing.Matcher {
	return pairing.Matcher{Pairing: b.opt.Policy.Pairing, Say: func(l *pairing.Line, what pairing.Remark) {
		detail := ""
		switch what {
		case pairing.Divided:
			detail = b.listed(l.Fund)
		case pairing.FundTold:
			b.lines[l.Row].Fund, detail = l.Fund, b.fundName(l.Fund)
		}
		b.doubt(table.Flow, l.Ref, remarked[what], detail)
	}}
}

// pair makes hops of the lines that move money between units.
func (b *build) pair() {
	begin := map[pairing.Purse]int64{}
	for _, a := range b.allocations {
		unit := a.holder
		if unit == none {
			unit = a.issuer
		}
		begin[pairing.Purse{Fund: a.fund, Unit: unit}] += a.amount
	}
	m := b.matcher()
	b.hops = mapped(m.Hops(m.Divide(b.usable(), b.several, begin)), func(h pairing.Hop) hop { return hop{Hop: h} })
}

func mapped[T, U any](in []T, f func(T) U) []U {
	out := make([]U, len(in))
	for i, x := range in {
		out[i] = f(x)
	}
	return out
}
