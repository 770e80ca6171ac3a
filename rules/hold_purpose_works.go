package rules

import (
	"fmt"
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

var worksKinds = &detect.Param[string]{
	Name: "works_kinds", Default: "道路 公路 桥 硬化 通屯 基础设施 | 饮水 水柜 水池 水窖 供水 水利 灌溉 水渠 基础设施 | 危房 危改 住房 | 搬迁 安置 | " +
		"教育 学校 校舍 教学 助学 雨露 培训 | 卫生 医疗 | 产业 种植 养殖 加工 茶园 果园 大棚 合作社 | 护林 造林 退耕 生态 | 光伏 电网 供电 基础设施 | 低保 特困 五保 救助",
	Doc: text("项目类别用词，同类以空格分隔，各类以竖线分隔；一词可属几类", "words of kinds of works, those of a kind separated by blanks and kinds by |; a word may be of several"),
}

// kindsIn returns which kinds a text has words of.
func kindsIn(s string, kinds []string) []int {
	var out []int
	for k, words := range kinds {
		if has(s, strings.Fields(words)...) {
			out = append(out, k)
		}
	}
	return out
}

// purposeOfWorks is the part of HoldPurpose that looks at the project pool: it
// reports the works projects that the fund paid though their kind is none that
// its earmark names.
func purposeOfWorks(p *detect.Pass, earmark string) {
	kinds := strings.Split(worksKinds.Of(p), "|")
	earmarked := kindsIn(earmark, kinds)
	if len(earmarked) == 0 {
		return
	}
	w := p.View(table.Works)
	no, name, kind, contractor := projectNo.In(w), projectName.In(w), projectKind.In(w), projectContractor.In(w)
	for i := range w.Len() {
		works := kindsIn(kind[i]+" "+name[i], kinds)
		if len(works) == 0 || no[i] == "" || slices.ContainsFunc(works, func(k int) bool { return slices.Contains(earmarked, k) }) {
			continue
		}
		paid, evidence := paidForWorks(p, no[i], contractor[i])
		if paid <= 0 {
			continue
		}
		title := firstOf(firstOf(fundPurpose.In(p.View(table.Allocation))...), firstOf(fundTitle.In(p.View(table.Allocation))...))
		what := firstOf(kind[i], name[i])
		p.Report(detect.Lead{
			ProjectID: no[i], Amount: paid,
			Summary: text(
				fmt.Sprintf("资金（%s）指标用途为%s，却有%s元用于项目%s（%s），建议核实是否改变用途。", p.Group.ID, title, paid, name[i], what),
				fmt.Sprintf("Fund %s is earmarked for %s, yet %s yuan of it went to project %s (%s); see whether the purpose was changed.", p.Group.ID, title, paid, name[i], what)),
			Facts:    []detect.Fact{fact("指标用途", "earmark", title), fact("项目类别", "kind of works", what), fact("金额", "amount", paid.String())},
			Evidence: append([]detect.Evidence{detect.Row(w, i, text("项目", "project"))}, evidence...),
		})
	}
}

// paidForWorks returns what the fund's transfers paid in the end for a project:
// those of its number that the receiver did not send on, and those to its
// contractor that name no other.
func paidForWorks(p *detect.Pass, no, contractor string) (paid table.Fen, evidence []detect.Evidence) {
	h := p.View(table.Hop)
	from, to, project, sent, received := hopFrom.In(h), hopTo.In(h), hopProject.In(h), hopSent.In(h), hopReceived.In(h)
	passes := map[string]bool{}
	for i, unit := range from {
		passes[unit] = passes[unit] || project[i] == no
	}
	for i := range h.Len() {
		if project[i] == no && !passes[to[i]] || project[i] == "" && contractor != "" && to[i] == contractor {
			paid += sent.Or(i, received.Or(i, 0))
			evidence = hopRows(evidence, hopSentRef.In(h), hopReceivedRef.In(h), i)
		}
	}
	return paid, evidence
}
