package pairing

import (
	"cmp"
	"slices"

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

// A Match says how the two sides of a hop were brought together.
type Match uint8

// The matches of a hop. What lies beyond the bounds stays on one side.
const (
	Row Match = iota
	Exact
	Sum
	Window
	SentOnly
	ReceivedOnly
)

// Matches are the matches in words, as the column pairing holds them.
var Matches = []string{"row", "exact", "sum", "window", "sent_only", "received_only"}

// A Part is one ledger line behind the split side of a hop.
type Part struct {
	Amount, On int64
	Ref        table.Ref
}

// A Hop is one transfer between two units with its two sides.
type Hop struct {
	Fund, From, To, Project, Purpose uint32
	Holder                           uint32
	Sent, Received                   int64
	SentOn, ReceivedOn               int64
	SentRef, ReceivedRef             table.Ref
	Match                            Match
	SentParts, ReceivedParts         []Part // more than one line on that side; nil else
}

// Out returns the day of sending, or of receipt where that is not known.
func (h *Hop) Out() int64 { return first(h.SentOn, h.ReceivedOn) }

// In returns the day of receipt, or of sending where that is not known.
func (h *Hop) In() int64 { return first(h.ReceivedOn, h.SentOn) }

// side is a one-sided line in the course of pairing.
type side struct {
	*Line
	amount, on int64
	used       bool
}

// Hops makes hops of lines: what a second sheet states again counts once, and the
// two sides of each transfer come together, within a fund and a
// receiver: lines that carry both sides; the same amount within exact_days,
// nearest dates first; one line against the exact sum of several (a sending
// received in parts or the reverse); the same amount within late_days, or
// another within exact_days, nearest amounts first: a receipt may fall short by
// up to under_percent, for that is what withholding looks like. An exact sum goes before
// an inexact amount because a chance agreement to the fen is rarer. What is left
// then, one line against several, is taken together where that comes nearer.
// A receipt that names no sender is tried against every sender after those
// that do.
func (m Matcher) Hops(lines []Line) []Hop {
	lines = m.Once(m.adopt(lines))
	hops := make([]Hop, 0, len(lines))
	for lo := 0; lo < len(lines); {
		hi := lo
		for hi < len(lines) && lines[hi].Fund == lines[lo].Fund && lines[hi].To == lines[lo].To {
			hi++
		}
		hops = m.pairBucket(hops, lines[lo:hi])
		lo = hi
	}
	return hops
}

// pairBucket pairs the lines of one fund and receiver.
func (m Matcher) pairBucket(hops []Hop, lines []Line) []Hop {
	var sends, receipts []*side
	for i := range lines {
		l := &lines[i]
		switch {
		case l.Both():
			hops = append(hops, newHop(Row, []*side{{Line: l, amount: l.Sent, on: l.SentOn}}, []*side{{Line: l, amount: l.Received, on: l.ReceivedOn}}))
		case l.Sent != table.Null:
			sends = append(sends, &side{Line: l, amount: l.Sent, on: l.SentOn})
		default:
			receipts = append(receipts, &side{Line: l, amount: l.Received, on: l.In()})
		}
	}
	if len(sends) > 0 && len(receipts) > 0 {
		r := 0
		for lo := 0; lo < len(sends); { // both are in order of sender
			hi, from := lo, sends[lo].From
			for hi < len(sends) && sends[hi].From == from {
				hi++
			}
			for r < len(receipts) && receipts[r].From < from {
				r++
			}
			begin := r
			for r < len(receipts) && receipts[r].From == from {
				r++
			}
			hops = m.match(hops, sends[lo:hi], receipts[begin:r])
			lo = hi
		}
		gone := func(s *side) bool { return s.used }
		unnamed := func(s *side) bool { return s.used || s.From != none }
		hops = m.match(hops, without(sends, gone), without(receipts, unnamed))
	}
	for _, s := range sends {
		if !s.used {
			hops = append(hops, newHop(SentOnly, []*side{s}, nil))
		}
	}
	for _, r := range receipts {
		if !r.used {
			hops = append(hops, newHop(ReceivedOnly, nil, []*side{r}))
		}
	}
	return hops
}

// without returns a copy of s less those that drop names.
func without(s []*side, drop func(*side) bool) []*side {
	return slices.DeleteFunc(slices.Clone(s), drop)
}

// match pairs sends and receipts of one pair of units.
func (m Matcher) match(hops []Hop, sends, receipts []*side) []Hop {
	if len(sends) == 0 || len(receipts) == 0 {
		return hops
	}
	gone := func(s *side) bool { return s.used }
	hops = matchNear(hops, Exact, sends, receipts, func(s, r *side) (int64, bool) {
		d, ok := m.delay(s, r)
		return d, ok && s.amount == r.amount && d <= m.ExactDays
	})
	hops = m.matchSums(hops, without(sends, gone), without(receipts, gone), false)
	hops = m.matchSums(hops, without(receipts, gone), without(sends, gone), true)
	hops = m.matchRest(hops, without(sends, gone), without(receipts, gone))
	return matchNear(hops, Window, without(sends, gone), without(receipts, gone), func(s, r *side) (int64, bool) {
		d, ok := m.delay(s, r)
		if !ok {
			return 0, false
		}
		if s.amount == r.amount {
			return d, d <= m.LateDays
		}
		gap, sent := abs(r.amount)-abs(s.amount), abs(s.amount)
		near := d <= m.ExactDays && s.amount > 0 == (r.amount > 0) && m.mayBe(sent, abs(r.amount))
		return m.LateDays + d + abs(gap)*100/max(sent, 1)*m.LateDays, near
	})
}

// mayBe reports whether what was received may be what was sent.
func (m Matcher) mayBe(sent, received int64) bool {
	gap := received - sent
	return gap <= share(sent, m.OverPercent) && -gap <= share(sent, m.UnderPercent)
}

// share returns a percentage of an amount, rounded down.
func share(amount, percent int64) int64 { return amount/100*percent + amount%100*percent/100 }

// matchRest pairs the one sending that is left of two units with all the
// receipts that are left, or the reverse, where they come nearer to it together
// than any of them alone: money received in parts, of which something is short.
func (m Matcher) matchRest(hops []Hop, sends, receipts []*side) []Hop {
	one, many := sends, receipts
	if len(sends) > 1 {
		one, many = receipts, sends
	}
	if len(one) != 1 || len(many) < 2 || len(many) > sumParts {
		return hops
	}
	var sum int64
	for _, x := range many {
		sum += x.amount
	}
	gap := abs(sum - one[0].amount)
	for _, s := range sends {
		for _, r := range receipts {
			d, ok := m.delay(s, r)
			if !ok || d > m.SumDays || s.amount <= 0 || r.amount <= 0 || abs(s.amount-r.amount) <= gap {
				return hops
			}
		}
	}
	sent, received := one[0].amount, sum
	if len(sends) > 1 {
		sent, received = sum, one[0].amount
	}
	if !m.mayBe(sent, received) {
		return hops
	}
	for _, x := range append(slices.Clone(sends), receipts...) {
		x.used = true
	}
	slices.SortFunc(many, byPlace)
	return append(hops, newHop(Window, sends, receipts))
}

// delay returns the days between a sending and a receipt; ok is false for a
// receipt too early to be of it. A missing date is near to any.
func (m Matcher) delay(s, r *side) (days int64, ok bool) {
	if s.on == table.Null || r.on == table.Null {
		return m.ExactDays, true
	}
	return abs(r.on - s.on), r.on >= s.on-m.EarlyDays
}

// byDay orders sides by day, amount and place.
func byDay(a, b *side) int {
	return cmp.Or(cmp.Compare(a.on, b.on), cmp.Compare(a.amount, b.amount), cmp.Compare(a.Ref, b.Ref), cmp.Compare(a.Row, b.Row))
}

// byPlace orders sides by day and place.
func byPlace(a, b *side) int {
	return cmp.Or(cmp.Compare(a.on, b.on), cmp.Compare(a.Ref, b.Ref), cmp.Compare(a.Row, b.Row))
}

func abs(x int64) int64 { return max(x, -x) }

// matchNear pairs one to one, the lowest cost first. Each send is tried with
// the receipts next to where it falls in order of amount and date, neighbours
// on either side; sends that fall at one place also with those further on, each
// in its turn. That is linear, and finds every pair unless more than neighbours
// others lie between.
func matchNear(hops []Hop, how Match, sends, receipts []*side, cost func(s, r *side) (int64, bool)) []Hop {
	order := func(a, b *side) int {
		if how == Exact {
			if c := cmp.Compare(a.amount, b.amount); c != 0 {
				return c
			}
		}
		return byDay(a, b)
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
func (m Matcher) matchSums(hops []Hop, ones, many []*side, swapped bool) []Hop {
	if len(many) < 2 {
		return hops
	}
	slices.SortFunc(ones, byDay)
	slices.SortFunc(many, byDay)
	date := func(x *side, on int64) int { return cmp.Compare(x.on, on) }
	for _, one := range ones {
		if one.on == table.Null {
			continue
		}
		at, _ := slices.BinarySearchFunc(many, one.on, date)
		var near []*side
		for lo, hi, tried := at-1, at, 0; len(near) < sumNearest && tried < sumTried; tried++ {
			before, after := lo >= 0 && many[lo].on >= one.on-m.SumDays, hi < len(many) && many[hi].on <= one.on+m.SumDays
			var x *side
			switch {
			case !before && !after:
				tried = sumTried
				continue
			case !before || after && many[hi].on-one.on <= one.on-many[lo].on:
				x, hi = many[hi], hi+1
			default:
				x, lo = many[lo], lo-1
			}
			s, r := one, x
			if swapped {
				s, r = x, one
			}
			if _, ok := m.delay(s, r); ok && !x.used && x.amount > 0 == (one.amount > 0) && abs(x.amount) < abs(one.amount) {
				near = append(near, x)
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
		slices.SortFunc(parts, byPlace)
		if swapped {
			hops = append(hops, newHop(Sum, parts, []*side{one}))
		} else {
			hops = append(hops, newHop(Sum, []*side{one}, parts))
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
func newHop(how Match, sends, receipts []*side) Hop {
	h := Hop{
		From: none, Project: none, Purpose: none, Holder: none, Match: how,
		Sent: table.Null, Received: table.Null, SentOn: table.Null, ReceivedOn: table.Null,
	}
	all := append(slices.Clone(sends), receipts...)
	h.Fund, h.To = all[0].Fund, all[0].To
	for _, s := range all {
		if h.From == none {
			h.From = s.From
		}
		if h.Project == none {
			h.Project = s.Project
		}
		if h.Purpose == none {
			h.Purpose = s.Purpose
		}
		if h.Holder == none {
			h.Holder = s.Holder
		}
	}
	if sends != nil {
		h.Sent, h.SentOn, h.SentParts = total(sends)
		h.SentRef = sends[0].Ref
	}
	if receipts != nil {
		h.Received, h.ReceivedOn, h.ReceivedParts = total(receipts)
		h.ReceivedRef = receipts[0].Ref
	}
	return h
}

func total(sides []*side) (amount, on int64, parts []Part) {
	if len(sides) == 1 {
		return sides[0].amount, sides[0].on, nil
	}
	for _, s := range sides {
		amount += s.amount
		on = s.on
		parts = append(parts, Part{s.amount, s.on, s.Ref})
	}
	return amount, on, parts
}
