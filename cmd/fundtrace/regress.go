package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"fundtrace/pipeline/regress"
	"fundtrace/rules"
)

func regressCommand() *cobra.Command {
	var update bool
	c := &cobra.Command{
		Use:   "regress DIR",
		Short: "Run every fixture under DIR and compare with its expected leads",
		Args:  arguments(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			n, diffs, err := regress.Run(c.Context(), args[0], rules.All, update)
			if err != nil {
				return err
			}
			w := c.OutOrStdout()
			for _, d := range diffs {
				fmt.Fprintf(w, "%s\n", d.Dir)
				for _, l := range d.Missing {
					fmt.Fprintf(w, "- %s\n", l)
				}
				for _, l := range d.Unasked {
					fmt.Fprintf(w, "+ %s\n", l)
				}
			}
			fmt.Fprintf(w, "%d fixtures, %d differ\n", n, len(diffs))
			if len(diffs) > 0 {
				return status(exitFailed)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&update, "update", false, "rewrite the expectation instead of comparing")
	return c
}
