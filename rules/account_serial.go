package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/stat"
	"fundtrace/pipeline/table"
)

var (
	serialRun = &detect.Param[int]{
		Name: "min_run", Default: 10,
		Doc: text("连号账户达到此数（含）才判断", "length of a run of consecutive accounts that is looked at, inclusive"),
	}
	serialChance = &detect.Param[float64]{
		Name: "max_p", Default: 0.001,
		Doc: text("偶然出现同样长的连号的概率上界低于此数（不含）才提示", "a lead needs a bound on the chance of such a run below this, exclusive"),
	}
	serialRange = &detect.Param[int]{
		Name: "range", Default: 1_000_000,
		Doc: text("连号以外的同类账户不足20个、无从估计号段时，假定的号段大小（个）", "size of the range of numbers assumed where fewer than 20 other accounts of the kind tell it"),
	}
)

// AccountSerial flags rosters with a run of consecutive account numbers.
var AccountSerial = &detect.Rule{
	ID:     "account-serial",
	Family: detect.Dup,
	Title:  text("连号账户", "consecutive account numbers"),
	Grade:  detect.E3,
	Doc: detect.Doc{
		Purpose: text("查找一个单位、一个项目的名册中，账号成段连续、超出偶然的情形。",
			"Finds rosters of one unit and program whose account numbers run on consecutively beyond chance."),
		Steps: text(`1. 按发放单位和项目取不同账号；同长度、同前缀（末13位以前）的归为一类。一类账号都符合银行卡校验位（Luhn）的，去掉末位再比。
2. 取最长的一段连号，长度 k 达到 min_run（含）才判断。政策文件 account_batches 所列集中开户号段内的账号不计。
3. 该类连号以外的账号达到20个（含）时，号段大小 m 取该类账号的首尾跨度，否则取 range。
4. n 个账号中出现 k 连号的概率上界 p 低于 max_p（不含）即提示。每单位每项目一条，不指向个人。`,
			`1. Different accounts are taken by paying unit and program, in classes of one length and prefix (all before the last thirteen digits). Where all of a class have a valid check digit (Luhn), the last digit is dropped.
2. The longest run is judged from min_run (inclusive) on. Accounts inside the policy's account_batches are left out.
3. With 20 or more (inclusive) other accounts of the class, the range m is the span of the class, else range.
4. A bound p on the chance of a run of k among n accounts below max_p (exclusive) makes a lead, one for each unit and program; nobody is named.`),
		Formula: "k ≥ min_run ∧ p ≤ (m−k+1) · Π_{i<k} (n−i)/(m−i) < max_p （Markov 不等式）",
		Example: `示例把连号下限降为3个：三户的账号相连。
-- policy.yaml --
rules:
  account-serial: {min_run: 3}
-- payment.csv --
beneficiary_name,beneficiary_id,program,period,amount,account,payer,want
韦一,459901197001010315,农村低保,2017-03,200,6217000000000000031,青石镇财政所,E3 青石镇财政所 600.00 .*农村低保.*连续3个
黄二,459901197001010323,农村低保,2017-03,200,6217000000000000032,青石镇财政所,
覃三,459901197001010331,农村低保,2017-03,200,6217000000000000033,青石镇财政所,
`,
		Why: text("账户成批连号开立，可能由一人持证批量开户、编造名册套取。",
			"Accounts opened in a row may have been opened by one person for a made-up roster."),
		Exclusions: text("政策文件列明的集中开户号段、同一账户重复出现、无账号的记录不计。",
			"Batches that the policy names, one account many times, and rows without an account are not counted."),
		FalseAlarms: text("一卡通推广时银行进村集中开户而未列入政策文件；同一天办卡的同屯农户。",
			"A bank that opened cards for a whole village and is not in the policy file; neighbours who opened on one day."),
		Verify: text("向银行调开户日期、经办人、预留电话和首次取款；抽户核对卡在谁手里。",
			"Ask the bank for the day, clerk, telephone and first withdrawal of each; see by sample who holds the cards."),
		Control: text("集中开户应有银行和村两级名单并由本人签领。", "Cards opened in batches need lists by bank and village and the holder's signature."),
	},
	Basis:  []detect.Basis{basisFraud, basisOneCard},
	By:     []table.Key{table.Unit},
	Needs:  []string{"payment"},
	Reads:  []table.Column{payProgram, payAccount, payNet},
	Params: []detect.Parameter{serialRun, serialChance, serialRange},
	Check:  checkAccountSerial,
}

// A numbered is one different account of a roster.
type numbered struct {
	program string
	length  int    // these two are its class
	prefix  string //
	serial  int64
	row     int
	luhn    bool
}

// fellow reports whether two accounts are of one program and class.
func (a numbered) fellow(b numbered) bool {
	return a.program == b.program && a.length == b.length && a.prefix == b.prefix
}

