package chain

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// rows collects a table row by row; a column left out of a row is absent.
type rows struct {
	b      *table.Builder
	source int
	n      int
}

func newRows(s *table.Schema, source int, columns ...string) *rows {
	r := &rows{b: table.NewBuilder(s), source: source}
	for _, c := range append(columns, table.RefColumn) {
		if f := s.Fields[s.Field(c)]; f.Type == table.Text || f.Type == table.Span {
			r.b.Words(c)
		} else {
			r.b.Ints(c)
		}
	}
	return r
}

func (r *rows) add(cells map[string]any) {
	r.n++
	cells[table.RefColumn] = int64(table.NewRef(r.source, r.n))
	for _, f := range r.b.Schema().Fields {
		v, given := cells[f.Name]
		if !given {
			continue
		}
		if f.Type == table.Text || f.Type == table.Span {
			r.b.Words(f.Name).Append(v.(string))
		} else {
			*r.b.Ints(f.Name) = append(*r.b.Ints(f.Name), v.(int64))
		}
	}
}

func (r *rows) table(t testing.TB) *table.Table {
	t.Helper()
	tab, err := r.b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// county is random sheets of funds with every oddity.
type county struct {
	set       *table.Set
	allocated map[string]int64
	paid      map[string]int64
}

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

// randomCounty makes n fund networks over eight units. Oddities: ledgers of
// one side, both sides in one line, amounts that differ, splits, missing
// dates, units and numbers, loops, returns, negative and zero amounts, units
// that pay themselves, payers that only a folder names, lines stated twice, several funds in a cell, several
// allocations of one number, balances, firms, states.
func randomCounty(t testing.TB, r *rand.Rand, n int) county {
	c := county{allocated: map[string]int64{}, paid: map[string]int64{}}
	units := []string{"市财政局", "甲县财政局", "甲县扶贫办", "甲县乙镇政府", "甲县丙镇政府", "甲县乙镇戊村委会", "", "丁建筑公司"}
	day := func() int64 {
		if r.IntN(25) == 0 {
			return table.Null
		}
		return 17000 + r.Int64N(400)
	}
	money := func() int64 { return pick(r, r.Int64N(40), r.Int64N(40), 10, 10, 0, -r.Int64N(15)) }
	funds := newRows(table.Allocation, 0, "fund_no", "amount", "issued_on", "issuer", "holder")
	flows := [3]*rows{}
	for i := range flows {
		flows[i] = newRows(table.Flow, i+1, "fund_no", "from_unit", "to_unit", "sent_amount", "sent_on", "received_amount", "received_on")
	}
	pays := newRows(table.Payment, 4, "beneficiary_name", "fund_no", "payer", table.HowColumn("payer"), "town", "amount", "pay_date", "state", "program")
	balances := newRows(table.Balance, 5, "unit", "fund_no", "as_of", "amount")
	no := func(i int) string { return fmt.Sprintf("甲财〔2017〕%d号", i+1) }
	for i := range n {
		for range r.IntN(3) {
			a := pick(r, r.Int64N(200), r.Int64N(200), -r.Int64N(20))
			funds.add(map[string]any{"fund_no": no(i), "amount": a, "issued_on": day(), "issuer": pick(r, units[0], units[0], ""), "holder": pick(r, units[:7]...)})
			c.allocated[no(i)] += a
		}
		for range r.IntN(12) {
			line := map[string]any{
				"fund_no": pick(r, no(i), no(i), no(i), no(i), "", no(i)+"、"+no((i+1)%n)), "from_unit": pick(r, units...), "to_unit": pick(r, units...),
				"sent_amount": int64(table.Null), "sent_on": int64(table.Null), "received_amount": int64(table.Null), "received_on": int64(table.Null),
			}
			on, amount := day(), money()
			got := on
			if on != table.Null {
				got = on + r.Int64N(10) - 1
			}
			side := r.IntN(5)
			if side != 1 {
				line["sent_amount"], line["sent_on"] = amount, on
			}
			if side == 1 || side == 2 {
				line["received_amount"], line["received_on"] = pick(r, amount, amount, amount-1), got
			}
			flows[r.IntN(3)].add(line)
			if side > 2 { // the receiver's ledger, in one line, in parts, or not at all
				for _, part := range pick(r, []int64{amount}, []int64{amount / 3, amount - amount/3}, []int64{amount - 2}, nil) {
					other := map[string]any{"fund_no": line["fund_no"], "from_unit": pick[any](r, line["from_unit"], ""), "to_unit": line["to_unit"],
						"sent_amount": int64(table.Null), "sent_on": int64(table.Null), "received_amount": part, "received_on": got}
					flows[r.IntN(3)].add(other)
				}
			}
			if r.IntN(10) == 0 {
				again := map[string]any{}
				for k, v := range line {
					again[k] = v
				}
				flows[r.IntN(3)].add(again)
			}
		}
		for range r.IntN(10) {
			amount, state, fund := money(), pick(r, "已发", "已发", "", "退款", "停发"), pick(r, no(i), no(i), no(i), "")
			pays.add(map[string]any{"beneficiary_name": "张三", "fund_no": fund, "payer": pick(r, units[:7]...), table.HowColumn("payer"): pick(r, "", "", "inherited"), "town": pick(r, "", "乙镇", "丙镇"), "amount": amount, "pay_date": day(), "state": state, "program": pick(r, "低保", "")})
			if state == "已发" || state == "" || state == "退款" && amount < 0 {
				c.paid[fund] += amount
			}
		}
		for range r.IntN(3) {
			balances.add(map[string]any{"unit": pick(r, units[:7]...), "fund_no": pick(r, no(i), ""), "as_of": day(), "amount": r.Int64N(60)})
		}
	}
	flow, err := table.Concat(table.Flow, []*table.Table{flows[0].table(t), flows[1].table(t), flows[2].table(t)})
	if err != nil {
		t.Fatal(err)
	}
	c.set = table.NewSet(funds.table(t), flow, pays.table(t), balances.table(t))
	return c
}

const someDay table.Day = 17410

func buildOf(t testing.TB, set *table.Set, workers int) *Result {
	t.Helper()
	r, err := Build(keyed(t, set), Options{Policy: policy.Builtin(), AsOf: someDay, Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestIdentityIsExact follows 10,000 random networks. What a fund was
// allocated and what its payments cite is counted again by the test; the
// parcels of each unit add up to what it received.
func TestIdentityIsExact(t *testing.T) {
	const counties, funds = 500, 20
	for seed := range uint64(counties) {
		c := randomCounty(t, rand.New(rand.NewPCG(seed, 1)), funds)
		r := buildOf(t, c.set, 1)
		inferred := map[string]int64{}
		pay := r.Tables.Get(table.Payment)
		for i := range pay.Len() {
			if pay.Text("_fund_by", i) == "inferred" {
				a, _ := pay.Int("amount", i)
				inferred[pay.Text("_fund", i)] += a * int64(stateSign(pay.Text("state", i), a))
			}
		}
		held := map[string]int64{}
		parcels := map[string]int64{}
		stay := r.Tables.Get(table.Stay)
		for i := range stay.Len() {
			if stay.Text("reading", i) != "" {
				continue
			}
			a, _ := stay.Int("amount", i)
			key := stay.Text("fund_no", i) + stay.Text("unit", i)
			parcels[key] += a
			if stay.Text("left_as", i) == "held" {
				held[key] += a
			}
			if a <= 0 {
				t.Fatalf("seed %d: a parcel of %d", seed, a)
			}
		}
		for _, id := range r.Funds {
			if !id.Balances() {
				t.Errorf("seed %d: %+v does not balance", seed, id)
			}
			if int64(id.Allocated) != c.allocated[id.FundNo] {
				t.Errorf("seed %d: %s: allocated %d, want %d", seed, id.FundNo, id.Allocated, c.allocated[id.FundNo])
			}
			if want := c.paid[id.FundNo] + inferred[id.FundNo]; int64(id.Households) != want {
				t.Errorf("seed %d: %s: households %d, want %d", seed, id.FundNo, id.Households, want)
			}
		}
		pos := r.Tables.Get(table.Position)
		for i := range pos.Len() {
			key := pos.Text("fund_no", i) + pos.Text("unit", i)
			h, _ := pos.Int("held", i)
			if held[key] != max(h, 0) {
				t.Errorf("seed %d: %s: parcels held %d, position %d", seed, key, held[key], h)
			}
		}
		if t.Failed() {
			return
		}
	}
}

func stateSign(state string, amount int64) int {
	if state != "停发" && (state != "退款" || amount < 0) {
		return 1
	}
	return 0
}

// TestOrderOfRowsDoesNotMatter shuffles the rows of every table, places along
// with them, and changes the number of workers.
func TestOrderOfRowsDoesNotMatter(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 2))
		set := randomCounty(t, r, 12).set
		want := everything(buildOf(t, set, 1))
		var tables []*table.Table
		for _, s := range table.Canonical {
			if set.Get(s).Len() > 0 {
				tables = append(tables, shuffled(t, r, set.Get(s)))
			}
		}
		got := everything(buildOf(t, table.NewSet(tables...), 8))
		if got != want {
			g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
			for i := range min(len(g), len(w)) {
				if g[i] != w[i] {
					t.Fatalf("seed %d: line %d:\n%s\nwant\n%s", seed, i, g[i], w[i])
				}
			}
			t.Fatalf("seed %d: %d lines, want %d", seed, len(g), len(w))
		}
	}
}

// everything writes a result whole, payments in order of place.
func everything(r *Result) string {
	var b strings.Builder
	b.WriteString(showFunds(r.Funds) + showDoubts(r.Doubts))
	for _, s := range []*table.Schema{table.Hop, table.Stay, table.Position} {
		var columns []string
		for _, f := range s.Fields[3:] {
			columns = append(columns, f.Name)
		}
		b.WriteString(show(r.Tables.Get(s), columns...))
	}
	pays := strings.Split(show(r.Tables.Get(table.Payment), table.RefColumn, "_unit", "_fund", "_fund_by", "_path", "_hops", "_days_total", "_slowest_unit", "_slowest_days", "_traced"), "\n")
	slices.Sort(pays)
	b.WriteString(strings.Join(pays, "\n"))
	return b.String()
}

func shuffled(t testing.TB, r *rand.Rand, tab *table.Table) *table.Table {
	b := table.NewBuilder(tab.Schema())
	order := r.Perm(tab.Len())
	for _, f := range tab.Schema().Fields {
		if !tab.Has(f.Name) {
			continue
		}
		for _, i := range order {
			if f.Type == table.Text || f.Type == table.Span {
				b.Words(f.Name).Append(tab.Text(f.Name, i))
			} else if v, ok := tab.Int(f.Name, i); ok {
				*b.Ints(f.Name) = append(*b.Ints(f.Name), v)
			} else {
				*b.Ints(f.Name) = append(*b.Ints(f.Name), table.Null)
			}
		}
	}
	out, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestAgesFenByFen lets every fen of random ledgers queue up by itself and
// compares how many of them came and left on which days.
func TestAgesFenByFen(t *testing.T) {
	type event struct {
		on, amount int64
		in         bool
	}
	units := []string{"甲", "乙", "丙", "丁"}
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 3))
		events := map[string][]event{}
		move := func(unit string, on, amount int64, in bool) {
			if amount < 0 {
				in, amount = !in, -amount
			}
			events[unit] = append(events[unit], event{on, amount, in})
		}
		funds := newRows(table.Allocation, 0, "fund_no", "amount", "issued_on", "holder")
		flows := newRows(table.Flow, 1, "fund_no", "from_unit", "to_unit", "sent_amount", "sent_on", "received_amount", "received_on")
		pays := newRows(table.Payment, 2, "beneficiary_name", "fund_no", "payer", "amount", "pay_date")
		day := func() int64 { return 17000 + r.Int64N(60) }
		for range 1 + r.IntN(3) {
			on, amount := day(), r.Int64N(80)
			funds.add(map[string]any{"fund_no": "F", "amount": amount, "issued_on": on, "holder": "甲"})
			move("甲", on, amount, true)
		}
		for range r.IntN(15) {
			on, amount, from, to := day(), r.Int64N(30)-5, pick(r, units...), pick(r, units...)
			got := on + r.Int64N(5)
			flows.add(map[string]any{"fund_no": "F", "from_unit": from, "to_unit": to, "sent_amount": amount, "sent_on": on, "received_amount": amount, "received_on": got})
			if from != to {
				move(from, on, amount, false)
				move(to, got, amount, true)
			}
		}
		for range r.IntN(15) {
			on, amount, unit := day(), r.Int64N(30)-5, pick(r, units...)
			pays.add(map[string]any{"beneficiary_name": "张三", "fund_no": "F", "payer": unit, "amount": amount, "pay_date": on})
			move(unit, on, amount, false)
		}

		want := map[[3]string]int64{} // unit, in, out → fen
		for unit, list := range events {
			slices.SortStableFunc(list, func(a, b event) int {
				if a.on == b.on && a.in != b.in {
					if a.in {
						return -1
					}
					return 1
				}
				return cmp.Compare(a.on, b.on)
			})
			var purse, owed []int64 // a day a fen
			for _, e := range list {
				for range e.amount {
					switch {
					case e.in && len(owed) > 0:
						want[[3]string{unit, fmt.Sprint(e.on), fmt.Sprint(owed[0])}]++
						owed = owed[1:]
					case e.in:
						purse = append(purse, e.on)
					case len(purse) > 0:
						want[[3]string{unit, fmt.Sprint(purse[0]), fmt.Sprint(e.on)}]++
						purse = purse[1:]
					default:
						owed = append(owed, e.on)
					}
				}
			}
			for _, on := range purse {
				want[[3]string{unit, fmt.Sprint(on), "held"}]++
			}
		}
		stay := buildOf(t, table.NewSet(funds.table(t), flows.table(t), pays.table(t)), 1).Tables.Get(table.Stay)
		got := map[[3]string]int64{}
		for i := range stay.Len() {
			in, _ := stay.Int("in_on", i)
			amount, _ := stay.Int("amount", i)
			key := [3]string{stay.Text("unit", i), fmt.Sprint(in), "held"}
			last := int64(someDay)
			if out, ok := stay.Int("out_on", i); ok {
				key[2], last = fmt.Sprint(out), out
			}
			if days, _ := stay.Int("days", i); days != max(0, last-in) {
				t.Errorf("seed %d: %v: %d days", seed, key, days)
			}
			got[key] += amount
		}
		for _, m := range []map[[3]string]int64{got, want} {
			for k := range m {
				if got[k] != want[k] {
					t.Fatalf("seed %d: %v: %d fen, want %d", seed, k, got[k], want[k])
				}
			}
		}
	}
}

