package generate

import (
	"archive/zip"
	"fmt"
	"slices"

	"fundtrace/pipeline/table"
)

// A roster is one sheet of payments of one batch in one town.
type roster struct {
	town      *town
	batch     *batch
	lines     []*payment // by village
	file      string     // without the extension
	sheet     string
	format    format
	packed    bool // in a zip
	planted   bool
	misstated table.Fen // by how much its total is too high
}

// A layout is the form a roster has.
type layout struct {
	columns   []rosterColumn
	blocks    bool // a village is named on its first line, and has a subtotal
	page      int  // lines to a printed page, after which the header comes again; 0 for one header
	wan       bool // amounts in units of ten thousand yuan
	total     bool // a total and signatures at the end
	cover     bool // the roster is on the second sheet, behind instructions
	fundNoted bool // the fund's number stands over the header
}

// A rosterColumn is one column: the words any of which may head it, the word
// above, the width, and what it says of a line.
type rosterColumn struct {
	words []string
	group string
	width float64
	value func(s *scribe, l rosterLine) cell

	hidden bool
}

// A rosterLine is a payment in its place.
type rosterLine struct {
	*payment
	seq   int
	first bool // of its village
}

// cites returns the fund number as the line has it.
func (p *payment) cites() string {
	switch {
	case p.fund != "":
		return p.fund
	case p.cited != "":
		return p.cited
	}
	return p.batch.fund
}

func (p *payment) into() string {
	if p.account != "" {
		return p.account
	}
	return p.house.account
}

func (p *payment) collects() *person {
	if p.payee != nil {
		return p.payee
	}
	return p.house.head()
}

func (p *payment) heads() *person {
	if p.head != nil {
		return p.head
	}
	return p.house.head()
}

// The columns that rosters share.
var (
	seqColumn     = rosterColumn{words: []string{"序号"}, width: 6, value: func(_ *scribe, l rosterLine) cell { return num(l.seq).centred() }}
	villageColumn = rosterColumn{words: []string{"行政村", "村名", "村委会"}, width: 11, value: func(_ *scribe, l rosterLine) cell { return str(l.house.village.name) }}
	blockColumn   = rosterColumn{words: []string{"行政村", "村(居)委会", "村"}, width: 11, value: func(_ *scribe, l rosterLine) cell {
		if !l.first {
			return str("").centred()
		}
		return str(l.house.village.name).centred()
	}}
	hamletColumn   = rosterColumn{words: []string{"自然屯", "村民小组", "屯"}, width: 9, value: func(_ *scribe, l rosterLine) cell { return str(l.house.hamlet) }}
	headColumn     = rosterColumn{words: []string{"户主姓名", "户主"}, width: 10, value: func(s *scribe, l rosterLine) cell { return s.name(l.heads().name) }}
	headIDColumn   = rosterColumn{words: []string{"户主身份证号", "户主身份证号码"}, width: 21, value: func(s *scribe, l rosterLine) cell { return s.id(l.heads()) }}
	whoColumn      = rosterColumn{words: []string{"姓名", "补贴对象", "享受人"}, width: 10, value: func(s *scribe, l rosterLine) cell { return s.name(l.who.name) }}
	whoIDColumn    = rosterColumn{words: []string{"身份证号码", "身份证号", "公民身份号码", "证件号码"}, width: 21, value: func(s *scribe, l rosterLine) cell { return s.id(l.who) }}
	accountColumn  = rosterColumn{words: []string{"一卡通账号", "银行帐号", "账号", "卡号"}, width: 22, value: func(s *scribe, l rosterLine) cell { return s.number(l.into()) }}
	tierColumn     = rosterColumn{words: []string{"类别", "对象类别", "保障类别"}, width: 10, value: func(_ *scribe, l rosterLine) cell { return str(l.tier).centred() }}
	periodColumn   = rosterColumn{words: []string{"所属期", "补贴期间"}, width: 13, value: func(s *scribe, l rosterLine) cell { return s.period(l.batch.period) }}
	quantityColumn = rosterColumn{words: []string{"数量"}, width: 8, value: func(_ *scribe, l rosterLine) cell { return quantity(l.quantity) }}
	standardColumn = rosterColumn{words: []string{"补助标准", "补贴标准"}, width: 10, value: func(_ *scribe, l rosterLine) cell { return yuan(l.standard) }}
	amountColumn   = rosterColumn{words: []string{"补助金额", "发放金额", "实发金额", "金额", "补贴金额"}, width: 12, value: func(s *scribe, l rosterLine) cell { return s.yuan(l.amount) }}
	dayColumn      = rosterColumn{words: []string{"发放日期", "发放时间"}, width: 13, value: func(s *scribe, l rosterLine) cell { return s.date(l.day) }}
	fundColumn     = rosterColumn{words: []string{"指标文号", "资金文号"}, width: 19, value: func(_ *scribe, l rosterLine) cell { return str(l.cites()) }}
	payerColumn    = rosterColumn{words: []string{"发放单位"}, width: 16, value: func(_ *scribe, l rosterLine) cell { return str(l.batch.program.payer.unit(l.house.village.town)) }}
	noteColumn     = rosterColumn{words: []string{"备注"}, width: 12, value: func(_ *scribe, l rosterLine) cell { return str(l.note) }}
	phoneColumn    = rosterColumn{words: []string{"联系电话"}, width: 13, value: func(_ *scribe, l rosterLine) cell { return str(l.house.phone) }}
)

