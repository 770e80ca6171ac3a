package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"fundtrace/fixtures/generate"
)

func generateCommand() *cobra.Command {
	var out string
	opt := generate.Options{Each: generate.Rates{}}
	c := &cobra.Command{
		Use:   "generate --out DIR --households N --seed S",
		Short: "A synthetic county with planted violations and a truth file",
		Args:  arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			if out == "" {
				return usage("--out DIR is missing: where the county goes")
			}
			if opt.Dirt < 0 || opt.Dirt > 1 {
				return usage("--dirt %v: want a share from 0 to 1", opt.Dirt)
			}
			if opt.Dirt == 0 {
				opt.Dirt = -1 // asked for clean
			}
			if c.Flags().Changed("cases") && opt.Cases == 0 {
				opt.Cases = -1 // asked for none
			}
			t, err := generate.County(out, opt)
			if err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "%d files, %d households, %d persons, %d payments of %s yuan; %d planted cases, %d look-alikes\n",
				t.Files, t.Households, t.Persons, t.Tables["payment"].Lines, t.Tables["payment"].Amount, len(t.Planted), len(t.Quiet))
			if len(t.TooSmall) > 0 {
				fmt.Fprintf(c.OutOrStdout(), "too small for cases of %s\n", strings.Join(t.TooSmall, ", "))
			}
			fmt.Fprintf(c.OutOrStdout(), "fundtrace run %[1]s/%[2]s --policy %[1]s/%[3]s --as-of %[4]s --out RESULTS\n", out, generate.InputDir, generate.PolicyFile, t.AsOf)
			return nil
		},
	}
	f := c.Flags()
	f.StringVar(&out, "out", "", "the `folder` to write: input/, policy.yaml, truth.json")
	f.IntVar(&opt.Households, "households", 1000, "how many households, 100 or more")
	f.Uint64Var(&opt.Seed, "seed", 1, "another seed is another county")
	f.IntVar(&opt.Cases, "cases", 0, "plant `N` cases and N look-alikes of each rule, as far as there is room\n(when not given, one and one more for every 5,000 households)")
	f.Var(opt.Each, "case", "plant N cases and N look-alikes of one rule, whatever --cases says; repeatable:\n--cases 0 --case dup-period=50 plants nothing else")
	f.Float64Var(&opt.Dirt, "dirt", 0.05, "share of cells written badly, 0 to 1")
	return c
}
