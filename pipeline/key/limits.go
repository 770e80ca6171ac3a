package key

// limits are the numbers by which the stage tells one thing from another.
var limits = struct {
	// AccountDigits is the length below which digits are a serial number or a
	// placeholder and name no account and no person.
	AccountDigits int
	// Issuer is the length in characters beyond which words before a fund's number
	// are more than its issuer: of several, the last word is.
	Issuer int
	// HouseholdNumber is the length, in characters, below which a household number
	// can only be a village's own count: a county has more households than such
	// numbers, and the national register's are longer.
	HouseholdNumber int
	// Placeholder is the number of really different names that tell an invalid
	// number for what clerks type where there is none. Two names on one number are
	// a matter for a rule, not for identity.
	Placeholder int
	// FirmName is the length in characters from which a firm's name without its
	// place is its own; 百货公司 is of any place.
	FirmName int
}{AccountDigits: 6, Issuer: 8, HouseholdNumber: 8, Placeholder: 3, FirmName: 6}
