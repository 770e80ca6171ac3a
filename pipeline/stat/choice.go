package stat

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/optimize"
)

// A Term is x units of feature K.
type Term struct {
	K int
	X float64
}

// A Choice is one decision between alternatives, each the terms that speak for
// and against it, of which those in Right are right; one of them at least.
type Choice struct {
	Alternatives [][]Term
	Right        []bool
	Weight       float64 // how much it counts
}

// FitChoices returns the weights under which the right alternatives are the most
// probable, an alternative's log-odds being the sum of its terms: conditional
// logistic regression (McFadden 1974). start are the weights taken as likely
// beforehand and spread their standard deviations: a ridge about start, so that
// what the choices say nothing of stays as it is. It errs where the minimum is
// not found.
func FitChoices(choices []Choice, start, spread []float64) ([]float64, error) {
	odds := func(w []float64, a []Term) float64 {
		sum := 0.0
		for _, t := range a {
			sum += w[t.K] * t.X
		}
		return sum
	}
	eval := func(grad, w []float64) float64 {
		loss := 0.0
		for k, x := range w {
			d := (x - start[k]) / spread[k]
			loss += d * d / 2
			if grad != nil {
				grad[k] = d / spread[k]
			}
		}
		for _, c := range choices {
			s := make([]float64, len(c.Alternatives))
			top := math.Inf(-1)
			for i, a := range c.Alternatives {
				s[i] = odds(w, a)
				top = max(top, s[i])
			}
			all, right := 0.0, 0.0
			for i := range s {
				s[i] = math.Exp(s[i] - top)
				all += s[i]
				if c.Right[i] {
					right += s[i]
				}
			}
			loss += c.Weight * (math.Log(all) - math.Log(right))
			if grad == nil {
				continue
			}
			for i, a := range c.Alternatives {
				g := s[i] / all
				if c.Right[i] {
					g -= s[i] / right
				}
				for _, t := range a {
					grad[t.K] += c.Weight * g * t.X
				}
			}
		}
		return loss
	}
	problem := optimize.Problem{
		Func: func(w []float64) float64 { return eval(nil, w) },
		Grad: func(grad, w []float64) { eval(grad, w) },
	}
	res, err := optimize.Minimize(problem, start, &optimize.Settings{GradientThreshold: 1e-3, MajorIterations: 500}, &optimize.LBFGS{})
	if err != nil && (res == nil || res.Status == optimize.Failure) {
		return nil, fmt.Errorf("fitting %d choices: %w", len(choices), err)
	}
	return res.X, nil
}
