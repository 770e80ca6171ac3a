package sheet

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// A File is one file found among the inputs. One whose Skip is not "" is not to
// be read, and says why; one whose Err is not nil is a spreadsheet, or may hold
// one, but cannot be opened.
type File struct {
	// Name is the file's name in every output: from the input's own name down,
	// with / between folders and a.zip/b.xlsx inside a zip. It does not change
	// with the place of the inputs on a machine.
	Name string
	Path string // the same from what the user named, for what folders above tell
	Size int64  // bytes, unpacked; 0 for a folder
	Skip Skip
	Err  error

	load func() ([]byte, error)
}

// A Skip says why a file is not read.
type Skip string

// The reasons for which files are skipped.
const (
	SkipLock   Skip = "lock file of an open workbook"
	SkipHidden Skip = "hidden"
	SkipOther  Skip = "not a spreadsheet"
	SkipLink   Skip = "a link to a folder, or no plain file"
)

// Load reads the file's bytes. It may be called from several goroutines for
// several files at once. Call it once a file: an archive stays open until its
// last member was loaded.
func (f File) Load() (Member, error) {
	if f.Err != nil {
		return Member{}, f.Err
	}
	if f.Skip != "" {
		return Member{}, fmt.Errorf("reading %s: %w: %s", f.Name, ErrFormat, f.Skip)
	}
	data, err := f.load()
	if err != nil {
		return Member{}, fmt.Errorf("reading %s: %w", f.Name, err)
	}
	return Member{Name: f.Name, Data: data}, nil
}

// List finds the files that inputs name: files as they are, folders walked, zips
// opened, in the order of inputs and below each by name. Every file found is in
// the list, the skipped ones too. It reads the starts of files only, and whole
// archives inside archives. An input that does not exist is an error.
func List(inputs []string, limits Limits) ([]File, error) {
	l := lister{limits: limits.orDefault()}
	roots := map[string]bool{}
	for _, in := range inputs {
		info, err := os.Stat(in)
		if err != nil {
			return nil, fmt.Errorf("finding the input %s: %w", in, err)
		}
		whole, err := filepath.Abs(in)
		if err != nil {
			return nil, fmt.Errorf("naming the input %s: %w", in, err)
		}
		l.root, l.base = filepath.Clean(in), filepath.Base(whole)
		if roots[l.base] { // the second input of a name keeps what the user called it
			l.base = filepath.ToSlash(l.root)
		}
		roots[l.base] = true
		if !info.IsDir() {
			l.disk(l.root, info)
		} else if err := l.folder(); err != nil {
			return nil, fmt.Errorf("listing the input %s: %w", in, err)
		}
	}
	return l.files, nil
}

type lister struct {
	limits Limits
	root   string // the input being listed, as the user named it
	base   string // what its files' names begin with
	files  []File
}

// called returns the file at a path on disk, with its names.
func (l *lister) called(p string) File {
	f := File{Path: filepath.ToSlash(p)}
	below, err := filepath.Rel(l.root, p)
	if f.Name = l.base; err == nil && below != "." {
		f.Name += "/" + filepath.ToSlash(below)
	}
	return f
}

func (l *lister) skip(f File, why Skip) {
	f.Skip, f.load = why, nil
	l.files = append(l.files, f)
}

func (l *lister) folder() error {
	return filepath.WalkDir(l.root, func(p string, d fs.DirEntry, err error) error {
		f := l.called(p)
		if err != nil {
			if p == l.root {
				return err
			}
			f.Err = fmt.Errorf("listing %s: %w", f.Name, err)
			l.files = append(l.files, f)
			return nil
		}
		if p == l.root {
			return nil
		}
		why := skipByName(d.Name())
		if d.IsDir() {
			if why == SkipHidden {
				f.Name += "/"
				l.skip(f, why)
				return filepath.SkipDir
			}
			return nil
		}
		info, err := os.Stat(p) // of what a link points to
		switch {
		case err != nil:
			f.Err = fmt.Errorf("finding %s: %w", f.Name, err)
			l.files = append(l.files, f)
		case !info.Mode().IsRegular():
			l.skip(f, SkipLink)
		case why != "":
			f.Size = info.Size()
			l.skip(f, why)
		default:
			l.disk(p, info)
		}
		return nil
	})
}

// disk lists one file on disk.
func (l *lister) disk(p string, info fs.FileInfo) {
	f := l.called(p)
	f.Size, f.load = info.Size(), func() ([]byte, error) { return os.ReadFile(p) }
	head, err := headOf(p)
	if err != nil {
		f.Err = fmt.Errorf("opening %s: %w", f.Name, err)
		l.files = append(l.files, f)
		return
	}
	l.file(f, head, func() (opened, error) { return openDisk(p) }, 1)
}

// file lists one file by its first bytes; open opens it as a zip, depth archives
// deep.
func (l *lister) file(f File, head []byte, open func() (opened, error), depth int) {
	kind := sniff(head)
	if kind == kindZip {
		l.zip(f, open, depth)
		return
	}
	if !readable(f.Name, kind) {
		f.Skip, f.load = SkipOther, nil
	}
	l.files = append(l.files, f)
}

// headBytes are enough to tell a format.
const headBytes = 512

func headOf(p string) ([]byte, error) {
	f, err := os.Open(p)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, headBytes))
}

// skipByName tells what a name alone tells.
func skipByName(base string) Skip {
	switch {
	case strings.HasPrefix(base, "~$"), strings.HasPrefix(base, ".~lock."), strings.HasPrefix(base, ".~"):
		return SkipLock
	case strings.HasPrefix(base, "."), base == "__MACOSX", strings.EqualFold(base, "Thumbs.db"), strings.EqualFold(base, "desktop.ini"):
		return SkipHidden
	}
	return ""
}

// readable tells whether a file goes to Read: its content or its name says that
// it is a table, even of a format that Read then refuses, so that data is
// rejected by name and never skipped.
func readable(name string, k kind) bool {
	switch k {
	case kindBIFF, kindParquet, kindRAR, kind7z, kindGzip:
		return true
	}
	switch strings.ToLower(path.Ext(name)) {
	case ".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlt", ".xlsb", ".et", ".ett", ".ods", ".fods", ".numbers", ".dbf",
		".csv", ".tsv", ".parquet", ".zip", ".rar", ".7z", ".gz":
		return true
	case ".txt":
		return k == kindText
	}
	return false
}
