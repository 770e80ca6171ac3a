package intake

import (
	"path"
	"slices"
	"strconv"
	"strings"

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

func containsAny(t string, list []string) bool {
	return slices.ContainsFunc(list, func(w string) bool { return strings.Contains(t, w) })
}
