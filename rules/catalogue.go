package rules

import "fundtrace/pipeline/detect"

// All is the catalogue, in the order it is printed and reported.
var All = []*detect.Rule{
	DupPeriod,
	DupExclusive,
	DupHousehold,
	DupCounty,
	DupIdentity,
	NameConflict,
	IDInvalid,
	AccountShared,
	AccountSplit,
	PhoneShared,

	PaidDeceased,
	PaidPublicPayroll,
	PaidCadre,
	PaidInsuredWorker,
	PaidInCustody,
	PaidUnregistered,
	PaidOutsideStatus,
	PaidWrongAge,
	OverStandard,
	FlatPayment,
	HelperIsPoor,

	ExitUnderLine,
	ExitGuarantee,
	ExitUnaided,
	ExitTransferGap,
	ExitTransfersOnly,
	ExitJump,
	ExitSize,
	ExitCopied,
	ExitBunching,
	ExitEnMasse,
	ExitReversal,
	ExitConflict,
	ExitShell,

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

	DataBenford,
	DataLastDigit,
	DataRound,
	DataRosterCopied,
	DataTotal,
	DataHeadcount,
	DataOutlier,
	DataVillage,
}
