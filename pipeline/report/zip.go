package report

import (
	"archive/zip"
	"bytes"
	"cmp"
	"hash"
	"hash/crc32"
	"io"
	"io/fs"
	"slices"

	"github.com/klauspost/compress/flate"
)

// orderedZip writes the parts of a workbook in the order of their names,
// [Content_Types].xml first and without times. The spreadsheet library hands
// large sheets over in the order of a map; held back compressed, they cost
// little and equal workbooks become equal bytes.
type orderedZip struct {
	to    io.Writer
	parts []*zipPart
}

type zipPart struct {
	name   string
	data   bytes.Buffer
	packed *flate.Writer
	sum    hash.Hash32
	size   uint64
}

// Create begins a part; the one before is complete.
func (z *orderedZip) Create(name string) (io.Writer, error) {
	p := &zipPart{name: name, sum: crc32.NewIEEE()}
	var err error
	if p.packed, err = flate.NewWriter(&p.data, flate.DefaultCompression); err != nil {
		return nil, err
	}
	z.parts = append(z.parts, p)
	return p, nil
}

func (p *zipPart) Write(b []byte) (int, error) {
	p.sum.Write(b)
	p.size += uint64(len(b))
	return p.packed.Write(b)
}

// AddFS is part of the library's interface; it adds the files of a tree.
func (z *orderedZip) AddFS(tree fs.FS) error {
	return fs.WalkDir(tree, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(tree, path)
		if err != nil {
			return err
		}
		w, err := z.Create(path)
		if err == nil {
			_, err = w.Write(b)
		}
		return err
	})
}

// Close writes the archive.
func (z *orderedZip) Close() error {
	first := func(p *zipPart) int {
		if p.name == "[Content_Types].xml" {
			return 0
		}
		return 1
	}
	slices.SortFunc(z.parts, func(a, b *zipPart) int {
		return cmp.Or(cmp.Compare(first(a), first(b)), cmp.Compare(a.name, b.name))
	})
	w := zip.NewWriter(z.to)
	for _, p := range z.parts {
		if err := p.packed.Close(); err != nil {
			return err
		}
		h := &zip.FileHeader{
			Name: p.name, Method: zip.Deflate, CRC32: p.sum.Sum32(),
			CompressedSize64: uint64(p.data.Len()), UncompressedSize64: p.size,
		}
		out, err := w.CreateRaw(h)
		if err != nil {
			return err
		}
		if _, err := p.data.WriteTo(out); err != nil {
			return err
		}
	}
	return w.Close()
}
