package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"fundtrace/pipeline"
	"fundtrace/pipeline/publish"
	"fundtrace/pipeline/report"
)

func runCommand() *cobra.Command {
	var j job
	var out string
	var strict, keepGoing, all bool
	c := &cobra.Command{
		Use:   "run INPUT... --out DIR",
		Short: "The nightly job: spreadsheets in, leads out",
		Args:  arguments(cobra.MinimumNArgs(1)),
		RunE: func(c *cobra.Command, inputs []string) error {
			if out == "" {
				return usage("--out DIR is missing: where the results go")
			}
			opt, err := j.options(c, inputs)
			if err != nil {
				return err
			}
			opt.KeepGoing, opt.All = keepGoing, all
			if err := publish.Check(out, "run.json"); err != nil {
				if errors.Is(err, publish.ErrForeign) {
					return usage("%w", err)
				}
				return err
			}
			d, err := pipeline.Run(c.Context(), opt)
			if err != nil {
				return err
			}
			rejected := rejections(d)
			if strict && len(rejected) > 0 {
				printRejections(c.ErrOrStderr(), d)
				return fmt.Errorf("--strict: %d input(s) rejected, nothing published", len(rejected))
			}
			if len(rejected) > 0 {
				d.Exit = exitRejected
			}
			if err := publish.Dir(out, func(tmp string) error { return report.Write(tmp, d) }); err != nil {
				return err
			}
			if opt.Progress != nil {
				opt.Progress(pipeline.Event{Stage: "writing"})
			}
			printSummary(c.OutOrStdout(), d, out)
			if d.Exit != 0 {
				return status(d.Exit)
			}
			return nil
		},
	}
	j.register(c)
	c.Flags().StringVar(&out, "out", "", "the `folder` the results go to, replaced whole")
	c.Flags().BoolVar(&strict, "strict", false, "any rejected input is a failure: nothing is published")
	c.Flags().BoolVar(&all, "all", false, "the leads of rules that flag too much of what they judge, too")
	c.Flags().BoolVar(&keepGoing, "keep-going", false, "publish even when a rule failed; the failure is in run.json")
	return c
}
