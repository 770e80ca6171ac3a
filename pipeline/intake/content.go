package intake

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"fundtrace/pipeline/idnum"
	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
	vocabulary "fundtrace/pipeline/words"
)

// sampleRows is how many filled cells of a column are looked at to tell what it
// holds.
const sampleRows = 60

// A nature is what the cells of a column look like, whatever its header says.
type nature struct {
	filled, ids, accounts, phones, names, dates int
	amounts, units, funds, short                int // told apart by the header as well: see byCharacters
}

// natureOf samples column c from row r on.
func (s *sheetReader) natureOf(c, r int) nature {
	var n nature
	for ; r < s.g.Rows && n.filled < sampleRows; r++ {
		cell := s.g.At(r, c)
		if cell == sheet.Blank {
			continue
		}
		t := unwrap(s.g.Text(r, c))
		if t == "" {
			continue
		}
		n.filled++
		if v, _, err := s.money(cell, 0); err == nil && v < 1e15 && cell.Kind() != sheet.KindDate {
			n.amounts++
		}
		if _, err := s.date(cell); isDay(err) {
			n.dates++
			continue
		}
		t = plain(t)
		runes := utf8.RuneCountInString(t)
		if runes >= 2 && runes <= 4 && hanRun.MatchString(t) {
			n.short++
		}
		switch {
		case validID(t):
			n.ids++
		case digits(t) && len(t) >= 16 && len(t) <= 19:
			n.accounts++
		case digits(t) && len(t) == 11 && t[0] == '1' && t[1] >= '3':
			n.phones++
		case runes >= 2 && runes <= 4 && surnamed(t):
			n.names++
		case fundNoForm.MatchString(t):
			n.funds++
		case unitLike.MatchString(t):
			n.units++
		}
	}
	return n
}

// validID reports whether t is an 18-digit identity number by its check digit.
func validID(t string) bool {
	return len(t) == 18 && digits(t[:17]) && t[17] == idnum.CheckOf(t)
}

// surnames are the commonest family names, over nine tenths of the people and
// the common ones of the southwest.
const surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤农班岑蓝蒙零玉凌甘容闭卜"

func surnamed(t string) bool {
	for _, r := range t {
		if !han(r) && r != '·' {
			return false
		}
	}
	first, _ := utf8.DecodeRuneInString(t)
	return strings.ContainsRune(surnames, first)
}

// byContent adds columns that no word matched and that are known by what they
// hold, for fields that nothing else fills.
func (s *sheetReader) byContent(l *layout, uses []use) []use {
	taken := map[int]bool{}
	has := func(field string) bool {
		for _, u := range uses {
			if u.field == field {
				return true
			}
		}
		return false
	}
	for _, u := range uses {
		taken[u.col] = true
	}
	for c := range l.heads {
		if taken[c] {
			continue
		}
		if _, ok := s.override.field(&l.heads[c]); ok {
			continue
		}
		n := s.nature(c, l.data())
		share := func(k int) float64 { return float64(k) / float64(max(n.filled, 1)) }
		field, conf := "", 0.0
		switch {
		case share(n.names) > 0.5 && beforeID(uses, c):
			field, conf = anchorOf(l.schema), 0.8
		case l.heads[c].known():
		case l.schema == table.Register && share(n.dates) > 0.8:
			field, conf = termField(l.heads[c].text), share(n.dates)
		case n.filled < 3:
		case share(n.ids) > 0.7:
			field, conf = nearestID(l.schema, uses, c), share(n.ids)
		case share(n.accounts) > 0.9:
			field, conf = "account", share(n.accounts)
		case share(n.phones) > 0.8:
			field, conf = "phone", share(n.phones)
		case share(n.names) > 0.8 && l.heads[c].text == "":
			field, conf = anchorOf(l.schema), share(n.names)
		}
		if field != "" && (strings.HasPrefix(field, ".") || l.schema.Field(field) >= 0) && !has(field) {
			uses = insertUse(uses, use{match{alias: alias{field: field, rank: 99}, conf: 0.8 * conf, how: "content", shared: 3}, c})
		}
	}
	return uses
}

// beforeID reports whether column c stands just before one of ID numbers: names
// there are those of the people whose numbers they are, whatever the office
// calls them (五保老人, 纳税人).
func beforeID(uses []use, c int) bool {
	return slices.ContainsFunc(uses, func(u use) bool {
		return u.col == c+1 && slices.Contains([]string{"beneficiary_id", "member_id", "person_id"}, u.field)
	})
}

