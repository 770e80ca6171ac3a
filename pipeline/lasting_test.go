package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"fundtrace/fixtures/generate"
	"fundtrace/pipeline"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
	"fundtrace/rules"
)

// A lead keeps its name from night to night, whatever is delivered beside it:
// sheets about other people and units, in another county with the same names of
// towns, villages, offices and the same household numbers; files under other
// names and in another order.
func TestLeadsLast(t *testing.T) {
	counties := map[string]string{"demo": "../fixtures/demo"}
	for seed, dirt := range map[uint64]float64{5: 0, 6: 0.1} {
		dir := t.TempDir()
		if _, err := generate.County(dir, generate.Options{Households: 300, Seed: seed, Dirt: dirt}); err != nil {
			t.Fatal(err)
		}
		counties[fmt.Sprintf("seed %d", seed)] = dir
	}
	for name, dir := range counties {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, in := policyOf(t, dir), filepath.Join(dir, generate.InputDir)
			before := leadsOf(t, p, in)
			for what, inputs := range map[string][]string{
				"with sheets about others":        {in, elsewhere(t, before)},
				"files under other names, turned": {renamed(t, in)},
			} {
				after := leadsOf(t, p, inputs...)
				for id, lead := range before {
					if after[id] == "" {
						t.Errorf("%s: gone: %s", what, lead)
					}
				}
				for id, lead := range after {
					if before[id] == "" && !strings.Contains(lead, "戊县") && !strings.Contains(lead, "戊财农") {
						t.Errorf("%s: new: %s", what, lead)
					}
				}
			}
		})
	}
}

// Nor does it matter in which order the rows of a sheet stand, in how many sheets
// or workbooks a table comes, in which order these are named, or that a sheet
// about others is missing.
func TestLeadsOfTheSameRowsLast(t *testing.T) {
	dirs := []string{"../fixtures/demo"}
	for seed, dirt := range map[uint64]float64{5: 0, 6: 0.1} {
		dir := t.TempDir()
		if _, err := generate.County(dir, generate.Options{Households: 300, Seed: seed, Dirt: dirt}); err != nil {
			t.Fatal(err)
		}
		dirs = append(dirs, dir)
	}
	for _, dir := range dirs {
		p := policyOf(t, dir)
		head, rows := plain(t, p, filepath.Join(dir, generate.InputDir))
		whole := t.TempDir()
		for _, s := range table.Canonical {
			put(t, whole, s.Zh+".csv", head[s], rows[s])
		}
		want := leadsOf(t, p, whole)
		if len(want) < 60 {
			t.Fatalf("the county in plain sheets has %d leads", len(want))
		}
		for name, make := range map[string]func(dir string) []string{
			"rows in another order": func(dir string) []string {
				rng := rand.New(rand.NewPCG(1, 2))
				for _, s := range table.Canonical {
					turned := slices.Clone(rows[s])
					rng.Shuffle(len(turned), func(i, j int) { turned[i], turned[j] = turned[j], turned[i] })
					put(t, dir, s.Zh+".csv", head[s], turned)
				}
				return []string{dir}
			},
			"each table in ten sheets, named in turn": func(dir string) (files []string) {
				for _, s := range table.Canonical {
					for i := range 10 {
						name := fmt.Sprintf("%d%s.csv", i, s.Zh)
						put(t, dir, name, head[s], rows[s][i*len(rows[s])/10:(i+1)*len(rows[s])/10])
						files = append(files, filepath.Join(dir, name))
					}
				}
				slices.Reverse(files)
				return files
			},
			"each table in a workbook of ten sheets": func(dir string) []string {
				for _, s := range table.Canonical {
					workbook(t, filepath.Join(dir, s.Zh+".xlsx"), head[s], rows[s], 10)
				}
				return []string{dir}
			},
			"without complaints": func(dir string) []string {
				for _, s := range table.Canonical {
					if s != table.Complaint {
						put(t, dir, s.Zh+".csv", head[s], rows[s])
					}
				}
				return []string{dir}
			},
		} {
			got := leadsOf(t, p, make(t.TempDir())...)
			for id, lead := range want {
				// That rows stand in the order of another roster is what it says.
				if got[id] == "" && !(name == "rows in another order" && strings.HasPrefix(lead, "data-roster-copied ")) {
					t.Errorf("%s: gone: %s", name, lead)
				}
			}
			for id, lead := range got {
				if want[id] == "" {
					t.Errorf("%s: new: %s", name, lead)
				}
			}
		}
	}
}

// plain returns the rows of a folder as sheets without any mess state them: a
// heading of the fields' own words and a line a row, for each table.
func plain(t *testing.T, p *policy.Policy, in string) (head map[*table.Schema]string, rows map[*table.Schema][]string) {
	t.Helper()
	d, err := pipeline.Run(context.Background(), pipeline.Options{Inputs: []string{in}, Policy: p, AsOf: table.DayOf(2018, 12, 31), Lang: "zh"})
	if err != nil {
		t.Fatal(err)
	}
	head, rows = map[*table.Schema]string{}, map[*table.Schema][]string{}
	for _, s := range table.Canonical {
		var fields []table.Field
		var words []string
		for _, f := range s.Fields {
			if f.Zh != "" && !strings.HasPrefix(f.Name, "_") {
				fields, words = append(fields, f), append(words, f.Zh)
			}
		}
		head[s] = strings.Join(words, ",")
		from := d.Tables.Get(s)
		for i := range from.Len() {
			cells := make([]string, len(fields))
			for k, f := range fields {
				cells[k] = cell(from, f, i)
			}
			rows[s] = append(rows[s], strings.Join(cells, ","))
		}
	}
	return head, rows
}

