package rules

import (
	"fmt"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var transfersShare = &detect.Param[float64]{
	Name: "share_percent", Default: 80,
	Doc: text("转移性收入占全部收入达到此比例（%，含）", "percent of all income that transfers make up, inclusive"),
}

// ExitTransfersOnly flags households that are over the line by transfers alone.
var ExitTransfersOnly = &detect.Rule{
	ID:     "exit-transfers-only",
	Family: detect.Exit,
	Title:  text("整户靠政策收入脱贫", "over the line by transfers only"),
	Grade:  detect.E2,
	Doc: detect.Doc{
		Purpose: text("查找脱贫当年收入绝大部分是转移性收入、扣除后不达线的户。", "Finds households whose income in the year of exit is nearly all transfers, and under the line without them."),
		Steps: text(`1. 取脱贫当年记录的四项收入；按户填还是按人填，看合计更接近人均纯收入还是其人口倍数。
2. 转移性收入占四项合计达到 share_percent（含），且人均纯收入达线（含）、扣除转移性收入后低于贫困线（不含等于）即提示。`,
			`1. The four incomes of the year of exit are taken; whether they are for the household or a head is told by which comes nearer to the income a head.
2. A lead where transfers make up share_percent of their sum (inclusive), the income a head reaches the line (inclusive) and without transfers is below it (equal is not).`),
		Formula: "转移性收入/Σ收入 ≥ share_percent% ∧ 人均纯收入 ≥ 线 ∧ 人均纯收入 − 转移性收入/人口 < 线",
		Example: `丁户 2 人，转移性收入占九成。
-- household.csv --
household_id,member_name,member_id,relation,household_size,year,exit_year,income_per_capita,wage_income,transfer_income,want
H1,谭小湾,459901196101010801,户主,2,2016,2016,3200,640,5760,E2 H1 5760.00 谭小湾户.*90%
`,
		Why:         text("没有自身收入来源的户一旦政策停发就会返贫，不属于稳定脱贫。", "A household without income of its own falls back when the benefits stop."),
		Exclusions:  text("收入未达线的见 exit-under-line；收入构成、人口或贫困线缺失的不作判断。", "Those under the line are exit-under-line's; not judged without the sources, the size or the line."),
		FalseAlarms: text("整户无劳动能力的兜底户；转移性收入中含赡养费、养老金。", "Households unable to work, guaranteed by policy; support from children or pensions among the transfers."),
		Verify:      text("入户了解劳动力和实际收入来源；查是否有产业、就业帮扶措施。", "Ask who can work and what the household lives on; see which measures it had."),
		Control:     text("退出评议应逐户分析收入结构。", "Appraisals should look at what each income is made of."),
	},
	Basis:  []detect.Basis{basisExit},
	By:     []table.Key{table.Household},
	Needs:  []string{"household"},
	Reads:  append(slices.Clone(exitReads), memberWage, memberBusiness, memberProperty, memberTransfer),
	Params: []detect.Parameter{transfersShare},
	Check:  checkExitTransfersOnly,
}

func checkExitTransfersOnly(p *detect.Pass) error {
	v := p.View(table.Member)
	return eachExit(p, func(e exit) detect.Text {
		line, why := e.line(p)
		if why != (detect.Text{}) {
			return why
		}
		in := incomesOf(v, e)
		if !in.ok || in.all <= 0 || e.size == 0 {
			return text("脱贫当年收入构成或人口不全", "the sources of income or the size are absent")
		}
		n := table.Fen(e.size)
		own := e.income*n - in.transfer
		if float64(in.transfer*100) < float64(in.all)*transfersShare.Of(p) || e.income < line || own >= line*n {
			return detect.Text{}
		}
		name, share := headName(v), fmt.Sprintf("%.0f%%", float64(in.transfer)/float64(in.all)*100)
		p.Report(detect.Lead{
			Period: table.YearOf(e.year).String(), Amount: in.transfer,
			Summary: text(
				fmt.Sprintf("%s户（%d人）标注%d年脱贫，当年收入%s元中转移性收入%s元，占%s；扣除后人均%s元，低于贫困线%s元，建议核实收入来源。", name, e.size, e.year, in.all, in.transfer, share, own/n, line),
				fmt.Sprintf("The household of %s (%d persons), out of poverty in %d, had %s yuan of transfers in an income of %s (%s); without them %s a head against a line of %s; find out what it lives on.", name, e.size, e.year, in.transfer, in.all, share, own/n, line)),
			Facts: []detect.Fact{
				fact("收入合计", "all income", in.all.String()), fact("转移性收入", "transfers", in.transfer.String()), fact("占比", "share", share),
				fact("当年贫困线", "poverty line", line.String()),
			},
			Evidence: exitEvidence(v, e),
		})
		return detect.Text{}
	})
}
