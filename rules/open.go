package rules

import (
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

// What the files leave open about money, and the documents that would tell.
var (
	openCredit = text("名册其他各笔多有银行到账记录，该笔没有，所供银行记录可能不全", "the bank's files show most other payments of the roster and not this one; they may not be whole")
	docCredit  = text("该批发放在各银行的代发回单或流水（全）", "the return files or statements, whole, of all banks that paid the roster")

	openKin = text("干部账户收取同姓他人的补贴，各表均未写明受领人属于哪一户，可能是其父母等亲属", "a cadre's account receives for somebody of the same surname whose household no sheet tells; it may be a parent")
	docKin  = text("受领人的户籍或家庭成员资料，及代领委托书", "the beneficiary's household as the civil register has it, and the proxy")

	openRush = text("单位全年只在少数月份支出、大部分在年末，看不出是否按期发放", "a unit spent in few months and mostly at the end of the year; whether that was its schedule is not known")
	docRush  = text("该单位全年的支出明细账及年末各笔支付的审批", "the unit's ledger of the whole year and the approval of what it paid at the end")

	openNotice = text("所列文号的指标文件及同年度同类文件均不在所供资料中", "neither the notice cited nor others of that office and year are in the files")
	docNotice  = text("该文号的指标文件", "the notice of that number")
)

// An asking is a question about what a unit did with the fund of the group.
type asking struct {
	what, document detect.Text
	office         func(p *detect.Pass, unit string) string // whom to ask, "" where it is the unit itself
}

var (
	askPayer = asking{
		text("发放名册由谁支付，各表均未写明", "no sheet states who paid the rosters"),
		text("该资金发放名册的支付凭证或银行代发回单（注明付款单位）", "the vouchers or bank receipts of the fund's rosters, which name the payer"),
		compiler,
	}
	askBook = asking{
		text("收款单位没有该资金的台账，或台账在期满之前已止", "no book of the fund of the unit that received it, or one that ends too early"),
		text("收款单位该资金的收支台账（全年）或银行对账单", "the receiving unit's book of the fund, of whole years, or its bank statements"),
		sender,
	}
	askReceipts = asking{
		text("发放单位收到该资金的记录不在所供资料中", "the files do not show the payer receiving the fund"),
		text("该资金的拨款台账（拨出和收到）", "the ledgers of the fund's transfers, sent and received"),
		allotted,
	}
)

// askReads are the columns that askings look at.
var askReads = []table.Column{hopFrom, hopTo, fundHolder, positionUnit, positionAsk}

// of returns the question about a unit's money.
func (a asking) of(p *detect.Pass, unit string, amount table.Fen) detect.Question {
	return detect.Question{
		What: a.what, Office: firstOf(a.office(p, unit), unit), Document: a.document,
		About: []detect.About{{FundNo: p.Group.ID}}, Amount: amount,
	}
}

// compiler returns the office that compiled the rosters that a unit may have paid.
func compiler(p *detect.Pass, unit string) string {
	v := p.View(table.Position)
	if i := slices.Index(positionUnit.In(v), unit); i >= 0 {
		return positionAsk.In(v)[i]
	}
	return ""
}

// sender returns who sent the unit the fund, "" where it was allotted to it.
func sender(p *detect.Pass, unit string) string {
	h := p.View(table.Hop)
	if i := slices.Index(hopTo.In(h), unit); i >= 0 {
		return hopFrom.In(h)[i]
	}
	return ""
}

// allotted returns the fund's holder where the input shows no transfer of the
// fund.
func allotted(p *detect.Pass, _ string) string {
	if p.View(table.Hop).Len() > 0 {
		return ""
	}
	holders := slices.Clone(fundHolder.In(p.View(table.Allocation)))
	slices.Reverse(holders)
	return firstOf(holders...)
}

// A reading is the rows of a unit's stays under one reading of who paid.
type reading struct {
	rows  []int
	least bool // what the books do not tell is taken to be gone
}

// readings returns the stays lo..hi-1, of one unit, under the reading that it was
// left with least, and under the others that the chain tells; payers says that it
// is open who paid some roster.
func readings(v table.View, lo, hi int) (least reading, others []reading, payers bool) {
	name := stayReading.In(v)
	of := func(which string) (rows []int) {
		for i := lo; i < hi; i++ {
			if name[i] == which {
				rows = append(rows, i)
			}
		}
		return rows
	}
	taken, most, compiled := of(""), of("spent_most"), of("as_compiled")
	if most == nil && compiled == nil {
		return reading{taken, true}, []reading{{taken, false}}, false
	}
	return reading{most, true}, []reading{{taken, false}, {compiled, false}}, true
}
