// Package table holds the canonical tables: Arrow columns under one schema
// each, and for every row the place in a spreadsheet it came from.
//
// A Table does not change once built; a stage that learns something about its
// rows returns a new Table With one more column. Rules never see a Table: an
// executor gathers the columns they read into a View a group.
package table
