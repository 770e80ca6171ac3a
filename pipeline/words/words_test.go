package words

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// said are texts as offices write them and what they say, "what: text → said".
// Every word of the lists is needed to read one of them (TestEveryWordIsNeeded).
var said = strings.Split(strings.TrimSpace(`
state: 已发 → paid
state:  → paid
state: 待编制 → unpaid
state: 已申请，待审核 → unpaid
state: 已送审 → unpaid
state: 暂停发放 → unpaid
state: 未发放 → unpaid
state: 未支付 → unpaid
state: 未 支 付 → unpaid
state: 未兑付 → unpaid
state: 发放失败（户名不符） → unpaid
state: 已作废 → unpaid
state: 暂缓 → unpaid
state: 取消 → unpaid
state: 补发3月 → supplement
state: 提标补差 → supplement
state: 退回重发 → paid
state: 退票后重新发放 → paid
state: 更正发放 → correction
state: 退款 → returned
state: 已退回 → returned
state: 银行退汇 → returned
state: 退票 → returned
state: 退还 → returned
state: 已退缴 → returned
state: 缴回财政 → returned
state: 冲销 → returned
state: 冲回 → returned
state: 追回 → returned
state: 撤销 → returned
note: 补发 → supplement
note: 账号有误退回 → returned
note: 取消低保资格 → paid
part: 1 → 1
part: 12 → 12
part: 第一批 → 1
part: 2017年第2批 → 2
part: 第二期 → 2
part: 第3次 → 3
part: 第四笔 → 4
part: 第十二批 → 12
part: 第二十一期 → 21
part: 第 １ 批 → 1
part: 第三产业第二批 → 2
part: 首批 → 1
part: 首期款 → 1
part: 首付 → 1
part: 预付 → 1
part: 预拨50% → 1
part: 上半年 → 1
part: 春季学期 → 1
part: 下半年 → 2
part: 秋季学期 → 2
part: 尾款 → 62
part: 余款 → 62
part: 末批 → 62
part: 末期 → 62
part: 分期 → 63
part: 分批 → 63
part: 201703 → 0
part: 201703批次 → 0
part: 3月 → 0
part: 一次性 → 0
part: 第三产业 → 0
part: 第100批 → 0
outcome: 成功 → success
outcome: 交易成功 → success
outcome: 已入账 → success
outcome: success → success
outcome: 正常 → success
outcome: 失败(户名不符) → returned
outcome: 处理失败 → returned
outcome: 已退回 → returned
outcome: 退票 → returned
outcome: 退汇 → returned
outcome: 不成功 → returned
outcome: 未入账 → returned
outcome: 未成功 → returned
outcome: 银行拒绝 → returned
outcome: 冲正 → returned
outcome: 户名账号不符 → returned
outcome: 姓名不一致 → returned
outcome: 账户已销户 → returned
outcome: 账号不存在 → returned
outcome: 无此账号 → returned
outcome: 无此户 → returned
outcome: 账户冻结 → returned
outcome: 已止付 → returned
outcome: 卡已挂失 → returned
outcome: 账号有误 → returned
outcome: 户名错误 → returned
outcome: 账户状态异常 → returned
outcome: 长期不动户 → returned
outcome: 处理中 → 
refused: 户名不符 → true
refused: 退款 → false
refused: 低保补助 → false
`), "\n")

// say reads a text of said with a vocabulary.
func (v *vocabulary) say(what, text string) string {
	switch what {
	case "state":
		return Kinds[v.kind(text, "")]
	case "note":
		return Kinds[v.kind("", text)]
	case "part":
		return fmt.Sprint(v.part(text))
	case "outcome":
		return v.value(what, text)
	}
	return fmt.Sprint(Has(Fold(text), v.Outcome.Reason...))
}

// misread returns the lines of said that a vocabulary reads otherwise.
func (v *vocabulary) misread() []string {
	var out []string
	for _, line := range said {
		asked, want, _ := strings.Cut(line, " →")
		what, text, _ := strings.Cut(asked, ": ")
		if got := v.say(what, text); got != strings.TrimSpace(want) {
			out = append(out, fmt.Sprintf("%s %q is %q, want %q", what, text, got, strings.TrimSpace(want)))
		}
	}
	return out
}

func TestWords(t *testing.T) {
	for _, bad := range known.misread() {
		t.Error(bad)
	}
}

// TestEveryWordIsNeeded drops each word of the lists in turn: some text must then
// be read otherwise.
func TestEveryWordIsNeeded(t *testing.T) {
	var lists map[string]map[string]any
	if err := yaml.Unmarshal(text, &lists); err != nil {
		t.Fatal(err)
	}
	n := 0
	for section, kinds := range lists {
		for kind, list := range kinds {
			words, ok := list.([]any)
			if !ok { // the values, which are whole texts: each is its own case
				continue
			}
			for i, w := range words {
				n++
				kinds[kind] = slices.Concat(words[:i], words[i+1:])
				without, err := yaml.Marshal(lists)
				if err != nil {
					t.Fatal(err)
				}
				if len(load(without).misread()) == 0 {
					t.Errorf("no case needs %s %s %s", section, kind, w)
				}
			}
			kinds[kind] = words
		}
	}
	if n < 50 {
		t.Errorf("only %d words dropped", n)
	}
}

func TestCanonical(t *testing.T) {
	for kind, list := range known.Value {
		for word, texts := range list {
			for _, text := range append(texts, word) {
				if got := Canonical(kind, " "+strings.ToLower(text)); got != word && text != word || got != word && got != "" {
					t.Errorf("%s %q is %q, want %q", kind, text, got, word)
				}
			}
		}
	}
}

// FuzzPart: no text makes a number that the bits of a grant cannot hold.
func FuzzPart(f *testing.F) {
	for _, s := range []string{"第一批", "第99批", "12", "〇", "十十十", "分期", "首批尾款"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if n := Part(s, s); n > SomePart {
			t.Errorf("Part(%q) = %d", s, n)
		}
	})
}
