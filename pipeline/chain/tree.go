package chain

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"fundtrace/pipeline/key"
	"fundtrace/pipeline/table"
)

// A Telling is what the trees are told from, and for whom.
type Telling struct {
	Tables  *table.Set    // as Build returns them, or read back
	Funds   []Identity    // the funds of the run
	Sources table.Sources // to name the rows; may be nil
	Lang    string        // zh or en
	Width   int           // of the terminal in cells; at least minWidth is used
}

const minWidth = 60

// in returns the one of two texts that is in the telling's language.
func (t Telling) in(zh, en string) string {
	if t.Lang == "en" {
		return en
	}
	return zh
}

// at names the row of a Ref, "" if that is not known.
func (t Telling) at(r table.Ref) string {
	p := t.Sources.Place(r)
	if p.File == "" {
		return ""
	}
	return t.in("（见 "+p.String()+"）", " (see "+p.String()+")")
}

// branch is one unit of a fund's tree.
type branch struct {
	unit       string
	row        int    // of Position, -1 for a supplier
	supplied   int64  // what a supplier got
	next       []int  // rows of Hop that leave here
	households string // how many it paid
	projects   []string
}

// WriteTree writes the chain of one fund as a tree: each unit with what it
// received, sent on and paid out, to how many households, what it holds and
// the longest its money lay there in days; where the chain breaks it says so
// in words. It fails for a fund that no sheet names.
func WriteTree(w io.Writer, t Telling, fundNo string) error {
	fundNo = key.FundNo(fundNo)
	i, ok := slices.BinarySearchFunc(t.Funds, fundNo, func(id Identity, no string) int { return strings.Compare(id.FundNo, no) })
	if !ok {
		return t.unknownFund(fundNo)
	}
	out := bufio.NewWriter(w)
	tr := newTree(t, out, t.Funds[i])
	tr.write()
	return out.Flush()
}

// unknownFund returns the error for a number no sheet names, with the numbers
// most like it.
func (t Telling) unknownFund(fundNo string) error {
	var near []string
	for _, id := range t.Funds {
		if strings.Contains(id.FundNo, fundNo) && len(near) < 5 {
			near = append(near, id.FundNo)
		}
	}
	hint := "give one of the fund numbers of the input"
	if near != nil {
		hint = "did you mean " + strings.Join(near, ", ")
	}
	return fmt.Errorf("tracing fund %q: no sheet names it; %s", fundNo, hint)
}

type tree struct {
	Telling
	w        *bufio.Writer
	id       Identity
	position *table.Table
	hop      *table.Table
	branches map[string]*branch
	order    []string // units in order of Position, then suppliers
	shown    map[string]bool
	below    map[string]bool // units that a unit nearer to the issuer sends to
	books    map[string]bool // units whose own ledger shows a receipt or, with a leading >, a sending
	widths   []int           // cells of the columns after the name
	compact  bool            // two lines a unit
	name     int             // cells of the first column
}

// moneyCells are the cells of an amount to a million yuan and of the blanks
// before it, where there is room.
const moneyCells = 14

func newTree(t Telling, w *bufio.Writer, id Identity) *tree {
	t.Width = max(t.Width, minWidth)
	tr := &tree{
		Telling: t, w: w, id: id, position: t.Tables.Get(table.Position), hop: t.Tables.Get(table.Hop),
		branches: map[string]*branch{}, shown: map[string]bool{}, below: map[string]bool{}, books: map[string]bool{},
	}
	for _, row := range rowsOf(tr.position, "fund_no", id.FundNo) {
		unit := tr.position.Text("unit", row)
		tr.branches[unit] = &branch{unit: unit, row: row}
		tr.order = append(tr.order, unit)
	}
	for _, row := range rowsOf(tr.hop, "fund_no", id.FundNo) {
		from, to := tr.hop.Text("from_unit", row), tr.hop.Text("to_unit", row)
		b := tr.branches[to]
		if b == nil && to != "" {
			b = &branch{unit: to, row: -1}
			tr.branches[to] = b
			tr.order = append(tr.order, to)
		}
		if b != nil && b.row < 0 {
			b.supplied += cmp.Or(tr.int(tr.hop, "received_amount", row), tr.int(tr.hop, "sent_amount", row))
		}
		f := tr.branches[from]
		if f == nil || from == to {
			continue
		}
		f.next = append(f.next, row)
		if b.row >= 0 {
			above, ok := tr.position.Int("depth", f.row)
			own, ok2 := tr.position.Int("depth", b.row)
			if ok && ok2 && above < own {
				tr.below[to] = true
			}
		}
	}
	tr.countHouseholds()
	tr.findBooks()
	tr.measure()
	return tr
}

