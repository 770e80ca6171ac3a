// Package intake turns grids into canonical tables: it finds the tables on a
// sheet by their headers, gives each column its field, reads the cells, takes
// from titles, names and folders what has no column, and accounts for every row.
package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"path"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"fundtrace/pipeline/intake/column"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/sheet"
)

// Options says how inputs are read.
type Options struct {
	Policy    *policy.Policy                             // nil for the built-in one
	Mapping   *Mapping                                   // nil for none
	Lang      string                                     // of reasons and doubts: zh, the default, or en
	Workers   int                                        // files read at once; 0 for every core. Of large ones fewer, for the memory they take
	Passwords []string                                   // tried on protected workbooks
	Limits    sheet.Limits                               // zero fields take sheet.DefaultLimits
	Lexicon   *column.Lexicon                            // nil for the built-in one
	Watch     func(file string, row int, t column.Trial) // told of every header that is tried, from the readers' goroutines; nil for nobody
	Progress  func(Progress)                             // called from one goroutine at a time; nil for none
}

// Progress tells that one more file was read.
type Progress struct {
	File  string
	Files int   // files done
	Of    int   // files in all
	Rows  int64 // rows of all files done
}

// Read reads files and folders, workers at a time, into the canonical tables.
// What cannot be read is in the account, not in the error. The result is the
// same for any number of workers: sources are numbered by the order of inputs,
// then sheets, then the tables on a sheet.
func Read(ctx context.Context, inputs []string, opt Options) (*Result, error) {
	files, err := sheet.List(inputs, opt.Limits)
	if err != nil {
		return nil, err
	}
	if opt.Policy == nil {
		opt.Policy = policy.Builtin()
	}
	outs := make([]fileOut, len(files))
	err = eachFile(ctx, files, opt, func(i int, f sheet.File, seen *hashes) error {
		var err error
		outs[i], err = readFile(ctx, f, i, opt, seen)
		return err
	})
	if err != nil {
		return nil, err
	}
	return join(outs, opt.Policy, language(opt.Lang))
}

// eachFile calls read for every file from several goroutines.
func eachFile(ctx context.Context, files []sheet.File, opt Options, read func(int, sheet.File, *hashes) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	workers := opt.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	next := make(chan int)
	budget := newBudget()
	var wg sync.WaitGroup
	var mu sync.Mutex
	seen := &hashes{first: map[string]int{}}
	for range min(workers, len(files)) {
		wg.Go(func() {
			for i := range next {
				err := read(i, files[i], seen)
				budget.giveBack(files[i])
				if err != nil {
					cancel(err)
					continue
				}
				if opt.Progress != nil {
					mu.Lock()
					seen.done++
					opt.Progress(Progress{File: files[i].Name, Files: seen.done, Of: len(files), Rows: seen.rows.Load()})
					mu.Unlock()
				}
			}
		})
	}
feed:
	for i, f := range files {
		budget.take(f)
		select {
		case next <- i:
		case <-ctx.Done():
			break feed
		}
	}
	close(next)
	wg.Wait()
	return context.Cause(ctx)
}

// hashes tells files apart that are being read at once.
type hashes struct {
	mu    sync.Mutex
	first map[string]int // SHA-256 → the earliest file known to have it
	done  int
	rows  atomic.Int64
}

// claim notes that file i has a hash; it reports whether an earlier file is
// known to have it too. A later twin that was read first is dropped when the
// files are joined.
func (h *hashes) claim(sum string, i int) (again bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	j, ok := h.first[sum]
	if ok && j < i {
		return true
	}
	h.first[sum] = i
	return false
}

// fileOut is what one file came to.
type fileOut struct {
	path    string // for what the folders above tell
	input   Input
	chunks  []*chunk
	rejects []Reject
}

// readFile reads one file. The error is the program's own or the context's.
func readFile(ctx context.Context, f sheet.File, i int, opt Options, seen *hashes) (fileOut, error) {
	out := fileOut{path: f.Path, input: Input{File: f.Name, Bytes: f.Size, Status: "read"}}
	if err := ctx.Err(); err != nil {
		return out, err
	}
	if f.Skip != "" {
		out.input.Status, out.input.Reason = "skipped", language(opt.Lang).skipped(f.Skip)
		return out, nil
	}
	fail := func(err error) (fileOut, error) {
		if ctx.Err() != nil {
			return out, ctx.Err()
		}
		out.input.Status, out.input.Reason = "rejected", language(opt.Lang).unread(f.Name, err)
		out.rejects = append(out.rejects, Reject{File: f.Name, Reason: out.input.Reason})
		return out, nil
	}
	m, err := f.Load()
	if err != nil {
		return fail(err)
	}
	sum := sha256.Sum256(m.Data)
	out.input.SHA256, out.input.Bytes = hex.EncodeToString(sum[:]), int64(len(m.Data))
	if seen.claim(out.input.SHA256, i) {
		return out, nil
	}
	book, err := sheet.Read(ctx, m, sheet.Options{Passwords: opt.Passwords, Limits: opt.Limits})
	if err != nil {
		return fail(err)
	}
	m.Data = nil
	err = out.sheets(book, opt, &seen.rows)
	return out, err
}

// sheets reads a file's grids, each let go when its tables are made.
func (out *fileOut) sheets(book *sheet.Book, opt Options, rows *atomic.Int64) error {
	name, lang := out.input.File, language(opt.Lang)
	broken := 0
	var in *texts
	for k, g := range book.Sheets {
		book.Sheets[k] = nil
		rows.Add(int64(g.Rows))
		if g.Err != nil {
			why := lang.unread(name, g.Err)
			broken++
			out.chunks = append(out.chunks, &chunk{account: Sheet{File: name, Sheet: g.Name, Reason: why, Bins: map[Bin]int{}, Inherited: map[string]string{}}})
			out.rejects = append(out.rejects, Reject{File: name, Sheet: g.Name, Reason: why})
			continue
		}
		in = newTexts(g, in)
		chunks, err := newSheetReader(name, out.path, in, opt).read()
		if err != nil {
			return err
		}
		for _, c := range chunks {
			if c.account.Bins[Rejected] > 0 && c.account.Bins[Loaded] == 0 {
				broken++
			}
			c.account.Totals = append([]TotalCheck{}, c.account.Totals...)
		}
		out.chunks = append(out.chunks, chunks...)
	}
	base := path.Base(name)
	if s, at, ok := fileHeads(strings.TrimSuffix(base, path.Ext(base)), out.chunks); ok {
		at.statements = append(at.statements, s)
	}
	switch {
	case broken > 0 && broken == len(book.Sheets):
		out.input.Status, out.input.Reason = "rejected", lang.say("没有可读取的工作表", "no sheet of it can be read")
	case broken > 0:
		out.input.Status, out.input.Reason = "partly", lang.say("%d个工作表未能读取", "%d of its sheets cannot be read", broken)
	}
	return nil
}
