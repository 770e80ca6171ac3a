package rules

import "fundtrace/pipeline/detect"

// All is the catalogue, in the order it is printed and reported.
var All = []*detect.Rule{
	DupPeriod,
	DupExclusive,
	IDInvalid,
	AccountShared,

	PaidDeceased,
	PaidPublicPayroll,
	OverStandard,

	ExitUnderLine,
	ExitGuarantee,
	ExitTransferGap,

	HoldIdle,
	HoldShort,
	HoldReceivedLess,
	HoldUnfunded,

	ProjDuplicate,

	DataTotal,
}
