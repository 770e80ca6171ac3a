package intake

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// account returns what becomes of the rows of a sheet.
func account(t *testing.T, rows ...string) string {
	t.Helper()
	res, err := readFixture(&txtar.Archive{Files: []txtar.File{{Name: "甲县/a.csv", Data: []byte(strings.Join(rows, "\n") + "\n")}}}, "zh")
	if err != nil {
		t.Fatal(err)
	}
	return dump(res)
}

// A header is looked for in the first thirty rows, a cell belongs to a table up
// to ninety-nine empty columns from it, four labels with values make a form, and
// three identity numbers are rows that somebody has to look at.
func TestWhatMakesATable(t *testing.T) {
	under := func(rows int) string {
		return account(t, append(strings.Split(strings.Repeat("收文登记\n", rows), "\n")[:rows],
			"姓名,身份证号,村,补贴项目,金额", "韦大山,459901197001010016,石山村,农村低保,200", "韦小山,45990119710101003X,石山村,农村低保,200")...)
	}
	beside := func(columns int) string {
		far := strings.Repeat(",", columns+1)
		return account(t, "姓名,身份证号,村,补贴项目,金额"+far+"补贴标准", "韦大山,459901197001010016,石山村,农村低保,200"+far+"100")
	}
	form := func(label string) string {
		return account(t, "扶贫项目登记表,,,", "项目编号,P2017-01,项目名称,一屯道路硬化", "建设地点（村）,板田村,"+label)
	}
	people := func(n int) string {
		return account(t, strings.Split("459901197001010016\n45990119710101003X\n459901196503050021", "\n")[:n]...)
	}
	for name, c := range map[string]struct{ in, out, says string }{
		"header":  {under(29), under(30), "loaded 2"},
		"columns": {beside(99), beside(100), "standard"},
		"form":    {form("实施单位,甲县交通运输局"), form(","), "loaded 1"},
		"people":  {people(3), people(2), "rejected"},
	} {
		if !strings.Contains(c.in, c.says) {
			t.Errorf("%s: within the limit: no %q in\n%s", name, c.says, c.in)
		}
		if strings.Contains(c.out, c.says) {
			t.Errorf("%s: beyond the limit: %q in\n%s", name, c.says, c.out)
		}
	}
}
