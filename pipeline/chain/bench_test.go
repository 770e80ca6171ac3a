package chain

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"syscall"
	"testing"
	"time"

	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

var scale = flag.Int("scale", 1, "size of BenchmarkBuild: 1 is 100,000 flows and 1 M payments")

// BenchmarkBuild follows scale × 1 M payments through scale × 100,000 ledger
// lines of both sides. One payment in ten names no fund; a town pays on three days, and rows are in order of roster, as sheets have them.
func BenchmarkBuild(b *testing.B) {
	set := keyed(b, largeCounty(b, *scale))
	runtime.GC()
	b.ReportAllocs()
	cpu := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	before := cpu()
	for b.Loop() {
		r, err := Build(set, Options{Policy: policy.Builtin(), AsOf: someDay, Workers: runtime.NumCPU()})
		if err != nil {
			b.Fatal(err)
		}
		if got := r.Tables.Get(table.Payment).Text("_traced", 0); got != string(Traced) {
			b.Fatalf("the first payment is %s", got)
		}
	}
	b.ReportMetric((cpu()-before).Seconds()/float64(b.N), "cpu-s/op")
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapSys)/(1<<20), "heap-MB")
}

func largeCounty(b testing.TB, scale int) *table.Set {
	r := rand.New(rand.NewPCG(1, 1))
	const towns, perFund = 40, 50
	funds := 1000 * scale
	fund := table.NewBuilder(table.Allocation)
	flow := table.NewBuilder(table.Flow)
	pay := table.NewBuilder(table.Payment)
	text := func(t *table.Builder, name, s string) { t.Words(name).Append(s) }
	num := func(t *table.Builder, name string, v int64) { *t.Ints(name) = append(*t.Ints(name), v) }
	flows := 0
	for f := range funds {
		no := fmt.Sprintf("甲财〔2017〕%d号", f+1)
		county := fmt.Sprintf("县%d财政局", f%50)
		on := 17000 + r.Int64N(300)
		text(fund, "fund_no", no)
		num(fund, "amount", 100_000_000)
		num(fund, "issued_on", on)
		text(fund, "issuer", "市财政局")
		text(fund, "holder", county)
		num(fund, table.RefColumn, int64(table.NewRef(0, f+1)))
		for k := range perFund {
			town := fmt.Sprintf("县%d第%d镇人民政府", f%50, k%towns)
			amount := 1_000_000 + r.Int64N(1000)
			for side := range 2 {
				text(flow, "fund_no", no)
				text(flow, "from_unit", county)
				text(flow, "to_unit", town)
				sent, got := []int64{amount, on + 10}, []int64{table.Null, table.Null}
				if side == 1 {
					sent, got = got, []int64{amount, on + 12}
				}
				num(flow, "sent_amount", sent[0])
				num(flow, "sent_on", sent[1])
				num(flow, "received_amount", got[0])
				num(flow, "received_on", got[1])
				num(flow, table.RefColumn, int64(table.NewRef(1+side, flows+1)))
				flows++
			}
		}
		for k := range 1000 {
			cited := no
			if k%10 == 9 {
				cited = ""
			}
			text(pay, "fund_no", cited)
			text(pay, "payer", fmt.Sprintf("县%d第%d镇人民政府", f%50, k*towns/1000))
			text(pay, "program", "危房改造")
			text(pay, "beneficiary_name", "张三")
			text(pay, "_person", fmt.Sprint(r.IntN(funds*300)))
			num(pay, "amount", 20_000)
			num(pay, "pay_date", on+20+int64(k/8%3)*30)
			num(pay, table.RefColumn, int64(table.NewRef(3+f%50, f*1000+k+1)))
		}
	}
	var tables []*table.Table
	for _, t := range []*table.Builder{fund, flow, pay} {
		tab, err := t.Build()
		if err != nil {
			b.Fatal(err)
		}
		tables = append(tables, tab)
	}
	return table.NewSet(tables...)
}

// BenchmarkOneBucket pairs one fund's transfers from one unit to another,
// stated in two senders' sheets and a receiver's, a tenth of them all
// alike: the worst case of both repeats and pairing.
func BenchmarkOneBucket(b *testing.B) {
	for _, n := range []int{10_000, 40_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var parts []*table.Table
			for sheet := range 3 {
				r := rand.New(rand.NewPCG(1, 1))
				side := [2]string{"sent_amount", "sent_on"}
				if sheet == 2 {
					side = [2]string{"received_amount", "received_on"}
				}
				f := newRows(table.Flow, sheet, "fund_no", "from_unit", "to_unit", side[0], side[1])
				for i := range n {
					amount, on := r.Int64N(100_000)+1, 17000+r.Int64N(300)
					if i%10 == 0 {
						amount, on = 100, 17000
					}
					f.add(map[string]any{"fund_no": "F", "from_unit": "甲", "to_unit": "乙", side[0]: amount, side[1]: on + int64(sheet/2)})
				}
				parts = append(parts, f.table(b))
			}
			flow, err := table.Concat(table.Flow, parts)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if hops := buildOf(b, table.NewSet(flow), 1).Tables.Get(table.Hop).Len(); hops != n {
					b.Fatalf("%d hops, want %d", hops, n)
				}
			}
		})
	}
}
