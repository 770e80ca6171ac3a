package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fundtrace/pipeline"
	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/intake"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/table"
	"fundtrace/rules"
)

// A job is the flags of every command that reads inputs.
type job struct {
	policy, mapping, passwords string
	asOf, only, lang           string
	workers                    int
	mask, quiet                bool
	logFormat                  string
}

// register adds the flags to a command.
func (j *job) register(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&j.policy, "policy", "", "parameters, a YAML `file` (fundtrace rules --policy prints the built-in one)")
	f.StringVar(&j.mapping, "mapping", "", "header overrides, a YAML `file` (fundtrace inspect prints a skeleton)")
	f.StringVar(&j.passwords, "password-file", "", "a `file` with a password a line, tried on protected workbooks")
	f.StringVar(&j.asOf, "as-of", "", "the `day` (YYYY-MM-DD) against which idle money and deadlines are counted (default today)")
	f.StringVar(&j.only, "only", "", "run these `rules` only, separated by commas")
	f.IntVar(&j.workers, "workers", 0, "goroutines; 0 for every core")
	f.StringVar(&j.lang, "lang", "zh", "language for people: zh or en")
	f.BoolVar(&j.mask, "mask", false, "mask identity and account numbers in everything but the workbook")
	f.BoolVar(&j.quiet, "quiet", false, "no progress on stderr")
	f.StringVar(&j.logFormat, "log-format", "text", "progress as text or json")
}

// options checks everything that can be checked before an input is read.
func (j *job) options(c *cobra.Command, inputs []string) (pipeline.Options, error) {
	opt := pipeline.Options{Inputs: inputs, Lang: j.lang, Mask: j.mask, Workers: j.workers, Version: version()}
	if j.lang != "zh" && j.lang != "en" {
		return opt, usage("--lang %q: want zh or en", j.lang)
	}
	if j.logFormat != "text" && j.logFormat != "json" {
		return opt, usage("--log-format %q: want text or json", j.logFormat)
	}
	if j.workers < 0 {
		return opt, usage("--workers %d: want 0 or more", j.workers)
	}
	for _, in := range inputs {
		if _, err := os.Stat(in); err != nil {
			return opt, usage("input %s: %w", in, cause(err))
		}
	}
	var err error
	if opt.Rules, err = j.rules(); err != nil {
		return opt, err
	}
	if opt.AsOf, err = j.day(); err != nil {
		return opt, err
	}
	if opt.Policy, err = readPolicy(j.policy); err != nil {
		return opt, err
	}
	if j.mapping != "" {
		data, err := os.ReadFile(j.mapping)
		if err != nil {
			return opt, usage("reading the mapping %s: %w", j.mapping, cause(err))
		}
		if opt.Mapping, err = intake.ParseMapping(data); err != nil {
			return opt, usage("mapping %s: %w", j.mapping, err)
		}
	}
	if j.passwords != "" {
		data, err := os.ReadFile(j.passwords)
		if err != nil {
			return opt, usage("reading the passwords %s: %w", j.passwords, cause(err))
		}
		for line := range bytes.Lines(data) {
			if p := strings.TrimRight(string(line), "\r\n"); p != "" {
				opt.Passwords = append(opt.Passwords, p)
			}
		}
	}
	if !j.quiet {
		opt.Progress = progress(c.ErrOrStderr(), j.logFormat, j.lang)
	}
	return opt, nil
}

// rules returns the rules --only names, or all.
func (j *job) rules() ([]*detect.Rule, error) {
	if j.only == "" {
		return rules.All, nil
	}
	var out []*detect.Rule
	for id := range strings.SplitSeq(j.only, ",") {
		r := rules.Named(strings.TrimSpace(id))
		if r == nil {
			return nil, usage("--only: there is no rule %q; fundtrace rules lists them", id)
		}
		out = append(out, r)
	}
	return out, nil
}

func (j *job) day() (table.Day, error) {
	if j.asOf == "" {
		y, m, d := time.Now().Date()
		return table.DayOf(y, m, d), nil
	}
	d, err := table.ParseDay(j.asOf)
	if err != nil {
		return 0, usage("--as-of: %w", err)
	}
	return d, nil
}

// readPolicy reads a policy file over the built-in policy and checks it against
// the catalogue; "" is the built-in policy alone.
func readPolicy(file string) (*policy.Policy, error) {
	if file == "" {
		return policy.Builtin(), nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, usage("reading the policy %s: %w", file, cause(err))
	}
	if err := policy.Check(data, detect.Schemas(rules.All)); err != nil {
		return nil, usage("policy %s: %w\nfundtrace rules --schema policy tells what a policy may hold", file, err)
	}
	p, err := policy.Parse(data)
	if err != nil {
		return nil, usage("policy %s: %w", file, err)
	}
	return p, nil
}

// cause strips what a path error repeats.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return fmt.Errorf("%w", err)
}
