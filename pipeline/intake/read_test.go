package intake

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
)

// county writes a small folder of sheets and returns its files.
func county(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	var files []string
	for i := range 12 {
		var b strings.Builder
		fmt.Fprintf(&b, "丙村2017年%d月低保发放表,,,\n姓名,身份证号,金额,发放日期\n", i+1)
		for r := range 40 + i {
			fmt.Fprintf(&b, "韦%s,4599011970010%05d,%d.5,2017-%02d-15\n", string(rune('一'+r)), r, 100+r, i+1)
		}
		fmt.Fprintf(&b, "坏行,,见附表,\n,,,\n合计,,%d,\n制表人:某,,,\n", i)
		files = append(files, filepath.Join(dir, "甲县", fmt.Sprintf("%02d.csv", i)))
		write(t, files[i], b.String())
	}
	files = append(files, filepath.Join(dir, "甲县", "02的副本.csv"), filepath.Join(dir, "说明.txt"), filepath.Join(dir, "坏.xlsx"))
	data, err := os.ReadFile(files[2])
	if err != nil {
		t.Fatal(err)
	}
	write(t, files[12], string(data))
	write(t, files[13], "本文件夹为2017年资料\n")
	write(t, files[14], "PK\x03\x04 and then nothing")
	return files
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestAnyNumberOfWorkers(t *testing.T) {
	files := county(t)
	want := ""
	for _, workers := range []int{1, 2, 8} {
		res, err := Read(context.Background(), files, Options{Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		got := dump(res) + fmt.Sprintf("%+v", res.Inputs)
		if want == "" {
			want = got
		}
		if got != want {
			t.Fatalf("%d workers give another result:\n%s\nwant:\n%s", workers, got, want)
		}
		checkAccount(t, res)
	}
	if !strings.Contains(want, "与"+filepath.Base(files[2])+"内容完全相同") {
		t.Error("the copy of a file is not named as one")
	}
}

// checkAccount checks that every row is in one bin and that the tables hold as
// many rows as the bins say.
func checkAccount(t *testing.T, res *Result) {
	t.Helper()
	lines, rejected := 0, 0
	for _, s := range res.Sheets {
		sum := 0
		for _, n := range s.Bins {
			sum += n
		}
		if sum != s.Rows {
			t.Errorf("%s: %d rows, %d in bins", sheetKey(s), s.Rows, sum)
		}
		lines += s.Lines
		rejected += s.Bins[Rejected]
	}
	rows, rejects := 0, 0
	for _, s := range table.Canonical {
		rows += res.Tables.Get(s).Len()
	}
	for _, r := range res.Rejects {
		if r.Row > 0 {
			rejects++
		}
	}
	if rows != lines || rejects != rejected {
		t.Errorf("tables have %d rows, the account %d; %d rows rejected, the account has %d", rows, lines, rejects, rejected)
	}
}

func TestOrderOfFilesMovesRowsOnly(t *testing.T) {
	files := county(t)[:12]
	rowsOf := func(files []string) ([]string, int64) {
		res, err := Read(context.Background(), files, Options{})
		if err != nil {
			t.Fatal(err)
		}
		checkAccount(t, res)
		p := res.Tables.Get(table.Payment)
		var lines []string
		var sum int64
		for i, ref := range p.Refs() {
			line := res.Sources.Place(ref).String()
			for _, f := range p.Schema().Fields[1:] {
				if p.Has(f.Name) {
					line += "|" + cellText(p, f, i)
				}
			}
			lines = append(lines, line)
			v, _ := p.Int("amount", i)
			sum += v
		}
		if !slices.IsSorted(p.Refs()) {
			t.Error("rows are not in the order of their Refs")
		}
		slices.Sort(lines)
		return lines, sum
	}
	want, sum := rowsOf(files)
	shuffled := slices.Clone(files)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	got, sum2 := rowsOf(shuffled)
	if !slices.Equal(got, want) || sum != sum2 {
		t.Error("another order of files gives other rows")
	}
}

func TestDamagedFileIsInTheAccount(t *testing.T) {
	files := county(t)
	var seen []Progress
	res, err := Read(context.Background(), files, Options{Progress: func(p Progress) { seen = append(seen, p) }})
	if err != nil {
		t.Fatal(err)
	}
	in := res.Inputs[14]
	if in.Status != "rejected" || in.Reason == "" || !slices.ContainsFunc(res.Rejects, func(r Reject) bool { return r.File == filepath.Base(files[14]) && r.Row == 0 }) {
		t.Errorf("the damaged file: %+v", in)
	}
	if len(seen) != len(files) || seen[len(seen)-1].Files != len(files) || seen[len(seen)-1].Of != len(files) {
		t.Errorf("progress: %+v", seen)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Read(ctx, county(t), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// The rows of a sheet in any order give the same lines.
func TestOrderOfRows(t *testing.T) {
	lines := []string{}
	for r := range 30 {
		lines = append(lines, fmt.Sprintf("丙村,韦%s,4599011970010%05d,%d.5", string(rune('一'+r)), r, 100+r))
	}
	read := func(lines []string) []string {
		g, err := gridOf("", "村,姓名,身份证号,金额\n"+strings.Join(lines, "\n")+"\n")
		if err != nil {
			t.Fatal(err)
		}
		out := fileOut{input: Input{File: "a.csv"}}
		if err := out.sheets(&sheet.Book{Sheets: []*sheet.Grid{g}}, Options{Policy: builtin}, new(atomic.Int64)); err != nil {
			t.Fatal(err)
		}
		res, err := join([]fileOut{out}, builtin, "zh")
		if err != nil {
			t.Fatal(err)
		}
		p := res.Tables.Get(table.Payment)
		var got []string
		for i := range p.Len() {
			got = append(got, p.Text("beneficiary_name", i)+p.Text("beneficiary_id", i)+p.Text("village", i))
		}
		slices.Sort(got)
		return got
	}
	want := read(lines)
	if len(want) != 30 {
		t.Fatalf("%d lines", len(want))
	}
	rand.New(rand.NewPCG(3, 4)).Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	if got := read(lines); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}
