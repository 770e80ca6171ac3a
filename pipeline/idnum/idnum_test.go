package idnum

import (
	"errors"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"fundtrace/pipeline/table"
)

// valid is an invented number; region 459901 is no place's.
const valid = "45990119880713205X"

func TestParse(t *testing.T) {
	for _, c := range []struct {
		in, want string
		form     Form
		wrong    Part
	}{
		{in: valid, want: valid, form: Written},
		{in: " 459901 19880713 205x\t", want: valid, form: Repaired},
		{in: "'45990119880713205x", want: valid, form: Repaired},
		{in: "４５９９０１１９８８０７１３２０５Ｘ", want: valid, form: Repaired},
		{in: "459901-19880713-205×", want: valid, form: Repaired},
		{in: valid + "43", want: valid, form: Repaired},
		{in: valid + "（身份证）", want: valid, form: Repaired},
		{in: "45990119880713205x43B1", want: valid, form: Repaired},
		{in: "459901880713205", want: valid, form: Upgraded},
		{in: " 459901880713205 ", want: valid, form: Upgraded},
		{in: "", wrong: Length},
		{in: "4599011988071320", wrong: Length},
		{in: valid + "4", wrong: Length},
		{in: valid + "X3", wrong: Characters},
		{in: "4599011988O713205X", wrong: Characters},
		{in: "459901********205X", wrong: Characters},
		{in: "45990188071320X", wrong: Characters},
		{in: "459901198807132XXX", wrong: Characters},
		{in: "459901198802302010", wrong: Birth},
		{in: "459901190002292010", wrong: Birth},
		{in: "459901187912312010", wrong: Birth},
		{in: "459901881332205", wrong: Birth},
		{in: "459901198807132051", wrong: CheckDigit},
		{in: "459901198807132000", wrong: CheckDigit},
	} {
		id, err := Parse(c.in)
		if c.wrong != 0 {
			var e *Error
			if !errors.As(err, &e) || e.Part != c.wrong {
				t.Errorf("Parse(%q): %v, want wrong %v", c.in, err, c.wrong)
			}
			continue
		}
		if err != nil || id.Number != c.want || id.Form != c.form {
			t.Errorf("Parse(%q) = %v %v, %v, want %v %v", c.in, id.Number, id.Form, err, c.want, c.form)
		}
		if id.Region != "459901" || id.Birth != table.DayOf(1988, 7, 13) || !id.Male {
			t.Errorf("Parse(%q): region %s, born %s, male %t", c.in, id.Region, id.Birth, id.Male)
		}
	}
}

func TestVerify(t *testing.T) {
	id, err := Parse(valid)
	if err != nil {
		t.Fatal(err)
	}
	asOf := table.DayOf(1988, 7, 13)
	here := map[string]string{"459901": "甲县"}
	for _, c := range []struct {
		asOf  table.Day
		added map[string]string
		want  error
	}{
		{asOf, here, nil},
		{asOf - 1, here, &Error{Unborn}},
		{asOf, nil, &Error{Region}},
	} {
		err := id.Verify(c.asOf, c.added)
		if (err == nil) != (c.want == nil) || err != nil && err.Error() != c.want.Error() {
			t.Errorf("as of %s: %v, want %v", c.asOf, err, c.want)
		}
	}
}

func TestAssigned(t *testing.T) {
	for _, code := range []string{
		"110101", "450102", "450802", // in force
		"452123", "110103", "510211", // abolished
		"441900", "442000", "460400", // prefectures without counties
		"810000", "830000",
	} {
		if !Assigned(code) {
			t.Errorf("%s was assigned", code)
		}
	}
	for _, code := range []string{"459901", "000000", "999999", "160101", "45010", "4501021", "45010X", ""} {
		if Assigned(code) {
			t.Errorf("%s was never assigned", code)
		}
	}
}

// A digit changed or two neighbours swapped never goes unseen.
func TestCheckDigitFindsTypos(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		i := r.IntN(17)
		b := []byte(valid)
		if b[i] = '0' + byte(r.IntN(10)); string(b) != valid {
			if _, err := Parse(string(b)); err == nil {
				t.Fatalf("digit %d changed unseen", i)
			}
		}
		b = []byte(valid)
		if i < 16 && b[i] != b[i+1] {
			b[i], b[i+1] = b[i+1], b[i]
			if _, err := Parse(string(b)); err == nil {
				t.Fatalf("digits %d and %d swapped unseen", i, i+1)
			}
		}
	}
}

// Slips are all numbers that one slip explains, and no other.
func TestSlips(t *testing.T) {
	for _, s := range []string{"459901198807132058", "459901198807132085", "45990119880713205X", "45990119880713203X", "459910198807132017"} {
		want := map[string]bool{}
		try := func(b []byte) {
			if n := string(b); n != s && n[17] == CheckOf(n) && s[17] != CheckOf(s) {
				want[n] = true
			}
		}
		for i := range 18 {
			for _, c := range "0123456789X"[:10+i/17] {
				b := []byte(s)
				b[i] = byte(c)
				try(b)
			}
			for j := range i {
				b := []byte(s)
				if b[i] != 'X' {
					b[i], b[j] = b[j], b[i]
					try(b)
				}
			}
		}
		got := map[string]bool{}
		for n := range Slips(s) {
			got[string(n[:])] = true
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s: %d slips %v, want %d %v", s, len(got), got, len(want), want)
		}
	}
	for _, s := range []string{"", "4599011988071320", "4599011988071320AB", "X59901198807132058", valid} {
		for n := range Slips(s) {
			t.Errorf("Slips(%q) yields %s", s, n)
		}
	}
}

func TestBirthAgreesWithCalendar(t *testing.T) {
	for d := oldest; d < table.DayOf(2101, 1, 1); d++ {
		y, m, day := d.Date()
		if got := dayOf(y, int(m), day); got != d {
			t.Fatalf("%s is day %d, got %d", d, d, got)
		}
		if last := time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC).Day(); days(y, int(m)) != last {
			t.Fatalf("%d-%d has %d days", y, m, last)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{valid, "459901880713205", valid + "43", "'" + strings.ToLower(valid), "４５９９０１１９８８０７１３２０５Ｘ", "合计", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for n := range Slips(s) {
			if n[17] != CheckOf(string(n[:])) {
				t.Fatalf("Slips(%q) yields %s", s, n)
			}
		}
		id, err := Parse(s)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || id != (ID{}) {
				t.Fatalf("Parse(%q) = %v, %v", s, id, err)
			}
			return
		}
		again, err := Parse(id.Number)
		if err != nil || again.Number != id.Number || again.Form != Written || again.Birth != id.Birth {
			t.Fatalf("Parse(%q) gives %q, which reads as %+v, %v", s, id.Number, again, err)
		}
		if again.Birth < oldest || len(id.Number) != 18 {
			t.Fatalf("Parse(%q) = %+v", s, id)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		if _, err := Parse(valid); err != nil {
			b.Fatal(err)
		}
	}
}
