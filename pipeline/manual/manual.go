// Package manual prints the catalogue and the manual of a rule, from the rule
// itself: there is no second text to keep in step.
package manual

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/table"
)

// List prints the catalogue by family, a line a rule.
func List(w io.Writer, rules []*detect.Rule, lang string) error {
	b := bufio.NewWriter(w)
	for _, f := range detect.Families {
		first := true
		for _, r := range rules {
			if r.Family != f.Family {
				continue
			}
			if first {
				fmt.Fprintf(b, "%s  %s\n", f.Family, f.Name.In(lang))
				first = false
			}
			fmt.Fprintf(b, "  %-22s %s  %s\n", r.ID, r.Grade, r.Title.In(lang))
		}
	}
	return b.Flush()
}

// A part is one heading of the manual with its text.
type part struct{ head, text string }

// parts returns a rule's manual in the order audit methods are written.
func parts(r *detect.Rule, values []detect.Description, lang string) []part {
	say := func(zh, en string) string { return detect.Text{Zh: zh, En: en}.In(lang) }
	d := r.Doc
	var params strings.Builder
	for i, p := range r.Params {
		def := p.Describe()
		fmt.Fprintf(&params, "%s = %s", def.Name, values[i].Default)
		if values[i].Default != def.Default {
			fmt.Fprintf(&params, say("(默认 %s)", " (default %s)"), def.Default)
		}
		fmt.Fprintf(&params, "  %s\n", def.Doc.In(lang))
	}
	none := say("无", "none")
	or := func(s string) string {
		if s = strings.TrimSpace(s); s == "" {
			return none
		}
		return s
	}
	var basis []string
	for _, x := range r.Basis {
		basis = append(basis, x.String())
	}
	var keys []string
	for _, k := range r.By {
		keys = append(keys, keyNames[k].In(lang))
	}
	return []part{
		{say("代码", "Code"), r.ID},
		{say("名称", "Name"), r.Title.Zh + "  " + r.Title.En},
		{say("目的", "Purpose"), d.Purpose.In(lang)},
		{say("所需数据", "Data needed"), strings.ReplaceAll(strings.Join(r.Needs, ", "), "|", " / ") + "\n" + columns(r)},
		{say("分组", "Grouped by"), strings.Join(keys, ", ")},
		{say("证据等级", "Grade"), r.Grade.String()},
		{say("步骤", "Steps"), d.Steps.In(lang)},
		{say("公式", "Formula"), d.Formula},
		{say("参数", "Parameters"), or(params.String())},
		{say("示例", "Worked example"), strings.TrimSpace(d.Example)},
		{say("为何重要", "Why it matters"), d.Why.In(lang)},
		{say("依据", "Basis"), or(strings.Join(basis, "\n"))},
		{say("不包括", "Exclusions"), d.Exclusions.In(lang)},
		{say("常见误报", "Known false alarms"), d.FalseAlarms.In(lang)},
		{say("核查方法", "How to verify"), d.Verify.In(lang)},
		{say("应把关环节", "Control that should have caught it"), d.Control.In(lang)},
	}
}

// columns lists the columns of sheets that a rule reads, or that what it reads
// is made of.
func columns(r *detect.Rule) string {
	var out []string
	for _, c := range r.Reads {
		s, f := c.Of()
		for _, name := range s.MadeOf(f) {
			if name = s.Name + "." + name; !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return strings.Join(out, ", ")
}

var keyNames = map[table.Key]detect.Text{
	table.Person:    {Zh: "人", En: "person"},
	table.Household: {Zh: "户", En: "household"},
	table.Account:   {Zh: "账户", En: "account"},
	table.Unit:      {Zh: "单位", En: "unit"},
	table.Fund:      {Zh: "资金", En: "fund"},
	table.Project:   {Zh: "项目", En: "project"},
	table.Village:   {Zh: "村", En: "village"},
	table.Town:      {Zh: "乡镇", En: "town"},
	table.County:    {Zh: "县", En: "county"},
	table.Kind:      {Zh: "项目类别", En: "kind of project"},
	table.Sheet:     {Zh: "工作表", En: "sheet"},
}

// Rule prints the manual of one rule; values are its parameters in force, as
// detect.Plan.Values returns them.
func Rule(w io.Writer, r *detect.Rule, values []detect.Description, lang string) error {
	b := bufio.NewWriter(w)
	for _, p := range parts(r, values, lang) {
		fmt.Fprintf(b, "%s\n", p.head)
		for line := range strings.SplitSeq(p.text, "\n") {
			fmt.Fprintf(b, "    %s\n", line)
		}
	}
	return b.Flush()
}

// Markdown writes the manual of every rule as one page, by family.
func Markdown(w io.Writer, rules []*detect.Rule, lang string) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "# %s\n\n%s\n", detect.Text{Zh: "规则手册", En: "The rules"}.In(lang), detect.Text{
		Zh: "本页由 `fundtrace rules --markdown` 从规则代码生成,`make docs` 更新。线索只是需要去看一看的理由,不是结论。参数为默认值,可在政策文件的 `rules` 下修改。",
		En: "Written by `fundtrace rules --markdown` from the rules themselves; `make docs` rewrites it. A lead is a reason to go and look, never a finding. Parameters are the defaults; a policy file changes them under `rules`.",
	}.In(lang))
	for _, f := range detect.Families {
		first := true
		for _, r := range rules {
			if r.Family != f.Family {
				continue
			}
			if first {
				fmt.Fprintf(b, "\n## %s %s\n", f.Family, f.Name.In(lang))
				first = false
			}
			values := make([]detect.Description, len(r.Params))
			for i, p := range r.Params {
				values[i] = p.Describe()
			}
			fmt.Fprintf(b, "\n### %s %s\n", r.ID, r.Title.In(lang))
			for _, p := range parts(r, values, lang)[2:] {
				text := strings.TrimSpace(p.text)
				if p.text == r.Doc.Formula || text == strings.TrimSpace(r.Doc.Example) {
					text = "```text\n" + text + "\n```"
				} else {
					text = strings.ReplaceAll(text, "\n", "  \n") // a line stays a line
				}
				fmt.Fprintf(b, "\n**%s**\n\n%s\n", p.head, text)
			}
		}
	}
	return b.Flush()
}