// TestChunksJoin follows more payments than one goroutine takes at a time.
func TestChunksJoin(t *testing.T) {
	set := largeCounty(t, 1)
	one, many := buildOf(t, set, 1), buildOf(t, set, 8)
	if n := set.Get(table.Payment).Len(); n <= chunkRows {
		t.Fatalf("%d payments are one chunk", n)
	}
	var households table.Fen
	for i, id := range one.Funds {
		if id != many.Funds[i] {
			t.Fatalf("%+v with one worker, %+v with eight", id, many.Funds[i])
		}
		households += id.Households
	}
	pay := many.Tables.Get(table.Payment)
	codes, dict := pay.Words("_fund")
	var want table.Fen
	for i, a := range pay.Ints("amount") {
		if codes[i] != none {
			want += table.Fen(a)
		}
		if i%997 != 0 {
			continue
		}
		if cited := pay.Text("fund_no", i); cited != "" && dict[codes[i]] != cited {
			t.Fatalf("row %d cites %s and is of %s", i, cited, dict[codes[i]])
		}
		if named := pay.Text("payer", i); pay.Text("_unit", i) != named {
			t.Fatalf("row %d is paid by %s and of %s", i, named, pay.Text("_unit", i))
		}
	}
	if households != want {
		t.Fatalf("funds paid %s to households, their payments are %s", households, want)
	}
}

