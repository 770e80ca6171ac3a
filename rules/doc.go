// Package rules is the catalogue: one file a rule, and All.
//
// # Writing a rule
//
// A rule answers one small question about one subject and its rows: it flags the
// subject, clears it, or says why it cannot be judged. It is a constant value
// with one pure function. It opens no file, asks no clock, keeps nothing between
// groups, and holds no opinion on how bad a lead is: package rank has those.
//
// To add the rule dup-thing, `make rule NAME=dup-thing` writes the files with
// everything to fill in; the first word of the name says its family:
//
//  1. rules/dup_thing.go, top to bottom: parameters, the exported *detect.Rule,
//     the check, helpers of this rule only.
//  2. One line in All (catalogue.go), at the end of its family.
//  3. fixtures/rules/dup-thing/: at least one case that wants a lead and one
//     look-alike that must stay quiet, and both sides of every bound: the value
//     that just flags and the one that just does not. TestBounds names the
//     parameters, TestPolicyBounds the lines, standards, ages and deadlines that
//     no fixture tells from one step higher or lower.
//  4. go test ./rules -run 'Test(Rules|Bounds|PolicyBounds)/dup-thing|TestCatalogue'
//     until it passes.
//  5. A planter in fixtures/generate (a case and a look-alike), so that make
//     score measures the rule; a test asks for it.
//  6. make docs, make golden, and the demo and READMEs as their tests say; look
//     at the diffs, then make test.
//
// The tests read the code: a rule outside All, a rule in a file of another name,
// a missing part of the manual and missing fixtures all fail.
//
// # The rule value
//
// Tables have the contract's names in Needs and in fixtures, and these in Go:
// payment Payment, flow Flow, fund Allocation, balance Balance, household Member,
// project Works, register Register, bank_entry BankEntry, complaint Complaint;
// Hop, Stay, Position and Statement are made by the stages before the rules.
// `go doc ./pipeline/table Payment` lists the fields.
//
// By names what rows are grouped by: Person, Household, Account, Unit, Fund,
// Project, Village, Kind, Sheet or Cadre. A group holds the rows of every table
// that carry its key; a cadre's are his lines on the register and the payments
// that package identity ties to him (_tie). A rule may name two, as dup-exclusive
// does (Person, Household); p.Group.Key then tells which it is, and the check must
// not report one matter under both.
//
// Needs names the tables without which nothing can be judged: "payment",
// "register:deceased". The executor then counts the rule as lacking them; a
// check never meets that case.
//
// Reads lists every column that the check looks at, through helpers too; a check
// that reads another fails and names it. Columns are declared once, in columns.go.
// Evidence rows made with detect.Row are asked two things that no rule lists: how
// surely the row was joined to its person (_match) and, for the columns that the
// rule reads, how their values are known where no column states them (_FIELD_how).
// The weakest lowers the grade, and money whose unit is a guess makes a question of
// the lead, as does such money in another sheet of its fund. A column that is read only to tell rows apart or to
// find a limit is listed with detect.Aside; a lead that rests on fewer columns than
// the rule reads says so in Rests.
//
// Params lists every number that the method mentions, as a package variable of
// type *detect.Param with name, default and a text that says its unit and
// whether the bound is inclusive. Money is written in yuan in a policy and read
// as table.Fen. What the law sets (poverty lines, standards, deadlines, which
// programs exclude each other) is no parameter: it stands in the policy,
// p.Policy.
//
// Basis cites law.go only, whose articles were checked against the texts. A rule
// that no provision names has none.
//
// Doc is the manual, in Chinese and English, and the only text about the rule:
// the command, the workbook and the page print it. Chinese comes first: it is
// what inspectors read. Doc.Example is a fixture with invented people; the tests
// run it and it must want a lead.
//
// # The check
//
// A whole check, of a rule By Project that Reads projectName, projectAcceptedOn
// and projectContract:
//
//	v := p.View(table.Works) // the group's rows; p.Group.ID is the project's number
//	accepted, contract := projectAcceptedOn.In(v), projectContract.In(v)
//	day, ok := accepted.At(0) // ok: the cell was filled
//	if !ok {
//		p.NotApplicable(text("未注明验收日期", "no day of acceptance"))
//		return nil
//	}
//	if contract.Or(0, 0) >= leastContract.Of(p) {
//		return nil // clear
//	}
//	name := projectName.In(v)[0]
//	p.Report(detect.Lead{
//		Amount: contract.Or(0, 0),
//		Summary: text(
//			fmt.Sprintf("项目%s%s验收，……，建议核实……。", name, date(day).Zh),
//			fmt.Sprintf("Project %s was accepted on %s ...; to be checked.", name, date(day).En)),
//		Facts:    []detect.Fact{fact("验收日期", "day of acceptance", day.String())},
//		Evidence: []detect.Evidence{detect.Row(v, 0, roleProject)},
//	})
//	return nil
//
// To read on: account_shared.go (accounts), paid_wrong_age.go (persons),
// phone_shared.go (several subjects of a group, with On), proj_price.go (a place
// among peers). Words come as the sheet wrote them, dates, money and periods
// parsed. Values are the executor's scratch: copy what is kept past the check. A
// city has ten million payments, and most groups have nothing to find, so leave
// early: dup-period looks at the raw periods before it nets anything, and a rule
// on some programs asks pays whether there is any. A rule with a Sample asks
// p.Sampled what it says of the group, which often settles the matter. Write
// texts when there is a lead, not before. Most rows of a column of words say what
// the row before says: latest remembers what came of it.
//
// words.go has text, fact, date, span, list, has and firstOf and the
// roles of evidence.
//
// What several rules derive from a group is a detect.Derived in the file of what
// it is about, computed by the first that asks, in the memory of the group before
// where it is a slice or holds some (detect.DeriveInto):
//
//   - grants (payments.go): the group's payments by grant, per person, program and
//     period. Every rule that counts what a person or household was paid starts
//     here and lists grantReads. Rules about rows, as those on accounts and
//     telephones, read payNet: what package settle leaves of a row after repeated
//     reports, returns, refusals of the bank and corrections, and leave out what is
//     0 and less. The amount that the sheet has is for no rule.
//   - exits (households.go): a household's years of exit and what the register
//     says of it in them; lists exitReads.
//   - duringRule (registers.go): rules of the form "paid this program while on
//     that register".
//   - noticesOf, hopRows (funds.go): ledger lines as evidence.
//
// What a check asks of other groups is a Sample, where a number stands among those
// of all groups, or a detect.Baseline, what the groups say together under a name:
// which years a county's register covers (coverage.go). Offices hand in different
// years: whether something is there is asked of the county or town and year.
//
// p.Report gives a lead on the group. p.On(kind, key) first, where the subject
// is another: a unit of a fund, a project of a village. p.NotApplicable(reason)
// says that the subject cannot be judged: a date is missing, the policy has no
// standard. p.Ask puts a question to an office instead, where a document would
// settle it. Never guess. A group without a row of the rule's subject matter is
// not applicable too.
//
// A lead carries
//
//   - Amount: the money in question, at the reading most favourable to the
//     subject; 0 where no money is.
//   - Program, Period, FundNo, ProjectID, Item: what makes it this lead and no
//     other of the rule on the subject. They make its name from night to night,
//     so nothing in them may change when a row is added elsewhere, and no row
//     number or order may be among them.
//   - Summary: one sentence for somebody who never saw the data, with names,
//     amounts in yuan and dates, without identity numbers in full. It states
//     what the records say and ends in what to look into (建议核实); it accuses
//     nobody.
//   - Facts: the numbers the sentence rests on.
//   - Evidence: the rows to open, the first where to start. detect.Row for rows
//     of a view; detect.RowAt for the Refs that derived tables carry.
//   - Grade: the rule's own unless the case is weaker or stronger. E0 the records
//     contradict each other as such; E1 strong, one ordinary explanation
//     possible; E2 an indication; E3 statistical, about units and villages only.
//     A weak join lowers the grade by itself.
//
// # Fixtures
//
// A fixture is a txtar archive (go doc ./pipeline/ruletest Fixture). Write
// canonical fields as sheets would have them, not the columns that later stages
// fill in (_person ...): the tables go through the real key, settle and chain
// stages. The column want stands on the row of the lead's first evidence and is
// a regular expression for
//
//	GRADE SUBJECT AMOUNT SUMMARY-IN-CHINESE
//
// that begins with the grade. A section not_applicable lists the reasons for which
// something in the fixture cannot be judged, in English. Sections quiet.yaml are policies laid over the
// fixture's own under which the same rows give no lead: with policy.yaml at the
// value that just flags, they are the other side of each bound. People, places
// and numbers are invented: division codes 459901 and 459902, which
// fixtures/rules/policy.yaml declares, and identity numbers with the right check
// digit.
package rules
