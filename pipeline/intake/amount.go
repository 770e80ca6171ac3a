package intake

import (
	"math"
	"strings"

	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
	vocabulary "fundtrace/pipeline/words"
)

// A number is what a text cell says in figures.
type number struct {
	value sheet.Decimal
	unit  int  // power of ten of a unit in the cell itself: 0 for 元, 4 for 万元
	named bool // the cell names its unit
}

// parseNumber reads an amount or a quantity as offices write it: separators,
// full width, ￥, 元 and 万元, a minus sign or accounting brackets, Chinese
// numerals. A rate (50元/亩) counts as its numerator; 100/2 is none. No float
// stands between.
func parseNumber(text string) (number, error) {
	s := plain(text)
	n := number{}
	if body, ok := strings.CutPrefix(s, "("); ok && strings.HasSuffix(body, ")") {
		s = body[:len(body)-1]
		n.value.Neg = true
	}
	for _, p := range []string{"人民币", "RMB", "CNY", "¥", "￥"} {
		s = strings.TrimPrefix(s, p)
	}
	s = strings.TrimPrefix(s, ":")
	if i := strings.IndexByte(s, '/'); i > 0 {
		if strings.Trim(s[i:], "/0123456789.,") == "" { // 100/2 is no rate
			return n, errNumber
		}
		s = s[:i]
	}
	if rest := strings.TrimLeft(s, "0123456789.,US"); rest != "" && notes.foreign.MatchString(rest) {
		return n, errCurrency
	}
	s = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(s, "整"), "正"), "人民币")
	for _, w := range notes.words {
		t, ok := strings.CutSuffix(s, w)
		if ok && t != "" && t[len(t)-1] >= '0' && t[len(t)-1] <= '9' {
			s, n.unit, n.named = t, notes.power[w], true
			break
		}
	}
	if s == "" {
		return n, errNumber
	}
	if c := s[0]; c >= 0x80 {
		fen, ok := parseCapitals(s)
		if !ok {
			return n, errNumber
		}
		n.named = true
		v, ok := sheet.ParseDecimal([]byte(fen.String()))
		v.Neg = v.Neg != n.value.Neg
		n.value = v
		if !ok {
			return n, errRange
		}
		return n, nil
	}
	var buf [40]byte
	out := buf[:0]
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == ',' || c == '\'' {
			if i == 0 || i+3 >= len(s) || !digits(s[i+1:i+4]) {
				return n, errNumber
			}
			continue
		}
		if (c == '-' || c == '+') && n.value.Neg {
			return n, errNumber
		}
		if len(out) == cap(buf) {
			return n, errNumber
		}
		out = append(out, c)
	}
	v, ok := sheet.ParseDecimal(out)
	if !ok {
		return n, errNumber
	}
	if v.Mant != 0 {
		v.Neg = v.Neg != n.value.Neg
	}
	n.value = v
	return n, nil
}

// fenOf returns an amount given in units of 10^power yuan; exact is false when
// something under a fen was rounded off, half away from zero.
func fenOf(v sheet.Decimal, power int) (fen int64, exact bool, err error) {
	return scaled(v, power+2)
}

// scaled is Decimal.Scaled with the bounds of a column of 18 digits.
func scaled(v sheet.Decimal, scale int) (int64, bool, error) {
	n, exact, ok := v.Scaled(scale)
	if !ok || n >= 1e18 || n <= -1e18 {
		return table.Null, false, errRange
	}
	return n, exact, nil
}

var capitalDigits = map[rune]int64{
	'零': 0, '〇': 0, '○': 0, '壹': 1, '一': 1, '贰': 2, '二': 2, '两': 2, '叁': 3, '三': 3, '肆': 4, '四': 4,
	'伍': 5, '五': 5, '陆': 6, '六': 6, '柒': 7, '七': 7, '捌': 8, '八': 8, '玖': 9, '九': 9,
}

// parseCapitals reads an amount in Chinese numerals, capital or plain:
// 壹万贰仟叁佰元伍角整.
func parseCapitals(s string) (table.Fen, bool) {
	var total, section, digit int64 // yuan, yuan below the last 万 or 亿, the figure before its unit
	var fen int64
	yuan, seen, pending := false, false, false
	neg := false
	s, neg = strings.CutPrefix(s, "负")
	s = strings.TrimSuffix(strings.TrimSuffix(s, "整"), "正")
	for _, r := range s {
		if d, ok := capitalDigits[r]; ok {
			if pending && digit != 0 {
				return 0, false // two figures without a unit between them
			}
			digit, pending, seen = d, true, true
			continue
		}
		var unit int64
		switch r {
		case '拾', '十':
			unit = 10
			if !pending {
				digit = 1 // 十二 is twelve
			}
		case '佰', '百':
			unit = 100
		case '仟', '千':
			unit = 1000
		case '万', '萬':
			total += (section + digit) * 10_000
			section, digit, pending = 0, 0, false
			continue
		case '亿':
			total = (total + section + digit) * 100_000_000
			section, digit, pending = 0, 0, false
			continue
		case '元', '圆':
			if yuan {
				return 0, false
			}
			total += section + digit
			section, digit, pending, yuan = 0, 0, false, true
			continue
		case '角':
			fen += digit * 10
			digit, pending, yuan = 0, false, true
			continue
		case '分':
			fen += digit
			digit, pending, yuan = 0, false, true
			continue
		default:
			return 0, false
		}
		seen = true
		section += digit * unit
		digit, pending = 0, false
	}
	if !seen || total > math.MaxInt64/200 {
		return 0, false
	}
	total += section + digit
	n := total*100 + fen
	if neg {
		n = -n
	}
	return table.Fen(n), true
}

// parseFlag reads the words of yes and no. Under a header that asks for the
// opposite of the field a bare yes is a no; words that say how things are, such
// as 达标 or 危房, stand.
func parseFlag(text string, opposite bool) (int64, error) {
	yes, no := table.Yes, table.No
	if opposite {
		yes, no = no, yes
	}
	switch vocabulary.Canonical("flag", text) {
	case "yes":
		return int64(yes), nil
	case "no":
		return int64(no), nil
	case "met":
		return int64(table.Yes), nil
	case "unmet":
		return int64(table.No), nil
	}
	return table.Null, errFlag
}
