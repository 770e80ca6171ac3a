package main

import (
	"testing"

	"fundtrace/pipeline/generate"
	"fundtrace/rules"
)

// In a county of each size that is scored every planted case is found, no
// look-alike, and nothing else.
func TestEveryCaseIsFound(t *testing.T) {
	for _, households := range []int{2000, 5000} {
		all := map[string]*tally{}
		if err := county(all, generate.Options{Households: households, Cases: 2, Seed: 101, Dirt: 0.05}, false); err != nil {
			t.Fatal(err)
		}
		for _, r := range rules.All {
			s := all[r.ID]
			if s == nil || s.planted == 0 || s.quiet == 0 {
				t.Errorf("%d households: %s is not planted", households, r.ID)
				continue
			}
			if s.found != s.planted || s.wrong != 0 || s.roused != 0 {
				t.Errorf("%d households: %s found %d of %d cases, %d of %d look-alikes, and made %d wrong leads",
					households, r.ID, s.found, s.planted, s.roused, s.quiet, s.wrong)
			}
		}
	}
}
