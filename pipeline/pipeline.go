// Package pipeline is the nightly job: spreadsheets in, leads out.
package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"fundtrace/pipeline/chain"
	"fundtrace/pipeline/detect"
	"fundtrace/pipeline/exec"
	"fundtrace/pipeline/intake"
	"fundtrace/pipeline/key"
	"fundtrace/pipeline/policy"
	"fundtrace/pipeline/rank"
	"fundtrace/pipeline/report"
	"fundtrace/pipeline/settle"
	"fundtrace/pipeline/table"
)

// Options says what to run on and how.
type Options struct {
	Inputs    []string // files and folders
	Policy    *policy.Policy
	Mapping   *intake.Mapping // nil for none
	Passwords []string        // tried on protected workbooks
	AsOf      table.Day
	Rules     []*detect.Rule // the rules to run
	All       bool           // the leads of rules that went wild too
	KeepGoing bool           // a failed rule is reported, not an error
	Workers   int            // 0 for every core
	Lang      string         // zh or en
	Mask      bool
	Version   report.Version
	Progress  func(Event) // called from one goroutine at a time; nil for none
}

// An Event tells how far a run has come.
type Event struct {
	Stage string // reading, key, settle, chain, rules, ranking, writing
	File  string // the file just read, while reading
	Files int    // files done
	Of    int    // files in all
	Rows  int64  // rows read so far
}

// ErrRuleFailed tells that a rule could not be run on some group.
var ErrRuleFailed = errors.New("a rule failed")

// Run takes the inputs through every stage. It writes nothing: see
// report.Write. An input that cannot be read is in the result's account, not in
// the error.
func Run(ctx context.Context, opt Options) (*report.Data, error) {
	started := time.Now()
	clock := stopwatch{tell: opt.Progress, last: started}

	in, who, money, err := opt.follow(ctx, &clock)
	if err != nil {
		return nil, err
	}

	settings := detect.Settings{AsOf: opt.AsOf, Policy: opt.Policy}
	found, rules, err := exec.Run(ctx, opt.Rules, money.Tables, settings, exec.Options{Workers: opt.Workers, All: opt.All})
	if err != nil {
		return nil, err
	}
	if err := failures(rules); err != nil && !opt.KeepGoing {
		return nil, fmt.Errorf("%w\nnothing was published: --keep-going publishes the leads on all other groups; rules: {RULE: {enabled: false}} in the policy leaves the rule out", err)
	}
	clock.done("rules")

	ranking := rank.Input{
		Leads: found, Rules: opt.Rules, Tables: money.Tables, Sources: in.Sources, Lookup: who.Lookup, AsOf: opt.AsOf, Weights: opt.Policy.Ranking, Lang: opt.Lang,
	}
	leads := rank.Leads(ranking)
	clock.done("ranking")

	return &report.Data{
		Leads: leads, Withheld: opt.withheld(rules, ranking), Started: started, Tables: money.Tables, Intake: in, Funds: money.Funds, Doubts: money.Doubts, Similar: key.Suggest(money.Tables), Rules: rules, Questions: questions(rules),
		Policy: opt.Policy, AsOf: opt.AsOf, Lang: opt.Lang, Mask: opt.Mask,
		Version: opt.Version, Timings: clock.timings,
	}, nil
}

// Read takes the inputs as far as the canonical tables.
func Read(ctx context.Context, opt Options) (*intake.Result, error) { return opt.read(ctx) }

// Follow takes the inputs as far as the money's ways; the directory knows the
// people.
func Follow(ctx context.Context, opt Options) (*intake.Result, *key.Directory, *chain.Result, error) {
	return opt.follow(ctx, &stopwatch{tell: opt.Progress, last: time.Now()})
}

func (opt *Options) follow(ctx context.Context, clock *stopwatch) (*intake.Result, *key.Directory, *chain.Result, error) {
	in, err := opt.read(ctx)
	if err != nil {
		return nil, nil, nil, err
	}
	clock.done("reading")

	set, who, err := key.Resolve(in.Tables, in.Sources, opt.Policy)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("telling who is who: %w", err)
	}
	clock.done("key")

	set, err = settle.Settle(set, settle.Options{Policy: opt.Policy, Workers: opt.Workers})
	if err != nil {
		return nil, nil, nil, fmt.Errorf("settling what was paid: %w", err)
	}
	clock.done("settle")

	money, err := chain.Build(set, chain.Options{Policy: opt.Policy, AsOf: opt.AsOf, Workers: opt.Workers})
	if err != nil {
		return nil, nil, nil, fmt.Errorf("following the money: %w", err)
	}
	clock.done("chain")
	return in, who, money, nil
}

func (opt *Options) read(ctx context.Context) (*intake.Result, error) {
	res, err := intake.Read(ctx, opt.Inputs, intake.Options{
		Policy: opt.Policy, Mapping: opt.Mapping, Lang: opt.Lang, Passwords: opt.Passwords, Workers: opt.Workers,
		Progress: func(p intake.Progress) {
			if opt.Progress != nil {
				opt.Progress(Event{Stage: "reading", File: p.File, Files: p.Files, Of: p.Of, Rows: p.Rows})
			}
		},
	})
	if err != nil {
		return nil, fmt.Errorf("reading the inputs: %w", err)
	}
	return res, nil
}

// failures names the rules that failed; their groups are in run.json, because a
// group's key may be somebody's identity number.
func failures(rules []exec.Status) error {
	var errs []error
	for _, s := range rules {
		if len(s.Failed) > 0 {
			errs = append(errs, fmt.Errorf("%w: %s, on %d group(s): %v", ErrRuleFailed, s.Rule.ID, len(s.Failed), s.Failed[0].Error))
		}
	}
	return errors.Join(errs...)
}

// questions returns what all rules ask, each question once.
func questions(rules []exec.Status) []detect.Question {
	var all [][]detect.Question
	for _, s := range rules {
		all = append(all, s.Questions)
	}
	return detect.Questions(all...)
}

// examples is how many leads of a rule that went wild are shown.
const examples = 3

// withheld returns what became of rules that went wild.
func (opt *Options) withheld(rules []exec.Status, ranking rank.Input) []report.Withheld {
	var out []report.Withheld
	for _, s := range rules {
		if len(s.Withheld) == 0 {
			continue
		}
		w := report.Withheld{Rule: s.Rule, Leads: len(s.Withheld)}
		for _, l := range s.Withheld {
			w.Amount += l.Amount
		}
		ranking.Leads = s.Withheld[:min(examples, len(s.Withheld))]
		w.Examples = rank.Leads(ranking)
		out = append(out, w)
	}
	return out
}

// stopwatch times the stages of a run.
type stopwatch struct {
	tell    func(Event)
	last    time.Time
	timings []report.Timing
}

func (s *stopwatch) done(stage string) {
	t := time.Now()
	s.timings = append(s.timings, report.Timing{Stage: stage, Seconds: t.Sub(s.last).Seconds()})
	s.last = t
	if s.tell != nil {
		s.tell(Event{Stage: stage})
	}
}
