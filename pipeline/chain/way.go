package chain

import (
	"encoding/binary"
	"strings"

	"fundtrace/pipeline/table"
)

// Arrow stands between the units of a path.
const Arrow = "→"

// maxSteps bounds a walk to the issuer. A way without loops has no more steps
// than units; only ledgers that pay before they receive, in a circle, reach it.
const maxSteps = 256

// A way is how the money of one payment group came from the issuer.
type way struct {
	path        uint32 // code of the path's text, none without one
	hops        int64
	days        int64 // from issue to payment, table.Null if a date is missing
	slowest     uint32
	slowestDays int64
	traced      Reason
}

// A step is one unit on a way, with the days it had the money.
type step struct {
	unit        uint32
	inOn, outOn int64
	inKind      kind
	inIndex     int32
}

// walker finds ways. Of the money a unit sends on, the way follows the entry
// that most of it came in with (see age).
type walker struct {
	b      *build
	hopOut []int32 // hop → the entry it left its sender with, -1 without one
	payOut []int32 // group → the entry it left its payer with
	first  []int32 // node → its first entry of an allocation or a hop, -1 without one
	entry  []entry
	source []int32
	steps  []step
	paths  names
	byKey  map[string]uint32
	key    []byte
}

func newWalker(b *build, source []int32) *walker {
	w := &walker{b: b, entry: b.ledger.entries, source: source, byKey: map[string]uint32{}}
	w.hopOut = filled(len(b.hops), int32(-1))
	w.payOut = filled(len(b.groups), int32(-1))
	w.first = filled(len(b.ledger.nodes), int32(-1))
	for i, e := range w.entry {
		switch e.kind {
		case outHop, outSupplier:
			if at := &w.hopOut[e.index]; *at < 0 || e.amount > w.entry[*at].amount {
				*at = int32(i)
			}
		case outHousehold:
			if at := &w.payOut[e.index]; *at < 0 && b.ledger.nodes[e.node].unit == b.groups[e.index].unit {
				*at = int32(i)
			}
		case inAllocation, inHop:
			if at := &w.first[e.node]; *at < 0 || e.kind < w.entry[*at].kind {
				*at = int32(i)
			}
		}
	}
	return w
}

func filled[T any](n int, v T) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = v
	}
	return out
}

// sender returns the unit that the money of a hop's entry came from; a
// negative transfer runs backwards.
func (b *build) sender(h *hop, at uint32) uint32 {
	if h.To == at {
		return h.From
	}
	return h.To
}

// wayless says why a group's money has no way, "" where it has one.
func (b *build) wayless(g *group) Reason {
	switch {
	case g.state == repeated:
		return Repeated
	case g.state != paid:
		return NotPaid
	case g.fund == none:
		return NoFund
	case g.unit == none && !b.issued[g.fund]:
		return NotIssued
	case g.unit == none:
		return NoPayer
	}
	return ""
}

// walk returns the way of a group's money.
func (w *walker) walk(i int) way {
	b, g := w.b, &w.b.groups[i]
	out := way{path: none, hops: table.Null, days: table.Null, slowest: none, slowestDays: table.Null}
	if out.traced = b.wayless(g); out.traced != "" {
		return out
	}
	out.traced = w.climb(g, w.payOut[i])
	issuedOn := int64(table.Null)
	last := &w.steps[len(w.steps)-1]
	if last.inKind == inAllocation && last.inIndex >= 0 && (out.traced == Traced || out.traced == Overspent) {
		a := &b.allocations[last.inIndex]
		issuedOn = a.on
		if a.issuer != none && a.issuer != last.unit {
			w.steps = append(w.steps, step{unit: a.issuer, inOn: table.Null})
		}
	}
	if !b.issued[g.fund] {
		out.traced = NotIssued
	}
	out.hops = int64(len(w.steps) - 1)
	if issuedOn != table.Null && g.on != table.Null {
		out.days = g.on - issuedOn
	}
	w.key = w.key[:0]
	for j := len(w.steps) - 1; j >= 0; j-- {
		s := &w.steps[j]
		w.key = binary.LittleEndian.AppendUint32(w.key, s.unit)
		if s.inOn != table.Null && s.outOn != table.Null && s.outOn-s.inOn > max(out.slowestDays, -1) {
			out.slowest, out.slowestDays = s.unit, s.outOn-s.inOn
		}
	}
	path, ok := w.byKey[string(w.key)]
	if !ok {
		units := make([]string, 0, len(w.steps))
		for j := len(w.steps) - 1; j >= 0; j-- {
			units = append(units, b.units.Dict[w.steps[j].unit])
		}
		path = w.paths.of(strings.Join(units, Arrow))
		w.byKey[string(w.key)] = path
	}
	out.path = path
	return out
}

// climb fills steps with the units from the payer up to where the money
// started. A loop on the way is cut out: the unit it comes back to keeps the
// money since it first had it.
func (w *walker) climb(g *group, out int32) Reason {
	b := w.b
	w.steps = w.steps[:0]
	unit, outOn, result := g.unit, g.on, Traced
	for range maxSteps {
		n := b.ledger.find(g.fund, unit)
		at := len(w.steps)
		for j := range w.steps {
			if w.steps[j].unit == unit {
				at, outOn = j, w.steps[j].outOn
				break
			}
		}
		w.steps = append(w.steps[:at], step{unit: unit, inOn: table.Null, outOn: outOn, inIndex: -1})
		s := &w.steps[at]
		in := int32(-1)
		if out >= 0 {
			in = w.source[out]
		}
		if in < 0 && n >= 0 {
			if in = w.first[n]; in >= 0 && at == 0 && out >= 0 {
				result = Overspent
			}
		}
		if in >= 0 && w.entry[in].kind == inReturn {
			in = w.first[n]
		}
		if in < 0 {
			return NotReached
		}
		e := &w.entry[in]
		s.inOn, s.inKind, s.inIndex = e.on, e.kind, e.index
		if e.kind == inAllocation {
			return result
		}
		h := &b.hops[e.index]
		unit, outOn, out = b.sender(h, unit), h.Out(), w.hopOut[e.index]
		if unit == none {
			return NotReached
		}
	}
	return Loop
}
