package intake

import (
	"slices"
	"strings"

	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
)

// Columns that become part of a field, as aliases.yaml names them.
const (
	partYear     = ".year"
	partFrom     = ".from"
	partTo       = ".to"
	partAmount   = ".amount"
	partOn       = ".on"
	partUnit     = ".unit"
	partInto     = ".into"
	partUser     = ".user"
	partIn       = ".in"
	partOut      = ".out"
	partTerm     = ".term"
	partRate     = ".rate"
	partHeadName = ".head_name"
	partHeadID   = ".head_id"
	partAddress  = ".address"
)

// idOf gives the ID field that goes with a name field, so that a bare 身份证号
// belongs to the name before it.
var idOf = map[string]string{
	"head_name": "head_id", "beneficiary_name": "beneficiary_id", "payee_name": "payee_id",
	"member_name": "member_id", partHeadName: partHeadID, "person_name": "person_id", "subject_name": "subject_id",
}

// use is what one column is taken for while a layout is being fitted.
type use struct {
	match
	col int
}

// fit fills l with the best reading of its headings as l.schema and scores it.
// It returns what the table lacks to be one, "" for nothing.
func (s *sheetReader) fit(l *layout, set *setting) string {
	dict := &words.tables[l.schema.Index()]
	var uses []use
	for c := range l.heads {
		h := &l.heads[c]
		if h.text == "" {
			continue
		}
		if field, ok := s.override.field(h); ok {
			if field == "" {
				continue
			}
			if l.schema.Field(field) < 0 {
				return s.lang.say("对照文件所列的字段", "a field that the mapping file names")
			}
			known, _ := dict.find(h)
			opposite := known.field == field && known.opposite
			uses = append(uses, use{match{alias: alias{field, -1, opposite}, conf: 1, how: "mapping", word: h.forms[0].word, shared: 1}, c})
			continue
		}
		if m, ok := dict.find(h); ok && (!m.framed || s.bearsOut(l, m.alias, c)) && !s.hollow(m.field, c, l.data()) {
			uses = append(uses, use{m, c})
		}
	}
	uses = ungrouped(l.heads, s.wholeSums(l, uses))
	uses = s.tiersByContent(l, set, s.byContent(l, nearestIDs(uses)))
	uses = s.byRequirement(l, s.byCharacters(l, set, uses))
	l.book = l.schema == table.Flow && isBook(uses)
	if l.schema == table.Flow && !l.book { // 收入 and 支出 of a unit's year are no transfers
		uses = slices.DeleteFunc(uses, func(u use) bool { return u.field == partIn || u.field == partOut })
	}
	l.groups = 1
	groups := s.repeated(l, uses)
	l.cols = map[string][]int{}
	if groups != nil {
		l.cols, l.groups = groups, len(groups[anchorOf(l.schema)])
	} else if years, own, cols := s.years(l, set, uses); years != nil {
		l.years, l.own, l.cols, l.groups = years, own, cols, len(years)
	}
	chosen := map[int]use{}
	for _, field := range fieldsOf(uses) {
		if l.cols[field] == nil {
			l.cols[field] = []int{bestUse(uses, field).col}
		}
		for _, c := range l.cols[field] {
			for _, u := range uses {
				if u.col == c && u.field == field {
					chosen[c] = u
				}
			}
		}
	}
	s.settle(l, set)
	l.uses = make([]ColumnUse, len(l.heads))
	for c := range l.heads {
		l.uses[c] = ColumnUse{Column: columnName(c), Header: l.heads[c].text, Known: l.heads[c].known()}
		if u, ok := chosen[c]; ok {
			l.uses[c].Field, l.uses[c].How, l.uses[c].Confidence, l.uses[c].Opposite = u.field, u.how, u.conf, u.opposite
			weight := 1 / float64(max(u.shared, 1))
			if u.how == "words" || u.how == "content" {
				weight *= 0.5
			}
			if !isSelf(u.field) {
				l.score += u.conf * weight
			}
		}
	}
	for _, f := range fieldsInOrder(l) { // side columns show as the field they were settled on
		if strings.HasPrefix(f, ".") {
			continue
		}
		for _, c := range l.cols[f] {
			if c >= 0 && strings.HasPrefix(l.uses[c].Field, ".") {
				l.uses[c].Field = f
			}
		}
	}
	l.notes = nil
	if l.schema == table.Register && l.groups == 1 {
		for _, u := range uses {
			if _, ok := chosen[u.col]; !ok && u.field == "note" {
				l.notes = append(l.notes, u.col)
				l.uses[u.col].Field, l.uses[u.col].How, l.uses[u.col].Confidence = u.field, u.how, u.conf
			}
		}
	}
	hits := 0.0
	for i, t := range set.sources() {
		for _, w := range dict.title {
			if strings.Contains(t, w) {
				if i < len(set.titles) {
					hits += 0.4
				} else {
					hits += 0.2
				}
			}
		}
	}
	l.score += min(hits, 1.2)
	// 发放回执 with a column of outcomes is the bank's answer to a roster.
	if l.cols["outcome"] != nil && slices.ContainsFunc(set.sources(), func(t string) bool {
		return slices.ContainsFunc(dict.answer, func(w string) bool { return strings.Contains(t, w) })
	}) {
		l.score += 2
	}
	l.unit, l.unitHow = s.sheetUnit(set)
	for c := range l.uses {
		if i := l.schema.Field(l.uses[c].Field); i >= 0 && l.schema.Fields[i].Type == table.Money {
			l.uses[c].Unit = unitName(l.power(c))
		} else if u := l.uses[c].Field; u == partIn || u == partOut {
			l.uses[c].Unit = unitName(l.power(c))
		}
	}
	l.inherited = set.inherited(l.schema, l.lacks)
	if own := set.ownUnit(); l.book && own.value != "" {
		l.inherited["from_unit"] = own
	}
	if l.schema == table.Register && l.inherited["register_kind"].value == "" && l.lacks("register_kind") {
		for _, h := range l.heads {
			if k := registerKind(h.text); k != "" {
				l.inherited["register_kind"] = told{value: k}
				break
			}
		}
	}
	if c := l.col("quantity", 0); l.schema == table.Works && c >= 0 && l.lacks("quantity_unit") && l.heads[c].each != "" {
		l.inherited["quantity_unit"] = told{value: l.heads[c].each}
	}
	if l.numbersWorks(set) {
		l.inherited["project_id"] = told{"-", table.Computed}
	}
	if s.override != nil {
		for f, v := range s.override.Inherit {
			if l.schema.Field(f) >= 0 && l.lacks(f) {
				l.inherited[f] = told{value: v}
			}
		}
	}
	return s.missing(l)
}

