package rules

import (
	"fmt"
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var loopDays = &detect.Param[int]{
	Name: "window_days", Default: 90,
	Doc: text("从转出到转回的最多天数（含）", "days from going out to coming back, inclusive"),
}

var loopGivenBack = &detect.Param[string]{
	Name: "given_back_words", Default: "结余 结转 剩余 余款 上缴 缴回 错汇 错拨 误拨 多拨 多付 多收 超付 冲销 冲回 更正",
	Doc: text("用途含其中任一词、直接转回原拨出单位的视为退款，不算回流，以空格分隔",
		"words of a purpose that make a transfer straight back to who sent the money a refund and no loop, separated by blanks"),
}

// HoldLoop flags money that comes back to a unit it left.
var HoldLoop = &detect.Rule{
	ID:     "hold-loop",
	Family: detect.Hold,
	Title:  text("资金回流", "money that comes back"),
	Grade:  detect.E1,
	Doc: detect.Doc{
		Purpose: text("查找同一资金从某单位转出后，直接或绕道又转回该单位的情形。", "Finds money of one fund that leaves a unit and comes back to it, directly or round a loop."),
		Steps: text(`1. 取同一资金单位之间的各笔拨付，日期取拨出日，没有的取收到日；无日期的、金额不为正的不参加。用途注明结余上缴、错拨更正等（given_back_words）、直接转回曾拨给它的单位且不多于所拨的，是退款，不参加；只写“退回”的不算注明。
2. 从每笔转出起，沿日期不早于前一笔的拨付向下走，最多六手；在 window_days 天内（含）回到起点即提示。
3. 同一圈单位只出一条，主体为最先转出的单位，金额取各环节最小的一笔。`,
			`1. The fund's transfers between units are taken by day of sending, else of receipt; those without a day or above zero take no part. Nor does a refund: straight back to a unit that sent as much before, with a purpose that says why (given_back_words: a balance, a mistake); 退回 alone does not.
2. From each, transfers of the same day or later are followed for at most six hands; coming back to the start within window_days (inclusive) makes a lead.
3. One lead a ring of units, on the unit that sent first; its money is the smallest transfer on the way.`),
		Formula: "u → … → u, 日期不减， 末日 − 首日 ≤ window_days",
		Example: `县财政局拨给大河镇 5 万元，一个月后大河镇转回 4 万元。
-- flow.csv --
fund_no,from_unit,to_unit,sent_amount,sent_on,received_amount,received_on,want
甲财农〔2017〕8号,甲县财政局,大河镇人民政府,50000,2017-03-08,50000,2017-03-08,E1 甲县财政局 40000.00 .*大河镇
甲财农〔2017〕8号,大河镇人民政府,甲县财政局,40000,2017-04-07,40000,2017-04-07,
`,
		Why:         text("资金转出又转回，可能是虚列支出、完成进度后套回。", "Money sent out and back may only have made spending look done."),
		Exclusions:  text("超过期限才转回的、无日期的、注明结余、更正等缘由的退款不计。", "Not counted when it comes back later, without dates, or as a refund whose purpose says why."),
		FalseAlarms: text("未注明用途的退款、结余收回、拨错更正。", "Refunds, balances called back, transfers sent by mistake that do not say so."),
		Verify:      text("查转回的凭证和理由；核对转回后资金用途。", "See the voucher and reason of the way back, and what the money was used for."),
		Control:     text("退回资金应原渠道退回并注明原因。", "Money should go back by the way it came, with a reason."),
	},
	Basis:  []detect.Basis{basisFraud, basisWithhold},
	By:     []table.Key{table.Fund},
	Needs:  []string{"flow"},
	Reads:  []table.Column{hopFrom, hopTo, hopSent, hopSentOn, hopReceived, hopReceivedOn, hopPurpose, hopSentRef, hopReceivedRef},
	Params: []detect.Parameter{loopDays, loopGivenBack},
	Check:  checkHoldLoop,
}

// loopHands bounds the search: money that takes more hands to come back has in
// practice been spent on the way.
const loopHands = 6

// An arrow is one dated transfer.
type arrow struct {
	row      int
	from, to string
	on       table.Day
	amount   table.Fen
}

func checkHoldLoop(p *detect.Pass) error {
	v := p.View(table.Hop)
	from, to := hopFrom.In(v), hopTo.In(v)
	sent, received, sentOn, receivedOn := hopSent.In(v), hopReceived.In(v), hopSentOn.In(v), hopReceivedOn.In(v)
	var all []arrow
	for i := range v.Len() {
		on, ok := sentOn.At(i)
		if !ok {
			on, ok = receivedOn.At(i)
		}
		if amount := sent.Or(i, received.Or(i, 0)); ok && amount > 0 && from[i] != "" && to[i] != "" && from[i] != to[i] {
			all = append(all, arrow{i, from[i], to[i], on, amount})
		}
	}
	if len(all) == 0 {
		p.NotApplicable(text("该资金无注明日期的单位间拨付", "no dated transfer between units"))
		return nil
	}
	all = ringed(withoutRefunds(all, hopPurpose.In(v), strings.Fields(loopGivenBack.Of(p))))
	slices.SortStableFunc(all, func(a, b arrow) int { return int(a.on - b.on) })
	bySender := map[string][]int{}
	for i, a := range all {
		bySender[a.from] = append(bySender[a.from], i)
	}
	seen := map[string]bool{}
	for i, a := range all {
		way := comeBack(all, bySender, []int{i}, a.on+table.Day(loopDays.Of(p)))
		if way == nil {
			continue
		}
		if ring := ringOf(all, way); !seen[ring] {
			seen[ring] = true
			reportLoop(p, v, all, way, ring)
		}
	}
	return nil
}

// withoutRefunds drops what went straight back to a unit that had sent as much
// and says so in its purpose.
func withoutRefunds(all []arrow, purpose []string, words []string) []arrow {
	return slices.DeleteFunc(slices.Clone(all), func(back arrow) bool {
		if !has(purpose[back.row], words...) {
			return false
		}
		var sent table.Fen
		for _, a := range all {
			if a.from == back.to && a.to == back.from && a.on <= back.on {
				sent += a.amount
			}
		}
		return sent >= back.amount
	})
}

// ringed drops, again and again, the arrows to units that send nothing on and
// from units that receive nothing. An ordinary chain, which runs one way, is
// gone then, and no search is spent on it.
func ringed(all []arrow) []arrow {
	for {
		sends, receives := map[string]bool{}, map[string]bool{}
		for _, a := range all {
			sends[a.from], receives[a.to] = true, true
		}
		n := len(all)
		all = slices.DeleteFunc(all, func(a arrow) bool { return !sends[a.to] || !receives[a.from] })
		if len(all) == n {
			return all
		}
	}
}

// comeBack extends a way until it returns to where it began, by until; nil if it
// does not. A unit on the way is passed once.
func comeBack(all []arrow, bySender map[string][]int, way []int, until table.Day) []int {
	last, start := all[way[len(way)-1]], all[way[0]].from
	if last.to == start {
		return way
	}
	if len(way) == loopHands {
		return nil
	}
	for _, i := range bySender[last.to] {
		a := all[i]
		if a.on < last.on || a.on > until || slices.ContainsFunc(way, func(w int) bool { return all[w].from == a.to && a.to != start }) {
			continue
		}
		if found := comeBack(all, bySender, append(way[:len(way):len(way)], i), until); found != nil {
			return found
		}
	}
	return nil
}

// ringOf names a ring of units, from whichever it begins.
func ringOf(all []arrow, way []int) string {
	units := make([]string, len(way))
	for i, w := range way {
		units[i] = all[w].from
	}
	i := slices.Index(units, slices.Min(units))
	return strings.Join(append(units[i:len(units):len(units)], units[:i]...), "→")
}

func reportLoop(p *detect.Pass, v table.View, all []arrow, way []int, ring string) {
	first, last := all[way[0]], all[way[len(way)-1]]
	least := first.amount
	names := []string{}
	l := detect.Lead{Subject: detect.Subject{Kind: "unit", Key: first.from}, FundNo: p.Group.ID, Item: ring}
	for _, w := range way {
		a := all[w]
		least = min(least, a.amount)
		names = append(names, a.from)
		l.Facts = append(l.Facts, fact("环节", "transfer", fmt.Sprintf("%s  %s→%s  %s", a.on, a.from, a.to, a.amount)))
		l.Evidence = hopRows(l.Evidence, hopSentRef.In(v), hopReceivedRef.In(v), a.row)
	}
	names = append(names, first.from)
	route := strings.Join(names, "→")
	l.Amount = least
	l.Summary = text(
		fmt.Sprintf("资金（%s）从%s转出后%d天内经%s转回，回流%s元，建议核实转回原因。", p.Group.ID, date(first.on).Zh, last.on-first.on, route, least),
		fmt.Sprintf("Money of fund %s left on %s and came back within %d days by %s: %s yuan; find out why.", p.Group.ID, first.on, last.on-first.on, route, least))
	p.Report(l)
}
