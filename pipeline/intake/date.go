package intake

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
)

// The years that a date or a period in a sheet may lie in. What lies outside is
// a slip of the pen, or no date at all.
const (
	firstYear = 1900
	lastYear  = 2099
)

// serialEpoch is the date serial of 1970-01-01.
const serialEpoch = 25_569

// parseDate reads a calendar date: 20170315, 2017.3.15, 2017年3月15日,
// 2017/3/15, 17-3-15, with or without a time of day, and 二〇一七年三月十五日.
// With errMonthOnly the day is the first of the month named.
func parseDate(text string) (table.Day, error) {
	text = trim(text)
	if i := strings.LastIndexByte(text, ' '); i > 0 && strings.ContainsAny(text[i:], ":：时") {
		text = text[:i]
	}
	s := figures(plain(text))
	p := scanner{s: s}
	y, width := p.number()
	switch {
	case width == 8:
		return p.rest(day(y/10_000, y/100%100, y%100))
	case width == 6 && (p.done() || !p.separator()):
		if y/100 < firstYear { // 170315
			return p.rest(day(century(y/10_000), y/100%100, y%100))
		}
		d, err := day(y/100, y%100, 1)
		if err == nil && p.done() {
			err = errMonthOnly
		}
		return d, err
	case width == 14: // 20170315093000
		y /= 1_000_000
		return p.rest(day(y/10_000, y/100%100, y%100))
	case width == 2:
		y = century(y)
	case width != 4:
		return 0, errDate
	}
	if !p.separator() && !p.past {
		return 0, errDate
	}
	m, width := p.number()
	if width == 0 || width > 2 {
		return 0, errDate
	}
	ends := p.done()
	if !ends && !p.separator() && !p.past {
		return 0, errDate
	}
	d, width := p.number()
	if width == 0 {
		first, err := day(y, m, 1)
		if err == nil && (ends || p.done()) && y >= firstYear {
			err = errMonthOnly
		} else if err == nil {
			err = errDate
		}
		return first, err
	}
	if width > 2 {
		return 0, errDate
	}
	return p.rest(day(y, m, d))
}

// splitTerm splits a text at the mark between its two days: 2015.3.1-2019.2.28,
// 2014年8月至今. The second is "" where there is none, or where it is still to come.
func splitTerm(text string) (from, to string) {
	s := trim(text)
	for i, r := range s {
		if !strings.ContainsRune("-－—–~～至到", r) {
			continue
		}
		if _, err := parseDate(s[:i]); err != nil && err != errMonthOnly {
			continue
		}
		to = strings.TrimLeft(s[i+utf8.RuneLen(r):], "-－—–~～至到 ")
		if _, err := parseDate(to); err == nil || err == errMonthOnly {
			return s[:i], to
		}
		if !strings.ContainsFunc(to, unicode.IsDigit) { // 至今, 2014.8-
			return s[:i], ""
		}
	}
	return s, ""
}

// numberDate reads a number in a date column that carries no date format: a
// serial of our time, or the digits of a date.
func numberDate(v sheet.Decimal) (table.Day, error) {
	n, exact, ok := v.Scaled(0)
	if !ok || !exact || v.Neg {
		if d, _, ok := v.Days(); ok && d > 10_000-serialEpoch && d < 60_000-serialEpoch { // with a time of day
			return table.Day(d), nil
		}
		return 0, errDate
	}
	switch {
	case n > 10_000 && n < 60_000:
		d, _, ok := v.Days()
		if !ok {
			return 0, errDate
		}
		return table.Day(d), nil
	case n > 99_999:
		return parseDate(v.String())
	}
	return 0, errDate
}

func century(y int) int {
	if y <= 50 {
		return 2000 + y
	}
	return 1900 + y
}

func day(y, m, d int) (table.Day, error) {
	if y < firstYear || y > lastYear || m < 1 || m > 12 || d < 1 {
		return 0, errDate
	}
	day := table.DayOf(y, time.Month(m), d)
	if _, mm, dd := day.Date(); int(mm) != m || dd != d {
		return 0, errDate
	}
	return day, nil
}

// figures writes the Chinese figures of a date as digits: 二〇一七年三月十五日.
func figures(s string) string {
	if !strings.ContainsAny(s, "〇○零一二三四五六七八九十") {
		return s
	}
	var b strings.Builder
	runes := []rune(s)
	figure := func(i int) bool {
		if i < 0 || i >= len(runes) {
			return false
		}
		_, ok := capitalDigits[runes[i]]
		return ok
	}
	for i, r := range runes {
		d, ok := capitalDigits[r]
		switch {
		case ok && strings.ContainsRune("〇○零一二三四五六七八九", r):
			b.WriteByte('0' + byte(d))
		case r == '十' && figure(i-1) && figure(i+1): // 二十五
		case r == '十' && figure(i-1): // 二十
			b.WriteByte('0')
		case r == '十' && figure(i+1): // 十五
			b.WriteByte('1')
		case r == '十':
			b.WriteString("10")
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// scanner walks over the figures and separators of a date.
type scanner struct {
	s    string
	past bool // the last separator was 年, 月 or 日
}

func (p *scanner) number() (n, width int) {
	for width < len(p.s) && width < 16 && p.s[width] >= '0' && p.s[width] <= '9' {
		n = n*10 + int(p.s[width]-'0')
		width++
	}
	p.s = p.s[width:]
	return n, width
}

// separator skips one separator and tells whether there was one.
func (p *scanner) separator() bool {
	for _, w := range []string{"年", "月", "日", "号", ".", "-", "/", "\\", ","} {
		if t, ok := strings.CutPrefix(p.s, w); ok {
			p.s, p.past = t, true
			return true
		}
	}
	p.past = false
	return false
}

func (p *scanner) done() bool { return p.s == "" || p.s == "份" }

// rest accepts what may follow a date: 日, a time of day, a weekday.
func (p *scanner) rest(d table.Day, err error) (table.Day, error) {
	if err != nil {
		return 0, err
	}
	for _, w := range []string{"日", "号", "."} {
		if t, ok := strings.CutPrefix(p.s, w); ok {
			p.s = t
			break
		}
	}
	s := strings.TrimPrefix(p.s, "T")
	for _, w := range []string{"上午", "下午", "AM", "PM"} {
		s = strings.TrimPrefix(s, w)
	}
	s = strings.TrimSuffix(strings.TrimSuffix(s, "Z"), "+08:00")
	if i := strings.Index(s, "星期"); i >= 0 {
		s = s[:i]
	}
	if s == "" {
		return d, nil
	}
	if len(s) >= 4 && s[0] >= '0' && s[0] <= '9' && strings.Trim(s, "0123456789:.APM时分秒") == "" && strings.ContainsAny(s, ":时") {
		return d, nil
	}
	return 0, errDate
}

// isDay reports whether err stands beside a day, if one without its day of the
// month or its year.
func isDay(err error) bool { return err == nil || err == errMonthOnly || err == errYearless }

var monthAndDay = regexp.MustCompile(`^(\d{1,2})月(\d{1,2})[日号]?$`)

// dateIn is parseDate of a text that may leave the year to what stands around it:
// 3月25日 under a title with the year. Without one, 0, that is errYearless.
func dateIn(text string, year int) (table.Day, error) {
	m := monthAndDay.FindStringSubmatch(figures(plain(text)))
	if m == nil {
		return parseDate(text)
	}
	month, _ := strconv.Atoi(m[1])
	d, _ := strconv.Atoi(m[2])
	if year == 0 {
		if _, err := day(2000, month, d); err != nil {
			return 0, err
		}
		return 0, errYearless
	}
	return day(year, month, d)
}
