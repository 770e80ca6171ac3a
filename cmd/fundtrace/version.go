package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"fundtrace/pipeline/report"
)

// release is the version of this source tree.
const release = "0.1.0"

// commit is set by make build, and by Go itself in a plain checkout.
var commit string

// version tells what this binary was made from; the commit is "" where the
// source is no checkout.
func version() report.Version {
	v := report.Version{Fundtrace: release, Commit: commit, Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && v.Commit == "" {
			v.Commit = s.Value
		}
	}
	for _, d := range info.Deps {
		if d.Path == "github.com/apache/arrow/go/v15" {
			v.Arrow = d.Version
		}
	}
	return v
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Version, commit and Go version",
		Args:  arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			v := version()
			_, err := fmt.Fprintf(c.OutOrStdout(), "fundtrace %s\ncommit %s\n%s\n", v.Fundtrace, v.Commit, v.Go)
			return err
		},
	}
}