func checkAccountSerial(p *detect.Pass) error {
	v := p.View(table.Payment)
	if v.Len() == 0 {
		p.NotApplicable(noPayment)
		return nil
	}
	program, account, amount := payProgram.In(v), payAccount.In(v), payNet.In(v)
	const tail = 12 // digits of a serial number, and the check digit after it
	var all []numbered
	seen := map[string]*table.Interner{} // by program: a county's unit has a million payments, and far fewer accounts
	var last latest[string, *table.Interner]
	for i, a := range account {
		if program[i] == "" || len(a) < 6 || amount.Or(i, 0) <= 0 {
			continue
		}
		accounts := last.of(program[i], func(name string) *table.Interner {
			if seen[name] == nil {
				seen[name] = &table.Interner{}
			}
			return seen[name]
		})
		if n := len(accounts.Dict); int(accounts.Code(a)) < n ||
			slices.ContainsFunc(p.Policy.AccountBatches, func(b policy.AccountBatch) bool { return b.Holds(a) }) {
			continue
		}
		cut := max(len(a)-tail-1, 0)
		n, err := strconv.ParseInt(a[cut:], 10, 64)
		if err != nil {
			continue
		}
		all = append(all, numbered{program[i], len(a), a[:cut], n, i, luhn(a)})
	}
	if len(all) == 0 {
		p.NotApplicable(text("发放记录无项目或账号", "payments have no program or account"))
		return nil
	}
	slices.SortFunc(all, func(a, b numbered) int {
		return cmp.Or(cmp.Compare(a.program, b.program), a.length-b.length, cmp.Compare(a.prefix, b.prefix), cmp.Compare(a.serial, b.serial), cmp.Compare(a.row, b.row))
	})
	all = slices.CompactFunc(all, func(a, b numbered) bool { return a.fellow(b) && a.serial == b.serial })
	var best []numbered // the least likely run of a program
	var of serialCase
	for lo := 0; lo < len(all); {
		hi := lo + 1
		for hi < len(all) && all[hi].fellow(all[lo]) {
			hi++
		}
		if run, c := longestRun(p, all[lo:hi]); run != nil && (best == nil || c.p < of.p) {
			best, of = run, c
		}
		if best != nil && (hi == len(all) || all[hi].program != best[0].program) {
			reportAccountSerial(p, v, best, of)
			best = nil
		}
		lo = hi
	}
	return nil
}

// A serialCase is what the chance of a run was reckoned from.
type serialCase struct {
	n int     // accounts of the class
	m float64 // size of their range
	p float64 // bound on the chance
}

// longestRun returns the longest run of a class, nil where it is short or
// likely.
func longestRun(p *detect.Pass, class []numbered) ([]numbered, serialCase) {
	checked := !slices.ContainsFunc(class, func(a numbered) bool { return !a.luhn })
	serials := make([]int64, len(class))
	for i := range class {
		if checked {
			class[i].serial /= 10
		}
		serials[i] = class[i].serial
	}
	start, k := stat.LongestRun(serials)
	if k < max(serialRun.Of(p), 2) {
		return nil, serialCase{}
	}
	c := serialCase{n: len(class), m: float64(serialRange.Of(p))}
	if c.n-k >= 20 {
		c.m = float64(class[len(class)-1].serial - class[0].serial + 1)
	}
	if c.p = stat.RunChance(c.n, max(c.m, float64(c.n)), k); c.p >= serialChance.Of(p) {
		return nil, c
	}
	i := slices.IndexFunc(class, func(a numbered) bool { return a.serial == start })
	return class[i : i+k], c
}

func reportAccountSerial(p *detect.Pass, v table.View, run []numbered, c serialCase) {
	account, amount, program := payAccount.In(v), payNet.In(v), payProgram.In(v)
	var inRun []string
	for _, a := range run {
		inRun = append(inRun, account[a.row])
	}
	l := detect.Lead{Program: run[0].program}
	for i, a := range account {
		if _, ok := slices.BinarySearch(inRun, a); ok && program[i] == l.Program && amount.Or(i, 0) > 0 {
			l.Amount += amount.Or(i, 0)
			l.Evidence = append(l.Evidence, detect.Row(v, i, rolePayment))
		}
	}
	first, last := tailOf(inRun[0]), tailOf(inRun[len(inRun)-1])
	l.Facts = []detect.Fact{
		fact("连号个数", "length of the run", fmt.Sprint(len(run))), fact("账号首尾（尾号）", "first and last, ending", first+" – "+last),
		fact("同类账号数 n", "accounts of the class, n", fmt.Sprint(c.n)), fact("号段 m", "range m", fmt.Sprintf("%.0f", c.m)),
		fact("偶然概率上界 p", "bound on chance, p", fmt.Sprintf("%.1e", c.p)),
	}
	l.Summary = text(
		fmt.Sprintf("%s发放的%s有连续%d个账号相连（尾号%s至%s），共%s元，偶然出现的概率不超过%.1e，建议核实是否集中开户。", p.Group.ID, l.Program, len(run), first, last, l.Amount, c.p),
		fmt.Sprintf("In %s's rosters of %s, %d account numbers run on (ending in %s to %s) with %s yuan; by chance at most %.1e; find out whether a bank opened them together.", p.Group.ID, l.Program, len(run), first, last, l.Amount, c.p))
	p.Report(l)
}

// luhn reports whether the last digit of a number is its check digit (ISO/IEC
// 7812-1).
func luhn(s string) bool {
	sum := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
