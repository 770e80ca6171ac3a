package pipeline_test

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// law says which packages of this module a package may import; what is not
// listed may import none. Tests are free.
var law = map[string][]string{
	"cmd/fundtrace":      {"pipeline", "pipeline/detect", "fixtures/generate", "pipeline/key", "pipeline/intake", "pipeline/manual", "pipeline/policy", "pipeline/publish", "pipeline/regress", "pipeline/report", "pipeline/table", "rules"},
	"pipeline":           {"pipeline/chain", "pipeline/detect", "pipeline/exec", "pipeline/key", "pipeline/intake", "pipeline/policy", "pipeline/rank", "pipeline/report", "pipeline/settle", "pipeline/table"},
	"pipeline/chain":     {"pipeline/key", "pipeline/pairing", "pipeline/policy", "pipeline/stat", "pipeline/table", "pipeline/words"},
	"pipeline/detect":    {"pipeline/policy", "pipeline/table"},
	"pipeline/exec":      {"pipeline/detect", "pipeline/policy", "pipeline/table"},
	"fixtures/generate":  {"pipeline/idnum", "pipeline/policy", "fixtures/generate/xlsxwrite", "fixtures/generate/xlswrite", "pipeline/table"},
	"pipeline/key":       {"pipeline/idnum", "pipeline/names", "pipeline/policy", "pipeline/table", "pipeline/words"},
	"pipeline/idnum":     {"pipeline/table", "pipeline/words"},
	"pipeline/intake":    {"pipeline/idnum", "pipeline/intake/column", "pipeline/policy", "pipeline/sheet", "pipeline/table", "pipeline/words"},
	"pipeline/manual":    {"pipeline/detect", "pipeline/table"},
	"pipeline/pairing":   {"pipeline/policy", "pipeline/table"},
	"pipeline/policy":    {"pipeline/table"},
	"pipeline/rank":      {"pipeline/detect", "pipeline/key", "pipeline/policy", "pipeline/table"},
	"pipeline/regress":   {"pipeline", "pipeline/detect", "pipeline/policy", "pipeline/rank", "pipeline/table"},
	"pipeline/report":    {"pipeline/chain", "pipeline/detect", "pipeline/exec", "pipeline/key", "pipeline/intake", "pipeline/policy", "pipeline/publish", "pipeline/rank", "pipeline/table", "pipeline/words"},
	"pipeline/ruletest":  {"pipeline/chain", "pipeline/detect", "pipeline/exec", "pipeline/key", "pipeline/policy", "pipeline/settle", "pipeline/table"},
	"pipeline/settle":    {"pipeline/key", "pipeline/policy", "pipeline/table", "pipeline/words"},
	"pipeline/sheet":     nil,
	"pipeline/tabletest": {"pipeline/table"},
	"fixtures/score":     {"pipeline", "pipeline/chain", "pipeline/detect", "pipeline/exec", "pipeline/key", "pipeline/policy", "pipeline/rank", "pipeline/report", "pipeline/settle", "pipeline/table", "fixtures/generate", "rules"},
	"rules":              {"pipeline/detect", "pipeline/idnum", "pipeline/names", "pipeline/policy", "pipeline/stat", "pipeline/table", "pipeline/words"},

	"fixtures/columns":       {"pipeline/idnum", "pipeline/intake", "pipeline/intake/column", "pipeline/table"},
	"pipeline/intake/column": {"pipeline/table", "pipeline/words"},
}

// outside says who may import a library, by the start of its path.
var outside = map[string][]string{
	"github.com/apache/arrow/":                       {"pipeline/table", "pipeline/exec", "pipeline/report", "pipeline/sheet"},
	"github.com/apache/arrow/go/v15/parquet/pqarrow": {}, // compute kernels, grpc and TLS for a schema in base64: half of the binary
	"github.com/xuri/excelize/":                      {"pipeline/sheet", "pipeline/report", "fixtures/generate"},
	"github.com/richardlehane/":                      {"pipeline/sheet"},
	"github.com/klauspost/":                          {"pipeline/sheet", "pipeline/report", "fixtures/generate"},
	"github.com/spf13/":                              {"cmd/fundtrace"},
	"github.com/mozillazg/":                          {"pipeline/names"},
	"gonum.org/":                                     {"pipeline/stat", "fixtures/columns"},
	"golang.org/x/tools/txtar":                       {"pipeline/ruletest"},
	"github.com/santhosh-tekuri/":                    {"pipeline/policy"},
	"github.com/rogpeppe/":                           {},
	"github.com/apache/beam/":                        {},
}

// pure are packages that neither read nor ask the clock: their results depend
// on their arguments only.
var pure = []string{"rules", "pipeline/detect", "pipeline/rank", "pipeline/chain", "pipeline/pairing", "pipeline/key", "pipeline/idnum", "pipeline/names", "pipeline/stat", "pipeline/settle", "pipeline/table", "pipeline/words", "pipeline/intake/column"}

const module = "fundtrace"

type source struct {
	dir, name string
	text      []byte
	file      *ast.File
	set       *token.FileSet
}

// sources returns every Go file of the module.
func sources(t *testing.T) []source {
	t.Helper()
	var out []source
	root := ".."
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && d.Name() != ".." {
			return filepath.SkipDir
		}
		if filepath.Ext(p) != ".go" {
			return nil
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, p, text, parser.ParseComments)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, filepath.Dir(p))
		out = append(out, source{filepath.ToSlash(rel), filepath.Base(p), text, file, set})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 20 {
		t.Fatalf("only %d Go files found", len(out))
	}
	return out
}

