package stat

// FirstInFirstOut lets amounts leave in the order they came: of amounts, those
// above zero came and those below left. part is called with each part of one that
// came and the one that it left with, -1 where it stays. What leaves before enough
// has come waits for what comes next; what nothing covers is no part. The time grows
// with the amounts.
func FirstInFirstOut(amounts []int64, part func(in, out int, amount int64)) {
	type open struct {
		index int
		left  int64
	}
	var purse, owed []open
	take := func(in, out *open) {
		x := min(in.left, out.left)
		in.left -= x
		out.left -= x
		part(in.index, out.index, x)
	}
	at, due := 0, 0
	for i, amount := range amounts {
		x := open{i, max(amount, -amount)}
		if amount > 0 {
			for ; due < len(owed) && x.left > 0; due++ {
				if take(&x, &owed[due]); owed[due].left > 0 {
					break
				}
			}
			if x.left > 0 {
				purse = append(purse, x)
			}
			continue
		}
		for ; at < len(purse) && x.left > 0; at++ {
			if take(&purse[at], &x); purse[at].left > 0 {
				break
			}
		}
		if x.left > 0 {
			owed = append(owed, x)
		}
	}
	for _, p := range purse[at:] {
		part(p.index, -1, p.left)
	}
}
