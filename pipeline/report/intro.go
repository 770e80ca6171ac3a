package report

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/exec"
	"fundtrace/pipeline/rank"
	"fundtrace/pipeline/table"
)

// introWidths are the columns of the first sheet, on which paragraphs run over
// all of them and small tables stand between.
var introWidths = []float64{20, 27, 11, 17, 12, 18, 40}

// intro collects the lines of the first sheet.
type intro struct {
	b     *book
	lines []introLine
}

type introLine struct {
	cells  []any
	style  int // of every cell without its own
	merged bool
	looks  []look
	height float64
}

func (in *intro) section(s string) {
	in.lines = append(in.lines, introLine{cells: []any{s}, style: in.b.section, merged: true, height: 26})
}

func (in *intro) text(s string) {
	total := 0.0
	for _, w := range introWidths {
		total += w
	}
	in.lines = append(in.lines, introLine{cells: []any{s}, style: in.b.para, merged: true, height: rowHeight(in.b.lines(s, total))})
}

func (in *intro) head(cells ...any) {
	in.lines = append(in.lines, introLine{cells: cells, style: in.b.header, height: 20})
}

func (in *intro) row(looks []look, cells ...any) {
	most := 1
	for i, c := range cells {
		if s, ok := c.(string); ok {
			most = max(most, in.b.lines(s, introWidths[i]))
		}
	}
	in.lines = append(in.lines, introLine{cells: cells, looks: looks, height: rowHeight(most)})
}

// addIntro writes the first sheet: what this is, what was read and found, how
// to use it, how the visits were drawn, how every rule fared.
func (b *book) addIntro(leads []*rank.Lead, plan *visitPlan) error {
	in := &intro{b: b}
	in.counts(leads)
	in.usage()
	in.visits(plan)
	in.rules()
	return in.write()
}

func (in *intro) counts(leads []*rank.Lead) {
	b, d := in.b, in.b.d
	in.section(b.t("一、数据与线索概况", "1. What was read and found"))
	read, rejected := 0, 0
	for _, i := range d.Intake.Inputs {
		switch i.Status {
		case "read", "partly":
			read++
		case "rejected":
			rejected++
		}
	}
	var sum table.Fen
	for _, l := range leads {
		sum += l.Amount
	}
	in.text(fmt.Sprintf(b.t("数据截至 %s。读入文件 %d 个，无法读入 %d 个，未能读入的行 %d 行（见“数据质量”）。发现线索 %d 条，涉及金额合计 %s 元；同一笔资金可能出现在多条线索中，合计不等于违规金额。",
		"As of %s. %d files read, %d could not be; %d rows rejected (see Data quality). %d leads over %s yuan; one payment may stand in several leads, so the sum is not what was misused."),
		d.AsOf, read, rejected, len(d.Intake.Rejects), len(leads), thousands(sum)))
	in.head(b.t("数据表", "Table"), b.t("清洗后的数据", "As cleaned"), b.t("行数", "Rows"), b.t("金额（元）", "Yuan"))
	for _, s := range table.Canonical {
		if t := d.Tables.Get(s); t.Len() > 0 {
			var amount any
			if s.Money != "" {
				amount = total(t, s.Money)
			}
			in.row([]look{plain, plain, whole, money}, b.t(s.Zh, s.Name), "tables/"+s.Name+".parquet", t.Len(), amount)
		}
	}
	in.text("")
	in.head(b.t("疑点类别", "Family"), b.t("规则", "Rules"), b.t("高", "High"), b.t("中", "Medium"), b.t("低", "Low"), b.t("涉及金额（元）", "Yuan"))
	for _, f := range detect.Families {
		n := map[string]int{}
		rules := map[string]bool{}
		var sum table.Fen
		for _, l := range leads {
			if l.Rule.Family == f.Family {
				n[l.Severity]++
				rules[l.Rule.ID] = true
				sum += l.Amount
			}
		}
		if len(rules) > 0 {
			in.row([]look{plain, whole, whole, whole, whole, money}, f.Name.In(d.Lang), len(rules), n["high"], n["medium"], n["low"], sum)
		}
	}
}

func (in *intro) usage() {
	b := in.b
	in.section(b.t("二、怎样使用", "2. How to use it"))
	for _, s := range []detect.Text{
		{Zh: "1. 线索由规则比对名册和台账得出，只说明哪里需要去看，不是违纪违法结论；认定以核查为准。", En: "1. Leads come from rules that compare rosters and ledgers. They say where to look and find nobody at fault."},
		{Zh: "2. “线索总表”按得分排列，一条一行；各分类表写明事实、原始数据所在文件、工作表和行号，以及核查方法。按所列位置打开原表核对，再调阅凭证、入户走访。", En: "2. All leads lists them by score, one a line; the sheets of families give facts, places in the files and how to check. Open the original there, then the vouchers, then visit."},
		{Zh: "3. 核查后在浅黄色各列填写核查结果、处理方式、追回金额、核查人和核查日期，同一条线索填一次即可；不要改动线索编号，交回后按编号读入。", En: "3. Fill in the yellow columns, once for each lead. Leave the lead's number as it is: findings are read back by it."},
		{Zh: "4. 证据等级：E0 记录自相矛盾；E1 证据较强，可能有一种正常解释；E2 有迹象，需进一步了解；E3 统计异常，只指向单位或村，不指向个人。", En: "4. Grades: E0 the records contradict each other; E1 strong, one ordinary explanation possible; E2 an indication; E3 a statistical pointer to a unit or village, never to a person."},
		{Zh: "5. 规则的目的、步骤、参数和常见误报，用命令 fundtrace rules 规则代码 查看。", En: "5. The manual of a rule, with its parameters and known false alarms: fundtrace rules RULE."},
	} {
		in.text(s.In(b.d.Lang))
	}
	in.text(b.t("6. ", "6. ") + rank.Formula(b.d.Policy.Ranking).In(b.d.Lang))
}

