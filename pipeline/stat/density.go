package stat

import (
	"errors"
	"math"
	"slices"
)

// A DensityTest is the outcome of Density.
type DensityTest struct {
	N             int     // sample
	HLeft, HRight float64 // bandwidths
	NLeft, NRight int     // observations within them
	Left, Right   float64 // density just below and just above the cutoff
	T, P          float64 // bias-corrected statistic, positive where the density jumps up; two-sided p
}

// Upward returns the one-sided p value: the chance of a jump up of this size or
// more where there is none.
func (d DensityTest) Upward() float64 { return survival(d.T) }

// ErrSample tells that a sample is too small or too lumpy for a test.
var ErrSample = errors.New("too few distinct values on one side of the cutoff")

// The orders of the local polynomials: densityOrder for the bandwidth,
// one more for the bias-corrected test.
const densityOrder = 2

// leastValues is how many distinct values, and with them observations, a
// bandwidth must reach on each side.
const leastValues = 20 + densityOrder + 1

// Density tests whether the density of xs is continuous at cutoff, by local
// polynomial density estimation: triangular kernel, unrestricted fit of order 3
// with bandwidths that are optimal for order 2 (median of the rules for each
// side, the difference and the sum), jackknife variance, ties taken into
// account (Cattaneo, Jansson and Ma, Simple local polynomial density
// estimators, JASA 2020, and Manipulation testing based on density
// discontinuity, Stata Journal 2018). It needs 24 distinct values on each side.
func Density(xs []float64, cutoff float64) (DensityTest, error) {
	return densityAt(xs, cutoff, 0, 0)
}

// densityAt is Density with bandwidths given, chosen from the data where zero.
func densityAt(xs []float64, cutoff, hLeft, hRight float64) (DensityTest, error) {
	s := newSample(xs, cutoff)
	if s.zero <= leastValues || len(s.x)-s.zero <= leastValues {
		return DensityTest{}, ErrSample
	}
	if hLeft == 0 || hRight == 0 {
		left, right, err := s.bandwidths()
		if err != nil {
			return DensityTest{}, err
		}
		if hLeft == 0 {
			hLeft = left
		}
		if hRight == 0 {
			hRight = right
		}
	}
	left, right, err := s.fit(hLeft, hRight, densityOrder+1)
	if err != nil {
		return DensityTest{}, err
	}
	d := DensityTest{
		N: s.n, HLeft: hLeft, HRight: hRight, NLeft: left.n, NRight: right.n,
		Left: left.slope, Right: right.slope,
	}
	d.T = (d.Right - d.Left) / math.Sqrt(left.variance+right.variance)
	if math.IsNaN(d.T) || math.IsInf(d.T, 0) {
		return DensityTest{}, ErrSample
	}
	d.P = 2 * survival(math.Abs(d.T))
	return d, nil
}

// densitySample is a sample centred at the cutoff, as distinct values.
type densitySample struct {
	n        int
	x        []float64 // distinct values, ascending
	upTo     []int     // observations up to and with x[i]
	zero     int       // index of the first x from the cutoff on
	mean, sd float64
}

func newSample(xs []float64, cutoff float64) *densitySample {
	sorted := slices.Clone(xs)
	slices.Sort(sorted)
	s := &densitySample{n: len(xs)}
	n := float64(s.n)
	s.x, s.upTo = sorted[:0], make([]int, 0, s.n)
	for i, x := range sorted {
		x -= cutoff
		s.mean += x / n
		if k := len(s.x); k > 0 && s.x[k-1] == x {
			s.upTo[k-1] = i + 1
			continue
		}
		if x < 0 {
			s.zero++
		}
		s.x, s.upTo = append(s.x, x), append(s.upTo, i+1)
	}
	for i, x := range s.x {
		s.sd += float64(s.count(i)) * (x - s.mean) * (x - s.mean) / (n - 1)
	}
	s.sd = math.Sqrt(s.sd)
	return s
}

// count returns how many observations are x[i].
func (s *densitySample) count(i int) int {
	if i == 0 {
		return s.upTo[0]
	}
	return s.upTo[i] - s.upTo[i-1]
}

// reachLeft returns h, widened so that it holds least distinct values below the
// cutoff, or all of them.
func (s *densitySample) reachLeft(h float64, least int) float64 {
	return max(h, -s.x[max(s.zero-least, 0)])
}

// reachRight returns h widened likewise above the cutoff.
func (s *densitySample) reachRight(h float64, least int) float64 {
	return max(h, s.x[min(s.zero+least, len(s.x))-1])
}

// bandwidths returns the data-driven bandwidths.
func (s *densitySample) bandwidths() (left, right float64, err error) {
	const p = densityOrder
	n := float64(s.n)
	// Pilot bandwidths of a normal reference: their constants for the triangular
	// kernel and p = 2 are those of the paper's supplement.
	const curvature, level = 3430865.4551236177795, 548.57142857155463389
	z := s.mean / s.sd
	phi := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
	h4, h2 := z*z*z*z-6*z*z+3, z*z-1 // Hermite polynomials
	widest := max(-s.x[0], s.x[len(s.x)-1])
	both := func(h float64, least int) float64 { return s.reachLeft(s.reachRight(min(h, widest), least), least) }
	b := both(math.Pow((2*p+1)/4.0*curvature/(h4*h4*phi)/n, 1/(2*p+5.0))*s.sd, leastValues+2)
	c := both(math.Pow(1/(2.0*p)*level/(h2*h2*phi)/n, 1/(2*p+1.0))*s.sd, leastValues)

	bl, br, err := s.fit(b, b, p+2)
	if err != nil {
		return 0, 0, err
	}
	cl, cr, err := s.fit(c, c, p)
	if err != nil {
		return 0, 0, err
	}
	rule := func(variance, third float64) float64 {
		bias := third * biasConstant
		h := math.Pow(1/(2.0*p)*(n*c*variance)/(bias*bias)/n, 1/(2*p+1.0))
		if math.IsNaN(h) || variance < 0 {
			return 0
		}
		return h
	}
	l := s.reachLeft(min(rule(cl.variance, bl.third), -s.x[0]), leastValues)
	r := s.reachRight(min(rule(cr.variance, br.third), s.x[len(s.x)-1]), leastValues)
	diff := both(rule(cl.variance+cr.variance, br.third-bl.third), leastValues)
	sum := both(rule(cl.variance+cr.variance, br.third+bl.third), leastValues)
	return middle(l, diff, sum), middle(r, diff, sum), nil
}

