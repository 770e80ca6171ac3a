package sheet

import (
	"bytes"
	"strings"
	"time"
)

// A rawCell is a cell as the XML has it, but for shared strings.
type rawCell struct {
	kind    string // the t attribute
	style   int    // the s attribute
	text    []byte
	runs    bool // text is of an is element, its escapes resolved
	formula bool
}

// cell gives a raw cell its meaning. An empty text is Blank.
func (w *workbook) cell(raw rawCell) (Cell, error) {
	text := raw.text
	if len(text) == 0 && raw.formula && raw.kind != "str" { // a text may be calculated to nothing
		return w.uncalculated()
	}
	if len(text) == 0 {
		return Blank, nil
	}
	switch raw.kind {
	case "", "n":
		text = bytes.TrimSpace(text)
		if len(text) == 0 {
			return Blank, nil
		}
		d, ok := ParseDecimal(text)
		if !ok {
			return w.textCell(KindRaw, text)
		}
		return w.numberCell(d, raw.style), nil
	case "str", "inlineStr":
		if !raw.runs {
			text = unescape(text)
		}
		return w.textCell(KindText, text)
	case "b":
		v := string(bytes.TrimSpace(text))
		return BoolCell(v == "1" || v == "true"), nil
	case "e":
		return w.textCell(KindError, text)
	case "d":
		if d, ok := isoSerial(string(bytes.TrimSpace(text))); ok {
			return DecimalCell(KindDate, d), nil
		}
		return w.textCell(KindText, text)
	}
	return Blank, errUnknown
}

func (w *workbook) textCell(k Kind, text []byte) (Cell, error) {
	if int64(len(w.strs.Bytes)+len(text)) > w.limits.Strings {
		return Blank, over(LimitStrings, w.limits.Strings, "texts of over %d bytes", w.limits.Strings)
	}
	return IndexCell(k, w.strs.Add(text)), nil
}

// uncalculated returns the cell of a formula without a value.
func (w *workbook) uncalculated() (Cell, error) {
	if w.pending == Blank {
		c, err := w.textCell(KindError, []byte(Uncalculated))
		if err != nil {
			return Blank, err
		}
		w.pending = c
	}
	return w.pending, nil
}

func (w *workbook) numberCell(d Decimal, style int) Cell {
	if style < 0 || style >= len(w.dates) || w.dates[style] == plainStyle {
		return DecimalCell(KindNumber, d)
	}
	if w.date1904 && w.dates[style] == dateStyle && !d.timeOfDay() {
		d = d.plus(days1904)
	}
	return DecimalCell(KindDate, d)
}

// days1904 is the serial of 1904-01-01, day 0 of workbooks that count from it.
const days1904 = 1462

// plus returns d + days to 15 digits. d is a date serial: one out of their range
// comes back as it is.
func (d Decimal) plus(days int64) Decimal {
	const digits = 8 // a hundred-millionth of a day is under a millisecond
	n, _, ok := d.Scaled(digits)
	if !ok || n > MaxMantissa/2 || n < -MaxMantissa/2 {
		return d
	}
	return scaledDecimal(n+days*100_000_000, -digits)
}

// isoSerial reads the date, time or both of a cell of type d as a serial.
func isoSerial(s string) (Decimal, bool) {
	if t, err := time.Parse(time.TimeOnly, strings.TrimSuffix(s, "Z")); err == nil {
		return scaledDecimal(int64(t.Hour()*3600+t.Minute()*60+t.Second())*100_000_000/86_400, -8), true
	}
	for _, layout := range []string{"2006-01-02T15:04:05.999999999Z07:00", "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "2006-01-02 15:04:05", time.DateOnly, "20060102T150405Z", "20060102T150405", "20060102"} {
		t, err := time.Parse(layout, s)
		if err != nil {
			continue
		}
		_, offset := t.Zone() // a serial has no zone: the clock that the cell shows
		return serialOf(t.Unix()+int64(offset), int64(t.Nanosecond()))
	}
	return Decimal{}, false
}
