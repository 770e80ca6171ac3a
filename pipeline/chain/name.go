package chain

import (
	"regexp"
	"strings"

	"golang.org/x/text/width"
)

var fundNumber = regexp.MustCompile(`^(.*[^0-9])(?:[\[(〔【{〈《「]([0-9]{4})年?[\])〕】}〉》」]|([0-9]{4})年)第?0*([0-9]+(?:[-—][0-9]+)?)号?(?:文件?)?$`)

// FundNo brings a fund number into the one form it is compared and shown in:
// no blanks, ASCII in place of full width, and the year of a document number
// in 〔〕: 桂财农 [2017] 8 号 is 桂财农〔2017〕8号, and so is 桂财农2017年8号文.
func FundNo(s string) string {
	s = strings.ToUpper(squeeze(s))
	if m := fundNumber.FindStringSubmatch(s); m != nil {
		return m[1] + "〔" + m[2] + m[3] + "〕" + m[4] + "号"
	}
	return s
}

// fundNos splits a cell that lists several fund numbers (整合资金) and returns
// each in its one form, in the order written. A number that repeats the year's
// office in short (桂财农〔2017〕8号、9号) takes it from the one before.
func fundNos(cell string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune("、;\uff1b,\uff0c+\n", r) }) {
		no := FundNo(part)
		if no == "" {
			continue
		}
		if len(out) > 0 && shortNumber.MatchString(no) {
			if last := out[len(out)-1]; strings.Contains(last, "〕") {
				no = FundNo(last[:strings.LastIndex(last, "〕")+len("〕")] + no)
			}
		}
		out = append(out, no)
	}
	return out
}

var shortNumber = regexp.MustCompile(`^第?[0-9]+号$`)

// squeeze removes every blank and writes full-width forms as ASCII.
func squeeze(s string) string {
	return strings.Join(strings.Fields(width.Fold.String(s)), "")
}

// bareNotes are brackets at the end of a unit's name that do not belong to it.
var bareNotes = regexp.MustCompile(`\((本级|机关|盖章|公章|章|汇总|代管)\)$`)

// cleanUnit returns a unit's name without blanks and trailing notes, brackets
// in the form official writing has them.
func cleanUnit(s string) string {
	s = strings.Trim(bareNotes.ReplaceAllString(squeeze(s), ""), ":;,.、。·-_")
	return strings.NewReplacer("(", "\uff08", ")", "\uff09").Replace(s)
}

// officeWords are the long and the short form of one office.
var officeWords = strings.NewReplacer(
	"人民政府财政", "财政", // 乙镇人民政府财政所
	"政府财政", "财政",
	"人民政府", "政府",
	"村民委员会", "村委会",
	"居民委员会", "居委会",
	"扶贫开发领导小组办公室", "扶贫办",
	"扶贫开发办公室", "扶贫办",
	"扶贫办公室", "扶贫办",
	"住房和城乡建设局", "住建局",
	"住房城乡建设局", "住建局",
	"农业农村局", "农业局",
	"民族事务局", "民族局",
	"街道办事处", "街道办",
	"有限责任公司", "有限公司",
)

// foldUnit returns what spellings of one unit have in common.
func foldUnit(clean string) string { return officeWords.Replace(clean) }

// levels end the name of a place.
const levels = "省区州市盟县旗镇乡村屯"

// splitPlace cuts a unit's name after the last level word that leaves an
// office behind it: 甲县乙镇财政所 is 甲县乙镇 and 财政所.
func splitPlace(fold string) (place, office string) {
	runes := []rune(fold)
	for i := len(runes) - 2; i > 0; i-- {
		if strings.ContainsRune(levels, runes[i]) {
			return string(runes[:i+1]), string(runes[i+1:])
		}
	}
	return "", fold
}

// publicEnds end the names of public bodies, which offices shorten among
// themselves.
var publicEnds = regexp.MustCompile(`(局|厅|办|办公室|所|站|中心|政府|委|委员会|村委会|居委会)$`)

// shortens reports whether short is full without the name of its place:
// 县财政局, or 财政局 of a county or above, for 甲县财政局; 乙镇财政所 for
// 甲县乙镇财政所; 广厦建筑公司, a name of its own, for 甲县广厦建筑公司.
func shortens(short, full string) bool {
	if len(short) >= len(full) || !strings.HasSuffix(full, short) {
		return false
	}
	prefix, runes := []rune(strings.TrimSuffix(full, short)), []rune(short)
	ofPlace := strings.ContainsRune("省州市县区盟旗", prefix[len(prefix)-1])
	const ownName = 6 // 百货公司 is of any place
	return (ofPlace || strings.ContainsRune(levels, runes[0])) && publicEnds.MatchString(short) ||
		ofPlace && len(runes) >= ownName && isFirm(short)
}

// firmEnds end the names of firms and other suppliers.
var firmEnds = regexp.MustCompile(`(公司|厂|店|合作社|施工队|工程队|建筑队|经营部|商行|商店|养殖场|种植场|农场|林场|苗圃|超市|门市部|事务所|设计院|研究院|企业|个体户)$`)

// isFirm reports whether a unit is a firm by its name.
func isFirm(clean string) bool {
	name, _, _ := strings.Cut(clean, "\uff08")
	return firmEnds.MatchString(name) || firmEnds.MatchString(clean)
}

// households end, or are, the names of those whom a unit's book pays together.
var households = regexp.MustCompile(`^(各|全体|有关|相关)*\p{Han}{0,10}(农户|贫困户|受益户|贫困学生|补贴对象|补助对象|享受对象|保障对象|低保户|五保户|搬迁户|危改户|退耕户|群众|村民|农民)(个人|账户|一卡通)?(（[^（）]*）)?$|^(惠农)?一卡通(代发|发放|账户|专户)*$`)

// toHouseholds reports whether a receiver stands for the households of a roster.
func toHouseholds(clean string) bool { return households.MatchString(clean) }
