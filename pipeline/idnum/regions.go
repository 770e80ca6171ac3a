package idnum

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

//go:embed regions.txt
var regionsText string

// assigned is one bit a code of six digits.
var assigned = sync.OnceValue(func() *[1_000_000 / 64]uint64 {
	var set [1_000_000 / 64]uint64
	for line := range strings.Lines(regionsText) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Fields(line)
		base := number(f[0]) * 100
		for _, r := range f[1:] {
			from, to, ok := strings.Cut(r, "-")
			if !ok {
				to = from
			}
			for c := base + number(from); c <= base+number(to); c++ {
				set[c/64] |= 1 << (c % 64)
			}
		}
	}
	return &set
})

// number reads digits of the embedded file.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic("regions.txt: " + err.Error())
	}
	return n
}

// ListYear is the year to which the list of division codes is whole. A code of a
// person born in it or later may have been assigned since.
const ListYear = 2020

// Assigned reports whether code, six digits, was a division code of GB/T 2260
// at any time from 1980 to 2020, or is one of the few known here since. A later
// one belongs under regions in the policy.
func Assigned(code string) bool {
	if len(code) != 6 || !digits(code) {
		return false
	}
	n := number(code)
	return assigned()[n/64]&(1<<(n%64)) != 0
}
