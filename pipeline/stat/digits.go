package stat

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// FirstTwo counts the first two significant digits, 10 to 99, of positive
// amounts; the others are left out. 5 has the digits 50.
type FirstTwo struct {
	N     int     // amounts counted
	Count [90]int // of digits 10+i
}

// FirstTwoOf counts the digits of amounts in any integer unit.
func FirstTwoOf(amounts []int64) FirstTwo {
	var d FirstTwo
	for _, a := range amounts {
		if a <= 0 {
			continue
		}
		for a >= 100 {
			a /= 10
		}
		if a < 10 {
			a *= 10
		}
		d.N++
		d.Count[a-10]++
	}
	return d
}

// benford is the expected share of digits 10+i: log10(1 + 1/(10+i)).
func benford(i int) float64 { return math.Log10(1 + 1/float64(10+i)) }

// MAD returns the mean absolute deviation of the shares from Benford's law.
// Nigrini (Benford's Law, 2012, table 7.1) calls over 0.0022 nonconformity,
// over 0.0018 marginal.
func (d FirstTwo) MAD() float64 {
	var sum float64
	for i, c := range d.Count {
		sum += math.Abs(float64(c)/float64(d.N) - benford(i))
	}
	return sum / 90
}

// ChiSquare returns Pearson's statistic against Benford's law and its p value.
// With a few hundred amounts the rarer digits are expected once or twice and the
// statistic spreads wider than the chi-square distribution on 89 degrees of
// freedom; p is taken from the gamma distribution that has its exact mean and
// variance, 2(k−1) + (Σ1/pᵢ − k² − 2k + 2)/n (Haldane, Biometrika 1937), which
// is the chi-square distribution where n is large.
func (d FirstTwo) ChiSquare() (x, p float64) {
	const k = float64(len(d.Count))
	var inverse float64
	for i, c := range d.Count {
		e := float64(d.N) * benford(i)
		x += (float64(c) - e) * (float64(c) - e) / e
		inverse += 1 / benford(i)
	}
	mean := k - 1
	variance := 2*(k-1) + (inverse-k*k-2*k+2)/float64(d.N)
	return x, mathext.GammaIncRegComp(mean*mean/variance, x*mean/variance)
}

// Excess returns how many more amounts than expected have the digits (10 to
// 99); negative for fewer.
func (d FirstTwo) Excess(digits int) float64 {
	return float64(d.Count[digits-10]) - float64(d.N)*benford(digits-10)
}

// Z returns the z statistic of one pair of digits with continuity correction
// (Nigrini 2012, formula 7.1): how many standard errors its share is off.
func (d FirstTwo) Z(digits int) float64 {
	n, e := float64(d.N), benford(digits-10)
	diff := math.Abs(float64(d.Count[digits-10])/n - e)
	if c := 1 / (2 * n); c < diff {
		diff -= c
	}
	return diff / math.Sqrt(e*(1-e)/n)
}

// KolmogorovSmirnov returns the largest gap between the cumulative shares and
// Benford's.
func (d FirstTwo) KolmogorovSmirnov() float64 {
	var got, want, most float64
	for i, c := range d.Count {
		got += float64(c) / float64(d.N)
		want += benford(i)
		most = max(most, math.Abs(got-want))
	}
	return most
}

// MantissaArc puts the mantissa of each positive amount's common logarithm on a
// circle and returns the squared distance of the centre of gravity from the
// middle, 0 under Benford's law, and the p value of as much by chance,
// exp(−n·L2) (Alexander, Remarks on the use of Benford's law, 2009).
func MantissaArc(amounts []int64) (l2, p float64) {
	var xs, ys []float64
	for _, a := range amounts {
		if a > 0 {
			s, c := math.Sincos(2 * math.Pi * math.Log10(float64(a)))
			xs, ys = append(xs, c), append(ys, s)
		}
	}
	x, y := mean(xs), mean(ys)
	l2 = x*x + y*y
	return l2, math.Exp(-l2 * float64(len(xs)))
}

// Distortion returns Nigrini's distortion factor in per cent: how far the mean
// of the amounts, each scaled into [10, 100), is off its expectation under
// Benford's law, 90 / (n (10^(1/n) − 1)) (Nigrini, A taxpayer compliance
// application of Benford's law, 1996). The method leaves out amounts under 10
// in the unit of account: leave them out of amounts.
func Distortion(amounts []int64) float64 {
	var xs []float64
	for _, a := range amounts {
		if a <= 0 {
			continue
		}
		x := float64(a)
		for x >= 100 {
			x /= 10
		}
		if x < 10 {
			x *= 10
		}
		xs = append(xs, x)
	}
	n := float64(len(xs))
	want := 90 / (n * (math.Pow(10, 1/n) - 1))
	return 100 * (mean(xs) - want) / want
}

// mean sums in order of size, so that it depends on the values only.
func mean(xs []float64) float64 {
	slices.Sort(xs)
	var sum, lost float64 // Kahan
	for _, x := range xs {
		y := x - lost
		t := sum + y
		lost = t - sum - y
		sum = t
	}
	return sum / float64(len(xs))
}

// LastDigits tests whether last digits 0 to 9 are uniform: Pearson's statistic
// and its p value on 9 degrees of freedom.
func LastDigits(count [10]int) (x, p float64) {
	n := 0
	for _, c := range count {
		n += c
	}
	e := float64(n) / 10
	for _, c := range count {
		x += (float64(c) - e) * (float64(c) - e) / e
	}
	return x, mathext.GammaIncRegComp(9./2, x/2)
}

// Heaping returns the share of values that end in 0 or 5 and the p value of at
// least as many by chance where a fifth is expected (binomial, upper tail).
func Heaping(count [10]int) (share, p float64) {
	n := 0
	for _, c := range count {
		n += c
	}
	k := count[0] + count[5]
	return float64(k) / float64(n), BinomialTail(k, n, 0.2)
}

// BinomialTail returns the probability of at least k successes in n trials.
func BinomialTail(k, n int, p float64) float64 {
	if k <= 0 {
		return 1
	}
	return mathext.RegIncBeta(float64(k), float64(n-k)+1, p)
}
