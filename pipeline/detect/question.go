package detect

import (
	"cmp"
	"slices"

	"fundtrace/pipeline/table"
)

// A Question is what the files leave open and an office can answer: whose answer
// is wanted, which document would give it, and what hangs on it. It accuses
// nobody.
type Question struct {
	What     Text      // what is open, one sentence
	Office   string    // whom to ask, as the tables name it; "" is whoever set up the run
	Document Text      // what to ask for: the account book of 2017 for fund so-and-so
	Leads    int       // how many leads wait for the answer
	Amount   table.Fen // the money in them
}

// asked adds a question to a list, to the one that is the same if there is one.
func asked(all []Question, q Question) []Question {
	for i := range all {
		if o := &all[i]; o.What == q.What && o.Office == q.Office && o.Document == q.Document {
			o.Leads += q.Leads
			o.Amount += q.Amount
			return all
		}
	}
	return append(all, q)
}

// Questions returns questions in their one order, those that differ only in
// leads and money added up.
func Questions(all []Question) []Question {
	var out []Question
	for _, q := range all {
		out = asked(out, q)
	}
	slices.SortFunc(out, func(a, b Question) int {
		return cmp.Or(cmp.Compare(a.Office, b.Office), cmp.Compare(a.What.En, b.What.En), cmp.Compare(a.What.Zh, b.What.Zh),
			cmp.Compare(a.Document.En, b.Document.En), cmp.Compare(a.Document.Zh, b.Document.Zh))
	})
	return out
}
