package table

import "hash/maphash"

// An Interner gives each distinct text one code, counted from 0 in the order in
// which texts come. It is an open-addressing table over hashes that keeps no
// text twice and asks no text for its hash again: with a million identity
// numbers several times as fast as a map. The zero Interner is ready.
type Interner struct {
	Dict  []string // text of each code
	slots []uint64 // upper half of the hash, and code+1
}

// internSeed makes codes' slots differ from process to process; codes do not.
var internSeed = maphash.MakeSeed()

// Code returns the code of s, new or old.
func (x *Interner) Code(s string) uint32 {
	if 2*len(x.Dict) >= len(x.slots) {
		x.Grow(2*len(x.Dict) + 32)
	}
	tag := maphash.String(internSeed, s) >> 32
	mask := uint64(len(x.slots) - 1)
	for i := tag & mask; ; i = (i + 1) & mask {
		slot := x.slots[i]
		if slot == 0 {
			x.Dict = append(x.Dict, s)
			x.slots[i] = tag<<32 | uint64(len(x.Dict))
			return uint32(len(x.Dict) - 1)
		}
		if slot>>32 == tag {
			if c := uint32(slot) - 1; x.Dict[c] == s {
				return c
			}
		}
	}
}

// Grow makes room for n texts in all.
func (x *Interner) Grow(n int) {
	size := max(64, len(x.slots))
	for size < 2*n {
		size *= 2
	}
	if size == len(x.slots) {
		return
	}
	old := x.slots
	x.slots = make([]uint64, size)
	mask := uint64(size - 1)
	for _, slot := range old {
		if slot == 0 {
			continue
		}
		i := slot >> 32 & mask
		for x.slots[i] != 0 {
			i = (i + 1) & mask
		}
		x.slots[i] = slot
	}
}

// Reset forgets all texts and keeps the memory; the Dict handed out stays as it
// is.
func (x *Interner) Reset() {
	if len(x.Dict) > 0 {
		clear(x.slots)
	}
	x.Dict = nil
}
