package sheet

import (
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/traditionalchinese"
)

// codePages are the code pages of byte texts before BIFF8, the Chinese one
// aside, which has a decoder of its own.
var codePages = map[int]encoding.Encoding{
	437: charmap.CodePage437, 850: charmap.CodePage850, 852: charmap.CodePage852, 855: charmap.CodePage855,
	858: charmap.CodePage858, 860: charmap.CodePage860, 862: charmap.CodePage862, 863: charmap.CodePage863,
	865: charmap.CodePage865, 866: charmap.CodePage866, 874: charmap.Windows874,
	932: japanese.ShiftJIS, 949: korean.EUCKR, 950: traditionalchinese.Big5,
	1250: charmap.Windows1250, 1251: charmap.Windows1251, 1252: charmap.Windows1252, 1253: charmap.Windows1253,
	1254: charmap.Windows1254, 1255: charmap.Windows1255, 1256: charmap.Windows1256, 1257: charmap.Windows1257,
	1258: charmap.Windows1258, 10_000: charmap.Macintosh, 0x8000: charmap.Macintosh,
}

// appendBytes appends a byte text of a code page as UTF-8; a page that is not
// known is read as 1252, as Excel's own reader does.
func appendBytes(dst, src []byte, page int) []byte {
	if page == 936 {
		return appendGB18030(dst, src)
	}
	ascii := true
	for _, c := range src {
		ascii = ascii && c < utf8.RuneSelf
	}
	if ascii {
		return append(dst, src...)
	}
	enc, ok := codePages[page]
	if !ok {
		enc = charmap.Windows1252
	}
	out, err := enc.NewDecoder().Bytes(src)
	if err != nil {
		return appendUTF8(dst, src)
	}
	return append(dst, out...)
}
