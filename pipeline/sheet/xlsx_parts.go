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
	zip    *zip.Reader
	parts  map[string]*zip.File // by name as it stands and in lower case
	limits Limits
}

func openPackage(data []byte, limits Limits) (*pkg, error) {
	z, err := openZip(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	if zipKind(z) == zipFiles {
		return nil, fmt.Errorf("%w: a zip that holds no workbook", ErrFormat)
	}
	p := &pkg{data: data, zip: z, parts: make(map[string]*zip.File, len(z.File)), limits: limits}
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
	c, err := p.inflated(f)
	if err != nil {
		return nil, err
	}
	return utf8Reader(c)
}

// inflated is open without a look at the encoding.
func (p *pkg) inflated(f *zip.File) (io.Reader, error) {
	off, err := f.DataOffset()
	if err != nil || off < 0 || f.CompressedSize64 > uint64(len(p.data)) || off+int64(f.CompressedSize64) > int64(len(p.data)) {
		return nil, damagedPart(f.Name, "%s lies outside the file", f.Name)
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
	return c, nil
}

// maxByExcelize bounds what excelize is given, in bytes of XML: it holds ten
// times as much in memory.
const maxByExcelize = 256 << 20

// verify checks limits and check sums of all parts, which excelize does not.
func (p *pkg) verify() error {
	total := int64(0)
	for _, f := range p.zip.File {
		r, err := p.inflated(f)
		if err != nil {
			return err
		}
		n, err := io.Copy(io.Discard, r)
		if err != nil {
			return err
		}
		if total += n; total > maxByExcelize {
			return over(LimitXML, maxByExcelize, "over %d bytes of XML of a rare kind; open the file and save it again as .xlsx", maxByExcelize)
		}
	}
	return nil
}

// read reads a part whole: the small ones.
func (p *pkg) read(f *zip.File) ([]byte, error) {
	r, err := p.open(f)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(r, maxSmallPart+1))
	if len(b) > maxSmallPart {
		return nil, over(LimitPart, maxSmallPart, "%s holds over %d bytes", f.Name, maxSmallPart)
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
		return n, damagedPart(c.file.Name, "%s fails its check sum; copy the file again from where it came", c.file.Name)
	case err != nil && err != io.EOF:
		return n, damagedPart(c.file.Name, "unpacking %s: %v; copy the file again from where it came", c.file.Name, err)
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
func (p *pkg) inflate(ctx context.Context, jobs []job, out chan<- piece, free <-chan []byte) {
	defer close(out)
	in := inflater{pkg: p, ctx: ctx, out: out, free: free}
	for _, j := range jobs {
		in.size = max(in.size, int(min(j.file.UncompressedSize64, pieceBytes-1))+1)
	}
	for _, j := range jobs {
		if !in.part(j) {
			return
		}
	}
}

type inflater struct {
	pkg  *pkg
	ctx  context.Context
	out  chan<- piece
	free <-chan []byte
	size int // of a buffer, without padding
	made int // buffers
}

// part reports whether to go on with the next part.
func (in *inflater) part(j job) bool {
	buf := in.buffer()
	if buf == nil {
		return false
	}
	r, err := in.pkg.open(j.file)
	if err != nil {
		return in.send(piece{buf: buf, last: true, err: err})
	}
	for n := 0; ; {
		m, err := io.ReadFull(r, buf[n:in.size])
		n += m
		if err != nil {
			if err == io.ErrUnexpectedEOF || err == io.EOF {
				err = nil
			}
			clear(buf[n : n+padding])
			return in.send(piece{buf: buf, n: n, last: true, err: err})
		}
		cut := lastCut(buf[:n], j.cut)
		next := in.buffer()
		if next == nil {
			return false
		}
		rest := copy(next, buf[cut:n])
		clear(buf[cut : cut+padding])
		if !in.send(piece{buf: buf, n: cut}) {
			return false
		}
		buf, n = next, rest
	}
}

// buffer returns nil once nobody reads on.
func (in *inflater) buffer() []byte {
	select {
	case b := <-in.free:
		return b
	default:
	}
	if in.made < pieces {
		in.made++
		return make([]byte, in.size+padding)
	}
	select {
	case b := <-in.free:
		return b
	case <-in.ctx.Done():
		return nil
	}
}

func (in *inflater) send(c piece) bool {
	select {
	case in.out <- c:
		return true
	case <-in.ctx.Done():
		return false
	}
}

// lastCut returns where the last row or item of b ends, len(b) if none does.
func lastCut(b []byte, end string) int {
	if i := bytes.LastIndex(b, []byte(end)); i >= 0 {
		return i + len(end)
	}
	return len(b)
}
