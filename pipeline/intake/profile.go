package intake

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"fundtrace/pipeline/idnum"
	"fundtrace/pipeline/intake/column"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/sheet"
)

// profile samples column c from row r on, once. tiers is the program that the
// titles name, nil for none.
func (s *sheetReader) profile(c, r int, tiers *policy.Program) column.Profile {
	key := [2]int{c, r}
	if p, ok := s.profiles[key]; ok {
		return p
	}
	var cells []column.Cell
	seen := map[string]column.Cell{}
	for filled := 0; r < s.g.Rows && filled < column.SampleSize; r++ {
		cell := s.g.At(r, c)
		text := ""
		if cell != sheet.Blank {
			text = unwrap(s.g.Text(r, c))
		}
		if text == "" || absent(plain(text)) {
			if cells = append(cells, column.Cell{}); len(cells) > 10*column.SampleSize {
				break
			}
			continue
		}
		filled++
		k, ok := seen[text]
		if !ok {
			k = s.cell(cell, text, tiers)
			seen[text] = k
		}
		cells = append(cells, k)
	}
	p := s.lexicon.Profile(cells)
	s.profiles[key] = p
	return p
}

// cell tells what one cell reads as.
func (s *sheetReader) cell(c sheet.Cell, text string, tiers *policy.Program) column.Cell {
	t := plain(text)
	out := column.Cell{Text: t}
	_, err := s.count(c, false)
	out.Number = err == nil
	_, err = s.count(c, true)
	out.Year = err == nil
	if v, _, err := s.money(c, 0); err == nil && c.Kind() != sheet.KindDate {
		out.Money, out.Fen = v < 1e15, v
	}
	_, err = s.date(c)
	out.Day, out.Month = err == nil || isDay(err) && err != errMonthOnly, err == errMonthOnly
	if !out.Day && !out.Month && len(t) <= 24 {
		_, err = s.period(c, 2000)
		out.Month = err == nil
	}
	if len(t) <= 18 {
		_, err = s.flag(c, false)
		out.Flag = err == nil || inapplicable.MatchString(t)
	}
	out.ID = validID(t)
	n := utf8.RuneCountInString(t)
	out.Person = n >= 2 && n <= 4 && surnamed(t)
	if hasHan(t) && n <= 12 {
		out.Program = s.policy.Program(text) != nil
		out.Tier = tiers != nil && tiers.HasTier(text)
	}
	return out
}

// inapplicable is what is written where a household has nobody whom a question of
// yes and no is about: 无适龄儿童 under 义务教育.
var inapplicable = regexp.MustCompile(`^(无|没有|不涉及|不适用|不存在)`)

// validID reports whether t is an 18-digit identity number by its check digit.
func validID(t string) bool {
	return len(t) == 18 && digits(t[:17]) && t[17] == idnum.CheckOf(t)
}

// surnames are the commonest family names, over nine tenths of the people and
// the common ones of the southwest.
const surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤农班岑蓝蒙零玉凌甘容闭卜"

func surnamed(t string) bool {
	for _, r := range t {
		if !han(r) && r != '·' {
			return false
		}
	}
	first, _ := utf8.DecodeRuneInString(t)
	return strings.ContainsRune(surnames, first)
}
