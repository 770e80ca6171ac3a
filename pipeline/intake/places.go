package intake

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// places is what a text says of where.
type places struct{ county, town, village, hamlet string }

// places4 are the fields of places, from the widest.
var places4 = []string{"county", "town", "village", "hamlet"}

// at returns the place of one of places4.
func (p places) at(level int) string {
	return [...]string{p.county, p.town, p.village, p.hamlet}[level]
}

// notPlaces are words that end like a place and are none.
var notPlaces = []string{
	"农村", "乡村", "统筹城乡", "和城乡", "乡镇", "小城镇", "新型城镇", "贫困村", "行政村", "自然村", "全村", "各村", "本村", "该村", "新农村", "贫困县", "全县", "各县",
	"本县", "该县", "全镇", "各镇", "本镇", "全乡", "各乡", "本乡", "地区", "山区", "景区", "库区", "自治区", "示范区", "市区", "城区", "小区", "校区",
	"林区", "园区", "开发区", "片区", "灾区", "贫困社区", "贫困乡", "贫困镇", "重点村", "示范村", "深度贫困村", "脱贫村", "出列村", "摘帽县", "出列县",
	"分县", "分村", "分乡镇", "按村", "按县", "到村", "驻村", "县", "村", "镇", "乡", "区", "旗",
}

// townLike ends the names of towns (古城乡, 新集镇) as well as the words 城乡, 城镇
// and 集镇, which ofTownAndCountry follows.
var (
	townLike         = regexp.MustCompile(`城乡$|城镇$|集镇$`)
	ofTownAndCountry = regexp.MustCompile(`^(居民|建设|规划|一体|统筹|低保|医|养老|最低|化|职工|户籍|人口|社会|困难|保障|公益)`)
)

// notName is what a sentence says before 村 or 镇, and no name does: 以上人员已经村民会议通过.
var notName = regexp.MustCompile(`已经|经本|人员|以上|以下|所有|全部`)

var leadWords = regexp.MustCompile(`^(关于|下达|拨付|拨给|发放|转发|附件|补发|公示|请|将|对|的|年度?|月份?|第?[一二三四五六七八九十]+批|各|及|和|与|在)+`)

// placesIn finds county, town and village in a title, a name or an address.
func placesIn(t string) places {
	var p places
	runes := []rune(t)
	start := 0
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		if !han(r) {
			start = i + 1
			continue
		}
		end, level := i+1, 0
		switch {
		case r == '县' || r == '旗':
			level = 1
		case r == '区' && i > 0 && runes[i-1] == '社':
			level = 3
		case r == '区':
			level = 1
		case r == '乡' || r == '镇':
			level = 2
		case r == '道' && i > 0 && runes[i-1] == '街':
			level = 2
		case r == '村':
			level = 3
		case r == '省' || r == '市' || r == '州':
			start = end
			continue
		case (r == '屯' || r == '组') && p.village != "":
			level = 4
		default:
			continue
		}
		name := string(runes[start:end])
		name = leadWords.ReplaceAllString(name, "")
		n := utf8.RuneCountInString(name)
		next := rune(0)
		if end < len(runes) {
			next = runes[end]
		}
		// Of 乡村公益性岗位 and 乡村振兴 the 乡 is no town's, whatever stands before.
		if r == '乡' && (next == '镇' || next == '村') || r == '镇' && next == '区' || r == '县' && next == '级' && n < 3 {
			continue
		}
		bad := n < 2 || n > 12 || slices.ContainsFunc(notPlaces, func(w string) bool {
			return name == w || utf8.RuneCountInString(w) > 1 && strings.HasSuffix(name, w)
		}) || name == "社区" || name == "街道" || townLike.MatchString(name) && ofTownAndCountry.MatchString(string(runes[end:])) || townLike.FindString(name) == name || notName.MatchString(name)
		if bad {
			if r == '区' || level == 1 {
				start = end
			}
			continue
		}
		switch level {
		case 1:
			if p.county == "" {
				p.county = name
			}
		case 2:
			if p.town != "" { // 长安镇大乡坡村 is in one town
				continue
			}
			p.town = name
		case 3:
			if p.village == "" {
				p.village = name
			}
			for _, office := range []string{"民委员会", "委会"} { // 丙村委会 is 丙村
				if strings.HasPrefix(string(runes[end:]), office) {
					end += utf8.RuneCountInString(office)
					i = end - 1
					break
				}
			}
		case 4:
			if p.hamlet == "" {
				p.hamlet = name
			}
		}
		start = end
	}
	return p
}
