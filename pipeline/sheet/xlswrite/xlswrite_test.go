package xlswrite

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/richardlehane/mscfb"
)

// TestContainer writes workbooks around the sizes at which the container's
// layout changes, and takes the stream out again with another reader.
func TestContainer(t *testing.T) {
	// 109 allocation sectors of 128 entries are listed in the header itself.
	const listed = 109 * 128 * 512
	for _, size := range []int{1, 4095, 4096, 4097, 65_024, 65_536, listed - 110*512, listed - 511, listed, listed + 127*128*512} {
		want := bytes.Repeat([]byte("fund"), size/4+1)[:size]
		var out bytes.Buffer
		if err := writeContainer(&out, bytes.Clone(want)); err != nil {
			t.Fatal(err)
		}
		box, err := mscfb.New(bytes.NewReader(out.Bytes()))
		if err != nil {
			t.Fatalf("%d bytes: %v", size, err)
		}
		f := box.File[1]
		got := make([]byte, f.Size)
		for n := 0; n < len(got); {
			k, err := f.Read(got[n:min(len(got), n+1<<16)])
			if n += k; err != nil && err != io.EOF {
				t.Fatalf("%d bytes: %v", size, err)
			}
		}
		if f.Name != "Workbook" || !bytes.HasPrefix(got, want) || len(got) != max(size, 4096) {
			t.Errorf("%d bytes: stream %q of %d bytes differs", size, f.Name, len(got))
		}
	}
}

func TestMisuse(t *testing.T) {
	for name, use := range map[string]func(w *Writer, s *Sheet){
		"[]:*?":            func(w *Writer, s *Sheet) { w.AddSheet("a/b") },
		"sheet of that":    func(w *Writer, s *Sheet) { w.AddSheet("SHEET1") },
		"row 65537":        func(w *Writer, s *Sheet) { s.SetText(MaxRows, 0, "x") },
		"column 257":       func(w *Writer, s *Sheet) { s.SetNumber(0, MaxCols, 1) },
		"no number":        func(w *Writer, s *Sheet) { s.SetNumber(0, 0, math.NaN()) },
		"32767 characters": func(w *Writer, s *Sheet) { s.SetText(0, 0, strings.Repeat("x", MaxText+1)) },
		"1899-12-31":       func(w *Writer, s *Sheet) { s.SetDate(0, 0, time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC)) },
		"no such range":    func(w *Writer, s *Sheet) { s.Merge(1, 0, 0, 0) },
	} {
		var out bytes.Buffer
		w := New(&out)
		use(w, w.AddSheet("Sheet1"))
		if err := w.Close(); err == nil || !strings.Contains(err.Error(), name) || out.Len() > 0 {
			t.Errorf("%s: error %v, %d bytes written", name, err, out.Len())
		}
	}
	if err := New(io.Discard).Close(); err == nil {
		t.Error("a workbook without sheets was written")
	}
	w := New(full{})
	w.AddSheet("a")
	if err := w.Close(); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("a full disk: %v", err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

// TestLastSettingHolds sets cells out of order and one of them twice.
func TestLastSettingHolds(t *testing.T) {
	w := New(io.Discard)
	s := w.AddSheet("a")
	s.SetNumber(1, 1, 1)
	s.SetNumber(0, 1, 2)
	s.SetNumber(1, 1, 3)
	s.SetNumber(0, 0, 4)
	var got []float64
	for _, c := range s.ordered() {
		got = append(got, math.Float64frombits(c.bits))
	}
	if len(got) != 3 || got[0] != 4 || got[1] != 2 || got[2] != 3 {
		t.Errorf("cells %v, want 4 2 3", got)
	}
}

func TestPackedNumbers(t *testing.T) {
	for v, want := range map[float64]bool{0: true, -1: true, 1.37: true, 1 << 29: false, 1 << 30: false, 1.375: false, -5368709.11: true, 53687091.2: false} {
		if _, ok := packed(v); ok != want {
			t.Errorf("%v: packed %t, want %t", v, ok, want)
		}
	}
	if _, ok := packed(math.Copysign(0, -1)); ok {
		t.Error("minus zero loses its sign")
	}
}

// TestRecordsFit: no record is longer than the format allows, whatever the texts.
func TestRecordsFit(t *testing.T) {
	w := New(io.Discard)
	s := w.AddSheet("a")
	for i := range 300 {
		s.SetText(i, 0, strings.Repeat("金", i*7)+strings.Repeat("x", i))
		s.SetText(i, 1, strings.Repeat("x", i*31))
		s.Merge(i, 2, i, 3)
	}
	for i := range 3_000 {
		s.Merge(i, 4, i, 5)
	}
	stream := w.stream()
	for len(stream) > 0 {
		size := int(binary.LittleEndian.Uint16(stream[2:]))
		if size > maxRecord {
			t.Fatalf("record %#04x of %d bytes", binary.LittleEndian.Uint16(stream), size)
		}
		stream = stream[4+size:]
	}
}
