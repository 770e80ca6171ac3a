package rules

import "fundtrace/pipeline/table"

// The columns that rules read, by table. Declare a column here once; a rule
// lists it under Reads.

// 资金发放
var (
	payName        = table.TextOf(table.Payment, "beneficiary_name")
	payID          = table.TextOf(table.Payment, "beneficiary_id")
	payPhone       = table.TextOf(table.Payment, "phone")
	payPayeeName   = table.TextOf(table.Payment, "payee_name")
	payProgram     = table.TextOf(table.Payment, "program")
	payTier        = table.TextOf(table.Payment, "tier")
	payPeriod      = table.PeriodOf(table.Payment, "period")
	payAmount      = table.MoneyOf(table.Payment, "amount")
	payQuantity    = table.QuantityOf(table.Payment, "quantity")
	payStandard    = table.MoneyOf(table.Payment, "standard")
	payDate        = table.DateOf(table.Payment, "pay_date")
	payState       = table.TextOf(table.Payment, "state")
	payBatch       = table.TextOf(table.Payment, "batch")
	payNote        = table.TextOf(table.Payment, "note")
	payFundNo      = table.TextOf(table.Payment, "fund_no")
	payProjectNo   = table.TextOf(table.Payment, "project_id")
	payCounty      = table.TextOf(table.Payment, "county")
	paySize        = table.CountOf(table.Payment, "household_size")
	payPayer       = table.TextOf(table.Payment, "payer")
	payPerson      = table.TextOf(table.Payment, "_person")
	payMatch       = table.TextOf(table.Payment, "_match")
	payHead        = table.TextOf(table.Payment, "_head")
	payHousehold   = table.TextOf(table.Payment, "_household")
	payPayee       = table.TextOf(table.Payment, "_payee")
	payAccount     = table.TextOf(table.Payment, "_account")
	payCadre       = table.TextOf(table.Payment, "_cadre")
	payTie         = table.TextOf(table.Payment, "_tie")
	payCadreRef    = table.RefOf(table.Payment, "_cadre_ref")
	payUnit        = table.TextOf(table.Payment, "_unit")
	payDaysTotal   = table.CountOf(table.Payment, "_days_total")
	paySlowestUnit = table.TextOf(table.Payment, "_slowest_unit")
	paySlowestDays = table.CountOf(table.Payment, "_slowest_days")
	payRounded     = table.TextOf(table.Payment, table.RoundedColumn)
)

// 建档立卡
var (
	memberName       = table.TextOf(table.Member, "member_name")
	memberID         = table.TextOf(table.Member, "member_id")
	memberRelation   = table.TextOf(table.Member, "relation")
	memberCounty     = table.TextOf(table.Member, "county")
	memberSize       = table.CountOf(table.Member, "household_size")
	memberYear       = table.CountOf(table.Member, "year")
	memberRegistered = table.CountOf(table.Member, "registered_year")
	memberExitYear   = table.CountOf(table.Member, "exit_year")
	memberExitedOn   = table.DateOf(table.Member, "exited_on")
	memberIncome     = table.MoneyOf(table.Member, "income_per_capita")
	memberWage       = table.MoneyOf(table.Member, "wage_income")
	memberBusiness   = table.MoneyOf(table.Member, "business_income")
	memberProperty   = table.MoneyOf(table.Member, "property_income")
	memberTransfer   = table.MoneyOf(table.Member, "transfer_income")
	memberHousing    = table.FlagOf(table.Member, "housing_safe")
	memberWater      = table.FlagOf(table.Member, "water_safe")
	memberSchooling  = table.FlagOf(table.Member, "schooling_ok")
	memberMedical    = table.FlagOf(table.Member, "medical_ok")
	memberFood       = table.FlagOf(table.Member, "food_clothing_ok")
	memberCategory   = table.TextOf(table.Member, "category")
	memberHelper     = table.TextOf(table.Member, "helper")
	memberPerson     = table.TextOf(table.Member, "_person")
	memberMatch      = table.TextOf(table.Member, "_match")
	memberTown       = table.TextOf(table.Member, "_town")
	memberHousehold  = table.TextOf(table.Member, "_household")
	memberVillage    = table.TextOf(table.Member, "_village")
	memberStatus     = table.TextOf(table.Member, "status")
	memberRounded    = table.TextOf(table.Member, table.RoundedColumn)
)

// 比对库
var (
	registerKind   = table.TextOf(table.Register, "register_kind")
	registerName   = table.TextOf(table.Register, "person_name")
	registerID     = table.TextOf(table.Register, "person_id")
	registerSince  = table.DateOf(table.Register, "since")
	registerUntil  = table.DateOf(table.Register, "until")
	registerUnit   = table.TextOf(table.Register, "unit")
	registerValue  = table.MoneyOf(table.Register, "value")
	registerNote   = table.TextOf(table.Register, "note")
	registerPerson = table.TextOf(table.Register, "_person")
	registerMatch  = table.TextOf(table.Register, "_match")
)

