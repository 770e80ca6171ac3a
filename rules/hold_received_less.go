package rules

import (
	"fmt"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var receivedDays = &detect.Param[int]{
	Name: "banking_days", Default: 5,
	Doc: text("拨出后多少个银行工作日内（含）容许对方尚未入账", "banking days after sending in which the receiver may not have booked it yet, inclusive"),
}

// HoldReceivedLess flags transfers on which the sender's and the receiver's
// ledgers do not agree.
var HoldReceivedLess = &detect.Rule{
	ID:     "hold-received-less",
	Family: detect.Hold,
	Title:  text("账实不符", "sender's and receiver's ledgers differ"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找同一笔拨付双方台账金额不一致，或一方没有记录的情形。",
			"Finds transfers that the two ledgers book with different amounts, or only one of them books."),
		Steps: text(`1. 拨出方和收款方台账按资金、单位、金额、日期配对（可一笔对多笔）。
2. 双方都有而金额不同的为线索，主体为收款单位；写在同一行的为 E0，由配对得出的为 E1。
3. 拨出方有而收款方没有的：收款单位有该资金（或多项资金）当期的收款台账，或拨出方所在的表同时列有该单位的收款，才判断，且拨出后已超过 banking_days 个银行工作日（不含周六周日，等于不计）；主体为收款单位。
4. 收款方有而拨出方没有的：拨出单位有该资金（或多项资金）当期的拨付台账，或收款方所在的表同时列有该单位的拨出，才判断；主体为拨出单位。只有其他一项资金或其他时段台账的，列为待查问题。
5. 同一资金、同一对单位合为一条；只有一方记录的，冲销、更正（负数）先在该方台账内抵减。`,
			`1. The two ledgers are paired by fund, units, amount and date, one against several where needed.
2. Both sides with different amounts make a lead on the receiver; E0 where both stand on one line, E1 where pairing brought them together.
3. Sent and not received: judged only if the receiver has a ledger of its own of that fund (or of several) and time, or the sender's sheet states the receiver's side of other lines, and more than banking_days have passed (Saturdays and Sundays left out, equal is not); the receiver is the subject.
4. Received and not sent: judged only if the sender has a ledger of its own of that fund (or of several) and time, or the receiver's sheet states the sender's side of other lines; the sender is the subject. Where the book is of another single fund or time only, it is a question.
5. One lead for each fund and pair of units; of transfers that one side books alone, what it took back (negative amounts) comes off first.`),
		Formula: "拨出金额 ≠ 收到金额 ∨ 仅一方有记录",
		Example: `县财政局拨出 50000 元，镇上只记收到 45000 元。
-- flow.csv --
fund_no,from_unit,to_unit,sent_amount,sent_on,received_amount,received_on,want
甲财农〔2017〕3号,甲县财政局,大河镇人民政府,50000,2017-03-08,45000,2017-03-09,E0 大河镇人民政府 5000.00 .*50000.00元.*45000.00元
`,
		Why: text("拨出与收到不一致，差额可能在途中被截留，也可能一方账目不实。",
			"Where the two differ, money may have been kept on the way, or one of the books is wrong."),
		Exclusions: text("收款单位（或拨出单位）没有提供台账的不作判断；拨出不久、尚在入账期内的不计。",
			"Not judged where the other unit gave no ledger; not counted while a transfer may still be on its way."),
		FalseAlarms: text("一方台账缺页或跨年；款项由第三方代收代付；扣除手续费；法定节假日未计入。",
			"A ledger that lacks pages or years; a third unit that received for it; bank charges; public holidays, which are not counted."),
		Verify: text("调取双方银行回单逐笔核对；差额查对应凭证和经手人；确认收款账户户名。",
			"Compare both bank slips; find the voucher of the difference and who handled it; see whose account received."),
		Control: text("上下级单位应按月对账并留存对账单。", "Units should reconcile monthly and keep the statements."),
	},
	Basis:  []detect.Basis{basisWithhold},
	By:     []table.Key{table.Unit},
	Needs:  []string{"flow"},
	Reads:  []table.Column{hopFund, hopFrom, hopTo, hopSent, hopSentOn, hopReceived, hopPairing, hopReceiverKept, hopSenderKept, hopSentRef, hopReceivedRef},
	Params: []detect.Parameter{receivedDays},
	Check:  checkHoldReceivedLess,
}

// A mismatch is what one fund's transfers between two units came to.
type mismatch struct {
	fund, from, to string
	sent, received table.Fen
	off            table.Fen // of transfers that both sides book
	alone          table.Fen // of those that one side books, what it took back taken off
	rows           []int
	inRow          bool // every difference stands on one line
}

// apart is how far the two ledgers differ.
func (m mismatch) apart() table.Fen { return m.off + distance(m.alone, 0) }

