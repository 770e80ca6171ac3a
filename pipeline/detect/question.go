package detect

import (
	"cmp"
	"slices"
	"strings"

	"fundtrace/pipeline/table"
)

// A Question is what the files leave open and an office can answer: whose answer
// is wanted, which document would give it, and what hangs on it. It accuses
// nobody. A rule asks about one fund at a time; a run asks an office once.
type Question struct {
	What     Text      // what is open, in words that hold for every fund and unit
	Office   string    // whom to ask, as the tables name it; "" is whoever set up the run
	Document Text      // what to ask for: the account book of 2017, the vouchers of the rosters
	About    []About   // the funds, and whom the leads would be about
	Leads    int       // how many leads wait for the answer
	Amount   table.Fen // the money in them: one rule's added up, of several rules on one fund the most
}

// About is a fund, "" where a question is about none, and the units whom leads on
// it would be about, in order.
type About struct {
	FundNo string
	Units  []string
}

// Sentence says what is open, of which funds, and whom it concerns.
func (q *Question) Sentence() Text {
	list := func(colon, comma, semicolon string) string {
		var all []string
		for _, a := range q.About {
			if about := strings.Trim(a.FundNo+colon+strings.Join(a.Units, comma), colon); about != "" {
				all = append(all, about)
			}
		}
		return strings.Join(all, semicolon)
	}
	zh, en := list("：", "、", "；"), list(": ", ", ", "; ")
	if zh == "" {
		return q.What
	}
	return Text{q.What.Zh + "。涉及：" + zh, q.What.En + "; concerned: " + en}
}

// sameAsking orders questions by whom they ask for what.
func sameAsking(a, b Question) int {
	return cmp.Or(cmp.Compare(a.Office, b.Office), cmp.Compare(a.What.En, b.What.En), cmp.Compare(a.What.Zh, b.What.Zh),
		cmp.Compare(a.Document.En, b.Document.En), cmp.Compare(a.Document.Zh, b.Document.Zh))
}

// sameFund orders questions by that and by the fund.
func sameFund(a, b Question) int {
	return cmp.Or(sameAsking(a, b), cmp.Compare(a.About[0].FundNo, b.About[0].FundNo))
}

// oneEach puts together the questions that same finds equal, in its order; money
// says what their money comes to.
func oneEach(all []Question, same func(a, b Question) int, money func(a, b table.Fen) table.Fen) []Question {
	all = slices.Clone(all)
	slices.SortStableFunc(all, same)
	out := all[:0]
	for _, q := range all {
		n := len(out) - 1
		if n < 0 || same(out[n], q) != 0 {
			out = append(out, q)
			continue
		}
		o := &out[n]
		o.About, o.Leads, o.Amount = slices.Concat(o.About, q.About), o.Leads+q.Leads, money(o.Amount, q.Amount)
	}
	for i := range out {
		out[i].About = byFund(out[i].About)
	}
	return out
}

// byFund puts the units of each fund together.
func byFund(list []About) []About {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b About) int { return cmp.Compare(a.FundNo, b.FundNo) })
	out := list[:0]
	for _, a := range list {
		if n := len(out) - 1; n >= 0 && out[n].FundNo == a.FundNo {
			out[n].Units = slices.Concat(out[n].Units, a.Units)
		} else {
			out = append(out, a)
		}
	}
	for i := range out {
		units := slices.Clone(out[i].Units)
		slices.Sort(units)
		out[i].Units = slices.Compact(units)
	}
	return out
}

func add(a, b table.Fen) table.Fen { return a + b }

// Questions returns what several rules ask, each question once. Rules that ask
// the same of one fund ask about the same money.
func Questions(ofRules ...[]Question) []Question {
	funds := oneEach(slices.Concat(ofRules...), sameFund, func(a, b table.Fen) table.Fen { return max(a, b) })
	return oneEach(funds, sameAsking, add)
}
