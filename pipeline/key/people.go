package key

import (
	"iter"
	"slices"
	"strings"

	"fundtrace/pipeline/idnum"
	"fundtrace/pipeline/names"
	"fundtrace/pipeline/table"
)

// people are the persons of all tables, what rows say of them, and the cases
// whose person a number alone does not tell.
type people struct {
	regions  map[string]string // added division codes
	villages *texts            // village keys
	keys     []string          // person → key
	byNumber numbered          // packed number → person
	byKey    map[string]uint32 // persons without a valid number
	names    texts             // folded names
	odds     []odd             // numbers that do not read as one
	oddOf    map[odd]uint32    //
	masks    []idnum.Mask      // what is shown of numbers hidden in part; the first is none
	sights   []sighting        //
	last     []uint32          // person → newest of its sightings
	cases    []joined          //
	caseOf   map[sight]uint32  //
}

// A reading is what an identity number's text comes to.
type reading struct {
	who   uint32 // person, or odd number with caseBit, or none
	mask  uint32 // of a number hidden in part, in people.masks; else 0
	grade uint8
}

// caseBit marks a reading's odd number and a row's case apart from persons.
const caseBit = 1 << 31

// An odd is a number that does not read as one; a rounded one stands apart from
// the same text written in full.
type odd struct {
	text    string
	rounded bool
}

// A sight is what one row says of a person, by numbers. Most rows of a person
// say the same.
type sight struct {
	who     uint32 // person; in a case the odd number, or none
	name    uint32
	village uint32
	account uint32
	number  uint32 // household number as given
	mask    uint32 // what the row shows of a number hidden in part, in people.masks; 0 for none
}

// A sighting is a sight in its person's list.
type sighting struct {
	sight
	next uint32
}

// A joined is a case and what it came to.
type joined struct {
	sight
	person uint32
	grade  uint8
	before uint32 // the case before of the same odd number and name, or none
}

func newPeople(regions map[string]string, villages *texts) *people {
	return &people{
		regions: regions, villages: villages, byKey: map[string]uint32{},
		oddOf: map[odd]uint32{}, caseOf: map[sight]uint32{}, masks: make([]idnum.Mask, 1),
	}
}

// read notes for each row and role the person, or the case that join decides.
func (p *people) read(o *roster, ps *places) {
	rounded := o.roundedMask()
	for i := range o.roles {
		l := &o.roles[i]
		l.names = number(o.t, l.name, &p.names, names.Fold)
		if l.id != "" {
			codes, dict := o.t.Words(l.id)
			l.numbers.codes = codes
			l.reads = make([]reading, len(dict))
			for c, s := range dict {
				l.reads[c] = p.readNumber(s)
			}
		}
		l.who = make([]uint32, o.t.Len())
	}
	if o.t.Schema().Field("_match") >= 0 {
		o.match = make([]uint32, o.t.Len())
	}
	var reads [3]reading
	var named [3]uint32
	for row := range o.t.Len() {
		var mask uint8
		if rounded != nil {
			mask = rounded(row)
		}
		for i := range o.roles {
			l := &o.roles[i]
			named[i] = l.names.at(row)
			reads[i] = reading{who: none}
			if l.numbers.codes != nil {
				if c := l.numbers.codes[row]; c != none {
					reads[i] = l.reads[c]
					if mask&(l.rounded<<fewDigits) != 0 {
						reads[i] = reading{who: none}
					} else if mask&l.rounded != 0 && reads[i].who != none {
						reads[i] = reading{who: p.odd(o.t.Text(l.id, row), true)}
					}
				}
			}
		}
		number := o.number.at(row)
		said := sight{village: none, account: o.account.at(row)}
		switch {
		case o.place != nil:
			said.village = ps.village(o.place[row])
		case o.paidInto != nil && said.account != none:
			said.village = o.paidInto[said.account]
		}
		for i := range o.roles {
			rd := reads[i]
			if rd.who == none && named[i] != none { // the same name elsewhere in the row brings its number
				for j := range o.roles {
					if named[j] == named[i] && reads[j].who != none {
						rd = reads[j]
						break
					}
				}
			}
			said.who, said.name, said.number, said.mask = rd.who, named[i], number, rd.mask
			if o.roles[i].key == "_payee" { // who collects for others has a household of his own
				said.number = none
			}
			switch {
			case rd.who < caseBit:
				p.see(said)
			case rd.who != none:
				said.who &^= caseBit
				rd.who = p.caseFor(said)
			case named[i] != none:
				rd.who = p.caseFor(said)
			}
			o.roles[i].who[row] = rd.who
			if i == 0 && o.match != nil {
				o.match[row] = uint32(rd.grade)
			}
		}
	}
}

// fewDigits is how far left of a role's bit the one stands that says that fewer
// than fifteen digits of its number are left.
const fewDigits = 4

// roundedMask returns the bits of the roles whose number a spreadsheet rounded
// in a row, or nil where no row has any.
func (o *roster) roundedMask() func(row int) uint8 {
	codes, dict := o.t.Words(table.RoundedColumn)
	masks := make([]uint8, len(dict))
	any := false
	for i, s := range dict {
		for f, left := range table.Marks(s) {
			for _, l := range o.roles {
				if l.id == f {
					masks[i] |= l.rounded
					if left < 15 { // what is left is a province's
						masks[i] |= l.rounded << fewDigits
					}
					any = true
				}
			}
		}
	}
	if !any {
		return nil
	}
	return func(row int) uint8 {
		if codes[row] == none {
			return 0
		}
		return masks[codes[row]]
	}
}

