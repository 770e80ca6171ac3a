// Package publish puts a folder of results in place whole or not at all, and
// removes nothing that a run did not write.
package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrRefused tells that results may not go to a place: what the caller named is
// wrong, and nothing was done.
var ErrRefused = errors.New("results cannot go there")

// A Folder is where the results of this process, and of no other, go.
type Folder struct {
	dir    string // absolute, without links
	mode   fs.FileMode
	stays  []string // of earlier runs, beside the folder
	unlock func()
}

// Claim makes sure that dir can become a folder of results made from inputs and
// keeps other processes from it until Release. It may be absent, empty, or hold
// an earlier result and nothing else. Links are followed. What a killed run left
// beside it is cleared, and where that run died between two renames the result
// before it is back in place. An error that is ErrRefused is about what the
// caller named.
func Claim(dir string, inputs []string) (*Folder, error) {
	named := dir
	dir, err := resolve(named)
	if err != nil {
		return nil, fmt.Errorf("output folder %q: %w: %w", named, err, ErrRefused)
	}
	if err := apart(dir, inputs); err != nil {
		return nil, err
	}
	if mountPoint(dir) {
		return nil, fmt.Errorf("output folder %q is where a file system is mounted, so it cannot be replaced whole; name a folder in it: %w", dir, ErrRefused)
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return nil, fmt.Errorf("making the folder of the output: %w", err)
	}
	f := &Folder{dir: dir, mode: 0o700}
	if f.unlock, err = lock(f.beside("lock")); err != nil {
		return nil, fmt.Errorf("output folder %q: %w", dir, err)
	}
	if err := f.ready(); err != nil {
		f.Release()
		return nil, err
	}
	return f, nil
}

// Release lets other processes publish to the folder.
func (f *Folder) Release() { f.unlock() }

// ready takes up what a killed run left and looks at what stands in dir.
func (f *Folder) ready() error {
	aside := f.beside("before")
	if _, err := os.Lstat(f.dir); errors.Is(err, fs.ErrNotExist) {
		if err := os.Rename(aside, f.dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("putting the result before the killed run back: %w", err)
		}
	}
	f.discard(aside)
	f.clear()
	info, err := os.Stat(f.dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("looking at the output folder: %w", err)
	case !info.IsDir():
		return fmt.Errorf("output folder %q is a file: %w", f.dir, ErrRefused)
	}
	f.mode = info.Mode().Perm()
	foreign, err := foreignIn(f.dir)
	if err != nil {
		return fmt.Errorf("looking at the output folder: %w", err)
	}
	if foreign != "" {
		return fmt.Errorf("output folder %q holds %q, which is not as a run wrote it; move it or name another folder: %w", f.dir, foreign, ErrRefused)
	}
	return nil
}

// beside names a place beside the folder, hidden, for one purpose.
func (f *Folder) beside(purpose string) string {
	return filepath.Join(filepath.Dir(f.dir), "."+filepath.Base(f.dir)+"."+purpose)
}

// partial is how the names of the folders begin in which results are written.
const partial = "partial-"

// clear removes what killed runs wrote beside the folder, as far as this user
// may: it holds names and numbers.
func (f *Folder) clear() {
	parent, prefix := filepath.Split(f.beside(partial))
	entries, err := os.ReadDir(parent)
	if err != nil {
		return
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), prefix) {
			f.remove(filepath.Join(parent, e.Name()))
		}
	}
}

// remove removes a folder of ours or notes that it stays.
func (f *Folder) remove(dir string) {
	if os.RemoveAll(dir) != nil {
		f.stays = append(f.stays, dir)
	}
}

// discard removes an earlier result. One in which somebody put a file meanwhile
// is kept, under a name that no later run clears.
func (f *Folder) discard(result string) {
	switch foreign, err := foreignIn(result); {
	case errors.Is(err, fs.ErrNotExist):
		return
	case err == nil && foreign == "":
		f.remove(result)
		return
	}
	kept, err := os.MkdirTemp(filepath.Split(f.beside("kept-*")))
	if err == nil {
		kept = filepath.Join(kept, filepath.Base(f.dir))
		err = os.Rename(result, kept)
	}
	if err != nil {
		kept = result
	}
	f.stays = append(f.stays, kept)
}

// Publish calls write with an empty folder that nobody else may read and, when
// that succeeds, puts it in the place of the folder, on disk before it is seen.
// When write fails or the process dies, what stood there stands. A result is
// published when err is nil; stays names what is left beside it because this
// user may not remove it or because no run wrote it.
func (f *Folder) Publish(write func(tmp string) error) (stays []string, err error) {
	tmp, err := os.MkdirTemp(filepath.Split(f.beside(partial + "*")))
	if err != nil {
		return nil, fmt.Errorf("making a folder beside the output: %w", err)
	}
	if err = write(tmp); err == nil {
		err = seal(tmp, f.mode)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(tmp))
	}
	before, err := f.replace(tmp)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("publishing to %q: %w", f.dir, err), os.RemoveAll(tmp))
	}
	if err := syncDir(filepath.Dir(f.dir)); err != nil {
		return nil, fmt.Errorf("publishing to %q: %w", f.dir, err)
	}
	if before != "" {
		f.discard(before)
	}
	return f.stays, nil
}

// replace puts tmp in the folder's place and returns where what stood there is,
// "" if nothing did. Where the file system can exchange two folders there is no
// moment without a result; elsewhere there is one between two renames, which
// the next Claim repairs.
func (f *Folder) replace(tmp string) (before string, err error) {
	err = os.Rename(tmp, f.dir) // onto nothing or an empty folder
	if err == nil {
		return "", nil
	}
	if _, gone := os.Lstat(f.dir); gone != nil {
		return "", err
	}
	if err = exchange(tmp, f.dir); err == nil {
		return tmp, nil
	}
	if !errors.Is(err, errors.ErrUnsupported) {
		return "", err
	}
	aside := f.beside("before")
	if err := os.Rename(f.dir, aside); err != nil {
		return "", err
	}
	if err := os.Rename(tmp, f.dir); err != nil {
		return "", errors.Join(err, os.Rename(aside, f.dir))
	}
	return aside, nil
}

// seal lets only the owner read the files under dir, gives dir its mode, and
// brings all of it to the disk.
func seal(dir string, mode fs.FileMode) error {
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() {
			return os.Chmod(path, 0o700)
		}
		file, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			return err
		}
		return errors.Join(file.Chmod(0o600), file.Sync(), file.Close())
	})
	if err != nil {
		return fmt.Errorf("bringing the results to the disk: %w", err)
	}
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() {
			return err
		}
		return syncDir(path)
	})
	return errors.Join(err, os.Chmod(dir, mode))
}

// resolve makes a path absolute and follows its links as far as it exists; a
// link to nothing is an error.
func resolve(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return filepath.EvalSymlinks(path)
	}
	parent := filepath.Dir(path)
	if parent == path {
		return path, nil
	}
	parent, err = resolve(parent)
	return filepath.Join(parent, filepath.Base(path)), err
}

// apart refuses an output that is, holds or lies in an input.
func apart(dir string, inputs []string) error {
	for _, name := range inputs {
		in, err := resolve(name)
		if err != nil {
			continue // whoever reads it says what is wrong
		}
		if within(dir, in) || within(in, dir) {
			return fmt.Errorf("output folder %q and input %q lie in one another; results are never read as input and inputs never replaced: %w", dir, in, ErrRefused)
		}
	}
	return nil
}

// within tells whether path is dir or lies in it.
func within(path, dir string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}
