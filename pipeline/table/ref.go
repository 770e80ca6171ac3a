package table

import "fmt"

// Ref says which row of which sheet a table row came from. It is a handle that
// only Sources can print, as a token.Pos is to a token.FileSet; Refs compare
// in the order of the inputs. The zero Ref is no place.
type Ref int64

// NewRef returns the Ref of a row, numbered from 1 as the spreadsheet shows it.
func NewRef(source, row int) Ref { return Ref(int64(source+1)<<32 | int64(row)) }

// Source returns the index of the Ref's Source, or -1 for the zero Ref.
func (r Ref) Source() int { return int(r>>32) - 1 }

// Row returns the row, numbered from 1.
func (r Ref) Row() int { return int(r & 0xffffffff) }

// A Source is one table on one sheet of one input file.
type Source struct {
	File  string // as the user named it, with / between folders
	Sheet string // "" for a format without sheets
	Table string // the canonical table it was read as

	County, Town string // that its titles, its name and folders speak of, "" for none
}

// A Place is a Ref in words.
type Place struct {
	Source
	Row int
}

// String returns the place as an inspector would write it: file!sheet:row.
func (p Place) String() string {
	if p.Sheet == "" {
		return fmt.Sprintf("%s:%d", p.File, p.Row)
	}
	return fmt.Sprintf("%s!%s:%d", p.File, p.Sheet, p.Row)
}

// Sources resolves Refs.
type Sources []Source

// Place returns where r points.
func (s Sources) Place(r Ref) Place {
	i := r.Source()
	if i < 0 || i >= len(s) {
		return Place{}
	}
	return Place{s[i], r.Row()}
}
