package report

import (
	"time"

	"fundtrace/pipeline/chain"
	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/exec"
	"fundtrace/pipeline/intake"
	"fundtrace/pipeline/key"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/rank"
	"fundtrace/pipeline/table"
)

// Data is everything a run found, for the writers of this package.
type Data struct {
	Leads     []rank.Lead // sorted by ID
	Tables    *table.Set  // canonical and derived, resolved
	Intake    *intake.Result
	Funds     []chain.Identity
	Doubts    []chain.Doubt    // what the chain had to decide; intake's are in Intake
	Similar   []key.Suggestion // names that may be one unit
	Rules     []exec.Status
	Withheld  []Withheld        // rules that went wild, in the order of Rules
	Questions []detect.Question // what offices are asked in place of leads, in their one order
	Policy    *policy.Policy
	AsOf      table.Day
	Lang      string // zh or en
	Mask      bool   // identity and account numbers masked in everything but the workbook
	Version   Version
	Exit      int       // the status the command ends with
	Started   time.Time // zero where nobody looks at the clock
	Timings   []Timing  // the only part of the output that differs from run to run
}

// Withheld are the leads of a rule that flagged more than the policy's wild allows:
// they tell more about the data or the policy than about anybody and are no leads
// of the run.
type Withheld struct {
	Rule     *detect.Rule
	Leads    int
	Amount   table.Fen
	Examples []rank.Lead // the first few
}

// Version tells what made the output.
type Version struct {
	Fundtrace string `json:"fundtrace"`
	Commit    string `json:"commit"`
	Go        string `json:"go"`
	Arrow     string `json:"arrow"`
}

// A Timing is how long one stage took.
type Timing struct {
	Stage   string  `json:"stage"`
	Seconds float64 `json:"seconds"`
}
