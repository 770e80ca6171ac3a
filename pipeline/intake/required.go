package intake

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
)

// A required column is told, where no word matches it, by words that its header
// holds and by what stands below it.
type required struct {
	header *regexp.Regexp
	holds  func(holding) bool
}

// requiredColumns are the columns without which a sheet is not its table, by
// field. One header that nobody foresaw would lose the whole sheet. Those of
// rosters and ledgers are byCharacters'.
var requiredColumns = map[string]required{
	"member_name":  {personHeader, holding.names},
	"person_name":  {personHeader, holding.names},
	"household_id": {regexp.MustCompile(`户.*[号码]|编[号码]`), holding.codes},
	"project_id":   {regexp.MustCompile(`[编代]?[号码]$`), holding.uniqueCodes},
	"name":         {regexp.MustCompile(`名|项目|工程|标段|路线|线路|合同|内容`), holding.titles},
	"amount":       {regexp.MustCompile(`[元额款钱]|资金|金|补贴|补助|奖补`), holding.sums},
	"account":      {regexp.MustCompile(`[账帐卡][号户]|号码?$`), holding.accounts},
	"booked_on":    {regexp.MustCompile(`日|时间`), holding.days},
	"about":        {regexp.MustCompile(`内容|问题|事[项由]|情况|诉求|反映|摘要`), holding.stories},
}

var personHeader = regexp.MustCompile(`名|户主|[人者员]$|对象`)

// leastKnown is how many columns of a table must be known by their words for
// one more to be looked for among the rest; two more ask for one more.
const leastKnown = 4

// byRequirement adds the required columns that a sheet lacks to be a table, two
// at most, where the rest of its header is that table's and of the columns left
// over just one can be it by header and content.
func (s *sheetReader) byRequirement(l *layout, uses []use) []use {
	switch l.schema {
	case table.Payment, table.Flow, table.Allocation, table.Balance:
		return uses
	}
	has := func(field string) bool {
		return slices.ContainsFunc(uses, func(u use) bool { return u.field == field })
	}
	var lack []string
	for _, f := range l.schema.Fields {
		if f.Required && !has(f.Name) && !(f.Name == "amount" && (has(partIn) || has(partOut))) {
			lack = append(lack, f.Name)
		}
	}
	if i := slices.Index(lack, "register_kind"); i >= 0 { // titles tell it
		lack = slices.Delete(lack, i, i+1)
	}
	if len(lack) == 0 || len(lack) > 2 || knownFields(uses) < leastKnown+len(lack)-1 {
		return uses
	}
	for _, field := range lack {
		c := s.only(l, uses, requiredColumns[field])
		if c < 0 {
			return uses
		}
		uses = insertUse(uses, use{match{alias: alias{field: field, rank: 99}, conf: 0.5, how: "content", shared: 3}, c})
	}
	return uses
}

// only returns the column that no use has and that alone can be what is
// required, -1 where there is none or more than one.
func (s *sheetReader) only(l *layout, uses []use, want required) int {
	found := -1
	for c := range l.heads {
		h := &l.heads[c]
		if want.holds == nil || h.text == "" || h.known() || slices.ContainsFunc(uses, func(u use) bool { return u.col == c }) || !want.header.MatchString(plain(h.text)) {
			continue
		}
		if _, ok := s.override.field(h); ok || !want.holds(s.holding(c, l.data())) {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = c
	}
	return found
}

// knownFields counts the fields that words or a mapping tell.
func knownFields(uses []use) int {
	var fields []string
	for _, u := range uses {
		if u.how != "content" && !strings.HasPrefix(u.field, ".") && !isSelf(u.field) && !slices.Contains(fields, u.field) {
			fields = append(fields, u.field)
		}
	}
	return len(fields)
}

// A holding is what a sample of a column's cells looks like.
type holding struct {
	nature
	texts    int // cells with Han or letters
	runes    int // in all of them
	distinct int
	code     int // of digits, or letters and digits, and joining marks
}

var codeForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9\-_/.]*$`)

// holding samples column c from row r on.
func (s *sheetReader) holding(c, r int) holding {
	h := holding{nature: s.nature(c, r)}
	seen := map[string]bool{}
	for n := 0; r < s.g.Rows && n < sampleRows; r++ {
		cell := s.g.At(r, c)
		t := ""
		if cell != sheet.Blank {
			t = plain(unwrap(s.g.Text(r, c)))
		}
		if t == "" {
			continue
		}
		n++
		if !seen[t] {
			seen[t] = true
			h.distinct++
		}
		h.runes += utf8.RuneCountInString(t)
		if strings.ContainsFunc(t, han) {
			h.texts++
		}
		if codeForm.MatchString(t) && strings.ContainsAny(t, "0123456789") {
			h.code++
		}
	}
	return h
}

// most reports whether n of the sampled cells are nearly all, of three or more.
func (h holding) most(n int) bool { return h.filled >= 3 && float64(n) >= 0.8*float64(h.filled) }

func (h holding) names() bool    { return h.most(h.nature.names) }
func (h holding) days() bool     { return h.most(h.dates) }
func (h holding) accounts() bool { return h.most(h.nature.accounts) }
func (h holding) sums() bool {
	return h.most(h.amounts) && !h.most(h.nature.accounts) && !h.most(h.ids)
}

// codes are numbers of households, three characters and longer; some stand more
// than once.
func (h holding) codes() bool { return h.most(h.code) && !h.most(h.ids) && h.runes >= 3*h.filled }

// uniqueCodes are numbers of projects.
func (h holding) uniqueCodes() bool { return h.codes() && h.most(h.distinct) }

// titles are names of works: words, longer than a person's name, and different.
func (h holding) titles() bool {
	return h.most(h.texts) && h.most(h.distinct) && h.runes >= 5*h.filled && !h.most(h.units)
}

// stories are what people tell.
func (h holding) stories() bool {
	return h.most(h.texts) && h.most(h.distinct) && h.runes >= 10*h.filled
}
