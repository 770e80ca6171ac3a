package rules_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/ruletest"
	"fundtrace/pipeline/table"
	"fundtrace/rules"
)

// ordered are the rules that ask in which order a roster lists its people.
var ordered = []string{"data-roster-copied"}

// TestShuffled shuffles the rows of every fixture's sheets: the leads stay, with
// their grades and to the fen. (Summaries name people in the order of the rows.)
func TestShuffled(t *testing.T) {
	shared, err := os.ReadFile(filepath.Join(fixtures, "policy.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules.All {
		if slices.Contains(ordered, r.ID) || slices.Contains(r.By, table.Sheet) {
			continue
		}
		t.Run(r.ID, func(t *testing.T) {
			t.Parallel()
			files, err := filepath.Glob(filepath.Join(fixtures, r.ID, "*.txtar"))
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range files {
				data, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				want := leadLines(t, r, data, shared)
				for seed := range uint64(3) {
					if got := leadLines(t, r, shuffled(data, seed), shared); !slices.Equal(got, want) {
						t.Errorf("%s, shuffle %d:\n%s\nunshuffled:\n%s", filepath.Base(file), seed, strings.Join(got, "\n"), strings.Join(want, "\n"))
					}
				}
			}
		})
	}
}

// leadLines returns the lines of a fixture's leads, sorted.
func leadLines(t *testing.T, r *detect.Rule, data, shared []byte) []string {
	f, err := ruletest.Parse(r.ID, data, shared)
	if err != nil {
		t.Fatal(err)
	}
	set, err := f.Resolve()
	if err != nil {
		t.Fatal(err)
	}
	leads, _, err := ruletest.Embedded(t.Context(), []*detect.Rule{r}, set, detect.Settings{AsOf: f.AsOf, Policy: f.Policy})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, l := range leads {
		out = append(out, fmt.Sprint(l.Grade, l.Match, l.Subject, l.Amount, l.Program, l.Period, l.FundNo, l.ProjectID, l.Item, len(l.Evidence)))
	}
	slices.Sort(out)
	return out
}

// shuffled shuffles the rows of a fixture's tables, each within its sheet: the
// same line in another sheet is a payment reported twice.
func shuffled(data []byte, seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	ar := txtar.Parse(data)
	for i, f := range ar.Files {
		if !strings.HasSuffix(f.Name, ".csv") {
			continue
		}
		lines := strings.Split(strings.TrimRight(string(f.Data), "\n"), "\n")
		rows := lines[slices.IndexFunc(lines, func(s string) bool { return s != "" && s[0] != '#' })+1:]
		r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		ar.Files[i].Data = []byte(strings.Join(lines, "\n") + "\n")
	}
	return txtar.Format(ar)
}