// under returns the column with a word above it, headed by words of its own.
func (c rosterColumn) under(group string, words ...string) rosterColumn {
	c.group, c.words = group, words
	return c
}

// out returns the column hidden.
func (c rosterColumn) out() rosterColumn {
	c.hidden = true
	return c
}

// The layouts.
var (
	plainRoster = &layout{total: true, columns: []rosterColumn{
		seqColumn, villageColumn, headColumn, whoColumn, whoIDColumn, accountColumn, tierColumn, periodColumn,
		quantityColumn, standardColumn, amountColumn, dayColumn, payerColumn, fundColumn, noteColumn,
	}}
	blockRoster = &layout{blocks: true, total: true, columns: []rosterColumn{
		seqColumn, blockColumn, hamletColumn, whoColumn, whoIDColumn, accountColumn, tierColumn, periodColumn,
		quantityColumn, standardColumn, amountColumn, dayColumn, fundColumn, noteColumn,
	}}
	pagedRoster = &layout{page: 25, total: true, cover: true, columns: []rosterColumn{
		seqColumn, villageColumn, hamletColumn, headColumn, headIDColumn, accountColumn,
		quantityColumn.under("", "种植面积(亩)", "面积(亩)"), standardColumn.under("", "奖补标准", "补助标准"), amountColumn.under("", "奖补金额", "补助金额"), dayColumn, fundColumn, phoneColumn.out(),
	}}
	groupedRoster = &layout{wan: true, total: true, fundNoted: true, columns: []rosterColumn{
		seqColumn, villageColumn,
		headColumn.under("农户基本情况", "户主姓名"), headIDColumn.under("农户基本情况", "户主身份证号"),
		{words: []string{"家庭人口"}, group: "农户基本情况", width: 9, value: func(_ *scribe, l rosterLine) cell { return num(len(l.house.members)).centred() }},
		tierColumn.under("补助情况", "农户类别"),
		{words: []string{"补助资金"}, group: "补助情况", width: 11, value: func(_ *scribe, l rosterLine) cell { return wan(l.amount) }},
		accountColumn, dayColumn, noteColumn,
	}}
	platformRoster = &layout{columns: []rosterColumn{
		seqColumn,
		{words: []string{"支付状态"}, width: 10, value: func(_ *scribe, l rosterLine) cell {
			if l.state != "" {
				return str(l.state)
			}
			return str("已发放")
		}},
		{words: []string{"补贴项目"}, width: 18, value: func(_ *scribe, l rosterLine) cell { return str(l.batch.program.name) }},
		headColumn.under("", "户主姓名"), headIDColumn.under("", "户主身份证号"),
		{words: []string{"收款人姓名"}, width: 10, value: func(s *scribe, l rosterLine) cell { return s.name(l.collects().name) }},
		{words: []string{"收款人身份证号"}, width: 21, value: func(s *scribe, l rosterLine) cell { return s.id(l.collects()) }},
		accountColumn.under("", "银行账号"),
		{words: []string{"开户银行"}, width: 26, value: func(_ *scribe, l rosterLine) cell { return str(l.house.bank) }},
		{words: []string{"乡镇"}, width: 10, value: func(_ *scribe, l rosterLine) cell { return str(l.house.village.town.name) }},
		villageColumn.under("", "村(居)委会"), hamletColumn.under("", "村(居)民小组"),
		whoColumn.under("", "享受人"), whoIDColumn.under("", "享受人身份证号"), phoneColumn,
		{words: []string{"年龄"}, width: 6, value: func(_ *scribe, l rosterLine) cell { return num(l.who.age(l.day)) }},
		standardColumn.under("", "补贴标准"), quantityColumn, amountColumn.under("", "金额"), periodColumn,
		dayColumn.under("", "发放日期"), fundColumn, payerColumn, noteColumn,
		{words: []string{"与户主关系"}, width: 10, value: func(_ *scribe, l rosterLine) cell { return str(l.who.relation) }},
	}}
)

