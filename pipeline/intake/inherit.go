package intake

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// A setting is what surrounds a table: its title rows, the sheet's name, the
// file's name and the folders above it, in the order in which they count.
type setting struct {
	titles []string // texts of the cells above the header and of headings
	sheet  string
	file   string   // without its ending
	dirs   []string // the nearest first
	policy *policy.Policy
}

// newSetting returns the setting of a sheet of the file called name.
func newSetting(name, sheetName string, p *policy.Policy) setting {
	base := path.Base(name)
	s := setting{sheet: sheetName, file: strings.TrimSuffix(base, path.Ext(base)), policy: p}
	for dir := path.Dir(name); dir != "." && dir != "/"; dir = path.Dir(dir) {
		d := path.Base(dir)
		if strings.EqualFold(path.Ext(d), ".zip") {
			d = strings.TrimSuffix(d, path.Ext(d))
		}
		s.dirs = append(s.dirs, d)
	}
	return s
}

// sources lists the texts in the order in which they count.
func (s *setting) sources() []string {
	return slices.Concat(s.titles, []string{s.sheet, s.file}, s.dirs)
}

// year returns the first year that the setting speaks of, or 0.
func (s *setting) year() int {
	for _, t := range s.sources() {
		if p := findPeriod(t, 0); p != 0 {
			return p.Year()
		}
	}
	return 0
}

// program returns the program that the setting speaks of, or "".
func (s *setting) program() string {
	for _, t := range s.sources() {
		if name := programIn(t, s.policy); name != "" {
			return name
		}
	}
	return ""
}

// inherited returns what the setting says of fields that the sheet has no
// column for: field → value as the canonical table writes it.
func (s *setting) inherited(schema *table.Schema, lacks func(field string) bool) map[string]string {
	out := map[string]string{}
	wants := func(field string) bool { return schema.Field(field) >= 0 && out[field] == "" && lacks(field) }
	put := func(field, value string) {
		if value != "" && wants(field) {
			out[field] = value
		}
	}
	year := s.year()
	for i, t := range s.sources() {
		title := i < len(s.titles)
		pl := placesIn(t)
		put("county", pl.county)
		put("town", pl.town)
		put("village", pl.village)
		put("fund_no", fundNoIn(t))
		put("batch", batchForm.FindString(plain(t)))
		if wants("period") {
			if p := findPeriod(t, year); p != 0 {
				put("period", p.String())
			}
		}
		if title {
			if schema == table.BankEntry { // elsewhere an account in the title is the payer's
				put("account", labelled(t, "账号", "卡号", "账户", "银行账号"))
				put("holder_name", labelled(t, "户名", "账户名称", "客户名称", "姓名"))
			}
			put("as_of", labelledDate(t, "截至", "截止", "截止日期", "截至日期", "截止时间", "截至时间", "统计日期", "统计时间"))
			if dayAlone.MatchString(t) { // (2017年12月31日) under the name of a statement is its day
				put("as_of", dateOf(strings.Trim(plain(t), "()")))
			}
			put("pay_date", labelledDate(t, "发放日期", "发放时间", "打卡日期", "打卡时间", "支付日期", "兑付日期"))
			put("approved_on", labelledDate(t, "审批日期", "批准日期"))
		}
		if wants("as_of") && (strings.Contains(t, "截至") || strings.Contains(t, "截止")) {
			put("as_of", dateAfter(t, "截至", "截止"))
		}
		if schema == table.Register {
			put("register_kind", registerKind(t))
		}
		if i < len(s.titles)+2 { // a folder says less of one sheet
			put("exit_year", exitYearIn(t))
		}
	}
	if wants("program") {
		put("program", s.program())
	}
	if p := out["period"]; p == "" && wants("period") && year != 0 {
		put("period", strconv.Itoa(year))
	}
	if wants("year") && year != 0 {
		put("year", strconv.Itoa(year))
	}
	own := s.ownUnit()
	switch schema {
	case table.Payment:
		put("payer", own)
	case table.Balance:
		put("unit", own)
	case table.Flow:
		if s.received() {
			put("to_unit", own)
		} else {
			put("from_unit", own)
		}
	case table.Allocation:
		put("issuer", own)
	}
	return out
}

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

// received reports whether a ledger of transfers, by its title and names, is
// the receiver's.
func (s *setting) received() bool {
	for _, t := range s.sources() {
		sent, received := containsAny(t, words.sides["sent"]), containsAny(t, words.sides["received"])
		if sent != received {
			return received
		}
	}
	return false
}

func containsAny(t string, list []string) bool {
	return slices.ContainsFunc(list, func(w string) bool { return strings.Contains(t, w) })
}

// ownUnit returns the unit whose sheet this is: one that a label names, or the
// first that a title or a name speaks of.
func (s *setting) ownUnit() string {
	for _, t := range s.titles {
		if u := labelled(t, "核算单位", "填报单位", "编制单位", "填表单位", "制表单位", "发放单位", "单位名称", "拨款单位", "上报单位", "报送单位", "单位", "户名", "账套"); u != "" && !isUnits(u) && !digits(u) {
			return u
		}
	}
	for _, t := range s.sources() {
		if u := unitIn(t); u != "" {
			return u
		}
	}
	return ""
}

