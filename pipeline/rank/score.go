package rank

import (
	"fmt"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
)

// Formula states how a score comes about under a policy's weights, for the
// workbook and the manual. The score is the sum of its terms, kept within 0..100.
func Formula(w policy.Ranking) detect.Text {
	args := []any{
		w.E0, w.E1, w.E2, w.E3, w.Digit, w.DigitsMost, w.Table, w.TablesMost, w.Rule, w.RulesMost,
		w.Complaint, w.VillageComplaint, w.Truncated, w.Near, w.High, w.Medium,
	}
	return detect.Text{
		Zh: fmt.Sprintf("得分 = 证据等级(E0 %d、E1 %d、E2 %d、E3 %d) + 金额(每增一位整数 %d 分,最多 %d) + 其他数据表印证(每表 %d 分,最多 %d) + 同案其他规则(每条 %d 分,最多 %d) + 群众举报(本人 %d,本村 %d) − 身份匹配扣分(截断 %d、近似和姓名加村 %d);%d 分及以上为高,%d 分及以上为中", args...),
		En: fmt.Sprintf("score = grade (E0 %d, E1 %d, E2 %d, E3 %d) + amount (%d for every further digit of whole yuan, at most %d) + other tables that agree (%d each, at most %d) + other rules on the case (%d each, at most %d) + complaint (%d about the person, %d about the village) − match (truncated %d, near or name and place %d); %d and more is high, %d and more medium", args...),
	}
}

// score fills Terms, Score and Severity.
func score(l *Lead, w policy.Ranking) {
	l.Terms = nil
	add := func(name string, points int) {
		if points != 0 {
			l.Terms = append(l.Terms, Term{name, points})
		}
	}
	add("grade", [...]int{w.E0, w.E1, w.E2, w.E3}[l.Grade-detect.E0])
	add("amount", min(w.Digit*digits(l.Amount), w.DigitsMost))
	add("tables", min(w.Table*l.otherTables, w.TablesMost))
	add("rules", min(w.Rule*l.otherRules, w.RulesMost))
	switch {
	case l.complaints > 0:
		add("complaint", w.Complaint)
	case l.villageComplaints > 0:
		add("complaint", w.VillageComplaint)
	}
	switch {
	case l.Match >= detect.Near:
		add("match", -w.Near)
	case l.Match == detect.Truncated:
		add("match", -w.Truncated)
	}
	l.Score = 0
	for _, t := range l.Terms {
		l.Score += t.Points
	}
	l.Score = min(max(l.Score, 0), 100)
	switch {
	case l.Score >= w.High:
		l.Severity = "high"
	case l.Score >= w.Medium:
		l.Severity = "medium"
	default:
		l.Severity = "low"
	}
}

// digits returns how many digits of whole yuan an amount has past the first: 1
// of 10 yuan, 2 of 100.
func digits(a table.Fen) (n int) {
	for yuan := max(a, -a) / 100; yuan >= 10; yuan /= 10 {
		n++
	}
	return n
}
