package rank

import (
	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

// Formula states how a score comes about, for the workbook and the manual. The
// score is the sum of its terms, kept within 0..100.
var Formula = detect.Text{
	Zh: "得分 = 证据等级(E0 60、E1 45、E2 30、E3 15) + 金额(每增一位整数 3 分,最多 15) + 其他数据表印证(每表 4 分,最多 8) + 同案其他规则(每条 5 分,最多 10) + 群众举报(本人 10,本村 4) − 身份匹配扣分(截断 5、近似 15、姓名加村 15);70 分及以上为高,45 分及以上为中",
	En: "score = grade (E0 60, E1 45, E2 30, E3 15) + amount (3 for every further digit of whole yuan, at most 15) + other tables that agree (4 each, at most 8) + other rules on the case (5 each, at most 10) + complaint (10 about the person, 4 about the village) − match (truncated 5, near 15, name and place 15); 70 and more is high, 45 and more medium",
}

// The least scores of the severities above low.
const (
	highScore   = 70
	mediumScore = 45
)

// score fills Terms, Score and Severity.
func score(l *Lead) {
	l.Terms = nil
	add := func(name string, points int) {
		if points != 0 {
			l.Terms = append(l.Terms, Term{name, points})
		}
	}
	add("grade", [...]int{60, 45, 30, 15}[l.Grade-detect.E0])
	add("amount", amountPoints(l.Amount))
	add("tables", min(4*l.otherTables, 8))
	add("rules", min(5*l.otherRules, 10))
	switch {
	case l.complaints > 0:
		add("complaint", 10)
	case l.villageComplaints > 0:
		add("complaint", 4)
	}
	switch {
	case l.Match >= detect.Near:
		add("match", -15)
	case l.Match == detect.Truncated:
		add("match", -5)
	}
	l.Score = 0
	for _, t := range l.Terms {
		l.Score += t.Points
	}
	l.Score = min(max(l.Score, 0), 100)
	switch {
	case l.Score >= highScore:
		l.Severity = "high"
	case l.Score >= mediumScore:
		l.Severity = "medium"
	default:
		l.Severity = "low"
	}
}

// amountPoints gives 3 points for every digit of whole yuan past the first:
// 10 yuan 3, 100 yuan 6, up to 15.
func amountPoints(a table.Fen) int {
	p := 0
	for yuan := max(a, -a) / 100; yuan >= 10 && p < 15; yuan /= 10 {
		p += 3
	}
	return p
}
