package generate

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"fundtrace/pipeline/table"
)

// books are the files that a county writes town by town: the payment
// platform's exports, one for each program and year, however large.
type books struct {
	county *county
	open   []*platformBook
}

// A platformBook is one export while it grows.
type platformBook struct {
	batch  *batch
	file   *file
	page   *page
	scribe *scribe
	lines  int
}

// openBooks begins the platform's exports.
func (c *county) openBooks() (*books, error) {
	b := &books{county: c}
	for i, of := range c.batches {
		l := of.program.roster
		if l != platformRoster {
			continue
		}
		as := []format{xlsx, bom, gb, xlsx}[i%4]
		name := fmt.Sprintf("%s/%s%d年%s一卡通发放明细", c.name, c.name, of.period.Year(), of.program.name)
		f, err := c.world.out.open(name, as)
		if err != nil {
			return nil, err
		}
		c.world.truth.Files++
		s := c.world.scribe(as, name)
		p := newPage(f, "发放明细", l.headings(s))
		p.header()
		b.open = append(b.open, &platformBook{batch: of, file: f, page: p, scribe: s})
	}
	return b, nil
}

// add writes a town's roster to its export.
func (b *books) add(r *roster) {
	for _, o := range b.open {
		if o.batch != r.batch {
			continue
		}
		for _, p := range r.lines {
			o.lines++
			r.line(o.page, o.scribe, rosterLine{p, o.lines, false})
		}
	}
}

// close ends the exports.
func (b *books) close() error {
	var errs []error
	for _, o := range b.open {
		errs = append(errs, o.file.close())
	}
	return errors.Join(errs...)
}

// write writes all that is written of one town.
func (t *town) write(b *books) error {
	rosters := t.collect()
	t.rosters = nil
	for _, r := range rosters {
		if r.batch.program.roster == platformRoster {
			b.add(r)
			continue
		}
		t.rosters = append(t.rosters, r)
	}
	t.label(t.rosters)
	t.county.world.plant(&site{county: t.county, town: t})
	return firstError(t.county.world.err, t.writeRosters(t.rosters), t.writeHouseholds(), t.writeBank(rosters), t.writeWithdrawals())
}

// single writes a file of one sheet: title, note, header, rows. Rows come from
// lines, which calls its argument for each; the file's scribe writes them.
func (c *county) single(name, sheet string, as format, title, left, right string, heads []head, lines func(*scribe, func(...cell))) error {
	f, err := c.world.out.open(name, as)
	if err != nil {
		return err
	}
	c.world.truth.Files++
	s := c.world.scribe(as, name)
	p := newPage(f, sheet, heads)
	p.opening(s, title, left, right)
	p.header()
	lines(s, p.row)
	return f.close()
}

// neighbour is the county that pays guests.
func (c *county) neighbour() string { return countyName((c.index + maxCounties/2) % maxCounties) }

// writeGuests writes what the neighbour's payment platform paid to people of the
// county, from a fund of its own.
func (c *county) writeGuests() error {
	if len(c.guests) == 0 {
		return nil
	}
	name := fmt.Sprintf("%[1]s/%[1]s2017年%[2]s一卡通发放明细(节选)", c.neighbour(), farmland.name)
	f, err := c.world.out.open(name, xlsx)
	if err != nil {
		return err
	}
	c.world.truth.Files++
	s := c.world.scribe(xlsx, name)
	p := newPage(f, "发放明细", platformRoster.headings(s))
	p.header()
	for i, g := range c.guests {
		cells := make([]cell, len(platformRoster.columns))
		for j, col := range platformRoster.columns {
			cells[j] = col.value(s, rosterLine{g, i + 1, false})
			if slices.Contains(col.words, payerColumn.words[0]) {
				cells[j].text = c.neighbour() + "财政局"
			}
		}
		p.row(cells...)
		c.world.truth.paid(farmland.name, g.amount)
	}
	return f.close()
}

// fundGuests allots the neighbour what it pays guests.
func (c *county) fundGuests() {
	if len(c.guests) == 0 {
		return
	}
	a := &allocation{fund: c.notice(firstYear + 1), title: "关于下达2017年" + farmland.short + "资金的通知", holder: c.neighbour() + "财政局", purpose: farmland.fundTag}
	for _, g := range c.guests {
		if day := g.day - 12; a.issued == 0 || day < a.issued {
			a.issued = day
		}
		a.amount += g.amount
		g.fund = a.fund
	}
	c.allocations = append(c.allocations, a)
	c.balances = append(c.balances, balance{a.holder, a.fund, 0})
}

