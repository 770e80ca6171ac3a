package sheet

import (
	"errors"
	"fmt"
)

// Errors that a caller tells apart with errors.Is; each comes wrapped with the
// file, what was being done and what to do.
var (
	ErrDamaged   = errors.New("damaged file")
	ErrEncrypted = errors.New("password needed")
	ErrLimit     = errors.New("over a limit")
	ErrFormat    = errors.New("not a spreadsheet format that is read")
	ErrEmpty     = errors.New("empty file")
	ErrPacked    = errors.New("unpack it first") // beside ErrFormat or ErrEncrypted, of an archive
)

// A LimitError is ErrLimit with the limit that a file is over.
type LimitError struct {
	Limit Limit
	Max   int64 // in the limit's own unit
	text  string
}

// A Limit names a bound on what one file may cost.
type Limit string

// The limits: those of Limits, and those that nobody sets.
const (
	LimitRows     Limit = "rows"
	LimitCols     Limit = "columns"
	LimitCells    Limit = "cells"
	LimitStrings  Limit = "bytes of text"
	LimitInflated Limit = "bytes unpacked"
	LimitDepth    Limit = "zips in zips"
	LimitUnit     Limit = "bytes of one row or text"
	LimitPart     Limit = "bytes of one part"
	LimitXML      Limit = "bytes of rare XML"
	LimitNesting  Limit = "XML elements in each other"
	LimitSpins    Limit = "rounds of password hashing"
)

// Error returns the error with what to do about it.
func (e *LimitError) Error() string { return ErrLimit.Error() + ": " + e.text }

// Is makes it ErrLimit.
func (e *LimitError) Is(target error) bool { return target == ErrLimit }

func over(limit Limit, most int64, format string, args ...any) error {
	return &LimitError{limit, most, fmt.Sprintf(format, args...)}
}

// A DamageError is ErrDamaged with the place where it shows.
type DamageError struct {
	Part     string // part or stream of the file; "" where that is not told
	Row, Col int    // from 1; 0 where that is not told
	text     string
}

// Error returns the error with its place in words.
func (e *DamageError) Error() string { return ErrDamaged.Error() + ": " + e.text }

// Is makes it ErrDamaged.
func (e *DamageError) Is(target error) bool { return target == ErrDamaged }

func damagedPart(part, format string, args ...any) error {
	return &DamageError{Part: part, text: fmt.Sprintf(format, args...)}
}

func damagedCell(row, col int, format string, args ...any) error {
	return &DamageError{Row: row, Col: col, text: fmt.Sprintf(format, args...)}
}
