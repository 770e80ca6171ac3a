package pairing

import (
	"fundtrace/pipeline/table"
)

// Once drops what a second sheet states again, so that a transfer that
// stands in two files is neither counted twice nor paired with itself. A side
// of a line is the same as another's where fund, units, amount and date agree
// and neither voucher, purpose nor project differ; what one sheet states n times is n
// transfers, and another sheet's n are the same ones. Lines with both sides
// stand before those with one. The result is in the order of sorted.
func (m Matcher) Once(lines []Line) []Line {
	lines = sorted(lines)
	known := newKnown(len(lines))
	keep := make([]bool, len(lines))
	for _, both := range []bool{true, false} {
		for i := range lines {
			l := &lines[i]
			if l.Both() != both {
				continue
			}
			twin, again := known.claim(lines, i)
			if again {
				m.Say(l, Again)
				continue
			}
			if twin {
				m.Say(l, Twice)
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

// known is the sides seen so far: of each hash a chain in the order they came.
type known struct {
	chains  map[uint64]chain
	sides   []knownSide
	claimed map[claim]bool
	resume  map[claim]int32 // hash and sheet → the first side that sheet can still restate
	stated  map[uint64]bool // lines of a sheet, whole
}

type chain struct{ first, last int32 }

type knownSide struct{ line, next int32 }

// A claim is something of one sheet: of is a line that it states again, or a
// hash.
type claim struct {
	of     uint64
	source int
}

func newKnown(n int) *known {
	return &known{chains: make(map[uint64]chain, n), claimed: map[claim]bool{}, resume: map[claim]int32{}, stated: map[uint64]bool{}}
}

// claim looks for line i among the sides of other sheets and takes it down as
// known if it is new; twin says that its own sheet has stated it already.
func (k *known) claim(lines []Line, i int) (twin, again bool) {
	l := &lines[i]
	h := l.key(l.From, l.Sent != table.Null)
	here := claim{h, l.Ref.Source()}
	at, ok := k.resume[here]
	if !ok {
		at = -1
		if c, ok := k.chains[h]; ok {
			at = c.first
		}
	}
	for spent := true; at >= 0; at = k.sides[at].next {
		o := &lines[k.sides[at].line]
		c := claim{uint64(k.sides[at].line), here.source}
		if o.Ref.Source() == here.source || k.claimed[c] {
			if spent {
				k.resume[here] = at
			}
			continue
		}
		spent = false
		if l.restates(o) {
			k.claimed[c] = true
			return false, true
		}
	}
	whole := hash(h, uint64(here.source), uint64(l.Voucher), uint64(l.Purpose), uint64(l.Received), uint64(l.ReceivedOn))
	twin = k.stated[whole]
	k.stated[whole] = true
	if l.Sent != table.Null {
		k.add(l.key(l.From, true), i)
	}
	if l.Received != table.Null {
		k.add(l.key(l.From, false), i)
		if l.From != none { // for receipts that do not name the sender
			k.add(l.key(none, false), i)
		}
	}
	return twin, false
}

func (k *known) add(hash uint64, line int) {
	n := int32(len(k.sides))
	k.sides = append(k.sides, knownSide{int32(line), -1})
	c, ok := k.chains[hash]
	if ok {
		k.sides[c.last].next = n
	} else {
		c.first = n
	}
	c.last = n
	k.chains[hash] = c
}

// key hashes one side of a line.
func (l *Line) key(from uint32, sent bool) uint64 {
	amount, on, which := l.Received, l.ReceivedOn, uint64(2)
	if sent {
		amount, on, which = l.Sent, l.SentOn, 1
	}
	return hash(which, uint64(l.Fund)<<32|uint64(l.To), uint64(from), uint64(amount), uint64(on))
}

// restates reports whether l says nothing that o does not: each side that l
// has is o's.
func (l *Line) restates(o *Line) bool {
	agree := func(a, b uint32) bool { return a == b || a == none || b == none }
	otherBooks := o.Both() && !l.Both() // the receiver's own voucher and words, where o has the sender's
	return l.Fund == o.Fund && l.To == o.To && (l.From == o.From || l.From == none && l.Sent == table.Null) &&
		(agree(l.Voucher, o.Voucher) && agree(l.Purpose, o.Purpose) || otherBooks) && agree(l.Project, o.Project) &&
		(l.Sent == table.Null || l.Sent == o.Sent && l.SentOn == o.SentOn) &&
		(l.Received == table.Null || l.Received == o.Received && l.ReceivedOn == o.ReceivedOn)
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