func checkHoldReceivedLess(p *detect.Pass) error {
	v, unit := p.View(table.Hop), p.Group.ID
	if v.Len() == 0 {
		p.NotApplicable(text("该单位无拨付记录", "no transfer of the unit on record"))
		return nil
	}
	fund, from, to, pairing := hopFund.In(v), hopFrom.In(v), hopTo.In(v), hopPairing.In(v)
	sent, received, sentOn := hopSent.In(v), hopReceived.In(v), hopSentOn.In(v)
	receiverKept, senderKept := hopReceiverKept.In(v), hopSenderKept.In(v)
	keeps := keepsBook(v, unit)
	var all []mismatch
	judged, asked := false, false
	ask := func(i int, amount table.Fen) {
		asked = true
		p.Ask(detect.Question{What: askBook.what, Office: unit, Document: askBook.document, About: []detect.About{{FundNo: fund[i]}}, Amount: amount})
	}
	for i := range v.Len() {
		s, hasSent := sent.At(i)
		r, hasReceived := received.At(i)
		switch {
		case hasSent && hasReceived && to[i] == unit:
		case hasSent && !hasReceived && to[i] == unit && (keeps.receipts || receiverKept.Or(i, table.No) == table.Yes):
			if d, ok := sentOn.At(i); !ok || p.AsOf <= afterBankingDays(d, receivedDays.Of(p)) {
				continue
			}
			if receiverKept.Or(i, table.No) != table.Yes {
				ask(i, s)
				continue
			}
		case !hasSent && hasReceived && from[i] == unit && (keeps.sendings || senderKept.Or(i, table.No) == table.Yes):
			if senderKept.Or(i, table.No) != table.Yes {
				ask(i, r)
				continue
			}
		default:
			continue
		}
		judged = true
		if s == r {
			continue
		}
		k := slices.IndexFunc(all, func(m mismatch) bool { return m.fund == fund[i] && m.from == from[i] && m.to == to[i] })
		if k < 0 {
			k = len(all)
			all = append(all, mismatch{fund: fund[i], from: from[i], to: to[i], inRow: true})
		}
		m := &all[k]
		m.sent, m.received = m.sent+s, m.received+r
		if hasSent && hasReceived {
			m.off += distance(s, r)
		} else {
			m.alone += s - r
		}
		m.rows = append(m.rows, i)
		m.inRow = m.inRow && pairing[i] == "row"
	}
	if !judged && !asked {
		p.NotApplicable(text("对方单位未提供台账", "no ledger of the other side"))
		return nil
	}
	for _, m := range all {
		if m.apart() > 0 {
			p.Report(m.lead(p, v))
		}
	}
	return nil
}

// keeps is which sides of a unit's book the input has, of whatever fund.
type keeps struct{ receipts, sendings bool }

func keepsBook(v table.View, unit string) (k keeps) {
	from, to, sent, received, pairing := hopFrom.In(v), hopTo.In(v), hopSent.In(v), hopReceived.In(v), hopPairing.In(v)
	for i := range v.Len() {
		if pairing[i] == "row" { // its sheet tells of its own lines only
			continue
		}
		_, out := sent.At(i)
		_, in := received.At(i)
		k.receipts = k.receipts || in && to[i] == unit
		k.sendings = k.sendings || out && from[i] == unit
	}
	return k
}

func (m mismatch) lead(p *detect.Pass, v table.View) detect.Lead {
	grade := p.Rule.Grade
	if m.inRow {
		grade = detect.E0
	}
	sentRef, receivedRef := hopSentRef.In(v), hopReceivedRef.In(v)
	var evidence []detect.Evidence
	for _, i := range m.rows {
		evidence = hopRows(evidence, sentRef, receivedRef, i)
	}
	from, fromEn := firstOf(m.from, "拨出单位（未注明）"), firstOf(m.from, "an unnamed sender")
	var summary detect.Text
	switch {
	case m.received == 0:
		summary = text(
			fmt.Sprintf("%s台账记拨付%s资金（%s）%s元，%s台账没有对应的收款记录，建议核对双方银行回单。", from, m.to, m.fund, m.sent, m.to),
			fmt.Sprintf("%s booked %s yuan of fund %s as sent to %s, whose ledger has no such receipt; compare the bank slips.", fromEn, m.sent, m.fund, m.to))
	case m.sent == 0:
		summary = text(
			fmt.Sprintf("%s台账记收到%s资金（%s）%s元，%s台账没有对应的拨出记录，建议核对双方银行回单。", m.to, from, m.fund, m.received, from),
			fmt.Sprintf("%s booked %s yuan of fund %s as received from %s, whose ledger has no such transfer; compare the bank slips.", m.to, m.received, m.fund, fromEn))
	default:
		summary = text(
			fmt.Sprintf("资金（%s）%s记拨给%s%s元，%s记收到%s元，双方相差%s元，建议核对银行回单。", m.fund, from, m.to, m.sent, m.to, m.received, m.apart()),
			fmt.Sprintf("Of fund %s, %s booked %s yuan as sent and %s booked %s as received: %s yuan apart; compare the bank slips.", m.fund, fromEn, m.sent, m.to, m.received, m.apart()))
	}
	return detect.Lead{
		Grade: grade, FundNo: m.fund, Item: m.from + "→" + m.to, Amount: m.apart(), Summary: summary,
		Facts: []detect.Fact{
			fact("拨出单位", "from", from), fact("收款单位", "to", m.to),
			fact("拨出金额", "sent", m.sent.String()), fact("收到金额", "received", m.received.String()),
			fact("笔数", "transfers", fmt.Sprint(len(m.rows))),
		},
		Evidence: evidence,
	}
}

// afterBankingDays returns the day n banking days after d: Saturdays and Sundays
// do not count. Public holidays are not known here.
func afterBankingDays(d table.Day, n int) table.Day {
	for n > 0 {
		d++
		if w := (d + 3) % 7; w != 5 && w != 6 { // 1970-01-01 was a Thursday: 0 is Monday
			n--
		}
	}
	return d
}
