package chain

import (
	"strings"

	"golang.org/x/text/width"
)

// squeeze removes every blank and writes full-width forms as ASCII.
func squeeze(s string) string {
	return strings.Join(strings.Fields(width.Fold.String(s)), "")
}
