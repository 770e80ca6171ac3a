package sheet

import (
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// Records of a BIFF stream that are read ([MS-XLS] 2.3; BIFF5 has the same
// numbers).
const (
	biffFormula    = 0x0006
	biffEOF        = 0x000A
	biffDateMode   = 0x0022
	biffFilePass   = 0x002F
	biffContinue   = 0x003C
	biffCodePage   = 0x0042
	biffColInfo    = 0x007D
	biffBoundSheet = 0x0085
	biffMulRK      = 0x00BD
	biffRString    = 0x00D6
	biffXF         = 0x00E0
	biffMergeCells = 0x00E5
	biffSST        = 0x00FC
	biffLabelSST   = 0x00FD
	biffNumber     = 0x0203
	biffLabel      = 0x0204
	biffBoolErr    = 0x0205
	biffString     = 0x0207
	biffRow        = 0x0208
	biffRK         = 0x027E
	biffFormat     = 0x041E
	biffBOF        = 0x0809
)

// Records of BIFF2 to BIFF4 that differ from those above; a name ends in the
// first version that has the record.
const (
	biffInteger2 = 0x0002
	biffNumber2  = 0x0003
	biffLabel2   = 0x0004
	biffBoolErr2 = 0x0005
	biffString2  = 0x0007
	biffFormat2  = 0x001E
	biffFormula3 = 0x0206
	biffXF3      = 0x0243
	biffFormula4 = 0x0406
	biffXF4      = 0x0443
)

// Kinds in the BOF record of what is no sheet.
const (
	bofGlobals   = 0x0005
	bofWorkspace = 0x0100
)

// isBOF tells whether a record is the BOF of any version.
func isBOF(id uint16) bool {
	return id == 0x0009 || id == 0x0209 || id == 0x0409 || id == biffBOF
}

var le = binary.LittleEndian

// A biffStream is read record by record: a number, a length, the body.
type biffStream struct {
	data []byte
	pos  int
}

// next returns the next record; ok is false at the end of the stream, which may
// lie inside a record.
func (s *biffStream) next() (id uint16, body []byte, ok bool) {
	if len(s.data)-s.pos < 4 {
		return 0, nil, false
	}
	id = le.Uint16(s.data[s.pos:])
	size := int(le.Uint16(s.data[s.pos+2:]))
	start := s.pos + 4
	if size > len(s.data)-start {
		return 0, nil, false
	}
	s.pos = start + size
	return id, s.data[start:s.pos:s.pos], true
}

// continued returns a record's body and the bodies of the CONTINUE records that
// follow it.
func (s *biffStream) continued(body []byte) biffParts {
	p := biffParts{now: body}
	for s.pos+4 <= len(s.data) && le.Uint16(s.data[s.pos:]) == biffContinue {
		_, more, ok := s.next()
		if !ok {
			break
		}
		p.later = append(p.later, more)
	}
	return p
}

// biffParts reads a record that goes on in others.
type biffParts struct {
	now   []byte
	later [][]byte
	bad   bool // a number or the characters of a text were cut off
	units []uint16
}

// turn goes on to the next part when the present one is used up.
func (p *biffParts) turn() bool {
	for len(p.now) == 0 {
		if len(p.later) == 0 {
			return false
		}
		p.now, p.later = p.later[0], p.later[1:]
	}
	return true
}

// number returns a little-endian number of size bytes, which a cut may go
// through.
func (p *biffParts) number(size int) (n int) {
	for i := range size {
		if !p.turn() {
			p.bad = true
			return 0
		}
		n |= int(p.now[0]) << (8 * i)
		p.now = p.now[1:]
	}
	return n
}

func (p *biffParts) skip(n int) {
	for n > 0 && p.turn() {
		k := min(n, len(p.now))
		p.now = p.now[k:]
		n -= k
	}
}

// appendText appends a Unicode string of BIFF8 as UTF-8; prefix is the size of
// its length field. Runs of fonts and phonetic text are passed over, and may be
// missing. Where a cut goes through the characters, the next part starts with a
// flag of its own that tells whether they go on with one byte each or with two.
func (p *biffParts) appendText(dst []byte, prefix int) []byte {
	count := p.number(prefix)
	flags := p.number(1)
	var runs, phonetic int
	if flags&8 != 0 {
		runs = p.number(2)
	}
	if flags&4 != 0 {
		phonetic = p.number(4)
	}
	wide := flags & 1
	p.units = p.units[:0]
	for count > 0 {
		if len(p.now) == 0 {
			if !p.turn() {
				p.bad = true
				break
			}
			wide = int(p.now[0] & 1)
			p.now = p.now[1:]
			continue
		}
		n := min(count, len(p.now)>>wide)
		if n == 0 { // half a character before the cut
			p.now = nil
			continue
		}
		if wide == 0 {
			for _, c := range p.now[:n] {
				p.units = append(p.units, uint16(c))
			}
		} else {
			for i := range n {
				p.units = append(p.units, le.Uint16(p.now[2*i:]))
			}
		}
		p.now = p.now[n<<wide:]
		count -= n
	}
	if runs > 0 || phonetic > 0 {
		p.skip(4*runs + phonetic)
	}
	return appendUnits(dst, p.units)
}

// appendUnits appends UTF-16 as UTF-8; half a character becomes U+FFFD.
func appendUnits(dst []byte, units []uint16) []byte {
	for i := 0; i < len(units); i++ {
		r := rune(units[i])
		if utf16.IsSurrogate(r) {
			pair := rune(utf8.RuneError)
			if i+1 < len(units) {
				pair = utf16.DecodeRune(r, rune(units[i+1]))
			}
			if r = pair; pair != utf8.RuneError {
				i++
			}
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst
}
