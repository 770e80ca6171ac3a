package sheet

import (
	"bytes"
	"fmt"
	"slices"
	"unicode/utf8"
)

// stringsScanner reads the shared strings part into an arena.
type stringsScanner struct {
	book   *workbook
	size   int64 // bytes of the whole part
	seen   int64 // bytes of pieces before this one
	depth  int
	closed bool // the root element ended
}

// plain are the bytes that stand for themselves in text: not those of markup,
// entities, escapes and line ends, nor the zeros that pad a piece.
var plain = func() (t [256]bool) {
	for i := range t {
		t[i] = i != 0 && i != '<' && i != '&' && i != '_' && i != '\r'
	}
	return t
}()

// scan reads items from b, which is padded with zeros past n, and returns how
// far it came: to the start of what b does not hold whole.
func (s *stringsScanner) scan(b []byte, n int) (int, error) {
	p, strs := 0, s.book.strs
	strs.reserve(0, 0, s.seen, s.size)
	defer func() { s.seen += int64(p) }()
	for p < n {
		for {
			q := s.plainItem(b, p, n)
			if q == p {
				break
			}
			p = q
		}
		t, q, err := nextToken(b[:n], p)
		if err != nil {
			return p, ignoreMore(err)
		}
		switch {
		case t.kind == tokEmpty && string(t.name) == "si":
			strs.Add(nil)
		case t.kind == tokStart && string(t.name) == "si":
			if strs.Bytes, q, err = appendRuns(strs.Bytes, b[:n], q, "si"); err != nil {
				strs.Bytes = strs.Bytes[:strs.Offsets[len(strs.Offsets)-1]]
				return p, ignoreMore(err)
			}
			strs.Add(nil)
		case t.kind == tokEmpty:
			s.closed = s.closed || s.depth == 0
		case t.kind == tokStart:
			s.depth++
		case t.kind == tokEnd:
			s.depth--
			s.closed = s.depth == 0
		}
		p = q
		if int64(len(strs.Bytes)) > s.book.limits.Strings {
			return p, over(LimitStrings, s.book.limits.Strings, "shared strings of over %d bytes", s.book.limits.Strings)
		}
		if s.depth > maxDepth {
			return p, errTooDeep
		}
	}
	return p, nil
}

// plainItem reads <si><t>text</t></si> at b[p], with or without what Excel adds
// for scripts that have phonetic guides, and returns where it ends, or p if it is
// anything else.
func (s *stringsScanner) plainItem(b []byte, p, n int) int {
	if p >= n || load(b, p)&mask4 != siStart {
		return p
	}
	from := p + 4
	switch {
	case load(b, from)&mask3 == tStart:
		from += 3
	case bytes.HasPrefix(b[from:], []byte(`<t xml:space="preserve">`)):
		from += 24
	default:
		return p
	}
	q := from
	for plain[b[q]] {
		q++
	}
	text := b[from:q]
	if load(b, q)&mask4 != tEnd {
		return p
	}
	if q += 4; load(b, q)&mask6 == phonetic {
		i := bytes.IndexByte(b[q:], '>')
		if i < 0 || b[q+i-1] != '/' {
			return p
		}
		q += i + 1
	}
	if load(b, q)&mask5 != siEnd || q+5 > n {
		return p
	}
	s.book.strs.Add(text)
	return q + 5
}

func (s *stringsScanner) finish() error {
	if !s.closed {
		return fmt.Errorf("%w: the shared strings are cut off", ErrDamaged)
	}
	strs := s.book.strs
	if !utf8.Valid(strs.Bytes) {
		return fmt.Errorf("%w: the shared strings are no UTF-8", ErrDamaged)
	}
	for i := range strs.Len() {
		s.book.blankText = s.book.blankText || strs.Offsets[i] == strs.Offsets[i+1]
	}
	return nil
}

// fail: without the texts no sheet can be used.
func (s *stringsScanner) fail(error) bool { return true }

// reserve makes room for the texts of a part of size bytes, seen of which gave
// those since mark and index: twice what there is, or less if less is to come.
func (s *Strings) reserve(mark, index int, seen, size int64) {
	if seen == 0 || seen >= size {
		return
	}
	ahead := func(have, since int) int {
		return min(have, int(float64(have-since)/float64(seen)*float64(size-seen)*1.02))
	}
	if cap(s.Bytes)-len(s.Bytes) < pieceBytes {
		s.Bytes = slices.Grow(s.Bytes, ahead(len(s.Bytes), mark))
	}
	if cap(s.Offsets)-len(s.Offsets) < pieceBytes/16 {
		s.Offsets = slices.Grow(s.Offsets, ahead(s.Len(), index))
	}
}

// ignoreMore takes the end of a piece for no error.
func ignoreMore(err error) error {
	if err == errMore {
		return nil
	}
	return err
}
