package generate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Rates are numbers of cases by rule. As the value of a flag they are given as
// RULE=N, again and again.
type Rates map[string]int

// Set adds a rule's number of cases, written RULE=N.
func (r Rates) Set(s string) error {
	rule, number, ok := strings.Cut(s, "=")
	n, err := strconv.Atoi(number)
	switch {
	case !ok || err != nil || n < 0:
		return fmt.Errorf("%q: want RULE=N, N a whole number", s)
	case !slices.ContainsFunc(planters, func(p planter) bool { return p.rule == rule }):
		return fmt.Errorf("there is no rule %q", rule)
	}
	r[rule] = n
	return nil
}

// String returns the rates as they are set, by rule.
func (r Rates) String() string {
	var out []string
	for rule, n := range r {
		out = append(out, fmt.Sprintf("%s=%d", rule, n))
	}
	slices.Sort(out)
	return strings.Join(out, ",")
}

// Type names the form of a rate in a command's help.
func (r Rates) Type() string { return "RULE=N" }
