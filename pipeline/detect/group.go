package detect

import "fundtrace/pipeline/table"

// A Group is the rows, over all tables, that share a key: for Person, all that
// any sheet says of one person.
type Group struct {
	Key   table.Key
	ID    string // the key's value: an ID number, a fund number, ...
	views [16]table.View
	memo  []memo
}

type memo struct{ of, val any }

// Reset makes g the group of a key, without rows. For executors.
func (g *Group) Reset(key table.Key, id string) {
	g.Key, g.ID = key, id
	g.views = [16]table.View{}
	clear(g.memo)
	g.memo = g.memo[:0]
}

// SetView gives g its rows of one table. For executors.
func (g *Group) SetView(s *table.Schema, v table.View) { g.views[s.Index()] = v }

// View returns the group's rows of a table.
func (g *Group) View(s *table.Schema) table.View { return g.views[s.Index()] }

// Derived is a value that several rules want of one group; the first that asks
// pays for it. Declare it in the file of what it is about (rules/payments.go).
type Derived[T any] struct{ f func(*Pass) T }

// Derive declares a derived value. f must depend on the group's rows, the
// policy and the as-of date only, not on the rule that asks.
func Derive[T any](f func(*Pass) T) *Derived[T] { return &Derived[T]{f} }

// Of returns the value for the pass's group.
func (d *Derived[T]) Of(p *Pass) T {
	for _, m := range p.Group.memo {
		if m.of == any(d) {
			return m.val.(T)
		}
	}
	v := d.f(p)
	p.Group.memo = append(p.Group.memo, memo{d, v})
	return v
}
