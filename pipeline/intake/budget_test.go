package intake

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"fundtrace/pipeline/sheet"
)

// However many workers there are, files that are read at once take no more than
// the budget, but for one that is larger by itself; and all are read.
func TestLargeFilesTakeTurns(t *testing.T) {
	var files []sheet.File
	for i := range 60 {
		f := sheet.File{Name: fmt.Sprintf("%d.xlsx", i), Size: int64(i%7) * budgetBytes / 30}
		if i == 20 {
			f.Size = budgetBytes
		}
		files = append(files, f)
	}
	files = append(files, sheet.File{Name: "视频.mp4", Size: 100 * budgetBytes, Skip: sheet.SkipOther})
	var mu sync.Mutex
	var used int64
	now, most, done := 0, 0, map[int]bool{}
	read := func(i int, f sheet.File, _ *hashes) error {
		mu.Lock()
		used += memoryOf(f)
		now++
		most = max(most, now)
		if used > budgetBytes && used != memoryOf(f) {
			t.Errorf("file %d: %d bytes at once, %d files", i, used, now)
		}
		mu.Unlock()
		runtime.Gosched()
		mu.Lock()
		defer mu.Unlock()
		used -= memoryOf(f)
		now--
		done[i] = true
		return nil
	}
	if err := eachFile(t.Context(), files, Options{Workers: 16}, read); err != nil {
		t.Fatal(err)
	}
	if len(done) != len(files) || most < 2 {
		t.Errorf("%d of %d files read, at most %d at once", len(done), len(files), most)
	}

	// A failure ends the reading, whoever waits for room.
	boom := errors.New("boom")
	err := eachFile(t.Context(), files, Options{Workers: 3}, func(i int, _ sheet.File, _ *hashes) error {
		if i == 5 {
			return boom
		}
		return nil
	})
	if !errors.Is(err, boom) {
		t.Errorf("got %v", err)
	}
}
