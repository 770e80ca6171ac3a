package rules

import (
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

// Roles of evidence on the way of money.
var (
	roleAllocation = text("指标下达", "allocation")
	roleIn         = text("收到", "money in")
	roleOut        = text("拨出或支付", "money out")
	roleBalance    = text("结余", "stated balance")
)

// notices tells which rows of the group are allocations: a place that money
// came from is either one of them or a line of a ledger of transfers.
type notices struct {
	view                     table.View
	levels, issuers, holders []string
	own                      table.Values[table.Flag] // of the holder's own budget
	refs                     []table.Ref
	payees, kinds            []string // of the hops
}

// noticeReads are the columns that notices look at.
var noticeReads = []table.Column{fundLevel, fundOwn, fundIssuer, fundHolder, detect.Aside(hopTo), detect.Aside(hopKind)}

func noticesOf(p *detect.Pass) notices {
	v := p.View(table.Allocation)
	h := p.View(table.Hop)
	n := notices{view: v, payees: hopTo.In(h), kinds: hopKind.In(h), levels: fundLevel.In(v), own: fundOwn.In(v), issuers: fundIssuer.In(v), holders: fundHolder.In(v)}
	for i := range v.Len() {
		n.refs = append(n.refs, v.Ref(i))
	}
	return n
}

// at returns the row of the allocation at a place, -1 if there is none.
func (n notices) at(r table.Ref) int { return slices.Index(n.refs, r) }

// kept says why what a unit has of the fund is not its to pass on or spend: it
// is a person, or the fund's issuer that got money back; ok is false where it is
// the unit's.
func (n notices) kept(unit string) (why detect.Text, ok bool) {
	i := slices.Index(n.payees, unit)
	switch {
	case i >= 0 && n.kinds[i] == "person":
		return text("收款方为个人，不是用款单位", "the receiver is a person, no unit"), true
	case slices.Contains(n.issuers, unit) && !slices.Contains(n.holders, unit):
		return text("资金已退回下达单位", "the money went back to the issuer"), true
	}
	return detect.Text{}, false
}

// noBooks is why a unit's money is not judged of which others alone tell.
var noBooks = text("该单位未提供台账、名册或结余", "no ledger, roster or balance of the unit")

// in returns the place money came from as evidence.
func (n notices) in(r table.Ref) detect.Evidence {
	if n.at(r) >= 0 {
		return detect.RowAt(table.Allocation, r, roleAllocation)
	}
	return detect.RowAt(table.Flow, r, roleIn)
}

// addRow adds evidence that is not there yet.
func addRow(es []detect.Evidence, e detect.Evidence) []detect.Evidence {
	for _, o := range es {
		if o.Ref == e.Ref {
			return es
		}
	}
	return append(es, e)
}

// hopRows returns the ledger lines of a hop as evidence.
func hopRows(es []detect.Evidence, sent, received table.Values[table.Ref], i int) []detect.Evidence {
	if r, ok := sent.At(i); ok {
		es = addRow(es, detect.RowAt(table.Flow, r, text("拨出方台账", "the sender's ledger")))
	}
	if r, ok := received.At(i); ok {
		es = addRow(es, detect.RowAt(table.Flow, r, text("收款方台账", "the receiver's ledger")))
	}
	return es
}

// transfersOf adds the allocations to a unit and the ledger lines of what came
// to it and went on from it, in a group of a fund.
func transfersOf(p *detect.Pass, out []detect.Evidence, unit string) []detect.Evidence {
	a := p.View(table.Allocation)
	for i, holder := range fundHolder.In(a) {
		if holder == unit {
			out = addRow(out, detect.Row(a, i, roleAllocation))
		}
	}
	h := p.View(table.Hop)
	from, to, sent, received := hopFrom.In(h), hopTo.In(h), hopSentRef.In(h), hopReceivedRef.In(h)
	for i := range h.Len() {
		if from[i] == unit || to[i] == unit {
			out = hopRows(out, sent, received, i)
		}
	}
	return out
}
