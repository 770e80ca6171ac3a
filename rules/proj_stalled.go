package rules

import (
	"fmt"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var (
	stalledStart = &detect.Param[int]{
		Name: "start_days", Default: 180,
		Doc: text("资金到位后应当开工的天数（含），超过即提示", "days from the money's arrival in which work is to begin, inclusive"),
	}
	stalledFinish = &detect.Param[int]{
		Name: "finish_days", Default: 540,
		Doc: text("资金到位后应当完工的天数（含），超过即提示", "days from the money's arrival in which work is to be finished, inclusive"),
	}
)

// ProjStalled flags projects that have money and no work.
var ProjStalled = &detect.Rule{
	ID:     "proj-stalled",
	Family: detect.Proj,
	Title:  text("项目停滞", "stalled project"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找资金到位后迟迟不开工或不完工的项目。", "Finds projects that did not begin or were not finished long after their money came."),
		Steps: text(`1. 资金到位日为注明该项目的首笔拨付的到账日期，没有的取拨出日期。
2. 到位日起超过 start_days 天（等于不计）未开工，或超过 finish_days 天（等于不计）未完工的为线索；无日期的算到计算基准日。
3. 至计算基准日仍未开工或未完工的为 E1，已经补上的为 E2。有完工或验收日期的视为已开工；有验收日期的视为已完工。
4. 无相应日期而项目状态写明完工、验收、开工、在建的，不作判断。`,
			`1. The money came on the day of the first transfer for the project, received, else sent.
2. More than start_days (equal is not) without a start, or finish_days without an end, makes a lead; without a day it counts to the as-of day.
3. E1 where the work is still not begun or finished on the as-of day, else E2. A day of finishing or acceptance shows that it had begun, one of acceptance that it was finished.
4. Not judged where the day is absent and the status says begun, finished or accepted.`),
		Formula: "开工日 − 到位日 > start_days ∨ 完工日 − 到位日 > finish_days",
		Example: `2017 年 3 月资金到位，到 2018 年末没有开工日期。
-- project.csv --
project_id,name,unit,contract_amount,status,want
P1,石山村道路硬化,大河镇人民政府,100000,未开工,E1 P1 100000.00 .*2017年3月10日.*未开工
-- flow.csv --
fund_no,from_unit,to_unit,sent_amount,sent_on,received_amount,received_on,project_id
甲财农〔2017〕9号,甲县财政局,大河镇人民政府,100000,2017-03-08,100000,2017-03-10,P1
`,
		Why:         text("资金到位而项目不动，群众受益落空，资金闲置还可能被挪用。", "Money without work helps nobody, and lies ready for other uses."),
		Exclusions:  text("先建后补、资金晚于完工到位的不计；资金已全部退回来源单位的不作判断。", "Not counted where the money came after the work was done; not judged where all of it went back to where it came from."),
		FalseAlarms: text("项目库未更新开工、完工日期；因征地、气候等批准延期；资金为后续年度项目预拨。", "A pool not brought up to date; a delay approved for land or weather; money sent ahead for a later year."),
		Verify:      text("到现场看是否动工、停工多久；查合同工期、开工令和延期批复。", "Look on the spot whether work began and since when it stands; see contract time, start order and any extension."),
		Control:     text("主管部门应按月通报项目开工率、完工率。", "The office in charge should report starts and completions monthly."),
	},
	Basis: []detect.Basis{basisIdle},
	By:    []table.Key{table.Project},
	Needs: []string{"project", "flow"},
	Reads: []table.Column{
		projectName, projectFundNo, projectStartedOn, projectFinishedOn, projectAcceptedOn, projectStatus,
		hopFrom, hopTo, hopSent, hopReceived, hopSentOn, hopReceivedOn, hopSentRef, hopReceivedRef,
	},
	Params: []detect.Parameter{stalledStart, stalledFinish},
	Check:  checkProjStalled,
}

func checkProjStalled(p *detect.Pass) error {
	v, h := p.View(table.Works), p.View(table.Hop)
	if v.Len() == 0 {
		p.NotApplicable(text("项目库无此项目", "the project pool does not have the project"))
		return nil
	}
	came, money := table.Day(0), table.Fen(0)
	evidence := []detect.Evidence{detect.Row(v, 0, roleProject)}
	from, to, sent, received, sentOn, receivedOn := hopFrom.In(h), hopTo.In(h), hopSent.In(h), hopReceived.In(h), hopSentOn.In(h), hopReceivedOn.In(h)
	source := ""
	for i := range h.Len() {
		on := receivedOn.Or(i, sentOn.Or(i, 0))
		if on == 0 || on > p.AsOf {
			continue
		}
		if came == 0 || on < came {
			came, source = on, from[i]
		}
		evidence = hopRows(evidence, hopSentRef.In(h), hopReceivedRef.In(h), i)
	}
	if came == 0 {
		p.NotApplicable(text("未见该项目的到账记录", "no money of the project on record"))
		return nil
	}
	given := map[string]bool{} // by the unit that the first money came from
	for i := range h.Len() {
		if from[i] == source {
			money += sent.Or(i, received.Or(i, 0))
			given[to[i]] = true
		}
	}
	for i := range h.Len() { // less what came back
		if to[i] == source && given[from[i]] {
			money -= sent.Or(i, received.Or(i, 0))
		}
	}
	if money <= 0 {
		p.NotApplicable(text("项目资金已退回", "the project's money went back"))
		return nil
	}
	started, began := firstDay(projectStartedOn.In(v))
	finished, ended := firstDay(projectFinishedOn.In(v))
	if accepted, ok := firstDay(projectAcceptedOn.In(v)); ok && !ended {
		finished, ended = accepted, true
	}
	if ended && !began {
		started, began = finished, true
	}
	status := firstOf(projectStatus.In(v)...)
	for _, step := range [...]struct {
		zh, en string
		on     table.Day
		done   bool
		limit  int
		says   []string
	}{
		{"开工", "begun", started, began, stalledStart.Of(p), []string{"开工", "在建", "施工", "完工", "竣工", "验收"}},
		{"完工", "finished", finished, ended, stalledFinish.Of(p), []string{"完工", "竣工", "验收"}},
	} {
		// The words of a status say that it is done, unless they say that it is not.
		if !step.done && has(status, step.says...) && !has(status, "未", "待", "停") {
			p.NotApplicable(text("项目状态已"+step.zh+"而无日期", "the status says "+step.en+" without a day"))
			return nil
		}
		grade, until, what, whatEn := detect.E1, p.AsOf, "至计算基准日仍未"+step.zh, "has not "+step.en+" by the as-of day"
		if step.done {
			grade, until = detect.E2, step.on
			what, whatEn = fmt.Sprintf("%s才%s", date(step.on).Zh, step.zh), fmt.Sprintf("was not %s until %s", step.en, step.on)
		} else if step.en == "finished" {
			whatEn = "is not finished by the as-of day"
		}
		days := int(until - came)
		if days <= step.limit {
			continue
		}
		p.Report(detect.Lead{
			Grade: grade, FundNo: firstOf(projectFundNo.In(v)...), Amount: money,
			Summary: text(
				fmt.Sprintf("项目%s（%s）资金于%s到位，共%s元，%s，相距%d天（应不超过%d天），建议到现场核实。", p.Group.ID, firstOf(projectName.In(v)...), date(came).Zh, money, what, days, step.limit),
				fmt.Sprintf("Project %s (%s): money, %s yuan, came on %s; it %s, %d days on (%d allowed); go and look.", p.Group.ID, firstOf(projectName.In(v)...), money, came, whatEn, days, step.limit)),
			Facts: []detect.Fact{
				fact("资金到位", "money came on", came.String()), fact("到位金额", "money", money.String()),
				fact("项目状态", "status", firstOf(status, "-")), fact("天数", "days", fmt.Sprint(days)), fact("规定天数", "days allowed", fmt.Sprint(step.limit)),
			},
			Evidence: evidence,
		})
		return nil
	}
	return nil
}