func (in *intro) visits(plan *visitPlan) {
	b := in.b
	in.section(b.t("三、走访名单怎样产生", "3. How the visits were drawn"))
	in.text(fmt.Sprintf(b.t("重点走访：每个村取得分最高的对象，最多 %d 个（个人、户、账户持有人、项目和村；资金和单位类线索以查账为主，不列入）。",
		"Leads: the subjects with the highest scores of each village, %d at most (persons, households, holders of accounts, projects, villages; funds and units are checked in the books)."), perVillage))
	in.text(fmt.Sprintf(b.t("随机对照：从没有任何线索的户中，每县随机抽取 %d 户（不足则全取），用来估计规则漏掉了多少。若某县 %d 户走访后均无问题，则该县未列入线索的户，问题比例约有 95%% 的把握低于 %d%%。",
		"Control: %d households of each county drawn at random from those without any lead (all where there are fewer), to estimate what the rules miss. If %d visits in a county find nothing, the share with a problem among its other households is below %[3]d %% with 95 %% confidence."),
		perCounty, perCounty, 300/perCounty))
	in.text(fmt.Sprintf(b.t("抽样可以重现：种子为全部输入文件 SHA-256 值（排序后）与数据截至日的 SHA-256 前 16 位，即 %s；按 SHA-256（种子＋户键）从小到大取。可抽取的户共 %d 户。",
		"The draw can be repeated: the seed is the first 16 digits of the SHA-256 over the sorted SHA-256 of all inputs and the as-of date, %s; households are taken in ascending order of SHA-256(seed + household key). %d households could be drawn."), plan.seed, plan.eligible))
}

func (in *intro) rules() {
	b, d := in.b, in.b.d
	in.section(b.t("四、规则运行情况", "4. How every rule fared"))
	in.text(b.t("没有线索不等于没有问题：请看判定了多少、因何未能判定。", "No lead does not mean clean: see how many were judged and why others could not be."))
	in.head(b.t("规则", "Rule"), b.t("名称", "Title"), b.t("已判定", "Judged"), b.t("列为线索", "Flagged"), b.t("未能判定", "Not judged"), b.t("情况", "State"), b.t("未能判定的原因", "Why not"))
	for i := range d.Rules {
		s := &d.Rules[i]
		n := 0
		var why []string
		for _, na := range s.NA {
			n += na.N
			why = append(why, fmt.Sprintf("%s %d", na.Reason.In(d.Lang), na.N))
		}
		in.row([]look{plain, plain, whole, whole, whole, centered, plain}, s.Rule.ID, s.Rule.Title.In(d.Lang), s.Judged(), s.Flagged, n, b.ruleState(s), strings.Join(why, b.t("；", "; ")))
	}
}

// ruleState says in a word how a rule fared.
func (b *book) ruleState(s *exec.Status) string {
	switch {
	case !s.Enabled:
		return b.t("未启用", "off")
	case s.Lacking != "":
		return b.t("缺少 ", "lacks ") + s.Lacking
	case len(s.Failed) > 0:
		return fmt.Sprintf(b.t("%d 组运行出错", "failed on %d"), len(s.Failed))
	case s.Review():
		return b.t("标记超过5%，请复核参数", "over 5 %: review parameters")
	}
	return b.t("正常", "ran")
}

// write puts the lines on a sheet.
func (in *intro) write() error {
	b, n := in.b, len(introWidths)
	name := b.t("说明", "Read me")
	w, err := b.begin(name, n, len(in.lines)+1)
	if err != nil {
		return err
	}
	for i, width := range introWidths {
		if err := w.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	title := b.t("扶贫资金问题线索工作簿", "Leads on poverty-relief funds")
	if err := w.SetRow("A1", []any{excelize.Cell{StyleID: b.title, Value: title}}, excelize.RowOpts{Height: 34}); err != nil {
		return err
	}
	if err := w.MergeCell("A1", cellName(n, 1)); err != nil {
		return err
	}
	for i, l := range in.lines {
		r := i + 2
		cells := make([]any, len(l.cells))
		for j, v := range l.cells {
			c := excelize.Cell{StyleID: l.style, Value: v}
			if l.looks != nil {
				c.StyleID = b.styles[l.looks[j]]
			}
			if f, ok := v.(table.Fen); ok {
				c.Value = float64(f) / 100 // as line does
			}
			cells[j] = c
		}
		if err := w.SetRow(cellName(1, r), cells, excelize.RowOpts{Height: l.height}); err != nil {
			return err
		}
		if l.merged {
			if err := w.MergeCell(cellName(1, r), cellName(n, r)); err != nil {
				return err
			}
		}
	}
	return w.Flush()
}