func cell(t *table.Table, f table.Field, row int) string {
	if f.Type == table.Text || f.Type == table.Span {
		return strings.NewReplacer(",", "，", "\n", " ").Replace(t.Text(f.Name, row))
	}
	n, ok := t.Int(f.Name, row)
	switch {
	case !ok:
		return ""
	case f.Type == table.Money:
		return table.Fen(n).String()
	case f.Type == table.Date:
		return table.Day(n).String()
	case f.Type == table.Amount:
		return table.Quantity(n).String()
	case f.Type == table.Bool:
		return []string{"否", "是"}[n]
	}
	return fmt.Sprint(n)
}

// workbook writes rows as a workbook of so many sheets, each with the heading.
func workbook(t *testing.T, path, head string, rows []string, sheets int) {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i := range sheets {
		name := fmt.Sprintf("Sheet%d", i+1)
		_, err := f.NewSheet(name)
		for n, line := range append([]string{head}, rows[i*len(rows)/sheets:(i+1)*len(rows)/sheets]...) {
			cells := strings.Split(line, ",")
			err = errors.Join(err, f.SetSheetRow(name, fmt.Sprintf("A%d", n+1), &cells))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
}

// A roster in ten sheets has the leads that it has in one.
func TestLeadsOfASplitSheetLast(t *testing.T) {
	p, err := policy.Parse([]byte("regions: {\"459901\": 戊县}\n"))
	if err != nil {
		t.Fatal(err)
	}
	whole, parts := t.TempDir(), t.TempDir()
	head, rows := roster()
	put(t, whole, "戊县2017年农村低保发放名册.csv", head, rows)
	for i := range 10 {
		put(t, parts, fmt.Sprintf("戊县2017年农村低保发放名册%d.csv", i+1), head, rows[i*len(rows)/10:(i+1)*len(rows)/10])
	}
	want, got := leadsOf(t, p, whole), leadsOf(t, p, parts)
	if len(want) == 0 {
		t.Error("the roster has no leads")
	}
	for id, lead := range want {
		if got[id] == "" {
			t.Errorf("gone: %s", lead)
		}
	}
}

func policyOf(t *testing.T, dir string) *policy.Policy {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, generate.PolicyFile))
	if err != nil {
		t.Fatal(err)
	}
	p, err := policy.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// leadsOf runs on inputs and returns what each lead is about, by its ID.
func leadsOf(t *testing.T, p *policy.Policy, inputs ...string) map[string]string {
	t.Helper()
	got, err := pipeline.Run(context.Background(), pipeline.Options{
		Inputs: inputs, Policy: p, AsOf: table.DayOf(2018, 12, 31), Rules: rules.All, Lang: "zh",
	})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, l := range got.Leads {
		out[l.ID] = strings.Join([]string{l.Rule.ID, l.SubjectKind, l.SubjectKey, l.FundNo, l.Program, l.Period, l.County, l.Summary}, " ")
	}
	return out
}

func put(t *testing.T, dir, name, head string, rows []string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(head+"\n"+strings.Join(rows, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// roster returns a roster of 40 people without numbers, the first of whom was paid
// twice.
func roster() (head string, rows []string) {
	for i := range 40 {
		name := "韦" + string([]rune("大小山水天地金木土火东西南北春夏秋冬阳光")[i%20]) + string([]rune("明亮")[i/20])
		rows = append(rows, fmt.Sprintf("%s,%03d,青石镇,石山村,农村低保,2017-03,200,2017-03-%02d,戊财农〔2017〕1号,财政所", name, i+1, i%20+1))
	}
	rows = append(rows, strings.Replace(rows[0], "03-01,", "03-25,", 1))
	return "享受人,户编号,乡镇,村,补贴项目,所属期,金额,发放日期,指标文号,发放单位", rows
}

// elsewhere returns a folder of sheets of another county, whose places, offices
// and households go by the names that leads have.
func elsewhere(t *testing.T, leads map[string]string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "戊县")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	head, rows := roster()
	put(t, dir, "2017年农村低保发放名册.csv", head, rows)
	var members []string
	for _, lead := range leads {
		if f := strings.Fields(lead); f[1] == "household" {
			number := f[2][strings.LastIndexByte(f[2], '/')+1:]
			members = append(members, fmt.Sprintf("%s,覃%c,青石镇,石山村,2017,未脱贫", number, '一'+rune(len(members))))
		}
	}
	put(t, dir, "建档立卡.csv", "户编号,姓名,乡镇,村,年度,脱贫属性", members)
	put(t, dir, "指标.csv", "指标文号,标题,指标金额,下达日期,下达单位,承接单位", []string{"戊财农〔2017〕1号,农村低保资金,8200,2017-01-05,县财政局,财政局"})
	put(t, dir, "拨付台账.csv", "指标文号,拨出单位,收款单位,拨出金额,拨出日期", []string{"戊财农〔2017〕1号,县财政局,青石镇财政所,8200,2017-02-05"})
	put(t, dir, "结余.csv", "单位,指标文号,截止日期,结余金额", []string{"戊县青石镇财政所,戊财农〔2017〕1号,2017-12-31,0", "扶贫办,戊财农〔2017〕1号,2017-12-31,0"})
	return dir
}

// renamed returns a copy of a folder whose files say the same and more in their
// names, so that they come in another order.
func renamed(t *testing.T, from string) string {
	t.Helper()
	to, n := t.TempDir(), 0
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		dir, err := filepath.Rel(from, filepath.Dir(path))
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Join(to, dir), 0o700); err != nil {
			return err
		}
		n++
		name := string(rune('z'-n%26)) + "_" + d.Name()
		if strings.HasPrefix(d.Name(), "~$") {
			name = d.Name()
		}
		return os.WriteFile(filepath.Join(to, dir, name), text, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	return to
}
