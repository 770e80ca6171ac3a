package stat

import (
	"math"
	"slices"
)

// Median returns the median of xs, which it sorts; NaN for none.
func Median(xs []float64) float64 {
	if len(xs) == 0 {
		return math.NaN()
	}
	slices.Sort(xs)
	m := len(xs) / 2
	if len(xs)%2 == 1 {
		return xs[m]
	}
	return xs[m-1] + (xs[m]-xs[m-1])/2
}

// normalMAD makes the median absolute deviation of a normal sample estimate its
// standard deviation: 1 / Φ⁻¹(3/4).
const normalMAD = 1.482602218505602

// A Robust is the centre and spread of a sample by median and MAD.
type Robust struct {
	N      int
	Centre float64 // median
	Spread float64 // normalMAD × median absolute deviation from the median
}

// RobustOf measures xs, which it sorts. (Hampel, The influence curve and its
// role in robust estimation, JASA 1974.)
func RobustOf(xs []float64) Robust {
	r := Robust{N: len(xs), Centre: Median(xs)}
	dev := make([]float64, len(xs))
	for i, x := range xs {
		dev[i] = math.Abs(x - r.Centre)
	}
	r.Spread = normalMAD * Median(dev)
	return r
}

// Z returns the robust z score of x. ok is false where the spread is zero or
// unknown: then more than half the sample is one value, every other value would
// be infinitely far out, and nothing may be flagged.
func (r Robust) Z(x float64) (z float64, ok bool) {
	if !(r.Spread > 0) {
		return 0, false
	}
	return (x - r.Centre) / r.Spread, true
}
