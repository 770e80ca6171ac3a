// Command score generates counties whose planted cases are known, runs the
// whole pipeline over them and prints how each rule did: recall, precision,
// look-alikes flagged and the share flagged of what was judged.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"fundtrace/pipeline"
	"fundtrace/pipeline/generate"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/report"
	"fundtrace/pipeline/table"
	"fundtrace/rules"
)

func main() {
	opt := generate.Options{Each: generate.Rates{}}
	flag.IntVar(&opt.Households, "households", 2000, "households of each county")
	flag.IntVar(&opt.Cases, "cases", 5, "planted cases and look-alikes a rule, as far as there is room")
	flag.Var(opt.Each, "case", "`RULE=N` cases and look-alikes of one rule, whatever -cases says; repeatable")
	seeds := flag.String("seeds", "101,102,103", "seeds, one county each at every level of dirt")
	dirt := flag.String("dirt", "0,0.05,0.1", "shares of cells written badly")
	verbose := flag.Bool("v", false, "name what was missed and what was wrong")
	clean := flag.Int("clean", 0, "instead, simulate this many counties for the statistical rules' false alarms and power")
	flag.Parse()
	if *clean > 0 {
		if err := simulate(*clean); err != nil {
			fmt.Fprintln(os.Stderr, "score:", err)
			os.Exit(1)
		}
		return
	}
	if opt.Cases == 0 {
		opt.Cases = -1 // the generator's word for none
	}
	if err := score(opt, strings.Split(*seeds, ","), strings.Split(*dirt, ","), *verbose); err != nil {
		fmt.Fprintln(os.Stderr, "score:", err)
		os.Exit(1)
	}
}

// A tally is how one rule did over several counties.
type tally struct {
	planted, found, leads, right, wrong, roused, quiet, judged, flagged int
}

// score prints how each rule did, over a county of each seed, at every level of
// dirt; opt has the rest.
func score(opt generate.Options, seeds, dirt []string, verbose bool) error {
	for _, d := range dirt {
		share, err := strconv.ParseFloat(d, 64)
		if err != nil {
			return fmt.Errorf("-dirt %q: want a share from 0 to 1", d)
		}
		if opt.Dirt = share; share == 0 {
			opt.Dirt = -1 // the generator's word for none
		}
		all := map[string]*tally{}
		for _, s := range seeds {
			if opt.Seed, err = strconv.ParseUint(s, 10, 64); err != nil {
				return fmt.Errorf("-seeds %q: want whole numbers", s)
			}
			if err := county(all, opt, verbose); err != nil {
				return fmt.Errorf("seed %s, dirt %s: %w", s, d, err)
			}
		}
		fmt.Printf("dirt %s, %d households, seeds %s\n%-22s %7s %6s %7s %6s %9s %11s %8s\n", d, opt.Households, strings.Join(seeds, ","),
			"rule", "planted", "recall", "leads", "wrong", "precision", "look-alikes", "flagged")
		for _, r := range rules.All {
			t := all[r.ID]
			if t == nil {
				t = &tally{}
			}
			fmt.Printf("%-22s %7d %5.1f%% %7d %6d %8.1f%% %5d of %-3d %7.2f%%\n", r.ID, t.planted, percent(t.found, t.planted, 100),
				t.leads, t.wrong, percent(t.right, t.right+t.wrong, 100), t.roused, t.quiet, percent(t.flagged, t.judged, 0))
		}
	}
	return nil
}

// percent returns n of all, none where all is nothing.
func percent(n, all int, none float64) float64 {
	if all == 0 {
		return none
	}
	return 100 * float64(n) / float64(all)
}

