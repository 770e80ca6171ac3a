package intake

import (
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"fundtrace/pipeline/intake/column"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
)

var builtin = policy.Builtin()

func TestPlaces(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"甲县乙镇丙村2017年农村危房改造花名册", "甲县|乙镇|丙村|"},
		{"关于拨付甲县2017年贫困村资金的通知", "甲县|||"},
		{"广西壮族自治区某市甲县乙乡", "甲县|乙乡||"},
		{"丙村村干部名册", "||丙村|"},
		{"农村低保", "|||"},
		{"乡镇汇总", "|||"},
		{"建档立卡贫困村名单", "|||"},
		{"甲县财政局", "甲县|||"},
		{"甲县古城乡樟木村", "甲县|古城乡|樟木村|"},
		{"新集镇丙村", "|新集镇|丙村|"},
		{"甲县住房和城乡建设局", "甲县|||"},
		{"甲县推进城乡居民医保", "甲县|||"},
		{"丁街道幸福社区", "|丁街道|幸福社区|"},
		{"乙镇丙村委会东屯", "|乙镇|丙村|东屯"},
	} {
		p := placesIn(c.text)
		if got := p.county + "|" + p.town + "|" + p.village + "|" + p.hamlet; got != c.want {
			t.Errorf("%s: got %s, want %s", c.text, got, c.want)
		}
	}
}

func TestTitlesSay(t *testing.T) {
	for _, c := range []struct {
		text   string
		period string
		prog   string
		unit   string
		fund   string
	}{
		{"甲县财政局2017年专项扶贫资金拨付台账", "2017", "", "甲县财政局", ""},
		{"乙镇人民政府2016年第三季度农村低保发放表", "2016Q3", "农村低保", "乙镇人民政府", ""},
		{"甲财农〔2017〕8号2018年3月危房改造", "2018-03", "农村危房改造", "", "甲财农〔2017〕8号"},
		{"填报日期:2017年4月1日", "", "", "", ""},
		{"20170401风险未消除608人", "", "", "", ""},
		{"201703低保", "2017-03", "农村低保", "", ""},
		{"甲县2015年能繁母猪补贴发放花名册", "2015", "能繁母猪补贴", "", ""},
		{"甲县2016年惠农补贴发放资料", "2016", "", "", ""},
		{"农村厕所改造花名册", "", "", "", ""},
		{"扶贫办", "", "", "扶贫办", ""},
		{"贫困户院落硬化", "", "", "", ""},
		{"资金文号:甲财农［２０１７］ ８号", "", "", "", "甲财农［２０１７］８号"},
		{"文号：甲财农《2017》8号", "", "", "", "甲财农《2017》8号"},
		{"二〇一六年上半年", "2016-01/2016-06", "", "", ""},
	} {
		if got := findPeriod(c.text, 0).String(); got != c.period {
			t.Errorf("%s: period %q, want %q", c.text, got, c.period)
		}
		if got := programIn(c.text, builtin); got != c.prog {
			t.Errorf("%s: program %q, want %q", c.text, got, c.prog)
		}
		if got := unitIn(c.text); got != c.unit {
			t.Errorf("%s: unit %q, want %q", c.text, got, c.unit)
		}
		if got := fundNoIn(c.text); got != c.fund {
			t.Errorf("%s: fund number %q, want %q", c.text, got, c.fund)
		}
	}
}

