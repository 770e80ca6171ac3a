package key

import (
	"cmp"
	_ "embed"
	"regexp"
	"strings"

	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/words"
)

// unitNames tells which unit a name stands for in a place.
type unitNames struct {
	alias map[string]string // name, folded → the policy's name
	towns map[string]string // town → the one county that has it
	known map[named]string
}

// A named is a unit's name as written, and the place of its row or sheet.
type named struct {
	name string
	in   place
}

func newUnitNames(p *policy.Policy) *unitNames {
	u := &unitNames{alias: map[string]string{}, known: map[named]string{}}
	for name, others := range p.Units {
		u.alias[fullName(cleanUnit(name))] = name
		for _, other := range others {
			u.alias[fullName(cleanUnit(other))] = name
		}
	}
	return u
}

// of returns the name of the unit that name stands for in a row of a place: the
// policy's, else its own with the usual abbreviations written out, and with the
// place before it where it leaves that out and the row tells it, or the town's
// county, where it says the town.
func (u *unitNames) of(name string, in place) string {
	k := named{name, in}
	out, ok := u.known[k]
	if !ok {
		written := fullName(cleanUnit(name))
		if at, _ := parted(written); in[0] == "" && at[0] == "" {
			in[0] = u.towns[cmp.Or(at[1], in[1])]
		}
		out = qualified(written, in)
		if a, ok := u.alias[out]; ok {
			out = a
		} else if a, ok := u.alias[written]; ok {
			out = a
		}
		u.known[k] = out
	}
	return out
}

// qualified returns a unit's name with the places before it that it leaves out.
func qualified(name string, in place) string {
	if kindOf(name) != ToUnit {
		return name
	}
	at, office := parted(name)
	switch {
	case at[0] != "":
	case at == (place{}) && ownLevel.MatchString(office) && !strings.HasSuffix(office, "厅"): // 县财政局, 镇政府
		level, rest := cutLevel(office)
		switch {
		case strings.HasSuffix(in[0], level):
			at[0], office = in[0], rest
		case strings.HasSuffix(in[1], level):
			at[0], at[1], office = in[0], in[1], rest
		}
	case at[1] == "" && isAbove(office):
	case at[1] != "": // 大河镇财政所
		at[0] = in[0]
	case at[2] != "": // 石山村村民委员会
		if in[1] != "" {
			at[0], at[1] = in[0], in[1]
		}
	case ofVillage.MatchString(office):
		if in[1] != "" && in[2] != "" {
			at = in
		}
	case ofTown(office):
		if in[1] != "" {
			at[0], at[1] = in[0], in[1]
		}
	case publicEnds.MatchString(office):
		at[0] = in[0]
	}
	return at[0] + at[1] + at[2] + office
}

// ownLevel begins the name of an office of the county or town that the row is
// of: 县财政局, 我县扶贫办, 本镇政府. A city's own level may be the one above.
var ownLevel = regexp.MustCompile(`^[我本该全]?[县旗区镇乡].`)

func cutLevel(office string) (level, rest string) {
	office = strings.TrimLeft(office, "我本该全")
	level = string([]rune(office)[0])
	return level, strings.TrimPrefix(office, level)
}

// above begins or ends the names of units above a county, but for offices whose
// own name begins so.
var (
	above    = regexp.MustCompile(`^(?:\p{Han}{1,6}(?:省|州|盟|自治区|地区)|\p{Han}{2,4}市|[省市州盟]|自治区|国家|中央)\p{Han}|厅$`)
	notAbove = regexp.MustCompile(`^(市场|市政|市容)`)
)

func isAbove(office string) bool { return above.MatchString(office) && !notAbove.MatchString(office) }

// townOffices are offices that every town has one of.
var townOffices = regexp.MustCompile(`^(财政|民政|社保|司法|国土|林业|扶贫)(所|办|站|助理)$`)

func ofTown(office string) bool { return townOffices.MatchString(office) }

var ofVillage = regexp.MustCompile(`^(村民委员会|村委会|村委|居民委员会|居委会)$`)

// notLevels are words that end like the name of a place and are none.
var notLevels = regexp.MustCompile(`^[我本该全各]县|^(集|乡|村|建制|小城|重点|新型城|[我本该全各])镇$|^(下|家|侨|统筹城|[我本该全各])乡$|(^|[县旗区市和与及房])城[乡镇]$|^[县旗区市]乡$|(农|全|各|行政|贫困|乡)村$|(社|地|园|校|景|林|库|片|灾|山|小|辖|自治|开发|示范|管理|度假|服务)区$`)

