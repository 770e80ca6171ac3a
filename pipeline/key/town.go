package key

import (
	"regexp"
	"strings"
)

// town is a town at the beginning of a unit's name, behind its county if that
// stands there.
var town = regexp.MustCompile(`^(?:\p{Han}*[县区市旗盟])?([^\PL县区市旗盟]{1,6}?(?:镇|乡|街道))`)

// TownOf returns the town whose office, or village, a unit is by its name: 大河镇
// of 甲县大河镇财政所; "" for a name without one. 城乡 and 乡村 are no towns.
func TownOf(unit string) string {
	m := town.FindStringSubmatch(unit)
	if m == nil || m[1] == "城乡" || strings.HasSuffix(m[1], "和城乡") {
		return ""
	}
	return m[1]
}

// TownAmong returns which of some towns, as other columns write them, a unit's name
// bears, 大河 and 大河镇 alike; else the town of the name itself.
func TownAmong(unit string, towns []string) string {
	name := TownOf(unit)
	for _, t := range towns {
		if name != "" && (strings.HasPrefix(t, name) || strings.HasPrefix(name, t)) {
			return t
		}
	}
	return name
}

// CountyAmong returns which of some counties a unit's name bears, "" for none.
func CountyAmong(unit string, counties []string) string {
	for _, c := range counties {
		if strings.Contains(unit, c) {
			return c
		}
	}
	return ""
}
