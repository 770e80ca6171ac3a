package intake

import (
	"cmp"
	"fmt"
	"math"
	"path"
	"slices"

	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
)

// weighUnits asks of every table whether its money can be in the unit that it was
// read in: what it names agrees with the totals it states in words, with the
// allocations that its funds have, with what a line of such a table and program
// comes to, and, where it names none, with the other sheets of the office. A
// table that fails stays as it is read; its money is marked as guessed, and said.
func weighUnits(chunks []*chunk, p *policy.Policy, lang language) error {
	all := otherTables{allocations(chunks), officesInTens(chunks), ofPrograms(chunks)}
	for _, c := range chunks {
		if c.table == nil || c.money.field == "" || c.money.mapped {
			continue
		}
		if why := c.unitDoubt(p, all, lang); why != "" {
			if err := c.guessUnit(why); err != nil {
				return err
			}
		}
	}
	return nil
}

// otherTables is what the other tables say of a table's money.
type otherTables struct {
	allocated map[string][]int64  // by fund number, a sum for each sheet of allocations
	inTens    map[string]string   // by office with units' money in 万元, its first such sheet
	programs  map[string][]*chunk // by program, its rosters
}

// A moneyReading is how the money of a table was read.
type moneyReading struct {
	field  string    // the main one, "" where there is none
	unit   moneyUnit // its
	fields []string  // those that are of the same unit for the same reason
	mapped bool      // a mapping names the unit
	middle int64     // the median of its amounts that are not nought; 0 for none
	sums   []int64   // fen that titles and totals state in words, their unit with them
}

// mainMoney is the money of tables that have no main column of it.
var mainMoney = map[*table.Schema][]string{
	table.Flow: {"sent_amount", "received_amount"}, table.Member: {"income_per_capita"}, table.Register: {"value"},
}

// moneyRead tells how the money of the table was read.
func (m *filler) moneyRead(set *setting) moneyReading {
	var r moneyReading
	names := mainMoney[m.l.schema]
	if names == nil {
		names = []string{m.l.schema.Money}
	}
	for _, f := range names {
		if c := m.l.col(f, 0); r.field == "" && c >= 0 {
			r.field, r.unit = f, m.l.unitOf(c)
		}
	}
	if r.field == "" {
		return r
	}
	for _, f := range m.l.schema.Fields {
		if c := m.l.col(f.Name, 0); f.Type == table.Money && c >= 0 && m.l.unitOf(c) == r.unit {
			r.fields = append(r.fields, f.Name)
		}
	}
	if m.l.unitColumn >= 0 || m.l.book { // books are kept in 元
		r.unit.told = true
	}
	r.mapped = m.override != nil && m.override.Unit != ""
	for _, t := range set.titles {
		if v, ok := sumIn(t); ok && isTotal(t) {
			r.sums = append(r.sums, v)
		}
	}
	for _, k := range m.totals {
		if v, ok := sumIn(k.label); ok {
			r.sums = append(r.sums, v)
		}
	}
	return r
}

// What a line comes to, in fen, for most lines of a table: an ordinary transfer is
// over three hundred yuan and under a thousand million.
func usual(schema *table.Schema) (least, most int64) {
	const yuan = 100
	switch schema {
	case table.Payment:
		return 1 * yuan, 300_000 * yuan
	case table.Flow, table.Allocation, table.Balance, table.Works:
		return 300 * yuan, 1_000_000_000 * yuan
	case table.Member:
		return 100 * yuan, 500_000 * yuan
	case table.Register:
		return 500 * yuan, 1_000_000_000 * yuan
	}
	return 0, math.MaxInt64
}

// usualOf is usual of the lines of a chunk: of a program's by its standards and
// ceilings, from a fiftieth of the least to twenty years of the greatest a month.
func (c *chunk) usualOf(p *policy.Policy) (least, most int64) {
	least, most = usual(c.table.Schema())
	if c.table.Schema() != table.Payment {
		return least, most
	}
	prog := p.Program(c.program())
	if prog == nil {
		return least, most
	}
	all := slices.Concat(prog.Standard, prog.Ceiling)
	if len(all) == 0 {
		return least, most
	}
	byYuan := func(a, b policy.Standard) int { return cmp.Compare(a.Yuan.Fen(), b.Yuan.Fen()) }
	return int64(slices.MinFunc(all, byYuan).Yuan.Fen()) / 50, int64(slices.MaxFunc(all, byYuan).Yuan.Fen()) * 240
}

