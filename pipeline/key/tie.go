package key

import (
	"cmp"
	"slices"
	"strings"

	"fundtrace/pipeline/idnum"
	"fundtrace/pipeline/table"
)

// The ways a payment is tied to a cadre, as the column _tie holds them.
var tieNames = []string{"household", "account", "account_household", "phone", "kinship"}

// The codes of the ways in tieNames, strongest first.
const (
	byHousehold        = iota // of another member of his household
	byAccount                 // into an account that he holds
	byAccountHousehold        // of a household that has another payment into such an account
	byPhone                   // of a household with a telephone of his
	byKinship                 // of a relative that the register names (related_id), or the relative's household
	ways
)

// ties fills in which village cadre or official payments are tied to, and how.
// He holds an account if payments name him as payee, or are his own and name
// nobody else, or the bank has him as holder. A payment has one cadre: by the
// strongest tie, village cadres before officials, then by key. A cadre's own
// payments are tied to nobody, and one into his account only if he was in office
// when it was made.
func (r *resolver) ties() {
	c := r.cadres()
	if c == nil {
		return
	}
	var people []*roster // payments and members
	var phones []column
	for _, o := range r.rosters {
		if len(o.roles) == 0 {
			continue
		}
		switch o.t.Schema() {
		case table.Payment, table.Member:
			people, phones = append(people, o), append(phones, number(o.t, "phone", &r.phones, idnum.Phone))
			c.holds(o, phones[len(phones)-1])
		case table.BankEntry:
			c.holds(o, column{})
		}
	}
	for i, o := range people {
		c.households(o, phones[i])
	}
	for _, o := range people {
		if o.t.Schema() == table.Payment {
			c.tie(o)
		}
	}
}

// tie gives each payment its cadre.
func (c *cadres) tie(o *roster) {
	n := o.t.Len()
	o.cadre, o.tie, o.cadreRef = make([]uint32, n), make([]uint32, n), make([]int64, n)
	for row, who := range o.roles[0].who {
		o.cadre[row], o.tie[row], o.cadreRef[row] = none, none, table.Null
		if who != none && c.rank[who] > 0 {
			continue
		}
		for by := range ways {
			key := o.household[row]
			if by == byAccount {
				key = o.account.at(row)
			}
			cadre, ok := c.held[by][key]
			switch {
			case ok && by == byAccount:
				ok = c.inOffice(cadre, o.t, row)
			case !ok && by == byKinship:
				cadre, ok = c.kin[who]
			}
			if ok {
				o.cadre[row], o.tie[row], o.cadreRef[row] = cadre, uint32(by), c.ref[cadre]
				break
			}
		}
	}
}

// inOffice reports whether a cadre was in office on the day of a payment, else in
// a month of its period. A line of the register without dates holds always, and
// so does every line for a payment without both.
func (c *cadres) inOffice(cadre uint32, t *table.Table, row int) bool {
	day, dated := t.Int("pay_date", row)
	period, err := table.ParsePeriod(t.Text("period", row))
	return slices.ContainsFunc(c.office[cadre], func(o term) bool {
		switch {
		case dated:
			return o.since <= table.Day(day) && table.Day(day) <= o.until
		case err == nil:
			return o.since.Month() <= period.To() && period.From() <= o.until.Month()
		}
		return true
	})
}

// role returns the persons of a role of the roster, nil where it has none.
func (o *roster) role(key string) []uint32 {
	for i := range o.roles {
		if o.roles[i].key == key {
			return o.roles[i].who
		}
	}
	return nil
}

// cadres are the persons on the registers of village cadres and officials, and
// what is theirs.
type cadres struct {
	rank   []int                      // person → order in which cadres claim, from 1; 0 for others
	ref    map[uint32]int64           // cadre → first line on the register
	office map[uint32][]term          // cadre → when, a line of the register each
	kin    map[uint32]uint32          // relative → cadre
	phone  map[uint32]uint32          // telephone → cadre
	held   [ways]map[uint32]uint32    // by tie: account, else household → cadre
	home   map[uint32]map[uint32]bool // cadre → own households
}

// A term is a time in office, both days inclusive.
type term struct{ since, until table.Day }

// always are the days that stand for an open beginning and an open end.
var always = term{table.DayOf(1, 1, 1), table.DayOf(9999, 12, 31)}

