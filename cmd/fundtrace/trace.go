package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"fundtrace/pipeline"
	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/key"
	"fundtrace/pipeline/report"
	"fundtrace/pipeline/table"
)

func traceCommand() *cobra.Command {
	var j job
	var person, from string
	c := &cobra.Command{
		Use:   "trace FUND_NO (INPUT... | --from DIR)",
		Short: "One fund's chain as a tree, or all that reached one household",
		RunE: func(c *cobra.Command, args []string) error {
			write := func(w io.Writer, t report.Telling) error {
				if err := report.WritePerson(w, t, person); err != nil {
					return err
				}
				printKnown(w, t.Tables, j.lang, []*table.Schema{table.Payment}, person, "_person", "_household")
				return nil
			}
			if person == "" {
				if len(args) == 0 {
					return usage("FUND_NO is missing; see fundtrace trace --help")
				}
				fund := args[0]
				args = args[1:]
				write = func(w io.Writer, t report.Telling) error {
					if err := report.WriteTree(w, t, fund); err != nil {
						return err
					}
					printKnown(w, t.Tables, j.lang, []*table.Schema{table.Allocation, table.Flow, table.Payment, table.Balance, table.Works}, key.FundNo(fund), "_fund")
					return nil
				}
			}
			if from != "" {
				if len(args) > 0 {
					return usage("--from and INPUT do not go together: %s", args[0])
				}
				e, err := report.Read(from)
				if err != nil {
					return err
				}
				return write(c.OutOrStdout(), report.Telling{
					Tables: e.Tables, Funds: e.Funds, Sources: e.Sources, Lang: j.lang, Width: width(),
				})
			}
			if len(args) == 0 {
				return usage("INPUT is missing: the files and folders to trace in, or --from DIR of an earlier run")
			}
			opt, err := j.options(c, args)
			if err != nil {
				return err
			}
			in, who, money, err := pipeline.Follow(c.Context(), opt)
			if err != nil {
				return err
			}
			err = write(c.OutOrStdout(), report.Telling{
				Tables: money.Tables, Funds: money.Funds, Sources: in.Sources, Lang: j.lang, Width: width(),
			})
			if err == nil && person != "" {
				printJoins(c.OutOrStdout(), who.Why(person), in.Sources, j.lang)
			}
			return err
		},
	}
	j.register(c)
	c.Flags().StringVar(&person, "person", "", "trace all that reached the household of this `ID` number, or household number")
	c.Flags().StringVar(&from, "from", "", "trace in the results of an earlier run, a `folder`, instead of reading inputs")
	return c
}

// printKnown says which values no column of a sheet states, and what they are
// known by, on the rows with a value in one of some columns.
func printKnown(w io.Writer, set *table.Set, lang string, tables []*table.Schema, value string, columns ...string) {
	headed := false
	for _, s := range tables {
		t := set.Get(s)
		rows := map[detect.Known]int{}
		for _, row := range rowsWith(t, value, columns) {
			for _, f := range s.Fields {
				field := table.HowField(f.Name)
				if field == "" {
					continue
				}
				if h := table.ParseHow(t.Text(f.Name, row)); h != table.Stated {
					rows[detect.Known{Table: s.Name, Field: field, How: h}]++
				}
			}
		}
		all := slices.SortedFunc(maps.Keys(rows), func(a, b detect.Known) int {
			return cmp.Or(strings.Compare(a.Field, b.Field), cmp.Compare(a.How, b.How))
		})
		for _, k := range all {
			if !headed {
				fmt.Fprintln(w, detect.Text{Zh: "\n不是由列直接写明的内容", En: "\nWhat no column states"}.In(lang))
				headed = true
			}
			fmt.Fprintf(w, detect.Text{Zh: "  %s %s：%d 行\n", En: "  %s: %s, %d rows\n"}.In(lang), detect.Text{Zh: s.Zh, En: s.Name}.In(lang), k.Says().In(lang), rows[k])
		}
	}
}

// rowsWith returns the rows of a table with a value in one of some columns.
func rowsWith(t *table.Table, value string, columns []string) []int {
	var out []int
	for _, column := range columns {
		codes, dict := t.Words(column)
		if code := slices.Index(dict, value); code >= 0 {
			for row, c := range codes {
				if c == uint32(code) {
					out = append(out, row)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// printJoins says why the rows of a person are taken for one person.
func printJoins(w io.Writer, joins []key.Join, sources table.Sources, lang string) {
	if len(joins) == 0 {
		return // a household number, or nobody's
	}
	fmt.Fprintln(w, detect.Text{Zh: "\n视为同一人的依据", En: "\nWhy these rows are one person"}.In(lang))
	for _, j := range joins {
		fmt.Fprintf(w, "  %s %s (%s): %s\n", j.Name, j.Number, j.Match, j.Reason(lang))
		fmt.Fprintf(w, detect.Text{Zh: "    %s 等 %d 行\n", En: "    %s, %d rows\n"}.In(lang), sources.Place(j.Ref), j.Rows)
	}
}

// width returns how many columns a tree may take: what COLUMNS says, else 100.
func width() int {
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	return 100
}
