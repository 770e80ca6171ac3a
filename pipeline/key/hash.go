package key

import (
	"math/bits"

	"fundtrace/pipeline/table"
)

// texts numbers distinct texts in order of appearance; "" has no number.
type texts struct{ table.Interner }

// code returns the number of s, new or old, or none for "".
func (t *texts) code(s string) uint32 {
	if s == "" {
		return none
	}
	return t.Code(s)
}

// The table below does what a map does in a third of the time and memory: it
// holds positions into slices the caller has anyway, and nothing is deleted. A
// city has millions of numbers.

// numbered finds persons by packed number. A packed number is never 0.
type numbered struct {
	keys []uint64
	vals []uint32
	n    int
}

// spread scatters a packed number over a table of 2^k slots (Fibonacci hashing).
func (t *numbered) spread(k uint64) uint64 {
	return k * 0x9e3779b97f4a7c15 >> (64 - bits.Len(uint(len(t.keys)-1)))
}

// find returns the slot of k, which is free if t lacks it.
func (t *numbered) find(k uint64) uint64 {
	mask := uint64(len(t.keys) - 1)
	i := t.spread(k)
	for t.keys[i] != 0 && t.keys[i] != k {
		i = (i + 1) & mask
	}
	return i
}

// get returns the person of k.
func (t *numbered) get(k uint64) (person uint32, ok bool) {
	if t.n == 0 {
		return 0, false
	}
	i := t.find(k)
	return t.vals[i], t.keys[i] == k
}

// put adds k, which t lacks.
func (t *numbered) put(k uint64, person uint32) {
	if 2*t.n >= len(t.keys) {
		old := *t
		size := max(64, 4*len(old.keys))
		t.keys, t.vals = make([]uint64, size), make([]uint32, size)
		for i, k := range old.keys {
			if k != 0 {
				at := t.find(k)
				t.keys[at], t.vals[at] = k, old.vals[i]
			}
		}
	}
	i := t.find(k)
	t.keys[i], t.vals[i] = k, person
	t.n++
}
