package intake

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"fundtrace/pipeline/intake/column"
)

var (
	totalWords = []string{"合计", "小计", "总计", "共计", "累计", "总合计", "合共", "本页计", "总数"}
	countOnly  = regexp.MustCompile(`^(共|计|总共|合)*\d+(人|户|人次|笔|条)([,;]?\d+(人|户|人次|笔|条))*$`)
	// The words of signature lines.
	signWords = []string{"制表", "审核", "复核", "填报", "填表", "负责人", "经办人", "经手人", "签字", "签章", "签名", "盖章", "公章", "会计", "出纳", "审批人", "主管领导", "分管领导", "领导:", "报送", "日期:", "时间:", "联系人", "联系电话:", "电话:", "公示时间", "公示期", "村主任", "支书", "打印"}
	// What a book carries over from one page, month or year to the next.
	carried    = regexp.MustCompile(`^(上年|上月|上期|年初|月初|期初|本年|本月|期末|年末|月末)(结转|结余|余额|余额结转)(数|额|余额|资金)?$|^(结转|转)(下年|下月|下页)$|^(承前|承上|过次)页$`)
	notePrefix = regexp.MustCompile(`^(注|备注|说明|填表说明|填报说明|附注|注意|备 注|附)\d?[:.]|^(注|说明)[:(]|^以下空白|^此表|^本表`)
)

// isTotal reports whether a text is the label of a total or subtotal.
func isTotal(t string) bool {
	if len(t) > 90 || !totalMarks.in(t) {
		return false
	}
	t = plain(t)
	for _, w := range totalWords {
		if strings.Contains(t, w) {
			_, sum := sumIn(t)
			return utf8.RuneCountInString(t) <= 24 || sum
		}
	}
	return len(t) < 60 && strings.ContainsAny(t, "人户笔条") && countOnly.MatchString(t)
}

// isNote reports whether a text is a note or a line of signatures.
func isNote(t string) bool {
	if !noteMarks.in(t) {
		return false
	}
	t = plain(t)
	if t == "" || digits(t) {
		return false
	}
	if r, _ := utf8.DecodeRuneInString(t); strings.ContainsRune("注备说填附此本以", r) && notePrefix.MatchString(t) {
		return true
	}
	if carried.MatchString(t) {
		return true
	}
	if !strings.Contains(t, ":") && utf8.RuneCountInString(t) > 12 {
		return false
	}
	return containsAny(t, signWords) || strings.HasPrefix(t, "第") && strings.HasSuffix(t, "页")
}

// suspect reports whether a text that names somebody or something may be a
// label, a note or a header instead.
func suspect(s string, isName bool) bool {
	if isName && len(s) <= 15 && len(s) >= 6 { // the ordinary name: two to five characters
		for _, r := range s {
			if r < 0x80 || r == '计' || r == '注' || r == '表' || r == '核' || r == '章' || r == '字' || r == '报' || r == '责' {
				return true
			}
		}
		return column.Builtin().Has(s)
	}
	t := trim(s)
	if digits(t) && !isName {
		return false
	}
	return t == "" || isName && strings.ContainsAny(t, "0123456789:：") || isTotal(t) || isNote(t) || column.Builtin().Has(column.Word(t))
}

// Every note or sign word has one of the first, most as its beginning; every total has one of
// the second.
var (
	noteMarks  = newRuneSet(append([]string{"注", "备", "说", "填", "附", "此", "本", "以", "第", "结", "余", "页"}, signWords...)...)
	totalMarks = newRuneSet("计", "共", "总", "人", "户", "笔", "条")
)

// A runeSet is characters below U+10000. Asking whether a text has one of them
// is much cheaper than looking for words, and nearly every cell has none.
type runeSet [1 << 10]uint64

func newRuneSet(words ...string) *runeSet {
	s := new(runeSet)
	for _, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		s[r>>6] |= 1 << (r & 63)
	}
	return s
}

// in reports whether t has a character of the set.
func (s *runeSet) in(t string) bool {
	for _, r := range t {
		if r < 1<<16 && s[r>>6]&(1<<(r&63)) != 0 {
			return true
		}
	}
	return false
}
