package xlswrite

import (
	"encoding/binary"
	"maps"
	"math"
	"slices"
	"unicode/utf16"
)

// Records of the BIFF8 stream ([MS-XLS] 2.3).
const (
	recEOF        = 0x000A
	recDateMode   = 0x0022
	recContinue   = 0x003C
	recFont       = 0x0031
	recWindow1    = 0x003D
	recCodePage   = 0x0042
	recColInfo    = 0x007D
	recBoundSheet = 0x0085
	recXF         = 0x00E0
	recMergeCells = 0x00E5
	recSST        = 0x00FC
	recLabelSST   = 0x00FD
	recDimensions = 0x0200
	recNumber     = 0x0203
	recRow        = 0x0208
	recWindow2    = 0x023E
	recRK         = 0x027E
	recStyle      = 0x0293
	recFormat     = 0x041E
	recBOF        = 0x0809

	maxRecord = 8224 // bytes of one record, longer ones go on in CONTINUE
)

// Places in the XF table: fifteen styles that the format asks for stand first.
const (
	styleGeneral = 15 + iota
	styleDate
	styleDateTime
)

const (
	formatDate     = 164 // the first number free for a workbook's own formats
	formatDateTime = 165
)

// stream returns the Workbook stream: the globals, then each sheet.
func (w *Writer) stream() []byte {
	var b buffer
	b.bof(0x0005)
	b.record(recCodePage, u16(1200)...)
	b.record(recWindow1, u16(0, 0, 0x4000, 0x2000, 0x0038, 0, 0, 1, 600)...)
	b.record(recDateMode, u16(0)...)
	for range 4 { // Excel's table starts with four fonts and has no number 4
		b.record(recFont, append(u16(200, 0, 0x7FFF, 400, 0, 0, 0), append([]byte{5, 0}, "Arial"...)...)...)
	}
	b.record(recFormat, append(u16(formatDate, 10), append([]byte{0}, "yyyy-mm-dd"...)...)...)
	b.record(recFormat, append(u16(formatDateTime, 19), append([]byte{0}, "yyyy-mm-dd hh:mm:ss"...)...)...)
	for range styleGeneral {
		b.record(recXF, u16(0, 0, 0xFFF5, 0x0020, 0, 0, 0, 0, 0, 0x20C0)...)
	}
	for _, format := range []uint16{styleGeneral: 0, styleDate: formatDate, styleDateTime: formatDateTime}[styleGeneral:] {
		b.record(recXF, u16(0, format, 0x0001, 0x0020, 0x0400, 0, 0, 0, 0, 0x20C0)...)
	}
	b.record(recStyle, 0, 0x80, 0, 0xFF)
	offsets := make([]int, len(w.sheets)) // where each sheet's offset is filled in
	for i, s := range w.sheets {
		name := utf16.Encode([]rune(s.name))
		offsets[i] = len(b.bytes) + 4
		b.record(recBoundSheet, append([]byte{0, 0, 0, 0, 0, 0, byte(len(name)), 1}, u16(name...)...)...)
	}
	b.sharedTexts(w.texts, w.uses)
	b.record(recEOF)
	for i, s := range w.sheets {
		binary.LittleEndian.PutUint32(b.bytes[offsets[i]:], uint32(len(b.bytes)))
		b.sheet(s)
	}
	return b.bytes
}

type buffer struct{ bytes []byte }

func (b *buffer) record(id uint16, body ...byte) {
	b.bytes = binary.LittleEndian.AppendUint16(b.bytes, id)
	b.bytes = binary.LittleEndian.AppendUint16(b.bytes, uint16(len(body)))
	b.bytes = append(b.bytes, body...)
}

func (b *buffer) bof(kind uint16) {
	b.record(recBOF, u16(0x0600, kind, 0x0DBB, 0x07CC, 0, 0, 0x0006, 0)...)
}

