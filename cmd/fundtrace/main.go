// Command fundtrace finds what is wrong with poverty-relief money: it reads
// county offices' spreadsheets, follows each fund to the household it reached
// and gives leads for inspectors to check.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }
