package chain

import (
	"cmp"
	"slices"

	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// How far pairing looks, which bounds its cost. Which lines may be of one
// transfer is the policy's.
const (
	sumParts   = 4  // a transfer has at most so many parts
	sumNearest = 12 // chosen among the fitting lines nearest in date
	sumTried   = 64 // which are looked for among so many
	neighbours = 16 // counterparts of one line tried in a window
)

// A pairer brings the two sides of transfers together within a policy's bounds.
// What lies beyond them stays unpaired, and says so as sent_only or
// received_only.
type pairer struct{ policy.Pairing }

// A pairing says how the two sides of a hop were brought together.
type pairing uint8

const (
	pairedRow pairing = iota
	pairedExact
	pairedSum
	pairedWindow
	sentOnly
	receivedOnly
)

var pairingNames = [...]string{"row", "exact", "sum", "window", "sent_only", "received_only"}

// A part is one ledger line behind the split side of a hop.
type part struct {
	amount, on int64
	ref        table.Ref
}

// A hop is one transfer between two units with its two sides.
type hop struct {
	fund, from, to, project, purpose uint32
	holder                           uint32
	sent, received                   int64
	sentOn, receivedOn               int64
	sentRef, receivedRef             table.Ref
	pairing                          pairing
	sentParts, receivedParts         []part // more than one line on that side; nil else
	booked                           bool   // the money counts as arrived
	standing                         uint32 // of the receiver, of standings
	senderKept, receiverKept         bool   // whose books tell of it, or would
}

// side is a one-sided line in the course of pairing.
type side struct {
	*line
	amount, on int64
	used       bool
}

// pair brings the two sides of each transfer together, within a fund and a
// receiver: lines that carry both sides; the same amount within exact_days,
// nearest dates first; one line against the exact sum of several (a sending
// received in parts or the reverse); the same amount within late_days, or
// another within exact_days, nearest amounts first: a receipt may fall short by
// up to under_percent, for that is what withholding looks like. An exact sum goes before
// an inexact amount because a chance agreement to the fen is rarer. What is left
// then, one line against several, is taken together where that comes nearer.
// A receipt that names no sender is tried against every sender after those
// that do. lines are sorted as usable leaves them.
func (p pairer) pair(lines []line) []hop {
	hops := make([]hop, 0, len(lines))
	for lo := 0; lo < len(lines); {
		hi := lo
		for hi < len(lines) && lines[hi].fund == lines[lo].fund && lines[hi].to == lines[lo].to {
			hi++
		}
		hops = p.pairBucket(hops, lines[lo:hi])
		lo = hi
	}
	return hops
}

// pairBucket pairs the lines of one fund and receiver.
func (p pairer) pairBucket(hops []hop, lines []line) []hop {
	var sends, receipts []*side
	for i := range lines {
		l := &lines[i]
		switch {
		case l.both():
			hops = append(hops, newHop(pairedRow, []*side{{line: l, amount: l.sent, on: l.sentOn}}, []*side{{line: l, amount: l.received, on: l.receivedOn}}))
		case l.sent != table.Null:
			sends = append(sends, &side{line: l, amount: l.sent, on: l.sentOn})
		default:
			receipts = append(receipts, &side{line: l, amount: l.received, on: first(l.receivedOn, l.sentOn)})
		}
	}
	if len(sends) > 0 && len(receipts) > 0 {
		r := 0
		for lo := 0; lo < len(sends); { // both are in order of sender
			hi, from := lo, sends[lo].from
			for hi < len(sends) && sends[hi].from == from {
				hi++
			}
			for r < len(receipts) && receipts[r].from < from {
				r++
			}
			begin := r
			for r < len(receipts) && receipts[r].from == from {
				r++
			}
			hops = p.match(hops, sends[lo:hi], receipts[begin:r])
			lo = hi
		}
		gone := func(s *side) bool { return s.used }
		unnamed := func(s *side) bool { return s.used || s.from != none }
		hops = p.match(hops, without(sends, gone), without(receipts, unnamed))
	}
	for _, s := range sends {
		if !s.used {
			hops = append(hops, newHop(sentOnly, []*side{s}, nil))
		}
	}
	for _, r := range receipts {
		if !r.used {
			hops = append(hops, newHop(receivedOnly, nil, []*side{r}))
		}
	}
	return hops
}

func mapped[T, U any](in []T, f func(T) U) []U {
	out := make([]U, len(in))
	for i, x := range in {
		out[i] = f(x)
	}
	return out
}

// without returns a copy of s less those that drop names.
func without(s []*side, drop func(*side) bool) []*side {
	return slices.DeleteFunc(slices.Clone(s), drop)
}

// first returns a unless it is absent, then b.
func first(a, b int64) int64 {
	if a != table.Null {
		return a
	}
	return b
}

// match pairs sends and receipts of one pair of units.
func (p pairer) match(hops []hop, sends, receipts []*side) []hop {
	if len(sends) == 0 || len(receipts) == 0 {
		return hops
	}
	gone := func(s *side) bool { return s.used }
	hops = matchNear(hops, pairedExact, sends, receipts, func(s, r *side) (int64, bool) {
		d, ok := p.delay(s, r)
		return d, ok && s.amount == r.amount && d <= p.ExactDays
	})
	hops = p.matchSums(hops, without(sends, gone), without(receipts, gone), false)
	hops = p.matchSums(hops, without(receipts, gone), without(sends, gone), true)
	hops = p.matchRest(hops, without(sends, gone), without(receipts, gone))
	return matchNear(hops, pairedWindow, without(sends, gone), without(receipts, gone), func(s, r *side) (int64, bool) {
		d, ok := p.delay(s, r)
		if !ok {
			return 0, false
		}
		if s.amount == r.amount {
			return d, d <= p.LateDays
		}
		gap, sent := abs(r.amount)-abs(s.amount), abs(s.amount)
		near := d <= p.ExactDays && s.amount > 0 == (r.amount > 0) && p.mayBe(sent, abs(r.amount))
		return p.LateDays + d + abs(gap)*100/max(sent, 1)*p.LateDays, near
	})
}

// mayBe reports whether what was received may be what was sent.
func (p pairer) mayBe(sent, received int64) bool {
	gap := received - sent
	return gap <= share(sent, p.OverPercent) && -gap <= share(sent, p.UnderPercent)
}

// share returns a percentage of an amount, rounded down.
func share(amount, percent int64) int64 { return amount/100*percent + amount%100*percent/100 }

// matchRest pairs the one sending that is left of two units with all the
// receipts that are left, or the reverse, where they come nearer to it together
// than any of them alone: money received in parts, of which something is short.
func (p pairer) matchRest(hops []hop, sends, receipts []*side) []hop {
	one, many := sends, receipts
	if len(sends) > 1 {
		one, many = receipts, sends
	}
	if len(one) != 1 || len(many) < 2 || len(many) > sumParts {
		return hops
	}
	var sum int64
	for _, m := range many {
		sum += m.amount
	}
	gap := abs(sum - one[0].amount)
	for _, s := range sends {
		for _, r := range receipts {
			d, ok := p.delay(s, r)
			if !ok || d > p.SumDays || s.amount <= 0 || r.amount <= 0 || abs(s.amount-r.amount) <= gap {
				return hops
			}
		}
	}
	sent, received := one[0].amount, sum
	if len(sends) > 1 {
		sent, received = sum, one[0].amount
	}
	if !p.mayBe(sent, received) {
		return hops
	}
	for _, x := range append(slices.Clone(sends), receipts...) {
		x.used = true
	}
	slices.SortFunc(many, func(a, b *side) int {
		return cmp.Or(cmp.Compare(a.on, b.on), cmp.Compare(a.ref, b.ref), cmp.Compare(a.row, b.row))
	})
	return append(hops, newHop(pairedWindow, sends, receipts))
}

// delay returns the days between a sending and a receipt; ok is false for a
// receipt too early to be of it. A missing date is near to any.
func (p pairer) delay(s, r *side) (days int64, ok bool) {
	if s.on == table.Null || r.on == table.Null {
		return p.ExactDays, true
	}
	return abs(r.on - s.on), r.on >= s.on-p.EarlyDays
}

func abs(x int64) int64 { return max(x, -x) }

// matchNear pairs one to one, the lowest cost first. Each send is tried with
// the receipts next to where it falls in order of amount and date, neighbours
// on either side; sends that fall at one place also with those further on, each
// in its turn. That is linear, and finds every pair unless more than neighbours
// others lie between.
func matchNear(hops []hop, how pairing, sends, receipts []*side, cost func(s, r *side) (int64, bool)) []hop {
	order := func(a, b *side) int {
		if how == pairedExact {
			if c := cmp.Compare(a.amount, b.amount); c != 0 {
				return c
			}
		}
		return cmp.Or(cmp.Compare(a.on, b.on), cmp.Compare(a.amount, b.amount), cmp.Compare(a.ref, b.ref), cmp.Compare(a.row, b.row))
	}
	sends, receipts = slices.Clone(sends), slices.Clone(receipts)
	slices.SortFunc(sends, order)
	slices.SortFunc(receipts, order)
	type couple struct {
		cost int64
		s, r int
	}
	var couples []couple
	place, begin := -1, 0 // where the last send falls, and the first that fell there
	for i, s := range sends {
		at, _ := slices.BinarySearchFunc(receipts, s, order)
		if at != place {
			place, begin = at, i
		}
		try := func(lo, hi int) {
			for j := max(0, lo); j < min(len(receipts), hi); j++ {
				if c, ok := cost(s, receipts[j]); ok {
					couples = append(couples, couple{c, i, j})
				}
			}
		}
		turn := at + i - begin
		try(at-neighbours, at+neighbours)
		try(max(at+neighbours, turn-neighbours), turn+neighbours)
	}
	slices.SortFunc(couples, func(a, b couple) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.s, b.s), cmp.Compare(a.r, b.r))
	})
	for _, c := range couples {
		if s, r := sends[c.s], receipts[c.r]; !s.used && !r.used {
			s.used, r.used = true, true
			hops = append(hops, newHop(how, []*side{s}, []*side{r}))
		}
	}
	return hops
}