func TestLabels(t *testing.T) {
	for _, s := range []string{"合计", "小 计", "总计:", "丙村合计", "本页小计", "累计", "共12户", "合计:608人"} {
		if !isTotal(s) {
			t.Errorf("%q is a total", s)
		}
	}
	for _, s := range []string{"韦大山", "丙村", "计生户", "设计费"} {
		if isTotal(s) {
			t.Errorf("%q is no total", s)
		}
	}
	for _, s := range []string{"制表人:张三", "审核:", "注:本表一式三份", "单位负责人(签字):", "填报日期:2017年4月1日", "备注:1.略"} {
		if !isNote(s) {
			t.Errorf("%q is a note", s)
		}
	}
	for _, s := range []string{"韦大山", "注册", "丙村", "会计事务所有限公司乙镇分所丙村服务点"} {
		if isNote(s) {
			t.Errorf("%q is no note", s)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		text string
		fen  int64
		err  error
	}{
		{"1,234.50", 1234_50, nil}, {"50元/亩", 50_00, nil}, {"3.5万", 35_000_00, nil}, {"125百元", 12_500_00, nil}, {"2.5千元", 2_500_00, nil},
		{"0.02亿", 2_000_000_00, nil}, {"50分", 50, nil}, {"￥100", 100_00, nil},
		{"100/2", 0, errNumber}, {"100/2.5", 0, errNumber}, {"$1", 0, errCurrency}, {"US$100", 0, errCurrency}, {"100美元", 0, errCurrency},
	} {
		n, err := parseNumber(c.text)
		fen, _, _ := fenOf(n.value, n.unit)
		if err != c.err || err == nil && fen != c.fen {
			t.Errorf("%q: %d, %v; want %d, %v", c.text, fen, err, c.fen, c.err)
		}
	}
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"20170315", "2017.3.15", "2017年3月15日", "17-3-15", "2017-03-15 00:00:00", "二〇一七年三月十五日", "2017年3月", "２０１７/３/１５", "2017-02-30", "十月"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := parseDate(s)
		if err != nil && err != errMonthOnly {
			return
		}
		if y := d.Year(); y < firstYear || y > lastYear {
			t.Fatalf("%q: year %d", s, y)
		}
		again, err := parseDate(d.String())
		if err != nil || again != d {
			t.Fatalf("%q is %s, which reads as %s, %v", s, d, again, err)
		}
	})
}

func FuzzPeriod(f *testing.F) {
	for _, s := range []string{"2017", "201708", "2014.08", "2017年8月", "2017年第一季度", "一季度", "2017年1-3月", "8月", "上半年", "2016年11月至2017年2月", "2017年秋季学期", "2016-2017学年"} {
		f.Add(s, 2017)
	}
	f.Fuzz(func(t *testing.T, s string, year int) {
		p, err := parsePeriod(s, year)
		if err != nil {
			return
		}
		if p.From() > p.To() || p.Year() < firstYear {
			t.Fatalf("%q: %s", s, p)
		}
		again, err := table.ParsePeriod(p.String())
		if err != nil || again != p {
			t.Fatalf("%q is %s, which reads as %s, %v", s, p, again, err)
		}
		findPeriod(s, year)
	})
}

func FuzzAmount(f *testing.F) {
	for _, s := range []string{"1,234.50", "１２３４．５", "￥800", "1.2万元", "壹万贰仟叁佰元伍角整", "(300)", "-25", "95.599999999999994", "50元/亩", "十二", "负三元", "一亿零三万", "1e5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := parseNumber(s)
		if err != nil {
			return
		}
		fen, exact, err := fenOf(n.value, n.unit)
		if err != nil || !exact {
			return
		}
		again, err := parseNumber(table.Fen(fen).String())
		if err != nil {
			if err == errRange || len(table.Fen(fen).String()) > 15 {
				return
			}
			t.Fatalf("%q is %s, which does not read: %v", s, table.Fen(fen), err)
		}
		if back, _, _ := fenOf(again.value, 0); back != fen && len(table.Fen(fen).String()) <= 15 {
			t.Fatalf("%q is %s, which reads as %s", s, table.Fen(fen), table.Fen(back))
		}
	})
}

// Any grid is taken apart without a row lost.
func FuzzGrid(f *testing.F) {
	f.Add("表,,\n姓名,身份证号,金额\n韦大山,459901195001100100,#100\n合计,,#100\n注:略,,\n")
	f.Add("户编号,户主姓名,家庭成员1,身份证号,家庭成员2,身份证号\n1,韦大山,黄小河,1,,\n")
	f.Add("文号,单位,金额,日期\n!\n甲〔2017〕1号,乙镇,1,2\n姓名,身份证号,职务,任职时间\n")
	f.Add("姓名,<,金额\n^,^,^\n丙村,<,<\n")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 2000 {
			return
		}
		g, err := gridOf("2017年3月", text)
		if err != nil || len(g.Cols) > 60 {
			return
		}
		for _, m := range g.Merges {
			if m.Row0 < 0 || m.Col0 < 0 {
				return
			}
		}
		takenApart(t, g)
	})
}