func TestImportsRunOneWay(t *testing.T) {
	for _, s := range sources(t) {
		if strings.HasSuffix(s.name, "_test.go") || s.dir == "rules/new" || strings.HasPrefix(s.dir, "cmd/fundtrace-") {
			continue
		}
		for _, im := range s.file.Imports {
			p := strings.Trim(im.Path.Value, `"`)
			if in, ok := strings.CutPrefix(p, module+"/"); ok {
				if !slices.Contains(law[s.dir], in) {
					t.Errorf("%s/%s imports %s: not in the law", s.dir, s.name, in)
				}
				continue
			}
			for prefix, allowed := range outside {
				if strings.HasPrefix(p, prefix) && !slices.ContainsFunc(allowed, func(a string) bool { return s.dir == a || strings.HasPrefix(s.dir, a+"/") }) {
					t.Errorf("%s/%s imports %s, which belongs to %v", s.dir, s.name, p, allowed)
				}
			}
			if slices.Contains(pure, s.dir) && slices.Contains([]string{"os", "net", "net/http", "math/rand", "math/rand/v2", "io/ioutil"}, p) {
				t.Errorf("%s/%s imports %s: its results would depend on more than its arguments", s.dir, s.name, p)
			}
		}
	}
}

// TestTheBenchStaysOutside holds that the generator and the score serve tests
// and one verb of the command, and no stage of the pipeline.
func TestTheBenchStaysOutside(t *testing.T) {
	for _, s := range sources(t) {
		if strings.HasSuffix(s.name, "_test.go") || !strings.HasPrefix(s.dir, "pipeline") && !strings.HasPrefix(s.dir, "rules") {
			continue
		}
		for _, im := range s.file.Imports {
			if strings.HasPrefix(strings.Trim(im.Path.Value, `"`), module+"/fixtures/") {
				t.Errorf("%s/%s imports %s", s.dir, s.name, im.Path.Value)
			}
		}
	}
}

func TestNoClockInPureCode(t *testing.T) {
	for _, s := range sources(t) {
		if strings.HasSuffix(s.name, "_test.go") || !slices.Contains(pure, s.dir) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains([]string{"Now", "Since", "Until"}, sel.Sel.Name) {
				t.Errorf("%s asks the clock", s.set.Position(sel.Pos()))
			}
			return true
		})
	}
}

func TestFormatted(t *testing.T) {
	for _, s := range sources(t) {
		want, err := format.Source(s.text)
		if err != nil {
			t.Errorf("%s/%s: %v", s.dir, s.name, err)
		} else if !bytes.Equal(want, s.text) {
			t.Errorf("%s/%s is not gofmt-ed: make fmt", s.dir, s.name)
		}
	}
}

func TestExportedNamesAreDocumented(t *testing.T) {
	for _, s := range sources(t) {
		if strings.HasSuffix(s.name, "_test.go") {
			continue
		}
		at := func(p token.Pos) string { return s.set.Position(p).String() }
		for _, d := range s.file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) {
					t.Errorf("%s: %s has no doc comment", at(d.Pos()), d.Name.Name)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						if spec.Name.IsExported() && d.Doc == nil && spec.Doc == nil {
							t.Errorf("%s: %s has no doc comment", at(spec.Pos()), spec.Name.Name)
						}
					case *ast.ValueSpec:
						if d.Doc == nil && spec.Doc == nil && spec.Comment == nil && spec.Names[0].IsExported() {
							t.Errorf("%s: %s has no doc comment", at(spec.Pos()), spec.Names[0].Name)
						}
					}
				}
			}
		}
	}
}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	typ := d.Recv.List[0].Type
	for {
		switch x := typ.(type) {
		case *ast.StarExpr:
			typ = x.X
		case *ast.IndexExpr:
			typ = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return true
		}
	}
}

func TestPackagesAreDocumented(t *testing.T) {
	doc := map[string]bool{}
	for _, s := range sources(t) {
		if !strings.HasSuffix(s.name, "_test.go") {
			doc[s.dir] = doc[s.dir] || s.file.Doc != nil
		}
	}
	for dir, ok := range doc {
		if !ok {
			t.Errorf("package %s has no package comment", dir)
		}
	}
}

func TestCommentsAreForTheReader(t *testing.T) {
	for _, s := range sources(t) {
		if s.dir == "pipeline" && s.name == "house_test.go" {
			continue
		}
		for _, g := range s.file.Comments {
			for _, c := range g.List {
				text := strings.TrimLeft(c.Text, "/* ")
				if strings.Contains(c.Text, "=====") || strings.Contains(c.Text, "-----") {
					t.Errorf("%s: a banner", s.set.Position(c.Pos()))
				}
				for _, word := range []string{"TODO", "FIXME", "XXX", "HACK"} {
					if strings.Contains(text, word) {
						t.Errorf("%s: %s: finish it or say it in the issue", s.set.Position(c.Pos()), word)
					}
				}
			}
		}
	}
}

func TestTopLevelHoldsWhatTheDesignAsksFor(t *testing.T) {
	allowed := []string{"cmd", "pipeline", "rules", "fixtures", "docs", "go.mod", "go.sum", "Makefile", "README.md", "README.zh-CN.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE"}
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		n := e.Name()
		if strings.HasPrefix(n, ".") || n == "bin" || n == "dist" || n == "out" || slices.Contains(allowed, n) {
			continue
		}
		t.Errorf("%s stands at the top level", path.Join("/", n))
	}
}
