package intake

import (
	"path"
	"strings"
	"sync"

	"fundtrace/pipeline/sheet"
)

// roomBytes is the memory that files being read may take together, beside one
// that takes more by itself: some 1.4 million rows at once. The garbage that
// the collector lets stand comes on top.
const roomBytes = 512 << 20

// A room is the memory in which files are read. It keeps a machine of many cores
// from reading as many large files at once.
type room struct {
	mu   sync.Mutex
	left *sync.Cond // somebody left
	used int64
}

func newRoom() *room {
	r := &room{}
	r.left = sync.NewCond(&r.mu)
	return r
}

// enter waits until there is room for a file; one that needs more than all of it
// goes in alone.
func (r *room) enter(f sheet.File) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := memoryOf(f)
	for r.used > 0 && r.used+n > roomBytes {
		r.left.Wait()
	}
	r.used += n
}

// leave gives back what a file took.
func (r *room) leave(f sheet.File) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.used -= memoryOf(f)
	r.left.Signal()
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
