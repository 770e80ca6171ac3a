package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"fundtrace": main})
}

// TestCommand runs the scripts of testdata: arguments, what is printed, the
// status and the files left behind.
func TestCommand(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status": exitStatus,
			"cut":    cut,
		},
	})
}

// exitStatus runs fundtrace and wants a status: status 3 run in --out out.
func exitStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N ARG...")
	}
	err := ts.Exec("fundtrace", args[1:]...)
	got := "0"
	if err != nil {
		got = err.Error()
		for _, n := range []string{"1", "2", "3"} {
			if got == "exit status "+n {
				got = n
			}
		}
	}
	if got != args[0] {
		ts.Fatalf("status %s, want %s", got, args[0])
	}
}

// cut writes the first half of a file as another, as an interrupted copy leaves
// it: cut out/leads.xlsx in/damaged.xlsx.
func cut(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: cut FROM TO")
	}
	text := ts.ReadFile(args[0])
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text[:len(text)/2]), 0o644))
}
