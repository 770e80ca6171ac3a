package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"fundtrace/pipeline"
	"fundtrace/pipeline/detect"
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
			folder, err := publish.Claim(out, inputs)
			if errors.Is(err, publish.ErrRefused) {
				return usage("%w", err)
			}
			if err != nil {
				return err
			}
			defer folder.Release()
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
			stays, err := folder.Publish(func(tmp string) error { return report.Write(tmp, d) })
			if err != nil {
				return err
			}
			for _, name := range stays {
				fmt.Fprintln(c.ErrOrStderr(), detect.Text{Zh: "结果旁边留有未清除的旧文件夹:", En: "left beside the results and not removed:"}.In(opt.Lang), name)
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
