package generate

import (
	"fmt"
	"slices"

	"fundtrace/pipeline/generate/xlsxwrite"
	"fundtrace/pipeline/table"
)

// write writes the county's own books, when all its towns are done.
func (c *county) write() error {
	return firstError(c.writeAllocations(), c.writeSent(), c.writePaid(), c.writeReceived(), c.writeBalances(), c.writeWorks(), c.writeEntries(), c.writeComplaints(), c.writeGuests())
}

// writeAllocations writes the allocation notices of both years.
func (c *county) writeAllocations() error {
	for year := firstYear; year < firstYear+years; year++ {
		title := fmt.Sprintf("%s%d年上级下达资金指标台账", c.name, year)
		err := c.single(c.name+"/"+title, "指标", xlsx, title, "填报单位:"+c.finance(), "单位:元", headings(`序号=6 指标文号=20 文件标题=48 资金级次=9 指标金额=14
			下达日期=13 下达单位=16 承接单位=16 资金用途=22`), func(s *scribe, row func(...cell)) {
			n := 0
			for _, a := range c.allocations {
				if a.issued.Year() != year {
					continue
				}
				n++
				row(num(n), str(a.fund), str(a.title), str("自治区"), yuan(a.amount), s.date(a.issued), str(issuer), str(a.holder), str(a.purpose))
				c.world.truth.wrote(table.Allocation, 1, a.amount)
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// writeSent writes the sender's ledgers: the county finance office's of each
// year, one of them in units of ten thousand yuan.
func (c *county) writeSent() error {
	for year := firstYear; year < firstYear+years; year++ {
		money, unit := yuan, "单位:元"
		if year == firstYear {
			money, unit = wan, "单位:万元"
		}
		title := fmt.Sprintf("%s%d年专项资金拨付台账", c.finance(), year)
		err := c.single(c.name+"/"+title, "拨付台账", xlsx, title, "填报单位:"+c.finance(), unit, headings(`序号=6 指标文号=20 拨款单位=14 收款单位=24 拨付金额=14
			拨付日期=13 用途=24 凭证号=10 项目编号=18`), func(s *scribe, row func(...cell)) {
			n := 0
			for _, t := range c.transfers {
				if t.from != c.finance() || t.sentOn.Year() != year {
					continue
				}
				n++
				row(num(n), str(t.fund), str(t.from), str(t.to), money(t.amount), s.date(t.sentOn), str(t.purpose), voucher(t), str(t.project))
				c.world.truth.wrote(table.Flow, 1, t.amount)
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// writePaid writes what other units pay on, most of it to contractors: some offices keep a
// ledger of their own, the others' come from the treasury's export.
func (c *county) writePaid() error {
	offices := c.units(func(t *transfer) (string, bool) { return t.from, t.from != c.finance() })
	var central []string
	for i, office := range offices {
		if i%2 == 1 {
			central = append(central, office)
			continue
		}
		title := office + "项目资金支付台账"
		err := c.single(c.name+"/"+title, "支付台账", xls, title, "", "单位:元", headings(`序号=6 项目编号=18 指标文号=20 付款单位=20 收款单位=28 支付金额=14
			支付日期=13 摘要=20`), func(s *scribe, row func(...cell)) {
			n := 0
			for _, t := range c.transfers {
				if t.from != office {
					continue
				}
				n++
				row(num(n), str(t.project), str(t.fund), str(t.from), str(t.to), yuan(t.amount), s.date(t.sentOn), str(t.purpose))
				c.world.truth.wrote(table.Flow, 1, t.amount)
			}
		})
		if err != nil {
			return err
		}
	}
	if central == nil {
		return nil
	}
	return c.single(c.name+"/"+c.name+"国库集中支付明细", "支付明细", xlsx, "", "", "", headings(`预算年度=9 预算单位=22 业务科室=10 预算科目=20 项目分类=12 指标来源=10 指标文件编号=20 支付方式=14
		支付金额=14 摘要=22 支付时间=13 清算时间=13 供应商名称=28 付款账号=22 行政区划代码=12 项目代码=18`), func(s *scribe, row func(...cell)) {
		for _, t := range c.transfers {
			if !slices.Contains(central, t.from) {
				continue
			}
			row(num(t.sentOn.Year()), str(t.from), str("农业股"), str("2130504农村基础设施建设"), str("专项支出"), str("上级专款"), str(t.fund), str("财政授权支付"),
				yuan(t.amount), str(t.purpose), s.date(t.sentOn), s.date(t.sentOn+1), str(t.to), str(accountNumber(treasuryAccount)), str(c.code), str(t.project))
			c.world.truth.wrote(table.Flow, 1, t.amount)
		}
	})
}

func voucher(t *transfer) cell { return str(fmt.Sprintf("记-%04d", t.voucher)) }

// units returns the distinct units that of names among the transfers, in the
// order of their first.
func (c *county) units(of func(*transfer) (string, bool)) (out []string) {
	for _, t := range c.transfers {
		if u, ok := of(t); ok && !slices.Contains(out, u) {
			out = append(out, u)
		}
	}
	return out
}

// writeReceived writes each receiving unit's own ledger of what came in.
func (c *county) writeReceived() error {
	kept := func(t *transfer) bool { return t.from == c.finance() || t.to == c.finance() }
	receivers := c.units(func(t *transfer) (string, bool) { return t.to, kept(t) })
	for i, unit := range receivers {
		as := []format{xlsx, xls, gb}[i%3]
		title := unit + "专项资金收入台账"
		err := c.single(fmt.Sprintf("%s/收入台账/%s", c.name, title), "收入", as, title, "记账单位:"+unit, "单位:元", headings(`序号=6 到账日期=13 指标文号=20 拨款单位=16 收款单位=24 到账金额=14 用途=24 项目编号=18`), func(s *scribe, row func(...cell)) {
			n := 0
			for _, t := range c.transfers {
				if t.to != unit || !kept(t) {
					continue
				}
				for _, r := range t.receipts {
					n++
					row(num(n), s.date(r.on), str(t.fund), str(t.from), str(t.to), s.yuan(r.amount), str(t.purpose), str(t.project))
					c.world.truth.wrote(table.Flow, 1, 0)
				}
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// writeBalances writes what each unit states to hold at the as-of day.
func (c *county) writeBalances() error {
	title := c.name + "2017年资金结余表"
	return c.single(c.name+"/"+title, "结余", xlsx, title, "填报单位:"+c.finance(), "单位:元", headings(`序号=6 单位名称=26 指标文号=20 截止日期=13 结余金额=14`), func(s *scribe, row func(...cell)) {
		for i, b := range c.balances {
			money := yuan(b.amount)
			if b.amount == 0 {
				money = cell{kind: numberCell, text: "0", style: xlsxwrite.Money}
			}
			row(num(i+1), str(b.unit), str(b.fund), s.date(asOf), money)
			c.world.truth.wrote(table.Balance, 1, b.amount)
		}
	})
}

// writeWorks writes the project library, a year to a file.
func (c *county) writeWorks() error {
	for year := firstYear; year < firstYear+years; year++ {
		title := fmt.Sprintf("%s%d年度扶贫项目库", c.name, year)
		err := c.single(c.name+"/"+title, "项目库", xlsx, title, "填报单位:"+c.authority(), "单位:元", headings(`序号=6 项目编号=18 项目名称=36 项目类别=10 指标文号=20 实施单位=20
			县=7 乡镇=9 村=10 投资/预算金额=14 投资/合同金额=14 承包/施工单位=28 承包/统一社会信用代码=21 承包/招标方式=11
			进度/批复日期=13 进度/开工日期=13 进度/完工日期=13 进度/验收日期=13 项目状态=10 受益户数=9 建设规模=10 计量单位=9`), func(s *scribe, row func(...cell)) {
			n := 0
			for _, p := range c.works {
				if p.year != year {
					continue
				}
				n++
				row(num(n), str(p.id), str(p.name), str(p.kind.kind), str(p.fund), str(p.office()), str(c.name), str(p.village.town.name), str(p.village.name),
					yuan(p.budget), yuan(p.contract), str(p.contractor), str(p.code), str(p.tender),
					s.date(p.approved), s.date(p.started), s.date(p.finished), s.date(p.accepted), str(p.status()), num(p.households), quantity(p.quantity), str(p.kind.unit))
				c.world.truth.wrote(table.Works, 1, p.budget)
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// The columns of outside registers.
var (
	ofName    = func(s *scribe, e entry) cell { return s.name(e.name) }
	ofID      = func(_ *scribe, e entry) cell { return str(e.id) }
	ofSince   = func(s *scribe, e entry) cell { return s.date(e.since) }
	ofUntil   = func(s *scribe, e entry) cell { return s.date(e.until) }
	ofUnit    = func(_ *scribe, e entry) cell { return str(e.unit) }
	ofValue   = func(_ *scribe, e entry) cell { return yuan(e.value) }
	ofRelated = func(_ *scribe, e entry) cell { return str(e.related) }
	ofTown    = func(_ *scribe, e entry) cell { return str(e.village.town.name) }
	ofVillage = func(_ *scribe, e entry) cell { return str(e.village.name) }
)

// writeEntries writes the outside registers, each with its own words.
func (c *county) writeEntries() error {
	for _, sheet := range []struct {
		kind    registerKind
		format  format
		title   string
		heads   string
		columns []func(*scribe, entry) cell
	}{
		{deceased, xlsx, "死亡人员信息表", "姓名=10 身份证号=21 死亡日期=13 乡镇=10 村=10", columns(ofName, ofID, ofSince, ofTown, ofVillage)},
		{publicPayroll, gb, "财政供养人员名册", "姓名=10 身份证号=21 工作单位=26 起始日期=13 截止日期=13", columns(ofName, ofID, ofUnit, ofSince, ofUntil)},
		{villageCadre, xls, "村干部名册", "姓名=10 身份证号=21 任职单位=30 任职日期=13 离任日期=13", columns(ofName, ofID, ofUnit, ofSince, ofUntil)},
		{vehicle, bom, "机动车登记信息", "所有人姓名=11 身份证号=21 车牌号=12 登记日期=13 车辆价值=13", columns(ofName, ofID, ofUnit, ofSince, ofValue)},
		{property, xlsx, "房产登记信息", "权利人姓名=11 身份证号=21 房屋坐落=28 登记日期=13 评估价值=13", columns(ofName, ofID, ofUnit, ofSince, ofValue)},
		{company, gb, "工商企业登记信息", "法定代表人=11 身份证号=21 企业名称=28 统一社会信用代码=21 成立日期=13 注册资本=13", columns(ofName, ofID, ofUnit, ofRelated, ofSince, ofValue)},
		{socialInsurance, xls, "城镇职工社保参保信息", "姓名=10 身份证号=21 参保单位=28 参保日期=13 停保日期=13", columns(ofName, ofID, ofUnit, ofSince, ofUntil)},
		{inCustody, bom, "服刑人员信息", "姓名=10 身份证号=21 服刑单位=18 收监日期=13 释放日期=13", columns(ofName, ofID, ofUnit, ofSince, ofUntil)},
		{student, xlsx, "在校学生学籍信息", "姓名=10 身份证号=21 学校名称=24 入学日期=13", columns(ofName, ofID, ofUnit, ofSince)},
	} {
		title := c.name + sheet.title
		err := c.single(fmt.Sprintf("%s/比对库/%s", c.name, title), "Sheet1", sheet.format, title, "", "", headings(sheet.heads), func(s *scribe, row func(...cell)) {
			for _, e := range c.entries {
				if e.kind != sheet.kind {
					continue
				}
				cells := make([]cell, len(sheet.columns))
				for i, value := range sheet.columns {
					cells[i] = value(s, e)
				}
				row(cells...)
				c.world.truth.wrote(table.Register, 1, 0)
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func columns(c ...func(*scribe, entry) cell) []func(*scribe, entry) cell { return c }

// writeComplaints writes the complaints taken.
func (c *county) writeComplaints() error {
	if len(c.complaints) == 0 {
		return nil
	}
	title := c.name + "2017年扶贫领域信访举报登记表"
	return c.single(c.name+"/"+title, "登记表", xlsx, title, "", "", headings(`序号=6 受理日期=13 县=7 乡镇=10 村=10 被反映人=10 被反映人身份证号=21 反映内容=44 来源=10`), func(s *scribe, row func(...cell)) {
		for i, x := range c.complaints {
			row(num(i+1), s.date(x.on), str(c.name), str(x.village.town.name), str(x.village.name), str(x.name), str(x.id), str(x.about), str(x.channel))
			c.world.truth.wrote(table.Complaint, 1, 0)
		}
	})
}

// treasuryAccount is the number, among accounts, of the treasury's: past those
// of as many households as can be asked for.
const treasuryAccount = maxCounties*perCounty + 1
