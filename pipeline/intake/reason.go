package intake

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
)

// A language is that of the reasons and doubts in the account: zh, or en.
type language string

// say writes a reason; both forms take the same arguments in the same order.
func (l language) say(zh, en string, args ...any) string {
	form := zh
	if l == "en" {
		form = en
	}
	if len(args) == 0 {
		return form
	}
	return fmt.Sprintf(form, args...)
}

// field names a field.
func (l language) field(f table.Field) string { return l.say(f.Zh, f.Name) }

// list joins the names of what is missing.
func (l language) list(names []string) string { return strings.Join(names, l.say("、", ", ")) }

// both joins reasons that hold together.
func (l language) both(reasons []string) string { return strings.Join(reasons, l.say(";", "; ")) }

// same tells that a file or sheet says what another said already.
func (l language) same(as string) string {
	return l.say("与%s内容完全相同", "says just what %s says", as)
}

// A trouble is what is wrong with one cell. There is one value of each, and they
// are compared by address.
type trouble struct{ zh, en string }

// Error returns the English.
func (t *trouble) Error() string { return t.en }

// What may be wrong with a cell.
var (
	errBlank     = &trouble{"为空", "is empty"}
	errNumber    = &trouble{"不是数字", "is not a number"}
	errDate      = &trouble{"不是日期", "is not a date"}
	errPeriod    = &trouble{"不是期间", "is not a period"}
	errFlag      = &trouble{"不是“是/否”", "is neither yes nor no"}
	errCurrency  = &trouble{"是外币金额", "is a sum in a foreign currency"}
	errRange     = &trouble{"数值超出范围", "is a number out of range"}
	errCell      = &trouble{"单元格为错误值", "is an error value"}
	errSeveral   = &trouble{"一格填有几个人的证号,未采用", "holds the numbers of several people; not used"}
	errFormula   = &trouble{"是从未计算的公式,请用Excel或WPS打开并保存后重新报送", "is a formula that was never calculated: open and save the file in Excel or WPS and send it again"}
	errRounded   = &trouble{"不足一分的部分已四舍五入", "less than a fen was rounded off, half up"}
	errRounded4  = &trouble{"超过四位小数,已四舍五入", "more than four decimals; rounded off, half up"}
	errYearless  = &trouble{"没有年份", "names no year"}
	errMonthOnly = &trouble{"只有年月,按当月1日计", "names no day; taken as the first of the month"} // beside a date that is used
)

// trouble tells what is wrong with a cell.
func (l language) trouble(err error) string {
	if t, ok := err.(*trouble); ok {
		return l.say(t.zh, t.en)
	}
	return err.Error()
}

// unread tells why a file or a sheet, name in the account, cannot be read and
// what to do. What a library says of it is in English, and stays out of Chinese.
func (l language) unread(name string, err error) string {
	text := err.Error()
	for _, doing := range []string{"reading ", "opening ", "listing ", "finding "} {
		text = strings.TrimPrefix(text, doing+name+": ")
	}
	if l == "en" {
		return text
	}
	var limit *sheet.LimitError
	var damage *sheet.DamageError
	switch {
	case errors.As(err, &limit):
		return fmt.Sprintf("超出读取限额:%s超过%d,请拆分或另存后重新报送", limitNames[limit.Limit], limit.Max)
	case errors.Is(err, sheet.ErrLimit):
		return "超出读取限额,请拆分或另存后重新报送"
	case errors.Is(err, sheet.ErrEncrypted) && errors.Is(err, sheet.ErrPacked):
		return "压缩包已加密,请先解压"
	case errors.Is(err, sheet.ErrEncrypted):
		return "文件已加密,需要密码,请将密码写入密码文件(--password-file)"
	case errors.As(err, &damage):
		return "文件已损坏" + placeOf(damage) + ",请重新拷贝,或打开后另存为.xlsx"
	case errors.Is(err, sheet.ErrDamaged):
		return "文件已损坏,请重新拷贝,或打开后另存为.xlsx"
	case errors.Is(err, sheet.ErrPacked):
		return "不支持的压缩格式,请先解压"
	case errors.Is(err, sheet.ErrFormat):
		return "不是可读取的表格格式,请用Excel或WPS打开后另存为.xlsx"
	case errors.Is(err, sheet.ErrEmpty):
		return "空文件"
	case errors.Is(err, fs.ErrPermission):
		return "没有读取权限"
	case errors.Is(err, fs.ErrNotExist):
		return "文件已不存在,可能是失效的链接"
	}
	return "无法读取(" + text + ")"
}

// limitNames names the limits in Chinese.
var limitNames = map[sheet.Limit]string{
	sheet.LimitRows: "行数", sheet.LimitCols: "列数", sheet.LimitCells: "单元格数", sheet.LimitStrings: "文字字节数",
	sheet.LimitInflated: "解压后字节数", sheet.LimitDepth: "压缩包嵌套层数", sheet.LimitUnit: "单行或单个文字的字节数",
	sheet.LimitPart: "单个部件的字节数", sheet.LimitXML: "特殊格式内容的字节数", sheet.LimitNesting: "XML嵌套层数",
	sheet.LimitSpins: "密码运算次数",
}

// placeOf tells in Chinese where a file is damaged, in brackets.
func placeOf(d *sheet.DamageError) string {
	at := d.Part
	if d.Row > 0 {
		at += fmt.Sprintf("第%d行", d.Row)
	}
	if d.Col > 0 {
		at += fmt.Sprintf("第%d列", d.Col)
	}
	if at == "" {
		return ""
	}
	return "(" + at + ")"
}

// skipped tells why a file was not read at all.
func (l language) skipped(s sheet.Skip) string {
	if l == "en" {
		return string(s)
	}
	switch s {
	case sheet.SkipLock:
		return "打开工作簿时的锁定文件"
	case sheet.SkipHidden:
		return "隐藏文件"
	case sheet.SkipLink:
		return "链接或非普通文件"
	}
	return "不是表格文件"
}
