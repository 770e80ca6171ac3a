package generate

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
)

// generated makes a county in a folder of its own.
func generated(t *testing.T, opt Options) (dir string, truth *Truth) {
	t.Helper()
	dir = t.TempDir()
	truth, err := County(dir, opt)
	if err != nil {
		t.Fatal(err)
	}
	return dir, truth
}

// files returns what a folder holds, by path in it.
func files(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		out[filepath.ToSlash(name)], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSameOptionsSameBytes(t *testing.T) {
	opt := Options{Households: 150, Seed: 7}
	a, _ := generated(t, opt)
	b, _ := generated(t, opt)
	opt.Seed = 8
	c, _ := generated(t, opt)
	first, second, other := files(t, a), files(t, b), files(t, c)
	if !slices.Equal(slices.Sorted(maps.Keys(first)), slices.Sorted(maps.Keys(second))) {
		t.Fatal("the same options gave other files")
	}
	for name := range first {
		if !bytes.Equal(first[name], second[name]) {
			t.Errorf("%s differs between two generations with the same options", name)
		}
	}
	if bytes.Equal(first[TruthFile], other[TruthFile]) {
		t.Error("another seed gave the same truth")
	}
}

// sheetOf is one sheet as read back.
type sheetOf struct {
	file string
	grid *sheet.Grid
}

// readBack reads every spreadsheet of a generated county, files that stand
// twice once.
func readBack(t *testing.T, dir string) (out []sheetOf) {
	t.Helper()
	all := files(t, filepath.Join(dir, InputDir))
	seen := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if strings.HasPrefix(filepath.Base(name), "~$") || seen[string(all[name])] {
			continue
		}
		seen[string(all[name])] = true
		members := []sheet.Member{{Name: name, Data: all[name]}}
		if strings.HasSuffix(name, ".zip") {
			members = unzip(t, name, all[name])
		}
		for _, m := range members {
			book, err := sheet.Read(context.Background(), m, sheet.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range book.Sheets {
				if g.Err != nil {
					t.Fatalf("%s, sheet %s: %v", m.Name, g.Name, g.Err)
				}
				out = append(out, sheetOf{m.Name, g})
			}
		}
	}
	return out
}

// unzip returns the files of a zip.
func unzip(t *testing.T, name string, data []byte) (out []sheet.Member) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, sheet.Member{Name: name + "/" + f.Name, Data: b})
	}
	return out
}

// The sums that the truth states are those of the sheets, added up anew from
// what stands in them: rows that have a running number and a cell under the
// heading of money.
func TestTruthIsWhatSheetsSay(t *testing.T) {
	dir, truth := generated(t, Options{Households: 240, Seed: 3})
	written := map[string]*Written{}
	for _, s := range readBack(t, dir) {
		if !strings.Contains(s.file, "发放") {
			continue
		}
		program := ""
		for _, p := range programs {
			if strings.Contains(s.file, p.name) {
				program = p.name
			}
		}
		w := written[program]
		if w == nil {
			w = &Written{}
			written[program] = w
		}
		unit, col := int64(100), -1
		for r := range s.grid.Rows {
			for c := range s.grid.Cols {
				text := s.grid.Text(r, c)
				switch {
				case text == "单位:万元":
					unit = 1_000_000
				case slices.Contains([]string{"金额", "补助金额", "发放金额", "实发金额", "补贴金额", "奖补金额", "补助资金"}, text):
					col = c
				}
			}
			if col < 0 || !regexp.MustCompile(`^\d+$`).MatchString(s.grid.Text(r, 0)) {
				continue
			}
			w.Lines++
			w.Amount += money(t, s.grid.Text(r, col), unit)
		}
	}
	for program, want := range truth.Programs {
		if have := written[program]; have == nil || *have != *want {
			t.Errorf("%s: sheets have %v, truth %v", program, have, *want)
		}
	}
	var sum Written
	for _, w := range truth.Programs {
		sum.Lines += w.Lines
		sum.Amount += w.Amount
	}
	if sum != *truth.Tables["payment"] {
		t.Errorf("programs add up to %v, the table to %v", sum, *truth.Tables["payment"])
	}
}

