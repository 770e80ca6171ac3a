package key

import (
	"regexp"
	"slices"
	"strings"

	"fundtrace/pipeline/policy"
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
		if !slices.Contains(out, no) {
			out = append(out, no)
		}
	}
	return out
}

var shortNumber = regexp.MustCompile(`^第?[0-9]+号$`)

// Pool returns the fund numbers that a key of payments and transfers lists, one
// for most.
func Pool(fund string) []string { return strings.Split(fund, pooling) }

// pooling stands between the numbers of a pool.
const pooling = "、"

// fundOf returns the fund that a cell cites; of several, where only one can be
// meant, the first.
func fundOf(cell string, _ *policy.Policy) string {
	if list := fundNos(cell); len(list) > 0 {
		return list[0]
	}
	return ""
}

// poolOf returns all the funds that a cell cites.
func poolOf(cell string, _ *policy.Policy) string { return strings.Join(fundNos(cell), pooling) }
