package rules

import (
	"fmt"
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

var purposeWords = &detect.Param[string]{
	Name: "prohibited_words", Default: "办公 接待 招待 车辆 公务用车 公车 购车 津补贴 津贴补贴 偿债 偿还 还债 债务 楼堂馆所",
	Doc: text("付款摘要中不得出现的用途用词，以空格分隔", "words of uses that a transfer's purpose may not name, separated by blanks"),
}

var purposeHarmless = &detect.Param[string]{
	Name: "harmless_words", Default: "办公室 办公厅 办公会 招待所 农用车辆 车辆通行 通行车辆",
	Doc: text("含有禁用词而不指该用途的词，先行去掉，以空格分隔", "words that hold a prohibited one and mean no such use, taken out first, separated by blanks"),
}

// HoldPurpose flags funds used for what they were not earmarked for.
var HoldPurpose = &detect.Rule{
	ID:     "hold-purpose",
	Family: detect.Hold,
	Title:  text("改变用途", "used for another purpose"),
	Grade:  detect.E2,
	Doc: detect.Doc{
		Purpose: text("查找专项资金付款摘要为禁止用途，或按指标用途之外的项目发放的情形。", "Finds funds whose transfers name a prohibited use, or that paid a program other than the earmarked."),
		Steps: text(`1. 拨付记录的用途含 prohibited_words 中任一词（先去掉 harmless_words，如“办公室”不算“办公”）的，合计即为线索。
2. 指标标题和用途中含有某补贴项目的用途词（政策文件 purpose）的，视为专用于这些项目；按该资金发放的其他项目（政策文件列有用途词而指标中一个也没有的）合计即为线索，每个项目一条。
3. 指标标题和用途、工程项目的类别和名称各含 works_kinds 中若干类的词，而没有一类相同的，付给该项目（付款注明项目编号，或收款单位为其施工单位）的合计即为线索，每个项目一条。
4. 指标未写明任何项目用途词的（统筹资金），不按项目判断。`,
			`1. Transfers whose purpose has one of prohibited_words (once harmless_words are taken out: 办公室, an office, is not 办公) are added up and make a lead.
2. An allocation whose title or purpose has words of some programs (purpose in the policy) is earmarked for them; what it paid of a program that has such words, none of them in the allocation, makes a lead a program.
3. Where allocation (title and purpose) and works project (kind and name) each have words of some of works_kinds, and of no kind both, what was paid for the project (its number stated, or its contractor the payee) makes a lead a project.
4. An allocation without words of any program is general money: its programs are not judged.`),
		Formula: "∃词 ∈ prohibited_words: 词 ∈ 用途 ∨ 指标用途词 ∩ 项目用途词 = ∅ ∨ 指标类别 ∩ 工程类别 = ∅",
		Example: `教育资助资金里付了一笔接待费。
-- fund.csv --
fund_no,title,level,amount,issued_on,issuer,holder,purpose
甲财教〔2017〕3号,教育资助资金,县,100000,2017-03-01,甲县财政局,甲县财政局,助学
-- flow.csv --
fund_no,from_unit,to_unit,sent_amount,sent_on,purpose,want
甲财教〔2017〕3号,甲县财政局,大河镇人民政府,60000,2017-03-10,教育资助,
甲财教〔2017〕3号,甲县财政局,甲县招待所,4000,2017-04-10,接待费,E2 .* 4000.00 .*接待
`,
		Why:        text("专款专用是扶贫资金的底线，改变用途即挤占了应得的群众。", "Special money is for its purpose only; another use takes it from those it was meant for."),
		Exclusions: text("统筹整合资金不按项目判断；政策文件未列用途词的项目不作判断。", "General money is not judged by program, nor programs for which the policy lists no words."),
		FalseAlarms: text("依规统筹整合后用途已调整；摘要用词笼统；项目管理费在规定比例内列支。",
			"A purpose changed by a decision to pool funds; loose wording; management costs within the share allowed."),
		Verify:  text("查资金下达文件规定的用途、调整批复和付款凭证、发票。", "See the notice's purpose, any decision that changed it, the voucher and the invoice."),
		Control: text("支付审核应核对指标用途与付款摘要。", "Whoever approves a payment should compare it with the allocation's purpose."),
	},
	Basis: []detect.Basis{basisWithhold, basisPovertyFund},
	By:    []table.Key{table.Fund},
	Needs: []string{"fund", "flow"},
	Reads: slices.Concat(grantReads, []table.Column{
		fundTitle, fundPurpose, hopTo, hopSent, hopReceived, hopSentOn, hopReceivedOn, hopPurpose, hopSentRef, hopReceivedRef,
		hopFrom, hopProject, projectNo, projectName, projectKind, projectContractor,
	}),
	Params: []detect.Parameter{purposeWords, purposeHarmless, worksKinds},
	Check:  checkHoldPurpose,
}

func checkHoldPurpose(p *detect.Pass) error {
	a, h := p.View(table.Allocation), p.View(table.Hop)
	words := strings.Fields(purposeWords.Of(p))
	var harmless []string
	for _, w := range strings.Fields(purposeHarmless.Of(p)) {
		harmless = append(harmless, w, "")
	}
	without := strings.NewReplacer(harmless...)
	to, purpose, sent, received := hopTo.In(h), hopPurpose.In(h), hopSent.In(h), hopReceived.In(h)
	var sum table.Fen
	var evidence []detect.Evidence
	var said, payees []string
	judged := false
	for i := range h.Len() {
		judged = judged || purpose[i] != ""
		if !has(without.Replace(purpose[i]), words...) {
			continue
		}
		sum += sent.Or(i, received.Or(i, 0))
		evidence = hopRows(evidence, hopSentRef.In(h), hopReceivedRef.In(h), i)
		if !slices.Contains(said, purpose[i]) {
			said = append(said, purpose[i])
		}
		if !slices.Contains(payees, to[i]) {
			payees = append(payees, to[i])
		}
	}
	if sum > 0 {
		uses, whom := list(said, "项"), list(payees, "个单位")
		p.Report(detect.Lead{
			Item: "transfers", Amount: sum,
			Summary: text(
				fmt.Sprintf("资金（%s）有%s元付给%s，用途写为%s，建议核实是否改变用途。", p.Group.ID, sum, whom.Zh, uses.Zh),
				fmt.Sprintf("%s yuan of fund %s were paid to %s for %s; see whether the purpose was changed.", sum, p.Group.ID, whom.En, uses.En)),
			Facts:    []detect.Fact{fact("付款用途", "stated purpose", strings.Join(said, "；")), fact("金额", "amount", sum.String())},
			Evidence: evidence,
		})
	}
	earmark := strings.Join(slices.Concat(fundTitle.In(a), fundPurpose.In(a)), " ")
	purposeOfWorks(p, earmark)
	earmarked := false
	for _, prog := range p.Policy.Programs {
		earmarked = earmarked || has(earmark, prog.Purpose...)
	}
	if !earmarked {
		if !judged {
			p.NotApplicable(text("指标和拨付记录均未写明用途", "neither allocation nor transfers state a purpose"))
		}
		return nil
	}
	other := func(prog *policy.Program) bool {
		return prog != nil && len(prog.Purpose) > 0 && !has(earmark, prog.Purpose...) && !has(earmark, prog.Name)
	}
	if !pays(p, other) {
		return nil
	}
	l := grants.Of(p)
	sums, ks := map[string]table.Fen{}, map[string][]int{}
	var programs []string
	for k, g := range l.grants {
		if !other(p.Policy.Programs[g.program]) {
			continue
		}
		if !slices.Contains(programs, g.program) {
			programs = append(programs, g.program)
		}
		sums[g.program] += g.amount
		if len(ks[g.program]) < mostEvidence {
			ks[g.program] = append(ks[g.program], k)
		}
	}
	title := firstOf(firstOf(fundPurpose.In(a)...), firstOf(fundTitle.In(a)...))
	for _, name := range programs {
		p.Report(detect.Lead{
			Program: name, Amount: sums[name],
			Summary: text(
				fmt.Sprintf("资金（%s）指标用途为%s，却用于发放%s共%s元，建议核实是否改变用途。", p.Group.ID, title, name, sums[name]),
				fmt.Sprintf("Fund %s is earmarked for %s, yet %s yuan of it paid %s; see whether the purpose was changed.", p.Group.ID, title, sums[name], name)),
			Facts:    []detect.Fact{fact("指标用途", "earmark", title), fact("发放项目", "program paid", name), fact("金额", "amount", sums[name].String())},
			Evidence: l.evidence(p.View(table.Payment), ks[name]...),
		})
	}
	return nil
}
