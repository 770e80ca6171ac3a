package key

import (
	"strings"

	"fundtrace/pipeline/policy"
)

// projectOf brings a project number into the one form it is compared in.
func projectOf(cell string, _ *policy.Policy) string { return strings.ToUpper(squeeze(cell)) }
