package stat

import (
	"errors"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// A DensityTest is the outcome of Density.
type DensityTest struct {
	N             int     // sample
	HLeft, HRight float64 // bandwidths
	NLeft, NRight int     // observations within them
	Left, Right   float64 // density just below and just above the cutoff
	T, P          float64 // bias-corrected statistic, positive where the density jumps up; two-sided p
}

// ErrSample tells that a sample is too small or too lumpy for a test.
var ErrSample = errors.New("too few distinct values on one side of the cutoff")

// The orders of the local polynomials: densityOrder for the bandwidth,
// one more for the bias-corrected test.
const densityOrder = 2

// leastValues is how many observations, and how many distinct values, a
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
	if len(s.leftValues) <= leastValues || len(s.rightValues) <= leastValues {
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
	f, err := s.fit(hLeft, hRight, densityOrder+1)
	if err != nil {
		return DensityTest{}, err
	}
	d := DensityTest{
		N: len(s.x), HLeft: hLeft, HRight: hRight, NLeft: f.nLeft, NRight: f.nRight,
		Left: f.slope[0], Right: f.slope[1],
	}
	d.T = (d.Right - d.Left) / math.Sqrt(f.varDiff)
	if math.IsNaN(d.T) || math.IsInf(d.T, 0) {
		return DensityTest{}, ErrSample
	}
	d.P = 2 * distuv.UnitNormal.Survival(math.Abs(d.T))
	return d, nil
}

// densitySample is a sample centred at the cutoff.
type densitySample struct {
	x                       []float64 // ascending
	y                       []float64 // empirical distribution, ties at their last
	first                   []int     // index of the first observation equal to x[i]
	leftValues, rightValues []float64 // distinct distances from the cutoff, ascending
	left, right             []float64 // distances of all observations, ascending
	mean, sd                float64
}

func newSample(xs []float64, cutoff float64) *densitySample {
	s := &densitySample{x: slices.Sorted(slices.Values(xs))}
	n := len(s.x)
	s.y, s.first = make([]float64, n), make([]int, n)
	for i := range s.x {
		s.x[i] -= cutoff
	}
	for i := 0; i < n; {
		j := i + 1
		for j < n && s.x[j] == s.x[i] {
			j++
		}
		for k := i; k < j; k++ {
			s.y[k], s.first[k] = float64(j-1)/float64(n-1), i
		}
		if s.x[i] < 0 {
			s.leftValues = append(s.leftValues, -s.x[i])
		} else {
			s.rightValues = append(s.rightValues, s.x[i])
		}
		i = j
	}
	for _, x := range s.x {
		if x < 0 {
			s.left = append(s.left, -x)
		} else {
			s.right = append(s.right, x)
		}
		s.mean += x / float64(n)
	}
	slices.Reverse(s.left)
	slices.Reverse(s.leftValues)
	for _, x := range s.x {
		s.sd += (x - s.mean) * (x - s.mean) / float64(n-1)
	}
	s.sd = math.Sqrt(s.sd)
	return s
}

// reach returns h, widened so that it holds least observations and least
// distinct values on each of the given sides.
func (s *densitySample) reach(h float64, least int, sides ...[]float64) float64 {
	for _, side := range sides {
		if len(side) > 0 {
			h = max(h, side[min(least, len(side))-1])
		}
	}
	return h
}

// bandwidths returns the data-driven bandwidths.
func (s *densitySample) bandwidths() (left, right float64, err error) {
	const p = densityOrder
	n := float64(len(s.x))
	// Pilot bandwidths of a normal reference: their constants for the triangular
	// kernel and p = 2 are those of the paper's supplement.
	const curvature, level = 3430865.4551236177795, 548.57142857155463389
	z := s.mean / s.sd
	phi := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
	h4, h2 := z*z*z*z-6*z*z+3, z*z-1 // Hermite polynomials
	widest := max(-s.x[0], s.x[len(s.x)-1])
	b := math.Pow((2*p+1)/4.0*curvature/(h4*h4*phi)/n, 1/(2*p+5.0)) * s.sd
	c := math.Pow(1/(2.0*p)*level/(h2*h2*phi)/n, 1/(2*p+1.0)) * s.sd
	b = s.reach(min(b, widest), leastValues+2, s.left, s.right, s.leftValues, s.rightValues)
	c = s.reach(min(c, widest), leastValues, s.left, s.right, s.leftValues, s.rightValues)

	fb, err := s.fit(b, b, p+2)
	if err != nil {
		return 0, 0, err
	}
	fc, err := s.fit(c, c, p)
	if err != nil {
		return 0, 0, err
	}
	bias := biasConstant()
	rule := func(variance, bias, limit float64, sides ...[]float64) float64 {
		h := math.Pow(1/(2.0*p)*(n*c*variance)/(bias*bias)/n, 1/(2*p+1.0))
		if math.IsNaN(h) || variance < 0 {
			h = 0
		}
		return s.reach(min(h, limit), leastValues, sides...)
	}
	bl, br := fb.third[0]*bias, fb.third[1]*bias
	all := [][]float64{s.left, s.right, s.leftValues, s.rightValues}
	l := rule(fc.varLeft, bl, -s.x[0], s.left, s.leftValues)
	r := rule(fc.varRight, br, s.x[len(s.x)-1], s.right, s.rightValues)
	diff := rule(fc.varDiff, br-bl, widest, all...)
	sum := rule(fc.varSum, br+bl, widest, all...)
	return middle(l, diff, sum), middle(r, diff, sum), nil
}

// middle returns the median of three.
func middle(a, b, c float64) float64 { return max(min(a, b), min(max(a, b), c)) }

// biasConstant is the element for the density of S⁻¹C, where
// S_ij = ∫ l^(i+j)(1−l) and C_i = ∫ l^(i+p+1)(1−l) over [0, 1], i and j from 0.
func biasConstant() float64 {
	const p = densityOrder
	moment := func(m int) float64 { return 1 / float64((m+1)*(m+2)) }
	S, C := mat.NewDense(p+1, p+1, nil), mat.NewDense(p+1, 1, nil)
	for i := range p + 1 {
		for j := range p + 1 {
			S.Set(i, j, moment(i+j))
		}
		C.Set(i, 0, moment(i+p+1))
	}
	var x mat.Dense
	if err := x.Solve(S, C); err != nil {
		panic("the moments of a kernel are singular: " + err.Error())
	}
	return x.At(1, 0)
}

// densityFit is a local polynomial fit of the distribution on both sides.
type densityFit struct {
	nLeft, nRight                      int
	slope                              [2]float64 // first derivative: the density, left and right
	third                              [2]float64 // coefficient of x³, 0 below order 3
	varLeft, varRight, varDiff, varSum float64    // jackknife variances of the density
}

// fit fits polynomials of order p within the bandwidths. Columns 2k and 2k+1 of
// the design are (x/h)^k left and right of the cutoff.
func (s *densitySample) fit(hLeft, hRight float64, p int) (densityFit, error) {
	lo, _ := slices.BinarySearch(s.x, -hLeft)
	hi, _ := slices.BinarySearchFunc(s.x, hRight, func(x, h float64) int {
		if x <= h {
			return -1
		}
		return 1
	})
	x, y := s.x[lo:hi], s.y[lo:hi]
	n, cols := len(x), 2*p+2
	f := densityFit{}
	design, weighted := mat.NewDense(n, cols, nil), mat.NewDense(n, cols, nil)
	for i, v := range x {
		h, side := hRight, 1
		if v < 0 {
			h, side = hLeft, 0
			f.nLeft++
		} else {
			f.nRight++
		}
		w := (1 - math.Abs(v)/h) / h
		for k, pow := 0, 1.0; k <= p; k, pow = k+1, pow*v/h {
			design.Set(i, 2*k+side, pow)
			weighted.Set(i, 2*k+side, pow*w)
		}
	}
	var gram, inverse mat.Dense
	gram.Mul(weighted.T(), design)
	if err := inverse.Inverse(&gram); err != nil {
		return f, ErrSample
	}
	scale := make([]float64, cols) // undoes the division of x by h
	for k := range p + 1 {
		scale[2*k], scale[2*k+1] = math.Pow(hLeft, -float64(k)), math.Pow(hRight, -float64(k))
	}
	var moments, b mat.Dense
	moments.Mul(weighted.T(), mat.NewDense(n, 1, slices.Clone(y)))
	b.Mul(&inverse, &moments)
	f.slope = [2]float64{b.At(2, 0) * scale[2], b.At(3, 0) * scale[3]}
	if p >= 3 {
		f.third = [2]float64{b.At(6, 0) * scale[6], b.At(7, 0) * scale[7]}
	}

	// Jackknife: how much each observation, by lifting the distribution of all
	// after it, moves the moments; tied observations move them alike.
	tail := mat.NewDense(n, cols, nil)
	run := make([]float64, cols)
	for i := n - 1; i >= 0; i-- {
		for k := range cols {
			tail.Set(i, k, run[k]/float64(len(s.x)-1))
			run[k] += weighted.At(i, k)
		}
	}
	for i := range n {
		if first := max(s.first[lo+i]-lo, 0); first != i {
			tail.SetRow(i, tail.RawRowView(first))
		}
	}
	var half, v mat.Dense
	half.Mul(tail, &inverse)
	v.Mul(half.T(), &half)
	at := func(i, j int) float64 { return v.At(i, j) * scale[i] * scale[j] }
	f.varLeft, f.varRight = at(2, 2), at(3, 3)
	f.varDiff = f.varLeft + f.varRight - 2*at(2, 3)
	f.varSum = f.varLeft + f.varRight + 2*at(2, 3)
	return f, nil
}
