package sheet

import (
	"bytes"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// A charset is the encoding of a text file.
type charset uint8

const (
	encUTF8 charset = iota
	encGB18030
	encUTF16LE
	encUTF16BE
)

// How much of a file is looked at before its encoding and its separator are
// settled.
const (
	zeroSample = 64 << 10 // bytes searched for the zero bytes of UTF-16
	hanSample  = 4_096    // characters beyond ASCII, wherever they stand
)

// findEncoding tells a text's encoding by its byte order mark, and without one
// by evidence: UTF-16 has zero bytes on one side of its units only; UTF-8 has
// sequences that text in GB18030 hardly ever forms. It returns the text without
// the mark.
func findEncoding(data []byte) (charset, []byte) {
	for _, mark := range []struct {
		enc   charset
		bytes string
	}{
		{encUTF8, "\xEF\xBB\xBF"}, {encUTF16LE, "\xFF\xFE"}, {encUTF16BE, "\xFE\xFF"}, {encGB18030, "\x84\x31\x95\x33"},
	} {
		if rest, ok := bytes.CutPrefix(data, []byte(mark.bytes)); ok {
			return mark.enc, rest
		}
	}

	sample := data[:min(len(data), zeroSample)]
	var zeros [2]int // at even and at odd places
	for i, c := range sample {
		if c == 0 {
			zeros[i&1]++
		}
	}
	switch enough := len(sample)/100 + 1; {
	case zeros[1] >= enough && zeros[0]*10 <= zeros[1]:
		return encUTF16LE, data
	case zeros[0] >= enough && zeros[1]*10 <= zeros[0]:
		return encUTF16BE, data
	}

	var good, bad int // characters and bytes beyond ASCII, read as UTF-8
	for i := 0; i < len(data) && good+bad < hanSample; {
		if data[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			good++
		}
		i += n
	}
	if bad*4 > good {
		return encGB18030, data
	}
	return encUTF8, data
}

// fromUTF16 returns UTF-16 text as UTF-8. Half a character becomes U+FFFD.
func fromUTF16(data []byte, enc charset) []byte {
	low, high := 0, 1
	if enc == encUTF16BE {
		low, high = 1, 0
	}
	out := make([]byte, 0, len(data)+len(data)/4)
	unit := func(i int) rune { return rune(data[i+high])<<8 | rune(data[i+low]) }
	i := 0
	for ; i+1 < len(data); i += 2 {
		r := unit(i)
		if utf16.IsSurrogate(r) && i+3 < len(data) {
			if r = utf16.DecodeRune(r, unit(i+2)); r != utf8.RuneError {
				i += 2
			}
		}
		out = utf8.AppendRune(out, r)
	}
	if i < len(data) {
		out = utf8.AppendRune(out, utf8.RuneError)
	}
	return out
}

// appendUTF8 appends text that may hold broken sequences, which become U+FFFD,
// and NUL bytes, which are the padding of fixed-width exports and are left out.
func appendUTF8(dst, src []byte) []byte {
	if utf8.Valid(src) && bytes.IndexByte(src, 0) < 0 {
		return append(dst, src...)
	}
	for i := 0; i < len(src); {
		if c := src[i]; c < utf8.RuneSelf {
			if c != 0 {
				dst = append(dst, c)
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(src[i:])
		dst = utf8.AppendRune(dst, r)
		i += n
	}
	return dst
}

// appendGB18030 appends GB18030 text as UTF-8. What is no code becomes U+FFFD a
// byte, NUL bytes are left out.
func appendGB18030(dst, src []byte) []byte {
	table := twoByteCodes()
	for i := 0; i < len(src); {
		c := src[i]
		if c < utf8.RuneSelf {
			if c != 0 {
				dst = append(dst, c)
			}
			i++
			continue
		}
		if i+1 < len(src) {
			if r := table[int(c&0x7F)<<8|int(src[i+1])]; r >= 0x800 {
				dst = append(dst, 0xE0|byte(r>>12), 0x80|byte(r>>6)&0x3F, 0x80|byte(r)&0x3F)
				i += 2
				continue
			} else if r != 0 {
				dst = utf8.AppendRune(dst, rune(r))
				i += 2
				continue
			}
		}
		// Four-byte codes are rare surnames; one byte alone is the euro sign of
		// code page 936, or damage.
		r, n := gb18030Rune(src[i:min(len(src), i+4)])
		dst = utf8.AppendRune(dst, r)
		i += n
	}
	return dst
}

// twoByteCodes is the table of the two-byte codes of GB18030, 0 where there is
// none. It is indexed by the low 7 bits of the first byte and the second byte.
var twoByteCodes = sync.OnceValue(func() *[1 << 15]uint16 {
	var table [1 << 15]uint16
	for lead := 0x81; lead <= 0xFE; lead++ {
		for trail := 0x40; trail <= 0xFE; trail++ {
			if r, n := gb18030Rune([]byte{byte(lead), byte(trail)}); n == 2 {
				table[(lead&0x7F)<<8|trail] = uint16(r)
			}
		}
	}
	return &table
})

// gb18030Rune decodes the first code of src, which is not empty and holds no
// more than one code of four bytes: U+FFFD where there is none.
func gb18030Rune(src []byte) (r rune, n int) {
	var out [16]byte
	decoder := simplifiedchinese.GB18030.NewDecoder()
	for n := 1; n <= len(src); n++ {
		size, _, err := decoder.Transform(out[:], src[:n], false)
		if err != nil { // the code goes on
			continue
		}
		if r, width := utf8.DecodeRune(out[:size]); width == size {
			return r, n
		}
		break
	}
	return utf8.RuneError, 1
}
