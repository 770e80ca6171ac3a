package table

import (
	"math"
	"testing"
)

func TestFen(t *testing.T) {
	for _, c := range []struct {
		text string
		want Fen
	}{{"0.00", 0}, {"0.05", 5}, {"-0.05", -5}, {"1234.50", 123450}, {"-3.00", -300}, {"92233720368547758.07", math.MaxInt64}} {
		if got := c.want.String(); got != c.text {
			t.Errorf("Fen(%d) prints %s, want %s", int64(c.want), got, c.text)
		}
		got, err := ParseFen(c.text)
		if err != nil || got != c.want {
			t.Errorf("ParseFen(%q) = %d, %v", c.text, got, err)
		}
	}
	for _, bad := range []string{"", "1.234", "1,000", "1e3", ".", "1.", "92233720368547758.08", "-92233720368547758.08", "一"} {
		if got, err := ParseFen(bad); err == nil {
			t.Errorf("ParseFen(%q) = %v, want an error", bad, got)
		}
	}
}

func TestQuantity(t *testing.T) {
	for text, want := range map[string]Quantity{"0": 0, "2.5": 25_000, "-0.0001": -1, "12": 120_000} {
		if got := want.String(); got != text {
			t.Errorf("Quantity(%d) prints %s, want %s", int64(want), got, text)
		}
		if got, err := ParseQuantity(text); err != nil || got != want {
			t.Errorf("ParseQuantity(%q) = %d, %v", text, got, err)
		}
	}
}

func TestPeriod(t *testing.T) {
	for _, text := range []string{"2017", "2017Q1", "2017Q4", "2017-03", "2016-12/2017-02", "2017-02/2017-04", "2016-01/2017-12"} {
		p, err := ParsePeriod(text)
		if err != nil || p.String() != text {
			t.Errorf("ParsePeriod(%q) = %s, %v", text, p, err)
		}
	}
	for _, bad := range []string{"", "17", "2017Q5", "2017-13", "2017-00", "2017-3", "2017/2016", "2017Q", "20170"} {
		if p, err := ParsePeriod(bad); err == nil {
			t.Errorf("ParsePeriod(%q) = %s, want an error", bad, p)
		}
	}
	if p, _ := ParsePeriod("2017-01/2017-12"); p.String() != "2017" {
		t.Errorf("a whole year prints %s", p)
	}
}

func TestPeriodOverlap(t *testing.T) {
	for _, c := range [][3]string{
		{"2017", "2017-03", "2017-03"}, {"2017Q1", "2017-03/2017-05", "2017-03"}, {"2017", "2017", "2017"},
		{"2017Q1", "2017Q2", ""}, {"2016", "2017", ""}, {"2016-12/2017-01", "2017", "2017-01"},
	} {
		a, _ := ParsePeriod(c[0])
		b, _ := ParsePeriod(c[1])
		if got := a.Overlap(b); got.String() != c[2] || got != b.Overlap(a) {
			t.Errorf("%s and %s overlap in %q, want %q", a, b, got, c[2])
		}
	}
	if YearOf(2017).Overlap(0) != 0 {
		t.Error("no period overlaps one")
	}
}

func TestDay(t *testing.T) {
	d, err := ParseDay("2016-02-29")
	if err != nil || d.String() != "2016-02-29" || d.Year() != 2016 || d.Month() != 2016*12+1 {
		t.Errorf("2016-02-29 = %s, %d, %d, %v", d, d.Year(), d.Month(), err)
	}
	if d := DayOf(1949, 10, 1); d.String() != "1949-10-01" || d >= 0 {
		t.Errorf("before 1970: %s", d)
	}
	if _, err := ParseDay("2017-02-29"); err == nil {
		t.Error("2017-02-29 is no date")
	}
}

func FuzzParsePeriod(f *testing.F) {
	f.Add("2017-03/2017-05")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePeriod(s)
		if err != nil {
			return
		}
		if q, err := ParsePeriod(p.String()); err != nil || q != p {
			t.Errorf("%q reads as %s, which reads as %s, %v", s, p, q, err)
		}
	})
}
