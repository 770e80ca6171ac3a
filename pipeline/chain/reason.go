package chain

// A Reason is a code for what this package had to decide or could not tell.
type Reason string

// What a payment's _traced says.
const (
	Traced     Reason = "traced"
	NoFund     Reason = "no_fund"
	NotIssued  Reason = "not_issued"
	NoPayer    Reason = "no_payer"
	NotReached Reason = "not_reached" // _path begins with the unit that no transfer reaches
	Overspent  Reason = "overspent"
	Loop       Reason = "loop"
	NotPaid    Reason = "not_paid"
	Repeated   Reason = "repeated"
)

// Why a row is in doubt.
const (
	flowNoFund       Reason = "flow_no_fund"
	flowNoAmount     Reason = "flow_no_amount"
	flowZero         Reason = "flow_zero"
	flowNoDate       Reason = "flow_no_date"
	flowToItself     Reason = "flow_to_itself"
	flowBackwards    Reason = "flow_backwards"
	flowTwice        Reason = "flow_twice"
	flowRepeated     Reason = "flow_repeated"
	flowFundGuessed  Reason = "flow_fund_guessed"
	flowFromGuessed  Reason = "flow_from_guessed"
	flowFromUnknown  Reason = "flow_from_unknown"
	flowUnbooked     Reason = "flow_unbooked"
	flowRostered     Reason = "flow_rostered"
	fundNoNumber     Reason = "fund_no_number"
	fundZero         Reason = "fund_zero"
	fundNoDate       Reason = "fund_no_date"
	fundNoHolder     Reason = "fund_no_holder"
	fundSums         Reason = "fund_sums"
	fundRepeated     Reason = "fund_repeated"
	fundLoop         Reason = "fund_loop"
	balanceNoFund    Reason = "balance_no_fund"
	balanceTwice     Reason = "balance_twice"
	balanceNoDate    Reason = "balance_no_date"
	manyFunds        Reason = "many_funds"
	paymentZero      Reason = "payment_zero"
	paymentNoDate    Reason = "payment_no_date"
	paymentNoPayer   Reason = "payment_no_payer"
	paymentPayerMade Reason = "payment_payer_guessed"
	paymentRepeated  Reason = "payment_repeated"
	afterAsOf        Reason = "after_as_of"
)
