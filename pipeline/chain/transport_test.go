package chain

import (
	"math/rand/v2"
	"testing"
)

// everyWay calls f with what every way to ship along the offers serves and costs.
func everyWay(supplies, demands []int64, offers []offer, served, cost int64, f func(served, cost int64)) {
	if len(offers) == 0 {
		f(served, cost)
		return
	}
	o := offers[0]
	for x := int64(0); x <= min(supplies[o.supply], demands[o.demand]); x++ {
		supplies[o.supply] -= x
		demands[o.demand] -= x
		everyWay(supplies, demands, offers[1:], served+x, cost+x*int64(o.rank), f)
		supplies[o.supply] += x
		demands[o.demand] += x
	}
}

// TestShipIsTheBestOfAllWays compares small problems with every solution that
// they have: most served, then cheapest.
func TestShipIsTheBestOfAllWays(t *testing.T) {
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 7))
		supplies, demands := make([]int64, 1+r.IntN(3)), make([]int64, 1+r.IntN(3))
		for i := range supplies {
			supplies[i] = r.Int64N(5)
		}
		for i := range demands {
			demands[i] = r.Int64N(5)
		}
		var offers []offer
		for s := range supplies {
			for d := range demands {
				if r.IntN(3) > 0 {
					offers = append(offers, offer{s, d, r.IntN(4)})
				}
			}
		}
		most, cheapest := int64(-1), int64(0)
		everyWay(supplies, demands, offers, 0, 0, func(served, cost int64) {
			if served > most || served == most && cost < cheapest {
				most, cheapest = served, cost
			}
		})
		var served, cost int64
		left, open := append([]int64{}, supplies...), append([]int64{}, demands...)
		for i, x := range ship(supplies, demands, offers) {
			o := offers[i]
			left[o.supply] -= x
			open[o.demand] -= x
			served, cost = served+x, cost+x*int64(o.rank)
			if x < 0 || left[o.supply] < 0 || open[o.demand] < 0 {
				t.Fatalf("seed %d: %d along %+v of %v and %v", seed, x, o, supplies, demands)
			}
		}
		if served != most || cost != cheapest {
			t.Fatalf("seed %d: %d served at %d, want %d at %d; %v to %v by %v", seed, served, cost, most, cheapest, supplies, demands, offers)
		}
	}
}
