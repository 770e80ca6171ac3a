package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/manual"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/report"
	"fundtrace/rules"
)

func rulesCommand() *cobra.Command {
	var lang, policyFile, schema string
	var markdown bool
	c := &cobra.Command{
		Use:   "rules [RULE]",
		Short: "The catalogue, or the manual of one rule",
		Args:  arguments(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			w := c.OutOrStdout()
			if lang != "zh" && lang != "en" {
				return usage("--lang %q: want zh or en", lang)
			}
			if schema != "" {
				return printSchema(w, schema)
			}
			if policyFile == builtin {
				_, err := w.Write(policy.BuiltinYAML())
				return err
			}
			if markdown {
				return manual.Markdown(w, rules.All, lang)
			}
			if len(args) == 0 {
				return manual.List(w, rules.All, lang)
			}
			r := rules.Named(args[0])
			if r == nil {
				return usage("there is no rule %q; these are near: %s", args[0], strings.Join(near(args[0]), ", "))
			}
			p, err := readPolicy(policyFile)
			if err != nil {
				return err
			}
			plan, err := detect.NewPlan([]*detect.Rule{r}, detect.Settings{Policy: only(p, r.ID)}, detect.Holds{})
			if err != nil {
				return fmt.Errorf("reading the parameters of %s: %w", r.ID, err)
			}
			return manual.Rule(w, r, plan.Values(r), lang)
		},
	}
	c.Flags().StringVar(&lang, "lang", "zh", "language: zh or en")
	c.Flags().StringVar(&policyFile, "policy", "", "print the built-in policy, or with =`file` show the manual with that policy's parameters")
	c.Flags().Lookup("policy").NoOptDefVal = builtin
	c.Flags().BoolVar(&markdown, "markdown", false, "print every rule's manual as one page")
	c.Flags().StringVar(&schema, "schema", "", "print a JSON Schema: run, lead or policy")
	return c
}

// printSchema prints the JSON Schema of run.json, of a lead or of a policy file.
func printSchema(w io.Writer, name string) error {
	if name == "policy" {
		out := json.NewEncoder(w)
		out.SetEscapeHTML(false)
		out.SetIndent("", " ")
		return out.Encode(policy.Schema(detect.Schemas(rules.All)))
	}
	data, err := report.Schema(name)
	if err != nil {
		return usage("--schema: %w, or policy", err)
	}
	_, err = w.Write(data)
	return err
}

// builtin is --policy without a file.
const builtin = "built-in"

// only returns the policy with the parameters of one rule, switched on.
func only(p *policy.Policy, id string) *policy.Policy {
	q := *p
	params := map[string]any{}
	for k, v := range p.Rules[id] {
		if k != "enabled" {
			params[k] = v
		}
	}
	q.Rules = map[string]map[string]any{id: params}
	return &q
}

// near returns the rules that share a word with id, or all.
func near(id string) []string {
	var some, all []string
	for _, r := range rules.All {
		all = append(all, r.ID)
		for word := range strings.SplitSeq(id, "-") {
			if len(word) > 2 && strings.Contains(r.ID, word) {
				some = append(some, r.ID)
				break
			}
		}
	}
	if some == nil {
		return all
	}
	return some
}
