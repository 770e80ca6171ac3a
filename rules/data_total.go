package rules

import (
	"fmt"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var totalRounding = &detect.Param[table.Fen]{
	Name: "rounding", Default: 1,
	Doc: text("合计与各行之和相差不超过此数（含，元）视为取整", "difference in yuan that counts as rounding, inclusive"),
}

// DataTotal flags sheets whose stated totals are not the sum of their rows.
var DataTotal = &detect.Rule{
	ID:     "data-total",
	Family: detect.Data,
	Title:  text("合计不符", "total differs from its rows"),
	Grade:  detect.E0,
	Doc: detect.Doc{
		Purpose: text("查找表内小计、合计与其所含各行之和不一致的表。", "Finds sheets whose totals or subtotals are not the sum of the rows they cover."),
		Steps: text(`1. 读入时把每个小计、合计、总计行与其所含各行之和放在一起。
2. 两者相差大于 rounding（等于不计）即提示；合计的小数位数少于明细的（如万元表合计只写两位小数），相差不超过其末位之半的视为四舍五入。
3. 同一表同一列的合为一条，金额取相差最大的一处。`,
			`1. On reading, each total and subtotal is set beside the sum of the rows it covers.
2. A difference of more than rounding (equal is not) makes a lead; where the total has fewer decimals than its rows （万元 to two places), half of its last place is rounding too.
3. Those of one sheet and column are one lead, with the largest difference as its amount.`),
		Formula: "|表列合计 − Σ各行| > max(rounding, 合计末位之半）",
		Example: `名册合计 10000 元，各行相加 9800 元。
-- statement.csv --
sheet,table,what,column,label,stated,computed,want
丙镇/农村低保/2017-03/资金发放表,payment,total,amount,合计,10000,9800,E0 丙镇/农村低保/2017-03/资金发放表 200.00 .*10000.00元.*9800.00元
`,
		Why: text("合计与明细不符，可能有人员或金额未列入名册，也可能按合计多拨了资金。",
			"A total that its rows do not bear out may hide people or sums that are not on the roster, or have drawn more money than was due."),
		Exclusions: text("没有合计行的表不作判断；人数不符见 data-headcount。",
			"Sheets without a total are not judged; head counts are data-headcount's."),
		FalseAlarms: text("合计行只统计部分列或部分行；隐藏行、筛选后复制；四舍五入到元；公式未更新。",
			"A total of some rows only; hidden or filtered rows left out in copying; rounding to the yuan; a formula not refreshed."),
		Verify: text("打开原表核对公式范围和隐藏行；与拨付金额、银行代发总额比对，看差额是否实际发生。",
			"Open the sheet, look at the formula's range and hidden rows; compare with the money sent and the bank's batch total."),
		Control: text("名册上报时应由系统重算合计。", "Totals should be computed by the system when a roster is sent."),
	},
	By:     []table.Key{table.Sheet},
	Needs:  []string{"statement"},
	Reads:  []table.Column{statementWhat, statementColumn, statementLabel, statementStated, statementComputed, statementRounding},
	Params: []detect.Parameter{totalRounding},
	Check:  checkDataTotal,
}

func checkDataTotal(p *detect.Pass) error {
	v := p.View(table.Statement)
	what, column, label := statementWhat.In(v), statementColumn.In(v), statementLabel.In(v)
	stated, computed, rounding := statementStated.In(v), statementComputed.In(v), statementRounding.In(v)
	judged := false
	var columns []string
	var wrong []int // rows of totals that are not the sum of theirs
	for i := range v.Len() {
		s, ok1 := stated.At(i)
		sum, ok2 := computed.At(i)
		if what[i] == "headcount" || !ok1 || !ok2 { // a sum that is unknown contradicts nothing
			continue
		}
		judged = true
		if distance(s, sum) <= max(totalRounding.Of(p), rounding.Or(i, 0)) {
			continue
		}
		wrong = append(wrong, i)
		if !slices.Contains(columns, column[i]) {
			columns = append(columns, column[i])
		}
	}
	if !judged {
		p.NotApplicable(text("表内无合计行", "the sheet states no total"))
		return nil
	}
	for _, c := range columns {
		l := detect.Lead{Item: c}
		worst := -1
		for _, i := range wrong {
			if column[i] != c {
				continue
			}
			s, sum := stated.Or(i, 0), computed.Or(i, 0)
			if worst < 0 || distance(s, sum) > l.Amount {
				worst, l.Amount = i, distance(s, sum)
			}
			l.Facts = append(l.Facts, fact("表列与计算", "stated and computed", fmt.Sprintf("%s: %s / %s", label[i], s, sum)))
			l.Evidence = append(l.Evidence, detect.Row(v, i, text("合计行", "total")))
		}
		s, sum := stated.Or(worst, 0), computed.Or(worst, 0)
		sheet := p.Group.ID
		l.Summary = text(
			fmt.Sprintf("表“%s”的%s列为%s元，所含各行相加为%s元，相差%s元，建议核对原表。", sheet, firstOf(label[worst], "合计"), s, sum, l.Amount),
			fmt.Sprintf("Sheet %q states %s yuan as %s, its rows add up to %s: %s apart; compare with the original.", sheet, s, firstOf(label[worst], "total"), sum, l.Amount))
		p.Report(l)
	}
	return nil
}