// isBook reports whether the columns are those of a unit's own book of receipts
// and payments (收支日记账): one day, one counterparty, an amount a direction.
// Whose book it is stands around the table.
func isBook(uses []use) bool {
	has := func(fields ...string) bool {
		return slices.ContainsFunc(uses, func(u use) bool { return slices.Contains(fields, u.field) })
	}
	return has(partOn) && has(partUnit) && has(partIn, "received_amount") && has(partOut, "sent_amount") &&
		!has("from_unit", "to_unit", "sent_on", "received_on")
}

// power returns the power of ten of column c's money unit.
func (l *layout) power(c int) int {
	if u := l.heads[c].unit; u != noUnit {
		return u
	}
	return l.unit
}

func unitName(power int) string {
	switch power {
	case 0:
		return "元"
	case 3:
		return "千元"
	case 4:
		return "万元"
	}
	return "亿元"
}

// lacks reports whether the sheet has no column for a field.
func (l *layout) lacks(field string) bool {
	if field == "period" {
		return l.cols["period"] == nil && l.cols[partYear] == nil && l.cols[partFrom] == nil
	}
	return l.cols[field] == nil
}

// fieldsOf lists the fields of uses, each once, in the order of their columns.
func fieldsOf(uses []use) []string {
	var out []string
	for _, u := range uses {
		if !slices.Contains(out, u.field) {
			out = append(out, u.field)
		}
	}
	return out
}

