package stat

import (
	"math/rand/v2"
	"testing"
)

// everyWay calls f with what every way to ship along the offers serves and costs.
func everyWay(supplies, demands []int64, offers []Offer, served, cost int64, f func(served, cost int64)) {
	if len(offers) == 0 {
		f(served, cost)
		return
	}
	o := offers[0]
	for x := int64(0); x <= min(supplies[o.Supply], demands[o.Demand]); x++ {
		supplies[o.Supply] -= x
		demands[o.Demand] -= x
		everyWay(supplies, demands, offers[1:], served+x, cost+x*int64(o.Rank), f)
		supplies[o.Supply] += x
		demands[o.Demand] += x
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
		var offers []Offer
		for s := range supplies {
			for d := range demands {
				if r.IntN(3) > 0 {
					offers = append(offers, Offer{s, d, r.IntN(4)})
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
		for i, x := range Ship(supplies, demands, offers) {
			o := offers[i]
			left[o.Supply] -= x
			open[o.Demand] -= x
			served, cost = served+x, cost+x*int64(o.Rank)
			if x < 0 || left[o.Supply] < 0 || open[o.Demand] < 0 {
				t.Fatalf("seed %d: %d along %+v of %v and %v", seed, x, o, supplies, demands)
			}
		}
		if served != most || cost != cheapest {
			t.Fatalf("seed %d: %d served at %d, want %d at %d; %v to %v by %v", seed, served, cost, most, cheapest, supplies, demands, offers)
		}
	}
}