// findBooks notes whose ledgers the input has: only there is a transfer that
// the other side booked missing.
func (tr *tree) findBooks() {
	from, units := tr.hop.Words("from_unit")
	for i, v := range tr.hop.Ints("sent_amount") {
		if v != table.Null && from != nil && from[i] != none {
			tr.books[">"+units[from[i]]] = true
		}
	}
	to, units := tr.hop.Words("to_unit")
	for i, v := range tr.hop.Ints("received_amount") {
		if v != table.Null && to != nil && to[i] != none {
			tr.books[units[to[i]]] = true
		}
	}
}

// measure fits the columns to the widest amount and the terminal.
func (tr *tree) measure() {
	money := 10
	for _, b := range tr.branches {
		for i, c := range tr.columns(b) {
			if i != 3 && i != 5 {
				money = max(money, cellsOf(c)+1)
			}
		}
	}
	wide := max(money, moneyCells)
	tr.widths = []int{wide, wide, wide, 9, wide, 8}
	if tr.name = tr.Width - 4*wide - 17; tr.name < 24 {
		tr.compact = true
		tr.widths = []int{money, money, money, 7, money, 7}
		tr.Width = max(tr.Width, 4*money+14)
		tr.name = tr.Width
	}
}

// rowsOf returns the rows of a table with a value in a text column.
func rowsOf(t *table.Table, column, value string) []int {
	codes, dict := t.Words(column)
	code := slices.Index(dict, value)
	if code < 0 {
		return nil
	}
	var out []int
	for i, c := range codes {
		if c == uint32(code) {
			out = append(out, i)
		}
	}
	return out
}

// int returns one cell, 0 where absent.
func (tr *tree) int(t *table.Table, column string, row int) int64 {
	v, _ := t.Int(column, row)
	return v
}

// countHouseholds tells each unit how many households it paid, and through
// which projects.
func (tr *tree) countHouseholds() {
	pay, works := tr.Tables.Get(table.Payment), tr.Tables.Get(table.Works)
	type key struct{ unit, project string }
	houses := map[key]map[string]bool{}
	for _, row := range rowsOf(pay, "_fund", tr.id.FundNo) {
		if tr.int(pay, "_net", row) <= 0 {
			continue
		}
		who := cmp.Or(pay.Text("_household", row), pay.Text("_person", row), pay.Text("beneficiary_name", row))
		for _, k := range []key{{pay.Text("_unit", row), ""}, {pay.Text("_unit", row), pay.Text("_project", row)}} {
			if houses[k] == nil {
				houses[k] = map[string]bool{}
			}
			houses[k][who] = true
		}
	}
	var keys []key
	for k := range houses {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b key) int {
		return cmp.Or(strings.Compare(a.unit, b.unit), strings.Compare(a.project, b.project))
	})
	for _, k := range keys {
		b := tr.branches[k.unit]
		switch {
		case b == nil:
		case k.project == "":
			b.households = fmt.Sprint(len(houses[k]))
		default:
			name := k.project
			if rows := rowsOf(works, "_project", k.project); len(rows) > 0 {
				name += " " + works.Text("name", rows[0])
			}
			b.projects = append(b.projects, fmt.Sprintf(tr.in("经项目 %s 到 %d 户", "through project %s to %d households"), name, len(houses[k])))
		}
	}
}

func (tr *tree) write() {
	tr.head()
	tr.line(tr.in("单位", "unit"), []string{
		tr.in("收到", "received"), tr.in("转拨", "sent on"), tr.in("发放支付", "paid out"),
		tr.in("户数", "to"), tr.in("结存", "held"), tr.in("最长天", "days"),
	})
	for _, unit := range tr.order {
		b := tr.branches[unit]
		if b.row < 0 || tr.shown[unit] || tr.below[unit] {
			continue
		}
		if _, ok := tr.position.Int("depth", b.row); ok {
			tr.branch(b, "", "", nil)
		}
	}
	lost := false
	for _, unit := range tr.order {
		if tr.shown[unit] {
			continue
		}
		if !lost {
			fmt.Fprintln(tr.w, tr.in("以下单位未见该笔资金拨入：", "No transfer of the fund leads to:"))
			lost = true
		}
		tr.branch(tr.branches[unit], "", "", nil)
	}
	tr.foot()
}

