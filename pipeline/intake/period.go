package intake

import (
	"regexp"
	"strconv"
	"strings"

	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
)

// How periods are written. Each pattern stands for a whole text; year groups
// may be empty, then the sheet's year counts.
var (
	yearForm    = regexp.MustCompile(`^(\d{4})(年度?|全年|年全年|年底|年末|底)?$`)
	monthForm   = regexp.MustCompile(`^(?:(\d{4})(?:年度?|[-./])?)?(\d{1,2})(?:月份?|月度)?$`)
	compactForm = regexp.MustCompile(`^(\d{4})(\d{2})月?份?$`)
	quarterForm = regexp.MustCompile(`^(?:(\d{4})(?:年度?|[-./])?)?(?:第?([1-4])(?:季度?|季)|Q([1-4])|([1-4])Q)$`)
	halfForm    = regexp.MustCompile(`^(?:(\d{4})年?度?)?(上半年|下半年|全年)$`)
	rangeForm   = regexp.MustCompile(`^(?:(\d{4})(?:年度?|[-./]))?(\d{1,2})月?份?[-至到](?:(\d{4})(?:年度?|[-./]))?(\d{1,2})月?份?$`)
	compactSpan = regexp.MustCompile(`^(\d{4})(\d{2})[-至到](\d{4})(\d{2})$`)
	yearsForm   = regexp.MustCompile(`^(\d{4})年?度?[-至到](\d{4})年?度?$`)
	schoolYear  = regexp.MustCompile(`^(\d{4})年?[-至/](\d{4})年?学年(?:度)?$`)
	schoolTerm  = regexp.MustCompile(`^(\d{4})年?(春季?|秋季?)(?:学?期|学期)?$`)
)

// parsePeriod reads the span of months that a cell names: 2017, 201708, 2014.08,
// 2017年8月, 2017年第一季度, 2017年1-3月, 上半年, 8月. A text without a year takes
// year, the sheet's own; 0 is none. A date is its month. A school year runs from
// September to August, spring term from February to July, autumn term from
// September to January.
func parsePeriod(text string, year int) (table.Period, error) {
	s := strings.Trim(figures(plain(text)), ".,;")
	y := func(g string) int {
		if g == "" {
			return year
		}
		n, _ := strconv.Atoi(g)
		return n
	}
	if m := yearForm.FindStringSubmatch(s); m != nil {
		return months(y(m[1]), 1, y(m[1]), 12)
	}
	if m := compactForm.FindStringSubmatch(s); m != nil {
		return months(y(m[1]), y(m[2]), y(m[1]), y(m[2]))
	}
	if m := monthForm.FindStringSubmatch(s); m != nil {
		return months(y(m[1]), y(m[2]), y(m[1]), y(m[2]))
	}
	if m := quarterForm.FindStringSubmatch(s); m != nil {
		q := y(m[2] + m[3] + m[4])
		return months(y(m[1]), q*3-2, y(m[1]), q*3)
	}
	if m := halfForm.FindStringSubmatch(s); m != nil {
		switch m[2] {
		case "上半年":
			return months(y(m[1]), 1, y(m[1]), 6)
		case "下半年":
			return months(y(m[1]), 7, y(m[1]), 12)
		}
		return months(y(m[1]), 1, y(m[1]), 12)
	}
	if m := compactSpan.FindStringSubmatch(s); m != nil {
		return months(y(m[1]), y(m[2]), y(m[3]), y(m[4]))
	}
	if m := schoolYear.FindStringSubmatch(s); m != nil {
		return months(y(m[1]), 9, y(m[2]), 8)
	}
	if m := yearsForm.FindStringSubmatch(s); m != nil {
		return months(y(m[1]), 1, y(m[2]), 12)
	}
	if m := rangeForm.FindStringSubmatch(s); m != nil {
		from := y(m[1])
		to := from
		if m[3] != "" {
			to = y(m[3])
		}
		return months(from, y(m[2]), to, y(m[4]))
	}
	if m := schoolTerm.FindStringSubmatch(s); m != nil {
		if strings.HasPrefix(m[2], "春") {
			return months(y(m[1]), 2, y(m[1]), 7)
		}
		return months(y(m[1]), 9, y(m[1])+1, 1)
	}
	if p, err := table.ParsePeriod(s); err == nil {
		return months(p.From()/12, p.From()%12+1, p.To()/12, p.To()%12+1)
	}
	if d, err := parseDate(text); err == nil || err == errMonthOnly {
		m := d.Month()
		return table.MonthsOf(m, m), nil
	}
	return 0, errPeriod
}

