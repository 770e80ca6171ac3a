package rules

import (
	"cmp"
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// A grant is what one person got of one program for one period once everything
// that belongs together is taken together. Its amount is above zero.
type grant struct {
	person  string
	program string // canonical
	project string // "" where no sheet says
	county  string // likewise
	tier    string // of a graded program; "" of others, where it does not tell grants apart
	period  table.Period
	stated  bool // a sheet states the period; else it is the month of payment
	day     table.Day
	dated   bool // day is known: that of the first payment
	amount  table.Fen
	account string // that of its first row
	row     int    // its first row in the payment view
	parts   uint64 // instalments in it, a bit each
}

// year returns the year in which a grant reached the person: of payment, else of
// the period.
func (g grant) year() int {
	if g.dated {
		return g.day.Year()
	}
	return g.period.Year()
}

// within tells whether a grant was paid in one of the years from..to, or is for
// one: the reading for those whose help or income of a year is in question, as
// a year's last payments are often made in the next January.
func (g grant) within(from, to int) bool {
	return g.dated && from <= g.day.Year() && g.day.Year() <= to || from <= g.period.To()/12 && g.period.Year() <= to
}

// A ledger is what a group's payments come to.
type ledger struct {
	grants   []grant     // those of one person and program side by side
	of       []int32     // row → its grant, -1 where none is left of it
	left     []table.Fen // row → what is left of the payment it tells, in a grant or not; 0 for a repeated report
	unnamed  int         // rows without a program
	unplaced int         // rows with neither period nor date of payment

	// Scratch, kept from group to group.
	entered  []entry
	order    []*entry                 // into entered
	grantOf  []int32                  // row → grant, before rows that repeat others get theirs
	open     []grant                  // of one person and program
	kinds    latest[[2]string, kind]  // state and note
	parts    latest[[2]string, uint8] // batch and note
	programs latest[string, *policy.Program]
}

// evidence returns the rows behind grants ks, in order of the view.
func (l *ledger) evidence(v table.View, ks ...int) []detect.Evidence {
	var out []detect.Evidence
	for i, k := range l.of {
		if k >= 0 && slices.Contains(ks, int(k)) {
			out = append(out, detect.Row(v, i, rolePayment))
		}
	}
	return out
}

// lacks returns why a group without a grant cannot be judged.
func (l *ledger) lacks() detect.Text {
	switch {
	case l.unnamed > 0:
		return text("发放记录未注明补贴项目", "payments name no program")
	case l.unplaced > 0:
		return text("发放记录既无所属期也无发放日期", "payments have neither period nor date")
	}
	return noPayment
}

// noPayment is why a rule on payments does not judge a person who stands only
// in other tables.
var noPayment = text("无发放记录", "no payment on record")

// grantReads are the columns that grants looks at; a rule that asks for grants
// reads them too.
var grantReads = []table.Column{
	payPerson, payProgram, payTier, payPeriod, payAmount, payDate, payState, payBatch, payNote,
	detect.Aside(payFundNo), detect.Aside(payProjectNo), detect.Aside(payAccount), detect.Aside(payCounty),
	bankAccount, bankAmount, bankOn, bankDirection, bankOutcome,
}

// grants nets a group's payments, per person and program, in this order:
//
//  1. A payment reported in two files or sheets (program, amount, period or
//     date, and where both tell it the other of these, account, fund, county) is
//     one payment.
//  2. Rows not paid (待编制, 停发, 支付失败 ...) and zero amounts are left out.
//  3. A payment that the bank could not book is as good as returned, unless the
//     rosters tell of the return themselves.
//  4. Returns (退款, 冲销, 追回, negative amounts) take away a payment of their
//     amount, else reduce the others: of their own period first, then of their
//     account, then made before them, then the latest. A positive amount under
//     such a word, with nothing before it to take back, is the payment that was
//     returned.
//  5. A period of a whole year, paid in three or more different months, is the
//     year of a monthly benefit: each payment then stands for its month.
//  6. Instalments (第一批, 分期, 上半年 ...) of different number and one period
//     are one grant; supplements (补发, 补差) join the grant of their period.
//  7. A correction (更正) takes the place of the payment it corrects.
//
// Payments without a period are placed in the month of payment.
var grants = grantsOf(everyProgram)

func everyProgram(*policy.Program) bool { return true }

// grantsOf derives the grants of those programs only that a rule wants; the
// program is nil where the policy does not know it.
func grantsOf(want func(*policy.Program) bool) *detect.Derived[*ledger] {
	return detect.DeriveInto(func(p *detect.Pass, l *ledger) *ledger {
		if l == nil {
			l = &ledger{}
		}
		v, bank := p.View(table.Payment), p.View(table.BankEntry)
		l.grants, l.unnamed, l.unplaced = l.grants[:0], 0, 0
		same, grantOf := resized(&l.of, v.Len()), resized(&l.grantOf, v.Len())
		for i := range same {
			same[i], grantOf[i] = int32(i), -1
		}
		// What the bank could not book may be of any program.
		all := slices.Contains(bankOutcome.In(bank), "returned")
		es := l.entries(p, v, func(prog *policy.Program) bool { return all || want(prog) })
		es = oneReport(es, same)
		unbooked(es, bank)
		for lo := 0; lo < len(es); {
			hi := lo + 1
			for hi < len(es) && es[hi].person == es[lo].person && es[hi].program == es[lo].program {
				hi++
			}
			if want(p.Policy.Programs[es[lo].program]) {
				part := es[lo:hi]
				slices.SortFunc(part, byPeriod)
				l.settle(part, grantOf)
			}
			lo = hi
		}
		for i, k := range same {
			same[i] = grantOf[k]
		}
		return l
	})
}

// pays reports whether a payment of the group is of a program that a rule wants:
// a quick look before payments are netted.
func pays(p *detect.Pass, want func(*policy.Program) bool) bool {
	programs := payProgram.In(p.View(table.Payment))
	for i, name := range programs {
		if (i == 0 || name != programs[i-1]) && want(p.Policy.Program(name)) {
			return true
		}
	}
	return false
}

// resized returns *s with length n, its memory reused.
func resized[T any](s *[]T, n int) []T {
	*s = slices.Grow((*s)[:0], n)[:n]
	return *s
}

// An entry is one row of the payment view.
type entry struct {
	grant
	kind   kind
	part   uint8 // number of the instalment, 0 if none
	minus  bool  // the sheet has the amount below zero
	source int
	fund   string
}

// A kind is what an entry does to a grant.
type kind uint8

const (
	unpaid kind = iota
	paid
	supplement
	returned
	corrected
)

// entries reads the rows of wanted programs that are payments or take some back.
func (l *ledger) entries(p *detect.Pass, v table.View, want func(*policy.Program) bool) []*entry {
	person, program, tier := payPerson.In(v), payProgram.In(v), payTier.In(v)
	period, amount, day := payPeriod.In(v), payAmount.In(v), payDate.In(v)
	state, batch, note := payState.In(v), payBatch.In(v), payNote.In(v)
	fund, project, account, county := payFundNo.In(v), payProjectNo.In(v), payAccount.In(v), payCounty.In(v)
	out := l.entered[:0]
	clear(resized(&l.left, v.Len()))
	for i := range v.Len() {
		fen, ok := amount.At(i)
		k := l.kinds.of([2]string{state[i], note[i]}, said).of(fen)
		if !ok || k == unpaid {
			continue
		}
		day, dated := day.At(i)
		period, stated := period.At(i)
		if program[i] == "" || !stated && !dated {
			if program[i] == "" {
				l.unnamed++
			} else {
				l.unplaced++
			}
			if k != returned {
				l.left[i] = fen
			}
			continue
		}
		prog := l.programs.of(program[i], p.Policy.Program)
		if !want(prog) {
			continue
		}
		name := program[i]
		if prog != nil {
			name = prog.Name
		}
		e := entry{kind: k, minus: fen < 0, source: v.Ref(i).Source(), fund: fund[i]}
		e.person, e.program, e.project, e.county, e.row = person[i], name, project[i], county[i], i
		e.account = account[i]
		if prog != nil && prog.Graded {
			e.tier = tier[i]
		}
		e.amount = max(fen, -fen)
		e.day, e.dated, e.period, e.stated = day, dated, period, stated
		if !e.stated {
			e.period = table.MonthsOf(e.day.Month(), e.day.Month())
		}
		e.part = l.parts.of([2]string{batch[i], note[i]}, partIn)
		out = append(out, e)
	}
	l.entered = out
	order := resized(&l.order, len(out))
	for i := range out {
		order[i] = &out[i]
	}
	return order
}

// kindOf reads what a row is from its amount and words.
func kindOf(amount table.Fen, state, note string) kind {
	return said([2]string{state, note}).of(amount)
}

// of returns what a row is whose words say k.
func (k kind) of(amount table.Fen) kind {
	switch {
	case amount == 0 || k == unpaid:
		return unpaid
	case amount < 0:
		return returned
	}
	return k
}

// said reads what a row is from its state and note; the state says it before
// the note does.
func said(words [2]string) kind {
	if has(words[0], "待编制", "已申请", "已送审", "停发", "未发", "失败", "作废", "暂缓") {
		return unpaid
	}
	for _, s := range words {
		switch {
		case s == "":
		case has(s, "补发", "补差"):
			return supplement
		case has(s, "重发", "重新发放"): // 退回重发: what came back, sent again
			return paid
		case has(s, "更正"):
			return corrected
		case has(s, "退款", "退回", "退汇", "退票", "退还", "缴回", "冲销", "冲回", "追回", "撤销"):
			return returned
		}
	}
	return paid
}

// Numbers of instalments that have none of their own.
const (
	lastPart  = 62 // 尾款
	somePart  = 63 // 分期
	firstPart = 1
)

// partIn returns the number of the instalment that a batch, else a note, names.
func partIn(words [2]string) uint8 {
	if n := partOf(words[0]); n != 0 {
		return n
	}
	return partOf(words[1])
}

// partOf returns the number of the instalment that a batch or note names, 0 if
// it names none: 第二批, 2, 首期, 尾款, 上半年, 秋季学期.
func partOf(s string) uint8 {
	if s == "" {
		return 0
	}
	if n, rest := number(s); n > 0 && rest == "" {
		return n
	}
	switch {
	case has(s, "首批", "首期", "首付", "预付", "预拨", "上半年", "春季"):
		return firstPart
	case has(s, "下半年", "秋季"):
		return firstPart + 1
	case has(s, "尾款", "余款", "末批", "末期"):
		return lastPart
	}
	for i, r := range s {
		switch r {
		case '第':
			if n, rest := number(s[i+len("第"):]); n > 0 && starts(rest, "批", "期", "次", "笔") {
				return n
			}
		case '分':
			if starts(s[i+len("分"):], "期", "批") {
				return somePart
			}
		}
	}
	return 0
}

// number reads a leading number of 1 to 61 in digits or Chinese numerals; 0
// where there is none.
func number(s string) (n uint8, rest string) {
	total, digits, ten, end := 0, 0, false, len(s)
	for i, r := range s {
		d := strings.IndexRune("〇一二三四五六七八九", r)
		if d < 0 && r != '十' && (r < '0' || r > '9') {
			end = i
			break
		}
		digits++
		switch {
		case r == '十':
			total, ten = max(total, 1)*10, true
		case d >= 0 && ten:
			total += d / len("一")
		case d >= 0:
			total = total*10 + d/len("一")
		default:
			total = total*10 + int(r-'0')
		}
	}
	if digits == 0 || digits > 3 || total >= lastPart {
		return 0, s
	}
	return uint8(total), s[end:]
}

// oneReport keeps one of the entries that are one payment told by two sources,
// and notes in same which row a left-out row repeats. Two equal rows of one
// source stay two.
func oneReport(es []*entry, same []int32) []*entry {
	if len(es) < 2 {
		return es
	}
	slices.SortFunc(es, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(a.person, b.person), cmp.Compare(a.program, b.program),
			cmp.Compare(a.amount, b.amount), cmp.Compare(a.day, b.day), cmp.Compare(a.row, b.row))
	})
	for lo := 0; lo < len(es); {
		hi := lo + 1
		for hi < len(es) && es[hi].person == es[lo].person && es[hi].program == es[lo].program && es[hi].amount == es[lo].amount &&
			(es[lo].person != "" || es[hi].day == es[lo].day) { // rows of nobody known may be very many
			hi++
		}
		for i := lo + 1; i < hi; i++ {
			e, before := es[i], es[lo:i]
			j := slices.IndexFunc(before, func(o *entry) bool {
				told := func(x *entry) bool { return x.source == e.source && same[x.row] == int32(o.row) }
				return same[o.row] == int32(o.row) && o.reports(e) && !slices.ContainsFunc(before, told)
			})
			if j < 0 {
				continue
			}
			o := before[j]
			same[e.row] = int32(o.row)
			if !o.stated && e.stated {
				o.period, o.stated = e.period, true
			}
			if !o.dated && e.dated {
				o.day, o.dated = e.day, true
			}
		}
		lo = hi
	}
	return slices.DeleteFunc(es, func(e *entry) bool { return same[e.row] != int32(e.row) })
}