// readNumber tells what the text of an identity number comes to.
func (p *people) readNumber(s string) reading {
	id, err := idnum.Parse(s)
	// 15 digits have no check digit: without a region they are some other number
	if err == nil && (id.Form != idnum.Upgraded || idnum.Assigned(id.Region) || p.regions[id.Region] != "") {
		return reading{who: p.numbered(id.Number), grade: gradeOfForm[id.Form]}
	}
	if m, ok := idnum.Masked(s); ok {
		p.masks = append(p.masks, m)
		return reading{who: none, mask: uint32(len(p.masks) - 1)}
	}
	if noNumber(s) {
		return reading{who: none}
	}
	return reading{who: p.odd(s, false)}
}

// gradeOfForm is how surely a number joins that had to be brought to its form.
var gradeOfForm = [...]uint8{idnum.Written: gradeExact, idnum.Repaired: gradeRepaired, idnum.Upgraded: gradeUpgraded}

// noNumber reports whether a text stands for the lack of a number: words, a
// serial, one digit repeated; or for a number that is many people's: one that is
// masked, or what a spreadsheet shows of a long one, 4.59901E+17.
func noNumber(s string) bool {
	if _, masked := idnum.Masked(s); masked {
		return true
	}
	s = idnum.Clean(s)
	n := 0
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n < limits.AccountDigits || strings.Contains(s, "+") || strings.Count(s, s[:1]) == len(s)
}

// odd numbers a text that is no valid number.
func (p *people) odd(s string, rounded bool) uint32 {
	k := odd{strings.TrimLeft(strings.TrimSpace(s), "'"), rounded}
	i, ok := p.oddOf[k]
	if !ok {
		i = uint32(len(p.odds))
		p.odds = append(p.odds, k)
		p.oddOf[k] = i
	}
	return i | caseBit
}

// numbered returns the person of a valid number, new or known.
func (p *people) numbered(n string) uint32 {
	k := pack(n)
	i, ok := p.byNumber.get(k)
	if !ok {
		i = p.add(n)
		p.byNumber.put(k, i)
	}
	return i
}

// keyed returns the person of a key that is no valid number, new or known.
func (p *people) keyed(key string) uint32 {
	i, ok := p.byKey[key]
	if !ok {
		i = p.add(key)
		p.byKey[key] = i
	}
	return i
}

func (p *people) add(key string) uint32 {
	p.keys = append(p.keys, key)
	p.last = append(p.last, none)
	return uint32(len(p.keys) - 1)
}

// see keeps what a row says of a person, unless one of the last few rows of
// that person said the same.
func (p *people) see(s sight) {
	last := p.last[s.who]
	for i, n := last, 0; i != none && n < 4; i, n = p.sights[i].next, n+1 {
		if p.sights[i].sight == s {
			return
		}
	}
	p.last[s.who] = uint32(len(p.sights))
	p.sights = append(p.sights, sighting{s, last})
}

// sightsOf yields what rows say of a person.
func (p *people) sightsOf(person uint32) iter.Seq[sight] {
	return func(yield func(sight) bool) {
		for i := p.last[person]; i != none; i = p.sights[i].next {
			if !yield(p.sights[i].sight) {
				return
			}
		}
	}
}

// caseFor returns the case of what a row says, with caseBit.
func (p *people) caseFor(s sight) uint32 {
	i, ok := p.caseOf[s]
	if !ok {
		i = uint32(len(p.cases))
		p.cases = append(p.cases, joined{sight: s, person: none})
		p.caseOf[s] = i
	}
	return i | caseBit
}

// settle puts persons in the place of cases.
func (p *people) settle(o *roster) {
	for i := range o.roles {
		who := o.roles[i].who
		for row, w := range who {
			if w < caseBit {
				continue
			}
			grade := uint32(none)
			if w != none {
				c := &p.cases[w&^caseBit]
				who[row], grade = c.person, uint32(c.grade)
			}
			if i == 0 && o.match != nil {
				o.match[row] = grade
			}
		}
	}
}

// place15 is the place value of the last three characters in a packed number.
const place15 = 10 * 10 * 11

// pack returns a number's 18 characters as an integer: 17 digits, then the last
// in base 11. Numbers with the same first 15 digits pack to the same pack/place15.
func pack[S string | []byte](n S) uint64 {
	v := uint64(0)
	for i := range 17 {
		v = v*10 + uint64(n[i]-'0')
	}
	if n[17] == 'X' {
		return v*11 + 10
	}
	return v*11 + uint64(n[17]-'0')
}

// sameName reports whether any name that a person was seen under is name.
func (p *people) sameName(person, name uint32) bool {
	if name == none {
		return false
	}
	tried := make([]uint32, 0, 4)
	for s := range p.sightsOf(person) {
		if s.name == name {
			return true
		}
		if s.name == none || slices.Contains(tried, s.name) {
			continue
		}
		if names.Same(p.names.Dict[s.name], p.names.Dict[name]) {
			return true
		}
		tried = append(tried, s.name)
	}
	return false
}
