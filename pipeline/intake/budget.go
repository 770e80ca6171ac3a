package intake

import (
	"path"
	"strings"
	"sync"

	"fundtrace/pipeline/sheet"
)

// budgetBytes is the memory that files being read may take together, beside one
// that takes more by itself: some 1.4 million rows at once. The garbage that
// the collector lets stand comes on top.
const budgetBytes = 512 << 20

// A budget is the memory in which files are read. It keeps a machine of many cores
// from reading as many large files at once.
type budget struct {
	mu   sync.Mutex
	left *sync.Cond // somebody left
	used int64
}

func newBudget() *budget {
	b := &budget{}
	b.left = sync.NewCond(&b.mu)
	return b
}

// take waits until there is room for a file; one that needs more than all of it
// goes in alone.
func (b *budget) take(f sheet.File) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := memoryOf(f)
	for b.used > 0 && b.used+n > budgetBytes {
		b.left.Wait()
	}
	b.used += n
}

// giveBack gives back what a file took.
func (b *budget) giveBack(f sheet.File) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.used -= memoryOf(f)
	b.left.Signal()
}

// memoryOf guesses the bytes that reading a file takes, its grids and tables
// together, from the size on disk: measured on rosters of 300,000 rows.
func memoryOf(f sheet.File) int64 {
	if f.Skip != "" {
		return 0
	}
	switch strings.ToLower(path.Ext(f.Name)) {
	case ".csv", ".tsv", ".txt", ".xls", ".et":
		return 4 * f.Size
	}
	return 8 * f.Size // packed
}
