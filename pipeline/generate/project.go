package generate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"fundtrace/pipeline/table"
)

// A project is one line of the project library, built and paid for in full
// after acceptance (先建后补).
type project struct {
	id         string
	name       string
	kind       *works
	village    *village
	year       int
	fund       string
	budget     table.Fen
	contract   table.Fen
	contractor string
	code       string
	tender     string
	approved   table.Day
	started    table.Day
	finished   table.Day
	accepted   table.Day
	paid       table.Day
	households int
	quantity   table.Quantity
	extra      table.Fen // paid over the contract
	planted    bool      // a planter has it
	unit       string    // that implements it, in place of its kind's office
}

// works is a kind of project.
type works struct {
	kind     string
	name     string // in a project's name
	unit     string // of the quantity
	price    table.Fen
	from, to int    // whole units a project has
	office   string // implementing office of the county
}

var kinds = []*works{
	{"道路硬化", "屯内道路硬化工程", "米", 420_00, 300, 1500, "交通运输局"},
	{"人饮工程", "人畜饮水工程", "米", 95_00, 1200, 4000, "水利局"},
	{"产业基地", "特色种植示范基地", "亩", 2_600_00, 40, 160, "农业局"},
	{"农田水利", "灌溉渠道修建", "米", 230_00, 400, 2000, "水利局"},
	{"文化设施", "村级文化活动室", "平方米", 1_450_00, 80, 220, "扶贫开发办公室"},
	{"公共照明", "太阳能路灯安装", "盏", 3_300_00, 20, 90, "扶贫开发办公室"},
}

// lead is the day of a year on which things of a project happen: approved,
// started, finished, accepted, money issued, money at the office, contractor
// paid.
var leadDays = [...]int{40, 75, 170, 195, 208, 224, 238}

// build adds a village's project of a year.
func (v *village) build(year int, k *works) *project {
	r := v.rand
	c := v.town.county
	n := table.Quantity(k.from+r.IntN(k.to-k.from)) * one
	price := k.price * table.Fen(94+r.IntN(13)) / 100
	day := func(i int) table.Day {
		return table.DayOf(year, 1, 1) + table.Day(leadDays[i]+v.index%5+3*v.town.index%7)
	}
	contract := amountOf(price, n)
	p := &project{
		id:   fmt.Sprintf("%s%d%05d", c.code, year, len(c.works)+1),
		name: fmt.Sprintf("%s%s%s%s", v.town.name, v.name, v.hamlets[r.IntN(len(v.hamlets))], k.name),
		kind: k, village: v, year: year,
		budget: contract*table.Fen(103+r.IntN(5))/100/100_00*100_00 + 100_00, contract: contract,
		tender:   []string{"公开招标", "竞争性谈判", "询价"}[r.IntN(3)],
		approved: day(0), started: day(1), finished: day(2), accepted: day(3),
		quantity: n, households: max(1, len(v.households)/2),
	}
	// An office gives a firm one contract a year: several would look split.
	firm := 0
	for _, o := range c.works {
		if o.year == year && o.kind.office == k.office {
			firm++
		}
	}
	firm = (firm + 400*slices.Index(kinds, k)) % contractors
	p.contractor, p.code = firmName(firm), firmCode(firm)
	c.works = append(c.works, p)
	v.works = append(v.works, p)
	return p
}

// contractors is how many firms have names.
const contractors = 2_880

var (
	firmFirst  = strings.Fields("宏达 瑞丰 恒基 鼎盛 联创 正源 广厦 华筑 永固 开元 金桥 腾跃")
	firmSecond = strings.Fields("兴业 诚信 远大 恒通 众合 天成 建安 祥和 永泰 利民 长城 新力")
	firmLast   = []string{"建设工程有限公司", "水利建筑有限公司"}
)

func firmName(i int) string {
	return string([]rune("甲乙丙丁戊己庚辛壬癸")[i/288%10]) + "市" + firmFirst[i%12] + firmSecond[i/12%12] + firmLast[i/144%2]
}

// firmCode returns an invented code of 18 characters in the form of a unified
// social credit code, with region 459999.
func firmCode(i int) string {
	return fmt.Sprintf("91459999MA%07d%c", (5_000_000+i*7_919)%10_000_000, 'A'+rune(i%8))
}

func (p *project) office() string {
	if p.unit != "" {
		return p.unit
	}
	return p.village.town.county.name + p.kind.office
}

// status returns the library's word for how far a project is.
func (p *project) status() string {
	switch {
	case p.accepted != 0:
		return "已验收"
	case p.finished != 0:
		return "已完工"
	case p.started != 0:
		return "在建"
	}
	return "未开工"
}

// fundWorks allots one fund a year for the county's projects and sends its
// money by way of the offices to the contractors.
func (c *county) fundWorks(year int) {
	var a *allocation
	for _, p := range c.works {
		if p.year != year {
			continue
		}
		shift := table.Day(p.village.index % 5)
		start := table.DayOf(year, 1, 1)
		if a == nil {
			a = &allocation{fund: c.notice(year), title: fmt.Sprintf("关于下达%d年财政专项扶贫资金(基础设施和产业基地)的通知", year),
				issued: start + table.Day(leadDays[4]), holder: c.finance(), purpose: "基础设施和产业基地建设"}
			c.allocations = append(c.allocations, a)
		}
		p.fund = a.fund
		pay := p.contract + p.extra
		a.amount += pay
		p.paid = start + table.Day(leadDays[6]) + shift
		c.send(transfer{fund: a.fund, from: c.finance(), to: p.office(), amount: pay, sentOn: start + table.Day(leadDays[5]), project: p.id, purpose: p.kind.kind + "工程款"})
		c.send(transfer{fund: a.fund, from: p.office(), to: p.contractor, amount: pay, sentOn: p.paid, project: p.id, purpose: p.kind.kind + "工程款"})
	}
}

// plan adds the village's projects of both years, of different kinds.
func (v *village) plan(r *rand.Rand) {
	k := r.IntN(len(kinds))
	for y := range years {
		if r.IntN(3) > 0 {
			v.build(firstYear+y, kinds[(k+y)%len(kinds)])
		}
	}
}
