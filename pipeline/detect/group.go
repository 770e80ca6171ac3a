package detect

import (
	"slices"

	"fundtrace/pipeline/table"
)

// A Group is the rows, over all tables, that share a key: for Person, all that
// any sheet says of one person.
type Group struct {
	Key   table.Key
	ID    string // the key's value: an ID number, a fund number, ...
	views [table.Tables]table.View
	memo  []memo
}

type memo struct {
	of, val any
	ready   bool // val is of this group; else it is an earlier group's
}

// Reset makes g the group of a key, without rows. For executors.
func (g *Group) Reset(key table.Key, id string) {
	g.Key, g.ID = key, id
	g.views = [table.Tables]table.View{}
	for i := range g.memo {
		g.memo[i].ready = false
	}
}

// SetView gives g its rows of one table. For executors.
func (g *Group) SetView(s *table.Schema, v table.View) { g.views[s.Index()] = v }

// View returns the group's rows of a table.
func (g *Group) View(s *table.Schema) table.View { return g.views[s.Index()] }

// Derived is a value that several rules want of one group; the first that asks
// pays for it. Declare it in the file of what it is about (rules/payments.go).
type Derived[T any] struct{ f func(p *Pass, old T) T }

// Derive declares a derived value. f must depend on the group's rows, the
// policy and the as-of date only, not on the rule that asks.
func Derive[T any](f func(*Pass) T) *Derived[T] {
	return DeriveInto(func(p *Pass, _ T) T { return f(p) })
}

// DeriveInto declares a derived value that f builds in the memory of old, the
// value of a group that is done with, or the zero T. Groups are many and small:
// what each allocates costs more than what it computes.
func DeriveInto[T any](f func(p *Pass, old T) T) *Derived[T] { return &Derived[T]{f} }

// Of returns the value for the pass's group. It is good until the check ends.
func (d *Derived[T]) Of(p *Pass) T {
	g := p.Group
	i := slices.IndexFunc(g.memo, func(m memo) bool { return m.of == any(d) })
	if i < 0 {
		i = len(g.memo)
		var zero T
		g.memo = append(g.memo, memo{of: d, val: zero})
	}
	if !g.memo[i].ready {
		v := d.f(p, g.memo[i].val.(T)) // f may ask for others, which moves the memo
		g.memo[i].val, g.memo[i].ready = v, true
	}
	return g.memo[i].val.(T)
}
