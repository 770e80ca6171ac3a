package chain

import (
	"fundtrace/pipeline/table"
)

// unrepeated drops what a second sheet states again, so that a transfer that
// stands in two files is neither counted twice nor paired with itself. A side
// of a line is the same as another's where fund, units, amount and date agree
// and neither voucher nor project differ; what one sheet states n times is n
// transfers, and another sheet's n are the same ones. Lines with both sides
// stand before those with one.
func (b *build) unrepeated(lines []line) []line {
	known := newKnown(len(lines))
	keep := make([]bool, len(lines))
	for _, both := range []bool{true, false} {
		for i := range lines {
			l := &lines[i]
			if l.both() != both {
				continue
			}
			twin, again := known.claim(lines, i)
			if again {
				b.doubt(table.Flow, l.ref, flowRepeated, "")
				continue
			}
			if twin {
				b.doubt(table.Flow, l.ref, flowTwice, "")
			}
			keep[i] = true
		}
	}
	out := lines[:0]
	for i := range lines {
		if keep[i] {
			out = append(out, lines[i])
		}
	}
	return out
}

// known is the sides seen so far, in chains by hash.
type known struct {
	head    map[uint64]int32
	sides   []knownSide
	claimed map[claim]bool
}

type knownSide struct{ line, next int32 }

// A claim says that a sheet has stated a side again.
type claim struct {
	side   int32
	source int
}

func newKnown(n int) *known {
	return &known{head: make(map[uint64]int32, n), claimed: map[claim]bool{}}
}

// claim looks for line i among the sides of other sheets and takes it down as
// known if it is new; twin says that its own sheet has stated it already.
func (k *known) claim(lines []line, i int) (twin, again bool) {
	l := &lines[i]
	for at := k.first(l.key(l.from, l.sent != table.Null)); at >= 0; at = k.sides[at].next {
		o := &lines[k.sides[at].line]
		if !l.restates(o) {
			continue
		}
		if l.ref.Source() == o.ref.Source() {
			twin = twin || l.voucher == o.voucher && l.purpose == o.purpose
			continue
		}
		if c := (claim{k.sides[at].line, l.ref.Source()}); !k.claimed[c] {
			k.claimed[c] = true
			return false, true
		}
	}
	if l.sent != table.Null {
		k.add(l.key(l.from, true), i)
	}
	if l.received != table.Null {
		k.add(l.key(l.from, false), i)
		if l.from != none { // for receipts that do not name the sender
			k.add(l.key(none, false), i)
		}
	}
	return twin, false
}

func (k *known) first(hash uint64) int32 {
	if at, ok := k.head[hash]; ok {
		return at
	}
	return -1
}

func (k *known) add(hash uint64, line int) {
	k.sides = append(k.sides, knownSide{int32(line), k.first(hash)})
	k.head[hash] = int32(len(k.sides) - 1)
}

// key hashes one side of a line.
func (l *line) key(from uint32, sent bool) uint64 {
	amount, on, which := l.received, l.receivedOn, uint64(2)
	if sent {
		amount, on, which = l.sent, l.sentOn, 1
	}
	return hash(which, uint64(l.fund)<<32|uint64(l.to), uint64(from), uint64(amount), uint64(on))
}

// restates reports whether l says nothing that o does not: each side that l
// has is o's.
func (l *line) restates(o *line) bool {
	agree := func(a, b uint32) bool { return a == b || a == none || b == none }
	otherBooks := o.both() && !l.both() // the receiver's own voucher, where o has the sender's
	return l.fund == o.fund && l.to == o.to && (l.from == o.from || l.from == none && l.sent == table.Null) &&
		(agree(l.voucher, o.voucher) || otherBooks) && agree(l.project, o.project) &&
		(l.sent == table.Null || l.sent == o.sent && l.sentOn == o.sentOn) &&
		(l.received == table.Null || l.received == o.received && l.receivedOn == o.receivedOn)
}

// hash mixes words into one; equal hashes are always checked against the
// values themselves.
func hash(words ...uint64) uint64 {
	h := uint64(0x9e3779b97f4a7c15)
	for _, w := range words {
		h = (h ^ w) * 0xff51afd7ed558ccd
		h ^= h >> 32
	}
	return h
}
