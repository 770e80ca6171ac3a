package sheet

import (
	"bytes"
	"errors"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// What the scanners of XML parts tell their callers apart by.
var (
	errMore    = errors.New("the XML ends too early")
	errUnknown = errors.New("XML that the scanner does not know")
)

// A token is one piece of XML markup or text.
type token struct {
	kind tokenKind
	name []byte // of an element, without its prefix
	attr []byte // attributes as they stand
	text []byte // of tokText and tokCDATA, as it stands
}

type tokenKind uint8

const (
	tokText  tokenKind = iota
	tokCDATA           // text without entities
	tokStart           // <a>
	tokEnd             // </a>
	tokEmpty           // <a/>
	tokAside           // a comment or processing instruction
)

// nextToken reads the token at b[p] and returns where the next begins. It fails
// with errMore where b ends before the token does and with errUnknown on a
// document type. A text at the very end of b counts as unfinished.
func nextToken(b []byte, p int) (token, int, error) {
	if p >= len(b) {
		return token{}, p, errMore
	}
	if b[p] != '<' {
		i := bytes.IndexByte(b[p:], '<')
		if i < 0 {
			return token{}, p, errMore
		}
		return token{kind: tokText, text: b[p : p+i]}, p + i, nil
	}
	if p+1 >= len(b) {
		return token{}, p, errMore
	}
	switch b[p+1] {
	case '?':
		return upTo(b, p, p+2, "?>", token{kind: tokAside})
	case '!':
		switch rest := b[p:]; {
		case bytes.HasPrefix(rest, []byte("<!--")):
			return upTo(b, p, p+4, "-->", token{kind: tokAside})
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			t, q, err := upTo(b, p, p+9, "]]>", token{kind: tokCDATA})
			if err == nil {
				t.text = b[p+9 : q-3]
			}
			return t, q, err
		case len(rest) < 9:
			return token{}, p, errMore
		}
		return token{}, p, errUnknown
	case '/':
		i := bytes.IndexByte(b[p:], '>')
		if i < 0 {
			return token{}, p, errMore
		}
		return token{kind: tokEnd, name: localName(bytes.TrimRight(b[p+2:p+i], " \t\r\n"))}, p + i + 1, nil
	}
	q := p + 1
	for q < len(b) && b[q] > ' ' && b[q] != '>' && b[q] != '/' {
		q++
	}
	t := token{kind: tokStart, name: localName(b[p+1 : q])}
	from := q
	for ; q < len(b); q++ {
		switch b[q] {
		case '"', '\'':
			i := bytes.IndexByte(b[q+1:], b[q])
			if i < 0 {
				return token{}, p, errMore
			}
			q += i + 1
		case '>':
			t.attr = b[from:q]
			if q > from && b[q-1] == '/' {
				t.kind, t.attr = tokEmpty, b[from:q-1]
			}
			return t, q + 1, nil
		}
	}
	return token{}, p, errMore
}

// upTo ends t, which began at p, after the first end past from.
func upTo(b []byte, p, from int, end string, t token) (token, int, error) {
	i := bytes.Index(b[min(from, len(b)):], []byte(end))
	if i < 0 {
		return token{}, p, errMore
	}
	return t, from + i + len(end), nil
}

func localName(name []byte) []byte {
	return name[bytes.IndexByte(name, ':')+1:]
}

// is tells whether the token opens or closes an element called name.
func (t *token) is(kind tokenKind, name string) bool {
	return (t.kind == kind || kind == tokStart && t.kind == tokEmpty) && string(t.name) == name
}

// skipBlanks returns b from its first byte that is no XML white space.
func skipBlanks(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t' || b[0] == '\r' || b[0] == '\n') {
		b = b[1:]
	}
	return b
}

// get returns an attribute as it stands, nil without it. *:id is id with any
// prefix.
func (t *token) get(name string) []byte {
	a := t.attr
	for {
		i := bytes.IndexByte(a, '=')
		if i < 0 {
			return nil
		}
		key := bytes.TrimSpace(a[:i])
		a = skipBlanks(a[i+1:])
		if len(a) == 0 || a[0] != '"' && a[0] != '\'' {
			return nil
		}
		end := bytes.IndexByte(a[1:], a[0])
		if end < 0 {
			return nil
		}
		if string(key) == name || name[0] == '*' && bytes.HasSuffix(key, []byte(name[1:])) {
			return a[1 : 1+end]
		}
		a = a[end+2:]
	}
}

// getText is get with entities resolved.
func (t *token) getText(name string) string {
	s, err := appendXML(nil, t.get(name))
	if err != nil {
		return string(t.get(name))
	}
	return string(s)
}

