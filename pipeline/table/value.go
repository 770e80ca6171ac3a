package table

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Null is how an absent number, date or amount is held in a column that has
// been gathered for a rule.
const Null = math.MinInt64

// Fen is an amount of money in fen, a hundredth of a yuan. No other type holds
// money between reading and writing.
type Fen int64

// String returns the amount in yuan with two decimals: 1234.50.
func (f Fen) String() string {
	sign := ""
	u := uint64(f)
	if f < 0 {
		sign, u = "-", -u
	}
	return fmt.Sprintf("%s%d.%02d", sign, u/100, u%100)
}

// ParseFen reads an amount in yuan as String writes it, with at most two
// decimals: "1234.5", "-3". It is for our own files and settings, not for the
// cells of an office's sheet.
func ParseFen(s string) (Fen, error) {
	n, err := parseDecimal(s, 2)
	if err != nil {
		return 0, fmt.Errorf("amount %q: %w", s, err)
	}
	return Fen(n), nil
}

// Quantity is a number of mu, persons, months or metres in ten-thousandths.
type Quantity int64

// QuantityUnit is one whole unit of a Quantity.
const QuantityUnit Quantity = 10_000

// String returns the quantity without trailing zeros: 2.5.
func (q Quantity) String() string {
	sign := ""
	u := uint64(q)
	if q < 0 {
		sign, u = "-", -u
	}
	s := fmt.Sprintf("%s%d.%04d", sign, u/10_000, u%10_000)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// ParseQuantity reads a quantity as String writes it.
func ParseQuantity(s string) (Quantity, error) {
	n, err := parseDecimal(s, 4)
	if err != nil {
		return 0, fmt.Errorf("quantity %q: %w", s, err)
	}
	return Quantity(n), nil
}

// parseDecimal reads a plain decimal as an integer of 10^-scale.
func parseDecimal(s string, scale int) (int64, error) {
	whole, frac, dotted := strings.Cut(s, ".")
	if s == "" || len(frac) > scale || dotted && frac == "" {
		return 0, fmt.Errorf("want digits with at most %d decimals", scale)
	}
	digits := whole + frac + strings.Repeat("0", scale-len(frac))
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n == Null {
		return 0, fmt.Errorf("not a decimal number")
	}
	return n, nil
}

// Count is a whole number: members, households, a year.
type Count int64

// Flag is a yes or a no.
type Flag int64

// The two flags; an empty cell is neither.
const (
	No  Flag = 0
	Yes Flag = 1
)

// Day is a date as days since 1970-01-01.
type Day int64

// DayOf returns the Day of a calendar date.
func DayOf(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDay reads YYYY-MM-DD.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("date %q: want YYYY-MM-DD", s)
	}
	return Day(t.Unix() / 86400), nil
}

// Date returns the calendar date.
func (d Day) Date() (year int, month time.Month, day int) {
	return time.Unix(int64(d)*86400, 0).UTC().Date()
}

// Year returns the calendar year.
func (d Day) Year() int { y, _, _ := d.Date(); return y }

// Month returns the months since year 0 that the day falls in, the unit of a
// Period's ends.
func (d Day) Month() int { y, m, _ := d.Date(); return y*12 + int(m) - 1 }

// String returns YYYY-MM-DD.
func (d Day) String() string { return time.Unix(int64(d)*86400, 0).UTC().Format(time.DateOnly) }

// Period is the span of whole months a payment is for. The zero Period is
// none. Compare two of one length with ==; ask Overlaps otherwise.
type Period int64

// MonthsOf returns the Period of months from..to, both inclusive and counted
// since year 0 (as Day.Month counts).
func MonthsOf(from, to int) Period { return Period(from<<32 | to) }

// YearOf returns the Period of a calendar year.
func YearOf(year int) Period { return MonthsOf(year*12, year*12+11) }

// From returns the first month, since year 0.
func (p Period) From() int { return int(p >> 32) }

// To returns the last month, since year 0.
func (p Period) To() int { return int(p & 0xffffffff) }

// Year returns the year of the first month.
func (p Period) Year() int { return p.From() / 12 }

// Months returns how many months the period has.
func (p Period) Months() int {
	if p == 0 {
		return 0
	}
	return p.To() - p.From() + 1
}

// Overlap returns the months both periods have, or the zero Period.
func (p Period) Overlap(q Period) Period {
	from, to := max(p.From(), q.From()), min(p.To(), q.To())
	if p == 0 || q == 0 || from > to {
		return 0
	}
	return MonthsOf(from, to)
}

// String returns the shortest canonical form: 2017, 2017Q1, 2017-03 or
// 2017-03/2017-05.
func (p Period) String() string {
	if p == 0 {
		return ""
	}
	f, t := p.From(), p.To()
	switch n := p.Months(); {
	case n == 12 && f%12 == 0:
		return strconv.Itoa(f / 12)
	case n == 3 && f%3 == 0:
		return fmt.Sprintf("%dQ%d", f/12, f%12/3+1)
	case n == 1:
		return fmt.Sprintf("%d-%02d", f/12, f%12+1)
	}
	return fmt.Sprintf("%d-%02d/%d-%02d", f/12, f%12+1, t/12, t%12+1)
}

// ParsePeriod reads the forms that String writes.
func ParsePeriod(s string) (Period, error) {
	bad := fmt.Errorf("period %q: want 2017, 2017Q1, 2017-03 or 2017-03/2017-05", s)
	if from, to, ok := strings.Cut(s, "/"); ok {
		f, err1 := ParsePeriod(from)
		t, err2 := ParsePeriod(to)
		if err1 != nil || err2 != nil || f.From() > t.To() {
			return 0, bad
		}
		return MonthsOf(f.From(), t.To()), nil
	}
	if len(s) < 4 {
		return 0, bad
	}
	y, err := strconv.Atoi(s[:4])
	if err != nil || y < 1 {
		return 0, bad
	}
	switch rest := s[4:]; {
	case rest == "":
		return YearOf(y), nil
	case len(rest) == 2 && rest[0] == 'Q' && rest[1] >= '1' && rest[1] <= '4':
		f := y*12 + int(rest[1]-'1')*3
		return MonthsOf(f, f+2), nil
	case len(rest) == 3 && rest[0] == '-':
		m, err := strconv.Atoi(rest[1:])
		if err != nil || m < 1 || m > 12 {
			return 0, bad
		}
		return MonthsOf(y*12+m-1, y*12+m-1), nil
	}
	return 0, bad
}
