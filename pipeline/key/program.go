package key

import "fundtrace/pipeline/policy"

// programOf returns the policy's name of the program that a cell names, or the
// cell's own words without blanks for one that the policy does not know.
func programOf(cell string, p *policy.Policy) string { return p.Canonical(cell) }
