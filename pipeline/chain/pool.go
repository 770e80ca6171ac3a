package chain

// poolCode marks the code of a cell that lists several funds (整合资金).
const poolCode uint32 = 1 << 31

func pooled(code uint32) bool { return code != none && code >= poolCode }

// several returns the funds of a code that stands for several, else nil.
func (b *build) several(code uint32) []uint32 {
	if !pooled(code) {
		return nil
	}
	return b.pools[code-poolCode]
}

// single returns the fund of a code, of a cell with several the first.
func (b *build) single(code uint32) uint32 {
	if pooled(code) {
		return b.pools[code-poolCode][0]
	}
	return code
}

func at(fund, unit uint32) uint64 { return uint64(fund)<<32 | uint64(unit) }
