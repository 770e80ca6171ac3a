package chain

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"fundtrace/pipeline/key"
	"fundtrace/pipeline/pairing"
	"fundtrace/pipeline/table"
	"fundtrace/pipeline/words"
)

// build is one run of Build.
type build struct {
	set      *table.Set
	opt      Options
	units    names // in order of name
	funds    names // in order of fund number
	projects names // in order of project number
	texts    names // purposes, vouchers, programs, places

	pools       [][]uint32        // cells that list several funds, in order of their codes
	about       map[uint32]string // fund → its titles and purposes
	issued      map[uint32]bool
	projectFund map[uint32]uint32
	projectUnit map[uint32]uint32
	contractor  map[uint32]bool
	kinds       map[uint32]string // what kind of party a receiver is
	suppliers   []bool            // by unit

	works          []work
	allocationRows []allocation   // a row of the table each
	allocations    []allocation   // those that count
	lines          []pairing.Line // a row of the table flow each
	hops           []hop
	rosterLines    []pairing.Line // of books, that say what a unit gave out to households
	books          *pairing.Books // and rosters and balances
	unbooked       []int          // hops left to settle
	roots          []roots        // by fund
	balances       []balance
	groups         []group
	ledger         *ledger
	doubts         []Doubt
}

// Build follows the money through a run's tables, as identity leaves them. It
// fails only where a table cannot be built; what a row lacks is a Doubt.
//
// CPU and memory grow linearly with rows.
func Build(set *table.Set, opt Options) (*Result, error) {
	b := newBuild(set, opt)
	b.readAllocations()
	b.readProjects()
	b.readFlows()
	b.readBalances()
	p := b.readPayments()
	groupOf := b.group(p, set.Get(table.Payment).Len())
	b.findSuppliers()

	b.pair()
	b.nameRefunds()
	b.findRoots()
	b.nameSenders()
	b.findRoots()
	b.book()
	b.enter()
	purses := b.purses()
	purses.findPayers()
	purses.infer()
	b.enterPayments()
	b.settle()
	stated := b.stateBalances()
	b.ledger.sort()
	open := b.openings(purses)
	stays, source := b.ledger.age()
	stays = b.otherReadings(stays, open)
	edges := b.edges()
	b.findDepths(edges)
	b.nameLoops(edges)
	positions := b.positions(stays, stated, open)

	w := newWalker(b, source)
	ways := make([]way, len(b.groups))
	for i := range b.groups {
		ways[i] = w.walk(i)
	}
	return b.result(p, groupOf, ways, w.paths.Dict, stays, positions, open)
}

func newBuild(set *table.Set, opt Options) *build {
	b := &build{
		set: set, opt: opt, about: map[uint32]string{},
		issued: map[uint32]bool{}, projectFund: map[uint32]uint32{}, projectUnit: map[uint32]uint32{},
		contractor: map[uint32]bool{}, kinds: map[uint32]string{},
	}
	b.funds = b.sorted(key.Pool, "_fund")
	b.projects = b.sorted(whole, "_project")
	b.units = b.sorted(whole, "_issuer", "_holder", "_from", "_to", "_unit", "_contractor")
	b.aboutFunds()
	return b
}

// whole is a text that lists nothing.
func whole(s string) []string { return []string{s} }

// sorted gives codes, in order of text, to all that columns of the canonical
// tables name; list parts what one cell lists.
func (b *build) sorted(list func(string) []string, columns ...string) names {
	seen := map[string]bool{}
	for _, s := range table.Canonical {
		for _, name := range columns {
			if s.Field(name) < 0 {
				continue
			}
			_, dict := b.set.Get(s).Words(name)
			for _, cell := range dict {
				for _, w := range list(cell) {
					seen[w] = true
				}
			}
		}
	}
	var n names
	for _, w := range slices.Sorted(maps.Keys(seen)) {
		n.of(w)
	}
	return n
}

func (b *build) unitCodes(dict []string) []uint32 { return b.units.codes(dict, keep) }

func (b *build) projectCodes(dict []string) []uint32 { return b.projects.codes(dict, keep) }

// fundCodes returns the fund of each cell, a pool's code where it lists several.
func (b *build) fundCodes(dict []string) []uint32 {
	out := make([]uint32, len(dict))
	for i, cell := range dict {
		var list []uint32
		for _, no := range key.Pool(cell) {
			list = append(list, b.funds.of(no))
		}
		if len(list) == 1 {
			out[i] = list[0]
		} else {
			out[i] = poolCode + uint32(len(b.pools))
			b.pools = append(b.pools, list)
		}
	}
	return out
}

// listed returns the numbers of a pool as a cell would list them.
func (b *build) listed(pool uint32) string {
	return strings.Join(mapped(b.pools[pool-poolCode], b.fundName), "、")
}

func (b *build) fundName(f uint32) string {
	if f == none {
		return ""
	}
	return b.funds.Dict[f]
}

// aboutFunds reads what each fund is for.
func (b *build) aboutFunds() {
	t := b.set.Get(table.Allocation)
	fund := column(t, "_fund", b.fundCodes)
	for _, name := range []string{"title", "purpose"} {
		for i := range t.Len() {
			if f, says := b.single(fund.at(i)), words.Fold(t.Text(name, i)); f != none && says != "" {
				b.about[f] += says + " "
			}
		}
	}
}

// doubt takes down a doubt about one row.
func (b *build) doubt(t *table.Schema, ref table.Ref, why Reason, detail string) {
	b.doubts = append(b.doubts, Doubt{t, ref, 1, why, detail})
}