// county generates one county, runs it and adds to the tallies.
func county(all map[string]*tally, opt generate.Options, verbose bool) error {
	dir, err := os.MkdirTemp("", "fundtrace-score-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	truth, err := generate.County(dir, opt)
	if err != nil {
		return err
	}
	d, err := run(dir, truth)
	if err != nil {
		return err
	}
	leads := make([]generate.Lead, len(d.Leads))
	for i, l := range d.Leads {
		leads[i] = generate.Lead{
			Rule: l.Rule.ID, Subject: generate.Subject{Kind: l.SubjectKind, Key: l.SubjectKey},
			Program: l.Program, Period: l.Period, FundNo: l.FundNo, ProjectID: l.ProjectID, Amount: l.Amount,
		}
	}
	of := func(rule string) *tally {
		if all[rule] == nil {
			all[rule] = &tally{}
		}
		return all[rule]
	}
	for _, s := range truth.Score(leads) {
		t := of(s.Rule)
		t.planted += s.Planted
		t.found += s.Found
		t.leads += s.Leads
		t.right += s.Right
		t.wrong += len(s.False)
		t.roused += len(s.Roused)
		if verbose {
			explain(s)
		}
	}
	for _, q := range truth.Quiet {
		of(q.Rule).quiet++
	}
	for _, r := range d.Rules {
		t := of(r.Rule.ID)
		t.judged += r.Judged()
		t.flagged += r.Flagged
	}
	return check(truth, d)
}

func run(dir string, truth *generate.Truth) (*report.Data, error) {
	text, err := os.ReadFile(filepath.Join(dir, generate.PolicyFile))
	if err != nil {
		return nil, err
	}
	p, err := policy.Parse(text)
	if err != nil {
		return nil, err
	}
	asOf, err := table.ParseDay(truth.AsOf)
	if err != nil {
		return nil, err
	}
	start := time.Now()
	d, err := pipeline.Run(context.Background(), pipeline.Options{
		Inputs: []string{filepath.Join(dir, generate.InputDir)}, Policy: p, AsOf: asOf, Rules: rules.All, Lang: "zh",
	})
	fmt.Fprintf(os.Stderr, "seed %d: %.1f s\n", truth.Seed, time.Since(start).Seconds())
	return d, err
}

// check compares what was read with what was written: rows in bins and money.
func check(truth *generate.Truth, d *report.Data) error {
	for _, s := range d.Intake.Sheets {
		n := 0
		for _, b := range s.Bins {
			n += b
		}
		if n != s.Rows {
			return fmt.Errorf("%s!%s: %d rows, %d in bins", s.File, s.Sheet, s.Rows, n)
		}
	}
	for _, f := range d.Funds {
		if !f.Balances() {
			return fmt.Errorf("fund %s does not balance", f.FundNo)
		}
	}
	for _, s := range table.Canonical {
		want := truth.Tables[s.Name]
		if want == nil {
			continue
		}
		t := d.Tables.Get(s)
		var sum table.Fen
		if s.Money != "" {
			for _, a := range t.Ints(s.Money) {
				if a != table.Null {
					sum += table.Fen(a)
				}
			}
		}
		if t.Len() != want.Lines || s.Money != "" && sum != want.Amount {
			fmt.Fprintf(os.Stderr, "table %s: read %d lines of %s, written %d of %s\n", s.Name, t.Len(), sum, want.Lines, want.Amount)
		}
	}
	return nil
}

// explain names what a rule missed and what it flagged without cause.
func explain(s generate.Score) {
	const most = 5
	show := func(word string, n int, line func(int) string) {
		for i := range min(n, most) {
			fmt.Fprintf(os.Stderr, "  %s %s: %s\n", s.Rule, word, line(i))
		}
	}
	key := func(kind, key string) string {
		r := []rune(key)
		return kind + " …" + string(r[max(0, len(r)-12):])
	}
	show("missed", len(s.Missed), func(i int) string { c := s.Missed[i]; return key(c.Kind, c.Key) + " " + c.Why })
	show("roused", len(s.Roused), func(i int) string { c := s.Roused[i]; return key(c.Kind, c.Key) + " " + c.Why })
	slices.SortFunc(s.False, func(a, b generate.Lead) int { return cmp.Compare(a.Key, b.Key) })
	show("wrong", len(s.False), func(i int) string { l := s.False[i]; return key(l.Kind, l.Key) + " " + l.Program + l.FundNo })
	show("amount", len(s.Amounts), func(i int) string { l := s.Amounts[i]; return key(l.Kind, l.Key) + " " + l.Amount.String() })
}
