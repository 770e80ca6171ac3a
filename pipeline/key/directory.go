package key

import (
	"strings"
	"sync"

	"fundtrace/pipeline/table"
)

// Info is what is known of a subject beyond its key.
type Info struct {
	Name                  string
	County, Town, Village string
	Household             string // household key; "" where none
	Phone                 string
}

// A Directory tells who the subjects of leads are, from resolved tables. It
// indexes a column when it is first asked about it, at about 50 ns a row, and
// may be used by several goroutines.
type Directory struct {
	set    *table.Set
	places map[string]place
	mu     sync.Mutex
	byKey  map[*table.Schema]map[string]*index
}

func newDirectory(set *table.Set, byKey map[string]place) *Directory {
	return &Directory{set: set, places: byKey, byKey: map[*table.Schema]map[string]*index{}}
}

// An index finds the rows of a key in one column.
type index struct {
	codeOf map[string]uint32
	start  []int32 // code → first of its rows
	rows   []int32
}

// rows returns the rows of t where column is key, in order.
func (d *Directory) rows(t *table.Table, column, key string) []int32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	of := d.byKey[t.Schema()]
	if of == nil {
		of = map[string]*index{}
		d.byKey[t.Schema()] = of
	}
	x := of[column]
	if x == nil {
		x = newIndex(t.Words(column))
		of[column] = x
	}
	c, ok := x.codeOf[key]
	if !ok {
		return nil
	}
	return x.rows[x.start[c]:x.start[c+1]]
}

// newIndex sorts rows by code, counting.
func newIndex(codes []uint32, dict []string) *index {
	x := &index{codeOf: make(map[string]uint32, len(dict)), start: make([]int32, len(dict)+1)}
	for i, s := range dict {
		x.codeOf[s] = uint32(i)
	}
	n := int32(0)
	for _, c := range codes {
		if c != none {
			x.start[c+1]++
			n++
		}
	}
	for i := range dict {
		x.start[i+1] += x.start[i]
	}
	x.rows = make([]int32, n)
	at := append([]int32(nil), x.start[:len(dict)]...)
	for row, c := range codes {
		if c != none {
			x.rows[at[c]] = int32(row)
			at[c]++
		}
	}
	return x
}

// Lookup returns what is known of a subject: a person, household, account or
// village by its key; the county and town that a unit's name begins with, and
// the county of the units that first hold a fund, if it is one. The household table's latest record goes first; else it
// is what most payments say, the earliest row first among equals; then the
// other tables. ok is false for another kind and for a key that no table has.
func (d *Directory) Lookup(kind, key string) (info Info, ok bool) {
	switch table.Key(kind) {
	case table.Person:
		return d.first(key,
			sought{table.Member, "_person", "member_name"},
			sought{table.Payment, "_person", "beneficiary_name"},
			sought{table.Payment, "_head", "head_name"},
			sought{table.Payment, "_payee", "payee_name"},
			sought{table.Register, "_person", "person_name"},
			sought{table.BankEntry, "_person", "holder_name"},
			sought{table.Complaint, "_person", "subject_name"},
		)
	case table.Household:
		return d.first(key,
			sought{table.Member, "_household", "member_name"},
			sought{table.Payment, "_household", "head_name"},
			sought{table.Payment, "_household", "beneficiary_name"},
			sought{table.Register, "_household", "person_name"},
		)
	case table.Account:
		return d.first(key,
			sought{table.BankEntry, "_account", "holder_name"},
			sought{table.Payment, "_account", "payee_name"},
			sought{table.Payment, "_account", "beneficiary_name"},
		)
	case table.Village:
		p, ok := d.places[key]
		return Info{Name: p[2], County: p[0], Town: p[1], Village: p[2]}, ok
	case table.Town:
		county, town, ok := strings.Cut(key, "/")
		if !ok {
			county, town = "", key
		}
		return Info{Name: town, County: county, Town: town}, true
	case table.Unit:
		at, _ := parted(key)
		return Info{County: at[0], Town: at[1]}, at[0] != ""
	case table.Fund:
		t := d.set.Get(table.Allocation)
		for i, row := range d.rows(t, "_fund", key) {
			at, _ := parted(t.Text("_holder", int(row)))
			if i > 0 && info.County != at[0] {
				return Info{}, false
			}
			info.County = at[0]
		}
		return info, info.County != ""
	case table.County:
		return Info{Name: key, County: key}, true
	}
	return Info{}, false
}

// sought is a column to find a key in, and the one that then has the name.
type sought struct {
	schema       *table.Schema
	column, name string
}

// first returns what the first place with a name for the key says; a place and
// phone that it lacks come from those after it.
func (d *Directory) first(key string, places ...sought) (info Info, ok bool) {
	for _, s := range places {
		t := d.set.Get(s.schema)
		rows := d.rows(t, s.column, key)
		if len(rows) == 0 || !t.Has(s.name) {
			continue
		}
		ok = true
		row := pick(t, rows, s)
		if row < 0 {
			continue
		}
		if info.Name == "" {
			info.Name = t.Text(s.name, row)
		}
		if info.Village == "" {
			info.County, info.Town, info.Village = d.placeOf(t, row)
		}
		if info.Household == "" && t.Schema().Field("_household") >= 0 {
			info.Household = t.Text("_household", row)
		}
		if info.Phone == "" && t.Schema().Field("phone") >= 0 {
			info.Phone = phone(t, row, rows)
		}
		if info.Name != "" && info.Village != "" && info.Phone != "" {
			break
		}
	}
	return info, ok
}

// pick returns the row that speaks for a key: of the household table the
// latest year's, the head's if the key is a household; of others the first of
// the rows with the commonest name. It returns -1 where no row has a name.
func pick(t *table.Table, rows []int32, s sought) int {
	best := -1
	if t.Schema() == table.Member {
		year, head := int64(-1), false
		for _, r := range rows {
			y, _ := t.Int("year", int(r))
			h := s.column == "_household" && isHead(t.Text("relation", int(r)))
			if t.Text(s.name, int(r)) != "" && (best < 0 || y > year || y == year && h && !head) {
				best, year, head = int(r), y, h
			}
		}
		return best
	}
	type tally struct{ row, n int }
	counts := map[string]*tally{}
	most := 0
	for _, r := range rows {
		name := t.Text(s.name, int(r))
		if name == "" {
			continue
		}
		c := counts[name]
		if c == nil {
			c = &tally{row: int(r)}
			counts[name] = c
		}
		c.n++
		most = max(most, c.n)
	}
	for _, c := range counts {
		if c.n == most && (best < 0 || c.row < best) {
			best = c.row
		}
	}
	return best
}

// isHead reports whether a relation to the head is the head's own.
func isHead(relation string) bool {
	switch foldPlace(relation) {
	case "户主", "本人", "本人或户主":
		return true
	}
	return false
}

// placeOf returns where a row says it is, completed as its village key is.
func (d *Directory) placeOf(t *table.Table, row int) (county, town, village string) {
	if t.Schema().Field("village") < 0 {
		return "", "", ""
	}
	if p, ok := d.places[t.Text("_village", row)]; ok {
		return p[0], p[1], p[2]
	}
	return foldPlace(t.Text("county", row)), foldPlace(t.Text("town", row)), ""
}

// phone returns the row's phone, else the first that the rows have.
func phone(t *table.Table, row int, rows []int32) string {
	if s := t.Text("phone", row); s != "" {
		return s
	}
	for _, r := range rows {
		if s := t.Text("phone", int(r)); s != "" {
			return s
		}
	}
	return ""
}
