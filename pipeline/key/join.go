package key

import (
	"slices"
	"strings"

	"fundtrace/pipeline/idnum"
	"fundtrace/pipeline/names"
)

// join decides the cases: first the odd numbers, which may turn out to be
// persons of their own, then the rows without a number.
func (p *people) join() {
	p.joinNumbers()
	for i := range p.cases { // a person is known from its joined rows too
		if c := &p.cases[i]; c.person != none {
			s := c.sight
			s.who = c.person
			p.see(s)
		}
	}
	p.joinNames()
}

// A group is the cases of one odd number under one name, which stand or fall
// together.
type group struct {
	odd, name uint32
	last      uint32 // its last case; the others are linked before it
}

// groups returns the groups of the cases that have an odd number.
func (p *people) groups() []group {
	type numberAndName struct{ odd, name uint32 }
	var out []group
	at := map[numberAndName]int{}
	for i := range p.cases {
		c := &p.cases[i]
		if c.who == none {
			continue
		}
		k := numberAndName{c.who, c.name}
		g, ok := at[k]
		if !ok {
			g = len(out)
			at[k] = g
			out = append(out, group{c.who, c.name, none})
		}
		c.before, out[g].last = out[g].last, uint32(i)
	}
	return out
}

// decide gives all cases of a group to a person.
func (p *people) decide(g group, person uint32, grade uint8) {
	for i := g.last; i != none; i = p.cases[i].before {
		p.cases[i].person, p.cases[i].grade = person, grade
	}
}

// joinNumbers decides the cases that have an odd number.
func (p *people) joinNumbers() {
	groups := p.groups()
	prefixes := p.byFirst15(groups)
	alone := map[uint32][]group{} // odd number → its groups that joined nobody
	for _, g := range groups {
		person, grade := uint32(none), uint8(gradeNear)
		if n, ok := first15(p.odds[g.odd]); ok {
			person, grade = p.only(prefixes[n], g, true), gradeTruncated
		} else if !p.odds[g.odd].rounded {
			person = p.only(p.neighbours(p.odds[g.odd].text), g, false)
		}
		if person == none {
			alone[g.odd] = append(alone[g.odd], g)
		} else {
			p.decide(g, person, grade)
		}
	}
	for i := range p.odds { // in order, so that persons are numbered alike in every run
		p.keep(p.odds[i], alone[uint32(i)])
	}
}

// byFirst15 returns the persons whose numbers begin as the groups' rounded ones.
func (p *people) byFirst15(groups []group) map[uint64][]uint32 {
	out := map[uint64][]uint32{}
	for _, g := range groups {
		if n, ok := first15(p.odds[g.odd]); ok {
			out[n] = nil
		}
	}
	if len(out) == 0 {
		return out
	}
	for i, n := range p.byNumber.keys {
		if list, ok := out[n/place15]; ok && n != 0 {
			out[n/place15] = append(list, p.byNumber.vals[i])
		}
	}
	return out
}

// keep makes an odd number that joined nobody a person's key: as it is written,
// with the name before it where it is rounded and several names have it, since
// the lost digits are many people's. A placeholder is nobody's key.
func (p *people) keep(o odd, alone []group) {
	different := p.different(alone)
	for _, g := range alone {
		switch {
		case o.rounded && different > 1 && g.name != none:
			p.decide(g, p.keyed(p.names.Dict[g.name]+"@"+o.text), gradeTruncated)
		case o.rounded:
			p.decide(g, p.keyed(o.text), gradeTruncated)
		case different < limits.Placeholder:
			p.decide(g, p.keyed(o.text), gradeExact)
		}
	}
}

// different returns how many of the groups' names are really different,
// counting no further than tells a placeholder.
func (p *people) different(groups []group) int {
	var all, found []string
	for _, g := range groups {
		if g.name != none {
			all = append(all, p.names.Dict[g.name])
		}
	}
	slices.Sort(all)
	for _, n := range all {
		if len(found) < limits.Placeholder && !slices.ContainsFunc(found, func(f string) bool { return names.Same(f, n) }) {
			found = append(found, n)
		}
	}
	return len(found)
}