// matchSums pairs each of ones with two to sumParts of many that sum to it to
// the fen, booked within sum_days; swapped says that ones are receipts. Of the
// many, the sumNearest in date are tried: at most 781 sums a line.
func (p pairer) matchSums(hops []hop, ones, many []*side, swapped bool) []hop {
	if len(many) < 2 {
		return hops
	}
	slices.SortFunc(ones, func(a, b *side) int {
		return cmp.Or(cmp.Compare(a.on, b.on), cmp.Compare(a.amount, b.amount), cmp.Compare(a.ref, b.ref), cmp.Compare(a.row, b.row))
	})
	slices.SortFunc(many, func(a, b *side) int {
		return cmp.Or(cmp.Compare(a.on, b.on), cmp.Compare(a.amount, b.amount), cmp.Compare(a.ref, b.ref), cmp.Compare(a.row, b.row))
	})
	date := func(m *side, on int64) int { return cmp.Compare(m.on, on) }
	for _, one := range ones {
		if one.on == table.Null {
			continue
		}
		at, _ := slices.BinarySearchFunc(many, one.on, date)
		var near []*side
		for lo, hi, tried := at-1, at, 0; len(near) < sumNearest && tried < sumTried; tried++ {
			before, after := lo >= 0 && many[lo].on >= one.on-p.SumDays, hi < len(many) && many[hi].on <= one.on+p.SumDays
			var m *side
			switch {
			case !before && !after:
				tried = sumTried
				continue
			case !before || after && many[hi].on-one.on <= one.on-many[lo].on:
				m, hi = many[hi], hi+1
			default:
				m, lo = many[lo], lo-1
			}
			s, r := one, m
			if swapped {
				s, r = m, one
			}
			if _, ok := p.delay(s, r); ok && !m.used && m.amount > 0 == (one.amount > 0) && abs(m.amount) < abs(one.amount) {
				near = append(near, m)
			}
		}
		parts := sumOf(near, one.amount)
		if parts == nil {
			continue
		}
		one.used = true
		for _, part := range parts {
			part.used = true
		}
		slices.SortFunc(parts, func(a, b *side) int {
			return cmp.Or(cmp.Compare(a.on, b.on), cmp.Compare(a.ref, b.ref), cmp.Compare(a.row, b.row))
		})
		if swapped {
			hops = append(hops, newHop(pairedSum, parts, []*side{one}))
		} else {
			hops = append(hops, newHop(pairedSum, []*side{one}, parts))
		}
	}
	return hops
}