// cadres reads the register and gives its lines their cadre: the person, or the
// person's relative where only that one has a line of his own. It returns nil
// where there is no cadre.
func (r *resolver) cadres() *cadres {
	i := slices.IndexFunc(r.rosters, func(o *roster) bool { return o.t.Schema() == table.Register && len(o.roles) > 0 })
	if i < 0 {
		return nil
	}
	o := r.rosters[i]
	kinds, words := o.t.Words("register_kind")
	related, numbers := o.t.Words("related_id")
	relatives := func(row int) (out []uint32) {
		if related == nil || related[row] == none {
			return nil
		}
		for _, s := range strings.FieldsFunc(numbers[related[row]], func(r rune) bool { return strings.ContainsRune("、，,；;/ ", r) }) {
			if id, err := idnum.Parse(s); err == nil {
				if p, ok := r.people.byNumber.get(pack(id.Number)); ok {
					out = append(out, p)
				}
			}
		}
		return out
	}
	var rows []int
	who, village, plain := o.roles[0].who, map[uint32]bool{}, map[uint32]bool{}
	for row, p := range who {
		if p == none || kinds[row] == none {
			continue
		}
		if k := words[kinds[row]]; k == "village_cadre" || k == "public_payroll" {
			rows = append(rows, row)
			village[p] = village[p] || k == "village_cadre"
			plain[p] = plain[p] || len(relatives(row)) == 0
		}
	}
	if rows == nil {
		return nil
	}
	c := &cadres{
		rank: make([]int, len(r.people.keys)), ref: map[uint32]int64{}, office: map[uint32][]term{}, kin: map[uint32]uint32{}, phone: map[uint32]uint32{}, home: map[uint32]map[uint32]bool{},
	}
	for by := range c.held {
		c.held[by] = map[uint32]uint32{}
	}
	refs := o.t.Ints(table.RefColumn)
	o.cadre = make([]uint32, o.t.Len())
	for row := range o.cadre {
		o.cadre[row] = none
	}
	type pair struct{ relative, cadre uint32 }
	var pairs []pair
	var all []uint32
	for _, row := range rows {
		p := who[row]
		o.cadre[row] = p
		for _, other := range relatives(row) {
			if plain[other] && !plain[p] {
				o.cadre[row] = other
				pairs = append(pairs, pair{p, other})
			} else {
				pairs = append(pairs, pair{other, p})
			}
		}
		p = o.cadre[row]
		if ref, ok := c.ref[p]; !ok || refs[row] < ref {
			c.ref[p] = refs[row]
		}
		in := always
		if d, ok := o.t.Int("since", row); ok {
			in.since = table.Day(d)
		}
		if d, ok := o.t.Int("until", row); ok {
			in.until = table.Day(d)
		}
		if who[row] == p {
			c.office[p] = append(c.office[p], in)
		}
		if c.home[p] == nil {
			all = append(all, p)
			c.home[p] = map[uint32]bool{}
		}
		if who[row] == p && o.household[row] != none {
			c.home[p][o.household[row]] = true
		}
	}
	slices.SortFunc(all, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(rankOf(village[a]), rankOf(village[b])), cmp.Compare(r.people.keys[a], r.people.keys[b]))
	})
	for i, p := range all {
		c.rank[p] = i + 1
	}
	for p, homes := range c.home {
		for h := range homes {
			c.claim(c.held[byHousehold], h, p)
		}
	}
	for _, t := range pairs {
		if old, ok := c.kin[t.relative]; c.rank[t.relative] == 0 && (!ok || c.rank[t.cadre] < c.rank[old]) {
			c.kin[t.relative] = t.cadre
		}
	}
	return c
}

func rankOf(village bool) int {
	if village {
		return 0
	}
	return 1
}

// claim gives what is held to the cadre of the lowest rank that has it.
func (c *cadres) claim(held map[uint32]uint32, key, cadre uint32) {
	if key == none {
		return
	}
	if old, ok := held[key]; !ok || c.rank[cadre] < c.rank[old] {
		held[key] = cadre
	}
}

// holds notes the accounts and telephones of cadres that a table shows.
func (c *cadres) holds(o *roster, phone column) {
	payee := o.role("_payee")
	for row, who := range o.roles[0].who {
		holder := who
		if payee != nil && payee[row] != none {
			holder = payee[row]
		}
		if holder != none && c.rank[holder] > 0 {
			c.claim(c.held[byAccount], o.account.at(row), holder)
		}
		if who != none && c.rank[who] > 0 {
			c.claim(c.phone, phone.at(row), who)
		}
	}
}

// households notes the households that share an account or telephone with a
// cadre, or have a relative of his.
func (c *cadres) households(o *roster, phone column) {
	for row, who := range o.roles[0].who {
		note := func(by int, cadre uint32, ok bool) {
			if ok && !c.home[cadre][o.household[row]] {
				c.claim(c.held[by], o.household[row], cadre)
			}
		}
		if who != none && c.rank[who] > 0 {
			continue
		}
		cadre, ok := c.held[byAccount][o.account.at(row)]
		note(byAccountHousehold, cadre, ok)
		cadre, ok = c.phone[phone.at(row)]
		note(byPhone, cadre, ok)
		cadre, ok = c.kin[who]
		note(byKinship, cadre, ok)
	}
}
