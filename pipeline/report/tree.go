package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"fundtrace/pipeline/chain"
	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/key"
	"fundtrace/pipeline/table"
)

// A Telling is what the trees in the terminal are told from, and for whom.
type Telling struct {
	Tables  *table.Set       // of a run, or read back
	Funds   []chain.Identity // the funds of the run
	Sources table.Sources    // to name the rows; may be nil
	Lang    string           // zh or en
	Width   int              // of the terminal in cells; at least minWidth is used
}

const minWidth = 60

// in returns the one of two texts that is in the telling's language.
func (t Telling) in(zh, en string) string { return detect.Text{Zh: zh, En: en}.In(t.Lang) }

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
	position   *position // nil for a supplier
	supplied   int64     // what a supplier got
	next       []*hop    // that leave here
	households string    // how many it paid
	projects   []string
}

// WriteTree writes the chain of one fund as a tree: each unit with what it
// received, sent on and paid out, to how many households, what it holds and
// the longest its money lay there in days; where the chain breaks it says so
// in words. It fails for a fund that no sheet names.
func WriteTree(w io.Writer, t Telling, fundNo string) error {
	fundNo = key.FundNo(fundNo)
	all := flows(t.Tables, t.Funds)
	i, ok := slices.BinarySearchFunc(all, fundNo, func(f *flow, no string) int { return strings.Compare(f.FundNo, no) })
	if !ok {
		return t.unknownFund(fundNo)
	}
	out := bufio.NewWriter(w)
	newTree(t, out, all[i]).write()
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
	*flow
	w        *bufio.Writer
	branches map[string]*branch
	order    []string // units in order of the positions, then suppliers
	shown    map[string]bool
	below    map[string]bool // units that a unit nearer to the issuer sends to
	widths   []int           // cells of the columns after the name
	compact  bool            // two lines a unit
	name     int             // cells of the first column
}

// moneyCells are the cells of an amount to a million yuan and of the blanks
// before it, where there is room.
const moneyCells = 14

func newTree(t Telling, w *bufio.Writer, f *flow) *tree {
	t.Width = max(t.Width, minWidth)
	tr := &tree{Telling: t, flow: f, w: w, branches: map[string]*branch{}, shown: map[string]bool{}, below: map[string]bool{}}
	for i := range f.positions {
		p := &f.positions[i]
		tr.branches[p.unit] = &branch{unit: p.unit, position: p}
		tr.order = append(tr.order, p.unit)
	}
	for i := range f.hops {
		h := &f.hops[i]
		to, from := tr.branches[h.to], tr.branches[h.from]
		if to == nil && h.to != "" {
			to = &branch{unit: h.to}
			tr.branches[h.to] = to
			tr.order = append(tr.order, h.to)
		}
		if to != nil && to.position == nil {
			to.supplied += known(h.got, h.sent)
		}
		if from == nil || h.from == h.to {
			continue
		}
		from.next = append(from.next, h)
		if to != nil && to.position != nil && from.position != nil && from.position.depth != table.Null && from.position.depth < to.position.depth {
			tr.below[h.to] = true
		}
	}
	tr.countHouseholds()
	tr.measure()
	return tr
}

// known returns the first amount that is there and not 0, else 0.
func known(amounts ...int64) int64 {
	for _, v := range amounts {
		if v != table.Null && v != 0 {
			return v
		}
	}
	return 0
}