// sumOf returns the fewest of near, 2 to sumParts, that sum to total; among
// equals those that stand first.
func sumOf(near []*side, total int64) []*side {
	var pick func(from, left int, rest int64) []*side
	pick = func(from, left int, rest int64) []*side {
		for i := from; i <= len(near)-left; i++ {
			switch {
			case left == 1 && near[i].amount == rest:
				return []*side{near[i]}
			case left > 1:
				if tail := pick(i+1, left-1, rest-near[i].amount); tail != nil {
					return append(tail, near[i])
				}
			}
		}
		return nil
	}
	for n := 2; n <= min(sumParts, len(near)); n++ {
		if parts := pick(0, n, total); parts != nil {
			return parts
		}
	}
	return nil
}

// newHop makes a hop of ledger lines in order of date; a side of several lines
// is complete on the day of the last.
func newHop(how pairing, sends, receipts []*side) hop {
	h := hop{
		from: none, project: none, purpose: none, holder: none, pairing: how,
		sent: table.Null, received: table.Null, sentOn: table.Null, receivedOn: table.Null,
	}
	all := append(slices.Clone(sends), receipts...)
	h.fund, h.to = all[0].fund, all[0].to
	for _, s := range all {
		if h.from == none {
			h.from = s.from
		}
		if h.project == none {
			h.project = s.project
		}
		if h.purpose == none {
			h.purpose = s.purpose
		}
		if h.holder == none {
			h.holder = s.holder
		}
	}
	if sends != nil {
		h.sent, h.sentOn, h.sentParts = total(sends)
		h.sentRef = sends[0].ref
	}
	if receipts != nil {
		h.received, h.receivedOn, h.receivedParts = total(receipts)
		h.receivedRef = receipts[0].ref
	}
	return h
}

func total(sides []*side) (amount, on int64, parts []part) {
	if len(sides) == 1 {
		return sides[0].amount, sides[0].on, nil
	}
	for _, s := range sides {
		amount += s.amount
		on = s.on
		parts = append(parts, part{s.amount, s.on, s.ref})
	}
	return amount, on, parts
}