// bestUse returns the surest column of a field; of equals the one whose word
// stands earlier among the aliases, then the leftmost.
func bestUse(uses []use, field string) use {
	var best use
	for _, u := range uses {
		if u.field != field {
			continue
		}
		if best.how == "" || u.better(best) {
			best = u
		}
	}
	return best
}

func (u use) better(v use) bool {
	exact := func(u use) bool { return u.how == "alias" && u.conf > 0.9 || u.how == "mapping" }
	switch {
	case exact(u) != exact(v):
		return exact(u)
	case exact(u):
		return u.rank < v.rank
	}
	return u.conf > v.conf
}

// ungrouped leaves out columns that only the words over their group name, where
// it has several such: 资金 over 到位, 支出 and 结余 says of none which it is, and a
// share is not the whole; but over 合计 it does.
func ungrouped(heads []heading, uses []use) []use {
	byGroup := func(u use) bool { return u.how == "alias" && u.conf == groupAlone }
	return slices.DeleteFunc(slices.Clone(uses), func(u use) bool {
		return byGroup(u) && !isTotal(heads[u.col].base) &&
			slices.ContainsFunc(uses, func(v use) bool { return v.col != u.col && byGroup(v) && v.word == u.word })
	})
}

// nearestIDs gives an ID column whose header does not say whose it is to the
// name column before it.
func nearestIDs(uses []use) []use {
	out := slices.Clone(uses)
	for i, u := range out {
		if !bareID(u.word) || u.how == "mapping" {
			continue
		}
		for j := i - 1; j >= 0; j-- {
			if id, ok := idOf[out[j].field]; ok {
				if !slices.ContainsFunc(uses, func(v use) bool { return v.field == id && !bareID(v.word) }) {
					out[i].field = id
				}
				break
			}
		}
	}
	return out
}

var bareWords = []string{"身份证", "证件号", "居民身份", "公民身份", "身份号码", "二代", "身份证件"}

// bareID reports whether a header word is an ID number of nobody in particular.
func bareID(word string) bool {
	return slices.ContainsFunc(bareWords, func(w string) bool { return strings.HasPrefix(word, w) })
}

// anchorOf is the field that begins a group of columns which repeats across a
// sheet.
func anchorOf(s *table.Schema) string {
	switch s {
	case table.Member:
		return "member_name"
	case table.Payment:
		return "beneficiary_name"
	case table.Register:
		return "person_name"
	}
	return ""
}

// repeated returns the columns of people side by side in one row, a column a
// group, or nil where there is one a row. Payments and registers repeat whole:
// a money column a person.
func (s *sheetReader) repeated(l *layout, uses []use) map[string][]int {
	anchor := anchorOf(l.schema)
	if anchor == "" {
		return nil
	}
	var starts []int
	base := ""
	for _, u := range uses {
		if u.field == anchor && u.how != "words" && (base == "" || l.heads[u.col].base == base) {
			base = l.heads[u.col].base
			starts = append(starts, u.col)
		}
	}
	head := slices.IndexFunc(uses, func(u use) bool { return u.field == partHeadName })
	wide := l.schema == table.Member && len(starts) == 1 && head >= 0 && ordinal.MatchString(plain(l.heads[starts[0]].text))
	if len(starts) < 2 && !wide {
		return nil
	}
	out := map[string][]int{}
	inGroup := func(field string) bool {
		switch l.schema {
		case table.Member:
			return field == "member_name" || field == "member_id" || field == "relation" || isSelf(field)
		}
		n := 0
		for _, u := range uses {
			if u.field == field {
				n++
			}
		}
		return n >= len(starts)
	}
	for _, field := range fieldsOf(uses) {
		if strings.HasPrefix(field, ".") || !inGroup(field) {
			continue
		}
		cols := make([]int, len(starts))
		for i := range cols {
			cols[i] = -1
		}
		filled := 0
		for _, u := range uses {
			if u.field != field {
				continue
			}
			g := 0
			for g+1 < len(starts) && u.col >= starts[g+1] {
				g++
			}
			if u.col < starts[0] && l.schema == table.Member {
				continue
			}
			if cols[g] < 0 {
				cols[g] = u.col
				filled++
			}
		}
		if filled > 0 && (filled > 1 || len(starts) == 1) {
			out[field] = cols
		}
	}
	if l.schema == table.Payment && len(out["amount"]) != len(starts) {
		return nil
	}
	if l.schema == table.Register && slices.Contains(out["person_id"], -1) {
		return nil
	}
	if l.schema == table.Member && head >= 0 { // the head is the first person of the row
		for f, cols := range out {
			out[f] = slices.Insert(cols, 0, -1)
		}
		out["member_name"][0] = uses[head].col
		if u := bestUse(uses, partHeadID); u.how != "" {
			if out["member_id"] == nil {
				out["member_id"] = slices.Repeat([]int{-1}, len(out["member_name"]))
			}
			out["member_id"][0] = u.col
		}
	}
	for _, u := range uses {
		if !isSelf(u.field) {
			continue
		}
		if out[u.field] == nil { // one column for all in the row is one person's: the head's, if anybody's
			out[u.field] = slices.Repeat([]int{-1}, len(out[anchor]))
		}
		if l.schema == table.Member && head >= 0 && u.col < starts[0] {
			out[u.field][0] = u.col
		}
	}
	return out
}

