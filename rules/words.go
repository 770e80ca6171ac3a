package rules

import (
	"fmt"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

// text says one thing in the two languages.
func text(zh, en string) detect.Text { return detect.Text{Zh: zh, En: en} }

// fact is one named value of a lead.
func fact(zh, en, value string) detect.Fact { return detect.Fact{Name: text(zh, en), Value: value} }

// Roles of evidence that several rules name.
var (
	rolePayment   = text("发放记录", "payment")
	roleHousehold = text("建档立卡记录", "household register")
)

// span writes a period as people say it: 2017年3月, March to May.
func span(p table.Period) detect.Text {
	f, t := p.From(), p.To()
	switch n := p.Months(); {
	case p == 0:
		return text("未注明所属期", "no stated period")
	case n == 12 && f%12 == 0:
		return text(fmt.Sprintf("%d年", f/12), fmt.Sprint(f/12))
	case n == 3 && f%3 == 0:
		return text(fmt.Sprintf("%d年第%d季度", f/12, f%12/3+1), p.String())
	case n == 1:
		return text(fmt.Sprintf("%d年%d月", f/12, f%12+1), p.String())
	case f/12 == t/12:
		return text(fmt.Sprintf("%d年%d月至%d月", f/12, f%12+1, t%12+1), p.String())
	}
	return text(fmt.Sprintf("%d年%d月至%d年%d月", f/12, f%12+1, t/12, t%12+1), p.String())
}

// date writes a day as people say it.
func date(d table.Day) detect.Text {
	y, m, n := d.Date()
	return text(fmt.Sprintf("%d年%d月%d日", y, int(m), n), d.String())
}

// list joins words, the first few of them where there are many, as a sentence
// names people: 甲、乙等5人 would be list(names, "人").
func list(words []string, unitZh string) detect.Text {
	const most = 4
	if len(words) <= most {
		return text(strings.Join(words, "、"), strings.Join(words, ", "))
	}
	return text(
		fmt.Sprintf("%s等%d%s", strings.Join(words[:most], "、"), len(words), unitZh),
		fmt.Sprintf("%s and %d more", strings.Join(words[:most], ", "), len(words)-most))
}

// firstOf returns the first word that is not empty.
func firstOf(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}

// has reports whether s contains one of words.
func has(s string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// A latest remembers what a function last made of a key. Most rows say in a
// column of words what the row before says, and reading words takes longer than
// all the rest of a row.
type latest[K comparable, V any] struct {
	key   K
	value V
	known bool
}

// of returns f(key). It must always be given the same f.
func (l *latest[K, V]) of(key K, f func(K) V) V {
	if !l.known || l.key != key {
		l.key, l.value, l.known = key, f(key), true
	}
	return l.value
}

// lastOf returns the last n of a list, or all of it.
func lastOf[T any](list []T, n int) []T { return list[max(0, len(list)-n):] }
