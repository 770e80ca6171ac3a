package chain

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"fundtrace/pipeline/key"
	"fundtrace/pipeline/stat"
	"fundtrace/pipeline/table"
)

// How far a unit is from the household whose payment it may have made: the
// project's unit is nearest, then the town's offices, then who had the money
// passed on to it, then where the fund begins.
const (
	ofProject = iota
	ofTown
	passedOn
	atBeginning
)

// A purse is what one unit has of one fund after all that is booked.
type purse struct {
	node      int32
	firstIn   int64 // table.Null where no day is known
	available int64
}

// candidate is a purse that a payment may have come from.
type candidate struct {
	*purse
	rank int
}

// purses are those of every node, with what tells which payments they may have
// made.
type purses struct {
	b            *build
	all          []purse
	ofFund       map[uint32][]*purse
	ofUnit       map[uint32][]*purse
	town, county []uint32         // by unit: whose name it bears, none for neither
	above        map[uint64]bool  // fund and unit: issues the fund to another, and pays nobody
	begins       map[uint64]bool  // fund and unit: where the money begins
	gaveOut      map[uint64]int64 // fund and unit: what its own book says households got
	underTown    map[uint64]uint32
	fitting      map[groupKey][]candidate
}

// purses counts what the allocations, the transfers and the payments that name
// their fund and payer leave in hand, a transfer that the receiver has not
// booked included.
func (b *build) purses() *purses {
	s := &purses{
		b: b, all: make([]purse, len(b.ledger.nodes)), ofFund: map[uint32][]*purse{}, ofUnit: map[uint32][]*purse{},
		above: map[uint64]bool{}, begins: map[uint64]bool{}, underTown: map[uint64]uint32{}, fitting: map[groupKey][]candidate{},
	}
	for _, n := range b.nodeOrder() { // by fund and unit, while no depth is known
		p, nd := &s.all[n], &b.ledger.nodes[n]
		*p = purse{n, table.Null, 0}
		if !b.supplier(nd.unit) {
			s.ofFund[nd.fund] = append(s.ofFund[nd.fund], p)
			s.ofUnit[nd.unit] = append(s.ofUnit[nd.unit], p)
		}
	}
	for _, e := range b.ledger.entries {
		p := &s.all[e.node]
		p.available += e.signed()
		if e.kind.in() && e.on != table.Null && (p.firstIn == table.Null || e.on < p.firstIn) {
			p.firstIn = e.on
		}
	}
	for _, i := range b.unbooked {
		if n := b.ledger.find(b.hops[i].Fund, b.hops[i].To); n >= 0 {
			s.all[n].available += b.hops[i].Sent
		}
	}
	for i := range b.groups {
		if g := &b.groups[i]; g.fund != none && g.unit != none {
			if n := b.ledger.find(g.fund, g.unit); n >= 0 {
				s.all[n].available -= g.paid - g.back
			}
		}
	}
	for _, a := range b.allocations {
		start := b.start(a)
		s.begins[at(a.fund, start)] = true
		if a.holder != none && a.issuer != none && a.issuer != a.holder {
			s.above[at(a.fund, a.issuer)] = true
		}
	}
	for _, a := range b.allocations {
		delete(s.above, at(a.fund, a.holder))
	}
	s.findPlaces()
	return s
}

// findPlaces reads the town and county out of the units' names, as the payments
// write them. A unit without a town of its own, a village's, is of the town that
// alone sends it the fund.
func (s *purses) findPlaces() {
	b := s.b
	towns, counties := map[uint32]bool{}, map[uint32]bool{}
	for i := range b.groups {
		if g := &b.groups[i]; g.openUnit {
			towns[g.town], counties[g.county] = true, true
		}
	}
	delete(towns, none)
	delete(counties, none)
	bears := func(places map[uint32]bool, among func(unit string, places []string) string) []uint32 {
		list := mapped(slices.Sorted(maps.Keys(places)), func(c uint32) string { return b.texts.Dict[c] })
		return mapped(b.units.Dict, func(unit string) uint32 { return b.texts.of(among(unit, list)) })
	}
	s.town, s.county = bears(towns, key.TownAmong), bears(counties, key.CountyAmong)
	for i := range b.hops {
		h := &b.hops[i]
		if h.To == none || h.From == none || s.town[h.To] != none {
			continue
		}
		only(s.underTown, at(h.Fund, h.To), s.town[h.From])
	}
}

// rank tells how near a purse is to a group's households, and whether it may
// have paid them at all: no unit of another town or county has, nor who only
// issued the fund.
func (s *purses) rank(p *purse, g *groupKey) (rank int, ok bool) {
	nd := &s.b.ledger.nodes[p.node]
	if nd.unit == s.b.projectUnitOf(g.project) {
		return ofProject, true
	}
	k := at(nd.fund, nd.unit)
	town, county := s.town[nd.unit], s.county[nd.unit]
	if under, ok := s.underTown[k]; ok && town == none {
		town = under
	}
	switch {
	case s.above[k],
		town != none && g.town != none && town != g.town,
		county != none && g.county != none && county != g.county:
		return 0, false
	case town != none && g.town != none:
		return ofTown, true
	case s.begins[k]:
		return atBeginning, true
	}
	return passedOn, true
}