// headings returns a layout's headings in a scribe's words.
func (l *layout) headings(s *scribe) []head {
	out := make([]head, len(l.columns))
	for i, c := range l.columns {
		out[i] = head{s.word(c.words), c.group, c.width, c.hidden}
	}
	return out
}

// amountAt returns the index of the column of money.
func (l *layout) amountAt() int {
	return slices.IndexFunc(l.columns, func(c rosterColumn) bool {
		return slices.Contains(c.words, "金额") || slices.Contains(c.words, "补助金额") || slices.Contains(c.words, "补助资金")
	})
}

// key returns the sheet's key: file!sheet, the file in its zip.
func (r *roster) key() string {
	key := r.file + r.format.ext + "!" + r.sheet
	if r.packed {
		key = r.town.pack(r.batch.period.Year()) + "/" + key
	}
	return key
}

// pack returns the name of the zip of a year's rosters.
func (t *town) pack(year int) string {
	return fmt.Sprintf("%s/%s/%s%d年惠农补贴发放资料.zip", t.county.name, t.name, t.name, year)
}

// totals reports whether the roster states a total that a planter may change.
func (r *roster) totals() bool {
	return r.batch.program.roster.total && !r.format.isText()
}

// collect makes the town's rosters of its villages' payments, and adds up what
// each fund must bring.
func (t *town) collect() []*roster {
	by := map[*batch]*roster{}
	for _, v := range t.villages {
		for _, h := range v.households {
			for _, p := range h.payments {
				r := by[p.batch]
				if r == nil {
					r = &roster{town: t, batch: p.batch}
					by[p.batch] = r
				}
				r.lines = append(r.lines, p)
				if p.fund == "" {
					p.batch.sums[t.index] += p.amount
				}
			}
		}
	}
	var out []*roster
	for _, b := range t.county.batches {
		if r := by[b]; r != nil {
			out = append(out, r)
		}
	}
	return out
}

// packs reports whether the town sends a year's rosters as one zip.
func (t *town) packs(year int) bool { return (t.index+year)%4 == 1 }

// label gives each roster its file and sheet. What is paid quarterly stands on
// four sheets of a workbook, or in four text files.
func (t *town) label(rosters []*roster) {
	for _, r := range rosters {
		p, year := r.batch.program, r.batch.period.Year()
		pick := t.county.world.rand("format "+p.name, t.county.index, t.index, year)
		r.format = []format{xlsx, xlsx, xlsx, xls, xls, gb, bom, utf16, utf8}[pick.IntN(9)]
		if len(r.lines) > 60_000 || p.roster.cover {
			r.format = xlsx
		}
		r.packed = t.packs(year)
		quarter := p.period == quarterly
		folder := ""
		if !r.packed {
			folder = fmt.Sprintf("%s/%s/%d年/", t.county.name, t.name, year)
		}
		switch {
		case quarter && r.format.isText():
			r.file = fmt.Sprintf("%s%s%s%s发放名册", folder, t.name, periodWords(r.batch.period), p.name)
		case quarter:
			r.file = fmt.Sprintf("%s%s%d年%s发放名册", folder, t.name, year, p.name)
			r.sheet = fmt.Sprintf("%d季度", r.batch.period.From()%12/3+1)
		default:
			day := r.batch.paid + table.Day(t.index%3)
			r.file = fmt.Sprintf("%s%s%d年%s发放名册%s(%d人)", folder, t.name, year, p.name, []string{compact(day), day.String()}[pick.IntN(2)], len(r.lines))
			r.sheet = []string{"Sheet1", "发放名册", p.name}[pick.IntN(3)]
			if p.roster.cover {
				r.sheet = "Sheet2"
			}
		}
		if r.format.isText() {
			r.sheet = ""
		}
	}
}

