package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/klauspost/compress/flate"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// An archive is a zip whose members are read one by one, by several goroutines.
// It is opened by the first that asks and closed after the last member, so that
// neither open files nor unpacked archives pile up.
type archive struct {
	open func() (opened, error)

	mu    sync.Mutex
	now   opened
	users int // reading at this moment
	left  int // files in it that are yet to be read
}

type opened struct {
	zip   *zip.Reader
	close func() error
}

// acquire opens the archive unless it is open.
func (a *archive) acquire() (*zip.Reader, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.now.zip == nil {
		var err error
		if a.now, err = a.open(); err != nil {
			a.now = opened{}
			return nil, err
		}
	}
	a.users++
	return a.now.zip, nil
}

// release ends one use; read tells that one of what was left is read.
func (a *archive) release(read bool) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.users--
	if read {
		a.left--
	}
	if a.users > 0 || read && a.left > 0 {
		return nil
	}
	err := a.now.close()
	a.now = opened{}
	return err
}

// member reads member i, within limits.
func (a *archive) member(i int, limits Limits) ([]byte, error) {
	z, err := a.acquire()
	if err != nil {
		return nil, err
	}
	data, err := unpack(z.File[i], limits)
	return data, errors.Join(err, a.release(true))
}

func openDisk(p string) (opened, error) {
	f, err := os.Open(p)
	if err != nil {
		return opened{}, err
	}
	info, err := f.Stat()
	if err != nil {
		return opened{}, errors.Join(err, f.Close())
	}
	z, err := openZip(f, info.Size())
	if err != nil {
		return opened{}, errors.Join(err, f.Close())
	}
	return opened{z, f.Close}, nil
}

func openBytes(data []byte) (opened, error) {
	z, err := openZip(bytes.NewReader(data), int64(len(data)))
	return opened{z, func() error { return nil }}, err
}

// openZip opens a zip whose members inflate by the faster library.
func openZip(r io.ReaderAt, size int64) (*zip.Reader, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("%w: it begins as a zip (so does every .xlsx), but its end is cut off or damaged (%v); copy the file again from where it came", ErrDamaged, err)
	}
	z.RegisterDecompressor(zip.Deflate, flate.NewReader)
	return z, nil
}

// inner opens member i as an archive.
func (a *archive) inner(i int, limits Limits) (opened, error) {
	z, err := a.acquire()
	if err != nil {
		return opened{}, err
	}
	data, err := unpack(z.File[i], limits)
	if err := errors.Join(err, a.release(false)); err != nil {
		return opened{}, err
	}
	return openBytes(data)
}

// unpack inflates one member and checks its CRC.
func unpack(f *zip.File, limits Limits) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: unpacking: %v", ErrDamaged, err)
	}
	defer r.Close()
	bound := inflateBound(f, limits)
	var buf bytes.Buffer
	buf.Grow(int(min(f.UncompressedSize64, 64<<20)))
	n, err := io.Copy(&buf, io.LimitReader(r, bound+1))
	if n > bound {
		return nil, overInflated(f, limits)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: unpacking: %v; copy the file again from where it came", ErrDamaged, err)
	}
	return buf.Bytes(), nil
}

// ratioFloor is how much a member may hold whatever its ratio: sheets of blanks
// pack tighter than any data.
const ratioFloor = 16 << 20

// inflateBound returns how many bytes f may inflate to.
func inflateBound(f *zip.File, limits Limits) int64 {
	return min(limits.Inflated, ratioFloor+int64(min(f.CompressedSize64, 1<<40))*limits.Ratio)
}

func overInflated(f *zip.File, limits Limits) error {
	most := inflateBound(f, limits)
	return over(LimitInflated, most, "%s inflates to over %d bytes from %d (limits: %d bytes, %d to 1)",
		f.Name, most, f.CompressedSize64, limits.Inflated, limits.Ratio)
}