// 银行流水
var (
	bankAccount   = table.TextOf(table.BankEntry, "_account")
	bankHolder    = table.TextOf(table.BankEntry, "holder_name")
	bankAmount    = table.MoneyOf(table.BankEntry, "amount")
	bankOn        = table.DateOf(table.BankEntry, "booked_on")
	bankDirection = table.TextOf(table.BankEntry, "direction")
	bankOutcome   = table.TextOf(table.BankEntry, "outcome")
	bankTo        = table.TextOf(table.BankEntry, "counter_account")
	bankToName    = table.TextOf(table.BankEntry, "counter_name")
)

// 资金指标
var (
	fundLevel    = table.TextOf(table.Allocation, "level")
	fundIssuedOn = table.DateOf(table.Allocation, "issued_on")
	fundHolder   = table.TextOf(table.Allocation, "_holder")
	fundTitle    = table.TextOf(table.Allocation, "title")
	fundPurpose  = table.TextOf(table.Allocation, "purpose")
	fundAmount   = table.MoneyOf(table.Allocation, "amount")
	fundIssuer   = table.TextOf(table.Allocation, "_issuer")
)

// 结余
var (
	balanceUnit   = table.TextOf(table.Balance, "_unit")
	balanceAmount = table.MoneyOf(table.Balance, "amount")
	balanceAsOf   = table.DateOf(table.Balance, "as_of")
)

// 拨付环节
var (
	hopFund        = table.TextOf(table.Hop, "fund_no")
	hopFrom        = table.TextOf(table.Hop, "from_unit")
	hopTo          = table.TextOf(table.Hop, "to_unit")
	hopSent        = table.MoneyOf(table.Hop, "sent_amount")
	hopSentOn      = table.DateOf(table.Hop, "sent_on")
	hopReceived    = table.MoneyOf(table.Hop, "received_amount")
	hopReceivedOn  = table.DateOf(table.Hop, "received_on")
	hopPairing     = table.TextOf(table.Hop, "pairing")
	hopPurpose     = table.TextOf(table.Hop, "purpose")
	hopProject     = table.TextOf(table.Hop, "project_id")
	hopSentRef     = table.RefOf(table.Hop, "sent_ref")
	hopReceivedRef = table.RefOf(table.Hop, "received_ref")
)

// 资金停留
var (
	stayUnit   = table.TextOf(table.Stay, "unit")
	stayAmount = table.MoneyOf(table.Stay, "amount")
	stayInOn   = table.DateOf(table.Stay, "in_on")
	stayOutOn  = table.DateOf(table.Stay, "out_on")
	stayDays   = table.CountOf(table.Stay, "days")
	stayInRef  = table.RefOf(table.Stay, "in_ref")
	stayOutRef = table.RefOf(table.Stay, "out_ref")
	stayLeftAs = table.TextOf(table.Stay, "left_as")
)

// 资金链
var (
	positionUnit        = table.TextOf(table.Position, "unit")
	positionReceived    = table.MoneyOf(table.Position, "received")
	positionSent        = table.MoneyOf(table.Position, "sent_on")
	positionPaid        = table.MoneyOf(table.Position, "paid_out")
	positionStated      = table.MoneyOf(table.Position, "stated_balance")
	positionStatedOn    = table.DateOf(table.Position, "stated_on")
	positionUnexplained = table.MoneyOf(table.Position, "unexplained")
)

// 资金拨付
var (
	flowFrom    = table.TextOf(table.Flow, "_from")
	flowSent    = table.MoneyOf(table.Flow, "sent_amount")
	flowProject = table.TextOf(table.Flow, "project_id")
)

// 项目库
var (
	projectUnit       = table.TextOf(table.Works, "_unit")
	projectName       = table.TextOf(table.Works, "name")
	projectKind       = table.TextOf(table.Works, "kind")
	projectFundNo     = table.TextOf(table.Works, "fund_no")
	projectTown       = table.TextOf(table.Works, "town")
	projectVillage    = table.TextOf(table.Works, "village")
	projectBudget     = table.MoneyOf(table.Works, "budget")
	projectContract   = table.MoneyOf(table.Works, "contract_amount")
	projectContractor = table.TextOf(table.Works, "contractor")
	projectApprovedOn = table.DateOf(table.Works, "approved_on")
	projectVillageKey = table.TextOf(table.Works, "_village")
	projectNo         = table.TextOf(table.Works, "_project")
	projectOwner      = table.TextOf(table.Works, "_owner")
	projectStartedOn  = table.DateOf(table.Works, "started_on")
	projectFinishedOn = table.DateOf(table.Works, "finished_on")
	projectAcceptedOn = table.DateOf(table.Works, "accepted_on")
	projectStatus     = table.TextOf(table.Works, "status")
	projectHouseholds = table.CountOf(table.Works, "beneficiary_households")
	projectQuantity   = table.QuantityOf(table.Works, "quantity")
	projectMeasure    = table.TextOf(table.Works, "quantity_unit")
)

// 表内合计
var (
	statementWhat          = table.TextOf(table.Statement, "what")
	statementColumn        = table.TextOf(table.Statement, "column")
	statementLabel         = table.TextOf(table.Statement, "label")
	statementStated        = table.MoneyOf(table.Statement, "stated")
	statementComputed      = table.MoneyOf(table.Statement, "computed")
	statementStatedCount   = table.CountOf(table.Statement, "stated_count")
	statementComputedCount = table.CountOf(table.Statement, "computed_count")
)
