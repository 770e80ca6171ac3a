package table

import (
	"iter"
	"strconv"
	"strings"
)

// kept is how many digits a spreadsheet keeps of a long number.
const kept = 15

// Mark writes one entry of RoundedColumn or MaskedColumn: a field, and how many
// digits are left of its number.
func Mark(field string, left int) string {
	if left == kept {
		return field
	}
	return field + ":" + strconv.Itoa(left)
}

// Marks yields the fields that a cell of RoundedColumn or MaskedColumn lists, and
// how many digits are left of each; 15 where it does not say.
func Marks(list string) iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		for entry := range strings.SplitSeq(list, ",") {
			field, left, ok := strings.Cut(entry, ":")
			n, err := strconv.Atoi(left)
			if !ok || err != nil {
				n = kept
			}
			if field != "" && !yield(field, n) {
				return
			}
		}
	}
}

// Marked reports whether a cell of RoundedColumn or MaskedColumn lists a field.
func Marked(list, field string) bool {
	for f := range Marks(list) {
		if f == field {
			return true
		}
	}
	return false
}
