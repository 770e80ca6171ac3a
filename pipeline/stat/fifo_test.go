package stat

import (
	"fmt"
	"slices"
	"testing"
)

func TestFirstInFirstOut(t *testing.T) {
	for _, c := range []struct {
		name    string
		amounts []int64
		parts   []string // in, out, amount
	}{
		{"what came first leaves first", []int64{100, 50, -120}, []string{"0 2 100", "1 2 20", "1 -1 30"}},
		{"what left too early waits", []int64{-30, 100}, []string{"1 0 30", "1 -1 70"}},
		{"what nothing covers is no part", []int64{10, -30}, []string{"0 1 10"}},
		{"one that came leaves with several", []int64{100, -40, -60}, []string{"0 1 40", "0 2 60"}},
		{"nothing", nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var parts []string
			FirstInFirstOut(c.amounts, func(in, out int, amount int64) { parts = append(parts, fmt.Sprint(in, out, amount)) })
			if !slices.Equal(parts, c.parts) {
				t.Errorf("parts %q, want %q", parts, c.parts)
			}
		})
	}
}