// unitLike are names of offices, firms and other bodies.
var unitLike = regexp.MustCompile(`^\p{Han}{2,}(局|厅|办|所|站|部|院|校|厂|店|行|中心|政府|委|委员会|办公室|公司|合作社|经营部|村)(\([^()]*\))?$`)

// Characters of headers that nobody has listed. Offices make such words of a few
// of them: what the column is (金额款), and which way it goes (收, 付).
var (
	moneyHead = regexp.MustCompile(`[金额款资费钱]|数$`)
	noMoney   = regexp.MustCompile(`标准|单价|比例|来源|性质|名称|账[号户]|编号|序号|人数|户数|次数|月数|累计|其中|年初|上年`)
	hanRun    = regexp.MustCompile(`^\p{Han}+$`)
	dayHead   = regexp.MustCompile(`日|时间|期$`)
	nameHead  = regexp.MustCompile(`[人名户员者]|对象`)
	remaining = regexp.MustCompile(`[余结存未滞]`)
	inward    = regexp.MustCompile(`[收进入到领受接承]`)
	outward   = regexp.MustCompile(`[付出拨支汇发]`)
)

// byCharactersConf is how sure a column is that byCharacters adds.
const byCharactersConf = 0.7

// byCharacters adds columns whose headers no list has to a table that lacks them to be
// one, or to be of use: amounts, days, names, units and fund numbers, told by what
// the cells hold and the characters of the header together. Of two columns that
// fit neither is taken.
func (s *sheetReader) byCharacters(l *layout, set *setting, uses []use) []use {
	type side struct{ in, out, bare string }
	var amounts, days, units side
	name := ""
	switch l.schema {
	case table.Payment:
		amounts, days, name = side{bare: "amount"}, side{bare: "pay_date"}, "beneficiary_name"
	case table.Flow:
		amounts = side{"received_amount", "sent_amount", partAmount}
		days = side{"received_on", "sent_on", partOn}
		units = side{"to_unit", "from_unit", partUnit}
	case table.Allocation:
		amounts, days = side{bare: "amount"}, side{bare: "issued_on"}
	case table.Balance:
		amounts, days, units = side{bare: "amount"}, side{bare: "as_of"}, side{bare: "unit"}
	default:
		return uses
	}
	has := func(fields ...string) bool {
		return slices.ContainsFunc(uses, func(u use) bool { return slices.Contains(fields, u.field) })
	}
	toward := func(k side, header string) string {
		switch in, out := inward.MatchString(header), outward.MatchString(header); {
		case in && !out && k.in != "":
			return k.in
		case out && !in && k.out != "":
			return k.out
		}
		return k.bare
	}
	moneyLacks := !has(amounts.in, amounts.out, amounts.bare, partIn, partOut)
	daysLack := !has(days.in, days.out, days.bare)
	if l.schema == table.Payment && !has("account", "program", "fund_no") && !s.titled(l.schema, set) {
		moneyLacks = false // a payroll is no roster of benefits
	}
	named := has("head_name", "beneficiary_name", "payee_name")
	var found []use
	for c := range l.heads {
		h := &l.heads[c]
		if h.text == "" || h.known() || slices.ContainsFunc(uses, func(u use) bool { return u.col == c }) {
			continue
		}
		if _, ok := s.override.field(h); ok {
			continue
		}
		n := s.nature(c, l.data())
		most := func(k int) bool { return n.filled > 0 && 10*k > 7*n.filled }
		field := ""
		switch {
		case most(n.funds):
			if !has("fund_no") {
				field = "fund_no"
			}
		case most(n.dates) && dayHead.MatchString(h.text) && !otherDay.MatchString(h.text):
			if daysLack {
				field = toward(days, h.text)
			}
		case most(n.amounts) && moneyHead.MatchString(h.text) && !noMoney.MatchString(h.text):
			if moneyLacks && (l.schema != table.Balance || remaining.MatchString(h.text)) {
				field = toward(amounts, h.text)
			}
		case most(n.short) && nameHead.MatchString(h.text):
			if !named && personID(fieldAt(uses, c+1)) { // 验收人 has no ID number beside it
				field = name
			}
		case most(n.units):
			if f := toward(units, h.text); f != "" && !has(f) {
				field = f
			}
		}
		if field != "" {
			found = append(found, use{match{alias: alias{field: field, rank: 99}, conf: byCharactersConf, how: "content", shared: 3}, c})
		}
	}
	kind := func(u use) int {
		return slices.IndexFunc([]side{amounts, days}, func(k side) bool { return slices.Contains([]string{k.in, k.out, k.bare}, u.field) })
	}
	for _, u := range found {
		if !slices.ContainsFunc(found, func(v use) bool {
			return v.col != u.col && (v.field == u.field || kind(u) >= 0 && kind(v) == kind(u))
		}) {
			uses = insertUse(uses, u)
		}
	}
	return uses
}

