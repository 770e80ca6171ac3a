package generate

import (
	"fmt"

	"fundtrace/pipeline/table"
)

// An entry is one line of an outside register.
type entry struct {
	kind         registerKind
	name, id     string
	since, until table.Day
	unit         string // workplace, firm, plate, address, school
	value        table.Fen
	related      string
	village      *village
}

// registerKind is a kind of register, by its name in the contract.
type registerKind string

const (
	deceased        registerKind = "deceased"
	publicPayroll   registerKind = "public_payroll"
	villageCadre    registerKind = "village_cadre"
	vehicle         registerKind = "vehicle"
	property        registerKind = "property"
	company         registerKind = "company"
	socialInsurance registerKind = "social_insurance"
	inCustody       registerKind = "in_custody"
	student         registerKind = "student"
)

// strangers adds people to the outside registers who appear nowhere else: most
// of what such registers hold.
func (v *village) strangers() error {
	c := v.town.county
	r := v.rand
	add := func(kind registerKind, age int, unit string, since, until table.Day, value table.Fen, related string) error {
		male := r.IntN(3) > 0
		born := table.DayOf(2016-age, 1, 1) + table.Day(r.IntN(365))
		id, err := c.ids.number(born, male)
		if err != nil {
			return err
		}
		c.entries = append(c.entries, entry{kind: kind, name: inventName(r, surname(r), male, v.taken), id: id,
			since: since, until: until, unit: unit, value: value, related: related, village: v})
		return nil
	}
	day := func(year int) table.Day { return table.DayOf(year, 1, 1) + table.Day(r.IntN(350)) }
	n := max(1, len(v.households)/20)
	for i := range n {
		plate := fmt.Sprintf("甲Z%05d", len(c.entries)+10_000)
		firm := contractors + len(c.entries)
		err := firstError(
			add(deceased, 60+r.IntN(30), "", day(2015+r.IntN(3)), 0, 0, ""),
			add(publicPayroll, 25+r.IntN(30), c.name+[]string{"第一中学", "人民医院", "水利局", "林业局"}[r.IntN(4)], day(2000+r.IntN(14)), 0, 0, ""),
			add(vehicle, 25+r.IntN(30), plate, day(2010+r.IntN(7)), 0, table.Fen(40_000+r.IntN(160_000))*100, ""),
			add(property, 30+r.IntN(30), fmt.Sprintf("%s城东路%d号%d室", c.name, 1+i, 101+r.IntN(500)), day(2008+r.IntN(9)), 0, table.Fen(200_000+r.IntN(300_000))*100, ""),
			add(company, 30+r.IntN(25), fmt.Sprintf("%s%s商贸有限公司", c.name, firmFirst[r.IntN(len(firmFirst))]), day(2009+r.IntN(7)), 0, 500_000_00, firmCode(firm)),
			add(socialInsurance, 22+r.IntN(30), firmName(r.IntN(contractors)), day(2012+r.IntN(4)), 0, 0, ""),
		)
		if err != nil {
			return err
		}
		if i%3 == 0 {
			if err := add(inCustody, 20+r.IntN(30), "甲市监狱", day(2015), day(2017), 0, ""); err != nil {
				return err
			}
		}
	}
	for _, post := range []string{"村党支部书记", "村委会主任", "村委会委员"} {
		if err := add(villageCadre, 35+r.IntN(22), v.name+"村民委员会"+post, table.DayOf(2014, 8, 1), 0, 0, ""); err != nil {
			return err
		}
	}
	for _, h := range v.households {
		for _, p := range h.members {
			if stage := p.stage(firstYear + 1); stage != "" && h.registered > 0 {
				c.entries = append(c.entries, entry{kind: student, name: p.name, id: p.id, since: table.DayOf(2016, 9, 1),
					unit: c.name + map[string]string{primary: "中心小学", middle: "初级中学", vocational: "职业技术学校"}[stage], village: v})
			}
		}
	}
	return nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// A complaint is one letter or visit.
type complaint struct {
	on      table.Day
	village *village
	name    string // of whom it is about, "" for none
	id      string
	about   string
	channel string
}

// complain adds the complaints of a village: most name nobody.
func (v *village) complain() {
	r := v.rand
	if r.IntN(3) > 0 {
		return
	}
	about := []string{
		"反映该村评定贫困户时没有开会公示", "反映屯内道路刚修好不久就开裂", "咨询危房改造补助何时发放", "反映低保名额分配不公开",
	}
	v.town.county.complaints = append(v.town.county.complaints, complaint{
		on: table.DayOf(2017, 1, 10) + table.Day(r.IntN(330)), village: v, about: about[r.IntN(len(about))],
		channel: []string{"圩日接访", "来信", "电话"}[r.IntN(3)],
	})
}