// getBool reads an attribute that is false without being there.
func (t *token) getBool(name string) bool {
	v := string(t.get(name))
	return v == "1" || v == "true" || v == "on"
}

// getInt reads a number, def without it or if it is none.
func (t *token) getInt(name string, def int) int {
	n, err := strconv.Atoi(string(t.get(name)))
	if err != nil {
		return def
	}
	return n
}

// appendXML appends text as it stands in XML, with entities resolved and line
// ends made LF.
func appendXML(dst, text []byte) ([]byte, error) {
	for {
		i := bytes.IndexAny(text, "&\r")
		if i < 0 {
			return append(dst, text...), nil
		}
		dst = append(dst, text[:i]...)
		if text[i] == '\r' {
			dst = append(dst, '\n')
			text = bytes.TrimPrefix(text[i+1:], []byte("\n"))
			continue
		}
		end := bytes.IndexByte(text[i:], ';')
		if end < 0 {
			return dst, errUnknown
		}
		r, ok := entity(string(text[i+1 : i+end]))
		if !ok {
			return dst, errUnknown
		}
		dst = utf8.AppendRune(dst, r)
		text = text[i+end+1:]
	}
}

func entity(name string) (rune, bool) {
	switch name {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	digits, base := name[1:], 10
	if digits[0] == 'x' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	return rune(n), err == nil && n <= utf8.MaxRune
}

// unescape resolves the _xHHHH_ escapes of a cell's text in place; they are
// UTF-16 units, and _x005F_ is the underscore that begins no escape.
func unescape(text []byte) []byte {
	i := bytes.Index(text, []byte("_x"))
	if i < 0 {
		return text
	}
	out := text[:i]
	for i < len(text) {
		u, ok := escaped(text[i:])
		if !ok {
			out = append(out, text[i])
			i++
			continue
		}
		i += 7
		r := rune(u)
		if low, ok := escaped(text[i:]); ok && utf16.IsSurrogate(r) {
			if pair := utf16.DecodeRune(r, rune(low)); pair != utf8.RuneError {
				r = pair
				i += 7
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

// escaped reads an _xHHHH_ at the start of text.
func escaped(text []byte) (uint16, bool) {
	if len(text) < 7 || text[0] != '_' || text[1] != 'x' || text[6] != '_' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return uint16(n), err == nil
}

// appendRuns appends the text of a string item or inline string whose start tag
// ends at b[p]: every t element but those of phonetic guides (rPh), to the end
// tag called end. It returns where that ends.
func appendRuns(dst, b []byte, p int, end string) ([]byte, int, error) {
	start := len(dst)
	inText, guide := false, 0
	for depth := 0; ; {
		t, q, err := nextToken(b, p)
		if err != nil {
			return dst, p, err
		}
		p = q
		switch t.kind {
		case tokText:
			if inText && guide == 0 {
				if dst, err = appendXML(dst, t.text); err != nil {
					return dst, p, err
				}
			}
		case tokCDATA:
			if inText && guide == 0 {
				dst = append(dst, t.text...)
			}
		case tokStart:
			depth++
			switch string(t.name) {
			case "t":
				inText = true
			case "rPh":
				guide++
			}
		case tokEnd:
			if depth == 0 {
				if string(t.name) != end {
					return dst, p, errUnknown
				}
				return append(dst[:start], unescape(dst[start:])...), p, nil
			}
			depth--
			switch string(t.name) {
			case "t":
				inText = false
			case "rPh":
				guide--
			}
		}
	}
}

// appendElement appends the text of an element without elements in it, whose
// start tag ends at b[p], and returns where its end tag ends.
func appendElement(dst, b []byte, p int) ([]byte, int, error) {
	for depth := 0; ; {
		t, q, err := nextToken(b, p)
		if err != nil {
			return dst, p, err
		}
		p = q
		switch t.kind {
		case tokText:
			if dst, err = appendXML(dst, t.text); err != nil {
				return dst, p, err
			}
		case tokCDATA:
			dst = append(dst, t.text...)
		case tokStart:
			depth++
		case tokEnd:
			if depth--; depth < 0 {
				return dst, p, nil
			}
		}
	}
}

// skipElement returns where the element whose start tag ends at b[p] ends.
func skipElement(b []byte, p int) (int, error) {
	for depth := 0; ; {
		t, q, err := nextToken(b, p)
		if err != nil {
			return p, err
		}
		p = q
		switch t.kind {
		case tokStart:
			depth++
		case tokEnd:
			if depth--; depth < 0 {
				return p, nil
			}
		}
	}
}
