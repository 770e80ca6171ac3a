package key

import (
	"fmt"
	"strings"

	"fundtrace/pipeline/idnum"
	"fundtrace/pipeline/table"
)

// A Join is one way a person is written in one table, and why that was taken
// for the person. Number is an identity number in full: mask it where numbers
// are masked.
type Join struct {
	Table  *table.Schema
	Ref    table.Ref // the first such row
	Rows   int       // how many
	Name   string    // as written
	Number string    // as written; "" where the row has none
	Match  string    // grade of the join, as in _match
	key    string
}

// Why returns how a person's rows came under its key: every table, name, number
// and grade once, in order of table and first row.
func (d *Directory) Why(key string) []Join {
	var out []Join
	for _, s := range []*table.Schema{table.Member, table.Payment, table.Register, table.BankEntry, table.Complaint} {
		t, l := d.set.Get(s), rolesOf[s][0]
		if !t.Has(l.key) {
			continue
		}
		seen := map[Join]int{}
		for _, row := range d.rows(t, l.key, key) {
			j := Join{Table: s, Name: t.Text(l.name, int(row)), key: key}
			if l.id != "" {
				j.Number = t.Text(l.id, int(row))
			}
			if s.Field("_match") >= 0 {
				j.Match = t.Text("_match", int(row))
			} else {
				j.Match = gradeOf(j.Number, key)
			}
			i, ok := seen[j]
			if !ok {
				i = len(out)
				seen[j] = i
				first := j
				if ref, ok := t.Int(table.RefColumn, int(row)); ok {
					first.Ref = table.Ref(ref)
				}
				out = append(out, first)
			}
			out[i].Rows++
		}
	}
	return out
}

// gradeOf returns the grade of a join from what a row writes, for tables that
// do not keep it.
func gradeOf(number, key string) string {
	if noNumber(number) {
		return namePlace
	}
	id, err := idnum.Parse(number)
	switch {
	case err == nil && id.Number == key:
		return grades[gradeOfForm[id.Form]]
	case strings.Contains(number, key):
		return exact
	case len(key) == 18 && strings.HasSuffix(idnum.Clean(number), "000") && strings.HasPrefix(idnum.Clean(number), key[:15]):
		return truncated
	}
	return near
}

// Reason says in words why the rows were taken for the person, in zh or en.
func (j Join) Reason(lang string) string {
	zh, en := "", ""
	switch j.Match {
	case exact:
		zh, en = "证号一致", "the same number"
		if noNumber(j.Number) {
			zh, en = "本行同名者的证号", "the number of the same name in the row"
		}
	case upgraded:
		zh, en = "15位证号升为18位后一致", "the same number, rebuilt from 15 digits"
	case repaired:
		zh, en = "去除空格、全角、小写x或残疾证后缀后一致", "the same number without blanks, full width, lower-case x or a certificate's suffix"
	case truncated:
		zh, en = "证号被表格软件舍去末三位，前15位与姓名一致", "a spreadsheet lost the last three digits; the first 15 and the name agree"
	case near:
		zh, en = "姓名与村或账号一致，证号仅"+slipZh(j.Number, j.key), "name and village or account agree; the number has "+slipEn(j.Number, j.key)
	case namePlace:
		zh, en = "无证号，姓名与村（无村名时为账号）一致", "no number; name and village agree, or name and account where no village is known"
	}
	if lang == "en" {
		return en
	}
	return zh
}

func slipZh(number, key string) string {
	switch at := slip(number, key); len(at) {
	case 1:
		return fmt.Sprintf("第%d位不同", at[0])
	case 2:
		return fmt.Sprintf("第%d位与第%d位对调", at[0], at[1])
	}
	return "相差一处"
}

func slipEn(number, key string) string {
	switch at := slip(number, key); len(at) {
	case 1:
		return fmt.Sprintf("digit %d different", at[0])
	case 2:
		return fmt.Sprintf("digits %d and %d swapped", at[0], at[1])
	}
	return "one slip"
}

// slip returns the positions, from 1, at which a number differs from a key.
func slip(number, key string) (at []int) {
	number = idnum.Clean(number)
	if len(number) != len(key) {
		return nil
	}
	for i := range len(key) {
		if number[i] != key[i] {
			at = append(at, i+1)
		}
	}
	return at
}
