// Package stat holds the robust and forensic statistics that rules use, and how
// amounts are shared out between those that have and those that need them. Every
// function is a pure one of its arguments; sums that must not depend on the
// order of the data are taken over integers or sorted values.
package stat
