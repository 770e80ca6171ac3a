package report

import (
	"fundtrace/pipeline/chain"
	"fundtrace/pipeline/detect"
)

// reasons are the words for what the chain had to decide or could not tell.
var reasons = map[chain.Reason]detect.Text{
	"traced":      {Zh: "已追踪到户", En: "traced"},
	"no_fund":     {Zh: "未注明资金文号，也无法唯一推定", En: "names no fund, and not exactly one fits"},
	"not_issued":  {Zh: "所列资金文号未见下达", En: "the fund it cites was never issued"},
	"no_payer":    {Zh: "未注明发放单位，也无法推定", En: "names no payer, and none can be told"},
	"not_reached": {Zh: "该笔资金未见拨付到路径起点单位", En: "no transfer of the fund reaches the first unit of the path"},
	"overspent":   {Zh: "发放单位支出超过其收到的资金", En: "the payer had paid out all it received"},
	"loop":        {Zh: "资金在单位之间循环，无法确定来路", En: "the money runs in a circle and its way cannot be told"},
	"not_paid":    {Zh: "未发放或已退回，不计入支出", En: "not paid or returned: not counted"},
	"repeated":    {Zh: "与另一表重复，只计一次", En: "stands in another sheet too: counted once"},

	"flow_no_fund":          {Zh: "拨付未注明资金文号，未计入任何一笔资金", En: "a transfer that names no fund: in no fund's chain"},
	"flow_no_amount":        {Zh: "拨付没有金额", En: "a transfer without an amount"},
	"flow_zero":             {Zh: "拨付金额为零", En: "a transfer of zero"},
	"flow_no_date":          {Zh: "拨付没有日期，停留天数不计", En: "a transfer without a date: its days are not counted"},
	"flow_to_itself":        {Zh: "收款单位与拨出单位相同，不移动资金", En: "a unit that pays itself: moves no money"},
	"flow_backwards":        {Zh: "收到日期早于拨出日期", En: "received before it was sent"},
	"flow_twice":            {Zh: "同一表内出现两笔完全相同的拨付，按两笔计", En: "the same transfer twice in one sheet: counted as two"},
	"flow_repeated":         {Zh: "与另一表的拨付相同，只计一次", En: "stands in another sheet too: counted once"},
	"flow_fund_guessed":     {Zh: "拨付未注明资金文号，按项目或对方账推定", En: "names no fund: taken from its project or the other side's ledger"},
	"flow_from_guessed":     {Zh: "收款未注明拨出单位，按资金承接单位推定", En: "names no sender: taken to be the fund's holder"},
	"flow_from_unknown":     {Zh: "收款未注明拨出单位，无法推定，列为不明", En: "names no sender and none can be told: unexplained"},
	"flow_unbooked":         {Zh: "收款单位账上未记，但其支出表明已收到，按收到计", En: "not booked by the receiver, whose spending shows that it came: counted as received"},
	"flow_rostered":         {Zh: "账簿所记发放到户的款项,已在发放名册中计算", En: "a book's line of what households were paid: counted by the roster"},
	"fund_no_number":        {Zh: "指标没有文号", En: "an allocation without a number"},
	"fund_zero":             {Zh: "指标金额为零", En: "an allocation of zero"},
	"fund_no_date":          {Zh: "指标没有下达日期", En: "an allocation without a date of issue"},
	"fund_no_holder":        {Zh: "指标未注明下达或承接单位，无法推定，列为不明", En: "an allocation of which no unit is known: unexplained"},
	"fund_sums":             {Zh: "同一文号有多条指标，金额相加", En: "several allocations under one number: their amounts are added"},
	"fund_repeated":         {Zh: "与另一表的指标相同，只计一次", En: "stands in another sheet too: counted once"},
	"fund_loop":             {Zh: "资金在单位之间循环", En: "money runs in a circle between units"},
	"balance_no_fund":       {Zh: "结余未注明资金文号，该单位有多笔资金，无法比对", En: "a balance that names no fund, of a unit with several: not compared"},
	"balance_twice":         {Zh: "同一单位同一资金同一日有多个结余，取先出现的", En: "several balances of one unit, fund and day: the first is taken"},
	"balance_no_date":       {Zh: "结余没有日期，按计算基准日比对", En: "a balance without a date: compared at the as-of day"},
	"many_funds":            {Zh: "一格内有多个文号，按书写顺序逐个使用", En: "several fund numbers in one cell: used up in the order written"},
	"payment_zero":          {Zh: "发放金额为零", En: "a payment of zero"},
	"payment_no_date":       {Zh: "发放没有日期", En: "a payment without a date"},
	"payment_no_payer":      {Zh: "发放未注明发放单位，无法推定", En: "a payment that names no payer, and none can be told"},
	"payment_payer_guessed": {Zh: "各表未写明由谁支付，按该资金所在、距农户最近的单位推定", En: "no sheet states who paid: taken to be the unit nearest to the household that has money of the fund"},
	"payment_repeated":      {Zh: "与另一表的发放相同，只计一次", En: "stands in another sheet too: counted once"},
	"after_as_of":           {Zh: "日期晚于计算基准日", En: "dated after the as-of day"},
}

// Because returns a reason of the chain in words, in a language: zh or en.
func Because(r chain.Reason, lang string) string {
	if t, ok := reasons[r]; ok {
		return t.In(lang)
	}
	return string(r)
}
