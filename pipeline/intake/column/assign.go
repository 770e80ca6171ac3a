package column

import "math"

// A slot is a field of one of the people, or years, abreast; there is one of
// each field where nothing stands abreast.
type slot struct {
	field, lane int // lane -1 takes a column of any lane
}

// assign gives every row of a score matrix at most one column and every column
// at most one row, so that the sum of the scores is the greatest. Scores that
// are not above 0 are never taken. It is the Hungarian method with potentials
// (Kuhn 1955, Jonker and Volgenant 1987), exact, O(rows² × (rows + columns)).
func assign(score [][]float64, slots int) []int {
	n := len(score)
	m := slots + n // a row may also stay alone, for nothing
	const inf = math.MaxFloat64
	u, v := make([]float64, n+1), make([]float64, m+1)
	match, way := make([]int, m+1), make([]int, m+1)
	cost := func(i, j int) float64 {
		if j <= slots {
			if s := score[i-1][j-1]; s > 0 {
				return -s
			}
			return 1e9
		}
		if j-slots == i {
			return 0
		}
		return 1e9
	}
	least, done := make([]float64, m+1), make([]bool, m+1)
	for i := 1; i <= n; i++ {
		match[0] = i
		j0 := 0
		for j := range least {
			least[j], done[j] = inf, false
		}
		for {
			done[j0] = true
			i0, j1, delta := match[j0], 0, inf
			for j := 1; j <= m; j++ {
				if done[j] {
					continue
				}
				if c := cost(i0, j) - u[i0] - v[j]; c < least[j] {
					least[j], way[j] = c, j0
				}
				if least[j] < delta {
					delta, j1 = least[j], j
				}
			}
			for j := 0; j <= m; j++ {
				if done[j] {
					u[match[j]] += delta
					v[j] -= delta
				} else {
					least[j] -= delta
				}
			}
			if j0 = j1; match[j0] == 0 {
				break
			}
		}
		for j0 != 0 {
			j1 := way[j0]
			match[j0] = match[j1]
			j0 = j1
		}
	}
	out := make([]int, n)
	for i := range out {
		out[i] = -1
	}
	for j := 1; j <= slots; j++ {
		if match[j] > 0 && score[match[j]-1][j-1] > 0 {
			out[match[j]-1] = j - 1
		}
	}
	return out
}

// total is the sum of an assignment's scores.
func total(score [][]float64, to []int) float64 {
	sum := 0.0
	for i, j := range to {
		if j >= 0 {
			sum += score[i][j]
		}
	}
	return sum
}

// rival returns how much less the best assignment is worth in which row i is not
// what it is in to, and what i is then, -1 for nothing. skip tells the columns
// that are the same as to[i].
func rival(score [][]float64, to []int, i int, skip func(j int) bool) (margin float64, other int) {
	row := score[i]
	score[i] = make([]float64, len(row))
	for j := range row {
		if !skip(j) {
			score[i][j] = row[j]
		}
	}
	again := assign(score, len(row))
	worth := total(score, again)
	score[i] = row
	return total(score, to) - worth, again[i]
}
