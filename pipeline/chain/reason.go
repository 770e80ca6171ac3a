package chain

// A Reason is a code of this package with the words for it.
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

var reasonWords = map[Reason][2]string{
	Traced:     {"已追踪到户", "traced"},
	NoFund:     {"未注明资金文号，也无法唯一推定", "names no fund, and not exactly one fits"},
	NotIssued:  {"所列资金文号未见下达", "the fund it cites was never issued"},
	NoPayer:    {"未注明发放单位，也无法推定", "names no payer, and none can be told"},
	NotReached: {"该笔资金未见拨付到路径起点单位", "no transfer of the fund reaches the first unit of the path"},
	Overspent:  {"发放单位支出超过其收到的资金", "the payer had paid out all it received"},
	Loop:       {"资金在单位之间循环，无法确定来路", "the money runs in a circle and its way cannot be told"},
	NotPaid:    {"未发放或已退回，不计入支出", "not paid or returned: not counted"},
	Repeated:   {"与另一表重复，只计一次", "stands in another sheet too: counted once"},

	flowNoFund:       {"拨付未注明资金文号，未计入任何一笔资金", "a transfer that names no fund: in no fund's chain"},
	flowNoAmount:     {"拨付没有金额", "a transfer without an amount"},
	flowZero:         {"拨付金额为零", "a transfer of zero"},
	flowNoDate:       {"拨付没有日期，停留天数不计", "a transfer without a date: its days are not counted"},
	flowToItself:     {"收款单位与拨出单位相同，不移动资金", "a unit that pays itself: moves no money"},
	flowBackwards:    {"收到日期早于拨出日期", "received before it was sent"},
	flowTwice:        {"同一表内出现两笔完全相同的拨付，按两笔计", "the same transfer twice in one sheet: counted as two"},
	flowRepeated:     {"与另一表的拨付相同，只计一次", "stands in another sheet too: counted once"},
	flowFundGuessed:  {"拨付未注明资金文号，按项目或对方账推定", "names no fund: taken from its project or the other side's ledger"},
	flowFromGuessed:  {"收款未注明拨出单位，按资金承接单位推定", "names no sender: taken to be the fund's holder"},
	flowFromUnknown:  {"收款未注明拨出单位，无法推定，列为不明", "names no sender and none can be told: unexplained"},
	flowUnbooked:     {"收款单位账上未记，但其支出表明已收到，按收到计", "not booked by the receiver, whose spending shows that it came: counted as received"},
	flowRostered:     {"账簿所记发放到户的款项,已在发放名册中计算", "a book's line of what households were paid: counted by the roster"},
	fundNoNumber:     {"指标没有文号", "an allocation without a number"},
	fundZero:         {"指标金额为零", "an allocation of zero"},
	fundNoDate:       {"指标没有下达日期", "an allocation without a date of issue"},
	fundNoHolder:     {"指标未注明下达或承接单位，无法推定，列为不明", "an allocation of which no unit is known: unexplained"},
	fundSums:         {"同一文号有多条指标，金额相加", "several allocations under one number: their amounts are added"},
	fundRepeated:     {"与另一表的指标相同，只计一次", "stands in another sheet too: counted once"},
	fundLoop:         {"资金在单位之间循环", "money runs in a circle between units"},
	balanceNoFund:    {"结余未注明资金文号，该单位有多笔资金，无法比对", "a balance that names no fund, of a unit with several: not compared"},
	balanceTwice:     {"同一单位同一资金同一日有多个结余，取先出现的", "several balances of one unit, fund and day: the first is taken"},
	balanceNoDate:    {"结余没有日期，按计算基准日比对", "a balance without a date: compared at the as-of day"},
	manyFunds:        {"一格内有多个文号，按书写顺序逐个使用", "several fund numbers in one cell: used up in the order written"},
	paymentZero:      {"发放金额为零", "a payment of zero"},
	paymentNoDate:    {"发放没有日期", "a payment without a date"},
	paymentNoPayer:   {"发放未注明发放单位，无法推定", "a payment that names no payer, and none can be told"},
	paymentPayerMade: {"各表未写明由谁支付，按该资金所在、距农户最近的单位推定", "no sheet states who paid: taken to be the unit nearest to the household that has money of the fund"},
	paymentRepeated:  {"与另一表的发放相同，只计一次", "stands in another sheet too: counted once"},
	afterAsOf:        {"日期晚于计算基准日", "dated after the as-of day"},
}

// In returns the reason in words, in a language: zh or en.
func (r Reason) In(lang string) string {
	w, ok := reasonWords[r]
	switch {
	case !ok:
		return string(r)
	case lang == "en":
		return w[1]
	}
	return w[0]
}