// reports tells whether e, of another source and equal in person, program and
// amount, is the same payment as o: of one day, or of one stated period where one
// source tells no day.
func (o *entry) reports(e *entry) bool {
	if o.dated != e.dated {
		if !o.stated || !e.stated {
			return false
		}
	} else if o.day != e.day {
		return false
	}
	return o.source != e.source && (o.kind == returned) == (e.kind == returned) &&
		(o.period == e.period || !o.stated || !e.stated) && (o.part == e.part || o.part == 0 || e.part == 0) &&
		alike(o.account, e.account) && alike(o.fund, e.fund) && alike(o.project, e.project) && alike(o.county, e.county)
}

// alike reports whether two texts are equal or one is absent.
func alike(a, b string) bool { return a == b || a == "" || b == "" }

// byPeriod puts entries of one person, program and period side by side, stated
// periods first.
func byPeriod(a, b *entry) int {
	stated := func(e *entry) int {
		if e.stated {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(a.person, b.person), cmp.Compare(a.program, b.program),
		cmp.Compare(stated(a), stated(b)), cmp.Compare(a.period, b.period), cmp.Compare(a.row, b.row))
}

// seriesMonths is how many different months of payment make a year's payments a
// monthly benefit: two may be one payment made twice, three hardly are.
const seriesMonths = 3

// monthly gives the payments of such years the month they were paid in, and
// reports whether there were any. es is in order of byPeriod.
func monthly(es []*entry) bool {
	found := false
	for lo := 0; lo < len(es); {
		hi := lo + 1
		for hi < len(es) && es[hi].person == es[lo].person && es[hi].program == es[lo].program && es[hi].period == es[lo].period {
			hi++
		}
		if e := es[lo]; hi-lo >= seriesMonths && e.stated && e.period.Months() == 12 {
			months := map[int]bool{}
			for _, x := range es[lo:hi] {
				if x.dated && x.kind == paid && x.amount > 0 {
					months[x.day.Month()] = true
				}
			}
			if len(months) >= seriesMonths {
				for i := lo; i < hi; i++ {
					if x := es[i]; x.dated {
						x.period, x.stated, found = table.MonthsOf(x.day.Month(), x.day.Month()), false, true
					}
				}
			}
		}
		lo = hi
	}
	return found
}

// settle turns the entries of one person and program into grants. What is left
// of each payment after returns goes into one.
func (l *ledger) settle(es []*entry, of []int32) {
	back := takeBack(es)
	if monthly(es) {
		slices.SortFunc(es, byPeriod)
	}
	gs := slices.Grow(l.open[:0], len(es))
	add := func(e *entry) {
		e.parts = 1 << e.part &^ 1
		of[e.row] = int32(len(gs))
		gs = append(gs, e.grant)
	}
	join := func(e *entry, k int) {
		gs[k].amount += e.amount
		gs[k].parts |= 1 << e.part &^ 1
		of[e.row] = int32(k)
	}
	for _, e := range es {
		if e.kind != paid || e.amount == 0 {
			continue
		}
		l.left[e.row] = e.amount
		k := -1
		if e.part > 0 {
			k = slices.IndexFunc(gs, func(g grant) bool {
				free := g.parts>>e.part&1 == 0 && (g.parts != 0 || e.part != firstPart)
				return g.meets(e.grant) && (free || e.part == somePart)
			})
		}
		if k < 0 {
			add(e)
		} else {
			join(e, k)
		}
	}
	for _, e := range es {
		if e.kind != supplement || e.amount == 0 {
			continue
		}
		l.left[e.row] = e.amount
		k := slices.IndexFunc(gs, func(g grant) bool { return g.meets(e.grant) && g.period == e.period })
		if k < 0 {
			k = slices.IndexFunc(gs, func(g grant) bool { return g.meets(e.grant) })
		}
		if k < 0 {
			add(e)
		} else {
			join(e, k)
		}
	}
	for _, e := range es {
		if e.kind != corrected {
			continue
		}
		k := last(gs, func(g grant) bool { return g.meets(e.grant) && g.amount == e.amount })
		if k < 0 {
			k = last(gs, func(g grant) bool { return g.meets(e.grant) })
		}
		if k < 0 {
			add(e)
		} else {
			for _, o := range es {
				if of[o.row] == int32(k) {
					l.left[o.row] = 0
				}
			}
			gs[k].amount = e.amount
			of[e.row] = int32(k)
		}
		l.left[e.row] = e.amount
	}
	for _, b := range back {
		of[b[0]] = of[b[1]]
	}
	for _, e := range es {
		if k := of[e.row]; k >= 0 {
			of[e.row] = k + int32(len(l.grants))
		}
	}
	l.open, l.grants = gs, append(l.grants, gs...)
}

// meets reports whether two grants of one person and program may be parts of
// one: of one kind, and overlapping.
func (g grant) meets(o grant) bool { return g.kin(o) && g.period.Overlap(o.period) != 0 }

// kin reports whether two grants of one program are of one kind: periods both
// stated or both not, and one project, tier and county as far as sheets tell.
func (g grant) kin(o grant) bool {
	return g.stated == o.stated && alike(g.project, o.project) && alike(g.tier, o.tier) && alike(g.county, o.county)
}

// unbooked takes away the payments that the bank tells it could not book: of an
// entry's account and amount, the latest that was made before it. A return that
// the entries tell themselves is not taken twice.
func unbooked(es []*entry, bank table.View) {
	account, amount, on := bankAccount.In(bank), bankAmount.In(bank), bankOn.In(bank)
	direction, outcome := bankDirection.In(bank), bankOutcome.In(bank)
	var told []int // returns among the entries that an entry of the bank's has been matched with
	for i := range bank.Len() {
		day, dated := on.At(i)
		fen := amount.Or(i, 0)
		if outcome[i] != "returned" || direction[i] == "out" || account[i] == "" || !dated {
			continue
		}
		k, best := -1, -1
		for j, e := range es {
			if e.amount != fen || !e.dated {
				continue
			}
			switch {
			case e.kind == returned:
				if k < 0 && alike(e.account, account[i]) && !slices.Contains(told, j) {
					k = j
				}
			case e.kind != corrected && e.account == account[i] && e.day <= day && (best < 0 || e.day > es[best].day):
				best = j
			}
		}
		if k >= 0 {
			told = append(told, k)
		} else if best >= 0 {
			es[best].amount = 0
		}
	}
}

// takeBack lowers the payments among the entries of one person and program by
// the returns among them, and tells by row which return went to which payment.
func takeBack(es []*entry) (back [][2]int) {
	var from []int
	for _, e := range es {
		if e.kind != returned {
			continue
		}
		// fit says how well payment k fits the return; below zero it does not.
		fit := func(k int) int {
			o, n := es[k], 0
			same, before := o.period == e.period, !o.dated || !e.dated || o.day <= e.day
			for _, holds := range [...]bool{o.amount == e.amount && alike(o.project, e.project), same, alike(o.account, e.account), before} {
				n <<= 1
				if holds {
					n++
				}
			}
			if o.amount == 0 || o.kind != paid && o.kind != supplement || !alike(o.county, e.county) ||
				!e.minus && !(same && before && alike(o.account, e.account)) {
				return -1
			}
			return n
		}
		from = from[:0]
		for k := range es {
			if fit(k) >= 0 {
				from = append(from, k)
			}
		}
		slices.SortFunc(from, func(a, b int) int {
			return cmp.Or(cmp.Compare(fit(b), fit(a)), cmp.Compare(es[b].day, es[a].day), cmp.Compare(b, a))
		})
		rest := e.amount
		for _, k := range from {
			if rest == 0 {
				break
			}
			less := min(rest, es[k].amount)
			es[k].amount -= less
			rest -= less
			back = append(back, [2]int{e.row, es[k].row})
		}
	}
	return back
}

// last returns the last index that satisfies f, or -1.
func last(gs []grant, f func(grant) bool) int {
	for k := len(gs) - 1; k >= 0; k-- {
		if f(gs[k]) {
			return k
		}
	}
	return -1
}
