package main

import (
	"io"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"fundtrace/pipeline"
	"fundtrace/pipeline/chain"
)

func traceCommand() *cobra.Command {
	var j job
	var person string
	c := &cobra.Command{
		Use:   "trace FUND_NO INPUT... | trace --person ID INPUT...",
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
			if len(args) == 0 {
				return usage("INPUT is missing: the files and folders to trace in")
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
	return c
}

// width returns how many columns a tree may take: what COLUMNS says, else 100.
func width() int {
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	return 100
}