// program returns the one program that a chunk's lines are of, or "".
func (c *chunk) program() string {
	if !c.table.Has("program") {
		return ""
	}
	if _, dict := c.table.Words("program"); len(dict) == 1 {
		return dict[0]
	}
	return ""
}

// median returns the median of amounts that are not nought, of a thousand of them
// where there are more; 0 for none.
func median(all []int64) int64 {
	var some []int64
	for i := 0; i < len(all); i += max(1, len(all)/1_000) {
		if v := all[i]; v != table.Null && v != 0 {
			some = append(some, max(v, -v))
		}
	}
	if len(some) == 0 {
		return 0
	}
	slices.Sort(some)
	return some[len(some)/2]
}

// tooMuch is more than a county's office moves in a line, in fen: 10,000 and more
// of no named unit is in 元.
const tooMuch = 100_000_000_00

// unitDoubt returns why the unit of a chunk's money is doubtful, "" where it is
// not.
func (c *chunk) unitDoubt(p *policy.Policy, all otherTables, lang language) string {
	u := c.money.unit
	name := lang.unit(u.power)
	if u.why != nil {
		return lang.say("金额单位存疑:%s,按%s读入,请核实", "unit of money in doubt: the sheet %s; read as units of %s; ask", lang.trouble(u.why), name)
	}
	sum, largest := int64(0), int64(0)
	for _, v := range c.table.Ints(c.money.field) {
		if v != table.Null {
			sum, largest = sum+v, max(largest, v, -v)
		}
	}
	for _, s := range c.money.sums {
		if s == sum && sum != 0 {
			return ""
		}
	}
	for _, s := range c.money.sums {
		if tens(s, sum) {
			return lang.say("金额单位存疑:按%s计合计为%s元,与表中注明的合计%s元相差整万倍或整千倍,请核实",
				"unit of money in doubt: in units of %s the sum is %s yuan, while the sheet states %s: thousands or ten thousands of times as much or as little; ask", name, table.Fen(sum), table.Fen(s))
		}
	}
	middle := c.money.middle
	if middle == 0 {
		return ""
	}
	least, most := c.usualOf(p)
	within := func(v int64) bool { return v >= least && v <= most }
	if !within(middle) {
		for _, other := range []int{4, 0, 3, 8} {
			if v, ok := moved(middle, other-u.power); ok && other != u.power && within(v) {
				return lang.say("金额单位存疑:按%s计,各行金额居中者为%s元,不像此类资金;像是%s,请核实",
					"unit of money in doubt: in units of %s the middle amount is %s yuan, which is not of such money; in units of %s it would be; ask", name, table.Fen(middle), lang.unit(other))
			}
		}
	}
	if u.told {
		return ""
	}
	if fund := c.fundInTens(all.allocated); fund != "" {
		return lang.say("金额单位存疑:未注明金额单位,按元计,与指标“%s”下达金额恰差一万倍,请核实", "unit of money in doubt: none is named; in yuan it differs from the allocation of %q by just ten thousand times; ask", fund)
	}
	for _, d := range all.programs[c.program()] {
		its := d.money.middle
		low, high := d.usualOf(p)
		if v, ok := moved(middle, 4); ok && v >= its/10 && v/10 <= its && its >= low && its <= high {
			return lang.say("金额单位存疑:未注明金额单位,按元计,与同一项目的%s恰差一万倍左右,请核实", "unit of money in doubt: none is named; in yuan its amounts are some ten thousandth of those of the same program in %s; ask", sheetKey(d.account))
		}
	}
	other, ok := all.inTens[c.office()]
	if v, fits := moved(largest, 4); ok && fits && within(v) && v < tooMuch && !c.overInTens(all.allocated) && c.table.Schema() != table.Register && c.table.Schema() != table.BankEntry {
		return lang.say("金额单位存疑:未注明金额单位,按元读入,而同一单位的%s以万元计,请核实", "unit of money in doubt: none is named, and it is read as yuan, while %s of the same office is in tens of thousands; ask", other)
	}
	return ""
}

// unit names a unit of money.
func (l language) unit(power int) string {
	if l == "en" {
		return fmt.Sprintf("%s yuan", sheet.Decimal{Mant: 1, Exp: power})
	}
	return unitName(power)
}

