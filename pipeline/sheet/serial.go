package sheet

import "time"

// formatSerial writes a date serial as 2006-01-02, with the time of day where
// there is one; a serial that is no date is written as the number it is.
func formatSerial(d Decimal) string {
	day, seconds, ok := d.Days()
	if !ok {
		return d.String()
	}
	t := time.Unix(day*86_400+int64(seconds), 0).UTC()
	if seconds == 0 {
		return t.Format(time.DateOnly)
	}
	return t.Format(time.DateTime)
}