// TestReadingsBoundEveryReading states payers for rosters whose payer nobody
// stated, in any way that towns allow: no unit is left with less than the least
// that the chain said, and one of which nothing is open with the same.
func TestReadingsBoundEveryReading(t *testing.T) {
	units := []string{"甲县财政局", "甲县扶贫办", "甲县乙镇政府", "甲县丙镇政府"}
	may := map[string][]string{"乙镇": {units[0], units[1], units[2]}, "丙镇": {units[0], units[1], units[3]}, "": units}
	narrowed := 0
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 5))
		day := func() int64 { return 17000 + r.Int64N(100) }
		type payment struct {
			town       string
			amount, on int64
		}
		var payments []payment
		for range 1 + r.IntN(6) {
			payments = append(payments, payment{pick(r, "乙镇", "丙镇", ""), 1 + r.Int64N(30), day()})
		}
		type transfer struct {
			from, to   string
			amount, on int64
		}
		var transfers []transfer
		for range 1 + r.IntN(5) {
			transfers = append(transfers, transfer{pick(r, units[:2]...), pick(r, units[1:]...), 1 + r.Int64N(40), day()})
		}
		build := func(payer func(payment) string) *Result {
			funds := newRows(table.Allocation, 0, "fund_no", "amount", "issued_on", "issuer", "holder")
			funds.add(map[string]any{"fund_no": "F", "amount": int64(100), "issued_on": int64(17000), "issuer": "市财政局", "holder": units[0]})
			flows := newRows(table.Flow, 1, "fund_no", "from_unit", "to_unit", "sent_amount", "sent_on", "received_amount", "received_on")
			for _, x := range transfers {
				flows.add(map[string]any{"fund_no": "F", "from_unit": x.from, "to_unit": x.to, "sent_amount": x.amount, "sent_on": x.on, "received_amount": x.amount, "received_on": x.on})
			}
			pays := newRows(table.Payment, 2, "beneficiary_name", "fund_no", "payer", "town", "amount", "pay_date")
			for _, p := range payments {
				pays.add(map[string]any{"beneficiary_name": "张三", "fund_no": "F", "payer": payer(p), "town": p.town, "amount": p.amount, "pay_date": p.on})
			}
			return buildOf(t, table.NewSet(funds.table(t), flows.table(t), pays.table(t)), 1)
		}
		held := func(res *Result, reading string) map[string]int64 {
			out := map[string]int64{}
			stay := res.Tables.Get(table.Stay)
			for i := range stay.Len() {
				if a, _ := stay.Int("amount", i); stay.Text("reading", i) == reading && strings.Contains("held unseen", stay.Text("left_as", i)) {
					out[stay.Text("unit", i)] += a
				}
			}
			return out
		}
		open := build(func(payment) string { return "" })
		least, taken := held(open, "spent_most"), held(open, "")
		stated := held(build(func(p payment) string { return pick(r, may[p.town]...) }), "")
		readings := show(open.Tables.Get(table.Stay), "reading", "unit")
		readings = strings.Join(slices.DeleteFunc(strings.Split(readings, "\n"), func(s string) bool { return !strings.HasPrefix(s, "as_compiled") }), "\n")
		for _, u := range units {
			if has := strings.Contains(readings, u); has && (stated[u] < least[u] || taken[u] < least[u]) {
				t.Fatalf("seed %d: %s holds %d as stated, %d as taken, at least %d", seed, u, stated[u], taken[u], least[u])
			} else if !has && stated[u] != taken[u] {
				t.Fatalf("seed %d: nothing is open of %s, which holds %d as stated and %d as taken", seed, u, stated[u], taken[u])
			} else if has && least[u] < taken[u] {
				narrowed++
			}
		}
	}
	if narrowed == 0 {
		t.Fatal("no reading differed")
	}
}
