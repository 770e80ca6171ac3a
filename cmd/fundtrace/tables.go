package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"fundtrace/pipeline/table"
)

func tablesCommand() *cobra.Command {
	var markdown, glossary bool
	c := &cobra.Command{
		Use:   "tables [TABLE]",
		Short: "The canonical tables and their fields, with types and examples: what a mapping file may name",
		Args:  arguments(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			list := table.Canonical
			if len(args) == 1 {
				s := table.SchemaNamed(args[0])
				if s == nil || !slices.Contains(table.Canonical, s) {
					return usage("there is no table %q; see fundtrace tables", args[0])
				}
				list = []*table.Schema{s}
			}
			switch w := c.OutOrStdout(); {
			case glossary:
				writeGlossary(w)
			case markdown:
				writeTablesMarkdown(w, list)
			default:
				writeTables(w, list)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&markdown, "markdown", false, "as docs/tables.md has it")
	c.Flags().BoolVar(&glossary, "glossary", false, "as docs/glossary.md has it: the Chinese word of every field")
	return c
}

// fromSheets calls f for each field that a sheet can fill.
func fromSheets(s *table.Schema, f func(table.Field)) {
	for _, field := range s.Fields {
		if field.Stage == table.FromSheet {
			f(field)
		}
	}
}

func writeTables(w io.Writer, list []*table.Schema) {
	for i, s := range list {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%s %s\n", s.Name, s.Zh)
		fromSheets(s, func(f table.Field) {
			mark := " "
			if f.Required {
				mark = "*"
			}
			fmt.Fprintf(w, "  %s %-24s %-9s %s: %s\n", mark, f.Name, f.Type, f.Zh, f.Example())
		})
	}
	fmt.Fprintln(w, "\n* a sheet without it is not this table")
}

func writeTablesMarkdown(w io.Writer, list []*table.Schema) {
	fmt.Fprintln(w, "# Tables and fields\n\nWritten by `fundtrace tables --markdown`. Names are those of every Arrow, Parquet and JSON output and of mapping files. `*`: a sheet without it is not this table.\nMoney is decimal(18,2) in yuan, a date is date32, a period is `2017`, `2017Q1` or `2017-03`. Beside fields whose value may come from elsewhere stands `_FIELD_how`: `labelled`, `inherited`, `joined`, `computed` or `guessed`; nothing where a column states it.")
	for _, s := range list {
		fmt.Fprintf(w, "\n## %s %s\n\n| field | word | type | example |\n| --- | --- | --- | --- |\n", s.Name, s.Zh)
		fromSheets(s, func(f table.Field) {
			mark := ""
			if f.Required {
				mark = "*"
			}
			fmt.Fprintf(w, "| `%s`%s | %s | %s | %s |\n", f.Name, mark, f.Zh, f.Type, f.Example())
		})
		var added []string
		for _, f := range s.Fields {
			if f.Stage != table.FromSheet && !strings.HasSuffix(f.Name, "_how") {
				added = append(added, fmt.Sprintf("`%s` %s", f.Name, f.Zh))
			}
		}
		fmt.Fprintf(w, "\nAdded by later stages: %s.\n", strings.Join(added, ", "))
	}
}

func writeGlossary(w io.Writer) {
	type term struct{ zh, field string }
	where := map[term][]string{}
	var terms []term
	for _, s := range table.Canonical {
		fromSheets(s, func(f table.Field) {
			t := term{f.Zh, f.Name}
			if where[t] == nil {
				terms = append(terms, t)
			}
			where[t] = append(where[t], s.Name)
		})
	}
	slices.SortStableFunc(terms, func(a, b term) int { return strings.Compare(a.field, b.field) })
	fmt.Fprintln(w, "# Glossary\n\nWritten by `fundtrace tables --glossary` from the schemas: the word of an office, its name in the program, the tables that have it.\n\n| table | word |\n| --- | --- |")
	for _, s := range table.Schemas {
		fmt.Fprintf(w, "| `%s` | %s |\n", s.Name, s.Zh)
	}
	fmt.Fprintln(w, "\n| field | word | in |\n| --- | --- | --- |")
	for _, t := range terms {
		fmt.Fprintf(w, "| `%s` | %s | %s |\n", t.field, t.zh, strings.Join(where[t], ", "))
	}
}
