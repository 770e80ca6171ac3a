package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// The exit statuses of the contract.
const (
	exitDone     = 0
	exitFailed   = 1 // nothing published
	exitUsage    = 2 // wrong usage, policy or mapping
	exitRejected = 3 // done and published, but an input was rejected
)

// A status is an error that only sets the exit status: what it has to say was
// said.
type status int

func (s status) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// A usageError is a mistake in how the command was called.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

// usage returns a usageError.
func usage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// run is the whole command as a function of its arguments: what it prints and
// the status it ends with.
func run(args []string, stdout, stderr io.Writer) int {
	tuneMemory()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := &cobra.Command{
		Use:           "fundtrace",
		Short:         "Find what is wrong with poverty-relief money: spreadsheets in, leads out",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usage("%w; see fundtrace %s --help", err, c.Name())
	})
	root.AddCommand(
		runCommand(), inspectCommand(), traceCommand(), rulesCommand(),
		regressCommand(), generateCommand(), tablesCommand(), versionCommand(),
	)
	root.RunE = func(c *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usage("there is no command %q; see fundtrace --help", args[0])
		}
		return c.Help()
	}
	root.Args = cobra.ArbitraryArgs
	err := root.ExecuteContext(ctx)
	var st status
	var us usageError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &st):
		return int(st)
	case errors.As(err, &us):
		fmt.Fprintln(stderr, "fundtrace:", err)
		return exitUsage
	default:
		fmt.Fprintln(stderr, "fundtrace:", err)
		return exitFailed
	}
}

// arguments makes cobra's complaint about arguments a usage error.
func arguments(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if err := check(c, args); err != nil {
			return usage("%w; see fundtrace %s --help", err, c.Name())
		}
		return nil
	}
}
