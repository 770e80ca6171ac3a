package key

import (
	"regexp"
	"slices"
	"strings"

	"fundtrace/pipeline/names"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
	"fundtrace/pipeline/words"
)

// firmEnds end the names of firms and other suppliers.
var firmEnds = regexp.MustCompile(`(公司|厂|店|合作社|施工队|工程队|建筑队|经营部|商行|商店|养殖场|种植场|农场|林场|苗圃|超市|门市部|事务所|设计院|研究院|企业|个体户)$`)

// isFirm reports whether a unit is a firm by its name.
func isFirm(clean string) bool {
	name, _, _ := strings.Cut(clean, "\uff08")
	return firmEnds.MatchString(name) || firmEnds.MatchString(clean)
}

// households end, or are, the names of those whom a unit's book pays together.
var households = regexp.MustCompile(`^(各|全体|有关|相关)*\p{Han}{0,10}(农户|贫困户|受益户|贫困学生|补贴对象|补助对象|享受对象|保障对象|低保户|五保户|搬迁户|危改户|退耕户|群众|村民|农民)(个人|账户|一卡通)?(（[^（）]*）)?$|^(惠农)?一卡通(代发|发放|账户|专户)*$`)

// toHouseholds reports whether a receiver stands for the households of a roster.
func toHouseholds(clean string) bool { return households.MatchString(clean) }

// The kinds of party that money can go to, as the column _to_kind holds them.
const (
	ToUnit       = "unit"
	ToFirm       = "firm"
	ToHouseholds = "households" // of a roster, paid together
	ToPerson     = "person"
)

// kindOf tells what kind of party a unit's name stands for.
func kindOf(unit string) string {
	switch {
	case toHouseholds(unit):
		return ToHouseholds
	case isFirm(unit):
		return ToFirm
	case names.Personal(unit):
		return ToPerson
	}
	return ToUnit
}

// fillKinds makes a column of the kinds of units.
func fillKinds(w *table.Words, rows []uint32, units []string) {
	codes, kind := make([]uint32, len(rows)), make([]uint32, len(units))
	for i, name := range units {
		kind[i] = w.Code(kindOf(name))
	}
	for row, u := range rows {
		codes[row] = none
		if u != none {
			codes[row] = kind[u]
		}
	}
	w.Codes = codes
}

// budgets are the levels that a notice's money comes from, the first whose word
// its cell has.
var budgets = []string{"中央", "自治区", "省", "县", "市"}

// levelOf returns the level of budget that a cell names, "" for none.
func levelOf(cell string, _ *policy.Policy) string {
	cell = words.Fold(cell)
	for _, l := range budgets {
		if strings.Contains(cell, l) {
			return l
		}
	}
	return ""
}

// fillOwn says of each allocation whether it is of its holder's own budget.
func fillOwn(own *[]int64, t *table.Table) {
	*own = make([]int64, t.Len())
	for row := range *own {
		if ownBudget(levelOf(t.Text("level", row), nil), t.Text("holder", row)) {
			(*own)[row] = 1
		}
	}
}

// ownBudget reports whether money of a level of budget is of its holder's own; it
// is where no level is stated.
func ownBudget(level, holder string) bool {
	is := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(holder, w) })
	}
	switch level {
	case "中央":
		return false
	case "省", "自治区":
		return is("省", "自治区")
	case "市":
		return is("市") && !is("县", "区", "镇", "乡")
	}
	return true
}
