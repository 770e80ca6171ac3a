package stat

import (
	"bufio"
	"errors"
	"math/rand/v2"
	"strconv"
	"testing"
)

// TestManualSenate compares with what is published of the US Senate margins.
func TestManualSenate(t *testing.T) {
	var xs []float64
	for lines := bufio.NewScanner(reference(t, "rddensity_senate.csv")); lines.Scan(); {
		if x, err := strconv.ParseFloat(lines.Text(), 64); err == nil {
			xs = append(xs, x)
		}
	}
	d, err := Density(xs, 0)
	if err != nil {
		t.Fatal(err)
	}
	within(t, d, 1390, 408, 460)
	near(t, "h left", d.HLeft, 19.84111, 1e-4)
	near(t, "h right", d.HRight, 27.11879, 1e-4)
	near(t, "T", d.T, -0.875273, 1e-4)
	near(t, "p", d.P, 0.3814254, 1e-4)

	d, err = densityAt(xs, 0, 20, 20)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "T at h = 20", d.T, -0.858724, 1e-4)
	near(t, "p at h = 20", d.P, 0.3904928, 1e-4)
}

// within checks how many observations a test had and how many lay in its
// bandwidths.
func within(t *testing.T, d DensityTest, n, left, right int) {
	t.Helper()
	if d.N != n || d.NLeft != left || d.NRight != right {
		t.Errorf("n %d, within bandwidths %d and %d; want %d, %d, %d", d.N, d.NLeft, d.NRight, n, left, right)
	}
}

// TestDensityTies compares with the same estimator written with dense matrices
// over all observations, on a sample in which most values are tied.
func TestDensityTies(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	xs := make([]float64, 500)
	for i := range xs {
		xs[i] = 10 * float64(int(295.2+60*r.NormFloat64()))
	}
	d, err := Density(xs, 2950)
	if err != nil {
		t.Fatal(err)
	}
	within(t, d, 500, 148, 210)
	near(t, "h left", d.HLeft, 564.497429, 1e-5)
	near(t, "h right", d.HRight, 789.007413, 1e-5)
	near(t, "density left", d.Left, 0.000671342128, 1e-11)
	near(t, "density right", d.Right, 0.000790066581, 1e-11)
	near(t, "T", d.T, 0.502690786, 1e-8)
	near(t, "p", d.P, 0.615181689, 1e-8)
}

// TestDensityLevelAndPower simulates incomes in whole yuan about a line: the
// test rejects about as often as it says where nothing happens, and nearly
// always where four in ten of those just under the line are lifted over it.
func TestDensityLevelAndPower(t *testing.T) {
	const rounds = 300
	reject := func(lift float64) int {
		n := 0
		for round := range rounds {
			r := rand.New(rand.NewPCG(7, uint64(round)))
			xs := make([]float64, 2000)
			for i := range xs {
				x := 2952 + 600*r.NormFloat64()
				if x < 2952 && x > 2652 && r.Float64() < lift {
					x = 2952 + 60*r.Float64()
				}
				xs[i] = float64(int(x))
			}
			d, err := Density(xs, 2952)
			if err != nil {
				t.Fatal(err)
			}
			if d.P < 0.05 {
				n++
			}
		}
		return n
	}
	if n := reject(0); n < 5 || n > 30 {
		t.Errorf("%d of %d clean samples rejected at 5 %%", n, rounds)
	}
	if n := reject(0.4); n < rounds*95/100 {
		t.Errorf("only %d of %d heaped samples rejected", n, rounds)
	}
}

func TestDensityRefusesSmallSamples(t *testing.T) {
	for _, xs := range [][]float64{nil, {1, 2, 3}, make([]float64, 500)} {
		if _, err := Density(xs, 0); !errors.Is(err, ErrSample) {
			t.Errorf("%d values: %v", len(xs), err)
		}
	}
}
