package column

import (
	"maps"
	"math"
	"slices"
)

// A resemblance tells how like a heading is to the words of every field, by the
// characters and pairs of characters that they share, the rare ones counting
// most: what a word is stands in its characters, and 发放额度 is like 发放金额
// though nobody listed it. It is the cosine of their tf-idf vectors.
type resemblance struct {
	posts map[string][]post // gram → the words that hold it
	idf   map[string]float64
	of    [][]place // word → where it is listed
}

type post struct {
	word   int32
	weight float64
}

// A place is a table's field; field -1 is the list of unused headers.
type place struct{ table, field int }

// grams lists the characters and pairs of a word, each once, in order. The last ones say what a
// compound is, and stand for themselves.
func grams(w string) []string {
	r := []rune(w)
	var out []string
	for i := range r {
		out = append(out, string(r[i]))
		if i > 0 {
			out = append(out, string(r[i-1:i+1]))
		}
	}
	if n := len(r); n > 0 {
		out = append(out, string(r[n-1])+"$")
		if n > 1 {
			out = append(out, string(r[n-2:])+"$")
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func newResemblance(x *Lexicon) *resemblance {
	m := &resemblance{posts: map[string][]post{}, idf: map[string]float64{}}
	places := map[string][]place{}
	for t := range x.tables {
		v := &x.tables[t]
		for w, h := range v.whole {
			places[w] = append(places[w], place{t, h.field})
		}
		for f := range v.fields {
			for _, w := range slices.Concat(v.fields[f].ends, v.fields[f].has) {
				if _, ok := v.whole[w]; !ok {
					places[w] = append(places[w], place{t, f})
				}
			}
		}
	}
	for w := range x.unused {
		places[w] = append(places[w], place{-1, -1})
	}
	list := slices.Sorted(maps.Keys(places))
	count := map[string]int{}
	all := make([][]string, len(list))
	for i, w := range list {
		all[i] = grams(w)
		m.of = append(m.of, places[w])
		for _, g := range all[i] {
			count[g]++
		}
	}
	for g, n := range count {
		m.idf[g] = math.Log(float64(len(list)+1) / float64(n+1))
	}
	for i := range list {
		for k, wt := range m.weigh(all[i]) {
			m.posts[all[i][k]] = append(m.posts[all[i][k]], post{int32(i), wt})
		}
	}
	return m
}

// weigh gives grams their weights and brings them to length 1. A gram that no
// word has counts as the rarest.
func (m *resemblance) weigh(grams []string) []float64 {
	out := make([]float64, len(grams))
	sum := 0.0
	for i, g := range grams {
		w, ok := m.idf[g]
		if !ok {
			w = math.Log(float64(len(m.of) + 1))
		}
		out[i] = w
		sum += w * w
	}
	for i := range out {
		out[i] /= math.Sqrt(sum)
	}
	return out
}

// A likeness is how like a heading is to the fields of each table.
type likeness struct {
	fields [9][]float64
	unused float64
}

// compare compares a heading with every word.
func (m *resemblance) compare(x *Lexicon, h *Heading) *likeness {
	out := &likeness{}
	for t := range out.fields {
		out.fields[t] = make([]float64, len(x.tables[t].fields))
	}
	if h.mute {
		return out
	}
	score := make([]float64, len(m.of))
	done := map[string]bool{}
	for i, f := range h.forms {
		if f.level <= groupAlone || i > 0 && f.level < 0.94 || done[f.word] {
			continue
		}
		done[f.word] = true
		clear(score)
		list := grams(f.word)
		for i, weight := range m.weigh(list) {
			for _, p := range m.posts[list[i]] {
				score[p.word] += weight * p.weight
			}
		}
		for w, s := range score {
			if s < 0.2 {
				continue
			}
			s *= f.level
			for _, at := range m.of[w] {
				if at.table < 0 {
					out.unused = max(out.unused, s)
				} else if s > out.fields[at.table][at.field] {
					out.fields[at.table][at.field] = s
				}
			}
		}
	}
	return out
}