// head writes what the fund is.
func (tr *tree) head() {
	fmt.Fprintln(tr.w, tr.id.FundNo)
	t := tr.Tables.Get(table.Allocation)
	rows := rowsOf(t, "_fund", tr.id.FundNo)
	if len(rows) == 0 {
		tr.note("", tr.in("该文号未见指标下达", "no allocation under this number"))
	}
	for _, row := range rows {
		text := t.Text("title", row)
		day := tr.in("日期不明", "day unknown")
		if d, ok := t.Int("issued_on", row); ok {
			day = table.Day(d).String()
		}
		text += fmt.Sprintf(tr.in(" %s 下达 %s 元", " issued %s, %s yuan"), day, tr.yuan(tr.int(t, "amount", row)))
		issuer, holder := t.Text("_issuer", row), t.Text("_holder", row)
		text += " " + strings.Trim(issuer+Arrow+holder, Arrow)
		for _, l := range wrap(strings.TrimSpace(text), tr.Width) {
			fmt.Fprintln(tr.w, l)
		}
	}
	fmt.Fprintln(tr.w)
}

// foot writes the money identity.
func (tr *tree) foot() {
	fmt.Fprintln(tr.w)
	text := fmt.Sprintf(tr.in("下达 %s = 到户 %s + 供应商 %s + 单位结存 %s + 在途 %s + 去向不明 %s", "allocated %s = households %s + suppliers %s + held %s + in transit %s + unexplained %s"),
		tr.yuan(int64(tr.id.Allocated)), tr.yuan(int64(tr.id.Households)), tr.yuan(int64(tr.id.Suppliers)),
		tr.yuan(int64(tr.id.Held)), tr.yuan(int64(tr.id.InTransit)), tr.yuan(int64(tr.id.Unexplained)))
	for _, l := range wrap(text, tr.Width) {
		fmt.Fprintln(tr.w, l)
	}
}

// branch writes a unit, the notes on what came to it, and what leaves it. lead
// stands before its own line, under before those below it.
func (tr *tree) branch(b *branch, lead, under string, notes []string) {
	tr.shown[b.unit] = true
	tr.line(lead+b.unit, tr.columns(b))
	type child struct {
		unit  string
		sent  int64
		notes []string
	}
	var kids []child
	for _, h := range b.next {
		to := tr.hop.Text("to_unit", h)
		if len(kids) == 0 || kids[len(kids)-1].unit != to {
			kids = append(kids, child{unit: to})
		}
		k := &kids[len(kids)-1]
		k.sent += cmp.Or(tr.int(tr.hop, "sent_amount", h), tr.int(tr.hop, "received_amount", h))
		if n := tr.hopBreak(h); n != "" {
			k.notes = append(k.notes, n)
		}
	}
	bar := under + "  "
	if len(kids) > 0 {
		bar = under + "│ "
	}
	for _, n := range slices.Concat(notes, b.projects, tr.unitBreaks(b)) {
		tr.note(bar, n)
	}
	for i, k := range kids {
		lead, below := under+"├─", under+"│ "
		if i == len(kids)-1 {
			lead, below = under+"└─", under+"  "
		}
		next := tr.branches[k.unit]
		switch {
		case next == nil:
			tr.line(lead+tr.in("（收款单位不明）", "(receiver unknown)"), []string{tr.yuan(k.sent)})
		case tr.shown[k.unit]:
			tr.line(lead+tr.in("转给上列 ", "to the above ")+k.unit, []string{tr.yuan(k.sent)})
		default:
			tr.branch(next, lead, below, k.notes)
			continue
		}
		for _, n := range k.notes {
			tr.note(below, n)
		}
	}
}