// measure fits the columns to the widest amount and the terminal.
func (tr *tree) measure() {
	money := 10
	for _, b := range tr.branches {
		for i, c := range tr.figures(b) {
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

// countHouseholds tells each unit how many households it paid, and through
// which projects.
func (tr *tree) countHouseholds() {
	pay, works := tr.Tables.Get(table.Payment), tr.Tables.Get(table.Works)
	type key struct{ unit, project string }
	houses := map[key]map[string]bool{}
	for _, row := range rowsOf(pay, "_fund", tr.FundNo) {
		if net, _ := pay.Int("_net", row); net <= 0 {
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
		if b.position != nil && b.position.depth != table.Null && !tr.shown[unit] && !tr.below[unit] {
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
	fmt.Fprintln(tr.w, tr.FundNo)
	if len(tr.notices) == 0 {
		tr.note("", tr.in("该文号未见指标下达", "no allocation under this number"))
	}
	for _, n := range tr.notices {
		text := n.title + fmt.Sprintf(tr.in(" %s 下达 %s 元", " issued %s, %s yuan"), tr.day(n.on), tr.yuan(n.amount)) +
			" " + strings.Trim(n.issuer+chain.Arrow+n.holder, chain.Arrow)
		tr.paragraph(strings.TrimSpace(text))
	}
	fmt.Fprintln(tr.w)
}

// foot writes the money identity.
func (tr *tree) foot() {
	fmt.Fprintln(tr.w)
	tr.paragraph(tr.identity(tr.Lang))
}

func (tr *tree) paragraph(text string) {
	for _, l := range wrap(text, tr.Width) {
		fmt.Fprintln(tr.w, l)
	}
}

// branch writes a unit, the notes on what came to it, and what leaves it. lead
// stands before its own line, under before those below it.
func (tr *tree) branch(b *branch, lead, under string, notes []string) {
	tr.shown[b.unit] = true
	tr.line(lead+b.unit, tr.figures(b))
	type child struct {
		unit  string
		sent  int64
		notes []string
	}
	var kids []child
	for _, h := range b.next {
		if len(kids) == 0 || kids[len(kids)-1].unit != h.to {
			kids = append(kids, child{unit: h.to})
		}
		k := &kids[len(kids)-1]
		k.sent += known(h.sent, h.got)
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

// figures returns a unit's columns.
func (tr *tree) figures(b *branch) []string {
	p := b.position
	if p == nil {
		return []string{tr.yuan(b.supplied), "", "", "", tr.in("供应商", "supplier"), ""}
	}
	days := ""
	if p.idle != table.Null {
		days = fmt.Sprint(p.idle)
	}
	return []string{tr.yuan(p.received), tr.yuan(p.sentOn), tr.yuan(p.paidOut), b.households, tr.yuan(p.held), days}
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

// hopBreak says what is wrong with a transfer, "" if nothing. Only in books that
// the input has is an entry missing.
func (tr *tree) hopBreak(h *hop) string {
	switch {
	case h.got == table.Null && h.toKept:
		return fmt.Sprintf(tr.in("%s 拨出 %s 元，未见收款方入账", "%s: %s yuan sent, not booked by the receiver"), tr.day(h.sentOn), tr.yuan(h.sent)) + tr.at(h.sentRef)
	case h.sent == table.Null && h.fromKept:
		return fmt.Sprintf(tr.in("%s 收到 %s 元，未见拨出方记账", "%s: %s yuan received, not booked by the sender"), tr.day(h.gotOn), tr.yuan(h.got)) + tr.at(h.gotRef)
	case h.sentLess != 0:
		return fmt.Sprintf(tr.in("%s 拨出 %s 元，%s 收到 %s 元，相差 %s 元", "%s: %s yuan sent, %s: %s received, %s apart"),
			tr.day(h.sentOn), tr.yuan(h.sent), tr.day(h.gotOn), tr.yuan(h.got), thousands(h.sentLess)) + tr.at(h.gotRef)
	}
	return ""
}

// unitBreaks says what is wrong with the money at a unit.
func (tr *tree) unitBreaks(b *branch) []string {
	p := b.position
	if p == nil {
		return nil
	}
	var out []string
	if p.held != table.Null && p.held < 0 {
		out = append(out, fmt.Sprintf(tr.in("支出超过收到 %s 元", "paid out %s yuan more than it received"), tr.yuan(-p.held)))
	}
	if short := p.unexplained; short != table.Null && short != 0 {
		less := tr.in("%s 账面结余 %s 元，比应有结余少 %s 元", "%s: states a balance of %s yuan, %s less than should be there")
		if short < 0 {
			less = tr.in("%s 账面结余 %s 元，比应有结余多 %s 元", "%s: states a balance of %s yuan, %s more than should be there")
		}
		out = append(out, fmt.Sprintf(less, tr.day(p.statedOn), tr.yuan(p.stated), tr.yuan(max(short, -short))))
	}
	return out
}

// day writes a date.
func (t Telling) day(on int64) string {
	if on == table.Null {
		return t.in("日期不明", "day unknown")
	}
	return table.Day(on).String()
}

// yuan writes an amount, an absent one as 0.
func (t Telling) yuan(fen int64) string { return thousands(table.Fen(known(fen))) }