// settle decides what only the whole header decides: whose name a lone name is,
// which side of a transfer a bare amount is on, where the year of exit stands.
func (s *sheetReader) settle(l *layout, set *setting) {
	give := func(to, from string) {
		if l.cols[to] == nil && l.cols[from] != nil {
			l.cols[to] = l.cols[from]
		}
	}
	switch l.schema {
	case table.Payment:
		give("amount", partRate) // a month's roster has no other sum
		give("standard", partRate)
		if l.cols["beneficiary_name"] == nil {
			if l.cols["head_name"] != nil {
				give("beneficiary_name", "head_name")
				give("beneficiary_id", "head_id")
				if l.cols["head_id"] == nil && l.cols["payee_name"] == nil {
					give("head_id", "beneficiary_id")
				}
			} else {
				give("beneficiary_name", "payee_name")
				give("beneficiary_id", "payee_id")
			}
		}
	case table.Member:
		if l.cols["member_name"] == nil {
			give("member_name", partHeadName)
			give("member_id", partHeadID)
		}
		give("exit_year", "exited_on") // 脱贫时间 may be no more than a year
	case table.Flow:
		if l.book { // the sides of each line are told when it is read
			give("sent_amount", partOut)
			give("received_amount", partIn)
			give("sent_on", partOn)
			give("to_unit", partUnit)
			return
		}
		received := set.received()
		if l.cols["sent_amount"] != nil && l.cols["received_amount"] == nil {
			received = false
		} else if l.cols["received_amount"] != nil && l.cols["sent_amount"] == nil {
			received = true
		}
		if l.cols["from_unit"] != nil || !received && l.cols["to_unit"] == nil {
			give("to_unit", partInto)
		} else {
			give("from_unit", partInto)
		}
		if l.cols["to_unit"] != nil {
			give("from_unit", partUser)
			give("from_unit", partUnit)
		} else {
			give("to_unit", partUser)
		}
		if received {
			give("received_amount", partAmount)
			give("received_on", partOn)
			give("from_unit", partUnit)
		} else {
			give("sent_amount", partAmount)
			give("sent_on", partOn)
			give("to_unit", partUnit)
		}
	}
}

// sheetUnit returns the power of ten of the money unit that the titles or the
// names state, and how it is known: 0 where none does.
func (s *sheetReader) sheetUnit(set *setting) (int, table.How) {
	if s.override != nil && s.override.Unit != "" {
		return unitPower(s.override.Unit), table.Stated
	}
	for i, t := range set.sources() {
		how := table.Labelled
		if i >= len(set.titles) {
			how = table.Inherited
		}
		t = plain(t)
		for _, mark := range []string{"单位", "金额"} {
			for rest := t; ; {
				_, after, ok := strings.Cut(rest, mark)
				if !ok {
					break
				}
				rest = after
				after = strings.TrimLeft(after, ":(均为以人民币")
				if p := unitPower(after); p >= 0 {
					return p, how
				}
			}
		}
		if strings.Contains(t, "(万元)") {
			return 4, how
		}
	}
	for _, l := range set.labels {
		if p := unitPower(strings.TrimLeft(plain(l.value), "(均为以人民币")); labelWords.money[l.word] && p >= 0 {
			return p, table.Labelled
		}
	}
	return 0, table.Stated
}

