package rules

import (
	"cmp"
	"fmt"
	"slices"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var (
	splitLimit = &detect.Param[table.Fen]{
		Name: "tender_limit", Default: 40_000_000,
		Doc: text("须招标的合同金额（元）：单项低于此数、合计达到此数（含）。默认 40 万元，应按当地当年的限额设定",
			"yuan from which a contract needs a tender: each is below it, together they reach it (inclusive). The default of 400,000 should be set to the place's limit of the year"),
	}
	splitDays = &detect.Param[int]{
		Name: "window_days", Default: 90,
		Doc: text("首尾两项批复相距的最多天数（含）", "days from the first approval to the last, inclusive"),
	}
)

// ProjSplit flags contracts of one unit with one contractor that are each under
// the tender limit and together over it.
var ProjSplit = &detect.Rule{
	ID:     "proj-split",
	Family: detect.Proj,
	Title:  text("化整为零", "contracts split under the tender limit"),
	Grade:  detect.E2,
	Doc: detect.Doc{
		Purpose: text("查找同一单位短期内把同类工程分成几项、都交给同一施工单位、单项均低于招标限额的情形。",
			"Finds like works that a unit gave to one contractor in a short time in several contracts, each under the tender limit."),
		Steps: text(`1. 按实施单位、施工单位（信用代码相同或名称相同）、项目类别（没有的取名称末二字）和村归集项目，金额取合同金额，没有的取预算；批复日期缺失的不作判断，招标方式写明招标的不计。
2. 单项低于 tender_limit（等于不计）的，按批复日期排列；首尾相距不超过 window_days 天（含）的两项以上，合计达到 tender_limit（含）即提示，互不重叠地取。
3. 其余项目中招标方式写明不是招标（询价、谈判、直接委托等）的，不分村再比一次。`,
			`1. Projects are taken by implementing unit, contractor (one code, or one name), kind (else the last two characters of the name) and village, with the contract amount, else the budget; those without a day of approval are not judged, those that a tender gave are left out.
2. Those below tender_limit (equal is not) are put in order of approval; two or more within window_days (inclusive) that together reach tender_limit (inclusive) make a lead, without overlap.
3. Of the others, those for which the pool states a way that is no tender (quotes, negotiation, direct award ...) are compared once more, villages taken together.`),
		Formula: "∀ 金额i < tender_limit ∧ Σ金额i ≥ tender_limit ∧ 末批复 − 首批复 ≤ window_days",
		Example: `一个月内把三段村道分别包给同一公司，每段 15 万元。
-- project.csv --
project_id,name,kind,unit,contract_amount,contractor,approved_on,want
P1,大坡屯道路,村屯道路,大河镇人民政府,150000,甲县一建公司,2017-05-01,E2 大河镇人民政府 450000.00 .*3个项目
P2,小坡屯道路,村屯道路,大河镇人民政府,150000,甲县一建公司,2017-05-10,
P3,长坡屯道路,村屯道路,大河镇人民政府,150000,甲县一建公司,2017-05-20,
`,
		Why:        text("拆分项目规避招标，容易造成价格虚高和利益输送。", "Splitting avoids the tender, and with it the competition on price."),
		Exclusions: text("本身达到限额或经招标的项目、不同类别或不同施工单位的不计；未写明招标方式的，不同村的不计。", "Contracts at the limit themselves or given by tender, other kinds and contractors are not counted, nor other villages where the pool does not say how they were given."),
		FalseAlarms: text("分别位于不同自然屯、分年下达的小型工程；框架协议定点采购；以工代赈、村民自建。",
			"Small works in different hamlets under separate notices; framework contracts; works built by villagers."),
		Verify:  text("查立项批复、比选或询价记录；看工程是否相连、同时施工；查企业关联关系。", "See approvals and quotes; look whether the works join and were built together; look for ties with the firm."),
		Control: text("立项审批应合并审核同期同类项目。", "Like projects of one time should be approved together."),
	},
	By:    []table.Key{table.Unit},
	Needs: []string{"project"},
	Reads: []table.Column{
		projectNo, projectName, projectKind, projectTown, projectVillage, projectVillageKey, projectBudget, projectContract,
		projectContractor, projectFirmCode, projectTender, projectApprovedOn,
	},
	Params: []detect.Parameter{splitLimit, splitDays},
	Check:  checkProjSplit,
}

// A splitJob is one contract below the tender limit.
type splitJob struct {
	row       int
	no        string
	firm      string // what its contractor is compared by
	kind      string // of work
	village   string
	noTender  bool // the pool says how it was given, and that was no tender
	amount    table.Fen
	on        table.Day
	takenOver bool // in a lead already
}

func checkProjSplit(p *detect.Pass) error {
	v := p.View(table.Works)
	if v.Len() == 0 {
		p.NotApplicable(text("该单位无项目", "no project of the unit"))
		return nil
	}
	jobs, judged := splitJobs(p, v)
	if !judged {
		p.NotApplicable(text("项目缺施工单位、金额或批复日期", "the projects lack contractor, amount or day of approval"))
		return nil
	}
	reportSplits(p, v, jobs, "同村的", " in one village", func(j splitJob) string { return j.village })
	jobs = slices.DeleteFunc(jobs, func(j splitJob) bool { return j.takenOver || !j.noTender })
	reportSplits(p, v, jobs, "未经招标的", " without a tender", func(splitJob) string { return "" })
	return nil
}

// splitJobs returns a unit's contracts below the limit that no tender gave;
// judged is false where no project says enough.
func splitJobs(p *detect.Pass, v table.View) (jobs []splitJob, judged bool) {
	contractor, code, kind, no := projectContractor.In(v), projectFirmCode.In(v), projectKind.In(v), projectNo.In(v)
	name, town, village, villageKey := projectName.In(v), projectTown.In(v), projectVillage.In(v), projectVillageKey.In(v)
	contract, budget, approved, tender := projectContract.In(v), projectBudget.In(v), projectApprovedOn.In(v), projectTender.In(v)
	limit := splitLimit.Of(p)
	firms := map[string]string{} // a firm's code → the name it is compared by
	for i := range v.Len() {
		on, ok := approved.At(i)
		amount := contract.Or(i, budget.Or(i, 0))
		if !ok || amount <= 0 || contractor[i] == "" || slices.ContainsFunc(jobs, func(j splitJob) bool { return no[i] != "" && j.no == no[i] }) {
			continue
		}
		judged = true
		open := has(tender[i], "招标") && !has(tender[i], "未", "不", "免", "非")
		if amount >= limit || open {
			continue
		}
		firm := firmName(contractor[i])
		if c := code[i]; c != "" {
			if firms[c] == "" {
				firms[c] = firm
			}
			firm = firms[c]
		}
		work := kind[i]
		if work == "" { // a name ends in what is built: 大坡屯道路
			work = string(lastOf(essence(name[i], town[i], village[i]), 2))
		}
		jobs = append(jobs, splitJob{i, no[i], firm, work, villageKey[i], tender[i] != "" && !open, amount, on, false})
	}
	return jobs, judged
}

// reportSplits reports the contracts of one contractor, kind of work and place
// that lie within the window and together reach the limit.
func reportSplits(p *detect.Pass, v table.View, jobs []splitJob, which, whichEn string, place func(splitJob) string) {
	limit, window := splitLimit.Of(p), table.Day(splitDays.Of(p))
	like := func(a, b splitJob) int {
		return cmp.Or(cmp.Compare(a.firm, b.firm), cmp.Compare(a.kind, b.kind), cmp.Compare(place(a), place(b)))
	}
	slices.SortStableFunc(jobs, func(a, b splitJob) int {
		return cmp.Or(like(a, b), cmp.Compare(a.on, b.on), cmp.Compare(a.no, b.no))
	})
	for lo := 0; lo < len(jobs); {
		hi, sum := lo, table.Fen(0)
		for hi < len(jobs) && like(jobs[hi], jobs[lo]) == 0 && jobs[hi].on-jobs[lo].on <= window {
			sum += jobs[hi].amount
			hi++
		}
		if hi-lo < 2 || sum < limit {
			lo++
			continue
		}
		first, last := jobs[lo], jobs[hi-1]
		who, what := projectContractor.In(v)[first.row], firstOf(first.kind, "同类工程")
		l := detect.Lead{
			Item: first.no, Amount: sum,
			Summary: text(
				fmt.Sprintf("%s在%s至%s把%s%s%d个项目交给%s，单项均低于招标限额%s元，合计%s元，建议核实是否拆分。", p.Group.ID, date(first.on).Zh, date(last.on).Zh, which, what, hi-lo, who, limit, sum),
				fmt.Sprintf("%s gave %s %d contracts%s (%s) from %s to %s, each under the tender limit of %s yuan and %s together; see whether they were one.", p.Group.ID, who, hi-lo, whichEn, what, first.on, last.on, limit, sum)),
		}
		for k := lo; k < hi; k++ {
			j := &jobs[k]
			j.takenOver = true
			l.Facts = append(l.Facts, fact("项目、批复日期、金额", "project, approved on, amount", fmt.Sprintf("%s %s  %s  %s", j.no, projectName.In(v)[j.row], j.on, j.amount)))
			l.Evidence = append(l.Evidence, detect.Row(v, j.row, roleProject))
		}
		p.Report(l)
		lo = hi
	}
}
