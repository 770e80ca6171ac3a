package rules

import (
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var roleProject = text("项目", "project")

// A job is one project and what its contractor was paid.
type job struct {
	name, fund, contractor string
	contract, budget       table.Fen // 0 where not stated
	payments               []jobPayment
	evidence               []detect.Evidence // the project's row, then the ledger lines
}

// A jobPayment is one payment to a contractor, below zero what he sent back; on
// is 0 where no day is known.
type jobPayment struct {
	on      table.Day
	amount  table.Fen
	purpose string
}

// jobReads are the columns that readJob looks at.
var jobReads = []table.Column{
	projectName, projectBudget, projectContract, projectContractor, projectFundNo,
	hopFrom, hopTo, hopPurpose, hopSent, hopReceived, hopSentOn, hopReceivedOn, hopSentRef, hopReceivedRef,
}

// readJob returns the project of a group; where the pool lacks it, it says so
// and ok is false.
func readJob(p *detect.Pass) (j job, ok bool) {
	v := p.View(table.Works)
	if v.Len() == 0 {
		p.NotApplicable(text("项目库无此项目", "the project pool does not have the project"))
		return j, false
	}
	j = job{name: firstOf(projectName.In(v)...), fund: firstOf(projectFundNo.In(v)...), contractor: firstOf(projectContractor.In(v)...)}
	for i := range v.Len() {
		j.contract = max(j.contract, projectContract.In(v).Or(i, 0))
		j.budget = max(j.budget, projectBudget.In(v).Or(i, 0))
	}
	j.evidence = append(j.evidence, detect.Row(v, 0, roleProject))
	if j.contractor == "" {
		return j, true
	}
	h := p.View(table.Hop)
	from, to, purpose, sent, received := hopFrom.In(h), hopTo.In(h), hopPurpose.In(h), hopSent.In(h), hopReceived.In(h)
	sentOn, receivedOn := hopSentOn.In(h), hopReceivedOn.In(h)
	for i := range h.Len() {
		x := jobPayment{sentOn.Or(i, receivedOn.Or(i, 0)), sent.Or(i, received.Or(i, 0)), purpose[i]}
		switch {
		case sameFirm(to[i], j.contractor):
		case sameFirm(from[i], j.contractor):
			x.amount = -x.amount
		default:
			continue
		}
		j.payments = append(j.payments, x)
		j.evidence = hopRows(j.evidence, hopSentRef.In(h), hopReceivedRef.In(h), i)
	}
	return j, true
}

// price is the contract, else the budget, with its name; 0 where neither is
// stated.
func (j *job) price() (table.Fen, detect.Text) {
	if j.contract > 0 {
		return j.contract, text("合同金额", "the contract")
	}
	return j.budget, text("预算", "the budget")
}

// sameFirm reports whether two sheets give a firm one name.
func sameFirm(a, b string) bool { return a == b || firmName(a) == firmName(b) }

// firmName is a firm's name in the form in which names are compared.
func firmName(s string) string { return plainFirm.Replace(s) }

var plainFirm = strings.NewReplacer("（", "(", "）", ")", " ", "", "\u3000", "")

// firstDay returns the first of days, ok where there is any.
func firstDay(days table.Values[table.Day]) (day table.Day, ok bool) {
	for i := range days.Len() {
		if d, known := days.At(i); known && (!ok || d < day) {
			day, ok = d, true
		}
	}
	return day, ok
}
