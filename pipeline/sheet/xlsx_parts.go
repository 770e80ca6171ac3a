package sheet

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"regexp"
	"strings"

	"github.com/klauspost/compress/flate"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// A pkg is a workbook's zip.
type pkg struct {
	data   []byte
	parts  map[string]*zip.File // by name as it stands and in lower case
	limits Limits
}

func openPackage(data []byte, limits Limits) (*pkg, error) {
	z, err := openZip(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	p := &pkg{data: data, parts: make(map[string]*zip.File, len(z.File)), limits: limits}
	for _, f := range z.File {
		name := strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/")
		p.parts[name] = f // the last of two, as the zip's directory has it
	}
	for _, f := range z.File {
		name := strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"))
		if p.parts[name] == nil {
			p.parts[name] = f
		}
	}
	return p, nil
}

// find returns a part by its name, which packages do not spell with care.
func (p *pkg) find(name string) *zip.File {
	if f := p.parts[name]; f != nil {
		return f
	}
	return p.parts[strings.ToLower(name)]
}

// open returns a part's bytes as UTF-8. Reading ends with an error where the
// part is over a limit, is shorter or longer than the zip says, or fails its
// CRC.
func (p *pkg) open(f *zip.File) (io.Reader, error) {
	off, err := f.DataOffset()
	if err != nil || off < 0 || f.CompressedSize64 > uint64(len(p.data)) || off+int64(f.CompressedSize64) > int64(len(p.data)) {
		return nil, fmt.Errorf("%w: %s lies outside the file", ErrDamaged, f.Name)
	}
	packed := bytes.NewReader(p.data[off : off+int64(f.CompressedSize64)])
	c := &checked{file: f, limits: p.limits, sum: crc32.NewIEEE()}
	switch f.Method {
	case zip.Store:
		c.from = packed
	case zip.Deflate:
		c.from = flate.NewReader(packed)
	default:
		return nil, fmt.Errorf("%w: %s is packed by method %d; save the file again", ErrFormat, f.Name, f.Method)
	}
	return utf8Reader(c)
}

// read reads a part whole: the small ones.
func (p *pkg) read(f *zip.File) ([]byte, error) {
	r, err := p.open(f)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(r, maxSmallPart+1))
	if len(b) > maxSmallPart {
		return nil, fmt.Errorf("%w: %s holds over %d bytes", ErrLimit, f.Name, maxSmallPart)
	}
	return b, err
}

// maxSmallPart bounds the parts that are read whole: the list of sheets,
// relations and styles.
const maxSmallPart = 64 << 20

// checked inflates one part and holds it to its limits, size and CRC.
type checked struct {
	from   io.Reader
	file   *zip.File
	limits Limits
	sum    hash.Hash32
	n      int64
}

func (c *checked) Read(b []byte) (int, error) {
	n, err := c.from.Read(b)
	c.sum.Write(b[:n])
	c.n += int64(n)
	switch {
	case c.n > inflateBound(c.file, c.limits):
		return n, overInflated(c.file, c.limits)
	case err == io.EOF && (c.n != int64(c.file.UncompressedSize64) || c.file.CRC32 != c.sum.Sum32()):
		return n, fmt.Errorf("%w: %s fails its check sum; copy the file again from where it came", ErrDamaged, c.file.Name)
	case err != nil && err != io.EOF:
		return n, fmt.Errorf("%w: unpacking %s: %v; copy the file again from where it came", ErrDamaged, c.file.Name, err)
	}
	return n, err
}

var declared = regexp.MustCompile(`^<\?xml[^>]*encoding\s*=\s*["']([^"']*)["']`)

// utf8Reader returns the text of an XML part as UTF-8 without its byte order
// mark. It fails with errUnknown on an encoding other than UTF-8 and UTF-16.
func utf8Reader(r io.Reader) (io.Reader, error) {
	head := make([]byte, 256)
	n, err := io.ReadFull(r, head)
	head = head[:n]
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	whole := io.MultiReader(bytes.NewReader(head), r)
	if err != nil {
		whole = bytes.NewReader(head)
	}
	var order unicode.Endianness
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, err := io.CopyN(io.Discard, whole, 3)
		return whole, err
	case bytes.HasPrefix(head, []byte("\xfe\xff")), bytes.HasPrefix(head, []byte("\x00<")):
		order = unicode.BigEndian
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("<\x00")):
		order = unicode.LittleEndian
	default:
		if m := declared.FindSubmatch(head); m != nil {
			switch strings.ToLower(string(m[1])) {
			case "utf-8", "utf8", "us-ascii", "ascii":
			default:
				return nil, errUnknown
			}
		}
		return whole, nil
	}
	return transform.NewReader(whole, unicode.UTF16(order, unicode.UseBOM).NewDecoder()), nil
}

// A piece is a stretch of one part, cut between its rows or items as well as
// can be told without scanning.
type piece struct {
	part int
	buf  []byte // n bytes and a padding of zeros
	n    int
	last bool
	err  error // reading the part ended with it; then last is true
}

const (
	pieceBytes = 1 << 20
	// padding lets a scanner look ahead without asking for the end.
	padding = 64
	// pieces is how far inflating may run ahead of scanning.
	pieces = 6
)

// A job is a part to be scanned: cut is what its rows or items end with.
type job struct {
	file *zip.File
	cut  string
}

// inflate sends the parts one after the other, each in pieces. Buffers come
// back through free.
func (p *pkg) inflate(ctx context.Context, jobs []job, out chan<- piece, free chan []byte) {
	defer close(out)
	for range pieces {
		free <- make([]byte, pieceBytes+padding)
	}
	for i, j := range jobs {
		if !p.inflatePart(ctx, i, j, out, free) {
			return
		}
	}
}

// inflatePart reports whether to go on with the next part.
func (p *pkg) inflatePart(ctx context.Context, i int, j job, out chan<- piece, free chan []byte) bool {
	send := func(c piece) bool {
		select {
		case out <- c:
			return true
		case <-ctx.Done():
			return false
		}
	}
	next := func() []byte {
		select {
		case b := <-free:
			return b
		case <-ctx.Done():
			return nil
		}
	}
	buf := next()
	if buf == nil {
		return false
	}
	r, err := p.open(j.file)
	if err != nil {
		return send(piece{part: i, buf: buf, last: true, err: err})
	}
	n := 0
	for {
		m, err := io.ReadFull(r, buf[n:pieceBytes])
		n += m
		if err != nil {
			if err == io.ErrUnexpectedEOF || err == io.EOF {
				err = nil
			}
			clear(buf[n : n+padding])
			return send(piece{part: i, buf: buf, n: n, last: true, err: err})
		}
		cut := lastCut(buf[:n], j.cut)
		other := next()
		if other == nil {
			return false
		}
		rest := copy(other, buf[cut:n])
		clear(buf[cut : cut+padding])
		if !send(piece{part: i, buf: buf, n: cut}) {
			return false
		}
		buf, n = other, rest
	}
}

// lastCut returns where the last row or item of b ends, len(b) if none does.
func lastCut(b []byte, end string) int {
	if i := bytes.LastIndex(b, []byte(end)); i >= 0 {
		return i + len(end)
	}
	return len(b)
}