// sharedTexts writes the table of texts, cut into CONTINUE records: a text's
// head is never cut, and a cut inside a text repeats the flag that tells the
// width of its characters.
func (b *buffer) sharedTexts(texts []string, uses uint32) {
	start := len(b.bytes)
	b.record(recSST)
	next := func() {
		binary.LittleEndian.PutUint16(b.bytes[start+2:], uint16(len(b.bytes)-start-4))
		start = len(b.bytes)
		b.record(recContinue)
	}
	free := func() int { return maxRecord - (len(b.bytes) - start - 4) }
	b.bytes = binary.LittleEndian.AppendUint32(b.bytes, uses)
	b.bytes = binary.LittleEndian.AppendUint32(b.bytes, uint32(len(texts)))
	for _, t := range texts {
		units := utf16.Encode([]rune(t))
		wide := slices.ContainsFunc(units, func(u uint16) bool { return u > 0xFF })
		size, flag := 1, byte(0)
		if wide {
			size, flag = 2, 1
		}
		if free() < 3+size {
			next()
		}
		b.bytes = binary.LittleEndian.AppendUint16(b.bytes, uint16(len(units)))
		b.bytes = append(b.bytes, flag)
		for {
			n := min(len(units), free()/size)
			for _, u := range units[:n] {
				b.bytes = append(b.bytes, byte(u))
				if wide {
					b.bytes = append(b.bytes, byte(u>>8))
				}
			}
			units = units[n:]
			if len(units) == 0 {
				break
			}
			next()
			b.bytes = append(b.bytes, flag)
		}
	}
	binary.LittleEndian.PutUint16(b.bytes[start+2:], uint16(len(b.bytes)-start-4))
}

func (b *buffer) sheet(s *Sheet) {
	b.bof(0x0010)
	columns := map[int]bool{}
	maps.Copy(columns, s.hiddenCols)
	for c := range s.widths {
		columns[c] = true
	}
	for _, c := range slices.Sorted(maps.Keys(columns)) {
		width, ok := s.widths[c]
		if !ok {
			width = 9
		}
		b.record(recColInfo, u16(uint16(c), uint16(c), uint16(width*256), styleGeneral, bit(s.hiddenCols[c]), 0)...)
	}

	cells := s.ordered()
	var rows, cols uint32
	for _, c := range cells {
		rows = max(rows, uint32(c.row)+1)
		cols = max(cols, uint32(c.col)+1)
	}
	size := binary.LittleEndian.AppendUint32(make([]byte, 4, 14), rows)
	b.record(recDimensions, append(size, u16(0, uint16(cols), 0)...)...)
	for _, r := range slices.Sorted(maps.Keys(s.hiddenRows)) {
		b.record(recRow, u16(uint16(r), 0, uint16(cols), 0x00FF, 0, 0, 0x0120, styleGeneral)...)
	}
	for _, c := range cells {
		var body [14]byte
		le := binary.LittleEndian
		le.PutUint16(body[0:], c.row)
		le.PutUint16(body[2:], c.col)
		le.PutUint16(body[4:], c.style)
		if c.text {
			le.PutUint32(body[6:], uint32(c.bits))
			b.record(recLabelSST, body[:10]...)
		} else if rk, ok := packed(math.Float64frombits(c.bits)); ok {
			le.PutUint32(body[6:], rk)
			b.record(recRK, body[:10]...)
		} else {
			le.PutUint64(body[6:], c.bits)
			b.record(recNumber, body[:]...)
		}
	}

	b.record(recWindow2, u16(0x00B6, 0, 0, 0x0040, 0, 0, 0, 0, 0)...)
	for part := range slices.Chunk(s.merges, 1027) {
		body := u16(uint16(len(part)))
		for _, m := range part {
			body = append(body, u16(uint16(m[0]), uint16(m[1]), uint16(m[2]), uint16(m[3]))...)
		}
		b.record(recMergeCells, body...)
	}
	b.record(recEOF)
}

// packed returns v as an RK value where it is a whole number, or one of
// hundredths, of 30 bits.
func packed(v float64) (uint32, bool) {
	const limit = 1 << 29
	if v == 0 && math.Signbit(v) {
		return 0, false
	}
	if n := math.Round(v); math.Abs(n) < limit && n == v {
		return uint32(int32(n))<<2 | 2, true
	}
	if n := math.Round(v * 100); math.Abs(n) < limit && n/100 == v {
		return uint32(int32(n))<<2 | 3, true
	}
	return 0, false
}

func u16(v ...uint16) []byte {
	b := make([]byte, 0, 2*len(v))
	for _, u := range v {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

func bit(on bool) uint16 {
	if on {
		return 1
	}
	return 0
}