// takenApart reads a grid and checks that every row of it is in one bin.
func takenApart(t *testing.T, g *sheet.Grid) {
	out := fileOut{input: Input{File: "甲县/a.xlsx"}}
	if err := out.sheets(&sheet.Book{Sheets: []*sheet.Grid{g}}, Options{Policy: builtin}, new(atomic.Int64)); err != nil {
		t.Fatal(err)
	}
	res, err := join([]fileOut{out}, builtin, "zh")
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for _, s := range res.Sheets {
		rows += s.Rows
	}
	if rows != g.Rows {
		t.Fatalf("%d rows accounted for, the sheet has %d", rows, g.Rows)
	}
	checkAccount(t, res)
	res.MappingSkeleton("en")
}

// Header words of any table in any order, under any titles, over any rows and
// merged in any way leave every row in one bin.
func FuzzHeader(f *testing.F) {
	heads := column.Builtin().Words()
	cells := []string{"", "韦大山", "459901195001100100", "2017年3月", "丙村", "合计", "制表人:某", "桂财农〔2017〕1号", "第1批", "甲县财政局", "1", "一致", "身份证号", "(万元)"}
	titles := []string{"", "甲县乙镇丙村2017年农村低保发放花名册", "单位:万元", "填报单位:甲县财政局", "拨付台账", "12人", "贫困户信息", "村干部名册", "截至2017年底"}
	f.Add([]byte{0})
	f.Add([]byte("\x02\x01\x02\x05\x01\x03payment of one roster with a header of two rows and a merge or two"))
	f.Add([]byte("\x04\x08\x07\x06\x05\x03\x0b\xff\xfe\xfd\xfc0123456789abcdefghijklmnopqrstuvwxyz"))
	for i := range 40 {
		r := rand.New(rand.NewPCG(uint64(i), 5))
		seed := make([]byte, 200)
		for j := range seed {
			seed[j] = byte(r.Uint32())
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		below := func(n int) int { // the next choice of n
			if len(data) < 2 {
				return 0
			}
			k := int(data[0])<<8 | int(data[1])
			data = data[2:]
			return k % n
		}
		var rows [][]string
		cols := 1 + below(14)
		add := func(count int, text func() string) {
			for range count {
				row := make([]string, cols)
				for c := range row {
					row[c] = text()
				}
				rows = append(rows, row)
			}
		}
		for range 1 + below(2) { // tables one under the other
			for range below(5) {
				rows = append(rows, []string{titles[below(len(titles))]})
			}
			add(1+below(3), func() string {
				if below(6) == 0 {
					return ""
				}
				return heads[below(len(heads))]
			})
			add(below(8), func() string { return cells[below(len(cells))] })
		}
		g := &sheet.Grid{Name: "2017年3月", Rows: len(rows), Strings: sheet.NewStrings(), Cols: make([][]sheet.Cell, cols)}
		for c := range g.Cols {
			g.Cols[c] = make([]sheet.Cell, len(rows))
			for r, row := range rows {
				if c >= len(row) || row[c] == "" {
					continue
				}
				if n, ok := sheet.ParseDecimal([]byte(row[c])); ok && len(row[c]) < 3 {
					g.Cols[c][r] = sheet.DecimalCell(sheet.KindNumber, n)
				} else {
					g.Cols[c][r] = sheet.TextCell(g.Strings.AddString(row[c]))
				}
			}
		}
		for range below(6) {
			r, c := below(len(rows)), below(cols)
			g.Merges = append(g.Merges, sheet.Merge{Row0: r, Col0: c, Row1: r + below(len(rows)-r+2), Col1: c + below(cols-c+2)})
		}
		takenApart(t, g)
	})
}
