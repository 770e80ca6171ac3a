package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"fundtrace/pipeline"
	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/intake"
	"fundtrace/pipeline/key"
)

func inspectCommand() *cobra.Command {
	var j job
	var asJSON bool
	c := &cobra.Command{
		Use:   "inspect INPUT...",
		Short: "How each sheet would be read; reads, never writes",
		Long: "How each sheet would be read: its table, its header row, each column's field, its unit, what would be set\n" +
			"aside and why. Last comes the skeleton of a mapping file for the columns that were not surely known.",
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(c *cobra.Command, inputs []string) error {
			opt, err := j.options(c, inputs)
			if err != nil {
				return err
			}
			res, err := pipeline.Read(c.Context(), opt)
			if err != nil {
				return err
			}
			if asJSON {
				return printInspectionJSON(c.OutOrStdout(), res)
			}
			printInspection(c.OutOrStdout(), res, j.lang)
			named, _, err := key.Resolve(res.Tables, res.Sources, opt.Policy)
			if err != nil {
				return fmt.Errorf("telling units: %w", err)
			}
			printUnits(c.OutOrStdout(), key.Suggest(named), j.lang)
			return nil
		},
	}
	j.register(c)
	c.Flags().BoolVar(&asJSON, "json", false, "one JSON object a sheet, with the evidence for each column's field")
	return c
}

// shownRejects is how many rejected rows of a sheet are printed; run.json and
// rejects.parquet have all.
const shownRejects = 5

func printInspection(w io.Writer, res *intake.Result, lang string) {
	say := func(zh, en string, args ...any) { fmt.Fprintf(w, detect.Text{Zh: zh, En: en}.In(lang), args...) }
	sheets := map[string][]intake.Sheet{}
	for _, s := range res.Sheets {
		sheets[s.File] = append(sheets[s.File], s)
	}
	for _, in := range res.Inputs {
		fmt.Fprintf(w, "%s", in.File)
		if in.Status != "read" {
			fmt.Fprintf(w, "  %s: %s", in.Status, in.Reason)
		}
		fmt.Fprintln(w)
		for _, s := range sheets[in.File] {
			printSheet(w, s, say)
			n := 0
			for _, r := range res.Rejects {
				if r.File != s.File || r.Sheet != s.Sheet || r.Row == 0 {
					continue
				}
				if n++; n <= shownRejects {
					say("    第%d行拒收:%s\n", "    row %d rejected: %s\n", r.Row, r.Reason)
				}
			}
			if n > shownRejects {
				say("    另有 %d 行拒收\n", "    and %d more rejected\n", n-shownRejects)
			}
		}
	}
	if skeleton := res.MappingSkeleton(lang); len(skeleton) > 0 {
		say("\n未能确认的列,可改写下面的映射文件并用 --mapping 指定:\n", "\nColumns not surely known; edit this mapping file and pass it with --mapping:\n")
		w.Write(skeleton)
	}
}

func printSheet(w io.Writer, s intake.Sheet, say func(zh, en string, args ...any)) {
	var bins []string
	for _, b := range intake.Bins {
		if n := s.Bins[b]; n > 0 {
			bins = append(bins, fmt.Sprintf("%s %d", b, n))
		}
	}
	name := s.Sheet
	if name == "" {
		name = "-"
	}
	if s.Table == "" {
		say("  [%s] 不作为业务表:%s;%d 行(%s)\n", "  [%s] set aside: %s; %d rows (%s)\n", name, s.Reason, s.Rows, strings.Join(bins, ", "))
		if s.Nearest != "" {
			say("    最接近 %s,表头第 %d 行\n", "    nearest to %s, header row %d\n", s.Nearest, s.HeaderRow)
			printColumns(w, s.Columns, say)
		}
		return
	}
	say("  [%s] %s,表头第 %d 行,%d 行(%s)", "  [%s] %s, header row %d, %d rows (%s)", name, s.Table, s.HeaderRow, s.Rows, strings.Join(bins, ", "))
	if s.Unit != "" {
		say(",单位 %s", ", unit %s", s.Unit)
	}
	fmt.Fprintln(w)
	for _, f := range slices.Sorted(maps.Keys(s.Inherited)) {
		say("    继承 %s = %s\n", "    inherited %s = %s\n", f, s.Inherited[f])
	}
	printColumns(w, s.Columns, say)
	for _, t := range s.Totals {
		if !t.Agrees {
			say("    第%d行合计不符:表列 %d 分,明细 %d 分\n", "    total in row %d differs: stated %d fen, rows %d fen\n", t.Row, t.StatedFen, t.ComputedFen)
		}
	}
}

// printColumns prints what each column was taken for, or that no field took it.
func printColumns(w io.Writer, columns []intake.ColumnUse, say func(zh, en string, args ...any)) {
	for _, c := range columns {
		switch {
		case c.Candidate != "" && c.RunnerUp != "":
			say("    %-3s %s → 未使用(可能是 %s 或 %s)\n", "    %-3s %s → not used (may be %s or %s)\n", c.Column, c.Header, c.Candidate, c.RunnerUp)
			continue
		case c.Candidate != "":
			say("    %-3s %s → 未使用(可能是 %s)\n", "    %-3s %s → not used (may be %s)\n", c.Column, c.Header, c.Candidate)
			continue
		case c.Field == "":
			say("    %-3s %s → 未使用\n", "    %-3s %s → not used\n", c.Column, c.Header)
			continue
		}
		fmt.Fprintf(w, "    %-3s %s → %s (%s %.1f%s", c.Column, c.Header, c.Field, c.How, c.Score, unit(c.Unit))
		if c.RunnerUp != "" {
			say(",其次 %s,领先 %.1f", ", next %s, ahead by %.1f", c.RunnerUp, c.Margin)
		}
		if c.Opposite {
			say(",反义", ", the opposite")
		}
		fmt.Fprintln(w, ")")
	}
}

func unit(u string) string {
	if u == "" {
		return ""
	}
	return " " + u
}

// printUnits prints names that may be one unit as a policy file takes them.
func printUnits(w io.Writer, similar []key.Suggestion, lang string) {
	if len(similar) == 0 {
		return
	}
	fmt.Fprintln(w, detect.Text{
		Zh: "\n可能是同一单位的名称,确认后写入政策文件:\nunits:",
		En: "\nNames that may be one unit; once confirmed, put them into the policy file:\nunits:",
	}.In(lang))
	for _, s := range similar {
		fmt.Fprintf(w, "  %q: [%q]  # %s\n", s.Unit, s.Other, s.Why(lang))
	}
}
