package key

import "regexp"

// channels are, or stand in, the names of bodies that public money passes
// through on its ordinary way: governments, finance and line bureaus, towns,
// villages, the treasury.
var channels = regexp.MustCompile(`政府|财政|国库|专户|办事处|(局|厅|办|办公室|委|委员会|村委会|居委会|街道|社区|经济合作社|\p{Han}[镇乡村])$`)

// county is the county or city that a unit's name begins with.
var county = regexp.MustCompile(`^\p{Han}+?(?:县|区|市|旗)`)

// CountyOf returns the county, or the city, that a unit's name begins with, ""
// for a short name.
func CountyOf(unit string) string { return county.FindString(unit) }

// Channel reports whether money of a county's fund that goes to a unit goes its
// ordinary way: to a public body of that county, or one whose short name says of
// no other.
func Channel(unit string, ofCounty func(string) bool) bool {
	if isFirm(unit) || !channels.MatchString(unit) {
		return false
	}
	c := CountyOf(unit)
	return c == "" || ofCounty(c)
}
