package names

import (
	"slices"
	"strings"
	"unicode"
)

// familyNames are the most frequent Chinese family names, and those frequent in
// the south-west.
const familyNames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文" +
	"韦覃蒙莫农零岑甘玉蓝闭班兰凌粟阳银吉仇樊欧向祝施陶翁包庞颜倪洪翟申柳安严牛温芦季俞章鲁葛伍毕聂焦詹关辛苗管艾涂尚柴耿左祁冉卜骆纪舒裴符宁" +
	"闫肖殷庄邢齐曲靳梅童霍游阮尤岳柯牟滕鲍屈喻简闵邬隋晏穆姬柏瞿鄢桂窦郁缪巩卓褚栾戚娄甄郎苟臧佘卞虞刁匡栗佟燕巫敖邝荆鞠荣奚麻雍闻冼郜廉蔺冀晁盛饶谷"

// doubleNames are family names of two characters.
var doubleNames = []string{"欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "令狐", "司徒", "夏侯"}

// unitEnds end the names of units, however short.
const unitEnds = "局所办府会站社厂店队司部处院校村镇乡县市区组屯场户行库馆中心圩港寨委园"

// Personal reports whether a payee's name is that of a person by its form: two
// or three Han characters after a family name, or up to four after a double one.
func Personal(name string) bool {
	name, _, _ = strings.Cut(strings.ReplaceAll(name, "·", ""), "\uff08") // 韦小坡（代收）
	rs := []rune(name)
	if len(rs) < 2 || len(rs) > 4 || strings.ContainsRune(unitEnds, rs[len(rs)-1]) {
		return false
	}
	for _, r := range rs {
		if !unicode.Is(unicode.Han, r) {
			return false
		}
	}
	if slices.ContainsFunc(doubleNames, func(d string) bool { return strings.HasPrefix(name, d) }) {
		return len(rs) > 2
	}
	return len(rs) < 4 && strings.ContainsRune(familyNames, rs[0])
}
