package sheet

import (
	"regexp"
	"strings"
)

// A numberStyle is what a number format makes of a number.
type numberStyle uint8

const (
	plainStyle  numberStyle = iota
	dateStyle               // a date, a time of day or both
	lengthStyle             // a length of time, as [h]:mm: no calendar moves it
)

// styleOf tells what a number format shows.
func styleOf(code string) numberStyle {
	switch {
	case !dateFormat(code):
		return plainStyle
	case elapsed.MatchString(code):
		return lengthStyle
	}
	return dateStyle
}

var elapsed = regexp.MustCompile(`(?i)^[^;"]*\[(h+|m+|s+)\]`)

// builtinStyle is styleOf the formats that a workbook need not spell out; 27 to
// 36 and 50 to 58 are the Chinese ones.
func builtinStyle(id int) numberStyle {
	switch {
	case id == 46:
		return lengthStyle
	case id >= 14 && id <= 22 || id >= 27 && id <= 36 || id == 45 || id == 47 || id >= 50 && id <= 58:
		return dateStyle
	}
	return plainStyle
}

// dateFormat tells whether a number format shows a date or a time: whether its
// first section holds one of the letters y, m, d, h and s, or the weekday aaa,
// outside quotes, escapes and brackets; [h], [m] and [s] count too.
func dateFormat(code string) bool {
	if strings.EqualFold(code, "General") || strings.EqualFold(code, "Standard") {
		return false
	}
	for i := 0; i < len(code); i++ {
		switch c := code[i] | 0x20; {
		case code[i] == ';':
			return false
		case code[i] == '"':
			end := strings.IndexByte(code[i+1:], '"')
			if end < 0 {
				return false
			}
			i += end + 1
		case code[i] == '[':
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				return false
			}
			inside := strings.ToLower(code[i+1 : i+end])
			if inside != "" && (strings.Trim(inside, "h") == "" || strings.Trim(inside, "m") == "" || strings.Trim(inside, "s") == "") {
				return true
			}
			i += end
		case code[i] == '\\' || code[i] == '_' || code[i] == '*':
			i++
		case c == 'y' || c == 'm' || c == 'd' || c == 'h' || c == 's':
			return true
		case c == 'a' && strings.HasPrefix(strings.ToLower(code[i:]), "aaa"):
			return true
		}
	}
	return false
}
