package generate

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"fundtrace/pipeline/table"
)

// A person is one invented person.
type person struct {
	name     string
	id       string // 18 characters
	born     table.Day
	male     bool
	relation string // to the head of household
	pupil    bool   // at school while of an age for it
	written  written
}

// written is how a person's ID is written in rosters, where that is laid down.
type written uint8

const (
	anyHow  written = iota // as dirt has it
	clean                  // as it is: the subject of a planted case
	rounded                // as a number that lost its last three digits
)

// age returns the full years of a person on a day.
func (p *person) age(on table.Day) int {
	y, m, d := on.Date()
	by, bm, bd := p.born.Date()
	n := y - by
	if m < bm || m == bm && d < bd {
		n--
	}
	return n
}

// The stages of school.
const (
	primary    = "小学"
	middle     = "初中"
	vocational = "中职"
)

// stage returns the stage of school a person is at in a year's autumn, "" for
// none.
func (p *person) stage(year int) string {
	if !p.pupil {
		return ""
	}
	switch age := p.age(table.DayOf(year, 9, 1)); {
	case age < 6 || age > 18:
		return ""
	case age < 12:
		return primary
	case age < 15:
		return middle
	}
	return vocational
}

// An idBook gives out identity numbers of one region code, each once.
type idBook struct {
	region string
	given  map[idDay]int // numbers given out by birth date and sex
}

type idDay struct {
	born table.Day
	male bool
}

// serials a day and sex: three digits, odd for men.
const serials = 500

// number returns a new ID number: 6 digits of region, 8 of birth date, 3 of
// serial and the check digit of GB 11643.
func (b *idBook) number(born table.Day, male bool) (string, error) {
	k := idDay{born, male}
	n := b.given[k]
	if n >= serials {
		return "", fmt.Errorf("inventing people: more than %d of one sex born on %s in %s", serials, born, b.region)
	}
	b.given[k]++
	// 37 has no factor in common with serials: each serial comes once, scattered.
	y, m, d := born.Date()
	serial := (n*37+31*int(m)+d)%serials*2 + 1
	if !male {
		serial--
	}
	body := fmt.Sprintf("%s%04d%02d%02d%03d", b.region, y, int(m), d, serial)
	return body + string(checkDigit(body)), nil
}

// checkDigit returns the last character of an ID number of GB 11643 from the 17
// before it.
func checkDigit(body string) byte {
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(body[i]-'0') * w
	}
	return "10X98765432"[sum%11]
}

// luhn returns the check digit of an account number by the Luhn formula.
func luhn(body string) byte {
	sum := 0
	for i := range len(body) {
		d := int(body[len(body)-1-i] - '0')
		if i%2 == 0 {
			d *= 2
		}
		sum += d/10 + d%10
	}
	return byte('0' + (10-sum%10)%10)
}

// accountNumber returns the account of the n-th household. No bank's cards
// begin with 99; neighbours' numbers lie far apart.
func accountNumber(n int) string {
	body := fmt.Sprintf("990045%012d", (n+1)*618_033_988_749%1_000_000_000_000)
	return body + string(luhn(body))
}

// phoneNumber returns the telephone of the n-th household. No mobile numbers
// begin with 100.
func phoneNumber(n int) string { return fmt.Sprintf("100%08d", (n+1)*61_803_399%100_000_000) }

var (
	surnames = []rune("王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵覃武钱农蒙莫甘")
	manNames = []rune("伟强军勇杰涛明辉刚平志文斌建国华新民德忠林海山松生福贵祥荣光亮成龙波峰东庆宁安康永进学良才旺根宝田")
	lady     = []rune("芳娜敏静丽艳娟霞秀英玲桂兰梅凤莲翠红燕琼珍云香月琴美娇花妹萍雪慧莉淑惠彩春菊连群爱素玉佩姣")
)

// rareName is a character that GB18030 writes with four bytes, as rare given
// names have.
const rareName = '䶮'

// inventName returns a name that taken does not have yet and adds it.
func inventName(r *rand.Rand, surname rune, male bool, taken map[string]bool) string {
	given := lady
	if male {
		given = manNames
	}
	for {
		name := string(surname) + string(given[r.IntN(len(given))])
		switch n := r.IntN(400); {
		case n == 0:
			name = string(surname) + string(rareName)
		case n < 330:
			name += string(given[r.IntN(len(given))])
		}
		if !taken[name] {
			taken[name] = true
			return name
		}
		surname = surnames[r.IntN(len(surnames))]
	}
}

func surname(r *rand.Rand) rune { return surnames[r.IntN(len(surnames))] }

var (
	townFirst    = strings.Fields("青石 白沙 龙潭 金鸡 石门 双河 清泉 古松 桃源 云岭 凤山 长塘 大岭 红枫 银杏 碧水 东岭 南屏 西江 北坡")
	villageFirst = strings.Fields("河口 石桥 上坪 下坪 大湾 新屋 老寨 竹林 柳塘 枫树 莲塘 高坡 平田 水尾 山口 岩脚 古井 长田 石壁 黄泥 马头 牛角 羊坡 鹅塘 桐木 茶山 油榨 板栗 梨园 橘林 龙头 凤尾 中寨 里垌 外垌 那坡 百花 三江 四方 五里")
	villageLast  = strings.Fields("村 坡村 岭村 塘村 坪村 湾村")
	hamletNames  = strings.Fields("上屯 下屯 中屯 新屯 老屯 东屯 西屯 岭脚屯")
)

// townName returns the i-th town of a county.
func townName(i int) string {
	n := len(townFirst)
	return townFirst[i%n] + []string{"镇", "乡", "东镇", "西乡", "南镇", "北乡"}[i/n%6]
}

// villageName returns the i-th village of a county.
func villageName(i int) string {
	n := len(villageFirst)
	return villageFirst[i%n] + villageLast[i/n%len(villageLast)]
}

// countyName returns the i-th county: 甲县 to 癸县, 子县 to 亥县, then the
// sixty names of the cycle.
func countyName(i int) string {
	stems, branches := []rune("甲乙丙丁戊己庚辛壬癸"), []rune("子丑寅卯辰巳午未申酉戌亥")
	switch {
	case i < 10:
		return string(stems[i]) + "县"
	case i < 22:
		return string(branches[i-10]) + "县"
	}
	return string(stems[(i-22)%10]) + string(branches[(i-22)%12]) + "县"
}

// maxCounties is how many counties have names of their own.
const maxCounties = 82