// only returns the one person among candidates that has a group's name and was
// seen in a village or with an account of its rows; with nameWill that is asked
// only when the name leaves several. It returns none for nobody or several.
func (p *people) only(candidates []uint32, g group, nameWill bool) uint32 {
	var named, tied []uint32
	for _, person := range candidates {
		if !p.sameName(person, g.name) {
			continue
		}
		named = append(named, person)
		for i := g.last; i != none; i = p.cases[i].before {
			if p.tied(person, p.cases[i].sight) {
				tied = append(tied, person)
				break
			}
		}
	}
	if nameWill && len(named) == 1 {
		return named[0]
	}
	if len(tied) == 1 {
		return tied[0]
	}
	return none
}

// tied reports whether a person was seen in the village or with the account
// that a row names.
func (p *people) tied(person uint32, row sight) bool {
	for s := range p.sightsOf(person) {
		if s.village == row.village && s.village != none || s.account == row.account && s.account != none {
			return true
		}
	}
	return false
}

// first15 returns what a rounded number kept, packed; ok is false where it is
// not 15 digits and three zeros.
func first15(o odd) (n uint64, ok bool) {
	s := idnum.Clean(o.text)
	if !o.rounded || len(s) != 18 || s[15:] != "000" {
		return 0, false
	}
	for i := range 15 {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + uint64(s[i]-'0')
	}
	return n, true
}

// neighbours returns the known persons whose number is one slip away from s, at
// some thirty look-ups whatever the number of persons.
func (p *people) neighbours(s string) []uint32 {
	var found []uint32
	for n := range idnum.Slips(s) {
		if person, ok := p.byNumber.get(pack(n[:])); ok && !slices.Contains(found, person) {
			found = append(found, person)
		}
	}
	return found
}

// joinNames decides the cases that have no number, or none that is a person's,
// by name and village, or by name and account where no village is known.
func (p *people) joinNames() {
	known := map[[2]uint32][]uint32{} // name and place asked for → persons seen there
	asked := make([]bool, len(p.names.Dict))
	for i := range p.cases {
		if c := &p.cases[i]; c.person == none {
			if k, ok := byPlace(c.sight); ok {
				known[k] = nil
				asked[c.name] = true
			}
		}
	}
	for _, s := range p.sights {
		if s.name == none || !asked[s.name] {
			continue
		}
		for _, k := range [][2]uint32{{s.name, s.village}, {s.name, s.account | caseBit}} {
			if list, ok := known[k]; ok && !slices.Contains(list, s.who) {
				known[k] = append(list, s.who)
			}
		}
	}
	for i := range p.cases {
		c := &p.cases[i]
		if c.person != none {
			continue
		}
		c.grade = gradeName
		k, ok := byPlace(c.sight)
		if !ok {
			continue
		}
		c.person = p.atPlace(known[k], c.sight)
		if c.person == none && c.village != none {
			c.person = p.keyed(p.names.Dict[c.name] + "@" + p.villages.Dict[c.village])
		}
		if c.person != none {
			c.grade = gradeNamePlace
		}
	}
}

// byPlace returns what a row without a number is looked up by: its name with its
// village, else with its account.
func byPlace(s sight) ([2]uint32, bool) {
	switch {
	case s.name == none:
	case s.village != none:
		return [2]uint32{s.name, s.village}, true
	case s.account != none:
		return [2]uint32{s.name, s.account | caseBit}, true
	}
	return [2]uint32{}, false
}

// shows reports whether a person can have a number of which a row shows a part.
func (p *people) shows(mask, person uint32) bool {
	m, key := p.masks[mask], p.keys[person]
	whole := len(key) == 18 && key[0] >= '0' && key[0] <= '9'
	return mask == 0 || !whole || strings.HasPrefix(key, m.Head) && strings.HasSuffix(key, m.Tail)
}

// atPlace returns the one person of a name and place that a row can mean. Of
// namesakes it is the one with the row's account or household number; a person
// whose household numbers are known and others than the row's, or whose number is not what the row shows of one, is a
// namesake.
func (p *people) atPlace(candidates []uint32, row sight) uint32 {
	var possible, tied []uint32
	for _, person := range candidates {
		numbered, same, account := false, false, false
		for s := range p.sightsOf(person) {
			numbered = numbered || s.number != none
			same = same || s.number == row.number && s.number != none
			account = account || s.account == row.account && s.account != none
		}
		if row.number != none && numbered && !same || !p.shows(row.mask, person) {
			continue
		}
		possible = append(possible, person)
		if same || account {
			tied = append(tied, person)
		}
	}
	switch {
	case len(possible) == 1:
		return possible[0]
	case len(tied) == 1:
		return tied[0]
	}
	return none
}
