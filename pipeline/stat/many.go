package stat

import (
	"math"
	"slices"
)

// Threshold returns the largest of p values that stands, together with all that
// are smaller, when at most a share q of those that stand may be false, by
// Benjamini and Hochberg (J. R. Stat. Soc. B, 1995); 0 if none does. sorted must
// be ascending and without NaN.
func Threshold(sorted []float64, q float64) float64 {
	for k := len(sorted) - 1; k >= 0; k-- {
		if sorted[k] <= q*float64(k+1)/float64(len(sorted)) {
			return sorted[k]
		}
	}
	return 0
}

// LongestRun returns the start and length of the longest run of numbers that
// each follow the one before by one, in ascending distinct order. serials is
// sorted in place.
func LongestRun(serials []int64) (start int64, length int) {
	slices.Sort(serials)
	serials = slices.Compact(serials)
	for i := 0; i < len(serials); {
		j := i + 1
		for j < len(serials) && serials[j] == serials[j-1]+1 {
			j++
		}
		if j-i > length {
			start, length = serials[i], j-i
		}
		i = j
	}
	return start, length
}

// RunChance bounds the probability that n numbers drawn at random without
// repeats from a range of size m hold a run of k in a row: the expected number
// of such runs, at most 1 (Markov's inequality): (m−k+1) Π (n−i)/(m−i).
func RunChance(n int, m float64, k int) float64 {
	if k > n {
		return 0
	}
	log := math.Log(m - float64(k) + 1)
	for i := range k {
		log += math.Log(float64(n-i)) - math.Log(m-float64(i))
	}
	return math.Min(1, math.Exp(log))
}
