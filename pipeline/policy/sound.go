package policy

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
)

// What a file of settings may hold. The parser takes minutes and gigabytes for
// files past these that nobody writes by hand.
const (
	mostBytes = 1 << 20
	mostLine  = 2_000 // characters; errors show the line
	mostDeep  = 50
)

// Sound tells what keeps a file of settings, a policy or a mapping, from being
// given to the YAML parser: its size, an encoding other than UTF-8, a line or a
// nesting of no end, a second document, aliases. The error begins with line and
// column.
func Sound(file []byte) error {
	if len(file) > mostBytes {
		return fmt.Errorf("[1:1] the file has %d bytes, more than the %d that settings may have", len(file), mostBytes)
	}
	n := 0
	for line := range bytes.Lines(file) {
		n++
		if !utf8.Valid(line) {
			return fmt.Errorf("[%d:1] the file is not in UTF-8; save it as UTF-8 in your editor", n)
		}
		if c := utf8.RuneCount(line); c > mostLine {
			return fmt.Errorf("[%d:1] the line has %d characters, more than %d; break it up", n, c, mostLine)
		}
	}
	return soundTokens(lexer.Tokenize(string(file)))
}

func soundTokens(tokens token.Tokens) error {
	deep, begun, ended := 0, false, false
	for _, t := range tokens {
		fail := func(why string) error {
			return fmt.Errorf("[%d:%d] %s", t.Position.Line, t.Position.Column, why)
		}
		switch t.Type {
		case token.AliasType, token.AnchorType:
			return fail("anchors and aliases are not taken; write the value out")
		case token.MappingStartType, token.SequenceStartType:
			if deep++; deep > mostDeep {
				return fail(fmt.Sprintf("brackets stand %d deep", deep))
			}
		case token.MappingEndType, token.SequenceEndType:
			deep--
		case token.DocumentHeaderType, token.DocumentEndType:
			ended = begun
			continue
		case token.CommentType:
			continue
		}
		if strings.TrimSpace(t.Value) != "" {
			if ended {
				return fail("a second document begins here; put its keys into the first")
			}
			begun = true
		}
	}
	return nil
}
