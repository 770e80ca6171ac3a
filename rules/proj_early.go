package rules

import (
	"fmt"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var earlyAdvance = &detect.Param[float64]{
	Name: "advance_percent", Default: 30,
	Doc: text("开工和验收前累计付款可达合同金额（没有的取预算）的比例（%，含）", "percent of the contract, else the budget, that may be paid before start and acceptance, inclusive"),
}

// ProjEarly flags projects whose contractor was paid before his time.
var ProjEarly = &detect.Rule{
	ID:     "proj-early",
	Family: detect.Proj,
	Title:  text("提前付款", "paid too early"),
	Grade:  detect.E2,
	Doc: detect.Doc{
		Purpose: text("查找项目批复之前已付款，或开工、验收之前付款超过预付比例的项目。", "Finds projects paid before their approval, or beyond the allowed advance before start or acceptance."),
		Steps: text(`1. 按项目编号归集付给施工单位的款项，取拨出日期，没有的取到账日期；施工单位退回的减去。
2. 批复日之前（当天不计）有付款的为线索（E1）。
3. 否则，开工日之前累计付款超过合同金额（没有的取预算）的 advance_percent%（不足一元的进为一元，等于不计）的为线索（E1）；再否则，验收日之前累计超过的为线索（E2）。
4. 没有开工或验收日期而项目状态写明未开工、在建、停工、未验收的，付款算到计算基准日；既无日期、状态也未写明的不作判断。`,
			`1. Payments to the project's contractor are taken by the day they were sent, else received, less what he sent back.
2. One before the day of approval (the day itself is not) makes a lead (E1).
3. Else payments before the start of more than advance_percent of the contract, else the budget (made up to whole yuan; equal is not), make a lead (E1); else before acceptance (E2).
4. Where there is no day of start or acceptance and the status says not begun, under way, stopped or not accepted, payments count to the as-of day; with neither it is not judged.`),
		Formula: "∃付款日 < 批复日 ∨ Σ{付款 : 付款日 < 开工日或验收日} > advance_percent% × 合同金额",
		Example: `9 月 1 日验收，7 月 1 日已付足全款。
-- project.csv --
project_id,name,unit,contract_amount,contractor,approved_on,started_on,accepted_on,want
P1,石山村道路硬化,大河镇人民政府,100000,甲县一建公司,2017-02-01,2017-03-01,2017-09-01,E2 P1 70000.00 .*验收.*100000.00元
-- flow.csv --
fund_no,from_unit,to_unit,sent_amount,sent_on,project_id
甲财农〔2017〕9号,大河镇人民政府,甲县一建公司,100000,2017-07-01,P1
`,
		Why:         text("提前付款失去对工程质量和进度的约束，工程可能根本没做。", "Who is paid beforehand need not finish; the work may never have been done."),
		Exclusions:  text("预付比例以内的不计；单位之间转拨的不计；付款未注明项目编号的不计入。", "Not counted within the advance, nor transfers between offices; payments without the project's number are not seen."),
		FalseAlarms: text("合同约定按进度付款；验收日期为复验或补登；分段验收；先建后补的批复补办。", "Payment by progress under the contract; a day of acceptance of a second visit or entered late; acceptance in parts."),
		Verify:      text("查合同付款条款、监理进度签证和付款申请；现场看工程实际完工时间。", "See the contract's terms, the supervisor's certificates and the request; find on the spot when the work was done."),
		Control:     text("支付申请应附批复、进度或验收凭证。", "A payment request should carry approval, certificate or acceptance."),
	},
	Basis:  []detect.Basis{basisFraud},
	By:     []table.Key{table.Project},
	Needs:  []string{"project", "flow"},
	Reads:  slices.Concat(jobReads, []table.Column{projectApprovedOn, projectStartedOn, projectAcceptedOn, projectStatus}),
	Params: []detect.Parameter{earlyAdvance},
	Check:  checkProjEarly,
}

func checkProjEarly(p *detect.Pass) error {
	j, ok := readJob(p)
	if !ok {
		return nil
	}
	if len(j.payments) == 0 {
		p.NotApplicable(text("未见支付给施工单位的记录", "no payment to the contractor on record"))
		return nil
	}
	v := p.View(table.Works)
	price, _ := j.price()
	advance := table.Fen(float64(price) * earlyAdvance.Of(p) / 100)
	status := firstOf(projectStatus.In(v)...)
	judged := false
	for _, step := range [...]struct {
		column table.IntColumn[table.Day]
		zh, en string
		free   table.Fen
		grade  detect.Grade
		denied []string // words of a status that say it has not been yet
	}{
		{projectApprovedOn, "批复", "approval", 0, detect.E1, nil},
		{projectStartedOn, "开工", "the start", advance, detect.E1, []string{"未开工", "待开工"}},
		{projectAcceptedOn, "验收", "acceptance", advance, detect.E2, []string{"未验收", "待验收", "未开工", "待开工", "在建", "未完工", "未竣工", "停工", "正在施工"}},
	} {
		on, done := firstDay(step.column.In(v))
		if !done && has(status, step.denied...) {
			on = p.AsOf + 1
		} else if !done {
			continue
		}
		if step.free > 0 && price == 0 {
			continue
		}
		judged = true
		var before table.Fen
		var early table.Day
		for _, x := range j.payments {
			if x.on != 0 && x.on < on {
				before += x.amount
				if x.amount > 0 && (early == 0 || x.on < early) {
					early = x.on
				}
			}
		}
		if before <= wholeYuan(step.free) {
			continue
		}
		when := text(fmt.Sprintf("%s日期为%s，此前", step.zh, date(on).Zh), fmt.Sprintf("%s was on %s; before it", step.en, on))
		day := on.String()
		if !done {
			when, day = text(fmt.Sprintf("至计算基准日尚未%s（%s），", step.zh, status), fmt.Sprintf("%s had not been by the as-of day (%s); but", step.en, status)), "-"
		}
		p.Report(detect.Lead{
			Grade: step.grade, FundNo: j.fund, Amount: before - step.free,
			Summary: text(
				fmt.Sprintf("项目%s（%s）%s已自%s起付给%s共%s元，建议核实付款依据。", p.Group.ID, j.name, when.Zh, date(early).Zh, j.contractor, before),
				fmt.Sprintf("Project %s (%s): %s, from %s, %s had been paid %s yuan; see on what grounds.", p.Group.ID, j.name, when.En, early, j.contractor, before)),
			Facts: []detect.Fact{
				fact(step.zh+"日期", "day of "+step.en, day), fact("首笔付款", "first payment", early.String()),
				fact("此前已付", "paid before", before.String()), fact("允许预付", "advance allowed", step.free.String()), fact("合同或预算", "contract or budget", price.String()),
			},
			Evidence: j.evidence,
		})
		return nil
	}
	if !judged {
		p.NotApplicable(text("无批复、开工或验收日期", "no day of approval, start or acceptance"))
	}
	return nil
}

// wholeYuan makes an amount up to whole yuan, in which advances are reckoned.
func wholeYuan(a table.Fen) table.Fen { return (a + 99) / 100 * 100 }
