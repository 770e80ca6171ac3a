package rank

import (
	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/key"
	"fundtrace/pipeline/table"
)

// A Lead is a rule's lead with all that the contract's section 5 asks for. Its
// texts are in the run's language.
type Lead struct {
	ID           string       // stable from night to night
	Rule         *detect.Rule // rule, family, title, basis, verify, control
	Severity     string       // high, medium, low
	Score        int          // 0..100
	Terms        []Term       // what the score is made of
	SubjectKind  string       // person, household, account, unit, fund, project, village, town, county, sheet
	SubjectKey   string       // see Number for what of it the contract shows
	SubjectName  string       // "" where no sheet names it
	County       string       // "" where no sheet says
	Town         string
	Village      string
	FundNo       string
	ProjectID    string
	Program      string     // canonical name
	Period       string     // as table.Period writes it
	Amount       table.Fen  // the money in question
	Summary      string     // one sentence
	Facts        []Fact     // in the rule's order
	Evidence     []Evidence // the first is where to start
	Grade        detect.Grade
	Match        detect.Match
	Corroborated []string // lead ids and complaints' places
	CaseID       string   // the household, cadre, unit or project it belongs to
	Responsible  []string // units and people who handled it
	FirstSeen    table.Day
	LastSeen     table.Day
	Status       string    // new, standing, gone, confirmed, partly, refuted, unverifiable
	Cleared      table.Fen // money got back

	// What else speaks for the lead, for its score.
	otherTables, otherRules, complaints, villageComplaints int
}

// A Term is one addend of a score.
type Term struct {
	Name   string
	Points int
}

// A Fact is one named value.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Evidence is one row of one sheet.
type Evidence struct {
	Table string `json:"table"`
	File  string `json:"file"`
	Sheet string `json:"sheet"`
	Row   int    `json:"row"`
	Role  string `json:"role"`
}

// Number returns the subject's key as the contract has it: of a household, whose
// key has its place before it, the number.
func (l *Lead) Number() string {
	if l.SubjectKind == string(table.Household) {
		return key.HouseholdNumber(l.SubjectKey)
	}
	return l.SubjectKey
}