// parted cuts a unit's name into the county, town and village it begins with,
// as far as it does, and its office. What stands before the county (崇左市大新县)
// is left out of it.
func parted(name string) (at place, office string) {
	rest := []rune(name)
	for level, ends := range [3]string{"县旗区", "镇乡道", "村"} {
		for i := 1; i < len(rest) && i < 12; i++ {
			word := string(rest[:i+1])
			if !strings.ContainsRune(ends, rest[i]) || notLevels.MatchString(word) || rest[i] == '道' && rest[i-1] != '街' {
				continue
			}
			if rest[i] == '乡' && i+1 < len(rest) && rest[i+1] == '镇' || i+1 < len(rest) && rest[i+1] == '级' {
				continue
			}
			if level == 0 {
				if _, below, ok := strings.Cut(word, "自治区"); ok {
					word = below
				}
				if j := strings.LastIndexAny(string(rest[:i-1]), "省市州盟"); j > 0 {
					word = string(rest[:i+1])[j+len("市"):]
				}
			}
			at[level], rest = word, rest[i+1:]
			break
		}
	}
	office = string(rest)
	if strings.HasSuffix(at[1], "街道") && !strings.HasPrefix(office, "办事处") {
		office = "办事处" + office
	}
	switch { // a town or village alone is its government or committee
	case at[2] != "" && office == "":
		office = "村民委员会"
	case at[1] != "" && office == "":
		office = "人民政府"
	}
	return at, office
}

// publicEnds end the names of public bodies, which offices shorten among
// themselves.
var publicEnds = regexp.MustCompile(`(局|办|办公室|所|站|中心|政府|委|委员会|处)$`)

// shortens reports whether short is full without the name of its place, or of a
// part of it: 县财政局, or 财政局 of a county, for 甲县财政局; 乙镇财政所 for
// 甲县乙镇财政所; 广厦建筑公司, a name of its own, for 甲县广厦建筑公司.
func shortens(short, full string) bool {
	if len(short) >= len(full) {
		return false
	}
	s, sOffice := parted(short)
	f, fOffice := parted(full)
	if isFirm(short) {
		return s == place{} && f[0] != "" && sOffice == fOffice && len([]rune(short)) >= limits.FirmName
	}
	if f[0] == "" || s[0] != "" || !publicEnds.MatchString(short) {
		return false
	}
	if s == (place{}) && ownLevel.MatchString(sOffice) {
		level, rest := cutLevel(sOffice)
		return rest == fOffice && strings.HasSuffix(f[0]+f[1], level)
	}
	if s == (place{}) && f[1] != "" { // an office of the county is not the only one that a town has
		return false
	}
	return sOffice == fOffice && (s[1] == "" || s[1] == f[1]) && s[2] == f[2]
}

// bareNotes are brackets at the end of a unit's name that do not belong to it.
var bareNotes = regexp.MustCompile(`\((本级|机关|盖章|公章|章|汇总|代管)\)$`)

// cleanUnit returns a unit's name without blanks and trailing notes, brackets
// in the form official writing has them.
func cleanUnit(s string) string {
	s = strings.Trim(bareNotes.ReplaceAllString(words.Fold(s), ""), ":;,.、。·-_")
	return strings.NewReplacer("(", "\uff08", ")", "\uff09").Replace(s)
}

//go:embed offices.txt
var officesText string

// offices writes the long, the short and the former name of one office as one.
var offices = func() *strings.Replacer {
	var pairs []string
	for line := range strings.Lines(officesText) {
		if f := strings.Fields(line); len(f) == 2 && !strings.HasPrefix(line, "#") {
			pairs = append(pairs, f[0], f[1])
		}
	}
	return strings.NewReplacer(pairs...)
}()

// shortEnds are the usual abbreviations at the end of a name.
var shortEnds = []struct {
	end  *regexp.Regexp
	full string
}{
	{regexp.MustCompile(`([县旗区镇乡市州省])(?:人民)?政府$`), "${1}人民政府"},
	{regexp.MustCompile(`村?(?:村民委员会|村委会|村委)$`), "村村民委员会"},
	{regexp.MustCompile(`居委会$`), "居民委员会"},
	{regexp.MustCompile(`街道办$`), "街道办事处"},
}

// fullName returns the form that spellings of one unit share, as official
// writing has it.
func fullName(clean string) string {
	s := offices.Replace(clean)
	if ofVillage.MatchString(s) {
		return strings.NewReplacer("村委会", "村民委员会", "居委会", "居民委员会").Replace(s)
	}
	for _, e := range shortEnds {
		s = e.end.ReplaceAllString(s, e.full)
	}
	return s
}
