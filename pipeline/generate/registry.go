package generate

import (
	"fmt"

	"fundtrace/pipeline/table"
)

// writeHouseholds writes the register of the poor: for each year an export by
// household with incomes and guarantees, and the members, by person or wide.
func (t *town) writeHouseholds() error {
	for y := range years {
		members := t.writeMembers
		if (t.index+y)%2 == 1 {
			members = t.writeWide
		}
		if err := firstError(t.writeIncomes(y), members(y)); err != nil {
			return err
		}
	}
	return nil
}

// registered calls f for each household on the register of the poor.
func (t *town) registered(f func(*household)) {
	for _, v := range t.villages {
		for _, h := range v.households {
			if h.registered > 0 {
				f(h)
			}
		}
	}
}

// exited returns the register's word, and the year as it writes it, as of a year.
func (h *household) exited(year int) (status string, in cell) {
	if year == firstYear && h.early != 0 {
		return "已脱贫", num(h.early)
	}
	if h.exit != 0 && h.exit <= year {
		return "已脱贫", num(h.exit)
	}
	return "未脱贫", str("")
}

func yesNo(b bool) cell { return str(map[bool]string{true: "是", false: "否"}[b]).centred() }

// writeIncomes writes a year's export by household, under a header of two rows.
func (t *town) writeIncomes(y int) error {
	c, year := t.county, firstYear+y
	as := xlsx
	if (t.index+y)%3 == 2 {
		as = xls
	}
	heads := headings(`序号=6 县(市、区、旗)=9 乡(镇)=9 行政村=10 自然村=8 户编号=19
		户主姓名=9 户主证件号码=21 家庭人口数=8 贫困户属性=11 脱贫属性=9 脱贫年度=8 脱贫日期=12 建档年度=8
		家庭收入(元)/工资性收入=12 家庭收入(元)/生产经营性收入=12 家庭收入(元)/财产性收入=11 家庭收入(元)/转移性收入=11 人均纯收入=11
		两不愁三保障/住房安全=8 两不愁三保障/饮水安全=8 两不愁三保障/义务教育=8 两不愁三保障/基本医疗=8 两不愁三保障/不愁吃穿=8
		帮扶责任人=10 联系电话=13`)
	title := fmt.Sprintf("%s%s%d年度建档立卡贫困户信息表", c.name, t.name, year)
	name := fmt.Sprintf("%s/%s/%d年/%s", c.name, t.name, year, title)
	return c.single(name, "户信息", as, title, "导出单位:"+c.authority(), "单位:元", heads, func(s *scribe, row func(...cell)) {
		n := 0
		t.registered(func(h *household) {
			n++
			st := h.state[y]
			status, in := h.exited(year)
			on := table.Day(0)
			if h.exit != 0 && h.exit <= year {
				on = h.exitedOn
			}
			row(num(n), str(c.name), str(t.name), str(h.village.name), str(h.hamlet), str(h.no),
				s.name(h.head().name), s.id(h.head()), num(len(h.listed(y))), str(h.category.String()), str(status), in, s.date(on), num(h.registered),
				yuan(st.wage), yuan(st.business), yuan(st.property), yuan(st.transfer), yuan(st.perHead(len(h.listed(y)))),
				yesNo(st.housing), yesNo(st.water), yesNo(st.schooling), yesNo(st.medical), yesNo(st.food),
				str(h.helper), str(h.phone))
			c.world.truth.wrote(table.Member, 1, 0)
		})
	})
}

// writeMembers writes a year's export by person, as the national system has it.
func (t *town) writeMembers(y int) error {
	c, year := t.county, firstYear+y
	as := []format{gb, xlsx, utf16}[(t.index+y)%3]
	heads := headings(`年度=7 县(市、区、旗)=9 乡(镇)=9 行政村=10 自然村=8 户编号=19 人编号=8 姓名=9 证件号码=21
		人数=6 与户主关系=10 民族=7 文化程度=9 在校生状况=11 健康状况=9 脱贫属性=9 脱贫年度=8 贫困户属性=11 主要致贫原因=12`)
	name := fmt.Sprintf("%s/%s/%d年/%s%d年贫困人口信息导出", c.name, t.name, year, t.name, year)
	return c.single(name, "人员信息", as, "", "", "", heads, func(s *scribe, row func(...cell)) {
		t.registered(func(h *household) {
			status, in := h.exited(year)
			for i, p := range h.listed(y) {
				stage := p.stage(year)
				schooling := map[bool]string{true: "小学", false: "初中"}[p.age(asOf) > 45]
				if stage == "" {
					stage = "非在校"
				}
				row(num(year), str(c.name), str(t.name), str(h.village.name), str(h.hamlet), str(h.no), num(i+1), s.name(p.name), s.id(p),
					num(len(h.listed(y))), str(p.relation), str("汉族"), str(schooling), str(stage), str("健康"), str(status), in, str(h.category.String()), str("缺资金"))
				c.world.truth.wrote(table.Member, 1, 0)
			}
		})
	})
}

// wideMembers is how many members a wide row has room for beside the head.
const wideMembers = 7

// writeWide writes a year's members a household to a row.
func (t *town) writeWide(y int) error {
	c, year := t.county, firstYear+y
	as := []format{xlsx, xls}[(t.index+y)/2%2]
	heads := headings(`序号=6 行政村=10 自然屯=8 户编号=19 户主姓名=9 户主身份证号=21 家庭人口=8`)
	for i := range wideMembers {
		heads = append(heads, head{word: fmt.Sprintf("家庭成员%d姓名", i+1), width: 9}, head{word: fmt.Sprintf("家庭成员%d身份证号", i+1), width: 21})
	}
	title := fmt.Sprintf("%s%s%d年建档立卡贫困户家庭成员花名册", c.name, t.name, year)
	name := fmt.Sprintf("%s/%s/%d年/%s", c.name, t.name, year, title)
	return c.single(name, "花名册", as, title, "填报单位:"+t.name+"人民政府", "", heads, func(s *scribe, row func(...cell)) {
		n := 0
		var last *village
		t.registered(func(h *household) {
			n++
			place := str("")
			if h.village != last {
				place, last = str(h.village.name), h.village
			}
			cells := []cell{num(n), place, str(h.hamlet), str(h.no), s.name(h.head().name), s.id(h.head()), num(len(h.listed(y)))}
			for _, p := range h.listed(y)[1:] {
				cells = append(cells, s.name(p.name), s.id(p))
			}
			for len(cells) < len(heads) {
				cells = append(cells, str(""))
			}
			row(cells...)
			c.world.truth.wrote(table.Member, len(h.listed(y)), 0)
		})
	})
}
