package main

import (
	"os"

	"github.com/spf13/cobra"
)

func traceCommand() *cobra.Command {
	return &cobra.Command{Use: "trace", RunE: func(*cobra.Command, []string) error { _ = os.Args; return nil }}
}