// writeBank writes the bank's return of the low-income allowance, a file a year.
func (t *town) writeBank(rosters []*roster) error {
	c := t.county
	for year := firstYear; year < firstYear+years; year++ {
		as := []format{gb, xlsx, bom}[(t.index+year)%3]
		name := fmt.Sprintf("%s/%s/%d年/%s%d年低保代发回盘", c.name, t.name, year, t.name, year)
		heads := headings(`账号=22 户名=10 交易金额=12 记账日期=13 收支方向=9 批次=14 处理结果=10 指标文号=19`)
		err := c.single(name, "代发明细", as, "", "", "", heads, func(s *scribe, row func(...cell)) {
			for _, r := range rosters {
				if r.batch.program != allowance || r.batch.period.Year() != year {
					continue
				}
				for _, p := range r.lines {
					entry := func(after table.Day, outcome string) {
						row(s.number(p.into()), str(p.collects().name), yuan(p.amount), s.date(p.day+after), str("收入"),
							str(fmt.Sprintf("%dDB%02d", year, r.batch.period.From()%12/3+1)), str(outcome), str(p.batch.fund))
						c.world.truth.wrote(table.BankEntry, 1, p.amount)
					}
					if p.returned {
						entry(1, "失败")
					}
					if !p.returned || p.repaid {
						entry(map[bool]table.Day{true: 4, false: 1}[p.repaid], "成功")
					}
				}
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// A withdrawal is money that left a household's account.
type withdrawal struct {
	from   *payment // into the account
	amount table.Fen
	on     table.Day
	to     string // the other account
	holder string // its holder
}

// writeWithdrawals writes the bank's statement of accounts whose money went on.
func (t *town) writeWithdrawals() error {
	if len(t.withdrawals) == 0 {
		return nil
	}
	c := t.county
	name := fmt.Sprintf("%s/%s/2017年/%s一卡通账户交易流水", c.name, t.name, t.name)
	heads := headings(`账号=22 户名=10 交易金额=12 记账日期=13 收支方向=9 对方账号=22 对方户名=10`)
	return c.single(name, "交易流水", xlsx, "", "", "", heads, func(s *scribe, row func(...cell)) {
		for _, w := range t.withdrawals {
			row(str(w.from.into()), str(w.from.collects().name), yuan(w.amount), s.date(w.on), str("支出"), str(w.to), str(w.holder))
			c.world.truth.wrote(table.BankEntry, 1, w.amount)
		}
	})
}

// stray writes what lies about among the files and is none of them: a lock
// file, a telephone list, a note of a meeting, and a file that stands twice.
func (w *world) stray() error {
	lock, err := w.out.create("甲县/~$甲县2017年度扶贫项目库.xlsx")
	if err != nil {
		return err
	}
	_, err = lock.Write(append([]byte{5}, make([]byte, 164)...))
	if err = firstError(err, lock.Close()); err != nil {
		return fmt.Errorf("writing a lock file: %w", err)
	}
	w.truth.Files++
	f, err := w.out.open("甲县/扶贫系统值班通讯录", xlsx)
	if err != nil {
		return err
	}
	p := newPage(f, "通讯录", headings(`科室=16 职务=12 办公电话=14 值班时间=16`))
	p.opening(w.scribe(xlsx, f.name), "甲县扶贫系统值班通讯录", "", "")
	p.header()
	for i, office := range []string{"办公室", "规划财务股", "社会扶贫股", "信息中心"} {
		p.row(str(office), str("负责人"), str(fmt.Sprintf("0000-10000%02d", i+1)), str("工作日"))
	}
	p = newPage(f, "会议记录", []head{{width: 80}})
	for _, line := range []string{"会议记录", "时间:2017年6月5日上午   地点:二楼会议室", "议题:研究第二季度资金拨付和扶贫领域专项检查工作", "议定:各单位于六月底前报送台账。"} {
		p.sign(line)
	}
	if err := f.close(); err != nil {
		return err
	}
	w.truth.Files++
	return w.twice("甲县/甲县2017年资金结余表.xlsx", "甲县/报送材料/甲县2017年资金结余表(最终版).xlsx")
}

// twice copies a file.
func (w *world) twice(from, to string) error {
	in, err := os.ReadFile(filepath.Join(w.out.dir, filepath.FromSlash(from)))
	if err != nil {
		return fmt.Errorf("reading a generated file: %w", err)
	}
	out, err := w.out.create(to)
	if err != nil {
		return err
	}
	_, err = out.Write(in)
	w.truth.Files++
	return firstError(err, out.Close())
}
