package intake

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"fundtrace/pipeline/intake/column"
	"fundtrace/pipeline/policy"
)

// exitList is how a list of the households that left poverty in a year is called.
// Planned exits (拟脱贫, 预脱贫), those still poor (未脱贫) and lists of several
// years are not meant.
var exitList = regexp.MustCompile(`(?:^|[^\d\-—~至到、])((?:19|20)\d\d)年度?(?:建档立卡)?(?:贫困户|贫困人口)?已?(?:脱贫|退出)(?:户|人口|贫困户|贫困人口|农户|对象|名单|名册|花名册)`)

// exitYearIn returns the year of exit of all whom a title lists, or "".
func exitYearIn(t string) string {
	if m := exitList.FindStringSubmatch(figures(plain(t))); m != nil {
		return m[1]
	}
	return ""
}

// isUnits reports whether a text is nothing but units of measure: 元、人.
func isUnits(t string) bool {
	for _, u := range strings.FieldsFunc(t, func(r rune) bool { return strings.ContainsRune("、,，/和 ", r) }) {
		if !column.IsMeasure(plain(u)) {
			return false
		}
	}
	return true
}

var batchForm = regexp.MustCompile(`第[一二三四五六七八九十\d]{1,3}批`)

// fundNoIn returns the document number that a title cites, as it stands there.
func fundNoIn(t string) string {
	return strings.Join(strings.Fields(fundNoForm.FindString(t)), "")
}

var fundNoForm = regexp.MustCompile(`\p{Han}{1,10}\s*[〔\[【(（［{〈《「﹝〖]\s*[\d０-９]{4}\s*[〕\]】)）］}〉》」﹞〗]\s*第?\s*[\d０-９]+\s*号`)

// citedIn returns the document number that a sentence cites. The words that lead
// to it (收县财政局拨甲财农〔2017〕8号) are no part of it.
func citedIn(t string) string { return citing.ReplaceAllString(fundNoIn(t), "") }

var citing = regexp.MustCompile(`^\p{Han}*(?:拨付?|[收付转]|按照?|依据|根据|文号|文件|下达|指标|[到由从])`)

// dateOf returns the day that a text is, "" where it is none.
func dateOf(t string) string {
	d, err := parseDate(t)
	if err != nil {
		return ""
	}
	return d.String()
}

var dayAlone = regexp.MustCompile(`^[（(]?\s*\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*[)）]?$`)

var wholeDate = regexp.MustCompile(`^[:：为]?\s*(\d{4}\s*[年.\-/]\s*\d{1,2}\s*[月.\-/]\s*\d{1,2}\s*日?|\d{8})|^[:：为]?(\d{4})年(底|末|年末|年底)`)

// dateAfter returns the date that stands behind one of the words; a year's end
// (2017年底) is its last day.
func dateAfter(t string, after ...string) string {
	for _, w := range after {
		i := strings.Index(t, w)
		if i < 0 {
			continue
		}
		m := wholeDate.FindStringSubmatch(trim(t[i+len(w):]))
		if m == nil {
			continue
		}
		if m[2] != "" {
			return m[2] + "-12-31"
		}
		if d, err := parseDate(m[1]); err == nil {
			return d.String()
		}
	}
	return ""
}

var unitEnd = regexp.MustCompile(`^(?:扶贫办|老龄办|移民办)|^\p{Han}{1,20}?(?:人民政府|政府|办公室|委员会|扶贫办|攻坚办|老龄办|移民办|残联|国库支付中心|支付中心|服务中心|管理中心|信用社|[局厅]|(?:财政|民政|国土|林业|司法|派出|卫生|社保|保障|管理|水利|农技|工商|税务)所|(?:农机|农业|林业|水利|畜牧|兽医|工作|服务|管理|推广|文化|水产|扶贫|经管|农经)站|医院|学院|银行|公司)`)

// unitIn returns the unit that a title begins with, or "".
func unitIn(t string) string {
	for _, run := range hanRuns(t) {
		run = leadWords.ReplaceAllString(run, "")
		if u := unitEnd.FindString(run); utf8.RuneCountInString(u) >= 3 {
			return u
		}
	}
	return ""
}

// hanRuns splits t into its runs of Chinese characters.
func hanRuns(t string) []string {
	return strings.FieldsFunc(t, func(r rune) bool { return !han(r) })
}

var (
	programNoise = regexp.MustCompile(`第[一二三四五六七八九十\d]+批|\d+人|\d+户|[上下]半年|第?[一二三四1-4]季度|\d{4}年?度?|\d{1,2}月份?|\d+|[春秋上下]季?学期|第[一二]学期|学年`)
	// Names of all programs together, and so of none.
	anyProgram = regexp.MustCompile(`^(惠农|惠民|强农|涉农|财政|资金|各类|各项|扶贫|政策|到户|一卡通|专项|政府|本级)+(补贴|补助|奖补|补偿|救助)$`)
	programEnd = regexp.MustCompile(`\p{Han}{2,16}?(?:补贴|补助|奖补|补偿|贴息|津贴|救助|直补|供养金?|养老金|低保金|助学金|慰问金|奖励金?|奖学金|生活费)`)
)

// programIn returns the program that a title or a name speaks of: one of the
// policy's by its longest name or alias, else what the words before 补贴, 补助
// and the like say; "" for none.
func programIn(t string, p *policy.Policy) string {
	t = plain(t)
	best, size := "", 0
	for _, name := range slices.Sorted(maps.Keys(p.Programs)) {
		for _, w := range append([]string{name}, p.Programs[name].Aliases...) {
			if w = plain(w); len(w) > size && strings.Contains(t, w) {
				best, size = name, len(w)
			}
		}
	}
	if best != "" {
		return best
	}
	t = programNoise.ReplaceAllString(t, "#")
	for _, run := range hanRuns(t) {
		pl := placesIn(run)
		for _, w := range []string{pl.county, pl.town, pl.village} {
			if _, rest, ok := strings.Cut(run, w); ok && w != "" {
				run = rest
			}
		}
		if u := unitIn(run); u != "" {
			run = strings.TrimPrefix(run, u)
		}
		run = leadWords.ReplaceAllString(run, "")
		for _, w := range []string{"村委会", "村委", "农户", "贫困户", "发放"} {
			run = strings.TrimPrefix(run, w)
		}
		if m := programEnd.FindString(run); utf8.RuneCountInString(m) > 3 && !anyProgram.MatchString(m) {
			return p.Canonical(m)
		}
	}
	return ""
}
