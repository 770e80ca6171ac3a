package key

import (
	"regexp"
	"slices"
	"strings"

	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/words"
)

// document finds the number of an official document: who issued it, the year in
// brackets of any kind, or followed by 年 or by a blank, and its number.
var document = regexp.MustCompile(`((?:[\p{Han}A-Z ]*[\p{Han}A-Z])?(?: ?\(\p{Han}{1,3}\))?) ?` +
	`(?:` + bracketed + `|((?:19|20)[0-9]{2})(?:年| )) ?第? ?0*([1-9][0-9]*(?: ?[-—] ?[0-9]+)?) ?(号|$)`)

// bracketed is a year in brackets.
const bracketed = `[\[(〔【{〈《「﹝〖] ?((?:19|20)[0-9]{2}) ?年?度? ?[\])〕】}〉》」﹞〗]`

// further finds what goes on behind a number and leaves out its issuer, or its
// year as well: 桂财农〔2017〕8号、9号.
var further = regexp.MustCompile(`^(?: ?文件?)?(?: ?[、;,+和及与] ?| )+(?:` + bracketed + `)? ?第? ?0*([1-9][0-9]*(?: ?[-—] ?[0-9]+)?) ?号`)

// leading are words that stand before a document number and are no part of it:
// of a title, a label or a sentence.
var leading = regexp.MustCompile(`^.*(?:通知|资金|文号|文件|指标|补助|补贴|经费|低保|项目|预算|关于|根据|依据|按照|凭证|下达|拨付|安排|执行|号|的|按|见|凭|据|年|元|月|日|批次)`)

// FundNo brings the number of one fund into the one form it is compared and
// shown in: of a document number issuer, year in 〔〕 and number, whatever
// brackets, blanks, line breaks, title, label or note are around it; of another
// number its characters without blanks, in half width and capitals, 〔〕 for any
// such brackets. Of several numbers it is the first; "" without any.
func FundNo(cell string) string {
	if list := FundNos(cell); len(list) > 0 {
		return list[0]
	}
	return ""
}

// FundNos returns the fund numbers that a cell lists (整合资金), in the order
// written, each in its one form and once.
func FundNos(cell string) []string {
	parts := strings.Fields(cell)
	for i, p := range parts {
		parts[i] = words.Fold(p)
	}
	text := strings.NewReplacer("[", "〔", "]", "〕").Replace(strings.Join(parts, " "))
	out := documents(text)
	cited := len(out) > 0
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune("、;,+", r) }) {
		no := strings.Trim(label.ReplaceAllString(strings.ReplaceAll(part, " ", ""), ""), ":.。·-_")
		switch {
		case cited && !codes.MatchString(no):
		case len(documents(no)) > 0: // by what was about it
			out = append(out, documents(no)...)
		case no != "":
			out = append(out, no)
		}
	}
	return unique(out)
}

// documents returns the document numbers in a text of single blanks.
func documents(text string) []string {
	var out []string
	for rest := text; ; {
		m := document.FindStringSubmatchIndex(rest)
		if m == nil {
			return out
		}
		part := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return rest[m[2*i]:m[2*i+1]]
		}
		words := part(1)
		if len(out) > 0 { // of another number in the cell
			words = strings.TrimLeft(words, "和及与 ")
		}
		by, year := issuer(words), part(2)+part(3)
		out = append(out, by+"〔"+year+"〕"+plainNumber(part(4))+"号")
		rest = rest[m[1]:]
		for {
			f := further.FindStringSubmatchIndex(rest)
			if f == nil {
				break
			}
			if f[2] >= 0 {
				year = rest[f[2]:f[3]]
			}
			out = append(out, by+"〔"+year+"〕"+plainNumber(rest[f[4]:f[5]])+"号")
			rest = rest[f[1]:]
		}
	}
}

// unique returns the list without what it has already.
func unique(list []string) []string {
	out := list[:0]
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// label is what a cell may write before a number; codes are numbers that no
// document has.
var (
	label = regexp.MustCompile(`^(?:指标|资金|资金指标|下达|批复)?(?:文件?号|文件|编号)[:=]?`)
	codes = regexp.MustCompile(`^[A-Z]+[-/A-Z]*[0-9][-/A-Z0-9]*$`)
)

// issuer cuts the words that lead up to a document's issuer off its front.
func issuer(words string) string {
	whole := strings.ReplaceAll(words, " ", "")
	short := leading.ReplaceAllString(whole, "")
	if last := words[strings.LastIndex(words, " ")+1:]; len([]rune(short)) > limits.Issuer && len([]rune(last)) > 1 {
		short = leading.ReplaceAllString(last, "")
	}
	if short == "" {
		return whole
	}
	return strings.NewReplacer("(", "（", ")", "）").Replace(short)
}

// plainNumber returns a document's number with one kind of dash.
func plainNumber(s string) string {
	return strings.NewReplacer(" ", "", "—", "-").Replace(s)
}

// Pool returns the fund numbers that a key of payments and transfers lists, one
// for most.
func Pool(fund string) []string { return strings.Split(fund, pooling) }

// pooling stands between the numbers of a pool.
const pooling = "、"

// fundOf returns the fund that a cell cites; of several, where only one can be
// meant, the first.
func fundOf(cell string, _ *policy.Policy) string { return FundNo(cell) }

// poolOf returns all the funds that a cell cites.
func poolOf(cell string, _ *policy.Policy) string { return strings.Join(FundNos(cell), pooling) }