// findSuppliers tells where money is spent: with the households of a roster that
// is not in the input, at a project's contractor or a firm by its name that in the whole input never passes money on, neither to a unit
// nor to households, and that no allocation names. A cooperative that pays
// households is a unit of the chain; giving a fund's money back up the way it
// came is not passing it on.
func (b *build) findSuppliers() {
	b.suppliers = make([]bool, len(b.units.Dict))
	for u := range b.suppliers {
		k := b.kinds[uint32(u)]
		b.suppliers[u] = b.contractor[uint32(u)] || k == key.ToFirm || k == key.ToHouseholds
	}
	passesOn := func(u uint32) {
		if u != none {
			b.suppliers[u] = false
		}
	}
	var sent []*pairing.Line // by those that look like suppliers
	ups := map[uint32]map[uint32][]uint32{}
	for i := range b.lines {
		if l := &b.lines[i]; b.supplier(l.From) && l.From != l.To {
			sent = append(sent, l)
			ups[l.Fund] = map[uint32][]uint32{}
		}
	}
	for i := range b.lines {
		if l := &b.lines[i]; ups[l.Fund] != nil {
			ups[l.Fund][l.To] = append(ups[l.Fund][l.To], l.From)
		}
	}
	for _, l := range sent {
		if !reaches(ups[l.Fund], l.From, l.To) {
			passesOn(l.From)
		}
	}
	for _, a := range b.allocationRows {
		passesOn(a.issuer)
		passesOn(a.holder)
	}
	for i := range b.groups {
		passesOn(b.groups[i].unit)
		passesOn(b.groups[i].compiler)
	}
}

// reaches reports whether to can be reached from a unit by next.
func reaches(next map[uint32][]uint32, from, to uint32) bool {
	seen, todo := map[uint32]bool{from: true}, []uint32{from}
	for len(todo) > 0 {
		u := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, v := range next[u] {
			if v == to {
				return true
			}
			if !seen[v] {
				seen[v] = true
				todo = append(todo, v)
			}
		}
	}
	return false
}

// supplier reports whether money sent to a unit is spent.
func (b *build) supplier(u uint32) bool { return u != none && b.suppliers[u] }

// start returns the unit at which an allocation's money begins: the issuer, if
// the ledgers show it sending before it receives; else the holder; where none
// is named the one unit that sends without receiving, then the one that pays,
// then the issuer. none if nothing is known.
func (b *build) start(a allocation) uint32 {
	r := b.roots[a.fund]
	if a.issuer != none && r.sendsFirst[a.issuer] {
		return a.issuer
	}
	if a.holder != none {
		return a.holder
	}
	if r.only != none {
		return r.only
	}
	return a.issuer
}

// result puts everything together.
func (b *build) result(p *payments, groupOf []int32, ways []way, paths []string, stays []stay, positions []position, open []opening) (*Result, error) {
	var tables []*table.Table
	for _, to := range []*table.Builder{
		b.paymentColumns(p, groupOf, ways, paths),
		b.fundColumn(table.Flow, mapped(b.lines, func(l pairing.Line) uint32 { return b.single(l.Fund) })),
		b.fundColumn(table.Balance, mapped(b.balances, func(s balance) uint32 { return s.fund })),
	} {
		if t := b.set.Get(to.Schema()); t.Len() > 0 {
			t, err := t.With(to)
			if err != nil {
				return nil, fmt.Errorf("adding the chain's columns: %w", err)
			}
			tables = append(tables, t)
		}
	}
	order := b.nodeOrder()
	for _, to := range []*table.Builder{b.hopTable(), b.stayTable(stays, order, open), b.positionTable(positions, order, open)} {
		t, err := to.Build()
		if err != nil {
			return nil, fmt.Errorf("building the chain's tables: %w", err)
		}
		tables = append(tables, t)
	}
	for _, id := range b.ledger.ids {
		if !id.Balances() {
			return nil, fmt.Errorf("money identity of fund %q: %s allocated, %s accounted for: a mistake in this program", id.FundNo,
				id.Allocated, id.Households+id.Suppliers+id.Held+id.InTransit+id.Unexplained)
		}
	}
	return &Result{b.set.With(tables...), b.ledger.ids, countedTogether(b.doubts)}, nil
}

// maxDoubts bounds how often one sheet gives one reason row by row; beyond it
// the rows are counted in one Doubt at the first of them.
const maxDoubts = 200

// countedTogether sorts doubts by table, place and reason, and counts together those
// that a sheet has too many of.
func countedTogether(doubts []Doubt) []Doubt {
	slices.SortFunc(doubts, func(x, y Doubt) int {
		return cmp.Or(
			cmp.Compare(x.Table.Index(), y.Table.Index()), cmp.Compare(x.Ref, y.Ref),
			cmp.Compare(x.Reason, y.Reason), cmp.Compare(x.Detail, y.Detail))
	})
	type kind struct {
		table  *table.Schema
		source int
		reason Reason
	}
	of := func(d *Doubt) kind { return kind{d.Table, d.Ref.Source(), d.Reason} }
	count, first := map[kind]int{}, map[kind]int{}
	for i := range doubts {
		count[of(&doubts[i])]++
	}
	out := doubts[:0]
	for i := range doubts {
		d := doubts[i]
		k := of(&d)
		if count[k] > maxDoubts {
			if at, ok := first[k]; ok {
				out[at].Rows += d.Rows
				continue
			}
			first[k] = len(out)
			d.Detail = ""
		}
		out = append(out, d)
	}
	return out
}