// projectUnitOf returns the unit of a project, none where none or several are.
func (b *build) projectUnitOf(project uint32) uint32 {
	if u, ok := b.projectUnit[project]; ok {
		return u
	}
	return none
}

// candidates returns the purses of a fund that a group may have been paid from,
// the nearest first: the payer's own where a sheet states it.
func (s *purses) candidates(fund uint32, g *group) []candidate {
	var out []candidate
	for _, p := range s.ofFund[fund] {
		if !g.openUnit {
			if s.b.ledger.nodes[p.node].unit == g.unit {
				out = append(out, candidate{p, ofProject})
			}
		} else if r, ok := s.rank(p, &g.groupKey); ok {
			out = append(out, candidate{p, r})
		}
	}
	slices.SortStableFunc(out, func(x, y candidate) int { return cmp.Compare(x.rank, y.rank) })
	return out
}

// fits returns the purses that a group without a fund may have been paid from,
// whatever is in them: of its payer, or where no sheet states that of its
// project's unit, its town's offices and the office that compiled the roster; of
// funds that go with its program.
func (s *purses) fits(g *group) []candidate {
	k := g.groupKey
	k.on, k.state, k.by = 0, 0, 0
	list, ok := s.fitting[k]
	if ok {
		return list
	}
	if !g.openUnit {
		for _, p := range s.ofUnit[g.unit] {
			list = append(list, candidate{p, ofProject})
		}
	} else {
		for _, p := range s.ofUnit[g.compiler] {
			if _, ok := s.rank(p, &g.groupKey); ok {
				list = append(list, candidate{p, passedOn})
			}
		}
		for n := range s.all {
			if r, ok := s.rank(&s.all[n], &g.groupKey); ok && r <= ofTown && s.b.ledger.nodes[n].unit != g.compiler && !s.b.supplier(s.b.ledger.nodes[n].unit) {
				list = append(list, candidate{&s.all[n], r})
			}
		}
	}
	list = slices.DeleteFunc(list, func(c candidate) bool { return !s.b.fits(s.b.ledger.nodes[c.node].fund, g.program) })
	slices.SortStableFunc(list, func(x, y candidate) int { return cmp.Compare(x.rank, y.rank) })
	s.fitting[k] = list
	return list
}

// before reports whether the purse had money on the day of a group.
func (p *purse) before(g *group) bool {
	return p.firstIn != table.Null && p.firstIn <= g.on
}

// A demand is payments of one fund that the same units may have made.
type demand struct {
	project, town, county, compiler uint32
}

// findPayers places the payments that cite a fund and whose payer no sheet
// states where the fund's money is (stat.Ship): so that least is overspent and least
// lies idle, and the payer is as near to the household as can be. What no purse
// covers stays with the office that compiled the roster, or with the nearest.
func (s *purses) findPayers() {
	b := s.b
	s.readRosterLines()
	byFund := map[uint32][]int{}
	for i := range b.groups {
		if g := &b.groups[i]; g.fund != none && g.openUnit && g.state == paid {
			byFund[g.fund] = append(byFund[g.fund], i)
		}
	}
	for _, fund := range slices.Sorted(maps.Keys(byFund)) {
		s.payersOf(fund, byFund[fund])
	}
}

func (s *purses) payersOf(fund uint32, groups []int) {
	b := s.b
	b.inDays(groups)
	var demands []demand
	of := map[demand][]int{}
	for _, i := range groups {
		g := &b.groups[i]
		d := demand{b.projectUnitOf(g.project), g.town, g.county, g.compiler}
		if of[d] == nil {
			demands = append(demands, d)
		}
		of[d] = append(of[d], i)
	}
	list := s.ofFund[fund]
	wanted := make([]int64, len(demands))
	choice := make([][]candidate, len(demands))
	from := make([][]portion, len(demands))
	var offers []stat.Offer
	for n, d := range demands {
		for _, i := range of[d] {
			wanted[n] += b.groups[i].paid - b.groups[i].back
		}
		wanted[n] = max(0, wanted[n])
		choice[n] = s.candidates(fund, &b.groups[of[d][0]])
		for _, c := range choice[n] {
			offers = append(offers, stat.Offer{Supply: slices.Index(list, c.purse), Demand: n, Rank: c.rank})
		}
	}
	had := map[int32]int64{}
	for _, p := range list {
		had[p.node] = p.available
	}
	// First what units' own books say they gave out, then what others have left.
	for _, told := range []bool{true, false} {
		supply := mapped(list, func(p *purse) int64 {
			switch out, ok := s.gaveOut[s.keyOf(p)]; {
			case told:
				return max(0, out)
			case ok:
				return 0
			}
			return max(0, p.available)
		})
		for i, x := range stat.Ship(supply, wanted, offers) {
			if x == 0 {
				continue
			}
			o := offers[i]
			p := portion{unit: b.ledger.nodes[list[o.Supply].node].unit, paid: x, how: table.Joined}
			if !told {
				p.how = table.Computed
			}
			from[o.Demand] = append(from[o.Demand], p)
			wanted[o.Demand] -= x
			list[o.Supply].available -= x
		}
	}
	for n, d := range demands {
		known := table.Computed
		funded := 0
		for _, c := range choice[n] {
			if _, told := s.gaveOut[s.keyOf(c.purse)]; !told && had[c.node] > 0 {
				funded++
			}
		}
		if funded > 1 {
			known = table.Guessed
		}
		for i := range from[n] {
			if from[n][i].how != table.Joined {
				from[n][i].how = known
			}
		}
		rest := d.compiler
		if rest == none && len(choice[n]) > 0 {
			rest = b.ledger.nodes[choice[n][0].node].unit
		}
		b.deal(of[d], from[n], portion{unit: rest, how: known})
	}
}