// numberPeriod reads a number in a period column: 2017, 201708, 2014.08,
// 20170815, 8. One decimal (2017.1) may have lost a nought: it is no period
// unless it can only be one month.
func numberPeriod(v sheet.Decimal, year int) (table.Period, error) {
	if v.Exp == -1 && v.Mant%10 == 1 {
		return 0, errPeriod
	}
	if n, exact, ok := v.Scaled(0); ok && exact {
		switch {
		case n >= firstYear && n <= lastYear:
			return table.YearOf(int(n)), nil
		case n >= firstYear*100 && n <= lastYear*100+12:
			return months(int(n/100), int(n%100), int(n/100), int(n%100))
		case n > 30_000 && n < 60_000:
			d, err := numberDate(v)
			return table.MonthsOf(d.Month(), d.Month()), err
		}
	}
	return parsePeriod(v.String(), year)
}

func months(y1, m1, y2, m2 int) (table.Period, error) {
	if y1 < firstYear || y2 > lastYear || m1 < 1 || m1 > 12 || m2 < 1 || m2 > 12 {
		return 0, errPeriod
	}
	from, to := y1*12+m1-1, y2*12+m2-1
	if from > to {
		return 0, errPeriod
	}
	return table.MonthsOf(from, to), nil
}

// How a period stands inside a title or a name, the fullest form first. The
// guard against a day behind the month keeps dates of signature out.
var inText = []*regexp.Regexp{
	regexp.MustCompile(`\d{4}年?度?第?[1-4]季度?`),
	regexp.MustCompile(`\d{4}年\d{1,2}月?份?[-至到](?:\d{4}年)?\d{1,2}月`),
	regexp.MustCompile(`\d{4}(?:年|\.|-)\d{1,2}月份?`),
	regexp.MustCompile(`\d{4}年?度?[上下]半年`),
	regexp.MustCompile(`\d{4}年?[-至]\d{4}年?学年`),
	regexp.MustCompile(`\d{4}年?[春秋]季?学?期`),
	regexp.MustCompile(`\d{4}(?:年度?|度)`),
	regexp.MustCompile(`\d{6}`),
	regexp.MustCompile(`\d{4}`),
}

var (
	signedOn  = regexp.MustCompile(`\d{4}[年.\-/]\d{1,2}[月.\-/]\d{1,2}日?|\d{8,}`)
	documents = regexp.MustCompile(`\p{Han}{1,10}[\[({〈《「〖]\d{4}[\])}〉》」〗]第?\d+号`)
	monthOf   = regexp.MustCompile(`\d{1,2}月份?(?:[-至到]\d{1,2}月份?)?|\d{1,2}[-至到]\d{1,2}月份?|第?[1-4]季度|[上下]半年`)
)

// findPeriod returns the period that a title or a name speaks of, or 0. Whole
// dates, document numbers and long figures are passed over, and the year of
// 2016年脱贫户 where another is named. year serves a text that names a month only.
func findPeriod(text string, year int) table.Period {
	s := figures(plain(text))
	if rest := exitList.ReplaceAllString(s, "#"); rest != s {
		if p := findPeriod(rest, 0); p != 0 {
			return p
		}
	}
	s = documents.ReplaceAllString(s, "#")
	s = signedOn.ReplaceAllString(s, "#")
	for _, re := range inText {
		for _, at := range re.FindAllStringIndex(s, -1) {
			if at[0] > 0 && digits(s[at[0]-1:at[0]]) || at[1] < len(s) && digits(s[at[1]-1:at[1]+1]) {
				continue // a part of a longer figure
			}
			if p, err := parsePeriod(s[at[0]:at[1]], 0); err == nil && p.Year() >= 1990 {
				return p
			}
		}
	}
	if year != 0 {
		if m := monthOf.FindString(s); m != "" {
			if p, err := parsePeriod(m, year); err == nil {
				return p
			}
		}
	}
	return 0
}
