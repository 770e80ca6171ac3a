package rules

import (
	"fmt"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

// DataHeadcount flags sheets that state another head count than they have rows.
var DataHeadcount = &detect.Rule{
	ID:     "data-headcount",
	Family: detect.Data,
	Title:  text("人数不符", "head count differs from its rows"),
	Grade:  detect.E0,
	Doc: detect.Doc{
		Purpose: text("查找标题、表尾或文件名写明的人数、户数与表内行数不一致的表。", "Finds sheets whose title, footer or file name states another head count than the rows give."),
		Steps: text(`1. 读入时把标题、表尾、文件名中写明的人数与表内读入的行数放在一起。
2. 两者不等即提示，每表一条，取相差最大的一处。`,
			`1. On reading, the head count in title, footer or file name is set beside the number of rows.
2. Any difference makes a lead, one a sheet, with the largest.`),
		Formula: "表列人数 ≠ 行数",
		Example: `文件名写 608 人，表内只有 605 行。
-- statement.csv --
sheet,table,what,label,stated_count,computed_count,want
丙镇/2017/建档立卡表,household,headcount,608人,608,605,E0 丙镇/2017/建档立卡表 0.00 .*608.*605
`,
		Why:         text("人数与明细不符，可能有人未列入名册，也可能按人头多报了资金。", "People may be missing from the list, or money claimed for more heads than it has."),
		Exclusions:  text("未写明人数的表不作判断；金额合计见 data-total。", "Sheets that state none are not judged; sums of money are data-total's."),
		FalseAlarms: text("人数与户数混用；分表时沿用原标题；删行后未改文件名。", "Heads and households mixed up; a title kept when the sheet was split; a file name not changed after deleting rows."),
		Verify:      text("打开原表核对隐藏行、分表；与上报数比对。", "Open the sheet, look for hidden rows and other parts; compare with the number reported."),
		Control:     text("上报时应由系统统计人数。", "The count should be made by the system when a list is sent."),
	},
	By:    []table.Key{table.Sheet},
	Needs: []string{"statement"},
	Reads: []table.Column{statementWhat, statementLabel, statementStatedCount, statementComputedCount},
	Check: checkDataHeadcount,
}

func checkDataHeadcount(p *detect.Pass) error {
	v := p.View(table.Statement)
	what, label, stated, computed := statementWhat.In(v), statementLabel.In(v), statementStatedCount.In(v), statementComputedCount.In(v)
	judged, worst, off := false, -1, table.Count(0)
	for i := range v.Len() {
		s, ok1 := stated.At(i)
		c, ok2 := computed.At(i)
		if what[i] != "headcount" || !ok1 || !ok2 {
			continue
		}
		judged = true
		if d := max(s-c, c-s); d > off {
			worst, off = i, d
		}
	}
	if !judged {
		p.NotApplicable(text("表内未写明人数", "the sheet states no head count"))
		return nil
	}
	if worst < 0 {
		return nil
	}
	s, c, sheet := stated.Or(worst, 0), computed.Or(worst, 0), p.Group.ID
	p.Report(detect.Lead{
		Summary: text(
			fmt.Sprintf("表“%s”写明%d人（户），表内实有%d行，相差%d，建议核对原表。", sheet, s, c, off),
			fmt.Sprintf("Sheet %q states %d heads and has %d rows: %d apart; compare with the original.", sheet, s, c, off)),
		Facts: []detect.Fact{
			fact("原文", "as written", firstOf(label[worst], "-")), fact("表列人数", "stated", fmt.Sprint(s)), fact("实有行数", "rows", fmt.Sprint(c)),
		},
		Evidence: []detect.Evidence{detect.Row(v, worst, text("表列人数", "stated head count"))},
	})
	return nil
}
