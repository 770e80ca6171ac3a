package rules

import "fundtrace/pipeline/detect"

// All is the catalogue, in the order it is printed and reported.
var All = []*detect.Rule{
	DupPeriod,
	DupExclusive,
	DupHousehold,
	DupCounty,
	IDInvalid,
	AccountShared,
	AccountSplit,

	PaidDeceased,
	PaidPublicPayroll,
	PaidCadre,
	PaidInsuredWorker,
	PaidInCustody,
	PaidUnregistered,
	PaidWrongAge,
	OverStandard,

	ExitUnderLine,
	ExitGuarantee,
	ExitUnaided,
	ExitTransferGap,
	ExitTransfersOnly,

	HoldIdle,
	HoldShort,
	HoldReceivedLess,
	HoldLoop,
	HoldOverspent,
	HoldUnfunded,
	HoldLate,

	ProjDuplicate,
	ProjSplit,
	ProjOverpaid,

	DataTotal,
	DataHeadcount,
}
