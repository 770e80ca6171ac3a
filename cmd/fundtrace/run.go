package main

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"fundtrace/pipeline"
	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/publish"
	"fundtrace/pipeline/report"
	"fundtrace/pipeline/table"
)

func runCommand() *cobra.Command {
	var j job
	var out string
	var strict, keepGoing, all, allowEmpty bool
	var maxDrop float64
	c := &cobra.Command{
		Use:   "run INPUT... --out DIR",
		Short: "The nightly job: spreadsheets in, leads out",
		Args:  arguments(cobra.MinimumNArgs(1)),
		RunE: func(c *cobra.Command, inputs []string) error {
			if out == "" {
				return usage("--out DIR is missing: where the results go")
			}
			if maxDrop < 0 || maxDrop > 1 {
				return usage("--max-drop %v: want a share of 0 to 1", maxDrop)
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
			if !allowEmpty && emptyRun(d) {
				printRejections(c.ErrOrStderr(), d)
				return fmt.Errorf("no row of any table could be loaded from %d file(s), nothing published; see what they hold with fundtrace inspect, or publish an empty result with --allow-empty", len(d.Intake.Inputs))
			}
			falls, err := report.Falls(out, d, mostFall)
			if err != nil {
				return err
			}
			if c.Flags().Changed("max-drop") {
				if over, err := report.Falls(out, d, maxDrop); err != nil || len(over) > 0 {
					printFalls(c.ErrOrStderr(), d, over)
					return cmp.Or(err, fmt.Errorf("--max-drop %v: much less was read than in the run before, nothing published", maxDrop))
				}
			}
			if len(rejected) > 0 || len(falls) > 0 {
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
			printFalls(c.OutOrStdout(), d, falls)
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
	c.Flags().BoolVar(&allowEmpty, "allow-empty", false, "publish even when no row of any table could be loaded")
	c.Flags().Float64Var(&maxDrop, "max-drop", mostFall, "publish nothing when files, or rows or money of a table, fell by more than this `share` since the run before")
	c.Flags().BoolVar(&all, "all", false, "the leads of rules that flag too much of what they judge, too")
	c.Flags().BoolVar(&keepGoing, "keep-going", false, "publish even when a rule failed; the failure is in run.json")
	return c
}

// mostFall is the share of files, rows or money that may be gone since the run
// before without a word.
const mostFall = 0.5

// emptyRun tells whether no table has a row.
func emptyRun(d *report.Data) bool {
	for _, s := range table.Canonical {
		if t := d.Tables.Get(s); t != nil && t.Len() > 0 {
			return false
		}
	}
	return true
}
