package pairing

import "fundtrace/pipeline/table"

// adopt gives a line of one ledger that names no fund the fund that the other
// ledger names for it: the same units and amount within exact_days, as long as
// that is one fund.
func (m Matcher) adopt(lines []Line) []Line {
	type transfer struct {
		from, to uint32
		amount   int64
	}
	of := func(l *Line) (transfer, int64) {
		if l.Sent != table.Null {
			return transfer{l.From, l.To, l.Sent}, l.SentOn
		}
		return transfer{l.From, l.To, l.Received}, l.In()
	}
	wanting := map[transfer][]int{}
	for i := range lines {
		if l := &lines[i]; l.Fund == none && !l.Both() {
			t, _ := of(l)
			wanting[t] = append(wanting[t], i)
		}
	}
	if len(wanting) == 0 {
		return lines
	}
	found := map[int]uint32{}
	for i := range lines {
		l := &lines[i]
		if l.Fund == none || l.Both() {
			continue
		}
		t, on := of(l)
		for _, j := range wanting[t] {
			w := &lines[j]
			_, day := of(w)
			if (w.Sent == table.Null) == (l.Sent == table.Null) || on == table.Null || day == table.Null || abs(day-on) > m.ExactDays {
				continue
			}
			if f, ok := found[j]; ok && f != l.Fund {
				found[j] = none
			} else {
				found[j] = l.Fund
			}
		}
	}
	for i := range lines {
		l := &lines[i]
		if l.Fund != none {
			continue
		}
		if f, ok := found[i]; ok && f != none {
			l.Fund = f
			m.Say(l, FundTold)
		} else {
			m.Say(l, FundUnknown)
		}
	}
	return lines
}
