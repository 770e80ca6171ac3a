package report

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/apache/arrow/go/v15/parquet/file"
	"github.com/apache/arrow/go/v15/parquet/pqarrow"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// written writes d and returns the folder.
func written(t testing.TB, d *Data) string {
	t.Helper()
	dir := t.TempDir()
	if err := Write(dir, d); err != nil {
		t.Fatal(err)
	}
	return dir
}

func read(t testing.TB, parts ...string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// rows reads a Parquet file back, a map a row.
func rows(t testing.TB, parts ...string) []map[string]any {
	t.Helper()
	f, err := file.OpenParquetFile(filepath.Join(parts...), false)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := pqarrow.NewFileReader(f, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		t.Fatal(err)
	}
	tb, err := r.ReadTable(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]any
	tr := array.NewTableReader(tb, 0)
	for tr.Next() {
		rec := tr.Record()
		for i := range int(rec.NumRows()) {
			row := map[string]any{}
			for c, f := range rec.Schema().Fields() {
				row[f.Name] = cell(rec.Column(c), i)
			}
			out = append(out, row)
		}
	}
	return out
}

// cell returns a value as JSON would show it; money as Fen.
func cell(a arrow.Array, i int) any {
	if a.IsNull(i) {
		return nil
	}
	switch a := a.(type) {
	case *array.String:
		return a.Value(i)
	case *array.Int32:
		return int(a.Value(i))
	case *array.Boolean:
		return a.Value(i)
	case *array.Date32:
		return table.Day(a.Value(i)).String()
	case *array.Decimal128:
		return table.Fen(a.Value(i).LowBits())
	case *array.List:
		lo, hi := a.ValueOffsets(i)
		out := []any{}
		for j := lo; j < hi; j++ {
			out = append(out, cell(a.ListValues(), int(j)))
		}
		return out
	case *array.Struct:
		out := map[string]any{}
		for c, f := range a.DataType().(*arrow.StructType).Fields() {
			out[f.Name] = cell(a.Field(c), i)
		}
		return out
	}
	panic(fmt.Sprintf("no case for %T", a))
}

func TestLeadsInBothFormats(t *testing.T) {
	d := sample(t, 100, "zh")
	dir := written(t, d)
	lines := strings.Split(strings.TrimSpace(string(read(t, dir, "leads.jsonl"))), "\n")
	parquet := rows(t, dir, "leads.parquet")
	if len(lines) != len(d.Leads) || len(parquet) != len(d.Leads) {
		t.Fatalf("%d lines, %d rows, want %d", len(lines), len(parquet), len(d.Leads))
	}
	for i, l := range d.Leads {
		var j map[string]any
		dec := json.NewDecoder(strings.NewReader(lines[i]))
		dec.UseNumber()
		if err := dec.Decode(&j); err != nil {
			t.Fatal(err)
		}
		p := parquet[i]
		if j["lead_id"] != l.ID || p["lead_id"] != l.ID {
			t.Fatalf("line %d is %v, row %v, want %s", i, j["lead_id"], p["lead_id"], l.ID)
		}
		if got := fmt.Sprint(j["amount"]); got != l.Amount.String() || p["amount"] != l.Amount {
			t.Errorf("%s: amount %v and %v, want %s", l.ID, got, p["amount"], l.Amount)
		}
		for name, v := range p {
			want := j[name]
			if n, ok := want.(json.Number); ok && name != "amount" && name != "cleared" {
				want = fmt.Sprint(n)
				v = fmt.Sprint(v)
			}
			switch {
			case name == "amount" || name == "cleared", v == nil && want == "":
			case name == "evidence":
				e := v.([]any)
				if len(e) != len(l.Evidence) || e[0].(map[string]any)["row"] != l.Evidence[0].Row || e[0].(map[string]any)["file"] != l.Evidence[0].File {
					t.Errorf("%s: evidence %v, want %v", l.ID, v, l.Evidence)
				}
			case !reflect.DeepEqual(v, want):
				t.Errorf("%s: %s is %v in Parquet, %v in JSON", l.ID, name, v, want)
			}
		}
		if len(p) != len(j) {
			t.Errorf("%d columns, %d keys", len(p), len(j))
		}
	}
}

func TestTablesKeepTheirPlace(t *testing.T) {
	d := sample(t, 100, "zh")
	dir := written(t, d)
	in := d.Tables.Get(table.Payment)
	out := rows(t, dir, "tables", "payment.parquet")
	pays := rows(t, dir, "payments.parquet")
	if len(out) != in.Len() || len(pays) != in.Len() {
		t.Fatalf("%d and %d rows, want %d", len(out), len(pays), in.Len())
	}
	for i, r := range in.Refs() {
		p := d.Intake.Sources.Place(r)
		if out[i]["_file"] != p.File || out[i]["_sheet"] != p.Sheet || out[i]["_row"] != p.Row {
			t.Fatalf("row %d stands at %v!%v:%v, want %s", i, out[i]["_file"], out[i]["_sheet"], out[i]["_row"], p)
		}
		amount, _ := in.Int("amount", i)
		if out[i]["amount"] != table.Fen(amount) || pays[i]["amount"] != table.Fen(amount) || pays[i]["_row"] != p.Row {
			t.Fatalf("row %d: amount %v and %v, want %s", i, out[i]["amount"], pays[i]["amount"], table.Fen(amount))
		}
		if pays[i]["person"] != in.Text("_person", i) || pays[i]["hops"] != 2 || pays[i]["path"] != in.Text("_path", i) {
			t.Fatalf("row %d: %v", i, pays[i])
		}
	}
	if _, has := out[0]["_ref"]; has {
		t.Error("the handle _ref reached the file")
	}
	if out[0]["_inherited"] != "county,town" || out[0]["handler"] != nil {
		t.Errorf("inherited %v, handler %v", out[0]["_inherited"], out[0]["handler"])
	}
	chains := rows(t, dir, "chains.parquet")
	want := []string{"fund_no", "unit", "depth", "received", "sent_on", "paid_out", "stated_balance", "held", "unexplained", "first_in", "last_out", "longest_idle_days", "stated_on"}
	for _, name := range want {
		if _, ok := chains[0][name]; !ok || len(chains[0]) != len(want) {
			t.Errorf("chains.parquet has %v, want %v", chains[0], want)
			break
		}
	}
	if hops := rows(t, dir, "tables", "hop.parquet"); hops[0]["sent_file"] != d.Intake.Sources[3].File || hops[0]["received_row"] != 9 || hops[3]["received_amount"] != nil {
		t.Errorf("hops: %v", hops)
	}
	if rj := rows(t, dir, "rejects.parquet"); len(rj) != 2 || rj[0]["row"] != 77 || len(rj[0]["cells"].([]any)) != 6 {
		t.Errorf("rejects: %v", rj)
	}
	members := rows(t, dir, "tables", "household.parquet")
	for i, m := range members {
		if m["housing_safe"] != (i%2 == 1) {
			t.Fatalf("household %d: housing_safe %v", i, m["housing_safe"])
		}
	}
	for _, s := range table.Canonical {
		if _, err := os.Stat(filepath.Join(dir, "tables", s.Name+".parquet")); err != nil {
			t.Error(err)
		}
	}
}

// A table longer than a row group is written in slices; every type must come
// back from behind the first, absent values too.
func TestLargeTableKeepsEveryRow(t *testing.T) {
	const n = 131_072 + 1003
	b := table.NewBuilder(table.Member)
	sparse := func(i, every int, v int64) int64 {
		if i%every == 0 {
			return table.Null
		}
		return v
	}
	for i := range n {
		text := ""
		if i%7 != 0 {
			text = fmt.Sprint("人", i%1000)
		}
		b.Words("member_name").Append(text)
		for name, v := range map[string]int64{
			"income_per_capita": sparse(i, 3, int64(i)), "wage_income": int64(i), "housing_safe": sparse(i, 4, int64(i%2)), "water_safe": int64(i % 3 / 2),
			"exited_on": sparse(i, 5, int64(i%20000)), "year": sparse(i, 6, int64(i%100)), "_ref": int64(table.NewRef(4, i+1)),
		} {
			*b.Ints(name) = append(*b.Ints(name), v)
		}
	}
	tb, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	d := sample(t, 5, "zh")
	d.Tables = d.Tables.With(tb)
	path := filepath.Join(t.TempDir(), "household.parquet")
	if err := writeTable(path, d, table.Member, masker{}); err != nil {
		t.Fatal(err)
	}
	out := rows(t, path)
	if len(out) != n {
		t.Fatalf("%d rows, want %d", len(out), n)
	}
	or := func(i, every int, v any) any {
		if i%every == 0 {
			return nil
		}
		return v
	}
	for i, r := range out {
		for name, want := range map[string]any{
			"member_name": or(i, 7, fmt.Sprint("人", i%1000)), "income_per_capita": or(i, 3, table.Fen(i)), "wage_income": table.Fen(i),
			"housing_safe": or(i, 4, i%2 == 1), "water_safe": i%3 == 2, "exited_on": or(i, 5, table.Day(i%20000).String()), "year": or(i, 6, i%100),
			"_row": i + 1, "_file": d.Intake.Sources[4].File, "property_income": nil, "schooling_ok": nil,
		} {
			if r[name] != want {
				t.Fatalf("row %d: %s is %v, want %v", i, name, r[name], want)
			}
		}
	}
}

func TestMaskedOutputsCarryNoNumber(t *testing.T) {
	d := sample(t, 100, "zh")
	d.Mask = true
	d.Leads[0].Facts[0].Value = d.Tables.Get(table.Payment).Text("account", 3)
	dir := written(t, d)
	secret := map[string]bool{}
	for _, c := range [][2]string{{"beneficiary_id", ""}, {"account", ""}} {
		_, dict := d.Tables.Get(table.Payment).Words(c[0])
		for _, v := range dict {
			secret[v] = true
		}
	}
	text := []string{"leads.jsonl", "run.json", "report.html"}
	for _, name := range text {
		b := string(read(t, dir, name))
		for v := range secret {
			if strings.Contains(b, v) {
				t.Fatalf("%s shows a number in full", name)
			}
		}
	}
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".parquet" {
			return err
		}
		for _, r := range rows(t, path) {
			all := fmt.Sprint(r)
			for _, tok := range regexp.MustCompile(`[0-9]{17,}X?`).FindAllString(all, -1) {
				if secret[tok] {
					t.Fatalf("%s shows a number in full", path)
				}
			}
			if strings.Contains(all, "4599 0119 6502 0300 2X") {
				t.Fatalf("%s shows a raw number in full", path)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(read(t, dir, "leads.jsonl")), "\n")
	if !strings.Contains(line, `"lead_id":"`+d.Leads[0].ID+`"`) {
		t.Error("masking changed the lead's id")
	}
}

func TestMask(t *testing.T) {
	m := masker{on: true, known: map[string]bool{"123456789012": true}}
	for _, c := range []struct{ name, in, want string }{
		{"text", "韦强(459901198001010018)领取", "韦强(459901********0018)领取"},
		{"text", "证号45990119800101001x,文号甲财农〔2017〕12号", "证号459901********001x,文号甲财农〔2017〕12号"},
		{"text", "账户123456789012,金额1234567.00元,20170305120000", "账户123456**9012,金额1234567.00元,20170305120000"},
		{"text", "15位证号459901800101001", "15位证号459901*****1001"},
		{"number", "123456", "**3456"},
		{"number", "韦强@甲县/青山镇/上坝村", "韦强@甲县/青山镇/上坝村"},
		{"key", "4599010000000000001", "4599010000000000001"},
		{"key", "459901198001010018", "459901********0018"},
		{"raw", "４５９９01 1980 0101 001ｘ", "459901********001X"},
		{"raw", "'6228 4500 0000 0000 017", "622845*********0017"},
		{"raw", "2017-03-02", "2017-03-02"},
	} {
		f := map[string]func(string) string{"text": m.text, "number": m.number, "key": m.key, "raw": m.raw}[c.name]
		if got := f(c.in); got != c.want {
			t.Errorf("%s(%q) = %q, want %q", c.name, c.in, got, c.want)
		}
		if got := (masker{}).text(c.in); got != c.in {
			t.Errorf("without --mask %q became %q", c.in, got)
		}
	}
}

func TestOutputsFollowTheirSchemas(t *testing.T) {
	for _, lang := range []string{"zh", "en"} {
		d := sample(t, 60, lang)
		dir := written(t, d)
		follow(t, "run", read(t, dir, "run.json"))
		for _, line := range bytes.Split(bytes.TrimSpace(read(t, dir, "leads.jsonl")), []byte("\n")) {
			follow(t, "lead", line)
		}
		empty := &Data{Tables: table.NewSet(), Intake: d.Intake, Policy: policy.Builtin(), AsOf: d.AsOf, Lang: lang}
		follow(t, "run", read(t, written(t, empty), "run.json"))
	}
	if _, err := Schema("lead.json"); err == nil {
		t.Error("a schema that is none was found")
	}
}

// follow checks data against one of the schemas.
func follow(t *testing.T, name string, data []byte) {
	t.Helper()
	text, err := Schema(name)
	if err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(name, schema); err != nil {
		t.Fatal(err)
	}
	if err := c.MustCompile(name).Validate(v); err != nil {
		t.Error(err)
	}
}

// TestSchemasKnowEveryField compares the schemas with the types they describe,
// so that a field added to one is missed in the other.
func TestSchemasKnowEveryField(t *testing.T) {
	same(t, "policy", reflect.TypeFor[policy.Policy](), policy.Schema(nil), policy.Schema(nil)["$defs"])
	for name, typ := range map[string]reflect.Type{"run": reflect.TypeFor[run](), "lead": reflect.TypeFor[record]()} {
		b, err := Schema(name)
		if err != nil {
			t.Fatal(err)
		}
		var s map[string]any
		if err := json.Unmarshal(b, &s); err != nil {
			t.Fatal(err)
		}
		same(t, name, typ, s, s["$defs"])
	}
}

func same(t *testing.T, at string, typ reflect.Type, s map[string]any, defs any) {
	t.Helper()
	if ref, ok := s["$ref"].(string); ok {
		s = defs.(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
	}
	switch typ.Kind() {
	case reflect.Pointer:
		same(t, at, typ.Elem(), s, defs)
	case reflect.Slice:
		same(t, at+"[]", typ.Elem(), s["items"].(map[string]any), defs)
	case reflect.Map:
		if x, ok := s["additionalProperties"].(map[string]any); ok {
			same(t, at+"{}", typ.Elem(), x, defs)
		}
	case reflect.Struct:
		props, _ := s["properties"].(map[string]any)
		n := 0
		for i := range typ.NumField() {
			name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
			if name == "" || name == "-" {
				continue
			}
			n++
			p, ok := props[name].(map[string]any)
			if !ok {
				t.Errorf("%s: the schema lacks %s", at, name)
				continue
			}
			same(t, at+"."+name, typ.Field(i).Type, p, defs)
		}
		if n != len(props) {
			t.Errorf("%s: the type has %d fields, the schema %d", at, n, len(props))
		}
	}
}

func TestSameDataSameBytes(t *testing.T) {
	one, two := written(t, sample(t, 200, "zh")), written(t, sample(t, 200, "zh"))
	n := 0
	err := filepath.WalkDir(one, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		n++
		rel, _ := filepath.Rel(one, path)
		if !bytes.Equal(read(t, path), read(t, two, rel)) {
			t.Errorf("%s differs between two writes of the same data", rel)
		}
		return nil
	})
	if err != nil || n != 8+len(published) {
		t.Errorf("%d files, %v", n, err)
	}
}

func TestOnlyTimingsDiffer(t *testing.T) {
	d := sample(t, 20, "zh")
	one := read(t, written(t, d), "run.json")
	d.Timings = []Timing{{"read", 9}}
	two := read(t, written(t, d), "run.json")
	cut := []byte(`"timings": [`)
	a, _, ok := bytes.Cut(one, cut)
	b, _, _ := bytes.Cut(two, cut)
	if !ok || !bytes.Equal(a, b) || bytes.Equal(one, two) {
		t.Error("run.json differs before its timings")
	}
}

func TestGolden(t *testing.T) {
	d := sample(t, 10, "zh")
	d.Policy = &policy.Policy{Ranking: policy.Builtin().Ranking, Regions: map[string]string{"459901": "甲县"}, PovertyLine: []policy.Line{{Year: 2017, Yuan: 295_200, Source: "sample"}}}
	dir := written(t, d)
	for _, name := range []string{"run.json", "leads.jsonl"} {
		golden := filepath.Join("testdata", name)
		got := read(t, dir, name)
		if name == "run.json" { // what the other files hold is told elsewhere
			from := bytes.Index(got, []byte(`"outputs"`))
			rest := regexp.MustCompile(`("sha256": ")[0-9a-f]{64}|("bytes": )[0-9]+`).ReplaceAll(got[from:], []byte("${1}${2}0"))
			got = append(got[:from], rest...)
		}
		if *update {
			if err := os.MkdirAll("testdata", 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(golden, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(got, read(t, golden)) {
			t.Errorf("%s is not as %s has it; go test -update rewrites that, read what changed", name, golden)
		}
	}
}