// fieldAt returns the field of column c, "" for none.
func fieldAt(uses []use, c int) string {
	if i := slices.IndexFunc(uses, func(u use) bool { return u.col == c }); i >= 0 {
		return uses[i].field
	}
	return ""
}

// titled reports whether what surrounds the sheet speaks of the table.
func (s *sheetReader) titled(schema *table.Schema, set *setting) bool {
	return slices.ContainsFunc(set.sources(), func(t string) bool { return containsAny(t, words.tables[schema.Index()].title) })
}

// Words in the header of a register's days: those that make it one of days (sums
// read as days too), of days that are no beginning or end of what the register is
// about, of an end, and of a beginning.
var (
	dayWord  = regexp.MustCompile(`日|时间|年月|起始|终止|[起止自至]$`)
	otherDay = regexp.MustCompile(`出生|入党|入团|入伍|毕业院校|检验|年检|保险|有效期|强制|抵押|查封|录入|入库|填报|导出|统计|更新|公示`)
	endDay   = regexp.MustCompile(`[止终满离退出停断销届释卸免解]|毕业|到期`)
	beginDay = regexp.MustCompile(`[起始入任到进开亡故死逝购聘自]|备案|签[约订]|合同|认缴|设立|发证|过户|成交|参保|缴费|当选|上户|上牌|登记|注册|核准|办证|成立|生效|取得|录用`)
)

// termField returns the field of a register's column of days that no list has:
// since, until, or "" where its header says neither.
func termField(header string) string {
	switch {
	case !dayWord.MatchString(header) || otherDay.MatchString(header):
		return ""
	case endDay.MatchString(header):
		return "until"
	case beginDay.MatchString(header):
		return "since"
	}
	return ""
}

// inapplicable is what is written where a household has nobody whom a question of
// yes and no is about: 无适龄儿童 under 义务教育.
var inapplicable = regexp.MustCompile(`^(无|没有|不涉及|不适用|不存在)`)

// bearsOut reports whether column c holds what a field does: half of a sample of
// its cells, where there are any.
func (s *sheetReader) bearsOut(l *layout, a alias, c int) bool {
	i := l.schema.Field(a.field)
	if i < 0 {
		return true
	}
	f := l.schema.Fields[i]
	filled, good := 0, 0
	for r := l.data(); r < s.g.Rows && filled < sampleRows; r++ {
		cell := s.g.At(r, c)
		t := ""
		if cell != sheet.Blank {
			t = unwrap(s.g.Text(r, c))
		}
		if t == "" || absent(plain(t)) {
			continue
		}
		filled++
		var err error
		switch {
		case f.Type == table.Bool:
			if _, err = s.flag(cell, a.opposite); err != nil && inapplicable.MatchString(plain(t)) {
				filled--
				continue
			}
		case f.Type == table.Money:
			_, _, err = s.money(cell, 0)
		case f.Type == table.Amount:
			_, _, err = s.quantity(cell)
		case f.Type == table.Date || strings.HasSuffix(f.Name, "year"):
			if _, err = s.date(cell); isDay(err) || yearAlone.MatchString(plain(t)) {
				err = nil
			}
		case f.Type == table.Number:
			_, err = s.count(cell, false)
		case f.Name == "status" && l.schema == table.Member:
			if vocabulary.Canonical("status", t) == "" {
				err = errFlag
			}
		}
		if err == nil {
			good++
		}
	}
	return good*2 >= filled
}

// inheritable are the fields that what surrounds a table may tell when its own
// column of them is empty throughout.
var inheritable = []string{"county", "town", "village", "program", "period", partYear, "year", "fund_no"}

