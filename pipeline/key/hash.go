package key

import (
	"hash/maphash"
	"math/bits"
)

// The two tables below do what maps do in a third of the time and memory: they
// hold positions into slices the caller has anyway, and nothing is deleted. A
// city has millions of numbers and accounts.

// texts numbers distinct texts in order of appearance; "" has no number.
type texts struct {
	list  []string
	seed  maphash.Seed
	slots []slot
}

// A slot is part of a text's hash and its number plus one; 0 is free.
type slot struct{ hash, number uint32 }

// code returns the number of s, new or old, or none for "".
func (t *texts) code(s string) uint32 {
	if s == "" {
		return none
	}
	if 2*len(t.list) >= len(t.slots) {
		t.grow()
	}
	h := maphash.String(t.seed, s)
	mask := uint64(len(t.slots) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		switch at := &t.slots[i]; {
		case at.number == 0:
			t.list = append(t.list, s)
			*at = slot{uint32(h >> 32), uint32(len(t.list))}
			return uint32(len(t.list) - 1)
		case at.hash == uint32(h>>32) && t.list[at.number-1] == s:
			return at.number - 1
		}
	}
}

func (t *texts) grow() {
	if t.slots == nil {
		t.seed = maphash.MakeSeed()
	}
	t.slots = make([]slot, max(64, 4*len(t.slots)))
	mask := uint64(len(t.slots) - 1)
	for n, s := range t.list {
		h := maphash.String(t.seed, s)
		i := h & mask
		for t.slots[i].number != 0 {
			i = (i + 1) & mask
		}
		t.slots[i] = slot{uint32(h >> 32), uint32(n + 1)}
	}
}

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
