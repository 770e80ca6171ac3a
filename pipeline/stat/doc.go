// Package stat holds the robust and forensic statistics that rules use. Every
// function is a pure one of its arguments; sums that must not depend on the
// order of the data are taken over integers or sorted values.
package stat
