//go:build !linux

package publish

import (
	"errors"
	"io/fs"
	"os"
)

// replace puts tmp in dir's place in two renames, the nearest to one step that
// every system has; what stood in dir is at tmp afterwards.
func replace(tmp, dir string) error {
	old := tmp + ".old"
	if err := os.RemoveAll(old); err != nil {
		return err
	}
	if err := os.Rename(dir, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(tmp, dir); err != nil {
		return errors.Join(err, os.Rename(old, dir))
	}
	return os.RemoveAll(old)
}

// lock keeps nobody out: there is no lock that every system drops with its
// process.
func lock(string) (unlock func(), err error) { return func() {}, nil }