// inDays brings groups into the order of their days, those without one last.
func (b *build) inDays(groups []int) {
	day := func(g *group) int64 {
		if g.on == table.Null {
			return math.MaxInt64
		}
		return g.on
	}
	slices.SortFunc(groups, func(x, y int) int {
		a, c := &b.groups[x], &b.groups[y]
		return cmp.Or(cmp.Compare(day(a), day(c)), cmp.Compare(a.ref, c.ref), cmp.Compare(a.program, c.program))
	})
}

// readRosterLines adds up what each unit's own book says it gave out of a fund to
// households, less what rosters state that it paid: where it is told, the rest of
// the fund's rosters were paid by others.
func (s *purses) readRosterLines() {
	b := s.b
	s.gaveOut = map[uint64]int64{}
	for _, l := range b.matcher().Once(b.rosterLines) {
		if l.Sent != table.Null {
			s.gaveOut[at(b.single(l.Fund), l.From)] += l.Sent
		}
	}
	for i := range b.groups {
		if g := &b.groups[i]; !g.openUnit {
			if k := at(g.fund, g.unit); s.gaveOut[k] != 0 {
				s.gaveOut[k] -= g.paid - g.back
			}
		}
	}
}

// keyOf returns the fund and unit of a purse.
func (s *purses) keyOf(p *purse) uint64 {
	nd := &s.b.ledger.nodes[p.node]
	return at(nd.fund, nd.unit)
}

// A portion is what one unit paid of a group, and what came back to it.
type portion struct {
	unit       uint32
	paid, back int64
	how        table.How
}

// returnsTo returns what came back to a portion's unit: all of a group's returns
// or none.
func (g *group) returnsTo(s portion) []giveBack {
	if s.back == 0 {
		return nil
	}
	return g.returns
}

// deal hands groups out to the units that pay for them, in order of day; what
// is left over falls to rest, what only came back to the first. A group on the
// border is parted.
func (b *build) deal(groups []int, from []portion, rest portion) {
	if len(from) == 0 {
		from = []portion{rest}
	}
	giver := from[0]
	for _, i := range groups {
		from[0].paid += max(0, b.groups[i].back-b.groups[i].paid)
	}
	for _, i := range groups {
		g := &b.groups[i]
		need := g.paid - g.back
		if need <= 0 {
			g.portions = []portion{{giver.unit, g.paid, g.back, giver.how}}
		}
		for need > 0 {
			s := portion{rest.unit, need, 0, rest.how}
			if len(from) > 0 {
				s = portion{from[0].unit, min(need, from[0].paid), 0, from[0].how}
				if from[0].paid -= s.paid; from[0].paid == 0 {
					from = from[1:]
				}
			}
			if need -= s.paid; s.paid > 0 {
				g.portions = append(g.portions, s)
			}
		}
		slices.SortStableFunc(g.portions, func(x, y portion) int { return cmp.Compare(y.paid, x.paid) })
		if g.paid > g.back {
			g.portions[0].paid += g.back
			g.portions[0].back = g.back
		}
		b.name(g, g.portions[0].unit, g.portions[0].how)
		g.openUnit = slices.ContainsFunc(g.portions, func(s portion) bool { return s.how != table.Joined })
	}
}

// name gives a group the payer that was found for it.
func (b *build) name(g *group, unit uint32, known table.How) {
	g.unit = unit
	switch unit {
	case g.compiler: // as the sheet has it
		return
	case none:
		b.doubts = append(b.doubts, Doubt{table.Payment, g.ref, g.rows, paymentNoPayer, ""})
		return
	}
	g.payerHow = known
	b.doubts = append(b.doubts, Doubt{table.Payment, g.ref, g.rows, paymentPayerMade, b.units.Dict[unit]})
}