// compact writes a day as 20170315.
func compact(d table.Day) string {
	y, m, day := d.Date()
	return fmt.Sprintf("%d%02d%02d", y, m, day)
}

// writeRosters writes the town's own rosters, a year's as a zip where the town
// packs them.
func (t *town) writeRosters(rosters []*roster) error {
	for year := firstYear; year < firstYear+years; year++ {
		out := t.county.world.out
		var done func() error
		if t.packs(year) {
			w, err := out.create(t.pack(year))
			if err != nil {
				return err
			}
			z := zip.NewWriter(w)
			out = &folder{zip: z}
			done = func() error { return firstError(z.Close(), w.Close()) }
			t.county.world.truth.Files++
		}
		for i := 0; i < len(rosters); {
			j := i + 1
			for j < len(rosters) && rosters[j].file == rosters[i].file {
				j++
			}
			if rosters[i].batch.period.Year() == year {
				if err := t.writeFile(out, rosters[i:j]); err != nil {
					return err
				}
			}
			i = j
		}
		if done != nil {
			if err := done(); err != nil {
				return fmt.Errorf("packing rosters: %w", err)
			}
		}
	}
	return nil
}

// writeFile writes rosters that share a file.
func (t *town) writeFile(out *folder, rosters []*roster) error {
	r := rosters[0]
	f, err := out.open(r.file, r.format)
	if err != nil {
		return err
	}
	if !r.packed {
		t.county.world.truth.Files++
	}
	s := t.county.world.scribe(r.format, r.file)
	if r.batch.program.roster.cover {
		p := newPage(f, "Sheet1", []head{{width: 60}})
		for _, line := range []string{"填 表 说 明", "一、本表由各乡镇财政所填报,一户一行。", "二、名册须经村民代表会议评议并公示七天。", "三、金额以元为单位,保留两位小数。"} {
			p.sign(line)
		}
	}
	for _, r := range rosters {
		r.write(f, s)
	}
	if r.batch.program.roster.cover {
		newPage(f, "Sheet3", nil)
	}
	return f.close()
}

// write writes the roster as a sheet.
func (r *roster) write(f book, s *scribe) {
	l := r.batch.program.roster
	t := r.town
	p := newPage(f, r.sheet, l.headings(s))
	title := fmt.Sprintf("%s%s%s%s发放名册", t.county.name, t.name, periodWords(r.batch.period), r.batch.program.name)
	left := "填报单位:" + r.batch.program.payer.unit(t)
	if l.fundNoted {
		left = "发放单位:" + r.batch.program.payer.unit(t) + " 指标文号:" + r.batch.fund
	}
	p.opening(s, title, left, map[bool]string{true: "单位:万元", false: "单位:元"}[l.wan])
	p.header()
	var sum, block table.Fen
	blockStart := p.next
	endBlock := func() {
		if l.blocks && p.next > blockStart+1 {
			f.merge(blockStart, 1, p.next-1, 1)
		}
		if l.blocks {
			p.total("小计", l.amountAt(), block, yuan)
		}
		block, blockStart = 0, p.next
	}
	for i, line := range r.lines {
		v := line.house.village
		first := i == 0 || v != r.lines[i-1].house.village
		if first && i > 0 {
			endBlock()
		}
		if l.page > 0 && i > 0 && i%l.page == 0 {
			p.header()
		}
		r.line(p, s, rosterLine{line, i + 1, first})
		sum += line.amount
		block += line.amount
	}
	endBlock()
	if l.total {
		plain := yuan
		if l.wan {
			plain = wan
		}
		p.total([]string{"合计", "总计", "合 计"}[s.heads%3], l.amountAt(), sum+r.misstated, plain)
		_, m, d := r.batch.paid.Date()
		p.sign(fmt.Sprintf("制表人:%s    审核:%s    填报日期:%d年%d月%d日", t.villages[0].helpers[0], t.villages[0].helpers[1], r.batch.paid.Year(), m, d))
	}
}

// line writes one payment and counts it.
func (r *roster) line(p *page, s *scribe, l rosterLine) {
	columns := r.batch.program.roster.columns
	cells := make([]cell, len(columns))
	for i, c := range columns {
		cells[i] = c.value(s, l)
	}
	p.row(cells...)
	r.town.county.world.truth.paid(r.batch.program.name, l.amount)
}
