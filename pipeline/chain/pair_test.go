package chain

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"fundtrace/pipeline/table"
)

// TestPairingRecoversPlanted plants transfers in two ledgers that know nothing
// of each other: days late, a quarter of them in parts, short or missing on one
// side, a third of equal amount between the same units. A transfer is recovered when its hop
// stands on the ledger lines it was planted with.
func TestPairingRecoversPlanted(t *testing.T) {
	type planted struct {
		sent, received table.Ref // 0 where that ledger lacks it
		parts          int64
		kind           string
	}
	found, total := map[string]int{}, map[string]int{}
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 4))
		var want []planted
		type entry struct {
			plant        int
			from, to, no string
			amount, on   int64
		}
		var sent, received []entry
		for f := range 10 {
			for unit := range 4 {
				on := 17000 + r.Int64N(30)
				for range 1 + r.IntN(6) {
					on += 5 + r.Int64N(40)
					amount := 100 * (1000 + r.Int64N(100_000))
					if r.IntN(3) == 0 {
						amount = 5_000_000 // the round sum of every month
					}
					p := planted{parts: 1, kind: "whole"}
					if r.IntN(4) == 0 {
						p.kind = pick(r, "received in parts", "sent in parts", "short", "not received", "not sent")
					}
					in, out := []int64{amount}, []int64{amount}
					cut := amount / 4 * (1 + r.Int64N(3)) / 7 * 2
					switch p.kind {
					case "received in parts":
						in, p.parts = []int64{cut, amount - cut}, 2
					case "sent in parts":
						out, p.parts = []int64{cut, amount - cut}, 2
					case "short":
						in = []int64{amount - amount/20}
					case "not received":
						in = nil
					case "not sent":
						out = nil
					}
					no := fmt.Sprintf("甲财〔2017〕%d号", f+1)
					full := fmt.Sprintf("甲县%c镇人民政府", '乙'+rune(unit))
					short := fmt.Sprintf("甲县%c镇政府", '乙'+rune(unit))
					for i, a := range out {
						sent = append(sent, entry{len(want), "甲县财政局", short, no, a, on + int64(i)})
					}
					for i, a := range in {
						received = append(received, entry{len(want), pick(r, "甲县财政局", "县财政局"), full, pick(r, no, no+" "), a, on + int64(len(out)) + r.Int64N(4) + int64(i)})
					}
					want = append(want, p)
				}
			}
		}
		flows := [2]*rows{
			newRows(table.Flow, 0, "fund_no", "from_unit", "to_unit", "sent_amount", "sent_on"),
			newRows(table.Flow, 1, "fund_no", "from_unit", "to_unit", "received_amount", "received_on"),
		}
		for side, list := range [2][]entry{sent, received} {
			r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			slices.SortStableFunc(list, func(a, b entry) int { return cmp.Compare(a.on, b.on) })
			for i, e := range list {
				cells := map[string]any{"fund_no": e.no, "from_unit": e.from, "to_unit": e.to}
				ref := table.NewRef(side, i+1)
				if p := &want[e.plant]; side == 0 {
					cells["sent_amount"], cells["sent_on"] = e.amount, e.on
					p.sent = cmp.Or(p.sent, ref)
				} else {
					cells["received_amount"], cells["received_on"] = e.amount, e.on
					p.received = cmp.Or(p.received, ref)
				}
				flows[side].add(cells)
			}
		}
		flow, err := table.Concat(table.Flow, []*table.Table{flows[0].table(t), flows[1].table(t)})
		if err != nil {
			t.Fatal(err)
		}
		hop := buildOf(t, table.NewSet(flow), 1).Tables.Get(table.Hop)
		got := map[planted]bool{}
		for i := range hop.Len() {
			s, _ := hop.Int("sent_ref", i)
			v, _ := hop.Int("received_ref", i)
			n, _ := hop.Int("parts", i)
			got[planted{table.Ref(s), table.Ref(v), n, ""}] = true
		}
		for _, p := range want {
			total[p.kind]++
			if got[planted{p.sent, p.received, p.parts, ""}] {
				found[p.kind]++
			}
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(total)) {
		share := float64(found[kind]) / float64(total[kind])
		t.Logf("%s: %d of %d, %.4f", kind, found[kind], total[kind], share)
		if share < 0.98 {
			t.Errorf("%s: recovered %.4f, want at least 0.98", kind, share)
		}
	}
}

// Transfers of one amount between the same units on one day, more than pairing
// looks at on either side, pair off all the same.
func TestManyEqualTransfersPair(t *testing.T) {
	const n = 300
	sent := newRows(table.Flow, 0, "fund_no", "from_unit", "to_unit", "sent_amount", "sent_on")
	received := newRows(table.Flow, 1, "fund_no", "from_unit", "to_unit", "received_amount", "received_on")
	for range n {
		sent.add(map[string]any{"fund_no": "F", "from_unit": "甲", "to_unit": "乙", "sent_amount": int64(100), "sent_on": int64(17000)})
		received.add(map[string]any{"fund_no": "F", "from_unit": "甲", "to_unit": "乙", "received_amount": int64(100), "received_on": int64(17002)})
	}
	flow, err := table.Concat(table.Flow, []*table.Table{sent.table(t), received.table(t)})
	if err != nil {
		t.Fatal(err)
	}
	hop := buildOf(t, table.NewSet(flow), 1).Tables.Get(table.Hop)
	if hop.Len() != n {
		t.Fatalf("%d hops, want %d", hop.Len(), n)
	}
	for i := range n {
		if got := hop.Text("pairing", i); got != "exact" {
			t.Fatalf("hop %d is %s, want exact", i, got)
		}
	}
}

// Of the same sum sent every month, the one receipt that is missing is found.
func TestMissingMonthIsFound(t *testing.T) {
	r := follow(t, `
[flow]
fund_no | from_unit | to_unit | sent_amount | sent_on
F | 甲 | 乙 | 100 | 2017-01-05
F | 甲 | 乙 | 100 | 2017-02-05
F | 甲 | 乙 | 100 | 2017-03-05
[flow]
fund_no | from_unit | to_unit | received_amount | received_on
F | 甲 | 乙 | 100 | 2017-01-08
F | 甲 | 乙 | 100 | 2017-03-07`)
	equal(t, "hops", show(r.Tables.Get(table.Hop), "sent_on", "received_on", "pairing"), `
2017-01-05 | 2017-01-08 | exact
2017-02-05 |            | sent_only
2017-03-05 | 2017-03-07 | exact`)
}