// middle returns the median of three.
func middle(a, b, c float64) float64 { return max(min(a, b), min(max(a, b), c)) }

// biasConstant is the element for the density of S⁻¹C, where
// S_ij = ∫ l^(i+j)(1−l) and C_i = ∫ l^(i+p+1)(1−l) over [0, 1], i and j from 0,
// p = densityOrder.
const biasConstant = -3 / 7.0

// A densityFit is a local polynomial fit of the distribution on one side of the
// cutoff.
type densityFit struct {
	n        int     // observations
	slope    float64 // first derivative: the density
	third    float64 // coefficient of x³, 0 below order 3
	variance float64 // jackknife variance of the density
}

// fit fits polynomials of order p within the bandwidths.
func (s *densitySample) fit(hLeft, hRight float64, p int) (left, right densityFit, err error) {
	lo, _ := slices.BinarySearch(s.x, -hLeft)
	hi, found := slices.BinarySearch(s.x, hRight)
	if found {
		hi++
	}
	if left, err = s.fitSide(lo, s.zero, hLeft, p); err != nil {
		return left, right, err
	}
	right, err = s.fitSide(s.zero, hi, hRight, p)
	return left, right, err
}

// fitSide fits x[lo:hi], with x/h for x.
//
// The slope is a weighted sum of the distribution. Its jackknife variance asks
// of each observation how far it moves the slope by lifting the distribution
// after it: by the weights there, which is less those up to it, as the weights
// add up to zero. For the same reason an observation moves nothing on the other
// side, and the variances of both sides add up. Tied observations move the slope
// alike, as the first of them.
func (s *densitySample) fitSide(lo, hi int, h float64, p int) (densityFit, error) {
	var moments [2*(densityOrder+2) + 1]float64
	for i := lo; i < hi; i++ {
		u := s.x[i] / h
		term := float64(s.count(i)) * (1 - math.Abs(u)) / h
		for k := range 2*p + 1 {
			moments[k] += term
			term *= u
		}
	}
	inverse, ok := inverted(moments[:], p+1)
	if !ok {
		return densityFit{}, ErrSample
	}
	f := densityFit{n: s.upTo[hi-1] - s.upTo[lo] + s.count(lo)}
	before := 0.0 // weights up to x[i]
	for i := lo; i < hi; i++ {
		u := s.x[i] / h
		kernel, count := (1-math.Abs(u))/h, float64(s.count(i))
		y := float64(s.upTo[i]-1) / float64(s.n-1)
		w := horner(inverse[1], u) * kernel / h
		f.slope += count * w * y
		if p >= 3 {
			f.third += count * horner(inverse[3], u) * kernel / (h * h * h) * y
		}
		moved := (before + w) / float64(s.n-1)
		f.variance += count * moved * moved
		before += count * w
	}
	return f, nil
}

// horner is the polynomial of the coefficients, from that of order 0, at u.
func horner(coefficients []float64, u float64) float64 {
	sum := 0.0
	for _, c := range slices.Backward(coefficients) {
		sum = sum*u + c
	}
	return sum
}

// survival is the chance of a standard normal variable over t.
func survival(t float64) float64 { return math.Erfc(t/math.Sqrt2) / 2 }

// inverted returns the inverse of the n×n matrix whose element i, j is
// moments[i+j], by Gauss and Jordan with row pivots; false where it is singular.
// n is at most 5: a matrix library would be most of this program's size.
func inverted(moments []float64, n int) ([][]float64, bool) {
	const singular = 1e-14 // of the largest element
	rows := make([][]float64, n)
	scale := 0.0
	for i := range rows {
		rows[i] = make([]float64, 2*n)
		copy(rows[i], moments[i:i+n])
		rows[i][n+i] = 1
		for _, v := range rows[i][:n] {
			scale = max(scale, math.Abs(v))
		}
	}
	for c := range n {
		pivot := c
		for r := c + 1; r < n; r++ {
			if math.Abs(rows[r][c]) > math.Abs(rows[pivot][c]) {
				pivot = r
			}
		}
		rows[c], rows[pivot] = rows[pivot], rows[c]
		if math.Abs(rows[c][c]) <= singular*scale {
			return nil, false
		}
		for r := range n {
			factor := rows[r][c] / rows[c][c]
			for k := c; k < 2*n && r != c; k++ {
				rows[r][k] -= factor * rows[c][k]
			}
		}
	}
	for r := range n {
		for k := n; k < 2*n; k++ {
			rows[r][k] /= rows[r][r]
		}
		rows[r] = rows[r][n:]
	}
	return rows, true
}
