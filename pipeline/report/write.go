// Package report writes what a run found: JSON lines, Parquet and run.json for
// machines, a workbook for inspectors, a page for leaders. A file a format.
// Equal Data makes equal bytes, the clock in run.json aside.
package report

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"fundtrace/pipeline/publish"
)

// Write writes every file of a run's result into dir, which must exist and
// should be empty. On an error the files already there are not to be used.
func Write(dir string, d *Data) error {
	if err := os.MkdirAll(filepath.Join(dir, "tables"), 0o755); err != nil {
		return fmt.Errorf("writing results: %w", err)
	}
	m := newMasker(d)
	leads := records(d, m)
	jobs := []job{
		{"leads.xlsx", func(path string) error { return writeWorkbook(path, d) }},
		{"payments.parquet", func(path string) error { return writePayments(path, d, m) }},
		{"leads.jsonl", func(path string) error { return writeLines(path, leads) }},
		{"leads.parquet", func(path string) error { return writeLeads(path, leads) }},
		{"chains.parquet", func(path string) error { return writeChains(path, d, m) }},
		{"rejects.parquet", func(path string) error { return writeRejects(path, d, m) }},
		{"report.html", func(path string) error { return writePage(path, d, leads, m) }},
	}
	for _, s := range published {
		jobs = append(jobs, job{"tables/" + s.Name + ".parquet", func(path string) error { return writeTable(path, d, s, m) }})
	}
	if err := runJobs(dir, jobs); err != nil {
		return err
	}
	// The account is last, to tell when the run ended.
	return runJobs(dir, []job{{publish.Mark, func(path string) error { return writeRun(path, d, m) }}})
}

// A job writes one file.
type job struct {
	name  string
	write func(path string) error
}

// runJobs runs the jobs on every core and returns the error of the first in
// the list that failed.
func runJobs(dir string, jobs []job) error {
	errs := make([]error, len(jobs))
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for i, j := range jobs {
		free <- struct{}{}
		wg.Go(func() {
			errs[i] = j.write(filepath.Join(dir, filepath.FromSlash(j.name)))
			<-free
		})
	}
	wg.Wait()
	for i, err := range errs {
		if err != nil {
			return fmt.Errorf("writing %s: %w", jobs[i].name, err)
		}
	}
	return nil
}

// writeFile makes a file of what fill writes, buffered.
func writeFile(path string, fill func(w *bufio.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<16)
	if err = fill(w); err == nil {
		err = w.Flush()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}