// money reads an amount in fen of a unit.
func money(t *testing.T, s string, unit int64) table.Fen {
	t.Helper()
	s = strings.Map(func(r rune) rune {
		switch {
		case r == ',':
			return -1
		case r > 0xff00:
			return r - 0xfee0
		}
		return r
	}, s)
	whole, frac, _ := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	n := int64(0)
	for _, d := range whole + frac {
		if d < '0' || d > '9' {
			t.Fatalf("amount %q", s)
		}
		n = n*10 + int64(d-'0')
	}
	for range frac {
		unit /= 10
	}
	if strings.HasPrefix(s, "-") {
		n = -n
	}
	return table.Fen(n * unit)
}

var idForm = regexp.MustCompile(`\d{17}[\dXx]|\d{15}`)

// Nobody in a generated county can be anybody: the region of every number is
// one that no place has, and numbers are right but for those planted wrong.
func TestEverybodyIsInvented(t *testing.T) {
	dir, truth := generated(t, Options{Households: 200, Seed: 5})
	wrong := map[string]bool{}
	for _, c := range truth.Planted {
		if c.Rule == "id-invalid" {
			wrong[c.Key] = true
		}
	}
	ids := 0
	for _, s := range readBack(t, dir) {
		for c := range s.grid.Cols {
			for r := range s.grid.Rows {
				text := s.grid.Text(r, c)
				if len(text) > 24 || strings.HasPrefix(text, "9900") || strings.HasPrefix(text, "9145") {
					continue
				}
				for _, id := range idForm.FindAllString(text, -1) {
					if !strings.HasPrefix(id, "4599") {
						t.Fatalf("%s row %d: a number that does not begin with 4599", s.file, r+1)
					}
					if len(id) != 18 || strings.HasSuffix(id, "000") || wrong[id] {
						continue
					}
					if born := id[6:8]; born != "19" && born != "20" {
						continue // a household's or project's number
					}
					ids++
					if last := checkDigit(id[:17]); last != strings.ToUpper(id)[17] {
						t.Errorf("%s row %d: wrong check digit", s.file, r+1)
					}
				}
			}
		}
	}
	if ids < 500 {
		t.Errorf("only %d ID numbers seen", ids)
	}
}

func TestCheckDigit(t *testing.T) {
	for body, want := range map[string]byte{
		"45990119700101001": '6', // of the rules' examples
		"45990119480112023": '6',
	} {
		if have := checkDigit(body); have != want {
			t.Errorf("%s: check digit %c, want %c", body, have, want)
		}
	}
}

// The policy file has the standards that payments are made by, and gives a
// line for each year told.
func TestPolicyMatchesPrograms(t *testing.T) {
	dir, _ := generated(t, Options{Households: 100, Seed: 1})
	file, err := os.ReadFile(filepath.Join(dir, PolicyFile))
	if err != nil {
		t.Fatal(err)
	}
	p, err := policy.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	for y := range years {
		if line, ok := p.LineOf(firstYear+y, "甲县"); !ok || line != poverty[y] {
			t.Errorf("line of %d: policy %v, generator %v", firstYear+y, line, poverty[y])
		}
	}
	paid := map[string]bool{}
	background(t, 600, func(h *household) {
		for _, pay := range h.payments {
			paid[pay.batch.program.name] = true
			std, ok := p.Program(pay.batch.program.name).StandardOf(pay.batch.period.Year(), "甲县", pay.tier)
			if !ok || std.Yuan.Fen() != pay.standard {
				t.Fatalf("%s %s: paid by %v, policy has %v", pay.batch.program.name, pay.tier, pay.standard, std.Yuan.Fen())
			}
			if pay.amount != amountOf(pay.standard, pay.quantity) {
				t.Fatalf("%s: %v is not %v × %v", pay.batch.program.name, pay.amount, pay.standard, pay.quantity)
			}
		}
	})
	for _, prog := range programs {
		if !paid[prog.name] {
			t.Errorf("nobody is paid %s", prog.name)
		}
	}
}

// background makes villages without planted cases and calls f for each household.
func background(t *testing.T, households int, f func(*household)) {
	t.Helper()
	w := &world{opt: Options{Seed: 11}, truth: &Truth{}}
	c := &county{world: w, code: "459901", name: "甲县", ids: &idBook{region: "459901", given: map[idDay]int{}}}
	c.plan(1)
	town := &town{county: c, name: "青石镇"}
	for i := range households / perVillage {
		v, err := town.settleVillage(i, i, perVillage, i*perVillage)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range v.households {
			f(h)
		}
	}
}

