package main

import (
	"io"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"fundtrace/pipeline"
	"fundtrace/pipeline/chain"
	"fundtrace/pipeline/report"
)

func traceCommand() *cobra.Command {
	var j job
	var person, from string
	c := &cobra.Command{
		Use:   "trace FUND_NO (INPUT... | --from DIR)",
		Short: "One fund's chain as a tree, or all that reached one household",
		RunE: func(c *cobra.Command, args []string) error {
			write := func(w io.Writer, t chain.Telling) error { return chain.WritePerson(w, t, person) }
			if person == "" {
				if len(args) == 0 {
					return usage("FUND_NO is missing; see fundtrace trace --help")
				}
				fund := args[0]
				args = args[1:]
				write = func(w io.Writer, t chain.Telling) error { return chain.WriteTree(w, t, fund) }
			}
			if from != "" {
				if len(args) > 0 {
					return usage("--from and INPUT do not go together: %s", args[0])
				}
				e, err := report.Read(from)
				if err != nil {
					return err
				}
				return write(c.OutOrStdout(), chain.Telling{
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
			in, money, err := pipeline.Follow(c.Context(), opt)
			if err != nil {
				return err
			}
			return write(c.OutOrStdout(), chain.Telling{
				Tables: money.Tables, Funds: money.Funds, Sources: in.Sources, Lang: j.lang, Width: width(),
			})
		},
	}
	j.register(c)
	c.Flags().StringVar(&person, "person", "", "trace all that reached the household of this `ID` number, or household number")
	c.Flags().StringVar(&from, "from", "", "trace in the results of an earlier run, a `folder`, instead of reading inputs")
	return c
}

// width returns how many columns a tree may take: what COLUMNS says, else 100.
func width() int {
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	return 100
}