// unitPower reads the money unit that a text begins with, or returns noUnit.
func unitPower(t string) int {
	switch {
	case strings.HasPrefix(t, "万元"):
		return 4
	case strings.HasPrefix(t, "千元"):
		return 3
	case strings.HasPrefix(t, "亿元"):
		return 8
	case strings.HasPrefix(t, "元"):
		return 0
	}
	return noUnit
}

// missing returns what l lacks to be its table, as a person would be told.
func (s *sheetReader) missing(l *layout) string {
	var lack []string
	for _, f := range l.schema.Fields {
		if !f.Required || l.cols[f.Name] != nil || l.inherited[f.Name].value != "" {
			continue
		}
		if l.schema == table.BankEntry && f.Name == "amount" && (l.cols[partIn] != nil || l.cols[partOut] != nil) {
			continue
		}
		lack = append(lack, s.lang.field(f))
	}
	if l.book && l.inherited["from_unit"].value == "" {
		lack = append(lack, s.lang.say("记账单位", "the unit whose book it is"))
	}
	if l.schema == table.Flow && l.cols["sent_amount"] == nil && l.cols["received_amount"] == nil {
		lack = append(lack, s.lang.say("拨出或收到金额", "sent_amount or received_amount"))
	}
	if len(lack) > 0 {
		return s.lang.list(lack)
	}
	fields := 0
	for f := range l.cols {
		if !strings.HasPrefix(f, ".") && !isSelf(f) && !l.guessed(f) {
			fields++
		}
	}
	if fields < 2 || l.schema == table.Works && fields < 3 {
		return s.lang.say("其他可识别的列", "other columns that are known")
	}
	if miss := s.holdsWhat(l); miss != "" {
		return miss
	}
	return ""
}

// guessed reports whether a field tells no table: a note, which every sheet may
// have, and what only the characters of an unlisted header say.
func (l *layout) guessed(field string) bool {
	c := l.col(field, 0)
	return field == "note" && l.schema != table.Register || c >= 0 && l.uses[c].How == "content" && l.uses[c].Confidence == byCharactersConf
}

// holdsWhat checks by a sample of rows that the columns of a table hold what
// their headers say; it returns the one that does not.
func (s *sheetReader) holdsWhat(l *layout) string {
	for _, f := range l.schema.Fields {
		c := l.col(f.Name, 0)
		if !f.Required || c < 0 {
			continue
		}
		filled, good := 0, 0
		for r := l.data(); r < min(l.data()+200, s.g.Rows); r++ {
			cell := s.g.At(r, c)
			if cell == sheet.Blank || cell.Kind() == sheet.KindText && trim(s.g.Text(r, c)) == "" {
				continue
			}
			filled++
			switch f.Type {
			case table.Money:
				if _, _, err := s.money(cell, 0); err == nil {
					good++
				}
			case table.Date:
				if _, err := s.date(cell); isDay(err) {
					good++
				}
			default:
				if cell.Kind() == sheet.KindText && hasHan(s.g.Text(r, c)) || !strings.HasSuffix(f.Name, "name") {
					good++
				}
			}
		}
		if filled > 0 && good == 0 {
			return s.lang.say("可读的%s", "a readable %s", s.lang.field(f))
		}
	}
	return ""
}

func hasHan(t string) bool { return strings.ContainsFunc(t, han) }

// columnName returns the letters of a column index: A, B, ... AA.
func columnName(c int) string {
	name := ""
	for c++; c > 0; c = (c - 1) / 26 {
		name = string(rune('A'+(c-1)%26)) + name
	}
	return name
}