// columns returns a unit's figures.
func (tr *tree) columns(b *branch) []string {
	if b.row < 0 {
		return []string{tr.yuan(b.supplied), "", "", "", tr.in("供应商", "supplier"), ""}
	}
	p := tr.position
	days := ""
	if d, ok := p.Int("longest_idle_days", b.row); ok {
		days = fmt.Sprint(d)
	}
	return []string{
		tr.yuan(tr.int(p, "received", b.row)), tr.yuan(tr.int(p, "sent_on", b.row)), tr.yuan(tr.int(p, "paid_out", b.row)),
		b.households, tr.yuan(tr.int(p, "held", b.row)), days,
	}
}

// line writes a name and its columns, in two lines where the terminal is
// narrow.
func (tr *tree) line(name string, cols []string) {
	text := fit(name, tr.name)
	if tr.compact {
		fmt.Fprintln(tr.w, strings.TrimRight(text, " "))
		text = ""
	}
	for i, c := range cols {
		text += right(c, tr.widths[i])
	}
	fmt.Fprintln(tr.w, strings.TrimRight(text, " "))
}

// note writes a remark under a unit.
func (tr *tree) note(before, text string) {
	for i, l := range wrap(text, tr.Width-cellsOf(before)-2) {
		mark := "· "
		if i > 0 {
			mark = "  "
		}
		fmt.Fprintln(tr.w, before+mark+l)
	}
}

// hopBreak says what is wrong with a transfer, "" if nothing.
func (tr *tree) hopBreak(h int) string {
	sent, hasSent := tr.hop.Int("sent_amount", h)
	received, hasReceived := tr.hop.Int("received_amount", h)
	sentOn, receivedOn := tr.day(tr.hop, "sent_on", h), tr.day(tr.hop, "received_on", h)
	sentRef, receivedRef := table.Ref(tr.int(tr.hop, "sent_ref", h)), table.Ref(tr.int(tr.hop, "received_ref", h))
	from, to := tr.hop.Text("from_unit", h), tr.hop.Text("to_unit", h)
	switch {
	case !hasReceived && !tr.books[to], !hasSent && !tr.books[">"+from]:
		return ""
	case !hasReceived:
		return fmt.Sprintf(tr.in("%s 拨出 %s 元，未见收款方入账", "%s: %s yuan sent, not booked by the receiver"), sentOn, tr.yuan(sent)) + tr.at(sentRef)
	case !hasSent:
		return fmt.Sprintf(tr.in("%s 收到 %s 元，未见拨出方记账", "%s: %s yuan received, not booked by the sender"), receivedOn, tr.yuan(received)) + tr.at(receivedRef)
	case sent != received:
		return fmt.Sprintf(tr.in("%s 拨出 %s 元，%s 收到 %s 元，相差 %s 元", "%s: %s yuan sent, %s: %s received, %s apart"),
			sentOn, tr.yuan(sent), receivedOn, tr.yuan(received), tr.yuan(sent-received)) + tr.at(receivedRef)
	}
	return ""
}

// unitBreaks says what is wrong with the money at a unit.
func (tr *tree) unitBreaks(b *branch) []string {
	if b.row < 0 {
		return nil
	}
	var out []string
	p := tr.position
	if held := tr.int(p, "held", b.row); held < 0 {
		out = append(out, fmt.Sprintf(tr.in("支出超过收到 %s 元", "paid out %s yuan more than it received"), tr.yuan(-held)))
	}
	if short, ok := p.Int("unexplained", b.row); ok && short != 0 {
		less := tr.in("%s 账面结余 %s 元，比应有结余少 %s 元", "%s: states a balance of %s yuan, %s less than should be there")
		if short < 0 {
			less = tr.in("%s 账面结余 %s 元，比应有结余多 %s 元", "%s: states a balance of %s yuan, %s more than should be there")
		}
		out = append(out, fmt.Sprintf(less, tr.day(p, "stated_on", b.row), tr.yuan(tr.int(p, "stated_balance", b.row)), tr.yuan(abs(short))))
	}
	return out
}

func (tr *tree) day(t *table.Table, column string, row int) string {
	if d, ok := t.Int(column, row); ok {
		return table.Day(d).String()
	}
	return tr.in("日期不明", "day unknown")
}

// yuan writes an amount with thousands parted.
func (t Telling) yuan(fen int64) string {
	s := table.Fen(fen).String()
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, cents, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return sign + whole + "." + cents
}
