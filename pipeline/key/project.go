package key

import (
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/words"
)

// projectOf brings a project number into the one form it is compared in.
func projectOf(cell string, _ *policy.Policy) string { return words.Fold(cell) }