// tens reports whether two sums are the same but for a unit of thousands, of ten
// thousands or of a hundred millions.
func tens(a, b int64) bool {
	for _, by := range []int{3, 4, 8} {
		for _, pair := range [][2]int64{{a, b}, {b, a}} {
			if v, ok := moved(pair[0], by); ok && v == pair[1] && v != 0 {
				return true
			}
		}
	}
	return false
}

// moved returns v × 10^by.
func moved(v int64, by int) (int64, bool) {
	for ; by < 0; by++ {
		v /= 10
	}
	for ; by > 0; by-- {
		if v > math.MaxInt64/10 || v < math.MinInt64/10 {
			return 0, false
		}
		v *= 10
	}
	return v, true
}

// office is the folder that a chunk's file lies in.
func (c *chunk) office() string { return path.Dir(c.account.File) }

// officesInTens returns the offices with a sheet of units' money in 万元, and the
// first such sheet of each. Lists of projects are in 万元 everywhere.
func officesInTens(chunks []*chunk) map[string]string {
	out := map[string]string{}
	for _, c := range chunks {
		if c.table == nil || c.table.Schema() == table.Works || c.money.unit.power != 4 || !c.money.unit.told || c.money.unit.why != nil {
			continue
		}
		if _, ok := out[c.office()]; !ok {
			out[c.office()] = sheetKey(c.account)
		}
	}
	return out
}

// ofPrograms returns the rosters of each program, in their order.
func ofPrograms(chunks []*chunk) map[string][]*chunk {
	out := map[string][]*chunk{}
	for _, c := range chunks {
		if c.table != nil && c.table.Schema() == table.Payment && c.money.field != "" && c.program() != "" && c.money.middle != 0 {
			out[c.program()] = append(out[c.program()], c)
		}
	}
	return out
}

// allocations returns what each fund was allocated, by its number, a sum for each
// sheet of allocations that names its unit of money.
func allocations(chunks []*chunk) map[string][]int64 {
	out := map[string][]int64{}
	for _, c := range chunks {
		if c.table != nil && c.table.Schema() == table.Allocation && c.money.field != "" && c.money.unit.told {
			for fund, sum := range c.byFund() {
				out[fund] = append(out[fund], sum)
			}
		}
	}
	return out
}

// byFund adds up a chunk's main money by fund number.
func (c *chunk) byFund() map[string]int64 {
	out := map[string]int64{}
	if !c.table.Has("fund_no") {
		return out
	}
	codes, dict := c.table.Words("fund_no")
	for i, v := range c.table.Ints(c.money.field) {
		if v != table.Null && codes[i] != table.NullCode {
			out[plain(dict[codes[i]])] += v
		}
	}
	return out
}

// fundInTens returns a fund whose allocation is ten thousand times what the chunk
// says of it, or "".
func (c *chunk) fundInTens(allocated map[string][]int64) string {
	var found []string
	for fund, sum := range c.byFund() {
		if v, ok := moved(sum, 4); ok && v != 0 && slices.Contains(allocated[fund], v) {
			found = append(found, fund)
		}
	}
	if len(found) == 0 {
		return ""
	}
	return slices.Min(found)
}

// overInTens reports whether in 万元 the chunk would have more of a fund than was
// allocated.
func (c *chunk) overInTens(allocated map[string][]int64) bool {
	for fund, sum := range c.byFund() {
		most := int64(0)
		for _, v := range allocated[fund] {
			most += v
		}
		if v, ok := moved(sum, 4); most > 0 && (!ok || v > most) {
			return true
		}
	}
	return false
}

// guessUnit marks the money of a chunk as guessed and says why.
func (c *chunk) guessUnit(why string) error {
	b := table.NewBuilder(c.table.Schema())
	for _, f := range c.money.fields {
		w := b.Words(table.HowColumn(f))
		w.Codes = make([]uint32, c.table.Len())
		guessed := w.Code(table.Guessed.String())
		for i := range w.Codes {
			w.Codes[i] = guessed
		}
	}
	t, err := c.table.With(b)
	if err != nil {
		return err
	}
	c.table = t
	c.doubts = append(c.doubts, Doubt{File: c.account.File, Sheet: c.account.Sheet, Field: c.money.field, Reason: why})
	return nil
}
