package sheet

import "time"

// formatSerial writes a date serial as 2006-01-02, with the time of day where
// there is one, or that alone; a serial that is no date is written as the number it is.
func formatSerial(d Decimal) string {
	day, seconds, ok := d.Days()
	if !ok {
		return d.String()
	}
	t := time.Unix(day*86_400+int64(seconds), 0).UTC()
	if d.timeOfDay() {
		return t.Format(time.TimeOnly)
	}
	if seconds == 0 {
		return t.Format(time.DateOnly)
	}
	return t.Format(time.DateTime)
}

// timeOfDay reports whether a date serial is a time of day without a day.
func (d Decimal) timeOfDay() bool {
	n, _, ok := d.Scaled(8)
	return ok && n > 0 && n < 100_000_000
}

// serialOf returns the date serial of seconds since 1970-01-01 and nanoseconds,
// the inverse of Days to under a millisecond; ok is false before 1900.
func serialOf(seconds, nanos int64) (d Decimal, ok bool) {
	const digits = 8
	day := floorDiv(seconds, 86_400)
	inDay := (seconds-day*86_400)*1_000_000_000 + nanos
	serial := day + 25_569
	if serial <= 60 {
		serial-- // spreadsheets count a 29 February 1900
	}
	if serial < 0 || serial >= 2_958_466 {
		return Decimal{}, false
	}
	return scaledDecimal(serial*100_000_000+(inDay/1000*100_000_000+43_200_000_000)/86_400_000_000, -digits), true
}

// scaledDecimal returns n × 10^exp; n is under MaxMantissa.
func scaledDecimal(n int64, exp int) Decimal {
	return Decimal{Neg: n < 0, Mant: uint64(max(n, -n)), Exp: exp}.trimmed()
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