// isUnits reports whether a text is nothing but units of measure: 元、人.
func isUnits(t string) bool {
	for _, u := range strings.FieldsFunc(t, func(r rune) bool { return strings.ContainsRune("、,，/和 ", r) }) {
		if !measure.MatchString(plain(u)) {
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

var fundNoForm = regexp.MustCompile(`\p{Han}{1,10}\s*[〔\[【(（［]\s*[\d０-９]{4}\s*[〕\]】)）］]\s*第?\s*[\d０-９]+\s*号`)

// citedIn returns the document number that a sentence cites. The words that lead
// to it (收县财政局拨甲财农〔2017〕8号) are no part of it.
func citedIn(t string) string { return citing.ReplaceAllString(fundNoIn(t), "") }

var citing = regexp.MustCompile(`^\p{Han}*(?:拨付?|[收付转]|按照?|依据|根据|文号|文件|下达|指标|[到由从])`)

// labelled returns what stands behind one of the labels and a colon in t.
func labelled(t string, labels ...string) string {
	for _, l := range labels {
		for rest := t; ; {
			i := strings.Index(rest, l)
			if i < 0 {
				break
			}
			rest = rest[i+len(l):]
			v, ok := strings.CutPrefix(trim(rest), ":")
			if !ok {
				v, ok = strings.CutPrefix(trim(rest), ":")
			}
			if !ok {
				continue
			}
			v = trim(v)
			if end := strings.IndexFunc(v, func(r rune) bool { return blank(r) || strings.ContainsRune("(（;;,,", r) }); end > 0 {
				v = v[:end]
			}
			return trim(v)
		}
	}
	return ""
}

func labelledDate(t string, labels ...string) string {
	v := labelled(t, labels...)
	if v == "" {
		return ""
	}
	return dateOf(v)
}

// dateOf returns the day that a text is, "" where it is none.
func dateOf(t string) string {
	d, err := parseDate(t)
	if err != nil {
		return ""
	}
	return d.String()
}

var dayAlone = regexp.MustCompile(`^[（(]?\s*\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*[)）]?$`)

var wholeDate = regexp.MustCompile(`^[::为]?\s*(\d{4}\s*[年.\-/]\s*\d{1,2}\s*[月.\-/]\s*\d{1,2}\s*日?|\d{8})|^[::为]?(\d{4})年(底|末|年末|年底)`)

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

// places is what a text says of where.
type places struct{ county, town, village, hamlet string }

// notPlaces are words that end like a place and are none.
var notPlaces = []string{
	"农村", "乡村", "城乡", "乡镇", "城镇", "集镇", "贫困村", "行政村", "自然村", "全村", "各村", "本村", "该村", "新农村", "贫困县", "全县", "各县",
	"本县", "该县", "全镇", "各镇", "本镇", "全乡", "各乡", "本乡", "地区", "山区", "景区", "库区", "自治区", "示范区", "市区", "城区", "小区", "校区",
	"林区", "园区", "开发区", "片区", "灾区", "贫困社区", "贫困乡", "贫困镇", "重点村", "示范村", "深度贫困村", "脱贫村", "出列村", "摘帽县", "出列县",
	"分县", "分村", "分乡镇", "按村", "按县", "到村", "驻村", "县", "村", "镇", "乡", "区", "旗",
}

var leadWords = regexp.MustCompile(`^(关于|下达|拨付|拨给|发放|转发|附件|补发|公示|请|将|对|的|年度?|第?[一二三四五六七八九十]+批|各|及|和|与|在)+`)

// placesIn finds county, town and village in a title, a name or an address.
func placesIn(t string) places {
	var p places
	runes := []rune(t)
	start := 0
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		if !han(r) {
			start = i + 1
			continue
		}
		end, level := i+1, 0
		switch {
		case r == '县' || r == '旗':
			level = 1
		case r == '区' && i > 0 && runes[i-1] == '社':
			level = 3
		case r == '区':
			level = 1
		case r == '乡' || r == '镇':
			level = 2
		case r == '道' && i > 0 && runes[i-1] == '街':
			level = 2
		case r == '村':
			level = 3
		case r == '省' || r == '市' || r == '州':
			start = end
			continue
		case (r == '屯' || r == '组') && p.village != "":
			level = 4
		default:
			continue
		}
		name := string(runes[start:end])
		name = leadWords.ReplaceAllString(name, "")
		n := utf8.RuneCountInString(name)
		next := rune(0)
		if end < len(runes) {
			next = runes[end]
		}
		if r == '乡' && next == '镇' || r == '镇' && next == '区' || r == '县' && next == '级' && n < 3 {
			continue
		}
		bad := n < 2 || n > 12 || slices.ContainsFunc(notPlaces, func(w string) bool {
			return name == w || utf8.RuneCountInString(w) > 1 && strings.HasSuffix(name, w)
		}) || name == "社区" || name == "街道"
		if bad {
			if r == '区' || level == 1 {
				start = end
			}
			continue
		}
		switch level {
		case 1:
			if p.county == "" {
				p.county = name
			}
		case 2:
			if p.town == "" {
				p.town = name
			}
		case 3:
			if p.village == "" {
				p.village = name
			}
			for _, office := range []string{"民委员会", "委会"} { // 丙村委会 is 丙村
				if strings.HasPrefix(string(runes[end:]), office) {
					end += utf8.RuneCountInString(office)
					i = end - 1
					break
				}
			}
		case 4:
			if p.hamlet == "" {
				p.hamlet = name
			}
		}
		start = end
	}
	return p
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