// hollow reports whether column c is for a field that a title may tell, and has
// nothing in it from row r on; figures are no place.
func (s *sheetReader) hollow(field string, c, r int) bool {
	if !slices.Contains(inheritable, field) {
		return false
	}
	place := slices.Contains(places4, field)
	for ; r < s.g.Rows; r++ {
		if t := trim(s.g.Text(r, c)); t != "" && !(place && isFigure(t)) {
			return false
		}
	}
	return true
}

// isFigure reports whether a text is a number.
func isFigure(t string) bool {
	_, err := parseNumber(t)
	return err == nil
}

// tiersByContent takes a column headed as the program (补助类别) for the tier
// where its cells are tiers of the program that the titles name: as programs
// they would be of no policy, and no rule could judge them.
func (s *sheetReader) tiersByContent(l *layout, set *setting, uses []use) []use {
	at := slices.IndexFunc(uses, func(u use) bool { return u.field == "program" && u.how != "mapping" })
	if l.schema != table.Payment || at < 0 || slices.ContainsFunc(uses, func(u use) bool { return u.field == "tier" }) {
		return uses
	}
	prog := set.policy.Program(set.program())
	if prog == nil {
		return uses
	}
	tiers := false
	for r, filled := l.data(), 0; r < s.g.Rows && filled < sampleRows; r++ {
		t := trim(s.g.Text(r, uses[at].col))
		if t == "" {
			continue
		}
		filled++
		if set.policy.Program(t) != nil {
			return uses
		}
		tiers = tiers || prog.HasTier(t)
	}
	if tiers {
		uses = slices.Clone(uses)
		uses[at].field, uses[at].how = "tier", "content"
	}
	return uses
}

var (
	sumWord  = regexp.MustCompile(`(合计|小计|总计|共计|总额|总金额|总数)$`)
	paidWord = regexp.MustCompile(`^实`)
)

// wholeSums takes a roster's column of sums (小计, 合计) for the amount before a
// column of a part (低保金 beside 电费补贴), which its list may rank first. What
// was really paid (实发), which lacks what was held back, stays.
func (s *sheetReader) wholeSums(l *layout, uses []use) []use {
	part := bestUse(uses, "amount")
	if l.schema != table.Payment || part.how == "" || part.how == "mapping" || paidWord.MatchString(part.word) || sumWord.MatchString(part.word) {
		return uses
	}
	for i, u := range uses {
		if u.field != "amount" || u.col == part.col || !sumWord.MatchString(brackets.ReplaceAllString(plain(l.heads[u.col].text), "")) || !s.covers(u.col, part.col, l.data()) {
			continue
		}
		uses = slices.Clone(uses)
		uses[i].conf, uses[i].how, uses[i].rank = 1, "content", -1
		return slices.DeleteFunc(uses, func(v use) bool { return v.field == "amount" && v.col != u.col })
	}
	return uses
}

// covers reports whether the sums of column c are nowhere under those of column
// part from row r on, and somewhere over.
func (s *sheetReader) covers(c, part, r int) bool {
	over := false
	for seen := 0; r < s.g.Rows && seen < sampleRows; r++ {
		whole, _, err := s.money(s.g.At(r, c), 0)
		if err != nil {
			continue
		}
		seen++
		some, _, err := s.money(s.g.At(r, part), 0)
		if err != nil {
			continue
		}
		if some > whole && whole >= 0 {
			return false
		}
		over = over || some < whole
	}
	return over
}

// nature is natureOf, asked once a column.
func (s *sheetReader) nature(c, r int) nature {
	key := [2]int{c, r}
	n, ok := s.natures[key]
	if !ok {
		n = s.natureOf(c, r)
		s.natures[key] = n
	}
	return n
}

// nearestID returns the ID field that a column of ID numbers at c fills: that
// of the name before it.
func nearestID(schema *table.Schema, uses []use, c int) string {
	field := ""
	for _, u := range uses {
		if id, ok := idOf[u.field]; ok && u.col < c {
			field = id
		}
	}
	if field == "" && anchorOf(schema) != "" {
		field = idOf[anchorOf(schema)]
	}
	return field
}

// insertUse keeps uses in the order of their columns.
func insertUse(uses []use, u use) []use {
	i := len(uses)
	for i > 0 && uses[i-1].col > u.col {
		i--
	}
	return append(uses[:i:i], append([]use{u}, uses[i:]...)...)
}
