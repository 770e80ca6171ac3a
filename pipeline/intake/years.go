package intake

import (
	"slices"

	"fundtrace/pipeline/table"
)

// yearly are the fields of a household that are true of one year. Who it is and
// where, when it was registered and when it left poverty, hold in every year.
var yearly = []string{
	"household_size", "category", "status", "income_per_capita", "wage_income", "business_income", "property_income", "transfer_income",
	"housing_safe", "water_safe", "schooling_ok", "medical_ok", "food_clothing_ok",
}

// years returns the years that stand side by side in a household sheet, as
// 2015年人均纯收入 beside 2016年人均纯收入 do, with a column a year of each yearly
// field, and which of them is the sheet's own: that of its setting, else the last.
// What no header gives a year is of that one. years is nil for a sheet whose
// headers name no year but its own.
func (s *sheetReader) years(l *layout, set *setting, uses []use) (years []int, own int, cols map[string][]int) {
	if l.schema != table.Member || slices.ContainsFunc(uses, func(u use) bool { return u.field == "year" }) {
		return nil, 0, nil
	}
	is := func(u use) bool { return slices.Contains(yearly, u.field) }
	for _, u := range uses {
		if y := l.heads[u.col].year; y != 0 && is(u) && !slices.Contains(years, y) {
			years = append(years, y)
		}
	}
	setting := set.year()
	if years == nil || len(years) == 1 && years[0] == setting {
		return nil, 0, nil
	}
	if setting != 0 && !slices.Contains(years, setting) {
		years = append(years, setting)
	}
	slices.Sort(years)
	if own = len(years) - 1; setting != 0 {
		own = slices.Index(years, setting)
	}
	best := map[string][]use{}
	cols = map[string][]int{}
	for _, u := range uses {
		if !is(u) {
			continue
		}
		if cols[u.field] == nil {
			best[u.field], cols[u.field] = make([]use, len(years)), slices.Repeat([]int{-1}, len(years))
		}
		k := own
		if y := l.heads[u.col].year; y != 0 {
			k = slices.Index(years, y)
		}
		if b := &best[u.field][k]; b.how == "" || u.better(*b) {
			*b, cols[u.field][k] = u, u.col
		}
	}
	return years, own, cols
}