// What rules look for is not in the background.
func TestBackgroundIsClean(t *testing.T) {
	exits := 0
	seen := map[string]bool{}
	background(t, 3000, func(h *household) {
		for _, key := range []string{h.account, h.no, h.phone} {
			if seen[key] {
				t.Fatal("two households with one number")
			}
			seen[key] = true
		}
		var transfer [years]table.Fen
		for _, p := range h.payments {
			year := p.batch.period.Year()
			if p.batch.program.income {
				transfer[year-firstYear] += p.amount
			} else if h.exit != 0 && h.exit <= year {
				t.Error("a means-tested grant in or after the year of exit")
			}
			if h.registered == 0 && p.batch.program != farmland && p.batch.program != forest {
				t.Errorf("%s paid to a household that is not on the register", p.batch.program.name)
			}
			if p.day.Year() != year || p.day > asOf {
				t.Error("paid in another year")
			}
			if p.day-p.batch.issued > 60 {
				t.Error("sixty days from issue to household are too many")
			}
		}
		for y := range years {
			s := h.state[y]
			if s.transfer != transfer[y] {
				t.Errorf("transfer income %v, payments %v", s.transfer, transfer[y])
			}
			if min(s.wage, s.business, s.property) < 0 {
				t.Error("an income below nothing")
			}
			if h.exit == firstYear+y {
				exits++
				if s.perHead(len(h.members)) < poverty[y] || !s.secure() {
					t.Error("an exit that is not one")
				}
				if total := s.wage + s.business + s.property + s.transfer; s.transfer*5 > total*4 {
					t.Error("an exit by transfers only")
				}
			}
		}
		if h.rebuilt != 0 && h.resettled != 0 {
			t.Error("rebuilt and resettled")
		}
	})
	if exits < 300 {
		t.Errorf("only %d of 3000 households exit", exits)
	}
}

// Every fund comes in, goes on and is paid out to the fen.
func TestMoneyBalances(t *testing.T) {
	w := &world{opt: Options{Seed: 2}, truth: &Truth{}}
	c := &county{world: w, name: "甲县"}
	c.plan(2)
	for i, b := range c.batches {
		b.sums = []table.Fen{table.Fen(1000 + i), table.Fen(2000 + i)}
	}
	towns := []*town{{county: c, name: "青石镇"}, {county: c, index: 1, name: "白沙镇"}}
	c.fund(towns)
	for _, b := range c.batches {
		out := table.Fen(0)
		for _, tr := range c.transfers {
			if tr.fund == b.fund {
				out += tr.amount
				if tr.receipts[0].amount != tr.amount {
					t.Error("received is not what was sent")
				}
				if held := tr.sentOn - b.issued; held < 0 || held > 30 {
					t.Errorf("the county holds %s for %d days", b.program.name, held)
				}
			}
		}
		want := b.sums[0] + b.sums[1]
		if b.program.payer == countyPays {
			want = 0
		}
		if out != want || c.allocation(b.fund).amount != b.sums[0]+b.sums[1] {
			t.Errorf("%s: allotted %v, sent on %v, want %v", b.program.name, c.allocation(b.fund).amount, out, want)
		}
	}
}

func TestHouseholdsAsAsked(t *testing.T) {
	for _, n := range []int{100, 131, 400} {
		for seed := range uint64(4) {
			_, truth := generated(t, Options{Households: n, Seed: seed})
			if truth.Households != n || truth.Persons < n {
				t.Errorf("asked for %d households, have %d of %d persons", n, truth.Households, truth.Persons)
			}
			g := survey((&world{opt: Options{Households: n}}).divide(1))
			for _, p := range planters {
				if p.room(g) == 0 {
					continue
				}
				if !slices.ContainsFunc(truth.Planted, func(c Case) bool { return c.Rule == p.rule }) ||
					!slices.ContainsFunc(truth.Quiet, func(c Case) bool { return c.Rule == p.rule }) {
					t.Errorf("%d households, seed %d: %s is not planted", n, seed, p.rule)
				}
			}
		}
	}
	if _, err := County(t.TempDir(), Options{Households: 99}); err == nil {
		t.Error("a county of 99 households was made")
	}
}

func TestInputIsNotOverwritten(t *testing.T) {
	dir, _ := generated(t, Options{Households: 100})
	if _, err := County(dir, Options{Households: 100}); err == nil || !strings.Contains(err.Error(), "remove it") {
		t.Errorf("a second county in the same folder: %v", err)
	}
}
