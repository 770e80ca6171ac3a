package settle

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"fundtrace/pipeline/steptest"
)

// manyRows returns n rows of one person and program, of which the last takes back
// a payment: one too many to be taken together stands alone.
func manyRows(n int) []string {
	rows := slices.Repeat([]string{"A 低保 2017-03 200 2017-03-15"}, n-1)
	return append(rows, "A 低保 2017-04 -200 2017-04-15")
}

// TestLimits steps each number of the stage up and down: some case must come to
// something else.
func TestLimits(t *testing.T) {
	steptest.Numbers(t, &limits, nil, func() string {
		var out strings.Builder
		for _, name := range slices.Sorted(maps.Keys(grantCases)) {
			fmt.Fprintln(&out, name, grants(settled(t, grantCases[name].rows...)))
		}
		fmt.Fprintln(&out, len(grants(settled(t, manyRows(256)...))), len(grants(settled(t, manyRows(257)...))))
		return out.String()
	})
}
