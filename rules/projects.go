package rules

import (
	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var roleProject = text("项目", "project")

// A job is one project and what its contractor was paid.
type job struct {
	name, fund, contractor string
	price                  table.Fen // the contract, else the budget; 0 where neither is stated
	payments               []jobPayment
	evidence               []detect.Evidence // the project's row, then the ledger lines
}

// A jobPayment is one payment to a contractor; on is 0 where no day is known.
type jobPayment struct {
	on     table.Day
	amount table.Fen
}

// jobReads are the columns that jobOf looks at.
var jobReads = []table.Column{
	projectName, projectBudget, projectContract, projectContractor, projectFundNo,
	hopTo, hopSent, hopReceived, hopSentOn, hopReceivedOn, hopSentRef, hopReceivedRef,
}

// jobOf returns the project of a group; where the pool lacks it, or no payment
// to its contractor is on record, it says so and ok is false.
func jobOf(p *detect.Pass) (j job, ok bool) {
	v := p.View(table.Works)
	if v.Len() == 0 {
		p.NotApplicable(text("项目库无此项目", "the project pool does not have the project"))
		return j, false
	}
	j = job{name: firstOf(projectName.In(v)...), fund: firstOf(projectFundNo.In(v)...), contractor: firstOf(projectContractor.In(v)...)}
	contract, budget := projectContract.In(v), projectBudget.In(v)
	for i := range v.Len() {
		j.price = max(j.price, contract.Or(i, 0))
	}
	for i := range v.Len() {
		if j.price == 0 {
			j.price = budget.Or(i, 0)
		}
	}
	j.evidence = append(j.evidence, detect.Row(v, 0, roleProject))
	h := p.View(table.Hop)
	to, sent, received := hopTo.In(h), hopSent.In(h), hopReceived.In(h)
	sentOn, receivedOn := hopSentOn.In(h), hopReceivedOn.In(h)
	for i := range h.Len() {
		if j.contractor == "" || to[i] != j.contractor {
			continue
		}
		j.payments = append(j.payments, jobPayment{sentOn.Or(i, receivedOn.Or(i, 0)), sent.Or(i, received.Or(i, 0))})
		j.evidence = hopRows(j.evidence, hopSentRef.In(h), hopReceivedRef.In(h), i)
	}
	if len(j.payments) == 0 {
		p.NotApplicable(text("未见支付给施工单位的记录", "no payment to the contractor on record"))
		return j, false
	}
	return j, true
}

// firstDay returns the first of days, ok where there is any.
func firstDay(days table.Values[table.Day]) (day table.Day, ok bool) {
	for i := range days.Len() {
		if d, known := days.At(i); known && (!ok || d < day) {
			day, ok = d, true
		}
	}
	return day, ok
}
