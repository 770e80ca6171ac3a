package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
)

// Mark is the file by which a folder is known as a result: a JSON object whose
// key "outputs" lists every other file of it.
const Mark = "run.json"

// A File is one file of a result: its name under the folder, with slashes, its
// bytes and their SHA-256 in hexadecimal digits.
type File struct {
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
}

// Files lists the files under dir but for the mark, by name.
func Files(dir string) ([]File, error) {
	var list []File
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil || name == Mark {
			return err
		}
		f := File{File: filepath.ToSlash(name)}
		if e.Type().IsRegular() {
			if f.SHA256, f.Bytes, err = hashOf(path); err != nil {
				return err
			}
		}
		list = append(list, f)
		return nil
	})
	sort.Slice(list, func(i, j int) bool { return list[i].File < list[j].File })
	return list, err
}

func hashOf(path string) (sum string, bytes int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	bytes, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), bytes, err
}

// foreignIn returns the first file of a folder that no run wrote, or that is no
// more as the run wrote it: a workbook somebody filled in. An empty folder has
// none, one without a mark has the first of its files.
func foreignIn(dir string) (string, error) {
	list, err := Files(dir)
	if err != nil {
		return "", err
	}
	text, err := os.ReadFile(filepath.Join(dir, Mark))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	var mark struct {
		Outputs []File `json:"outputs"`
	}
	if err == nil && (json.Unmarshal(text, &mark) != nil || mark.Outputs == nil) {
		return Mark, nil
	}
	ours := map[File]bool{}
	for _, f := range mark.Outputs {
		ours[f] = true
	}
	for _, f := range list {
		if !ours[f] {
			return f.File, nil
		}
	}
	return "", nil
}
