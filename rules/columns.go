package rules

import "fundtrace/pipeline/table"

// The columns that rules read, by table. Declare a column here once; a rule
// lists it under Reads.

// 资金发放
var (
	payName      = table.TextOf(table.Payment, "beneficiary_name")
	payID        = table.TextOf(table.Payment, "beneficiary_id")
	payProgram   = table.TextOf(table.Payment, "program")
	payTier      = table.TextOf(table.Payment, "tier")
	payPeriod    = table.PeriodOf(table.Payment, "period")
	payAmount    = table.MoneyOf(table.Payment, "amount")
	payQuantity  = table.QuantityOf(table.Payment, "quantity")
	payStandard  = table.MoneyOf(table.Payment, "standard")
	payDate      = table.DateOf(table.Payment, "pay_date")
	payState     = table.TextOf(table.Payment, "state")
	payBatch     = table.TextOf(table.Payment, "batch")
	payNote      = table.TextOf(table.Payment, "note")
	payFundNo    = table.TextOf(table.Payment, "fund_no")
	payProjectNo = table.TextOf(table.Payment, "project_id")
	payCounty    = table.TextOf(table.Payment, "county")
	paySize      = table.CountOf(table.Payment, "household_size")
	payPayer     = table.TextOf(table.Payment, "payer")
	payPerson    = table.TextOf(table.Payment, "_person")
	payMatch     = table.TextOf(table.Payment, "_match")
	payHead      = table.TextOf(table.Payment, "_head")
	payHousehold = table.TextOf(table.Payment, "_household")
	payAccount   = table.TextOf(table.Payment, "_account")
	payUnit      = table.TextOf(table.Payment, "_unit")
	payRounded   = table.TextOf(table.Payment, table.RoundedColumn)
)

// 建档立卡
var (
	memberName      = table.TextOf(table.Member, "member_name")
	memberID        = table.TextOf(table.Member, "member_id")
	memberRelation  = table.TextOf(table.Member, "relation")
	memberCounty    = table.TextOf(table.Member, "county")
	memberSize      = table.CountOf(table.Member, "household_size")
	memberYear      = table.CountOf(table.Member, "year")
	memberExitYear  = table.CountOf(table.Member, "exit_year")
	memberExitedOn  = table.DateOf(table.Member, "exited_on")
	memberIncome    = table.MoneyOf(table.Member, "income_per_capita")
	memberWage      = table.MoneyOf(table.Member, "wage_income")
	memberBusiness  = table.MoneyOf(table.Member, "business_income")
	memberProperty  = table.MoneyOf(table.Member, "property_income")
	memberTransfer  = table.MoneyOf(table.Member, "transfer_income")
	memberHousing   = table.FlagOf(table.Member, "housing_safe")
	memberWater     = table.FlagOf(table.Member, "water_safe")
	memberSchooling = table.FlagOf(table.Member, "schooling_ok")
	memberMedical   = table.FlagOf(table.Member, "medical_ok")
	memberFood      = table.FlagOf(table.Member, "food_clothing_ok")
	memberPerson    = table.TextOf(table.Member, "_person")
	memberMatch     = table.TextOf(table.Member, "_match")
	memberRounded   = table.TextOf(table.Member, table.RoundedColumn)
)

// 比对库
var (
	registerKind   = table.TextOf(table.Register, "register_kind")
	registerName   = table.TextOf(table.Register, "person_name")
	registerSince  = table.DateOf(table.Register, "since")
	registerUntil  = table.DateOf(table.Register, "until")
	registerUnit   = table.TextOf(table.Register, "unit")
	registerPerson = table.TextOf(table.Register, "_person")
	registerMatch  = table.TextOf(table.Register, "_match")
)
