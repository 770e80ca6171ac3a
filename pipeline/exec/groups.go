package exec

import (
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

// Groups are the rows of several tables, of one shard or of all, by the values of
// one key. Values are dense codes in order of first appearance; the rows of a
// group in one table are a run of one permutation (counting sort), in order of
// row.
type Groups struct {
	key    table.Key
	ids    []string // code → value
	tables []grouped
}

// grouped is one table's part of groups.
type grouped struct {
	t      *table.Table
	checks []int   // the columns that checks read, nil where no check reads the table
	takes  []int   // the columns that samples and baselines read, likewise
	start  []int32 // code → first of its rows; one longer than ids
	rows   []int32
}

// fieldsOf returns the columns as fields by table, each once.
func fieldsOf(columns []table.Column) map[*table.Schema][]int {
	out := make(map[*table.Schema][]int)
	for _, c := range columns {
		s, f := c.Of()
		if !slices.Contains(out[s], f) {
			out[s] = append(out[s], f)
		}
	}
	return out
}

// GroupsOf forms the groups of a key over the tables that the plan's rules and
// baselines of that key read.
func GroupsOf(plan *detect.Plan, set *table.Set, key table.Key) *Groups {
	checks, takes := fieldsOf(plan.Reads(key)), fieldsOf(plan.MeasureReads(key))
	gs := &Groups{key: key}
	codeOf := map[string]uint32{}
	type keyed struct {
		grouped
		codes [][]uint32 // a slice a key column, dense codes or table.NullCode
	}
	var tables []keyed
	for _, s := range table.Schemas { // the order of schemas makes codes reproducible
		t := set.Get(s)
		if checks[s] == nil && takes[s] == nil || t.Len() == 0 {
			continue
		}
		k := keyed{grouped: grouped{t: t, checks: checks[s], takes: takes[s]}}
		for _, f := range s.Fields {
			if f.Key != key {
				continue
			}
			codes, dict := t.Words(f.Name)
			if codes == nil {
				continue
			}
			dense := make([]uint32, len(dict))
			for i, v := range dict {
				c, ok := codeOf[v]
				if !ok {
					c = uint32(len(gs.ids))
					codeOf[v] = c
					gs.ids = append(gs.ids, v)
				}
				dense[i] = c
			}
			out := make([]uint32, len(codes))
			for r, c := range codes {
				if c != table.NullCode {
					c = dense[c]
				}
				out[r] = c
			}
			k.codes = append(k.codes, out)
		}
		if k.codes != nil {
			tables = append(tables, k)
		}
	}
	for _, k := range tables {
		k.sort(len(gs.ids), k.codes)
		gs.tables = append(gs.tables, k.grouped)
	}
	return gs
}

// sort fills start and rows. A row with one value in two key columns (a unit
// that pays itself) stands in that group once.
func (g *grouped) sort(n int, codes [][]uint32) {
	g.start = make([]int32, n+1)
	first := func(k, r int) bool {
		return !slices.ContainsFunc(codes[:k], func(o []uint32) bool { return o[r] == codes[k][r] })
	}
	for k, cs := range codes {
		for r, c := range cs {
			if c != table.NullCode && first(k, r) {
				g.start[c+1]++
			}
		}
	}
	for i := range n {
		g.start[i+1] += g.start[i]
	}
	g.rows = make([]int32, g.start[n])
	at := slices.Clone(g.start[:n])
	for r := range len(codes[0]) {
		for k, cs := range codes {
			if c := cs[r]; c != table.NullCode && first(k, r) {
				g.rows[at[c]] = int32(r)
				at[c]++
			}
		}
	}
}

// blockRows is how many rows of groups a worker takes at a time: its gathered
// columns stay in the second-level cache, and a block is long enough that
// taking it costs nothing.
const blockRows = 4096

// A block is groups lo..hi-1.
type block struct{ lo, hi int }

// blocks cuts the groups into runs of about blockRows rows.
func (gs *Groups) blocks() []block {
	var out []block
	b, rows := block{}, 0
	for c := range gs.ids {
		for i := range gs.tables {
			rows += int(gs.tables[i].start[c+1] - gs.tables[i].start[c])
		}
		if b.hi = c + 1; rows >= blockRows {
			out = append(out, b)
			b, rows = block{c + 1, c + 1}, 0
		}
	}
	if b.hi > b.lo {
		out = append(out, b)
	}
	return out
}

// A worker gathers blocks of groups into scratch of its own.
type worker struct {
	gs       *Groups
	tables   []reading
	gathered []table.Gathered
	group    detect.Group
}

// A reading is what a worker reads of a table.
type reading struct {
	*grouped
	fields []int
}

// worker returns a worker that reads of each table the fields that of names, and
// no table of which it names none.
func (gs *Groups) worker(of func(*grouped) []int) *worker {
	w := &worker{gs: gs}
	for i := range gs.tables {
		if fields := of(&gs.tables[i]); fields != nil {
			w.tables = append(w.tables, reading{&gs.tables[i], fields})
		}
	}
	w.gathered = make([]table.Gathered, len(w.tables))
	return w
}

func toCheck(t *grouped) []int { return t.checks }
func toTake(t *grouped) []int  { return t.takes }

// each calls f with every group of b that has rows in the tables read. The group
// is f's until it returns.
func (w *worker) each(b block, f func(*detect.Group)) {
	for i, t := range w.tables {
		w.gathered[i].Gather(t.t, t.fields, t.rows[t.start[b.lo]:t.start[b.hi]])
	}
	for c := b.lo; c < b.hi; c++ {
		if !slices.ContainsFunc(w.tables, func(t reading) bool { return t.start[c] < t.start[c+1] }) {
			continue
		}
		w.group.Reset(w.gs.key, w.gs.ids[c])
		for i, t := range w.tables {
			base := t.start[b.lo]
			w.group.SetView(t.t.Schema(), w.gathered[i].View(int(t.start[c]-base), int(t.start[c+1]-base)))
		}
		f(&w.group)
	}
}
