// Package publish puts a folder of results in place whole or not at all.
package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrForeign tells that a folder is not an earlier result and must not be
// replaced.
var ErrForeign = errors.New("the folder holds something else than an earlier result; name another or empty it")

// Check reports whether dir may become a result: it does not exist, is empty,
// or holds mark, the file every result has.
func Check(dir, mark string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("looking at the output folder: %w", err)
	case len(entries) == 0:
		return nil
	}
	if _, err := os.Stat(filepath.Join(dir, mark)); err != nil {
		return fmt.Errorf("output folder %s: %w", dir, ErrForeign)
	}
	return nil
}

// Dir calls write with an empty folder beside dir and, when that succeeds, puts
// it in dir's place in one step; what stood there is removed afterwards. When
// write fails or the process dies, dir is as it was, and the next Dir clears
// what was left beside it. Only one process at a time may publish to dir.
func Dir(dir string, write func(tmp string) error) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	parent, name := filepath.Split(dir)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return fmt.Errorf("making the folder of the output: %w", err)
	}
	tmp := filepath.Join(parent, "."+name+".partial")
	unlock, err := lock(tmp + ".lock")
	if err != nil {
		return fmt.Errorf("publishing to %s: %w", dir, err)
	}
	defer unlock()
	if err := os.RemoveAll(tmp); err != nil {
		return fmt.Errorf("clearing what an earlier run left: %w", err)
	}
	if err := os.Mkdir(tmp, 0o755); err != nil {
		return fmt.Errorf("making a folder beside the output: %w", err)
	}
	if err := write(tmp); err != nil {
		return errors.Join(err, os.RemoveAll(tmp))
	}
	if err := replace(tmp, dir); err != nil {
		return fmt.Errorf("publishing to %s: %w", dir, err)
	}
	return os.RemoveAll(tmp) // after an exchange this is the result before
}
