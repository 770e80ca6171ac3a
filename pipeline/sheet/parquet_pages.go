package sheet

import (
	"encoding/binary"
	"fmt"
	"io"

	"github.com/apache/arrow/go/v15/parquet/file"
)

// checkPages walks the page headers of every column chunk before the library
// sees them: on a page of a kind it does not know, or past the end of a chunk, it
// reads on without end, and a page may announce any size. Chunks must lie inside
// the file, their pages inside them, and hold as many values as the chunk says.
func checkPages(f *file.Reader, data []byte, limits Limits) error {
	size, unpacked := int64(len(data)), int64(0)
	for g := range f.NumRowGroups() {
		group := f.MetaData().RowGroup(g)
		for c := range group.NumColumns() {
			chunk, err := group.ColumnChunk(c)
			if err != nil {
				return err
			}
			lo := chunk.DataPageOffset()
			if d := chunk.DictionaryPageOffset(); chunk.HasDictionaryPage() && d > 0 && d < lo {
				lo = d
			}
			n := chunk.TotalCompressedSize()
			if lo < 0 || n < 0 || lo > size || n > size-lo {
				return fmt.Errorf("column %d of row group %d lies outside the file", c+1, g+1)
			}
			left := chunk.NumValues()
			for pages := data[lo : lo+n]; left > 0; {
				h, used, err := readPageHeader(pages)
				if err != nil {
					return fmt.Errorf("column %d of row group %d: %w", c+1, g+1, err)
				}
				if h.packed < 0 || h.unpacked < 0 || h.packed > int64(len(pages)-used) {
					return fmt.Errorf("column %d of row group %d: a page of %d bytes runs past its end", c+1, g+1, h.packed)
				}
				if h.kind != pageDictionary {
					left -= h.values
				}
				if unpacked += h.unpacked; unpacked > limits.Inflated {
					return over(LimitInflated, limits.Inflated, "pages that unpack to over %d bytes", limits.Inflated)
				}
				pages = pages[used+int(h.packed):]
			}
			if left < 0 {
				return fmt.Errorf("column %d of row group %d has pages of more values than it announces", c+1, g+1)
			}
		}
	}
	return nil
}

// The kinds of pages that the library reads.
const (
	pageData       = 0
	pageDictionary = 2
	pageDataV2     = 3
)

type pageHeader struct{ kind, unpacked, packed, values int64 }

// readPageHeader reads a page header, a Thrift structure in compact encoding,
// and returns how many bytes it took.
func readPageHeader(data []byte) (h pageHeader, used int, err error) {
	c := compact{data: data}
	h = pageHeader{-1, -1, -1, -1}
	c.fields(func(id int64, kind byte) {
		switch {
		case id == 1 && kind == compactI32:
			h.kind = c.int()
		case id == 2 && kind == compactI32:
			h.unpacked = c.int()
		case id == 3 && kind == compactI32:
			h.packed = c.int()
		case (id == 5 || id == 7 || id == 8) && kind == compactStruct:
			c.fields(func(id int64, kind byte) {
				if id == 1 && kind == compactI32 {
					h.values = c.int()
				} else {
					c.skip(2, kind)
				}
			})
		default:
			c.skip(1, kind)
		}
	})
	switch {
	case c.err != nil:
		return h, 0, fmt.Errorf("reading a page header: %w", c.err)
	case h.kind != pageData && h.kind != pageDictionary && h.kind != pageDataV2:
		return h, 0, fmt.Errorf("a page of an unknown kind %d", h.kind)
	case h.values < 0:
		return h, 0, fmt.Errorf("a page of %d values", h.values)
	}
	return h, c.at, nil
}

// compact reads Thrift's compact encoding as far as page headers need it. After
// an error it reads nothing more.
type compact struct {
	data []byte
	at   int
	err  error
}

// The element types of the encoding that are told apart here.
const (
	compactStop   = 0
	compactTrue   = 1
	compactFalse  = 2
	compactByte   = 3
	compactI16    = 4
	compactI32    = 5
	compactI64    = 6
	compactDouble = 7
	compactBinary = 8
	compactList   = 9
	compactSet    = 10
	compactMap    = 11
	compactStruct = 12
)

func (c *compact) fail() {
	if c.err == nil {
		c.err = io.ErrUnexpectedEOF
	}
}

func (c *compact) byte() byte {
	if c.err != nil || c.at >= len(c.data) {
		c.fail()
		return compactStop
	}
	c.at++
	return c.data[c.at-1]
}

func (c *compact) uint() uint64 {
	if c.err != nil {
		return 0
	}
	v, n := binary.Uvarint(c.data[c.at:])
	if n <= 0 {
		c.fail()
		return 0
	}
	c.at += n
	return v
}

// int reads a signed number, zigzag encoded.
func (c *compact) int() int64 {
	v := c.uint()
	return int64(v>>1) ^ -int64(v&1)
}

func (c *compact) jump(n uint64) {
	if n > uint64(len(c.data)-c.at) {
		c.fail()
		return
	}
	c.at += int(n)
}

// fields calls field for each field of a structure; field reads its value.
func (c *compact) fields(field func(id int64, kind byte)) {
	for id := int64(0); c.err == nil; {
		b := c.byte()
		if b&15 == compactStop {
			return
		}
		if b>>4 == 0 {
			id = c.int()
		} else {
			id += int64(b >> 4)
		}
		field(id, b&15)
	}
}

// pageDepth is deeper than any page header goes.
const pageDepth = 8

func (c *compact) skip(depth int, kind byte) {
	if depth > pageDepth {
		c.fail()
	}
	if c.err != nil {
		return
	}
	switch kind {
	case compactTrue, compactFalse:
	case compactByte:
		c.jump(1)
	case compactI16, compactI32, compactI64:
		c.uint()
	case compactDouble:
		c.jump(8)
	case compactBinary:
		c.jump(c.uint())
	case compactList, compactSet:
		b := c.byte()
		n := uint64(b >> 4)
		if n == 15 {
			n = c.uint()
		}
		for i := uint64(0); i < n && c.err == nil; i++ {
			c.element(depth, b&15)
		}
	case compactMap:
		n := c.uint()
		if n == 0 {
			return
		}
		b := c.byte()
		for i := uint64(0); i < n && c.err == nil; i++ {
			c.element(depth, b>>4)
			c.element(depth, b&15)
		}
	case compactStruct:
		c.fields(func(_ int64, kind byte) { c.skip(depth+1, kind) })
	default:
		c.fail()
	}
}

// element skips an element of a collection, where a boolean takes a byte.
func (c *compact) element(depth int, kind byte) {
	if kind == compactTrue || kind == compactFalse {
		kind = compactByte
	}
	c.skip(depth+1, kind)
}