// zip lists a workbook as one file and any other zip as its members.
func (l *lister) zip(f File, open func() (opened, error), depth int) {
	fail := func(err error) {
		f.Err = fmt.Errorf("opening %s: %w", f.Name, err)
		l.files = append(l.files, f)
	}
	a := &archive{open: open}
	z, err := a.acquire()
	if err != nil {
		fail(err)
		return
	}
	defer a.release(false)
	switch zipKind(z) {
	case zipWorkbook:
		l.files = append(l.files, f)
		return
	case zipOther:
		if !readable(f.Name, kindText) {
			f.Skip, f.load = SkipOther, nil
		}
		l.files = append(l.files, f)
		return
	}
	if depth > l.limits.Depth {
		fail(over(LimitDepth, int64(l.limits.Depth), "a zip %d deep in zips (limit: %d); unpack it first", depth, l.limits.Depth))
		return
	}
	before := len(l.files)
	order := make([]int, 0, len(z.File))
	names := make([]string, len(z.File))
	for i, m := range z.File {
		names[i] = memberName(m)
		if !strings.HasSuffix(names[i], "/") {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(x, y int) int { return strings.Compare(names[x], names[y]) })
	for _, i := range order {
		l.member(f, names[i], a, z.File[i], i, depth)
	}
	if len(l.files) == before {
		l.skip(f, SkipOther)
	}
}

// member lists member i of the zip outer.
func (l *lister) member(outer File, name string, a *archive, m *zip.File, i, depth int) {
	f := File{Name: outer.Name + "/" + name, Path: outer.Path + "/" + name, Size: int64(m.UncompressedSize64)}
	for part := range strings.SplitSeq(name, "/") {
		if why := skipByName(part); why != "" {
			l.skip(f, why)
			return
		}
	}
	if m.Flags&1 != 0 {
		f.Err = fmt.Errorf("opening %s: %w: the zip itself is encrypted; %w", f.Name, ErrEncrypted, ErrPacked)
		l.files = append(l.files, f)
		return
	}
	head, err := memberHead(m)
	if err != nil {
		f.Err = fmt.Errorf("opening %s: %w: %v", f.Name, ErrDamaged, err)
		l.files = append(l.files, f)
		return
	}
	f.load = func() ([]byte, error) { return a.member(i, l.limits) }
	was := len(l.files)
	l.file(f, head, func() (opened, error) { return a.inner(i, l.limits) }, depth+1)
	if len(l.files) == was+1 && l.files[was].Name == f.Name && l.files[was].load != nil {
		a.left++
	}
}

func memberHead(m *zip.File) ([]byte, error) {
	r, err := m.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, headBytes))
}

// memberName returns a member's path with / between folders, decoded: UTF-8
// where it is valid, the tool's own UTF-8 copy where there is one (extra field
// 0x7075), else GB18030.
func memberName(m *zip.File) string {
	name := m.Name
	if !utf8.ValidString(name) {
		name = chineseName(m)
	}
	folder := strings.HasSuffix(name, "/") || strings.HasSuffix(name, `\`)
	name = strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/")
	if folder {
		name += "/"
	}
	return name
}

func chineseName(m *zip.File) string {
	for x := m.Extra; len(x) >= 4; {
		id, n := binary.LittleEndian.Uint16(x), int(binary.LittleEndian.Uint16(x[2:]))
		if len(x) < 4+n {
			break
		}
		if id == 0x7075 && n > 5 && x[4] == 1 && binary.LittleEndian.Uint32(x[5:]) == crc32.ChecksumIEEE([]byte(m.Name)) && utf8.Valid(x[9:4+n]) {
			return string(x[9 : 4+n])
		}
		x = x[4+n:]
	}
	name, err := simplifiedchinese.GB18030.NewDecoder().String(m.Name)
	if err != nil {
		return strings.ToValidUTF8(m.Name, "?")
	}
	return name
}

type zipContent int

const (
	zipFiles    zipContent = iota // an archive of files
	zipWorkbook                   // a workbook of XML parts
	zipOther                      // a document of another program
)

// zipKind tells a workbook, another program's document and an archive apart.
func zipKind(z *zip.Reader) zipContent {
	types, listed, workbook, other := false, false, false, false
	for _, f := range z.File {
		name := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
		switch {
		case name == "[content_types].xml":
			types = true
		case name == "xl/workbook.xml", name == "xl/workbook.bin":
			listed = true
		case strings.HasPrefix(name, "xl/"):
			workbook = true
		case name == "mimetype", name == "meta-inf/manifest.mf":
			other = true
		}
	}
	switch {
	case listed || types && workbook:
		return zipWorkbook
	case types || other:
		return zipOther
	}
	return zipFiles
}
