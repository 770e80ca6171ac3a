package rules

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestSortStretches compares with a stable sort.
func TestSortStretches(t *testing.T) {
	type item struct{ key, place int }
	byKey := func(a, b item) int { return cmp.Compare(a.key, b.key) }
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 200 {
		keys := make([]int, n)
		for i := range keys {
			keys[i] = r.IntN(1 + n/2)
		}
		for lo := 0; n%2 == 0 && lo < n; { // in order by stretches
			hi := min(n, lo+1+r.IntN(40))
			slices.Sort(keys[lo:hi])
			lo = hi
		}
		var xs []item
		for i, k := range keys {
			xs = append(xs, item{k, i})
		}
		want := slices.Clone(xs)
		slices.SortStableFunc(want, byKey)
		if got := sortStretches(xs, byKey); !slices.Equal(got, want) {
			t.Fatalf("%v sorts as %v", keys, got)
		}
	}
}
