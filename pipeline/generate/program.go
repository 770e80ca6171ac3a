package generate

import (
	"math/rand/v2"
	"time"

	"fundtrace/pipeline/table"
)

// A program is one benefit program as the county runs it. Its standards stand
// in policy.yaml; the two are kept together by a test.
type program struct {
	name    string
	short   string // the word in fund numbers' titles
	period  cadence
	payer   payer
	roster  *layout
	income  bool // counts as a household's transfer income
	grants  func(h *household, year int) []grant
	fundTag string // the fund's purpose
}

// A grant is what one person is due of a program for one period.
type grant struct {
	who      *person
	tier     string
	standard table.Fen
	quantity table.Quantity
}

// A cadence is how often a program pays.
type cadence uint8

const (
	yearly cadence = iota
	quarterly
)

// A payer is whose account a program's money leaves last.
type payer uint8

const (
	townPays    payer = iota // 镇财政所
	countyPays               // 县财政局, through the county's payment platform
	housingPays              // 县住房和城乡建设局
)

// unit returns the payer's name in a town.
func (p payer) unit(t *town) string {
	switch p {
	case countyPays:
		return t.county.finance()
	case housingPays:
		return t.county.name + "住房和城乡建设局"
	}
	return t.finance()
}

const one = table.QuantityUnit

// The programs, in the order they are paid.
var (
	allowance = &program{name: "农村低保", short: "农村低保补助", period: quarterly, roster: blockRoster, income: true, fundTag: "农村低保",
		grants: func(h *household, _ int) []grant {
			if h.category != lowIncome {
				return nil
			}
			return []grant{{h.head(), h.tier, allowanceStandard[h.tier], table.Quantity(len(h.members)) * one}}
		}}
	destitute = &program{name: "特困供养", short: "特困人员供养", period: quarterly, roster: plainRoster, income: true, fundTag: "特困供养",
		grants: func(h *household, _ int) []grant {
			if h.category != fiveGuarantees {
				return nil
			}
			return []grant{{h.head(), "五保户", 600_00, one}}
		}}
	housing = &program{name: "农村危房改造", short: "农村危房改造", payer: housingPays, roster: groupedRoster, fundTag: "农村危房改造",
		grants: func(h *household, year int) []grant {
			if h.rebuilt != year {
				return nil
			}
			return []grant{{h.head(), h.category.housingTier(), housingStandard[h.category.housingTier()], one}}
		}}
	resettlement = &program{name: "易地扶贫搬迁", short: "易地扶贫搬迁", payer: housingPays, roster: plainRoster, fundTag: "易地扶贫搬迁",
		grants: func(h *household, year int) []grant {
			if h.resettled != year {
				return nil
			}
			return []grant{{h.head(), "", 20_000_00, table.Quantity(len(h.members)) * one}}
		}}
	industry = &program{name: "产业扶贫奖补", short: "特色产业奖补", roster: pagedRoster, income: true, fundTag: "产业扶贫",
		grants: func(h *household, year int) []grant {
			if h.crop[year-firstYear] == 0 {
				return nil
			}
			return []grant{{h.head(), "", 500_00, h.crop[year-firstYear]}}
		}}
	training = &program{name: "雨露计划", short: "雨露计划补助", roster: plainRoster, income: true, fundTag: "雨露计划教育培训",
		grants: func(h *household, year int) []grant {
			return h.students(vocational, year, "", 3_000_00)
		}}
	schooling = &program{name: "教育资助", short: "贫困寄宿生生活补助", roster: blockRoster, income: true, fundTag: "教育资助",
		grants: func(h *household, year int) []grant {
			return append(h.students(primary, year, primary, 1_000_00), h.students(middle, year, middle, 1_250_00)...)
		}}
	forester = &program{name: "生态护林员", short: "生态护林员补助", period: quarterly, roster: plainRoster, income: true, fundTag: "生态护林员",
		grants: func(h *household, _ int) []grant {
			if h.guard == nil {
				return nil
			}
			return []grant{{h.guard, "", 1_500_00, one}}
		}}
	forest = &program{name: "退耕还林", short: "退耕还林补助", payer: countyPays, roster: platformRoster, income: true, fundTag: "退耕还林",
		grants: func(h *household, _ int) []grant {
			if h.forest == 0 {
				return nil
			}
			return []grant{{h.head(), "", 125_00, h.forest}}
		}}
	farmland = &program{name: "耕地地力保护补贴", short: "耕地地力保护补贴", payer: countyPays, roster: platformRoster, income: true, fundTag: "耕地地力保护",
		grants: func(h *household, _ int) []grant {
			if h.land == 0 {
				return nil
			}
			return []grant{{h.head(), "", 95_08, h.land}}
		}}
)

var programs = []*program{allowance, destitute, housing, resettlement, industry, training, schooling, forester, forest, farmland}

// allowanceStandard is the low-income allowance a person and quarter by tier.
var allowanceStandard = map[string]table.Fen{"A类": 540_00, "B类": 450_00, "C类": 360_00}

// housingStandard is the rebuilding grant a household by tier.
var housingStandard = map[string]table.Fen{"一般贫困户": 18_500_00, "低保户": 22_000_00, "五保户": 25_000_00}

// amountOf returns standard × quantity in fen, half a fen up.
func amountOf(standard table.Fen, q table.Quantity) table.Fen {
	return table.Fen((int64(standard)*int64(q) + int64(one)/2) / int64(one))
}

// periods returns the periods of a year that a program pays for.
func (p *program) periods(year int) []table.Period {
	if p.period == yearly {
		return []table.Period{table.YearOf(year)}
	}
	var out []table.Period
	for q := range 4 {
		from := year*12 + 3*q
		out = append(out, table.MonthsOf(from, from+2))
	}
	return out
}

// payDay returns when a county pays a program's period: for quarters in their
// last month, for years from April to November, a month for each program; never
// in the last days of a year.
func (p *program) payDay(r *rand.Rand, index int, period table.Period) table.Day {
	month := period.To()
	if p.period == yearly {
		month = period.From() + 3 + index%8
	}
	return table.DayOf(month/12, time.Month(month%12+1), 8+r.IntN(10))
}
